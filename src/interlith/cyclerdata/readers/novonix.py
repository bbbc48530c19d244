"""Novonix's UHPC files: sections in brackets, the table in the one called [Data]."""

from __future__ import annotations

from collections.abc import Sequence

from interlith.cyclerdata import columns
from interlith.cyclerdata.contents import Contents, Reader, Wishes
from interlith.cyclerdata.source import Source
from interlith.cyclerdata.textformat import Said, TextFormat, read_text
from interlith.cyclerdata.vocabulary import column, with_own

__all__ = ["READER"]

# What an operator leaves as it is; one gram and one square centimetre are no measurements.
_PLACEHOLDERS = {"mass (g)": "1.000", "area (cm2)": "1.000"}
_FACTS = {
    "started": "started",
    "mass (g)": "mass",
    "area (cm2)": "area",
    "capacity (ah)": "capacity",
    "description": "comments",
    "cell": "file",
    "channel": "channel",
    "version": "software",
}


def _said(lines: Sequence[str]) -> Said:
    recorded, notes = {}, []
    for line in lines:
        name, _, value = line.partition(":")
        key, value = name.strip().lower(), value.strip()
        if key not in _FACTS or not value:
            continue
        unit = f" {name.partition('(')[2].rstrip(') ')}" if "(" in name else ""
        if _is_one(key, value):
            notes.append(
                f"{_FACTS[key]} {value}{unit} is what Novonix writes unless told otherwise"
            )
        else:
            recorded[_FACTS[key]] = value + unit
    return recorded, notes


def _is_one(key: str, value: str) -> bool:
    try:
        return key in _PLACEHOLDERS and float(value) == float(_PLACEHOLDERS[key])
    except ValueError:
        return False


_FORM = TextFormat(
    columns=with_own(
        (
            column(columns.TEST_TIME, "runtime testtime", "h"),
            column(columns.STEP_TIME, "steptime", "h"),
            column(columns.STEP, "stepnumber step"),
            # Whether a record opens or closes a step; not the line of the programme.
            column(columns.STEP_INDEX, ""),
            column(columns.STEP_TYPE, "steptype"),
            column(columns.NET_CAPACITY, "capacity netcapacity", "Ah"),
            column("Temperature T2 / degC", "circuittemperature circuittemp", "degC"),
        )
    ),
    convention="charge",
    preamble=_said,
)


def recognises(source: Source) -> bool:
    """Return whether a text is a file of Novonix."""
    start = "\n".join(source.lines[:20]).lower()
    return source.first_line.startswith("[Summary]") or "novonix" in start


def read(source: Source, wishes: Wishes) -> Contents:
    """Return the table below [Data]."""
    return read_text(source, wishes, _FORM)


READER = Reader("novonix", "Novonix UHPC (.csv)", recognises, read)
