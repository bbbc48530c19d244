"""`interlith barrier`, `converge`, `uptake` and `relax` from the outside."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from interlith.cli import app
from interlith.cli.atoms import miller_indices, repeats
from interlith.errors import InputError

pytest.importorskip("ase")


@pytest.fixture(autouse=True)
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("INTERLITH_CACHE", str(tmp_path / "cache"))
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


def test_shipped_barriers_with_spread_paths_and_pictures(workplace: Path) -> None:
    data = answer("barrier", "Mg", "Zn", "--host", "Li3Bi", "--surface", "110", "--out", "out")
    for row in data.values():
        assert row["low_eV"] <= row["barrier_eV"] <= row["high_eV"]
        assert set(row["per_potential"]) == {"sevennet-0", "chgnet"}
        assert all(row["path"][name]["energies_eV"] for name in row["per_potential"])
        assert set(row["from"].values()) == {"shipped with interlith"}
    chances = (
        data["Mg"]["probability_lower_than"]["Zn"],
        data["Zn"]["probability_lower_than"]["Mg"],
    )
    assert sum(chances) == pytest.approx(1.0)
    assert json.loads((workplace / "out" / "barriers.json").read_text()) == data
    for name in ("paths", "sites", "check"):
        for form in ("png", "svg", "pdf"):
            assert (workplace / "out" / "pictures" / f"{name}.{form}").stat().st_size > 2000


def test_people_read_the_verdict_and_what_is_missing() -> None:
    said = interlith("barrier", "Mg", "Zn", "--host", "Li3Bi", "--no-pictures").stdout
    assert "published order Mg below Zn" in said
    assert "measured 0.82" in said


def test_a_barrier_is_computed_kept_and_read_again(workplace: Path) -> None:
    call = ("barrier", "Al", "--host", "Al", "--surface", "111", "--potential", "emt",
            "--coverage", "3x3", "--layers", "4", "--no-pictures")  # fmt: skip
    first = answer(*call, "--out", "one")
    assert first["Al"]["from"] == {"emt": "computed now"}
    assert any((workplace / "cache").rglob("path-*.done.json"))
    assert answer(*call, "--out", "two") == first


def test_a_series_is_computed_kept_and_drawn(workplace: Path) -> None:
    call = ("converge", "Al", "--host", "Al", "--surface", "100", "--potential", "emt",
            "--coverage", "2x2", "--layers", "3,4", "--images", "3,5")  # fmt: skip
    data = answer(*call, "--out", "one")
    assert data["rows"][0]["axis"] == "base"
    assert {row["images"] for row in data["rows"]} == {3, 5}
    assert {tuple(row["coverage"]) for row in data["rows"]} == {(2, 2)}
    assert (workplace / "one" / "pictures" / "convergence.png").stat().st_size > 2000
    kept = sorted((workplace / "cache").rglob("*.done.json"))
    before = [path.stat().st_mtime_ns for path in kept]
    assert answer(*call, "--out", "two") == data
    assert [path.stat().st_mtime_ns for path in kept] == before
    assert "moves the barrier" in interlith(*call, "--out", "three", "--no-pictures").stdout


def test_a_shipped_series_needs_no_calculation(workplace: Path) -> None:
    data = answer("converge", "Mg", "--host", "Li3Bi", "--no-pictures")
    assert data["potential"] == "sevennet-0"
    base = answer("barrier", "Mg", "--host", "Li3Bi", "--no-pictures")
    assert data["rows"][0]["barrier_eV"] == base["Mg"]["per_potential"]["sevennet-0"]
    assert not (workplace / "cache").exists()


def test_a_check_of_the_network_is_a_member_and_is_shown(workplace: Path) -> None:
    call = ("barrier", "Al", "--host", "Al", "--surface", "100", "--potential", "emt",
            "--coverage", "2x2", "--layers", "3", "--no-pictures", "--check", "emt")  # fmt: skip
    row = answer(*call)["Al"]
    assert row["check"]["barrier_eV"] == pytest.approx(row["per_potential"]["emt"], abs=1e-3)
    assert set(row["members"]) == {"emt", "emt at emt's geometries"}
    assert any((workplace / "cache").rglob("check-Al-emt*/site-s0.done.json"))
    assert "emt weighed" in interlith(*call).stdout
    again = answer(*call, "--relaxed")["Al"]
    assert again["members"]["emt on emt's network, relaxed"] == pytest.approx(
        again["check"]["barrier_eV"], abs=5e-3
    )
    assert "emt relaxed the lowest state (site-s0" in interlith(*call, "--relaxed").stdout


def test_a_published_barrier_counts_for_its_own_host_only() -> None:
    said = answer("barrier", "Mg", "--host", "Li3Sb", "--potential", "sevennet-0", "--no-pictures")
    assert said["Mg"]["library"] is None


def test_a_barrier_of_our_own_in_the_library_is_no_yardstick() -> None:
    # The library's 0.20 eV of silver is the mean of what ships: it cannot confirm itself.
    said = interlith("barrier", "Ag", "--host", "Li3Bi", "--no-pictures").stdout
    assert "published" not in said
    assert answer("barrier", "Ag", "--host", "Li3Bi")["Ag"]["library"]["published"] is False
    # Aluminium's stands for Li3Bi alone.
    own = answer("barrier", "Al", "--host", "Al", "--surface", "111", "--no-pictures")
    assert own["Al"]["library"] is None


def test_a_barrier_goes_into_the_library_and_mobility_uses_it(workplace: Path) -> None:
    from interlith.materials import Library

    data = answer(
        "barrier", "Bi", "--host", "Li3Bi", "--potential", "sevennet-0", "--no-pictures",
        "--material-file", "bi.yaml",
    )  # fmt: skip
    found = Library.load([workplace / "bi.yaml"])["Bi-particle"].properties["migration_barrier"]
    assert found.value == pytest.approx(data["Bi"]["barrier_eV"], abs=1e-3)
    assert found.kind == "computed"
    assert (found.low, found.high) == pytest.approx(
        (data["Bi"]["low_eV"], data["Bi"]["high_eV"]), abs=1e-3
    )
    ranked = answer("mobility", "Mg", "Bi", "--materials", "bi.yaml")
    assert "interlith barrier Bi" in json.dumps(ranked)


def test_a_material_file_names_the_check_too(workplace: Path) -> None:
    answer("barrier", "Mg", "--host", "Li3Bi", "--no-pictures", "--material-file", "mg.yaml")
    text = (workplace / "mg.yaml").read_text(encoding="utf-8")
    for name in ("sevennet-0", "chgnet 0", "gpaw at sevennet-0's geometries", "gpaw-data"):
        assert name in " ".join(text.split())


def test_a_material_file_holds_one_metal(workplace: Path) -> None:
    result = interlith("barrier", "Mg", "Zn", "--host", "Li3Bi", "--material-file", "both.yaml")
    assert result.exit_code == 2
    assert not (workplace / "both.yaml").exists()


def test_uptake_shows_metal_and_salt() -> None:
    data = answer("uptake", "Mg", "--out", "out")
    assert data["Mg"]["clusters"]["LiMg"]["takes_positive_charge"]
    assert set(data["Mg"]["per_potential"]) == {"sevennet-0", "chgnet"}


def test_charged_cells_ship_and_need_no_extra(workplace: Path) -> None:
    call = ("uptake", "Mg", "LiF", "--no-potentials", "--no-clusters", "--charged-cells")
    data = answer(*call)
    assert not (workplace / "cache").exists()
    assert {host: list(found["charged_cells"]) for host, found in data.items()} == {
        "Mg": ["Mg", "LiMg"],
        "LiF": ["LiF"],
    }
    for found in data.values():
        for name, row in found["charged_cells"].items():
            assert row["easier_than_lithium"] == (row["against_lithium_eV"] < 0.0), name
            differs = row["ionisation_eV"] - row["slab_eV"]
            assert row["difference_eV"] == pytest.approx(differs, abs=1e-9)
    magnesium = data["Mg"]["charged_cells"]
    changed = magnesium["LiMg"]["ionisation_eV"] - magnesium["Mg"]["ionisation_eV"]
    assert magnesium["LiMg"]["against_first_eV"] == pytest.approx(changed, abs=1e-3)
    said = " ".join(interlith(*call).stdout.split())
    assert "against the vacuum" in said
    assert "LiMg: the crystal is assumed" in said
    assert "Cost of an atom" not in said
    assert answer("uptake", "Mg")["Mg"]["charged_cells"] == {}


def test_relax_beside_measurement() -> None:
    data = answer("relax", "Cu", "--potential", "emt", "--surface", "111")
    row = data["Cu"]["emt"]
    assert row["lattice_A"][0] == pytest.approx(row["measured_lattice_A"][0], rel=0.03)
    assert row["mechanically_stable"]
    assert row["surface_energy_J_m2"] > 0.0


def test_adhesion_is_computed_kept_and_read_again(workplace: Path) -> None:
    call = ("adhesion", "Al", "--film", "Ag", "--potential", "emt")
    data = answer(*call, "--out", "one")
    row = data["Al"]["per_potential"]["emt"]
    assert row["from"] == "computed now"
    assert row["work_J_m2"] > row["film_J_m2"] > 0.0
    assert json.loads((workplace / "one" / "adhesion.json").read_text()) == data
    kept = sorted((workplace / "cache").rglob("*.done.json"))
    before = [path.stat().st_mtime_ns for path in kept]
    assert answer(*call, "--out", "two") == data
    assert [path.stat().st_mtime_ns for path in kept] == before
    said = " ".join(interlith(*call, "--out", "three").stdout.split())
    assert "one potential, no spread" in said
    assert "no reaction that a relaxation does not find" in said


def test_shipped_adhesion_has_a_spread_and_says_what_is_published(workplace: Path) -> None:
    data = answer("adhesion", "LiF", "Li3Bi")
    assert set(data["LiF"]["per_potential"]) == {"sevennet-0", "chgnet"}
    assert {row["from"] for row in data["LiF"]["per_potential"].values()} == {
        "shipped with interlith"
    }
    assert data["LiF"]["work_J_m2"]["spread"] > 0.0
    assert not (workplace / "cache").exists()
    said = " ".join(interlith("adhesion", "LiF", "--out", "again").stdout.split())
    assert "LiF, published: lithium beads (argued)" in said


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (("adhesion", "Al", "--film-surface", "11"), "--film-surface"),
        (("adhesion", "Al", "--surface", "abc"), "three Miller indices"),
        (("adhesion", "Li3Xx", "--potential", "emt"), "did you mean"),
        (("adhesion", "Al", "--potential", "emt"), "emt with Li"),
        (("adhesion", "Al", "--film", "Cu", "--potential", "emt", "--atoms", "12"), "more strain"),
        (("adhesion", "Al", "--coverage", "2"), "such as 2x2"),
        (("barrier", "Mg", "--host", "Li3Bi", "--surface", "11"), "three Miller indices"),
        (("barrier", "Mg", "--host", "Li3Bi", "--coverage", "2"), "such as 2x2"),
        (("barrier", "Mg", "--host", "Li3Xx", "--potential", "emt"), "did you mean"),
        (("barrier", "Xy", "--host", "Al", "--potential", "emt"), "symbol of an element"),
        (("barrier", "Mg", "--host", "Li3Bi", "--relaxed"), "--check with a method's name"),
        (("converge", "Al", "--host", "Al", "--layers", "3,x"), "whole numbers from 1 to 30"),
        (("converge", "Al", "--host", "Al", "--images", "2"), "whole numbers from 3 to 21"),
        (("converge", "Bi", "--host", "Al", "--potential", "emt"), "emt with Bi"),
        (("relax", "Bi", "--potential", "emt"), "emt with Bi"),
        (("relax", "Al", "--potential", "nothing"), "--potential"),
        (("uptake", "Al3Xx", "--no-potentials", "--charged-cells"), "a structure of the package"),
        (("uptake", "Al3Xx", "--no-potentials"), "--charged-cells"),
    ],
)
def test_bad_input_is_named_and_nothing_is_written(
    call: tuple[str, ...], match: str, workplace: Path
) -> None:
    result = interlith(*call, "--out", "out")
    assert result.exit_code == 2
    assert match in " ".join(result.stderr.split())
    assert not (workplace / "out").exists()


@pytest.mark.skipif(find_spec("sevenn") is not None, reason="the extra is installed")
@pytest.mark.parametrize("call", [("barrier", "Cu", "--host", "Li3Bi"), ("adhesion", "LiBr")])
def test_without_the_extra_the_command_says_what_to_install(call: tuple[str, ...]) -> None:
    result = interlith(*call)
    assert result.exit_code == 1
    assert "interlith[atomistic]" in result.stderr


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the potentials away, as on a machine without the extra."""
    monkeypatch.setattr(
        "interlith.extra.find_spec",
        lambda name: None if name in {"sevenn", "chgnet", "pyscf", "gpaw"} else find_spec(name),
    )


