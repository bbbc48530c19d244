"""Texts of a table made numbers: decimal commas, thousands, clocks, dates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from interlith.cyclerdata import columns
from interlith.cyclerdata.clock import (
    date_format,
    dates,
    durations,
    looks_like_clock,
    looks_like_date,
)
from interlith.cyclerdata.contents import CELL
from interlith.cyclerdata.measures import CLOCK, conversion, is_clock, kind_of_label
from interlith.cyclerdata.vocabulary import Pick

__all__ = ["Measured", "NoUnitError", "Style", "measured", "numbers_of", "style_of"]

_TIMES = (columns.TEST_TIME, columns.STEP_TIME)
_COMMA = re.compile(r"[-+]?\d*,\d+(?:[eE][-+]?\d+)?")
_THOUSANDS = re.compile(r"[-+]?\d{1,3}(?:,\d{3})+\.\d*")
# Days since 1899-12-30, as spreadsheets and Access count: 1970 is 25569.
SERIAL_EPOCH = 25569.0
SERIALS = (20000.0, 80000.0)
HALF_A_DAY, A_DAY = 43200.0, 86400.0


class NoUnitError(Exception):
    """A column has no unit, and none can be known."""


@dataclass(frozen=True)
class Style:
    """How a file writes its numbers."""

    decimal_comma: bool = False
    thousands: bool = False
    day_first: bool = False


@dataclass(frozen=True)
class Measured:
    """A column as numbers in the unit of BDF, and what was noticed on the way."""

    values: pl.Series
    notes: tuple[str, ...] = ()


def style_of(cells: Sequence[str], day_first: bool = False) -> Style:
    """Return how the numbers among some cells are written."""
    commas = sum(1 for cell in cells if _COMMA.fullmatch(cell))
    points = sum(1 for cell in cells if re.fullmatch(r"[-+]?\d*\.\d+(?:[eE][-+]?\d+)?", cell))
    thousands = any(_THOUSANDS.fullmatch(cell) for cell in cells)
    return Style(commas > points and not thousands, thousands, day_first)


def measured(values: pl.Series, pick: Pick, style: Style, area: float | None = None) -> Measured:
    """Return a column of a file as BDF has it.

    Parameters
    ----------
    values
        Numbers, or texts as they stand in the file.
    pick
        What the column is.
    style
        How the file writes numbers.
    area
        Of the electrode, for a current per area [m2].

    Raises
    ------
    NoUnitError
        The unit is not stated, or a current per area has no area.
    """
    if pick.label in (*columns.TEXT, CELL):
        return Measured(values.cast(pl.String).str.strip_chars())
    if values.dtype.is_temporal():
        return _temporal(values, pick)
    if pick.label == columns.UNIX_TIME:
        return _unix_time(values, pick, style)
    texts: list[str] = values.drop_nulls().head(500).to_list() if _is_text(values) else []
    texts = [text.strip() for text in texts if text.strip()]
    if pick.label in _TIMES and texts:
        if sum(map(looks_like_clock, texts)) > len(texts) / 2:
            seconds = durations(values.cast(pl.String))
            # Steps begin at zero again and again; only a clock that goes on passes midnight.
            return _unwrapped(seconds) if pick.label == columns.TEST_TIME else Measured(seconds)
        if sum(map(looks_like_date, texts)) > len(texts) / 2:
            found = _unix_time(values, pick, style)
            return Measured(found.values - found.values.drop_nulls().min(), found.notes)
    factor, offset = _conversion(pick, area)
    numbers = numbers_of(values, style)
    return Measured(numbers * (factor * pick.sign) + offset)


def _is_text(values: pl.Series) -> bool:
    return values.dtype in (pl.String, pl.Categorical)


def _conversion(pick: Pick, area: float | None) -> tuple[float, float]:
    kind = kind_of_label(pick.label)
    if kind == "number":
        return 1.0, 0.0
    if not pick.unit or is_clock(pick.unit) or pick.unit == CLOCK:
        raise NoUnitError(pick.label)
    density = conversion(pick.unit, "density") if kind == "current" else None
    if density is not None and conversion(pick.unit, kind) is None:
        if area is None:
            raise NoUnitError("area")
        return density[0] * area, 0.0
    found = conversion(pick.unit, kind)
    if found is None:
        raise NoUnitError(pick.label)
    return found


def numbers_of(values: pl.Series, style: Style) -> pl.Series:
    """Return a column as numbers; texts that are none become null."""
    if values.dtype == pl.Boolean:
        return values.cast(pl.Float64)
    if not _is_text(values):
        return values.cast(pl.Float64, strict=False)
    texts = values.cast(pl.String).str.strip_chars()
    if style.thousands:
        texts = texts.str.replace_all(",", "", literal=True)
    elif style.decimal_comma:
        texts = texts.str.replace(",", ".", literal=True)
    return texts.cast(pl.Float64, strict=False)


def _unwrapped(seconds: pl.Series) -> Measured:
    """Return a clock that starts anew at midnight as one that goes on."""
    array = seconds.to_numpy()
    finite = array[np.isfinite(array)]
    steps = np.diff(array)
    falls = steps < -HALF_A_DAY
    if not len(finite) or finite.max() >= A_DAY or not falls.any():
        return Measured(seconds)
    # From the end of a day to the start of the next, a few records at most between them.
    near = 60.0 + 10.0 * float(np.median(np.abs(steps)))
    if array[:-1][falls].min() < A_DAY - near or array[1:][falls].max() > near:
        return Measured(seconds)
    days = np.concatenate([[0.0], np.cumsum(falls)])
    note = f"the clock of the time column passes midnight {int(falls.sum())} times; days were added"
    return Measured(pl.Series(seconds.name, array + A_DAY * days), (note,))


def _temporal(values: pl.Series, pick: Pick) -> Measured:
    if values.dtype == pl.Duration:
        return Measured(values.dt.total_microseconds().cast(pl.Float64) / 1e6)
    seconds = values.cast(pl.Datetime("us")).dt.epoch("us").cast(pl.Float64) / 1e6
    if pick.label in _TIMES:
        seconds = seconds - seconds.drop_nulls().min()
    return Measured(seconds)


def _unix_time(values: pl.Series, pick: Pick, style: Style) -> Measured:
    """Return Unix times of dates, of days as spreadsheets count, or of seconds since 1970."""
    numbers = numbers_of(values, style)
    known = numbers.drop_nulls()
    if len(known):
        median = float(np.median(known.to_numpy()))
        if SERIALS[0] < median < SERIALS[1]:
            return Measured((numbers - SERIAL_EPOCH) * 86400.0)
        milli = 1e-3 if median > 1e11 else 1.0
        return Measured(numbers * milli if median > 1e8 else _nothing(values))
    texts = values.cast(pl.String)
    samples = texts.drop_nulls().head(500).to_list()
    # Where day and month cannot be told apart at the top, the end of a long test may tell.
    found = date_format([*samples, *texts.drop_nulls().tail(500).to_list()], style.day_first)
    if found is None:
        found = date_format(samples[:1], style.day_first)
    if found is None:
        return Measured(_nothing(values))
    pattern, ambiguous = found
    order = "day/month" if pattern.startswith("%d") else "month/day"
    notes = (f"dates could be day/month or month/day; read as {order}",) if ambiguous else ()
    return Measured(dates(texts, pattern), notes)


def _nothing(values: pl.Series) -> pl.Series:
    return pl.Series(values.name, [None] * len(values), dtype=pl.Float64)
