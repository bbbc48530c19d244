"""Half cells and symmetric cells for tests of the bridges; PyBaMM must not report on its use."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import pytest

os.environ["PYBAMM_DISABLE_TELEMETRY"] = "true"


def nmc811_open_circuit_potential(x: Any) -> Any:
    """Chen et al., J. Electrochem. Soc. 167, 080534 (2020), doi:10.1149/1945-7111/ab9050."""
    return (
        -0.8090 * x
        + 4.4875
        - 0.0428 * np.tanh(18.5138 * (x - 0.5542))
        - 17.7326 * np.tanh(15.7890 * (x - 0.3117))
        + 17.5842 * np.tanh(15.9308 * (x - 0.3120))
    )


@pytest.fixture(scope="session")
def nmc811() -> Any:
    """A cathode of NMC811 with every feature of a half cell switched on."""
    from interlith.bridges import HalfCell, square_root_exchange_current

    return HalfCell(
        area=0.785e-4,
        temperature=298.15,
        thickness=75e-6,
        ionic_conductivity=0.05,
        electronic_conductivity=0.5,
        active_fraction=0.5,
        particle_radius=2e-6,
        maximum_concentration=63104.0,
        diffusivity=4e-15,
        open_circuit_potential=nmc811_open_circuit_potential,
        exchange_current_density=square_root_exchange_current(1.0),
        start_stoichiometry=0.27,
        contact_fraction=0.8,
        film_resistance=2e-3,
        separator_resistance=3e-3,
        name="NMC811",
    )
