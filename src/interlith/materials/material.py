"""One material: its properties by name, and how it relates to other materials."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from interlith.errors import MaterialError, near_matches
from interlith.materials.curve import Curve
from interlith.materials.ladder import LithiationStep
from interlith.materials.property import Property

CATEGORIES = (
    "metal",
    "interlayer",
    "host",
    "sei",
    "electrolyte",
    "compound",
    "mobile",
    "mechanism",
    "active",
    "cathode_interphase",
    "composite",
)


@dataclass(frozen=True, slots=True)
class Material:
    """A material of the library.

    Parameters
    ----------
    name, title, category, formula
        Name in the library, name in words, one of `CATEGORIES`, chemical formula.
    composition
        For interlayers ``basis`` ("weight" or "atomic") and ``amounts`` by element; for an SEI
        "formula units" and amounts by phase.
    relations
        Names of related materials: ``host``, ``sei``, ``alloy``, ``native_sei``, ``mobile_metal``,
        ``interphase``.
    properties
        Properties by name.
    ladder
        Steps of lithiation, of materials of the category ``mobile``.
    curves
        Curves over the lithium content by name, of materials of the category ``active``.
    notes
        What a reader must know about the material as a whole.
    origin
        File the material was read from.
    """

    name: str
    title: str
    category: str
    formula: str
    composition: Mapping[str, Any] = field(default_factory=dict)
    relations: Mapping[str, str | None] = field(default_factory=dict)
    properties: Mapping[str, Property] = field(default_factory=dict)
    ladder: tuple[LithiationStep, ...] = ()
    curves: Mapping[str, Curve] = field(default_factory=dict)
    notes: str = ""
    origin: str = ""

    def __getitem__(self, name: str) -> Property:
        """Return a property; MaterialError names the near ones when it is missing."""
        found = self.properties.get(name)
        if found is None:
            close = near_matches(name, self.properties)
            raise MaterialError(f"material {self.name} has no property '{name}'", close)
        return found

    def get(self, name: str) -> Property | None:
        """Return a property, or None."""
        return self.properties.get(name)
