"""The table of energies: what is in it, and what a bad file is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from interlith.errors import InputError
from interlith.thermo.energies import (
    TEMPERATURE_K,
    WHITE_OVER_RED,
    entropies,
    load_energies,
    load_sources,
    read_energies,
)
from interlith.thermo.formula import amounts, elements_of

METALS = "Li Mg Bi Zn Al Ag Sn In Sb Si Au W Ga Ca Na K Y La Zr Ta Nb Ge"
OTHERS = "P S Cl Br I O F N B H C"
ELEMENTS = frozenset(f"{METALS} {OTHERS}".split())


def test_the_table_has_every_element_in_compounds() -> None:
    seen = frozenset().union(*(elements_of(row.formula) for row in load_energies()))
    assert seen >= ELEMENTS
    assert set(entropies()) == ELEMENTS


def test_every_row_has_a_known_source_and_a_rejected_one_says_why() -> None:
    for row in load_energies():
        assert row.source in load_sources()
        assert row.note or not row.rejected, row


def test_no_source_speaks_twice_of_the_same_quantity() -> None:
    keys = [(row.formula, row.source, row.quantity) for row in load_energies()]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("formula", ["LiF", "LiCl", "Li2O", "MgO", "ZnS", "MgCl2", "Li3N"])
def test_enthalpies_brought_to_gibbs_energies_meet_tables_of_gibbs_energies(formula: str) -> None:
    # The law ΔG = ΔH - TΔS ties sources that were tabulated apart; entropies of gases make 0.3 eV.
    rows = [row for row in load_energies() if row.formula == formula and not row.rejected]
    direct = [row.gibbs_eV for row in rows if row.source in ("janaf", "freed")]
    turned = [row.gibbs_eV for row in rows if row.source in ("crc", "wang2021")]
    assert direct
    assert turned
    atoms = sum(amounts(formula).values())
    for value in turned:
        assert value == pytest.approx(direct[0], abs=0.03 * atoms)


def test_compounds_of_phosphorus_are_referred_to_red_phosphorus(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text(
        "formula,value_eV,source,quantity\nAlP,-1.70,janaf,gibbs\nAlP,-1.70,emf,gibbs\n"
    )
    white, red = read_energies(path)
    assert white.gibbs_eV - red.gibbs_eV == pytest.approx(WHITE_OVER_RED["gibbs"])


def test_an_energy_is_kept_per_reduced_formula(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("formula,value_eV\nLi4S2,-9.0\n")
    (row,) = read_energies(path, "user")
    assert row.formula == "Li2S"
    assert row.gibbs_eV == pytest.approx(-4.5)
    assert row.temperature_K == TEMPERATURE_K


@pytest.mark.parametrize(
    ("text", "field", "expected"),
    [
        ("formula,value_eV\nLi2S,much\n", "value_eV", "a number"),
        ("formula,value_eV\nLi2S,\n", "value_eV", "formation energy"),
        ("formula,value_eV\nLi2S,-1e9\n", "value_eV", "from -1000"),
        ("formula,value_eV\nnothing!,-1\n", "formula", "a chemical formula"),
        ("formula,value_eV\nFe2O3,-1\n", "formula", "Fe is not among them"),
        ("formula,value_eV,kind\nLi2S,-4,guess\n", "kind", "experiment"),
        ("formula,value_eV,uncertainty_eV\nLi2S,-4,-1\n", "uncertainty_eV", "from 0"),
        (
            "formula,value_eV,quantity,relative_to\nLi3PS4,-1,reaction,Li2S\n",
            "relative_to",
            "Li2S:2",
        ),
        ("formula,value_eV,quantity\nLi3PS4,-1,reaction\n", "relative_to", "of a reaction"),
    ],
)
def test_a_bad_row_is_named(tmp_path: Path, text: str, field: str, expected: str) -> None:
    path = tmp_path / "own.csv"
    path.write_text(text)
    with pytest.raises(InputError, match=expected) as caught:
        read_energies(path, "user")
    (problem,) = caught.value.problems
    assert problem.field == field
    assert problem.line == 2


def test_a_reaction_is_kept_per_reduced_formula(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text(
        "formula,value_eV,quantity,relative_to\nLi6P2S8,-1.0,reaction,Li4S2:1.5 P2S5:1\n"
    )
    (row,) = read_energies(path, "user")
    assert row.formula == "Li3PS4"
    assert row.gibbs_eV == pytest.approx(-0.5)
    assert row.relative_to == (("Li2S", 1.5), ("P2S5", 0.5))