def test_settings_that_are_those_of_a_shipped_barrier_need_no_calculation(bare: None) -> None:
    usual = answer("barrier", "Mg", "--host", "Li3Bi")
    named = ("--coverage", "2x2", "--layers", "4", "--images", "5")
    assert answer("barrier", "Mg", "--host", "Li3Bi", *named) == usual
    assert interlith("barrier", "Mg", "--host", "Li3Bi", "--coverage", "3x2").exit_code != 0
    assert interlith("barrier", "Mg", "--host", "Li3Bi", "--fresh").exit_code != 0


def test_a_potential_that_nobody_named_may_be_missing(bare: None) -> None:
    call = ("barrier", "Mg", "Zn", "--host", "Li3Bi", "--no-pictures")
    data = answer(*call, "--all-potentials")
    for row in data.values():
        assert set(row["per_potential"]) == {"sevennet-0", "chgnet"}
        assert set(row["left_out"]) == {"sevennet-l3i5"}
    said = " ".join(interlith(*call, "--all-potentials").stdout.split())
    assert "left out: sevennet-l3i5 for Mg, Zn" in said
    assert "make atomistic" in said
    wished = interlith(*call, "--potential", "sevennet-0", "--potential", "sevennet-l3i5")
    assert wished.exit_code != 0
    assert "atomistic" in wished.stderr


