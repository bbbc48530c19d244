"""What people see on the terminal instead of JSON."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.table import Table

from interlith.materials import Curve, Material, Property, UsedValue
from interlith.materials.ladder import LithiationStep
from interlith.materials.used import doubtful_first

if TYPE_CHECKING:
    from rich.console import Console

    from interlith.calibration.rows import MeasuredRow
    from interlith.cli.demonstration import Case
    from interlith.cli.fitting import Compared
    from interlith.simulation import Result


# Columns whose cells people copy.
WHOLE = {"name", "property", "curve", "value", "cell", "row"}
# Points of a curve in a JSON answer.
CURVE_SAMPLES = 21


def plain_table(*columns: str) -> Table:
    """Return an empty table without lines; long cells fold, but names stay whole."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in columns:
        table.add_column(name, overflow="fold", no_wrap=name in WHOLE)
    return table


def quantity(value: float, unit: str) -> str:
    """Return a number with its unit; a bare number where the unit is 1."""
    return number(value) if unit == "1" else f"{number(value)} {unit}"


def number(value: float | None) -> str:
    """Return a number with four digits, or a dash."""
    return "-" if value is None else f"{value:.4g}"


def in_range(low: float | None, high: float | None) -> str:
    """Return a range, or nothing when none is known."""
    return "" if low is None and high is None else f"{number(low)} to {number(high)}"


# -------------------------------------------------------------------------------- used values
def print_check(
    console: Console, file: Path, warnings: Sequence[str], values: Iterable[UsedValue]
) -> None:
    """Say that a cell file is good, and show the values behind it, the doubtful ones first."""
    console.print(f"{file}: no problem found")
    for warning in warnings:
        console.print(f"warning: {warning}")
    console.print("\nValues that will be used, assumed and fitted ones first:\n")
    table = plain_table("kind", "where", "property", "value", "range", "source")
    for used in doubtful_first(list(values)):
        table.add_row(
            used.kind,
            used.where,
            used.property,
            quantity(used.value, used.unit),
            in_range(used.low, used.high),
            used.source,
        )
    console.print(table)


# ------------------------------------------------------------------------------------ materials
def material_entry(material: Material) -> dict[str, object]:
    """Return what the JSON answers say of a material."""
    return {
        "name": material.name,
        "title": material.title,
        "category": material.category,
        "formula": material.formula,
        "composition": material.composition,
        "relations": material.relations,
        **({"ladder": [_step_entry(step) for step in material.ladder]} if material.ladder else {}),
        "notes": material.notes,
    }


def _step_entry(step: LithiationStep) -> dict[str, object]:
    return {
        "phase": step.phase,
        "lithium_per_atom": [step.start, step.end],
        "potential_V": [step.potential.value, step.potential.value - step.drop],
        **{key: getattr(step.potential, key) for key in ("kind", "low", "high", "note")},
        "source": step.potential.source_line(),
    }


def property_entries(material: Material, temperature_K: float) -> dict[str, dict[str, object]]:
    """Return every property as the JSON answer of `materials show` holds it."""
    properties = material.properties
    return {name: _property_entry(found, temperature_K) for name, found in properties.items()}


def _property_entry(found: Property, temperature_K: float) -> dict[str, object]:
    source = found.source
    return {
        "value": found.at(temperature_K),
        "unit": found.unit,
        "given": found.given,
        "kind": found.kind,
        "source": source.text if source else None,
        "doi": source.doi if source else None,
        "checked": source.checked if source else None,
        "low": found.low,
        "high": found.high,
        "law": found.law.describe(),
        "note": found.note,
    }


def curve_entries(material: Material) -> dict[str, dict[str, object]]:
    """Return every curve as the JSON answer of `materials show` holds it, with samples."""
    return {name: _curve_entry(curve) for name, curve in material.curves.items()}


def _curve_entry(curve: Curve) -> dict[str, object]:
    source = curve.source
    x = curve.sample_points(CURVE_SAMPLES)
    return {
        "unit": curve.unit,
        "valid": list(curve.valid),
        "kind": curve.kind,
        "law": curve.law.describe(),
        "x": x.tolist(),
        "values": curve.values(x).tolist(),
        "source": source.text if source else None,
        "doi": source.doi if source else None,
        "checked": source.checked if source else None,
        "low": curve.low,
        "high": curve.high,
        "note": curve.note,
    }


def print_materials(console: Console, materials: Iterable[Material]) -> None:
    """List materials by category."""
    table = plain_table("category", "name", "formula", "what it is")
    for material in sorted(materials, key=lambda m: (m.category, m.name)):
        table.add_row(material.category, material.name, material.formula, material.title)
    console.print(table)


def print_material(console: Console, material: Material, temperature_K: float) -> None:
    """Show one material and all its properties."""
    console.print(f"{material.name} ({material.category}): {material.title}")
    if material.notes:
        console.print(material.notes.strip())
    related = [f"{what} {name}" for what, name in material.relations.items() if name]
    if related:
        console.print("related: " + ", ".join(related))
    console.print(f"\nValues at {temperature_K:.2f} K:\n")
    table = plain_table("property", "value", "kind", "given", "range", "law", "source")
    for name, found in material.properties.items():
        table.add_row(
            name,
            quantity(found.at(temperature_K), found.unit),
            found.kind,
            found.given,
            in_range(found.low, found.high),
            found.law.describe(),
            found.source_line(),
        )
    console.print(table)
    if material.ladder:
        console.print("\nLithiation, potential against lithium:\n")
        console.print(_ladder_table(material))
    if material.curves:
        console.print("\nCurves over the lithium content x:\n")
        console.print(_curve_table(material))


