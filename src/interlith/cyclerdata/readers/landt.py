"""Landt's text exports: machine-readable headings of its database, and those of its viewer.

The names of the viewer (`TestTime`, `Voltage/V`, `SysTime`) are recalled, **unverified**.
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

_FACTS = {"cell model": "cell model", "cell id": "cell", "test": "file", "active mass": "mass"}


def _said(lines: Sequence[str]) -> Said:
    recorded = {}
    for line in lines:
        name, _, value = line.partition(":")
        fact, value = _FACTS.get(name.strip().lower()), value.strip(" ,;\t")
        if fact and value:
            recorded[fact] = value
    return recorded, ()


_FORM = TextFormat(
    columns=with_own(
        (
            column(columns.TEST_TIME, "testtime time"),
            column(columns.UNIX_TIME, "datetimeisostring systime realtime date"),
            column(columns.STEP_TYPE, "stepname state mode"),
            # It counts the records, whatever its name says.
            column(columns.RECORD, "channelindex record index rec"),
            column("Step Charging Capacity / Ah", "chargecapacity", "Ah"),
            column("Step Discharging Capacity / Ah", "dischargecapacity", "Ah"),
            column("Step Charging Energy / Wh", "chargeenergy", "Wh"),
            column("Step Discharging Energy / Wh", "dischargeenergy", "Wh"),
        )
    ),
    convention="charge",
    preamble=_said,
)


def recognises(source: Source) -> bool:
    """Return whether a text has the columns of a Landt."""
    return any(
        {"testtime", "voltage", "current"} <= row.keys
        and row.keys & {"datetimeisostring", "systime", "speccap", "scapacity", "specap"}
        for row in heading_rows(source)
    )


def read(source: Source, wishes: Wishes) -> Contents:
    """Return the table."""
    return read_text(source, wishes, _FORM)


READER = Reader("landt", "Landt text export (.csv, .txt)", recognises, read)
