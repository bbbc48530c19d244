"""What every part of a cell is built on: it is frozen, and may override properties by name."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from interlith.units import to_unit

__all__ = ["FrozenModel", "Name", "Overriding", "Rule"]

Name = Annotated[str, Field(min_length=1, max_length=100)]
Rule = tuple[str, str, str]
"""A breach of what must hold across fields: field, value and what was expected."""


class FrozenModel(BaseModel):
    """Base of every part of a cell: cannot be changed, knows no other fields than its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    exactly_one: ClassVar[tuple[tuple[str, ...], ...]] = ()


def _as_text(value: object) -> object:
    """Return a bare number, as a dimensionless property may be given, as text."""
    bare = isinstance(value, int | float) and not isinstance(value, bool)
    return repr(value) if bare else value


class Overriding(FrozenModel):
    """A part that may override properties of its library material, as text with unit."""

    properties: dict[str, Annotated[str, BeforeValidator(_as_text)]] = Field(default_factory=dict)

    def override(self, name: str, unit: str) -> float | None:
        """Return an overridden property in `unit`, None where the library's value stays."""
        given = self.properties.get(name)
        return None if given is None else to_unit(given, unit)
