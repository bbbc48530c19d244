"""Banded linear systems, stored by rows: ``band[i, j - i + BELOW]`` holds element (i, j).

The numbers of diagonals are constants of this module, so that the compiler unrolls the inner loops;
that makes a solve three times as fast as loops over widths known at run time only. A matrix of
fewer diagonals leaves the outer columns zero.

No pivoting: the matrices of implicit methods for diffusion-like systems are close to diagonally
dominant. A small pivot is reported instead of being divided by.
"""

from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

BELOW: Final = 4
"""Diagonals below the main one."""
ABOVE: Final = 3
"""Diagonals above it."""
WIDTH: Final = BELOW + ABOVE + 1
SMALLEST_PIVOT = 1e-250


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz", "reassoc"})
def _eliminate(band: NDArray[np.float64], row: int, rows_below: int) -> bool:
    """Take a row out of those below it; False if its pivot cannot be divided by."""
    pivot = band[row, BELOW]
    if not (abs(pivot) > SMALLEST_PIVOT and np.isfinite(pivot)):
        return False
    inverse = 1.0 / pivot
    band[row, BELOW] = inverse
    for down in range(1, rows_below + 1):
        factor = band[row + down, BELOW - down] * inverse
        band[row + down, BELOW - down] = factor
        for right in range(1, ABOVE + 1):
            band[row + down, BELOW - down + right] -= factor * band[row, BELOW + right]
    for right in range(1, ABOVE + 1):
        band[row, BELOW + right] *= inverse
    return True


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz", "reassoc"})
def factorise(band: NDArray[np.float64]) -> bool:
    """Replace a banded matrix by its factors: unit triangles and a diagonal.

    Parameters
    ----------
    band : ndarray, shape (n, WIDTH)
        The matrix; overwritten by L, the reciprocals of D, and U of A = L D U. Elements outside the
        matrix must be zero.

    Returns
    -------
    bool
        False if a pivot vanished or was not finite.

    Notes
    -----
    Golub & Van Loan, Matrix Computations, 4th ed. (2013), algorithm 4.3.1,
    ISBN 978-1-4214-0794-4. With D apart, each step of the two substitutions waits for one
    multiplication only.
    """
    size = band.shape[0]
    for row in range(size - BELOW):
        if not _eliminate(band, row, BELOW):
            return False
    good = True
    for row in range(max(size - BELOW, 0), size):
        good = good and _eliminate(band, row, size - 1 - row)
    return good


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz", "reassoc"})
def solve_in_place(factors: NDArray[np.float64], vector: NDArray[np.float64]) -> None:
    """Overwrite a right-hand side by the solution of the factorised system.

    Parameters
    ----------
    factors : ndarray, shape (n, WIDTH)
        From :func:`factorise`.
    vector : ndarray, shape (n,)
        Right-hand side; overwritten.
    """
    size = factors.shape[0]
    for row in range(min(BELOW, size)):
        for left in range(1, row + 1):
            vector[row] -= factors[row, BELOW - left] * vector[row - left]
    for row in range(BELOW, size):
        total = vector[row]
        for left in range(BELOW, 0, -1):
            total -= factors[row, BELOW - left] * vector[row - left]
        vector[row] = total
    for row in range(size):
        vector[row] *= factors[row, BELOW]
    for row in range(size - 1, max(size - 1 - ABOVE, -1), -1):
        for right in range(1, size - row):
            vector[row] -= factors[row, BELOW + right] * vector[row + right]
    for row in range(size - 1 - ABOVE, -1, -1):
        total = vector[row]
        for right in range(ABOVE, 0, -1):
            total -= factors[row, BELOW + right] * vector[row + right]
        vector[row] = total
