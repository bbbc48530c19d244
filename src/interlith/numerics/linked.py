r"""Banded systems whose rows hang on a backbone: particles on the nodes of an electrode.

The first ``local`` unknowns form a band of their own (see :mod:`interlith.numerics.banded`); the
others, the backbone, form a second one. A local unknown may depend on one backbone unknown, its
owner, and its owner on it. In blocks

.. math:: \begin{pmatrix} B & C \\ R & T \end{pmatrix},

C has one entry a row and R one a column. As local unknowns of different owners do not touch each
other in B, the Schur complement T - R B^-1 C is as narrow as T, and one solve with B makes it for
all owners at once.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from interlith.numerics.banded import BELOW, factorise, solve_in_place

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Integers = NDArray[np.int64]


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz", "reassoc"})
def factorise_linked(
    band: Matrix,
    local: int,
    owner: Integers,
    link_columns: Vector,
    link_rows: Vector,
    solved_links: Vector,
) -> bool:
    """Replace the band by its factors, and eliminate the local unknowns from the backbone.

    Parameters
    ----------
    band : ndarray, shape (n, WIDTH)
        Local band and backbone, one below the other; overwritten by their factors.
    local : int
        Number of local unknowns; n for a plain banded matrix.
    owner : ndarray of int, shape (n,)
        Index of the backbone unknown that a local one is linked to, or -1.
    link_columns, link_rows : ndarray, shape (n,)
        Entries of C, and of R, by local unknown.
    solved_links : ndarray, shape (n,)
        Receives B^-1 C, by local unknown.

    Returns
    -------
    bool
        False if a pivot vanished or was not finite.
    """
    if local == band.shape[0]:
        return bool(factorise(band))
    if not factorise(band[:local]):
        return False
    solved_links[:local] = link_columns[:local]
    solve_in_place(band[:local], solved_links[:local])
    for i in range(local):
        if owner[i] >= 0:
            band[owner[i], BELOW] -= link_rows[i] * solved_links[i]
    return bool(factorise(band[local:]))


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz", "reassoc"})
def solve_linked(
    factors: Matrix,
    local: int,
    owner: Integers,
    link_rows: Vector,
    solved_links: Vector,
    vector: Vector,
) -> None:
    """Overwrite a right-hand side by the solution of the factorised system.

    Parameters
    ----------
    factors : ndarray, shape (n, WIDTH)
        From :func:`factorise_linked`.
    local : int
        Number of local unknowns.
    owner : ndarray of int, shape (n,)
        As there.
    link_rows, solved_links : ndarray, shape (n,)
        As there.
    vector : ndarray, shape (n,)
        Right-hand side; overwritten.
    """
    if local == factors.shape[0]:
        solve_in_place(factors, vector)
        return
    solve_in_place(factors[:local], vector[:local])
    for i in range(local):
        if owner[i] >= 0:
            vector[owner[i]] -= link_rows[i] * vector[i]
    solve_in_place(factors[local:], vector[local:])
    for i in range(local):
        if owner[i] >= 0:
            vector[i] -= solved_links[i] * vector[owner[i]]
