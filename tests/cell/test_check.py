"""Warnings about cells that can be simulated but look unusual."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from interlith.cell import loads
from interlith.cell.check import check, warnings_of
from interlith.cell.strategies import cells
from interlith.cell.templates import TEMPLATES, template_text


@pytest.mark.parametrize("name", TEMPLATES)
def test_templates_give_no_warning(name):
    assert warnings_of(loads(template_text(name))) == []


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("temperature", "200 degC", "lithium melts"),
        ("temperature", "-60 degC", "temperature is -60 degC; usual is -20 degC to 100 degC"),
        ("stack_pressure", "0 MPa", "no creep"),
        ("stack_pressure", "400 MPa", "stack_pressure is 400 MPa"),
        ("layers.1.thickness", "5 mm", "layers.1.thickness is 5 mm"),
        ("layers.0.properties.void_depth", "50 um", "layers.0.properties.void_depth is 50 um"),
        ("layers.0.properties.void_depth", "1 nm", "layers.0.properties.void_depth is 1 nm"),
        ("protocol.0.ccd.voltage_limit", "50 V", "protocol.0.ccd.voltage_limit is 50 V"),
        ("protocol.0.ccd.areal_capacity", "100 mAh/cm2", "layers.0: the protocol strips"),
    ],
)
def test_one_warning(path, value, expected):
    cell = loads(template_text("ccd"), {path: value})
    assert any(expected in warning for warning in warnings_of(cell))


def test_the_right_electrode_is_named_when_stripping_comes_first():
    text = template_text("ccd")
    cell = loads(text, {"layers.4.thickness": "1 um", "protocol.0": "Strip at 1 mA/cm2 for 1 h"})
    assert warnings_of(cell) == [
        "layers.4: the protocol strips 1 mAh/cm2, the electrode holds 0.2066 mAh/cm2"
    ]


@given(cells(extreme=True))
@settings(max_examples=15)
def test_any_cell_can_be_checked(cell):
    report = check(cell, values=())
    assert all(isinstance(warning, str) for warning in report.warnings)
