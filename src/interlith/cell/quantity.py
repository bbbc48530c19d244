"""Annotations that let pydantic read quantities: text with a unit in, SI float inside, text out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from interlith.cell.bounds import BOUNDS, read_bounded, require_within
from interlith.cell.yaml_io import show
from interlith.errors import QuantityError
from interlith.units import c_rate_multiple, exact_text, to_si

__all__ = ["Bounded", "CRate", "CurrentOrRate", "Until", "UntilLimits", "schema_of"]

MOST_LIMITS = 8
LARGEST_C_RATE = 1000.0


def schema_of(read: Callable[[Any], Any], write: Callable[[Any], Any]) -> CoreSchema:
    """Return the schema of a type with its own reader and writer."""
    return core_schema.no_info_plain_validator_function(
        read, serialization=core_schema.plain_serializer_function_ser_schema(write)
    )


@dataclass(frozen=True)
class Bounded:
    """Marks a float field as a quantity with limits; `name` is a key of `BOUNDS`."""

    name: str

    def expected(self) -> str:
        """Return what is expected where the field is missing."""
        return BOUNDS[self.name].expected()

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return schema_of(
            lambda value: read_bounded(value, self.name),
            lambda value: exact_text(value, BOUNDS[self.name].dimension),
        )


@dataclass(frozen=True)
class CRate:
    """A current as a multiple of 1C, which moves the cell's capacity in one hour."""

    multiple: float

    def text(self) -> str:
        """Return the rate as it is written in a cell file, such as ``0.5C``."""
        return f"{self.multiple!r}C"

    def current_density(self, capacity: float) -> float:
        """Return the current density (A/m2) for an areal capacity (C/m2)."""
        return self.multiple * capacity / 3600.0


@dataclass(frozen=True)
class CurrentOrRate:
    """Marks a field that takes a current density or a C-rate; `name` limits the former."""

    name: str

    def expected(self) -> str:
        """Return what is expected where the field is missing."""
        return BOUNDS[self.name].expected()

    def read(self, value: object) -> float | CRate:
        """Return the SI current density, or the C-rate."""
        if isinstance(value, CRate):
            return value
        multiple = _rate_multiple(value)
        if multiple is None:
            return read_bounded(value, self.name)
        size = abs(multiple) if BOUNDS[self.name].signed else multiple
        if not 0.0 < size <= LARGEST_C_RATE:
            raise QuantityError(show(value), f"a C-rate above 0C and at most {LARGEST_C_RATE:g}C")
        return CRate(multiple)

    def write(self, value: float | CRate) -> str:
        """Return the text that `read` takes back."""
        return value.text() if isinstance(value, CRate) else exact_text(value, "current_density")

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return schema_of(self.read, self.write)


def _rate_multiple(value: object) -> float | None:
    """Return the multiple of 1C that a text such as ``0.5C`` or ``C/10`` means, else None."""
    try:
        return c_rate_multiple(value) if isinstance(value, str) else None
    except QuantityError:
        return None


@dataclass(frozen=True)
class Until:
    """Where a step ends, whichever comes first; SI values, None where not asked for."""

    time: float | None = None
    areal_capacity: float | None = None
    voltage: float | None = None
    current_density: float | CRate | None = None
    short: bool = False


_LIMITS = {
    "time": "duration",
    "areal_capacity": "step_capacity",
    "voltage": "voltage_limit",
    "current_density": "current_cutoff",
}
UNTIL_EXPECTED = (
    "a time, an areal capacity such as '1 mAh/cm2', a voltage such as '0.3 V', "
    "a current density such as '0.01 mA/cm2', a C-rate such as '0.05C', 'short', "
    "or a list of these"
)


class UntilLimits:
    """Marks a field that takes one limit or a list of them."""

    def expected(self) -> str:
        """Return what is expected where the field is missing."""
        return UNTIL_EXPECTED

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return schema_of(read_until, write_until)


def read_until(value: object) -> Until:
    """Return the limits that a text or a list of texts stands for."""
    if isinstance(value, Until):
        return value
    texts = value if isinstance(value, list | tuple) else [value]
    if not texts or len(texts) > MOST_LIMITS:
        raise QuantityError(show(value), f"1 to {MOST_LIMITS} limits: {UNTIL_EXPECTED}")
    found: dict[str, Any] = {}
    for text in texts:
        name, number = _read_limit(text)
        if name in found:
            raise QuantityError(show(text), f"each kind of limit once; there is a {name} already")
        found[name] = number
    return Until(**found)


def _read_limit(text: object) -> tuple[str, float | bool | CRate]:
    if not isinstance(text, str):
        raise QuantityError(show(text), UNTIL_EXPECTED)
    if text.strip().lower() in ("short", "a short", "shorted"):
        return "short", True
    if _rate_multiple(text) is not None:
        return "current_density", CurrentOrRate("current_cutoff").read(text)
    for name, bound in _LIMITS.items():
        try:
            number = to_si(text, BOUNDS[bound].dimension)
        except QuantityError:
            continue
        require_within(number, BOUNDS[bound], text)
        return name, number
    raise QuantityError(text, UNTIL_EXPECTED)


def write_until(until: Until | None) -> list[str] | None:
    """Return the texts that `read_until` takes back."""
    if until is None:
        return None
    texts = [
        number.text() if isinstance(number, CRate) else exact_text(number, name)
        for name in _LIMITS
        if (number := getattr(until, name)) is not None
    ]
    return texts + (["short"] if until.short else [])
