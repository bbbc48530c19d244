"""The life of an interlayer: what is conserved, where the metal goes, what the layer becomes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from interlith.errors import InputError

REST = [{"rest": "1 min"}]
KEEPERS = ("ZnBi", "AlBi")


@pytest.fixture(scope="module")
def cell_of(make):
    """Maker of cells with the same layer on both sides."""

    def build(material, protocol=REST, temperature="25 degC", conversion=None, **layer):
        more = {} if conversion is None else {"conversion": conversion}
        side = [make.metal(), make.interlayer(material, **layer)]
        return make.read(side, protocol=protocol, temperature=temperature, rtol=1e-4, **more)

    return build


@pytest.fixture(scope="module")
def evolve():
    from interlith.simulation.interlayer import evolve

    return evolve


@pytest.fixture(scope="module")
def lives(cell_of, evolve):
    """Ten cycles at 1 mA/cm2 and 1 mAh/cm2, the default."""
    return {name: evolve(cell_of(name)) for name in ("Mg16Bi84", *KEEPERS, "Bi")}


@pytest.fixture(scope="module")
def watched(cell_of):
    """Three cycles of a forming run, with its state before and after all that it does."""
    from interlith.physics.electrode import lithium_content
    from interlith.simulation.assembly import cell_library
    from interlith.simulation.interlayer import _Forming

    class Watched(_Forming):
        def __init__(self, *arguments):
            self.lithium, self.current_charge, self.in_anode = [], [], []
            super().__init__(*arguments)
            self.look()

        def look(self):
            contents = [lithium_content(p, self.state, at) for _n, at, p in self._electrodes()]
            self.lithium.append(contents)
            self.in_anode.append([[m.left[0] for m in s.metals] for s in self.sides.values()])

        def _hold(self, current, duration, label, cycle):
            going = super()._hold(current, duration, label, cycle)
            self.current_charge.append(current * duration)
            self.look()
            return going

        def _rebuild(self):
            super()._rebuild()
            self.current_charge.append(0.0)
            self.look()

    runs = {}
    for name in ("Mg16Bi84", "ZnBi", "Bi"):
        cell = cell_of(name)
        run = Watched(cell, cell_library(cell), 10.0, 36000.0)
        assert run.contact(86400.0)
        for number in range(3):
            if not run.cycle(number):
                break
        runs[name] = run
    return runs


# ------------------------------------------------------------------------------ what is kept


@pytest.mark.parametrize("name", ["Mg16Bi84", *KEEPERS, "Bi"])
def test_metal_is_conserved_over_ten_cycles(lives, name):
    """Those without a moving metal may short on the way."""
    life = lives[name]
    if name == "Mg16Bi84":
        assert (life.status, life.cycles) == ("completed", 10), life.reason
    assert life.status in ("completed", "stopped"), life.reason
    assert set(life.sides) == {"left", "right"}
    assert life.largest_imbalance() < 1e-10


@settings(max_examples=20, phases=[Phase.explicit, Phase.generate])
@given(
    material=st.sampled_from(["Mg16Bi84", *KEEPERS]),
    thickness=st.floats(5.0, 60.0),
    size=st.floats(5.0, 60.0),
    temperature=st.floats(5.0, 80.0),
)
@example("Mg16Bi84", 60.0, 60.0, 5.0)
@example("ZnBi", 5.0, 60.0, 80.0)
def test_metal_is_conserved_in_random_cells(
    cell_of, evolve, material, thickness, size, temperature
):
    """Thick cold layers do not get far: what they had become is kept, and balanced."""
    layer = {"thickness": f"{thickness} um", "particle_size": f"{size} um"}
    life = evolve(cell_of(material, temperature=f"{temperature} degC", **layer), cycles=2)
    assert life.status in ("completed", "stopped"), life.reason
    assert life.largest_imbalance() < 1e-10
    for side in life.sides.values():
        assert (side.total > 0.0).all()
        for moment in side.moments:
            floor = -1e-9 * side.total.sum() / side.widths.sum()
            assert moment.bound.min() >= floor  # round-off of a sum of nothing
            assert moment.mobile.min() >= floor
            assert np.isfinite(moment.eta).all()
        assert (side.in_anode >= 0.0).all()
        assert (side.in_sei >= 0.0).all()
        assert all(0.0 < pores < 1.0 for pores in side.porosity)


def test_the_imbalance_would_show_a_leak(lives):
    life = lives["ZnBi"]
    side = life.sides["left"]
    kept = side.in_anode.copy()
    try:
        side.in_anode[:] = kept * (1.0 + 1e-8)
        assert life.largest_imbalance() > 1e-10
    finally:
        side.in_anode[:] = kept
    assert life.largest_imbalance() < 1e-10


@pytest.mark.parametrize("name", ["Mg16Bi84", "ZnBi", "Bi"])
def test_lithium_is_conserved_over_the_forming_run(watched, name):
    """By `lithium_content` of the states; the ledger leaves out the charge of double layers."""
    run = watched[name]
    lithium = np.array(run.lithium)
    total = lithium.sum(axis=1)
    assert len(total) > 1 + 4 + 1 + 1, "as pressed, contact, rebuilt, then half-cycles"
    assert np.abs(total / total[0] - 1.0).max() < 1e-10
    stores = np.array(run.ledger).sum(axis=(1, 2))
    assert stores == pytest.approx(np.full(len(stores), total[0]), rel=1e-5)


def test_each_side_gains_what_the_current_brings(watched):
    """Where no filament carries a part of it; assembling again moves none."""
    run = watched["Mg16Bi84"]
    assert run.done == 3
    lithium = np.array(run.lithium)
    whole = lithium[0].sum()
    wanted = np.array(run.current_charge) / whole
    assert np.count_nonzero(wanted) == 6
    moved = np.diff(lithium, axis=0) / whole
    assert moved[:, 1] == pytest.approx(wanted, abs=1e-10)
    assert moved[:, 0] == pytest.approx(-wanted, abs=1e-10)


def test_evolve_gives_the_same_answer_twice(cell_of, evolve):
    first, second = (evolve(cell_of("Mg16Bi84"), cycles=1) for _time in range(2))
    assert first.formed == second.formed
    assert np.array_equal(first.ledger, second.ledger)
    assert np.array_equal(first.edge_potential, second.edge_potential, equal_nan=True)
    for one, other in zip(first.sides["left"].moments, second.sides["left"].moments, strict=True):
        assert np.array_equal(one.bound, other.bound)
        assert np.array_equal(one.mobile, other.mobile)


# -------------------------------------------------------------------- where the metal has gone


def test_magnesium_leaves_for_the_lithium_and_the_interphase(lives, cell_of):
    from interlith.simulation.assembly import cell_library

    cell = cell_of("Mg16Bi84")
    library = cell_library(cell)
    sei = library[library["Mg16Bi84"].relations["sei"]]
    in_interphase = sei["metal_concentration"].value
    for side in lives["Mg16Bi84"].sides.values():
        left, anode, bound = (
            float(x[0] / side.total[0]) for x in (side.left_in_host(), side.in_anode, side.in_sei)
        )
        assert left < 0.05
        assert anode > 0.5
        assert 0.0 < bound < anode
        assert side.in_sei[0] == pytest.approx(in_interphase * side.sei_thickness, rel=0.05)
        assert in_interphase > side.left_in_host()[0] / side.widths.sum()
        assert 0.0 < side.magnesium_fraction[0] < 1.0


def test_zinc_and_aluminium_stay_and_crack_the_layer(lives):
    def share(name):
        side = lives[name].sides["right"]
        return float(side.left_in_host()[0] / side.total[0])

    for name in KEEPERS:
        assert share(name) > 0.5 > share("Mg16Bi84")
        side = lives[name].sides["right"]
        assert side.swelling_strain[0] > 0.0
        formed = lives[name].formed.right_interlayers[0]
        assert float(formed.properties["cracked_fraction"]) > 0.1
    magnesium = lives["Mg16Bi84"]
    assert magnesium.sides["right"].swelling_strain[0] < 0.0
    assert float(magnesium.formed.right_interlayers[0].properties["cracked_fraction"]) == 0.0
    assert magnesium.sides["right"].porosity[0] > lives["ZnBi"].sides["right"].porosity[0]


def test_bismuth_alone_has_no_metal(lives):
    side = lives["Bi"].sides["left"]
    assert side.metals == ()
    assert side.left_in_host().shape == side.in_anode.shape == (0,)
    assert side.alloying_fraction == (0.0,)
    assert lives["Bi"].largest_imbalance() == 0.0
    assert side.moments[-1].bound.shape == (0, len(side.widths))


def test_mirrored_sides_share_one_fate(lives):
    """One is stripped first; after ten cycles that has left next to nothing."""
    left, right = (lives["Mg16Bi84"].sides[name] for name in ("left", "right"))
    assert left.in_anode == pytest.approx(right.in_anode, rel=1e-3)
    assert left.porosity == pytest.approx(right.porosity, rel=1e-3)


def test_metal_in_the_lithium_stays_there(watched):
    for name in ("Mg16Bi84", "ZnBi"):
        in_anode = np.array(watched[name].in_anode)[:, :, 0]
        assert (np.diff(in_anode, axis=0) >= 0.0).all()
        assert (in_anode[-1] > 0.0).all()


@pytest.mark.parametrize("name", ["Mg16Bi84", "ZnBi", "Bi"])
def test_the_host_takes_up_lithium_once_and_keeps_it(lives, name):
    for side in lives[name].sides.values():
        first, *later = side.moments
        assert (first.lithiated == 0.0).all()
        cycles = [moment for moment in later if moment.cycle > 0]
        assert {m.label.split(", ")[1] for m in cycles} == {"plating right", "stripping right"}
        assert min(moment.lithiated.min() for moment in cycles) > 0.99
        times = [moment.time for moment in side.moments]
        assert (np.diff(times) > 0.0).all()


def test_metal_is_released_only_when_the_host_has_taken_up_lithium(lives):
    """As pressed nothing has moved but what the interphase formed from by contact."""
    side = lives["Mg16Bi84"].sides["left"]
    first = side.moments[0]
    assert (first.mobile == 0.0).all()
    taken = side.total[0] - float(first.bound[0] @ side.widths)
    assert 0.0 < taken < 0.02 * side.total[0]
    # That came from next to the electrolyte.
    assert first.bound[0, -1] < first.bound[0, 0]


def test_small_particles_let_go_sooner(cell_of, evolve):
    def left(size):
        life = evolve(cell_of("Mg16Bi84", particle_size=size), cycles=1, rest=3600.0)
        side = life.sides["left"]
        return float(side.left_in_host()[0] / side.total[0])

    shares = [left(size) for size in ("5 um", "20 um", "60 um")]
    assert shares[0] < shares[1] < shares[2]


# ------------------------------------------------------------------------- what the test meets


def critical(solve, make, cell_of, material, **layer):
    protocol = make.ramp(start="0.2", step="0.2", stop="4")
    conversion = {"cycles": 4}
    result = solve(cell_of(material, protocol=protocol, conversion=conversion, **layer))
    assert result.conversion is not None
    assert result.ccd.last_passing_mA_cm2 is not None
    return result.ccd.last_passing_mA_cm2


def test_a_layer_whose_metal_leaves_carries_the_highest_current(solve, make, cell_of):
    magnesium = critical(solve, make, cell_of, "Mg16Bi84")
    for name in (*KEEPERS, "Bi"):
        assert magnesium > critical(solve, make, cell_of, name), name


def test_larger_particles_do_not_raise_the_critical_current(solve, make, cell_of):
    found = [
        critical(solve, make, cell_of, "Mg16Bi84", particle_size=size)
        for size in ("10 um", "25 um", "50 um")
    ]
    assert found == sorted(found, reverse=True)


@pytest.mark.parametrize("rest", ["24 h", "1 h"])
def test_the_test_starts_with_the_lithium_that_forming_left(cell_of, evolve, rest):
    """The host took lithium from the metal; one that is half lithiated is not given the rest."""
    from interlith.simulation import simulate
    from interlith.simulation.interlayer import LEDGER

    cell = cell_of("Mg16Bi84", protocol=[{"rest": "1 s"}], conversion={"cycles": 1, "rest": rest})
    life = evolve(cell)
    start = simulate(life.formed).dataset.isel(time=0)
    for row, side in enumerate(("left", "right")):
        at_end = dict(zip(LEDGER, life.ledger[-1, row], strict=True))
        here = start.sel(electrode=side)
        # Metal that stays counts as host in a cell file, so that only its lithiated share is kept.
        lithiated = float(here["host_lithiation"].isel(profile=0, node=0))
        assert lithiated == pytest.approx(life.sides[side].host_lithiated()[0], abs=2e-3)
        if rest == "24 h":
            host = float(here["host_lithium"])
            assert host == pytest.approx(at_end["host_lithium"], rel=2e-3)
        metal = float(here["metal_lithium"] + here["pore_lithium"])
        assert metal == pytest.approx(at_end["metal_lithium"] + at_end["pore_lithium"], rel=1e-2)
        assert at_end["metal_lithium"] < 0.99 * life.ledger[0, row, 0]
    lithiated = life.formed.left_interlayers[0].host_lithiated
    assert lithiated is None if rest == "24 h" else 0.1 < lithiated < 0.9


def test_a_formed_cell_is_a_cell(lives):
    """It survives its file, and forming is over."""
    from interlith.cell.reader import loads

    for life in lives.values():
        formed = life.formed
        assert formed.conversion is None
        assert loads(formed.to_yaml()).to_dict() == formed.to_dict()
        for layer, name in ((formed.left_interlayers[0], "left"),):
            assert layer.porosity == life.sides[name].porosity[0]
            assert layer.sei.thickness == life.sides[name].sei_thickness


# ------------------------------------------------------------------- the conversion of a file


def test_conversion_is_read_and_written_back(cell_of):
    from interlith.cell.reader import loads

    given = {
        "cycles": 3,
        "current": "0.5 mA/cm2",
        "areal_capacity": "2 mAh/cm2",
        "rest": "1 h",
        "temperature": "80 degC",
    }
    cell = cell_of("Mg16Bi84", conversion=given)
    plan = cell.conversion
    assert (plan.cycles, plan.current, plan.rest) == (3, 5.0, 3600.0)
    assert plan.areal_capacity == pytest.approx(72000.0, rel=1e-12)
    assert plan.temperature == pytest.approx(353.15, rel=1e-12)
    assert set(cell.to_dict()["conversion"]) == set(given)
    assert loads(cell.to_yaml()).conversion == plan
    usual = cell_of("Mg16Bi84", conversion={})
    assert (usual.conversion.cycles, usual.conversion.current) == (10, 10.0)
    assert loads(usual.to_yaml()).conversion == usual.conversion
    without = cell_of("Mg16Bi84")
    assert without.conversion is None
    assert "conversion" not in without.to_dict()


@pytest.mark.parametrize(
    ("conversion", "field"),
    [
        ({"cycles": 0}, "conversion.cycles"),
        ({"cycles": 2.5}, "conversion.cycles"),
        ({"cycles": 1001}, "conversion.cycles"),
        ({"cycles": "many"}, "conversion.cycles"),
        ({"current": "-1 mA/cm2"}, "conversion.current"),
        ({"current": "fast"}, "conversion.current"),
        ({"areal_capacity": "-1 mAh/cm2"}, "conversion.areal_capacity"),
        ({"rest": "-1 h"}, "conversion.rest"),
        ({"temperature": "80"}, "conversion.temperature"),
        ({"temperature": "900 degC"}, "conversion.temperature"),
        ({"temperature": "1 h"}, "conversion.temperature"),
        ({"speed": 3}, "conversion.speed"),
        ("ten cycles", "conversion"),
        ([10], "conversion"),
    ],
)
def test_a_wrong_conversion_is_refused_by_its_field(cell_of, conversion, field):
    with pytest.raises(InputError) as caught:
        cell_of("Mg16Bi84", conversion=conversion)
    assert [problem.field for problem in caught.value.problems] == [field]
    assert caught.value.problems[0].expected


def test_the_conversion_of_the_cell_is_what_runs(cell_of, evolve):
    plan = {"cycles": 2, "current": "0.1 mA/cm2", "areal_capacity": "0.02 mAh/cm2", "rest": "4 h"}
    life = evolve(cell_of("Bi", thickness="5 um", conversion=plan))
    assert life.cycles == 2
    end = life.sides["left"].moments[-1].time
    assert end == pytest.approx(4 * 3600.0 + 4 * 720.0, rel=1e-9)
    shorter = evolve(cell_of("Bi", thickness="5 um", conversion=plan), cycles=1, rest=7200.0)
    end = shorter.sides["left"].moments[-1].time
    assert end == pytest.approx(7200.0 + 2 * 720.0, rel=1e-9)


# ---------------------------------------------------------------------------------- annealing


@pytest.mark.parametrize("material", ["Mg16Bi84", "ZnBi"])
def test_annealing_is_the_rest_of_a_cell_at_that_temperature(cell_of, evolve, material):
    """Until it has cooled down, nothing knows of the temperature of the cell."""
    warm = {"rest": "2 h", "temperature": "60 degC", "cycles": 1}
    annealed = evolve(cell_of(material, temperature="25 degC", conversion=warm))
    hot = evolve(cell_of(material, temperature="60 degC"), cycles=1, rest=7200.0)
    cold = evolve(cell_of(material, temperature="25 degC"), cycles=1, rest=7200.0)
    for name, side in annealed.sides.items():
        same, other = hot.sides[name], cold.sides[name]
        assert side.moments[4].label == "on contact for 2 h"
        for k in range(1, 5):
            one, two = side.moments[k], same.moments[k]
            assert one.eta == pytest.approx(two.eta, rel=1e-4, abs=1e-6)
            assert one.lithiated == pytest.approx(two.lithiated, abs=1e-4)
            assert one.bound == pytest.approx(two.bound, rel=1e-4, abs=1e-3)
        # A cold rest would have left another layer: the comparison above can fail.
        assert np.abs(side.moments[4].lithiated - other.moments[4].lithiated).max() > 0.1
    assert annealed.largest_imbalance() < 1e-10


def test_a_rest_at_the_temperature_of_the_cell_is_no_annealing(cell_of, evolve):
    plain = evolve(cell_of("Mg16Bi84"), cycles=1)
    named = evolve(cell_of("Mg16Bi84"), cycles=1, rest_temperature=298.15)
    assert plain.formed == named.formed
    assert plain.used_values == named.used_values
    assert plain.plan == named.plan


def test_lithium_is_conserved_when_a_cell_is_heated_and_cooled(cell_of):
    from interlith.physics.electrode import lithium_content
    from interlith.simulation.assembly import cell_library
    from interlith.simulation.interlayer import _Forming

    cell = cell_of("Mg16Bi84")
    run = _Forming(cell, cell_library(cell), 10.0, 36000.0, 353.15)

    def lithium():
        return sum(lithium_content(p, run.state, at) for _name, at, p in run._electrodes())

    before = lithium()
    assert run.contact(7200.0)
    assert run.temperature == cell.temperature
    assert run.cycle(0)
    assert lithium() == pytest.approx(before, rel=1e-10)


def test_values_of_the_annealing_stand_beside_the_others(cell_of, evolve):
    life = evolve(cell_of("Mg16Bi84"), cycles=1, rest=7200.0, rest_temperature=353.15)
    found = {(used.where, used.property): used.value for used in life.used_values}
    where, name = "mobile metal Mg", "lithium_diffusivity"
    assert found[where, f"{name} (rest at 80 °C)"] > found[where, name]
    assert (where, "jump_length (rest at 80 °C)") not in found


def test_dissolved_metal_spreads_no_further_than_the_lithium_reaches(cell_of, evolve):
    life = evolve(cell_of("Mg16Bi84"), cycles=1, rest=1e6, rest_temperature=400.0)
    left = life.formed.layers[0].thickness
    assert left < life.cell.layers[0].thickness
    assert life.sides["left"].alloy_depth == pytest.approx(left, rel=1e-9)


# ------------------------------------------------------------------------------- consequences


def test_consequences_are_what_the_test_of_the_formed_cell_sees(cell_of, evolve):
    """Each number is that of the observables of a run at its start."""
    from interlith.simulation import simulate

    life = evolve(cell_of("Mg16Bi84", protocol=[{"rest": "1 s"}]), cycles=1)
    data = simulate(life.formed).dataset
    for side, found in life.consequences.items():
        start = data.sel(electrode=side).isel(time=0)
        state = found.formed
        assert state.replenishment == pytest.approx(
            float(start["replenishment_current_density"]), rel=1e-9
        )
        assert state.critical_overpotential == pytest.approx(
            float(start["critical_interphase_overpotential"]), rel=1e-9
        )
        assert state.sei_area_resistance == pytest.approx(
            float(start["sei_area_resistance"]), rel=1e-6
        )
    left = life.consequences["left"]
    assert left.formed.replenishment > left.bare.replenishment
    assert left.bare.pore_reservoir == 0.0 < left.formed.pore_reservoir
    assert left.bare.hot_spot_smoothing == 1.0
    assert left.bare.magnesium_fraction is None
    assert left.formed.magnesium_fraction == pytest.approx(
        life.sides["left"].magnesium_fraction[0], rel=1e-6
    )


def test_each_metal_of_a_stack_makes_its_own_alloy(make, evolve):
    """Zinc that stays behind must not count against the magnesium of the layer beside it."""
    side = [make.metal(), make.interlayer("Mg16Bi84"), make.interlayer("ZnBi")]
    life = evolve(make.read(side, protocol=REST), cycles=1, rest=1e6)
    left = life.sides["left"]
    assert left.metals == ("Mg", "Zn")
    assert left.in_anode[0] > 0.9 * left.total[0]
    assert left.in_anode[1] < 0.5 * left.total[1]
    found = life.consequences["left"].formed.magnesium_fraction
    assert found == pytest.approx(left.magnesium_fraction[0], rel=1e-6)


# -------------------------------------------------------------------- what keeps it from forming


@pytest.mark.parametrize(
    ("conversion", "layer", "said"),
    [
        ({"rest": "1 s"}, {}, "a longer or a warmer rest"),
        ({"areal_capacity": "50 mAh/cm2"}, {}, "no lithium left to strip"),
        ({"current": "10 A/cm2"}, {}, "more than the cell carries"),
    ],
)
def test_a_voltage_that_runs_away_is_put_down_to_its_cause(
    cell_of, evolve, conversion, layer, said
):
    life = evolve(cell_of("Mg16Bi84", conversion=conversion, **layer))
    assert life.status == "stopped"
    assert said in life.reason
    for side in life.sides.values():
        assert np.abs(side.moments[-1].eta).max() < 5.1


def test_time_on_the_plateau_is_not_misled_by_a_voltage_that_runs_away(cell_of, evolve):
    from interlith.simulation.evolution_data import time_on_plateau

    life = evolve(cell_of("Mg16Bi84", conversion={"rest": "1 h"}))
    assert "passed 5 V" in life.reason
    for side in life.sides.values():
        assert time_on_plateau(life, side) == pytest.approx(3600.0, rel=0.01)


def test_an_interrupted_forming_is_not_followed_by_a_test(cell_of, monkeypatch):
    from interlith.simulation import interlayer, simulate

    def interrupt(*_arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(interlayer._Forming, "cycle", interrupt)
    result = simulate(cell_of("Mg16Bi84", conversion={"cycles": 2}))
    assert result.status == "interrupted"
    assert "forming" in result.reason
    assert len(result.recorded.time) == 0
    assert result.conversion["cycles"] == 0


def test_progress_never_runs_backwards_when_layers_are_formed_first(cell_of, make):
    from interlith.simulation import simulate

    seen = []
    protocol = make.ramp(start="0.5", step="0.5", stop="1")
    cell = cell_of("Mg16Bi84", protocol=protocol, conversion={"cycles": 2})
    simulate(cell, progress=lambda fraction, text: seen.append((fraction, text)))
    fractions = [fraction for fraction, _text in seen]
    assert fractions == sorted(fractions)
    assert any("forming" in text for _fraction, text in seen)
    assert fractions[-1] <= 1.0


def test_what_forming_found_counts_as_computed_in_the_result(cell_of):
    from interlith.simulation import simulate

    result = simulate(cell_of("Mg16Bi84", conversion={"cycles": 1}))
    used = {(value.where, value.property): value for value in result.used_values}
    assert used["layers.1 Mg16Bi84", "alloying_fraction"].kind == "computed"
    assert used["layers.1 Mg16Bi84", "thickness"].kind == "given"
    assert ("mobile metal Mg", "migration_barrier") in used
    assert len(used) == len(result.used_values)


def test_a_cell_without_interlayer_has_nothing_to_form(make, evolve):
    with pytest.raises(InputError, match="layers") as caught:
        evolve(make.read([make.metal()], protocol=REST))
    assert [problem.field for problem in caught.value.problems] == ["layers"]


def test_no_cycles_are_refused(cell_of, evolve):
    with pytest.raises(InputError, match="cycles"):
        evolve(cell_of("Bi"), cycles=0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"current": 0.0},
        {"current": -10.0},
        {"areal_capacity": -1.0},
        {"rest": -1.0},
        {"rest": float("nan")},
        {"rest_temperature": 0.0},
    ],
)
def test_arguments_that_are_no_amounts_are_refused(cell_of, evolve, wrong):
    with pytest.raises(InputError):
        evolve(cell_of("Bi"), cycles=1, **wrong)


def test_a_short_while_forming_is_told(lives, watched):
    """A filament that spans the electrolyte ends the forming, as the reason of `evolve` says."""
    from interlith.physics.electrode import state_count

    run = watched["ZnBi"]
    lengths = run.state[state_count(run.assembly.parameters.left) - 1], run.state[-2]
    assert max(lengths) >= 1.0 - 1e-9
    assert lives["ZnBi"].status == "stopped"
    assert "short" in lives["ZnBi"].reason


@pytest.mark.parametrize("seed", [17, 28, 71])
def test_nothing_flows_back_out_of_the_lithium(evolve, seed):
    """Extreme cells in which round-off once drew a trace of metal out of empty lithium."""
    pytest.importorskip("benchmarks.random_cells")
    from benchmarks.random_cells import random_cell

    life = evolve(random_cell(seed), cycles=2)
    for side in life.sides.values():
        assert all(side.in_anode >= 0.0)
        assert all(side.in_sei >= 0.0)


@pytest.mark.parametrize("name", ["Mg2Bi84", "Mg8Bi84", "Mg16Bi84", "Mg24Bi84@atomic"])
def test_the_stored_cracks_follow_from_the_strain_of_the_simulation(name):
    """The library may not import physics; what it computes must be the same law all the same."""
    from interlith.materials import Library
    from interlith.physics.migration import swelling_strain

    library = Library.default()
    layer, host = library[name], library["Li3Bi"]
    amounts, by_weight = layer.composition["amounts"], layer.composition["basis"] == "weight"
    masses = {
        "Mg": library["Mg"]["molar_mass"].value,
        "Bi": library["Bi-metal"]["molar_mass"].value,
    }
    moles = {k: v / (masses[k] if by_weight else 1.0) for k, v in amounts.items()}
    strain = swelling_strain(
        host["molar_volume_lithiated"].value,
        host["molar_volume_delithiated"].value,
        moles["Mg"] / moles["Bi"],
        masses["Mg"] / library["Mg"]["density"].value,
        0.0,
        layer["pressed_porosity"].value,
    )
    wanted = max(strain, 0.0) / (1.0 + max(strain, 0.0))
    assert layer["cracked_fraction"].value == pytest.approx(wanted, rel=1e-9, abs=1e-12)
