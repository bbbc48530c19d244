"""What would raise the energy, and what reaches a target."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.energy.conftest import make

from interlith import energy
from interlith.energy.asked import subject_of
from interlith.energy.levers import choices, levers_of
from interlith.energy.reach import read_target
from interlith.energy.sensitivity import bars_of, headline
from interlith.errors import InputError


def test_bars_are_the_levels_at_both_ends(cell, measured):
    subject = subject_of(cell, changes=measured)
    bars = {bar.lever.path: bar for bar in bars_of(subject)}
    thin = subject_of(make(**{"layers.1.thickness": "50 um"}), changes=measured)
    assert bars["layers.1.thickness"].at_low[0] == pytest.approx(headline(thin).Wh_kg, rel=1e-9)
    fewer = subject_of(cell, changes={**measured, "electrode_pairs": 4})
    assert bars["design.electrode_pairs"].at_low[0] == pytest.approx(headline(fewer).Wh_kg)
    gains = [bar.gain for bar in bars_of(subject)]
    assert gains == sorted(gains, reverse=True)
    assert all(gain >= -1e-9 for gain in gains)


def test_a_thick_electrolyte_is_the_first_thing_to_change():
    thick = subject_of(make(**{"layers.1.thickness": "800 um"}))
    assert bars_of(thick)[0].lever.path == "layers.1.thickness"


def test_a_stack_has_no_bars_of_packaging(cell):
    paths = {bar.lever.path for bar in bars_of(subject_of(cell, design="stack"))}
    assert "design.film_thickness" not in paths
    assert "design.negative_collector_thickness" in paths


def test_every_lever_has_reason_range_and_text(cell):
    for lever in levers_of(subject_of(cell)):
        assert lever.reason, lever.path
        assert lever.low < lever.high, lever.path
        assert lever.text(lever.value)


def test_values_of_the_library_are_levers_unless_the_cell_gives_them(cell, cell_of):
    path = "library.composite.porosity"
    assert path in {lever.path for lever in levers_of(subject_of(cell))}
    given_porosity = cell_of(**{"layers.2.porosity": 0.1})
    assert path not in {lever.path for lever in levers_of(subject_of(given_porosity))}


# ------------------------------------------------------------------------------------------ target
@given(st.floats(0.02, 0.98))
def test_one_lever_alone_just_reaches_a_target(share):
    cell = make(**{"layers.1.thickness": "300 um"})
    now = energy.stack_level(cell).Wh_kg
    best = energy.stack_level(make(**{"layers.1.thickness": "20 um"})).Wh_kg
    target = now + share * (best - now)
    found = energy.reach(cell, f"{target!r} Wh/kg", design="stack")
    (one,) = [one for one in found.alone if one.lever.path == "layers.1.thickness"]
    changed = found.subject.changed("layers.1.thickness", one.value)
    assert headline(changed).Wh_kg == pytest.approx(target, rel=1e-9)
    assert 20e-6 < one.value < 300e-6


@pytest.mark.parametrize("target", ["300 Wh/kg", "400 Wh/L"])
def test_several_levers_together_reach_it_with_less_of_each(target):
    cell = make(**{"layers.1.thickness": "300 um", "layers.2.active_mass_fraction": 0.6})
    found = energy.reach(cell, target)
    reached = [some for some in found.together if some.values is not None]
    assert reached
    for some in reached:
        subject = found.subject
        for lever, value in zip(some.levers, some.values, strict=True):
            subject = subject.changed(lever.path, value)
        assert found.target.of(subject) == pytest.approx(found.target.value, rel=1e-4)
    (three,) = [some for some in found.together if len(some.levers) == 3]
    alone = [one for one in found.alone if one.value is not None and one.lever in three.levers]
    for one in alone:
        place = three.levers.index(one.lever)
        less = abs(three.values[place] - one.lever.value)
        assert less < abs(one.value - one.lever.value)


def test_the_joint_change_is_the_smallest(cell):
    """On a circle of the same effort no other direction gives more."""
    import numpy as np

    from interlith.energy.reach import _turn, _value

    thick = make(**{"layers.1.thickness": "300 um"})
    found = energy.reach(thick, "300 Wh/kg")
    (pair,) = [
        some for some in found.together
        if {lever.path for lever in some.levers} == {"cathode.loading", "layers.1.thickness"}
    ]  # fmt: skip
    us = np.array([_turn(*both) for both in zip(pair.levers, pair.values, strict=True)])
    radius = float(np.hypot(*us))
    for angle in np.linspace(0.01, 0.5 * np.pi - 0.01, 41):
        other = radius * np.array([np.cos(angle), np.sin(angle)])
        if other.max() <= 1.0:
            value = _value(found.subject, pair.levers, other, found.target)
            assert value <= 300.0 * (1.0 + 1e-5)


def test_what_cannot_be_reached_says_so(cell):
    found = energy.reach(cell, "5000 Wh/kg")
    assert not found.possible
    text = "\n".join(found.sentences())
    assert "cannot be reached by electrolyte thickness alone: even 20 um instead of 100 um" in text
    assert "not even all together" in text
    assert all(one.best < 5000.0 for one in found.alone)


def test_a_target_that_is_met_needs_no_change(cell):
    found = energy.reach(cell, "50 Wh/kg")
    assert found.reached
    assert found.alone == ()
    assert "reached already" in found.sentences()[0]


def test_a_lever_beyond_its_limit_is_left_alone(cell_of):
    thin = cell_of(**{"layers.1.thickness": "10 um"})
    found = energy.reach(thin, "700 Wh/kg")
    assert "layers.1.thickness" not in {one.lever.path for one in found.alone}
    assert "cathode.loading" in {one.lever.path for one in found.alone}


def test_the_active_share_leaves_room_for_the_additive(cell_of):
    cathode = {**make().to_dict()["layers"][-1], "additive": "C", "additive_mass_fraction": 0.18}
    full = cell_of(layers=[*make().to_dict()["layers"][:-1], cathode])
    (lever,) = [
        lever for lever in choices(subject_of(full)) if lever.path.endswith("active_mass_fraction")
    ]
    assert lever.limit == pytest.approx(0.81)
    assert lever.high <= 0.81
    bars_of(subject_of(full))


def test_the_map_holds_the_cell(cell):
    found = energy.reach(make(**{"layers.1.thickness": "300 um"}), "350 Wh/kg", design="stack")
    table = found.map(points=5)
    assert table.values.shape == (3, 5, 5)
    subject = found.subject.changed("cathode.loading", float(table.loadings[2]))
    subject = subject.changed("cathode.active_mass_fraction", table.shares[1])
    subject = subject.changed("layers.1.thickness", float(table.thicknesses[3]))
    assert table.values[1, 2, 3] == pytest.approx(headline(subject).Wh_kg)
    assert (table.values[:, :, :-1] > table.values[:, :, 1:]).all()
    assert (table.values[:, 1:] > table.values[:, :-1]).all()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("400 Wh/kg", (400.0, "Wh/kg")),
        ("0.4 kWh/kg", (400.0, "Wh/kg")),
        ("900 Wh/L", (900.0, "Wh/L")),
    ],
)
def test_targets_are_read(text, expected):
    target = read_target(text)
    assert (target.value, target.unit) == (pytest.approx(expected[0]), expected[1])


@pytest.mark.parametrize("text", ["400", "400 Wh", "much", "-3 Wh/kg", "0 Wh/kg", "nan Wh/kg", ""])
def test_what_is_no_target_is_refused(cell, text):
    with pytest.raises(InputError, match=r"--target.*such as '400 Wh/kg'"):
        energy.reach(cell, text)
