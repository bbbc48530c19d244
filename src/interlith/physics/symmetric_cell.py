"""Two lithium electrodes that share one current and one stack pressure: the equations to solve.

The shared scalars, in this order, are the stack pressure, the ionic current density and the
current densities that the filaments of the left and of the right electrode take up. Everything
else is local, so that the Jacobian is a band with a border of four (see ``numerics/bordered.py``).

Positive current strips the left electrode and plates the right one; the voltage is the potential
of the left metal minus that of the right one, so that it is positive with the current.
"""

import math

from numba import njit, types

from interlith.physics.coupling import CURRENT, PRESSURE, add_electrode, nudge
from interlith.physics.electrode import (
    ETA,
    FACE,
    LITHIATED,
    THICKNESS,
    VOID,
    electrode_rates,
    node_count,
    node_state,
    series_terms,
    stack_growth,
    state_count,
)
from interlith.physics.filament import short_conductance
from interlith.physics.laws import KERNEL_LAWS
from interlith.physics.operation import MODE, VALUE, Operation, write_events
from interlith.physics.parameters import (
    CELL_TYPE,
    CONTROL_CURRENT,
    CONTROL_VOLTAGE,
    FloatArray,
    SymmetricCellParameters,
)

SHARED = 4
LEFT_FILAMENT, RIGHT_FILAMENT = 2, 3

