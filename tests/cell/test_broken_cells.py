"""Cells with a fault: each gives one problem that names the field, the value and the cure."""

from __future__ import annotations

import json
import math
from copy import deepcopy
from typing import Any

import pytest

from interlith.cell import Cell, loads
from interlith.errors import InputError, Problem

ABSENT = object()
LAYERS = [
    {"material": "Li", "thickness": "100 um"},
    {"material": "Mg16Bi84", "thickness": "20 um"},
    {"material": "Li6PS5Cl", "thickness": "600 um"},
    {"material": "Mg16Bi84", "thickness": "20 um"},
    {"material": "Li", "thickness": "100 um"},
]
CCD = {
    "start": "0.1 mA/cm2",
    "step": "0.1 mA/cm2",
    "stop_at": "4 mA/cm2",
    "areal_capacity": "1 mAh/cm2",
}
CYCLING = {"current": "1 mA/cm2", "half_cycle_time": "1 h", "cycles": 10}


def good() -> dict[str, Any]:
    """Return a cell without a fault, with many kinds of steps."""
    return deepcopy(
        {
            "name": "test",
            "temperature": "25 degC",
            "stack_pressure": "2.5 MPa",
            "area": "0.785 cm^2",
            "layers": LAYERS,
            "protocol": [
                {"ccd": CCD},
                {"plate": "1 mA/cm2", "for": "1 h"},
                {"repeat": 2, "steps": [{"rest": "10 min"}, {"voltage": "50 mV", "for": "1 h"}]},
                {"cycling": CYCLING},
            ],
        }
    )


def with_change(path: str, value: Any) -> dict[str, Any]:
    """Return the good cell with the value at a dotted path set, or taken out if it is ABSENT."""
    values = good()
    here: Any = values
    *way, last = path.split(".")
    for part in way:
        here = here[int(part)] if isinstance(here, list) else here.setdefault(part, {})
    key: Any = int(last) if isinstance(here, list) else last
    if value is ABSENT:
        del here[key]
    else:
        here[key] = value
    return values


def problems_of(values: dict[str, Any]) -> list[Problem]:
    """Return what is wrong with a cell."""
    with pytest.raises(InputError) as caught:
        Cell.read(values)
    return caught.value.problems


LI, INTERLAYER, ELECTROLYTE = LAYERS[0], LAYERS[1], LAYERS[2]
BARE = [LI, ELECTROLYTE, LI]

