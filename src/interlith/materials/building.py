"""A mapping read from YAML to a `Material`; every problem is collected, none stops the reading."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from interlith.errors import Problem, near_matches
from interlith.materials.curve import Curve, build_curve
from interlith.materials.family import BASES
from interlith.materials.ladder import LithiationStep, build_ladder
from interlith.materials.material import CATEGORIES, Material
from interlith.materials.property import (
    KINDS,
    Arrhenius,
    CompositionTable,
    Constant,
    Property,
    Source,
    Table,
    TemperatureLaw,
)
from interlith.materials.quantity import to_si
from interlith.materials.schema import (
    CURVES,
    CURVES_OF,
    OPTIONAL_RELATIONS,
    PROPERTIES,
    RELATIONS,
    REQUIRED,
    REQUIRED_CURVES,
    PropertySchema,
)

MATERIAL_KEYS = (
    "name", "title", "category", "formula", "composition", "relations", "properties", "sources",
    "curves", "ladder", "notes", "family", "based_on",
)  # fmt: skip
PROPERTY_KEYS = ("value", "kind", "source", "range", "law", "composition", "note", "same_as")
# Of phases, not of elements: an interlayer on this basis would have no mass.
OTHER_BASES = {"sei": ("formula units",)}
SOURCE_KEYS = ("text", "doi", "checked", "url")
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.,()+-]{0,79}")
_LARGEST_ACTIVATION_EV = 5.0


@dataclass(slots=True)
class Findings:
    """Problems found so far in one file."""

    file: str
    problems: list[Problem] = field(default_factory=list)

    def add(self, where: str, value: object, expected: str) -> None:
        """Note one problem."""
        self.problems.append(
            Problem(self.file, where, "" if value is None else str(value), expected)
        )

    def quantity(self, where: str, given: object, unit: str) -> float | None:
        """Return the SI value of a quantity, or None after noting the problem."""
        try:
            return to_si(given, unit)
        except ValueError as error:
            self.add(where, given, str(error))
            return None

    def mapping(self, where: str, given: object, known: tuple[str, ...]) -> dict[str, Any]:
        """Return the mapping, after noting a wrong type or unknown keys."""
        if not isinstance(given, dict):
            self.add(where, given, "a mapping with the keys " + ", ".join(known))
            return {}
        for key in given:
            if key not in known:
                hint = near_matches(str(key), known) or known
                self.add(
                    f"{where}.{key}".lstrip("."),
                    given[key],
                    "no such key; known: " + ", ".join(hint),
                )
        return given

    def text(self, where: str, given: object) -> str:
        """Return a text, or an empty one after noting the problem."""
        if given is None or isinstance(given, str):
            return (given or "").strip()
        self.add(where, given, "a text")
        return ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A material as one file gives it, before it is joined with what the library already holds."""

    name: str
    data: Mapping[str, Any]
    properties: Mapping[str, Property]
    same_as: Mapping[str, str]
    file: str
    ladder: tuple[LithiationStep, ...] = ()
    curves: Mapping[str, Curve] = field(default_factory=dict)


def build_draft(data: Mapping[str, Any], findings: Findings) -> Draft:
    """Return the draft of a material; problems go to `findings`."""
    raw = findings.mapping("", dict(data), MATERIAL_KEYS)
    name = findings.text("name", raw.get("name"))
    if not _NAME.fullmatch(name):
        findings.add("name", raw.get("name"), "a name of letters, digits and . _ - + ( )")
    _check_category(raw, findings)
    sources = _build_sources(raw.get("sources") or {}, findings)
    properties, same_as = _build_properties(raw.get("properties") or {}, sources, findings)
    ladder = build_ladder(raw.get("ladder") or [], sources, findings)
    curves = _build_curves(raw.get("curves") or {}, sources, findings)
    return Draft(name, raw, properties, same_as, findings.file, ladder, curves)


def finish(draft: Draft, base: Material | None, findings: Findings) -> Material:
    """Return the material of a draft, on top of `base` if any; check that it is whole."""
    data = draft.data
    category = data.get("category") or (base.category if base else "")
    relations = {**(base.relations if base else {}), **_relations(data, category, findings)}
    material = Material(
        name=draft.name,
        title=findings.text("title", data.get("title")) or (base.title if base else draft.name),
        category=category,
        formula=findings.text("formula", data.get("formula"))
        or (base.formula if base else draft.name),
        composition=_composition(data, category, findings) or (base.composition if base else {}),
        relations=relations,
        properties={**(base.properties if base else {}), **draft.properties},
        ladder=draft.ladder or (base.ladder if base else ()),
        curves={**(base.curves if base else {}), **draft.curves},
        notes=findings.text("notes", data.get("notes")) or (base.notes if base else ""),
        origin=draft.file,
    )
    _check_whole(material, draft, findings)
    return material


