"""Files that people keep beside measured data and that hold none: what they are, what to take."""

from __future__ import annotations

from collections.abc import Callable

from interlith.cyclerdata.contents import Contents, Reader, Wishes
from interlith.cyclerdata.source import Source

__all__ = ["READER"]

Known = tuple[Callable[[Source], bool], str, str]


def _starts(*texts: str) -> Callable[[Source], bool]:
    wanted = tuple(text.lower() for text in texts)
    return lambda source: source.first_line.lower().startswith(wanted)


def _bytes(mark: bytes, *, inside: bytes = b"") -> Callable[[Source], bool]:
    return lambda source: source.head.startswith(mark) and inside in source.head + source.tail


_KNOWN: tuple[Known, ...] = (
    (_starts("EC-LAB SETTING FILE", "BT-LAB SETTING FILE"), "EC-Lab settings (.mps), no data",
     "the data beside it: .mpr, or a text export .mpt"),
    (_starts("VMP EXPERIMENT LOOP INDEXES"), "EC-Lab's index of loops, no data",
     "the data beside it: .mpr, or a text export .mpt or .txt"),
    (_starts("EC-LAB LOG FILE", "BT-LAB LOG FILE"), "EC-Lab's log (.mpl), no data",
     "the data beside it: .mpr, or a text export .mpt"),
    (_bytes(b"PK\x03\x04", inside=b"xl/workbook"), "an Excel workbook",
     "the sheet of records saved as csv"),
    (_bytes(b"\xd0\xcf\x11\xe0"), "a file of old Microsoft Office",
     "the table of records saved as csv"),
    (_bytes(b"PK\x03\x04"), "an archive (zip) without data of a cycler", "the files in it"),
    (_bytes(b"\x1f\x8b"), "a compressed file (gzip)", "the file in it, unpacked"),
    (_bytes(b"\x89HDF\r\n\x1a\n"), "an HDF5 or netCDF file", "a table of text or Parquet"),
    (_bytes(b"%PDF"), "a PDF", "measured data"),
    (_starts("<!doctype html", "<html"), "a web page", "the file that it offers for download"),
    (_starts("<?xml"), "XML", "a table of text, or the instrument's own file"),
)  # fmt: skip


def recognises(source: Source) -> bool:
    """Return whether a file is known to hold no data that can be read."""
    return any(known(source) for known, _, _ in _KNOWN)


def read(source: Source, wishes: Wishes) -> Contents:
    """Raise InputError, saying what the file is and which to take instead."""
    del wishes
    what, instead = next((what, instead) for known, what, instead in _KNOWN if known(source))
    raise source.fault("contents", what, instead)


READER = Reader(
    "no-data", "settings, logs and workbooks: refused with what they are", recognises, read
)
