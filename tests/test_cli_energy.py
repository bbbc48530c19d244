"""`interlith energy` as a shell sees it."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from interlith import energy, load
from interlith.cli import app
from interlith.cli.quantity_options import join_units

CELL = """\
name: small
temperature: 80 degC
stack_pressure: 2.5 MPa
area: 0.785 cm^2
layers:
  - {material: Li, thickness: 50 um}
  - {material: Mg16Bi84, thickness: 20 um}
  - {material: Li6PS5Cl, thickness: 200 um}
  - {material: NMC811, loading: 25 mg/cm^2, active_mass_fraction: 0.7, electrolyte: Li6PS5Cl}
protocol:
  - Charge at 1 mA/cm2 until 4.1 V
  - Discharge at 1 mA/cm2 until 2.7 V
"""


@pytest.fixture(autouse=True)
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my-cell.yaml").write_text(CELL)
    return tmp_path


def interlith(*arguments: str) -> Result:
    result = CliRunner().invoke(app, ["energy", *arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def strict_json(text: str) -> dict[str, Any]:
    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is not JSON")

    data = json.loads(text, parse_constant=refuse)
    assert isinstance(data, dict)
    return data


def test_the_answer_has_both_levels_and_every_assumption(workplace: Path) -> None:
    result = interlith("my-cell.yaml", "--json")
    assert result.exit_code == 0, result.stderr
    data = strict_json(result.stdout)
    assert data["stack"]["Wh_kg"] > data["cell"]["Wh_kg"] > 0.0
    assert data["stack"]["Wh_L"] > data["cell"]["Wh_L"] > 0.0
    total = sum(part["mass_g"] for part in data["cell"]["parts"])
    assert total == pytest.approx(data["cell"]["mass_g"])
    for name, value in data["assumptions"].items():
        assert value["kind"] in {"assumed", "fitted", "computed", "measured", "given"}, name
        assert value["source"], name
        if value["kind"] == "assumed":
            assert value["low"] is not None, name
    assert next(iter(data["assumptions"].values()))["kind"] == "assumed"
    python = energy.cell_level(load("my-cell.yaml"))
    assert data["cell"]["Wh_kg"] == pytest.approx(python.cell.Wh_kg)


def test_files_are_written(workplace: Path) -> None:
    interlith("my-cell.yaml", "--target", "300 Wh/kg", "--out", "there")
    names = {path.name for path in (workplace / "there").rglob("*") if path.is_file()}
    assert {"energy.json", "design.yaml", "parts-stack.csv", "parts-cell.csv"} <= names
    assert {"energy-waterfall.png", "energy-sensitivity.svg", "energy-target.pdf"} <= names
    with (workplace / "there" / "parts-stack.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    saved = strict_json((workplace / "there" / "energy.json").read_text())
    masses = sum(float(row["mass_mg_cm2"]) for row in rows)
    assert masses == pytest.approx(saved["stack"]["mass_mg_cm2"])


def test_the_design_that_was_written_gives_the_same_answer(workplace: Path) -> None:
    first = interlith(
        "my-cell.yaml", "--set-design", "electrode_pairs=5", "--set-design",
        "film_thickness=150 um", "--save-design", "mine.yaml", "--no-pictures", "--json",
    )  # fmt: skip
    second = interlith("my-cell.yaml", "--design", "mine.yaml", "--no-pictures", "--json")
    one, two = strict_json(first.stdout), strict_json(second.stdout)
    assert one["cell"]["electrode_pairs"] == 5
    assert two["cell"]["Wh_kg"] == pytest.approx(one["cell"]["Wh_kg"], rel=1e-10)


def test_the_stack_alone(workplace: Path) -> None:
    data = strict_json(
        interlith("my-cell.yaml", "--design", "stack", "--no-pictures", "--json").stdout
    )
    assert data["cell"] is None
    assert any("Film, tabs" in line for line in data["not_counted"])
    assert not (workplace / "results" / "my-cell-energy" / "parts-cell.csv").exists()


def test_a_target_needs_no_quotes(workplace: Path) -> None:
    arguments = ("my-cell.yaml", "--no-pictures", "--json", "--target")
    quoted = strict_json(interlith(*arguments, "250 Wh/kg").stdout)
    assert strict_json(interlith(*arguments, "250", "Wh/kg").stdout) == quoted


@pytest.mark.parametrize(
    ("words", "joined"),
    [
        (["--target", "400", "Wh/kg"], ["--target", "400 Wh/kg"]),
        (["--potential", "0..2", "V", "Mg"], ["--potential", "0..2 V", "Mg"]),
        (["--cycle", "3", "my-cell.yaml"], ["--cycle", "3", "my-cell.yaml"]),
        (["--target", "400 Wh/kg", "V"], ["--target", "400 Wh/kg", "V"]),
        (["4", "V"], ["4", "V"]),
    ],
)
def test_only_numbers_of_options_take_a_unit(words: list[str], joined: list[str]) -> None:
    assert join_units(words) == joined


def test_a_target_is_answered(workplace: Path) -> None:
    arguments = ("my-cell.yaml", "--target", "250 Wh/kg", "--no-pictures")
    data = strict_json(interlith(*arguments, "--json").stdout)["target"]
    assert (data["target"], data["unit"], data["level"]) == (250.0, "Wh/kg", "pouch")
    assert data["possible"]
    needed = [one for one in data["alone"] if one["needed"] is not None]
    assert "layers.2.thickness" in {one["path"] for one in needed}
    impossible = [one for one in data["alone"] if one["needed"] is None]
    assert all("cannot be reached by" in one["sentence"] for one in impossible)
    people = interlith(*arguments).stdout
    assert "Target 250 Wh/kg" in people
    assert "electrolyte thickness: 200 um to" in people


def test_people_read_assumed_values_first_and_gaps(workplace: Path) -> None:
    result = interlith("my-cell.yaml", "--no-pictures")
    assert result.exit_code == 0
    assert "Not counted" in result.stdout
    assert "2.5 MPa" in result.stdout
    assert result.stdout.index("assumed") < result.stdout.index("given     cell file")
    assert "What would raise it most" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "field", "value"),
    [
        (["--design", "coin"], "--design", "coin"),
        (["--set-design", "film=1 um"], "film", "1 um"),
        (["--set-design", "film_thickness"], "--set-design", "film_thickness"),
        (["--set-design", "film_thickness=3 kg"], "film_thickness", "3 kg"),
        (["--set-design", "electrode_pairs=2.5"], "electrode_pairs", "2.5"),
        (["--target", "400"], "--target", "400"),
        (["--target", "lots"], "--target", "lots"),
        (["--result", "nowhere"], "--result", "no such file"),
        (["--cycle", "3"], "--cycle", "3"),
        (["--set", "layers.3.loading=-1 mg/cm2"], "layers.3.loading", "-1 mg/cm2"),
        (["--save-design", "my-cell.yaml"], "FILE", "my-cell.yaml"),
    ],
)
def test_bad_input_is_refused_and_writes_nothing(
    workplace: Path, arguments: list[str], field: str, value: str
) -> None:
    result = interlith("my-cell.yaml", *arguments, "--json")
    assert result.exit_code == 2, result.stdout
    (problem,) = strict_json(result.stdout)["problems"]
    assert (problem["field"], problem["value"]) == (field, value)
    assert problem["expected"]
    assert sorted(path.name for path in workplace.iterdir()) == ["my-cell.yaml"]


def test_a_symmetric_cell_is_refused(workplace: Path) -> None:
    text = CELL.partition("  - {material: NMC811")[0] + "  - {material: Li, thickness: 50 um}\n"
    (workplace / "my-cell.yaml").write_text(text + "protocol:\n  - Rest for 1 h\n")
    result = interlith("my-cell.yaml", "--json")
    assert result.exit_code == 2
    assert strict_json(result.stdout)["problems"][0]["field"] == "layers.3"
