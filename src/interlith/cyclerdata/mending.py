"""A table as a reader found it, made one that can be worked with; everything done is said.

Rows without time, voltage or current are dropped, rows that are there twice too. Time that goes
back is mended where it is clear how, and refused where it is not. Nothing is interpolated.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from interlith.cyclerdata import columns
from interlith.cyclerdata.contents import CELL
from interlith.cyclerdata.source import Source

__all__ = ["mended", "of_one_cell"]

# A column with more values than this is no list of cells.
MOST_CELLS = 200
# So many rows in a hundred may stand in the wrong order and be sorted; more is another fault.
MOST_UNSORTED = 0.01
# Parts of a test that were set one after another have more than a row or two each.
FEWEST_IN_PART = 3
# A pause is this many usual steps between records, and at least ten minutes.
GAP_STEPS, SHORTEST_GAP = 20.0, 600.0


def of_one_cell(source: Source, table: pl.DataFrame, cell: str | None) -> pl.DataFrame:
    """Return the rows of one cell.

    Raises
    ------
    InputError
        There are several and none was named, or the one that was named is not there.
    """
    if CELL not in table.columns:
        if cell is not None:
            raise source.fault("--cell", cell, "no cell: the file does not tell cells apart")
        return table
    names = table[CELL].cast(pl.String).str.strip_chars().fill_null("")
    known = [name for name in names.unique(maintain_order=True).to_list() if name]
    if len(known) > MOST_CELLS or len(known) > 0.5 * len(table):
        known = known[:1]
    if cell is None and len(known) > 1:
        listed = ", ".join(known[:20])
        raise source.fault("cell", f"{len(known)} cells", f"one of them by --cell: {listed}")
    if cell is not None:
        if cell not in known:
            raise source.fault("--cell", cell, f"one of {', '.join(known[:20])}")
        table = table.filter(names == cell)
    return table.drop(CELL)


def mended(source: Source, table: pl.DataFrame, notes: list[str]) -> pl.DataFrame:
    """Return a table in the order of time, complete in what is required.

    Parameters
    ----------
    source
        For messages.
    table
        With the required columns.
    notes
        Gets a sentence for everything done.

    Raises
    ------
    InputError
        No row is complete, or time goes back in a way that cannot be mended.
    """
    total = len(table)
    table = _complete_rows(table, notes)
    if table.is_empty():
        expected = "rows with time, voltage and current"
        raise source.fault("rows", f"{total} rows, none complete", expected)
    table = _in_order_of_records(table, notes)
    table = _without_repeats(table, notes)
    table = _in_order_of_time(source, table, notes)
    table = _with_steps_counted(table, notes)
    _note_gaps(table, notes)
    return table


def _complete_rows(table: pl.DataFrame, notes: list[str]) -> pl.DataFrame:
    good = pl.all_horizontal(
        pl.col(label).is_not_null() & pl.col(label).is_finite() for label in columns.REQUIRED
    )
    kept = table.filter(good)
    lost = len(table) - len(kept)
    if lost:
        notes.append(f"{lost} of {len(table)} rows without time, voltage or current were dropped")
    return kept


def _in_order_of_records(table: pl.DataFrame, notes: list[str]) -> pl.DataFrame:
    """Sort by the number of the record where rows are out of their order, and time then rises."""
    if columns.RECORD not in table.columns:
        return table
    numbers = table[columns.RECORD]
    if numbers.null_count() or numbers.is_sorted():
        return table
    ordered = table.sort(columns.RECORD, maintain_order=True)
    if not ordered[columns.TEST_TIME].is_sorted():
        return table
    notes.append("rows were sorted by the number of the record")
    return ordered


def _without_repeats(table: pl.DataFrame, notes: list[str]) -> pl.DataFrame:
    """Drop rows that are there twice: the same record, or the same in all that was measured."""
    if bool((table[columns.TEST_TIME].diff().drop_nulls() > 0.0).all()):
        return table
    same = list(columns.REQUIRED)
    same += [label for label in (columns.STEP, columns.STEP_INDEX) if label in table.columns]
    # A block that an export wrote twice stands far apart; two alike in a row are neighbours.
    kept = table.unique(subset=same, keep="first", maintain_order=True)
    lost = len(table) - len(kept)
    if lost:
        notes.append(f"{lost} repeated rows were dropped")
    return kept


def _in_order_of_time(source: Source, table: pl.DataFrame, notes: list[str]) -> pl.DataFrame:
    times = np.asarray(table[columns.TEST_TIME].to_numpy(), dtype=float)
    falls = np.flatnonzero(np.diff(times) < 0.0) + 1
    if not len(falls):
        return table
    if _starts_anew(times, falls):
        return _continued(table, times, falls, notes)
    displaced = int(np.count_nonzero(times < np.maximum.accumulate(times)))
    if displaced <= max(1.0, MOST_UNSORTED * len(times)):
        notes.append(f"{displaced} rows out of the order of time were sorted into it")
        return table.sort(columns.TEST_TIME, maintain_order=True)
    row = int(falls[0])
    found = f"{times[row - 1]:g} s, then {times[row]:g} s (row {row + 1}; {len(falls)} such places)"
    raise source.fault(
        "time", found, 'time that does not go back; name another column: --columns "time=HEADING"'
    )


def _starts_anew(times: NDArray[np.float64], falls: NDArray[np.int64]) -> bool:
    """Return whether time falls to where the test began, each time: parts set one after another."""
    lengths = np.diff([0, *falls])
    usual = float(np.median(np.abs(np.diff(times)))) or 1.0
    near = max(10.0 * usual, 0.01 * float(np.ptp(times[: falls[0]])))
    return bool(np.all(np.abs(times[falls] - times[0]) <= near) and lengths.min() >= FEWEST_IN_PART)


def _continued(
    table: pl.DataFrame, times: NDArray[np.float64], falls: NDArray[np.int64], notes: list[str]
) -> pl.DataFrame:
    """Let time go on where it starts anew, by the dates where these rise, else without a pause."""
    shift = np.zeros(len(times))
    dated = _dates(table)
    for row in falls:
        last = times[row - 1] + shift[row - 1]
        pause = 0.0 if dated is None else max(0.0, dated[row] - dated[row - 1])
        usual = max(times[row] - times[0], 0.0)
        shift[row:] = last + (pause if dated is not None else usual) - times[row]
    how = (
        "by the dates" if dated is not None else "at once; how long the pauses were is not recorded"
    )
    notes.append(f"time starts anew {len(falls)} times; it was continued {how}")
    return table.with_columns(pl.Series(columns.TEST_TIME, times + shift))


def _dates(table: pl.DataFrame) -> NDArray[np.float64] | None:
    if columns.UNIX_TIME not in table.columns or table[columns.UNIX_TIME].null_count():
        return None
    dates = np.asarray(table[columns.UNIX_TIME].to_numpy(), dtype=float)
    return dates if np.all(np.diff(dates) >= 0.0) else None


def _with_steps_counted(table: pl.DataFrame, notes: list[str]) -> pl.DataFrame:
    """Count the steps that were run where a table has only the lines of the programme."""
    if columns.STEP in table.columns or columns.STEP_INDEX not in table.columns:
        return table
    lines = table[columns.STEP_INDEX]
    changed = (lines != lines.shift(1)).fill_null(False)
    if columns.CYCLE in table.columns:
        cycles = table[columns.CYCLE]
        changed = changed | (cycles != cycles.shift(1)).fill_null(False)
    notes.append("Step Count was counted from the changes of Step ID and cycle")
    counted = changed.cast(pl.Float64).cum_sum() + 1.0
    return table.with_columns(counted.alias(columns.STEP))


def _note_gaps(table: pl.DataFrame, notes: list[str]) -> None:
    steps = np.diff(np.asarray(table[columns.TEST_TIME].to_numpy(), dtype=float))
    if len(steps) < 20:
        return
    limit = max(SHORTEST_GAP, GAP_STEPS * float(np.quantile(steps, 0.95)))
    gaps = steps[steps > limit]
    if len(gaps):
        notes.append(
            f"{len(gaps)} gaps in time, the longest {gaps.max() / 3600.0:.3g} h; none was filled in"
        )
