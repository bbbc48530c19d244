"""The layers of a cell, from left to right, and the order in which they may stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from interlith.cell.quantity import Bounded
from interlith.units import to_unit

__all__ = [
    "KIND_OF_CATEGORY",
    "LAYER_MODELS",
    "AnyLayer",
    "Electrode",
    "Electrolyte",
    "FrozenModel",
    "Interlayer",
    "Layer",
    "Sei",
    "layer_order_problems",
]

Name = Annotated[str, Field(min_length=1, max_length=100)]


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


class Sei(Overriding):
    """The reaction layer between an electrode side and the electrolyte.

    What is left out comes from the library: the material from the relation of the layer it lies on,
    the thickness from the property ``initial_thickness``.
    """

    material: Name | None = None
    thickness: Annotated[float, Bounded("sei_thickness")] | None = None


class Layer(Overriding):
    """What every layer has: a material of the library and a thickness (m)."""

    material: Name
    thickness: Annotated[float, Bounded("layer_thickness")]


class Electrode(Layer):
    """A lithium or lithium alloy electrode, the outermost layer of its side."""

    kind: Literal["electrode"] = "electrode"
    magnesium_fraction: Annotated[float, Bounded("magnesium_fraction")] | None = None
    sei: Sei | None = None


class Interlayer(Layer):
    """A layer between a lithium electrode and the electrolyte."""

    kind: Literal["interlayer"] = "interlayer"
    particle_size: Annotated[float, Bounded("particle_size")] | None = None
    porosity: Annotated[float, Bounded("porosity")] | None = None
    state: Literal["formed", "pristine"] = "formed"
    host_lithiated: Annotated[float, Bounded("host_lithiated")] | None = None
    """Lithiated share of the host at the start; None is all of it when formed, else nothing."""
    sei: Sei | None = None


class Electrolyte(Layer):
    """The solid electrolyte that separates the two sides."""

    kind: Literal["electrolyte"] = "electrolyte"
    roughness: Annotated[float, Bounded("roughness")] | None = None


AnyLayer = Annotated[Electrode | Interlayer | Electrolyte, Field(discriminator="kind")]

LAYER_MODELS: dict[str, type[Electrode] | type[Interlayer] | type[Electrolyte]] = {
    "electrode": Electrode,
    "interlayer": Interlayer,
    "electrolyte": Electrolyte,
}
KIND_OF_CATEGORY = {
    "metal": "electrode",
    "interlayer": "interlayer",
    "electrolyte": "electrolyte",
}
"""Kind of a layer by the category of its material."""

_ORDER = "electrode, any interlayers, electrolyte, any interlayers, electrode"


def layer_order_problems(kinds: Sequence[str | None]) -> Iterator[tuple[str, str, str]]:
    """Yield ``(field, value, expected)`` for each breach of the order of layers.

    Parameters
    ----------
    kinds
        Kind of each layer from left to right, None where it is not known; nothing is said of those.
    """
    places = [index for index, kind in enumerate(kinds) if kind == "electrolyte"]
    if not places and None not in kinds:
        yield "layers", "no electrolyte", f"one electrolyte: {_ORDER}"
    yield from _separated_electrolytes(kinds, places)
    last = len(kinds) - 1
    for index, kind in enumerate(kinds):
        where = f"layers.{index}"
        if index in (0, last) and kind in ("interlayer", "electrolyte"):
            yield where, f"{kind} as outermost layer", f"a lithium electrode (order: {_ORDER})"
        if index not in (0, last) and kind == "electrode":
            yield (
                where,
                "electrode inside the stack",
                f"electrodes outermost only (order: {_ORDER})",
            )


def _separated_electrolytes(
    kinds: Sequence[str | None], places: Sequence[int]
) -> Iterator[tuple[str, str, str]]:
    """Yield a problem where something else stands between two electrolyte layers."""
    for first, second in pairwise(places):
        between = [kind for kind in kinds[first + 1 : second] if kind is not None]
        if between:
            yield (
                f"layers.{second}",
                f"a second electrolyte, separated from layers.{first} by {between[0]}",
                "one electrolyte; several electrolyte layers must lie side by side",
            )


def sei_problems(
    layers: Sequence[Any], kinds: Sequence[str | None]
) -> Iterator[tuple[str, str, str]]:
    """Yield a problem for each SEI on a layer that does not touch the electrolyte."""
    for index, layer in enumerate(layers):
        has_sei = isinstance(layer, dict) and layer.get("sei") is not None
        has_sei = has_sei or getattr(layer, "sei", None) is not None
        neighbours = {kinds[i] for i in (index - 1, index + 1) if 0 <= i < len(kinds)}
        wrong = kinds[index] in ("electrode", "interlayer") and None not in neighbours
        if has_sei and wrong and "electrolyte" not in neighbours:
            yield (
                f"layers.{index}.sei",
                "an SEI",
                "an SEI only on the layer next to the electrolyte",
            )
