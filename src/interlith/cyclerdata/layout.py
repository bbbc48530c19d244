"""How a text file is laid out: where its table begins, and what parts its cells."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from interlith.cyclerdata.headings import Heading, heading
from interlith.cyclerdata.measures import is_known
from interlith.cyclerdata.source import LONGEST_ROW, Source

__all__ = [
    "HeadingRow",
    "cells_of",
    "heading_rows",
    "is_number",
    "is_quoted_whole",
    "sample_rows",
    "units_below",
]

# Settings of a long EC-Lab sequence take some hundred lines; no format known has more.
LINES_SEARCHED = 2000
DELIMITERS = ("\t", ";", ",", "|")
SAMPLE_ROWS = 200
MOST_COLUMNS = 2000
_NUMBER = re.compile(r"[-+]?(?:\d+[.,]?\d*|[.,]\d+)(?:[eE][-+]?\d+)?|[-+]?(?:nan|inf)", re.I)
_LETTERS = re.compile(r"[^\W\d_]")


@dataclass(frozen=True)
class HeadingRow:
    """A line that could head a table.

    Attributes
    ----------
    line : int
        Its number, from 0.
    delimiter : str
        What parts its cells.
    headings : tuple of Heading
        One a column, in order.
    """

    line: int
    delimiter: str
    headings: tuple[Heading, ...]

    @property
    def keys(self) -> frozenset[str]:
        """Keys of all headings."""
        return frozenset(heading.key for heading in self.headings)


def cells_of(line: str, delimiter: str) -> list[str]:
    """Return the cells of a line without spaces around them."""
    if delimiter == " ":
        return line.split()
    if is_quoted_whole(line):
        line = line.strip()[1:-1]
    if '"' not in line:
        return [cell.strip() for cell in line.split(delimiter)]
    try:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter))]
    except (csv.Error, StopIteration):
        return [cell.strip() for cell in line.split(delimiter)]


def is_quoted_whole(line: str) -> bool:
    """Return whether a line has one pair of quotes around all of its cells."""
    tidy = line.strip()
    return len(tidy) > 2 and tidy[0] == tidy[-1] == '"' and '"' not in tidy[1:-1]


def is_number(text: str) -> bool:
    """Return whether a cell holds a number, its decimals after a point or a comma."""
    return _NUMBER.fullmatch(text) is not None


def heading_rows(source: Source) -> Sequence[HeadingRow]:
    """Return every line that could head a table, in each way to part its cells."""
    return _heading_rows(tuple(source.lines[:LINES_SEARCHED]))


@lru_cache(maxsize=8)
def _heading_rows(lines: tuple[str, ...]) -> tuple[HeadingRow, ...]:
    found = []
    for number, line in enumerate(lines):
        if len(line) > LONGEST_ROW:
            continue
        for delimiter in DELIMITERS:
            cells = cells_of(line, delimiter) if delimiter in line else []
            if _could_head(cells):
                found.append(HeadingRow(number, delimiter, _headings(cells)))
    return tuple(found)


def _headings(cells: Sequence[str]) -> tuple[Heading, ...]:
    return tuple(_heading(cell) for cell in cells)


_heading = lru_cache(maxsize=4096)(heading)


def _could_head(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell]
    if not 2 <= len(filled) <= MOST_COLUMNS:
        return False
    worded = sum(1 for cell in filled if _LETTERS.search(cell) and not is_number(cell))
    return worded >= 2 and worded >= 0.7 * len(filled)


def units_below(source: Source, row: HeadingRow) -> tuple[str, ...] | None:
    """Return the units in the line below the headings, None where no such line is.

    Origin's tables and some of Gamry's have one.
    """
    if row.line + 1 >= len(source.lines):
        return None
    cells = cells_of(source.lines[row.line + 1], row.delimiter)
    filled = [cell for cell in cells if cell]
    known = [cell for cell in filled if is_known(cell.strip("()[]"))]
    if not filled or any(is_number(cell) for cell in filled) or len(known) < 0.5 * len(filled):
        return None
    return tuple(cell.strip("()[]") for cell in cells)


def sample_rows(source: Source, row: HeadingRow, skip: int = 1) -> list[list[str]]:
    """Return cells of the first rows of the table below its headings."""
    first = row.line + skip
    # The last line of the head may be cut.
    last = len(source.lines) if source.size <= len(source.head) else len(source.lines) - 1
    lines = [line for line in source.lines[first:last] if line.strip()][:SAMPLE_ROWS]
    return [cells_of(line, row.delimiter) for line in lines if len(line) <= LONGEST_ROW]
