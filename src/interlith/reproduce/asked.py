"""The way through this room: which studies, which draws, run, judged."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from interlith.errors import InputError, Problem
from interlith.reproduce.outcome import Outcome, Reproduction, judge, not_computed
from interlith.reproduce.studies import (
    ELSEWHERE,
    Given,
    Study,
    measured_by_id,
    others_by_id,
    row_of,
    studies_for,
)
from interlith.reproduce.work import Kept, Progress, run_tasks, tasks_of

if TYPE_CHECKING:
    from interlith.reproduce.work import Task, Values

__all__ = ["REFERENCES", "reproduce"]

REFERENCES = ("wan2023",)
Note = Callable[[str], None]


def reproduce(
    reference: str = "wan2023",
    only: Sequence[str] = (),
    samples: int | None = None,
    kept: Path | None = None,
    fresh: bool = False,
    workers: int = 1,
    progress: Progress | None = None,
) -> Reproduction:
    """Put what the model gives beside every measured row of a reference.

    Parameters
    ----------
    reference : str, optional
        ``wan2023``.
    only : sequence of str, optional
        Topics, figures or ids of rows; all without any.
    samples : int, optional
        Draws of the uncertain numbers, at most and by default what the shipped ensemble holds; 0
        gives no intervals but those of look-ups.
    kept : Path, optional
        Folder for results of single runs, from which a later call goes on.
    fresh : bool, optional
        Forget them first.
    workers : int, optional
        Processes. More than one needs ``if __name__ == "__main__":`` in a script, as everywhere in
        Python.
    progress : callable (fraction, text), optional
        Called after each run.

    Returns
    -------
    Reproduction
        In the order of the table of measured rows.

    Raises
    ------
    InputError
        Unknown reference or word, or a number of draws that is not there.
    """
    from interlith.calibration.ensemble import all_samples, shipped_count

    began = time.perf_counter()
    if reference not in REFERENCES:
        raise InputError(Problem("", "reference", reference, " or ".join(REFERENCES)))
    if samples is None:
        samples = shipped_count()
    if not 0 <= samples <= shipped_count():
        expected = f"0 to {shipped_count()}, the members of the ensemble"
        raise InputError(Problem("", "--samples", str(samples), expected))
    chosen = studies_for(tuple(only))
    able = [study for study in chosen if not study.needs or find_spec(study.needs)]
    keep = Kept(kept)
    if fresh:
        keep.forget()
    tasks = tasks_of(able, all_samples(samples))
    values = run_tasks(tasks, keep, workers, progress)
    wanted = _wanted(chosen, only)
    given = _by_row(tasks, values)
    outcomes, elsewhere = (
        tuple(_outcome(name, given.get(name), chosen) for name in known if name in wanted)
        for known in (measured_by_id(), others_by_id())
    )
    draws = {
        name: [draw.value for draw in found[1:]]
        for name, found in given.items()
        if name in wanted and len(found) > 1
    }
    return Reproduction(outcomes, draws, elsewhere, time.perf_counter() - began)


def _wanted(studies: Sequence[Study], only: Sequence[str]) -> set[str]:
    """Rows that are shown: those asked for by id, else all that the chosen studies serve."""
    from interlith.reproduce.elsewhere import UNABLE
    from interlith.reproduce.studies import FIGURES

    served = {row for study in studies for row in study.rows}
    if any(study.topic == ELSEWHERE for study in studies):
        served |= set(UNABLE)
    asked = {row for word in only for row in FIGURES.get(word, (word,))}
    topics = {row for study in studies if study.topic in asked for row in study.rows}
    if ELSEWHERE in asked:
        topics |= set(UNABLE)
    return ((served | set(UNABLE)) & asked) | topics if only else served


def _by_row(tasks: Sequence[Task], values: Sequence[Values]) -> dict[str, list[Given]]:
    """Values of a row, the library's first."""
    found: dict[str, list[Given]] = {}
    for task, given in zip(tasks, values, strict=True):
        for row in task.study.rows:
            found.setdefault(row, []).append(given.get(row, Given(math.nan)))
    return found


def _outcome(name: str, given: list[Given] | None, studies: Sequence[Study]) -> Outcome:
    from interlith.reproduce.elsewhere import UNABLE

    row = row_of(name)
    if given is None and name in UNABLE:
        return not_computed(row, UNABLE[name])
    if given is None:
        needs = next(study.needs for study in studies if name in study.rows)
        return not_computed(row, f"{needs} is not installed (extra thermo)")
    return judge(row, given[0], given[1:])
