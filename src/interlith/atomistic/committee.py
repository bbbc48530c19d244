"""Several potentials, and a check by density functional theory, make one number with an error bar.

Every potential is one member, the value their mean. A check by another method that built the
network again (`network_check.py`) is one more member: it rests on geometries of a potential and so
is no better than one, and its distance from the others widens the interval. The half width of the
interval is 1.645 sqrt(s0^2 + s^2), 90 % of a normal distribution: s is the standard deviation of
the members, s0 = 0.05 eV the usual error of such a barrier by density functional theory, which no
agreement of potentials trained on it can remove. s0 is assumed. The same holds for the difference
of two metals, of which each member knows its own: what the members get wrong for both cancels.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import erf, sqrt

THEORY_ERROR_EV = 0.05  # assumed
LONE_ERROR_EV = 0.10  # assumed for a single potential: what surfaces showed when several were tried
NINETY_PERCENT = 1.6448536269514722


@dataclass(frozen=True)
class Estimate:
    """A value with an error bar, and the members it rests on [eV].

    Parameters
    ----------
    value, low, high
        Value and 90 % interval; a barrier's interval is cut at zero.
    spread
        Standard deviation of the members.
    members
        Value of each member by name.
    """

    value: float
    low: float
    high: float
    spread: float
    members: Mapping[str, float]


def barrier_estimate(members: Mapping[str, float]) -> Estimate:
    """Return a barrier with its error bar, from the barrier by each member [eV]."""
    value, spread = _value_and_spread(list(members.values()))
    half = NINETY_PERCENT * sqrt(THEORY_ERROR_EV**2 + spread**2)
    return Estimate(value, max(0.0, value - half), value + half, spread, dict(members))


def probability_lower(one: Mapping[str, float], other: Mapping[str, float]) -> float | None:
    """Return the probability that the first barrier is the lower; None without a common member."""
    both = [other[name] - one[name] for name in one if name in other]
    if not both:
        return None
    mean, spread = _value_and_spread(both)
    variance = THEORY_ERROR_EV**2 + spread**2
    return 0.5 * (1.0 + erf(mean / sqrt(2.0 * variance)))


def _value_and_spread(members: list[float]) -> tuple[float, float]:
    value = sum(members) / len(members)
    if len(members) == 1:
        return value, LONE_ERROR_EV
    return value, sqrt(sum((member - value) ** 2 for member in members) / (len(members) - 1))
