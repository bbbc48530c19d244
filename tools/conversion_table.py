"""Rewrite the tables of docs/interlayer.md and its pictures from fresh runs.

    .venv/bin/python tools/conversion_table.py

Every measured critical current density (CCD) of a cell with an interlayer is simulated twice: with
the state that its material is said to form, and with layers formed by simulated cycles. The second
table varies the amount of magnesium, the third the rest on contact. Nothing is fitted here.
"""

from __future__ import annotations

import sys
from pathlib import Path

from interlith.calibration.cells import ccd_cell
from interlith.calibration.fit import QUANTITY
from interlith.calibration.rows import MeasuredRow, measured_rows
from interlith.cell import Cell
from interlith.cell.reader import loads
from interlith.cell.templates import template_text
from interlith.report.life import depth_profiles, potential_landscape, potential_profiles
from interlith.report.style import render
from interlith.simulation import interlayer, simulate
from interlith.simulation.evolution_data import time_on_plateau

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "interlayer.md"
IMAGES = ROOT / "docs" / "images"
SERIES = "ccd-mgbi-1h"
AMOUNTS = (0, 2, 8, 16, 24, 32)
ROWS_HEAD = (
    "| row | cell | measured | stored state | formed | metal in lithium | strain | role |",
    "|---|---|---|---|---|---|---|---|",
)
SERIES_HEAD = (
    "| layer (weight) | stored state | formed | Mg in lithium, at% | porosity | strain |",
    "|---|---|---|---|---|---|",
)
RESTS = (
    ("24 h", "25 degC"),
    ("4 h", "60 degC"),
    ("1 h", "80 degC"),
    ("1 h", "120 degC"),
    ("24 h", "80 degC"),
)
RESTS_HEAD = (
    "| rest | on the plateau of the host | depth of alloy | Mg at the interface, at% "
    "| replenishment, mA/cm2 | CCD, mA/cm2 | forming |",
    "|---|---|---|---|---|---|---|",
)


def verdict(cell: Cell) -> str:
    """Interval of the critical current density in mA/cm2."""
    ccd = simulate(cell).ccd
    assert ccd is not None
    if ccd.first_failing_mA_cm2 is None:
        return f"above {ccd.last_passing_mA_cm2:.1f}"
    return f"{ccd.last_passing_mA_cm2 or 0.0:.1f} to {ccd.first_failing_mA_cm2:.1f}"


def row_line(row: MeasuredRow) -> str:
    """One measured row beside both models."""
    cell = ccd_cell(row)
    evolution = interlayer.evolve(cell)
    side = evolution.sides["left"]
    share = side.in_anode.sum() / side.total.sum() if len(side.metals) else 0.0
    cells = (
        f"`{row.id}`",
        row.interlayer or "",
        f"{row.value:.1f}",
        verdict(cell),
        verdict(evolution.formed),
        f"{100.0 * share:.0f} %" if len(side.metals) else "-",
        f"{side.swelling_strain[0]:+.2f}",
        "fitted" if row.role == "calibration" else "predicted",
    )
    return f"| {' | '.join(cells)} |"


def series_line(amount: int, base: Cell) -> str:
    """One amount of magnesium beside both models."""
    name = f"Mg{amount}Bi84" if amount else "Bi"
    places = [i for i, layer in enumerate(base.layers) if layer.kind == "interlayer"]
    cell = base.changed({f"layers.{i}.material": name for i in places})
    evolution = interlayer.evolve(cell)
    side = evolution.sides["left"]
    fraction = 100.0 * float(side.magnesium_fraction.sum())
    cells = (
        name,
        verdict(cell),
        verdict(evolution.formed),
        f"{fraction:.1f}",
        f"{side.porosity[0]:.2f}",
        f"{side.swelling_strain[0]:+.2f}",
    )
    return f"| {' | '.join(cells)} |"


def rest_line(duration: str, temperature: str) -> str:
    """One annealing of the template for critical currents."""
    plan = {"conversion.rest": duration, "conversion.temperature": temperature}
    evolution = interlayer.evolve(loads(template_text("ccd")).changed(plan))
    side, found = evolution.sides["left"], evolution.consequences["left"].formed
    cells = (
        f"{duration} at {temperature.replace('degC', '°C')}",
        f"{time_on_plateau(evolution, side) / 3600.0:.1f} h",
        f"{side.alloy_depth * 1e6:.0f} um",
        f"{100.0 * float(side.magnesium_fraction.sum()):.1f}",
        f"{found.replenishment / 10.0:.2f}",
        verdict(evolution.formed),
        f"{evolution.status}, {evolution.cycles} cycles",
    )
    return f"| {' | '.join(cells)} |"


def replaced(text: str, name: str, lines: list[str]) -> str:
    """The page with the lines between its markers of a name."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    before, first, rest = text.partition(begin)
    _old, last, after = rest.partition(end)
    if not first or not last:
        message = f"{PAGE.name} lacks '{begin}' or '{end}'"
        raise ValueError(message)
    return f"{before}{begin}\n" + "\n".join(lines) + f"\n{end}{after}"


def main() -> int:
    """Write the page and its pictures."""
    measured = [row for row in measured_rows(quantity=QUANTITY) if row.interlayer]
    base = ccd_cell(next(row for row in measured if row.id == SERIES))
    rows = [*ROWS_HEAD, *(row_line(row) for row in measured)]
    series = [*SERIES_HEAD, *(series_line(amount, base) for amount in AMOUNTS)]
    text = PAGE.read_text(encoding="utf-8")
    text = replaced(replaced(text, "rows", rows), "series", series)
    rests = [*RESTS_HEAD, *(rest_line(*rest) for rest in RESTS)]
    text = replaced(text, "rests", rests)
    PAGE.write_text(text, encoding="utf-8")
    evolution = interlayer.evolve(base)
    pictures = {
        "metal-depth": depth_profiles,
        "potentials": potential_profiles,
        "potential-landscape": potential_landscape,
    }
    for name, draw in pictures.items():
        (IMAGES / f"{name}.png").write_bytes(render(draw(evolution), "png"))
    sys.stdout.write("\n".join([*rows, "", *series, "", *rests]) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
