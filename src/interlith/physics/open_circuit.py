"""The open-circuit potential where no measurement reaches: few lithium ions left, or few places."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

FEWEST = 1e-6
"""Smallest share of lithium, or of vacancies, that the logarithm is taken of."""


def with_site_limits(
    stoichiometry: FloatArray,
    potential: FloatArray,
    valid: tuple[float, float],
    thermal_voltage: float,
) -> FloatArray:
    r"""Add the entropy of mixing beyond the range for which a potential was published.

    .. math:: U(x) = U_{line}(x) + \frac{R T}{F} \ln\frac{1 - x}{1 - x_{high}} \quad (x > x_{high}),
              \qquad U_{line}(x) - \frac{R T}{F} \ln\frac{x}{x_{low}} \quad (x < x_{low})

    Parameters
    ----------
    stoichiometry : ndarray
        Lithium content x, 0 to 1.
    potential : ndarray
        The potential, beyond the range a straight line [V].
    valid : (float, float)
        Range for which it was published.
    thermal_voltage : float
        R T / F [V].

    Returns
    -------
    ndarray
        Potential that falls without bound where places run out, and rises where lithium does [V].

    Notes
    -----
    Ideal mixing of lithium and vacancies on one lattice: McKinnon & Haering, in Modern Aspects of
    Electrochemistry 15 (1983), ch. 4, from memory (no DOI); that it holds beyond the range is
    assumed. A straight line alone would let particles take more lithium than they have places for.
    """
    low, high = valid
    full = np.maximum(1.0 - stoichiometry, FEWEST) / max(1.0 - high, FEWEST)
    empty = np.maximum(stoichiometry, FEWEST) / max(low, FEWEST)
    limit = np.where(stoichiometry > high, np.log(full), 0.0)
    limit -= np.where(stoichiometry < low, np.log(empty), 0.0)
    return potential + thermal_voltage * limit
