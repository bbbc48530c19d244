"""Columns that were picked in a file, put together to a table, to spectra, or to both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from interlith.cyclerdata import columns
from interlith.cyclerdata.contents import CELL, Contents
from interlith.cyclerdata.numbers import NoUnitError, Style, measured
from interlith.cyclerdata.source import Source
from interlith.cyclerdata.spectrum import Spectrum
from interlith.cyclerdata.sweeps import checked_sign, split_sweeps
from interlith.cyclerdata.vocabulary import Pick
from interlith.errors import InputError, Problem

__all__ = ["Found", "contents_of", "option_of"]

# Label -> how the user names it in `--columns`.
OPTIONS = {
    columns.TEST_TIME: "time",
    columns.VOLTAGE: "voltage",
    columns.CURRENT: "current",
    columns.UNIX_TIME: "date",
    columns.CYCLE: "cycle",
    columns.STEP_INDEX: "step",
    columns.STEP_TIME: "step_time",
    columns.STEP_TYPE: "state",
    columns.AMBIENT_TEMPERATURE: "temperature",
    columns.FREQUENCY: "frequency",
    columns.REAL: "real",
    columns.IMAGINARY: "imaginary",
    columns.MODULUS: "modulus",
    columns.PHASE: "phase",
    CELL: "cell",
}


DATE_RESOLUTION = 1.5


def option_of(label: str) -> str:
    """Return how the user names a column."""
    return OPTIONS.get(label, label)


@dataclass(frozen=True)
class Found:
    """Columns of a file as they stand in it.

    Attributes
    ----------
    values : mapping of str to polars.Series
        Label of BDF -> column, as numbers or texts.
    picks : mapping of str to Pick
        What each of them is.
    headings : sequence of str
        Every heading of the file, for messages.
    style : Style
        How numbers are written.
    constants : mapping of str to float
        Columns that the user gave as one number, in the unit of BDF.
    area : float or None
        For a current per area [m2].
    """

    values: Mapping[str, pl.Series]
    picks: Mapping[str, Pick]
    headings: Sequence[str]
    style: Style = field(default_factory=Style)
    constants: Mapping[str, float] = field(default_factory=dict)
    area: float | None = None


def contents_of(
    source: Source,
    found: Found,
    *,
    convention: str,
    notes: Sequence[str] = (),
    recorded: Mapping[str, str] | None = None,
) -> Contents:
    """Return what is in the columns of a file.

    Raises
    ------
    InputError
        Neither a table with time, voltage and current nor a spectrum is there, or a unit is
        missing; names every such column.
    """
    table, more = _table(source, found)
    said = [*notes, *more]
    swept = _is_swept(table)
    spectra = _spectra(table.filter(swept), found) if swept is not None else []
    rest = table if swept is None else table.filter(~swept)
    if spectra and (rest.is_empty() or _missing(rest)):
        rest_or_none = None
    else:
        rest_or_none = _complete(source, rest, found, said)
    return Contents(
        table=rest_or_none,
        spectra=tuple(spectra),
        notes=tuple(said),
        recorded=dict(recorded or {}),
        convention=convention,
    )


def _table(source: Source, found: Found) -> tuple[pl.DataFrame, list[str]]:
    made: list[pl.Series] = []
    notes: list[str] = []
    problems: list[Problem] = []
    for label, values in found.values.items():
        pick = found.picks[label]
        try:
            column = measured(values, pick, found.style, found.area)
        except NoUnitError as error:
            if label in _WANTED:
                problems.append(_no_unit(source, pick, str(error)))
            else:
                notes.append(f"{pick.heading.text} has no unit and was left out")
            continue
        if label in _ASSUMED and pick.assumed:
            notes.append(f"{pick.heading.text} has no unit; {pick.unit} was taken")
        made.append(column.values.rename(label))
        notes += column.notes
    if problems:
        raise InputError(problems)
    table = pl.DataFrame(made)
    constants = [pl.lit(value).alias(label) for label, value in found.constants.items()]
    return table.with_columns(constants), notes


_ASSUMED = (columns.FREQUENCY, columns.REAL, columns.IMAGINARY, columns.MODULUS)
_WANTED = (*columns.REQUIRED, columns.FREQUENCY, columns.REAL, columns.IMAGINARY, columns.MODULUS)


def _no_unit(source: Source, pick: Pick, what: str) -> Problem:
    option = option_of(pick.label)
    if what == "area":
        expected = 'the area that it is per: --columns "area=1.13 cm^2"'
    else:
        unit = columns.unit_of(pick.label)
        expected = (
            f'a unit in the heading or named: --columns "{option}={pick.heading.text} in {unit}"'
        )
    return Problem(source.name, option, pick.heading.text or "no heading", expected)


def _missing(table: pl.DataFrame) -> list[str]:
    """Return the required columns that neither stand in a table nor follow from it."""
    have = set(table.columns)
    timed = have & {columns.TEST_TIME, columns.UNIX_TIME, columns.STEP_TIME}
    return [
        label
        for label in columns.REQUIRED
        if label not in have and not (label == columns.TEST_TIME and timed)
    ]


def _complete(source: Source, table: pl.DataFrame, found: Found, notes: list[str]) -> pl.DataFrame:
    missing = _missing(table)
    if missing:
        raise InputError([_no_column(source, label, found) for label in missing])
    if columns.TEST_TIME not in table.columns:
        table = _with_test_time(table, notes)
    order = [label for label in (*columns.LABELS, CELL) if label in table.columns]
    return table.select(order)


def _no_column(source: Source, label: str, found: Found) -> Problem:
    option = option_of(label)
    listed = ", ".join(text for text in found.headings if text) or "none"
    if len(listed) > 400:
        listed = listed[:400] + " ..."
    example = {"current": '; a constant one as --columns "current=0.4 mA"'}.get(option, "")
    expected = (
        f"a column of {label.partition(' / ')[0].lower()}, but the headings are: {listed}; name it "
        f'with --columns "{option}=HEADING"{example}'
    )
    return Problem(source.name, option, "", expected)


def _with_test_time(table: pl.DataFrame, notes: list[str]) -> pl.DataFrame:
    """Return a table whose test time is added up from its steps, or is that of its dates."""
    if columns.STEP_TIME in table.columns and table[columns.STEP_TIME].null_count() < len(table):
        notes.append("test time was added up from the time in the steps")
        return table.with_columns(_added_up(table).alias(columns.TEST_TIME))
    notes.append("test time was taken from the dates")
    dates = pl.col(columns.UNIX_TIME)
    return table.with_columns((dates - dates.drop_nulls().first()).alias(columns.TEST_TIME))


def _added_up(table: pl.DataFrame) -> pl.Series:
    within = table[columns.STEP_TIME].fill_null(strategy="forward").fill_null(0.0).to_numpy()
    within = np.nan_to_num(np.asarray(within, dtype=float))
    passed = np.diff(within, prepend=0.0)
    # Where it falls, a new step began, and its time is what has passed since; dates, which may be
    # whole seconds, tell of pauses between steps.
    begun = passed < 0.0
    passed = np.where(begun, within, passed)
    if columns.UNIX_TIME in table.columns:
        dates = np.asarray(table[columns.UNIX_TIME].to_numpy(), dtype=float)
        waited = np.nan_to_num(np.diff(dates, prepend=dates[:1]))
        passed = np.where(begun & (waited > passed + DATE_RESOLUTION), waited, passed)
    return pl.Series(np.cumsum(passed))


def _is_swept(table: pl.DataFrame) -> pl.Series | None:
    """Return which rows are impedance, None where the table has none."""
    have = set(table.columns)
    cartesian = {columns.REAL, columns.IMAGINARY} <= have
    polar = {columns.MODULUS, columns.PHASE} <= have
    if columns.FREQUENCY not in have or not (cartesian or polar):
        return None
    frequency = table[columns.FREQUENCY]
    return ((frequency > 0.0) & frequency.is_finite()).fill_null(False)


def _spectra(rows: pl.DataFrame, found: Found) -> list[Spectrum]:
    if rows.is_empty():
        return []

    def numbers(label: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return np.asarray(rows[label].cast(pl.Float64).to_numpy(), dtype=float)

    notes: tuple[str, ...] = ()
    if {columns.REAL, columns.IMAGINARY} <= set(rows.columns):
        real, imaginary = numbers(columns.REAL), numbers(columns.IMAGINARY)
        pick = found.picks[columns.IMAGINARY]
        imaginary, note = checked_sign(imaginary, real, _sign_is_stated(pick))
        notes = (note,) if note else ()
        impedance = real + 1j * imaginary
    else:
        angle = np.deg2rad(numbers(columns.PHASE))
        impedance = numbers(columns.MODULUS) * np.exp(1j * angle)
    times = numbers(columns.TEST_TIME) if columns.TEST_TIME in rows.columns else None
    loop = numbers(columns.CYCLE) if columns.CYCLE in rows.columns else None
    return split_sweeps(numbers(columns.FREQUENCY), impedance, times, loop, notes)


def _sign_is_stated(pick: Pick) -> bool:
    """Return whether a heading is explicit: with a minus, or as in `Im(Z)` and BDF's own name."""
    return pick.sign < 0.0 or pick.heading.key in {"im(z)", "imaginaryimpedance"}
