"""Noise of a recorded series, told from its trend."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["MAD_TO_SIGMA", "white_noise", "without_spikes"]

MAD_TO_SIGMA = 1.4826
"""Median absolute deviation of a normal distribution to its standard deviation."""
SECOND_DIFFERENCE = np.sqrt(6.0)
"""Standard deviation of x[i-1] - 2 x[i] + x[i+1] of white noise, in units of that of x."""
FEWEST = 5
SPIKE = 8.0
"""Standard deviations by which a row must leave both its neighbours to be a spike."""


def white_noise(series: NDArray[np.float64]) -> float:
    """Standard deviation of the noise from row to row.

    From the median absolute second difference, so that neither trends nor single steps count
    (Gasser, Sroka & Jennen-Steinmetz 1986, doi:10.1093/biomet/73.3.625, with a robust scale).

    Parameters
    ----------
    series : array, shape (n,)
        Any unit.

    Returns
    -------
    float
        In the unit of the series; of fewer than five rows their standard deviation, trend and all.
    """
    if len(series) < FEWEST:
        return float(np.std(series)) if len(series) else 0.0
    second = series[:-2] - 2.0 * series[1:-1] + series[2:]
    return float(MAD_TO_SIGMA * np.median(np.abs(second)) / SECOND_DIFFERENCE)


def without_spikes(
    series: NDArray[np.float64], noise: float
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return the series with single rows that jump out and back put onto their neighbours.

    Parameters
    ----------
    series : array, shape (n,)
        Any unit.
    noise : float
        Standard deviation of its noise, in the same unit.

    Returns
    -------
    series : array, shape (n,)
        With spikes replaced by the mean of their neighbours.
    spikes : bool array, shape (n,)
        Which rows were.
    """
    spikes = np.zeros(len(series), dtype=bool)
    if len(series) < 3:
        return series, spikes
    left = series[1:-1] - series[:-2]
    right = series[1:-1] - series[2:]
    out = np.minimum(np.abs(left), np.abs(right)) > SPIKE * max(noise, np.finfo(float).tiny)
    # Out and back: the neighbours agree with each other far better than with the row between.
    back = np.abs(series[2:] - series[:-2]) < 0.5 * np.minimum(np.abs(left), np.abs(right))
    spikes[1:-1] = out & back & (np.sign(left) == np.sign(right))
    spikes[2:] &= ~spikes[1:-1]
    mended = series.copy()
    where = np.flatnonzero(spikes)
    mended[where] = 0.5 * (series[where - 1] + series[where + 1])
    return mended, spikes
