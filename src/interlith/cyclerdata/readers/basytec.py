"""Basytec's text exports: lines of the header begin with a tilde, the one of the headings too."""

from __future__ import annotations

from collections.abc import Sequence

from interlith.cyclerdata import columns
from interlith.cyclerdata.contents import Contents, Reader, Wishes
from interlith.cyclerdata.source import Source
from interlith.cyclerdata.textformat import Said, TextFormat, read_text
from interlith.cyclerdata.vocabulary import column, with_own

__all__ = ["READER"]

_FACTS = {
    "start of test": "started",
    "name of test": "file",
    "battery": "cell",
    "testplan": "programme",
    "testchannel": "channel",
    "operator (test)": "operator",
}


def _said(lines: Sequence[str]) -> Said:
    recorded = {}
    for line in lines:
        name, _, value = line.lstrip("~").partition(":")
        fact = _FACTS.get(name.strip().lower())
        if fact and value.strip():
            recorded[fact] = value.strip()
    return recorded, ()


_FORM = TextFormat(
    columns=with_own(
        (
            column(columns.TEST_TIME, "time testtime"),
            column(columns.STEP_TIME, "tstep steptime", "s"),
            column(columns.VOLTAGE, "u voltage", "V"),
            column(columns.CURRENT, "i current", "A"),
            column(columns.STEP_INDEX, "line"),
            column(columns.STEP_TYPE, "command"),
            column(columns.CYCLE, "cyccount cycle"),
            column(columns.RECORD, "dataset"),
            column(columns.NET_CAPACITY, "ah", "Ah"),
            column(columns.POWER, "p", "W"),
        )
    ),
    convention="charge",
    day_first=True,
    preamble=_said,
)


def recognises(source: Source) -> bool:
    """Return whether a text is an export of Basytec."""
    first = source.first_line
    return first.startswith("~") and (
        "basytec" in first.lower() or "~Time" in "".join(source.lines)
    )


def read(source: Source, wishes: Wishes) -> Contents:
    """Return the table."""
    return read_text(source, wishes, _FORM)


READER = Reader("basytec", "Basytec text export (.txt, .csv)", recognises, read)
