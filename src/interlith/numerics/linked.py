r"""Chains that hang on a backbone: the particles on the nodes of an electrode.

The first ``wide`` unknowns form a band of their own (see :mod:`interlith.numerics.banded`). Those
from ``wide`` to ``local`` are the members of tridiagonal chains, the rest is the backbone,
tridiagonal as well. Chains are numbered so that ``owners`` neighbours hang on the first ``owners``
unknowns of the backbone in turn; a member may depend on its owner, and its owner on it. In blocks

.. math:: \begin{pmatrix} B & C \\ R & T \end{pmatrix},

C has one entry a row and R one a column. As chains do not touch each other in B, the Schur
complement T - R B^-1 C is as narrow as T, and one solve with B makes it for all owners at once.
"""

from typing import Final, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from interlith.numerics.banded import factorise, solve_in_place
from interlith.numerics.chains import factorise_chains, solve_chains

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]

OWNER_COLUMN, OWNER_ROW, LOWER, DIAGONAL, UPPER = 0, 1, 2, 3, 4
"""Rows of the array of links: derivative of a member by its owner (C) and of its owner by it (R);
derivatives of a member, or of an unknown of the backbone, by the one before, itself, the next."""
LINKS: Final = 5

_FAST = {"contract", "arcp", "nsz", "reassoc"}


class Shape(NamedTuple):
    """Which unknowns are banded, members of chains, and the backbone."""

    wide: int
    """Number of leading unknowns in a band; all of them without a backbone."""
    local: int
    """Where the backbone begins."""
    chains: int
    """Number of chains."""
    owners: int
    """Number of backbone unknowns on which chains hang; the number of chains is a multiple."""


class Factors(NamedTuple):
    """A matrix of n unknowns, and in the same place its factors."""

    band: Matrix
    """Band of the first unknowns, (wide, WIDTH)."""
    links: Matrix
    """Chains, backbone and what ties them, (LINKS, n)."""
    solved_links: Vector
    """B^-1 C by member, (n,)."""
    shape: Shape


@njit(cache=True, nogil=True, error_model="numpy", fastmath=_FAST)
def factorise_linked(matrix: Factors) -> bool:
    """Replace a matrix by its factors, with the chains eliminated from the backbone.

    Parameters
    ----------
    matrix : Factors
        Entries of ``band`` and ``links``; all is overwritten.

    Returns
    -------
    bool
        False if a pivot vanished or was not finite.
    """
    links, solved = matrix.links, matrix.solved_links
    wide, local, owners = matrix.shape.wide, matrix.shape.local, matrix.shape.owners
    if wide > 0 and not factorise(matrix.band):
        return False
    if wide == links.shape[1]:
        return True
    chains = matrix.shape.chains
    lower, diagonal, upper = links[LOWER], links[DIAGONAL], links[UPPER]
    if not factorise_chains(lower[wide:local], diagonal[wide:local], upper[wide:local], chains):
        return False
    solved[wide:local] = links[OWNER_COLUMN, wide:local]
    solve_chains(
        lower[wide:local], diagonal[wide:local], upper[wide:local], chains, solved[wide:local]
    )
    rows, owned = links[OWNER_ROW], diagonal[local : local + owners]
    for start in range(wide, local, owners):
        row, member = rows[start:], solved[start:]
        for owner in range(owners):
            owned[owner] -= row[owner] * member[owner]
    return bool(factorise_chains(lower[local:], diagonal[local:], upper[local:], 1))


@njit(cache=True, nogil=True, error_model="numpy", fastmath=_FAST)
def solve_linked(factors: Factors, vector: Vector) -> None:
    """Overwrite a right-hand side by the solution of the factorised system.

    Parameters
    ----------
    factors : Factors
        From :func:`factorise_linked`.
    vector : ndarray, shape (n,)
        Right-hand side; overwritten.
    """
    links, solved = factors.links, factors.solved_links
    wide, local, owners = factors.shape.wide, factors.shape.local, factors.shape.owners
    if wide > 0:
        solve_in_place(factors.band, vector[:wide])
    if wide == vector.shape[0]:
        return
    lower, diagonal, upper = links[LOWER], links[DIAGONAL], links[UPPER]
    solve_chains(
        lower[wide:local],
        diagonal[wide:local],
        upper[wide:local],
        factors.shape.chains,
        vector[wide:local],
    )
    rows, owned = links[OWNER_ROW], vector[local : local + owners]
    for start in range(wide, local, owners):
        row, member = rows[start:], vector[start:]
        for owner in range(owners):
            owned[owner] -= row[owner] * member[owner]
    solve_chains(lower[local:], diagonal[local:], upper[local:], 1, vector[local:])
    for start in range(wide, local, owners):
        column, member = solved[start:], vector[start:]
        for owner in range(owners):
            member[owner] -= column[owner] * owned[owner]
