"""Saving a result while the libraries for it are already there.

Half of the time of a short run goes into importing the libraries of netCDF and pictures, and into
drawing. Where there is a second core, a forked process does the first while the cell is simulated,
and then draws with a helper of its own.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, Union, cast

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from interlith.report.full.view import MeasuredCapacity
    from interlith.simulation import Result
    from interlith.simulation.full_result import FullResult

__all__ = ["Save", "result_saver", "save_result"]

AnyResult = Union["Result", "FullResult"]
Save = Callable[[AnyResult, Path], None]

MOST_PROCESSES = 4
LIBRARIES = (
    "interlith.report.write",
    "interlith.simulation.result",
    "interlith.cell",
    "xarray",
    "pint",
    "h5netcdf",
    "jinja2",
    "fontTools.subset",
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg",
    "matplotlib.backends.backend_pdf",
)


def save_result(result: AnyResult, folder: Path, report: bool = True, processes: int = 1) -> None:
    """Write the data of a result, and its report where wanted."""
    result.save(folder)
    if report:
        from interlith.report import write_report

        write_report(result, folder, processes=processes, measured=_measured(result))


def _measured(result: AnyResult) -> list[MeasuredCapacity]:
    """Return what is published for the cell of a result; only full cells show it."""
    if not result.cell.is_full:
        return []
    from interlith.calibration.full_marks import measured_beside

    return measured_beside(cast("FullResult", result))


@contextmanager
def result_saver(report: bool) -> Iterator[Save]:
    """Give a function that saves a result; to be entered before anything heavy is imported."""
    processes = min(_cores(), MOST_PROCESSES)
    if not report or processes < 2 or sys.platform != "linux":
        yield lambda result, folder: save_result(result, folder, report)
        return
    from multiprocessing import get_context

    context = get_context("fork")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, ours, processes))
    process.start()
    theirs.close()
    try:
        yield lambda result, folder: _ask(ours, result, folder)
    finally:
        ours.close()
        process.terminate()
        process.join()


def _cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1


def _ask(connection: Connection, result: AnyResult, folder: Path) -> None:
    """Let the other process save; raises what it met, and saves here if that process is gone."""
    try:
        connection.send((result, folder))
        error = connection.recv()
    except (EOFError, BrokenPipeError, ConnectionResetError):
        save_result(result, folder)
        return
    if error is not None:
        raise error


def _serve(connection: Connection, other_end: Connection, processes: int) -> None:
    """Load the libraries, wait for one result and save it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the simulation; this one saves
    signal.signal(signal.SIGTERM, _leave)  # an orderly exit takes the helper along
    gc.disable()  # this process ends before its garbage matters, and drawing makes a lot of it
    other_end.close()
    _load_libraries()
    try:
        result, folder = connection.recv()
    except EOFError:
        return
    try:
        _save_in_parallel(result, folder, processes)
    except Exception as error:  # noqa: BLE001  (it is raised again where the command runs)
        connection.send(error)
        return
    connection.send(None)


def _save_in_parallel(result: AnyResult, folder: Path, processes: int) -> None:
    """Write the data in a helper while the report is written here."""
    from multiprocessing import get_context

    from interlith.report import write_report

    folder.mkdir(parents=True, exist_ok=True)
    result.dataset.load()  # made before the helper is forked, so that it is made once
    helper = get_context("fork").Process(target=_save_quietly, args=(result, folder), daemon=True)
    helper.start()
    write_report(result, folder, processes=processes, measured=_measured(result))
    helper.join()
    if helper.exitcode:
        result.save(folder)  # meets the same error where it can be told


def _save_quietly(result: AnyResult, folder: Path) -> None:
    """Write the data; an error shows as the exit code alone."""
    try:
        result.save(folder)
    except Exception:  # noqa: BLE001  (the caller tries again and meets the same error)
        sys.exit(1)


def _leave(signal_number: int, frame: object) -> NoReturn:
    raise SystemExit(128 + signal_number)


def _load_libraries() -> None:
    """Import what saving needs; matplotlib would import a format's backend when it first draws."""
    for name in LIBRARIES:
        import_module(name)
