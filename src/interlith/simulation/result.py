"""What a simulation gives back: a labelled dataset, a verdict, and all values that went into it."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from interlith.simulation.critical import CriticalCurrent, HalfCycle

if TYPE_CHECKING:
    import xarray as xr

    from interlith.cell.cell import Cell
    from interlith.materials.used import UsedValue
    from interlith.simulation.interlayer import Evolution

FloatArray = NDArray[np.float64]
SIDES = ["left", "right"]


@dataclass
class Recorded:
    """Plain arrays of a run, from which the dataset is made when it is asked for."""

    time: FloatArray
    whole: FloatArray
    electrodes: FloatArray
    half_cycle: NDArray[np.int64]
    level: FloatArray
    profile_time: FloatArray
    profile_label: list[str]
    profiles: FloatArray
    depth: FloatArray
    critical_overpotential: FloatArray


class Drawable:
    """A result that draws itself."""

    def plot(self, name: str = "") -> Any:
        """Draw a picture of the result.

        Parameters
        ----------
        name : str, optional
            One of the names of :func:`interlith.report.figures`; the default is the first.

        Returns
        -------
        matplotlib.figure.Figure
            The picture.
        """
        from importlib import import_module

        return import_module("interlith.report").draw(self, name)


@dataclass
class Result(Drawable):
    """Outcome of a simulation.

    Parameters
    ----------
    cell : Cell
        What was simulated.
    status : str
        ``completed``, ``stopped`` (by a short or a limit that ends the test), ``interrupted`` or
        ``failed``.
    reason : str
        Why it ended.
    ccd : CriticalCurrent or None
        Verdict, if the protocol holds a critical-current test.
    half_cycles : list of HalfCycle
        Half-cycles of the tests of the protocol.
    laws : dict
        Name of the law in each slot.
    used_values : list of UsedValue
        Every value that entered, with its provenance; assumed ones first.
    timings : dict
        Wall time [s] and integrator counters.
    recorded : Recorded
        Arrays behind :attr:`dataset`.
    """

    cell: Cell
    status: str
    reason: str
    ccd: CriticalCurrent | None
    half_cycles: list[HalfCycle]
    laws: dict[str, str]
    used_values: list[UsedValue] = field(repr=False)
    timings: dict[str, float]
    recorded: Recorded = field(repr=False)
    conversion: dict[str, Any] | None = None
    """What forming made of the interlayers, where the cell asked for it; see ``evolution_data``."""
    evolution: Evolution | None = field(default=None, repr=False)
    """The history behind that."""
    _dataset: xr.Dataset | None = field(default=None, repr=False)

    @property
    def dataset(self) -> xr.Dataset:
        """Time series, profiles and half-cycles as an xarray Dataset in SI units."""
        if self._dataset is None:
            self._dataset = _build_dataset(self)
        return self._dataset

    def summary(self) -> dict[str, Any]:
        """Verdict and key figures as plain numbers and text (what ``--json`` prints).

        Returns
        -------
        dict
            ``name``, ``status``, ``reason``, ``ccd``, ``end``, ``laws``, ``assumed_values``,
            ``timings``.
        """
        kinds = [value.kind for value in self.used_values]
        return {
            "name": self.cell.name,
            "status": self.status,
            "reason": self.reason,
            "ccd": None if self.ccd is None else asdict(self.ccd),
            "half_cycles": len(self.half_cycles),
            "end": self._end_state(),
            "laws": self.laws,
            "values_used": {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)},
            "timings": self.timings,
            "conversion": self.conversion,
        }

    def _end_state(self) -> dict[str, Any]:
        """Key figures at the end of the run."""
        if not len(self.recorded.time):
            return {}
        whole, sides = self.recorded.whole[-1], self.recorded.electrodes[-1]
        return {
            "time_h": self.recorded.time[-1] / 3600.0,
            "voltage_V": finite(whole[0]),
            "stack_pressure_MPa": finite(whole[3] / 1e6),
            "contact_fraction": dict(zip(SIDES, map(finite, sides[:, 0]), strict=True)),
            "void_capacity_mAh_cm2": dict(
                zip(SIDES, map(finite, sides[:, 1] / 36000.0), strict=True)
            ),
            "filament_fraction": dict(zip(SIDES, map(finite, sides[:, 3]), strict=True)),
            "sei_area_resistance_Ohm_cm2": dict(
                zip(SIDES, map(finite, sides[:, 5] * 1e4), strict=True)
            ),
        }

    def save(self, directory: str | Path) -> list[Path]:
        """Write ``result.nc``, ``summary.json`` and ``cell.yaml``.

        Where the interlayers were formed first, ``evolution.nc`` and ``formed-cell.yaml`` as well.

        Parameters
        ----------
        directory : path
            Folder; made if it does not exist.

        Returns
        -------
        list of Path
            The files written.
        """
        folder = Path(directory)
        files = save_common(self, folder)
        if self.evolution is not None:
            from interlith.simulation.evolution_data import save_evolution

            files += save_evolution(self.evolution, folder)
        return files


class Saved(Protocol):
    """What every result has that is written to a folder."""

    @property
    def cell(self) -> Cell:
        """What was simulated."""
        ...

    @property
    def dataset(self) -> xr.Dataset:
        """Everything recorded."""
        ...

    def summary(self) -> dict[str, Any]:
        """Key figures."""
        ...


def save_common(result: Saved, folder: Path) -> list[Path]:
    """Write the files that every result has: ``result.nc``, ``summary.json`` and ``cell.yaml``.

    Parameters
    ----------
    result : Result or FullResult
        What to write.
    folder : Path
        Made if it does not exist.

    Returns
    -------
    list of Path
        The files written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / "result.nc", folder / "summary.json", folder / "cell.yaml"]
    partial = folder / f".result-{os.getpid()}.nc"
    result.dataset.to_netcdf(partial, engine="h5netcdf")
    partial.replace(files[0])
    files[1].write_text(json.dumps(result.summary(), indent=2) + "\n", encoding="utf-8")
    files[2].write_text(result.cell.to_yaml(), encoding="utf-8")
    return files


