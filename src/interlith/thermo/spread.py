"""One number from several sets: the value, the spread, and which sets may speak.

Where one set or more answer from measured energies alone, only they count, and the most faithful
gives the value; otherwise every set counts and the value is their mean. So a computed scale never
widens, or decides, what is measured; it is shown beside.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spread:
    """A value with its spread over the sets that count, and what every set gives."""

    value: float
    low: float
    high: float
    measured: bool
    by_set: Mapping[str, float]

    @property
    def width(self) -> float:
        """High less low."""
        return self.high - self.low


def spread(found: Mapping[str, tuple[float, bool, float]], leading: bool = False) -> Spread:
    """Return value and spread.

    Parameters
    ----------
    found
        For each set, the most faithful first: value, whether it rests on measured energies alone,
        and its stated uncertainty (0 if none is stated).
    leading
        Take the value of the first set that counts instead of the mean: potentials along a ladder
        fall on one set, not on a mean of several.
    """
    everyone = {name: value for name, (value, _, _) in found.items()}
    counting = [entry for entry in found.values() if entry[1]] or list(found.values())
    is_measured = counting[0][1]
    values = [value for value, _, _ in counting]
    return Spread(
        value=values[0] if is_measured or leading else sum(values) / len(values),
        low=min(value - error for value, _, error in counting),
        high=max(value + error for value, _, error in counting),
        measured=is_measured,
        by_set=everyone,
    )
