"""One value that a simulation used, with its provenance: what every report lists."""

from __future__ import annotations

from dataclasses import dataclass

# Values a reader should doubt first come first.
DOUBT_ORDER = ("assumed", "fitted", "computed", "measured", "given")


@dataclass(frozen=True, slots=True)
class UsedValue:
    """A value that entered a simulation.

    Parameters
    ----------
    where
        Layer or part of the cell, for example ``"layers.1 Mg16Bi84"``.
    property
        Name of the property.
    value, unit
        Value in SI and its SI unit.
    given
        The quantity as it was written.
    kind
        ``measured``, ``computed``, ``fitted``, ``assumed``, or ``given`` for the user's cell file.
    source
        Citation in one line, or where the value was given.
    low, high
        Range in SI, if known.
    """

    where: str
    property: str
    value: float
    unit: str
    given: str
    kind: str
    source: str
    low: float | None = None
    high: float | None = None


def doubtful_first(values: list[UsedValue]) -> list[UsedValue]:
    """Sort assumed values first, then fitted, computed, measured and given ones."""
    rank = {kind: index for index, kind in enumerate(DOUBT_ORDER)}
    return sorted(
        values, key=lambda used: (rank.get(used.kind, len(rank)), used.where, used.property)
    )
