"""What a simulation of a full cell gives back: cycles, a labelled dataset, all values used."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from interlith.simulation.full_record import Cycle, StepOutcome
from interlith.simulation.result import Drawable, finite, save_common

if TYPE_CHECKING:
    import xarray as xr

    from interlith.cell.cell import Cell
    from interlith.materials.used import UsedValue

FloatArray = NDArray[np.float64]


@dataclass
class FullRecorded:
    """Plain arrays of a run, from which the dataset is made when it is asked for."""

    time: FloatArray
    rows: FloatArray
    cycle: NDArray[np.int64]
    step: NDArray[np.int64]
    profiles: list[tuple[float, str, FloatArray, float]]
    positions: FloatArray
    fluoride: list[FloatArray]
    fluoride_faces: list[FloatArray]
    connected: FloatArray
    critical_overpotential: float


@dataclass
class FullResult(Drawable):
    """Outcome of a simulation of a full cell.

    Parameters
    ----------
    cell : Cell
        What was simulated.
    status : str
        ``completed``, ``stopped`` (by a short or a limit that ends the test), ``interrupted`` or
        ``failed``.
    reason : str
        Why it ended.
    steps : list of StepOutcome
        Every protocol step that ran.
    cycles : list of Cycle
        Charges with the discharges after them.
    laws : dict
        Name of the law in each slot.
    used_values : list of UsedValue
        Every value that entered, with its provenance; assumed ones first.
    timings : dict
        Wall time [s] and integrator counters.
    lithium_imbalance : float
        Largest relative change of all lithium during the run.
    rows_outside_valid_range : int
        Time steps in which the open-circuit potential was extrapolated.
    valid_range : (float, float)
        Range of x that was published for it.
    active_loading : float
        Mass of active material per area [kg m-2].
    resumed_at_cycle : int or None
        Cycle at which the run went on from a checkpoint; None if it began at the beginning.
    planned_cycles : int
        Cycles of the whole protocol.
    recorded : FullRecorded
        Arrays behind :attr:`dataset`.
    """

    cell: Cell
    status: str
    reason: str
    steps: list[StepOutcome] = field(repr=False)
    cycles: list[Cycle]
    laws: dict[str, str]
    used_values: list[UsedValue] = field(repr=False)
    timings: dict[str, float]
    lithium_imbalance: float
    rows_outside_valid_range: int
    valid_range: tuple[float, float]
    active_loading: float
    resumed_at_cycle: int | None
    planned_cycles: int
    recorded: FullRecorded = field(repr=False)
    _dataset: xr.Dataset | None = field(default=None, repr=False)

    @property
    def dataset(self) -> xr.Dataset:
        """Time series, cycles and profiles as an xarray Dataset in SI units."""
        if self._dataset is None:
            self._dataset = _build_dataset(self)
        return self._dataset

    @property
    def ended_in_short(self) -> bool:
        """Whether a filament shorted the cell."""
        return self.status == "stopped" and "short" in self.reason

    def summary(self) -> dict[str, Any]:
        """Cycles and key figures as plain numbers and text (what ``--json`` prints).

        Returns
        -------
        dict
            ``name``, ``status``, ``reason``, ``cycles``, ``end``, ``laws``, ``timings``, checks.
        """
        kinds = [value.kind for value in self.used_values]
        return {
            "name": self.cell.name,
            "kind": "full cell",
            "status": self.status,
            "reason": self.reason,
            "shorted": self.ended_in_short,
            "planned_cycles": self.planned_cycles,
            "resumed_at_cycle": self.resumed_at_cycle,
            "cycles": [asdict(cycle) for cycle in self.cycles],
            "end": self._end_state(),
            "checks": {
                "lithium_imbalance": self.lithium_imbalance,
                "rows_outside_valid_ocv_range": self.rows_outside_valid_range,
                "valid_ocv_range": list(self.valid_range),
            },
            "laws": self.laws,
            "values_used": {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)},
            "timings": self.timings,
        }

    def _end_state(self) -> dict[str, Any]:
        """Key figures at the end of the run."""
        if not self.steps:
            return {}
        last = self.steps[-1]
        return {
            "time_h": last.end / 3600.0,
            "voltage_V": finite(last.end_voltage),
            "connected_fraction": last.connected,
            "cathode_interphase_nm": last.interphase * 1e9,
            "fluoride_mol_m3": last.fluoride,
        }

    def save(self, directory: str | Path) -> list[Path]:
        """Write ``result.nc``, ``cycles.csv``, ``summary.json`` and ``cell.yaml``.

        Parameters
        ----------
        directory : path
            Folder; made if it does not exist.

        Returns
        -------
        list of Path
            The files written.
        """
        import csv

        folder = Path(directory)
        files = [*save_common(self, folder), folder / "cycles.csv"]
        with files[-1].open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, fieldnames=list(Cycle.__dataclass_fields__))
            writer.writeheader()
            writer.writerows(asdict(cycle) for cycle in self.cycles)
        return files


_CYCLE_UNITS = {
    "charge_mAh_cm2": ("mAh/cm2", "Areal charge capacity"),
    "discharge_mAh_cm2": ("mAh/cm2", "Areal discharge capacity"),
    "C_rate": ("1/h", "C-rate of the discharge"),
    "charge_C_rate": ("1/h", "C-rate of the charge"),
    "discharge_mAh_g": ("mAh/g", "Discharge capacity per mass of active material"),
    "coulombic_efficiency": ("1", "Coulombic efficiency"),
    "energy_efficiency": ("1", "Energy efficiency"),
    "mean_discharge_voltage_V": ("V", "Mean discharge voltage"),
    "temperature_C": ("degC", "Temperature of the discharge"),
    "connected_fraction": ("1", "Connected share of the active material"),
    "cathode_interphase_nm": ("nm", "Mean thickness of the cathode interphase"),
    "fluoride_mol_m3": ("mol/m3", "Fluoride in the outer layer of the particles"),
    "cathode_interphase_Ohm_cm2": ("Ohm cm2", "Resistance of it per active surface"),
    "metal_lithium_mAh_cm2": ("mAh/cm2", "Lithium of the metal at the end"),
    "isolated_lithium_mAh_cm2": ("mAh/cm2", "Lithium in isolated active material at the end"),
}


def _build_dataset(result: FullResult) -> xr.Dataset:
    """Label the recorded arrays."""
    import xarray as xr

    from interlith import __version__
    from interlith.simulation.full_columns import (
        FULL_COLUMNS,
        FULL_PROFILE_COLUMNS,
        POLARISATION_COLUMNS,
    )

    rec = result.recorded
    columns = FULL_COLUMNS | POLARISATION_COLUMNS
    rows = rec.rows if rec.rows.size else np.empty((0, len(columns)))
    variables: dict[str, Any] = {}
    for column, (name, (unit, text)) in enumerate(columns.items()):
        variables[name] = ("time", rows[:, column], {"units": unit, "long_name": text})
    variables["time_cycle"] = ("time", rec.cycle, {"units": "1", "long_name": "Cycle of the row"})
    variables["time_step"] = ("time", rec.step, {"units": "1", "long_name": "Step of the row"})
    for name, (unit, text) in _CYCLE_UNITS.items():
        values = [getattr(cycle, name) for cycle in result.cycles]
        filled = np.array([np.nan if value is None else value for value in values], np.float64)
        variables[f"cycle_{name}"] = ("cycle", filled, {"units": unit, "long_name": text})
    for number, (name, (unit, text)) in enumerate(FULL_PROFILE_COLUMNS.items()):
        stack = np.array([values[number] for _m, _l, values, _c in rec.profiles])
        stack = stack.reshape(len(rec.profiles), len(rec.positions))
        attributes = {"units": unit, "long_name": text}
        variables[f"profile_{name}"] = (("profile", "cathode_position"), stack, attributes)
    labels = np.array([label for _m, label, _v, _c in rec.profiles], dtype=object)
    variables["profile_label"] = ("profile", labels)
    variables["connected_fraction"] = (
        ("cathode_position", "particle_size"),
        rec.connected,
        {"units": "1", "long_name": "Connected share of the active material at the end"},
    )
    variables["fluoride"] = (
        ("particle_size", "fluoride_shell"),
        np.array(rec.fluoride),
        {"units": "mol/m3", "long_name": "Fluoride in the particles at the end"},
    )
    variables["fluoride_radius"] = (
        ("particle_size", "fluoride_shell"),
        np.array([0.5 * (faces[1:] + faces[:-1]) for faces in rec.fluoride_faces]),
        {"units": "m", "long_name": "Radius of the shells"},
    )
    variables["active_loading"] = (
        (),
        result.active_loading,
        {"units": "kg/m2", "long_name": "Mass of active material per area"},
    )
    variables["critical_interphase_overpotential"] = (
        (),
        rec.critical_overpotential,
        {"units": "V", "long_name": "Overpotential above which a filament grows in the lithium"},
    )
    moments = [moment for moment, _l, _v, _c in rec.profiles]
    coordinates = {
        "time": ("time", rec.time, {"units": "s", "long_name": "Time"}),
        "cycle": ("cycle", [cycle.cycle for cycle in result.cycles]),
        "cathode_position": (
            "cathode_position",
            rec.positions,
            {"units": "m", "long_name": "Distance from the separator"},
        ),
        "profile_time": ("profile", np.array(moments), {"units": "s", "long_name": "Time"}),
    }
    attributes = {
        "title": result.cell.name,
        "status": result.status,
        "reason": result.reason,
        "laws": json.dumps(result.laws),
        "summary": json.dumps(result.summary()),
        "cell_yaml": result.cell.to_yaml(),
        "used_values": json.dumps([asdict(value) for value in result.used_values]),
        "software": f"interlith {__version__}",
        "conventions": "SI units; positive current discharges the cell",
    }
    return xr.Dataset(variables, coordinates, attrs=attributes)
