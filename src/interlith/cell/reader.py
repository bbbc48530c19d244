"""From the values of a cell file to a `Cell`, collecting every problem on the way.

The parts are read one by one, so that a mistake in one hides no mistake in another: head, layers
(whose kind follows from the category of their material), protocol, and what must fit together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from pydantic import BaseModel, ValidationError

from interlith.cell.cell import (
    FEWEST_LAYERS,
    MOST_ITEMS,
    MOST_LAYERS,
    Cell,
    CellHead,
    Conversion,
    Solver,
    protocol_problems,
)
from interlith.cell.layers import (
    KIND_OF_CATEGORY,
    LAYER_MODELS,
    CompositeCathode,
    Layer,
    Sei,
    layer_order_problems,
    sei_problems,
)
from interlith.cell.overrides import Shelf, apply_overrides
from interlith.cell.part import FrozenModel
from interlith.cell.properties import property_problems
from interlith.cell.protocol import ITEM_MODELS, MOST_STEPS, Item, Repeat, count_steps
from interlith.cell.sentence import SENTENCE_EXPECTED, sentence_to_mapping
from interlith.cell.yaml_io import Document, parse, read_text, show
from interlith.errors import InputError, MaterialError, Problem, QuantityError, near_matches

if TYPE_CHECKING:
    from interlith.materials import Library

__all__ = ["load", "loads", "read_cell"]

Model = TypeVar("Model", bound=BaseModel)
FIELDS = "a mapping with the fields name, temperature, stack_pressure, area, layers and protocol"
MOST_REPORTED = 50


def load(
    path: str | Path, overrides: Mapping[str, Any] | None = None, library: Library | None = None
) -> Cell:
    """Return the cell of a YAML file.

    Parameters
    ----------
    path
        The file. Paths under ``materials`` are relative to its folder.
    overrides
        Fields to set, for example ``{"layers.1.thickness": "30 um"}``; see docs/cell-file.md.
    library
        Materials to use instead of the library of the package.

    Raises
    ------
    InputError
        Every problem of the file at once, each with field, value and what was expected.
    """
    document = parse(read_text(path), str(path))
    return _read(document, Path(path).parent, overrides or {}, library)


def loads(
    text: str,
    overrides: Mapping[str, Any] | None = None,
    library: Library | None = None,
    file: str = "<text>",
) -> Cell:
    """Return the cell of a YAML text, as `load` does; paths are relative to the working folder."""
    return _read(parse(text, file), Path(), overrides or {}, library)


def read_cell(
    values: dict[str, Any],
    overrides: Mapping[str, Any] | None = None,
    library: Library | None = None,
) -> Cell:
    """Return the cell of a mapping in the form of a cell file; see `Cell.read`."""
    return _read(Document("<cell>", values), Path(), overrides or {}, library)


def _read(
    document: Document, folder: Path, overrides: Mapping[str, Any], library: Library | None
) -> Cell:
    if not isinstance(document.value, dict):
        found = show(document.value) and f"{type(document.value).__name__} at the top"
        raise InputError(Problem(document.file, "", found, FIELDS))
    report = Report(document)
    values = dict(document.value)
    values["materials"] = _absolute(values.get("materials"), folder)
    shelf = _shelf(values["materials"], library, report)
    values = apply_overrides(values, overrides, shelf, report.add)
    cell = _Reader(report, shelf).cell(values)
    if cell is None or report.problems:
        raise InputError(report.sorted(overrides))
    return cell


class Report:
    """Collects problems, adding the file and the line of each."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self.problems: list[Problem] = []

    def add(self, field: str, value: str, expected: str) -> None:
        """Note one problem."""
        line = self._document.line_of(field)
        self.problems.append(Problem(self._document.file, field, value, expected, line))

    def sorted(self, overrides: Iterable[str]) -> list[Problem]:
        """Return each problem once, in the order of the file, at most `MOST_REPORTED` of them."""
        unique = sorted(dict.fromkeys(self.problems), key=lambda problem: problem.line or 0)
        if len(unique) > MOST_REPORTED:
            more = f"{len(unique)} problems"
            note = f"none; only the first {MOST_REPORTED} are shown"
            unique = [*unique[:MOST_REPORTED], Problem(self._document.file, "", more, note)]
        return unique


def _absolute(paths: Any, folder: Path) -> Any:
    """Return material paths relative to the cell file as absolute ones; anything else unchanged."""
    if not isinstance(paths, list | tuple):
        return paths
    return [str((folder / path).resolve()) if isinstance(path, str) else path for path in paths]


