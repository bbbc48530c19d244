"""Made-up results in the shape that `simulate` returns, to test reports without a solver."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import xarray as xr

from interlith.materials.used import UsedValue

Array = npt.NDArray[np.float64]

HOUR = 3600.0
MA_CM2 = 10.0
MAH_CM2 = 36000.0
ELECTRODES = ["left", "right"]


@dataclass(frozen=True)
class Layer:
    material: str
    thickness: float


@dataclass(frozen=True)
class SyntheticCell:
    name: str
    layers: tuple[Layer, ...]
    temperature: float = 298.15
    stack_pressure: float = 2.5e6
    area: float = 0.785e-4
    models: dict[str, str] = field(default_factory=lambda: {"void_model": "depleting_contact"})

    def to_yaml(self) -> str:
        return f"name: {self.name}\ntemperature: 25 degC\n"


@dataclass(frozen=True)
class SyntheticCriticalCurrent:
    last_passing_mA_cm2: float | None
    first_failing_mA_cm2: float | None
    cause: str | None
    electrode: str | None
    half_cycle_areal_capacity_mAh_cm2: float
    cumulative_areal_capacity_mAh_cm2: float
    criterion: str = "the first step in which the cell shorts or loses contact"
    explanation: str = "Voids left by stripping concentrated the current at the right electrode."


@dataclass(frozen=True)
class SyntheticResult:
    cell: SyntheticCell
    dataset: xr.Dataset
    status: str = "stopped"
    reason: str = "the cell shorted"
    ccd: SyntheticCriticalCurrent | None = None
    used_values: tuple[UsedValue, ...] = ()
    timings: dict[str, float | int | str] = field(default_factory=dict)
    laws: dict[str, str] = field(default_factory=dict)


ELECTROLYTE = "layer 3 (Li6PS5Cl)"
WAN = "Wan 2023, doi:10.1038/s41586-023-06653-w"
DENG = "Deng 2016, doi:10.1149/2.0061602jes"
USED_VALUES = (
    UsedValue("layer 2 (Mg16Bi84)", "porosity", 0.35, "1", "0.35", "measured", WAN, 0.2, 0.5),
    UsedValue(
        ELECTROLYTE, "ionic_conductivity", 0.205, "S/m", "2.05e-3 S/cm", "measured", WAN, 0.1, 0.5
    ),
    UsedValue("layer 1 (Li)", "void_depth", 0.7e-6, "m", "0.7 um", "fitted", "fit", 0.1e-6, 3e-6),
    UsedValue(
        ELECTROLYTE, "surface_roughness", 1e-6, "m", "1 um", "assumed", "a grain", 0.2e-6, 5e-6
    ),
    UsedValue(ELECTROLYTE, "youngs_modulus", 22.1e9, "Pa", "22.1 GPa", "computed", DENG),
)


@dataclass(frozen=True)
class HalfCycle:
    current: float
    level: float
    start: float
    end: float
    outcome: str


def ramp_half_cycles(
    levels: int, capacity: float | None, short_in_last: float | None, step: float = 0.1
) -> list[HalfCycle]:
    """Return two half-cycles a level; the last one shorts after `short_in_last` of its duration."""
    half_cycles: list[HalfCycle] = []
    clock = 0.0
    for number in range(1, levels + 1):
        level = step * number * MA_CM2
        duration = capacity / level if capacity else HOUR
        for sign in (1.0, -1.0):
            half_cycles.append(HalfCycle(sign * level, level, clock, clock + duration, "passed"))
            clock += duration
    if short_in_last is not None:
        last = half_cycles[-2]
        end = last.start + short_in_last * (last.end - last.start)
        half_cycles[-2:] = [replace(last, end=end, outcome="short")]
    return half_cycles


def dataset(
    half_cycles: list[HalfCycle], interlayer: bool, points: int = 60, spike: float = 0.0
) -> xr.Dataset:
    """Return a dataset with every variable a result holds."""
    x = np.linspace(0.0, 1.0, points)
    blocks = [_block(cycle, x, interlayer, spike) for cycle in half_cycles]
    columns = (
        {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}
        if blocks
        else {}
    )
    time = columns.pop("time", np.zeros(0))
    data = xr.Dataset(coords={"time": ("time", time, {"units": "s"}), "electrode": ELECTRODES})
    charge = _cumulative(time, np.abs(columns.get("current_density", np.zeros(0))))
    columns["areal_charge"] = charge
    for name in columns:
        dims = ("time",) if columns[name].ndim == 1 else ("time", "electrode")
        data[name] = (
            dims,
            columns[name],
            {"units": UNITS.get(name, "1"), "long_name": name.replace("_", " ")},
        )
    counts = [len(x)] * len(half_cycles)
    data["half_cycle"] = ("time", np.repeat(np.arange(len(half_cycles)), counts), {"units": "1"})
    _add_half_cycle_table(data, half_cycles)
    _add_profiles(data, interlayer, float(time[-1]) if len(time) else 0.0)
    return data


UNITS = {
    "current_density": "A/m^2",
    "level": "A/m^2",
    "voltage": "V",
    "stack_pressure": "Pa",
    "areal_charge": "C/m^2",
    "void_capacity": "C/m^2",
}


def _cumulative(time: Array, rate: Array) -> Array:
    steps = np.diff(time) * 0.5 * (rate[1:] + rate[:-1])
    return np.concatenate([np.zeros(min(1, len(time))), np.cumsum(steps)])


def _block(cycle: HalfCycle, x: Array, interlayer: bool, spike: float) -> dict[str, Array]:
    """Return all time series of one half-cycle."""
    time = cycle.start + x * (cycle.end - cycle.start)
    current = np.full_like(x, cycle.current)
    strips = np.array([cycle.current > 0, cycle.current < 0], dtype=float)
    plates = 1.0 - strips
    stress = cycle.level / MA_CM2 / (2.6 if interlayer else 0.5)
    void = MAH_CM2 * 0.5 * stress**2 * (x[:, None] * strips + (1 - x[:, None]) * plates * 0.6)
    contact = np.exp(-void / MAH_CM2 / (0.9 if interlayer else 0.6))
    asr = 2.2e-3 * (1.0 + 0.25 * stress / contact.min(axis=1))
    voltage = current * asr
    filament = 0.02 * stress**4 * (x[:, None] * plates + (1 - x[:, None]) * strips)
    shorted = np.zeros_like(x)
    if cycle.outcome == "short":
        filament = np.minimum(1.0, filament + np.clip((x[:, None] - 0.5) / 0.3, 0, 1) * plates)
        shorted = np.clip((x - 0.8) * 5e5, 0.0, None)
        voltage = voltage + spike * np.exp(-(((x - 0.75) / 0.04) ** 2))
        voltage = np.where(shorted > 0, current / (1.0 / asr + shorted), voltage)
    moved = cycle.level * (time - cycle.start)
    to_right = moved if cycle.current > 0 else moved[-1] - moved
    metal = 20 * MAH_CM2 + to_right[:, None] * np.array([-1.0, 1.0])
    pores = (
        MAH_CM2
        * (0.3 + 0.25 * stress * (x[:, None] * plates + (1 - x[:, None]) * strips))
        * interlayer
    )
    both = np.ones((len(x), 2))
    overpotential = 0.02 * stress / contact * plates + 0.004 * strips
    return {
        "time": time,
        "current_density": current,
        "level": np.full_like(x, cycle.level),
        "voltage": voltage,
        "stack_pressure": 2.5e6 * (1 + 0.02 * stress * x * np.sign(cycle.current)),
        "short_conductance": shorted,
        "contact_fraction": contact,
        "void_capacity": void,
        "interphase_overpotential": overpotential,
        "critical_interphase_overpotential": 0.035 * both,
        "filament_fraction": filament,
        "sei_thickness": 2e-8 * np.sqrt(1 + time[:, None] / HOUR) * both,
        "sei_area_resistance": 1e-3 * both,
        "metal_lithium": metal,
        "pore_lithium": pores,
        "host_lithium": 6.0 * MAH_CM2 * both * interlayer,
        "filament_lithium": filament * 0.01 * MAH_CM2,
        "sei_lithium": 2e-3 * MAH_CM2 * np.sqrt(1 + time[:, None] / HOUR) * both,
        "replenishment_current_density": 11.0 * both,
        "face_overpotential": 0.01 * stress * both,
        "electrolyte_side_plating_share": 0.1 * both,
    }


def _add_half_cycle_table(data: xr.Dataset, half_cycles: list[HalfCycle]) -> None:
    ends = [c.level * (c.end - c.start) for c in half_cycles]
    voltage = [
        float(np.abs(data["voltage"].values[data["half_cycle"].values == k]).max())
        if len(half_cycles)
        else 0.0
        for k in range(len(half_cycles))
    ]
    table: dict[str, list[float] | list[str]] = {
        "half_cycle_current_density": [c.current for c in half_cycles],
        "half_cycle_level": [c.level for c in half_cycles],
        "half_cycle_start": [c.start for c in half_cycles],
        "half_cycle_end": [c.end for c in half_cycles],
        "half_cycle_areal_charge": ends,
        "half_cycle_end_voltage": [
            v * np.sign(c.current) * (0.02 if c.outcome == "short" else 1.0)
            for v, c in zip(voltage, half_cycles, strict=True)
        ],
        "half_cycle_max_abs_voltage": voltage,
        "half_cycle_outcome": [c.outcome for c in half_cycles],
    }
    for name, column in table.items():
        data[name] = ("half_cycle_index", np.array(column))


def _add_profiles(data: xr.Dataset, interlayer: bool, end: float) -> None:
    labels = [
        "start",
        "after plating 1.0 mA/cm2",
        "after plating 2.0 mA/cm2",
        "after plating 2.5 mA/cm2",
        "end",
    ]
    nodes = 40 if interlayer else 0
    depth = np.linspace(0.0, 20e-6, nodes)
    u = depth / 20e-6
    data["profile_time"] = ("profile", np.linspace(0.0, end, len(labels)), {"units": "s"})
    data["profile_label"] = ("profile", np.array(labels))
    data["depth"] = (("electrode", "node"), np.tile(depth, (2, 1)), {"units": "m"})
    strength = (
        np.linspace(0.0, 1.0, len(labels))[:, None, None] * np.array([1.0, 0.8])[None, :, None]
    )
    shapes = {
        "potential_difference": -0.03 * np.cosh(2 * u) / np.cosh(2) - 0.002,
        "pore_filling": 0.6 * np.exp(-3 * u),
        "host_lithiation": 2.6 + 0.4 * u,
        "plating_rate": 4e5 * np.exp(-3 * u),
        "ionic_current_density": 25.0 * (0.1 + 0.9 * u),
    }
    for name, shape in shapes.items():
        data[name] = (("profile", "electrode", "node"), strength * shape[None, None, :])


INTERLAYER_STACK = (
    Layer("Li", 100e-6),
    Layer("Mg16Bi84", 20e-6),
    Layer("Li6PS5Cl", 600e-6),
    Layer("Mg16Bi84", 20e-6),
    Layer("Li", 100e-6),
)
BARE_STACK = (Layer("Li", 100e-6), Layer("Li6PS5Cl", 600e-6), Layer("Li", 100e-6))


def interlayer_ramp(
    spike: float = 0.0, name: str = "Li with Mg16Bi84 interlayers"
) -> SyntheticResult:
    """Return a ramp of 26 levels at 1 mAh/cm2 that shorts in the last one."""
    cycles = ramp_half_cycles(26, 1.0 * MAH_CM2, 0.7)
    ccd = SyntheticCriticalCurrent(2.5, 2.6, "dendrite while plating", "right", 1.0, 51.7)
    return _result(name, INTERLAYER_STACK, cycles, True, ccd, spike)


def bare_ramp(spike: float = 0.0, name: str = "bare Li") -> SyntheticResult:
    """Return a ramp of one-hour half-cycles that shorts at 0.5 mA/cm2."""
    cycles = ramp_half_cycles(5, None, 0.6)
    ccd = SyntheticCriticalCurrent(0.4, 0.5, "contact loss while stripping", "left", 0.5, 2.3)
    return _result(name, BARE_STACK, cycles, False, ccd, spike)


def cycling(cycles: int = 20) -> SyntheticResult:
    """Return constant cycling without current levels that runs to its planned end."""
    half_cycles = [
        HalfCycle(
            sign * 5.0, float("nan"), (2 * k + offset) * HOUR, (2 * k + offset + 1) * HOUR, "passed"
        )
        for k in range(cycles)
        for offset, sign in ((0, 1.0), (1, -1.0))
    ]
    level = [replace(cycle, level=5.0) for cycle in half_cycles]
    data = dataset(level, True)
    data["half_cycle_level"][:] = np.nan
    data["level"][:] = np.nan
    cell = SyntheticCell("cycling", INTERLAYER_STACK)
    return SyntheticResult(cell, data, "completed", "", None, USED_VALUES)


def empty() -> SyntheticResult:
    """Return a result of a run that failed before its first time point."""
    cell = SyntheticCell("broken", BARE_STACK)
    return SyntheticResult(
        cell, dataset([], False), "failed", "no step could be made at 0 s", None, USED_VALUES
    )


def _result(
    name: str,
    stack: tuple[Layer, ...],
    cycles: list[HalfCycle],
    interlayer: bool,
    ccd: SyntheticCriticalCurrent,
    spike: float,
) -> SyntheticResult:
    data = dataset(cycles, interlayer, spike=spike)
    data.attrs["integrator"] = "rodas"
    timings: dict[str, float | int | str] = {"solve_s": 0.043, "steps": 5210, "assemble_s": 0.004}
    laws = {"void_model": "depleting_contact", "ciop_law": "fracture_and_wetting"}
    return SyntheticResult(
        SyntheticCell(name, stack),
        data,
        "stopped",
        "the cell shorted",
        ccd,
        USED_VALUES,
        timings,
        laws,
    )
