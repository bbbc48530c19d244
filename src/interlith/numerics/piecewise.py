"""The best description of a series by straight pieces, with as few pieces as the noise allows.

Optimal partitioning: the cost of the first i points is the least, over all places j of the last
break, of the cost of the first j points plus that of one line through the rest plus a penalty
(Jackson et al. 2005, doi:10.1109/LSP.2001.838216; the pieces need not meet).
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["straight_pieces"]

FloatArray = NDArray[np.float64]


@njit(cache=True, nogil=True, error_model="numpy")
def straight_pieces(
    x: FloatArray, y: FloatArray, variance: float, penalty: float, shortest: int
) -> NDArray[np.int64]:
    """Break a series into straight pieces.

    Minimises ``sum over pieces (RSS / variance + penalty)``, RSS being that of the least-squares
    line through a piece.

    Parameters
    ----------
    x, y : array, shape (n,)
        The series, x rising.
    variance : float
        Variance of the noise of y.
    penalty : float
        Price of a piece.
    shortest : int
        Fewest points of a piece.

    Returns
    -------
    int array, shape (m + 1,)
        First index of every piece, and n.
    """
    n = len(x)
    sx, sy = np.zeros(n + 1), np.zeros(n + 1)
    sxx, sxy, syy = np.zeros(n + 1), np.zeros(n + 1), np.zeros(n + 1)
    x0, y0 = x.mean(), y.mean()
    for i in range(n):
        u, v = x[i] - x0, y[i] - y0
        sx[i + 1] = sx[i] + u
        sy[i + 1] = sy[i] + v
        sxx[i + 1] = sxx[i] + u * u
        sxy[i + 1] = sxy[i] + u * v
        syy[i + 1] = syy[i] + v * v
    best = np.full(n + 1, np.inf)
    best[0] = -penalty
    before = np.zeros(n + 1, dtype=np.int64)
    for i in range(shortest, n + 1):
        for j in range(0, i - shortest + 1):
            if best[j] + penalty >= best[i]:
                continue
            m = i - j
            mean_x = (sx[i] - sx[j]) / m
            mean_y = (sy[i] - sy[j]) / m
            vxx = sxx[i] - sxx[j] - m * mean_x * mean_x
            vxy = sxy[i] - sxy[j] - m * mean_x * mean_y
            rss = syy[i] - syy[j] - m * mean_y * mean_y
            if vxx > 0.0:
                rss -= vxy * vxy / vxx
            cost = best[j] + max(rss, 0.0) / variance + penalty
            if cost < best[i]:
                best[i] = cost
                before[i] = j
    count = 0
    place = n
    while place > 0:
        count += 1
        place = before[place]
    edges = np.zeros(count + 1, dtype=np.int64)
    edges[count] = n
    for k in range(count - 1, -1, -1):
        edges[k] = before[edges[k + 1]]
    return edges
