"""Where the voltage of a full cell goes, row by row (compiled)."""

from typing import Any, Final

import numpy as np
from numba import njit, types

from interlith.numerics.parcel import loaded, unchecked
from interlith.physics.composite import contact_of
from interlith.physics.electrode import series_terms
from interlith.physics.full_cell import anode_state_count, backbone_start, full_stack_pressure
from interlith.physics.polarisation import cathode_polarisation
from interlith.simulation.full_columns import POLARISATION_COLUMNS
from interlith.simulation.full_kernel import FULL
from interlith.simulation.kernel import SYSTEM

__all__ = ["POLARISATION_COLUMNS", "observe_polarisation"]

_matrix = types.Array(types.float64, 2, "C")
_kind = types.TypeRef(FULL.kind)
SMALLEST_CURRENT: Final = 1e-2
"""Current density below which losses per current say nothing [A m-2]."""
LEAST_INSERTED: Final = 0.5
"""Share of the current that moves lithium below which the double layers hide the losses."""


@unchecked
@njit(
    types.void(types.int64, _kind, _matrix, types.Array(types.float64, 1, "C"), _matrix),
    cache=True,
    nogil=True,
    error_model="numpy",
)
def observe_polarisation(address: Any, kind: Any, states: Any, currents: Any, out: Any) -> None:
    """Split the voltage in rows of states.

    Parameters
    ----------
    address, kind
        Parcel of a prepared full cell, see :meth:`interlith.simulation.kernel.Kernel.prepare`.
    states : ndarray, shape (k, n)
        Rows of states.
    currents : ndarray, shape (k,)
        Ionic current density in each row [A m-2].
    out : ndarray, shape (k, columns)
        Receives :data:`POLARISATION_COLUMNS`; not a number where hardly any current moves lithium.
    """
    load: Any = loaded
    cell, laws, _control = load(address, kind)[SYSTEM]
    cathode = cell.cathode
    first, backbone = anode_state_count(cell), backbone_start(cell)
    for row in range(states.shape[0]):
        y, current = states[row], currents[row]
        out[row, :] = np.nan
        if abs(current) < SMALLEST_CURRENT:
            continue
        pressure = full_stack_pressure(cell, y)
        contact = contact_of(cathode, pressure)
        parts = cathode_polarisation(cathode, y, first, backbone, current, contact)
        if parts.inserted / current < LEAST_INSERTED:
            continue
        out[row, 0] = parts.equilibrium
        out[row, 1] = parts.uneven_filling
        out[row, 2] = parts.solid_diffusion
        out[row, 3] = parts.charge_transfer
        out[row, 4] = parts.interphase
        out[row, 5] = parts.ionic
        out[row, 6] = parts.electronic
        out[row, 7] = parts.storage
        out[row, 8] = current * cell.series_resistance
        out[row, 9] = 0.0
        if cell.has_anode:
            lithium, interface = series_terms(cell.anode, laws, y, 0, pressure)
            out[row, 9] = lithium + interface * current
