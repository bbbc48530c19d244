"""Readers of measured files: one small file a format, all behind `contents.Reader`.

A format is recognised by what stands in a file, never by its name. Other packages add readers by
entry points of the group ``interlith.readers``.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import entry_points

from interlith.cyclerdata.contents import Reader
from interlith.cyclerdata.readers import (
    arbin,
    arbin_text,
    basytec,
    bdf,
    eclab_binary,
    eclab_text,
    gamry,
    impedance_text,
    landt,
    maccor,
    neware,
    neware_text,
    novonix,
    plain,
    unreadable,
    zplot,
)
from interlith.cyclerdata.source import Source
from interlith.errors import InputError, Problem, near_matches

__all__ = ["ENTRY_POINTS", "reader_for", "reader_named", "readers"]

ENTRY_POINTS = "interlith.readers"

# In this order they are asked; each looks for marks that no earlier one has.
_SURE = (
    neware.NDA,
    neware.NDAX,
    eclab_binary.READER,
    arbin.READER,
    bdf.PARQUET,
    unreadable.READER,
    eclab_text.READER,
    novonix.READER,
    basytec.READER,
    gamry.READER,
    zplot.READER,
    bdf.TEXT,
    neware_text.READER,
    landt.READER,
    arbin_text.READER,
    maccor.READER,
)
# These take what nobody else knows.
_LAST = (impedance_text.READER, plain.READER)


@cache
def readers() -> tuple[Reader, ...]:
    """Return all readers in the order in which they are asked, those of other packages included."""
    return (*_SURE, *_of_others(), *_LAST)


def _of_others() -> list[Reader]:
    found = []
    for point in entry_points(group=ENTRY_POINTS):
        made = point.load()
        reader = made if isinstance(made, Reader) else made()
        if not isinstance(reader, Reader):
            raise InputError(
                Problem("", f"entry point {point.name}", repr(reader), "a Reader of interlith")
            )
        found.append(reader)
    return found


def reader_named(name: str) -> Reader:
    """Return a reader by its name.

    Raises
    ------
    InputError
        There is none of this name.
    """
    by_name = {reader.name: reader for reader in readers() if reader is not unreadable.READER}
    if name in by_name:
        return by_name[name]
    close = near_matches(name, by_name)
    hint = f"; did you mean {close[0]}?" if close else ""
    raise InputError(Problem("", "--format", name, f"one of {', '.join(by_name)}{hint}"))


def reader_for(source: Source, *, columns_named: bool = False) -> Reader:
    """Return the first reader that recognises a file.

    Raises
    ------
    InputError
        None does.
    """
    for reader in readers():
        if reader.recognises(source):
            # Whoever names columns means a table, also where it has no headings that tell.
            if columns_named and reader is impedance_text.READER:
                continue
            return reader
    known = "; ".join(reader.reads for reader in readers() if reader is not unreadable.READER)
    start = source.head[:16].hex(" ")
    raise source.fault(
        "contents", f"a binary file of no known format ({start})", f"one of: {known}"
    )
