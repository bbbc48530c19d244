"""Rewrite the tables of docs/full-cell-materials.md from the library.

    .venv/bin/python tools/full_cell_materials_table.py

Every value and every curve of a composite cathode is listed with its kind, so that a reader sees
what was measured and what is assumed.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from interlith.materials import Curve, Library, Property
from interlith.materials.property import Arrhenius

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "full-cell-materials.md"
START, END = "<!-- tables: start -->", "<!-- tables: end -->"
CATEGORIES = ("active", "cathode_interphase", "composite")
HEAD = ("| value | | range | kind | source |", "|---|---|---|---|---|")


def tables() -> str:
    """Every material of a composite cathode as a table."""
    library = Library.default()
    lines: list[str] = []
    for category in CATEGORIES:
        for name in library.names(category):
            material = library[name]
            lines += [f"### {name}", "", *HEAD]
            lines += [property_line(found) for found in material.properties.values()]
            lines += [curve_line(curve) for curve in material.curves.values()]
            lines.append("")
    return "\n".join(lines)


def property_line(found: Property) -> str:
    """One value with its range, kind and source."""
    law = found.law
    energy = f", {law.activation_energy_eV:.3g} eV" if isinstance(law, Arrhenius) else ""
    unit = "" if found.unit == "1" else f" {found.unit}"
    return row(
        f"`{found.name}`",
        f"{found.value:.4g}{unit}{energy}",
        spread(found.low, found.high, found.unit),
        found,
    )


def curve_line(curve: Curve) -> str:
    """One curve with its validity, how far it may be off, kind and source."""
    deviation = spread(curve.low, curve.high, curve.unit)
    law = "formula" if curve.law.describe().startswith("formula") else "points"
    valid = f"{law}, x from {curve.valid[0]:g} to {curve.valid[1]:g}"
    return row(f"curve `{curve.name}`", valid, deviation, curve)


def spread(low: float | None, high: float | None, unit: str) -> str:
    """A range in its unit."""
    if low is None or high is None:
        return ""
    return f"{low:.3g} to {high:.3g}" + ("" if unit == "1" else f" {unit}")


def row(name: str, value: str, spread_text: str, found: Property | Curve) -> str:
    """One line of a table."""
    source = str(found.source) if found.source and found.kind != "assumed" else "-"
    kind = f"**{found.kind}**" if found.kind != "assumed" else found.kind
    return f"| {name} | {value} | {spread_text or '-'} | {kind} | {source} |"


def parts(page: str) -> Iterator[str]:
    """What stands before, inside and after the marks of a page."""
    before, _, rest = page.partition(START)
    inside, _, after = rest.partition(END)
    yield from (before, inside.strip("\n"), after)


def main() -> None:
    """Write the page."""
    before, _, after = parts(PAGE.read_text(encoding="utf-8"))
    page = f"{before}{START}\n\n{tables()}\n{END}{after}"
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
