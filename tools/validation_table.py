"""Rewrite the validation tables of README.md and their picture from a fresh run.

    .venv/bin/python tools/validation_table.py          # writes both
    .venv/bin/python tools/validation_table.py --check  # writes nothing; status 1 if it is stale

Every measured critical current density (CCD) and every measured full cell of the reference work is
simulated under the conditions of its row. Rows that entered a calibration are marked as fitted, all
others are predictions.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import warnings
from pathlib import Path

from interlith.calibration.cells import ccd_cell
from interlith.calibration.fit import QUANTITY, failing_current
from interlith.calibration.full_cells import FULL_ROWS
from interlith.calibration.full_fit import full_rows, model_values
from interlith.calibration.rows import MeasuredRow, measured_rows
from interlith.cell import loads
from interlith.cell.templates import template_text
from interlith.report.style import render
from interlith.simulation import simulate

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
PICTURE = ROOT / "docs" / "images" / "ramp.png"
FULL_HEAD = (
    "| row | cell | what | measured | model | error | without carbon | role |",
    "|---|---|---|---|---|---|---|---|",
)
HEAD = (
    "| row | cell | half-cycle | measured | model interval | error | failure in the model | role |",
    "|---|---|---|---|---|---|---|---|",
)


def table_line(row: MeasuredRow) -> str:
    """One line of the table, from a simulation of the row."""
    cell = ccd_cell(row)
    verdict = simulate(cell).ccd
    assert verdict is not None
    last, failing = verdict.last_passing_mA_cm2 or 0.0, verdict.first_failing_mA_cm2
    if failing is None:
        # No step failed: the error is at least that of the last one.
        interval, cause = f"above {last:.1f}", "-"
        error = f"{100.0 * (last / row.value - 1.0):+.0f} %"
    else:
        interval = f"{last:.1f} to {failing:.1f}"
        error = f"{100.0 * (failing_current(cell) / row.value - 1.0):+.0f} %"
        cause = f"{verdict.cause}"
    cells = (
        f"`{row.id}`",
        describe_layers(row),
        describe_half_cycle(row),
        f"{row.value:.1f}",
        interval,
        error,
        cause,
        "fitted" if row.role == "calibration" else "predicted",
    )
    return f"| {' | '.join(cells)} |"


def describe_layers(row: MeasuredRow) -> str:
    """The electrode side of the cell in words."""
    layers = row.electrode if row.interlayer is None else f"{row.electrode}, {row.interlayer}"
    return layers if row.particle_size is None else f"{layers} ({row.particle_size} particles)"


def describe_half_cycle(row: MeasuredRow) -> str:
    """What a half-cycle of the ramp holds constant."""
    if row.areal_capacity_mAh_cm2 is not None:
        return f"{row.areal_capacity_mAh_cm2:.1f} mAh/cm2"
    return f"{row.half_cycle_h:g} h"


def table(rows: list[MeasuredRow]) -> str:
    """The table as Markdown, with the errors of the predictions in a sentence."""
    lines = [table_line(row) for row in rows]
    return "\n".join([*HEAD, *lines, "", summary(lines)])


def summary(lines: list[str]) -> str:
    """Median and largest error of the predicted rows, in words."""
    cells = [[cell.strip() for cell in line.strip("| ").split("|")] for line in lines]
    errors = {c[0]: abs(int(c[5].removesuffix(" %"))) for c in cells if c[7] == "predicted"}
    worst = max(errors, key=lambda name: errors[name])
    middle = statistics.median(errors.values())
    return (
        f"Of the {len(errors)} predicted rows the median absolute error is {middle:.0f} %, "
        f"the largest {errors[worst]} % ({worst})."
    )


def full_table(rows: list[MeasuredRow]) -> str:
    """The table of full cells as Markdown, with the errors of the predictions in a sentence."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # extrapolated potentials are counted in reports
        model, bare = model_values(rows), model_values(rows, carbon=0.0)
    lines = [full_line(row, model[row.id], bare[row.id]) for row in rows]
    errors = {
        row.id: abs(100.0 * (model[row.id] / row.value - 1.0))
        for row in rows
        if row.role == "validation" and row.relation == "eq"
    }
    worst = max(errors, key=lambda name: errors[name])
    middle = statistics.median(errors.values())
    closing = (
        f"Of the {len(errors)} predicted rows with a value the median absolute error is "
        f"{middle:.0f} %, the largest {errors[worst]:.0f} % (`{worst}`)."
    )
    return "\n".join([*FULL_HEAD, *lines, "", closing])


def full_line(row: MeasuredRow, model: float, bare: float) -> str:
    """One line of the table of full cells."""
    how = FULL_ROWS[row.id]
    if row.id == "bi-only":
        measured, shown, other, error = "shorts", *map(_outcome, (model, bare)), "-"
        error = "hit" if model > 0.0 else "missed"
    else:
        least = "at least " if row.relation == "ge" else ""
        measured = f"{least}{row.value:g} {row.unit}"
        shown, other = (f"{value:.3g}" for value in (model, bare))
        error = f"{100.0 * (model / row.value - 1.0):+.0f} %"
        if row.relation == "ge":
            error = "hit" if model >= row.value else "missed"
    cells = (
        f"`{row.id}`",
        f"{how.active}, {how.interphase or 'uncoated'}, {how.loading:g} mg/cm2, "
        f"{row.temperature_C:g} °C",
        row.quantity,
        measured,
        shown,
        error,
        other,
        "fitted" if row.role == "calibration" else "predicted",
    )
    return f"| {' | '.join(cells)} |"


def _outcome(value: float) -> str:
    return "shorts" if value > 0.0 else "no short"


def markers(name: str) -> tuple[str, str]:
    """What stands before and after a table."""
    return f"<!-- {name} table: begin -->", f"<!-- {name} table: end -->"


def split_readme(text: str, name: str = "validation") -> tuple[str, str, str]:
    """What stands before, between and after the markers of a table."""
    opening, closing = markers(name)
    before, begin, rest = text.partition(opening)
    inside, end, after = rest.partition(closing)
    if not begin or not end:
        message = f"README.md lacks '{opening}' or '{closing}'"
        raise ValueError(message)
    return before, inside.strip("\n"), after


def write_picture() -> None:
    """Draw the ramp of the template."""
    figure = simulate(loads(template_text("ccd"))).plot("ramp")
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    PICTURE.write_bytes(render(figure, "png"))


def main() -> int:
    """Write or check; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing, compare")
    only_check = parser.parse_args().check
    text = README.read_text(encoding="utf-8")
    tables = {
        "validation": table(measured_rows(quantity=QUANTITY)),
        "full-cell": full_table(full_rows()),
    }
    stale = [fresh for name, fresh in tables.items() if split_readme(text, name)[1] != fresh]
    if only_check:
        sys.stdout.writelines(f"README.md is stale; now:\n{fresh}\n" for fresh in stale)
        return int(bool(stale))
    for name, fresh in tables.items():
        before, _inside, after = split_readme(text, name)
        opening, closing = markers(name)
        text = f"{before}{opening}\n{fresh}\n{closing}{after}"
        sys.stdout.write(f"{fresh}\n\n")
    README.write_text(text, encoding="utf-8")
    write_picture()
    return 0


if __name__ == "__main__":
    sys.exit(main())