def finite(value: float) -> float | None:
    """Return a number that JSON can hold.

    Parameters
    ----------
    value : float
        Any number.

    Returns
    -------
    float or None
        None for what is not finite.
    """
    return float(value) if math.isfinite(value) else None


def _build_dataset(result: Result) -> xr.Dataset:
    """Label the recorded arrays."""
    import xarray as xr

    from interlith.simulation.columns import CELL_COLUMNS, ELECTRODE_COLUMNS, PROFILE_COLUMNS

    rec = result.recorded
    variables: dict[str, Any] = {}
    for column, (name, (unit, text)) in enumerate(CELL_COLUMNS.items()):
        variables[name] = ("time", rec.whole[:, column], {"units": unit, "long_name": text})
    for column, (name, (unit, text)) in enumerate(ELECTRODE_COLUMNS.items()):
        values = rec.electrodes[:, :, column]
        variables[name] = (("time", "electrode"), values, {"units": unit, "long_name": text})
    variables["critical_interphase_overpotential"] = (
        ("time", "electrode"),
        np.broadcast_to(rec.critical_overpotential, (len(rec.time), 2)).copy(),
        {"units": "V", "long_name": "Critical interphase overpotential (CIOP)"},
    )
    text = "Half-cycle of the test, -1 outside"
    variables["half_cycle"] = ("time", rec.half_cycle, {"units": "1", "long_name": text})
    text = "Current density of the step of the test"
    variables["level"] = ("time", rec.level, {"units": "A/m2", "long_name": text})
    for row, (name, (unit, text)) in enumerate(PROFILE_COLUMNS.items()):
        values = rec.profiles[:, row]
        attributes = {"units": unit, "long_name": text}
        variables["profile_" + name if name in variables else name] = (
            ("profile", "electrode", "node"),
            values,
            attributes,
        )
    variables["profile_label"] = ("profile", np.array(rec.profile_label, dtype=object))
    variables |= _half_cycle_variables(result.half_cycles)
    coordinates = {
        "time": ("time", rec.time, {"units": "s", "long_name": "Time"}),
        "electrode": SIDES,
        "profile_time": (
            "profile",
            rec.profile_time,
            {"units": "s", "long_name": "Time of the profile"},
        ),
        "depth": (
            ("electrode", "node"),
            rec.depth,
            {"units": "m", "long_name": "Distance from the lithium metal"},
        ),
    }
    return xr.Dataset(variables, coordinates, attrs=_attributes(result))


def _half_cycle_variables(half_cycles: Sequence[HalfCycle]) -> dict[str, Any]:
    """The table of half-cycles as variables."""
    columns = {
        "half_cycle_current_density": ("current", "A/m2", "Current density of the half-cycle"),
        "half_cycle_level": ("level", "A/m2", "Current density of the step of the test"),
        "half_cycle_start": ("start", "s", "Start of the half-cycle"),
        "half_cycle_end": ("end", "s", "End of the half-cycle"),
        "half_cycle_areal_charge": ("charge", "C/m2", "Areal charge of the half-cycle"),
        "half_cycle_end_voltage": ("end_voltage", "V", "Voltage at the end of the half-cycle"),
        "half_cycle_max_abs_voltage": ("largest_voltage", "V", "Largest absolute voltage"),
    }
    found: dict[str, Any] = {
        name: (
            "half_cycle_index",
            np.array([getattr(half, source) for half in half_cycles], dtype=np.float64),
            {"units": unit, "long_name": text},
        )
        for name, (source, unit, text) in columns.items()
    }
    outcomes = np.array([half.outcome for half in half_cycles], dtype=object)
    found["half_cycle_outcome"] = ("half_cycle_index", outcomes, {"long_name": "What became of it"})
    return found


def _attributes(result: Result) -> dict[str, str]:
    """Provenance of the dataset as text."""
    from interlith import __version__

    return {
        "title": result.cell.name,
        "status": result.status,
        "reason": result.reason,
        "laws": json.dumps(result.laws),
        "summary": json.dumps(result.summary()),
        "cell_yaml": result.cell.to_yaml(),
        "used_values": json.dumps([asdict(value) for value in result.used_values]),
        "software": f"interlith {__version__}",
        "conventions": "SI units; positive current strips the left electrode and plates the right",
    }