def _shelf(paths: Any, library: Library | None, report: Report) -> Shelf:
    """Return the materials to look names up in; problems of the user's files are reported."""
    from interlith.materials import Library

    usable = isinstance(paths, list | tuple) and all(isinstance(path, str) for path in paths)
    if library is None and paths and usable:
        try:
            return Shelf(Library.load(paths))
        except InputError as error:
            report.problems.extend(error.problems)
    return Shelf(library or Library.default())


class _Reader:
    """Reads the parts of one cell."""

    def __init__(self, report: Report, shelf: Shelf) -> None:
        self._add = report.add
        self._report = report
        self._shelf = shelf

    def cell(self, values: dict[str, Any]) -> Cell | None:
        """Return the cell, or None when something is wrong with it."""
        head = self._head({key: value for key, value in values.items() if value is not None})
        layers = self._layers(values.get("layers"))
        protocol = self._protocol(values.get("protocol"))
        if head is None or self._report.problems:
            return None
        full = isinstance(layers[-1], CompositeCathode)
        self._add_all(protocol_problems(tuple(protocol), head.capacity, full))
        # everything has been checked; validating again would ask the SI floats for their units
        fields = {name: getattr(head, name) for name in CellHead.model_fields}
        return Cell.model_construct(
            **fields, layers=cast("Any", tuple(layers)), protocol=tuple(protocol)
        )

    def _add_all(self, problems: Iterable[tuple[str, str, str]]) -> None:
        for problem in problems:
            self._add(*problem)

    def _head(self, values: dict[str, Any]) -> CellHead | None:
        for name in ("layers", "protocol"):
            values.pop(name, None)
        self._part(values, "solver", Solver)
        self._part(values, "conversion", Conversion)
        return self._validate(CellHead, values, "", also=("layers", "protocol"))

    def _part(self, values: dict[str, Any], name: str, model: type[BaseModel]) -> None:
        """Replace the mapping under a name by what was read from it."""
        given = values.pop(name, None)
        if given is None:
            return
        if isinstance(given, model):
            values[name] = given
        elif not isinstance(given, dict):
            self._add(
                name, show(given), f"a mapping with fields of {', '.join(model.model_fields)}"
            )
        else:
            values[name] = self._validate(model, given, name) or model()

    def _layers(self, raw: Any) -> list[Layer | CompositeCathode]:
        if not self._is_list(
            raw, "layers", FEWEST_LAYERS, MOST_LAYERS, "layers, from left to right"
        ):
            return []
        kinds = [self._kind(layer, f"layers.{index}") for index, layer in enumerate(raw)]
        if len(raw) >= FEWEST_LAYERS:
            self._add_all(layer_order_problems(kinds))
        self._add_all(sei_problems(raw, kinds))
        read = [self._layer(layer, kinds[i], f"layers.{i}") for i, layer in enumerate(raw)]
        return [layer for layer in read if layer is not None]

    def _is_list(self, raw: Any, where: str, least: int, most: int, what: str) -> bool:
        """Return whether a list was given that is neither too short nor too long."""
        expected = f"a list of {least} to {most:,} {what}"
        if not isinstance(raw, list | tuple):
            self._add(where, show(raw), expected)
        elif not least <= len(raw) <= most:
            self._add(where, f"{len(raw)} entries", expected)
            return len(raw) > 0 and len(raw) <= most
        return isinstance(raw, list | tuple) and len(raw) > 0

    def _kind(self, raw: Any, where: str) -> str | None:
        """Return the kind of a layer from its material, else from what the file says."""
        if not isinstance(raw, dict):
            return None
        given = raw.get("kind")
        material = raw.get("material")
        if given is not None and given not in tuple(LAYER_MODELS):
            self._add(f"{where}.kind", show(given), f"one of {', '.join(LAYER_MODELS)}")
            given = None
        if not isinstance(material, str):
            return given
        category = self._category(material, f"{where}.material")
        kind = KIND_OF_CATEGORY.get(category or "")
        if category is not None and kind is None:
            expected = "a metal, an interlayer, an electrolyte or an active material of the library"
            self._add(f"{where}.material", f"{material}, a {category}", expected)
        if kind is not None and given is not None and given != kind:
            self._add(
                f"{where}.kind", given, f"'{kind}', since {material} is of category {category}"
            )
        return kind or given

    def _category(self, material: str, where: str) -> str | None:
        try:
            return self._shelf.library[material].category
        except MaterialError as error:
            known = f"a material of the library{_hint(error.near)} (interlith materials list)"
            self._add(where, material, known)
        except InputError as error:
            self._report.problems.extend(error.problems)
        return None

    def _layer(self, raw: Any, kind: str | None, where: str) -> Layer | CompositeCathode | None:
        if not isinstance(raw, dict):
            self._add(where, show(raw), "a mapping with at least 'material' and 'thickness'")
            return None
        values = {key: value for key, value in raw.items() if value is not None}
        sei = self._sei(values, kind, where)
        if kind is None and "loading" in values:
            return None  # a cathode of an unknown material, which was reported
        if kind is None:
            # nothing is known about the other fields, but these two are needed by any other layer
            known = {name: values[name] for name in ("material", "thickness") if name in values}
            return self._validate(Layer, known, where)
        material = values.get("material")
        if isinstance(material, str):
            self._properties(self._shelf.of_layer(material), values, where)
            self._composition(material, values, where)
        if kind == "cathode":
            self._inside_cathode(values, where)
        return self._validate(LAYER_MODELS[kind], {**values, "kind": kind} | sei, where)

    def _composition(self, material: str, values: dict[str, Any], where: str) -> None:
        """Refuse a magnesium fraction of a metal that has none."""
        if values.get("magnesium_fraction") is not None and not self._shelf.has_composition(
            material
        ):
            shown = show(values["magnesium_fraction"])
            self._add(f"{where}.magnesium_fraction", shown, f"none; {material} has no magnesium")

    def _inside_cathode(self, values: dict[str, Any], where: str) -> None:
        """Look up the materials that a cathode is made of beside its active one."""
        electrolyte = values.get("electrolyte")
        names = list(electrolyte) if isinstance(electrolyte, dict) else [electrolyte]
        for name in names:
            self._require_category(name, "electrolyte", f"{where}.electrolyte")
        self._require_category(values.get("additive"), "compound", f"{where}.additive")
        interphase, active = values.get("interphase"), values.get("material")
        self._require_category(interphase, "cathode_interphase", f"{where}.interphase")
        if interphase is None and isinstance(active, str) and not self._shelf.interphase(active):
            expected = f"a material of category cathode_interphase, since {active} names none"
            self._add(f"{where}.interphase", "", expected)

    def _require_category(self, material: Any, wanted: str, where: str) -> None:
        """Report a material that the library has in another category, or not at all."""
        if not isinstance(material, str):
            return
        category = self._category(material, where)
        if category not in (None, wanted):
            shown = f"{material}, of category {category}"
            self._add(where, shown, f"a material of category {wanted}")

    def _sei(self, values: dict[str, Any], kind: str | None, where: str) -> dict[str, Any]:
        """Return the SEI of a layer as read, in a mapping to lay over the layer's values."""
        raw = values.get("sei")
        if raw is None or kind == "electrolyte":
            return {}
        if not isinstance(raw, dict):
            self._add(f"{where}.sei", show(raw), "a mapping with 'material' or 'thickness'")
            return {"sei": None}
        given = {key: value for key, value in raw.items() if value is not None}
        material = given.get("material")
        if isinstance(material, str):
            self._require_category(material, "sei", f"{where}.sei.material")
            self._properties(self._shelf.of(material), given, f"{where}.sei")
        return {"sei": self._validate(Sei, given, f"{where}.sei")}

    def _properties(self, known: Mapping[str, Any], values: dict[str, Any], where: str) -> None:
        """Check overridden properties; those with problems are taken out, as they are reported."""
        found = list(property_problems(known, values.get("properties"), f"{where}.properties"))
        self._add_all(found)
        if found:
            del values["properties"]

    def _protocol(self, raw: Any) -> list[Item]:
        if not self._is_list(raw, "protocol", 1, MOST_ITEMS, "steps"):
            return []
        items = [item for i, step in enumerate(raw) if (item := self._item(step, f"protocol.{i}"))]
        total = sum(count_steps(item) for item in items)
        if total > MOST_STEPS:
            self._add("protocol", f"{total:,} steps", f"at most {MOST_STEPS:,} steps in all")
        return items

    def _item(self, raw: Any, where: str) -> Item | None:
        if isinstance(raw, str):
            try:
                raw = sentence_to_mapping(raw)
            except QuantityError as error:
                self._add(where, error.value, error.expected)
                return None
        if not isinstance(raw, dict):
            self._add(where, show(raw), f"a mapping or {SENTENCE_EXPECTED}")
            return None
        verb = self._verb(raw, where)
        if verb is None:
            return None
        return self._item_of(verb, {key: raw[key] for key in raw if raw[key] is not None}, where)

    def _verb(self, raw: dict[str, Any], where: str) -> str | None:
        """Return the field that tells what kind of step a mapping is."""
        verbs = [key for key in raw if key in ITEM_MODELS]
        if len(verbs) == 1:
            return verbs[0]
        hint = "" if verbs else _hint(near_matches(next(iter(raw), ""), ITEM_MODELS))
        expected = f"exactly one of {', '.join(ITEM_MODELS)}{hint}"
        self._add(where, " and ".join(verbs) or show(raw), expected)
        return None

    def _item_of(self, verb: str, values: dict[str, Any], where: str) -> Item | None:
        if verb == "repeat":
            return self._repeat(values, where)
        model = ITEM_MODELS[verb]
        inner = model.model_fields[verb].annotation
        if isinstance(inner, type) and issubclass(inner, FrozenModel):
            nested = values.get(verb)
            if not isinstance(nested, dict):
                fields = ", ".join(inner.model_fields)
                self._add(f"{where}.{verb}", show(nested), f"a mapping with fields of {fields}")
                return None
            read = self._validate(inner, nested, f"{where}.{verb}")
            values = {**values, verb: read if read is not None else _FILLER}
        return cast("Item | None", self._validate(model, values, where))

    def _repeat(self, values: dict[str, Any], where: str) -> Repeat | None:
        steps = values.get("steps")
        read: list[Item] = []
        if self._is_list(steps, f"{where}.steps", 1, MOST_ITEMS, "steps"):
            inner = [self._item(step, f"{where}.steps.{i}") for i, step in enumerate(steps or [])]
            read = [item for item in inner if item is not None]
        return self._validate(Repeat, {**values, "steps": tuple(read) or _FILLER}, where)

    def _validate(
        self, model: type[Model], values: dict[str, Any], where: str, also: Iterable[str] = ()
    ) -> Model | None:
        """Return the model read from values, or None after reporting what is wrong with them."""
        found = len(self._report.problems)
        values = {key: value for key, value in values.items() if value is not None}
        self._add_all(_one_of_problems(model, values, where))
        try:
            read = model.model_validate(values)
        except ValidationError as error:
            for details in error.errors(include_url=False):
                self._add_error(model, details, values, where, also)
            return None
        for field, value, expected in getattr(read, "rules", lambda: ())():
            self._add(_join(where, field), value, expected)
        return read if len(self._report.problems) == found else None

    def _add_error(
        self,
        model: type[BaseModel],
        details: Any,
        values: dict[str, Any],
        where: str,
        also: Iterable[str],
    ) -> None:
        """Report one of pydantic's errors in the words of a cell file."""
        location = [str(part) for part in details["loc"]]
        if details["input"] is _FILLER:
            return  # reported already where it was read
        field = _join(where, *location)
        if details["type"] == "extra_forbidden":
            self._add(field, show(details["input"]) or "null", _known_fields(model, location, also))
        elif details["type"] == "missing":
            self._add(field, "", _expected_of(model, location[0]))
        else:
            cause = details.get("ctx", {}).get("error")
            known = isinstance(cause, QuantityError)
            expected = cause.expected if known else _pydantic_words(details)
            self._add(field, cause.value if known else show(details["input"]), expected)


