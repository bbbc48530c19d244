"""PyBaMM's parameter sets become half cells, and say what they lost."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from interlith.bridges import from_pybamm, simulate_half_cell
from interlith.errors import InputError

pybamm = pytest.importorskip("pybamm")


def test_the_open_circuit_potential_of_chen_is_what_the_paper_prints(nmc811: Any) -> None:
    carried = from_pybamm("Chen2020").half_cell
    x = np.linspace(0.2, 0.9, 8)
    printed = nmc811.open_circuit_potential(x)
    assert carried.open_circuit_potential(x) == pytest.approx(printed, rel=1e-12)
    assert isinstance(carried.open_circuit_potential(0.5), float)


def test_effective_conductivities_carry_the_bruggeman_factor() -> None:
    values = pybamm.ParameterValues("Chen2020")
    carried = from_pybamm(values).half_cell
    porosity = values["Positive electrode porosity"]
    bulk = values["Electrolyte conductivity [S.m-1]"](pybamm.Scalar(1000.0), 298.15).evaluate()
    assert carried.ionic_conductivity == pytest.approx(bulk * porosity**1.5, rel=1e-12)


def test_what_is_left_behind_is_listed() -> None:
    left = from_pybamm("Chen2020").left_behind
    assert any(line.startswith("Cation transference number:") for line in left)


@pytest.mark.parametrize("name", ["Chen2020", "Mohtat2020", "Ecker2015", "Ai2020", "Marquis2019"])
def test_every_set_can_be_discharged(name: str) -> None:
    cell = from_pybamm(name).half_cell
    # Not every published curve falls as low as its cell's cut-off before the particles are full.
    cutoff = pybamm.ParameterValues(name)["Lower voltage cut-off [V]"]
    lowest = max(cutoff, cell.open_circuit_potential(0.99))
    trace = simulate_half_cell(cell, cell.areal_capacity / 3600.0, lowest)
    assert trace.voltage[-1] == pytest.approx(lowest, abs=1e-3)


def test_a_set_without_a_number_names_it() -> None:
    values = dict(pybamm.ParameterValues("Chen2020"))
    del values["Positive particle radius [m]"]
    with pytest.raises(InputError, match=r"Positive particle radius \[m\]: missing"):
        from_pybamm(values)
