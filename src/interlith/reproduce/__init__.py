"""The reference system measured against the model: every row, with an interval and a verdict.

Read `verdict.py` first: the rule that was fixed before any number was computed. A *study*
(`studies.py`) is one simulation or look-up that serves one or more rows; `samples.py` draws the
uncertain numbers, `work.py` runs the studies on all draws and keeps each result, `outcome.py` puts
them beside the measured rows, and `report/` writes the page.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from interlith.reproduce.asked import reproduce
    from interlith.reproduce.outcome import Outcome, Reproduction

__all__ = ["Outcome", "Reproduction", "reproduce"]

_HOMES = {"Outcome": "outcome", "Reproduction": "outcome", "reproduce": "asked"}


def __getattr__(name: str) -> object:
    """Load a public name from its file on first use."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
