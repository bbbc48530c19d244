"""The equations of the whole cell: exact derivatives, exact conservation, exact control."""

from __future__ import annotations

import numpy as np
import pytest

from interlith.numerics.banded import ABOVE, BELOW, WIDTH
from interlith.numerics.linked import LINKS
from interlith.numerics.rodas import EVENTS
from interlith.physics.coupling import FILAMENT_MATTERS
from interlith.physics.electrode import (
    filament_current,
    inventory_left,
    inventory_slope,
    lithium_content,
    plating_behind_mouths,
)
from interlith.physics.electrode import state_count as count_states
from interlith.physics.parameters import CONTROL_CURRENT, CONTROL_POWER, CONTROL_VOLTAGE
from interlith.physics.symmetric_cell import (
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
    band = np.zeros((n, WIDTH))
    columns, rows = np.zeros((SHARED, n)), np.zeros((SHARED, n))
    coupling = np.zeros((SHARED, SHARED))
    kernel.jacobian(system, y.copy(), band, np.zeros((LINKS, n)), columns, rows, coupling)
    dense = columns.T @ np.linalg.solve(np.eye(SHARED) - coupling, rows)
    for i in range(n):
        for j in range(max(0, i - BELOW), min(n, i + ABOVE + 1)):
            dense[i, j] += band[i, j - i + BELOW]
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
        # A filament that has all but vanished changes its law within its own length.
        steps[offset - 1] = min(1e-6, 0.05 * y[offset - 1])
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
    derivatives by difference quotients of a law that is the user's. Of filaments that draw a
    negligible share of the current it keeps the derivative with respect to their own length only.
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
    error = np.abs(found - wanted)
    for row, p in (
        (right - 1, equations.parameters.left),
        (len(y) - 2, equations.parameters.right),
    ):
        effect[row], tolerance[row] = max(effect[row], 1e-7), 3e-4
        if abs(drawn[row] * p.filament_charge) <= FILAMENT_MATTERS * abs(ionic):
            effect[row] = max(abs(wanted[row, row]) * unit[row], 1e-9 * unit[row])
            error[row, np.arange(len(y)) != row] = 0.0
    effect[-1] = np.inf  # the throughput is the integral of |current|: nothing depends on it
    ratio = error * unit / (np.maximum(effect, 1e-300) * tolerance)[:, None]
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


FILAMENTS = {
    "both tiny": (1e-9, 1e-9),
    "left spans": (1.0005, 1e-9),
    "both span": (1.0002, 1.0005),
}


@pytest.mark.parametrize("control", CONTROLS)
@pytest.mark.parametrize("name", ["bare", "interlayers", "fixture"])
@pytest.mark.parametrize("filaments", FILAMENTS)
def test_jacobian_with_filaments_at_their_turning_points(equations, filaments, name, control):
    """All but vanished, and where the barrier goes and the spot of a short begins to widen."""
    cell = equations(name)
    system = cell.system(*CONTROLS[control])
    y = cell.random_state(0)
    y[count_states(cell.parameters.left) - 1], y[-2] = FILAMENTS[filaments]
    ratio, place = worst_entry(cell, system, y)
    assert ratio < 1.0, place


@pytest.mark.parametrize("control", CONTROLS)
@pytest.mark.parametrize("name", ["bare", "interlayers", "fixture"])
@pytest.mark.parametrize("metal", [1.0, -0.5])
def test_jacobian_with_an_exhausted_metal(equations, metal, name, control):
    """Both faces, with next to no metal and with an overdrawn one."""
    cell = equations(name)
    system = cell.system(*CONTROLS[control])
    y = cell.random_state(0)
    y[1] = y[count_states(cell.parameters.left) + 1] = metal
    ratio, place = worst_entry(cell, system, y)
    assert ratio < 1.0, place


def test_jacobian_tests_can_fail(equations, monkeypatch):
    """A vanishing filament that does not relax, or a metal that is not missed, is seen."""
    cell = equations("bare")
    system = cell.system(CONTROL_CURRENT, -8.0)
    kept = analytic_jacobian
    right = len(y := cell.random_state(0)) - 2
    y[right] = 1e-9
    y[6] = 1.0
    assert worst_entry(cell, system, y)[0] < 1.0
    for row, column in ((right, right), (8, 6)):

        def without(system, y, row=row, column=column):
            dense = kept(system, y)
            dense[row, column] = 0.0
            return dense

        monkeypatch.setattr(f"{__name__}.analytic_jacobian", without)
        ratio, place = worst_entry(cell, system, y)
        assert ratio > 100.0
        assert place == f"d(rate {row})/d(state {column})"


@pytest.mark.parametrize("control", ["stripping", "plating"])
def test_jacobian_keeps_the_relaxation_of_a_vanishing_filament(equations, control):
    """Healing fades out as l / (l + 1e-3): its rate over its length is d(rate)/d(length)."""
    cell = equations("interlayers")
    system = cell.system(*CONTROLS[control])
    y = cell.random_state(0)
    left = count_states(cell.parameters.left) - 1
    # Each metal is stripped in one of both directions.
    stripped, p = (
        (left, cell.parameters.left)
        if control == "plating"
        else (len(y) - 2, cell.parameters.right)
    )
    y[stripped - 1] = 0.01
    y[stripped] = 1e-9
    rate = rates(system, y)[stripped]
    assert -FILAMENT_MATTERS * 8.0 < rate * p.filament_charge < 0.0
    found = analytic_jacobian(system, y)[stripped, stripped]
    assert found == pytest.approx(rate / 1e-9, rel=3e-4)
    assert found < -1e-3, "it would take an hour"


@pytest.mark.parametrize("name", CELLS)
def test_plating_behind_mouths_is_what_fills_the_outer_pores(equations, name):
    """Deep in plating the pores of the outer half take it all, in stripping nothing counts."""
    cell = equations(name)
    for control, value in ((8.0, -0.02), (8.0, 0.02)):
        y = cell.random_state(0)
        offset = 0
        for p in (cell.parameters.left, cell.parameters.right):
            n = len(p.nodes)
            y[offset + 6 : offset + 4 + 3 * n : 3] = value
            found = plating_behind_mouths(p, y, offset)
            dy = rates(cell.system(CONTROL_CURRENT, control), y)
            filling = dy[offset + 4 : offset + 4 + 3 * n : 3]
            taken = (p.nodes["width"] * p.nodes["pore_charge"] * filling)[n // 2 :]
            if n == 0:
                assert found == 0.0
            elif value < 0.0:
                assert (taken > 0.0).all()
                assert found == pytest.approx(taken.sum(), rel=1e-4)
                # What happens in the inner half is none of its business.
                y[offset + 6 : offset + 4 + 3 * (n // 2) : 3] = 0.5 * value
                assert plating_behind_mouths(p, y, offset) == found
            else:
                assert (taken < 0.0).all()
                assert abs(found) < 1e-4 * abs(taken.sum())
            offset += count_states(p)


def test_rates_count_the_plating_behind_mouths_alike(equations):
    """The rates sum it up as they go, the Jacobian by itself: filaments must see the same."""
    for name in CELLS:
        cell = equations(name)
        system = cell.system(CONTROL_CURRENT, 8.0)
        y = cell.random_state(2)
        pressure = stack_pressure(cell.parameters, y)
        dy = rates(system, y)
        offset = count_states(cell.parameters.left)
        p = cell.parameters.right
        if len(p.nodes):
            y[offset + 6 : offset + 4 + 3 * len(p.nodes) : 3] = -0.03
            dy = rates(system, y)
        mouths = plating_behind_mouths(p, y, offset)
        wanted = filament_current(p, cell.laws, y, offset, 8.0, pressure, mouths)
        assert dy[-2] * p.filament_charge == pytest.approx(wanted, rel=1e-12)
        if len(p.nodes):
            without = filament_current(p, cell.laws, y, offset, 8.0, pressure, 0.0)
            assert abs(without) < 0.999 * abs(wanted), "mouths do not matter here"


def test_inventory_by_hand(equations):
    """Half of the kinetics is left at the exhaustion scale; odd beyond the end; smooth."""
    p = equations("bare").parameters.left
    assert inventory_left(p, p.exhaustion) == pytest.approx(0.5)
    assert inventory_left(p, 0.0) == 0.0
    assert inventory_left(p, 1e9) == pytest.approx(1.0)
    for metal in (-30.0, -1e-3, 0.0, 1.0, 40.0):
        assert inventory_left(p, -metal) == -inventory_left(p, metal)
        above, below = inventory_left(p, metal + 1e-4), inventory_left(p, metal - 1e-4)
        assert inventory_slope(p, metal) == pytest.approx((above - below) / 2e-4, rel=1e-5)


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
    control, values = system[2], np.empty(EVENTS)
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


@pytest.mark.parametrize("value", [0.05, -0.05])
@pytest.mark.parametrize("name", ["bare", "interlayers"])
def test_the_throughput_follows_the_current_at_a_held_voltage(equations, name, value):
    """Its row of the Jacobian has the sign of the current; no short carries any beside it."""
    cell = equations(name)
    system = cell.system(CONTROL_VOLTAGE, value)
    y = cell.random_state(0)
    found = analytic_jacobian(system, y)[-1]
    wanted = numeric_jacobian(system, y, steps_of(cell, y))[-1]
    assert np.abs(wanted).max() > 0.0
    assert found == pytest.approx(wanted, rel=1e-4, abs=1e-4 * np.abs(wanted).max())


def test_cracks_let_the_pattern_of_the_current_through():
    """A whole layer keeps its smoothing, an open one has none, half of each lies between."""
    from interlith.physics.electrode import cracked_smoothing

    assert cracked_smoothing(0.2, 0.0) == 0.2
    assert cracked_smoothing(0.2, 1.0) == 1.0
    assert cracked_smoothing(0.2, 0.5) == pytest.approx(0.6)
