"""The cells of the reference as files: what a study runs, for a user to run and change.

The studies make their cells from the measured rows; these files are written from the same cells,
and a test holds them together. So there is one source, and each file stands on its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from interlith.reproduce.outcome import words_of
from interlith.reproduce.studies import Study, all_studies, measured_by_id

if TYPE_CHECKING:
    from interlith.cell.cell import Cell

__all__ = ["example_files", "write_examples"]

COMMENT_WIDTH = 100


def example_files() -> dict[str, str]:
    """Return the text of every example by the name of its file."""
    return {
        f"{name}.yaml": _text(study, name, cell)
        for study in all_studies()
        for name, cell in study.cells().items()
    }


def write_examples(folder: Path) -> list[Path]:
    """Write every example.

    Parameters
    ----------
    folder : Path
        Made if it is missing.

    Returns
    -------
    list of Path
        The files.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in example_files().items():
        (folder / name).write_text(text, encoding="utf-8")
        written.append(folder / name)
    return written


def _text(study: Study, name: str, cell: Cell) -> str:
    """The cell with a comment on what was measured and what is assumed."""
    lines = [f"{name}: of Wan et al., Nature 623 (2023), doi:10.1038/s41586-023-06653-w"]
    lines += [line for row in study.rows if row in measured_by_id() for line in _about(row)]
    lines += [
        "Thickness of electrolyte and interlayer, area and, of symmetric cells, pressure are not "
        "stated: assumed.",
        f"Run it: interlith run examples/wan2023/{name}.yaml",
        "Written by tools/example_cells.py from the cells that `interlith reproduce` runs.",
    ]
    wrapped = [part for line in lines for part in _wrap(line)]
    return "".join(f"# {line}\n" for line in wrapped) + "\n" + cell.to_yaml()


def _about(row: str) -> Iterator[str]:
    measured = measured_by_id()[row]
    if measured.value == measured.value:
        least = "at least " if measured.relation == "ge" else ""
        unit = "" if measured.unit == "1" else f" {measured.unit}"
        yield (
            f"{row} ({measured.role}): {measured.quantity} {least}{measured.value:g}{unit}, "
            f"{measured.locator}."
        )
    else:
        yield f"{row} ({measured.role}): {measured.quantity}, {measured.locator}."
    yield f"Read as: {words_of(row)[0]}."


def _wrap(text: str) -> list[str]:
    from textwrap import wrap

    return wrap(text, COMMENT_WIDTH)
