"""`voltage`, `interface`, `window`, `screen-metals` and `fetch-energies` as a shell sees them."""

from __future__ import annotations

import json
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

pytest.importorskip("pymatgen.core", reason="needs the extra thermo")

from interlith.cli import app
from interlith.cli.thermo import potentials
from interlith.errors import InputError
from interlith.materials import Library


@pytest.fixture(autouse=True)
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def interlith(*arguments: str) -> Result:
    result = CliRunner().invoke(app, list(arguments))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def answer(*arguments: str) -> dict[str, Any]:
    result = interlith(*arguments, "--json")
    assert result.exit_code == 0, result.stderr
    data = json.loads(result.stdout)
    assert isinstance(data, dict)
    return data


def test_a_ladder_as_json_and_pictures(workplace: Path) -> None:
    data = answer("voltage", "Al", "Bi", "--out", "out")
    step = data["Al"]["steps"][0]
    assert step["V_low"] <= step["V"] <= step["V_high"]
    assert step["phases"] == ["LiAl"]
    assert step["x_to"] == pytest.approx(1.0)
    assert json.loads((workplace / "out" / "voltage.json").read_text()) == data
    for form in ("png", "svg", "pdf"):
        assert (workplace / "out" / "pictures" / f"voltage.{form}").stat().st_size > 2000


def test_a_range_with_its_unit_behind_a_space() -> None:
    data = answer(
        "interface", "Mg", "Li6PS5Cl", "--potential", "0..2", "V", "--points", "5", "--no-pictures"
    )
    assert [point["V"] for point in data["points"]] == [0.0, 0.5, 1.0, 1.5, 2.0]
    assert all(point["energy_eV_per_atom"] < 0.0 for point in data["points"])
    assert data["findings"]


def test_zero_volts_read_as_asked() -> None:
    data = answer("interface", "Mg", "Li6PS5Cl", "--potential", "0 V", "--no-pictures")
    assert [point["V"] for point in data["points"]] == [0.0]


def test_people_read_the_finding_and_the_sources() -> None:
    shown = interlith("interface", "Mg", "Li6PS5Cl", "--points", "3").stdout
    assert "MgS is not at equilibrium below 0.51 V" in shown
    assert "NIST-JANAF" in shown


def test_windows_and_an_assumed_one() -> None:
    data = answer("window", "Li6PS5Cl", "LiCl", "--no-pictures")
    assert data["Li6PS5Cl"]["low_V"] < data["Li6PS5Cl"]["high_V"]
    assert "assumed on the hull" in interlith("window", "Li7P2S8I", "--no-pictures").stdout


def test_a_short_screening(workplace: Path) -> None:
    data = answer("screen-metals", "--candidate", "Mg", "--candidate", "Bi", "--out", "s")
    assert set(data["candidates"]) == {"Mg", "Bi"}
    assert data["candidates"]["Mg"]["sources"]["reaction"]
    assert (workplace / "s" / "pictures" / "candidates.png").is_file()


def test_ladders_of_several_metals_for_the_library(workplace: Path) -> None:
    interlith("voltage", "Mg", "Zn", "--no-pictures", "--material-file", "both.yaml")
    library = Library.load([workplace / "both.yaml"])
    for metal in ("Mg", "Zn"):
        assert {step.potential.kind for step in library[f"{metal}-particle"].ladder} == {"computed"}


def test_what_lithium_makes_of_an_electrolyte_for_the_library(workplace: Path) -> None:
    arguments = ("interface", "Li", "Li6PS5Cl", "--potential", "0 V", "--no-pictures")
    data = answer(*arguments, "--material-file", "sei.yaml")
    assert data["points"][0]["products"] == ["Li2S", "Li3P", "LiCl"]
    made = Library.load([workplace / "sei.yaml"])["Li2S-Li3P-LiCl"]
    assert made.formula == "5 Li2S + Li3P + LiCl"


