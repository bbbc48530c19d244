"""Setting fields of a cell from outside its file, as ``--set layers.1.thickness="30 um"`` does.

A path goes down by names and, in lists, by numbers from 0. Among layers ``*`` means each one that
has the field, and a kind (``electrode``, ``interlayer``, ``electrolyte``, ``cathode``) means all
of that kind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from interlith.cell.layers import KIND_OF_CATEGORY, LAYER_MODELS
from interlith.cell.sentence import sentence_to_mapping
from interlith.cell.yaml_io import parse_value, show
from interlith.errors import InputError, MaterialError, QuantityError

if TYPE_CHECKING:
    from interlith.materials import Library, Property

__all__ = ["Shelf", "apply_overrides"]

LONGEST_PATH = 200
COMPOSITE = "composite"
"""Material of the library that holds what a composite cathode adds to its materials."""
Add = Callable[[str, str, str], None]
Known = dict[str, "tuple[str, Property]"]


class Shelf:
    """What the cell room asks the library: categories, and properties a layer may override."""

    def __init__(self, library: Library) -> None:
        self.library = library

    def category(self, material: object) -> str | None:
        """Return the category of a material, None for an unknown one."""
        try:
            return self.library[material].category if isinstance(material, str) else None
        except (MaterialError, InputError):
            return None

    def of(self, material: str) -> Known:
        """Return category and property by name of property; empty for an unknown material."""
        if self.category(material) is None:
            return {}
        found = self.library[material]
        return {name: (found.category, item) for name, item in found.properties.items()}

    def of_layer(self, material: str) -> Known:
        """Return as `of`, with what the layer takes from others.

        An interlayer has the properties of its host too, a cathode those of the composite.
        """
        if self.category(material) == "active":
            return {**self.of(COMPOSITE), **self.of(material)}
        if self.category(material) != "interlayer":
            return self.of(material)
        host = self.library[material].relations.get("host")
        return {**(self.of(host) if host else {}), **self.of(material)}

    def interphase(self, material: str) -> str | None:
        """Return the interphase that an active material has when the cell names none."""
        if self.category(material) != "active":
            return None
        return self.library[material].relations.get("interphase")

    def has_composition(self, material: str) -> bool:
        """Return whether any property of a material depends on its composition."""
        known = self.of(material)
        return not known or any(item.composition is not None for _, item in known.values())

    def kind(self, layer: object) -> str | None:
        """Return the kind of a layer as it stands in a file."""
        if not isinstance(layer, dict):
            return None
        category = self.category(layer.get("material"))
        given = layer.get("kind")
        return KIND_OF_CATEGORY.get(category or "") or (
            given if given in tuple(LAYER_MODELS) else None
        )


class _NoSuchPath(Exception):
    """A path leads nowhere; `place` is the part that failed."""

    def __init__(self, place: str, expected: str) -> None:
        self.place, self.expected = place, expected
        super().__init__(place)


def apply_overrides(
    values: dict[str, Any], overrides: Mapping[str, Any], shelf: Shelf, add: Add
) -> dict[str, Any]:
    """Return the values of a cell file with fields set; `add` is told what could not be set."""
    if not overrides:
        return values
    changed = deepcopy(values)
    for path, given in overrides.items():
        try:
            value = parse_value(given, "", path) if isinstance(given, str) else given
            if isinstance(value, dict):
                raise _NoSuchPath(
                    path, "a single value or a list; set the fields inside one by one"
                )
            for place in _places(changed, path, shelf):
                _set(changed, place, value)
        except _NoSuchPath as error:
            add(path, show(given), f"{error.expected} ('{error.place}' in an override)")
        except InputError as error:
            add(path, show(given), error.problems[0].expected)
    return changed


def _places(values: dict[str, Any], path: str, shelf: Shelf) -> Iterator[list[str]]:
    """Yield the paths, without wildcards, that an override sets."""
    parts = path.split(".")
    if len(path) > LONGEST_PATH or not all(parts):
        raise _NoSuchPath(path[:60], "a path such as layers.1.thickness")
    if parts[0] != "layers" or len(parts) < 3 or parts[1].isdigit():
        yield parts
        return
    if parts[1] != "*" and parts[1] not in LAYER_MODELS:
        raise _NoSuchPath(parts[1], f"a number from 0, *, {', '.join(LAYER_MODELS)} after 'layers'")
    layers = values.get("layers")
    layers = layers if isinstance(layers, list) else []
    kinds = [shelf.kind(layer) for layer in layers]
    places = [
        str(index)
        for index, layer in enumerate(layers)
        if parts[1] in ("*", kinds[index])
        and _has_field(layer, kinds[index], parts[1:], shelf)
        and (parts[2] != "sei" or _touches_electrolyte(kinds, index))
    ]
    if not places:
        raise _NoSuchPath(path, "a field that at least one of these layers has")
    for place in places:
        yield ["layers", place, *parts[2:]]


def _has_field(layer: Any, kind: str | None, parts: list[str], shelf: Shelf) -> bool:
    """Return whether a layer can have a field; `parts` begins with ``*`` or a kind."""
    if kind is None or parts[1] not in LAYER_MODELS[kind].model_fields:
        return False
    if parts[1] == "properties" and parts[0] == "*" and len(parts) > 2:
        return parts[2] in shelf.of_layer(str(layer.get("material")))
    return True


def _touches_electrolyte(kinds: list[str | None], index: int) -> bool:
    return "electrolyte" in kinds[max(index - 1, 0) : index + 2]


def _set(values: dict[str, Any], parts: list[str], value: Any) -> None:
    """Set one field, making the mappings on the way to it that are not there yet."""
    here: Any = values
    for index, part in enumerate(parts[:-1]):
        place = ".".join(parts[: index + 1])
        if isinstance(here, list):
            at = _index(here, part, place)
            here[at] = _opened(here[at])
            here = here[at]
        elif isinstance(here, dict):
            here = here.setdefault(part, {})
        else:
            raise _NoSuchPath(place, "a path through mappings and lists of the cell")
    if isinstance(here, list):
        here[_index(here, parts[-1], ".".join(parts))] = value
    elif isinstance(here, dict):
        here[parts[-1]] = value
    else:
        raise _NoSuchPath(".".join(parts), "a path through mappings and lists of the cell")


def _index(items: list[Any], part: str, place: str) -> int:
    if not (part.isdigit() and len(part) < 10 and int(part) < len(items)):
        raise _NoSuchPath(place, f"a number from 0 to {len(items) - 1} at this place")
    return int(part)


def _opened(item: Any) -> Any:
    """Return a step written as a sentence as the mapping it stands for; all else unchanged."""
    try:
        return sentence_to_mapping(item) if isinstance(item, str) else item
    except QuantityError:
        return item
