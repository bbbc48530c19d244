"""Curves over the lithium content: formulas and points, inside and outside, and what is refused."""

from __future__ import annotations

import math
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.interpolate import PchipInterpolator

from interlith.errors import InputError
from interlith.materials import Curve, Library
from interlith.materials.curve import Formula, Points
from interlith.materials.expression import parse_expression

LIBRARY = Library.default()
ACTIVE = LIBRARY.names("active")
FULL = [(name, curve) for name in ACTIVE for curve in LIBRARY[name].curves]


def formula(text: str, valid: tuple[float, float] = (0.0, 1.0)) -> Curve:
    law = Formula(parse_expression(text))
    return Curve("open_circuit_potential", "V", valid, "assumed", law)


def test_a_formula_is_what_it_says() -> None:
    x = np.linspace(0.05, 1.0, 50)
    text = "-0.8*x + 4.5 - 0.04*tanh(18.5*(x - 0.55)) + 2*exp(-x/0.1)/3 + sqrt(x)*log(x) + x**2.5"
    expected = -0.8 * x + 4.5 - 0.04 * np.tanh(18.5 * (x - 0.55)) + 2 * np.exp(-x / 0.1) / 3
    expected += np.sqrt(x) * np.log(x) + x**2.5
    assert formula(text).values(x) == pytest.approx(expected, rel=1e-13)


@given(st.floats(0.05, 0.95))
def test_slopes_of_a_formula_are_its_derivative(x: float) -> None:
    slope = formula("3 + 0.1*cosh(x) - x**3 + exp(2*x)*tanh(5*(x - 0.5))").slopes([x])[0]
    hyperbolic = math.tanh(5 * (x - 0.5))
    expected = 0.1 * math.sinh(x) - 3 * x**2
    expected += math.exp(2 * x) * (2 * hyperbolic + 5 * (1 - hyperbolic**2))
    assert slope == pytest.approx(expected, rel=1e-12, abs=1e-12)


def test_points_are_joined_by_scipys_monotone_cubic() -> None:
    points = (0.1, 0.3, 0.4, 0.9), (4.3, 4.1, 4.0, 3.5)
    curve = Curve("open_circuit_potential", "V", (0.1, 0.9), "assumed", Points(*points))
    x = np.linspace(0.1, 0.9, 33)
    reference = PchipInterpolator(*points)
    assert curve.values(x) == pytest.approx(reference(x), rel=1e-14)
    assert curve.slopes(x) == pytest.approx(reference(x, 1), rel=1e-14)


@pytest.mark.parametrize("curve", [formula("4 - x**2", (0.2, 0.8)), formula("3", (0.2, 0.8))])
def test_outside_its_range_a_curve_goes_on_straight(curve: Curve) -> None:
    for end, beyond in ((0.2, [0.0, 0.1]), (0.8, [0.9, 1.0, 1.2])):
        value, slope = curve.values([end])[0], curve.slopes([end])[0]
        expected = [value + slope * (x - end) for x in beyond]
        assert curve.values(beyond) == pytest.approx(expected)
        assert curve.slopes(beyond) == pytest.approx([slope] * len(beyond))
    assert curve.outside([0.0, 0.2, 0.5, 0.8, 0.81]) == 2


def test_any_shape_of_x_will_do() -> None:
    curve = formula("4 - x")
    assert curve.values(0.5).shape == ()
    assert curve.values(np.full((2, 3), 0.5)).shape == (2, 3)
    assert formula("4").values(np.zeros((2, 3))).shape == (2, 3)


@pytest.mark.parametrize("name", ACTIVE)
def test_potential_falls_as_lithium_goes_in(name: str) -> None:
    potential = LIBRARY[name].curves["open_circuit_potential"]
    x = np.linspace(0.0, 1.0, 2001)
    assert np.all(np.diff(potential.values(x)) < 0.0)
    assert np.all(potential.slopes(x) < 0.0)


