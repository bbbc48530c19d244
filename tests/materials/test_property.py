"""Temperature and composition laws against closed forms."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlith.errors import MaterialError
from interlith.materials.property import (
    Arrhenius,
    CompositionTable,
    Constant,
    Property,
    Source,
    Table,
)
from interlith.materials.quantity import to_si

TABLE = CompositionTable("x", (0.0, 0.1, 0.4), (1.0, 9.0, 12.0), 0.1)


def entry(**extra: object) -> Property:
    return Property("density", 9.0, "kg/m3", "9 kg/m3", "measured", **extra)  # type: ignore[arg-type]


def test_constant() -> None:
    assert entry(law=Constant()).at(500.0) == 9.0


@given(st.floats(0.0, 1.5), st.floats(200.0, 500.0), st.floats(250.0, 400.0))
def test_arrhenius(energy: float, temperature: float, reference: float) -> None:
    found = entry(law=Arrhenius(energy, reference)).at(temperature)
    exponent = -energy * 1.602176634e-19 / 1.380649e-23 * (1 / temperature - 1 / reference)
    assert found == pytest.approx(9.0 * math.exp(exponent), rel=1e-12)


def test_arrhenius_doubles_where_it_should() -> None:
    # 0.4 eV: factor of 11.3 from 25 to 80 degC, worked out by hand
    assert Arrhenius(0.4, 298.15).factor(353.15) == pytest.approx(11.3, rel=0.01)


def test_temperature_table_is_linear_and_holds_its_ends() -> None:
    law = Table((273.15, 298.15, 323.15), (1.0, 2.0, 4.0), 298.15)
    assert law.factor(298.15) == 1.0
    assert law.factor(310.65) == pytest.approx(1.5)
    assert law.factor(200.0) == pytest.approx(0.5)
    assert law.factor(500.0) == pytest.approx(2.0)


def test_composition_table() -> None:
    alloy = entry(composition=TABLE)
    assert alloy.at(298.15) == 9.0
    assert alloy.at(298.15, 0.05) == pytest.approx(5.0)
    assert alloy.at(298.15, 0.4) == pytest.approx(12.0)
    with pytest.raises(MaterialError, match=r"outside the range 0 to 0\.4"):
        alloy.at(298.15, 0.41)


def test_temperature_law_multiplies_composition() -> None:
    alloy = entry(composition=TABLE, law=Arrhenius(0.3))
    ratio = alloy.at(350.0, 0.05) / alloy.at(298.15, 0.05)
    assert ratio == pytest.approx(Arrhenius(0.3).factor(350.0))


def test_another_value_keeps_the_first_point_of_the_table() -> None:
    fitted = entry(composition=TABLE).with_value(5.0, "5 kg/m3", "fitted")
    assert fitted.kind == "fitted"
    assert fitted.at(298.15, 0.0) == 1.0
    assert fitted.at(298.15, 0.1) == pytest.approx(5.0)
    assert fitted.at(298.15, 0.4) == pytest.approx(1.0 + 11.0 / 2)


def test_source_line_tells_unverified_ones() -> None:
    assert str(Source("A", "10.1000/x", True)) == "A, doi:10.1000/x"
    assert str(Source("A")).endswith("[unverified]")
    assert entry().source_line() == "measured, no source"


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("2.05e-3 S/cm", "S/m", 0.205),
        ("1 mA/cm^2", "A/m2", 10.0),
        ("0.3 MPa m^0.5", "Pa m^0.5", 3e5),
        ("25 degC", "K", 298.15),
        ("37 kJ/mol", "eV", 37000 / 96485.33212),
        ("73.3 meV/angstrom^2", "J/m2", 1.1744),
        ("1 µm", "m", 1e-6),
        ("10 Ω cm2", "Ohm m2", 1e-3),
        (0.3, "1", 0.3),
        ("2 inch", "m", 0.0508),  # outside the table: goes through the unit library
    ],
)
def test_quantities(text: object, unit: str, value: float) -> None:
    assert to_si(text, unit) == pytest.approx(value, rel=1e-4)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("1 S/cm", "m"),
        (1.0, "m"),
        ("nan m", "m"),
        ("1e999 m", "m"),
        ("inf", "1"),
        (float("nan"), "1"),
        (True, "1"),
        (None, "m"),
        ("1 m" + " " * 200, "m"),
        ("__import__('os') m", "m"),
        ("3 florins", "m"),
    ],
)
def test_what_is_no_quantity(text: object, unit: str) -> None:
    with pytest.raises(ValueError, match="finite"):
        to_si(text, unit)
