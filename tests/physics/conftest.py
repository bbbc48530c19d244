"""Cells in a state that no test reaches by itself, for the equations of the whole cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

METAL = {"material": "Li", "thickness": "50 um"}
ELECTROLYTE = {"material": "Li6PS5Cl", "thickness": "300 um"}
BASE = {
    "name": "test",
    "temperature": "25 degC",
    "stack_pressure": "2.5 MPa",
    "area": "1 cm^2",
    "protocol": [{"rest": "1 min"}],
}


def interlayer(material: str = "Mg16Bi84", **more: Any) -> dict[str, Any]:
    return {"material": material, "thickness": "20 um", **more}


def read(left: list[Any], right: list[Any], **more: Any) -> Any:
    from interlith.cell.cell import Cell

    layers = [METAL, *left, ELECTROLYTE, *right, METAL]
    return Cell.read({**BASE, "layers": layers, **more})


CELLS = {
    "bare": lambda: read([], []),
    "interlayers": lambda: read([interlayer()], [interlayer()]),
    "one side, two layers": lambda: read([], [interlayer("Bi"), interlayer(state="pristine")]),
    "fixture": lambda: read([interlayer()], [interlayer()], fixture_stiffness="0.2 MPa/um"),
}


@dataclass
class Equations:
    """Assembled equations of a cell and a source of random states."""

    parameters: Any
    laws: tuple[Any, ...]
    start: np.ndarray

    def system(self, mode: float, value: float) -> tuple[Any, ...]:
        control = np.full(7, np.nan)
        control[:2] = mode, value
        control[6] = 0.0
        return self.parameters, self.laws, control

    def random_state(self, seed: int, filament: float = 0.3) -> np.ndarray:
        """A state with voids, half-filled pores, overpotentials of some mV and filaments."""
        rng = np.random.default_rng(seed)
        y = self.start.copy()
        offset = 0
        for p in (self.parameters.left, self.parameters.right):
            n = len(p.nodes)
            y[offset] *= rng.uniform(1.0, 2.0)
            y[offset + 1] *= rng.uniform(0.5, 1.0)
            y[offset + 2] = p.void_scale * rng.uniform(0.1, 1.5)
            y[offset + 3] = rng.uniform(-0.02, 0.02)
            for node in range(n):
                base = offset + 4 + 3 * node
                y[base] = rng.uniform(0.2, 0.8)
                y[base + 1] = rng.uniform(0.5, 0.95)
                y[base + 2] = rng.uniform(-0.02, 0.02)
            y[offset + 4 + 3 * n] = filament * rng.uniform(0.2, 1.0)
            offset += 5 + 3 * n
        return y


@pytest.fixture(scope="session")
def equations() -> Any:
    """Maker of assembled equations, by the name of a cell and optional law names."""

    def make(name: str, **models: str) -> Equations:
        from interlith.simulation import assemble

        cell = CELLS[name]()
        if models:
            cell = cell.model_copy(update={"models": models})
        assembly = assemble(cell, nodes=6)
        return Equations(assembly.parameters, assembly.laws, assembly.start)

    return make
