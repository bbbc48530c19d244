"""Wald and Wolfowitz's runs test: whether residuals change sign as often as noise would."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import norm

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["runs_probability"]


def runs_probability(residual: NDArray[np.float64]) -> float:
    """Return the chance of so few runs of one sign, or fewer, in independent residuals.

    Normal approximation with continuity correction (Wald and Wolfowitz 1940,
    doi:10.1214/aoms/1177731909).
    """
    positive = np.asarray(residual) > 0.0
    above = int(positive.sum())
    below = len(positive) - above
    if above == 0 or below == 0:
        return float(0.5 ** max(len(positive) - 1, 0))
    runs = 1 + int(np.count_nonzero(positive[1:] != positive[:-1]))
    count = above + below
    mean = 1.0 + 2.0 * above * below / count
    variance = (mean - 1.0) * (mean - 2.0) / max(count - 1.0, 1.0)
    if variance <= 0.0:
        return 1.0
    return float(norm.cdf((runs + 0.5 - mean) / np.sqrt(variance)))
