"""One protocol step by the reference integrator, for any kind of cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from interlith.numerics.rodas import EVENTS
from interlith.numerics.status import EVENT
from interlith.physics.operation import LOWER_EVENT, UPPER_EVENT

if TYPE_CHECKING:
    from interlith.numerics.cvode import Trajectory
    from interlith.simulation.kernel import Kernel

FloatArray = NDArray[np.float64]

EVENT_COUNT = 5
"""Event functions in use, see :mod:`interlith.physics.operation`."""


def run_reference(
    kernel: Kernel, system: Any, y: FloatArray, duration: float, rtol: float, atol: FloatArray
) -> Trajectory:
    """Run a step, or what is left of it, with CVODE.

    Parameters
    ----------
    kernel : Kernel
        Equations of the kind of cell.
    system : tuple
        Parameters, laws and the control array of the step.
    y : ndarray, shape (n,)
        State at its start.
    duration : float
        Longest time [s].
    rtol, atol : float, ndarray
        Tolerances.

    Returns
    -------
    Trajectory
        Rows from the start on; the start alone where the ohmic drop is beyond a limit already.
    """
    from interlith.numerics.cvode import Trajectory, integrate_cvode

    probe = np.empty(EVENTS)
    kernel.events(system, y, probe)
    if max(probe[UPPER_EVENT], probe[LOWER_EVENT]) >= 0.0:
        event = UPPER_EVENT if probe[UPPER_EVENT] >= 0.0 else LOWER_EVENT
        start = y[None, :].copy()
        return Trajectory(EVENT, event, np.zeros(1), start, 0, "at a limit from the start")
    return integrate_cvode(
        lambda state, rates: kernel.rates(system, state, rates),
        lambda state, values: kernel.events(system, state, values),
        EVENT_COUNT,
        y,
        duration,
        rtol,
        atol,
    )
