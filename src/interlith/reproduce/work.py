"""Runs studies on draws in worker processes; every result is kept as soon as it is there.

A result is one small file, named after all that decides it: the study, the numbers drawn, and the
sources of the package. A run that was killed goes on where it stopped; a changed source starts over
by itself.
"""

from __future__ import annotations

import hashlib
import json
import math
import multiprocessing
import os
import threading
import time
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from interlith.calibration.draws import Sample
from interlith.calibration.limited import TookTooLong, within
from interlith.errors import InterlithError
from interlith.reproduce.studies import Given, Study, all_studies

__all__ = ["Kept", "Task", "run_tasks", "tasks_of"]

Progress = Callable[[float, str], None]
Values = Mapping[str, Given]

PACKAGE = Path(__file__).resolve().parent.parent
NO_INFLUENCE = frozenset({"report", "cli", "bridges", "cyclerdata"})
"""Rooms that only show results, or that no study calls."""
ONLY_SHOWN = frozenset(
    {"asked.py", "block.py", "examples.py", "gallery.py", "outcome.py", "page.py", "pictures.py",
     "rows.yaml", "verdict.py", "wording.py", "written.py"}
)  # fmt: skip
"""Files of this room that only show results."""
MOST_SECONDS, TIMES_USUAL = 20.0, 8.0
"""Processor time after which a draw is given up: the larger of both, the second over the usual."""
SECONDS_BETWEEN_LOOKS = 0.5


@dataclass(frozen=True)
class Task:
    """A study on one draw."""

    study: Study
    sample: Sample

    @property
    def seconds(self) -> float:
        """About how long it takes."""
        return self.study.seconds

    def key(self) -> str:
        """Return the name of its result: all that decides it."""
        text = repr(
            (
                self.study.name,
                self.sample.number,
                sorted(self.sample.values.items()),
                sorted(self.sample.conditions.items()),
                sources_digest(),
            )
        )
        digest = hashlib.sha256(text.encode()).hexdigest()[:20]
        return f"{self.study.name}-{self.sample.number}-{digest}"


