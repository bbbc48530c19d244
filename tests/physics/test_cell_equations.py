"""The equations of the whole cell: exact derivatives, exact conservation, exact control."""

from __future__ import annotations

import numpy as np
import pytest

from interlith.physics.electrode import LOWER_DIAGONALS, UPPER_DIAGONALS, lithium_content
from interlith.physics.electrode import state_count as count_states
from interlith.physics.parameters import CONTROL_CURRENT, CONTROL_POWER, CONTROL_VOLTAGE
from interlith.physics.symmetric_cell import (
    FILAMENT_MATTERS,
    SHARED,
    operate,
    stack_pressure,
)
from interlith.simulation import kernel

CELLS = ["bare", "interlayers", "one side, two layers", "fixture"]
CONTROLS = {
    "plating": (CONTROL_CURRENT, 8.0),
    "stripping": (CONTROL_CURRENT, -8.0),
    "rest": (CONTROL_CURRENT, 0.0),
    "voltage": (CONTROL_VOLTAGE, 0.05),
    "power": (CONTROL_POWER, 0.5),
}


def rates(system, y):
    dy = np.empty_like(y)
    kernel.rates(system, y, dy)
    return dy


def analytic_jacobian(system, y):
    """The dense matrix that the band and its border stand for."""
    n = len(y)
    band = np.zeros((n, LOWER_DIAGONALS + UPPER_DIAGONALS + 1))
    columns, rows = np.zeros((SHARED, n)), np.zeros((SHARED, n))
    coupling = np.zeros((SHARED, SHARED))
    kernel.jacobian(system, y.copy(), band, columns, rows, coupling)
    dense = columns.T @ np.linalg.solve(np.eye(SHARED) - coupling, rows)
    for i in range(n):
        for j in range(max(0, i - LOWER_DIAGONALS), min(n, i + UPPER_DIAGONALS + 1)):
            dense[i, j] += band[i, j - i + LOWER_DIAGONALS]
    return dense


def steps_of(equations, y):
    """A step of the difference quotient for each state, small against its scale."""
    steps = np.full(len(y), 1e-6)
    offset = 0
    for p in (equations.parameters.left, equations.parameters.right):
        steps[offset] = 1e-5 * p.sei_initial
        steps[offset + 1] = 1e-2
        steps[offset + 2] = 1e-5 * p.void_scale
        offset += count_states(p)
    steps[-1] = 1.0
    return steps


def numeric_jacobian(system, y, steps):
    """Central differences of order 4."""
    dense = np.empty((len(y), len(y)))
    for j, step in enumerate(steps):
        total = np.zeros(len(y))
        for shift, weight in ((-2, 1 / 12), (-1, -2 / 3), (1, 2 / 3), (2, -1 / 12)):
            moved = y.copy()
            moved[j] += shift * step
            total += weight * rates(system, moved)
        dense[:, j] = total / step
    return dense


def worst_entry(equations, system, y):
    """Largest difference of both Jacobians over its tolerance, and the place of it.

    Each row is scaled by its largest change by a usual step in a state. The tolerance is 1e-5; in
    the rows of filaments it is 3e-4 of what matters there, since the solver takes those
    derivatives by difference quotients of a law that is the user's, and it leaves out filaments
    that draw a negligible share of the current.
    """
    steps = steps_of(equations, y)
    found, wanted = analytic_jacobian(system, y), numeric_jacobian(system, y, steps)
    # One unit of each state is what an integrator takes for large.
    unit = np.maximum(np.abs(y), 1e4 * steps)
    effect = (np.abs(wanted) * unit).max(axis=1)
    tolerance = np.full(len(y), 1e-5)
    right = count_states(equations.parameters.left)
    pressure = stack_pressure(equations.parameters, y)
    ionic = operate(equations.parameters, equations.laws, system[2], y, pressure).ionic_current
    drawn = rates(system, y)
    for row, p in (
        (right - 1, equations.parameters.left),
        (len(y) - 2, equations.parameters.right),
    ):
        effect[row], tolerance[row] = max(effect[row], 1e-7), 3e-4
        if abs(drawn[row] * p.filament_charge) <= FILAMENT_MATTERS * abs(ionic):
            effect[row] = np.inf
    effect[-1] = np.inf  # the throughput is the integral of |current|: nothing depends on it
    ratio = np.abs(found - wanted) * unit / (np.maximum(effect, 1e-300) * tolerance)[:, None]
    row, column = np.unravel_index(ratio.argmax(), ratio.shape)
    return ratio[row, column], f"d(rate {row})/d(state {column})"


@pytest.mark.parametrize("control", CONTROLS)
@pytest.mark.parametrize("name", CELLS)
def test_jacobian_matches_difference_quotients(equations, name, control):
    cell = equations(name)
    system = cell.system(*CONTROLS[control])
    for seed in range(3):
        y = cell.random_state(seed)
        ratio, place = worst_entry(cell, system, y)
        assert ratio < 1.0, f"{place}, seed {seed}"


