"""A protocol written out: the steps that the simulation runs, one after the other."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from functools import lru_cache, partial
from itertools import count, repeat
from typing import TYPE_CHECKING

from interlith.cell.protocol import (
    MOST_STEPS,
    Ccd,
    CcdTest,
    Current,
    Cycling,
    CyclingTest,
    Hold,
    Item,
    Plate,
    Power,
    Repeat,
    Rest,
    Strip,
    count_steps,
)
from interlith.cell.quantity import CRate, Until
from interlith.cell.step import LONGEST_OPEN_STEP, Step
from interlith.errors import InputError, Problem
from interlith.units import format_si

if TYPE_CHECKING:
    from interlith.cell.cell import Cell

__all__ = ["expand", "iterate_steps"]


def expand(cell: Cell) -> tuple[Step, ...]:
    """Return every step of the cell's protocol in SI.

    Raises
    ------
    InputError
        More than a million steps, or a C-rate in a cell without a capacity. `load` refuses both; a
        cell that was put together in Python may still have them.
    """
    total = sum(count_steps(item) for item in cell.protocol)
    if total > MOST_STEPS:
        raise InputError(Problem("", "protocol", f"{total} steps", f"at most {MOST_STEPS:,} steps"))
    return tuple(iterate_steps(cell))


def iterate_steps(cell: Cell) -> Iterator[Step]:
    """Yield the steps of the cell's protocol one by one; the half-cycles are numbered through."""
    numbers = count()
    for item in cell.protocol:
        yield from _steps(item, cell.capacity, numbers)


def _steps(item: Item, capacity: float | None, numbers: Iterator[int]) -> Iterator[Step]:
    if isinstance(item, Repeat):
        yield from _repeated(item, capacity, numbers)
    elif isinstance(item, Ccd):
        yield from _ccd_steps(item.ccd, numbers)
    elif isinstance(item, Cycling):
        yield from _cycling_steps(item.cycling, numbers)
    elif isinstance(item, Rest):
        yield _rest(item.rest)
    elif isinstance(item, Hold):
        yield _limited(
            item, "voltage", item.voltage, f"Hold at {format_si(item.voltage, 'voltage')}"
        )
    elif isinstance(item, Power):
        yield _limited(item, "power", item.power, f"Hold at {format_si(item.power, 'areal_power')}")
    else:
        yield _current(item, capacity)


def _repeated(item: Repeat, capacity: float | None, numbers: Iterator[int]) -> Iterator[Step]:
    """Yield the steps of a repeat; without numbered half-cycles each time is like the first."""
    if _has_half_cycles(item):
        for _ in range(item.repeat):
            for inner in item.steps:
                yield from _steps(inner, capacity, numbers)
        return
    once = tuple(step for inner in item.steps for step in _steps(inner, capacity, numbers))
    for _ in range(item.repeat):
        yield from once


def _has_half_cycles(item: Item) -> bool:
    if isinstance(item, Repeat):
        return any(_has_half_cycles(inner) for inner in item.steps)
    return isinstance(item, Ccd | Cycling)


@lru_cache(maxsize=1024)
def _rest(duration: float, level: float | None = None) -> Step:
    label = f"Rest for {format_si(duration, 'time')}"
    return Step("rest", 0.0, duration, label=label, ccd_level=level)


def _current(item: Plate | Strip | Current, capacity: float | None) -> Step:
    """Return the step of a constant current, with the sign of its direction."""
    if isinstance(item, Plate):
        value = _density(item.plate, capacity)
    elif isinstance(item, Strip):
        value = -_density(item.strip, capacity)
    else:
        value = _density(item.current, capacity)
    return _limited(item, "current", value, _current_label(value))


def _density(value: float | CRate, capacity: float | None) -> float:
    if not isinstance(value, CRate):
        return value
    if capacity is None:
        expected = "a current density, or the field 'capacity' in the cell"
        raise InputError(Problem("", "protocol", value.text(), expected))
    return value.current_density(capacity)


@lru_cache(maxsize=1024)
def _current_label(value: float) -> str:
    verb = "Plate" if value > 0.0 else "Strip"
    return f"{verb} at {format_si(abs(value), 'current_density')}"


def _limited(
    item: Plate | Strip | Current | Hold | Power, control: str, value: float, label: str
) -> Step:
    """Return a step with the limits of its item."""
    until = item.until or Until()
    times = [time for time in (item.duration, until.time) if time is not None]
    endless = until.areal_capacity is not None and control == "current"
    longest = min(times, default=math.inf if endless else LONGEST_OPEN_STEP)
    limit = until.voltage
    return Step(
        control,  # type: ignore[arg-type]  # one of the four by the callers above
        value,
        longest,
        areal_capacity=until.areal_capacity,
        voltage_upper=limit,
        voltage_lower=None if limit is None else -limit,
        current_cutoff=until.current_density,
        stop_on_short=until.short,
        label=label + _ends_label(longest, until),
    )


def _ends_label(longest: float, until: Until) -> str:
    """Return the limits of a step in words, for its label."""
    names = ("areal_capacity", "voltage", "current_density")
    shown = [
        format_si(value, name) for name in names if (value := getattr(until, name)) is not None
    ]
    shown += ["a short"] if until.short else []
    time = f" for {format_si(longest, 'time')}" if math.isfinite(longest) else ""
    return (
        time + (" or" if time and shown else "") + (f" until {' or '.join(shown)}" if shown else "")
    )


def _ccd_steps(test: CcdTest, numbers: Iterator[int]) -> Iterator[Step]:
    """Yield the half-cycles of a critical-current test; the first plates the right electrode."""
    currents = [level for level in test.levels() for _ in range(test.half_cycles_per_step)]
    yield from _alternating(test, currents, currents, numbers)


def _cycling_steps(test: CyclingTest, numbers: Iterator[int]) -> Iterator[Step]:
    """Yield the half-cycles of a cycling test; the first plates the right electrode."""
    half_cycles = 2 * test.cycles
    yield from _alternating(
        test, repeat(test.current, half_cycles), repeat(None, half_cycles), numbers
    )


def _alternating(
    test: CcdTest | CyclingTest,
    currents: Iterable[float],
    levels: Iterable[float | None],
    numbers: Iterator[int],
) -> Iterator[Step]:
    """Yield half-cycles that change direction each time, with rests between them."""
    half_cycle = _half_cycle(test)
    rest: Step | None = None
    direction = 1.0
    for current, level in zip(currents, levels, strict=True):
        if rest is not None:
            yield rest
        number = next(numbers)
        value = direction * current
        yield half_cycle(
            value=value,
            label=f"{_current_label(value)}, half-cycle {number + 1}",
            ccd_level=level,
            half_cycle=number,
        )
        direction = -direction
        if test.rest is not None:
            rest = _rest(test.rest, level)


def _half_cycle(test: CcdTest | CyclingTest) -> partial[Step]:
    """Return `Step` with what all half-cycles of a test have in common."""
    # dataclasses.replace would say the same and take most of the time of a long protocol.
    return partial(
        Step,
        "current",
        duration_s=test.half_cycle_time if test.half_cycle_time is not None else math.inf,
        areal_capacity=test.areal_capacity,
        voltage_upper=test.voltage_limit,
        voltage_lower=-test.voltage_limit,
        stop_on_short=not test.continue_after_short,
        stop_on_voltage=True,
    )
