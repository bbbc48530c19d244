"""What moves a metal atom in a field: the charge it takes up, and the barrier it has to pass.

The functions take arrays, one entry a draw from the ranges of the library.
"""

import numpy as np
from numpy.typing import NDArray

from interlith.physics.constants import FARADAY, GAS_CONSTANT

Array = NDArray[np.float64]

MOST_CHARGE = 1.0
"""Charge that the field can act on, in elementary charges per atom: no more than one (assumed)."""


def open_share(potential: float, starts: Array, drops: Array) -> Array:
    r"""Share of each step of a lithiation ladder that is passed at a potential.

    .. math:: o_k = \min\left(1, \max\left(0, \frac{U_k - U}{\Delta U_k}\right)\right),
              \qquad o_k = [U \le U_k] \text{ where } \Delta U_k = 0

    Parameters
    ----------
    potential : float
        U against lithium [V].
    starts : array
        U_k, potential at the start of each step [V]; steps along the last axis.
    drops : array
        Fall of the potential along each step [V]; 0 on a plateau.

    Returns
    -------
    array
        o_k [1], in the shape of `starts`. A definition: equilibrium at the potential, no kinetics.
    """
    slope = np.where(drops > 0.0, drops, 1.0)
    sloping = np.clip((starts - potential) / slope, 0.0, 1.0)
    return np.where(drops > 0.0, sloping, (potential <= starts).astype(float))


def implanted_charge(factor: Array, lithium_per_atom: Array, filled: Array) -> Array:
    r"""Positive charge that a particle takes up, in elementary charges per metal atom.

    .. math:: q = c \, z(U) \, X

    Parameters
    ----------
    factor : array
        Charge uptake factor c [1]: 0 for a lithiophobic compound.
    lithium_per_atom : array
        Lithium per metal atom at the potential, z(U) [1].
    filled : array
        Share of it that has come in, X [1].

    Returns
    -------
    array
        q [1]. That implanted lithium counts as charge in proportion is an assumption after the
        mobility principle of Wan et al., Nature 623 (2023), doi:10.1038/s41586-023-06653-w.
    """
    return factor * lithium_per_atom * filled


def surface_diffusivity(
    barrier_eV: Array, attempts: Array, jump: Array, temperature: float, dimensions: int = 2
) -> Array:
    r"""Diffusivity of an atom that jumps over a barrier on a surface.

    .. math:: D = \frac{a^2 \nu}{2 d} e^{-E/k T}

    Parameters
    ----------
    barrier_eV : array
        E [eV].
    attempts : array
        nu [s-1].
    jump : array
        a [m].
    temperature : float
        T [K].
    dimensions : int
        d: 2 on the face, 1 along a row of sites.

    Returns
    -------
    array
        D [m2 s-1].

    Notes
    -----
    Random walk in d dimensions: Ala-Nissila, Ferrando and Ying, Adv. Phys. 51, 949 (2002),
    doi:10.1080/00018730110107902 (unverified); transition-state rate with one frequency (assumed).
    """
    energy = barrier_eV * FARADAY / (GAS_CONSTANT * temperature)
    return jump * jump * attempts / (2.0 * dimensions) * np.exp(-energy)


def nernst_einstein_mobility(charge: Array, diffusivity: Array, temperature: float) -> Array:
    r"""Drift velocity per field of an atom with an effective charge.

    .. math:: u = z_{eff} \frac{F}{R T} D, \qquad z_{eff} = \min(1, q)

    Parameters
    ----------
    charge : array
        Implanted charge per atom q [1].
    diffusivity : array
        D [m2 s-1].
    temperature : float
        T [K].

    Returns
    -------
    array
        u [m2 V-1 s-1].

    Notes
    -----
    Newman and Thomas-Alyea, Electrochemical Systems, 3rd ed., 2004, section 11.9, ISBN
    978-0-471-47756-3. The bound of one charge is assumed; the electron wind is left out.
    """
    charge = np.minimum(charge, MOST_CHARGE)
    return charge * diffusivity * FARADAY / (GAS_CONSTANT * temperature)


def released_mobility(mobility: Array, solubility: Array) -> Array:
    r"""Mobility of the metal as a whole, of which only free atoms move.

    .. math:: \langle u \rangle = x_{sat} \, u

    Parameters
    ----------
    mobility : array
        u of a free atom [m2 V-1 s-1].
    solubility : array
        Mole fraction of the metal that lithium dissolves, x_sat [1].

    Returns
    -------
    array
        Mean mobility [m2 V-1 s-1].

    Notes
    -----
    Atoms that are bound in the particle do not move; a particle of micrometres itself moves about
    (a/R)^4 as fast as an atom. In equilibrium beside lithium the free share is at most the
    solubility (fast exchange between free and bound atoms is an assumption, as for traps: Oriani,
    Acta Metall. 18, 147 (1970), doi:10.1016/0001-6160(70)90078-7).
    """
    return solubility * mobility
