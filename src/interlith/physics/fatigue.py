r"""Active material that loses contact as particles crack under strain.

Where the surface of a particle is delithiated beyond the onset x_c of the collapse of its lattice,
each passed volumetric strain isolates a share of the material:

.. math:: -\frac{d \ln a}{d \epsilon} = \frac{k}{1 + \bar f / f_{1/2}}, \qquad
          \epsilon = \int \left| d\,v(\min(x_s, x_c)) \right|

a is the connected share, v the relative volume of the lattice, f the fluoride in the outer layer.
Isolated material keeps the lithium that it holds. The law is assumed: that damage sets in where the
lattice collapses is reported for nickel-rich oxides (docs/references.md), its form is not measured.
The sum runs over time steps between which x_s is monotone, so that it does not depend on them.
"""

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

OUTER_LAYER = 0.1
"""Depth over radius in which fluoride strengthens a particle: where cracks start (assumed)."""


def passed_strain(surface: FloatArray, onset: float, volume: FloatArray) -> FloatArray:
    """Volumetric strain that surfaces pass beyond the onset of cracking.

    Parameters
    ----------
    surface : ndarray, shape (t, particles)
        Stoichiometry at the surface of each particle, in the order of time.
    onset : float
        x_c.
    volume : ndarray, shape (m,)
        Relative volume on a uniform grid of x from 0 to 1.

    Returns
    -------
    ndarray, shape (particles,)
        epsilon.
    """
    if len(surface) < 2 or float(surface.min()) >= onset:
        return np.zeros(surface.shape[1])
    beyond = np.minimum(surface, onset)
    relative = np.interp(beyond, np.linspace(0.0, 1.0, len(volume)), volume)
    return np.asarray(np.abs(np.diff(relative, axis=0)).sum(axis=0))


def surviving_share(
    strain: FloatArray, rate: float, fluoride: FloatArray | float, half_protection: float
) -> FloatArray:
    """Share of the connected material that stays so.

    Parameters
    ----------
    strain : ndarray
        epsilon, from :func:`passed_strain`.
    rate : float
        k.
    fluoride : ndarray or float
        Mean fluoride in the outer layer [mol m-3].
    half_protection : float
        f_1/2, at which cracking is halved [mol m-3].

    Returns
    -------
    ndarray
        exp(-k epsilon / (1 + f / f_1/2)).
    """
    return np.asarray(np.exp(-rate * strain / (1.0 + fluoride / half_protection)))
