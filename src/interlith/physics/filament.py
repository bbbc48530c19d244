"""Lithium filaments: their growth above the critical overpotential, healing, and the short."""

import math

from numba import njit

from interlith.physics.kinetics import bounded_sinh_and_cosh
from interlith.physics.laws import FILAMENT

THICKENING_OVERLAP = 1e-3
"""Overlap, over electrolyte thickness, within which the barrier to growth vanishes and the contact
spot of a short begins to widen (assumed)."""

THRESHOLD_WIDTH = 1e-3
"""Overpotential over which a filament starts to grow [V]. A regularisation of the sharp onset."""


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz", "reassoc"})
def smooth_onset(value: float, width: float) -> float:
    r"""Positive part of a value that begins without a kink.

    .. math:: x_+ = \frac{x^2}{x + w} \;(x > 0)

    Parameters
    ----------
    value : float
        x.
    width : float
        w, in the unit of the value; positive.

    Returns
    -------
    float
        0 for x <= 0, x - w for x much larger than w. A regularisation (assumed).
    """
    if value <= 0.0:
        return 0.0
    return value * value / (value + width)


@njit(
    FILAMENT,
    cache=True,
    nogil=True,
    error_model="numpy",
    fastmath={"contract", "arcp", "nsz", "reassoc"},
)
def tip_kinetics(
    overpotential: float, critical: float, tip_exchange_current: float, thermal_voltage: float
) -> float:
    r"""Current density at the tip of a filament.

    .. math:: i_{tip} = 2 i_{0,tip} \sinh\frac{F\,\langle\eta_{hot} - \eta_c\rangle}{2RT}

    when plating, and without a threshold when stripping.

    Parameters
    ----------
    overpotential : float
        eta_hot at the hottest spot of the interphase [V]; positive when plating.
    critical : float
        Critical interphase overpotential eta_c [V].
    tip_exchange_current : float
        i_0,tip [A m-2].
    thermal_voltage : float
        R T / F [V].

    Returns
    -------
    float
        Tip current density [A m-2]; positive grows the filament, negative dissolves it.

    Notes
    -----
    Growth above a critical interphase overpotential: Wan et al., Nat. Energy 8, 473 (2023),
    doi:10.1038/s41560-023-01231-w; initiation and propagation as separate processes: Ning et al.,
    Nature 618, 287 (2023), doi:10.1038/s41586-023-05970-4.
    """
    if overpotential < 0.0:
        sine, _slope = bounded_sinh_and_cosh(0.5 * overpotential / thermal_voltage)
        return 2.0 * tip_exchange_current * sine
    drive = smooth_onset(overpotential - critical, THRESHOLD_WIDTH)
    sine, _slope = bounded_sinh_and_cosh(0.5 * drive / thermal_voltage)
    return 2.0 * tip_exchange_current * sine


@njit(
    FILAMENT,
    cache=True,
    nogil=True,
    error_model="numpy",
    fastmath={"contract", "arcp", "nsz", "reassoc"},
)
def transport_limited(
    overpotential: float, critical: float, tip_exchange_current: float, thermal_voltage: float
) -> float:
    """Tip current that rises linearly above the critical overpotential: slow, ohmic propagation.

    Parameters
    ----------
    overpotential, critical, tip_exchange_current, thermal_voltage : float
        As in :func:`tip_kinetics`.

    Returns
    -------
    float
        Tip current density [A m-2].

    Notes
    -----
    The small-overpotential limit of :func:`tip_kinetics`; an alternative law for comparison.
    """
    drive = overpotential if overpotential < 0.0 else max(overpotential - critical, 0.0)
    return tip_exchange_current * drive / thermal_voltage


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz", "reassoc"})
def barrier_left(filament_fraction: float) -> float:
    """Share of the critical overpotential that a filament still has to overcome.

    A filament that advances must break the electrolyte; one that spans it only thickens in the
    open crack, without that barrier.

    Parameters
    ----------
    filament_fraction : float
        Filament length over electrolyte thickness.

    Returns
    -------
    float
        1 before the filament spans, then falling to 0 over an overlap of 1e-3 (assumed).
    """
    return math.exp(-max(filament_fraction - 1.0, 0.0) / THICKENING_OVERLAP)


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz", "reassoc"})
def limited_share(demand: float, available: float) -> float:
    r"""Current that filaments draw when they cannot draw more than flows.

    .. math:: i = \frac{i_d\,j}{i_d + j}

    Parameters
    ----------
    demand : float
        Current density that the tips would take up, per area of electrode [A m-2], >= 0.
    available : float
        Current density through the electrolyte [A m-2], >= 0.

    Returns
    -------
    float
        Current density [A m-2], below both.

    Notes
    -----
    Two limits in series (assumed interpolation).
    """
    if demand <= 0.0 or available <= 0.0:
        return 0.0
    return demand * available / (demand + available)


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz", "reassoc"})
def short_conductance(
    filament_fraction: float, hard_conductance: float, overlap_of_hard_short: float
) -> float:
    r"""Electronic conductance of filaments that span the electrolyte.

    .. math:: g = g_{hard}\left(1 - e^{-o'/o_h}\right), \quad o' = \frac{o^2}{o + o_s}, \quad
              o = \ell/L - 1 > 0

    The contact spot begins as a point: over the first overlap o_s it widens from nothing.

    Parameters
    ----------
    filament_fraction : float
        Filament length over electrolyte thickness, l / L; above 1 the contact spot widens.
    hard_conductance : float
        Conductance of a hard short [S m-2].
    overlap_of_hard_short : float
        o_h, overlap at which a soft short has become hard.

    Returns
    -------
    float
        Conductance [S m-2]; 0 before the filament spans.

    Notes
    -----
    A soft short conducts a little and can recede on stripping, a hard short carries the current
    and cannot. The interpolation is assumed.
    """
    overlap = filament_fraction - 1.0
    if overlap <= 0.0:
        return 0.0
    spot = smooth_onset(overlap, THICKENING_OVERLAP)
    return hard_conductance * (1.0 - math.exp(-spot / overlap_of_hard_short))
