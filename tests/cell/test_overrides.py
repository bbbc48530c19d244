"""Setting fields from outside the file, as --set does."""

from __future__ import annotations

import re

import pytest

from interlith.cell import loads
from interlith.cell.templates import template_text
from interlith.errors import InputError

TEMPLATE = template_text("ccd")


def thicknesses(cell):
    return [round(layer.thickness * 1e6, 9) for layer in cell.layers]


def refused(overrides):
    with pytest.raises(InputError) as caught:
        loads(TEMPLATE, overrides)
    return caught.value.problems


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("layers.1.thickness", [100, 30, 600, 20, 100]),
        ("layers.interlayer.thickness", [100, 30, 600, 30, 100]),
        ("layers.electrode.thickness", [30, 20, 600, 20, 30]),
        ("layers.electrolyte.thickness", [100, 20, 30, 20, 100]),
        ("layers.*.thickness", [30, 30, 30, 30, 30]),
    ],
)
def test_one_layer_a_kind_or_all(path, expected):
    assert thicknesses(loads(TEMPLATE, {path: "30 um"})) == expected


def test_a_star_means_only_layers_that_have_the_field():
    cell = loads(TEMPLATE, {"layers.*.porosity": "0.4", "layers.*.roughness": "2 um"})
    assert [getattr(layer, "porosity", None) for layer in cell.layers] == [
        None,
        0.4,
        None,
        0.4,
        None,
    ]
    assert cell.electrolytes[0].roughness == 2e-6


def test_a_star_on_a_property_means_only_materials_that_have_it():
    cell = loads(TEMPLATE, {"layers.*.properties.void_depth": "0.5 um"})
    given = [layer.properties for layer in cell.layers]
    assert given == [{"void_depth": "0.5 um"}, {}, {}, {}, {"void_depth": "0.5 um"}]
    assert cell.layers[0].override("void_depth", "m") == 5e-7
    assert cell.layers[0].override("density", "kg/m3") is None


def test_an_interlayer_takes_overrides_of_its_host():
    cell = loads(TEMPLATE, {"layers.interlayer.properties.electronic_conductivity": "1 S/cm"})
    assert cell.left_interlayers[0].override("electronic_conductivity", "S/m") == 100.0


@pytest.mark.parametrize("which", ["*", "interlayer"])
def test_an_sei_is_set_where_it_can_be(which):
    cell = loads(TEMPLATE, {f"layers.{which}.sei.thickness": "20 nm"})
    given = [getattr(layer, "sei", None) for layer in cell.layers]
    assert [sei and sei.thickness for sei in given] == [None, 2e-8, None, 2e-8, None]


def test_top_level_protocol_and_lists():
    cell = loads(
        TEMPLATE,
        {
            "temperature": "60 degC",
            "protocol.0.ccd.step": "0.2 mA/cm2",
            "solver.rtol": "1e-8",
            "models.void_model": "other",
            "notes": '"25"',
        },
    )
    assert cell.temperature == 333.15
    assert cell.protocol[0].ccd.step == 2.0
    assert cell.solver.rtol == 1e-8
    assert cell.models == {"void_model": "other"}
    assert cell.notes == "25"


def test_a_list_of_currents():
    overrides = {
        "protocol.0.ccd.currents": "[0.1 mA/cm2, 0.5 mA/cm2]",
        "protocol.0.ccd.step": "null",
        "protocol.0.ccd.start": "null",
        "protocol.0.ccd.stop_at": "null",
    }
    assert loads(TEMPLATE, overrides).protocol[0].ccd.levels() == (1.0, 5.0)


def test_into_a_sentence():
    cell = loads(
        template_text("cycling"), {"protocol.0.rest": "5 min", "protocol.1.cycling.cycles": "3"}
    )
    assert cell.protocol[0].rest == 300.0
    assert cell.protocol[1].cycling.cycles == 3


def test_a_sentence_as_value():
    cell = loads(TEMPLATE, {"protocol.0": "Plate at 1 mA/cm2 for 1 hour"})
    assert cell.protocol[0].plate == 10.0


@pytest.mark.parametrize(
    ("path", "value", "field", "expected"),
    [
        ("layers.9.thickness", "30 um", "layers.9.thickness", "from 0 to 4"),
        ("layers.-1.thickness", "30 um", "layers.-1.thickness", "a number from 0, \\*"),
        ("layers.left.thickness", "30 um", "layers.left.thickness", "electrode, interlayer"),
        ("layers.1.thicknes", "30 um", "layers.1.thicknes", "did you mean thickness"),
        ("layers.*.thicknes", "30 um", "layers.*.thicknes", "at least one of these layers"),
        ("layers.electrode.porosity", "0.3", "layers.electrode.porosity", "at least one of these"),
        ("layers.1.thickness.value", "3 um", "layers.1.thickness.value", "mappings and lists"),
        ("temprature", "30 degC", "temprature", "did you mean temperature"),
        ("temperature", "30", "temperature", "without a unit"),
        ("temperature", "[1, 2", "temperature", "valid YAML"),
        ("temperature", "{a: 1}", "temperature", "a single value or a list"),
        ("protocol.7.ccd.step", "1 mA/cm2", "protocol.7.ccd.step", "from 0 to 0"),
        ("protocol.0.ccd.stepp", "1 mA/cm2", "protocol.0.ccd.stepp", "did you mean step"),
        ("protocol.first.ccd", "1", "protocol.first.ccd", "from 0 to 0"),
        ("layers..thickness", "1 um", "layers..thickness", "a path such as"),
        ("x." * 300, "1 um", "x." * 300, "a path such as"),
        ("layers.1.properties.colour", "red", "layers.1.properties.colour", "a property of the"),
        ("layers.*.properties.colour", "red", "layers.*.properties.colour", "at least one of"),
    ],
)
def test_what_cannot_be_set_is_named(path, value, field, expected):
    (problem,) = refused({path: value})
    assert problem.field == field
    assert re.search(expected, problem.expected)


def test_all_bad_overrides_at_once():
    found = refused({"layers.9.thickness": "1 um", "colour": "red", "area": "1"})
    assert {problem.field for problem in found} == {"layers.9.thickness", "colour", "area"}


def test_a_cell_changes_without_a_file():
    cell = loads(TEMPLATE)
    warmer = cell.changed({"temperature": "60 degC"})
    assert warmer.temperature == 333.15
    assert warmer.changed({"temperature": "25 degC"}) == cell
    assert cell.temperature == 298.15
