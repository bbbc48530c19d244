"""MgxBi84 for any x, by weight and by atoms."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlith.errors import MaterialError
from interlith.materials import Library
from interlith.materials.family import porosity_after_transformation, weight_fractions
from interlith.materials.schema import REQUIRED

LIBRARY = Library.default()
BASES = ("weight", "atomic")


@given(st.integers(0, 2400), st.sampled_from(BASES))
def test_members_lie_between_their_parents(hundredths: int, basis: str) -> None:
    member = LIBRARY[f"Mg{hundredths / 100:g}Bi84@{basis}"]
    magnesium, bismuth = LIBRARY["Mg"]["density"].value, LIBRARY["Bi-metal"]["density"].value
    assert magnesium < member["density"].value <= bismuth * (1 + 1e-12)
    assert LIBRARY["Bi"]["porosity"].value <= member["porosity"].value < 1.0
    assert not [key for key in REQUIRED["interlayer"] if key not in member.properties]


@pytest.mark.parametrize("basis", BASES)
def test_more_magnesium_is_lighter_and_more_porous(basis: str) -> None:
    members = [LIBRARY[f"Mg{x}Bi84@{basis}"] for x in (2, 8, 16, 24)]
    densities = [member["density"].value for member in members]
    porosities = [member["porosity"].value for member in members]
    assert densities == sorted(densities, reverse=True)
    assert porosities == sorted(porosities)


def test_no_magnesium_is_bismuth() -> None:
    bismuth, member = LIBRARY["Bi"], LIBRARY["Mg0Bi84"]
    assert member.properties == bismuth.properties
    assert member.relations == bismuth.relations


def test_density_by_hand() -> None:
    # 16 g at 1.738 g/cm3 and 84 g at 9.79 g/cm3
    expected = 100.0 / (16 / 1.738 + 84 / 9.79) * 1e3
    assert LIBRARY["Mg16Bi84"]["density"].value == pytest.approx(expected, rel=1e-3)


def test_default_basis_is_weight_and_differs_from_atomic() -> None:
    default, atomic = LIBRARY["Mg16Bi84"], LIBRARY["Mg16Bi84@atomic"]
    assert default.composition["basis"] == "weight"
    assert default["density"].value == LIBRARY["Mg16Bi84@weight"]["density"].value
    assert atomic["density"].value > default["density"].value


def test_both_bases_agree_on_the_same_layer() -> None:
    # 16:84 by weight is 62:38 by atoms
    parts = weight_fractions({"Mg": 62.1, "Bi": 37.9}, "atomic", {"Mg": 24.305, "Bi": 208.98})
    assert parts["Mg"] == pytest.approx(0.16, abs=0.001)


def test_porosity_limits() -> None:
    assert porosity_after_transformation(0.1, 0.0, 45.7, 14.0) == pytest.approx(0.1)
    assert porosity_after_transformation(0.0, 1.0, 45.7, 14.0) == pytest.approx(14.0 / 59.7)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("Mg16Bi84@volume", "basis 'volume'"),
        ("Mg85Bi84", "must be 0 to 84"),
        ("Mg-1Bi84", "unknown material"),
        ("Mg16Bi80", "unknown material"),
    ],
)
def test_names_outside_the_family(name: str, message: str) -> None:
    with pytest.raises(MaterialError, match=message):
        LIBRARY[name]
