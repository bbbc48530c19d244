"""A protocol written out: the steps that the simulation runs, one after the other."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import count, repeat
from typing import TYPE_CHECKING

from interlith.cell.protocol import (
    MOST_STEPS,
    Ccd,
    CcdTest,
    Charge,
    Current,
    Cycling,
    CyclingTest,
    Discharge,
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

Driven = Plate | Strip | Charge | Discharge | Current


@dataclass(frozen=True, slots=True)
class _Setting:
    """What the steps of a cell depend on beside their items."""

    capacity: float | None
    full: bool


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
    setting = _Setting(cell.capacity, cell.is_full)
    for item in cell.protocol:
        yield from _steps(item, setting, numbers)


def _steps(item: Item, setting: _Setting, numbers: Iterator[int]) -> Iterator[Step]:
    if isinstance(item, Repeat):
        yield from _repeated(item, setting, numbers)
    elif isinstance(item, Ccd):
        yield from _ccd_steps(item.ccd, numbers)
    elif isinstance(item, Cycling):
        yield from _cycling_steps(item.cycling, numbers)
    elif isinstance(item, Rest):
        yield _rest(item.rest, temperature=item.temperature)
    elif isinstance(item, Hold):
        label = f"Hold at {format_si(item.voltage, 'voltage')}"
        yield _limited(item, "voltage", item.voltage, label, setting)
    elif isinstance(item, Power):
        label = f"Hold at {format_si(item.power, 'areal_power')}"
        yield _limited(item, "power", item.power, label, setting)
    else:
        yield _current(item, setting)


def _repeated(item: Repeat, setting: _Setting, numbers: Iterator[int]) -> Iterator[Step]:
    """Yield the steps of a repeat; without numbered half-cycles each time is like the first."""
    if _has_half_cycles(item):
        for _ in range(item.repeat):
            for inner in item.steps:
                yield from _steps(inner, setting, numbers)
        return
    once = tuple(step for inner in item.steps for step in _steps(inner, setting, numbers))
    for _ in range(item.repeat):
        yield from once


def _has_half_cycles(item: Item) -> bool:
    if isinstance(item, Repeat):
        return any(_has_half_cycles(inner) for inner in item.steps)
    return isinstance(item, Ccd | Cycling)


@lru_cache(maxsize=1024)
def _rest(duration: float, level: float | None = None, temperature: float | None = None) -> Step:
    label = f"Rest for {format_si(duration, 'time')}{_temperature_label(temperature)}"
    return Step("rest", 0.0, duration, label=label, ccd_level=level, temperature=temperature)


def _current(item: Driven, setting: _Setting) -> Step:
    """Return the step of a constant current, with the sign of its direction."""
    given, direction = _given(item)
    value = direction * _density(given, setting.capacity)
    label = _full_label(value, given) if setting.full else _current_label(value)
    return _limited(item, "current", value, label, setting)


def _given(item: Driven) -> tuple[float | CRate, float]:
    """Return the current as it was given, and its direction."""
    if isinstance(item, Plate):
        return item.plate, 1.0
    if isinstance(item, Strip):
        return item.strip, -1.0
    if isinstance(item, Discharge):
        return item.discharge, 1.0
    if isinstance(item, Charge):
        return item.charge, -1.0
    return item.current, 1.0


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


def _full_label(value: float, given: float | CRate) -> str:
    """Return what is done to a full cell, as a C-rate where one was given."""
    verb = "Discharge" if value > 0.0 else "Charge"
    if isinstance(given, CRate):
        return f"{verb} at {abs(given.multiple):g}C"
    return f"{verb} at {format_si(abs(value), 'current_density')}"


def _temperature_label(temperature: float | None) -> str:
    return "" if temperature is None else f" at {format_si(temperature, 'temperature')}"


def _limited(
    item: Driven | Hold | Power, control: str, value: float, label: str, setting: _Setting
) -> Step:
    """Return a step with the limits of its item."""
    until = item.until or Until()
    cutoff = until.current_density
    times = [time for time in (item.duration, until.time) if time is not None]
    endless = until.areal_capacity is not None and control == "current"
    longest = min(times, default=math.inf if endless else LONGEST_OPEN_STEP)
    # the time that cuts off a step without one is not news to whoever charges to a voltage
    shown_time = math.inf if setting.full and not times else longest
    upper, lower = _voltage_limits(until.voltage, value, setting.full)
    return Step(
        control,  # type: ignore[arg-type]  # one of the four by the callers above
        value,
        longest,
        areal_capacity=until.areal_capacity,
        voltage_upper=upper,
        voltage_lower=lower,
        current_cutoff=None if cutoff is None else _density(cutoff, setting.capacity),
        stop_on_short=until.short,
        label=label + _ends_label(shown_time, until) + _temperature_label(item.temperature),
        temperature=item.temperature,
    )


def _voltage_limits(
    limit: float | None, value: float, full: bool
) -> tuple[float | None, float | None]:
    """Return the upper and the lower voltage limit of a step.

    The voltage of a symmetric cell has the sign of its current. That of a full cell is positive: a
    charge, of negative current or power, raises it to the limit, a discharge lowers it.
    """
    if limit is None:
        return None, None
    if not full:
        return limit, -limit
    return (None, limit) if value > 0.0 else (limit, None)


def _ends_label(longest: float, until: Until) -> str:
    """Return the limits of a step in words, for its label."""
    names = ("areal_capacity", "voltage", "current_density")
    shown = [
        f"{value.multiple:g}C" if isinstance(value, CRate) else format_si(value, name)
        for name in names
        if (value := getattr(until, name)) is not None
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
