"""Borrowed arrays in compiled functions: the same memory, whatever they are wrapped in."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest
from numba import njit

from interlith.numerics.borrowed import borrowed


class Pair(NamedTuple):
    one: np.ndarray
    other: np.ndarray


@njit
def double_first(array):
    """Double the first element through a borrowed array; the sum and length that it sees."""
    seen = borrowed(array)
    seen[0] *= 2.0
    return seen.sum(), seen.shape[0]


@njit
def move(pair):
    """Move everything from one array to the other, both borrowed."""
    seen = borrowed(pair)
    one, other = seen
    for i in range(one.shape[0]):
        other[i] += one[i]
        one[i] = 0.0
    return other[0]


@njit
def mark(nested):
    """Write to arrays at three depths of tuples, beside a number; what the number was."""
    top, (number, (middle, matrix)) = borrowed(nested)
    top[0], middle[1], matrix[1, 0] = 1.0, 2.0, 3.0
    return number


@njit
def through(array, levels):
    """Hand a borrowed array down some calls, which count references else."""
    seen = borrowed(array)
    for _ in range(levels):
        double_first(seen)
    return seen[0]


def test_a_borrowed_array_is_the_same_memory():
    array = np.array([1.0, 2.0, 3.0])
    assert double_first(array) == (7.0, 3)
    assert array.tolist() == [2.0, 2.0, 3.0]


def test_a_view_is_borrowed_as_what_it_is():
    """Strides and offset survive."""
    whole = np.arange(8.0)
    assert double_first(whole[1::2]) == (17.0, 4)
    assert whole[1] == 2.0
    assert whole.sum() == 29.0


@pytest.mark.parametrize("kind", [lambda a, b: (a, b), Pair], ids=["tuple", "named tuple"])
def test_a_borrowed_tuple_of_arrays_is_the_same_memory(kind):
    one, other = np.array([1.0, 2.0]), np.array([10.0, 20.0])
    assert move(kind(one, other)) == 11.0
    assert one.tolist() == [0.0, 0.0]
    assert other.tolist() == [11.0, 22.0]


def test_arrays_at_any_depth_are_the_same_memory():
    top, middle, matrix = np.zeros(2), np.zeros(2), np.zeros((2, 2))
    assert mark((top, (7, (middle, matrix)))) == 7
    assert top.tolist() == [1.0, 0.0]
    assert middle.tolist() == [0.0, 2.0]
    assert matrix.tolist() == [[0.0, 0.0], [3.0, 0.0]]


def test_the_owner_lives_on():
    """No reference is taken back that was never taken: the array outlives a thousand calls."""
    for size in (3, 10_000):
        array = np.ones(size)
        for _ in range(100):
            through(array, 10)
            array[0] = 1.0
        assert through(array, 10) == 1024.0
        assert array[1:].sum() == size - 1.0