@pytest.mark.parametrize("during", ["interlith.cli.progress.progress_bar", "write_figures"])
def test_an_interrupted_screening_leaves_nothing(
    workplace: Path, monkeypatch: pytest.MonkeyPatch, during: str
) -> None:
    def press_ctrl_c(*_: object) -> None:
        raise KeyboardInterrupt

    if during == "write_figures":  # when the data are there and the pictures are not
        monkeypatch.setattr("interlith.report.style.write_figures", press_ctrl_c)
    else:
        monkeypatch.setattr(during, lambda _title: nullcontext(press_ctrl_c))
    result = interlith("screen-metals", "--candidate", "Mg", "--json", "--out", "s")
    assert result.exit_code == 130
    assert json.loads(result.stdout)["status"] == "interrupted"
    assert not list(workplace.iterdir())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("voltage", "Fe"), "element Fe"),
        (("voltage", "what?"), "a chemical formula"),
        (("voltage", "Li"), "a host other than lithium"),
        (("interface", "Mg", "Mg"), "another material"),
        (("interface", "Mg", "Li6PS5Cl", "--potential", "2..1 V"), "0 to 6 V"),
        (("interface", "Mg", "Li6PS5Cl", "--material-file", "m.yaml"), "Li as the first material"),
        (("interface", "Li", "Li6PS5Cl", "--material-file", "m.yaml"), "one potential"),
        (("interface", "Mg", "Li6PS5Cl", "--potential", "1 A"), "0 to 6 V"),
        (("window", "Li6PS5Cl", "--without", "me"), "without"),
        (("window", "Li6PS5Cl", "--energies", "none.csv"), "none.csv"),
    ],
)
def test_bad_input_is_named_and_nothing_is_written(
    workplace: Path, arguments: tuple[str, ...], said: str
) -> None:
    result = interlith(*arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert not list(workplace.iterdir())


def test_potentials_of_an_option() -> None:
    assert potentials("700 mV", 5) == pytest.approx([0.7])
    assert potentials("0..1 V", 3) == pytest.approx([0.0, 0.5, 1.0])
    assert potentials("0 V..1 V", 3) == pytest.approx([0.0, 0.5, 1.0])
    with pytest.raises(InputError, match="0 to 6 V"):
        potentials("a..b V", 3)


class Recorded:
    """Answers like pymatgen's client for the Materials Project; energies are made up."""

    def __init__(self, key: str) -> None:
        self.api_key = key

    def __enter__(self) -> Recorded:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def get_entries_in_chemsys(self, elements: list[str]) -> list[Any]:
        from pymatgen.entries.computed_entries import ComputedEntry

        if "S" in elements:
            raise ConnectionError(f"no route with {self.api_key}")
        known = {"Li": -1.9, "Cl2": -3.6, "LiCl": -7.3}
        return [
            ComputedEntry(name, energy, parameters={"run_type": "GGA"}, entry_id=f"mp-{k}-GGA")
            for k, (name, energy) in enumerate(known.items())
        ]


@pytest.fixture
def with_key(monkeypatch: pytest.MonkeyPatch) -> str:
    key = "not-a-key" * 4
    monkeypatch.setenv("MP_API_KEY", key)
    monkeypatch.setattr("interlith.thermo.materials_project.client_with", Recorded)
    return key


def test_fetched_energies_go_into_a_window(workplace: Path, with_key: str) -> None:
    data = answer("fetch-energies", "Li-Cl", "--out", "own.csv")
    assert data["compounds"] == ["LiCl"]
    assert with_key not in (workplace / "own.csv").read_text()
    found = answer("window", "LiCl", "--energies", "own.csv", "--no-pictures")
    assert "user-computed" in found["LiCl"]["by_set"]
    again = interlith("fetch-energies", "Li-Cl", "--out", "own.csv")
    assert again.exit_code == 2
    assert "--force" in again.stderr
    assert (
        "compounds: 1" in interlith("fetch-energies", "Li-Cl", "--out", "own.csv", "--force").stdout
    )


def test_a_network_that_fails_writes_nothing(workplace: Path, with_key: str) -> None:
    result = interlith("fetch-energies", "Li-S", "--out", "own.csv", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["status"] == "failed"
    assert "did not answer for Li-S: ConnectionError" in result.stderr
    assert with_key not in result.stderr
    assert not list(workplace.iterdir())


def test_fetching_without_a_key(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("interlith.thermo.materials_project.KEY_VARIABLES", ("NO_KEY", "NOR_HERE"))
    monkeypatch.setattr("pymatgen.core.SETTINGS", {})
    result = interlith("fetch-energies", "Li-Cl", "--out", "own.csv")
    assert result.exit_code == 2
    assert "environment variable NO_KEY" in result.stderr
    assert not list(workplace.iterdir())
