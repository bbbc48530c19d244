"""Rows beside what the model gives: value, 90 % interval, error, verdict, reason; and their sum."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from interlith.reproduce.verdict import (
    AGREES,
    NOT_COMPUTED,
    PERHAPS,
    VERDICTS,
    bar_of,
    judge_outcome,
    judge_value,
)

if TYPE_CHECKING:
    from interlith.calibration.rows import MeasuredRow
    from interlith.reproduce.studies import Given

__all__ = ["BARS", "Outcome", "Reproduction", "judge", "summary_of", "words_of"]

WORDS = Path(__file__).with_name("data") / "rows.yaml"
LOW, HIGH = 0.05, 0.95
BARS = {
    "ccd": ("critical currents", ("ccd",), 0.25),
    "full cell": ("full cells and energy", ("full cell", "energy"), 0.20),
}
"""Bars of the median absolute error over validation rows: words, groups, largest median."""
ORDERINGS = ("mobility-order", "plating-site", "profile-mg", "bi-only", "f-migration")
"""Orders and outcomes that physics has to give."""


@dataclass(frozen=True)
class Outcome:
    """A measured row beside the model."""

    id: str
    group: str
    quantity: str
    role: str
    unit: str
    relation: str
    measured: float
    """Not a number for an order or an outcome."""
    plus_minus: float
    """Uncertainty of the measured value, in the unit."""
    uncertainty_stated: bool
    model: float
    """With the library as it is; for an order or an outcome 1 if it holds, 0 if not."""
    low: float
    high: float
    """5 and 95 % of the draws, or of the look-up's own error bar."""
    error: float
    """model / measured - 1."""
    probability: float
    """Share of the draws in which an order, an outcome or a lower limit holds."""
    verdict: str
    reason: str
    draws: int
    """Draws that gave a value."""
    failed_draws: int
    locator: str
    note: str = ""
    """What else is known of the measurement."""

    @property
    def has_value(self) -> bool:
        """Whether a number was measured that the model's is compared with."""
        return self.relation in ("eq", "approx")

    def entry(self) -> dict[str, Any]:
        """Return the row of the JSON answer."""
        return asdict(self)


@dataclass(frozen=True)
class Reproduction:
    """All rows, what the draws gave, and the sum."""

    outcomes: tuple[Outcome, ...]
    draws: Mapping[str, Sequence[float]]
    """Values of the draws by row."""
    elsewhere: tuple[Outcome, ...] = ()
    """Rows that others measured, beside the model."""
    seconds: float = math.nan

    def summary(self) -> dict[str, Any]:
        """Return counts, medians against their bars, and the orderings."""
        return summary_of(self.outcomes)

    def entry(self) -> dict[str, Any]:
        """Return the JSON answer."""
        return {
            "rows": [outcome.entry() for outcome in self.outcomes],
            "summary": self.summary(),
            "elsewhere": [outcome.entry() for outcome in self.elsewhere],
        }


@cache
def _words() -> dict[str, dict[str, str]]:
    from interlith.materials.reading import read_mapping

    return {name: dict(entry) for name, entry in read_mapping(WORDS, trusted=True).items()}


def words_of(row: str) -> tuple[str, str]:
    """Return how a row is read in the model, and which physics is missing where it misses."""
    entry = _words()[row]
    missing = str(entry["missing"])
    if missing.startswith("as "):
        other = missing.removeprefix("as ").partition(";")[0]
        missing = str(_words()[other]["missing"])
    return str(entry["how"]), missing


