"""How often the analysis is right: ramps with a known truth, and what it makes of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from interlith.cyclerdata.ccd.analysis import CcdAnalysis, analyse_ccd
from interlith.cyclerdata.ccd.criteria import Thresholds
from interlith.cyclerdata.ccd.trials import KINDS, Trial, draw_trial

__all__ = ["Mark", "Score", "mark", "score_of", "trial_marks"]

SAME_STEP = 0.02
"""Relative difference up to which two current densities are the same step."""


@dataclass(frozen=True)
class Mark:
    """True and found kind of one trial, and whether the failing step is the right one."""

    true: str
    found: str
    step_right: bool
    noise: float


@dataclass(frozen=True)
class Score:
    """What came of many trials.

    Attributes
    ----------
    confusion : int array, shape (kinds, kinds)
        Number of trials by true (row) and found (column) kind, in the order of `KINDS`.
    step_right, kind_right : float
        Shares.
    false_alarms : float
        Share of the healthy ramps in which something was found.
    missed : float
        Share of the others in which nothing was found.
    """

    confusion: np.ndarray
    step_right: float
    kind_right: float
    false_alarms: float
    missed: float

    def summary(self) -> dict[str, Any]:
        """Return plain numbers."""
        return {
            "trials": int(self.confusion.sum()),
            "step_right": self.step_right,
            "kind_right": self.kind_right,
            "false_alarms": self.false_alarms,
            "missed": self.missed,
            "kinds": list(KINDS),
            "confusion": self.confusion.tolist(),
        }


def mark(trial: Trial, thresholds: Thresholds | None = None) -> Mark:
    """Analyse one trial and hold the outcome against the truth.

    Parameters
    ----------
    trial : Trial
        Recording and truth.
    thresholds : Thresholds, optional
        Conventions; the voltage limit is the trial's.

    Returns
    -------
    Mark
        What was right.
    """
    used = replace(thresholds or Thresholds(), voltage_limit=trial.voltage_limit)
    found = analyse_ccd(trial.recording, trial.area, thresholds=used)
    kind = "none" if found.failure is None else str(found.failure.kind)
    return Mark(trial.kind, kind, _step_right(trial, found), trial.noise)


def _step_right(trial: Trial, found: CcdAnalysis) -> bool:
    step = found.first_failing
    if step is None or trial.failing is None:
        return step is None and trial.failing is None
    return abs(step.current / trial.area / trial.failing - 1.0) < SAME_STEP


def trial_marks(seed: int, numbers: Iterable[int]) -> list[Mark]:
    """Draw and mark trials from simple circuits; each number has a stream of its own."""
    return [mark(draw_trial(np.random.default_rng([seed, number]))) for number in numbers]


def score_of(marks: Iterable[Mark]) -> Score:
    """Count marks.

    Parameters
    ----------
    marks : iterable of Mark
        At least one.

    Returns
    -------
    Score
        Shares and the table of confusion.
    """
    marks = list(marks)
    confusion = np.zeros((len(KINDS), len(KINDS)), dtype=int)
    for one in marks:
        confusion[KINDS.index(one.true), KINDS.index(one.found)] += 1
    healthy = int(confusion[0].sum())
    failed = int(confusion[1:].sum())
    return Score(
        confusion=confusion,
        step_right=float(np.mean([one.step_right for one in marks])),
        kind_right=float(np.trace(confusion) / len(marks)),
        false_alarms=float(confusion[0, 1:].sum() / healthy) if healthy else 0.0,
        missed=float(confusion[1:, 0].sum() / failed) if failed else 0.0,
    )