class _Filler:
    """Stands for a part that was read with problems, which are not to be reported twice."""


_FILLER = _Filler()


def _join(*parts: str) -> str:
    return ".".join(part for part in parts if part)


def _hint(near: Iterable[str]) -> str:
    names = " or ".join(near)
    return f"; did you mean {names}?" if names else ""


def _known_fields(model: type[BaseModel], location: list[str], also: Iterable[str]) -> str:
    names = [field.alias or name for name, field in model.model_fields.items()] + list(also)
    return f"no such field{_hint(near_matches(location[-1], names))}; known: {', '.join(names)}"


def _expected_of(model: type[BaseModel], name: str) -> str:
    """Return what a missing field should hold."""
    field = model.model_fields.get(name)
    for mark in field.metadata if field else ():
        if hasattr(mark, "expected"):
            return str(mark.expected())
    return "a text" if field and field.annotation is str else f"a value for '{name}'"


_WORDS = {
    "Input should be ": "",
    "Value error, ": "",
    "String should have ": "a text with ",
    "a valid string": "a text",
    "a valid dictionary": "a mapping",
    "a valid tuple": "a list",
    "a valid boolean": "true or false",
    "a valid number": "a number",
}


def _pydantic_words(details: Any) -> str:
    """Return what pydantic expected, in the words of a cell file."""
    message = str(details["msg"])
    for theirs, ours in _WORDS.items():
        message = message.replace(theirs, ours)
    return message


def _one_of_problems(
    model: type[BaseModel], values: dict[str, Any], where: str
) -> Iterable[tuple[str, str, str]]:
    """Yield a problem for each group of fields of which not exactly one is given."""
    for names in getattr(model, "exactly_one", ()):
        given = [name for name in names if name in values]
        if len(given) != 1:
            expected = f"exactly one of {' and '.join(names)}"
            yield where, " and ".join(given) or f"neither {' nor '.join(names)}", expected
