"""A design: format, foils, film, tabs and footprint, each number with its provenance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from interlith.energy.fields import FIELDS, FORMATS, MATERIAL_FIELDS, POUCH, STACK, Field
from interlith.errors import InputError, Problem, near_matches
from interlith.materials import Library, UsedValue
from interlith.materials.building import Findings, provenance
from interlith.materials.reading import read_mapping

__all__ = ["Design", "as_design", "default_design", "design_file", "load_design"]

DEFAULTS = Path(__file__).with_name("data") / "design.yaml"
HEAD_KEYS = ("name", "format", "notes")
VALUE_KEYS = ("value", "kind", "source", "range", "note")
LONGEST_NAME = 200


@dataclass(frozen=True)
class Design:
    """What is built around the layers of a cell file.

    Parameters
    ----------
    name
        In words.
    format
        ``stack`` (the repeating unit alone) or ``pouch``.
    materials
        Name in the library by field of `MATERIAL_FIELDS`.
    values
        Value with provenance by field of `FIELDS`, SI; an optional field may be missing.
    notes
        What a reader must know.
    """

    name: str
    format: str
    materials: Mapping[str, str]
    values: Mapping[str, UsedValue]
    notes: str = ""

    def __getitem__(self, field: str) -> float:
        """Return the SI value of a field that every design has."""
        return self.values[field].value

    def get(self, field: str, otherwise: float = 0.0) -> float:
        """Return the SI value of a field, or another value where it is not given."""
        found = self.values.get(field)
        return otherwise if found is None else found.value

    @property
    def count(self) -> int:
        """Electrode pairs of a pouch."""
        return round(self["electrode_pairs"])

    def changed(self, field: str, value: float) -> Design:
        """Return the design with another SI value of a field."""
        old = self.values.get(field) or _given(field, value, "")
        new = replace(old, value=value, given=FIELDS[field].text(value))
        return replace(self, values={**self.values, field: new})

    def used(self) -> list[UsedValue]:
        """Return the values that the format needs, in the order of the fields."""
        left_out = POUCH if self.format == "stack" else {}
        return [
            self.values[name] for name in FIELDS if name in self.values and name not in left_out
        ]


def _given(field: str, value: float, source: str) -> UsedValue:
    """Return a value that the user gave, without more about it."""
    row = FIELDS[field]
    return UsedValue("design", field, value, row.unit, row.text(value), "given", source)


@lru_cache(maxsize=1)
def default_design() -> Design:
    """Return the pouch of the package's data file."""
    data = read_mapping(DEFAULTS, trusted=True)
    findings = Findings(str(DEFAULTS))
    values = {name: _read_value(name, raw, findings) for name, raw in data["values"].items()}
    if findings.problems:
        raise InputError(findings.problems)
    whole = {name: value for name, value in values.items() if value is not None}
    return Design(data["name"], data["format"], dict(data["materials"]), whole)


def load_design(path: str | Path, library: Library | None = None) -> Design:
    """Read a design file; what it does not say is as in the package's pouch.

    Parameters
    ----------
    path
        YAML file: ``format``, ``name``, ``notes`` and any field, as text with a unit
        or as a mapping of ``value``, ``kind``, ``range``, ``source`` (``text``, ``doi``), ``note``.
    library
        Materials that the foils and tabs may be made of; default the package's.

    Returns
    -------
    Design
        With the kind ``given`` where the file says no other.

    Raises
    ------
    InputError
        All problems of the file at once.
    """
    return _changed_by(default_design(), read_mapping(Path(path)), str(path), library)


def as_design(
    design: str | Path | Design,
    changes: Mapping[str, Any] | None = None,
    library: Library | None = None,
) -> Design:
    """Return the design that a format, a file or a design stands for, with fields changed.

    Raises
    ------
    InputError
        The file or a change is wrong.
    """
    if isinstance(design, Design):
        found = design
    elif str(design) in FORMATS:
        found = replace(default_design(), format=str(design))
    elif Path(design).exists():
        found = load_design(design, library)
    else:
        near = near_matches(str(design), FORMATS)
        hint = f"; did you mean {near[0]}?" if near else ""
        expected = f"{' or '.join(FORMATS)}, or a design file that exists{hint}"
        raise InputError(Problem("", "--design", str(design), expected))
    if not changes:
        return found
    return _changed_by(found, changes, "", library)


