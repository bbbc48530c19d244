"""From a barrier to the diffusivity and the mobility of an adatom along its easiest direction.

    D = (nu L^2 / 2) exp(-E / k_B T),    b = D e / (k_B T)

in one dimension with period L: the harmonic transition state theory of Vineyard, J. Phys. Chem.
Solids 3, 121 (1957), doi:10.1016/0022-3697(57)90059-8, with an attempt frequency nu that is
assumed, 1 THz within a factor of ten, and the Einstein relation for a single charge e.
"""

from __future__ import annotations

from math import exp

ATTEMPT_FREQUENCY = 1e12  # Hz, assumed
ATTEMPT_RANGE = (1e11, 1e13)  # Hz, assumed
BOLTZMANN_EV = 8.617333262e-5  # eV/K
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
    length = period_A * METRES_PER_ANGSTROM
    return (
        0.5 * attempt_frequency_Hz * length**2 * exp(-barrier_eV / (BOLTZMANN_EV * temperature_K))
    )


def mobility(diffusivity: float, temperature_K: float) -> float:
    """Return the mobility [m2 V-1 s-1] of a singly charged adatom from its diffusivity [m2/s]."""
    return diffusivity / (BOLTZMANN_EV * temperature_K)
