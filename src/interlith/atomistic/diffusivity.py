"""From a barrier to the diffusivity and the mobility of an adatom along its easiest direction.

The laws are those of `physics/mobility.py`, in one dimension with the period of the surface as
length of a jump. The attempt frequency is assumed, as in the materials library: 1 THz within a
factor of ten, the usual order for adatoms; Vineyard, J. Phys. Chem. Solids 3, 121 (1957),
doi:10.1016/0022-3697(57)90059-8, would give it from vibrations, which nobody computes here.
"""

from __future__ import annotations

import numpy as np

from interlith.physics import mobility as laws

ATTEMPT_FREQUENCY = 1e12  # Hz, assumed
ATTEMPT_RANGE = (1e11, 1e13)  # Hz, assumed
METRES_PER_ANGSTROM = 1e-10


def surface_diffusivity(
    barrier_eV: float,
    period_A: float,
    temperature_K: float,
    attempt_frequency_Hz: float = ATTEMPT_FREQUENCY,
) -> float:
    """Return the diffusivity [m2/s] of an adatom along a row of sites.

    Parameters
    ----------
    barrier_eV
        Barrier of the crossing [eV].
    period_A
        Length after which the surface repeats [angstrom].
    temperature_K
        Temperature [K].
    attempt_frequency_Hz
        Attempt frequency [Hz].
    """
    found = laws.surface_diffusivity(
        np.asarray(barrier_eV),
        np.asarray(attempt_frequency_Hz),
        np.asarray(period_A * METRES_PER_ANGSTROM),
        temperature_K,
        dimensions=1,
    )
    return float(found)


def mobility(diffusivity: float, temperature_K: float) -> float:
    """Return the mobility [m2 V-1 s-1] of a singly charged adatom from its diffusivity [m2/s]."""
    one = np.asarray(1.0)
    return float(laws.nernst_einstein_mobility(one, np.asarray(diffusivity), temperature_K))
