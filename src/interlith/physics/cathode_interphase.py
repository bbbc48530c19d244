"""Growth of the resistive interphase between cathode particles and the solid electrolyte."""

import math

from numba import njit

_FAST = {"contract", "arcp", "nsz", "reassoc"}
LARGEST_POTENTIAL_EXPONENT = 20.0
"""Beyond it the rate no longer rises with the potential, so that nothing overflows."""


@njit(inline="always", cache=True, nogil=True, error_model="numpy", fastmath=_FAST)
def interphase_growth(
    thickness: float, potential: float, rate: float, onset: float, scale: float
) -> tuple[float, float]:
    r"""Rate at which the interphase thickens, and its derivative with respect to the potential.

    .. math:: \frac{d\delta}{dt} = \frac{k}{\delta}
              \exp\left(\frac{E - E_{on}}{w}\right)

    Parameters
    ----------
    thickness : float
        delta [m].
    potential : float
        E, of the particle against lithium in the electrolyte beside it [V].
    rate : float
        k at the onset potential [m2 s-1].
    onset : float
        E_on [V].
    scale : float
        w, potential that multiplies the rate by e [V].

    Returns
    -------
    growth, per_volt : float
        [m s-1] and [m s-1 V-1].

    Notes
    -----
    Parabolic growth: transport through the product limits it, so that the resistance rises with the
    square root of time. Measured for oxide cathodes on Li6PS5Cl, though known to us from notes only
    (docs/references.md); the exponential of the potential is assumed.
    """
    exponent = min((potential - onset) / scale, LARGEST_POTENTIAL_EXPONENT)
    growth = rate / thickness * math.exp(exponent)
    return growth, growth / scale if exponent < LARGEST_POTENTIAL_EXPONENT else 0.0
