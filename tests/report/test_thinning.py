from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from interlith.report.thinning import MOST_POINTS, thin


@given(
    length=st.integers(0, 30_000),
    most=st.integers(10, 3000),
    seed=st.integers(0, 2**32 - 1),
    digits=st.integers(0, 6),
)
def test_thinning_keeps_ends_and_extremes_and_the_limit(length, most, seed, digits):
    y = np.round(np.random.default_rng(seed).normal(size=length), digits)
    x = np.arange(length, dtype=float)

    thin_x, thin_y = thin(x, y, most)

    assert len(thin_x) == len(thin_y) <= max(most, 2)
    assert np.all(np.diff(thin_x) > 0)
    assert set(zip(thin_x, thin_y, strict=True)) <= set(zip(x, y, strict=True))
    if length:
        assert (thin_x[0], thin_x[-1]) == (x[0], x[-1])
        assert (thin_y.min(), thin_y.max()) == (y.min(), y.max())


def test_a_single_spike_survives():
    x = np.linspace(0.0, 1.0, 100_000)
    y = np.sin(20 * x)
    y[77_777] = 5.0

    thin_x, thin_y = thin(x, y)

    assert len(thin_x) <= MOST_POINTS
    assert thin_x[thin_y.argmax()] == x[77_777]


def test_a_staircase_stays_exact():
    x = np.arange(60_000, dtype=float)
    y = np.repeat(np.arange(100.0), 600) * np.where(np.arange(60_000) // 600 % 2, 1, -1)

    thin_x, thin_y = thin(x, y)

    assert len(thin_x) == 200
    assert np.array_equal(np.interp(x, thin_x, thin_y), y)


def test_gaps_stay_gaps():
    x = np.arange(10_000, dtype=float)
    y = np.cos(x)
    y[4000:6000] = np.nan

    thin_x, thin_y = thin(x, y)

    assert np.isnan(thin_y[(thin_x >= 4000) & (thin_x < 6000)]).any()
    assert np.isfinite(thin_y[(thin_x < 3990) | (thin_x >= 6010)]).all()


def test_all_nan_is_no_error():
    assert len(thin(np.arange(5000.0), np.full(5000, np.nan))[0]) <= MOST_POINTS
