"""Designs: every number has its provenance, every mistake its message."""

from __future__ import annotations

import pytest

from interlith import energy
from interlith.energy.design import as_design, default_design, design_file, load_design
from interlith.energy.fields import FIELDS, OPTIONAL, POUCH, STACK
from interlith.errors import InputError


def test_the_packages_design_is_whole_and_honest():
    design = default_design()
    assert set(design.values) == set(STACK) | set(POUCH)
    for name, used in design.values.items():
        assert used.kind == "assumed", name
        assert used.low is not None, name
        assert used.low <= used.value <= used.high, name
        assert used.source, name
        assert FIELDS[name].low <= used.low <= used.high <= FIELDS[name].high, name


def test_a_saved_design_is_read_back(tmp_path):
    start = as_design("pouch", {"electrode_pairs": 7, "extra_mass": "3 g"})
    (tmp_path / "d.yaml").write_text(design_file(start))
    back = load_design(tmp_path / "d.yaml")
    assert {n: v.value for n, v in back.values.items()} == pytest.approx(
        {n: v.value for n, v in start.values.items()}, rel=1e-11
    )
    assert back.materials == start.materials
    assert "not given" in design_file(start)


def test_a_file_may_carry_provenance(tmp_path):
    (tmp_path / "d.yaml").write_text(
        "format: stack\nname: mine\nnegative_collector_thickness:\n  value: 6 um\n"
        "  kind: measured\n  source: {text: my caliper}\n  range: [5 um, 7 um]\n"
        "positive_collector: Cu\n"
    )
    design = load_design(tmp_path / "d.yaml")
    used = design.values["negative_collector_thickness"]
    assert (used.value, used.kind) == (pytest.approx(6e-6), "measured")
    assert used.source == "my caliper [unverified]"
    assert (design.format, design.name) == ("stack", "mine")
    assert design.materials["positive_collector"] == "Cu"


def test_what_is_given_counts_as_given(cell):
    found = energy.cell_level(cell, changes={"electrode_pairs": 9})
    entry = found.summary()["assumptions"]["design: electrode_pairs"]
    assert (entry["value"], entry["kind"]) == (9.0, "given")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"film_thicknes": "1 um"}, r"film_thicknes: .*did you mean film_thickness"),
        ({"film_thickness": "1"}, r"film_thickness: got '1', expected a finite quantity in m"),
        (
            {"film_thickness": "3 kg"},
            r"film_thickness: got '3 kg', expected a finite quantity in m",
        ),
        ({"film_thickness": "1 um"}, r"film_thickness: got '1 um', expected 10 um to 1000 um"),
        ({"film_thickness": ["1 um"]}, r"film_thickness: .*expected a finite quantity"),
        ({"film_thickness": {"value": "90 um", "colour": "red"}}, r"film_thickness\.colour: got"),
        ({"film_thickness": {"value": "90 um", "kind": "guess"}}, r"kind: got 'guess'"),
        ({"film_thickness": {"value": "90 um", "kind": "assumed"}}, r"range: missing"),
        (
            {"film_thickness": {"value": "90 um", "range": ["95 um", "99 um"]}},
            r"film_thickness: got '90 um', expected a value inside its own range",
        ),
        ({"film_thickness": {"value": "90 um", "range": "95 um"}}, r"range: got '95 um'"),
        ({"electrode_pairs": 2.5}, r"electrode_pairs: got '2\.5', expected a whole number"),
        ({"electrode_pairs": 0}, r"electrode_pairs: got '0', expected 1 to 500"),
        ({"collector_sides": 3}, r"collector_sides: got '3', expected 1 to 2"),
        ({"electrode_pairs": float("nan")}, r"electrode_pairs: got 'nan'"),
        ({"electrode_pairs": True}, r"electrode_pairs: got 'True'"),
        ({"negative_tab": "Unobtainium"}, r"negative_tab: got 'Unobtainium', expected a material"),
        ({"format": "coin"}, r"format: got 'coin', expected stack or pouch"),
        ({"mean_voltage": "-3 V"}, r"mean_voltage: got '-3 V', expected 0\.1 V to 6 V"),
    ],
)
def test_a_mistake_has_its_message(cell, changes, message):
    with pytest.raises(InputError, match=message):
        energy.cell_level(cell, changes=changes)


def test_all_mistakes_are_told_at_once(cell):
    with pytest.raises(InputError) as caught:
        energy.cell_level(cell, changes={"overhang": "1 kg", "tab_width": "-1 mm", "colour": "red"})
    assert [problem.field for problem in caught.value.problems] == [
        "overhang",
        "tab_width",
        "colour",
    ]


def test_a_format_that_does_not_exist_is_no_file_either(cell):
    with pytest.raises(InputError, match=r"--design: got 'poach', .*did you mean pouch"):
        energy.cell_level(cell, design="poach")


def test_a_broken_file_is_named(cell, tmp_path):
    path = tmp_path / "d.yaml"
    path.write_text("format: [pouch\n")
    with pytest.raises(InputError, match=r"d\.yaml"):
        energy.cell_level(cell, design=path)


def test_optional_fields_are_listed_not_silently_zero():
    assert not set(OPTIONAL) & set(default_design().values)
