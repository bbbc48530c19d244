"""Smooth functions of one variable as tables on a uniform grid, for compiled loops.

A published curve (an open-circuit potential, a diffusivity) is evaluated once on a fine grid and
then interpolated by cubics: a few multiplications instead of several transcendental functions, the
same for a formula and for measured points, and with the slope for free.
"""

from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

INTERVALS: Final = 2000
"""Intervals of a table over 0 to 1; the error for a curve that turns within 0.1 is below 1e-6."""

_FAST = {"contract", "arcp", "nsz", "reassoc"}


def make_table(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Make a table of cubics from values on a uniform grid over 0 to 1.

    Parameters
    ----------
    values : ndarray, shape (n + 1,)
        Function values at the grid points, ends included.

    Returns
    -------
    ndarray, shape (n, 4)
        Coefficients of each interval's cubic in the position inside the interval, 0 to 1, lowest
        order first: monotone where the values are (Fritsch & Butland 1984, as scipy has it).
    """
    from scipy.interpolate import PchipInterpolator

    count = len(values) - 1
    pieces = PchipInterpolator(np.arange(count + 1.0), values).c
    return np.ascontiguousarray(pieces[::-1].T)


def integrated(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Integrate a function that is given on a uniform grid over 0 to 1.

    Parameters
    ----------
    values : ndarray, shape (n + 1,)
        Function values at the grid points.

    Returns
    -------
    ndarray, shape (n + 1,)
        Integral from 0, of the interpolant that :func:`make_table` makes.
    """
    from scipy.interpolate import PchipInterpolator

    grid = np.linspace(0.0, 1.0, len(values))
    return np.asarray(PchipInterpolator(grid, values).antiderivative()(grid))


@njit(inline="always", cache=True, nogil=True, error_model="numpy", fastmath=_FAST)
def look_up(table: NDArray[np.float64], x: float) -> tuple[float, float]:
    """Value and slope of a tabulated function; beyond 0 and 1 it goes on as a straight line.

    Parameters
    ----------
    table : ndarray, shape (n, 4)
        From :func:`make_table`.
    x : float
        Where.

    Returns
    -------
    value, slope : float
        f(x) and df/dx.
    """
    count = table.shape[0]
    position = x * count
    beyond = 0.0
    if position < 0.0:
        beyond, position = position, 0.0
    elif position > count:
        beyond, position = position - count, float(count)
    index = min(int(position), count - 1)
    s = position - index
    a, b = table[index, 0], table[index, 1]
    c, d = table[index, 2], table[index, 3]
    slope = b + s * (2.0 * c + 3.0 * d * s)
    return a + s * (b + s * (c + s * d)) + beyond * slope, slope * count
