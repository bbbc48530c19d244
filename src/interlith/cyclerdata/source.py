"""A file that is to be read: its first bytes, what they are, and all of its text when asked for.

Files come from strangers. Nothing here trusts a length that a file declares, and nothing is read
that is larger than the limits below.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import AnyStr

from interlith.errors import InputError, Problem

__all__ = ["LARGEST_FILE", "LARGEST_TEXT", "Source", "open_source"]

HEAD = 1 << 20
TAIL = 1 << 16
LARGEST_FILE = 4 << 30
# Text is held in memory about three times: as bytes, decoded, and as columns.
LARGEST_TEXT = 400 << 20
# A line that is longer is no row of a table; protocols stored in one line may be.
LONGEST_ROW = 100_000
# Bytes that no text has: control characters but tab, line ends, form feed, and the end-of-file
# mark of DOS.
_CONTROL = bytes(set(range(32)) - {9, 10, 12, 13, 26})
MOST_STRANGE = 0.01
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True)
class Source:
    """A file and its ends.

    Attributes
    ----------
    path : Path
        Where it is.
    name : str
        As the user named it.
    size : int
        Of the file [bytes].
    head, tail : bytes
        The first mebibyte and the last 64 KiB.
    part : bytes or None
        The text to read where it is not all of the file, in UTF-8.
    """

    path: Path
    name: str
    size: int
    head: bytes
    tail: bytes
    part: bytes | None = None

    @cached_property
    def encoding(self) -> str | None:
        """Encoding of the text, None where the file is binary."""
        if self.part is not None:
            return "utf-8"
        for mark, name in _MARKS:
            if self.head.startswith(mark):
                return name
        wide = _wide_encoding(self.head[:4096])
        if wide:
            return wide
        start = self.head[:65536]
        strange = len(start) - len(start.translate(None, _CONTROL))
        # A field of an instrument may hold a few stray bytes; one in ten is so in what is no text.
        if b"\x00" in start or strange > MOST_STRANGE * len(start):
            return None
        try:
            codecs.getincrementaldecoder("utf-8")().decode(self.head)
        except UnicodeDecodeError:
            return "cp1252"
        return "utf-8"

    @cached_property
    def lines(self) -> list[str]:
        """Lines of the first mebibyte; the last one may be cut. None in a binary file."""
        if self.encoding is None:
            return []
        return _normal_ends(_decoded(self.head, self.encoding)).split("\n")

    @property
    def first_line(self) -> str:
        """The first line that is not empty."""
        return next((line.strip() for line in self.lines if line.strip()), "")

    def text(self) -> bytes:
        """Return all of the text in UTF-8, its lines ended by a line feed alone.

        Raises
        ------
        InputError
            The file is larger than what is read as text.
        """
        if self.part is not None:
            return self.part
        if self.size > LARGEST_TEXT:
            expected = f"at most {LARGEST_TEXT >> 20} MiB of text; export it in parts"
            raise self.fault("size", f"{self.size >> 20} MiB", expected)
        data = self.path.read_bytes()
        if self.encoding == "utf-8" and data.isascii():
            return _normal_ends(data)
        return _normal_ends(_decoded(data, self.encoding or "cp1252")).encode("utf-8", "replace")

    def portion(self, text: bytes) -> Source:
        """Return a part of this file as a source of its own; `text` is in UTF-8."""
        return Source(self.path, self.name, len(text), text[:HEAD], text[-TAIL:], text)

    def fault(self, field: str, value: str, expected: str, line: int | None = None) -> InputError:
        """Return the error of something wrong in this file."""
        return InputError(Problem(self.name, field, value, expected, line))


def open_source(path: Path | str) -> Source:
    """Return a file that can be read.

    Raises
    ------
    InputError
        There is no such file, it cannot be read, it is empty, or it is larger than 4 GiB.
    """
    name, place = str(path), Path(path)
    try:
        if not place.is_file():
            found = "a folder" if place.is_dir() else "no such file"
            raise InputError(Problem(name, "", found, "a file with measured data"))
        size = place.stat().st_size
        if size > LARGEST_FILE:
            limit = f"a file of at most {LARGEST_FILE >> 30} GiB"
            raise InputError(Problem(name, "size", f"{size >> 20} MiB", limit))
        with place.open("rb") as stream:
            head = stream.read(HEAD)
            stream.seek(max(0, size - TAIL))
            tail = stream.read(TAIL)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(Problem(name, "", reason, "a file that can be read")) from None
    if not head.strip():
        raise InputError(Problem(name, "", f"{size} bytes, all blank", "a file with measured data"))
    return Source(place, name, size, head, tail)


def _wide_encoding(start: bytes) -> str:
    """Return the UTF-16 that text without a mark is in: every other byte is nil."""
    even, odd = start[0::2], start[1::2]
    if len(start) < 8:
        return ""
    if odd.count(0) > 0.8 * len(odd) and even.count(0) == 0:
        return "utf-16-le"
    if even.count(0) > 0.8 * len(even) and odd.count(0) == 0:
        return "utf-16-be"
    return ""


def _decoded(data: bytes, encoding: str) -> str:
    """Return text whatever happens: what does not fit its encoding becomes a mark."""
    if encoding == "utf-8":
        try:
            # The head may end inside a character.
            return codecs.getincrementaldecoder("utf-8")().decode(data)
        except UnicodeDecodeError:
            return data.decode("cp1252", "replace")
    return data.decode(encoding, "replace")


def _normal_ends(text: AnyStr) -> AnyStr:
    """Return text with line feeds alone, those of old Macintoshes too."""
    if isinstance(text, bytes):
        return text.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in text else text
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
