"""Hulls and sets against laws and against hand calculations."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymatgen.analysis.interface_reactions import GrandPotentialInterfacialReactivity
from pymatgen.analysis.phase_diagram import GrandPotentialPhaseDiagram, PDEntry, PhaseDiagram
from pymatgen.core import Composition, Element

from interlith.errors import InputError
from interlith.thermo import Phases
from interlith.thermo.energies import Energy, EnergySource
from interlith.thermo.energy_set import SetRule, resolve
from interlith.thermo.staircase import staircase


def toy(**energies: float) -> PhaseDiagram:
    entries = [PDEntry(Composition(symbol), 0.0) for symbol in ("Li", "Bi")]
    entries += [PDEntry(Composition(f), e, name=f) for f, e in energies.items()]
    return PhaseDiagram(entries)


def test_a_ladder_by_hand() -> None:
    # LiBi at -0.8 and Li3Bi at -2.2 eV: 0.8 V up to 1, then (2.2 - 0.8) / 2 = 0.7 V up to 3.
    stairs = staircase(toy(LiBi=-0.8, Li3Bi=-2.2), {"Bi": 1.0})
    assert [round(s.lithium, 9) for s in stairs] == [0.0, 1.0, 3.0]
    assert [s.high_V for s in stairs[1:]] == pytest.approx([0.8, 0.7])


def test_a_phase_above_the_hull_makes_no_step() -> None:
    # LiBi at -0.6 lies above the line to Li3Bi (-2.2 / 3 = -0.733 per lithium).
    stairs = staircase(toy(LiBi=-0.6, Li3Bi=-2.2), {"Bi": 1.0})
    assert [round(s.lithium, 9) for s in stairs] == [0.0, 3.0]
    assert stairs[1].high_V == pytest.approx(2.2 / 3.0)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(1, 6), st.integers(1, 3), st.floats(-1.0, -0.01)),
        min_size=1,
        max_size=6,
        unique_by=lambda t: t[0] / t[1],
    )
)
def test_potentials_fall_and_the_charge_is_the_energy(found: list[tuple[int, int, float]]) -> None:
    # Convexity: the ladder falls. Energy: ∫U dx is minus the formation energy of the last phase.
    hull = toy(**{f"Li{a}Bi{b}": e * (a + b) for a, b, e in found})
    stairs = staircase(hull, {"Bi": 1.0})
    levels = [s.high_V for s in stairs[1:]]
    assert levels == sorted(levels, reverse=True)
    contents = [s.lithium for s in stairs]
    charge = sum(v * (b - a) for v, a, b in zip(levels, contents, contents[1:], strict=False))
    last = Composition({"Li": contents[-1], "Bi": 1.0})
    energy = hull.get_hull_energy_per_atom(last) * last.num_atoms
    assert charge == pytest.approx(-energy, abs=1e-6)


SOURCES = {
    "a": EnergySource("a", "measured", True),
    "b": EnergySource("b", "computed", False),
}
RULE = SetRule("a", ("a",), ("b",))


def row(formula: str, source: str, energy: float) -> Energy:
    return Energy(formula, source, "gibbs", "DFT", energy, energy)


def test_a_gap_is_filled_through_a_reaction_energy() -> None:
    # On scale b, Li3Bi -> LiBi + 2 Li costs 1.3; on scale a LiBi is at -0.83.
    rows = [row("LiBi", "a", -0.83), row("LiBi", "b", -0.7), row("Li3Bi", "b", -2.0)]
    filled = resolve(RULE, rows, SOURCES)["Li3Bi"]
    assert filled.energy_eV == pytest.approx(-0.83 - 1.3)
    assert filled.filled
    assert not filled.measured


def test_a_scale_that_is_off_by_a_constant_per_anchor_does_not_matter() -> None:
    rows = [row("LiBi", "a", -0.83), row("LiBi", "b", -0.7), row("Li2Bi2", "b", -1.4)]
    found = resolve(RULE, rows, SOURCES)
    assert found["LiBi"].energy_eV == -0.83


def test_driving_forces_are_those_of_pymatgen(phases: Phases) -> None:
    # An independent code on the same hull: reactions counted by balancing equations.
    diagram = phases.diagrams("Zn", "Li6PS5Cl")[0]
    voltage = 0.7
    grand = GrandPotentialPhaseDiagram(list(diagram.hull.stable_entries), {Element("Li"): -voltage})
    peer = GrandPotentialInterfacialReactivity(
        Composition("Zn"),
        Composition("Li6PS5Cl"),
        grand,
        pd_non_grand=diagram.hull,
        norm=True,
        include_no_mixing_energy=False,
        use_hull_energy=True,
    )
    best = min(energy for _, x, energy, _, _ in peer.get_kinks() if 0.0 < x < 1.0)
    found = phases.interface("Zn", "Li6PS5Cl", voltage).points[0].mutual_eV_per_atom
    assert found.by_set[diagram.rule.name] == pytest.approx(best, abs=1e-6)


def test_a_reaction_is_the_same_from_both_sides(phases: Phases) -> None:
    one = phases.interface("Mg", "Li6PS5Cl", [0.3, 0.9, 1.5])
    other = phases.interface("Li6PS5Cl", "Mg", [0.3, 0.9, 1.5])
    for a, b in zip(one.points, other.points, strict=True):
        assert a.products == b.products
        assert a.share == pytest.approx(1.0 - b.share)
        assert a.energy_eV_per_atom.value == pytest.approx(b.energy_eV_per_atom.value)
        assert a.mutual_eV_per_atom.value <= 1e-12


def test_a_missing_element_is_named(phases: Phases) -> None:
    with pytest.raises(InputError, match="element Fe"):
        phases.voltage_profile("Fe2O3")
    with pytest.raises(InputError, match="element Co"):
        phases.interface("LiCoO2", "Li6PS5Cl", 3.0)


def test_without_a_source_the_spread_changes_and_not_the_path(phases: Phases) -> None:
    fewer = Phases("default", without=["emf"])
    before, after = phases.voltage_profile("Sb"), fewer.voltage_profile("Sb")
    assert before.steps[0].potential.value == pytest.approx(0.956)
    # The CALPHAD assessment takes over.
    assert after.steps[0].potential.value == pytest.approx(0.984, abs=0.001)
    assert after.steps[0].potential.width < before.steps[0].potential.width
    computed = Phases("default", without=[k for k, s in phases.sources.items() if s.measured])
    assert not computed.voltage_profile("Sb").steps[0].potential.measured
    with pytest.raises(InputError, match="without"):
        Phases("default", without=["nobody"])


def test_a_users_energy_comes_first(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("own") / "own.csv"
    path.write_text("formula,value_eV,uncertainty_eV\nLiZn4,-0.256,0.01\n")
    step = Phases("default", energies=path).voltage_profile("Zn").steps[0]
    assert step.potential.value == pytest.approx(0.256, abs=1e-6) or step.phases != ("LiZn4",)
    assert "user" in step.sources or step.phases != ("LiZn4",)


def test_what_a_user_computed_is_a_set_and_does_not_pass_for_measured(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text(
        "formula,value_eV,kind,quantity\nLi2Sb,-1.7,DFT,energy\nLi3Sb,-2.6,DFT,energy\n"
    )
    mine = Phases("default", energies=path)
    assert mine.source("user-computed").line().endswith("own.csv")
    assert "user" not in mine.sources
    step = mine.voltage_profile("Sb").steps[0].potential
    assert step.measured
    assert step.value == pytest.approx(0.956)
    assert 0.8 < step.by_set["user-computed"] < 0.9


def test_a_slope_is_the_derivative_of_the_solution(phases: Phases) -> None:
    # U(x) of the ladder against the analytic chemical potential of cubic Li-Mg.
    from interlith.thermo.solution import SOLUTIONS

    cubic = SOLUTIONS[0]
    profile = phases.voltage_profile("Mg")
    for per_atom in (0.8, 1.5, 3.0, 8.0):
        x = per_atom / (1.0 + per_atom)
        law = float(cubic.potential_V(np.array(x), 298.15))
        assert profile.potential_V(per_atom) == pytest.approx(law, abs=0.004)


@pytest.mark.parametrize("voltage", [0.05, 0.5])
def test_lithium_alone_reduces_argyrodite_by_the_energy_of_the_reaction(
    phases: Phases, voltage: float
) -> None:
    # Li6PS5Cl + 8 Li = 5 Li2S + Li3P + LiCl by hand; every lithium is worth U at the potential U.
    diagram = phases.diagrams("Bi", "Li6PS5Cl")[0]
    energy = {name: diagram.values[name].energy_eV for name in ("Li6PS5Cl", "Li2S", "Li3P", "LiCl")}
    reaction = 5 * energy["Li2S"] + energy["Li3P"] + energy["LiCl"] - energy["Li6PS5Cl"]
    alone = phases.interface("Bi", "Li6PS5Cl", voltage).points[0].alone_eV_per_atom
    assert alone == pytest.approx((reaction + 8 * voltage) / 7, abs=1e-6)


def test_lithium_does_nothing_to_a_stable_salt(phases: Phases) -> None:
    for voltage in (0.1, 2.0):
        alone = phases.interface("Mg", "LiCl", voltage).points[0].alone_eV_per_atom
        assert alone == pytest.approx(0.0, abs=1e-6)


def test_what_was_filled_in_is_named(phases: Phases) -> None:
    assert "Li6PS5Cl" in phases.interface("Mg", "Li6PS5Cl", 0.7).filled
    assert "Li6PS5Cl" in phases.window("Li6PS5Cl").filled
    assert phases.voltage_profile("Bi").steps[0].filled == ()
