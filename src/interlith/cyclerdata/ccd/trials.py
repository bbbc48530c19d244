"""Ramps with a known truth, made from simple circuits, to try the analysis on.

The cell is an ohmic resistance, two interfaces of asinh kinetics with a double layer, contact that
is lost by stripping and regained by plating, and a short in parallel. All is drawn anew for every
trial, also what the cycler does: levels, time or capacity, repeats, rests, one direction or both,
noise, drift, missing rows. Nothing of the analysis is used here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from interlith.cyclerdata import columns
from interlith.cyclerdata.recording import Recording

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

__all__ = ["KINDS", "Trial", "draw_trial", "sparse"]

KINDS = (
    "none",
    "irreversible soft short",
    "reversible soft short",
    "hard short",
    "contact loss",
    "voltage limit",
)

UNTIL_SEEN = 4.0
"""Record after the half-cycle of a short, in units of its duration: healing takes up to 2.5."""

THERMAL = 0.0257
"""RT/F at 25 degC [V]."""


@dataclass(frozen=True)
class Trial:
    """A made recording and the truth about it.

    Attributes
    ----------
    recording : Recording
        What a cycler would have written.
    area : float
        Of the electrodes [m2].
    kind : str
        One of `KINDS`.
    failing : float or None
        Current density of the step in which it happened [A m-2].
    passing : float or None
        That of the step before [A m-2].
    time : float or None
        When it happened [s].
    depth : float or None
        Part of the voltage that was lost in a short.
    noise : float
        Standard deviation of the voltage [V].
    """

    recording: Recording
    area: float
    kind: str
    failing: float | None
    passing: float | None
    time: float | None
    depth: float | None
    noise: float
    voltage_limit: float | None = None


@dataclass(frozen=True)
class _Plan:
    """Current density, duration and level of every half-cycle; 0 rests."""

    current: NDArray[np.float64]
    duration: NDArray[np.float64]
    level: NDArray[np.int64]
    levels: NDArray[np.float64]


@dataclass(frozen=True)
class _Cell:
    resistance: float  # ohm m2
    exchange: float  # A m-2
    time_constant: float  # s, of the double layers
    drift: float  # of the resistance over the whole test
    asymmetry: float
    voids: float  # C m-2 that take away all contact
    healing: float  # part of lost contact that plating regains
    peak: float  # extra overpotential at the start of a half-cycle
    peak_time: float  # s


def draw_trial(rng: Generator, kind: str | None = None, noise: float | None = None) -> Trial:
    """Make one ramp.

    Parameters
    ----------
    rng : numpy.random.Generator
        Decides all.
    kind : str, optional
        One of `KINDS`; drawn where not given.
    noise : float, optional
        Standard deviation of the voltage [V]; drawn between 0.1 and 5 mV where not given.

    Returns
    -------
    Trial
        Recording and truth.
    """
    kind = kind or str(rng.choice(KINDS))
    noise = float(10 ** rng.uniform(-4, np.log10(5e-3))) if noise is None else noise
    plan = _draw_plan(rng)
    while not len(_places(plan, kind)):
        plan = _draw_plan(rng)
    cell = _draw_cell(rng, plan, kind)
    row = _sampling(rng, plan)
    time, current, half = _grid(plan, row)
    failure = _draw_failure(rng, plan, kind)
    conductance, loss, happened = _course_of_failure(rng, failure, plan, time, half, kind, cell)
    voltage = _voltage(cell, time, current, half, conductance, loss)
    return _recorded(rng, kind, noise, plan, time, current, half, voltage, happened, failure)


def _draw_plan(rng: Generator) -> _Plan:
    start = float(rng.choice([0.05, 0.1, 0.2, 0.25]))
    rise = float(rng.choice([0.05, 0.1, 0.2, 0.25]))
    count = int(rng.integers(8, 16))
    levels = (start + rise * np.arange(count)) * 10.0
    fixed_time = rng.random() < 0.6
    hours = float(rng.choice([0.5, 1.0, 2.0]))
    capacity = float(rng.choice([0.1, 0.25, 0.5, 1.0])) * 36000.0
    repeats = int(rng.choice([1, 1, 2, 3]))
    one_way = rng.random() < 0.1
    rest = float(rng.choice([0.0, 0.0, 300.0, 600.0]))
    current, duration, level = [], [], []
    for number, j in enumerate(levels):
        for repeat in range(2 * repeats):
            sign = 1.0 if one_way or repeat % 2 == 0 else -1.0
            if one_way and repeat:
                continue
            current.append(sign * j)
            duration.append(hours * 3600.0 if fixed_time else min(capacity / j, 10 * 3600.0))
            level.append(number)
            if rest:
                current.append(0.0)
                duration.append(rest)
                level.append(number)
    return _Plan(np.array(current), np.array(duration), np.array(level), levels)


def _draw_cell(rng: Generator, plan: _Plan, kind: str) -> _Cell:
    largest = float(np.max(np.abs(plan.current) * plan.duration))
    return _Cell(
        resistance=float(10 ** rng.uniform(np.log10(20), 3)) * 1e-4,
        exchange=float(10 ** rng.uniform(0, 2)),
        time_constant=float(10 ** rng.uniform(0.5, 2)),
        drift=float(rng.normal(0.0, 0.1)),
        asymmetry=float(rng.normal(0.0, 0.02)),
        voids=largest / rng.uniform(0.02, 0.25),
        healing=float(rng.uniform(0.9, 1.0)),
        peak=float(rng.choice([0.0, rng.uniform(0.0, 0.3)])),
        peak_time=float(10 ** rng.uniform(1, 2.3)),
    )


def _sampling(rng: Generator, plan: _Plan) -> float:
    """Time between rows [s]: 60 to 720 rows in the longest half-cycle."""
    return float(np.max(plan.duration) / rng.integers(60, 721))


def _grid(plan: _Plan, row: float) -> tuple[NDArray[np.float64], ...]:
    time, current, half = [], [], []
    start = 0.0
    for number, (j, duration) in enumerate(zip(plan.current, plan.duration, strict=True)):
        inside = np.arange(row, duration + 0.5 * row, row)
        if len(inside) < 6:
            inside = np.linspace(duration / 6, duration, 6)
        time.append(start + inside)
        current.append(np.full(len(inside), j))
        half.append(np.full(len(inside), number))
        start += duration
    return np.concatenate(time), np.concatenate(current), np.concatenate(half)


@dataclass(frozen=True)
class _Failure:
    half: int
    part: float
    depth: float
    lasts: float


def _places(plan: _Plan, kind: str) -> NDArray[np.int64]:
    """Half-cycles in which a failure can be placed."""
    active = np.flatnonzero((plan.current != 0) & (plan.level >= 2))
    if kind == "reversible soft short":
        # What recovers after the end of the record nobody can call reversible.
        ends = np.cumsum(plan.duration)
        active = active[ends[active] + UNTIL_SEEN * plan.duration[active] < ends[-1]]
    return active


def _draw_failure(rng: Generator, plan: _Plan, kind: str) -> _Failure | None:
    if kind == "none":
        return None
    depth = (
        1.0 - float(10 ** rng.uniform(-3, -1.7)) if kind == "hard short" else rng.uniform(0.1, 0.9)
    )
    return _Failure(
        half=int(rng.choice(_places(plan, kind))),
        part=float(rng.uniform(0.02, 0.98)),
        depth=float(depth),
        lasts=float(rng.uniform(0.1, 2.5)),
    )


def _course_of_failure(
    rng: Generator,
    failure: _Failure | None,
    plan: _Plan,
    time: NDArray[np.float64],
    half: NDArray[np.int64],
    kind: str,
    cell: _Cell,
) -> tuple[NDArray[np.float64], NDArray[np.float64], float | None]:
    """Voltage left over by the short, extra resistance by lost contact, and when it began."""
    left = np.ones(len(time))
    loss = np.zeros(len(time))
    if failure is None:
        return left, loss, None
    begins = np.concatenate([[0.0], np.cumsum(plan.duration)])
    start = begins[failure.half]
    duration = plan.duration[failure.half]
    when = float(start + failure.part * duration)
    after = time >= when
    if kind in ("irreversible soft short", "hard short", "reversible soft short"):
        fade = 1.0 - np.exp(-(time[after] - when) / (0.004 * duration))
        left[after] = 1.0 - failure.depth * fade
        if kind == "reversible soft short":
            left[time >= when + failure.lasts * duration] = 1.0
        flicker = rng.uniform(0.0, 0.03) * failure.depth
        left[after] *= 1.0 + flicker * rng.standard_normal(after.sum())
    elif kind in ("contact loss", "voltage limit"):
        inside = (half == failure.half) & after
        course = (time[inside] - when) / max(start + duration - when, 1e-9)
        most = 30.0 if kind == "contact loss" else 0.0
        # The resistance of vanishing contact grows as one over what is left of it.
        loss[inside] = np.minimum(1.0 / np.maximum(1.0 - course, 1e-3) - 1.0, most)
    return np.clip(left, 1e-4, None), loss, when


def _voltage(
    cell: _Cell,
    time: NDArray[np.float64],
    current: NDArray[np.float64],
    half: NDArray[np.int64],
    left: NDArray[np.float64],
    loss: NDArray[np.float64],
) -> NDArray[np.float64]:
    voltage = np.zeros(len(time))
    missing = np.zeros(2)  # lithium missing at either electrode, C m-2
    for number in range(int(half[-1]) + 1):
        inside = np.flatnonzero(half == number)
        j = current[inside[0]]
        first = time[inside[0] - 1] if inside[0] else 0.0
        passed = time[inside] - first
        if j == 0.0:
            continue
        stripped, plated = (0, 1) if j > 0 else (1, 0)
        contact = 1.0 - (missing[stripped] + abs(j) * passed) / cell.voids
        extra = 1.0 / np.clip(contact, 0.2, 1.0) - 1.0
        missing[stripped] += abs(j) * passed[-1]
        missing[plated] *= 1.0 - cell.healing
        resistance = cell.resistance * np.exp(cell.drift * time[inside] / time[-1])
        resistance = resistance * (1.0 + cell.asymmetry * np.sign(j))
        kinetics = 4.0 * THERMAL * np.arcsinh(j / (2.0 * cell.exchange))
        slow = 1.0 - np.exp(-passed / cell.time_constant)
        peak = 1.0 + cell.peak * np.exp(-passed / cell.peak_time)
        healthy = j * resistance * (1.0 + 0.5 * extra) + kinetics * slow * peak
        voltage[inside] = (healthy + j * resistance * loss[inside]) * left[inside]
    return voltage


def _recorded(
    rng: Generator,
    kind: str,
    noise: float,
    plan: _Plan,
    time: NDArray[np.float64],
    current: NDArray[np.float64],
    half: NDArray[np.int64],
    voltage: NDArray[np.float64],
    happened: float | None,
    failure: _Failure | None,
) -> Trial:
    """Add what cyclers add and end the test as they do."""
    voltage = voltage + noise * rng.standard_normal(len(time))
    voltage = voltage + rng.normal(0.0, 2e-3) + rng.normal(0.0, 2e-5) * time / 3600.0
    limit = None
    level = None if failure is None else int(plan.level[failure.half])
    keep = np.ones(len(time), dtype=bool)
    if kind == "voltage limit":
        limit, keep, level, happened = _ended_by_limit(rng, plan, time, half, voltage)
    elif kind == "contact loss":
        peak = np.max(np.abs(voltage[half == failure.half])) if failure else 0.0
        limit = float(peak * rng.uniform(0.5, 2.0))
        over = np.flatnonzero(np.abs(voltage) > limit)
        if len(over):
            keep[over[0] + 1 :] = False
    elif failure is not None and rng.random() < 0.5:
        # Somebody stopped the test some half-cycles later.
        after = np.flatnonzero(half == failure.half)[-1]
        wait = rng.uniform(UNTIL_SEEN, 3.0 * UNTIL_SEEN) * plan.duration[failure.half]
        keep = time <= time[after] + wait
    last = int(np.flatnonzero(keep)[-1])
    keep &= sparse(rng, len(time))
    keep[last] = True  # without it nobody could tell how the test ended
    area = float(rng.uniform(0.3, 2.0)) * 1e-4
    measured = current * area * (1.0 + 2e-4 * rng.standard_normal(len(time)))
    import polars as pl

    table = pl.DataFrame(
        {
            columns.TEST_TIME: time[keep],
            columns.VOLTAGE: voltage[keep],
            columns.CURRENT: measured[keep],
        }
    )
    return Trial(
        recording=Recording(table, "trial", "made"),
        area=area,
        kind=kind,
        failing=None if level is None else float(plan.levels[level]),
        passing=None if level is None or level == 0 else float(plan.levels[level - 1]),
        time=happened,
        depth=failure.depth if failure is not None and "short" in kind else None,
        noise=noise,
        voltage_limit=limit,
    )


def _ended_by_limit(
    rng: Generator,
    plan: _Plan,
    time: NDArray[np.float64],
    half: NDArray[np.int64],
    voltage: NDArray[np.float64],
) -> tuple[float, NDArray[np.bool_], int, float]:
    """End the test where a healthy cell first passes a limit."""
    active = np.flatnonzero(plan.current != 0)
    tops = np.array([np.max(np.abs(voltage[half == number])) for number in active])
    chosen = int(rng.integers(len(active) // 3, len(active)))
    below = np.max(tops[:chosen], initial=0.0)
    limit = float(below + rng.uniform(0.1, 0.9) * max(tops[chosen] - below, 0.0))
    limit = limit if tops[chosen] > below else float(below) * 0.999
    over = int(np.flatnonzero(np.abs(voltage) > limit)[0])
    keep = np.arange(len(time)) <= over
    return limit, keep, int(plan.level[half[over]]), float(time[over])


def sparse(rng: Generator, n: int) -> NDArray[np.bool_]:
    """Which of n rows are there: single ones and one stretch are lost in some records."""
    there = np.ones(n, dtype=bool)
    if rng.random() < 0.3:
        there &= rng.random(n) > 0.02
    if rng.random() < 0.2:
        first = int(rng.integers(0, n))
        there[first : first + int(rng.integers(2, 15))] = False
    return there
