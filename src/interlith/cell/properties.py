"""Overrides of library properties: does the material have it, and can it be that value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from interlith.cell.bounds import property_bound, require_within
from interlith.cell.yaml_io import show
from interlith.errors import QuantityError, near_matches
from interlith.units import dimension_of_unit, to_unit

if TYPE_CHECKING:
    from interlith.materials import Property

__all__ = ["property_problems"]


def property_problems(
    known: Mapping[str, tuple[str, Property]], given: Any, where: str
) -> Iterator[tuple[str, str, str]]:
    """Yield ``(field, value, expected)`` for each override that cannot be used.

    Parameters
    ----------
    known
        Category of the material and the property, by the name of the property; empty when the
        material is not known.
    given
        What the file has under ``properties``.
    where
        Path of that field.
    """
    if not isinstance(given, dict) or not known:
        return
    for name, text in given.items():
        if name not in known:
            near = near_matches(name, known)
            hint = f"; did you mean {' or '.join(near)}?" if near else ""
            yield f"{where}.{name}", show(text), f"a property of the material{hint}"
            continue
        try:
            _check(name, text, *known[name])
        except QuantityError as error:
            yield f"{where}.{name}", error.value, error.expected


def _check(name: str, text: object, category: str, library: Property) -> None:
    """Raise QuantityError when a text is not a value that the property can have."""
    if isinstance(text, bool) or not isinstance(text, str | int | float):
        raise QuantityError(show(text), f"a quantity such as '{library.given}'")
    try:
        number = to_unit(text, library.unit)
    except QuantityError as error:
        expected = f"{error.expected} (the library has '{library.given}')"
        raise QuantityError(error.value, expected) from None
    dimension = dimension_of_unit(library.unit) or "dimensionless"
    known = [value for value in (library.value, library.low, library.high) if value is not None]
    require_within(number, property_bound(name, dimension, category, known), str(text))