# what is wrong: (path, value, field of the problem, words in "expected")
BROKEN = {
    # head
    "no name": ("name", ABSENT, "name", "a text"),
    "empty name": ("name", "", "name", "at least 1 character"),
    "name is a number": ("name", 7, "name", "a text"),
    "no temperature": ("temperature", ABSENT, "temperature", "a temperature such as '25 degC'"),
    "null temperature": ("temperature", None, "temperature", "a temperature such as"),
    "no stack pressure": ("stack_pressure", ABSENT, "stack_pressure", "such as '2.5 MPa'"),
    "no area": ("area", ABSENT, "area", "an area such as"),
    "no layers": ("layers", ABSENT, "layers", "a list of 3 to"),
    "no protocol": ("protocol", ABSENT, "protocol", "a list of 1 to"),
    "unknown field": ("temprature", "25 degC", "temprature", "did you mean temperature"),
    "unlike any field": ("zzzz", 1, "zzzz", "known: name, temperature"),
    "number without unit": ("temperature", 25, "temperature", "without a unit"),
    "text without unit": ("area", "0.785", "area", "without a unit"),
    "wrong dimension": ("area", "5 mm", "area", "an area such as"),
    "coulomb for degC": ("temperature", "25 C", "temperature", "write degC"),
    "unknown unit": ("temperature", "25 warmth", "temperature", "'warmth' is not known"),
    "no number": ("temperature", "warm", "temperature", "a temperature such as"),
    "boolean": ("temperature", True, "temperature", "a temperature such as"),
    "list for a quantity": ("temperature", ["25 degC"], "temperature", "a temperature such as"),
    "mapping for a quantity": ("area", {"cm2": 1}, "area", "an area such as"),
    "two quantities": ("area", "1 cm2 2 cm2", "area", "an area such as"),
    "too cold": ("temperature", "-100 degC", "temperature", "to 500 K"),
    "kelvin meant": ("temperature", "25 K", "temperature", "did you mean '25 degC'?"),
    "too hot": ("temperature", "600 K", "temperature", "to 500 K"),
    "negative pressure": ("stack_pressure", "-1 MPa", "stack_pressure", "0 MPa to 500 MPa"),
    "GPa meant MPa": ("stack_pressure", "2.5 GPa", "stack_pressure", "did you mean '2.5 MPa'?"),
    "zero area": ("area", "0 cm2", "area", "to 1 m^2"),
    "m2 meant cm2": ("area", "7 m^2", "area", "did you mean '7 cm^2'?"),
    "nan": ("area", "nan cm2", "area", "must be finite"),
    "inf": ("area", "inf cm2", "area", "must be finite"),
    "YAML nan": ("temperature", math.nan, "temperature", "must be finite"),
    "overflow": ("area", "1e999 cm2", "area", "must be finite"),
    "overlong quantity": ("area", "1" * 200 + " cm2", "area", "at most 100 characters"),
    "code": ("area", "__import__('os').getcwd() cm2", "area", "an area such as"),
    "power tower": ("area", "9**9**9**9 cm2", "area", "an area such as"),
    "negative stiffness": ("fixture_stiffness", "-1 MPa/um", "fixture_stiffness", "0 MPa/um to"),
    "solver of no kind": ("solver.integrator", "euler", "solver.integrator", "'rodas' or 'cvode'"),
    "loose tolerance": ("solver.rtol", 0.5, "solver.rtol", "less than or equal to 0.01"),
    "solver field": ("solver.atol", 1e-9, "solver.atol", "did you mean rtol"),
    "solver is a text": ("solver", "fast", "solver", "a mapping"),
    "models is a list": ("models", ["void"], "models", "a mapping"),
    "law is a number": ("models.void_model", 3, "models.void_model", "a text"),
    "materials is a text": ("materials", "mine.yaml", "materials", "a list"),
    "no materials file": ("materials", ["none.yaml"], "", "a YAML file or a folder"),
    # layers
    "layers is a mapping": ("layers", {"left": LI}, "layers", "a list of 3 to"),
    "empty layers": ("layers", [], "layers", "a list of 3 to"),
    "two layers": ("layers", [LI, ELECTROLYTE], "layers", "a list of 3 to"),
    "a thousand layers": ("layers", [LI, *[ELECTROLYTE] * 999, LI], "layers", "3 to 100"),
    "layer is a text": ("layers.1", "Mg16Bi84 20 um", "layers.1", "a mapping with at least"),
    "layer without material": ("layers.1.material", ABSENT, "layers.1.material", "a"),
    "layer without thickness": ("layers.2.thickness", ABSENT, "layers.2.thickness", "a length"),
    "unknown layer field": ("layers.1.thicknes", "1 um", "layers.1.thicknes", "mean thickness"),
    "field of another kind": ("layers.2.porosity", 0.3, "layers.2.porosity", "no such field"),
    "negative thickness": ("layers.1.thickness", "-20 um", "layers.1.thickness", "1 nm to 10 mm"),
    "zero thickness": ("layers.1.thickness", "0 um", "layers.1.thickness", "1 nm to 10 mm"),
    "mm meant um": ("layers.1.thickness", "20 mm", "layers.1.thickness", "did you mean '20 um'?"),
    "metres meant um": ("layers.2.thickness", "600 m", "layers.2.thickness", "'600 um'"),
    "thickness without unit": ("layers.1.thickness", 20, "layers.1.thickness", "without a unit"),
    "thickness in bar": ("layers.1.thickness", "20 bar", "layers.1.thickness", "a length such as"),
    "no electrolyte": ("layers", [LI, INTERLAYER, LI], "layers", "one electrolyte"),
    "separated electrolytes": (
        "layers",
        [LI, ELECTROLYTE, INTERLAYER, ELECTROLYTE, LI],
        "layers.3",
        "must lie side by side",
    ),
    "interlayer outside": ("layers", [INTERLAYER, ELECTROLYTE, LI], "layers.0", "a lithium electr"),
    "electrolyte outside": ("layers", [LI, INTERLAYER, ELECTROLYTE], "layers.2", "a lithium elect"),
    "electrode inside": ("layers", [LI, ELECTROLYTE, LI, LI], "layers.2", "outermost only"),
    "unknown material": ("layers.2.material", "Li6PS5CI", "layers.2.material", "mean Li6PS5Cl"),
    "material is a number": ("layers.2.material", 5, "layers.2.material", "a text"),
    "material is no layer": ("layers.1.material", "LiF", "layers.1.material", "a metal, an int"),
    "kind does not fit": ("layers.0.kind", "electrolyte", "layers.0.kind", "'electrode', since"),
    "no such kind": ("layers.0.kind", "anode", "layers.0.kind", "one of electrode"),
    "zero porosity": ("layers.1.porosity", 0, "layers.1.porosity", "more than 0 and less than 1"),
    "porosity of one": ("layers.1.porosity", 1, "layers.1.porosity", "less than 1"),
    "porosity in percent": ("layers.1.porosity", 30, "layers.1.porosity", "less than 1"),
    "porosity with a unit": ("layers.1.porosity", "3 um", "layers.1.porosity", "a fraction"),
    "no such state": ("layers.1.state", "cooked", "layers.1.state", "'formed' or 'pristine'"),
    "huge particles": ("layers.1.particle_size", "1 m", "layers.1.particle_size", "to 1 mm"),
    "magnesium in pure Li": (
        "layers.0.magnesium_fraction",
        0.1,
        "layers.0.magnesium_fraction",
        "Li has no magnesium",
    ),
    "much magnesium": (
        "layers.0",
        {"material": "LiMg", "thickness": "100 um", "magnesium_fraction": 0.9},
        "layers.0.magnesium_fraction",
        "0 to 0.4",
    ),
    "negative roughness": ("layers.2.roughness", "-1 um", "layers.2.roughness", "to 1 mm"),
    # properties
    "unknown property": (
        "layers.2.properties.ionic_conductivty",
        "1 mS/cm",
        "layers.2.properties.ionic_conductivty",
        "did you mean ionic_conductivity",
    ),
    "property without unit": (
        "layers.2.properties.ionic_conductivity",
        2,
        "layers.2.properties.ionic_conductivity",
        "S/m",
    ),
    "property of another dimension": (
        "layers.2.properties.ionic_conductivity",
        "2 GPa",
        "layers.2.properties.ionic_conductivity",
        "converts to S/m",
    ),
    "property out of bounds": (
        "layers.2.properties.ionic_conductivity",
        "1e9 S/cm",
        "layers.2.properties.ionic_conductivity",
        "1000 S/cm",
    ),
    "insulating electrolyte": (
        "layers.2.properties.ionic_conductivity",
        "1e-12 S/cm",
        "layers.2.properties.ionic_conductivity",
        "1e-06 mS/cm to",
    ),
    "negative property": (
        "layers.0.properties.density",
        "-5 g/cm3",
        "layers.0.properties.density",
        "factor of a million",
    ),
    "poisson ratio of a liquid": (
        "layers.2.properties.poisson_ratio",
        "0.5",
        "layers.2.properties.poisson_ratio",
        "0 to 0.49",
    ),
    "fraction above one": (
        "layers.0.properties.void_refill_fraction",
        "1.5",
        "layers.0.properties.void_refill_fraction",
        "0 to 1",
    ),
    "property is a list": (
        "layers.0.properties.density",
        ["1 g/cm3"],
        "layers.0.properties.density",
        "a quantity such as",
    ),
    "properties is a list": (
        "layers.0.properties",
        ["density"],
        "layers.0.properties",
        "a mapping",
    ),
    # SEI
    "SEI away from the electrolyte": (
        "layers.0.sei",
        {"thickness": "10 nm"},
        "layers.0.sei",
        "next to the electrolyte",
    ),
    "SEI on an electrolyte": ("layers.2.sei", {"thickness": "1 nm"}, "layers.2.sei", "no such"),
    "SEI is a text": ("layers.1.sei", "LiF", "layers.1.sei", "a mapping with"),
    "SEI of a metal": ("layers.1.sei.material", "Li", "layers.1.sei.material", "category sei"),
    "SEI unknown": ("layers.1.sei.material", "LiMgS", "layers.1.sei.material", "mean LiMgSx"),
    "SEI too thick": ("layers.1.sei.thickness", "1 mm", "layers.1.sei.thickness", "to 100 um"),
    "SEI field": ("layers.1.sei.thick", "1 nm", "layers.1.sei.thick", "mean thickness"),
    # protocol
    "protocol is a mapping": ("protocol", {"rest": "1 h"}, "protocol", "a list of 1 to"),
    "empty protocol": ("protocol", [], "protocol", "a list of 1 to"),
    "step is a number": ("protocol.0", 3, "protocol.0", "a mapping or a sentence"),
    "empty step": ("protocol.0", {}, "protocol.0", "exactly one of rest"),
    "unknown step": ("protocol.0", {"boil": "1 mA/cm2"}, "protocol.0", "exactly one of rest"),
    "charge without a cathode": (
        "protocol.1",
        {"charge": "1 mA/cm2", "for": "1 h"},
        "protocol.1.charge",
        "'plate' or 'strip' in a cell of two lithium electrodes",
    ),
    "discharge without a cathode": (
        "protocol.2.steps.0",
        "Discharge at 1 mA/cm2 for 1 h",
        "protocol.2.steps.0.discharge",
        "'discharge' needs a cathode",
    ),
    "temperature of a step": (
        "protocol.1.temperature",
        "60 degC",
        "protocol.1.temperature",
        "set the temperature of the cell",
    ),
    "cut-off as a C-rate without capacity": (
        "protocol.1",
        {"voltage": "50 mV", "until": "0.05C"},
        "protocol.1.until",
        "'capacity'",
    ),
    "near step": ("protocol.0", {"plat": "1 mA/cm2"}, "protocol.0", "did you mean plate"),
    "two steps in one": (
        "protocol.0",
        {"rest": "1 h", "plate": "1 mA/cm2"},
        "protocol.0",
        "exactly one of",
    ),
    "no limit": ("protocol.0", {"plate": "1 mA/cm2"}, "protocol.0", "'for' with a time"),
    "no limit on a hold": ("protocol.0", {"voltage": "1 V"}, "protocol.0", "'until' with a limit"),
    "negative plating": ("protocol.1.plate", "-1 mA/cm2", "protocol.1.plate", "direction"),
    "zero current": (
        "protocol.1",
        {"current": "0 mA/cm2", "for": "1 h"},
        "protocol.1.current",
        "for no current write a rest",
    ),
    "current in mA": ("protocol.1.plate", "1 mA", "protocol.1.plate", "a current density"),
    "negative time": ("protocol.1.for", "-1 h", "protocol.1.for", "0.001 s to"),
    "endless time": ("protocol.1.for", "1e9 h", "protocol.1.for", "to 100000 h"),
    "time in volts": ("protocol.1.for", "1 V", "protocol.1.for", "a time such as"),
    "C-rate without capacity": ("protocol.1.plate", "0.5C", "protocol.1.plate", "'capacity'"),
    "C-rate of zero": ("protocol.1.plate", "0C", "protocol.1.plate", "above 0C"),
    "unknown limit": ("protocol.1.until", "5 apples", "protocol.1.until", "a time, an areal"),
    "empty limits": ("protocol.1.until", [], "protocol.1.until", "1 to 8 limits"),
    "same limit twice": ("protocol.1.until", ["1 V", "2 V"], "protocol.1.until", "once"),
    "time twice": ("protocol.1.until", "2 h", "protocol.1.until", "only once"),
    "limit out of bounds": ("protocol.1.until", "1 kV", "protocol.1.until", "to 100 V"),
    "cut-off for a current": ("protocol.1.until", "1 mA/cm2", "protocol.1.until", "another limit"),
    "voltage limit of a hold": (
        "protocol.1",
        {"voltage": "1 V", "until": "2 V"},
        "protocol.1.until",
        "another limit",
    ),
    "unknown step field": ("protocol.1.fro", "1 h", "protocol.1.fro", "did you mean for"),
    "unparseable sentence": ("protocol.0", "Please charge it", "protocol.0", "a sentence such as"),
    "sentence without value": ("protocol.0", "Plate for 1 hour", "protocol.0", "needs 'at'"),
    "sentence without limit": ("protocol.0", "Plate at 1 mA/cm2", "protocol.0", "'for' with a"),
    "sentence with a bad time": ("protocol.0", "Rest for 1 furlong", "protocol.0.rest", "a time"),
    "rest without time": ("protocol.0", "Rest", "protocol.0", "'Rest for'"),
    "endless sentence": ("protocol.0", "Plate at " + "1" * 900, "protocol.0", "a sentence such"),
    "zero repeat": ("protocol.2.repeat", 0, "protocol.2.repeat", "from 1 to"),
    "billion repeats": ("protocol.2.repeat", 10**9, "protocol.2.repeat", "1,000,000"),
    "many repeats inside": (
        "protocol.2",
        {"repeat": 1000, "steps": [{"repeat": 5000, "steps": ["Rest for 1 s"]}]},
        "protocol",
        "1,000,000 steps in all",
    ),
    "half a repeat": ("protocol.2.repeat", 1.5, "protocol.2.repeat", "a whole number"),
    "repeat nothing": ("protocol.2.steps", [], "protocol.2.steps", "a list of 1 to"),
    "repeat without steps": ("protocol.2.steps", ABSENT, "protocol.2.steps", "a list of 1 to"),
    "error inside repeat": (
        "protocol.2.steps.0.rest",
        "-1 s",
        "protocol.2.steps.0.rest",
        "to 100000 h",
    ),
    # critical-current test
    "ccd is a text": ("protocol.0.ccd", "fast", "protocol.0.ccd", "a mapping with fields"),
    "ccd with both": ("protocol.0.ccd.half_cycle_time", "1 h", "protocol.0.ccd", "exactly one of"),
    "ccd with neither": ("protocol.0.ccd.areal_capacity", ABSENT, "protocol.0.ccd", "exactly one"),
    "ccd without step": ("protocol.0.ccd.step", ABSENT, "protocol.0.ccd", "step and currents"),
    "ccd without start": ("protocol.0.ccd.start", ABSENT, "protocol.0.ccd.start", "is given"),
    "ccd without end": ("protocol.0.ccd.stop_at", ABSENT, "protocol.0.ccd.stop_at", "is given"),
    "zero step": ("protocol.0.ccd.step", "0 mA/cm2", "protocol.0.ccd.step", "0.0001 uA/cm2 to"),
    "step down": ("protocol.0.ccd.step", "-1 mA/cm2", "protocol.0.ccd.step", "0.0001 uA/cm2 to"),
    "start above stop": ("protocol.0.ccd.start", "5 mA/cm2", "protocol.0.ccd.start", "at most"),
    "a billion levels": ("protocol.0.ccd.step", "1e-7 mA/cm2", "protocol.0.ccd.step", "10000"),
    "capacity in mAh": (
        "protocol.0.ccd.areal_capacity",
        "1 mAh",
        "protocol.0.ccd.areal_capacity",
        "an areal capacity",
    ),
    "no half-cycles": (
        "protocol.0.ccd.half_cycles_per_step",
        0,
        "protocol.0.ccd.half_cycles_per_step",
        "from 1",
    ),
    "unknown ccd field": ("protocol.0.ccd.stopp", "1 V", "protocol.0.ccd.stopp", "mean stop_at or"),
    "maybe": (
        "protocol.0.ccd.continue_after_short",
        "maybe",
        "protocol.0.ccd.continue_after_short",
        "true or false",
    ),
    "beside ccd": ("protocol.0.for", "1 h", "protocol.0.for", "no such field"),
    "list and step": ("protocol.0.ccd.currents", ["1 mA/cm2"], "protocol.0.ccd", "step and curr"),
    "falling list": (
        "protocol.0.ccd",
        {"currents": ["2 mA/cm2", "1 mA/cm2"], "half_cycle_time": "1 h"},
        "protocol.0.ccd.currents",
        "above the one before",
    ),
    "empty list": (
        "protocol.0.ccd",
        {"currents": [], "half_cycle_time": "1 h"},
        "protocol.0.ccd.currents",
        "1 to 10000",
    ),
    "bad entry in a list": (
        "protocol.0.ccd",
        {"currents": ["1 mA/cm2", 2], "half_cycle_time": "1 h"},
        "protocol.0.ccd.currents.1",
        "without a unit",
    ),
    "list and start": (
        "protocol.0.ccd",
        {"currents": ["1 mA/cm2"], "start": "1 mA/cm2", "half_cycle_time": "1 h"},
        "protocol.0.ccd.start",
        "no 'start'",
    ),
    "zero cycles": ("protocol.3.cycling.cycles", 0, "protocol.3.cycling.cycles", "from 1 to"),
    "cycling without current": (
        "protocol.3.cycling.current",
        ABSENT,
        "protocol.3.cycling.current",
        "a current density",
    ),
    "cycling with both": (
        "protocol.3.cycling.areal_capacity",
        "1 mAh/cm2",
        "protocol.3.cycling",
        "exactly one of",
    ),
}