def _curve_table(material: Material) -> Table:
    """Tell where each curve is valid, what it is at both ends, and where it comes from."""
    table = plain_table("curve", "valid for x", "at its ends", "kind", "range", "law", "source")
    for name, curve in material.curves.items():
        ends = (float(value) for value in curve.values(curve.valid))
        table.add_row(
            name,
            in_range(*curve.valid),
            " to ".join(quantity(end, curve.unit) for end in ends),
            curve.kind,
            in_range(curve.low, curve.high),
            curve.law.describe(),
            curve.source_line(),
        )
    return table


def _ladder_table(material: Material) -> Table:
    table = plain_table("phase", "Li per atom", "potential, V", "kind", "range", "source")
    for step in material.ladder:
        found = step.potential
        ends = [found.value] if step.is_plateau else [found.value, found.value - step.drop]
        table.add_row(
            step.phase,
            f"{step.start:g} to {step.end:g}",
            " to ".join(number(end) for end in ends),
            found.kind,
            in_range(found.low, found.high),
            found.source_line(),
        )
    return table


# -------------------------------------------------------------------------------------- results
def print_result(console: Console, result: Result, folder: Path) -> None:
    """Show the verdict of a run and where its files are."""
    console.print(f"{result.cell.name}: {result.status}")
    if result.reason:
        console.print(result.reason)
    if result.ccd is not None:
        console.print()
        console.print(_ccd_table([result]))
        console.print()
        console.print(result.ccd.explanation)
    console.print(f"\nResults: {folder}")


def demo_entry(case: Case, result: Result, row: MeasuredRow | None) -> dict[str, object]:
    """Return what the JSON answer of the demo says of a cell."""
    measured = None if row is None else {"value_mA_cm2": row.value, "role": row.role, "id": row.id}
    return {**result.summary(), "half_cycle": case.half_cycle, "measured": measured}


def print_demo(
    console: Console,
    results: Mapping[Case, Result],
    rows: Mapping[Case, MeasuredRow | None],
    folder: Path,
) -> None:
    """Show the critical current densities of the demo side by side, in mA/cm2."""
    console.print("Critical current density, mA/cm2\n")
    table = plain_table(
        "cell", "half-cycle", "last passing", "first failing", "measured", "cause", "electrode"
    )
    for case, result in results.items():
        row = rows[case]
        table.add_row(
            case.stack,
            case.half_cycle,
            *(_ccd_text(result, name) for name in ("last_passing_mA_cm2", "first_failing_mA_cm2")),
            "-" if row is None else f"{number(row.value)} ({row.role})",
            *(_ccd_text(result, name) for name in ("cause", "electrode")),
        )
    console.print(table)
    for case, result in results.items():
        if result.status in ("failed", "interrupted"):
            console.print(f"\n{case.name}: {result.status}, {result.reason}")
    console.print(f"\nReport: {folder / 'comparison.html'}")
    for case in results:
        console.print(f"  {case.name}: {folder / case.key / 'report.html'}")


def _ccd_text(result: Result, field: str) -> str:
    """Return a field of the verdict, or a dash."""
    return _cell_text(getattr(result.ccd, field, None))


def print_calibration(
    console: Console,
    values: Iterable[Mapping[str, object]],
    fitted: Sequence[Compared],
    predicted: Sequence[Compared],
    path: Path,
    left_out: Sequence[Compared] = (),
) -> None:
    """Show fitted values, the rows behind them and, apart from these, the predictions."""
    console.print("Fitted values:\n")
    table = plain_table("material", "property", "value", "relative standard error")
    for value in values:
        shown = f"{value['value']:.4g} {value['unit']}"
        error = f"{value['relative_standard_error']:.2g}"
        table.add_row(str(value["material"]), str(value["property"]), shown, error)
    console.print(table)
    console.print("\nCalibration rows: fitted, so that agreement proves nothing\n")
    console.print(_compared_table(fitted))
    if left_out:
        console.print("\nThe same rows, each by a fit that did not see it\n")
        console.print(_compared_table(left_out))
    console.print("\nPredictions: validation rows, never fitted\n")
    console.print(_compared_table(predicted))
    console.print(f"\nWritten: {path}")


def _compared_table(rows: Iterable[Compared]) -> Table:
    table = plain_table("row", "measured", "model", "unit", "ratio", "where")
    for row in rows:
        model = number(row.model) if math.isfinite(row.model) else "no failure"
        measured = "outcome only" if math.isnan(row.measured) else number(row.measured)
        ratio = f"{row.ratio:.2f}" if math.isfinite(row.ratio) else "-"
        table.add_row(row.id, measured, model, row.unit, ratio, row.locator)
    return table


def _ccd_table(results: Sequence[Result]) -> Table:
    table = plain_table("", *(result.cell.name for result in results))
    rows = {
        "last passing current density, mA/cm2": "last_passing_mA_cm2",
        "first failing current density, mA/cm2": "first_failing_mA_cm2",
        "cause": "cause",
        "electrode": "electrode",
        "areal capacity of a half-cycle, mAh/cm2": "half_cycle_areal_capacity_mAh_cm2",
        "cumulative areal capacity, mAh/cm2": "cumulative_areal_capacity_mAh_cm2",
    }
    for label, field in rows.items():
        values = (getattr(result.ccd, field, None) for result in results)
        table.add_row(label, *(_cell_text(value) for value in values))
    return table


def _cell_text(value: float | str | None) -> str:
    return value if isinstance(value, str) else number(value)