@pytest.mark.parametrize("control", ["plating", "voltage", "rest"])
@pytest.mark.parametrize("name", ["bare", "interlayers", "fixture"])
def test_jacobian_with_a_short(equations, name, control):
    cell = equations(name)
    system = cell.system(*CONTROLS[control])
    y = cell.random_state(4, filament=0.3)
    y[-2] = 1.08
    ratio, place = worst_entry(cell, system, y)
    assert ratio < 1.0, place


@pytest.mark.parametrize("control", CONTROLS)
@pytest.mark.parametrize("name", CELLS)
def test_lithium_moves_at_the_rate_of_the_current_exactly(equations, name, control):
    """lithium_content is linear, so that the content of the rates is the rate of the content."""
    cell = equations(name)
    system = cell.system(*CONTROLS[control])
    for seed in range(5):
        y = cell.random_state(seed)
        pressure = stack_pressure(cell.parameters, y)
        ionic = operate(cell.parameters, cell.laws, system[2], y, pressure).ionic_current
        dy = rates(system, y)
        offset = 0
        for p in (cell.parameters.left, cell.parameters.right):
            found = lithium_content(p, dy, offset)
            parts = np.abs(dy[offset + 1]) + abs(p.face_capacitance * dy[offset + 3]) + abs(ionic)
            for node in range(len(p.nodes)):
                base = offset + 4 + 3 * node
                here = p.nodes[node]
                turnover = (
                    abs(here["pore_charge"] * dy[base])
                    + abs(here["host_charge"] * dy[base + 1])
                    + abs(here["capacitance"] * dy[base + 2])
                )
                parts += here["width"] * turnover
            assert abs(found - p.sign * ionic) < 1e-13 * parts
            offset += count_states(p)


def test_conservation_test_can_fail(equations):
    """A metal rate that is off by 1e-6 is seen."""
    cell = equations("interlayers")
    system = cell.system(CONTROL_CURRENT, 8.0)
    y = cell.random_state(0)
    dy = rates(system, y)
    dy[1] *= 1.0 + 1e-6
    assert abs(lithium_content(cell.parameters.left, dy, 0) + 8.0) > 1e-7


@pytest.mark.parametrize("name", CELLS)
def test_controls_hold_what_they_say(equations, name):
    cell = equations(name)
    for filament in (0.3, 1.05):
        y = cell.random_state(1)
        y[-2] = filament

        def at(mode, value, y=y):
            system = cell.system(mode, value)
            pressure = stack_pressure(cell.parameters, y)
            return operate(cell.parameters, cell.laws, system[2], y, pressure)

        for value in (5.0, -5.0, 0.0):
            held = at(CONTROL_CURRENT, value)
            assert held.current == value
            through = held.ionic_current + held.conductance * held.voltage
            assert through == pytest.approx(value, abs=1e-10)
            back = at(CONTROL_VOLTAGE, held.voltage)
            assert back.current == pytest.approx(value, abs=1e-8)
        for value in (0.3, -0.3):
            held = at(CONTROL_POWER, value)
            power = held.voltage * held.current
            assert power == pytest.approx(abs(value), rel=1e-9)
            assert np.sign(held.voltage) == np.sign(value)


def test_pressure_rises_with_the_stack_and_never_turns_negative(equations):
    cell = equations("fixture")
    y = cell.start.copy()
    rest = stack_pressure(cell.parameters, y)
    p = cell.parameters.left
    y[1] += 1e-6 * p.charge_per_volume
    rise = stack_pressure(cell.parameters, y) - rest
    assert rise == pytest.approx(0.2e6, rel=1e-6), "1 um of lithium at 0.2 MPa/um"
    y[1] = 0.0
    assert stack_pressure(cell.parameters, y) == 0.0


def test_lithium_in_pores_takes_no_height_and_voids_keep_it(equations):
    cell = equations("fixture")
    y = cell.start.copy()
    rest = stack_pressure(cell.parameters, y)
    y[4] += 0.5
    assert stack_pressure(cell.parameters, y) == rest
    y[1] -= 100.0
    y[2] += 100.0
    assert stack_pressure(cell.parameters, y) == pytest.approx(rest, rel=1e-12)


def test_a_rested_cell_stays_at_rest(equations):
    """Without current only the interphase grows; formed pores keep what they hold, nearly."""
    cell = equations("bare")
    dy = rates(cell.system(CONTROL_CURRENT, 0.0), cell.start)
    assert dy[2] == dy[3] == dy[4] == dy[-1] == 0.0
    assert dy[0] >= 0.0


def test_events_count_their_limits(equations):
    cell = equations("bare")
    system = cell.system(CONTROL_CURRENT, 5.0)
    control, values = system[2], np.empty(8)
    kernel.events(system, cell.start, values)
    assert (values == -1.0).all(), "no limit was set"
    control[2:6] = 0.1, -0.1, 50.0, 1.0
    control[6] = 1.0
    y = cell.random_state(2)
    kernel.events(system, y, values)
    voltage = operate(cell.parameters, cell.laws, control, y, 2.5e6).voltage
    longest = max(y[4], y[-2])
    assert values[:5] == pytest.approx(
        [longest - 1.0, voltage - 0.1, -0.1 - voltage, -1.0, 1.0 - 5.0]
    )
