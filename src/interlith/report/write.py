"""Reports and pictures as files."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import cast

from matplotlib.figure import Figure

from interlith.report.drawing import pictures_of, ways_to_draw
from interlith.report.full.page import full_report_page
from interlith.report.full.view import FullView, MeasuredCapacity
from interlith.report.html import Plate, comparison_page, data_uri, report_page
from interlith.report.pictures.comparison import Measured, comparison, comparison_caption
from interlith.report.reported import ResultLike, RunLike
from interlith.report.style import FORMATS, render
from interlith.report.view import View

__all__ = ["comparison_report", "write_comparison", "write_report"]

PICTURE_FOLDER = "pictures"


@dataclass(frozen=True)
class Drawing:
    """A picture to be drawn, and the name of its files."""

    name: str
    draw: Callable[[], Figure]


def write_report(
    result: RunLike,
    directory: str | Path,
    *,
    command: str | None = None,
    processes: int = 1,
    measured: Sequence[MeasuredCapacity] = (),
) -> list[Path]:
    """Write report.html and, in ``pictures/``, every picture as PNG, SVG and PDF.

    Parameters
    ----------
    result
        What `simulate` returned.
    directory
        Folder to write to; it is made if it is missing.
    command
        Command line to show; by default that of this process.
    processes
        How many draw at the same time. More than one forks this process, which is safe only where
        no other thread runs.
    measured
        Of a full cell: published capacities of the same cell, to be shown beside it.

    Returns
    -------
    list of Path
        The written files, report.html first.
    """
    folder = Path(directory)
    pictures, view = pictures_of(result, measured)
    drawings = [Drawing(name, way) for name, way in ways_to_draw(pictures, view).items()]
    drawn, written = _write_shared(drawings, folder / PICTURE_FOLDER, processes)
    if isinstance(view, FullView):
        text = full_report_page(view, drawn, command)
    else:
        text = report_page(cast("ResultLike", result), drawn, command)
    return [_write_text(folder / "report.html", text), *written]


def write_comparison(
    results: Sequence[ResultLike],
    directory: str | Path,
    *,
    title: str = "Comparison of cells",
    measured: Measured = (),
    note: str = "",
    command: str | None = None,
) -> list[Path]:
    """Write comparison.html and its picture as PNG, SVG and PDF; return the written files.

    `measured` holds pairs of a label and a critical current density in mA/cm2; a label that is the
    name of a cell puts the value beside that cell. `note` is a sentence to write below the table.
    """
    folder = Path(directory)
    picture, drawn = _comparison_plate(results, measured)
    _, written = _write_picture("comparison", drawn, folder / PICTURE_FOLDER)
    text = comparison_page(results, title, picture, measured, command, note)
    return [_write_text(folder / "comparison.html", text), *written]


def comparison_report(
    results: Sequence[ResultLike],
    path: str | Path,
    title: str = "Comparison of cells",
    measured: Measured = (),
    *,
    command: str | None = None,
) -> Path:
    """Write the comparison as one HTML file without separate pictures; return its path."""
    picture, _ = _comparison_plate(results, measured)
    return _write_text(Path(path), comparison_page(results, title, picture, measured, command))


def _comparison_plate(results: Sequence[ResultLike], measured: Measured) -> tuple[Plate, Figure]:
    if not results:
        raise ValueError("a comparison needs at least one result")
    views = [View(result) for result in results]
    figure = comparison(views, measured)
    caption = comparison_caption(measured)
    return Plate("comparison", "Comparison", caption, data_uri(render(figure, "svg"))), figure


def _write_shared(
    drawings: Sequence[Drawing], folder: Path, processes: int
) -> tuple[dict[str, bytes], list[Path]]:
    """Write pictures in every format; return the SVG files, for the page, and all paths."""
    own, *others = [drawings[start::processes] for start in reversed(range(max(processes, 1)))]
    helpers = [(share, _helper(share, folder)) for share in others]
    drawn = _draw_share(own, folder)
    for share, helper in helpers:
        helper.join()
        # What a helper could not draw is drawn here, where the error can be told.
        drawn |= _draw_share(share, folder) if helper.exitcode else _read_share(share, folder)
    names = [drawing.name for drawing in drawings]
    paths = [folder / f"{name}.{form}" for name in names for form in FORMATS]
    return {name: drawn[name] for name in names}, paths


def _helper(share: Sequence[Drawing], folder: Path) -> BaseProcess:
    """Start a process that draws some of the pictures; forked, it has all that it needs."""
    helper = get_context("fork").Process(target=_draw_quietly, args=(share, folder), daemon=True)
    helper.start()
    return helper


def _draw_quietly(share: Sequence[Drawing], folder: Path) -> None:
    """Draw in a helper; its error shows as its exit code alone."""
    try:
        _draw_share(share, folder)
    except Exception:  # noqa: BLE001  (the parent draws again and meets the same error)
        sys.exit(1)


def _draw_share(drawings: Sequence[Drawing], folder: Path) -> dict[str, bytes]:
    return {d.name: _write_picture(d.name, d.draw(), folder)[0] for d in drawings}


def _read_share(drawings: Sequence[Drawing], folder: Path) -> dict[str, bytes]:
    return {d.name: (folder / f"{d.name}.svg").read_bytes() for d in drawings}


def _write_picture(name: str, figure: Figure, folder: Path) -> tuple[bytes, list[Path]]:
    """Write a figure in every format; return the SVG file, for the page, and all paths."""
    folder.mkdir(parents=True, exist_ok=True)
    contents = {form: render(figure, form) for form in FORMATS}
    paths = {form: folder / f"{name}.{form}" for form in FORMATS}
    for form, content in contents.items():
        paths[form].write_bytes(content)
    return contents["svg"], list(paths.values())


def _write_text(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
