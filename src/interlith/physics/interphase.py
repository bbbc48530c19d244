"""The solid electrolyte interphase: its resistance, its growth, and the overpotential it bears."""

import math

from numba import njit

from interlith.physics.constants import FARADAY
from interlith.physics.laws import SEI_GROWTH


@njit(
    SEI_GROWTH,
    cache=True,
    nogil=True,
    error_model="numpy",
    fastmath={"contract", "arcp", "nsz", "reassoc"},
)
def parabolic_growth(thickness: float, initial_thickness: float, rate_constant: float) -> float:
    r"""Growth velocity of an interphase that limits its own growth.

    .. math:: \frac{d\delta}{dt} = \frac{k}{\delta}

    Parameters
    ----------
    thickness : float
        delta [m].
    initial_thickness : float
        Not used here.
    rate_constant : float
        k [m2 s-1].

    Returns
    -------
    float
        Velocity [m s-1].

    Notes
    -----
    Wagner's parabolic law, found for argyrodites against lithium by Wenzel et al., Solid State
    Ionics 318, 102 (2018), doi:10.1016/j.ssi.2017.07.005.
    """
    return rate_constant / thickness


@njit(
    SEI_GROWTH,
    cache=True,
    nogil=True,
    error_model="numpy",
    fastmath={"contract", "arcp", "nsz", "reassoc"},
)
def no_growth(thickness: float, initial_thickness: float, rate_constant: float) -> float:
    """An interphase that passivates at once: no growth.

    Parameters
    ----------
    thickness, initial_thickness, rate_constant : float
        As in :func:`parabolic_growth`; not used.

    Returns
    -------
    float
        0 m/s.
    """
    return 0.0


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz", "reassoc"})
def sei_area_resistance(thickness: float, ionic_conductivity: float) -> float:
    r"""Area-specific resistance of the interphase, R = delta / kappa.

    Parameters
    ----------
    thickness : float
        delta [m].
    ionic_conductivity : float
        kappa [S m-1].

    Returns
    -------
    float
        Resistance [Ohm m2]. Ohm's law.
    """
    return thickness / ionic_conductivity


def critical_interphase_overpotential(
    fracture_toughness: float,
    flaw_depth: float,
    geometry_factor: float,
    interface_energy: float,
    tip_radius: float,
    molar_volume: float,
) -> float:
    r"""Overpotential above which lithium forces its way through the interphase (CIOP).

    .. math:: \eta_c = \frac{V_{Li}}{F}\left(\frac{K_{Ic}}{Y\sqrt{\pi a}}
              + \frac{2\gamma}{r}\right)

    Parameters
    ----------
    fracture_toughness : float
        K_Ic of the electrolyte [Pa m1/2].
    flaw_depth : float
        a, depth of the surface flaws [m]; the roughness of the electrolyte.
    geometry_factor : float
        Y, 1.12 for a surface crack.
    interface_energy : float
        gamma of lithium against the interphase [J m-2]; positive is lithiophobic.
    tip_radius : float
        r, radius of the grain boundary or pore that a lithium tip opens [m].
    molar_volume : float
        V_Li [m3 mol-1].

    Returns
    -------
    float
        Overpotential [V], never negative.

    Notes
    -----
    The concept: Wan et al., Nat. Energy 8, 473 (2023), doi:10.1038/s41560-023-01231-w. Pressure of
    a lithium-filled crack, F eta / V_Li, against Griffith's stress: Porz et al., Adv. Energy
    Mater. 7, 1701003 (2017), doi:10.1002/aenm.201701003.
    """
    fracture = fracture_toughness / (geometry_factor * math.sqrt(math.pi * flaw_depth))
    capillary = 2.0 * interface_energy / tip_radius
    return max(molar_volume / FARADAY * (fracture + capillary), 0.0)


def fracture_only(
    fracture_toughness: float,
    flaw_depth: float,
    geometry_factor: float,
    interface_energy: float,
    tip_radius: float,
    molar_volume: float,
) -> float:
    """CIOP without the interface energy: an interphase that lithium neither likes nor dislikes.

    Parameters
    ----------
    fracture_toughness, flaw_depth, geometry_factor, molar_volume : float
        As in :func:`critical_interphase_overpotential`.
    interface_energy, tip_radius : float
        Not used.

    Returns
    -------
    float
        Overpotential [V].

    Notes
    -----
    Porz et al., Adv. Energy Mater. 7, 1701003 (2017), doi:10.1002/aenm.201701003.
    """
    del interface_energy, tip_radius
    return critical_interphase_overpotential(
        fracture_toughness, flaw_depth, geometry_factor, 0.0, 1.0, molar_volume
    )


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz", "reassoc"})
def void_hot_spot_factor(
    contact_fraction: float, layer_thickness: float, void_spacing: float
) -> float:
    r"""Current at the electrolyte above the edge of a void, over the mean current.

    .. math:: H = 1 + \left(\frac1A - 1\right) e^{-2\pi L/\lambda}

    Parameters
    ----------
    contact_fraction : float
        A.
    layer_thickness : float
        L, distance between the voids and the interphase [m]; 0 for a bare electrode.
    void_spacing : float
        lambda, lateral distance of the voids [m].

    Returns
    -------
    float
        Dimensionless factor, 1/A for a bare electrode.

    Notes
    -----
    First lateral harmonic of Laplace's equation in a slab: a current pattern of period lambda
    decays as exp(-2 pi x / lambda). Jackson, Classical Electrodynamics, 3rd ed. (1998), section
    2.9, ISBN 978-0-471-30932-1.
    """
    smoothing = math.exp(-2.0 * math.pi * layer_thickness / void_spacing)
    return 1.0 + (1.0 / contact_fraction - 1.0) * smoothing
