"""The Battery Data Format as text and as Parquet.

Its columns have fixed names and units. A file that carries others beside them is not of this
format, even when it is called so: what its writer meant by the names of BDF is then open too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import polars as pl

from interlith.cyclerdata import columns
from interlith.cyclerdata.contents import Contents, Reader, Wishes
from interlith.cyclerdata.frames import Found, contents_of
from interlith.cyclerdata.headings import heading
from interlith.cyclerdata.layout import heading_rows
from interlith.cyclerdata.sandbox import run_apart
from interlith.cyclerdata.source import Source
from interlith.cyclerdata.textformat import TextFormat, read_text
from interlith.cyclerdata.vocabulary import Column, Pick

__all__ = ["PARQUET", "TEXT"]

# A column of one's own is written as BDF writes its own: a name, a slash, a unit.
_OWN_COLUMN = re.compile(r"[A-Z][\w .+-]* / \S+")
_MAGIC = b"PAR1"


def _keys() -> tuple[Column, ...]:
    """Return the columns of BDF by their labels, machine-readable names and names given up."""
    names: dict[str, set[str]] = {label: {heading(label).key} for label in columns.LABELS}
    for old, label in columns.LEGACY.items():
        names[label].add(heading(old).key)
    return tuple(
        Column(label, tuple(sorted(keys)), columns.unit_of(label)) for label, keys in names.items()
    )


_FORM = TextFormat(columns=_keys(), convention="charge")


def _is_bdf(names: Sequence[str]) -> bool:
    labels = {columns.label_of(name) for name in names}
    swept = {columns.FREQUENCY, columns.REAL, columns.IMAGINARY} <= labels
    return set(columns.REQUIRED) <= labels or swept


def _refuse_strangers(source: Source, names: Sequence[str], wishes: Wishes) -> tuple[str, ...]:
    """Raise InputError for columns that BDF does not have, unless the user insists."""
    strangers = [
        name
        for name in names
        if name and not columns.label_of(name) and not _OWN_COLUMN.match(name)
    ]
    if not strangers:
        return ()
    if wishes.format_named or wishes.columns:
        return (f"not conformant to BDF: {len(strangers)} columns are not of it",)
    listed = ", ".join(strangers)
    name = TEXT.name if source.encoding else PARQUET.name
    expected = (
        "columns of the Battery Data Format alone; these do not conform: "
        f"{listed[:800]}. To read the columns that do: --format {name}"
    )
    raise source.fault("columns", f"{len(strangers)} columns that are not of it", expected)


def _names(source: Source) -> list[str]:
    for row in heading_rows(source)[:40]:
        texts = [there.text for there in row.headings]
        if _is_bdf(texts):
            return texts
    return []


def recognises_text(source: Source) -> bool:
    """Return whether the headings are those of BDF."""
    return bool(_names(source))


def read_bdf_text(source: Source, wishes: Wishes) -> Contents:
    """Return the table of a text file."""
    notes = _refuse_strangers(source, _names(source), wishes)
    contents = read_text(source, wishes, _FORM)
    return _with_notes(contents, notes)


def recognises_parquet(source: Source) -> bool:
    """Return whether a file is Parquet, by the mark at both of its ends."""
    return source.head.startswith(_MAGIC) and source.tail.endswith(_MAGIC)


def read_parquet(source: Source, wishes: Wishes) -> Contents:
    """Return the table of a Parquet file."""
    apart = run_apart("parquet", source)
    frame = apart.frame
    names = list(frame.columns)
    if wishes.columns or not _is_bdf(names):
        from interlith.cyclerdata.readers.plain import from_frame

        return from_frame(source, frame, wishes)
    notes = _refuse_strangers(source, names, wishes)
    labels = {name: columns.label_of(name) for name in names}
    picks = {
        label: Pick(label, names.index(name), heading(name), columns.unit_of(label))
        for name, label in labels.items()
        if label is not None
    }
    values = {label: frame[names[pick.index]] for label, pick in picks.items()}
    contents = contents_of(source, Found(values, picks, names), convention="charge")
    return _with_notes(contents, notes)


def _with_notes(contents: Contents, notes: tuple[str, ...]) -> Contents:
    table = contents.table
    if table is not None and columns.STEP_INDEX in table.columns:
        table, more = _without_record_numbers(table)
        notes = (*notes, *more)
    return Contents(
        table=table,
        spectra=contents.spectra,
        notes=(*contents.notes, *notes),
        recorded=contents.recorded,
        convention=contents.convention,
    )


def _without_record_numbers(table: pl.DataFrame) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Drop a "Step Index" that counts records within a step, which is what BDF once meant by it."""
    numbers = table[columns.STEP_INDEX].cast(pl.Float64, strict=False).to_numpy()
    if len(numbers) > 2 and np.mean(np.diff(numbers) == 1.0) > 0.5:
        note = "Step Index counts the records of a step here, not the steps; it was left out"
        return table.drop(columns.STEP_INDEX), (note,)
    return table, ()


TEXT = Reader("bdf", "Battery Data Format text (.bdf, .bdf.csv)", recognises_text, read_bdf_text)
PARQUET = Reader(
    "bdf-parquet",
    "Parquet with columns of the Battery Data Format",
    recognises_parquet,
    read_parquet,
)
