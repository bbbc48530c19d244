"""Optimal partitioning: breaks where they are, none in a line, and never worse than the truth."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from interlith.numerics.piecewise import straight_pieces


def cost(x, y, edges, variance, penalty):
    total = 0.0
    for a, b in itertools.pairwise(edges):
        fit = np.polynomial.Polynomial.fit(x[a:b], y[a:b], 1)
        total += np.sum((y[a:b] - fit(x[a:b])) ** 2) / variance + penalty
    return total


def test_a_line_is_one_piece():
    x = np.linspace(0.0, 1.0, 200)
    rng = np.random.default_rng(0)
    y = 3.0 * x + 0.01 * rng.standard_normal(200)
    assert straight_pieces(x, y, 1e-4, 4.0 * np.log(200), 3).tolist() == [0, 200]


@pytest.mark.parametrize("place", [30, 100, 180])
def test_a_jump_is_found_where_it_is(place):
    x = np.arange(200.0)
    rng = np.random.default_rng(1)
    y = 0.01 * rng.standard_normal(200) + 0.001 * x
    y[place:] -= 0.1
    assert straight_pieces(x, y, 1e-4, 4.0 * np.log(200), 3).tolist() == [0, place, 200]


def test_it_is_the_cheapest_of_all_partitions():
    rng = np.random.default_rng(2)
    for _ in range(5):
        x, y = np.arange(11.0), rng.standard_normal(11)
        found = straight_pieces(x, y, 0.3, 2.0, 3)
        places = range(3, 9)
        every = [
            [0, *inner, 11]
            for count in range(3)
            for inner in itertools.combinations(places, count)
            if all(b - a >= 3 for a, b in itertools.pairwise([0, *inner, 11]))
        ]
        best = min(cost(x, y, edges, 0.3, 2.0) for edges in every)
        assert cost(x, y, found, 0.3, 2.0) == pytest.approx(best, rel=1e-9)


def test_no_piece_is_shorter_than_asked():
    rng = np.random.default_rng(3)
    y = rng.standard_normal(100)
    assert np.diff(straight_pieces(np.arange(100.0), y, 1e-2, 1.0, 7)).min() >= 7
