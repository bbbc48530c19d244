"""Rows of numbers without headings."""

from __future__ import annotations

import re

import numpy as np
import polars as pl
from numpy.typing import NDArray

from interlith.cyclerdata.layout import DELIMITERS, cells_of, is_number
from interlith.cyclerdata.source import Source

__all__ = ["number_rows"]

MOST_ROWS = 1_000_000


def number_rows(source: Source, first: int) -> NDArray[np.float64]:
    """Return the numbers in a text from line `first` on; cells that hold none are NaN.

    Columns are parted by a tab, semicolon, comma or spaces, whichever gives the first rows most
    numbers.
    """
    body = source.text().split(b"\n", first)[-1] if first else source.text()
    sample = [line for line in source.lines[first : first + 50] if line.strip()][:20]
    delimiter = max((*DELIMITERS, " "), key=lambda sign: _numbers_in(sample, sign))
    comma = delimiter != "," and any("," in line for line in sample)
    if delimiter == " ":
        body = re.sub(rb"[ \t]+", b"\t", re.sub(rb"(?m)^[ \t]+", b"", body))
    width = max((len(cells_of(line, delimiter)) for line in sample), default=0)
    if not width:
        return np.empty((0, 0))
    separator = "\t" if delimiter == " " else delimiter
    names = separator.join(f"column {index}" for index in range(width))
    try:
        frame = pl.read_csv(
            b"\n".join([names.encode(), body]),
            infer_schema=False,
            separator=separator,
            quote_char=None,
            truncate_ragged_lines=True,
            ignore_errors=True,
            n_rows=MOST_ROWS,
        )
    except (pl.exceptions.PolarsError, ValueError) as error:
        reason = str(error).partition("\n")[0][:120]
        raise source.fault("rows", reason, "rows of numbers") from None
    texts = pl.all().str.strip_chars()
    if comma:
        texts = texts.str.replace(",", ".", literal=True)
    numbers = frame.with_columns(texts.cast(pl.Float64, strict=False))
    return np.asarray(numbers.to_numpy(), dtype=float)


def _numbers_in(lines: list[str], delimiter: str) -> int:
    """Return how many cells are numbers, nothing where any line has fewer than two."""
    counts = []
    for line in lines:
        cells = [cell for cell in cells_of(line, delimiter) if cell]
        # A decimal comma is no delimiter: 1,5 3,2 parted at commas gives "5 3".
        counts.append(sum(map(is_number, cells)) if all(map(is_number, cells)) else 0)
    return min(counts, default=0) if min(counts, default=0) > 1 else 0
