"""The library as plain rows, for `interlith materials list` and `interlith materials show NAME`."""

from __future__ import annotations

from typing import Any

from interlith.materials.library import Library
from interlith.materials.property import KINDS, Property
from interlith.materials.schema import PROPERTIES


def list_rows(library: Library, category: str | None = None) -> list[dict[str, Any]]:
    """Return one row a material: its names, category and how many values of each kind."""
    return [_material_row(library, name) for name in library.names(category)]


def show_rows(library: Library, name: str) -> list[dict[str, Any]]:
    """Return one row a property of a material, with everything that is known about it.

    Raises
    ------
    MaterialError
        Unknown material.
    """
    material = library[name]
    return [property_row(material[key]) for key in sorted(material.properties)]


def property_row(entry: Property) -> dict[str, Any]:
    """Return a property as plain numbers and texts, ready for JSON."""
    schema = PROPERTIES[entry.name]
    return {
        "property": entry.name,
        "meaning": schema.meaning,
        "value": entry.value,
        "unit": entry.unit,
        "given": entry.given,
        "kind": entry.kind,
        "temperature_law": entry.law.describe(),
        "composition_law": _composition_text(entry),
        "low": entry.low,
        "high": entry.high,
        "source": entry.source_line(),
        "doi": entry.source.doi if entry.source else None,
        "checked": bool(entry.source and entry.source.checked),
        "note": entry.note,
    }


def _material_row(library: Library, name: str) -> dict[str, Any]:
    material = library[name]
    kinds = [entry.kind for entry in material.properties.values()]
    kinds += [curve.kind for curve in material.curves.values()]
    return {
        "name": material.name,
        "title": material.title,
        "category": material.category,
        "formula": material.formula,
        "properties": len(material.properties),
        "curves": len(material.curves),
        **{kind: kinds.count(kind) for kind in KINDS},
    }


def _composition_text(entry: Property) -> str | None:
    table = entry.composition
    if table is None:
        return None
    ends = f"{table.points[0]:g} to {table.points[-1]:g}"
    return f"table over {table.variable} from {ends}, value at {table.reference:g}"
