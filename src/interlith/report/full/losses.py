"""What each process takes of the voltage of a leg, and what it is called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from interlith.report.full.view import FullView, Leg
from interlith.report.style import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    SKY,
    VERMILLION,
    YELLOW,
)
from interlith.report.view import MV

__all__ = ["LOSSES", "Loss", "MeanLosses", "mean_losses"]


@dataclass(frozen=True)
class Loss:
    """A process that takes voltage: name in the dataset, in words, and how it is drawn."""

    variable: str
    words: str
    color: str
    hatch: str


LOSSES: tuple[Loss, ...] = (
    Loss("loss_lithium", "the lithium side", BLACK, ""),
    Loss("loss_electrolyte", "the electrolyte layer", GREY, "...."),
    Loss("loss_cathode_ions", "ions in the cathode", BLUE, "////"),
    Loss("loss_cathode_electrons", "electrons in the cathode", VERMILLION, ""),
    Loss("loss_cathode_interphase", "the cathode interphase", ORANGE, "\\\\\\\\"),
    Loss("loss_charge_transfer", "charge transfer", GREEN, "xxxx"),
    Loss("loss_solid_diffusion", "diffusion in the particles", SKY, ""),
    Loss("loss_uneven_filling", "uneven filling of the cathode", PURPLE, "----"),
    Loss("loss_storage", "double layers and growth", YELLOW, "++++"),
)


@dataclass(frozen=True)
class MeanLosses:
    """Means over the charge of a leg in mV; what dissipates counts positive in both directions."""

    parts: Mapping[str, float]
    """By the words of a loss."""

    @property
    def total(self) -> float:
        """All parts together."""
        return sum(self.parts.values())

    @property
    def ordered(self) -> list[tuple[str, float]]:
        """Parts, the largest first."""
        return sorted(self.parts.items(), key=lambda part: -part[1])


def mean_losses(view: FullView, leg: Leg) -> MeanLosses | None:
    """Return the mean losses of a leg; None where the voltage was not split anywhere in it."""
    sign = 1.0 if leg.discharge else -1.0
    passed = np.gradient(view.passed(leg)) if len(leg.rows) > 1 else np.zeros(len(leg.rows))
    parts = {}
    for loss in LOSSES:
        values = sign * view.series(loss.variable, MV)[leg.rows]
        known = np.isfinite(values)
        if not passed[known].sum() > 0.0:
            return None
        parts[loss.words] = float(np.average(values[known], weights=passed[known]))
    return MeanLosses(parts)
