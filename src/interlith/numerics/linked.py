r"""Banded systems whose rows hang on a backbone: particles on the nodes of an electrode.

The first ``local`` unknowns form a band of their own (see :mod:`interlith.numerics.banded`), which
is tridiagonal after the first ``wide`` of them; the others, the backbone, form a tridiagonal one.
A local unknown may depend on one backbone unknown, its owner, and its owner on it. In blocks

.. math:: \begin{pmatrix} B & C \\ R & T \end{pmatrix},

C has one entry a row and R one a column. As local unknowns of different owners do not touch each
other in B, the Schur complement T - R B^-1 C is as narrow as T, and one solve with B makes it for
all owners at once.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from interlith.numerics.banded import (
    BELOW,
    factorise,
    factorise_tridiagonal,
    solve_in_place,
    solve_tridiagonal,
)

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Integers = NDArray[np.int64]


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz", "reassoc"})
def factorise_linked(
    band: Matrix,
    wide: int,
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
    wide : int
        Number of leading unknowns whose rows are banded; n for a plain banded matrix. They do not
        touch the tridiagonal ones that follow.
    local : int
        Number of local unknowns.
    owner : ndarray of int, shape (n,)
        Index of the backbone unknown that a local one after the wide ones is linked to.
    link_columns, link_rows : ndarray, shape (n,)
        Entries of C, and of R, by local unknown.
    solved_links : ndarray, shape (n,)
        Receives B^-1 C, by local unknown.

    Returns
    -------
    bool
        False if a pivot vanished or was not finite.
    """
    if wide == band.shape[0]:
        return bool(factorise(band))
    if wide > 0 and not factorise(band[:wide]):
        return False
    if not factorise_tridiagonal(band[wide:local]):
        return False
    solved_links[wide:local] = link_columns[wide:local]
    solve_tridiagonal(band[wide:local], solved_links[wide:local])
    for i in range(wide, local):
        band[owner[i], BELOW] -= link_rows[i] * solved_links[i]
    return bool(factorise_tridiagonal(band[local:]))


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz", "reassoc"})
def solve_linked(
    factors: Matrix,
    wide: int,
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
    wide, local : int
        As there.
    owner : ndarray of int, shape (n,)
        As there.
    link_rows, solved_links : ndarray, shape (n,)
        As there.
    vector : ndarray, shape (n,)
        Right-hand side; overwritten.
    """
    if wide == factors.shape[0]:
        solve_in_place(factors, vector)
        return
    if wide > 0:
        solve_in_place(factors[:wide], vector[:wide])
    solve_tridiagonal(factors[wide:local], vector[wide:local])
    for i in range(wide, local):
        vector[owner[i]] -= link_rows[i] * vector[i]
    solve_tridiagonal(factors[local:], vector[local:])
    for i in range(wide, local):
        vector[i] -= solved_links[i] * vector[owner[i]]