def judge(row: MeasuredRow, nominal: Given, draws: Sequence[Given]) -> Outcome:
    """Put the model beside a row.

    Parameters
    ----------
    row : MeasuredRow
        What was measured.
    nominal : Given
        The model with the library as it is.
    draws : sequence of Given
        The model on the draws; empty for a look-up, which brings its own interval.
    """
    values = np.array([given.value for given in draws])
    known = values[np.isfinite(values)]
    if row.relation in ("eq", "approx"):
        low, high = (nominal.low, nominal.high) if not len(known) else _interval(known)
        probability = math.nan
        verdict = judge_value(row, nominal.value, low, high)
        error = nominal.value / row.value - 1.0
    else:
        limit = row.value if row.relation == "ge" else 1.0
        holds = known >= limit
        low, high = _interval(known) if len(known) else (math.nan, math.nan)
        probability = float(np.mean(holds)) if len(known) else nominal.probability
        error = math.nan
        verdict = judge_outcome(nominal.value >= limit, probability)
    return Outcome(
        id=row.id,
        group=row.group,
        quantity=row.quantity,
        role=row.role,
        unit=row.unit,
        relation=row.relation,
        measured=row.value,
        plus_minus=row.plus_minus if math.isfinite(row.value) else math.nan,
        uncertainty_stated=row.uncertainty is not None,
        model=nominal.value,
        low=low,
        high=high,
        error=error,
        probability=probability,
        verdict=verdict,
        reason=_reason(row, verdict, error, probability),
        draws=len(known),
        failed_draws=len(values) - len(known),
        locator=row.locator,
        note=row.note,
    )


def not_computed(row: MeasuredRow, reason: str) -> Outcome:
    """Return a row that is listed without a value, with the reason."""
    nothing = math.nan
    return Outcome(
        row.id, row.group, row.quantity, row.role, row.unit, row.relation, row.value,
        row.plus_minus if math.isfinite(row.value) else nothing, row.uncertainty is not None,
        nothing, nothing, nothing, nothing, nothing, NOT_COMPUTED, reason, 0, 0, row.locator,
        row.note,
    )  # fmt: skip


def _interval(values: Any) -> tuple[float, float]:
    low, high = np.quantile(values, (LOW, HIGH))
    return float(low), float(high)


def _reason(row: MeasuredRow, verdict: str, error: float, probability: float) -> str:
    """Say how far off, how sure, and what is missing."""
    how, missing = words_of(row.id)
    parts = [how]
    if math.isfinite(error) and verdict != AGREES:
        parts.append(f"off by {100.0 * error:+.0f} %, bar {100.0 * bar_of(row.group):.0f} %")
    if math.isfinite(probability):
        parts.append(f"holds in {100.0 * probability:.0f} % of the draws")
    if missing and verdict not in (AGREES, PERHAPS):
        parts.append(f"missing: {missing}")
    elif missing and row.id == "generality":
        parts.append(f"left out: {missing}")
    return "; ".join(parts)


def summary_of(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return counts, medians against their bars, and the orderings.

    Parameters
    ----------
    outcomes : sequence of Outcome
        All rows that were asked for.
    """
    computed = [outcome for outcome in outcomes if outcome.verdict != NOT_COMPUTED]
    predicted = [outcome for outcome in computed if outcome.role == "validation"]
    return {
        "rows": len(outcomes),
        "computed": len(computed),
        "fitted": len(computed) - len(predicted),
        "predicted": len(predicted),
        "verdicts": {
            name: sum(1 for outcome in predicted if outcome.verdict == name) for name in VERDICTS
        },
        "bars": {
            name: _bar(words, largest, [o for o in predicted if o.group in groups])
            for name, (words, groups, largest) in BARS.items()
        },
        "orderings": {
            outcome.id: {
                "holds": outcome.model >= 1.0,
                "probability": outcome.probability,
                "verdict": outcome.verdict,
            }
            for outcome in predicted
            if outcome.id in ORDERINGS
        },
    }


def _bar(words: str, largest: float, rows: Sequence[Outcome]) -> dict[str, Any]:
    errors = {row.id: abs(row.error) for row in rows if row.has_value}
    median = statistics.median(errors.values()) if errors else math.nan
    return {
        "of": words,
        "rows": len(errors),
        "median_absolute_error": median,
        "largest_error": max(errors.values(), default=math.nan),
        "largest_error_row": max(errors, key=lambda name: errors[name], default=""),
        "bar": largest,
        "met": median <= largest if errors else None,
    }
