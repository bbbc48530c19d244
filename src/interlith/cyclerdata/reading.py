"""Read any measured file: find its reader, read, choose the cell, mend, sign.

>>> from interlith.cyclerdata import read
>>> recording = read("cell.ndax")                                              # doctest: +SKIP
>>> read("cell.csv", columns={"time": "t in h", "current": "I in mA"}).notes   # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from interlith.cyclerdata.contents import Contents, Reader, Wishes
from interlith.cyclerdata.mending import mended, of_one_cell
from interlith.cyclerdata.readers import reader_for, reader_named
from interlith.cyclerdata.recording import Recording
from interlith.cyclerdata.signs import signed
from interlith.cyclerdata.source import Source, open_source
from interlith.cyclerdata.spectrum import Spectrum
from interlith.errors import InterlithError

__all__ = ["Everything", "read", "read_all", "read_spectra"]


@dataclass(frozen=True)
class Everything:
    """All that a file holds.

    Attributes
    ----------
    format : str
        Name of the reader.
    recording : Recording or None
        Where the file has a table against time.
    spectra : tuple of Spectrum
        Impedance.
    notes : tuple of str
        What was mended or is missing.
    recorded : mapping of str to str
        What the file says of the cell and the test.
    """

    format: str
    recording: Recording | None
    spectra: tuple[Spectrum, ...]
    notes: tuple[str, ...]
    recorded: Mapping[str, str]


def read(
    path: Path | str,
    *,
    columns: Mapping[str, str] | None = None,
    sign: str | None = None,
    cell: str | None = None,
    format: str | None = None,  # noqa: A002  (the word of the command line)
) -> Recording:
    """Return voltage and current against time.

    Parameters
    ----------
    path
        File of any format that `readers` knows.
    columns
        "time", "voltage", "current" and others -> heading, ``heading in unit``, or a constant such
        as ``0.4 mA``; "area" for a current per area.
    sign
        "as-is" keeps the sign of the current, "flip" turns it; None finds it.
    cell
        Which cell, where a file holds several.
    format
        Name of a reader; None recognises it by content.

    Raises
    ------
    InputError
        The file cannot be read, or holds no such table; names what is wrong.
    MissingExtraError
        The format needs a library that is not installed.
    """
    everything = read_all(path, columns=columns, sign=sign, cell=cell, format=format)
    if everything.recording is None:
        source = open_source(path)
        found = f"{len(everything.spectra)} impedance spectra and no table against time"
        raise source.fault("contents", found, "voltage and current against time")
    return everything.recording


def read_spectra(
    path: Path | str,
    *,
    columns: Mapping[str, str] | None = None,
    format: str | None = None,  # noqa: A002
) -> list[Spectrum]:
    """Return the impedance spectra in a file, in the order in which they were measured.

    Raises
    ------
    InputError
        The file cannot be read, or holds no impedance.
    MissingExtraError
        The format needs a library that is not installed.
    """
    source = open_source(path)
    _, contents = _contents(source, columns or {}, format)
    if not contents.spectra:
        raise source.fault("contents", "a table without impedance", "frequency, Re(Z) and Im(Z)")
    return list(contents.spectra)


def read_all(
    path: Path | str,
    *,
    columns: Mapping[str, str] | None = None,
    sign: str | None = None,
    cell: str | None = None,
    format: str | None = None,  # noqa: A002
) -> Everything:
    """Return all that a file holds, a table against time and spectra; arguments as in `read`."""
    source = open_source(path)
    reader, contents = _contents(source, columns or {}, format)
    recording = None
    if contents.table is not None:
        recording = _recording(source, reader, contents, sign, cell)
    notes = contents.notes if recording is None else recording.notes
    return Everything(reader.name, recording, contents.spectra, notes, contents.recorded)


def _contents(
    source: Source, columns: Mapping[str, str], name: str | None
) -> tuple[Reader, Contents]:
    reader = reader_for(source, columns_named=bool(columns)) if name is None else reader_named(name)
    try:
        return reader, reader.read(source, Wishes(columns, format_named=name is not None))
    except InterlithError:
        raise
    except OSError as error:
        reason = error.strerror or str(error)
        raise source.fault("", reason, "a file that can be read") from error
    except (Exception, pl.exceptions.PanicException) as error:
        # Files are hostile, and readers of other packages may be too simple for them: what they
        # did not foresee is a defect of the file to the user, and a cause to whoever debugs.
        found = f"{type(error).__name__}: {str(error)[:100]}"
        raise source.fault(
            "contents", found, f"a whole file of the format {reader.name}"
        ) from error


def _recording(
    source: Source, reader: Reader, contents: Contents, sign: str | None, cell: str | None
) -> Recording:
    assert isinstance(contents.table, pl.DataFrame)
    notes = list(contents.notes)
    table = mended(source, of_one_cell(source, contents.table, cell), notes)
    found = signed(table, contents.convention, sign)
    return Recording(
        table=found.table,
        source=source.name,
        format=reader.name,
        notes=(*notes, *found.notes),
        recorded=contents.recorded,
        sign=found.how,
    )
