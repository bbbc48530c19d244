"""Banded linear systems, stored by rows: ``band[i, j - i + lower]`` holds element (i, j).

No pivoting: the matrices of implicit methods for diffusion-like systems are close to diagonally
dominant. A small pivot is reported instead of being divided by.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

SMALLEST_PIVOT = 1e-250


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz", "reassoc"})
def factorise(band: NDArray[np.float64], lower: int, upper: int) -> bool:
    """Replace a banded matrix by its LU factors.

    Parameters
    ----------
    band : ndarray, shape (n, lower + upper + 1)
        The matrix; overwritten by its factors (unit lower triangle).
    lower, upper : int
        Number of diagonals below and above the main one.

    Returns
    -------
    bool
        False if a pivot vanished or was not finite.

    Notes
    -----
    Golub & Van Loan, Matrix Computations, 4th ed. (2013), algorithm 4.3.1,
    ISBN 978-1-4214-0794-4.
    """
    size = band.shape[0]
    for row in range(size):
        pivot = band[row, lower]
        if not (abs(pivot) > SMALLEST_PIVOT and np.isfinite(pivot)):
            return False
        for below in range(row + 1, min(row + lower + 1, size)):
            factor = band[below, row - below + lower]
            if factor == 0.0:
                continue
            factor /= pivot
            band[below, row - below + lower] = factor
            for column in range(1, upper + 1):
                if row + column < size:
                    band[below, row + column - below + lower] -= factor * band[row, column + lower]
    return True


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz", "reassoc"})
def solve_in_place(
    factors: NDArray[np.float64], lower: int, upper: int, vector: NDArray[np.float64]
) -> None:
    """Overwrite a right-hand side by the solution of the factorised system.

    Parameters
    ----------
    factors : ndarray, shape (n, lower + upper + 1)
        From :func:`factorise`.
    lower, upper : int
        Number of diagonals below and above the main one.
    vector : ndarray, shape (n,)
        Right-hand side; overwritten.
    """
    size = factors.shape[0]
    for row in range(size):
        total = vector[row]
        first = row - lower
        for k in range(max(0, -first), lower):
            total -= factors[row, k] * vector[first + k]
        vector[row] = total
    for row in range(size - 1, -1, -1):
        total = vector[row]
        for k in range(1, min(upper, size - 1 - row) + 1):
            total -= factors[row, lower + k] * vector[row + k]
        vector[row] = total / factors[row, lower]