def _changed_by(
    start: Design, data: Mapping[str, Any], file: str, library: Library | None
) -> Design:
    """Return a design with what a mapping says on top; raises InputError with every problem."""
    findings = Findings(file)
    values, materials = dict(start.values), dict(start.materials)
    known = library or Library.default()
    for key, raw in data.items():
        if key in FIELDS:
            value = _read_value(key, raw, findings)
            values.update({key: value} if value else {})
        elif key in MATERIAL_FIELDS:
            materials[key] = _read_material(key, raw, known, findings)
        elif key not in HEAD_KEYS:
            near = near_matches(str(key), [*FIELDS, *MATERIAL_FIELDS])
            hint = f"did you mean {' or '.join(near)}?" if near else ", ".join(FIELDS)
            findings.add(str(key), raw, f"a field of a design; {hint}")
    form = data.get("format", start.format)
    if form not in FORMATS:
        findings.add("format", form, " or ".join(FORMATS))
    name = findings.text("name", data.get("name")) or start.name
    notes = findings.text("notes", data.get("notes")) or start.notes
    if findings.problems:
        raise InputError(findings.problems)
    return Design(name[:LONGEST_NAME], str(form), materials, values, notes)


def _read_material(key: str, raw: object, library: Library, findings: Findings) -> str:
    """Return the name of a material of the library."""
    if not isinstance(raw, str) or raw not in library:
        near = near_matches(str(raw), library.names())
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        findings.add(key, raw, f"a material of the library, the {MATERIAL_FIELDS[key]}{hint}")
    return str(raw)


def _read_value(name: str, raw: object, findings: Findings) -> UsedValue | None:
    """Return a field's value, or None after noting what is wrong."""
    before = len(findings.problems)
    whole = findings.mapping(name, raw, VALUE_KEYS) if isinstance(raw, dict) else {"value": raw}
    row = FIELDS[name]
    value = _within(name, whole.get("value"), row, findings)
    low, high = _range(name, whole.get("range"), row, findings)
    if value is None or len(findings.problems) > before:
        return None
    if "kind" not in whole:
        kind, source = "given", str(whole.get("note") or findings.file or "the call")
    else:
        found, kind, note = provenance(name, whole, {}, findings)
        source = str(found) if found else note
    if not (low is None or high is None or low <= value <= high):
        findings.add(name, whole["value"], f"a value inside its own range {whole['range']}")
    return UsedValue("design", name, value, row.unit, row.text(value), kind, source, low, high)


def _within(where: str, raw: object, row: Field, findings: Findings) -> float | None:
    """Return the SI value of a quantity inside the limits of its field."""
    value = findings.quantity(where, raw, row.unit)
    if value is None:
        return None
    if not row.low <= value <= row.high:
        findings.add(where, raw, f"{row.limits()} ({row.meaning})")
        return None
    if row.whole and value != round(value):
        findings.add(where, raw, f"a whole number ({row.meaning})")
        return None
    return value


def _range(
    where: str, raw: object, row: Field, findings: Findings
) -> tuple[float | None, float | None]:
    if raw is None:
        return None, None
    if not isinstance(raw, list) or len(raw) != 2:
        findings.add(f"{where}.range", raw, "two quantities: [low, high]")
        return None, None
    low, high = (_within(f"{where}.range", end, row, findings) for end in raw)
    return low, high


def design_file(design: Design) -> str:
    """Return a design as the text of a design file, with what each field means."""
    lines = [f"name: {design.name}", f"format: {design.format}"]
    for name, meaning in MATERIAL_FIELDS.items():
        lines.append(f"{name}: {design.materials[name]}  # {meaning}")
    groups = [STACK, POUCH, {name: FIELDS[name] for name in FIELDS if name not in STACK | POUCH}]
    for group in groups:
        lines.append("")
        for name, row in group.items():
            value = design.values.get(name)
            if value is None:
                lines.append(f"# {name}: {row.text(row.low)}  # {row.meaning}; not given")
                continue
            ends = ""
            if value.low is not None and value.high is not None:
                ends = f", {row.text(value.low)} to {row.text(value.high)}"
            lines.append(f"{name}: {row.text(value.value)}  # {row.meaning}; {value.kind}{ends}")
    return "\n".join(lines) + "\n"
