"""Quantities with units to SI and back."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from itertools import product

import pytest

from interlith import units
from interlith.errors import InputError, MaterialError, Problem, QuantityError, SolverError
from interlith.units import (
    dimension_of_unit,
    exact_text,
    format_si,
    from_si,
    si_unit,
    to_si,
    to_unit,
    unit_factor,
)

VALUES = [
    ("20 um", "length", 2e-5),
    ("20 µm", "length", 2e-5),
    ("20um", "length", 2e-5),
    ("25 degC", "temperature", 298.15),
    ("25 °C", "temperature", 298.15),
    ("-10 degC", "temperature", 263.15),
    ("298.15 K", "temperature", 298.15),
    ("1.2 mA/cm2", "current_density", 12.0),
    ("1.2 mA/cm^2", "current_density", 12.0),
    ("1.2 mA cm-2", "current_density", 12.0),
    ("1.2 mA/cm**2", "current_density", 12.0),
    ("1 mAh/cm2", "areal_capacity", 36000.0),
    ("10 hours", "time", 36000.0),
    ("2.05e-3 S/cm", "conductivity", 0.205),
    ("0.05 MPa/um", "stiffness", 5e10),
    ("0.3 MPa*m^0.5", "fracture_toughness", 3e5),
    ("10 Ohm cm2", "areal_resistance", 1e-3),
    ("10 Ω cm²", "areal_resistance", 1e-3),
    ("0.5 eV", "energy", 0.5 * 1.602176634e-19),
    ("200 mAh/g", "specific_capacity", 720000.0),
    ("30 %", "fraction", 0.3),
    ("0.3", "fraction", 0.3),
    (0.3, "fraction", 0.3),
    ("C/10", "c_rate", 0.1 / 3600.0),
    ("0.5C", "c_rate", 0.5 / 3600.0),
]


@pytest.mark.parametrize(("text", "dimension", "value"), VALUES)
def test_to_si(text, dimension, value):
    assert to_si(text, dimension) == value


@pytest.mark.parametrize(
    ("text", "dimension", "expected"),
    [
        ("20", "length", "without a unit"),
        (20, "length", "without a unit"),
        (10**400, "length", "finite"),
        (True, "length", "a length"),
        (None, "length", "a length"),
        ("", "length", "a length"),
        ("um", "length", "a length"),
        ("20 MPa", "length", "not a unit of this kind"),
        ("20 parsnips", "length", "not known"),
        ("nan um", "length", "finite"),
        ("-inf um", "length", "finite"),
        ("1e999 um", "length", "finite"),
        ("1e99999999999999999999 um", "length", "finite"),
        ("9**9**9**9 m", "length", "not known"),
        ("1 m^9^9^9^9", "length", "not known"),
        ("1 (m)", "length", "not known"),
        ("exit() m", "length", "a length"),
        ("1" * 101, "length", "100 characters"),
        ("25 C", "temperature", "write degC"),
        ("1C", "current_density", "C-rate cannot be used here"),
        ("C/0", "c_rate", "not be zero"),
        ("10 degC/s", "temperature", "a temperature"),
    ],
)
def test_what_is_no_quantity(text, dimension, expected):
    with pytest.raises(QuantityError, match=expected):
        to_si(text, dimension)


def test_an_unknown_dimension_is_a_mistake_of_the_programmer():
    with pytest.raises(KeyError, match="current_density"):
        to_si("1 A/m2", "curent_density")


@pytest.mark.parametrize(
    ("value", "dimension", "text"),
    [
        (2e-5, "length", "20 um"),
        (5e-8, "length", "50 nm"),
        (298.15, "temperature", "25 degC"),
        (1.0, "current_density", "0.1 mA/cm2"),
        (36000.0, "areal_capacity", "1 mAh/cm2"),
        (2.5e6, "pressure", "2.5 MPa"),
        (7200.0, "time", "2 h"),
        (90.0, "time", "1.5 min"),
        (0.0, "length", "0 nm"),
        (0.3, "fraction", "0.3"),
        (float("nan"), "length", "nan"),
    ],
)
def test_format_si(value, dimension, text):
    assert format_si(value, dimension) == text


def test_conversions_between_units():
    assert from_si(12.0, "mA/cm2") == 1.2
    assert from_si(298.15, "degC") == 25.0
    assert to_unit("0.5 mV", "V") == 5e-4
    assert to_unit("0.5", "1") == 0.5
    assert unit_factor("mAh/cm2", "C/m2") == 36000.0
    assert si_unit("conductivity") == "S/m"
    assert dimension_of_unit("Ohm m2") == "areal_resistance"
    assert dimension_of_unit("m^7") is None
    assert exact_text(1 / 3, "length").endswith("mm")
    with pytest.raises(QuantityError, match="converts to m"):
        unit_factor("s", "m")
    with pytest.raises(QuantityError, match="a known unit"):
        from_si(1.0, "parsnip")


def test_errors_say_where_what_and_what_is_allowed():
    problem = Problem("cell.yaml", "area", "1", "an area", 4)
    assert str(problem) == "cell.yaml: area: got '1', expected an area (line 4)"
    assert str(Problem("", "area", "", "an area")) == "area: missing, expected an area"
    assert InputError(problem).problems == [problem]
    assert str(InputError([problem, problem])).count("\n") == 1
    assert str(MaterialError("unknown Lo", ["Li"])) == "unknown Lo; did you mean Li?"
    error = SolverError("no convergence", status=-3, time=1.5, step=2)
    assert str(error) == "no convergence (status -3, time 1.5 s, step 2)"
    assert QuantityError("1", "2").at("f", "g") == Problem("f", "g", "1", "2")


def test_a_message_stays_on_one_line():
    assert len(str(Problem("f", "g", "x\n" * 1000, "less"))) < 150
    assert "\n" not in str(Problem("f", "g", "x\ny", "less"))


@pytest.mark.parametrize("unit", units.COMMON)
def test_the_table_of_common_units_agrees_with_pint(unit):
    base, factor, shift = units.COMMON[unit]
    assert units._conversion_by_pint(unit, base) == (Decimal(factor), Decimal(shift))


def test_units_of_the_table_convert_as_in_pint():
    for unit, target in product(units.COMMON, repeat=2):
        assert units._conversion(unit, target) == units._conversion_by_pint(unit, target)


def test_an_ordinary_cell_file_is_read_without_pint():
    code = (
        "import sys; from interlith.cell import expand, loads; "
        "from interlith.cell.templates import template_text; "
        "[expand(loads(template_text(kind))) for kind in ('ccd', 'ccd-bare', 'cycling', 'full')]; "
        "sys.exit('pint' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
