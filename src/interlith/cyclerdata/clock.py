"""Times as texts: durations of hours, minutes and seconds, and dates.

Dates in files of cyclers carry no time zone. They are taken as if they were UTC, which keeps their
differences right but for the two nights a year on which clocks are moved.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

__all__ = ["date_format", "dates", "durations", "looks_like_clock", "looks_like_date"]

# 1d 02:03:04.5, 1-02:03:04, 1.02:03:04, 26:03:04, and minutes with decimals as 03:04.5.
_DURATION = (
    r"^\s*(?:(?P<d>\d+)\s*(?:d(?:ays?)?[\s,]*|[-.]))?"
    r"(?:(?P<h>\d+):)?(?P<m>\d+):(?P<s>\d+(?:[.,]\d+|:\d{3})?)\s*$"
)
_CLOCK = re.compile(_DURATION)
_DATE = re.compile(
    r"^\s*(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/. ](?:\d{1,2}|[A-Za-z]{3})[-/. ]\d{2,4})\b"
)

_YEAR_FIRST = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d")
_MONTH_FIRST = ("%m/%d/%Y", "%m-%d-%Y", "%m.%d.%Y", "%m/%d/%y")
_DAY_FIRST = ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%y", "%d.%m.%y")
_NAMED = ("%d-%b-%y", "%d-%b-%Y", "%d %b %Y", "%d/%b/%Y", "%b %d %Y")
_HOURS = (
    "%H:%M:%S%.f",
    "%H:%M:%S",
    "%I:%M:%S%.f %p",
    "%I:%M:%S %p",
    "%H:%M",
    "%I:%M %p",
)


def looks_like_clock(text: str) -> bool:
    """Return whether a text is a duration with colons."""
    return _CLOCK.match(text) is not None


def looks_like_date(text: str) -> bool:
    """Return whether a text starts as a date."""
    return _DATE.match(text) is not None


def durations(texts: pl.Series) -> pl.Series:
    """Return seconds of durations as written; those that are none become null."""
    simple = _hours_minutes_seconds(texts)
    if simple.null_count() == texts.null_count():
        return simple
    # Neware's old exports part the milliseconds by a colon.
    parts = texts.to_frame("t").select(
        pl.col("t").str.extract_groups(_DURATION).alias("g"),
    )
    number = {
        name: pl.col("g").struct.field(name).str.replace_all(r"[,:]", ".").cast(pl.Float64)
        for name in "dhms"
    }
    total = (
        number["d"].fill_null(0.0) * 86400.0
        + number["h"].fill_null(0.0) * 3600.0
        + number["m"] * 60.0
        + number["s"]
    )
    return parts.select(total.alias(texts.name)).to_series()


def _hours_minutes_seconds(texts: pl.Series) -> pl.Series:
    """Return seconds of `h:m:s`, four times as fast as by the pattern; all else becomes null."""
    split = texts.str.split_exact(":", 3).to_frame("t")
    kinds = (pl.Int64, pl.Int64, pl.Float64)
    hours, minutes, seconds = (
        pl.col("t").struct.field(f"field_{at}").cast(kind, strict=False)
        for at, kind in enumerate(kinds)
    )
    total = hours * 3600.0 + minutes * 60.0 + seconds
    three = pl.col("t").struct.field("field_3").is_null()
    return split.select(pl.when(three).then(total).alias(texts.name)).to_series()


def date_format(samples: Sequence[str], day_first: bool = False) -> tuple[str, bool] | None:
    """Return the format of dates, and whether day and month could be the other way round.

    Parameters
    ----------
    samples
        Dates of one column, as written.
    day_first
        What the instrument writes, where the samples do not tell.
    """
    texts = pl.Series("t", [text.strip() for text in samples if text.strip()][:1000])
    if texts.is_empty():
        return None
    fits = [pattern for pattern in _formats(day_first) if _fits(texts, pattern)]
    if not fits:
        return None
    numeric = {pattern.partition(" ")[0][:2] for pattern in fits} & {"%d", "%m"}
    return fits[0], len(numeric) == 2 and "%b" not in fits[0]


def _formats(day_first: bool) -> list[str]:
    ordered = (*_DAY_FIRST, *_MONTH_FIRST) if day_first else (*_MONTH_FIRST, *_DAY_FIRST)
    days = (*_YEAR_FIRST, *ordered, *_NAMED)
    spaced = [f"{day} {hour}" for day in days for hour in _HOURS]
    joined = [f"{day}T{hour}" for day in _YEAR_FIRST for hour in _HOURS[:2]]
    zoned = [f"{day}T{hour}Z" for day in _YEAR_FIRST[:1] for hour in _HOURS[:2]]
    return [*spaced, *joined, *zoned]


def _fits(texts: pl.Series, pattern: str) -> bool:
    return dates(texts, pattern).null_count() == 0


def dates(texts: pl.Series, pattern: str) -> pl.Series:
    """Return Unix times of dates as written; those that do not fit the format become null."""
    tidy = texts.str.strip_chars()
    if any("  " in text for text in tidy.drop_nulls().head(20)):
        tidy = tidy.str.replace_all(r"\s+", " ")
    if any("," in text for text in tidy.drop_nulls().head(20)):
        tidy = tidy.str.replace(",", ".", literal=True)
    try:
        found = tidy.str.to_datetime(pattern, time_unit="us", strict=False)
    except pl.exceptions.PolarsError:
        return pl.Series(texts.name, [None] * len(texts), dtype=pl.Float64)
    years = found.dt.year()
    sane = found.set(((years < 1970) | (years > 2200)).fill_null(False), None)
    return sane.dt.epoch("us").cast(pl.Float64) / 1e6
