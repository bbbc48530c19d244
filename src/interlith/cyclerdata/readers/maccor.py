"""Maccor's text exports, and those of others who follow them.

Current has no sign in most of them: a column of states says C for charge and D for discharge.
Amperes and ampere hours are meant where a heading has no unit.
"""

from __future__ import annotations

from collections.abc import Sequence

from interlith.cyclerdata import columns
from interlith.cyclerdata.contents import Contents, Reader, Wishes
from interlith.cyclerdata.layout import heading_rows
from interlith.cyclerdata.source import Source
from interlith.cyclerdata.textformat import Said, TextFormat, read_text
from interlith.cyclerdata.vocabulary import column, with_own

__all__ = ["READER"]

_OWN = {"cyclec", "cyclep", "dpttime", "cyc", "testsec"}
_FACTS = {"date of test": "started", "filename": "file", "comment": "comments", "barcode": "cell"}


def _said(lines: Sequence[str]) -> Said:
    recorded = {}
    for line in lines:
        for name, fact in _FACTS.items():
            if line.lower().startswith(name):
                value = line[len(name) :].strip(" :,;\t").strip()
                if value:
                    recorded[fact] = value
    return recorded, ()


_FORM = TextFormat(
    columns=with_own(
        (
            column(columns.TEST_TIME, "testtime test! testsec", "s"),
            # `Step (Sec)` is the time in a step, and `Step` its number.
            column(columns.STEP_TIME, "steptime step!", "s"),
            column(columns.STEP, ""),
            column(columns.STEP_INDEX, "step stepnumber"),
            column(columns.CYCLE, "cyclec cyc cyclep cycle"),
            column(columns.VOLTAGE, "voltage volts", "V"),
            column(columns.CURRENT, "current amps mamps", "A"),
            column(columns.STEP_TYPE, "state md mode"),
            column("Step Cumulative Capacity / Ah", "amphr mamphr capacity cap", "Ah"),
            column("Step Cumulative Energy / Wh", "watthr mwatthr energy", "Wh"),
        )
    ),
    convention="unsigned",
    preamble=_said,
)


def recognises(source: Source) -> bool:
    """Return whether a text has the columns of a Maccor."""
    if source.first_line.lower().startswith("today's date"):
        return True
    return any(
        row.keys & _OWN
        and row.keys & {"voltage", "volts"}
        and row.keys & {"current", "amps", "mamps"}
        for row in heading_rows(source)
    )


def read(source: Source, wishes: Wishes) -> Contents:
    """Return the table."""
    return read_text(source, wishes, _FORM)


READER = Reader("maccor", "Maccor text export (.csv, .txt)", recognises, read)
