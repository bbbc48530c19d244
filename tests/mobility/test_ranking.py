"""The ranking of metals: laws, draws, what comes out, and that nothing in it knows a name."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import interlith as il
from interlith.errors import InputError
from interlith.materials import Library
from interlith.materials.property import Arrhenius, Property
from interlith.mobility.draws import draw_ladder, quantiles
from interlith.mobility.ranking import BARE, CHARGE
from interlith.particle.asked import movable
from interlith.physics import mobility as laws

METALS = ["Mg", "Bi", "Zn", "Al", "Ag", "LiF"]
KT_EV = 8.617333262e-5 * 298.15


@pytest.fixture(scope="module")
def ranking() -> il.mobility.Ranking:
    return il.mobility.rank(METALS)


# ------------------------------------------------------------------------------------------- laws
def test_a_plateau_opens_at_once_and_a_slope_bit_by_bit() -> None:
    starts, drops = np.array([0.5, 0.2]), np.array([0.0, 0.1])
    shares = [list(laws.open_share(u, starts, drops)) for u in (0.6, 0.5, 0.15, 0.05)]
    assert shares[0] == [0.0, 0.0]
    assert shares[1] == [1.0, 0.0]
    assert shares[2] == pytest.approx([1.0, 0.5])
    assert shares[3] == [1.0, 1.0]


def test_surface_diffusivity_by_hand() -> None:
    found = laws.surface_diffusivity(np.array(0.12), np.array(1e12), np.array(3e-10), 298.15)
    assert found == pytest.approx(9e-20 * 1e12 / 4 * math.exp(-0.12 / KT_EV), rel=1e-6)
    published = laws.surface_diffusivity(np.array(0.03), np.array(1e12), np.array(3e-10), 298.15)
    assert published / found == pytest.approx(33.0, rel=0.02)


def test_mobility_follows_nernst_and_einstein_up_to_one_charge() -> None:
    charge, diffusivity = np.array([0.0, 0.5, 7.0]), np.full(3, 1e-12)
    found = laws.nernst_einstein_mobility(charge, diffusivity, 298.15)
    assert found == pytest.approx(np.array([0.0, 0.5, 1.0]) * 1e-12 / KT_EV, rel=1e-6)


def test_nothing_is_released_where_nothing_dissolves() -> None:
    assert laws.released_mobility(np.array([2.0]), np.array([0.0]))[0] == 0.0


# ------------------------------------------------------------------------------------------ draws
def entry(kind: str, value: float, low: float, high: float, unit: str = "m2/s") -> Property:
    return Property("x", value, unit, "", kind, None, low, high, note="test")


def test_nobodys_number_is_drawn_evenly_on_a_logarithmic_scale() -> None:
    found = quantiles(entry("assumed", 1e-10, 1e-13, 1e-7), np.array([0.0, 0.5, 1.0]), 298.15)
    assert found == pytest.approx([1e-13, 1e-10, 1e-7], rel=1e-9)
    linear = quantiles(entry("assumed", 0.0, 0.0, 0.02), np.array([0.0, 0.5, 1.0]), 298.15)
    assert linear == pytest.approx([0.0, 0.01, 0.02])


def test_a_computed_energy_is_drawn_around_its_value() -> None:
    share = np.array([0.05, 0.5, 0.8413447])
    found = quantiles(entry("computed", 0.12, 0.038, 0.202, "eV"), share, 298.15)
    assert found == pytest.approx([0.038, 0.12, 0.12 + 0.082 / 1.6448536], abs=1e-6)


@given(st.floats(0.0, 1.0), st.sampled_from(["assumed", "measured"]), st.sampled_from(["eV", "1"]))
def test_draws_stay_in_the_range(share: float, kind: str, unit: str) -> None:
    found = quantiles(entry(kind, 0.2, 0.1, 0.9, unit), np.array([share]), 298.15)[0]
    assert 0.1 - 1e-12 <= found <= 0.9 + 1e-12


def test_the_range_follows_the_temperature() -> None:
    warm = replace(entry("assumed", 1e-10, 1e-11, 1e-9), law=Arrhenius(0.4))
    cold_value, warm_value = (quantiles(warm, np.array([0.5]), T)[0] for T in (298.15, 333.15))
    assert warm_value / cold_value == pytest.approx(warm.at(333.15) / warm.at(298.15))


@pytest.mark.parametrize("metal", METALS)
def test_drawn_ladders_keep_their_order(metal: str) -> None:
    material = movable(Library.default())[metal]
    starts, drops, spans = draw_ladder(material, np.random.default_rng(3), 200)
    assert starts.shape == drops.shape == (200, len(spans))
    ends = starts - drops
    assert np.all(starts[:, 1:] <= ends[:, :-1] + 0.03)


# ---------------------------------------------------------------------------------------- ranking
def test_documented_order(ranking: il.mobility.Ranking) -> None:
    """What comes out; against the reference work Bi and Zn stand the other way round."""
    assert [ranking.order[0], *ranking.order[3:]] == ["Mg", "Al", "Bi", "LiF"]
    # The computed barrier of Ag makes it and Zn a coin toss.
    assert 0.4 < ranking.probability("Ag", "Zn") < 0.6
    charge = [metal for metal in ranking.by(CHARGE) if metal in ("Mg", "Bi", "Zn", "LiF")]
    assert charge == ["Mg", "Bi", "Zn", "LiF"]
    against = ranking.against_reference()
    assert not against["agrees"]
    wrong = [(p["faster"], p["slower"]) for p in against["pairs"] if not p["agrees"]]
    assert wrong == [("Bi", "Zn")]


def test_probabilities_add_up(ranking: il.mobility.Ranking) -> None:
    for one in METALS:
        for other in METALS:
            both = ranking.probability(one, other) + ranking.probability(other, one)
            assert both == pytest.approx(1.0)


def test_free_atoms_compare_by_barrier(ranking: il.mobility.Ranking) -> None:
    """Two published barriers with an error of 0.05 eV each: 0.90 by them alone."""
    assert 0.85 < ranking.probability("Mg", "Zn", BARE) < 0.97


def test_the_seed_decides_the_draws() -> None:
    one, same, other = (il.mobility.rank(METALS, seed=s, samples=200) for s in (0, 0, 2))
    assert one.summary()["probability_faster"] == same.summary()["probability_faster"]
    assert one.metals["Bi"].median != other.metals["Bi"].median


def test_without_lithium_nothing_moves() -> None:
    found = il.mobility.rank(METALS, potential="0.7 V", samples=100)
    charged = {name for name, metal in found.metals.items() if metal.nominal[CHARGE] > 0.0}
    assert charged == {"Bi"}


def test_release_can_be_left_out(ranking: il.mobility.Ranking) -> None:
    free = il.mobility.rank(METALS, release=False, samples=4000)
    assert free.order == ranking.by(BARE)
    assert free.metals["Mg"].nominal["free_share"] == 1.0


def test_larger_particles_take_up_less_charge() -> None:
    small, large = (
        il.mobility.rank(["Bi"], particle_size=s, samples=50) for s in ("20 um", "40 um")
    )
    assert small.metals["Bi"].nominal[CHARGE] > large.metals["Bi"].nominal[CHARGE]


def test_names_do_not_matter() -> None:
    """A metal under another name with the same numbers has the same factors."""
    from interlith.materials.building import Findings, build_draft

    draft = build_draft(
        {"name": "Xx-particle", "formula": "Xx", "category": "mobile", "based_on": "Mg-particle"},
        Findings("test"),
    )
    library = Library([draft])
    found = il.mobility.rank(["Mg", "Xx"], library=library, samples=500)
    assert found.metals["Mg"].nominal == found.metals["Xx"].nominal
    assert found.probability("Mg", "Xx") == pytest.approx(0.5, abs=0.1)


def test_every_number_has_its_evidence(ranking: il.mobility.Ranking) -> None:
    for metal in ranking.summary()["metals"].values():
        assert metal["evidence"]
        for used in metal["evidence"]:
            assert used.kind in ("measured", "computed", "assumed")
            assert used.source
            assert used.kind != "assumed" or None not in (used.low, used.high)


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ({"metals": []}, "metal"),
        ({"metals": ["Mg", "Mg"]}, "metal"),
        ({"metals": ["Q"]}, "metal"),
        ({"metals": ["Mg"], "particle_size": "0 um"}, "particle_size"),
        ({"metals": ["Mg"], "time": "1 V"}, "time"),
        ({"metals": ["Mg"], "samples": 1}, "samples"),
        ({"metals": ["Mg"], "seed": -1}, "seed"),
    ],
)
def test_bad_input_names_the_field(arguments: dict[str, object], field: str) -> None:
    with pytest.raises(InputError) as found:
        il.mobility.rank(**arguments)  # type: ignore[arg-type]
    assert [problem.field for problem in found.value.problems] == [field]
