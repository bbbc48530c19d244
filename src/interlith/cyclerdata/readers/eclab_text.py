"""EC-Lab's and BT-Lab's text exports: .mpt with a header, .txt and .mpt without.

The first line names the program, the second counts the lines of the header. A plain export begins
with the headings at once, `time/s` and the like parted by tabs.
"""

from __future__ import annotations

import re

from interlith.cyclerdata.contents import Contents, Reader, Wishes
from interlith.cyclerdata.layout import heading_rows
from interlith.cyclerdata.readers.eclab_columns import COLUMNS, RAW, said_in, with_current
from interlith.cyclerdata.source import Source
from interlith.cyclerdata.textformat import TextFormat, read_text

__all__ = ["READER"]

_TITLES = ("EC-Lab ASCII FILE", "BT-Lab ASCII FILE")
# Headings that no other program writes so.
_OWN = re.compile(r"<?(?:\|?Ewe\|?|Ecell|Ewe-Ece)>?/[mµu]?V|control/V(?:/mA)?|\(Q-Qo\)/.+")
_FORM = TextFormat(
    columns=COLUMNS,
    convention="charge",
    preamble=said_in,
    derive=with_current,
    raw=RAW,
)


def recognises(source: Source) -> bool:
    """Return whether a text is an export of EC-Lab, with its header or without."""
    if source.first_line.startswith(_TITLES):
        return True
    rows = [row for row in heading_rows(source)[:4] if row.delimiter in "\t;"]
    return any(_OWN.fullmatch(heading.text) for row in rows for heading in row.headings)


def read(source: Source, wishes: Wishes) -> Contents:
    """Return the table and the spectra of an export."""
    return read_text(source, wishes, _FORM)


READER = Reader("eclab-text", "BioLogic EC-Lab and BT-Lab text (.mpt, .txt)", recognises, read)
