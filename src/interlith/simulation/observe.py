"""From states to what an experimentalist would want to see, row by row (compiled)."""

from typing import Any

import numpy as np
from numba import njit, types

from interlith.physics.electrode import (
    ETA,
    FACE,
    FILLING,
    LITHIATED,
    METAL,
    THICKNESS,
    VOID,
    filament_current,
    hottest_overpotential,
    ionic_current_before,
    lithium_content,
    node_count,
    node_state,
    plating_behind_mouths,
    pressure_factor,
    replenishment,
    state_count,
)
from interlith.physics.interphase import sei_area_resistance
from interlith.physics.pores import pore_plating_rate
from interlith.physics.symmetric_cell import SYSTEM_TYPE, operate, stack_pressure
from interlith.simulation.columns import CELL_COLUMNS, ELECTRODE_COLUMNS, PROFILE_COLUMNS

__all__ = ["CELL_COLUMNS", "ELECTRODE_COLUMNS", "PROFILE_COLUMNS", "observe", "observe_profiles"]

_matrix = types.Array(types.float64, 2, "C")
_cube = types.Array(types.float64, 3, "C")


@njit(
    types.void(SYSTEM_TYPE, _matrix, _matrix, _matrix, _cube),
    cache=True,
    nogil=True,
    error_model="numpy",
)
def observe(system: Any, controls: Any, states: Any, whole: Any, electrodes: Any) -> None:
    """Compute the observables of rows of states.

    Parameters
    ----------
    system : tuple
        Parameters, laws, and a control array, which is overwritten.
    controls : ndarray, shape (k, 7)
        Control of the protocol step that each row belongs to.
    states : ndarray, shape (k, n)
        Rows of states.
    whole : ndarray, shape (k, 6)
        Receives :data:`CELL_COLUMNS`.
    electrodes : ndarray, shape (k, 2, 16)
        Receives :data:`ELECTRODE_COLUMNS`.
    """
    cell, laws, control = system
    right = state_count(cell.left)
    for row in range(states.shape[0]):
        y = states[row]
        control[:] = controls[row]
        pressure = stack_pressure(cell, y)
        operation = operate(cell, laws, control, y, pressure)
        whole[row, 0] = operation.voltage
        whole[row, 1] = operation.current
        whole[row, 2] = operation.ionic_current
        whole[row, 3] = pressure
        whole[row, 4] = operation.conductance
        whole[row, 5] = y[-1]
        for side, p, offset in ((0, cell.left, 0), (1, cell.right, right)):
            current = p.sign * operation.ionic_current
            out = electrodes[row, side]
            nodes = node_count(p)
            contact = laws[0](y[offset + VOID], p.void_scale)
            resistance = sei_area_resistance(y[offset + THICKNESS], p.sei_conductivity)
            resistance *= pressure_factor(p, pressure)
            pores, host = 0.0, 0.0
            for node in range(nodes):
                width = p.nodes[node].width
                filling = y[offset + node_state(node, FILLING)]
                fraction = y[offset + node_state(node, LITHIATED)]
                pores += width * p.nodes[node].pore_charge * filling
                host += width * p.nodes[node].host_charge * fraction
            mouths = plating_behind_mouths(p, y, offset)
            share = 0.0
            if nodes > 0 and current != 0.0:
                middle = ionic_current_before(p, y, offset, p.middle, current)
                share = 1.0 - middle / current
            out[0] = contact
            out[1] = y[offset + VOID]
            out[2] = hottest_overpotential(p, laws, y, offset, current, pressure, mouths)
            out[3] = y[offset + state_count(p) - 1]
            out[4] = y[offset + THICKNESS]
            out[5] = resistance / contact if nodes == 0 else resistance
            out[6] = y[offset + METAL]
            out[7] = pores
            out[8] = host
            out[9] = p.filament_charge * y[offset + state_count(p) - 1]
            out[10] = p.sei_charge * y[offset + THICKNESS]
            out[11] = lithium_content(p, y, offset)
            out[12] = replenishment(p, laws, pressure)
            out[13] = y[offset + FACE]
            out[14] = share
            out[15] = filament_current(p, laws, y, offset, current, pressure, mouths)


@njit(
    types.void(SYSTEM_TYPE, _matrix, _matrix, types.Array(types.float64, 4, "C")),
    cache=True,
    nogil=True,
    error_model="numpy",
)
def observe_profiles(system: Any, controls: Any, states: Any, profiles: Any) -> None:
    """Compute the profiles of both electrodes in rows of states.

    Parameters
    ----------
    system : tuple
        Parameters, laws, and a control array, which is overwritten.
    controls : ndarray, shape (k, 7)
        Control of the protocol step that each row belongs to.
    states : ndarray, shape (k, n)
        Rows of states.
    profiles : ndarray, shape (k, 5, 2, m)
        Receives :data:`PROFILE_COLUMNS`; NaN where an electrode has no node.
    """
    cell, laws, control = system
    profiles[:, :, :, :] = np.nan
    right = state_count(cell.left)
    for row in range(states.shape[0]):
        y = states[row]
        control[:] = controls[row]
        operation = operate(cell, laws, control, y, stack_pressure(cell, y))
        for side, p, offset in ((0, cell.left, 0), (1, cell.right, right)):
            current = p.sign * operation.ionic_current
            nodes = node_count(p)
            for node in range(nodes):
                eta = y[offset + node_state(node, ETA)]
                filling = y[offset + node_state(node, FILLING)]
                here = p.nodes[node]
                rate, _a, _b, _c, _d = pore_plating_rate(
                    eta, filling, here.pore_exchange, here.capillary, p.thermal_voltage
                )
                before = ionic_current_before(p, y, offset, node, current)
                after = current
                if node + 1 < nodes:
                    after = ionic_current_before(p, y, offset, node + 1, current)
                profiles[row, 0, side, node] = eta
                profiles[row, 1, side, node] = filling
                profiles[row, 2, side, node] = y[offset + node_state(node, LITHIATED)]
                profiles[row, 3, side, node] = rate
                profiles[row, 4, side, node] = 0.5 * (before + after)
