"""The laws of docs/model.md as PyBaMM expressions: written anew, not translated from `physics`.

Each function repeats an equation of that page by its number. Laws that a cell file can choose stand
in :data:`CHOICES` under the names of :mod:`interlith.physics.registry`. Needs PyBaMM.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pybamm

from interlith.errors import InputError, Problem
from interlith.physics.electrode import HEALING_ONSET, RECESSION_LENGTH
from interlith.physics.filament import THICKENING_OVERLAP, THRESHOLD_WIDTH
from interlith.physics.kinetics import LARGEST_EXPONENT, TURNING_WIDTH
from interlith.physics.pores import SATURATION_WIDTH
from interlith.physics.voids import CONTACT_FLOOR

__all__ = [
    "CHOICES",
    "barrier_left",
    "bounded_sinh",
    "check_laws",
    "face_current",
    "filament_current",
    "host_rate",
    "left_share",
    "pore_rate",
    "positive",
    "pressure_factor",
    "short_conductance",
    "smooth_onset",
]

Symbol = Any
"""A PyBaMM expression; the library carries no types."""

NEVER = 1e-30
"""Keeps a fraction finite whose numerator and denominator vanish together."""


def positive(value: Symbol) -> Symbol:
    """Positive part.

    Parameters
    ----------
    value : pybamm.Symbol
        Anything.

    Returns
    -------
    pybamm.Symbol
        The value where it is positive, else 0.
    """
    return pybamm.maximum(value, 0.0)


def smooth_onset(value: Symbol, width: Symbol) -> Symbol:
    """Positive part that begins without a kink, x^2/(x + w); section 10.

    Parameters
    ----------
    value, width : pybamm.Symbol
        x and w.

    Returns
    -------
    pybamm.Symbol
        0 where x is not positive.
    """
    ahead = positive(value)
    return ahead**2 / (ahead + width + NEVER)


def bounded_sinh(argument: Symbol) -> Symbol:
    """Hyperbolic sine that goes on as its tangent beyond 12; section 10.

    Parameters
    ----------
    argument : pybamm.Symbol
        Dimensionless.

    Returns
    -------
    pybamm.Symbol
        Finite.
    """
    inside = pybamm.maximum(pybamm.minimum(argument, LARGEST_EXPONENT), -LARGEST_EXPONENT)
    return pybamm.sinh(inside) + pybamm.cosh(inside) * (argument - inside)


def left_share(store: Symbol, width: Symbol) -> Symbol:
    """Share of a rate that a store allows as it runs empty, g = z/(|z| + w); section 3.

    Parameters
    ----------
    store, width : pybamm.Symbol
        z and w.

    Returns
    -------
    pybamm.Symbol
        About 1 where there is plenty.
    """
    return store / (abs(store) + width)


def face_current(
    potential: Symbol, left: Symbol, exchange: Symbol, thermal_voltage: Symbol
) -> Symbol:
    """Plating current at the face of a metal that can be used up; equation (4).

    Parameters
    ----------
    potential : pybamm.Symbol
        eta_0 [V].
    left : pybamm.Symbol
        g of the metal.
    exchange : pybamm.Symbol
        A i_0/f(P) [A/m2].
    thermal_voltage : pybamm.Symbol
        RT/F [V].

    Returns
    -------
    pybamm.Symbol
        [A/m2].
    """
    sine = bounded_sinh(-potential / (2.0 * thermal_voltage))
    return 2.0 * exchange * (left * sine + (1.0 - left) * smooth_onset(sine, TURNING_WIDTH))


def pore_rate(
    potential: Symbol,
    filling: Symbol,
    exchange: Symbol,
    capillary: Symbol,
    thermal_voltage: Symbol,
) -> tuple[Symbol, Symbol]:
    """Rate of plating in pores, equation (5), and the part of it that plates.

    Parameters
    ----------
    potential, filling : pybamm.Symbol
        eta [V] and s.
    exchange : pybamm.Symbol
        a i_0 [A/m3].
    capillary, thermal_voltage : pybamm.Symbol
        [V].

    Returns
    -------
    rate, plating : pybamm.Symbol
        [A/m3].
    """
    sine = bounded_sinh(-(potential + capillary) / (2.0 * thermal_voltage))
    size = pybamm.sqrt(sine**2 + TURNING_WIDTH**2)
    rate = exchange * (
        left_share(1.0 - filling, SATURATION_WIDTH) * (size + sine)
        - left_share(filling, SATURATION_WIDTH) * (size - sine)
    )
    return rate, rate * (1.0 + sine / size) / 2.0


def host_rate(
    potential: Symbol,
    lithiated: Symbol,
    plateau: Symbol,
    exchange: Symbol,
    limit: Symbol,
    thermal_voltage: Symbol,
) -> Symbol:
    """Rate at which the host takes up lithium; equation (6).

    Parameters
    ----------
    potential, lithiated : pybamm.Symbol
        eta [V] and x.
    plateau, thermal_voltage : pybamm.Symbol
        U and RT/F [V].
    exchange, limit : pybamm.Symbol
        a i_0 and S_lim [A/m3].

    Returns
    -------
    pybamm.Symbol
        [A/m3].
    """
    kinetic = 2.0 * exchange * bounded_sinh((plateau - potential) / (2.0 * thermal_voltage))
    limited = kinetic / (1.0 + abs(kinetic) / limit)
    size = pybamm.sqrt(limited**2 + (2.0 * exchange * TURNING_WIDTH) ** 2)
    return 0.5 * (
        left_share(1.0 - lithiated, SATURATION_WIDTH) * (size + limited)
        - left_share(lithiated, SATURATION_WIDTH) * (size - limited)
    )


def pressure_factor(
    pressure: Symbol, reference: Symbol, adhesion: Symbol, exponent: Symbol
) -> Symbol:
    """Factor f(P) of interface resistances; section 6.

    Parameters
    ----------
    pressure, reference, adhesion : pybamm.Symbol
        [Pa].
    exponent : pybamm.Symbol
        m.

    Returns
    -------
    pybamm.Symbol
        1 at the reference.
    """
    return ((reference + adhesion) / (positive(pressure) + adhesion)) ** exponent


def filament_current(
    tip: Symbol, area: Symbol, current: Symbol, length: Symbol, healing: Symbol
) -> Symbol:
    """Current that filaments take up or give back; equation (14).

    Parameters
    ----------
    tip : pybamm.Symbol
        i_tip [A/m2].
    area : pybamm.Symbol
        Area fraction of the filaments.
    current : pybamm.Symbol
        j [A/m2], positive when plating.
    length : pybamm.Symbol
        Over the thickness of the electrolyte.
    healing : pybamm.Symbol
        Share of the stripping kinetics that dissolves.

    Returns
    -------
    pybamm.Symbol
        [A/m2].
    """
    growing = _in_series(positive(tip) * area, positive(current))
    fading = length / (abs(length) + RECESSION_LENGTH)
    available = smooth_onset(-current, HEALING_ONSET)
    return growing - _in_series(positive(-tip) * area * healing, available) * fading


def _in_series(demand: Symbol, available: Symbol) -> Symbol:
    """Two limits in series."""
    return demand * available / (demand + available + NEVER)


def barrier_left(length: Symbol) -> Symbol:
    """Share of the barrier that a filament still faces; section 7.

    Parameters
    ----------
    length : pybamm.Symbol
        Over the thickness of the electrolyte.

    Returns
    -------
    pybamm.Symbol
        1 until it spans.
    """
    return pybamm.exp(-positive(length - 1.0) / THICKENING_OVERLAP)


def short_conductance(length: Symbol, hard: Symbol, overlap: Symbol) -> Symbol:
    """Conductance of filaments that span the electrolyte; section 7.

    Parameters
    ----------
    length : pybamm.Symbol
        Of the longer filament.
    hard : pybamm.Symbol
        Conductance of a hard short [S/m2].
    overlap : pybamm.Symbol
        Overlap of a hard short.

    Returns
    -------
    pybamm.Symbol
        [S/m2].
    """
    spot = smooth_onset(length - 1.0, THICKENING_OVERLAP)
    return hard * (1.0 - pybamm.exp(-spot / overlap))


def _exponential_contact(void: Symbol, scale: Symbol) -> Symbol:
    return pybamm.maximum(pybamm.exp(-positive(void) / scale), CONTACT_FLOOR)


def _linear_contact(void: Symbol, scale: Symbol) -> Symbol:
    return pybamm.maximum(1.0 - positive(void) / scale, CONTACT_FLOOR)


def _net_stripping(
    face: Symbol, refill: Symbol, void: Symbol, smallest: Symbol, share: Symbol
) -> Symbol:
    presence = void / pybamm.sqrt(void**2 + smallest**2)
    return positive(-face) - (share * positive(face) + refill) * presence


def _reversible(
    face: Symbol, refill: Symbol, void: Symbol, smallest: Symbol, share: Symbol
) -> Symbol:
    del share
    return _net_stripping(face, refill, void, smallest, 1.0)


def _creep_and_diffusion(
    pressure: Symbol, diffusive: Symbol, creep: Symbol, reference: Symbol, exponent: Symbol
) -> Symbol:
    return diffusive + creep * (positive(pressure) / reference) ** exponent


def _diffusion_only(
    pressure: Symbol, diffusive: Symbol, creep: Symbol, reference: Symbol, exponent: Symbol
) -> Symbol:
    del pressure, creep, reference, exponent
    return diffusive


def _parabolic(thickness: Symbol, rate: Symbol) -> Symbol:
    return rate / thickness


def _no_growth(thickness: Symbol, rate: Symbol) -> Symbol:
    del rate
    return 0.0 * thickness


def _tip_kinetics(
    hot: Symbol, critical: Symbol, exchange: Symbol, thermal_voltage: Symbol
) -> Symbol:
    drive = pybamm.minimum(hot, 0.0) + smooth_onset(hot - critical, THRESHOLD_WIDTH)
    return 2.0 * exchange * bounded_sinh(drive / (2.0 * thermal_voltage))


def _transport_limited(
    hot: Symbol, critical: Symbol, exchange: Symbol, thermal_voltage: Symbol
) -> Symbol:
    return exchange * (pybamm.minimum(hot, 0.0) + positive(hot - critical)) / thermal_voltage


CHOICES: Final[dict[str, dict[str, Callable[..., Symbol]]]] = {
    "contact_law": {"exponential": _exponential_contact, "linear": _linear_contact},
    "void_model": {"net_stripping": _net_stripping, "reversible": _reversible},
    "replenishment_law": {
        "creep_and_diffusion": _creep_and_diffusion,
        "diffusion_only": _diffusion_only,
    },
    "sei_growth_law": {"parabolic": _parabolic, "none": _no_growth},
    "filament_law": {"tip_kinetics": _tip_kinetics, "transport_limited": _transport_limited},
}
"""Slot -> name -> law: equations (8), (9), (10), (14), parabolic growth, and the alternatives."""


def check_laws(names: dict[str, str]) -> None:
    """Refuse laws that were never written for PyBaMM.

    Parameters
    ----------
    names : dict
        Slot -> name; slots that are evaluated before the run do not matter here.

    Raises
    ------
    InputError
        For each law that is missing.
    """
    problems = [
        Problem("", f"models.{slot}", names[slot], f"a law written for PyBaMM: {', '.join(laws)}")
        for slot, laws in CHOICES.items()
        if names[slot] not in laws
    ]
    if problems:
        raise InputError(problems)
