"""What would raise the Wh/kg most: every lever turned to both its ends, one at a time."""

from __future__ import annotations

from dataclasses import dataclass

from interlith.energy.layers import stack_of
from interlith.energy.level import Level
from interlith.energy.levers import Lever, levers_of
from interlith.energy.pouch import cell_of
from interlith.energy.subject import Subject

__all__ = ["Bar", "bars_of", "headline"]


@dataclass(frozen=True, slots=True)
class Bar:
    """One lever and what its two ends give (Wh/kg, Wh/L)."""

    lever: Lever
    at_low: tuple[float, float]
    at_high: tuple[float, float]
    present: tuple[float, float]

    @property
    def gain(self) -> float:
        """The most that the lever adds to the present Wh/kg."""
        return max(self.at_low[0], self.at_high[0]) - self.present[0]

    @property
    def span(self) -> float:
        """Difference of Wh/kg between the two ends."""
        return abs(self.at_high[0] - self.at_low[0])


def headline(subject: Subject) -> Level:
    """Return the level that the format asks for: the pouch, or the stack."""
    return stack_of(subject) if subject.design.format == "stack" else cell_of(subject)


def bars_of(subject: Subject) -> tuple[Bar, ...]:
    """Return a bar for each lever, those that raise the specific energy most first.

    Loading and active share change at the same charge per active mass and the same voltage, so what
    a thicker cathode loses in rate is not in the bars.
    """
    present = _both(headline(subject))
    bars = [
        Bar(lever, _turned(subject, lever, lever.low), _turned(subject, lever, lever.high), present)
        for lever in levers_of(subject)
    ]
    return tuple(sorted(bars, key=lambda bar: (-bar.gain, -bar.span, bar.lever.path)))


def _turned(subject: Subject, lever: Lever, value: float) -> tuple[float, float]:
    return _both(headline(subject.changed(lever.path, value)))


def _both(level: Level) -> tuple[float, float]:
    return level.Wh_kg, level.Wh_L
