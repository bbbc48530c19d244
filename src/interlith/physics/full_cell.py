"""A lithium electrode and a composite cathode that share one current: the equations to solve.

States: those of the lithium electrode, of the cathode's particles, of its nodes, and the charge
throughput. The shared scalars are the stack pressure, the ionic current density and the current
that the filaments of the lithium take up (see :mod:`interlith.numerics.bordered`).

Positive current discharges: it strips the lithium and fills the cathode. The voltage is the
potential of the cathode's collector minus that of the lithium. Without a lithium electrode the cell
is a half cell against lithium at its equilibrium, behind a given resistance.
"""

import math
from typing import NamedTuple

from numba import njit, typeof, types

from interlith.physics.composite import (
    CathodeParameters,
    blank_cathode,
    breathing,
    breathing_row,
    cathode_current_column,
    cathode_jacobian,
    cathode_lithium,
    cathode_pressure_column,
    cathode_rates,
    cathode_terms,
    cathode_voltage_row,
    local_state_count,
)
from interlith.physics.coupling import CURRENT, PRESSURE, add_electrode, nudge
from interlith.physics.electrode import (
    ETA,
    FACE,
    LITHIATED,
    THICKNESS,
    VOID,
    electrode_rates,
    lithium_content,
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
    CONTROL_CURRENT,
    CONTROL_VOLTAGE,
    ElectrodeParameters,
    FloatArray,
    blank_electrode,
)

_FAST = {"contract", "arcp", "nsz", "reassoc"}
FULL_SHARED = 3
FILAMENT = 2


class FullCellParameters(NamedTuple):
    """A lithium electrode, the electrolyte and a composite cathode."""

    anode: ElectrodeParameters
    cathode: CathodeParameters
    has_anode: bool
    """False for a half cell against ideal lithium; the anode's numbers are then of no use."""
    series_resistance: float
    """Area-specific resistance of the electrolyte and, in a half cell, of its lithium [Ohm m2]."""
    stack_pressure: float
    """Stack pressure at the start [Pa]."""
    fixture_stiffness: float
    """Rise of the stack pressure with the height of the stack [Pa m-1]."""
    hard_conductance: float
    """Conductance of a hard short [S m-2]."""
    overlap_of_hard_short: float
    """Overlap of the filament, over electrolyte thickness, at which a short is hard."""


FULL_CELL_TYPE = typeof(
    FullCellParameters(blank_electrode(), blank_cathode(), True, 0.0, 0.0, 0.0, 0.0, 0.0)
)
FULL_SYSTEM_TYPE = types.Tuple([FULL_CELL_TYPE, KERNEL_LAWS, types.Array(types.float64, 1, "C")])
"""What the compiled equations get: parameters, chosen laws, control array."""


@njit(inline="always", cache=True, nogil=True, error_model="numpy", fastmath=_FAST)
def anode_state_count(cell: FullCellParameters) -> int:
    """Number of states of the lithium electrode.

    Parameters
    ----------
    cell : FullCellParameters
        The cell.

    Returns
    -------
    int
        0 in a half cell.
    """
    return state_count(cell.anode) if cell.has_anode else 0


@njit(inline="always", cache=True, nogil=True, error_model="numpy", fastmath=_FAST)
def backbone_start(cell: FullCellParameters) -> int:
    """Index of the first eta of the cathode; all states before it are local.

    Parameters
    ----------
    cell : FullCellParameters
        The cell.

    Returns
    -------
    int
        States of the lithium electrode and of the particles.
    """
    return anode_state_count(cell) + local_state_count(cell.cathode)


