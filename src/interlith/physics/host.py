"""Lithiation of the host metal (Bi to Li3Bi): electrochemical, with a solid-diffusion limit."""

import math

from numba import njit

from interlith.physics.kinetics import TURNING_WIDTH, bounded_sinh_and_cosh
from interlith.physics.pores import room_slope, rooms


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz", "reassoc"})
def host_lithiation_rate(
    overpotential: float,
    lithiated_fraction: float,
    plateau_potential: float,
    area_times_exchange: float,
    area_times_limit: float,
    thermal_voltage: float,
) -> tuple[float, float, float]:
    r"""Rate at which the host takes up lithium, with its two derivatives.

    .. math:: S = g(x)\,\frac{S_{kin}}{1 + |S_{kin}| / S_{lim}}, \quad
              S_{kin} = 2 a i_0 \sinh\frac{F (U - \eta)}{2RT}

    Parameters
    ----------
    overpotential : float
        Electronic minus ionic potential eta, against lithium [V].
    lithiated_fraction : float
        x, share of the host that is lithiated.
    plateau_potential : float
        U, potential of the two-phase plateau against lithium [V].
    area_times_exchange : float
        a i_0 [A m-3].
    area_times_limit : float
        Largest rate that diffusion in the particle can carry [A m-3].
    thermal_voltage : float
        R T / F [V].

    Returns
    -------
    rate, per_volt, per_fraction : float
        Rate [A m-3], positive when the host takes up lithium; its derivatives with respect to eta
        [A m-3 V-1] and to x [A m-3].

    Notes
    -----
    Butler-Volmer kinetics in series with a diffusion limit: Bard & Faulkner, Electrochemical
    Methods, 2nd ed. (2001), section 3.4, ISBN 978-0-471-04372-0. The plateau is flat: two phases.
    """
    argument = 0.5 * (plateau_potential - overpotential) / thermal_voltage
    sine, slope = bounded_sinh_and_cosh(argument)
    scale = 2.0 * area_times_exchange
    damping = area_times_limit / (area_times_limit + scale * abs(sine))
    drive = sine * damping
    rounded = math.sqrt(drive * drive + TURNING_WIDTH * TURNING_WIDTH)
    ahead, back = 0.5 * scale * (rounded + drive), 0.5 * scale * (rounded - drive)
    empty, full = rooms(lithiated_fraction)
    tilt = 0.5 * (empty * (1.0 + drive / rounded) + full * (1.0 - drive / rounded))
    kinetic_per_volt = -area_times_exchange / thermal_voltage * slope
    per_volt = kinetic_per_volt * damping**2 * tilt
    per_fraction = ahead * room_slope(True, lithiated_fraction) - back * room_slope(
        False, lithiated_fraction
    )
    return ahead * empty - back * full, per_volt, per_fraction


def particle_diffusion_limit(
    lithium_concentration: float, diffusivity: float, particle_radius: float, faraday: float
) -> float:
    r"""Surface current density at which diffusion fills a sphere in its own diffusion time.

    .. math:: i_{lim} = \frac{F c\,R/3}{R^2 / D} = \frac{F c D}{3 R}

    Parameters
    ----------
    lithium_concentration : float
        Lithium that the full host holds, c [mol m-3].
    diffusivity : float
        Lithium diffusivity in the host D [m2 s-1].
    particle_radius : float
        R [m].
    faraday : float
        Faraday constant [C mol-1].

    Returns
    -------
    float
        Current density [A m-2].

    Notes
    -----
    Scale of Crank, The Mathematics of Diffusion, 2nd ed. (1975), ch. 6, ISBN 978-0-19-853411-2.
    """
    return faraday * lithium_concentration * diffusivity / (3.0 * particle_radius)
