"""Impedance as text without headings: frequency, real part, imaginary part."""

from __future__ import annotations

import numpy as np

from interlith.cyclerdata.contents import Contents, Reader, Wishes
from interlith.cyclerdata.layout import DELIMITERS, cells_of, is_number
from interlith.cyclerdata.plainnumbers import number_rows
from interlith.cyclerdata.source import Source
from interlith.cyclerdata.sweeps import checked_sign, split_sweeps

__all__ = ["READER"]

_COLUMNS = 3
# Frequencies of a sweep span decades and go one way.
_LEAST_SPAN = 3.0


def _first(source: Source) -> int | None:
    """Return the first line where three numbers stand, None where there is another before it."""
    for number, line in enumerate(source.lines[:50]):
        if not line.strip() or line.lstrip().startswith(("#", "%")):
            continue
        rows = (cells_of(line, sign) for sign in (*DELIMITERS, " "))
        if any(_is_row([cell for cell in cells if cell]) for cells in rows):
            return number
        return None
    return None


def _is_row(cells: list[str]) -> bool:
    return len(cells) == _COLUMNS and all(map(is_number, cells))


def recognises(source: Source) -> bool:
    """Return whether a text is three columns of numbers of which the first is a sweep."""
    first = _first(source)
    if first is None or source.encoding is None or source.size > len(source.head):
        return False
    frequency = number_rows(source, first)[:, 0]
    frequency = frequency[np.isfinite(frequency)]
    if len(frequency) < _COLUMNS or not np.all(frequency > 0.0):
        return False
    steps = np.sign(np.diff(frequency))
    one_way = max(np.mean(steps > 0.0), np.mean(steps < 0.0)) > 0.8
    # Times grow evenly, frequencies by factors.
    growth = np.abs(np.diff(np.log(frequency)))
    even = np.std(growth) < 0.5 * np.mean(growth)
    return bool(one_way and even and frequency.max() / frequency.min() > _LEAST_SPAN)


def read(source: Source, wishes: Wishes) -> Contents:
    """Return the sweeps."""
    del wishes
    first = _first(source)
    rows = number_rows(source, first or 0)
    if rows.ndim != 2 or rows.shape[1] < _COLUMNS:
        raise source.fault("rows", "", "three columns: frequency in Hz, Re(Z) and Im(Z) in ohm")
    imaginary, note = checked_sign(rows[:, 2], rows[:, 1], stated=False)
    notes = ("no headings: the columns were taken as frequency / Hz, Re(Z) / ohm, Im(Z) / ohm",)
    spectra = split_sweeps(
        rows[:, 0], rows[:, 1] + 1j * imaginary, notes=(*notes, note) if note else notes
    )
    if not spectra:
        raise source.fault("rows", "none", "rows of frequency, Re(Z) and Im(Z)")
    return Contents(table=None, spectra=tuple(spectra), notes=notes)


READER = Reader(
    "impedance-text", "three columns without headings: frequency, Re(Z), Im(Z)", recognises, read
)
