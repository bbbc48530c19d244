"""The cells that are timed: the template of the product, and seeded variations of it."""

from __future__ import annotations

from typing import Any

import numpy as np

from interlith.cell import Cell, loads
from interlith.cell.templates import template_text

LEVELS = 26
SHORT_RAMP = np.linspace(0.05, 1.3, LEVELS)  # mA/cm2: no failure on the way
REAL_RAMP = np.linspace(0.1, 2.6, LEVELS)  # mA/cm2: that of the reference, towards the failure


def ramp_cell(levels_mA_cm2: Any, rtol: float | None = None, **changes: str) -> Cell:
    """Return the template of a critical-current test with a list of levels."""
    template = loads(template_text("ccd")).to_dict()
    test = {
        "currents": [f"{level:.6g} mA/cm2" for level in levels_mA_cm2],
        "areal_capacity": "1.0 mAh/cm2",
        "half_cycles_per_step": 2,
        "voltage_limit": "5 V",
    }
    values = {**template, "protocol": [{"ccd": test}]}
    if rtol is not None:
        values["solver"] = {"rtol": rtol}
    cell = Cell.read(values)
    return cell.changed({name.replace("__", "."): text for name, text in changes.items()})


def varied_ramps(count: int, seed: int = 1) -> list[Cell]:
    """Return variations of the 26-step ramp over everything that a screening would vary."""
    rng = np.random.default_rng(seed)
    base = ramp_cell(REAL_RAMP)
    return [base.changed(_variation(rng)) for _ in range(count)]


def _variation(rng: np.random.Generator) -> dict[str, Any]:
    def around(value: float, factor: float) -> float:
        return float(value * factor ** rng.uniform(-1.0, 1.0))

    return {
        "layers.interlayer.thickness": f"{around(20.0, 3.0):.4g} um",
        "layers.interlayer.porosity": f"{rng.uniform(0.1, 0.5):.4g}",
        "layers.1.properties.ionic_conductivity": f"{around(1e-2, 10.0):.4g} S/m",
        "layers.3.properties.electronic_conductivity": f"{around(1e2, 10.0):.4g} S/m",
        "temperature": f"{rng.uniform(0.0, 80.0):.4g} degC",
        "stack_pressure": f"{around(5.0, 4.0):.4g} MPa",
        "protocol.0.ccd.areal_capacity": f"{around(1.0, 3.0):.4g} mAh/cm2",
    }
