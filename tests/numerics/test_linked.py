"""Chains on a backbone against dense algebra."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlith.numerics.banded import ABOVE, BELOW, WIDTH
from interlith.numerics.linked import (
    DIAGONAL,
    LINKS,
    LOWER,
    OWNER_COLUMN,
    OWNER_ROW,
    UPPER,
    Factors,
    Shape,
    factorise_linked,
    solve_linked,
)


@given(
    st.integers(0, 9),
    st.integers(1, 6),
    st.integers(1, 3),
    st.integers(1, 5),
    st.integers(0, 2**31),
)
def test_linked_solve_matches_dense(wide, nodes, sizes, members, seed):
    rng = np.random.default_rng(seed)
    chains = nodes * sizes
    local = wide + chains * members
    size = local + nodes + 1
    matrix = Factors(
        np.zeros((wide, WIDTH)),
        np.zeros((LINKS, size)),
        np.zeros(size),
        Shape(wide, local, chains, nodes),
    )
    dense = np.zeros((size, size))
    for i in range(wide):
        for j in range(max(0, i - BELOW), min(wide, i + ABOVE + 1)):
            value = rng.normal() + (12.0 if i == j else 0.0)
            matrix.band[i, j - i + BELOW] = dense[i, j] = value
    for i in range(wide, size):
        first, end, step = (wide, local, chains) if i < local else (local, size, 1)
        for row, j in ((LOWER, i - step), (DIAGONAL, i), (UPPER, i + step)):
            # What would leave its chain must not count.
            matrix.links[row, i] = value = rng.normal() + (12.0 if i == j else 0.0)
            if first <= j < end:
                dense[i, j] = value
    for i in range(wide, local):
        owner = local + (i - wide) % nodes
        matrix.links[OWNER_COLUMN, i] = dense[i, owner] = rng.normal()
        matrix.links[OWNER_ROW, i] = dense[owner, i] = rng.normal()
    right = rng.normal(size=size)
    found = right.copy()
    assert factorise_linked(matrix)
    solve_linked(matrix, found)
    assert np.allclose(dense @ found, right, atol=1e-9)


@pytest.mark.parametrize("row", [0, 3, 4, 7])
@pytest.mark.parametrize("bad", [0.0, np.nan, np.inf])
def test_a_bad_pivot_is_reported(row, bad):
    matrix = Factors(np.zeros((2, WIDTH)), np.zeros((LINKS, 8)), np.zeros(8), Shape(2, 5, 3, 3))
    matrix.band[:, BELOW], matrix.links[DIAGONAL] = 1.0, 1.0
    if row < 2:
        matrix.band[row, BELOW] = bad
    else:
        matrix.links[DIAGONAL, row] = bad
    assert not factorise_linked(matrix)
