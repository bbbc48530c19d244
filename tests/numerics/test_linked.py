"""Chains on a backbone against dense algebra."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlith.numerics.banded import ABOVE, BELOW, WIDTH
from interlith.numerics.linked import factorise_linked, solve_linked


@given(st.integers(0, 9), st.integers(1, 6), st.integers(1, 5), st.integers(0, 2**31))
def test_linked_solve_matches_dense(wide, nodes, each, seed):
    rng = np.random.default_rng(seed)
    local = wide + nodes * each
    size = local + nodes + 1
    band, dense = np.zeros((size, WIDTH)), np.zeros((size, size))
    owner = np.full(size, -1)
    owner[wide:local] = local + np.repeat(np.arange(nodes), each)
    for i in range(size):
        for j in range(size):
            inside = (i < wide and j < wide and -BELOW <= j - i <= ABOVE) or (
                abs(i - j) <= 1
                and min(i, j) >= wide
                and (i < local) == (j < local)
                and (i >= local or owner[i] == owner[j])
            )
            if inside:
                value = rng.normal() + (12.0 if i == j else 0.0)
                band[i, j - i + BELOW] = dense[i, j] = value
    columns, rows, solved = rng.normal(size=size), rng.normal(size=size), np.zeros(size)
    for i in range(wide, local):
        dense[i, owner[i]], dense[owner[i], i] = columns[i], rows[i]
    right = rng.normal(size=size)
    found = right.copy()
    assert factorise_linked(band, wide, local, owner, columns, rows, solved)
    solve_linked(band, wide, local, owner, rows, solved, found)
    assert np.allclose(dense @ found, right, atol=1e-9)


@pytest.mark.parametrize("row", [0, 3, 7])
def test_a_vanishing_pivot_is_reported(row):
    band = np.zeros((8, WIDTH))
    band[:, BELOW] = 1.0
    band[row, BELOW] = 0.0
    none = np.zeros(8)
    owner = np.array([-1, -1, 5, 6, 7, -1, -1, -1])
    assert not factorise_linked(band, 2, 5, owner, none, none, none.copy())
