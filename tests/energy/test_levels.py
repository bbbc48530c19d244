"""Masses and volumes add up as on paper; limits; what must not change anything."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.energy.conftest import make

from interlith import energy
from interlith.cell import Cell
from interlith.cell.composition import composition_of
from interlith.cell.strategies import full_cells
from interlith.energy.asked import subject_of
from interlith.energy.layers import stack_of
from interlith.energy.pouch import Pouch, cell_of
from interlith.energy.subject import Subject
from interlith.errors import InputError
from interlith.materials import Library

# mg/cm2, by hand: thickness in cm times g/cm3
LITHIUM = 20e-4 * 534.0
ELECTROLYTE = 100e-4 * 0.95 * 1860.0
CATHODE = 20.0 / 0.8
ALUMINIUM, COPPER = 10e-4 * 2700.0, 8e-4 * 8960.0
PLATED_UM = 4.0 * 3.6 / 96485.33212 * 12.97 * 1e4
"""um of lithium that 4 mAh/cm2 plates."""

NO_PACKAGING = (
    "overhang", "film_thickness", "side_seal_width", "end_seal_width", "terminal_end_length",
    "tab_thickness", "foil_tail_length", "thickness_allowance",
)  # fmt: skip


def test_the_stack_weighs_what_a_hand_calculation_says(cell, measured):
    found = energy.stack_level(cell, changes=measured)
    total = LITHIUM + ELECTROLYTE + CATHODE + 0.5 * (ALUMINIUM + COPPER)
    assert found.stack.mass * 100.0 == pytest.approx(total, rel=1e-12)
    assert found.stack.Wh_kg == pytest.approx(4.0 * 3.8 / total * 1000.0, rel=1e-9)
    assert found.cell is None
    assert found.Wh_kg == found.stack.Wh_kg


def test_the_stack_is_as_thick_as_a_hand_calculation_says(cell, measured):
    stack = energy.stack_level(cell, changes=measured).stack
    cathode = composition_of(cell.cathode, Library.default()).thickness * 1e6
    discharged = 20.0 + 100.0 + cathode + 5.0 + 4.0
    assert stack.volume * 1e6 == pytest.approx(discharged, rel=1e-9)
    assert stack.Wh_L_discharged == pytest.approx(15.2 / discharged * 1e4, rel=1e-9)
    rigid = energy.stack_level(cell, changes={**measured, "cathode_breathing": 0}).stack
    assert rigid.charged_volume * 1e6 == pytest.approx(discharged + PLATED_UM, rel=1e-6)


def test_a_pouch_of_two_pairs_is_a_hand_calculation(cell, measured):
    design = {
        **measured, "electrode_pairs": 2, "electrode_width": "50 mm", "electrode_length": "100 mm",
        "overhang": "1 mm", "film_thickness": "100 um", "film_density": "1.5 g/cm3",
        "side_seal_width": "5 mm", "end_seal_width": "5 mm", "terminal_end_length": "10 mm",
        "tab_width": "20 mm", "tab_length": "40 mm", "tab_thickness": "0.2 mm",
        "foil_tail_length": "10 mm", "thickness_allowance": 0,
    }  # fmt: skip
    found = energy.cell_level(cell, changes=design)
    cathode_area, wide_area = 5.0 * 10.0, 5.2 * 10.2  # cm2
    # two pairs: one positive foil between them, a negative foil outside of each
    foils = (1 * cathode_area * ALUMINIUM + 2 * wide_area * COPPER) / 1000.0
    layers = (2 * cathode_area * CATHODE + 2 * wide_area * (LITHIUM + ELECTROLYTE)) / 1000.0
    tabs = 2.0 * 4.0 * 0.02 * (2.7 + 8.96)
    tails = 2.0 * 1.0 * (1 * ALUMINIUM + 2 * COPPER) / 1000.0
    outer = (5.2 + 1.0 + 0.02, 10.2 + 1.5 + 0.02)
    thickness = Pouch(found.subject).stack_thickness(charged=True) * 100.0
    film = (2.0 * outer[0] * outer[1] + 2.0 * thickness * (5.2 + 10.2)) * 0.01 * 1.5
    assert found.cell.mass * 1000.0 == pytest.approx(foils + layers + tabs + tails + film, rel=1e-9)
    assert found.cell.energy / 3600.0 == pytest.approx(2 * cathode_area * 15.2e-3, rel=1e-9)
    box = outer[0] * outer[1] * (thickness + 0.02)
    assert found.cell.charged_volume * 1e6 == pytest.approx(box, rel=1e-9)


@pytest.mark.parametrize(
    ("pairs", "sides", "negative", "positive"),
    [(1, 2, 1, 1), (2, 2, 2, 1), (3, 2, 2, 2), (20, 2, 11, 10), (3, 1, 3, 3)],
)
def test_foils_are_counted_to_the_end(cell, pairs, sides, negative, positive):
    changes = {"electrode_pairs": pairs, "collector_sides": sides}
    pouch = Pouch(subject_of(cell, changes=changes))
    assert (pouch.negative_collectors, pouch.positive_collectors) == (negative, positive)
    if sides == 2:
        assert negative + positive == pairs + 1


def test_lithium_that_charging_moves_is_not_weighed_twice(cell, measured):
    few = energy.stack_level(cell, changes={**measured, "areal_capacity": "1 mAh/cm2"}).stack
    many = energy.stack_level(cell, changes=measured).stack
    assert few.mass == many.mass
    assert many.charged_volume > few.charged_volume
    assert energy.stack_level(cell, changes=measured).excess_lithium == pytest.approx(
        20.0 / PLATED_UM
    )


def test_an_electrolyte_without_thickness_weighs_nothing(cell, measured):
    subject = subject_of(cell, changes=measured)
    none = stack_of(subject.changed("layers.1.thickness", 0.0))
    total = LITHIUM + CATHODE + 0.5 * (ALUMINIUM + COPPER)
    assert none.mass * 100.0 == pytest.approx(total, rel=1e-12)


def bare(subject: Subject) -> Subject:
    """Return a subject without anything around its stacks."""
    for name in NO_PACKAGING:
        subject = subject.changed(f"design.{name}", 0.0)
    return subject


def test_a_pouch_without_packaging_is_its_stack(cell, measured):
    subject = bare(subject_of(cell, changes={**measured, "collector_sides": 1}))
    stack, pouch = stack_of(subject), cell_of(subject)
    assert pouch.Wh_kg == pytest.approx(stack.Wh_kg, rel=1e-12)
    assert pouch.Wh_L == pytest.approx(stack.Wh_L, rel=1e-12)


def test_many_pairs_approach_the_stack(cell, measured):
    subject = bare(subject_of(cell, changes=measured))
    gaps = [
        1.0 - cell_of(subject.changed("design.electrode_pairs", pairs)).Wh_kg
        / stack_of(subject).Wh_kg
        for pairs in (10, 100, 1000)
    ]  # fmt: skip
    # the end collector alone is left: a gap that falls as one over the pairs
    assert gaps[0] / gaps[1] == pytest.approx(10.0, rel=0.02)
    assert gaps[1] / gaps[2] == pytest.approx(10.0, rel=0.002)


def test_extra_mass_and_volume_are_counted(cell, measured):
    before = energy.cell_level(cell, changes=measured)
    after = energy.cell_level(
        cell, changes={**measured, "extra_mass": "10 g", "extra_volume": "2 cm3"}
    )
    assert after.cell.mass - before.cell.mass == pytest.approx(0.010)
    assert after.cell.charged_volume - before.cell.charged_volume == pytest.approx(2e-6)
    assert any("stack pressure" in line for line in before.not_counted)
    assert not any("stack pressure" in line for line in after.not_counted)


def test_an_interlayer_weighs_what_was_pressed(cell_of):
    layers = [
        {"material": "Li", "thickness": "20 um"},
        {"material": "Mg16Bi84", "thickness": "10 um", "properties": {"pressed_porosity": "0.25"}},
        *make().to_dict()["layers"][1:],
    ]
    formed = energy.stack_level(cell_of(layers=layers))
    layers[1]["state"] = "pristine"
    pristine = energy.stack_level(cell_of(layers=layers))
    dense = Library.default()["Mg16Bi84"]["density"].value
    assert formed.stack.mass_of("interlayer") == pytest.approx(10e-6 * 0.75 * dense)
    assert pristine.stack.mass == formed.stack.mass


def test_a_density_of_the_cell_file_is_used(cell_of):
    light = cell_of(**{"layers.1.properties.density": "1.0 g/cm3"})
    found = energy.stack_level(light)
    assert found.stack.mass_of("electrolyte") == pytest.approx(100e-6 * 0.95 * 1000.0)
    (entry,) = [
        value for value in found.assumptions
        if (value.where, value.property) == ("layers.1 Li6PS5Cl", "density")
    ]  # fmt: skip
    assert (entry.kind, entry.value) == ("given", 1000.0)


def test_a_thickness_of_the_cathode_stands_for_its_loading(cell_of):
    made = composition_of(make().cathode, Library.default())
    cathode = {
        "material": "NMC811", "thickness": f"{made.thickness * 1e6!r} um",
        "active_mass_fraction": 0.8, "electrolyte": "Li6PS5Cl",
    }  # fmt: skip
    same = cell_of(layers=[*make().to_dict()["layers"][:-1], cathode])
    assert energy.stack_level(same).Wh_kg == pytest.approx(energy.stack_level(make()).Wh_kg)


def test_the_waterfall_ends_at_the_level(cell, measured):
    for found in (
        energy.cell_level(cell, changes=measured),
        energy.stack_level(cell, changes=measured),
    ):
        assert found.waterfall[0].Wh_kg == pytest.approx(4.0 * 3.8 / 20.0 * 1000.0)
        assert found.waterfall[-1].Wh_kg == pytest.approx(found.Wh_kg, rel=1e-12)
        masses = math.fsum(drop.mass for drop in found.waterfall)
        assert masses == pytest.approx(found.level.mass, rel=1e-12)
        left = [drop.Wh_kg for drop in found.waterfall]
        assert left == sorted(left, reverse=True)


def test_a_symmetric_cell_is_refused():
    symmetric = Cell.read(
        {
            "name": "Li|Li", "temperature": "25 degC", "stack_pressure": "5 MPa", "area": "1 cm^2",
            "layers": [
                {"material": "Li", "thickness": "20 um"},
                {"material": "Li6PS5Cl", "thickness": "100 um"},
                {"material": "Li", "thickness": "20 um"},
            ],
            "protocol": ["Rest for 1 h"],
        }
    )  # fmt: skip
    with pytest.raises(InputError, match=r"layers\.2: got 'Li', expected a composite cathode"):
        energy.cell_level(symmetric)


LEVERS = st.fixed_dictionaries(
    {
        "layers.0.thickness": st.floats(1e-6, 100e-6),
        "layers.1.thickness": st.floats(10e-6, 1e-3),
        "cathode.loading": st.floats(0.02, 0.8),
        "cathode.active_mass_fraction": st.floats(0.3, 0.9),
        "design.electrode_pairs": st.integers(1, 60).map(float),
        "design.overhang": st.floats(0.0, 5e-3),
        "design.film_thickness": st.floats(50e-6, 300e-6),
        "design.negative_collector_thickness": st.floats(0.0, 50e-6),
        "design.tab_thickness": st.floats(0.0, 1e-3),
        "delivered.mean_voltage": st.floats(2.5, 4.5),
        "delivered.specific_capacity": st.floats(3.6e5, 8e5),
    }
)
RAISES = ("cathode.loading", "cathode.active_mass_fraction", "delivered.mean_voltage",
          "delivered.specific_capacity")  # fmt: skip


@given(LEVERS, st.floats(1.01, 1.5))
def test_every_lever_works_in_its_direction(values, factor):
    subject = subject_of(make())
    for path, value in values.items():
        subject = subject.changed(path, value)
    now, outer = stack_of(subject), cell_of(subject)
    assert outer.Wh_kg < now.Wh_kg
    assert outer.Wh_L < now.Wh_L
    for path, value in values.items():
        larger = value * factor
        if path == "design.electrode_pairs":
            larger = value + 2.0  # an odd number ends with the other foil
        if path == "cathode.active_mass_fraction":
            larger = min(larger, 0.95)
        changed = cell_of(subject.changed(path, larger))
        rises = path in RAISES or path == "design.electrode_pairs"
        difference = changed.Wh_kg - outer.Wh_kg
        assert (difference if rises else -difference) >= -1e-9 * outer.Wh_kg, path


@given(LEVERS)
def test_no_part_is_negative_and_the_parts_fill_the_box(values):
    subject = subject_of(make())
    for path, value in values.items():
        subject = subject.changed(path, value)
    level, pouch = cell_of(subject), Pouch(subject)
    for part in level.parts:
        assert min(part.mass, part.volume, part.charged_volume) >= -1e-18, part
    assert level.volume == pytest.approx(pouch.outer_volume(charged=False), rel=1e-12)
    assert level.charged_volume == pytest.approx(pouch.outer_volume(charged=True), rel=1e-12)
    capacity = pouch.capacity * subject.delivered.mean_voltage
    assert level.energy == pytest.approx(capacity, rel=1e-12)


@given(full_cells())
def test_any_full_cell_has_an_answer_or_a_reason(cell):
    try:
        found = energy.cell_level(cell)
    except InputError as error:
        (problem,) = error.problems
        assert problem.field in {"capacity", "protocol"}
        return
    assert 0.0 < found.cell.Wh_kg < found.stack.Wh_kg < math.inf
    json.dumps(found.summary(), allow_nan=False)


def test_active_material_that_shrinks_makes_room(cell, measured):
    stiff = energy.stack_level(cell, changes={**measured, "cathode_breathing": 0}).stack
    soft = energy.stack_level(cell, changes={**measured, "cathode_breathing": 1}).stack
    assert soft.charged_volume < stiff.charged_volume
    assert soft.volume == stiff.volume
    assert soft.mass == stiff.mass


# Wh/kg of a published sulfide pouch (silicon, NMC88) by active share, read off its design curves
# second hand: notes on Luan et al., Adv. Funct. Mater. 36, e26239 (2025),
# doi:10.1002/adfm.202526239, unverified. Stack level, 4 mAh/cm2, 3.396 V.
PUBLISHED = {0.5: 272.0, 0.7: 341.0, 0.8: 370.0, 0.9: 398.0}


def test_the_share_of_active_material_counts_as_in_a_published_stack(cell):
    """Charge per active mass and all inactive mass are set by two points; the others follow."""
    subject = subject_of(cell, design="stack")
    energy_areal = 4.0 * 3.396  # mWh/cm2
    ends = {share: 1000.0 * energy_areal / PUBLISHED[share] for share in (0.5, 0.9)}
    active = (ends[0.5] - ends[0.9]) / (1.0 / 0.5 - 1.0 / 0.9)  # mg/cm2
    inactive = ends[0.5] - active / 0.5
    rest = (stack_of(subject).mass - stack_of(subject).mass_of("electrolyte")) * 100.0 - CATHODE
    thickness = (inactive - rest) / (0.95 * 1860.0) * 1e-2  # m
    assert thickness > 0.0
    subject = replace(
        subject,
        delivered=replace(
            subject.delivered, specific_capacity=4.0 / active * 3.6e6, mean_voltage=3.396
        ),
    )
    subject = subject.changed("cathode.loading", active / 100.0)
    subject = subject.changed("layers.1.thickness", thickness)
    for share, value in PUBLISHED.items():
        found = stack_of(subject.changed("cathode.active_mass_fraction", share)).Wh_kg
        assert found == pytest.approx(value, rel=0.005), share
    assert 4.0 / active * 1000.0 == pytest.approx(225.0, abs=5.0)  # mAh/g, that of NMC88
