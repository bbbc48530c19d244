"""What a reader is, and what it finds in a file before anything is mended."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from interlith.cyclerdata.source import Source
from interlith.cyclerdata.spectrum import Spectrum

if TYPE_CHECKING:
    import polars as pl

__all__ = ["CELL", "Contents", "Reader", "Wishes"]

CELL = "Cell"
"""Column in which a table of several cells says which; never in a `Recording`."""


@dataclass(frozen=True)
class Wishes:
    """What the user says about a file.

    Attributes
    ----------
    columns : mapping of str to str
        "time", "voltage", "current" and others -> heading, "heading in unit", or a constant.
    format_named : bool
        Whether the user chose the reader: then a file that departs from its format is read as far
        as that goes.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    format_named: bool = False


@dataclass(frozen=True)
class Contents:
    """What a file holds.

    Attributes
    ----------
    table : polars.DataFrame or None
        Columns named as in `columns`, `CELL` perhaps beside them; rows as in the file.
    spectra : tuple of Spectrum
        Impedance in the file.
    notes : tuple of str
        What was noticed on reading.
    recorded : mapping of str to str
        What the file says of the cell and the test.
    convention : str
        How the format signs current: "charge" where its makers say that a positive current charges,
        "unsigned" where only a state tells, empty where nobody knows.
    """

    table: pl.DataFrame | None
    spectra: tuple[Spectrum, ...] = ()
    notes: tuple[str, ...] = ()
    recorded: Mapping[str, str] = field(default_factory=dict)
    convention: str = ""


@dataclass(frozen=True)
class Reader:
    """A way to read one format.

    Other packages bring readers by entry points of the group ``interlith.readers``; each names a
    `Reader`, or a function without arguments that returns one.

    Parameters
    ----------
    name
        As the user names it, and as `Recording.format` shows it.
    reads
        What it reads, for people.
    recognises
        Whether a file is of this format, by what stands in it.
    read
        Returns what is in the file; raises InputError where it is not what the format says.
    """

    name: str
    reads: str
    recognises: Callable[[Source], bool]
    read: Callable[[Source, Wishes], Contents]