@pytest.mark.parametrize(("name", "curve"), FULL)
def test_shipped_curves_are_whole(name: str, curve: str) -> None:
    found = LIBRARY[name].curves[curve]
    values = found.values(np.linspace(0.0, 1.0, 401))
    assert np.all(np.isfinite(values))
    assert found.name == curve
    if found.kind == "assumed":
        assert None not in (found.low, found.high)
        assert found.note
    else:
        assert found.source is not None
    if curve in ("relative_volume", "diffusivity_factor"):
        assert np.all(values > 0.0)
    if curve == "relative_volume":
        assert found.values([1.0])[0] == pytest.approx(1.0, abs=0.005)


def test_nmc811_holds_what_its_source_lists() -> None:
    potential = LIBRARY["NMC811"].curves["open_circuit_potential"]
    # rows of the source between the points that are kept
    x = [0.225685, 0.280685, 0.335685, 0.450685, 0.550685, 0.650685, 0.750685]
    volts = [4.267354, 4.189746, 4.155421, 4.001637, 3.877422, 3.775395, 3.707445]
    assert potential.values(x) == pytest.approx(volts, abs=1e-3)
    factor = LIBRARY["NMC811"].curves["diffusivity_factor"]
    assert factor.values([0.5])[0] == pytest.approx(1.0, abs=1e-4)


def test_nmc811_shrinks_as_measured() -> None:
    # 5.1 % between 3.0 and 4.3 V, Kondrakov et al. (2017), abstract
    material = LIBRARY["NMC811"]
    volume = material.curves["relative_volume"].values([0.2157, 1.0])
    assert 1.0 - volume[0] / volume[1] == pytest.approx(0.051, abs=0.004)


def test_electronic_conductivity_of_a_composite_is_that_of_nmc622() -> None:
    # effective over own conductivity, notes on Minnmann et al. (2021); docs/full-cell.md says how
    # far the universal threshold and exponent are from it, most of all beside the threshold
    composite = LIBRARY["composite"]
    threshold = composite["percolation_threshold"].value
    exponent = composite["percolation_exponent"].value
    for share, measured in ((0.25, 2.1e-3), (0.33, 2.4e-2), (0.42, 5.6e-2), (0.61, 0.1)):
        model = ((share - threshold) / (1.0 - threshold)) ** exponent
        assert 1.0 < model / measured < (6.0 if share < 0.3 else 3.0)


@pytest.mark.parametrize("name", ACTIVE)
def test_one_lithium_is_the_theoretical_capacity(name: str) -> None:
    # mAh/g from the formula weight, worked out by hand
    expected = {"NMC811": 275.5, "LiNiO2": 274.5, "NCA": 278.9, "LCO": 273.8}[name]
    material = LIBRARY[name]
    held = material["maximum_lithium_concentration"].value * 96485.33212
    assert held / material["density"].value / 3600.0 == pytest.approx(expected, rel=0.005)


# ------------------------------------------------------------------------------------ broken files
EXPRESSIONS = {
    "syntax": "4 - * x",
    "empty": "''",
    "two lines": "'x = 4'",
    "unknown name": "4 - y",
    "unknown function": "sin(x)",
    "import": "__import__('os').getcwd()",
    "attribute": "x.real",
    "dunder": "().__class__.__bases__[0].__subclasses__()",
    "lambda": "(lambda: 1)()",
    "comprehension": "'[x for x in (1, 2)][0]'",
    "walrus": "'(y := 4)'",
    "condition": "4 if x else 3",
    "comparison": "'x > 0.5'",
    "bits": "'3 ^ x'",
    "modulo": "7 % 3",
    "text": "\"'4'\"",
    "f-string": "'f\"{x}\"'",
    "boolean": "4*True",
    "complex number": "4j",
    "keyword": "exp(x=2)",
    "two arguments": "log(x, 2)",
    "no argument": "exp()",
    "star": "'exp(*x)'",
    "subscript": "x[0]",
    "infinite": "1e999",
    "huge integer": "9" * 400,
    "very long": "4 + " + "0*x + " * 600 + "0",
    "very deep": "exp(" * 150 + "x" + ")" * 150,
    "many minus signs": "-" * 1500 + "x",
    "a list": "[4]",
}


