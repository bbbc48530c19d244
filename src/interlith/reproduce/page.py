"""The page: verdicts, pictures, what was fitted, what was predicted, what failed and why."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from interlith.report.html import Plate, data_uri, environment, imprint
from interlith.report.style import render, write_figures
from interlith.reproduce import pictures
from interlith.reproduce.gallery import Runs, drawn
from interlith.reproduce.outcome import words_of
from interlith.reproduce.verdict import MISSES, NOT_COMPUTED, WITHIN_INTERVAL
from interlith.reproduce.wording import percent, row_cells, summary_sentences

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from interlith.reproduce.outcome import Outcome, Reproduction

__all__ = ["page", "rule_in_words"]

TITLE = "Wan et al. (2023) beside the model"
HEAD = ("row", "measured", "model", "90 % interval", "error", "verdict", "role")


def page(found: Reproduction, folder: Path) -> str:
    """Return the page; pictures go to ``pictures/`` and runs to ``runs/`` as well.

    Parameters
    ----------
    found : Reproduction
        What was found.
    folder : Path
        Where pictures and runs are written.
    """
    from interlith.calibration.known import fitted_in_words

    runs = Runs(found, folder / "runs")
    figures = list(_sums(found))
    shown = list(drawn(runs))
    write_figures(
        [*((name, figure) for name, _, _, figure in figures), *((e.name, f) for e, f in shown)],
        folder / "pictures",
    )
    return (
        environment()
        .get_template("reproduce.html")
        .render(
            title=TITLE,
            sentences=list(summary_sentences(found.summary())),
            rule=rule_in_words(),
            head=HEAD,
            rows=[_line(outcome) for outcome in found.outcomes],
            elsewhere=[_line(outcome) for outcome in found.elsewhere],
            sums=[_plate(name, title, caption, figure) for name, title, caption, figure in figures],
            gallery=[
                _plate(entry.name, f"{entry.place}: {entry.title}", entry.caption, figure)
                for entry, figure in shown
            ],
            fits=fitted_in_words(),
            failed=[_failure(o) for o in (*found.outcomes, *found.elsewhere) if _failed(o)],
            run=[("Draws", str(max((o.draws for o in found.outcomes), default=0)))],
            sources=_sources(found.elsewhere),
            **imprint(None),
        )
    )


def _sums(found: Reproduction) -> list[tuple[str, str, str, Figure]]:
    """The pictures that show all rows at once."""
    rows = [*found.outcomes, *found.elsewhere]
    if not any(row.has_value and row.measured > 0.0 for row in rows):
        return []
    made = [
        (
            "ratios",
            "Model over measured",
            "Every row with a number; the line is the 90 % interval, grey the bar. Arrows at the "
            "edge lie beyond it.",
            pictures.forest(rows),
        )
    ]
    if any(row.unit in ("mA/cm2", "mAh/cm2", "mAh/g", "Wh/kg") for row in rows):
        made.append(
            (
                "parity",
                "Parity",
                "Model against measured; filled: predicted, open: fitted or an input, black: "
                "measured by others. Grey: within the bar.",
                pictures.parity(rows),
            )
        )
    return made


def _plate(name: str, title: str, caption: str, figure: Figure) -> Plate:
    return Plate(name, title, caption, data_uri(render(figure, "svg")))


def _line(outcome: Outcome) -> dict[str, Any]:
    return {
        "cells": row_cells(outcome),
        "quantity": outcome.quantity,
        "reason": outcome.reason,
        "locator": outcome.locator,
        "note": outcome.note,
        "kind": outcome.verdict.replace(" ", "-").replace(",", ""),
    }


def _failed(outcome: Outcome) -> bool:
    return outcome.verdict in (MISSES, WITHIN_INTERVAL, NOT_COMPUTED)


def _failure(outcome: Outcome) -> dict[str, str]:
    missing = words_of(outcome.id)[1]
    return {
        "id": outcome.id,
        "verdict": outcome.verdict,
        "error": percent(outcome.error),
        "missing": missing or (outcome.reason if outcome.verdict == NOT_COMPUTED else ""),
    }


def _sources(outcomes: Sequence[Outcome]) -> list[str]:
    reference = "Wan et al., Nature 623 (2023), doi:10.1038/s41586-023-06653-w"
    return [reference, *dict.fromkeys(outcome.locator for outcome in outcomes)]


def rule_in_words() -> list[str]:
    """Return the rule of the verdicts as it stands in `verdict.py`, a paragraph each."""
    from interlith.reproduce import verdict

    text = (verdict.__doc__ or "").partition("\n")[2].strip()
    return [" ".join(part.split()).replace("``", "") for part in _paragraphs(text)]


def _paragraphs(text: str) -> list[str]:
    """Paragraphs and list items of a docstring."""
    parts: list[str] = []
    for line in text.splitlines():
        if not line.strip() or line.startswith("- ") or not parts:
            parts.append(line.removeprefix("- "))
        else:
            parts[-1] += f" {line}"
    return [part for part in parts if part.strip()]
