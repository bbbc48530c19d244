"""`interlith migrate`, and `interlith run` on a cell that forms its layers first."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from interlith.cli import app

STACK = """
name: small
temperature: 25 degC
stack_pressure: 2.5 MPa
area: 1 cm^2
layers:
- {{material: Li, thickness: 50 um}}
- {{material: {layer}, thickness: 20 um}}
- {{material: Li6PS5Cl, thickness: 600 um}}
- {{material: {layer}, thickness: 20 um}}
- {{material: Li, thickness: 50 um}}
protocol:
- ccd: {{start: 0.5 mA/cm2, step: 0.5 mA/cm2, stop_at: 1 mA/cm2, areal_capacity: 0.5 mAh/cm2}}
"""
BARE = STACK.replace("- {{material: {layer}, thickness: 20 um}}\n", "")
PICTURES = ("metal-depth-profiles", "potentials", "potential-landscape", "lithium-ledger")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cell.yaml").write_text(STACK.format(layer="Mg16Bi84"), encoding="utf-8")
    (tmp_path / "zinc.yaml").write_text(STACK.format(layer="ZnBi"), encoding="utf-8")
    (tmp_path / "bare.yaml").write_text(BARE, encoding="utf-8")
    return tmp_path


def call(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def test_migrate_answers_with_one_object_and_writes_data_and_pictures(folder):
    done = call("migrate", "cell.yaml", "--cycles", "2", "--json", "--out", "life")
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    shares = ("metal_left_in_host_fraction", "metal_in_anode_fraction", "metal_in_sei_fraction")
    assert sum(found[name] for name in shares) == pytest.approx(1.0, abs=1e-9)
    assert found["cycles"] == 2
    assert set(found["sides"]) == {"left", "right"}
    written = {path.name for path in (folder / "life" / "pictures").iterdir()}
    assert written == {f"{p}.{form}" for p in PICTURES for form in ("png", "svg", "pdf")} | {
        "metal-depth-profiles.gif"
    }
    assert "<title>small</title>" in (folder / "life" / "report.html").read_text(encoding="utf-8")
    again = call("run", "life/formed-cell.yaml", "--no-report", "--json", "--out", "formed")
    assert again.exit_code == 0, again.output


def test_a_formed_cell_and_a_cell_that_forms_itself_agree(folder):
    call("migrate", "cell.yaml", "--cycles", "2", "--no-pictures", "--out", "life")
    first = call("run", "life/formed-cell.yaml", "--no-report", "--json", "--out", "a")
    second = call(
        "run", "cell.yaml", "--set", "conversion.cycles=2", "--json", "--no-report", "--out", "b"
    )
    one, two = json.loads(first.stdout), json.loads(second.stdout)
    assert one["ccd"] == two["ccd"]
    assert one["conversion"] is None
    assert two["conversion"]["cycles"] == 2


def test_zinc_stays_where_magnesium_leaves(folder):
    left = {}
    for name in ("cell", "zinc"):
        done = call("migrate", f"{name}.yaml", "--cycles", "1", "--json", "--no-pictures")
        left[name] = json.loads(done.stdout)["metal_left_in_host_fraction"]
    assert left["cell"] < 0.5 < left["zinc"]


def test_the_report_says_how_the_layers_were_formed(folder):
    done = call("run", "cell.yaml", "--set", "conversion.cycles=1", "--out", "out")
    assert done.exit_code == 0, done.output
    page = (folder / "out" / "report.html").read_text(encoding="utf-8")
    assert "Mobile metal in the lithium" in page


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["bare.yaml"], "layers"),
        (["nothing.yaml"], "nothing.yaml"),
        (["cell.yaml", "--set", "conversion.cycles=0"], "conversion.cycles"),
        (["cell.yaml", "--set", "temperature=-300 degC"], "temperature"),
        (["cell.yaml", "--set", "conversion.temperature=80"], "conversion.temperature"),
        (["cell.yaml", "--set", "conversion=yes"], "a mapping with fields of cycles"),
    ],
)
def test_bad_input_names_the_field_and_writes_nothing(folder, arguments, said):
    before = sorted(folder.iterdir())
    done = call("migrate", *arguments, "--out", "out")
    assert done.exit_code == 2
    assert said in done.output
    assert "Traceback" not in done.output
    assert sorted(folder.iterdir()) == before


def test_a_terminal_shows_where_the_metal_is_and_what_that_means(folder):
    done = call("migrate", "cell.yaml", "--cycles", "1", "--no-report", "--out", "out")
    for said in ("left in host", "stored state", "Reservoir in the pores", "Results: out"):
        assert said in done.output
    assert not (folder / "out" / "report.html").exists()


def test_check_lists_what_forming_will_use_and_warns(folder):
    options = ["--set", "conversion.temperature=190 degC", "--set"]
    options += ["layers.electrolyte.material=Li3YCl6"]
    found = json.loads(call("check", "cell.yaml", *options, "--json").stdout)
    names = {(value["where"], value["property"]) for value in found["values"]}
    assert ("mobile metal Mg", "migration_barrier") in names
    assert ("mobile metal Mg", "lithium_diffusivity (rest at 190 °C)") in names
    assert any("lithium melts" in warning for warning in found["warnings"])
    assert any("LiMgSx is known beside Li6PS5Cl" in warning for warning in found["warnings"])
    usual = json.loads(call("check", "cell.yaml", "--json").stdout)
    assert not any("known beside" in warning for warning in usual["warnings"])


def test_cycles_out_of_range_are_wrong_usage(folder):
    assert call("migrate", "cell.yaml", "--cycles", "0").exit_code == 2
    assert not (folder / "results").exists()


def test_a_full_cell_cannot_be_formed_and_says_so(folder):
    assert call("new", "full", "full.yaml").exit_code == 0
    done = call("migrate", "full.yaml")
    assert done.exit_code == 2
    assert "layers.3" in done.stderr
    assert "symmetric cells only" in done.stderr
    assert not (folder / "results").exists()
