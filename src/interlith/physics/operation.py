"""What is held constant and what stops a step: the same for every kind of cell."""

from typing import NamedTuple

import numpy as np
from numba import njit

from interlith.physics.parameters import FloatArray

MODE, VALUE, UPPER, LOWER, THROUGHPUT, CUTOFF, STOP_ON_SHORT = 0, 1, 2, 3, 4, 5, 6
SHORT_EVENT, UPPER_EVENT, LOWER_EVENT, THROUGHPUT_EVENT, CUTOFF_EVENT = 0, 1, 2, 3, 4


class Operation(NamedTuple):
    """What the cell as a whole does in a state."""

    pressure: float
    """Stack pressure [Pa]."""
    ionic_current: float
    """Current density carried by ions [A m-2]."""
    current: float
    """Current density, with the electrons through a short [A m-2]."""
    voltage: float
    """Cell voltage [V]."""
    conductance: float
    """Conductance of the short [S m-2]."""


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz", "reassoc"})
def write_events(
    control: FloatArray,
    operation: Operation,
    longest: float,
    throughput: float,
    values: FloatArray,
) -> None:
    """Write the event functions of a state; by definition each stops the step as it rises to zero.

    Parameters
    ----------
    control : ndarray
        Control array.
    operation : Operation
        What the cell does.
    longest : float
        Length of the longest filament over electrolyte thickness.
    throughput : float
        Charge that has passed [C m-2].
    values : ndarray, shape (8,)
        Receives them: short, upper and lower voltage, throughput, current cut-off.
    """
    values[:] = -1.0
    if control[STOP_ON_SHORT] > 0.0:
        values[SHORT_EVENT] = longest - 1.0
    if not np.isnan(control[UPPER]):
        values[UPPER_EVENT] = operation.voltage - control[UPPER]
    if not np.isnan(control[LOWER]):
        values[LOWER_EVENT] = control[LOWER] - operation.voltage
    if not np.isnan(control[THROUGHPUT]):
        limit = control[THROUGHPUT]
        values[THROUGHPUT_EVENT] = (throughput - limit) / max(limit, 1.0)
    if not np.isnan(control[CUTOFF]):
        values[CUTOFF_EVENT] = control[CUTOFF] - abs(operation.current)
