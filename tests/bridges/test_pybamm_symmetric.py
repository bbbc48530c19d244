"""The symmetric cell in PyBaMM is the one of `simulate`: two implementations of docs/model.md."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import interlith as il
from interlith.errors import InputError
from interlith.physics.registry import FUNCTIONS, LAWS, register_law
from interlith.simulation import simulate_symmetric

pybamm = pytest.importorskip("pybamm")

LI = {"material": "Li", "thickness": "100 um"}
LAYER = {"material": "Mg16Bi84", "thickness": "20 um"}
CARBON = {"material": "Ag-C", "thickness": "5 um"}
PRISTINE = {**LAYER, "state": "pristine", "properties": {"pristine_ionic_conductivity": "0.1 S/m"}}
CYCLES = [{"cycling": {"current": "0.5 mA/cm2", "areal_capacity": "0.5 mAh/cm2", "cycles": 2}}]
SETTLING = 20.0
"""Seconds after a change of current in which samples of a jump are not comparable."""


def cell(
    left: list[Any] | None = None, right: list[Any] | None = None, protocol: Any = None, **more: Any
) -> Any:
    """A cell with these layers between metal and electrolyte."""
    return il.Cell.read(
        {
            "name": "test",
            "temperature": "25 degC",
            "stack_pressure": "2.5 MPa",
            "area": "1 cm^2",
            "solver": {"rtol": 1e-7},
            "layers": [
                LI,
                *([LAYER] if left is None else left),
                {"material": "Li6PS5Cl", "thickness": "600 um"},
                *([LAYER] if right is None else right),
                LI,
            ],
            "protocol": CYCLES if protocol is None else protocol,
            **more,
        }
    )


class Both:
    """One cell, run by both programs with as many control volumes, at the same times."""

    def __init__(self, asked: Any, nodes: int = 12) -> None:
        self.ours = simulate_symmetric(asked, nodes=nodes)
        self.solution = il.bridges.to_pybamm(asked).simulation(nodes=nodes).solve(calc_esoh=False)
        self.steps = [c.steps[0].t[-1] for c in self.solution.cycles if c is not None]
        self.time = self.solution["Time [s]"].entries
        end = min(self.time[-1], float(self.ours.dataset.time[-1]))
        at = np.linspace(0.0, end, 2001)[1:-1]
        away = [np.abs(at - step) > SETTLING for step in (0.0, *self.steps)]
        self.at = at[np.all(away, axis=0)]

    def mine(self, name: str) -> np.ndarray:
        return self._at(self.ours.dataset.time.values, self.ours.dataset[name])

    def left(self, name: str) -> np.ndarray:
        values = self.ours.dataset[name].sel(electrode="left")
        return self._at(self.ours.dataset.time.values, values)

    def theirs(self, name: str) -> np.ndarray:
        return self._at(self.time, self.solution[name].entries)

    def _at(self, time: Any, values: Any) -> np.ndarray:
        return np.interp(self.at, time, np.asarray(values))

    @property
    def largest_difference(self) -> float:
        """Of the voltages [V]."""
        return float(np.max(np.abs(self.mine("voltage") - self.theirs("Driving voltage [V]"))))


@pytest.fixture(scope="module")
def cycled() -> Both:
    return Both(cell())


def test_voltages_agree(cycled: Both) -> None:
    assert np.ptp(cycled.mine("voltage")) > 0.04
    assert cycled.largest_difference < 5e-5


def test_states_agree(cycled: Both) -> None:
    names = {
        "contact_fraction": "Left contact fraction",
        "void_capacity": "Left void capacity [C.m-2]",
        "sei_thickness": "Left SEI thickness [m]",
        "interphase_overpotential": "Left interphase overpotential [V]",
        "metal_lithium": "Left metal lithium [C.m-2]",
        "total_lithium": "Left total lithium [C.m-2]",
    }
    for ours, theirs in names.items():
        expected = cycled.left(ours)
        size = np.max(np.abs(expected))
        assert cycled.theirs(theirs) == pytest.approx(expected, abs=3e-3 * size), ours
    grown = np.ptp(cycled.left("sei_thickness"))
    assert np.ptp(cycled.theirs("Left SEI thickness [m]")) == pytest.approx(grown, rel=1e-4)


def test_pybamm_conserves_lithium(cycled: Both) -> None:
    lithium = cycled.solution["Total lithium [C.m-2]"].entries
    assert np.ptp(lithium) < 1e-12 * lithium[0]


def test_its_voltage_has_the_sign_of_a_cell_that_is_driven(cycled: Both) -> None:
    voltage = cycled.solution["Voltage [V]"].entries
    assert voltage == pytest.approx(-cycled.solution["Driving voltage [V]"].entries)
    first = cycled.at < cycled.steps[0]
    assert np.all(cycled.theirs("Current [A]")[first] > 0.0)
    assert np.all(cycled.theirs("Power [W]")[first] < 0.0)


def test_finer_grids_close_the_gap(cycled: Both) -> None:
    assert Both(cell(), nodes=36).largest_difference < 0.2 * cycled.largest_difference


@pytest.mark.parametrize(
    ("nodes", "bound", "asked"),
    [
        (12, 5e-5, cell(fixture_stiffness="0.2 MPa/um")),
        # Both grids err by some 0.5 mV where lithium plates at the seam of two layers.
        (24, 1e-3, cell([LAYER, CARBON], [CARBON])),
        (12, 1e-9, cell(protocol=["Hold at 20 mV for 1 hour", "Hold at -10 mV for 1 hour"])),
    ],
    ids=["stiff fixture", "two interlayers", "held voltage"],
)
def test_other_cells_agree(nodes: int, bound: float, asked: Any) -> None:
    both = Both(asked, nodes)
    assert both.largest_difference < bound
    charge = both.solution["Throughput capacity [A.h]"].entries * 3.6e7
    assert charge[-1] == pytest.approx(float(both.ours.dataset.areal_charge[-1]), rel=1e-3)


HARD = [{"cycling": {"current": "0.4 mA/cm2", "areal_capacity": "0.5 mAh/cm2", "cycles": 1}}]


@pytest.fixture(scope="module")
def usual() -> Any:
    return il.simulate(cell([], [], HARD)).dataset.sel(electrode="left")


@pytest.mark.parametrize(
    ("slot", "name", "ours", "theirs"),
    [
        ("contact_law", "linear", "contact_fraction", "Left contact fraction"),
        ("void_model", "reversible", "void_capacity", "Left void capacity [C.m-2]"),
        ("replenishment_law", "diffusion_only", "void_capacity", "Left void capacity [C.m-2]"),
        ("sei_growth_law", "none", "sei_thickness", "Left SEI thickness [m]"),
        ("filament_law", "transport_limited", "filament_fraction", "Left filament fraction"),
    ],
)
def test_every_law_has_its_twin(usual: Any, slot: str, name: str, ours: str, theirs: str) -> None:
    both = Both(cell([], [], HARD, models={slot: name}))
    expected = both.left(ours)
    inside = both.at < float(usual.time[-1])
    otherwise = np.interp(both.at, usual.time, usual[ours])
    matters = np.max(np.abs(otherwise - expected)[inside])
    assert matters > 0.0
    assert np.max(np.abs(both.theirs(theirs) - expected)) < 0.05 * matters


@pytest.mark.parametrize(
    ("left", "right"), [([], []), ([LAYER], [PRISTINE])], ids=["bare", "pristine"]
)
def test_both_short_at_the_same_time(left: list[Any], right: list[Any]) -> None:
    both = Both(cell(left, right))
    filaments = both.ours.dataset.filament_fraction.values.max(axis=1)
    spans = both.ours.dataset.time.values[int(np.argmax(filaments >= 1.0))]
    assert both.ours.status == "stopped"
    assert both.solution.termination == "event: Short"
    assert both.time[-1] == pytest.approx(spans, rel=1e-4)
    early = both.at < 0.95 * spans
    difference = both.mine("voltage") - both.theirs("Driving voltage [V]")
    assert np.max(np.abs(difference[early])) < 1e-3


def test_a_short_that_may_go_on_takes_current_from_the_ions() -> None:
    from interlith.bridges.pybamm_cell import symmetric_parameters
    from interlith.bridges.pybamm_symmetric import SymmetricCell

    simulation = pybamm.Simulation(
        SymmetricCell((0, 0), stop_at_short=False),
        parameter_values=pybamm.ParameterValues(symmetric_parameters(cell([], []))),
        experiment=pybamm.Experiment(
            ["Discharge at 0.5 mA for 1 hour", "Charge at 0.5 mA for 16 minutes"]
        ),
    )
    solution = simulation.solve(calc_esoh=False)
    ionic, density, driving, conductance = (
        solution[name].entries
        for name in (
            "Ionic current density [A.m-2]",
            "Current density [A.m-2]",
            "Driving voltage [V]",
            "Short conductance [S.m-2]",
        )
    )
    assert conductance[-1] > 1e-3
    assert ionic + conductance * driving == pytest.approx(density, abs=1e-5)


def test_the_entry_points_give_model_and_numbers() -> None:
    model = pybamm.Model("interlith symmetric")
    values = pybamm.ParameterValues("interlith CCD")
    simulation = pybamm.Simulation(
        model,
        parameter_values=values,
        experiment=pybamm.Experiment([("Discharge at C/5 for 1 hour", "Charge at C/5 for 1 hour")]),
    )
    solution = simulation.solve(calc_esoh=False)
    # 1C of a cell without a capacity is 1 mA/cm2.
    density = solution["Current density [A.m-2]"].entries
    assert density[1] == pytest.approx(2.0)
    assert density[-1] == pytest.approx(-2.0)
    assert len(solution.summary_variables["Left contact fraction"]) == 1


def test_the_half_cell_is_an_entry_point_too() -> None:
    model = pybamm.Model("interlith half cell")
    solution = pybamm.Simulation(model).solve([0.0, 600.0])
    assert 3.0 < solution["Voltage [V]"].entries[-1] < 4.4


def test_a_law_of_the_user_is_refused_by_name() -> None:
    register_law("contact_law", "of the user", FUNCTIONS["contact_law"]["linear"])
    try:
        with pytest.raises(InputError, match=r"models\.contact_law: got 'of the user'"):
            il.bridges.to_pybamm(cell(models={"contact_law": "of the user"}))
    finally:
        del FUNCTIONS["contact_law"]["of the user"], LAWS["contact_law"]["of the user"]
