r"""RODAS: a stiffly accurate Rosenbrock method of order 4 for f(y) with a bordered band Jacobian.

One linear system a stage, no Newton iteration that could fail, and order 4 from the first step
after a discontinuity, which a battery protocol has at every change of current. In the form used

.. math:: \left(\frac{I}{\gamma h} - J\right) u_i
          = f\Big(y + \sum_{j<i} a_{ij} u_j\Big) + \sum_{j<i} \frac{c_{ij}}{h} u_j,

the new state is the argument of the last stage plus its increment, which is the error estimate.
Linear invariants of f are kept to round-off.

Hairer & Wanner, Solving Ordinary Differential Equations II, 2nd ed. (1996), section VI.4 (method
RODAS, coefficients and dense output), doi:10.1007/978-3-642-05221-7.
"""

from typing import Any, Final, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from interlith.numerics.banded import BELOW, WIDTH
from interlith.numerics.bordered import prepare_border, solve_bordered
from interlith.numerics.linked import (
    DIAGONAL,
    LINKS,
    Factors,
    Shape,
    factorise_linked,
    solve_linked,
)
from interlith.numerics.status import (
    BUFFER_FULL,
    EVENT,
    NOT_FINITE,
    REACHED_END,
    STEP_TOO_SMALL,
    TOO_MANY_STEPS,
)

ORDER = 4
STAGES = 6
GAMMA = 0.25

A = np.zeros((STAGES, STAGES))
A[1, 0] = 1.544
A[2, :2] = 0.9466785280815826, 0.2557011698983284
A[3, :3] = 3.314825187068521, 2.896124015972201, 0.9986419139977817
A[4, :4] = 1.221224509226641, 6.019134481288629, 12.53708332932087, -0.6878860361058950
A[5, :4] = A[4, :4]
A[5, 4] = 1.0

C = np.zeros((STAGES, STAGES))
C[1, 0] = -5.6688
C[2, :2] = -2.430093356833875, -0.2063599157091915
C[3, :3] = -0.1073529058151375, -9.594562251023355, -20.47028614809616
C[4, :4] = 7.496443313967647, -10.24680431464352, -33.99990352819905, 11.70890893206160
C[5, :5] = (
    8.083246795921522,
    -7.981132988064893,
    -31.52159432874371,
    16.31930543123136,
    -6.058818238834054,
)

DENSE = np.zeros((2, STAGES))
DENSE[0, :5] = (
    10.12623508344586,
    -7.487995877610167,
    -34.80091861555747,
    -7.992771707568823,
    1.025137723295662,
)
DENSE[1, :5] = (
    -0.6762803392801253,
    6.087714651680015,
    16.43084320892478,
    24.76722511418386,
    -6.594389125716872,
)

SMALLEST_FACTOR, LARGEST_FACTOR, SAFETY = 0.2, 8.0, 0.9
EVENTS: Final = 8
"""Largest number of event functions; unused ones stay negative."""

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


class Workspace(NamedTuple):
    """Arrays that an integration overwrites, for n states and m shared scalars."""

    band: Matrix
    """Banded part of the Jacobian, (wide, WIDTH)."""
    links: Matrix
    """Chains and backbone of the Jacobian, (LINKS, n); see :mod:`interlith.numerics.linked`."""
    factors: Factors
    """Of a step's matrix."""
    columns: Matrix
    """Border, (m, n); see :mod:`interlith.numerics.bordered`."""
    rows: Matrix
    """(m, n)."""
    coupling: Matrix
    """(m, m)."""
    solved: Matrix
    """(m, n)."""
    small: Matrix
    """(m, m)."""
    little: Vector
    """(m,)."""
    stages: Matrix
    """Increments of the stages, (STAGES, n)."""
    state: Vector
    """(n,), as the six that follow."""
    trial: Vector
    argument: Vector
    rate: Vector
    rate_here: Vector
    vector: Vector
    dense: Matrix
    """Coefficients of the interpolant, (2, n)."""
    events: Vector
    """(EVENTS,), as the two that follow."""
    new_events: Vector
    probed_events: Vector


