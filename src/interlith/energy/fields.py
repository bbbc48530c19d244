"""The fields of a design: what is built around the layers of a cell file, with units and limits."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["DELIVERED", "FIELDS", "FORMATS", "MATERIAL_FIELDS", "POUCH", "STACK", "Field"]

FORMATS = ("stack", "pouch")


@dataclass(frozen=True, slots=True)
class Field:
    """One number of a design.

    Parameters
    ----------
    unit
        SI unit.
    shown, scale
        Unit in which people read it, and how many SI units that is.
    low, high
        Limits in SI, both included.
    meaning
        What it is, in words.
    whole
        Whether it is a whole number.
    """

    unit: str
    shown: str
    scale: float
    low: float
    high: float
    meaning: str
    whole: bool = False

    def text(self, value: float) -> str:
        """Return a value as it can stand in a design file."""
        number = f"{value / self.scale:.12g}"
        return number if self.shown == "1" else f"{number} {self.shown}"

    def limits(self) -> str:
        """Return the limits in words."""
        return f"{self.text(self.low)} to {self.text(self.high)}"


def _um(low: float, high: float, meaning: str) -> Field:
    return Field("m", "um", 1e-6, low * 1e-6, high * 1e-6, meaning)


def _mm(low: float, high: float, meaning: str) -> Field:
    return Field("m", "mm", 1e-3, low * 1e-3, high * 1e-3, meaning)


def _share(low: float, high: float, meaning: str) -> Field:
    return Field("1", "1", 1.0, low, high, meaning)


def _count(low: int, high: int, meaning: str) -> Field:
    return Field("1", "1", 1.0, low, high, meaning, whole=True)


STACK: dict[str, Field] = {
    "negative_collector_thickness": _um(0.0, 500.0, "foil under the lithium"),
    "positive_collector_thickness": _um(0.0, 500.0, "foil under the cathode"),
    "collector_sides": _count(1, 2, "2 where a foil is coated on both sides, else 1"),
    "electrolyte_porosity": _share(0.0, 0.6, "pores of the electrolyte layers; weigh nothing"),
    "cathode_breathing": _share(0.0, 1.0, "share of the particles' shrinking that the layer shows"),
}
"""What both levels need."""

POUCH: dict[str, Field] = {
    "electrode_pairs": _count(1, 500, "cathode layers that face a lithium layer"),
    "electrode_width": _mm(1.0, 2000.0, "of the cathode"),
    "electrode_length": _mm(1.0, 2000.0, "of the cathode, from the terminals to the other end"),
    "overhang": _mm(0.0, 20.0, "of lithium side and electrolyte over the cathode, at each edge"),
    "film_thickness": _um(10.0, 1000.0, "pouch laminate"),
    "film_density": Field("kg/m3", "g/cm3", 1e3, 500.0, 5000.0, "pouch laminate, all its layers"),
    "side_seal_width": _mm(0.0, 30.0, "sealed film at each long side"),
    "end_seal_width": _mm(0.0, 30.0, "sealed film at the end without terminals"),
    "terminal_end_length": _mm(0.0, 60.0, "foil tails and seal at the end with the terminals"),
    "tab_width": _mm(0.0, 500.0, "each terminal"),
    "tab_length": _mm(0.0, 200.0, "each terminal, inside and outside"),
    "tab_thickness": _mm(0.0, 5.0, "each terminal"),
    "foil_tail_length": _mm(0.0, 60.0, "bare foil between the electrode and the terminal"),
    "thickness_allowance": _share(0.0, 0.5, "more thickness than the layers have in sum"),
}
"""What the cell level needs on top."""

OPTIONAL: dict[str, Field] = {
    "extra_mass": Field("kg", "g", 1e-3, 0.0, 1e3, "anything else a cell, such as springs"),
    "extra_volume": Field("m3", "cm3", 1e-6, 0.0, 1.0, "room of anything else a cell"),
}
"""What the cell level may have; nobody can guess it, so it is listed as not counted."""

DELIVERED: dict[str, Field] = {
    "areal_capacity": Field(
        "C/m2", "mAh/cm2", 36000.0, 36.0, 3.6e6, "what a discharge delivers, where measured"
    ),
    "mean_voltage": Field("V", "V", 1.0, 0.1, 6.0, "of that discharge, where measured"),
}
"""What may stand in for a simulated result."""

FIELDS: dict[str, Field] = {**STACK, **POUCH, **OPTIONAL, **DELIVERED}

MATERIAL_FIELDS: dict[str, str] = {
    "negative_collector": "foil under the lithium",
    "positive_collector": "foil under the cathode",
    "negative_tab": "terminal of the lithium side",
    "positive_tab": "terminal of the cathode side",
}
"""Fields that name a material of the library; only its density is used."""
