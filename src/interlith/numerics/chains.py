"""Tridiagonal systems side by side: many short chains whose like members stand together in memory.

Member k of all chains comes before member k + 1 of any, so that the inner loops run over chains,
which do not wait for each other: a processor does several at once. One chain is the usual
tridiagonal matrix. Thomas algorithm: Golub & Van Loan, Matrix Computations, 4th ed. (2013),
algorithm 4.3.6, ISBN 978-1-4214-0794-4.
"""

from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

Vector = NDArray[np.float64]

SMALLEST_PIVOT: Final = 1e-300
LARGEST_PIVOT: Final = 1e300
_FAST = {"contract", "arcp", "nsz", "reassoc"}


@njit(cache=True, nogil=True, error_model="numpy", fastmath=_FAST)
def factorise_chains(lower: Vector, diagonal: Vector, upper: Vector, chains: int) -> bool:
    """Replace tridiagonal matrices by their factors.

    Parameters
    ----------
    lower, diagonal, upper : ndarray, shape (n,)
        Entries of each row that belong to the member before, itself, and the member after; those
        that would leave a chain are not looked at. Overwritten.
    chains : int
        Number of chains; n is a multiple of it.

    Returns
    -------
    bool
        False if a pivot vanished or was not finite.
    """
    if chains == 1:
        return _factorise_one(lower, diagonal, upper)
    good = True
    for i in range(chains):
        pivot = diagonal[i]
        good &= (abs(pivot) > SMALLEST_PIVOT) & (abs(pivot) < LARGEST_PIVOT)
        diagonal[i] = 1.0 / pivot
        upper[i] *= diagonal[i]
    for start in range(chains, diagonal.shape[0], chains):
        below, here, above = lower[start:], diagonal[start:], upper[start:]
        here_before, above_before = diagonal[start - chains :], upper[start - chains :]
        for i in range(chains):
            pivot = here[i] - below[i] * above_before[i]
            good &= (abs(pivot) > SMALLEST_PIVOT) & (abs(pivot) < LARGEST_PIVOT)
            inverse = 1.0 / pivot
            below[i] *= here_before[i]
            here[i] = inverse
            above[i] *= inverse
    return good


@njit(cache=True, nogil=True, error_model="numpy", fastmath=_FAST)
def _factorise_one(lower: Vector, diagonal: Vector, upper: Vector) -> bool:
    """Do the same for one chain, in registers."""
    inverse, above = 0.0, 0.0
    for i in range(diagonal.shape[0]):
        pivot = diagonal[i]
        if i > 0:
            pivot -= lower[i] * above
            lower[i] *= inverse
        if not SMALLEST_PIVOT < abs(pivot) < LARGEST_PIVOT:
            return False
        inverse = 1.0 / pivot
        above = upper[i] * inverse
        diagonal[i], upper[i] = inverse, above
    return True


@njit(cache=True, nogil=True, error_model="numpy", fastmath=_FAST)
def solve_chains(
    lower: Vector, diagonal: Vector, upper: Vector, chains: int, vector: Vector
) -> None:
    """Overwrite right-hand sides by the solutions of factorised chains.

    Parameters
    ----------
    lower, diagonal, upper : ndarray, shape (n,)
        From :func:`factorise_chains`.
    chains : int
        As there.
    vector : ndarray, shape (n,)
        Right-hand sides; overwritten.
    """
    size = diagonal.shape[0]
    if chains == 1:
        _solve_one(lower, diagonal, upper, vector)
        return
    for start in range(chains, size, chains):
        before, here, factor = vector[start - chains :], vector[start:], lower[start:]
        for i in range(chains):
            here[i] -= factor[i] * before[i]
    here, inverse = vector[size - chains :], diagonal[size - chains :]
    for i in range(chains):
        here[i] *= inverse[i]
    for start in range(size - 2 * chains, -1, -chains):
        here, after = vector[start:], vector[start + chains :]
        inverse, factor = diagonal[start:], upper[start:]
        for i in range(chains):
            here[i] = here[i] * inverse[i] - factor[i] * after[i]


@njit(cache=True, nogil=True, error_model="numpy", fastmath=_FAST)
def _solve_one(lower: Vector, diagonal: Vector, upper: Vector, vector: Vector) -> None:
    """Do the same for one chain, in registers."""
    size, before, after = diagonal.shape[0], 0.0, 0.0
    for i in range(size):
        before = vector[i] - lower[i] * before
        vector[i] = before
    for i in range(size - 1, -1, -1):
        after = vector[i] * diagonal[i] - upper[i] * after
        vector[i] = after