def workspace(size: int, shared: int, shape: Shape | None = None) -> Workspace:
    """Make the arrays that :func:`integrate` works in.

    Parameters
    ----------
    size : int
        Number of states n.
    shared : int
        Number of shared scalars m.
    shape : Shape, optional
        Which states are chains and backbone; without it all are in one band.

    Returns
    -------
    Workspace
        To be used by one integration at a time.
    """
    n, m = size, shared
    shape = shape or Shape(wide=n, local=n, chains=1, owners=1)
    shapes = {
        "band": (shape.wide, WIDTH),
        "links": (LINKS, n),
        "columns": (m, n),
        "rows": (m, n),
        "coupling": (m, m),
        "solved": (m, n),
        "small": (m, m),
        "little": m,
        "stages": (STAGES, n),
        "dense": (2, n),
        "events": EVENTS,
        "new_events": EVENTS,
        "probed_events": EVENTS,
    }
    arrays = {
        name: np.zeros(shapes.get(name, n)) for name in Workspace._fields if name != "factors"
    }
    factors = Factors(arrays["band"].copy(), arrays["links"].copy(), np.zeros(n), shape)
    return Workspace(factors=factors, **arrays)


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz", "reassoc"})
def weighted_norm(
    error: NDArray[np.float64],
    old: NDArray[np.float64],
    new: NDArray[np.float64],
    rtol: float,
    atol: NDArray[np.float64],
) -> float:
    """Root mean square of an error over its tolerance.

    The smaller of both states counts: what runs out in a step is resolved down to its absolute
    tolerance.

    Parameters
    ----------
    error, old, new : ndarray, shape (n,)
        Estimated error, and the states at both ends of the step.
    rtol : float
        Relative tolerance.
    atol : ndarray, shape (n,)
        Absolute tolerance of each state, in its unit.

    Returns
    -------
    float
        1 at the tolerance.
    """
    total = 0.0
    for i in range(error.shape[0]):
        scale = atol[i] + rtol * min(abs(old[i]), abs(new[i]))
        total += (error[i] / scale) ** 2
    return float(np.sqrt(total / error.shape[0]))


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz", "reassoc"})
def shift_and_negate(band: Matrix, links: Matrix, shift: float, matrix: Factors) -> None:
    """Write shift I - J into the place where it is factorised.

    Parameters
    ----------
    band, links : ndarray, shape (wide, WIDTH), (LINKS, n)
        Jacobian J without its border.
    shift : float
        1 / (gamma h) [s-1].
    matrix : Factors
        Receives the matrix of a step.
    """
    for i in range(band.shape[0]):
        for j in range(WIDTH):
            matrix.band[i, j] = -band[i, j]
        matrix.band[i, BELOW] += shift
    if band.shape[0] == links.shape[1]:
        return
    for k in range(LINKS):
        for i in range(links.shape[1]):
            matrix.links[k, i] = -links[k, i]
    for i in range(links.shape[1]):
        matrix.links[DIAGONAL, i] += shift


@njit(cache=True, nogil=True, error_model="numpy")
def dense_state(
    fraction: float,
    old: NDArray[np.float64],
    new: NDArray[np.float64],
    dense: NDArray[np.float64],
    out: NDArray[np.float64],
) -> None:
    """State inside the last step, by the method's own interpolant of order 3.

    Parameters
    ----------
    fraction : float
        Position in the step, 0 to 1.
    old, new : ndarray, shape (n,)
        States at its ends.
    dense : ndarray, shape (2, n)
        Interpolation coefficients of the step.
    out : ndarray, shape (n,)
        Receives the state.
    """
    s, r = fraction, 1.0 - fraction
    for i in range(old.shape[0]):
        out[i] = old[i] * r + s * (new[i] + r * (dense[0, i] + s * dense[1, i]))


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz", "reassoc"})
def combine(
    base: NDArray[np.float64],
    stages: NDArray[np.float64],
    weights: NDArray[np.float64],
    factor: float,
    count: int,
    out: NDArray[np.float64],
) -> None:
    """Write base + factor * sum of the first stages times their weights.

    Parameters
    ----------
    base : ndarray, shape (n,)
        First term.
    stages : ndarray, shape (s, n)
        Stage increments.
    weights : ndarray, shape (s,)
        Their weights.
    factor : float
        Common factor.
    count : int
        Number of stages to take.
    out : ndarray, shape (n,)
        Receives the sum.
    """
    # Two increments at a time: every pass over the sum costs more than what is added in it.
    out[:] = base
    j = 0
    while j + 1 < count:
        first, second = factor * weights[j], factor * weights[j + 1]
        one, two = stages[j], stages[j + 1]
        for i in range(base.shape[0]):
            out[i] += first * one[i] + second * two[i]
        j += 2
    if j < count:
        last, stage = factor * weights[j], stages[j]
        for i in range(base.shape[0]):
            out[i] += last * stage[i]


