"""Where values come from that changed in a run, by forming or by temperature: each once.

Porosity, alloy, cracks and interphase of a formed cell stand in its cell file like any other given
value. In a run that forms its layers first nobody gave them: they are computed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from interlith.materials.used import UsedValue, doubtful_first
from interlith.units import format_si

if TYPE_CHECKING:
    from interlith.cell.cell import Cell

__all__ = ["SOURCE", "as_computed", "beside", "forming_values", "of_both"]

FORMED_PROPERTIES = frozenset(
    [
        "porosity",
        "alloying_fraction",
        "alloying_depth",
        "cracked_fraction",
        "initial_thickness",
        "host_lithiated",
    ]
)
SOURCE = "simulated: what forming made of the layer"


def of_both(first: Iterable[UsedValue], second: Iterable[UsedValue]) -> list[UsedValue]:
    """Return the values of two lists, each once.

    Parameters
    ----------
    first, second : iterable of UsedValue
        The first list wins where both have a value.

    Returns
    -------
    list of UsedValue
        The doubtful ones first.
    """
    found: dict[tuple[str, str], UsedValue] = {}
    for used in (*first, *second):
        found.setdefault((used.where, used.property), used)
    return doubtful_first(list(found.values()))


def forming_values(
    at_test: Iterable[UsedValue], at_rest: Iterable[UsedValue], rest_temperature: float
) -> list[UsedValue]:
    """Return the values of a forming run; those that differ in the rest stand beside the others.

    Parameters
    ----------
    at_test, at_rest : iterable of UsedValue
        Values at the temperature of the cell, and at that of the rest on contact.
    rest_temperature : float
        [K].

    Returns
    -------
    list of UsedValue
        The doubtful ones first.
    """
    return beside(of_both(at_test, ()), at_rest, "rest at", rest_temperature)


def beside(
    usual: Iterable[UsedValue], other: Iterable[UsedValue], when: str, temperature: float
) -> list[UsedValue]:
    """Return values, and those that differ at another temperature with this in their name.

    Parameters
    ----------
    usual, other : iterable of UsedValue
        Values at the temperature of the cell, and at the other one.
    when : str
        Words before the temperature.
    temperature : float
        The other one [K].

    Returns
    -------
    list of UsedValue
        The doubtful ones first.
    """
    known = {(used.where, used.property): used for used in usual}
    name = f" ({when} {format_si(temperature, 'temperature')})".replace("degC", "°C")
    changed = [
        replace(used, property=used.property + name)
        for used in of_both(other, ())
        if used.kind != "given" and _differs(used, known.get((used.where, used.property)))
    ]
    return of_both(known.values(), changed)


def _differs(used: UsedValue, usual: UsedValue | None) -> bool:
    return usual is not None and used.value != usual.value


def as_computed(values: Iterable[UsedValue], cell: Cell) -> list[UsedValue]:
    """Return the values of a formed cell; what forming wrote into it counts as computed.

    Parameters
    ----------
    values : iterable of UsedValue
        Of the run of the formed cell.
    cell : Cell
        It, or the cell that it was formed from: where the interlayers are.

    Returns
    -------
    list of UsedValue
        The doubtful ones first.
    """
    layers = {f"layers.{i}" for i, layer in enumerate(cell.layers) if layer.kind == "interlayer"}
    return doubtful_first(
        [
            replace(used, kind="computed", source=SOURCE)
            if used.kind == "given"
            and used.property in FORMED_PROPERTIES
            and used.where.partition(" ")[0] in layers
            else used
            for used in values
        ]
    )
