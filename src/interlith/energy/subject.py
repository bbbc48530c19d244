"""What is weighed: a cell in a design with what it delivers, and how one number of it is changed.

Paths name numbers: ``layers.2.thickness``, ``cathode.loading``, ``design.film_thickness``,
``library.Li6PS5Cl.density``, ``delivered.specific_capacity``. Sensitivity and the inverse question
are asked by changing them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from interlith.cell import Cell, CompositeCathode
from interlith.cell.composition import Composition, composition_of
from interlith.energy.delivered import Delivered
from interlith.energy.design import Design
from interlith.materials import Library, Material

__all__ = ["Subject"]


class ChangedLibrary(Library):
    """A library in which single values are replaced; all else comes from the one beneath."""

    def __init__(self, beneath: Library, changes: Mapping[tuple[str, str], float]) -> None:
        self._beneath, self._changes = beneath, dict(changes)

    def __getitem__(self, name: str) -> Material:
        """Return a material with its replaced values."""
        material = self._beneath[name]
        mine = {p: value for (m, p), value in self._changes.items() if m == name}
        if not mine:
            return material
        changed = {p: replace(material[p], value=value) for p, value in mine.items()}
        return replace(material, properties={**material.properties, **changed})

    def __contains__(self, name: object) -> bool:
        """Return whether the name resolves."""
        return name in self._beneath


@dataclass(frozen=True)
class Subject:
    """A full cell in a design, with what one discharge delivers per mass of active material."""

    cell: Cell
    design: Design
    delivered: Delivered
    base: Library
    library_changes: Mapping[tuple[str, str], float] = field(default_factory=dict)

    @cached_property
    def library(self) -> Library:
        """The library with the changed values."""
        return (
            ChangedLibrary(self.base, self.library_changes) if self.library_changes else self.base
        )

    @property
    def cathode(self) -> CompositeCathode:
        """The composite cathode."""
        assert self.cell.cathode is not None
        return self.cell.cathode

    @cached_property
    def composition(self) -> Composition:
        """What the cathode consists of."""
        return composition_of(self.cathode, self.library)

    @property
    def areal_capacity(self) -> float:
        """Charge of a discharge per area (C/m2)."""
        return self.delivered.specific_capacity * self.composition.active.areal_mass

    @property
    def areal_energy(self) -> float:
        """Energy of a discharge per area (J/m2)."""
        return self.areal_capacity * self.delivered.mean_voltage

    def density(self, name: str, layer: Any = None) -> float:
        """Return the density (kg/m3) of a material, as its layer overrides it."""
        return self.property(name, "density", layer)

    def property(self, name: str, item: str, layer: Any = None) -> float:
        """Return a property (SI) of a material, as its layer overrides it."""
        found = self.library[name][item]
        own = None if layer is None else layer.override(item, found.unit)
        return found.value if own is None else float(own)

    def value(self, path: str) -> float:
        """Return the number at a path."""
        head, _, rest = path.partition(".")
        if head == "design":
            return self.design[rest]
        if head == "delivered":
            return float(getattr(self.delivered, rest))
        if head == "library":
            name, _, item = rest.rpartition(".")
            return self.library[name][item].value
        if head == "cathode":
            return self._cathode_value(rest)
        index, _, item = rest.partition(".")
        return float(getattr(self.cell.layers[int(index)], item))

    def _cathode_value(self, item: str) -> float:
        if item == "loading":
            return self.composition.active.areal_mass
        if item == "porosity":
            return self.composition.porosity
        return float(getattr(self.cathode, item))

    def changed(self, path: str, value: float) -> Subject:
        """Return the subject with another number at a path; all others stay.

        With another loading or active share, capacity follows at the same charge per mass.
        """
        head, _, rest = path.partition(".")
        if head == "design":
            return replace(self, design=self.design.changed(rest, value))
        if head == "delivered":
            changed: dict[str, Any] = {rest: value}
            return replace(self, delivered=replace(self.delivered, **changed))
        if head == "library":
            name, _, item = rest.rpartition(".")
            changes = {**self.library_changes, (name, item): value}
            return replace(self, library_changes=changes)
        if head == "cathode":
            last = len(self.cell.layers) - 1
            also = {"thickness": None} if rest == "loading" else self._loading_if_thickness(rest)
            return self._with_layer(last, {rest: value, **also})
        index, _, item = rest.partition(".")
        return self._with_layer(int(index), {item: value})

    def _loading_if_thickness(self, item: str) -> dict[str, Any]:
        """Hold the loading of a cathode that was given by its thickness."""
        if self.cathode.thickness is None or item == "thickness":
            return {}
        return {"loading": self.composition.active.areal_mass, "thickness": None}

    def _with_layer(self, index: int, update: Mapping[str, Any]) -> Subject:
        layers = list(self.cell.layers)
        layers[index] = layers[index].model_copy(update=dict(update))
        return replace(self, cell=self.cell.model_copy(update={"layers": tuple(layers)}))
