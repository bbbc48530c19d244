"""Gamry's .DTA: lines of settings, then tables called ZCURVE (impedance) or CURVE (time).

A table begins with its name and the word TABLE; below stand headings, units, and rows that begin
with a tab. Facts on the format: files as quoted in public repositories; no specification is known.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from interlith.cyclerdata import columns
from interlith.cyclerdata.contents import Contents, Reader, Wishes
from interlith.cyclerdata.source import Source
from interlith.cyclerdata.textformat import Said, TextFormat, read_text
from interlith.cyclerdata.vocabulary import column, with_own

__all__ = ["READER"]

_TABLE = re.compile(rb"^(Z?CURVE\d*)[ \t]+TABLE", re.I | re.M)
_ANY_TABLE = re.compile(rb"^\w+[ \t]+TABLE\b", re.M)
_FACTS = {
    "AREA": "area",
    "DATE": "date",
    "TIME": "clock",
    "TITLE": "comments",
    "PSTAT": "instrument",
}


def _said(lines: Sequence[str]) -> Said:
    recorded, notes = {}, []
    for line in lines:
        cells = line.split("\t")
        fact = _FACTS.get(cells[0].strip().upper())
        if not fact or len(cells) < 3 or not cells[2].strip():
            continue
        value = cells[2].strip()
        if fact == "area":
            area = _number(value)
            if area == 1.0:
                notes.append("area 1 cm^2 is what Gamry writes unless told otherwise")
                continue
            value = f"{value} cm^2"
        recorded[fact] = value
    if "date" in recorded:
        recorded["started"] = f"{recorded.pop('date')} {recorded.pop('clock', '')}".strip()
    recorded.pop("clock", None)
    return recorded, notes


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None


_FORM = TextFormat(
    columns=with_own(
        (
            column(columns.TEST_TIME, "time t", "s"),
            column(columns.VOLTAGE, "vf v vdc", "V"),
            column(columns.CURRENT, "im i idc", "A"),
            column(columns.RECORD, "pt"),
            column(columns.FREQUENCY, "freq", "Hz"),
            column(columns.REAL, "zreal", "ohm"),
            # Signed as it is: negative where the cell is capacitive.
            column(columns.IMAGINARY, "zimag", "ohm"),
            column(columns.MODULUS, "zmod", "ohm"),
            column(columns.PHASE, "zphz", "deg"),
        )
    ),
    convention="charge",
)


def recognises(source: Source) -> bool:
    """Return whether a text is one of Gamry's."""
    return source.first_line.upper() == "EXPLAIN"


def read(source: Source, wishes: Wishes) -> Contents:
    """Return the impedance where there is some, else the table against time."""
    text = source.text()
    tables = [(found[1].upper(), found.start()) for found in _TABLE.finditer(text)]
    # The open-circuit curve before an experiment has a name of its own.
    wanted = [entry for entry in tables if entry[0].startswith(b"Z")] or tables
    if not wanted:
        raise source.fault("table", "", "a line such as ZCURVE TABLE with rows below it")
    start = wanted[0][1]
    after = _ANY_TABLE.search(text, text.find(b"\n", start))
    part = source.portion(text[start : after.start() if after else len(text)])
    contents = read_text(part, wishes, _FORM)
    recorded, notes = _said(source.lines)
    return replace(contents, recorded=recorded, notes=(*contents.notes, *notes))


READER = Reader("gamry", "Gamry (.DTA): impedance, and curves against time", recognises, read)
