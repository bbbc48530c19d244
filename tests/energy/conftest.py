"""Cells whose energy can be worked out on paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from interlith.cell import Cell

PROTOCOL = ["Charge at 1 mA/cm2 until 4.3 V", "Discharge at 1 mA/cm2 until 2.7 V"]


def make(**changes: Any) -> Cell:
    """Return lithium 20 um, argyrodite 100 um and 20 mg/cm2 of NMC811 in a share of 0.8."""
    values = {
        "name": "on paper",
        "temperature": "25 degC",
        "stack_pressure": "5 MPa",
        "area": "1 cm^2",
        "layers": [
            {"material": "Li", "thickness": "20 um"},
            {"material": "Li6PS5Cl", "thickness": "100 um"},
            {
                "material": "NMC811",
                "loading": "20 mg/cm^2",
                "active_mass_fraction": 0.8,
                "electrolyte": "Li6PS5Cl",
            },
        ],
        "protocol": PROTOCOL,
    }
    values.update({key: value for key, value in changes.items() if "." not in key})
    cell = Cell.read(values)
    nested = {key: value for key, value in changes.items() if "." in key}
    return cell.changed(nested) if nested else cell


@pytest.fixture(scope="session")
def cell_of() -> Callable[..., Cell]:
    return make


@pytest.fixture
def cell() -> Cell:
    return make()


@pytest.fixture
def measured() -> dict[str, Any]:
    """Fields of a design that stand in for a result: 15.2 mWh/cm2."""
    return {"areal_capacity": "4 mAh/cm2", "mean_voltage": "3.8 V"}