@pytest.mark.parametrize(("path", "value", "field", "expected"), BROKEN.values(), ids=BROKEN)
def test_one_problem_with_field_and_cure(path, value, field, expected):
    found = problems_of(with_change(path, value))
    assert [problem.field for problem in found] == [field]
    assert expected in found[0].expected
    assert found[0].file
    shown = str(found[0])
    assert "\n" not in shown
    assert len(shown) < 900


def test_the_value_is_quoted():
    (problem,) = problems_of(with_change("layers.1.thickness", "0.02 m"))
    assert str(problem).startswith(
        "<cell>: layers.1.thickness: got '0.02 m', expected 1 nm to 10 mm"
    )


def test_the_good_cell_is_good():
    assert Cell.read(good()).name == "test"


def test_all_problems_at_once():
    values = good()
    values["temperature"] = 25
    values["colour"] = "red"
    del values["area"]
    values["layers"][1]["thickness"] = "20 mm"
    values["layers"][2]["material"] = "Unobtainium"
    values["layers"][2]["thickness"] = "thin"
    values["layers"][4]["properties"] = {"mass": "1 kg"}
    values["solver"] = {"rtol": 1.0}
    values["protocol"][0]["ccd"]["half_cycle_time"] = "1 h"
    values["protocol"][0]["ccd"]["step"] = "0 mA/cm2"
    values["protocol"][2]["steps"][1]["for"] = "soon"
    values["protocol"].append("Do nothing")
    assert {problem.field for problem in problems_of(values)} == {
        "temperature",
        "colour",
        "area",
        "layers.1.thickness",
        "layers.2.material",
        "layers.2.thickness",
        "layers.4.properties.mass",
        "solver.rtol",
        "protocol.0.ccd",
        "protocol.0.ccd.step",
        "protocol.2.steps.1.for",
        "protocol.4",
    }


def test_problems_name_file_and_line_in_the_order_of_the_file():
    text = "\n".join(f"{key}: {json.dumps(value)}" for key, value in good().items())
    text = text.replace("25 degC", "25").replace("0.785 cm^2", "wide")
    with pytest.raises(InputError) as caught:
        loads(text, file="my-cell.yaml")
    found = [(problem.file, problem.field, problem.line) for problem in caught.value.problems]
    assert found == [("my-cell.yaml", "temperature", 2), ("my-cell.yaml", "area", 4)]


def test_thousands_of_problems_are_cut_short():
    values = good()
    values["protocol"] = ["nonsense"] * 5000
    found = problems_of(values)
    assert len(found) < 100
    assert "5000 problems" in str(found[-1])


def test_python_users_get_the_same_rules():
    values = with_change("layers", [{**LI, "kind": "electrode"}] * 3)
    with pytest.raises(ValueError, match="one electrolyte"):
        Cell(**values)
