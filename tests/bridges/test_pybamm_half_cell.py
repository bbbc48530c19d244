"""PyBaMM's own half cell and the lean model are the same cell: two implementations, one voltage."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from interlith.bridges import (
    Mesh,
    Trace,
    half_cell_simulation,
    simulate_half_cell,
    trace_of,
)

pytest.importorskip("pybamm")

ONE_C = 40.0
FINE = Mesh(40, 80)
TIGHT = (1e-8, 1e-10)


def run(cell: Any, rate: float, model: str, mesh: Mesh = FINE) -> Trace:
    if rate < 0.0:
        cell = replace(cell, start_stoichiometry=0.85)
    return simulate_half_cell(
        cell,
        rate * ONE_C,
        2.8 if rate > 0.0 else 4.3,
        model,
        mesh,
        TIGHT,  # type: ignore[arg-type]
    )


def difference(one: Trace, other: Trace) -> np.ndarray:
    """Of the voltages at equal capacity, short of the last percent, where they are vertical [V]."""
    size = min(abs(one.capacity[-1]), abs(other.capacity[-1]))
    at = np.linspace(0.0, 0.99 * size, 500)
    first, second = (np.interp(at, abs(t.capacity), t.voltage) for t in (one, other))
    return first - second


def root_mean_square(values: np.ndarray) -> float:
    return float(np.sqrt(np.mean(values**2)))


@pytest.mark.parametrize("rate", [0.1, 1.0, 2.0, -0.1, -1.0])
def test_both_models_agree(nmc811: Any, rate: float) -> None:
    lean, own = (run(nmc811, rate, model) for model in ("single ion", "DFN"))
    # PyBaMM's own model rounds off the exchange current of nearly full particles; ours levels it.
    assert root_mean_square(difference(lean, own)) < 5e-4
    assert lean.capacity[-1] == pytest.approx(own.capacity[-1], rel=1e-3)


def test_both_models_agree_without_a_film_and_with_changing_diffusivity(nmc811: Any) -> None:
    cell = replace(nmc811, film_resistance=0.0, diffusivity=lambda x: 8e-15 * (1.0 - 0.7 * x))
    lean, own = (run(cell, 1.0, model) for model in ("single ion", "DFN"))
    assert root_mean_square(difference(lean, own)) < 5e-5


def test_the_lean_model_converges_with_second_order(nmc811: Any) -> None:
    reference = run(nmc811, 2.0, "single ion", Mesh(80, 80))
    errors = [
        root_mean_square(difference(run(nmc811, 2.0, "single ion", Mesh(n, n)), reference))
        for n in (5, 10, 20)
    ]
    orders = np.log2(np.array(errors[:-1]) / np.array(errors[1:]))
    assert np.all(orders > 1.6)


def test_the_lean_model_is_lean(nmc811: Any) -> None:
    lean, own = (run(nmc811, 1.0, model, Mesh(20, 20)) for model in ("single ion", "DFN"))
    # One unknown of the reaction a volume, and two integrals of the current.
    assert lean.states == 20 * 20 + 20 + 2
    assert own.states > lean.states


def test_a_slow_discharge_follows_the_open_circuit_potential(nmc811: Any) -> None:
    trace = run(nmc811, 1e-3, "single ion", Mesh(5, 10))
    x = 0.27 + trace.capacity / nmc811.areal_capacity
    inside = x < 0.9
    expected = nmc811.open_circuit_potential(x[inside])
    assert trace.voltage[inside] == pytest.approx(expected, abs=1e-3)


def test_the_separator_costs_its_resistance_times_the_current(nmc811: Any) -> None:
    more = replace(nmc811, separator_resistance=nmc811.separator_resistance + 1e-3)
    for model in ("single ion", "DFN"):
        lost = difference(run(nmc811, 1.0, model), run(more, 1.0, model))
        assert lost[:400] == pytest.approx(ONE_C * 1e-3, abs=2e-5)


def test_contact_acts_like_less_surface(nmc811: Any) -> None:
    # Half the contact with half the film and twice the exchange current is the same reaction.
    def half(x: Any) -> Any:
        return 2.0 * nmc811.exchange_current_density(x)

    other = replace(
        nmc811,
        contact_fraction=0.4,
        exchange_current_density=half,
        film_resistance=nmc811.film_resistance / 2.0,
    )
    assert (
        root_mean_square(difference(run(nmc811, 1.0, "single ion"), run(other, 1.0, "single ion")))
        < 1e-6
    )


def test_a_function_that_is_no_formula_is_tabulated(nmc811: Any) -> None:
    points = np.linspace(0.0, 1.0, 2001)
    values = nmc811.open_circuit_potential(points)
    table = replace(
        nmc811, open_circuit_potential=lambda x: np.interp(float_array(x), points, values)
    )
    for model in ("single ion", "DFN"):
        assert root_mean_square(difference(run(nmc811, 1.0, model), run(table, 1.0, model))) < 2e-5


def float_array(values: Any) -> np.ndarray:
    """Refuses PyBaMM's symbols, as a compiled function would."""
    if not isinstance(values, float | np.ndarray):
        raise TypeError(type(values))
    return np.asarray(values)


def test_both_models_run_an_experiment(nmc811: Any) -> None:
    cycle = (
        "Discharge at 1C until 2.8 V",
        "Rest for 10 minutes",
        "Charge at C/2 until 4.25 V",
        "Hold at 4.25 V until C/20",
    )
    traces = [
        trace_of(
            half_cell_simulation(
                nmc811,
                model,
                (2.0, 4.5),
                ONE_C,
                FINE,
                [cycle] * 2,
                TIGHT,  # type: ignore[arg-type]
            ).solve(calc_esoh=False),
            nmc811,
        )
        for model in ("single ion", "DFN")
    ]
    ends = np.array([(trace.time[-1], trace.capacity[-1]) for trace in traces])
    assert ends[0] == pytest.approx(ends[1], rel=5e-4)
    assert traces[0].voltage[-1] == pytest.approx(4.25, abs=1e-6)
