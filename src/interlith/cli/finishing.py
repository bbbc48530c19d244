"""How commands with one table of data end: a folder with data and pictures, then the table."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from interlith.cli.answer import Answer, json_ready
from interlith.cli.folder import require_usable, results_folder

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from rich.console import Console

# Makes the pictures, by name, when they are wanted.
Figures = Callable[[], "list[tuple[str, Figure]]"]
# Makes the page, from the pictures as SVG by name.
Page = Callable[[Mapping[str, bytes]], str]


def folder_named(out: Path | None, command: str, names: list[str], most: int = 4) -> Path:
    """Return where results go: `out`, or a folder named after the command and what it was given.

    Raises
    ------
    InputError
        Results cannot be written there.
    """
    words = [n for n in names if n.replace(".", "").isalnum()][:most]
    folder = out or Path("results") / "-".join([command, *words])[:80]
    require_usable(folder)
    return folder


def finish(
    answer: Answer,
    folder: Path,
    name: str,
    data: dict[str, Any],
    figures: Figures | None,
    people: Callable[[Console], None],
    page: Page | None = None,
) -> None:
    """Write data, pictures and, where `page` is given, report.html, then show them."""
    with results_folder(folder) as partial:
        text = json.dumps(json_ready(data), indent=2, allow_nan=False, ensure_ascii=False)
        (partial / f"{name}.json").write_text(text + "\n", encoding="utf-8")
        write_pictures(partial, figures, page)

    def show(console: Console) -> None:
        people(console)
        console.print(f"Results: {folder}")

    answer.show(lambda: data, show)


def write_pictures(folder: Path, figures: Figures | None, page: Page | None) -> None:
    """Write pictures, and a page that holds them, each where it is wanted."""
    if figures is None and page is None:
        return
    from interlith.report.style import drawn_svg, write_figures

    written = [] if figures is None else write_figures(figures(), folder / "pictures")
    if page is not None:
        (folder / "report.html").write_text(page(drawn_svg(written)), encoding="utf-8")