@njit(cache=True, nogil=True, error_model="numpy")
def share_within_bounds(
    old: NDArray[np.float64],
    new: NDArray[np.float64],
    lowest: NDArray[np.float64],
    highest: NDArray[np.float64],
) -> float:
    """Share of a step after which the first state leaves its bounds.

    Parameters
    ----------
    old, new : ndarray, shape (n,)
        States at both ends of the step.
    lowest, highest : ndarray, shape (n,)
        Bounds; infinite where there is none.

    Returns
    -------
    float
        1 if no state leaves them, else below 1; a state that was out of bounds before does not
        count unless it goes further.
    """
    share = 1.0
    for i in range(old.shape[0]):
        if new[i] < lowest[i] and new[i] < old[i]:
            share = min(share, max(old[i] - lowest[i], 0.0) / (old[i] - new[i]))
        elif new[i] > highest[i] and new[i] > old[i]:
            share = min(share, max(highest[i] - old[i], 0.0) / (new[i] - old[i]))
    return share


def integrate(
    right_hand_side: Any,
    jacobian: Any,
    events: Any,
    system: Any,
    start: NDArray[np.float64],
    duration: float,
    first_step: float,
    shared: int,
    rtol: float,
    atol: NDArray[np.float64],
    lowest: NDArray[np.float64],
    highest: NDArray[np.float64],
    most_steps: int,
    times: NDArray[np.float64],
    states: NDArray[np.float64],
    counters: NDArray[np.int64],
    work: Workspace,
) -> tuple[int, int, int, float]:
    """Integrate dy/dt = f(y) until a time or an event. To be compiled for a type of system.

    Parameters
    ----------
    right_hand_side : function (system, y, dy)
        Writes f(y) to dy.
    jacobian : function (system, y, band, links, columns, rows, coupling)
        Adds df/dy in the form of :mod:`interlith.numerics.linked` and
        :mod:`interlith.numerics.bordered` to zeroed arrays.
    events : function (system, y, values)
        Writes event functions; an event is a change from below zero to zero or above.
    system : compiled type
        Passed through.
    start : ndarray, shape (n,)
        Initial state.
    duration, first_step : float
        Length of the interval and of the first attempt [s].
    shared : int
        Number of shared scalars.
    rtol : float
        Relative tolerance.
    atol : ndarray, shape (n,)
        Absolute tolerances.
    lowest, highest : ndarray, shape (n,)
        Bounds of the states, infinite where there is none. A step that leaves them is taken again,
        shorter: a store that runs out within a step can escape the error estimate, which sees the
        equations at a few points only.
    most_steps : int
        Largest number of attempted steps.
    times, states : ndarray, shape (k,), (k, n)
        Receive the start and every accepted step.
    counters : ndarray, shape (3,)
        Receive numbers of accepted steps, rejected steps and right-hand sides.
    work : Workspace
        From :func:`workspace`; what it holds does not matter.

    Returns
    -------
    status, count, event, step : int, int, int, float
        Code of :mod:`interlith.numerics.status`, rows written, index of the event or -1, and the
        step size to go on with.
    """
    size = start.shape[0]
    band, links, factors = work.band, work.links, work.factors
    columns, rows, coupling = work.columns, work.rows, work.coupling
    solved, small, little = work.solved, work.small, work.little
    u, y, trial, argument = work.stages, work.state, work.trial, work.argument
    rate, rate_here, vector, dense = work.rate, work.rate_here, work.vector, work.dense
    values, new_values, probe = work.events, work.new_events, work.probed_events
    y[:] = start

    events(system, y, values)
    times[0] = 0.0
    states[0, :] = y
    count = 1
    t = 0.0
    h = min(first_step, duration)
    fresh = False
    bordered = False
    last_step = 0.0
    last_error = 1.0
    rejected_before = False
    for _attempt in range(most_steps):
        if t >= duration:
            return REACHED_END, count, -1, h
        if count >= times.shape[0]:
            return BUFFER_FULL, count, -1, h
        if not fresh:
            band[:, :] = 0.0
            links[:, :] = 0.0
            columns[:, :] = 0.0
            rows[:, :] = 0.0
            coupling[:, :] = 0.0
            jacobian(system, y, band, links, columns, rows, coupling)
            bordered = bool(np.any(columns != 0.0))
            right_hand_side(system, y, rate)
            counters[2] += 1
            fresh = True
        # Steps that would leave a sliver before the end are stretched or halved.
        if t + 1.001 * h >= duration:
            h = duration - t
        elif t + 2.0 * h > duration:
            h = 0.5 * (duration - t)
        if h <= 1e-14 * max(abs(t), 1e-2):
            return STEP_TOO_SMALL, count, -1, h
        shift_and_negate(band, links, 1.0 / (GAMMA * h), factors)
        good = factorise_linked(factors)
        if good:
            if bordered:
                prepare_border(factors, columns, rows, coupling, solved, small)
            for stage in range(STAGES):
                if stage == 0:
                    vector[:] = rate
                else:
                    combine(y, u, A[stage], 1.0, stage, argument)
                    right_hand_side(system, argument, rate_here)
                    counters[2] += 1
                    combine(rate_here, u, C[stage], 1.0 / h, stage, vector)
                if bordered:
                    solve_bordered(factors, rows, solved, small, vector, little)
                else:
                    solve_linked(factors, vector)
                u[stage, :] = vector
            for i in range(size):
                trial[i] = argument[i] + u[STAGES - 1, i]
            error = weighted_norm(u[5], y, trial, rtol, atol)
            within = share_within_bounds(y, trial, lowest, highest)
        if not good or not np.isfinite(error):
            counters[1] += 1
            h *= 0.1
            rejected_before = True
            if h <= 1e-14 * max(abs(t), 1e-2):
                return NOT_FINITE, count, -1, h
            continue
        error = max(error, 1e-12)
        factor = SAFETY * error ** (-1.0 / ORDER)
        if error <= 1.0 and last_step > 0.0:
            # Gustafsson's prediction: the trend of the error foretells the next one.
            trend = h / last_step * (last_error / error**2) ** (1.0 / ORDER)
            factor = min(factor, SAFETY * trend)
        factor = min(max(factor, SMALLEST_FACTOR), LARGEST_FACTOR)
        if within < 1.0:
            factor = min(factor, max(SAFETY * within, SMALLEST_FACTOR))
        if error > 1.0 or within < 1.0:
            counters[1] += 1
            h *= factor
            rejected_before = True
            continue
        if rejected_before:
            factor = min(factor, 1.0)
        rejected_before = False
        last_step, last_error = h, max(error, 1e-2)
        counters[0] += 1
        events(system, trial, new_values)
        event = -1
        earliest = 2.0
        if np.any((values < 0.0) & (new_values >= 0.0)):
            for k in range(2):
                dense[k, :] = 0.0
                combine(dense[k], u, DENSE[k], 1.0, STAGES - 1, dense[k])
        for e in range(EVENTS):
            if values[e] < 0.0 <= new_values[e]:
                low, high = 0.0, 1.0
                while high - low > 1e-12:
                    middle = 0.5 * (low + high)
                    dense_state(middle, y, trial, dense, argument)
                    events(system, argument, probe)
                    if probe[e] >= 0.0:
                        high = middle
                    else:
                        low = middle
                if high < earliest:
                    earliest = high
                    event = e
        if event >= 0:
            dense_state(earliest, y, trial, dense, argument)
            times[count] = t + earliest * h
            states[count, :] = argument
            return EVENT, count + 1, event, h
        t = duration if h == duration - t else t + h
        for i in range(size):
            y[i] = trial[i]
        values[:] = new_values
        times[count] = t
        states[count, :] = y
        count += 1
        h *= factor
        fresh = False
    return TOO_MANY_STEPS, count, -1, h