def build_property(
    name: str, given: object, sources: Mapping[str, Source], findings: Findings
) -> Property | None:
    """Return the property that a mapping describes, or None after noting why not."""
    where = f"properties.{name}"
    schema = PROPERTIES.get(name)
    if schema is None:
        hint = near_matches(name, PROPERTIES)
        findings.add(
            where,
            None,
            "a known property" + (f"; did you mean {' or '.join(hint)}?" if hint else ""),
        )
        return None
    before = len(findings.problems)
    raw = findings.mapping(where, given, PROPERTY_KEYS)
    value = _bounded(f"{where}.value", raw.get("value"), schema, findings)
    low, high = _range(where, raw, schema, findings)
    _check_range(where, raw, (low, value, high), findings)
    source, kind, note = provenance(where, raw, sources, findings)
    law = _law(where, raw.get("law"), schema, findings)
    table = _composition_table(where, raw.get("composition"), schema, findings)
    if value is None or len(findings.problems) > before:
        return None
    return Property(
        name, value, schema.unit, str(raw["value"]), kind, source, low, high, law, table, note
    )


def provenance(
    where: str, raw: Mapping[str, Any], sources: Mapping[str, Source], findings: Findings
) -> tuple[Source | None, str, str]:
    """Return source, kind and note of a property or a curve."""
    source = _source(where, raw.get("source"), sources, findings)
    note = findings.text(f"{where}.note", raw.get("note"))
    return source, _kind(where, raw, source, note, findings), note


def _build_curves(
    given: object, sources: Mapping[str, Source], findings: Findings
) -> dict[str, Curve]:
    if not isinstance(given, dict):
        findings.add("curves", given, "a mapping of curve names")
        return {}
    built = {
        str(name): build_curve(str(name), curve, sources, findings) for name, curve in given.items()
    }
    return {name: made for name, made in built.items() if made is not None}


def _build_properties(
    given: object, sources: Mapping[str, Source], findings: Findings
) -> tuple[dict[str, Property], dict[str, str]]:
    """Return the properties, and apart those that are taken over from another material."""
    if not isinstance(given, dict):
        findings.add("properties", given, "a mapping of property names")
        return {}, {}
    same_as = {
        str(name): raw["same_as"]
        for name, raw in given.items()
        if isinstance(raw, dict) and "same_as" in raw
    }
    for name, other in same_as.items():
        findings.mapping(f"properties.{name}", given[name], ("same_as", "note"))
        if name not in PROPERTIES or not isinstance(other, str):
            findings.add(
                f"properties.{name}.same_as", other, "a known property and the name of a material"
            )
    built = {
        str(name): build_property(str(name), raw, sources, findings)
        for name, raw in given.items()
        if name not in same_as
    }
    return {name: made for name, made in built.items() if made is not None}, same_as


def _bounded(where: str, given: object, schema: PropertySchema, findings: Findings) -> float | None:
    """Return the SI value if it is a quantity of the right dimension within the schema's bounds."""
    if given is None:
        findings.add(where, None, f"a quantity in {schema.unit}")
        return None
    value = findings.quantity(where, given, schema.unit)
    if value is not None and not schema.lowest <= value <= schema.highest:
        findings.add(where, given, f"{schema.lowest:g} to {schema.highest:g} {schema.unit}")
        return None
    return value


def _range(
    where: str, raw: Mapping[str, Any], schema: PropertySchema, findings: Findings
) -> tuple[float | None, float | None]:
    """Return the two ends of the range in SI."""
    given = raw.get("range")
    if given is None:
        return None, None
    if not isinstance(given, list) or len(given) != 2:
        findings.add(f"{where}.range", given, "two quantities: [low, high]")
        return None, None
    low, high = (
        _bounded(f"{where}.range[{index}]", end, schema, findings)
        for index, end in enumerate(given)
    )
    return low, high


def _check_range(
    where: str,
    raw: Mapping[str, Any],
    ordered: tuple[float | None, float | None, float | None],
    findings: Findings,
) -> None:
    low, value, high = ordered
    if low is None or high is None:
        return
    if low > high:
        findings.add(f"{where}.range", raw["range"], "the low end first")
    elif value is not None and not low <= value <= high:
        findings.add(f"{where}.value", raw["value"], f"a value inside its own range {raw['range']}")