@cache
def sources_digest() -> str:
    """Return a hash of all sources and data of the package that decide a result."""
    digest = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*")):
        inside = path.relative_to(PACKAGE)
        if path.suffix not in {".py", ".yaml", ".csv", ".json"} or inside.parts[0] in NO_INFLUENCE:
            continue
        if inside.parts[0] == "reproduce" and inside.name in ONLY_SHOWN:
            continue
        digest.update(str(inside).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


class Kept:
    """Results that are there, in a folder; None keeps nothing."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder

    def read(self, task: Task) -> Values | None:
        """Return the kept result of a task, or None."""
        if self.folder is None:
            return None
        try:
            data = json.loads((self.folder / f"{task.key()}.json").read_text(encoding="utf-8"))
            return {name: Given(**_from_json(entry)) for name, entry in data.items()}
        except (OSError, ValueError, TypeError):
            return None

    def write(self, task: Task, values: Values) -> None:
        """Keep a result whole or not at all."""
        if self.folder is None:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{task.key()}.json"
        partial = path.with_name(f".{path.name}.partial-{os.getpid()}")
        text = json.dumps({name: _to_json(given) for name, given in values.items()})
        partial.write_text(text, encoding="utf-8")
        partial.replace(path)

    def forget(self) -> None:
        """Drop everything that was kept."""
        if self.folder is not None and self.folder.is_dir():
            for path in self.folder.glob("*.json"):
                path.unlink()


def _to_json(given: Given) -> dict[str, float | None]:
    return {name: value if math.isfinite(value) else None for name, value in asdict(given).items()}


def _from_json(entry: Mapping[str, float | None]) -> dict[str, float]:
    return {name: math.nan if value is None else value for name, value in entry.items()}


def tasks_of(studies: Iterable[Study], samples: Sequence[Sample]) -> list[Task]:
    """Return what is to be run: first all with the library as it is, then draw by draw.

    Parameters
    ----------
    studies : iterable of Study
        Which.
    samples : sequence of Sample
        The library as it is first, then the draws.
    """
    chosen = list(studies)
    return [
        Task(study, sample)
        for sample in samples
        for study in chosen
        if study.drawn or not sample.number
    ]


def run_tasks(
    tasks: Sequence[Task],
    kept: Kept,
    workers: int = 2,
    progress: Progress | None = None,
) -> list[Values]:
    """Run what is not kept yet.

    Parameters
    ----------
    tasks : sequence of Task
        What is wanted.
    kept : Kept
        Where results are, and go to.
    workers : int, optional
        Processes; with one it is done in this one.
    progress : callable (fraction, text), optional
        Called after each result.

    Returns
    -------
    list of mapping
        Values by row of each task; not a number where a draw could not be run.
    """
    found: dict[int, Values] = {}
    for place, task in enumerate(tasks):
        values = kept.read(task)
        if values is not None:
            found[place] = values
    told = _Told(tasks, progress)
    for place in found:
        told.done(place)
    missing = [place for place in range(len(tasks)) if place not in found]
    ways = _in_this_process if workers < 2 else _in_processes(workers)
    for place, values in ways(tasks, missing):
        kept.write(tasks[place], values)
        found[place] = values
        told.done(place)
    return [found[place] for place in range(len(tasks))]


class _Told:
    """What the progress bar is told: the share of the work by its usual time."""

    def __init__(self, tasks: Sequence[Task], progress: Progress | None) -> None:
        self.tasks, self.progress = tasks, progress
        self.whole = sum(task.seconds for task in tasks) or 1.0
        self.passed = 0.0

    def done(self, place: int) -> None:
        task = self.tasks[place]
        self.passed += task.seconds
        if self.progress is not None:
            draw = f", draw {task.sample.number}" if task.sample.number else ""
            self.progress(min(self.passed / self.whole, 1.0), f"{task.study.name}{draw}")


def _in_this_process(tasks: Sequence[Task], places: Sequence[int]) -> Iterable[tuple[int, Values]]:
    for place in places:
        yield place, _run_here(tasks[place])


def _in_processes(workers: int) -> Callable[..., Iterable[tuple[int, Values]]]:
    """Return a way to run tasks in processes that start clean and end with this one."""

    def run(tasks: Sequence[Task], places: Sequence[int]) -> Iterable[tuple[int, Values]]:
        if not places:
            return
        pool = ProcessPoolExecutor(
            min(workers, len(places)),
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_end_with,
            initargs=(os.getpid(),),
        )
        try:
            waiting: dict[Future[Values], int] = {
                pool.submit(_run_named, tasks[place].study.name, tasks[place].sample): place
                for place in places
            }
            while waiting:
                ready, _ = wait(waiting, return_when=FIRST_COMPLETED)
                for future in ready:
                    yield waiting.pop(future), future.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            for process in list((getattr(pool, "_processes", None) or {}).values()):
                process.terminate()

    return run


def _end_with(parent: int) -> None:
    """Let a worker end when the process that started it is gone, however it ended."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that keeps results

    def look() -> None:
        while os.getppid() == parent:
            time.sleep(SECONDS_BETWEEN_LOOKS)
        os._exit(1)

    threading.Thread(target=look, daemon=True).start()


def _run_named(name: str, sample: Sample) -> Values:
    """Run a study by name: what a worker process is asked for."""
    study = next(study for study in all_studies() if study.name == name)
    return _run_here(Task(study, sample))


def _run_here(task: Task) -> Values:
    """Run a task; a draw that cannot be run is not a number, with the library it is an error."""
    limit = max(MOST_SECONDS, TIMES_USUAL * task.seconds)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # values beyond published ranges are counted in reports
        if not task.sample.number:
            return _as_given(task.study.run(task.sample))
        try:
            with within(limit):
                return _as_given(task.study.run(task.sample))
        except (InterlithError, TookTooLong, ArithmeticError, ValueError, AssertionError):
            return {name: Given(math.nan) for name in task.study.rows}


def _as_given(values: Mapping[str, float | Given]) -> Values:
    return {
        name: value if isinstance(value, Given) else Given(float(value))
        for name, value in values.items()
    }
