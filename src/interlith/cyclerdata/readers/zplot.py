"""Scribner's ZPlot .z: settings up to the line `End Comments`, then columns without headings.

The columns are frequency, amplitude, bias, time, Z', Z'', and further ones; Z'' is negative where
the cell is capacitive.
"""

from __future__ import annotations

import numpy as np

from interlith.cyclerdata.contents import Contents, Reader, Wishes
from interlith.cyclerdata.layout import LINES_SEARCHED
from interlith.cyclerdata.plainnumbers import number_rows
from interlith.cyclerdata.source import Source
from interlith.cyclerdata.sweeps import split_sweeps

__all__ = ["READER"]

_END = "end comments"
# Files of its first versions have their texts in quotes and headings instead.
_HEADINGS = ("freq(hz)", "freq (hz)")
_FREQUENCY, _TIME, _REAL, _IMAGINARY = 0, 3, 4, 5
_FACTS = {"date": "date", "time": "clock", "surface area (cm2)": "area", "area": "area"}


def recognises(source: Source) -> bool:
    """Return whether a text is one of ZPlot's."""
    first = source.first_line.strip('"').lower()
    return first.startswith(("zplot", "zview", "z60"))


def read(source: Source, wishes: Wishes) -> Contents:
    """Return the sweeps."""
    del wishes
    lines = [line.strip(' "\t').lower() for line in source.lines[:LINES_SEARCHED]]
    ends = [number for number, line in enumerate(lines) if line == _END]
    ends += [number for number, line in enumerate(lines) if line.startswith(_HEADINGS)]
    if not ends:
        raise source.fault("End Comments", "", "the line that parts settings from data")
    rows = number_rows(source, ends[0] + 1)
    if rows.shape[1] <= _IMAGINARY or not len(rows):
        raise source.fault("rows", str(rows.shape[1]), "at least 6 columns of numbers")
    spectra = split_sweeps(
        rows[:, _FREQUENCY],
        rows[:, _REAL] + 1j * rows[:, _IMAGINARY],
        np.nan_to_num(rows[:, _TIME]),
    )
    if not spectra:
        raise source.fault("rows", "none", "rows of frequency and impedance")
    recorded = _said(source.lines[: ends[0]])
    return Contents(table=None, spectra=tuple(spectra), recorded=recorded)


def _said(lines: list[str]) -> dict[str, str]:
    found = {}
    for line in lines:
        name, _, value = line.partition(":")
        fact = _FACTS.get(name.strip().lower())
        if fact and value.strip() and fact not in found:
            found[fact] = value.strip()
    if "date" in found:
        found["started"] = f"{found.pop('date')} {found.pop('clock', '')}".strip()
    found.pop("clock", None)
    # ZPlot writes 1 and 0 where nobody entered an area.
    if found.get("area") in ("1", "0"):
        del found["area"]
    return found


READER = Reader("zplot", "Scribner ZPlot and ZView impedance (.z)", recognises, read)
