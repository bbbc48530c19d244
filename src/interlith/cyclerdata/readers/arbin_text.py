"""Arbin's text exports: MITS Pro's `Test Time (s)`, older `Test_Time(s)`, and bare `Test_Time`.

Units are those of the columns' definition in Arbin's database where a heading has none.
"""

from __future__ import annotations

from interlith.cyclerdata import columns
from interlith.cyclerdata.contents import CELL, Contents, Reader, Wishes
from interlith.cyclerdata.layout import heading_rows
from interlith.cyclerdata.source import Source
from interlith.cyclerdata.textformat import TextFormat, read_text
from interlith.cyclerdata.vocabulary import column, with_own

__all__ = ["COLUMNS", "READER"]

COLUMNS = with_own(
    (
        column(columns.TEST_TIME, "testtime", "s"),
        column(columns.STEP_TIME, "steptime", "s"),
        column(columns.VOLTAGE, "voltage", "V"),
        column(columns.CURRENT, "current", "A"),
        column(columns.UNIX_TIME, "datetime"),
        column(columns.STEP_INDEX, "stepindex"),
        column("Schedule Charging Capacity / Ah", "chargecapacity", "Ah"),
        column("Schedule Discharging Capacity / Ah", "dischargecapacity", "Ah"),
        column("Schedule Charging Energy / Wh", "chargeenergy", "Wh"),
        column("Schedule Discharging Energy / Wh", "dischargeenergy", "Wh"),
        column("Internal Resistance / ohm", "internalresistance", "ohm"),
        column(columns.TEMPERATURE_1, "auxtemperature1 temperature", "degC"),
        column(CELL, "testid channelid"),
    )
)
_FORM = TextFormat(columns=COLUMNS, convention="charge")
_NEEDED = {"testtime", "stepindex", "cycleindex", "voltage", "current"}
_OWN = {"datapoint", "chargecapacity", "tccounter1", "isfcdata", "internalresistance"}


def recognises(source: Source) -> bool:
    """Return whether a text has the columns of an Arbin."""
    return any(row.keys >= _NEEDED and row.keys & _OWN for row in heading_rows(source))


def read(source: Source, wishes: Wishes) -> Contents:
    """Return the table."""
    return read_text(source, wishes, _FORM)


READER = Reader("arbin-text", "Arbin text export (.csv)", recognises, read)