def _kind(
    where: str, raw: Mapping[str, Any], source: Source | None, note: str, findings: Findings
) -> str:
    """Return the kind, after checking that it comes with what it needs."""
    kind = raw.get("kind")
    if kind not in KINDS:
        findings.add(f"{where}.kind", kind, "one of " + ", ".join(KINDS))
        return ""
    if kind in ("measured", "computed") and source is None and "source" not in raw:
        findings.add(
            f"{where}.source",
            None,
            f"a source, since the kind is {kind}; without one the kind is assumed",
        )
    if kind == "assumed" and raw.get("range") is None:
        findings.add(f"{where}.range", None, "a range [low, high], since the kind is assumed")
    if kind == "assumed" and not note:
        findings.add(f"{where}.note", None, "a note saying why, since the kind is assumed")
    return str(kind)


def _source(
    where: str, given: object, sources: Mapping[str, Source], findings: Findings
) -> Source | None:
    """Return a source given by its key in `sources`, or written in place."""
    if given is None:
        return None
    if isinstance(given, str):
        if given not in sources:
            findings.add(
                f"{where}.source",
                given,
                "a key under sources: " + (", ".join(sources) or "none there"),
            )
        return sources.get(given)
    return _build_source(f"{where}.source", given, findings)


def _build_sources(given: object, findings: Findings) -> dict[str, Source]:
    if not isinstance(given, dict):
        findings.add("sources", given, "a mapping of keys to sources")
        return {}
    built = {str(key): _build_source(f"sources.{key}", raw, findings) for key, raw in given.items()}
    return {key: source for key, source in built.items() if source is not None}


def _build_source(where: str, given: object, findings: Findings) -> Source | None:
    """Return one citation; `checked: yes` means that the cited text was seen."""
    raw = findings.mapping(where, given, SOURCE_KEYS)
    text = findings.text(f"{where}.text", raw.get("text"))
    if not text:
        findings.add(f"{where}.text", None, "authors, journal, volume, page and year in one line")
    doi = raw.get("doi")
    if doi is not None and not _DOI.fullmatch(str(doi)):
        findings.add(f"{where}.doi", doi, "a DOI such as 10.1021/jacs.7b06327, or none")
    checked = raw.get("checked", "unverified")
    if checked not in ("yes", "unverified", True):
        findings.add(f"{where}.checked", checked, "yes or unverified")
    url = findings.text(f"{where}.url", raw.get("url")) or None
    return Source(text, str(doi) if doi else None, checked in ("yes", True), url) if text else None


def _law(where: str, given: object, schema: PropertySchema, findings: Findings) -> TemperatureLaw:
    """Return the temperature law; a property without one is constant."""
    if given is None or given == "constant":
        return Constant()
    if isinstance(given, dict) and "arrhenius" in given:
        return _arrhenius(f"{where}.law", given, findings)
    if isinstance(given, dict) and "table" in given:
        return _table(f"{where}.law", given, schema, findings)
    findings.add(
        f"{where}.law",
        given,
        "constant, {arrhenius: '0.4 eV', reference: '25 degC'} or {table: [[T, value], ...]}",
    )
    return Constant()


def _arrhenius(where: str, given: object, findings: Findings) -> TemperatureLaw:
    raw = findings.mapping(where, given, ("arrhenius", "reference"))
    energy = findings.quantity(f"{where}.arrhenius", raw.get("arrhenius"), "eV")
    reference = _reference_temperature(where, raw, findings)
    if energy is None or reference is None:
        return Constant()
    if not -_LARGEST_ACTIVATION_EV <= energy <= _LARGEST_ACTIVATION_EV:
        findings.add(
            f"{where}.arrhenius", raw["arrhenius"], f"at most {_LARGEST_ACTIVATION_EV:g} eV"
        )
    return Arrhenius(energy, reference)


def _reference_temperature(where: str, raw: Mapping[str, Any], findings: Findings) -> float | None:
    given = raw.get("reference", "25 degC")
    reference = findings.quantity(f"{where}.reference", given, "K")
    if reference is not None and not 50.0 <= reference <= 2000.0:
        findings.add(f"{where}.reference", given, "50 K to 2000 K")
        return None
    return reference


def _table(where: str, given: object, schema: PropertySchema, findings: Findings) -> TemperatureLaw:
    raw = findings.mapping(where, given, ("table", "reference"))
    points = _points(f"{where}.table", raw.get("table"), ("K", schema.unit), findings)
    reference = _reference_temperature(where, raw, findings)
    if points is None or reference is None:
        return Constant()
    if min(points[1]) <= 0.0:
        findings.add(f"{where}.table", raw["table"], "values above zero")
        return Constant()
    return Table(points[0], points[1], reference)


