"""Ramps with a known truth from the simulator: the physics of the package, recorded as by a cycler."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from interlith.cyclerdata import columns
from interlith.cyclerdata.ccd.criteria import Thresholds
from interlith.cyclerdata.ccd.trials import Trial, sparse
from interlith.cyclerdata.recording import Recording

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

__all__ = ["SimulatedRamp", "draw_ramp", "record"]

LEFT_OVER_STEPS = 2
"""Current steps that somebody goes on after the cell has shorted."""


@dataclass(frozen=True)
class SimulatedRamp:
    """A simulated test: time [s], current density [A m-2], voltage [V], area [m2] and verdict."""

    time: NDArray[np.float64]
    current: NDArray[np.float64]
    voltage: NDArray[np.float64]
    area: float
    verdict: Any
    limit: float
    happened: float | None
    rise: float
    half_cycles_per_step: int


def draw_ramp(rng: Generator) -> SimulatedRamp:
    """Simulate one critical-current test with layers, temperature and protocol drawn.

    Parameters
    ----------
    rng : numpy.random.Generator
        Decides all.

    Returns
    -------
    SimulatedRamp
        Not yet recorded.
    """
    from interlith.cell import loads
    from interlith.simulation import simulate

    rise = float(rng.choice([0.05, 0.1, 0.2]))
    repeats = int(rng.choice([1, 2, 2, 4]))
    limit = float(rng.choice([0.2, 1.0, 5.0]))
    cell = loads(_cell_text(rng, rise, repeats, limit))
    result = simulate(cell)
    data = result.dataset
    failing = [half for half in result.half_cycles if half.outcome not in ("passed", "incomplete")]
    return SimulatedRamp(
        time=np.asarray(data["time"].values, dtype=float),
        current=np.asarray(data["current_density"].values, dtype=float),
        voltage=np.asarray(data["voltage"].values, dtype=float),
        area=float(rng.uniform(0.3, 2.0)) * 1e-4,
        verdict=result.ccd,
        limit=limit,
        happened=failing[0].end if failing else None,
        rise=rise * 10.0,
        half_cycles_per_step=repeats,
    )


def _cell_text(rng: Generator, rise: float, repeats: int, limit: float) -> str:
    """A cell file with one of several interlayers or none."""
    layer = rng.choice(["", "Mg16Bi84", "ZnBi", "AlBi"])
    metal = rng.choice(["Li", "Li", "LiMg"]) if not layer else "Li"
    inner = f"  - {{material: {layer}, thickness: 20 um}}\n" if layer else ""
    capacity = float(rng.choice([0.25, 0.5, 1.0]))
    asked = "half_cycle_time: 1 h" if rng.random() < 0.5 else f"areal_capacity: {capacity} mAh/cm^2"
    return (
        f"name: trial\ntemperature: {rng.uniform(20, 60):.0f} degC\n"
        f"stack_pressure: {rng.uniform(1, 8):.1f} MPa\narea: 1 cm^2\nlayers:\n"
        f"  - {{material: {metal}, thickness: 200 um}}\n{inner}"
        f"  - {{material: Li6PS5Cl, thickness: {rng.uniform(200, 900):.0f} um}}\n{inner}"
        f"  - {{material: {metal}, thickness: 200 um}}\n"
        f"protocol:\n  - ccd:\n      start: {rise} mA/cm^2\n      step: {rise} mA/cm^2\n"
        f"      stop_at: {rise * rng.integers(12, 40):.2f} mA/cm^2\n      {asked}\n"
        f"      half_cycles_per_step: {2 * repeats}\n      voltage_limit: {limit} V\n"
    )


def record(ramp: SimulatedRamp, rng: Generator) -> Trial:
    """Record a simulated test as a cycler would, and go on for a while after a short.

    Parameters
    ----------
    ramp : SimulatedRamp
        The test.
    rng : numpy.random.Generator
        Decides rows, noise, offset, missing rows.

    Returns
    -------
    Trial
        Recording and truth.
    """
    noise = float(10 ** rng.uniform(-4, np.log10(5e-3)))
    kind, depth = _kind(ramp)
    time, current, voltage = ramp.time, ramp.current, ramp.voltage
    if "short" in kind:
        time, current, voltage = _going_on(ramp)
    row = _shortest_half_cycle(ramp) / rng.integers(30, 300)
    rows = _rows(time, current, row)
    recorded = voltage[rows] + noise * rng.standard_normal(len(rows)) + rng.normal(0.0, 1e-3)
    if kind in ("contact loss", "voltage limit"):
        recorded[-1] = np.sign(recorded[-1]) * ramp.limit  # the cycler stops at what it measures
    keep = sparse(rng, len(rows))
    keep[-1] = True
    amps = current[rows] * ramp.area * (1.0 + 2e-4 * rng.standard_normal(len(rows)))
    table = pl.DataFrame(
        {
            columns.TEST_TIME: time[rows][keep],
            columns.VOLTAGE: recorded[keep],
            columns.CURRENT: amps[keep],
        }
    )
    failing = ramp.verdict.first_failing_mA_cm2
    passing = ramp.verdict.last_passing_mA_cm2
    return Trial(
        recording=Recording(table, "simulated trial", "made"),
        area=ramp.area,
        kind=kind,
        failing=None if failing is None else 10.0 * failing,
        passing=None if passing is None else 10.0 * passing,
        time=ramp.happened,
        depth=depth,
        noise=noise,
        voltage_limit=ramp.limit,
    )


def _kind(ramp: SimulatedRamp) -> tuple[str, float | None]:
    """Name of the failure, and of a short the part of the voltage that it took."""
    if ramp.happened is None:
        return "none", None
    if ramp.verdict.cause == "voltage limit":
        return "voltage limit", None
    if "contact" in ramp.verdict.cause:
        return "contact loss", None
    inside = np.abs(ramp.current) == np.abs(ramp.current[-1])
    healthy = float(np.median(np.abs(ramp.voltage[inside])))
    depth = 1.0 - abs(float(ramp.voltage[-1])) / healthy
    hard = 1.0 - depth < Thresholds().hard_short
    return ("hard short" if hard else "irreversible soft short"), depth


def _going_on(ramp: SimulatedRamp) -> tuple[NDArray[np.float64], ...]:
    """Half-cycles after the short, in which the filament conducts as it did at the end."""
    resistance = abs(ramp.voltage[-1] / ramp.current[-1])
    level = abs(ramp.current[-1])
    length = float(np.ptp(ramp.time[np.abs(ramp.current) == np.abs(ramp.current[0])]))
    length /= 2 * ramp.half_cycles_per_step
    time, current = [ramp.time], [ramp.current]
    start, sign = float(ramp.time[-1]), -np.sign(ramp.current[-1])
    for number in range(2 * LEFT_OVER_STEPS):
        inside = np.linspace(1e-3, 1.0, 60) * length
        time.append(start + inside)
        current.append(np.full(60, sign * (level + ramp.rise * (1 + number // 2))))
        start, sign = start + length, -sign
    after = np.concatenate(current[1:])
    voltage = np.concatenate([ramp.voltage, after * resistance])
    return np.concatenate(time), np.concatenate(current), voltage


def _shortest_half_cycle(ramp: SimulatedRamp) -> float:
    """Duration of the shortest half-cycle that was run to its end [s]."""
    change = np.flatnonzero(np.diff(ramp.current) != 0.0)
    return float(np.min(np.diff(ramp.time[change]), initial=ramp.time[change[0]]))


def _rows(time: NDArray[np.float64], current: NDArray[np.float64], row: float) -> NDArray[np.int64]:
    """Rows that a cycler writes: every so often, and at every change of current."""
    place = np.floor(time / row)
    first = np.concatenate([[True], np.diff(place) > 0])
    change = np.concatenate([[True], np.diff(current) != 0.0])
    last = np.concatenate([change[1:], [True]])
    return np.flatnonzero(first | change | last)
