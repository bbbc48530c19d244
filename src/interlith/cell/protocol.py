"""What is done to the cell: steps as they stand in the file, before they are written out.

Sign: plate, or a positive current, plates the right electrode and strips the left one; strip is the
reverse. In a full cell discharge is positive and charge negative.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated, Any, ClassVar

from pydantic import Field, PlainValidator, Strict

from interlith.cell.part import FrozenModel, Rule
from interlith.cell.quantity import Bounded, CRate, CurrentOrRate, Until, UntilLimits
from interlith.cell.yaml_io import show
from interlith.errors import QuantityError

__all__ = [
    "ITEM_MODELS",
    "MOST_STEPS",
    "Ccd",
    "CcdTest",
    "Charge",
    "Current",
    "Cycling",
    "CyclingTest",
    "Discharge",
    "Hold",
    "Item",
    "Plate",
    "Power",
    "Repeat",
    "Rest",
    "Strip",
    "c_rates_of",
    "count_steps",
    "kind_of_cell_problems",
    "whole_number",
]

MOST_STEPS = 1_000_000
MOST_LEVELS = 10_000
DEFAULT_VOLTAGE_LIMIT = 5.0

Duration = Annotated[float, Bounded("duration")]
StepCapacity = Annotated[float, Bounded("step_capacity")]
CurrentMagnitude = Annotated[float, Bounded("current_magnitude")]
VoltageLimit = Annotated[float, Bounded("voltage_limit")]
Temperature = Annotated[float, Bounded("temperature")]


class WholeNumber:
    """Marks an int field with limits, refusing 2.5, true and "2"."""

    def __init__(self, low: int, high: int, what: str) -> None:
        self.low, self.high, self.what = low, high, what

    def expected(self) -> str:
        """Return what is expected."""
        return f"a whole number, {self.what}, from {self.low} to {self.high:,}"

    def read(self, value: object) -> int:
        """Return the number if it is one within the limits."""
        whole = isinstance(value, int) and not isinstance(value, bool)
        if not whole or not self.low <= int(str(value)) <= self.high:
            raise QuantityError(show(value) or "null", self.expected())
        return int(str(value))


def whole_number(low: int, high: int, what: str) -> tuple[WholeNumber, PlainValidator]:
    """Return the marks of a field that takes whole numbers between limits only."""
    number = WholeNumber(low, high, what)
    return number, PlainValidator(number.read)


class Rest(FrozenModel):
    """No current for a time (s)."""

    rest: Duration
    temperature: Temperature | None = None
    """K, of this step; None for that of the cell. Full cells only."""


class Limited(FrozenModel):
    """A step that ends after a time or at a limit, whichever comes first."""

    duration: Duration | None = Field(default=None, alias="for")
    until: Annotated[Until | None, UntilLimits()] = None
    temperature: Temperature | None = None
    """K, of this step; None for that of the cell. Full cells only."""

    drive: ClassVar[str] = ""
    useless_limit: ClassVar[str] = ""
    """The limit that the step itself holds constant."""

    def rules(self) -> Iterator[Rule]:
        """Yield ``(field, value, expected)`` for what is wrong across fields."""
        if self.duration is None and self.until is None:
            yield "", "no limit", "'for' with a time or 'until' with a limit, such as for: 1 h"
        useless = self.useless_limit
        if self.until is not None and useless and getattr(self.until, useless) is not None:
            shown = useless.replace("_", " ")
            yield "until", shown, f"another limit; a {self.drive} step holds or sets its {shown}"
        if self.until is not None and self.until.time is not None and self.duration is not None:
            yield "until", "a time", "the time only once, in 'for' or in 'until'"


class Plate(Limited):
    """A constant current that plates the right electrode (A/m2, or a C-rate)."""

    drive: ClassVar[str] = "current"
    useless_limit: ClassVar[str] = "current_density"
    plate: Annotated[float | CRate, CurrentOrRate("current_magnitude")]


class Strip(Limited):
    """A constant current that strips the right electrode (A/m2, or a C-rate)."""

    drive: ClassVar[str] = "current"
    useless_limit: ClassVar[str] = "current_density"
    strip: Annotated[float | CRate, CurrentOrRate("current_magnitude")]


class Current(Limited):
    """A constant current (A/m2, or a C-rate), positive as in plate."""

    drive: ClassVar[str] = "current"
    useless_limit: ClassVar[str] = "current_density"
    current: Annotated[float | CRate, CurrentOrRate("current")]


class Charge(Limited):
    """A constant current that empties the cathode of a full cell (A/m2, or a C-rate)."""

    drive: ClassVar[str] = "current"
    useless_limit: ClassVar[str] = "current_density"
    charge: Annotated[float | CRate, CurrentOrRate("current_magnitude")]


class Discharge(Limited):
    """A constant current that fills the cathode of a full cell (A/m2, or a C-rate)."""

    drive: ClassVar[str] = "current"
    useless_limit: ClassVar[str] = "current_density"
    discharge: Annotated[float | CRate, CurrentOrRate("current_magnitude")]


class Hold(Limited):
    """A constant voltage (V)."""

    drive: ClassVar[str] = "voltage"
    useless_limit: ClassVar[str] = "voltage"
    voltage: Annotated[float, Bounded("voltage")]


class Power(Limited):
    """A constant power (W/m2); its sign is the direction of the current."""

    drive: ClassVar[str] = "power"
    power: Annotated[float, Bounded("power")]


class CcdTest(FrozenModel):
    """A critical-current test: half-cycles at a current that is raised level by level.

    Levels come from ``start``, ``step`` and ``stop_at``, or from a list ``currents`` (A/m2). Every
    half-cycle lasts ``half_cycle_time`` (s) or moves ``areal_capacity`` (C/m2).
    """

    start: CurrentMagnitude | None = None
    step: CurrentMagnitude | None = None
    stop_at: CurrentMagnitude | None = None
    currents: tuple[CurrentMagnitude, ...] | None = None
    half_cycle_time: Duration | None = None
    areal_capacity: StepCapacity | None = None
    half_cycles_per_step: Annotated[
        int, *whole_number(1, 10_000, "the half-cycles at each current")
    ] = 2
    rest: Duration | None = None
    voltage_limit: VoltageLimit = DEFAULT_VOLTAGE_LIMIT
    continue_after_short: Annotated[bool, Strict()] = False

    exactly_one = (("half_cycle_time", "areal_capacity"), ("step", "currents"))

    def levels(self) -> tuple[float, ...]:
        """Return the current density of each level in A/m2."""
        if self.currents is not None:
            return self.currents
        if self.start is None or self.step is None or self.stop_at is None:
            return ()
        count = self.level_count()
        # rounding to 12 digits turns 0.30000000000000004 into 0.3
        return tuple(float(f"{self.start + index * self.step:.12g}") for index in range(count))

    def level_count(self) -> int:
        """Return the number of levels, without making them."""
        if self.currents is not None:
            return len(self.currents)
        if self.start is None or self.step is None or self.stop_at is None:
            return 0
        return max(0, int((self.stop_at - self.start) / self.step + 1e-9) + 1)

    def rules(self) -> Iterator[Rule]:
        """Yield ``(field, value, expected)`` for what is wrong across fields."""
        if self.currents is not None:
            yield from self._list_rules()
        elif self.step is not None:
            yield from self._ramp_rules()

    def _list_rules(self) -> Iterator[Rule]:
        currents = self.currents or ()
        if not 1 <= len(currents) <= MOST_LEVELS:
            yield "currents", f"{len(currents)} currents", f"1 to {MOST_LEVELS} currents"
        if any(second <= first for first, second in pairwise(currents)):
            yield "currents", "currents that do not rise", "each current above the one before it"
        for name in ("start", "stop_at"):
            if self.step is None and getattr(self, name) is not None:
                yield (
                    name,
                    "a value beside 'currents'",
                    f"no '{name}' where 'currents' lists the levels",
                )

    def _ramp_rules(self) -> Iterator[Rule]:
        missing = [name for name in ("start", "stop_at") if getattr(self, name) is None]
        for name in missing:
            yield name, "", "a current density such as '0.1 mA/cm2', since 'step' is given"
        if missing or self.start is None or self.stop_at is None:
            return
        if self.start > self.stop_at:
            shown = f"{self.start / 10:g} mA/cm2"
            yield "start", shown, f"at most 'stop_at', which is {self.stop_at / 10:g} mA/cm2"
        if self.level_count() > MOST_LEVELS:
            yield "step", f"{self.level_count()} levels", f"a step that gives at most {MOST_LEVELS}"


class Ccd(FrozenModel):
    """A critical-current test as an item of the protocol."""

    ccd: CcdTest


class CyclingTest(FrozenModel):
    """Half-cycles in alternating direction at one current; the first plates the right electrode."""

    current: CurrentMagnitude
    cycles: Annotated[int, *whole_number(1, 500_000, "the number of cycles")]
    half_cycle_time: Duration | None = None
    areal_capacity: StepCapacity | None = None
    rest: Duration | None = None
    voltage_limit: VoltageLimit = DEFAULT_VOLTAGE_LIMIT
    continue_after_short: Annotated[bool, Strict()] = False

    exactly_one = (("half_cycle_time", "areal_capacity"),)


class Cycling(FrozenModel):
    """Symmetric cycling as an item of the protocol."""

    cycling: CyclingTest


class Repeat(FrozenModel):
    """Steps that are done several times over."""

    repeat: Annotated[int, *whole_number(1, MOST_STEPS, "how often the steps are done")]
    steps: tuple[Item, ...] = Field(min_length=1)


Item = Rest | Plate | Strip | Charge | Discharge | Current | Hold | Power | Repeat | Ccd | Cycling
Repeat.model_rebuild()

ITEM_MODELS: dict[str, Any] = {
    "rest": Rest,
    "plate": Plate,
    "strip": Strip,
    "charge": Charge,
    "discharge": Discharge,
    "current": Current,
    "voltage": Hold,
    "power": Power,
    "repeat": Repeat,
    "ccd": Ccd,
    "cycling": Cycling,
}
"""Model of an item by the field that tells what kind of item it is."""


def count_steps(item: Item) -> int:
    """Return into how many steps an item is written out, without writing it out."""
    if isinstance(item, Repeat):
        return item.repeat * sum(count_steps(inner) for inner in item.steps)
    if isinstance(item, Ccd):
        half_cycles = item.ccd.level_count() * item.ccd.half_cycles_per_step
        return half_cycles if item.ccd.rest is None else 2 * half_cycles - 1
    if isinstance(item, Cycling):
        half_cycles = 2 * item.cycling.cycles
        return half_cycles if item.cycling.rest is None else 2 * half_cycles - 1
    return 1


def c_rates_of(item: Item, where: str) -> Iterator[tuple[str, CRate]]:
    """Yield the field and the value of each C-rate in an item."""
    if isinstance(item, Repeat):
        for index, inner in enumerate(item.steps):
            yield from c_rates_of(inner, f"{where}.steps.{index}")
    for name in ("plate", "strip", "charge", "discharge", "current"):
        value = getattr(item, name, None)
        if isinstance(value, CRate):
            yield f"{where}.{name}", value
    until = getattr(item, "until", None)
    if until is not None and isinstance(until.current_density, CRate):
        yield f"{where}.until", until.current_density


_SYMMETRIC_ONLY = {
    "plate": "'charge' or 'discharge' in a cell with a cathode",
    "strip": "'charge' or 'discharge' in a cell with a cathode",
    "ccd": "steps of 'charge' and 'discharge' in a cell with a cathode",
    "cycling": "a 'repeat' of 'charge' and 'discharge' in a cell with a cathode",
}
_FULL_ONLY = {
    "charge": "'plate' or 'strip' in a cell of two lithium electrodes; 'charge' needs a cathode",
    "discharge": "'plate' or 'strip' in a cell of two lithium electrodes; 'discharge' needs a "
    "cathode",
    "temperature": "none in a cell of two lithium electrodes; set the temperature of the cell",
}


def kind_of_cell_problems(item: Item, where: str, full: bool) -> Iterator[Rule]:
    """Yield ``(field, value, expected)`` for what an item asks of the other kind of cell.

    Parameters
    ----------
    item, where
        The item and its path.
    full
        Whether the cell has a cathode; a symmetric cell has none.
    """
    if isinstance(item, Repeat):
        for index, inner in enumerate(item.steps):
            yield from kind_of_cell_problems(inner, f"{where}.steps.{index}", full)
        return
    for name, expected in (_SYMMETRIC_ONLY if full else _FULL_ONLY).items():
        if getattr(item, name, None) is not None:
            yield f"{where}.{name}", _written(item, name), expected
    if full and isinstance(item, Hold) and item.voltage <= 0.0:
        expected = "a voltage above 0 V, that of the cathode minus that of the lithium"
        yield f"{where}.voltage", _written(item, "voltage"), expected


def _written(item: Item, name: str) -> str:
    """Return a field as it may stand in the file."""
    return show(item.model_dump(include={name}, exclude_none=True)[name])
