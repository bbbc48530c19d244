"""From the active material down to the cell: what each group of parts takes off the Wh/kg."""

from __future__ import annotations

from dataclasses import dataclass

from interlith.energy.level import GROUPS, JOULES_PER_WH, Level

__all__ = ["Drop", "waterfall_of"]


@dataclass(frozen=True, slots=True)
class Drop:
    """One step down.

    Parameters
    ----------
    group
        Key of `GROUPS`.
    name
        In words.
    mass
        Mass of the group (kg, or kg/m2).
    Wh_kg
        Specific energy once the group is counted (Wh/kg).
    """

    group: str
    name: str
    mass: float
    Wh_kg: float


def waterfall_of(level: Level) -> tuple[Drop, ...]:
    """Return the specific energy with more and more groups counted, from the active material on."""
    drops, mass = [], 0.0
    for group, name in GROUPS.items():
        added = level.mass_of(group)
        if added > 0.0:
            mass += added
            drops.append(Drop(group, name, added, level.energy / JOULES_PER_WH / mass))
    return tuple(drops)
