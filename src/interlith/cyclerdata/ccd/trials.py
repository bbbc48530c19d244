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
import polars as pl

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

HOUR = 3600.0
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
    """Two interfaces and an electrolyte between them."""

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
    cell = _draw_cell(rng, plan)
    row = _sampling(rng, plan)
    rows = _grid(plan, row)
    failure = _draw_failure(rng, plan, kind)
    course = _course_of(rng, failure, plan, rows, kind)
    voltage = _voltage(cell, rows, course)
    voltage = voltage + noise * rng.standard_normal(len(rows.time))
    voltage = voltage + rng.normal(0.0, 2e-3) + rng.normal(0.0, 2e-5) * rows.time / HOUR
    end = _end_of(rng, kind, plan, rows, voltage, course, failure)
    return _recorded(rng, kind, noise, plan, rows, voltage, end)


def _draw_plan(rng: Generator) -> _Plan:
    start = float(rng.choice([0.05, 0.1, 0.2, 0.25]))
    rise = float(rng.choice([0.05, 0.1, 0.2, 0.25]))
    count = int(rng.integers(8, 16))
    levels = np.asarray((start + rise * np.arange(count)) * 10.0, dtype=float)
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
            duration.append(hours * HOUR if fixed_time else min(capacity / j, 10 * HOUR))
            level.append(number)
            if rest:
                current.append(0.0)
                duration.append(rest)
                level.append(number)
    return _Plan(np.array(current), np.array(duration), np.array(level), levels)


def _draw_cell(rng: Generator, plan: _Plan) -> _Cell:
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


def _grid(plan: _Plan, row: float) -> _Rows:
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
    return _Rows(np.concatenate(time), np.concatenate(current), np.concatenate(half))


@dataclass(frozen=True)
class _Rows:
    """Times [s], current densities [A m-2] and numbers of half-cycles that a cycler looks at."""

    time: NDArray[np.float64]
    current: NDArray[np.float64]
    half: NDArray[np.int64]


@dataclass(frozen=True)
class _Failure:
    """In which half-cycle, after which part of it, how deep, for how many half-cycles."""

    half: int
    part: float
    depth: float
    lasts: float


@dataclass(frozen=True)
class _Course:
    """Part of the voltage left by a short, extra resistance by lost contact, and the beginning."""

    left: NDArray[np.float64]
    loss: NDArray[np.float64]
    began: float | None


@dataclass(frozen=True)
class _End:
    """How a test ended: its limit, the rows until then, the level that failed, and when."""

    limit: float | None
    keep: NDArray[np.bool_]
    level: int | None
    happened: float | None
    depth: float | None


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


def _course_of(
    rng: Generator, failure: _Failure | None, plan: _Plan, rows: _Rows, kind: str
) -> _Course:
    time = rows.time
    left = np.ones(len(time))
    loss = np.zeros(len(time))
    if failure is None:
        return _Course(left, loss, None)
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
        inside = (rows.half == failure.half) & after
        course = (time[inside] - when) / max(start + duration - when, 1e-9)
        most = 30.0 if kind == "contact loss" else 0.0
        # The resistance of vanishing contact grows as one over what is left of it.
        loss[inside] = np.minimum(1.0 / np.maximum(1.0 - course, 1e-3) - 1.0, most)
    return _Course(np.clip(left, 1e-4, None), loss, when)


def _voltage(cell: _Cell, rows: _Rows, course: _Course) -> NDArray[np.float64]:
    """Voltage of the cell at every row, without noise [V]."""
    time, current = rows.time, rows.current
    voltage = np.zeros(len(time))
    missing = np.zeros(2)  # lithium missing at either electrode, C m-2
    for number in range(int(rows.half[-1]) + 1):
        inside = np.flatnonzero(rows.half == number)
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
        voltage[inside] = (healthy + j * resistance * course.loss[inside]) * course.left[inside]
    return voltage


def _end_of(
    rng: Generator,
    kind: str,
    plan: _Plan,
    rows: _Rows,
    voltage: NDArray[np.float64],
    course: _Course,
    failure: _Failure | None,
) -> _End:
    """End the test as cyclers and people do."""
    keep = np.ones(len(rows.time), dtype=bool)
    if failure is None:
        return _End(None, keep, None, None, None)
    level = int(plan.level[failure.half])
    depth = failure.depth if "short" in kind else None
    if kind == "voltage limit":
        return _ended_by_limit(rng, plan, rows, voltage)
    if kind == "contact loss":
        limit = float(np.max(np.abs(voltage[rows.half == failure.half])) * rng.uniform(0.5, 2.0))
        over = np.flatnonzero(np.abs(voltage) > limit)
        if len(over):
            keep[over[0] + 1 :] = False
        return _End(limit, keep, level, course.began, depth)
    if rng.random() < 0.5:
        # Somebody stopped the test some half-cycles later.
        after = np.flatnonzero(rows.half == failure.half)[-1]
        wait = rng.uniform(UNTIL_SEEN, 3.0 * UNTIL_SEEN) * plan.duration[failure.half]
        keep = rows.time <= rows.time[after] + wait
    return _End(None, keep, level, course.began, depth)


def _ended_by_limit(rng: Generator, plan: _Plan, rows: _Rows, voltage: NDArray[np.float64]) -> _End:
    """End the test where a healthy cell first passes a limit."""
    active = np.flatnonzero(plan.current != 0)
    tops = np.array([np.max(np.abs(voltage[rows.half == number])) for number in active])
    chosen = int(rng.integers(len(active) // 3, len(active)))
    below = np.max(tops[:chosen], initial=0.0)
    limit = float(below + rng.uniform(0.1, 0.9) * max(tops[chosen] - below, 0.0))
    limit = limit if tops[chosen] > below else float(below) * 0.999
    over = int(np.flatnonzero(np.abs(voltage) > limit)[0])
    keep = np.arange(len(rows.time)) <= over
    return _End(limit, keep, int(plan.level[rows.half[over]]), float(rows.time[over]), None)


def _recorded(
    rng: Generator,
    kind: str,
    noise: float,
    plan: _Plan,
    rows: _Rows,
    voltage: NDArray[np.float64],
    end: _End,
) -> Trial:
    """Write down what a cycler would, with gaps."""
    last = int(np.flatnonzero(end.keep)[-1])
    keep = end.keep & sparse(rng, len(rows.time))
    keep[last] = True  # without it nobody could tell how the test ended
    area = float(rng.uniform(0.3, 2.0)) * 1e-4
    measured = rows.current * area * (1.0 + 2e-4 * rng.standard_normal(len(rows.time)))
    table = pl.DataFrame(
        {
            columns.TEST_TIME: rows.time[keep],
            columns.VOLTAGE: voltage[keep],
            columns.CURRENT: measured[keep],
        }
    )
    level = end.level
    return Trial(
        recording=Recording(table, "trial", "made"),
        area=area,
        kind=kind,
        failing=None if level is None else float(plan.levels[level]),
        passing=None if level is None or level == 0 else float(plan.levels[level - 1]),
        time=end.happened,
        depth=end.depth,
        noise=noise,
        voltage_limit=end.limit,
    )


def sparse(rng: Generator, n: int) -> NDArray[np.bool_]:
    """Which of n rows are there: single ones and one stretch are lost in some records."""
    there = np.ones(n, dtype=bool)
    if rng.random() < 0.3:
        there &= rng.random(n) > 0.02
    if rng.random() < 0.2:
        first = int(rng.integers(0, n))
        there[first : first + int(rng.integers(2, 15))] = False
    return there
