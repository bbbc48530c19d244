"""The simulation of a recorded test beside the record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from interlith.cyclerdata.compare.applied import applied_protocol, edges_of
from interlith.errors import InputError, Problem

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from interlith.cell import Cell
    from interlith.cyclerdata.recording import Recording
    from interlith.materials import UsedValue

__all__ = ["Comparison", "Subject", "compare", "subject_of"]

HOUR = 3600.0


@dataclass(frozen=True)
class Subject:
    """A cell file and the record it is held against."""

    file: Path
    recording: Recording
    overrides: Mapping[str, Any]

    def cell(self, more: Mapping[str, Any] | None = None) -> Cell:
        """Return the cell under the applied protocol, with fields set on top."""
        from interlith.cell import load

        return load(self.file, {**self.overrides, **(more or {})})

    @cached_property
    def rows(self) -> NDArray[np.int64]:
        """Rows that are compared: not those at a change of current, whose moment is uncertain."""
        time = self.recording.time
        edges = np.unique([moment for start, end, _ in edges_of(self.recording) for moment in (start, end)])
        near = np.searchsorted(edges, time)
        before = edges[np.clip(near - 1, 0, len(edges) - 1)]
        after = edges[np.clip(near, 0, len(edges) - 1)]
        spacing = float(np.median(np.diff(time))) if len(time) > 1 else 0.0
        away = np.minimum(np.abs(time - before), np.abs(after - time))
        return np.flatnonzero(away > 1e-3 * spacing)

    def simulated(self, cell: Cell) -> NDArray[np.float64]:
        """Return the voltage that a cell shows at the compared rows [V]; NaN after its end."""
        return voltage_at(cell, self.recording.time[self.rows] - self.recording.time[0])[0]


@dataclass(frozen=True)
class Comparison:
    """Measured and simulated voltage of one test.

    Attributes
    ----------
    time : array, shape (n,)
        Of the compared rows, since the start of the test [s].
    measured, simulated : array, shape (n,)
        Voltage [V]; the simulated one not a number after the simulation ended.
    status, reason : str
        Of the simulation.
    used_values : list of UsedValue
        Every value that entered.
    cell : Cell
        What was simulated.
    """

    time: NDArray[np.float64]
    measured: NDArray[np.float64]
    simulated: NDArray[np.float64]
    status: str
    reason: str
    used_values: list[UsedValue] = field(repr=False)
    cell: Cell = field(repr=False)

    @property
    def residual(self) -> NDArray[np.float64]:
        """Measured less simulated voltage [V]."""
        return self.measured - self.simulated

    @property
    def root_mean_square(self) -> float:
        """Of the residual [V]."""
        return float(np.sqrt(np.nanmean(self.residual**2)))

    def summary(self) -> dict[str, Any]:
        """Return what ``--json`` prints."""
        known = np.isfinite(self.simulated)
        size = float(np.sqrt(np.mean(self.measured**2)))
        return {
            "rows": len(self.time),
            "rows_simulated": int(known.sum()),
            "status": self.status,
            "reason": self.reason,
            "rms_residual_mV": 1e3 * self.root_mean_square,
            "mean_residual_mV": 1e3 * float(np.nanmean(self.residual)),
            "relative_rms_residual": self.root_mean_square / size if size > 0 else None,
            "largest_residual_mV": 1e3 * float(np.nanmax(np.abs(self.residual))),
            "end_h": float(self.time[-1]) / HOUR,
        }


def subject_of(
    file: Path, recording: Recording, overrides: Mapping[str, Any] | None = None
) -> Subject:
    """Put a cell file under the current that was recorded.

    Parameters
    ----------
    file : Path
        Cell file; its protocol is replaced.
    recording : Recording
        What was measured.
    overrides : mapping, optional
        Fields to set.

    Raises
    ------
    InputError
        The cell file is broken, or the record cannot be a protocol.
    """
    from interlith.cell import load

    cell = load(file, overrides)
    protocol = applied_protocol(recording, cell.area, _is_full(cell))
    return Subject(file, recording, {**(overrides or {}), "protocol": protocol})


def _is_full(cell: Cell) -> bool:
    from interlith.cell import CompositeCathode

    return isinstance(cell.layers[-1], CompositeCathode)


def voltage_at(cell: Cell, times: NDArray[np.float64]) -> tuple[NDArray[np.float64], Any]:
    """Simulate a cell; return its voltage at given times [s] and the result."""
    from interlith.simulation import simulate

    result = simulate(cell)
    data = result.dataset
    time = np.asarray(data["time"].values, dtype=float)
    voltage = np.asarray(data["voltage"].values, dtype=float)
    found = np.interp(times, time, voltage)
    found[times > time[-1] + 1e-6 * max(time[-1], 1.0)] = np.nan
    return found, result


def compare(
    file: Path, recording: Recording, overrides: Mapping[str, Any] | None = None
) -> Comparison:
    """Simulate the test that was recorded.

    Parameters
    ----------
    file : Path
        Cell file; its protocol is replaced by the recorded current.
    recording : Recording
        What was measured.
    overrides : mapping, optional
        Fields to set.

    Returns
    -------
    Comparison
        Measured and simulated voltage at the rows of the record.

    Raises
    ------
    InputError
        The cell file is broken, the record cannot be a protocol, or the simulation does not begin.
    """
    subject = subject_of(file, recording, overrides)
    return compared(subject, subject.cell())


def compared(subject: Subject, cell: Cell) -> Comparison:
    """Simulate one variant of a subject."""
    time = subject.recording.time[subject.rows] - subject.recording.time[0]
    simulated, result = voltage_at(cell, time)
    if not np.isfinite(simulated).any():
        raise InputError(
            Problem(str(subject.file), "protocol", result.reason, "a cell that can be simulated")
        )
    return Comparison(
        time=time,
        measured=subject.recording.voltage[subject.rows],
        simulated=simulated,
        status=result.status,
        reason=result.reason,
        used_values=result.used_values,
        cell=cell,
    )
