"""What the room says of known systems, against measurements and published windows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from interlith.errors import InputError
from interlith.materials import Library
from interlith.materials.writing import material_file
from interlith.thermo import Phases
from interlith.thermo.feeds import (
    material_entry,
    solubility_limits,
)
from interlith.thermo.screen import COMPOUNDS, METALS, screen
from interlith.thermo.solution import SOLUTIONS
from interlith.thermo.spread import spread


@pytest.mark.parametrize(
    ("host", "index", "measured"),
    [
        ("Al", 0, 0.385),
        ("Bi", 0, 0.828),
        ("Bi", 1, 0.810),
        ("Sb", 0, 0.95),
        ("In", 0, 0.62),
        ("Sn", 0, 0.76),
    ],
)
def test_measured_plateaus_lie_in_a_narrow_spread(
    phases: Phases, host: str, index: int, measured: float
) -> None:
    step = phases.voltage_profile(host).steps[index]
    assert step.potential.low - 0.005 <= measured <= step.potential.high + 0.005
    assert step.potential.width <= 0.15
    assert step.verdict == "agrees"


@pytest.mark.parametrize("host", ["Bi", "Sb", "In"])
def test_without_its_own_measurement_a_plateau_is_predicted(phases: Phases, host: str) -> None:
    # The measurement above is an input; this one is a prediction, from computed scales alone.
    step = phases.voltage_profile(host).steps[0]
    computed = [v for name, v in step.potential.by_set.items() if not name.startswith("measured")]
    assert min(computed) - 0.05 <= step.potential.value <= max(computed) + 0.05


def test_what_fails_says_so(phases: Phases) -> None:
    for host in ("Zn", "Ag", "Au"):
        assert phases.voltage_profile(host).steps[0].verdict.startswith("fails")


@pytest.mark.parametrize("host", ["Bi", "Mg", "Zn", "Al", "Ag", "Sn", "In", "Sb", "Si", "Au", "Ga"])
def test_ladders_fall_and_join(phases: Phases, host: str) -> None:
    profile = phases.voltage_profile(host)
    levels = [level for step in profile.steps for level in (step.start_V, step.end_V)]
    assert levels == sorted(levels, reverse=True)
    for before, after in zip(profile.steps, profile.steps[1:], strict=False):
        assert after.x_from == pytest.approx(before.x_to, abs=2e-3)
    total = sum(step.x_to - step.x_from for step in profile.steps)
    mass = {"Bi": 208.98, "Al": 26.98}.get(host)
    if mass is not None:
        assert profile.capacity_mAh_g == pytest.approx(total * 26801.5 / mass, rel=2e-3)


def test_argyrodite_at_lithium_and_its_window(phases: Phases) -> None:
    found = phases.window("Li6PS5Cl")
    assert set(found.stairs[-1].names) == {"Li2S", "Li3P", "LiCl"}
    # Zhu, He and Mo (2015): 1.71 to 2.01 V on one computed scale.
    assert found.low.value == pytest.approx(1.71, abs=0.2)
    assert found.high.value == pytest.approx(2.01, abs=0.2)
    assert len(found.by_set) >= 4
    assert found.low.width > 0.0
    assert found.leading.energy_above_hull_eV_per_atom == pytest.approx(0.008, abs=0.01)


@pytest.mark.parametrize(
    ("electrolyte", "low", "high"), [("LiF", 0.0, 6.1), ("LiCl", 0.0, 3.98), ("Li2S", 0.0, 2.28)]
)
def test_binary_windows_are_formation_energies(
    phases: Phases, electrolyte: str, low: float, high: float
) -> None:
    found = phases.window(electrolyte)
    assert found.low.value == pytest.approx(low, abs=1e-6)
    assert found.high.value == pytest.approx(high, abs=0.02)
    value = phases.diagrams(electrolyte)[0].values[electrolyte]
    lithium = 2.0 if electrolyte == "Li2S" else 1.0
    assert found.high.by_set["measured"] == pytest.approx(-value.energy_eV / lithium, abs=1e-6)


def test_windows_of_other_electrolytes(phases: Phases) -> None:
    halide = phases.window("Li3YCl6")
    assert 0.3 < halide.low.value < 0.9
    assert 3.7 < halide.high.value < 4.4
    garnet = phases.window("Li6.5La3Zr1.5Ta0.5O12")
    assert garnet.known
    assert garnet.low.value < 1.0
    assert 2.6 < garnet.high.value < 3.5


def test_an_electrolyte_without_energy_is_said_to_be_assumed(phases: Phases) -> None:
    found = phases.window("Li7P2S8I")
    assert not found.known
    assert found.low.value < found.high.value


def test_magnesium_sulfide_is_reduced_and_the_finding_says_what_that_means(phases: Phases) -> None:
    found = phases.interface("Mg", "Li6PS5Cl", [0.0, 0.3, 0.7, 1.0])
    sulfide = next(entry for entry in found.products if entry.phase == "MgS")
    assert sulfide.low_V == pytest.approx(0.51, abs=0.05)
    text = " ".join(found.findings)
    assert "MgS is not at equilibrium below 0.51 V" in text
    assert "kept by slow kinetics" in text
    assert "MgS" not in found.points[0].products
    assert "MgS" in found.points[-1].products
    assert found.points[0].conductors
    assert "does not passivate" in found.points[0].verdict


def test_the_finding_is_of_the_data_and_not_of_magnesium(phases: Phases) -> None:
    zinc = " ".join(phases.interface("Zn", "Li6PS5Cl", [0.5]).findings)
    assert "ZnS is not at equilibrium below 1.2" in zinc
    # Calcium sulfide is more stable than lithium's, so there is no such finding.
    assert "CaS is not" not in " ".join(phases.interface("Ca", "Li6PS5Cl", [0.5]).findings)


def test_the_two_phase_region_of_li_mg_has_one_potential() -> None:
    limits = solubility_limits("Mg")
    assert limits is not None
    poor, rich, level = limits
    # Assessed diagram: 17 at% in the hexagonal phase, 30 to 35 at% where the cubic one begins.
    assert poor == pytest.approx(0.17, abs=0.02)
    assert rich == pytest.approx(0.33, abs=0.03)
    cubic, hexagonal = SOLUTIONS[:2]
    for phase, x in ((hexagonal, poor), (cubic, rich)):
        assert float(phase.potential_V(np.array(x), 298.15)) == pytest.approx(level, abs=1e-6)


def test_candidates_have_sources_and_nobody_in_the_pareto_set_is_beaten(phases: Phases) -> None:
    found = screen(phases, "Li6PS5Cl", ["Mg", "Zn", "Bi", "LiF"], library=Library.default())
    assert len(METALS) >= 15
    assert len(COMPOUNDS) >= 8
    by_name = {one.formula: one for one in found.candidates}
    assert by_name["Mg"].anion_compound == "MgS"
    assert by_name["Mg"].migration_barrier_eV == pytest.approx(0.03)
    assert all(one.sources["reaction"] for one in found.candidates)
    assert "Mg" in found.pareto


def test_a_computed_ladder_goes_into_the_library(phases: Phases, tmp_path: Path) -> None:
    path = tmp_path / "Mg.yaml"
    path.write_text(material_file([material_entry(phases, "Mg")]))
    before, after = Library.default()["Mg-particle"], Library.load([path])["Mg-particle"]
    assert {step.potential.kind for step in after.ladder} == {"computed"}
    assert after.ladder[-1].end > 5.0
    # Saunders' parameters against what the library has from elsewhere.
    assert after["lithium_solubility"].kind == "computed"
    for name in ("lithium_solubility", "solubility_in_lithium"):
        assert after[name].value == pytest.approx(before[name].value, abs=0.05)
    computed = {"lithium_solubility", "solubility_in_lithium"}
    others = before.properties.keys() - computed
    assert {n: after[n] for n in others} == {n: before[n] for n in others}
    # What is not computed is not written: a copy would hide later changes of the library.
    assert set(material_entry(phases, "Mg")["properties"]) == computed
    assert material_entry(phases, "Mg").keys() == {"name", "sources", "ladder", "properties"}


def test_a_metal_that_the_library_does_not_have_is_told_so(phases: Phases) -> None:
    with pytest.raises(InputError, match="a metal that the library has as particles"):
        material_entry(phases, "Sn")


def test_only_measured_sets_speak_where_there_are_any() -> None:
    both = spread({"a": (0.8, True, 0.01), "b": (0.6, False, 0.0)})
    assert (both.value, both.low, both.high) == pytest.approx((0.8, 0.79, 0.81))
    none = spread({"a": (0.8, False, 0.0), "b": (0.6, False, 0.0)})
    assert (none.value, none.low, none.high) == pytest.approx((0.7, 0.6, 0.8))


def test_a_set_without_a_compound_of_a_bond_does_not_speak(phases: Phases) -> None:
    # No computed scale of the table has a chloride of indium; they must not say that there is none.
    found = phases.window("Li3InCl6")
    assert set(found.by_set) == {"measured", "measured, other sources first"}
    # Wang et al. (2019) compute 2.38 V for its reduction.
    assert found.low.value == pytest.approx(2.38, abs=0.15)
    assert phases.interface("LiNbO3", "Li6PS5Cl", 3.5).findings[-1].count("Nb") == 1


def test_outliers_among_measured_sources_are_rejected_with_a_reason(phases: Phases) -> None:
    rejected = [row for row in phases.energies("Li2B4O7") if row.rejected]
    assert [row.source for row in rejected] == ["freed"]
    assert "other sources" in rejected[0].note


@pytest.mark.parametrize("electrolyte", ["Li6PS5Cl", "Li3YCl6", "Li6.5La3Zr1.5Ta0.5O12"])
def test_the_library_has_the_reduction_potentials_of_this_room(
    phases: Phases, electrolyte: str
) -> None:
    stored = Library.default()[electrolyte]["reduction_potential"]
    found = phases.window(electrolyte).low
    assert stored.kind == "computed"
    assert stored.value == pytest.approx(found.value, abs=0.006)
    assert stored.low is not None
    assert stored.high is not None
    assert stored.low <= found.low + 0.005
    assert found.high - 0.005 <= stored.high


@pytest.mark.parametrize(
    ("interphase", "compounds"),
    [
        ("Li2S-Li3P-LiCl", ("Li2S", "Li3P", "LiCl")),
        ("Li3YCl6-SEI", ("LiCl",)),
        ("LiMgSx", ("MgS", "Li2S")),
        ("Li2O-LiCl-LiMgSx", ("MgS", "Li2O", "LiCl")),
        ("Li7La3Zr2O12-SEI", ("Li7La3Zr2O12",)),
    ],
)
def test_the_library_has_the_reduction_potentials_of_interphases(
    phases: Phases, interphase: str, compounds: tuple[str, ...]
) -> None:
    # The first of its compounds that lithium reduces decides.
    stored = Library.default()[interphase]["reduction_potential"]
    windows = [phases.window(name) for name in compounds]
    first = max(windows, key=lambda window: window.low.value)
    assert stored.value == pytest.approx(first.low.value, abs=0.006)
    assert stored.low is not None
    assert stored.high is not None
    assert stored.low <= min(edge.low_V for edge in first.by_set.values()) + 0.005
    assert max(edge.low_V for edge in first.by_set.values()) - 0.005 <= stored.high
