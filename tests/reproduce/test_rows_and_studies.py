"""The table of measured rows, the studies that serve it, and the examples made from them."""

from __future__ import annotations

import csv
import importlib.util
from pathlib import Path

import pytest

from interlith.calibration import cells, full_cells
from interlith.calibration.draws import CONDITIONS
from interlith.cell import load
from interlith.errors import InputError
from interlith.reproduce.elsewhere import UNABLE
from interlith.reproduce.examples import example_files
from interlith.reproduce.studies import (
    FIGURES,
    all_studies,
    measured_by_id,
    others_by_id,
    studies_for,
    words,
)

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples" / "wan2023"
SHARED = ROOT.parent / "shared" / "wan2023" / "measurements.csv"


def test_all_38_rows_are_there_with_source_and_role() -> None:
    rows = measured_by_id()
    assert len(rows) == 38
    assert all(row.locator and row.role in ("calibration", "validation") for row in rows.values())
    assert [name for name, row in rows.items() if row.role == "calibration"] == [
        "ccd-bare-25", "ccd-limg-0.5", "ccd-mgbi-1.0", "ccd-albi-1h", "full-cl-0.5C",
        "full-f-0.51-80",
    ]  # fmt: skip


@pytest.mark.skipif(not SHARED.exists(), reason="the table it was copied from is not here")
def test_rows_are_those_of_the_project() -> None:
    with SHARED.open(encoding="utf-8", newline="") as stream:
        given = list(csv.DictReader(stream))
    rows = measured_by_id()
    assert [entry["id"] for entry in given] == list(rows)
    for entry in given:
        row = rows[entry["id"]]
        assert (entry["unit"], entry["relation"], entry["role"], entry["locator"]) == (
            row.unit, row.relation, row.role, row.locator,
        )  # fmt: skip
        assert entry["value"] == "" or float(entry["value"]) == row.value


def test_every_row_is_served_by_one_study() -> None:
    served = [row for study in all_studies() for row in study.rows]
    assert sorted(served) == sorted(set(served))
    assert set(served) == set(measured_by_id()) | (set(others_by_id()) - set(UNABLE))


def test_at_least_five_rows_of_others_are_predicted() -> None:
    rows = others_by_id()
    assert sum(1 for name in rows if rows[name].role == "validation" and name not in UNABLE) >= 5
    assert all("doi:" in row.locator or "arXiv" in row.locator or "no DOI" in row.locator
               or row.id in UNABLE for row in rows.values())  # fmt: skip
    assert all("seen" in row.note or "unverified" in row.note or "tabulated" in row.note
               for row in rows.values())  # fmt: skip


def test_only_takes_topics_figures_and_rows() -> None:
    assert {study.topic for study in studies_for(("ccd",))} == {"ccd"}
    assert [study.name for study in studies_for(("zn-uptake",))] == ["ladders"]
    figure = {row for study in studies_for(("fig3",)) for row in study.rows}
    assert set(FIGURES["fig3"]) <= figure
    assert studies_for(()) == all_studies()
    assert {"ccd", "full-cell", "atomistic", "fig1", "elsewhere"} <= set(words())
    with pytest.raises(InputError, match="did you mean"):
        studies_for(("ccdd",))


def test_conditions_are_those_that_the_calibration_assumes() -> None:
    from interlith.units import to_si

    for name in ("electrolyte", "interlayer"):
        expected = to_si(cells.ASSUMED[name], "length")
        assert CONDITIONS[f"{name}_thickness"].value == pytest.approx(expected)
        assert full_cells.ASSUMED[name] == cells.ASSUMED[name]
    pressure = to_si(cells.ASSUMED["stack_pressure"], "pressure")
    assert CONDITIONS["stack_pressure"].value == pytest.approx(pressure)
    assert CONDITIONS["carbon"].value == full_cells.ASSUMED["carbon"]
    assert all(c.low <= c.value <= c.high for c in CONDITIONS.values())


def test_examples_are_what_is_run() -> None:
    fresh = example_files()
    assert {path.name for path in EXAMPLES.glob("*.yaml")} == set(fresh)
    stale = [n for n, text in fresh.items() if (EXAMPLES / n).read_text(encoding="utf-8") != text]
    assert stale == [], "run tools/example_cells.py"


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.yaml")), ids=lambda path: path.stem)
def test_example_loads_and_can_be_assembled(path: Path) -> None:
    from interlith.simulation import used_values

    cell = load(path)
    assert used_values(cell)
    assert cell.reference


def test_the_tool_writes_the_examples(tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("example_cells", ROOT / "tools/example_cells.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.FOLDER == EXAMPLES
    assert len(module.write_examples(tmp_path)) == len(example_files())