@njit(cache=True, nogil=True, error_model="numpy", fastmath=_FAST)
def full_stack_pressure(cell: FullCellParameters, y: FloatArray) -> float:
    """Stack pressure of a fixture that acts as a spring in series with the stack.

    Parameters
    ----------
    cell : FullCellParameters
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
    growth = breathing(cell.cathode, y, anode_state_count(cell))
    if cell.has_anode:
        growth += stack_growth(cell.anode, y, 0)
    return max(cell.stack_pressure + cell.fixture_stiffness * growth, 0.0)


@njit(inline="always", cache=True, nogil=True, error_model="numpy", fastmath=_FAST)
def longest_filament(cell: FullCellParameters, y: FloatArray) -> float:
    """Filament length over electrolyte thickness.

    Parameters
    ----------
    cell : FullCellParameters
        The cell.
    y : ndarray
        Its states.

    Returns
    -------
    float
        0 in a half cell.
    """
    return y[state_count(cell.anode) - 1] if cell.has_anode else 0.0


@njit(cache=True, nogil=True, error_model="numpy", fastmath=_FAST)
def full_operate(
    cell: FullCellParameters,
    laws: tuple,
    control: FloatArray,
    y: FloatArray,
    pressure: float,
) -> Operation:
    r"""Solve the control (current, voltage or power) for the ionic current and the voltage.

    .. math:: V = E - R\,j_{ion}, \qquad j = j_{ion} - g V

    A short of conductance g discharges the cell beside the current j that is drawn from it.

    Parameters
    ----------
    cell : FullCellParameters
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

    Notes
    -----
    Conservation of charge and the sum of all voltages between the two collectors.
    """
    cathode, resistance = cathode_terms(cell.cathode, y, backbone_start(cell))
    resistance += cell.series_resistance
    source = cathode
    if cell.has_anode:
        lithium, interface = series_terms(cell.anode, laws, y, 0, pressure)
        source -= lithium
        resistance += interface
    conductance = short_conductance(
        longest_filament(cell, y), cell.hard_conductance, cell.overlap_of_hard_short
    )
    if control[MODE] == CONTROL_CURRENT:
        ionic = (control[VALUE] + conductance * source) / (1.0 + conductance * resistance)
        voltage = source - resistance * ionic
        return Operation(pressure, ionic, control[VALUE], voltage, conductance)
    if control[MODE] == CONTROL_VOLTAGE:
        voltage = control[VALUE]
    else:
        # V^2 (1/R + g) - V E/R + p = 0; the higher root draws the smaller current.
        admittance = 1.0 / resistance + conductance
        half = 0.5 * source / resistance
        voltage = (half + math.sqrt(half * half - admittance * control[VALUE])) / admittance
    ionic = (source - voltage) / resistance
    return Operation(pressure, ionic, ionic - conductance * voltage, voltage, conductance)


@njit(inline="always", cache=True, nogil=True, error_model="numpy", fastmath=_FAST)
def _carried(
    cell: FullCellParameters, laws: tuple, control: FloatArray, y: FloatArray, pressure: float
) -> tuple[float, float, bool]:
    """Ionic and total current density, and whether they depend on the state."""
    if control[MODE] == CONTROL_CURRENT and longest_filament(cell, y) <= 1.0:
        return control[VALUE], control[VALUE], False
    operation = full_operate(cell, laws, control, y, pressure)
    return operation.ionic_current, operation.current, True


@njit(cache=True, nogil=True, error_model="numpy", fastmath=_FAST)
def full_rates(system: tuple, y: FloatArray, dy: FloatArray) -> None:
    """Write the rates of change of all states; the last state is the charge throughput.

    Parameters
    ----------
    system : tuple
        Parameters, laws, control.
    y : ndarray
        States.
    dy : ndarray
        Receives the rates.
    """
    cell, laws, control = system
    pressure = full_stack_pressure(cell, y)
    ionic, total, _varies = _carried(cell, laws, control, y, pressure)
    if cell.has_anode:
        electrode_rates(cell.anode, laws, y, 0, cell.anode.sign * ionic, pressure, dy)
    first, backbone = anode_state_count(cell), backbone_start(cell)
    cathode_rates(cell.cathode, y, first, backbone, ionic, pressure, dy)
    dy[-1] = abs(total)


@njit(cache=True, nogil=True, error_model="numpy", fastmath=_FAST)
def full_jacobian(
    system: tuple,
    y: FloatArray,
    band: FloatArray,
    links: FloatArray,
    columns: FloatArray,
    rows: FloatArray,
    coupling: FloatArray,
) -> None:
    """Add the derivatives of the rates to zeroed arrays.

    Parameters
    ----------
    system : tuple
        Parameters, laws, control.
    y : ndarray
        States.
    band, links, columns, rows, coupling : ndarray
        See :mod:`interlith.numerics.linked` and :mod:`interlith.numerics.bordered`.
    """
    cell, laws, control = system
    pressure = full_stack_pressure(cell, y)
    ionic, total, varies = _carried(cell, laws, control, y, pressure)
    first, backbone = anode_state_count(cell), backbone_start(cell)
    cathode_jacobian(cell.cathode, y, first, backbone, pressure, links)
    if cell.fixture_stiffness != 0.0:
        if pressure > 0.0:
            breathing_row(cell.cathode, y, first, cell.fixture_stiffness, rows[PRESSURE])
        cathode_pressure_column(cell.cathode, y, first, backbone, pressure, columns[PRESSURE])
    if control[MODE] != CONTROL_CURRENT:
        # The throughput follows the ionic current; what a short carries beside it changes slowly.
        columns[CURRENT, -1] = 1.0 if total >= 0.0 else -1.0
    if varies:
        cathode_current_column(cell.cathode, backbone, columns[CURRENT])
        _current_row(cell, laws, control, y, pressure, rows[CURRENT], coupling[CURRENT])
    if cell.has_anode:
        add_electrode(
            cell.anode,
            laws,
            y,
            0,
            cell.anode.sign * ionic,
            pressure,
            cell.fixture_stiffness,
            varies,
            FILAMENT,
            band,
            columns,
            rows,
            coupling,
        )


@njit(cache=True, nogil=True, error_model="numpy", fastmath=_FAST)
def _current_row(
    cell: FullCellParameters,
    laws: tuple,
    control: FloatArray,
    y: FloatArray,
    pressure: float,
    row: FloatArray,
    coupling: FloatArray,
) -> None:
    """Write d(ionic current)/dy and /dP under voltage or power control or with a short."""
    backbone = backbone_start(cell)
    # All etas of the cathode act through its voltage: one difference quotient does for them.
    step = 1e-7
    slope = _current_slope(cell, laws, control, y, pressure, backbone, step)
    cathode_voltage_row(cell.cathode, backbone, 1.0, row)
    share = slope / row[backbone]
    for node in range(cell.cathode.nodes.shape[0]):
        row[backbone + node] *= share
    if cell.has_anode:
        p = cell.anode
        for state in (THICKNESS, VOID, FACE, state_count(p) - 1):
            row[state] = _current_slope(cell, laws, control, y, pressure, state, nudge(p, state))
        for node in range(node_count(p)):
            for state in (node_state(node, LITHIATED), node_state(node, ETA)):
                row[state] = _current_slope(cell, laws, control, y, pressure, state, step)
    if cell.fixture_stiffness != 0.0:
        step = 1e-6 * max(pressure, 1e3)
        above = full_operate(cell, laws, control, y, pressure + step).ionic_current
        below = full_operate(cell, laws, control, y, pressure - step).ionic_current
        coupling[PRESSURE] = (above - below) / (2.0 * step)


@njit(cache=True, nogil=True, error_model="numpy", fastmath=_FAST)
def _current_slope(
    cell: FullCellParameters,
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
    above = full_operate(cell, laws, control, y, pressure).ionic_current
    y[index] = kept - step
    below = full_operate(cell, laws, control, y, pressure).ionic_current
    y[index] = kept
    return (above - below) / (2.0 * step)


@njit(cache=True, nogil=True, error_model="numpy", fastmath=_FAST)
def full_events(system: tuple, y: FloatArray, values: FloatArray) -> None:
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
    operation = full_operate(cell, laws, control, y, full_stack_pressure(cell, y))
    write_events(control, operation, longest_filament(cell, y), y[-1], values)


@njit(cache=True, nogil=True, error_model="numpy", fastmath=_FAST)
def full_lithium(cell: FullCellParameters, y: FloatArray) -> float:
    """All lithium of the cell that its currents can move.

    Parameters
    ----------
    cell : FullCellParameters
        The cell.
    y : ndarray
        Its states.

    Returns
    -------
    float
        As charge per area [C m-2]; constant.
    """
    total = cathode_lithium(cell.cathode, y, anode_state_count(cell), backbone_start(cell))
    if cell.has_anode:
        total += lithium_content(cell.anode, y, 0)
    return total
