"""What is run for the rows: a study is one simulation or look-up that serves one or more of them.

The studies themselves stand in `lithium_studies.py`, `layer_studies.py`, `full_studies.py`,
`looked_up.py` and `elsewhere.py`. Here is what they have in common, and their order.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from interlith.calibration.draws import Sample
    from interlith.calibration.rows import MeasuredRow
    from interlith.cell.cell import Cell

__all__ = ["Given", "Study", "all_studies", "row_of", "studies_for"]


OTHERS = Path(__file__).with_name("data") / "elsewhere.csv"
ELSEWHERE = "elsewhere"
"""Topic of what others measured."""


@dataclass(frozen=True)
class Given:
    """What a look-up says of a row: it has an error bar or a probability of its own."""

    value: float
    low: float = math.nan
    high: float = math.nan
    probability: float = math.nan


@dataclass(frozen=True)
class Study:
    """One simulation or look-up."""

    name: str
    topic: str
    """Word of ``--only`` that asks for it."""
    rows: tuple[str, ...]
    """Ids of the rows it serves."""
    run: Callable[[Sample], Mapping[str, float | Given]]
    """Values by row; 1 and 0 for an order or an outcome that holds or not."""
    seconds: float
    """About how long a draw takes, for the progress bar."""
    drawn: bool = True
    """Whether it is run on all draws; a look-up brings an interval of its own."""
    cells: Callable[[], Mapping[str, Cell]] = dict
    """Cells as they stand in ``examples/wan2023``, by name of the file without ending."""
    needs: str = ""
    """Module that must be installed for it."""


@cache
def measured_by_id() -> dict[str, MeasuredRow]:
    """Return the measured rows by id."""
    from interlith.calibration.rows import measured_rows

    return {row.id: row for row in measured_rows()}


@cache
def others_by_id() -> dict[str, MeasuredRow]:
    """Return rows that others measured, by id."""
    from interlith.calibration.rows import read_rows

    return {row.id: row for row in read_rows(OTHERS)}


def row_of(name: str) -> MeasuredRow:
    """Return a measured row, of the reference or of others."""
    return {**measured_by_id(), **others_by_id()}[name]


@cache
def all_studies() -> tuple[Study, ...]:
    """Return all studies in the order of the paper's argument."""
    from interlith.reproduce.elsewhere import ELSEWHERE_STUDIES
    from interlith.reproduce.full_studies import FULL_STUDIES
    from interlith.reproduce.layer_studies import LAYER_STUDIES
    from interlith.reproduce.lithium_studies import LITHIUM_STUDIES
    from interlith.reproduce.looked_up import LOOKED_UP

    return (*LITHIUM_STUDIES, *LOOKED_UP, *LAYER_STUDIES, *FULL_STUDIES, *ELSEWHERE_STUDIES)


FIGURES = {
    "fig1": ("profile-mg", "plating-site", "potential-interface", "neb-mg", "neb-zn",
             "li3bi-voltage", "zn-uptake", "mobility-order"),
    "fig2": ("cyc-mgbi-25", "cyc-mgbi-80", "short-bare"),
    "fig3": ("full-cl-0.5C", "full-cl-2C", "full-cl-return", "full-cl-3C"),
    "fig4": ("full-f-0.51-80", "full-f-7.64-initial", "full-f-7.64-fade", "energy-nmc",
             "f-migration"),
    "energy": ("energy-nmc", "energy-lno"),
    "potential": ("potential-interface", "plating-site"),
}  # fmt: skip
"""Rows that a figure of the paper shows, or that share a run with another topic, by the word of
``--only``."""


def words() -> list[str]:
    """Return every word that ``--only`` knows: topics, figures, ids of rows."""
    topics = dict.fromkeys(study.topic for study in all_studies())
    return [*topics, *FIGURES, *measured_by_id(), *others_by_id()]


def studies_for(only: tuple[str, ...]) -> tuple[Study, ...]:
    """Return the studies that words of ``--only`` ask for; all without any.

    Raises
    ------
    InputError
        A word is unknown.
    """
    from interlith.errors import InputError, Problem, near_matches

    known = words()
    problems = []
    for word in only:
        if word not in known:
            near = near_matches(word, known)
            hint = f"did you mean {' or '.join(near)}?" if near else "; ".join(known)
            problems.append(Problem("", "--only", word, f"a topic, a figure or a row; {hint}"))
    if problems:
        raise InputError(problems)
    asked = {row for word in only for row in FIGURES.get(word, (word,))}
    return tuple(
        study
        for study in all_studies()
        if not only or study.topic in asked or asked & set(study.rows)
    )