def _composition_table(
    where: str, given: object, schema: PropertySchema, findings: Findings
) -> CompositionTable | None:
    if given is None:
        return None
    raw = findings.mapping(f"{where}.composition", given, ("variable", "reference", "table"))
    variable = findings.text(f"{where}.composition.variable", raw.get("variable"))
    points = _points(f"{where}.composition.table", raw.get("table"), ("1", schema.unit), findings)
    reference = findings.quantity(f"{where}.composition.reference", raw.get("reference"), "1")
    if not variable or points is None or reference is None:
        return None
    if not points[0][0] <= reference <= points[0][-1]:
        findings.add(f"{where}.composition.reference", reference, "a composition inside the table")
        return None
    return CompositionTable(variable, points[0], points[1], reference)


def _points(
    where: str, given: object, units: tuple[str, str], findings: Findings
) -> tuple[tuple[float, ...], tuple[float, ...]] | None:
    """Return the two columns of a table whose first column rises."""
    if (
        not isinstance(given, list)
        or len(given) < 2
        or any(not isinstance(row, list) or len(row) != 2 for row in given)
    ):
        findings.add(where, given, "at least two pairs [point, value]")
        return None
    columns = [
        [findings.quantity(f"{where}[{n}][{c}]", row[c], units[c]) for n, row in enumerate(given)]
        for c in (0, 1)
    ]
    first, second = ([cell for cell in column if cell is not None] for column in columns)
    if len(first) + len(second) < 2 * len(given):
        return None
    if any(later <= earlier for earlier, later in pairwise(first)):
        findings.add(where, given, "points in rising order")
        return None
    return tuple(first), tuple(second)


def _check_category(raw: Mapping[str, Any], findings: Findings) -> None:
    category = raw.get("category")
    if category is not None and category not in CATEGORIES:
        findings.add("category", category, "one of " + ", ".join(CATEGORIES))


def _relations(data: Mapping[str, Any], category: str, findings: Findings) -> dict[str, str | None]:
    given = data.get("relations")
    if given is None:
        return {}
    known = (*RELATIONS.get(category, ()), *OPTIONAL_RELATIONS.get(category, ()))
    raw = findings.mapping("relations", given, known)
    return {key: findings.text(f"relations.{key}", name) or None for key, name in raw.items()}


def _composition(data: Mapping[str, Any], category: str, findings: Findings) -> dict[str, Any]:
    """Return basis and amounts of an interlayer, by element, or of an SEI, by phase."""
    given = data.get("composition")
    if given is None:
        return {}
    raw = findings.mapping("composition", given, ("basis", "amounts"))
    bases = (*BASES, *OTHER_BASES.get(category, ()))
    if raw.get("basis") not in bases:
        findings.add("composition.basis", raw.get("basis"), " or ".join(bases))
    amounts = raw.get("amounts")
    if not isinstance(amounts, dict) or not amounts:
        findings.add("composition.amounts", amounts, "a mapping of elements to amounts")
        return {}
    parts = {
        str(name): findings.quantity(f"composition.amounts.{name}", part, "1")
        for name, part in amounts.items()
    }
    if any(part is not None and part < 0.0 for part in parts.values()):
        findings.add("composition.amounts", amounts, "amounts not below zero")
    return {"basis": raw.get("basis"), "amounts": parts}


def _check_whole(material: Material, draft: Draft, findings: Findings) -> None:
    """Note what a material of its category still lacks."""
    if material.category not in CATEGORIES:
        findings.add("category", draft.data.get("category"), "one of " + ", ".join(CATEGORIES))
        return
    there = {*material.properties, *draft.same_as, *draft.data.get("properties", {})}
    for name in REQUIRED[material.category]:
        if name not in there:
            schema = PROPERTIES[name]
            findings.add(
                f"properties.{name}",
                None,
                f"a value in {schema.unit}: {schema.meaning} (or based_on)",
            )
    _check_curves(material, draft, findings)
    for relation in RELATIONS[material.category]:
        if relation not in material.relations:
            findings.add(f"relations.{relation}", None, "the name of a material, or null")


def _check_curves(material: Material, draft: Draft, findings: Findings) -> None:
    """Note which curves are missing, or make no sense for the category."""
    there = {*material.curves, *(draft.data.get("curves") or {})}
    for name in REQUIRED_CURVES.get(material.category, ()):
        if name not in there:
            schema = CURVES[name]
            findings.add(f"curves.{name}", None, f"a curve in {schema.unit}: {schema.meaning}")
    for name in material.curves:
        if name not in CURVES_OF.get(material.category, ()):
            findings.add(
                f"curves.{name}",
                name,
                f"no such curve of a material of category {material.category}",
            )
