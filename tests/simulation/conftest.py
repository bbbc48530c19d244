"""Makers of cells for tests: layers, overridden properties, protocol, all else usual."""

from __future__ import annotations

from typing import Any

import pytest

FAST = {
    "void_depth": "300 um",
    "exchange_current_density": "2000 mA/cm2",
}
"""A face that neither loses contact nor resists."""


def metal(**properties: str) -> dict[str, Any]:
    return {"material": "Li", "thickness": "100 um", "properties": properties}


def interlayer(material: str = "Mg16Bi84", thickness: str = "20 um", **more: Any) -> dict[str, Any]:
    properties = {k: more.pop(k) for k in list(more) if k not in KEYS}
    return {"material": material, "thickness": thickness, **more, "properties": properties}


KEYS = {"porosity", "particle_size", "state", "sei"}


def electrolyte(thickness: str = "600 um", **properties: str) -> dict[str, Any]:
    return {"material": "Li6PS5Cl", "thickness": thickness, "properties": properties}


def read(left: list[Any], right: list[Any] | None = None, **more: Any) -> Any:
    """A cell; `left` holds the metal and its interlayers, `right` the same, mirrored by default."""
    from interlith.cell.cell import Cell

    right = left if right is None else right
    middle = more.pop("electrolyte", electrolyte())
    rtol = more.pop("rtol", 1e-6)
    values = {
        "name": "test",
        "temperature": "25 degC",
        "stack_pressure": "2.5 MPa",
        "area": "1 cm^2",
        "layers": [*left, middle, *reversed(right)],
        "solver": {"rtol": rtol, "integrator": more.pop("integrator", "rodas")},
    }
    return Cell.read({**values, **more})


class Maker:
    """What the tests build cells with."""

    read = staticmethod(read)
    metal = staticmethod(metal)
    interlayer = staticmethod(interlayer)
    electrolyte = staticmethod(electrolyte)
    fast = FAST

    @staticmethod
    def ramp(start: str = "0.1", step: str = "0.1", stop: str = "6", **more: Any) -> list[Any]:
        """A critical-current test; mA/cm2, 1 h half-cycles unless told otherwise."""
        if "areal_capacity" not in more:
            more.setdefault("half_cycle_time", "1 h")
        levels = {"start": f"{start} mA/cm2", "step": f"{step} mA/cm2", "stop_at": f"{stop} mA/cm2"}
        return [{"ccd": {**levels, **more}}]


@pytest.fixture(scope="session")
def make() -> type[Maker]:
    """Maker of cells."""
    return Maker


@pytest.fixture(scope="session")
def solve() -> Any:
    """The simulation, loaded once."""
    from interlith.simulation import simulate_symmetric

    return simulate_symmetric
