"""Rows and their sum in words, the same on the screen, on the page and in README.md."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from interlith.reproduce.verdict import VERDICTS

if TYPE_CHECKING:
    from interlith.reproduce.outcome import Outcome

__all__ = ["number", "row_cells", "summary_sentences"]

NOTHING = "–"
ROLES = {"calibration": "fitted", "validation": "predicted", "input": "input"}


def number(value: float | None, digits: int = 3) -> str:
    """Return a number with some digits, or a dash."""
    if value is None or not math.isfinite(value):
        return NOTHING
    return f"{value:.{digits}g}" if abs(value) < 10.0**digits else f"{value:.0f}"


def row_cells(outcome: Outcome) -> tuple[str, ...]:
    """Return id, measured, model, interval, error, verdict and role of a row."""
    role = ROLES[outcome.role]
    if outcome.relation == "order":
        holds = NOTHING if not math.isfinite(outcome.model) else _holds(outcome.model)
        return (outcome.id, "order", holds, _chance(outcome), NOTHING, outcome.verdict, role)
    unit = "" if outcome.unit == "1" else f" {outcome.unit}"
    if outcome.relation == "ge":
        measured = f"at least {number(outcome.measured, 4)}{unit}"
        model = number(outcome.model, 4)
        return (outcome.id, measured, model, _chance(outcome), NOTHING, outcome.verdict, role)
    return (
        outcome.id,
        f"{number(outcome.measured)}{unit}",
        number(outcome.model),
        interval(outcome.low, outcome.high),
        percent(outcome.error),
        outcome.verdict,
        role,
    )


def _holds(value: float) -> str:
    return "holds" if value >= 1.0 else "does not hold"


def _chance(outcome: Outcome) -> str:
    if not math.isfinite(outcome.probability):
        return NOTHING
    return f"in {100.0 * outcome.probability:.0f} % of draws"


def interval(low: float, high: float) -> str:
    """Return an interval, or a dash."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return NOTHING
    return f"{number(low)} to {number(high)}"


def percent(share: float) -> str:
    """Return a relative error with its sign, or a dash."""
    return f"{100.0 * share:+.0f} %" if math.isfinite(share) else NOTHING


def summary_sentences(summary: Mapping[str, Any]) -> Iterator[str]:
    """Yield what the sum says: counts, bars, orderings."""
    if not summary["rows"]:
        return
    counts = ", ".join(
        f"{summary['verdicts'][name]} {name}" for name in VERDICTS if summary["verdicts"][name]
    )
    yield (
        f"{summary['computed']} of {summary['rows']} rows computed, {summary['fitted']} fitted and "
        f"{summary['predicted']} predicted. Of the predicted ones: {counts or 'none'}."
    )
    for entry in summary["bars"].values():
        if entry["rows"]:
            yield _bar_sentence(entry)
    orderings = summary["orderings"]
    if orderings:
        held = [name for name, entry in orderings.items() if entry["holds"]]
        lost = [name for name in orderings if name not in held]
        yield (
            f"Orderings by physics, with the values of the library: {', '.join(held) or 'none'} "
            "come out" + (f"; {', '.join(lost)} do not." if lost else ".")
        )


def _bar_sentence(entry: Mapping[str, Any]) -> str:
    median, bar = 100.0 * entry["median_absolute_error"], 100.0 * entry["bar"]
    far = median - bar
    verdict = "met" if entry["met"] else f"missed by {far:.0f} points"
    return (
        f"Predicted {entry['of']}: median absolute error {median:.0f} % of {entry['rows']} rows, "
        f"largest {100.0 * entry['largest_error']:.0f} % ({entry['largest_error_row']}); "
        f"bar {bar:.0f} %, {verdict}."
    )