@pytest.mark.parametrize(
    ("text", "indices"),
    [("110", (1, 1, 0)), ("1-10", (1, -1, 0)), ("0 0 1", (0, 0, 1)), ("1,1,1", (1, 1, 1))],
)
def test_miller_indices(text: str, indices: tuple[int, int, int]) -> None:
    assert miller_indices(text) == indices


@pytest.mark.parametrize("text", ["000", "1100", "a10", "11.0"])
def test_what_is_no_face(text: str) -> None:
    with pytest.raises(InputError):
        miller_indices(text)


def test_repeats() -> None:
    assert repeats("2X3") == (2, 3)
    with pytest.raises(InputError):
        repeats("0x3")


def test_what_ships_on_charge_and_adhesion_can_be_read_on_a_bare_machine(bare: None) -> None:
    data = answer("uptake", "Mg", "LiF", "--all-potentials", "--charged-cells")
    assert set(data["Mg"]["per_potential"]) == {"sevennet-0", "chgnet"}
    assert set(data["Mg"]["left_out"]) == {"sevennet-l3i5"}
    assert data["LiF"]["charged_cells"]["LiF"]["against_lithium_eV"] > 1.0
    # Neither a cluster nor a crystal of copper ships, so there is nothing to leave it out of.
    for call in (("uptake", "Cu"), ("adhesion", "Cu"), ("uptake", "Mg", "--fresh")):
        refused = interlith(*call)
        assert refused.exit_code == 1
        assert "make " in refused.stderr
    stuck = answer("adhesion", "LiF", "--all-potentials", "--no-pictures")["LiF"]
    assert set(stuck["left_out"]) == {"sevennet-l3i5"}
    assert stuck["beads"] is True
