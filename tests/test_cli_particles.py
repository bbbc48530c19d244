"""`interlith particle` and `interlith mobility` as a shell sees them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from interlith.cli import app, particles


@pytest.fixture(autouse=True)
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def interlith(*arguments: str) -> Result:
    result = CliRunner().invoke(app, list(arguments))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def strict_json(text: str) -> dict[str, Any]:
    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is not JSON")

    data = json.loads(text, parse_constant=refuse)
    assert isinstance(data, dict)
    return data


def files_below(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


PICTURES = ["pictures/particle.pdf", "pictures/particle.png", "pictures/particle.svg"]


# ---------------------------------------------------------------------------------------- particle
def test_particle_answers_and_draws(workplace: Path) -> None:
    result = interlith(
        "particle", "--metal", "Mg", "--radius", "10 um", "--steps", "1000", "--json"
    )
    data = strict_json(result.stdout)
    assert result.exit_code == 0, result.stderr
    assert data["metal"] == "Mg"
    assert set(data) >= {"uptake_fraction", "core_concentration", "profile", "regime", "front"}
    assert set(data["profile"]) == {"radius_over_R", "concentration"}
    assert data["step"]["duration_s"] == 3600.0
    assert data["step"]["fourier_number_of_a_step"] == pytest.approx(3e-15 * 3.6 / 1e-10)
    assert "compared" not in data
    written = files_below(workplace / "results" / "particle")
    assert written == [".interlith.json", "particles.json", *PICTURES]


def test_compare_adds_the_metals_of_the_reference(workplace: Path) -> None:
    result = interlith("particle", "--metal", "In", "--compare", "--json", "--out", "there")
    data = strict_json(result.stdout)
    assert data["metal"] == "In"
    assert set(data["compared"]) == {"In", "Mg", "Ag", "Zn", "Bi", "Al"}
    assert {row["metal"] for row in data["against_reference"]} == {"Mg", "Ag", "Zn", "Bi"}
    assert files_below(workplace / "there")[-3:] == PICTURES


def test_people_read_what_differs_from_the_reference() -> None:
    result = interlith("particle", "--compare", "--time-step", "1 s", "--steps", "600")
    assert result.exit_code == 0, result.stderr
    assert "600 steps of 1 s" in result.stdout
    assert "the time step is a choice" in result.stdout
    assert "Zn: " in result.stdout
    assert "differs from the reference work (thin shell)" in result.stdout
    assert "thin shell below" in result.stdout
    assert "assumed" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "field", "value", "expected"),
    [
        (["--metal", "Unobtainium"], "metal", "Unobtainium", "one of"),
        (["--metal", "Mg", "--radius", "-10 um"], "radius", "-10 um", "1 nm to"),
        (["--metal", "Mg", "--radius", "10 kg"], "radius", "10 kg", "a length"),
        (["--metal", "Mg", "--radius", "10"], "radius", "10", "a length"),
        (["--metal", "Mg", "--steps", "0"], "steps", "0", "whole number"),
        (["--metal", "Mg", "--steps", "99999999"], "steps", "99999999", "whole number"),
        (["--metal", "Mg", "--time-step", "0 s"], "time_step", "0 s", "s to"),
        (["--metal", "Mg", "--temperature", "cold"], "temperature", "cold", "a temperature"),
        (["--metal", "Mg", "--potential", "9 V"], "potential", "9 V", "5 V"),
        (["--metal", "Mg", "--front-mobility", "1 m"], "front_mobility", "1 m", "velocity"),
        ([], "--metal", "", "at least one metal"),
    ],
)
def test_bad_input_is_refused_and_writes_nothing(
    workplace: Path, arguments: list[str], field: str, value: str, expected: str
) -> None:
    result = interlith("particle", *arguments, "--json")
    assert result.exit_code == 2
    (problem,) = strict_json(result.stdout)["problems"]
    assert (problem["field"], problem["value"]) == (field, value)
    assert expected in problem["expected"]
    assert files_below(workplace) == []


def test_somebody_elses_folder_is_left_alone(workplace: Path) -> None:
    (workplace / "thesis").mkdir()
    (workplace / "thesis" / "chapter.txt").write_text("years of work")
    result = interlith("particle", "--metal", "Mg", "--out", "thesis", "--json")
    assert result.exit_code == 2
    assert strict_json(result.stdout)["problems"][0]["field"] == "--out"
    assert files_below(workplace) == ["thesis/chapter.txt"]


def test_a_users_metal_joins(workplace: Path) -> None:
    (workplace / "mine.yaml").write_text(
        "name: My-particle\nformula: My\ncategory: mobile\nbased_on: Bi-particle\n"
        "properties:\n  lithium_diffusivity:\n    value: 1e-12 cm2/s\n    kind: measured\n"
        "    source: {text: my notebook}\n"
    )
    result = interlith("particle", "--metal", "My", "--materials", "mine.yaml", "--json")
    assert result.exit_code == 0, result.stderr
    assert strict_json(result.stdout)["outcome"] == "thin shell"


def test_compiling_is_announced_once(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    interlith("particle", "--metal", "Mg")  # fills the cache
    assert "Compiling" not in interlith("particle", "--metal", "Mg").stderr
    monkeypatch.setattr("interlith.simulation.freshness.cache_folders", lambda: [workplace])
    assert "Compiling" in interlith("particle", "--metal", "Mg").stderr
    assert particles.say_whether_compiling.__doc__


# ---------------------------------------------------------------------------------------- mobility
def test_mobility_answers_in_json() -> None:
    result = interlith("mobility", "Mg", "Bi", "Zn", "Al", "Ag", "LiF", "--json")
    data = strict_json(result.stdout)
    assert result.exit_code == 0, result.stderr
    assert data["ranking"][0] == "Mg"
    assert data["ranking"][-1] == "LiF"
    assert set(data["metals"]) == set(data["probability_faster"]) == set(data["ranking"])
    evidence = data["metals"]["Zn"]["evidence"]
    assert {"property", "value", "unit", "kind", "source"} <= set(evidence[0])
    assert data["conditions"]["potential_V"] == 0.0
    assert "0.7" in data["by_potential"]


def test_people_read_ranking_probabilities_and_evidence() -> None:
    result = interlith("mobility", "Mg", "Bi", "Zn", "--samples", "200", "--potential", "0.05 V")
    assert result.exit_code == 0, result.stderr
    assert "Mobility, fastest first: Mg > Zn > Bi" in result.stdout
    assert "does not agree with that of the reference work, Mg > Bi > Zn" in result.stdout
    assert "Probability that the metal of the row is faster" in result.stdout
    assert "nudged elastic band" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        (["Mg", "Qq"], "metal"),
        (["Mg", "Mg"], "metal"),
        (["Mg", "--particle-size", "-1 um"], "particle_size"),
        (["Mg", "--potential", "0.0"], "potential"),
        (["Mg", "--time", "never"], "time"),
        (["Mg", "--samples", "0"], "samples"),
    ],
)
def test_mobility_refuses_bad_input(arguments: list[str], field: str) -> None:
    result = interlith("mobility", *arguments, "--json")
    assert result.exit_code == 2
    assert [problem["field"] for problem in strict_json(result.stdout)["problems"]] == [field]


# --------------------------------------------------------------------------------------- materials
def test_materials_show_has_the_ladder() -> None:
    data = strict_json(interlith("materials", "show", "Bi-particle", "--json").stdout)
    assert [step["phase"] for step in data["ladder"]] == ["LiBi", "Li3Bi"]
    assert "Li3Bi" in interlith("materials", "show", "Bi-particle").stdout
