"""Banded and bordered solves against dense numpy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlith.numerics.banded import ABOVE, BELOW, WIDTH, factorise, solve_in_place
from interlith.numerics.bordered import prepare_border, solve_bordered, solve_small
from interlith.numerics.grid import centres, graded_widths
from interlith.numerics.linked import LINKS, Factors, Shape, factorise_linked


@st.composite
def banded(draw):
    """A dominant banded matrix: dense, as a band padded by zeros, and its random generator."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    size = draw(st.integers(1, 30))
    lower, upper = draw(st.integers(0, BELOW)), draw(st.integers(0, ABOVE))
    dense = np.triu(np.tril(rng.normal(size=(size, size)), upper), -lower)
    dense += np.diag(np.where(rng.random(size) < 0.5, -1.0, 1.0) * (lower + upper + 3.0))
    band = np.zeros((size, WIDTH))
    for i in range(size):
        for j in range(max(0, i - lower), min(size, i + upper + 1)):
            band[i, j - i + BELOW] = dense[i, j]
    return dense, band, rng


@given(banded())
def test_banded_solve_matches_dense(problem):
    dense, band, rng = problem
    right = rng.normal(size=len(dense))
    found = right.copy()
    assert factorise(band)
    solve_in_place(band, found)
    assert np.allclose(found, np.linalg.solve(dense, right), rtol=1e-10, atol=1e-12)


@given(banded(), st.integers(1, 4))
def test_bordered_solve_matches_dense(problem, shared):
    dense, band, rng = problem
    size = len(dense)
    columns, rows = rng.normal(size=(shared, size)), rng.normal(size=(shared, size))
    rows[rng.random((shared, size)) < 0.5] = 0.0
    coupling = np.tril(0.3 * rng.normal(size=(shared, shared)), -1)
    whole = dense - columns.T @ np.linalg.solve(np.eye(shared) - coupling, rows)
    right = rng.normal(size=size)
    found, solved, small = right.copy(), np.zeros((shared, size)), np.zeros((shared, shared))
    factors = Factors(band, np.zeros((LINKS, size)), np.zeros(size), Shape(size, size, 1, 1))
    assert factorise_linked(factors)
    prepare_border(factors, columns, rows, coupling, solved, small)
    solve_bordered(factors, rows, solved, small, found, np.zeros(shared))
    # The border may make the matrix nearly singular, so compare the residual, not the solution.
    scale = np.abs(whole).max() * max(np.abs(found).max(), 1.0)
    assert np.abs(whole @ found - right).max() < 1e-9 * scale


@pytest.mark.parametrize("size", [1, 3, BELOW + 1, 20])
@pytest.mark.parametrize("bad", [0.0, np.nan, np.inf])
def test_vanishing_or_not_finite_pivot_is_reported(size, bad):
    """In the first, a middle and the last row: inside the loop over rows and in its tail."""
    for row in {0, size // 2, size - 1}:
        band = np.zeros((size, WIDTH))
        band[1:, BELOW - 1] = band[:-1, BELOW + 1] = 1.0
        band[:, BELOW] = 3.0
        assert factorise(band.copy())
        band[row, BELOW] = bad
        if bad == 0.0:
            band[row, BELOW - 1] = 0.0
        assert not factorise(band), row


@given(st.integers(1, 5), st.integers(0, 2**32 - 1))
def test_small_solve_pivots(size, seed):
    rng = np.random.default_rng(seed)
    matrix = rng.normal(size=(size, size))
    matrix[0, 0] = 0.0 if size > 1 else 1.0
    kept, vector = matrix.copy(), rng.normal(size=size)
    found = vector.copy()
    solve_small(matrix, found)
    assert np.array_equal(matrix, kept)
    assert np.abs(matrix @ found - vector).max() < 1e-9 * max(1.0, np.abs(found).max())


def test_small_singular_solve_is_not_finite():
    vector = np.ones(2)
    solve_small(np.ones((2, 2)), vector)
    assert np.isnan(vector).all()


@given(st.floats(1e-9, 1e-2), st.integers(1, 60), st.floats(1.0, 2.0))
def test_graded_grid_fills_the_layer_and_is_symmetric(thickness, count, grading):
    widths = graded_widths(thickness, count, grading)
    assert widths.shape == (count,)
    assert (widths > 0.0).all()
    assert widths.sum() == pytest.approx(thickness, rel=1e-13)
    assert np.allclose(widths, widths[::-1], rtol=1e-14)
    half = widths[: (count + 1) // 2]
    assert np.allclose(half[1:] / half[:-1], grading, rtol=1e-12)
    middle = centres(widths)
    assert np.allclose(middle + middle[::-1], thickness, rtol=1e-12)
    assert (np.diff(middle) > 0.0).all()
    assert middle[0] == pytest.approx(0.5 * widths[0])


@pytest.mark.parametrize("wrong", [(0.0, 5, 1.2), (-1.0, 5, 1.2), (1.0, 0, 1.2), (1.0, 5, 0.9)])
def test_impossible_grid_is_refused(wrong):
    with pytest.raises(ValueError, match="no grid of"):
        graded_widths(*wrong)
