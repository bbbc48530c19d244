"""Any table of text whose headings say what they are, or whose columns the user names."""

from __future__ import annotations

import polars as pl

from interlith.cyclerdata.contents import Contents, Reader, Wishes
from interlith.cyclerdata.frames import Found, contents_of
from interlith.cyclerdata.headings import heading
from interlith.cyclerdata.mapping import mapped
from interlith.cyclerdata.source import Source
from interlith.cyclerdata.textformat import TextFormat, read_text
from interlith.cyclerdata.vocabulary import COMMON, pick_columns

__all__ = ["READER", "from_frame"]

_FORM = TextFormat()


def recognises(source: Source) -> bool:
    """Return whether a file is text at all; this reader is asked last."""
    return source.encoding is not None


def read(source: Source, wishes: Wishes) -> Contents:
    """Return the table."""
    return read_text(source, wishes, _FORM)


def from_frame(source: Source, frame: pl.DataFrame, wishes: Wishes) -> Contents:
    """Return what is in a table that came with its headings, such as one of Parquet."""
    headings = [heading(name) for name in frame.columns]
    chosen = mapped(source, wishes.columns, headings)
    named = {pick.index for pick in chosen.picks.values()}
    picks = {
        label: pick
        for label, pick in pick_columns(headings, COMMON).items()
        if pick.index not in named and label not in chosen.constants
    } | chosen.picks
    found = Found(
        values={label: frame.to_series(pick.index) for label, pick in picks.items()},
        picks=picks,
        headings=list(frame.columns),
        constants=chosen.constants,
        area=chosen.area,
    )
    return contents_of(source, found, convention="")


READER = Reader("csv", "any table of text, with headings or --columns", recognises, read)
