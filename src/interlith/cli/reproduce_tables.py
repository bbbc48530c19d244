"""What people see of `interlith reproduce`: rows, second table, and the sum of both."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.table import Table

from interlith.reproduce.wording import row_cells, summary_sentences

if TYPE_CHECKING:
    from rich.console import Console

    from interlith.reproduce import Outcome, Reproduction

__all__ = ["print_reproduction"]


def print_reproduction(console: Console, found: Reproduction, folder: Path) -> None:
    """Write the tables and the sentences below them."""
    for title, outcomes in (
        ("Measured rows beside the model", found.outcomes),
        ("Measured by others, fitted nowhere", found.elsewhere),
    ):
        if outcomes:
            console.print(_table(title, outcomes))
    for sentence in _sentences(found):
        console.print(sentence)
    console.print(f"Results: {folder}")


def _table(title: str, outcomes: Sequence[Outcome]) -> Table:
    table = Table(title=title, title_justify="left")
    for name in ("row", "measured", "model", "90 % interval", "error", "verdict", "role"):
        table.add_column(name, no_wrap=True)
    for outcome in outcomes:
        table.add_row(*row_cells(outcome))
    return table


def _sentences(found: Reproduction) -> Iterator[str]:
    yield from summary_sentences(found.summary())
    if math.isfinite(found.seconds):
        yield f"It took {found.seconds / 60.0:.1f} minutes."
