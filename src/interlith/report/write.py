"""Reports and pictures as files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from matplotlib.figure import Figure

from interlith.report.html import Plate, comparison_page, data_uri, report_page
from interlith.report.pictures import figures
from interlith.report.pictures.comparison import Measured, comparison, comparison_caption
from interlith.report.reported import ResultLike
from interlith.report.style import FORMATS, render
from interlith.report.view import View

__all__ = ["comparison_report", "write_comparison", "write_report"]

PICTURE_FOLDER = "pictures"


def write_report(
    result: ResultLike, directory: str | Path, *, command: str | None = None
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

    Returns
    -------
    list of Path
        The written files, report.html first.
    """
    folder = Path(directory)
    drawn, written = _write_pictures(figures(result), folder / PICTURE_FOLDER)
    page = _write_text(folder / "report.html", report_page(result, drawn, command))
    return [page, *written]


def write_comparison(
    results: Sequence[ResultLike],
    directory: str | Path,
    *,
    title: str = "Comparison of cells",
    measured: Measured = (),
    command: str | None = None,
) -> list[Path]:
    """Write comparison.html and its picture as PNG, SVG and PDF; return the written files.

    `measured` holds pairs of a label and a critical current density in mA/cm2; a label that is the
    name of a cell puts the value beside that cell.
    """
    folder = Path(directory)
    picture, drawn = _comparison_plate(results, measured)
    _, written = _write_pictures({"comparison": drawn}, folder / PICTURE_FOLDER)
    text = comparison_page(results, title, picture, measured, command)
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


def _write_pictures(drawn: dict[str, Figure], folder: Path) -> tuple[dict[str, bytes], list[Path]]:
    """Write each figure in every format; return the SVG files, for the page, and all paths."""
    folder.mkdir(parents=True, exist_ok=True)
    vector: dict[str, bytes] = {}
    written: list[Path] = []
    for name, figure in drawn.items():
        for form in FORMATS:
            content = render(figure, form)
            path = folder / f"{name}.{form}"
            path.write_bytes(content)
            written.append(path)
            if form == "svg":
                vector[name] = content
    return vector, written


def _write_text(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
