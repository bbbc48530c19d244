"""Charge transfer into a particle behind a resistive film, and the contact that it has."""

import math

from numba import njit

from interlith.physics.kinetics import LARGEST_EXPONENT, bounded_sinh_and_cosh

_FAST = {"contract", "arcp", "nsz", "reassoc"}
TURNS = 50
"""Most turns of Halley's method; from the bound they start at, one to four are taken."""
CLOSE_ENOUGH = 5e-5
"""Change of the exponent after which the next one, its cube, is below 1e-13."""
SMALLEST_PRESSURE = 1e3
"""Stack pressure below which contact no longer falls [Pa] (assumed): a stack holds together."""
EMPTY_OR_FULL = 1e-4
"""Distance in x from empty and full over which the exchange current levels off."""


@njit(inline="always", cache=True, nogil=True, error_model="numpy", fastmath=_FAST)
def insertion_exchange(reference: float, stoichiometry: float) -> tuple[float, float]:
    r"""Exchange current density at the surface of an insertion material, and its slope.

    .. math:: i_0 = 2\,i_{ref} \sqrt{x (1 - x)}

    Parameters
    ----------
    reference : float
        Value at x = 1/2 [A m-2].
    stoichiometry : float
        Lithium at the surface x, 0 to 1.

    Returns
    -------
    exchange, slope : float
        i_0 [A m-2] and d(i_0)/dx.

    Notes
    -----
    Doyle, Fuller & Newman, J. Electrochem. Soc. 140, 1526 (1993), doi:10.1149/1.2221597, at the
    fixed ion concentration of an inorganic electrolyte. Beyond 1e-4 of the ends it is constant, so
    that a full particle can still be emptied.
    """
    inside = min(max(stoichiometry, EMPTY_OR_FULL), 1.0 - EMPTY_OR_FULL)
    root = math.sqrt(inside * (1.0 - inside))
    slope = 0.0 if inside != stoichiometry else reference * (1.0 - 2.0 * inside) / root
    return 2.0 * reference * root, slope


@njit(inline="always", cache=True, nogil=True, error_model="numpy", fastmath=_FAST)
def current_through_film(
    drive: float, exchange: float, resistance: float, thermal_voltage: float
) -> tuple[float, float]:
    r"""Insertion current density through charge transfer and a film in series.

    .. math:: i = 2 i_0 \sinh\left(\frac{F}{2 R T} (U - \eta - R_f i)\right)

    Parameters
    ----------
    drive : float
        U - eta, open-circuit potential minus electronic minus ionic potential [V].
    exchange : float
        i_0 [A m-2].
    resistance : float
        R_f, of the film per active surface [Ohm m2].
    thermal_voltage : float
        R T / F [V].

    Returns
    -------
    current, per_volt : float
        i [A m-2], positive when lithium goes in; d(i)/d(drive) [S m-2].

    Notes
    -----
    Newman & Thomas-Alyea, Electrochemical Systems, 3rd ed. (2004), ch. 8, ISBN 978-0-471-47756-3.
    With u = F (U - eta - R_f i) / (2 R T) and r = i_0 R_f F / (R T) it reads u + r sinh u = w.
    Halley's method solves it: the second derivative costs nothing, and the error of a turn is the
    cube of that before.
    """
    whole = 0.5 * abs(drive) / thermal_voltage
    ratio = exchange * resistance / thermal_voltage
    u = whole / (1.0 + ratio)
    if ratio > 0.0:
        if u > 1.0:
            most = whole / ratio  # of sinh u; the inverse sine in full
            u = min(u, math.log(most + math.sqrt(most * most + 1.0)))
        for _turn in range(TURNS):
            sine, slope = bounded_sinh_and_cosh(u)
            excess, steepness = u + ratio * sine - whole, 1.0 + ratio * slope
            # The sine goes on straight beyond its largest exponent.
            curvature = ratio * sine if u < LARGEST_EXPONENT else 0.0
            newton = excess / steepness
            change = newton / (1.0 - 0.5 * newton * curvature / steepness)
            u -= change
            if abs(change) <= CLOSE_ENOUGH and u < LARGEST_EXPONENT:
                # The sums for the hyperbolic sine and cosine of a difference, to third order.
                square = 0.5 * change * change
                third = change * (1.0 + square / 3.0)
                sine, slope = (
                    sine + square * sine - third * slope,
                    slope + square * slope - third * sine,
                )
                break
            if abs(change) <= 1e-13 * (1.0 + u):
                break
    else:
        sine, slope = bounded_sinh_and_cosh(u)
    conductance = exchange * slope / thermal_voltage
    per_volt = conductance / (1.0 + resistance * conductance)
    current = 2.0 * exchange * sine
    return (-current if drive < 0.0 else current), per_volt


@njit(inline="always", cache=True, nogil=True, error_model="numpy", fastmath=_FAST)
def contact_under_pressure(
    pressure: float, gap_odds: float, reference_pressure: float, exponent: float
) -> float:
    r"""Share of the active surface that touches the electrolyte.

    .. math:: \frac{1 - \theta}{\theta} = \frac{1 - \theta_r}{\theta_r}
              \left(\frac{P}{P_r}\right)^{-n}

    Parameters
    ----------
    pressure : float
        Stack pressure P [Pa].
    gap_odds : float
        (1 - theta_r) / theta_r at the reference pressure.
    reference_pressure : float
        P_r [Pa].
    exponent : float
        n.

    Returns
    -------
    float
        theta, between 0 and 1.

    Notes
    -----
    Gaps close as a power of the pressure, as the contact of rough faces does at low load; the odds
    keep the share below 1 (assumed form).
    """
    if gap_odds == 0.0:
        return 1.0
    relative = max(pressure, SMALLEST_PRESSURE) / reference_pressure
    return 1.0 / (1.0 + gap_odds * relative**-exponent)
