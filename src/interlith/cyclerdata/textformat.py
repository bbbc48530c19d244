"""One mechanism for every text format: find the table in a file, and read the columns that count.

A format says which headings stand for which column of BDF. Order of columns, units, delimiters,
decimal commas, encodings and lines before the table are found in the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from interlith.cyclerdata import columns
from interlith.cyclerdata.contents import CELL, Contents, Wishes
from interlith.cyclerdata.frames import Found, contents_of
from interlith.cyclerdata.headings import Heading
from interlith.cyclerdata.layout import (
    HeadingRow,
    heading_rows,
    is_number,
    is_quoted_whole,
    sample_rows,
    units_below,
)
from interlith.cyclerdata.mapping import Mapped, mapped
from interlith.cyclerdata.numbers import Style, style_of
from interlith.cyclerdata.source import Source
from interlith.cyclerdata.vocabulary import COMMON, Column, Pick, pick_columns

__all__ = ["Raw", "Said", "TextFormat", "best_row", "read_text"]

# Ten columns of so many rows are 0.8 GB.
MOST_ROWS = 10_000_000
Said = tuple[Mapping[str, str], Sequence[str]]
"""What the lines before a table say of the cell and the test, and notes on that."""


def _says_nothing(lines: Sequence[str]) -> Said:
    del lines
    return {}, ()


Raw = Mapping[str, tuple[Heading, pl.Series]]
"""Further columns as they stand in the file, by their key."""


@dataclass(frozen=True)
class TextFormat:
    """What is particular to one format.

    Attributes
    ----------
    columns : tuple of Column
        What its columns are called.
    convention : str
        As in `Contents`.
    day_first : bool
        Whether it writes 02.01. for the second of January, where the file does not tell.
    preamble : callable
        Returns what the lines before the table say.
    derive : callable or None
        Returns further columns from the raw ones, where a format stores others than BDF asks for.
    raw : tuple of str
        Keys of the raw columns that `derive` needs.
    """

    columns: tuple[Column, ...] = COMMON
    convention: str = ""
    day_first: bool = False
    preamble: Callable[[Sequence[str]], Said] = _says_nothing
    derive: Callable[[Found, Raw, list[str]], Found] | None = None
    raw: tuple[str, ...] = ()


def best_row(source: Source, known: Sequence[Column]) -> HeadingRow | None:
    """Return the line whose headings name most of what is asked for, None where none names any."""
    best, most = None, 0
    for row in heading_rows(source):
        picks = pick_columns(row.headings, known)
        # A table has a voltage or an impedance; a list of settings has neither.
        if not picks.keys() & {columns.VOLTAGE, columns.REAL, columns.MODULUS}:
            continue
        if len(picks) > most:
            best, most = row, len(picks)
    return best


def read_text(source: Source, wishes: Wishes, form: TextFormat) -> Contents:
    """Return what is in a text file.

    Raises
    ------
    InputError
        There is no table in it, or a column that must be there is missing or has no unit.
    """
    row = _row(source, wishes, form)
    units = units_below(source, row)
    skip = 1 if units is None else 2
    chosen = mapped(source, wishes.columns, row.headings)
    by_index = dict(enumerate(units or ()))
    picks = _picks(row, form, by_index, chosen)
    raw = {
        heading.key: index for index, heading in enumerate(row.headings) if heading.key in form.raw
    }
    samples = sample_rows(source, row, skip)
    style = style_of(_cells_at(samples, [pick.index for pick in picks.values()]), form.day_first)
    frame = _load(source, row, skip, picks, raw, samples, style)
    found = Found(
        values={label: frame[_name(pick.index)] for label, pick in picks.items()},
        picks=picks,
        headings=[heading.text for heading in row.headings],
        style=style,
        constants=chosen.constants,
        area=chosen.area,
    )
    recorded, notes = form.preamble(source.lines[: row.line])
    said = list(notes)
    if form.derive is not None:
        more = {key: (row.headings[index], frame[_name(index)]) for key, index in raw.items()}
        found = form.derive(found, more, said)
    return contents_of(source, found, convention=form.convention, notes=said, recorded=recorded)


def _row(source: Source, wishes: Wishes, form: TextFormat) -> HeadingRow:
    row = best_row(source, form.columns)
    if wishes.columns:
        # The user's own headings count first: the line with most of them.
        named = _named_row(source, wishes)
        row = named if named is not None else row
    if row is None:
        # Headings in words of its own, above numbers: the message can list them.
        row = next((there for there in heading_rows(source) if _heads_numbers(source, there)), None)
    if row is None:
        start = source.first_line[:60] or "no text"
        expected = "a table whose headings name time, voltage and current, or frequency and Z"
        raise source.fault("headings", start, expected)
    return row


def _heads_numbers(source: Source, row: HeadingRow) -> bool:
    below = sample_rows(source, row)[:1]
    return bool(below) and len(below[0]) == len(row.headings) and any(map(is_number, below[0]))


def _named_row(source: Source, wishes: Wishes) -> HeadingRow | None:
    best, most = None, 0
    for row in heading_rows(source):
        texts = {heading.text for heading in row.headings}
        keys = row.keys
        hits = sum(
            1
            for value in wishes.columns.values()
            for name in (value.strip().lstrip("-"), value.rpartition(" in ")[0].strip())
            if name and (name in texts or name.lower() in keys)
        )
        if hits > most:
            best, most = row, hits
    return best


def _picks(
    row: HeadingRow, form: TextFormat, units: Mapping[int, str], chosen: Mapped
) -> dict[str, Pick]:
    picks = pick_columns(row.headings, form.columns, units)
    named = {pick.index for pick in chosen.picks.values()}
    kept = {label: pick for label, pick in picks.items() if pick.index not in named}
    for label in chosen.constants:
        kept.pop(label, None)
    with_units = {
        label: pick if pick.unit else _with_unit(pick, units)
        for label, pick in chosen.picks.items()
    }
    return kept | with_units


def _with_unit(pick: Pick, units: Mapping[int, str]) -> Pick:
    return Pick(pick.label, pick.index, pick.heading, units.get(pick.index, ""), pick.sign)


def _cells_at(rows: Sequence[Sequence[str]], indices: Sequence[int]) -> list[str]:
    return [row[index] for row in rows for index in indices if index < len(row)]


def _load(
    source: Source,
    row: HeadingRow,
    skip: int,
    picks: Mapping[str, Pick],
    raw: Mapping[str, int],
    samples: Sequence[Sequence[str]],
    style: Style,
) -> pl.DataFrame:
    """Return the columns that were picked, called by their number, as numbers or as texts."""
    body = _below(source.text(), row.line + skip)
    if is_quoted_whole(source.lines[row.line]):
        body = re.sub(rb'(?m)^"|"$', b"", body)
    wanted = sorted({pick.index for pick in picks.values()} | set(raw.values()))
    upper = _leading_blanks(row)
    plain = {index for index in wanted if _is_plain(samples, index, style, row.delimiter)}
    words = {pick.index for label, pick in picks.items() if label in (*columns.TEXT, CELL)}
    numeric = plain - words
    frame = _parsed(source, body, row, sorted({*wanted, *upper}), numeric, style)
    # A number with a space before it, or a remark in a column of numbers, is seen as a text first.
    doubtful = [index for index in sorted(numeric) if frame[_name(index)].null_count()]
    if doubtful:
        texts = _parsed(source, body, row, doubtful, set(), style)
        frame = frame.with_columns(texts.get_columns())
    if len(frame) > MOST_ROWS:
        raise source.fault("rows", f"more than {MOST_ROWS}", "fewer rows; export it in parts")
    return _lowest_level(frame, upper)


def _name(index: int) -> str:
    """Return what a column is called while it is read: headings need not differ, numbers do."""
    return f"column {index}"


def _below(text: bytes, lines: int) -> bytes:
    """Return the text after so many lines."""
    at = 0
    for _ in range(lines):
        end = text.find(b"\n", at)
        if end < 0:
            return b""
        at = end + 1
    return text[at:]


def _is_plain(samples: Sequence[Sequence[str]], index: int, style: Style, delimiter: str) -> bool:
    """Return whether a column can be read as numbers at once."""
    cells = [row[index] for row in samples if index < len(row) and row[index]]
    if style.thousands or (style.decimal_comma and delimiter == ","):
        return False
    comma = any("," in cell for cell in cells)
    point = any("." in cell for cell in cells)
    if (comma and not style.decimal_comma) or (point and style.decimal_comma):
        return False
    return bool(cells) and all(is_number(cell) for cell in cells)


def _parsed(
    source: Source,
    body: bytes,
    row: HeadingRow,
    wanted: Sequence[int],
    numeric: set[int],
    style: Style,
) -> pl.DataFrame:
    if not body.strip():
        raise source.fault("rows", "none", "rows of numbers below the headings")
    # Headings of our own, so that rows that are too short or too long fall to those in the file.
    names = [_name(index) for index in range(len(row.headings))]
    table = b"\n".join([row.delimiter.join(names).encode(), body])
    try:
        return pl.read_csv(
            table,
            infer_schema=False,
            schema_overrides={_name(index): pl.Float64 for index in numeric},
            columns=[_name(index) for index in wanted],
            separator=row.delimiter,
            quote_char='"' if b'"' in body[: 1 << 20] else None,
            truncate_ragged_lines=True,
            ignore_errors=True,
            n_rows=MOST_ROWS + 1,
            decimal_comma=style.decimal_comma and row.delimiter != ",",
        )
    except (pl.exceptions.PolarsError, ValueError, OverflowError) as error:
        reason = str(error).partition("\n")[0][:120]
        raise source.fault("rows", reason, "rows of cells below the headings") from None


def _leading_blanks(row: HeadingRow) -> list[int]:
    """Return the columns without heading before the first one with.

    Neware's layered exports write rows of cycles and steps between the records, further left.
    """
    first = next(at for at, heading in enumerate(row.headings) if heading.text)
    return list(range(first))


def _lowest_level(frame: pl.DataFrame, upper: Sequence[int]) -> pl.DataFrame:
    if not upper:
        return frame
    filled = [
        pl.col(_name(index)).cast(pl.String).fill_null("").str.strip_chars() != ""
        for index in upper
    ]
    return frame.filter(~pl.any_horizontal(filled))
