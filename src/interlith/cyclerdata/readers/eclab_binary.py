"""BioLogic's .mpr, by galvani (GPL, so it stays an extra and in a process of its own)."""

from __future__ import annotations

from interlith.cyclerdata.contents import Contents, Reader, Wishes
from interlith.cyclerdata.frames import Found, contents_of
from interlith.cyclerdata.headings import heading
from interlith.cyclerdata.readers.eclab_columns import COLUMNS, RAW, with_current
from interlith.cyclerdata.sandbox import run_apart
from interlith.cyclerdata.source import Source
from interlith.cyclerdata.vocabulary import pick_columns
from interlith.extra import need

__all__ = ["READER"]

_MAGIC = b"BIO-LOGIC MODULAR FILE"


def recognises(source: Source) -> bool:
    """Return whether a file begins as .mpr does."""
    return source.head.startswith(_MAGIC)


def read(source: Source, wishes: Wishes) -> Contents:
    """Return the table and the spectra of a technique."""
    need("galvani")
    apart = run_apart("mpr", source)
    if apart.frame.is_empty():
        raise source.fault("records", "none", "at least one record")
    names = list(apart.frame.columns)
    headings = [heading(name) for name in names]
    picks = pick_columns(headings, COLUMNS)
    raw = {
        there.key: (there, apart.frame.to_series(at))
        for at, there in enumerate(headings)
        if there.key in RAW
    }
    found = Found(
        values={label: apart.frame.to_series(pick.index) for label, pick in picks.items()},
        picks=picks,
        headings=names,
    )
    notes: list[str] = []
    found = with_current(found, raw, notes)
    recorded = {"started": str(apart.said.get("started", ""))}
    return contents_of(source, found, convention="charge", notes=notes, recorded=recorded)


READER = Reader("eclab-mpr", "BioLogic EC-Lab .mpr", recognises, read)
