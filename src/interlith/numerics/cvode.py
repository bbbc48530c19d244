"""SUNDIALS CVODE behind the interface of :mod:`interlith.numerics.rodas`: the reference integrator.

Variable-order BDF with its own error control, step selection, linear solver and root finding:
nothing in common with RODAS but the right-hand side. Hindmarsh et al., ACM Trans. Math. Softw. 31,
363 (2005), doi:10.1145/1089014.1089020; Python interface: scikit-SUNDAE.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from interlith.numerics.status import EVENT, NOT_FINITE, REACHED_END, STEP_TOO_SMALL

FloatArray = NDArray[np.float64]

MOST_STEPS = 20_000
"""Largest number of internal steps; a step of a test takes some hundreds."""


@dataclass(frozen=True)
class Trajectory:
    """What an integration produced."""

    status: int
    """Code of :mod:`interlith.numerics.status`."""
    event: int
    """Index of the event that stopped it, or -1."""
    times: FloatArray
    """Times of the rows, shape (k,) [s]."""
    states: FloatArray
    """Rows of states, shape (k, n)."""
    right_hand_sides: int
    """Number of evaluations of the right-hand side."""
    message: str
    """What CVODE said."""


def integrate_cvode(
    right_hand_side: Callable[[FloatArray, FloatArray], None],
    events: Callable[[FloatArray, FloatArray], None] | None,
    event_count: int,
    start: FloatArray,
    duration: float,
    rtol: float,
    atol: FloatArray,
    bandwidth: tuple[int, int] | None = None,
) -> Trajectory:
    """Integrate dy/dt = f(y) with CVODE until a time or an event.

    Parameters
    ----------
    right_hand_side : callable (y, dy)
        Writes f(y) to dy.
    events : callable (y, values) or None
        Writes event functions.
    event_count : int
        Their number.
    start : ndarray, shape (n,)
        Initial state.
    duration : float
        Length of the interval [s].
    rtol : float
        Relative tolerance.
    atol : ndarray, shape (n,)
        Absolute tolerances.
    bandwidth : (lower, upper), optional
        Use a banded linear solver; the default is a dense one, which misses no coupling.

    Returns
    -------
    Trajectory
        Rows at every internal step.
    """
    from sksundae.cvode import CVODE

    options: dict[str, object] = {"rtol": rtol, "atol": atol, "method": "BDF"}
    if bandwidth is not None:
        options.update(linsolver="band", lband=bandwidth[0], uband=bandwidth[1])
    else:
        options.update(linsolver="dense")
    if events is not None:
        options.update(eventsfn=_rising(events, event_count, start), num_events=event_count)
    # SUNDIALS hands out a read-only state; compiled functions want one that they could write to.
    solver = CVODE(
        lambda _t, y, dy: right_hand_side(np.array(y), dy), max_num_steps=MOST_STEPS, **options
    )
    with _silent_standard_output():
        solution = solver.solve(np.array([0.0, duration]), start)
    return _as_trajectory(solution, duration)


@contextmanager
def _silent_standard_output() -> Iterator[None]:
    """Keep what SUNDIALS prints from C away from standard output, which may carry JSON."""
    sys.stdout.flush()
    kept = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(nowhere)
        os.close(kept)


def _rising(
    events: Callable[[FloatArray, FloatArray], None], count: int, start: FloatArray
) -> Callable[..., None]:
    """Wrap event functions so that only rises through zero count, and none that began above."""
    before = np.full(max(count, 8), -1.0)
    events(start, before)
    armed = before[:count] < 0.0
    values = np.empty(max(count, 8))

    def wrapped(_time: float, y: FloatArray, out: FloatArray) -> None:
        events(np.array(y), values)
        out[:] = np.where(armed, values[:count], -1.0)

    wrapped.terminal = [True] * count  # type: ignore[attr-defined]
    wrapped.direction = [1] * count  # type: ignore[attr-defined]
    return wrapped


def _as_trajectory(solution: object, duration: float) -> Trajectory:
    """Translate CVODE's answer."""
    times = np.asarray(solution.t, dtype=np.float64)  # type: ignore[attr-defined]
    states = np.ascontiguousarray(solution.y, dtype=np.float64)  # type: ignore[attr-defined]
    event = -1
    found = getattr(solution, "i_events", None)
    if found is not None and len(found):
        event = int(np.argmax(np.abs(np.asarray(found)[-1])))
    if event >= 0:
        status = EVENT
    elif not np.all(np.isfinite(states)):
        status = NOT_FINITE
    elif times[-1] >= duration * (1.0 - 1e-12):
        status = REACHED_END
    else:
        status = STEP_TOO_SMALL
    evaluations = int(getattr(solution, "nfev", 0))
    message = str(getattr(solution, "message", ""))
    return Trajectory(status, event, times, states, evaluations, message)
