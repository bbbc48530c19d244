"""The sum of a reproduction as Markdown, for README.md and docs/reproduce.md, from results.json."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from typing import Any

from interlith.reproduce.outcome import Outcome
from interlith.reproduce.verdict import (
    AGREES,
    MISSES,
    NOT_COMPUTED,
    PERHAPS,
    WITHIN_BAR,
    WITHIN_INTERVAL,
)
from interlith.reproduce.wording import row_cells, summary_sentences

__all__ = ["outcomes_of", "summary_block", "table_block"]

KINDS = (AGREES, WITHIN_BAR, WITHIN_INTERVAL, PERHAPS, MISSES)
GROUPS = {
    "ccd": "critical currents",
    "symmetric cycling": "symmetric cycling",
    "full cell": "full cells",
    "energy": "specific energy",
    "atomistic": "barriers of adatoms",
    "thermo": "lithiation",
    "migration": "migration and mobility",
    "potential": "potential, plating site",
    "cathode": "fluoride in the cathode",
    "interlayer": "other electrolytes",
    "elsewhere": "measured by others",
}


def outcomes_of(entries: Sequence[Mapping[str, Any]]) -> list[Outcome]:
    """Return rows of results.json as outcomes.

    Parameters
    ----------
    entries : sequence of mapping
        Rows as they were written; null stands for not a number.
    """
    found = []
    for entry in entries:
        fields: dict[str, Any] = {
            name: math.nan if value is None else value for name, value in entry.items()
        }
        found.append(Outcome(**fields))
    return found


def summary_block(results: Mapping[str, Any]) -> str:
    """Return a line a group of predicted rows, and the sentences of the summary.

    Parameters
    ----------
    results : mapping
        What results.json holds.
    """
    rows = [o for o in outcomes_of(results["rows"]) if o.role == "validation"]
    rows += [o for o in outcomes_of(results["elsewhere"]) if o.role == "validation"]
    lines = [
        f"| predicted rows | number | {' | '.join(KINDS)} | median absolute error |",
        "|---|" + "---|" * (len(KINDS) + 2),
    ]
    for group, words in GROUPS.items():
        own = [row for row in rows if row.group == group and row.verdict != NOT_COMPUTED]
        if own:
            lines.append(_line(words, own))
    return "\n".join([*lines, "", *_sentences(results["summary"])])


def _line(words: str, rows: Sequence[Outcome]) -> str:
    counts = [str(sum(1 for row in rows if row.verdict == kind) or "-") for kind in KINDS]
    errors = [abs(row.error) for row in rows if row.has_value and row.error == row.error]
    median = f"{100.0 * statistics.median(errors):.0f} % of {len(errors)}" if errors else "-"
    return f"| {words} | {len(rows)} | {' | '.join(counts)} | {median} |"


def _sentences(summary: Mapping[str, Any]) -> list[str]:
    whole = {
        **summary,
        "bars": {
            name: {key: float("nan") if v is None else v for key, v in entry.items()}
            for name, entry in summary["bars"].items()
        },
    }
    return list(summary_sentences(whole))


def table_block(results: Mapping[str, Any], key: str) -> str:
    """Return every row as Markdown, with its reason.

    Parameters
    ----------
    results : mapping
        What results.json holds.
    key : str
        ``rows`` or ``elsewhere``.
    """
    lines = [
        "| row | measured | model | 90 % interval | error | verdict | role | how, what misses |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for outcome in outcomes_of(results[key]):
        name, *cells = row_cells(outcome)
        source = f" {outcome.locator}; {outcome.note}." if key == "elsewhere" else ""
        lines.append(f"| `{name}` | {' | '.join(cells)} | {outcome.reason}.{source} |")
    return "\n".join(lines)
