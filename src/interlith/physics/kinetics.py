"""Charge transfer: how fast lithium ions become lithium atoms at a given overpotential."""

import math

from numba import njit

TURNING_WIDTH = 2e-3
"""Width in sinh over which a reaction with an exhaustible side turns: 0.1 mV at 25 degC."""

LARGEST_EXPONENT = 12.0
"""Beyond this argument the hyperbolic sine goes on as its tangent, so that nothing overflows."""


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz", "reassoc"})
def bounded_sinh_and_cosh(argument: float) -> tuple[float, float]:
    """Hyperbolic sine and its slope, from one exponential, continued by the tangent beyond 12.

    Parameters
    ----------
    argument : float
        Dimensionless argument.

    Returns
    -------
    sine, slope : float
        Finite for every finite argument; the sine is odd and strictly increasing.
    """
    inside = min(max(argument, -LARGEST_EXPONENT), LARGEST_EXPONENT)
    growing = math.exp(inside)
    falling = 1.0 / growing
    slope = 0.5 * (growing + falling)
    return 0.5 * (growing - falling) + slope * (argument - inside), slope


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz", "reassoc"})
def butler_volmer_plating_current(
    overpotential: float, exchange_current_density: float, thermal_voltage: float
) -> float:
    r"""Plating current density of the symmetric Butler-Volmer law.

    .. math:: i = 2 i_0 \sinh\left(-\frac{F \eta}{2 R T}\right)

    Parameters
    ----------
    overpotential : float
        Electronic minus ionic potential, against lithium [V]; negative plates.
    exchange_current_density : float
        i_0 [A m-2].
    thermal_voltage : float
        R T / F [V].

    Returns
    -------
    float
        Current density [A m-2], positive when lithium plates.

    Notes
    -----
    Both charge-transfer coefficients are 1/2. Newman & Thomas-Alyea, Electrochemical Systems,
    3rd ed. (2004), ch. 8, ISBN 978-0-471-47756-3.
    """
    sine, _slope = bounded_sinh_and_cosh(-0.5 * overpotential / thermal_voltage)
    return 2.0 * exchange_current_density * sine


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz", "reassoc"})
def butler_volmer_plating_conductance(
    overpotential: float, exchange_current_density: float, thermal_voltage: float
) -> float:
    """Minus the derivative of the plating current with respect to the overpotential.

    Parameters
    ----------
    overpotential : float
        Electronic minus ionic potential, against lithium [V].
    exchange_current_density : float
        i_0 [A m-2].
    thermal_voltage : float
        R T / F [V].

    Returns
    -------
    float
        Area-specific conductance [S m-2], positive; i_0 F / (R T) at zero overpotential.
    """
    _sine, slope = bounded_sinh_and_cosh(0.5 * overpotential / thermal_voltage)
    return exchange_current_density / thermal_voltage * slope


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz", "reassoc"})
def exhaustible_butler_volmer(
    overpotential: float, left: float, exchange_current_density: float, thermal_voltage: float
) -> tuple[float, float, float]:
    r"""Plating current density of a metal that can be used up, with its derivatives.

    .. math:: i = 2 i_0 \left[g\,h + (1 - g)\,h_+\right], \quad
              h = \sinh\left(-\frac{F \eta}{2 R T}\right), \quad h_+ = \frac{h^2}{h + w}
              \;(h > 0)

    Parameters
    ----------
    overpotential : float
        Electronic minus ionic potential, against lithium [V]; negative plates.
    left : float
        g, share of the stripping kinetics that the metal left allows; 1 gives
        :func:`butler_volmer_plating_current`.
    exchange_current_density : float
        i_0 [A m-2].
    thermal_voltage : float
        R T / F [V].

    Returns
    -------
    current, per_volt, per_left : float
        [A m-2], positive when plating; its derivatives with respect to eta [A m-2 V-1] and g.

    Notes
    -----
    Newman & Thomas-Alyea, Electrochemical Systems, 3rd ed. (2004), ch. 8, ISBN 978-0-471-47756-3.
    The positive part h_+ begins without a kink over w = :data:`TURNING_WIDTH`; nothing flows at
    rest.
    """
    sine, slope = bounded_sinh_and_cosh(-0.5 * overpotential / thermal_voltage)
    onset, onset_slope = 0.0, 0.0
    if sine > 0.0:
        share = sine / (sine + TURNING_WIDTH)
        onset, onset_slope = sine * share, share * (2.0 - share)
    current = 2.0 * exchange_current_density * (left * sine + (1.0 - left) * onset)
    tilt = left + (1.0 - left) * onset_slope
    per_volt = -exchange_current_density / thermal_voltage * slope * tilt
    return current, per_volt, 2.0 * exchange_current_density * (sine - onset)
