"""The rule by which a row is judged. It was fixed before any number of this room was computed.

Rows with a value (``eq``, ``approx``). Let error = model / measured - 1, the bar be 25 % for tests
of lithium electrodes (critical currents, cycling, what others measured) and 20 % for all others,
and let the rows meet when measured +- its uncertainty overlaps the 90 % interval of the model.

- ``agrees``: they meet and the error is within the bar;
- ``within bar``: the error is within the bar, but they do not meet;
- ``within interval``: they meet, but the error is beyond the bar (the model does not know better);
- ``misses``: neither.

Rows that ended without a failure (``ge``) and orders or outcomes (``order``) either hold or not.

- ``agrees``: it holds with the values of the library, and in at least 9 of 10 draws;
- ``holds, not surely``: it holds with the values of the library, and in at least half of the draws;
- ``misses``: anything else.

A row that no study gives is ``not computed`` and says why. An uncertainty that is not stated is
taken as half a unit of the last digit given.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from interlith.calibration.rows import MeasuredRow

__all__ = [
    "AGREES",
    "MISSES",
    "NOT_COMPUTED",
    "PERHAPS",
    "VERDICTS",
    "WITHIN_BAR",
    "WITHIN_INTERVAL",
    "bar_of",
    "judge_outcome",
    "judge_value",
]

AGREES = "agrees"
WITHIN_BAR = "within bar"
WITHIN_INTERVAL = "within interval"
PERHAPS = "holds, not surely"
MISSES = "misses"
NOT_COMPUTED = "not computed"
VERDICTS = (AGREES, WITHIN_BAR, WITHIN_INTERVAL, PERHAPS, MISSES, NOT_COMPUTED)

LITHIUM_BAR, OTHER_BAR = 0.25, 0.20
LITHIUM_GROUPS = ("ccd", "symmetric cycling", "elsewhere")
SURE, LIKELY = 0.9, 0.5


def bar_of(group: str) -> float:
    """Return the largest relative error that passes, for a group of rows."""
    return LITHIUM_BAR if group in LITHIUM_GROUPS else OTHER_BAR


def judge_value(row: MeasuredRow, model: float, low: float, high: float) -> str:
    """Return the verdict on a row with a value.

    Parameters
    ----------
    row : MeasuredRow
        What was measured.
    model, low, high : float
        Value with the library as it is, and the 90 % interval, in the unit of the row.
    """
    if not math.isfinite(model):
        return MISSES
    close = abs(model / row.value - 1.0) <= bar_of(row.group)
    meets = low <= row.value + row.plus_minus and high >= row.value - row.plus_minus
    if close:
        return AGREES if meets else WITHIN_BAR
    return WITHIN_INTERVAL if meets else MISSES


def judge_outcome(holds: bool, probability: float) -> str:
    """Return the verdict on a row that holds or not.

    Parameters
    ----------
    holds : bool
        With the values of the library.
    probability : float
        Share of the draws in which it holds; not a number without draws.
    """
    if not holds or probability < LIKELY:
        return MISSES
    return AGREES if probability >= SURE else PERHAPS
