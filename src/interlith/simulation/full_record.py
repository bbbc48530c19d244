"""Keeps what happened to a full cell: its steps and cycles all, time series of chosen cycles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from interlith.cell.step import Step

FloatArray = NDArray[np.float64]
Profile = tuple[float, str, FloatArray, float]
"""Time [s], label, values and current density [A m-2] at the end of a step."""

MOST_CYCLES_IN_FULL = 60
"""Beyond this number of cycles every other one loses its time series, and so on."""
FIRST_CYCLES_IN_FULL = 12
"""Cycles at the start that keep theirs: formation and rate tests."""


@dataclass(frozen=True)
class StepOutcome:
    """How one protocol step of a full cell went (SI, charge positive on discharge)."""

    index: int
    cycle: int
    start: float
    end: float
    control: str
    current: float
    """Current density that was asked for, 0 for a rest or a hold [A m-2]."""
    charge: float
    """[C m-2]."""
    energy: float
    """Drawn from the cell [J m-2]."""
    end_voltage: float
    end_current: float
    temperature: float
    """[K]."""
    event: int
    connected: float
    """Connected share of the active material at the end."""
    interphase: float
    """Mean thickness of the cathode interphase at the end [m]."""
    fluoride: float
    """Mean fluoride in the outer layer of the particles at the end [mol m-3]."""
    interphase_resistance: float
    """Of the mean cathode interphase per active surface at the end [Ohm m2]."""
    metal_lithium: float
    """Lithium of the metal at the end [C m-2]."""
    isolated_lithium: float
    """Lithium in isolated active material at the end [C m-2]."""


@dataclass(frozen=True)
class Cycle:
    """A charge and the discharge after it."""

    cycle: int
    charge_mAh_cm2: float
    discharge_mAh_cm2: float
    C_rate: float | None
    """Of the discharge; None without a capacity in the cell file."""
    charge_C_rate: float | None
    discharge_mAh_g: float
    """Per mass of active material as made."""
    coulombic_efficiency: float | None
    energy_efficiency: float | None
    mean_discharge_voltage_V: float | None
    temperature_C: float
    connected_fraction: float
    cathode_interphase_nm: float
    fluoride_mol_m3: float
    complete: bool
    """Whether it has a discharge that ran to its end."""
    cathode_interphase_Ohm_cm2: float
    """Per active surface."""
    metal_lithium_mAh_cm2: float
    """In the metal of the left electrode at the end."""
    isolated_lithium_mAh_cm2: float
    """In isolated active material at the end."""


class FullRecorder:
    """Collects steps, cycles and time series during a run."""

    def __init__(self) -> None:
        self.steps: list[StepOutcome] = []
        self._kept: dict[int, list[tuple[FloatArray, FloatArray, int]]] = {}
        self._stride = 1
        self._profiles: dict[int, list[Profile]] = {}

    @property
    def profiles(self) -> list[Profile]:
        """Profiles of the kept cycles, in order."""
        return [profile for _c, kept in sorted(self._profiles.items()) for profile in kept]

    def keep_profile(self, cycle: int, profile: Profile) -> None:
        """Add the profile at the end of a step; it stays as long as the rows of its cycle.

        Parameters
        ----------
        cycle : int
            Number of the cycle.
        profile : Profile
            What to keep.
        """
        self._profiles.setdefault(cycle, []).append(profile)

    def keep_rows(self, cycle: int, step: int, times: FloatArray, rows: FloatArray) -> None:
        """Add the rows of a step to the time series of its cycle.

        Parameters
        ----------
        cycle, step : int
            Numbers of both.
        times : ndarray, shape (k,)
            Times from the start of the run [s].
        rows : ndarray, shape (k, columns)
            Observables.
        """
        if cycle not in self._kept:
            self._make_room(cycle)
        self._kept.setdefault(cycle, []).append((times, rows, step))

    def _make_room(self, cycle: int) -> None:
        """Drop cycles before a new one; the newest stays until the next, as it may be the last."""
        if len([c for c in (*self._kept, cycle) if self._wanted(c)]) > MOST_CYCLES_IN_FULL:
            self._stride *= 2
        self._kept = {c: rows for c, rows in self._kept.items() if self._wanted(c)}
        self._profiles = {c: kept for c, kept in self._profiles.items() if self._wanted(c)}

    def _wanted(self, cycle: int) -> bool:
        return cycle <= FIRST_CYCLES_IN_FULL or cycle % self._stride == 0

    def arrays(self) -> tuple[FloatArray, FloatArray, NDArray[np.int64], NDArray[np.int64]]:
        """Times [s], rows, and the cycle and step of each row.

        Returns
        -------
        tuple of ndarray
            Shapes (k,), (k, columns), (k,), (k,).
        """
        parts = [(cycle, *part) for cycle, rows in sorted(self._kept.items()) for part in rows]
        if not parts:
            none = np.empty(0, np.int64)
            return np.empty(0), np.empty((0, 0)), none, none
        times = np.concatenate([part[1] for part in parts])
        rows = np.concatenate([part[2] for part in parts])
        lengths = [len(part[1]) for part in parts]
        cycles = np.repeat([part[0] for part in parts], lengths)
        steps = np.repeat([part[3] for part in parts], lengths)
        return times, rows, cycles, steps

    def snapshot(self) -> dict[str, Any]:
        """Everything kept, as arrays and plain values that can be written to disk.

        Returns
        -------
        dict
            What :meth:`restore` takes.
        """
        times, rows, cycles, steps = self.arrays()
        return {
            "steps": [vars(step) for step in self.steps],
            "stride": self._stride,
            "times": times,
            "rows": rows,
            "cycles": cycles,
            "row_steps": steps,
            "profiles": [(c, p) for c, kept in sorted(self._profiles.items()) for p in kept],
        }

    @classmethod
    def restore(cls, kept: dict[str, Any]) -> FullRecorder:
        """Return a recorder that goes on where another one was.

        Parameters
        ----------
        kept : dict
            From :meth:`snapshot`.

        Returns
        -------
        FullRecorder
            With all that was kept.
        """
        recorder = cls()
        recorder.steps = [StepOutcome(**step) for step in kept["steps"]]
        recorder._stride = int(kept["stride"])
        for cycle, profile in kept["profiles"]:
            recorder.keep_profile(cycle, profile)
        marks = np.flatnonzero(np.diff(kept["row_steps"], prepend=-1, append=-1))
        for first, last in pairwise(marks):
            cycle, step = int(kept["cycles"][first]), int(kept["row_steps"][first])
            part = (kept["times"][first:last], kept["rows"][first:last], step)
            recorder._kept.setdefault(cycle, []).append(part)
        return recorder


def cycle_numbers(steps: Sequence[Step]) -> list[int]:
    """Cycle that each step of a protocol belongs to.

    Parameters
    ----------
    steps : sequence of Step
        In order; a step at a set current or power has a direction.

    Returns
    -------
    list of int
        A cycle begins with the first charge after a discharge; 0 before the first charge.
    """
    numbers: list[int] = []
    cycle, last = 0, 1.0  # as if discharged: the first charge begins cycle 1
    for step in steps:
        if step.control in ("current", "power") and step.value != 0.0:
            if step.value < 0.0 < last:
                cycle += 1
            last = step.value
        numbers.append(cycle)
    return numbers


def cycles_of(
    steps: Sequence[StepOutcome], capacity: float | None, active_loading: float
) -> list[Cycle]:
    """Sum up steps to cycles.

    Parameters
    ----------
    steps : sequence of StepOutcome
        In order.
    capacity : float or None
        What 1C moves in an hour [C m-2].
    active_loading : float
        Mass of active material per area [kg m-2].

    Returns
    -------
    list of Cycle
        Numbered from 1.
    """
    numbers = sorted({step.cycle for step in steps if step.cycle > 0})
    return [
        _cycle(number, [step for step in steps if step.cycle == number], capacity, active_loading)
        for number in numbers
    ]


def _cycle(
    number: int, steps: Sequence[StepOutcome], capacity: float | None, active_loading: float
) -> Cycle:
    discharging = [step for step in steps if step.charge > 0.0]
    charging = [step for step in steps if step.charge < 0.0]
    out = sum(step.charge for step in discharging)
    put_in = -sum(step.charge for step in charging)
    drawn = sum(step.energy for step in discharging)
    spent = -sum(step.energy for step in charging)
    last = steps[-1]
    return Cycle(
        cycle=number,
        charge_mAh_cm2=put_in / 36000.0,
        discharge_mAh_cm2=out / 36000.0,
        C_rate=_rate(discharging, capacity),
        charge_C_rate=_rate(charging, capacity),
        discharge_mAh_g=out / 3.6 / (active_loading * 1000.0),
        coulombic_efficiency=out / put_in if put_in > 0.0 else None,
        energy_efficiency=drawn / spent if spent > 0.0 else None,
        mean_discharge_voltage_V=drawn / out if out > 0.0 else None,
        temperature_C=(discharging or list(steps))[0].temperature - 273.15,
        connected_fraction=last.connected,
        cathode_interphase_nm=last.interphase * 1e9,
        fluoride_mol_m3=last.fluoride,
        complete=bool(discharging) and bool(charging),
        cathode_interphase_Ohm_cm2=last.interphase_resistance * 1e4,
        metal_lithium_mAh_cm2=last.metal_lithium / 36000.0,
        isolated_lithium_mAh_cm2=last.isolated_lithium / 36000.0,
    )


def _rate(steps: Sequence[StepOutcome], capacity: float | None) -> float | None:
    """C-rate of the first step at a set current."""
    currents = [abs(step.current) for step in steps if step.current != 0.0]
    if not currents or capacity is None:
        return None
    return currents[0] * 3600.0 / capacity
