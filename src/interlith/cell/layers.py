"""The layers of a cell, from left to right, and the order in which they may stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import Field

from interlith.cell.cathode import CompositeCathode
from interlith.cell.part import FrozenModel, Name, Overriding
from interlith.cell.quantity import Bounded

__all__ = [
    "KIND_OF_CATEGORY",
    "LAYER_MODELS",
    "AnyLayer",
    "CompositeCathode",
    "Electrode",
    "Electrolyte",
    "FrozenModel",
    "Interlayer",
    "Layer",
    "Overriding",
    "Sei",
    "is_full_stack",
    "layer_order_problems",
]


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


AnyLayer = Annotated[
    Electrode | Interlayer | Electrolyte | CompositeCathode, Field(discriminator="kind")
]

LAYER_MODELS: dict[
    str, type[Electrode] | type[Interlayer] | type[Electrolyte] | type[CompositeCathode]
] = {
    "electrode": Electrode,
    "interlayer": Interlayer,
    "electrolyte": Electrolyte,
    "cathode": CompositeCathode,
}
KIND_OF_CATEGORY = {
    "metal": "electrode",
    "interlayer": "interlayer",
    "electrolyte": "electrolyte",
    "active": "cathode",
}
"""Kind of a layer by the category of its material."""

_ORDER = "electrode, any interlayers, electrolyte, any interlayers, electrode"
_FULL_ORDER = "electrode, any interlayers, electrolyte, cathode"


def is_full_stack(kinds: Sequence[str | None]) -> bool:
    """Return whether a stack ends in a cathode, which makes it a full cell."""
    return bool(kinds) and kinds[-1] == "cathode"


def layer_order_problems(kinds: Sequence[str | None]) -> Iterator[tuple[str, str, str]]:
    """Yield ``(field, value, expected)`` for each breach of the order of layers.

    Parameters
    ----------
    kinds
        Kind of each layer from left to right, None where it is not known; nothing is said of those.
    """
    order = _FULL_ORDER if is_full_stack(kinds) else _ORDER
    places = [index for index, kind in enumerate(kinds) if kind == "electrolyte"]
    if not places and None not in kinds:
        yield "layers", "no electrolyte", f"one electrolyte: {order}"
    yield from _separated_electrolytes(kinds, places)
    last = len(kinds) - 1
    for index, kind in enumerate(kinds):
        where = f"layers.{index}"
        if index in (0, last) and kind in ("interlayer", "electrolyte"):
            yield where, f"{kind} as outermost layer", f"a lithium electrode (order: {order})"
        if index not in (0, last) and kind == "electrode":
            yield where, "electrode inside the stack", f"electrodes outermost only (order: {order})"
        if index != last and kind == "cathode":
            place = "as first layer" if index == 0 else "inside the stack"
            yield where, f"cathode {place}", f"the cathode as last layer (order: {_FULL_ORDER})"
    if is_full_stack(kinds) and last > 0 and kinds[last - 1] in ("electrode", "interlayer"):
        expected = f"the cathode on the electrolyte (order: {_FULL_ORDER})"
        yield f"layers.{last}", f"a cathode on an {kinds[last - 1]}", expected


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
