"""Linked systems with a few shared unknowns: a matrix ``B - C (I - S)^-1 R`` of low-rank border.

A state can act on every other one through a handful of shared scalars g (a current, a pressure):
f(y, g) with g = G(y, g). Then df/dy = band + C (I - S)^-1 R, with the columns C = df/dg, the rows
R = dG/dy and the coupling S = dG/dg. Block elimination keeps the work of a banded solve.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from interlith.numerics.linked import Factors, solve_linked


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz", "reassoc"})
def prepare_border(
    factors: Factors,
    columns: NDArray[np.float64],
    rows: NDArray[np.float64],
    coupling: NDArray[np.float64],
    solved_columns: NDArray[np.float64],
    small: NDArray[np.float64],
) -> None:
    """Eliminate the banded part from the equations of the shared scalars.

    Parameters
    ----------
    factors : Factors
        Of B, from :func:`interlith.numerics.linked.factorise_linked`.
    columns, rows : ndarray, shape (m, n)
        C transposed, and R.
    coupling : ndarray, shape (m, m)
        S.
    solved_columns : ndarray, shape (m, n)
        Receives B^-1 C, transposed.
    small : ndarray, shape (m, m)
        Receives I - S - R B^-1 C.
    """
    shared = columns.shape[0]
    for g in range(shared):
        solved_columns[g, :] = columns[g, :]
        if np.any(columns[g] != 0.0):
            solve_linked(factors, solved_columns[g])
    for a in range(shared):
        for b in range(shared):
            total = (1.0 if a == b else 0.0) - coupling[a, b]
            for i in range(rows.shape[1]):
                if rows[a, i] != 0.0:
                    total -= rows[a, i] * solved_columns[b, i]
            small[a, b] = total


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz", "reassoc"})
def solve_small(matrix: NDArray[np.float64], vector: NDArray[np.float64]) -> None:
    """Overwrite a vector by the solution of a small dense system (Gauss with row pivoting).

    Parameters
    ----------
    matrix : ndarray, shape (m, m)
        Coefficients; left as it is.
    vector : ndarray, shape (m,)
        Right-hand side; overwritten. Not finite if the matrix is singular.
    """
    size = vector.shape[0]
    work = matrix.copy()
    for k in range(size):
        best = k
        for i in range(k + 1, size):
            if abs(work[i, k]) > abs(work[best, k]):
                best = i
        if best != k:
            for j in range(size):
                work[k, j], work[best, j] = work[best, j], work[k, j]
            vector[k], vector[best] = vector[best], vector[k]
        if work[k, k] == 0.0:
            vector[:] = np.nan
            return
        for i in range(k + 1, size):
            factor = work[i, k] / work[k, k]
            for j in range(k, size):
                work[i, j] -= factor * work[k, j]
            vector[i] -= factor * vector[k]
    for i in range(size - 1, -1, -1):
        for j in range(i + 1, size):
            vector[i] -= work[i, j] * vector[j]
        vector[i] /= work[i, i]


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz", "reassoc"})
def solve_bordered(
    factors: Factors,
    rows: NDArray[np.float64],
    solved_columns: NDArray[np.float64],
    small: NDArray[np.float64],
    vector: NDArray[np.float64],
    shared: NDArray[np.float64],
) -> None:
    """Overwrite a right-hand side by the solution of the bordered system.

    Parameters
    ----------
    factors : Factors
        Of B, from :func:`interlith.numerics.linked.factorise_linked`.
    rows, solved_columns : ndarray, shape (m, n)
        R, and B^-1 C transposed.
    small : ndarray, shape (m, m)
        From :func:`prepare_border`.
    vector : ndarray, shape (n,)
        Right-hand side; overwritten.
    shared : ndarray, shape (m,)
        Workspace.
    """
    solve_linked(factors, vector)
    for g in range(shared.shape[0]):
        total = 0.0
        for i in range(vector.shape[0]):
            if rows[g, i] != 0.0:
                total += rows[g, i] * vector[i]
        shared[g] = total
    solve_small(small, shared)
    for g in range(shared.shape[0]):
        if shared[g] != 0.0:
            for i in range(vector.shape[0]):
                vector[i] += shared[g] * solved_columns[g, i]
