"""A cell survives being written and read; whatever is read is loaded or refused."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlith.cell import Cell, expand, load, loads
from interlith.cell.strategies import cells, items, protocols
from interlith.cell.templates import TEMPLATES, template_text
from interlith.errors import InputError
from interlith.units import DIMENSIONS, exact_text, to_si

TEMPLATE = template_text("ccd")


def assert_refused_or_read(read: Callable[[], Cell]) -> None:
    problems = []
    try:
        cell = read()
    except InputError as error:
        problems = [str(problem) for problem in error.problems] or [""]
    else:
        assert loads(cell.to_yaml()) == cell
    assert all(problems)


@given(cells())
@settings(max_examples=30)
def test_cell_to_yaml_to_cell(cell):
    assert loads(cell.to_yaml()) == cell


@given(cells(extreme=True))
@settings(max_examples=25)
def test_extreme_cell_to_yaml_to_cell(cell):
    assert loads(cell.to_yaml()) == cell


@given(cells())
@settings(max_examples=20)
def test_cell_to_mapping_to_cell(cell):
    assert Cell.read(cell.to_dict()) == cell


@given(cells(most_overrides=0))
@settings(max_examples=25)
def test_every_step_ends_and_is_finite(cell):
    for step in expand(cell):
        assert math.isfinite(step.value)
        assert step.duration_s > 0.0
        assert math.isfinite(step.duration_s) or step.areal_capacity
        assert step.label


@pytest.mark.parametrize("name", ["\x85", "a\x85b", "\u2028", "a\u2029 b", "\ta", "a\nb", "é: #"])
def test_any_name_survives(name):
    cell = Cell.read(loads(TEMPLATE).to_dict() | {"name": name})
    assert loads(cell.to_yaml()).name == name


def test_a_file_survives(tmp_path):
    cell = loads(TEMPLATE)
    (tmp_path / "cell.yaml").write_text(cell.to_yaml(), encoding="utf-8")
    assert load(tmp_path / "cell.yaml") == cell


SIZES = st.one_of(
    st.just(0.0),
    st.floats(1e-280, 1e280),
    st.floats(-1e280, -1e-280),
)


@given(SIZES, st.sampled_from(sorted(DIMENSIONS)))
def test_any_float_has_an_exact_text(value, name):
    if name == "c_rate":
        return
    assert to_si(exact_text(value, name), name) == value


@given(st.text(max_size=200))
@settings(max_examples=100)
def test_any_text_is_refused_or_read(text):
    with pytest.raises(InputError) as caught:
        loads(text)
    assert caught.value.problems


@given(
    st.sampled_from(sorted(TEMPLATES)),
    st.integers(0, 4000),
    st.integers(0, 30),
    st.text(max_size=8),
)
@settings(max_examples=150)
def test_a_damaged_template_is_refused_or_read(name, at, length, insert):
    text = template_text(name)
    assert_refused_or_read(lambda: loads(text[:at] + insert + text[at + length :]))


FIELDS = ["material", "thickness", "kind", "sei", "properties", "ccd", "cycling", "repeat", "steps"]
FIELDS += ["plate", "for", "until", "x"]
ANYTHING = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=10),
        st.sampled_from(["Li", "1 um", "1 h", "0.5C", "1 mA/cm2", "Rest for 1 h", "short", "-1 V"]),
    ),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(FIELDS),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)
PLACES = [
    ["name"], ["temperature"], ["area"], ["layers"], ["layers", 0], ["layers", 1], ["protocol"],
    ["layers", 1, "sei"], ["layers", 1, "properties"], ["layers", 2, "thickness"], ["solver"],
    ["layers", 1, "kind"], ["layers", 1, "material"], ["layers", 1, "sei", "material"],
    ["protocol", 0], ["protocol", 0, "ccd"], ["protocol", 0, "ccd", "currents"], ["models"],
    ["protocol", 0, "ccd", "start"], ["materials"], ["capacity"], ["notes"], ["unknown"],
]  # fmt: skip


@given(st.sampled_from(PLACES), ANYTHING)
@settings(max_examples=200)
def test_anything_anywhere_is_refused_or_read(place, value):
    values = loads(TEMPLATE).to_dict()
    here = values
    for part in place[:-1]:
        here = here[part] if isinstance(here, list) else here.setdefault(part, {})
    here[place[-1]] = value
    assert_refused_or_read(lambda: Cell.read(values))


@given(items(), protocols())
@settings(max_examples=25)
def test_a_protocol_is_read_as_it_stands(item, protocol):
    values = loads(TEMPLATE).to_dict() | {"protocol": [item, *protocol]}
    cell = Cell.read(values)
    assert len(cell.protocol) == 1 + len(protocol)
    assert Cell.read(cell.to_dict()).protocol == cell.protocol
