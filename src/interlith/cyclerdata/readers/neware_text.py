"""Neware's text exports: the records of BTSDA 8, and the layered ones of older programs.

In a layered export rows of cycles and steps stand between the records, with their cells further
left; the records are kept.
"""

from __future__ import annotations

from interlith.cyclerdata import columns
from interlith.cyclerdata.contents import Contents, Reader, Wishes
from interlith.cyclerdata.layout import heading_rows
from interlith.cyclerdata.source import Source
from interlith.cyclerdata.textformat import TextFormat, read_text
from interlith.cyclerdata.vocabulary import column, with_own

__all__ = ["READER"]

_FORM = TextFormat(
    columns=with_own(
        (
            column(columns.TEST_TIME, "totaltime testtime"),
            # Without "total" it is the time in a step.
            column(columns.STEP_TIME, "time relativetime steptime"),
            column(columns.UNIX_TIME, "date realtime absolutetime systemtime"),
            column(columns.STEP_INDEX, "stepindex stepid steps step"),
            column(columns.STEP_TYPE, "steptype stepname state status"),
            column("Step Charging Capacity / Ah", "chgcap chgcapacity capchg chargecapacity"),
            column(
                "Step Discharging Capacity / Ah", "dchgcap dchgcapacity capdchg dischargecapacity"
            ),
            column("Step Charging Energy / Wh", "chgenergy engychg chargeenergy"),
            column("Step Discharging Energy / Wh", "dchgenergy engydchg dischargeenergy"),
        )
    ),
    convention="charge",
)
_OWN = {
    "chgcap",
    "dchgcap",
    "chgspeccap",
    "speccap",
    "contactresistance",
    "recordid",
    "recordnumber",
    "modulestartstopswitch",
    "capdchg",
    "dqm/dv",
}


def recognises(source: Source) -> bool:
    """Return whether a text has the columns of a Neware."""
    return any(
        {"voltage", "current"} <= row.keys
        and (row.keys & _OWN or {"datapoint", "totaltime"} <= row.keys)
        for row in heading_rows(source)
    )


def read(source: Source, wishes: Wishes) -> Contents:
    """Return the table of records."""
    return read_text(source, wishes, _FORM)


READER = Reader("neware-text", "Neware BTSDA text export (.csv, .txt)", recognises, read)
