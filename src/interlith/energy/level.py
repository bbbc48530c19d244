"""A level: the energy of one discharge over the mass and the volume of the parts that are counted.

.. math:: w_m = E / sum_i m_i,   w_V = E / sum_i V_i

Definition. A stack is counted per area of cathode, a cell as a whole; the volume is that of the
charged state, when the plated lithium is thickest, and beside it that of the discharged state.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

__all__ = ["GROUPS", "JOULES_PER_WH", "Level", "Part"]

JOULES_PER_WH = 3600.0
LITRES_PER_M3 = 1000.0

GROUPS: dict[str, str] = {
    "active": "active material",
    "cathode": "rest of the cathode",
    "electrolyte": "electrolyte layer",
    "interlayer": "interlayer",
    "lithium": "lithium",
    "collector": "collectors",
    "overhang": "overhang, end collector",
    "film": "pouch film",
    "tab": "tabs and tails",
    "extra": "extra",
}
"""What a part belongs to, in the order in which a cell is put together."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a level.

    Parameters
    ----------
    name
        In words.
    group
        Key of `GROUPS`.
    mass
        kg a cell, or kg per m2 of cathode.
    volume, charged_volume
        m3 a cell, or m3 per m2 (a thickness in m), discharged and charged.
    """

    name: str
    group: str
    mass: float
    volume: float
    charged_volume: float

    def times(self, factor: float) -> Part:
        """Return so many of the part."""
        return Part(
            self.name,
            self.group,
            self.mass * factor,
            self.volume * factor,
            self.charged_volume * factor,
        )


@dataclass(frozen=True, slots=True)
class Level:
    """Energy of a discharge (J, or J per m2 of cathode) and the parts that it is divided by."""

    name: str
    energy: float
    parts: tuple[Part, ...]

    @property
    def mass(self) -> float:
        """Mass of all parts (kg, or kg/m2)."""
        return math.fsum(part.mass for part in self.parts)

    @property
    def volume(self) -> float:
        """Volume in the discharged state (m3, or m)."""
        return math.fsum(part.volume for part in self.parts)

    @property
    def charged_volume(self) -> float:
        """Volume in the charged state (m3, or m)."""
        return math.fsum(part.charged_volume for part in self.parts)

    @property
    def Wh_kg(self) -> float:
        """Specific energy (Wh/kg)."""
        return self.energy / JOULES_PER_WH / self.mass

    @property
    def Wh_L(self) -> float:
        """Energy density with the volume of the charged state (Wh/L)."""
        return self.energy / JOULES_PER_WH / (self.charged_volume * LITRES_PER_M3)

    @property
    def Wh_L_discharged(self) -> float:
        """Energy density with the volume of the discharged state (Wh/L)."""
        return self.energy / JOULES_PER_WH / (self.volume * LITRES_PER_M3)

    def mass_of(self, *groups: str) -> float:
        """Return the mass of some groups (kg, or kg/m2)."""
        return math.fsum(part.mass for part in self.parts if part.group in groups)