def body(changes: dict[str, str]) -> str:
    fields = {"expression": "4 - x", "valid": "[0.2, 0.9]"}
    fields |= {"kind": "measured", "source": "{text: a}"}
    return "{" + ", ".join(f"{k}: {v}" for k, v in (fields | changes).items() if v) + "}"


def problems_of(folder: Path, curve: str, name: str = "open_circuit_potential") -> list[Any]:
    path = folder / "mine.yaml"
    path.write_text(f"name: NMC811\ncurves:\n  {name}: {curve}\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        Library.load([path])
    assert all(problem.file == str(path) for problem in caught.value.problems)
    return caught.value.problems


@pytest.mark.parametrize("case", EXPRESSIONS)
def test_a_formula_that_is_none_is_refused_at_once(tmp_path: Path, case: str) -> None:
    text = EXPRESSIONS[case]
    quoted = text if text[0] in "'\"[" else f'"{text}"'
    start = time.perf_counter()
    found = problems_of(tmp_path, body({"expression": quoted}))
    assert time.perf_counter() - start < 1.0
    assert [problem.field for problem in found] == ["curves.open_circuit_potential.expression"]
    assert "formula" in found[0].expected


def test_a_tower_of_powers_is_finite_arithmetic(tmp_path: Path) -> None:
    start = time.perf_counter()
    found = problems_of(tmp_path, body({"expression": "9**9**9**9**9"}))
    assert time.perf_counter() - start < 1.0
    assert "finite" in found[0].expected


BROKEN = {
    "a number": ({"expression": "4"}, "expression", "a formula"),
    "not finite": ({"expression": "log(x - 0.5)"}, "expression", "finite"),
    "infinite slope": ({"expression": "4 + sqrt(x - 0.2)"}, "expression", "finite"),
    "overflow": ({"expression": "exp(1000*x)"}, "expression", "finite"),
    "out of bounds": ({"expression": "40 - x"}, "expression", "0 to 6 V"),
    "neither": ({"expression": ""}, "", "exactly one of"),
    "both": ({"points": "[[0, 4 V], [1, 3 V]]"}, "", "exactly one of"),
    "no range": ({"valid": ""}, "valid", "the lowest and the highest"),
    "range reversed": ({"valid": "[0.9, 0.2]"}, "valid", "two rising numbers"),
    "range beyond one": ({"valid": "[0.2, 1.5]"}, "valid", "from 0 to 1"),
    "range nan": ({"valid": "[.nan, 0.9]"}, "valid[0]", "finite"),
    "range of three": ({"valid": "[0.1, 0.2, 0.3]"}, "valid", "[low, high]"),
    "no kind": ({"kind": ""}, "kind", "one of measured"),
    "no source": ({"source": ""}, "source", "a source"),
    "assumed": ({"kind": "assumed", "source": ""}, "range", "a range"),
    "deviation above": ({"range": "[1 mV, 2 mV]"}, "range", "below and one above"),
    "deviation in metres": ({"range": "[-1 m, 2 m]"}, "range[0]", "V"),
    "unknown key": ({"colour": "red"}, "colour", "no such key"),
}
POINTS = {
    "no points": ("[]", "points", "pairs"),
    "one point": ("[[0, 4 V]]", "points", "2 to 2000 pairs"),
    "no pairs": ("[1, 2, 3]", "points", "pairs"),
    "text": ("many", "points", "pairs"),
    "falling x": ("[[0, 4 V], [0.5, 3.9 V], [0.4, 3 V]]", "points[2][0]", "x must rise"),
    "same x": ("[[0, 4 V], [0, 3 V]]", "points[1][0]", "x must rise"),
    "no unit": ("[[0, 4], [1, 3 V]]", "points[0][1]", "a finite quantity in V"),
    "nan": ("[[0, .nan V], [1, 3 V]]", "points[0][1]", "finite"),
    "x nan": ("[[.nan, 4 V], [1, 3 V]]", "points[0][0]", "finite"),
    "infinite": ("[[0, 1e999 V], [1, 3 V]]", "points[0][1]", "finite"),
    "out of bounds": ("[[0, 4 V], [1, 30 V]]", "points", "0 to 6 V"),
    "x beyond one": ("[[0, 4 V], [1.5, 3 V]]", "valid", "from 0 to 1"),
    "too many": (str([[n / 3000, "4 V"] for n in range(3000)]), "points", "2 to 2000 pairs"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_curve_names_field_and_expectation(tmp_path: Path, case: str) -> None:
    changes, field, expected = BROKEN[case]
    found = problems_of(tmp_path, body(changes))
    wanted = f"curves.open_circuit_potential.{field}".rstrip(".")
    assert any(p.field == wanted and expected in p.expected for p in found), found


@pytest.mark.parametrize("case", POINTS)
def test_broken_points_name_field_and_expectation(tmp_path: Path, case: str) -> None:
    points, field, expected = POINTS[case]
    found = problems_of(tmp_path, body({"expression": "", "valid": "", "points": points}))
    wanted = f"curves.open_circuit_potential.{field}"
    assert any(p.field == wanted and expected in p.expected for p in found), found


def test_a_range_beyond_the_points_is_refused(tmp_path: Path) -> None:
    changes = {"expression": "", "valid": "[0.1, 0.9]", "points": "[[0.2, 4 V], [1, 3 V]]"}
    (problem,) = problems_of(tmp_path, body(changes))
    assert "inside its points" in problem.expected


def test_volume_is_one_when_full(tmp_path: Path) -> None:
    curve = body({"expression": "0.9 + 0.05*x", "valid": "[0.2, 1]"})
    (problem,) = problems_of(tmp_path, curve, "relative_volume")
    assert problem.expected.startswith("1 at x = 1")


def test_unknown_curves_and_curves_of_other_materials_are_refused(tmp_path: Path) -> None:
    (problem,) = problems_of(tmp_path, body({}), "open_circuit_voltage")
    assert "one of open_circuit_potential" in problem.expected
    path = tmp_path / "lithium.yaml"
    text = f"name: Li\ncurves: {{open_circuit_potential: {body({})}}}\n"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="no such curve of a material of category metal"):
        Library.load([path])


def test_an_active_material_needs_its_curves(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("name: mine\ncategory: active\nrelations: {interphase: null}\n", "utf-8")
    with pytest.raises(InputError) as caught:
        Library.load([path])
    fields = {problem.field for problem in caught.value.problems}
    assert {"curves.open_circuit_potential", "curves.relative_volume"} <= fields
    assert "curves.entropic_coefficient" not in fields


def test_one_curve_can_be_overridden(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(f"name: NMC811\ncurves: {{open_circuit_potential: {body({})}}}\n", "utf-8")
    mine = Library.load([path])["NMC811"]
    assert mine.curves["open_circuit_potential"].values([0.5])[0] == 3.5
    assert mine.curves["relative_volume"] == LIBRARY["NMC811"].curves["relative_volume"]
    derived = tmp_path / "derived.yaml"
    derived.write_text("name: mine\nbased_on: NMC811\n", "utf-8")
    assert Library.load([derived])["mine"].curves == LIBRARY["NMC811"].curves


@given(st.text(alphabet="x0123456789.+-*/() exploghtansqr", max_size=60))
def test_any_text_is_a_formula_or_refused(text: str) -> None:
    try:
        expression = parse_expression(text)
    except ValueError:
        return
    assert np.asarray(expression.at(np.linspace(0.1, 1.0, 5))).dtype == np.float64
