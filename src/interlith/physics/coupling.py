"""How a lithium electrode acts on the current and the pressure that the whole cell shares.

The first two shared scalars of every cell are the stack pressure and the ionic current density;
each lithium electrode adds the current that its filaments take up (``numerics/bordered.py``).
"""

from numba import njit

from interlith.physics.electrode import (
    ETA,
    LITHIATED,
    METAL,
    THICKNESS,
    VOID,
    current_column,
    electrode_jacobian,
    filament_column,
    filament_current,
    filament_relaxation,
    mouths_row,
    node_count,
    node_state,
    plating_behind_mouths,
    pressure_column,
    state_count,
)
from interlith.physics.parameters import ElectrodeParameters, FloatArray

PRESSURE, CURRENT = 0, 1
FILAMENT_MATTERS = 1e-6
"""Share of the current below which a filament's own relaxation is all of it in the Jacobian."""


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz", "reassoc"})
def add_electrode(
    p: ElectrodeParameters,
    laws: tuple,
    y: FloatArray,
    offset: int,
    current: float,
    pressure: float,
    stiffness: float,
    varies: bool,
    own: int,
    band: FloatArray,
    columns: FloatArray,
    rows: FloatArray,
    coupling: FloatArray,
) -> None:
    """Add the derivatives of an electrode's rates, and its part in the shared scalars.

    Parameters
    ----------
    p : ElectrodeParameters
        The electrode.
    laws : tuple
        The chosen laws.
    y : ndarray
        States of the cell.
    offset : int
        Where those of the electrode begin.
    current : float
        Current density through the interphase [A m-2], positive when plating.
    pressure : float
        Stack pressure [Pa].
    stiffness : float
        Of the fixture [Pa m-1].
    varies : bool
        Whether the current depends on the state.
    own : int
        Index of the shared scalar that is the current of its filaments.
    band, columns, rows, coupling : ndarray
        See :mod:`interlith.numerics.bordered`.
    """
    electrode_jacobian(p, laws, y, offset, current, pressure, band)
    if varies:
        current_column(p, y, offset, columns[CURRENT])
        for i in range(offset, offset + state_count(p)):
            columns[CURRENT, i] *= p.sign
    if stiffness != 0.0:
        pressure_column(p, laws, y, offset, pressure, columns[PRESSURE])
        if pressure > 0.0:
            _pressure_row(p, offset, stiffness, rows[PRESSURE])
    mouths = plating_behind_mouths(p, y, offset)
    filament = filament_current(p, laws, y, offset, current, pressure, mouths)
    if abs(filament) > FILAMENT_MATTERS * abs(current):
        filament_column(p, offset, columns[own])
        _filament_row(p, laws, y, offset, current, pressure, mouths, rows[own], coupling[own])
    else:
        # A vanishing filament takes no current worth a border, but it vanishes fast.
        last = state_count(p) - 1
        slope = _filament_slope(p, laws, y, offset, current, pressure, mouths, last, nudge(p, last))
        filament_relaxation(p, offset, slope, band)


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz", "reassoc"})
def _pressure_row(p: ElectrodeParameters, offset: int, stiffness: float, row: FloatArray) -> None:
    """Add dP/dy."""
    row[offset + METAL] += stiffness / p.charge_per_volume
    row[offset + VOID] += stiffness / p.charge_per_volume
    for node in range(node_count(p)):
        row[offset + node_state(node, LITHIATED)] += stiffness * p.nodes[node].height_per_host


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz", "reassoc"})
def nudge(p: ElectrodeParameters, state: int) -> float:
    """Step of a difference quotient in a state, small against what matters in it.

    Parameters
    ----------
    p : ElectrodeParameters
        The electrode.
    state : int
        Index of the state within the electrode.

    Returns
    -------
    float
        In the unit of the state.
    """
    if state == THICKNESS:
        return 1e-5 * p.sei_initial
    if state == METAL:
        return 1e-6 * p.exhaustion
    if state == VOID:
        return 1e-6 * p.void_scale
    return 1e-7


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz", "reassoc"})
def _filament_slope(
    p: ElectrodeParameters,
    laws: tuple,
    y: FloatArray,
    offset: int,
    current: float,
    pressure: float,
    mouths: float,
    state: int,
    step: float,
) -> float:
    """Difference quotient of the filament current in one state of its electrode."""
    index = offset + state
    kept = y[index]
    y[index] = kept + step
    above = filament_current(p, laws, y, offset, current, pressure, mouths)
    y[index] = kept - step
    below = filament_current(p, laws, y, offset, current, pressure, mouths)
    y[index] = kept
    return (above - below) / (2.0 * step)


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz", "reassoc"})
def _filament_row(
    p: ElectrodeParameters,
    laws: tuple,
    y: FloatArray,
    offset: int,
    current: float,
    pressure: float,
    mouths: float,
    row: FloatArray,
    coupling: FloatArray,
) -> None:
    """Write d(filament current)/dy, /dP and /dj by difference quotients."""
    nodes = node_count(p)
    last = nodes - 1
    # Without nodes the last two are the face, twice.
    touched = (
        THICKNESS,
        VOID,
        state_count(p) - 1,
        node_state(last, ETA),
        node_state(last, LITHIATED),
    )
    for state in touched:
        step = nudge(p, state)
        row[offset + state] = _filament_slope(
            p, laws, y, offset, current, pressure, mouths, state, step
        )
    step = 1e-6 * max(abs(mouths), 1e-3 * abs(current), 1e-6)
    above = filament_current(p, laws, y, offset, current, pressure, mouths + step)
    below = filament_current(p, laws, y, offset, current, pressure, mouths - step)
    mouths_row(p, y, offset, (above - below) / (2.0 * step), row)
    step = 1e-6 * max(pressure, 1e3)
    above = filament_current(p, laws, y, offset, current, pressure + step, mouths)
    below = filament_current(p, laws, y, offset, current, pressure - step, mouths)
    coupling[PRESSURE] = (above - below) / (2.0 * step)
    step = 1e-6 * max(abs(current), 1e-3)
    above = filament_current(p, laws, y, offset, current + step, pressure, mouths)
    below = filament_current(p, laws, y, offset, current - step, pressure, mouths)
    coupling[CURRENT] = p.sign * (above - below) / (2.0 * step)
