"""Rewrite the validation table of README.md and its picture from a fresh run.

    .venv/bin/python tools/validation_table.py          # writes both
    .venv/bin/python tools/validation_table.py --check  # writes nothing; status 1 if it is stale

Every measured critical current density (CCD) of the reference work is simulated under the
conditions of its row. Rows that entered the calibration are marked as fitted, all others are
predictions.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from pathlib import Path

from interlith.calibration.cells import ccd_cell
from interlith.calibration.fit import QUANTITY, failing_current
from interlith.calibration.rows import MeasuredRow, measured_rows
from interlith.cell import loads
from interlith.cell.templates import template_text
from interlith.report.style import render
from interlith.simulation import simulate

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
PICTURE = ROOT / "docs" / "images" / "ramp.png"
BEGIN, END = "<!-- validation table: begin -->", "<!-- validation table: end -->"
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


def split_readme(text: str) -> tuple[str, str, str]:
    """What stands before, between and after the markers."""
    before, begin, rest = text.partition(BEGIN)
    inside, end, after = rest.partition(END)
    if not begin or not end:
        message = f"README.md lacks '{BEGIN}' or '{END}'"
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
    before, inside, after = split_readme(text)
    fresh = table(measured_rows(quantity=QUANTITY))
    if only_check:
        sys.stdout.write("" if fresh == inside else f"README.md is stale; now:\n{fresh}\n")
        return int(fresh != inside)
    README.write_text(f"{before}{BEGIN}\n{fresh}\n{END}{after}", encoding="utf-8")
    write_picture()
    sys.stdout.write(f"{fresh}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