_array = types.Array(types.float64, 1, "C")
SYSTEM_TYPE = types.Tuple([CELL_TYPE, KERNEL_LAWS, _array])
"""What the compiled equations get: parameters, chosen laws, control array."""


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz", "reassoc"})
def stack_pressure(cell: SymmetricCellParameters, y: FloatArray) -> float:
    """Stack pressure of a fixture that acts as a spring in series with the stack.

    Parameters
    ----------
    cell : SymmetricCellParameters
        The cell.
    y : ndarray
        Its states.

    Returns
    -------
    float
        P = P_0 + K dh [Pa], not below 0.
    """
    if cell.fixture_stiffness == 0.0:
        return cell.stack_pressure
    growth = stack_growth(cell.left, y, 0)
    growth += stack_growth(cell.right, y, state_count(cell.left))
    return max(cell.stack_pressure + cell.fixture_stiffness * growth, 0.0)


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz", "reassoc"})
def operate(
    cell: SymmetricCellParameters,
    laws: tuple,
    control: FloatArray,
    y: FloatArray,
    pressure: float,
) -> Operation:
    r"""Solve the control (current, voltage or power) for the ionic current and the voltage.

    The voltage is linear in the ionic current, V = V_0 + R j_ion, and a short carries g V beside
    it, so that each control has a closed root.

    Parameters
    ----------
    cell : SymmetricCellParameters
        The cell.
    laws : tuple
        The chosen laws.
    control : ndarray
        Control array.
    y : ndarray
        States.
    pressure : float
        Stack pressure [Pa].

    Returns
    -------
    Operation
        Currents and voltage; not finite if the demanded power cannot be had.
    """
    right = state_count(cell.left)
    left_voltage, left_resistance = series_terms(cell.left, laws, y, 0, pressure)
    right_voltage, right_resistance = series_terms(cell.right, laws, y, right, pressure)
    rest = left_voltage - right_voltage
    resistance = left_resistance + right_resistance + cell.electrolyte_resistance
    longest = max(y[right - 1], y[right + state_count(cell.right) - 1])
    conductance = short_conductance(longest, cell.hard_conductance, cell.overlap_of_hard_short)
    if control[MODE] == CONTROL_CURRENT:
        ionic = (control[VALUE] - conductance * rest) / (1.0 + conductance * resistance)
        voltage = rest + resistance * ionic
        return Operation(pressure, ionic, control[VALUE], voltage, conductance)
    if control[MODE] == CONTROL_VOLTAGE:
        voltage = control[VALUE]
    else:
        admittance = 1.0 / resistance + conductance
        half = 0.5 * rest / resistance
        root = math.sqrt(max(half * half + admittance * abs(control[VALUE]), 0.0))
        voltage = (half + (root if control[VALUE] >= 0.0 else -root)) / admittance
    ionic = (voltage - rest) / resistance
    return Operation(pressure, ionic, ionic + conductance * voltage, voltage, conductance)


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz", "reassoc"})
def carried_currents(
    cell: SymmetricCellParameters,
    laws: tuple,
    control: FloatArray,
    y: FloatArray,
    pressure: float,
) -> tuple[float, float, bool]:
    """Ionic and total current density, and whether they depend on the state.

    Parameters
    ----------
    cell : SymmetricCellParameters
        The cell.
    laws : tuple
        The chosen laws.
    control : ndarray
        Control array.
    y : ndarray
        States.
    pressure : float
        Stack pressure [Pa].

    Returns
    -------
    ionic, total, varies : float, float, bool
        As :func:`operate` gives them; a held current without a short needs no voltage, which is
        the usual case and saves a third of the work.
    """
    longest = max(y[state_count(cell.left) - 1], y[-2])
    if control[MODE] == CONTROL_CURRENT and longest <= 1.0:
        return control[VALUE], control[VALUE], False
    operation = operate(cell, laws, control, y, pressure)
    return operation.ionic_current, operation.current, True


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz", "reassoc"})
def cell_rates(system: tuple, y: FloatArray, dy: FloatArray) -> None:
    """Write the rates of change of all states; the last state is the charge throughput.

    Parameters
    ----------
    system : tuple
        Parameters, laws, control.
    y : ndarray
        States of the left electrode, of the right one, and the throughput [C m-2].
    dy : ndarray
        Receives the rates.
    """
    cell, laws, control = system
    pressure = stack_pressure(cell, y)
    ionic, total, _varies = carried_currents(cell, laws, control, y, pressure)
    right = state_count(cell.left)
    for p, offset in ((cell.left, 0), (cell.right, right)):
        current = p.sign * ionic
        electrode_rates(p, laws, y, offset, current, pressure, dy)
    dy[-1] = abs(total)


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz", "reassoc"})
def cell_jacobian(
    system: tuple,
    y: FloatArray,
    band: FloatArray,
    links: FloatArray,
    columns: FloatArray,
    rows: FloatArray,
    coupling: FloatArray,
) -> None:
    """Add the derivatives of the rates, as a band with a border, to zeroed arrays.

    Parameters
    ----------
    system : tuple
        Parameters, laws, control.
    y : ndarray
        States.
    band, columns, rows, coupling : ndarray
        See :mod:`interlith.numerics.bordered`.
    links : ndarray
        Of no use here: the states have no backbone.
    """
    cell, laws, control = system
    pressure = stack_pressure(cell, y)
    ionic, total, varies = carried_currents(cell, laws, control, y, pressure)
    right = state_count(cell.left)
    if control[MODE] != CONTROL_CURRENT:
        # The throughput follows the ionic current; what a short carries beside it changes slowly.
        columns[CURRENT, -1] = 1.0 if total >= 0.0 else -1.0
    if varies:
        _current_row(cell, laws, control, y, pressure, rows[CURRENT], coupling[CURRENT])
    for p, offset, own in ((cell.left, 0, LEFT_FILAMENT), (cell.right, right, RIGHT_FILAMENT)):
        add_electrode(
            p,
            laws,
            y,
            offset,
            p.sign * ionic,
            pressure,
            cell.fixture_stiffness,
            varies,
            own,
            band,
            columns,
            rows,
            coupling,
        )


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz", "reassoc"})
def _current_row(
    cell: SymmetricCellParameters,
    laws: tuple,
    control: FloatArray,
    y: FloatArray,
    pressure: float,
    row: FloatArray,
    coupling: FloatArray,
) -> None:
    """Write d(ionic current)/dy and /dP under voltage or power control or with a short."""
    offset = 0
    for p in (cell.left, cell.right):
        nodes = node_count(p)
        for state in (THICKNESS, VOID, FACE, state_count(p) - 1):
            row[offset + state] = _current_slope(
                cell, laws, control, y, pressure, offset + state, nudge(p, state)
            )
        for node in range(nodes):
            for state in (node_state(node, LITHIATED), node_state(node, ETA)):
                row[offset + state] = _current_slope(
                    cell, laws, control, y, pressure, offset + state, 1e-7
                )
        offset += state_count(p)
    if cell.fixture_stiffness != 0.0:
        step = 1e-6 * max(pressure, 1e3)
        above = operate(cell, laws, control, y, pressure + step).ionic_current
        below = operate(cell, laws, control, y, pressure - step).ionic_current
        coupling[PRESSURE] = (above - below) / (2.0 * step)


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz", "reassoc"})
def _current_slope(
    cell: SymmetricCellParameters,
    laws: tuple,
    control: FloatArray,
    y: FloatArray,
    pressure: float,
    index: int,
    step: float,
) -> float:
    """Difference quotient of the ionic current in one state."""
    kept = y[index]
    y[index] = kept + step
    above = operate(cell, laws, control, y, pressure).ionic_current
    y[index] = kept - step
    below = operate(cell, laws, control, y, pressure).ionic_current
    y[index] = kept
    return (above - below) / (2.0 * step)


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz", "reassoc"})
def cell_events(system: tuple, y: FloatArray, values: FloatArray) -> None:
    """Write the event functions; each stops the step when it rises to zero.

    Parameters
    ----------
    system : tuple
        Parameters, laws, control.
    y : ndarray
        States.
    values : ndarray, shape (8,)
        Receives them: short, upper and lower voltage, throughput, current cut-off.
    """
    cell, laws, control = system
    operation = operate(cell, laws, control, y, stack_pressure(cell, y))
    longest = max(y[state_count(cell.left) - 1], y[-2])
    write_events(control, operation, longest, y[-1], values)
