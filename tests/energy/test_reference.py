"""The reference cells of docs/energy.md: one set under which both figures hold, and the others."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from interlith import energy
from interlith.cell import loads

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "energy.md").read_text(encoding="utf-8")
TABLE = PAGE.partition("<!-- reference sets: begin -->")[2].partition("<!--")[0]
ROWS = [
    [cell.strip() for cell in line.strip("| \n").split("|")]
    for line in TABLE.strip().splitlines()[2:]
]
CELLS = {
    name: re.search(rf"```yaml\n# {name}-cell\.yaml\n(.*?)```", PAGE, re.S)[1]
    for name in ("nmc", "lno")
}


def in_row(row: list[str], name: str) -> float:
    """Return the specific energy of a cell under the set of a row."""
    electrolyte, interlayer, lithium, share, level, pairs, voltages = row[1:8]
    overrides = {
        "layers.0.thickness": f"{lithium} um",
        "layers.1.thickness": f"{interlayer} um",
        "layers.2.thickness": f"{electrolyte} um",
    }
    if name == "lno":
        overrides["layers.3.active_mass_fraction"] = share
    cell = loads(CELLS[name], overrides=overrides)
    changes = {"electrode_pairs": float(pairs)}
    if voltages != "at rest":
        changes["mean_voltage"] = f"{voltages.split(', ')[name == 'lno']} V"
    return energy.cell_level(cell, design=level, changes=changes).Wh_kg


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_each_row_of_the_page_is_computed(row):
    assert f"{in_row(row, 'nmc'):.0f}" == row[8]
    assert f"{in_row(row, 'lno'):.0f}" == row[9]


def test_the_first_set_gives_both_figures_of_the_reference():
    """Rows energy-nmc (about 200) and energy-lno (310 Wh/kg) of Wan et al. (2023)."""
    assert in_row(ROWS[0], "nmc") == pytest.approx(200.0, rel=0.03)
    assert in_row(ROWS[0], "lno") == pytest.approx(310.0, rel=0.03)


def test_there_are_other_sets():
    assert len(ROWS) >= 6


def test_the_page_names_every_limit_of_the_inverse_question():
    from interlith.energy.levers import _table

    for row in _table().values():
        if "limit" in row and row["limit"] != "open circuit":
            number, _, unit = row["limit"].partition(" ")
            assert f"{number} {unit.replace('um', 'µm')}".strip() in PAGE
