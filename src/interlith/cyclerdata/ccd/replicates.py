"""Several cells of one kind: the critical current density with its spread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from interlith.cyclerdata.ccd.analysis import CcdAnalysis

__all__ = ["Spread", "spread_of"]


@dataclass(frozen=True)
class Spread:
    """Last passing current densities of replicates [mA cm-2]; None of a cell without area."""

    values: tuple[float | None, ...]

    @property
    def known(self) -> list[float]:
        """Those that are known."""
        return [value for value in self.values if value is not None]

    def summary(self) -> dict[str, Any]:
        """Return number, mean, standard deviation of the sample, smallest and largest."""
        known = self.known
        return {
            "cells": len(self.values),
            "with_value": len(known),
            "mean_mA_cm2": float(np.mean(known)) if known else None,
            "standard_deviation_mA_cm2": float(np.std(known, ddof=1)) if len(known) > 1 else None,
            "smallest_mA_cm2": min(known, default=None),
            "largest_mA_cm2": max(known, default=None),
        }


def spread_of(analyses: Sequence[CcdAnalysis]) -> Spread:
    """Return the spread of the last passing current density over replicates.

    Parameters
    ----------
    analyses : sequence of CcdAnalysis
        One a cell.

    Returns
    -------
    Spread
        With a value for every cell whose area is known; 0 where no current passed.
    """
    values: list[float | None] = []
    for one in analyses:
        passing = one.last_passing
        if one.area is None:
            values.append(None)
        else:
            values.append(one.density(passing.current) if passing is not None else 0.0)
    return Spread(tuple(values))
