"""Lithium in the pores of an interlayer: where it may plate and at which potential."""

import math

from numba import njit

from interlith.physics.constants import FARADAY
from interlith.physics.kinetics import TURNING_WIDTH, bounded_sinh_and_cosh

SATURATION_WIDTH = 0.1
"""Filling over which a pore runs full or empty. A regularisation: it keeps 0 <= filling <= 1."""


def capillary_overpotential(
    interface_energy: float, pore_radius: float, molar_volume: float
) -> float:
    r"""Overpotential that pushes lithium into a pore which it does not wet.

    .. math:: \eta_{cap} = \frac{2 \gamma V_{Li}}{r_{pore} F}

    Parameters
    ----------
    interface_energy : float
        gamma, excess energy of the lithium|wall interface [J m-2]; positive is lithiophobic.
    pore_radius : float
        r [m].
    molar_volume : float
        V_Li [m3 mol-1].

    Returns
    -------
    float
        Overpotential [V]; lithium plates in the pore below minus this value.

    Notes
    -----
    Young-Laplace pressure times V_Li / F; the coupling of pressure and potential follows
    Monroe & Newman, J. Electrochem. Soc. 151, A880 (2004), doi:10.1149/1.1710893.
    """
    return 2.0 * interface_energy * molar_volume / (pore_radius * FARADAY)


def no_capillarity(interface_energy: float, pore_radius: float, molar_volume: float) -> float:
    """Leave the capillary shift out: lithium in pores is at the potential of bulk lithium.

    Parameters
    ----------
    interface_energy, pore_radius, molar_volume : float
        As in :func:`capillary_overpotential`; not used.

    Returns
    -------
    float
        0 V.
    """
    del interface_energy, pore_radius, molar_volume
    return 0.0


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz", "reassoc"})
def room_for(forward: bool, filling: float) -> float:
    """Share of the sites that can react: empty ones for filling, full ones for emptying.

    Parameters
    ----------
    forward : bool
        True when the store fills.
    filling : float
        State of the store, 0 to 1.

    Returns
    -------
    float
        g(z) = z / (|z| + w) of the share z that is left: 1 in the middle, 0 at the end towards
        which the reaction runs, negative beyond it, so that an overdrawn store fills up again.
    """
    left = 1.0 - filling if forward else filling
    return left / (abs(left) + SATURATION_WIDTH)


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz", "reassoc"})
def room_slope(forward: bool, filling: float) -> float:
    """Derivative of :func:`room_for` with respect to the filling.

    Parameters
    ----------
    forward : bool
        True when the store fills.
    filling : float
        State of the store, 0 to 1.

    Returns
    -------
    float
        Dimensionless slope.
    """
    left = 1.0 - filling if forward else filling
    slope = SATURATION_WIDTH / (abs(left) + SATURATION_WIDTH) ** 2
    return -slope if forward else slope


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz", "reassoc"})
def rooms(filling: float) -> tuple[float, float]:
    """Both of :func:`room_for`, to fill and to empty, by one division.

    Parameters
    ----------
    filling : float
        State of the store, 0 to 1.

    Returns
    -------
    empty, full : float
        g(1 - z) and g(z).
    """
    empty = abs(1.0 - filling) + SATURATION_WIDTH
    full = abs(filling) + SATURATION_WIDTH
    inverse = 1.0 / (empty * full)
    return (1.0 - filling) * full * inverse, filling * empty * inverse


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz", "reassoc"})
def pore_plating_rate(
    overpotential: float,
    filling: float,
    area_times_exchange: float,
    capillary: float,
    thermal_voltage: float,
) -> tuple[float, float, float, float, float]:
    r"""Rate at which lithium plates in the pores, and how far it is plating, with derivatives.

    .. math:: S = 2 a\,i_0 \left[g(1 - s)\,\langle h \rangle - g(s)\,\langle -h \rangle\right],
              \quad h = \sinh\left(-\frac{F(\eta + \eta_{cap})}{2RT}\right)

    Parameters
    ----------
    overpotential : float
        Electronic minus ionic potential eta [V].
    filling : float
        Share s of the pore volume that holds lithium.
    area_times_exchange : float
        Specific area times exchange current density, a i_0 [A m-3].
    capillary : float
        Capillary overpotential [V].
    thermal_voltage : float
        R T / F [V].

    Returns
    -------
    rate, per_volt, per_filling, plates, plates_per_volt : float
        Rate [A m-3], positive when plating; d rate/d eta [A m-3 V-1]; d rate/d s [A m-3]; a switch
        that is 1 where the potential plates and 0 where it strips; d plates/d eta [V-1].

    Notes
    -----
    Butler-Volmer kinetics in a porous electrode: Newman & Tobias, J. Electrochem. Soc. 109, 1183
    (1962), doi:10.1149/1.2425269. Two regularisations: g(z) = z / (|z| + 0.1) runs a store out of
    room (:func:`room_for`), and the positive part <h> is rounded over :data:`TURNING_WIDTH`, so
    that a pore that has run full or empty meets no kink when the direction changes.
    """
    argument = -0.5 * (overpotential + capillary) / thermal_voltage
    sine, slope = bounded_sinh_and_cosh(argument)
    rounded = math.sqrt(sine * sine + TURNING_WIDTH * TURNING_WIDTH)
    forward, backward = 0.5 * (rounded + sine), 0.5 * (rounded - sine)
    empty, full = rooms(filling)
    rate = 2.0 * area_times_exchange * (forward * empty - backward * full)
    tilt = 0.5 * (empty * (1.0 + sine / rounded) + full * (1.0 - sine / rounded))
    per_volt = -area_times_exchange / thermal_voltage * slope * tilt
    per_filling = forward * room_slope(True, filling) - backward * room_slope(False, filling)
    plates = 0.5 * (1.0 + sine / rounded)
    turn = 0.5 * TURNING_WIDTH * TURNING_WIDTH / (rounded * rounded * rounded)
    plates_per_volt = -0.5 * turn * slope / thermal_voltage
    return rate, per_volt, 2.0 * area_times_exchange * per_filling, plates, plates_per_volt
