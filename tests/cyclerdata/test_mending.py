"""What is mended in a table, what is refused, and that everything is said."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from interlith.cyclerdata import Recording, columns, read
from interlith.errors import InputError

from .samples import ROWS, cycled, table

TIME, VOLTAGE, CURRENT, STEP = cycled()
HEADS = ["Time (s)", "Voltage (V)", "Current (A)"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "measured.csv"


def written(path: Path, rows: Iterable[Iterable[object]], heads: list[str] = HEADS) -> Path:
    path.write_text(table(heads, [list(row) for row in rows]), encoding="utf-8")
    return path


def good_rows() -> list[list[object]]:
    return [list(row) for row in zip(TIME, VOLTAGE, CURRENT, strict=True)]


def says(recording: Recording, words: str) -> bool:
    return any(words in note for note in recording.notes)


def test_nothing_is_said_of_a_good_table(path: Path) -> None:
    assert read(written(path, good_rows())).notes == ()


def test_rows_with_missing_values_are_dropped(path: Path) -> None:
    rows = good_rows()
    rows[3][1] = ""
    rows[7][2] = "NaN"
    rows[9][0] = "inf"
    rows[11][2] = "overload"
    recording = read(written(path, rows))
    assert len(recording.table) == ROWS - 4
    assert says(recording, "4 of 60 rows without time, voltage or current were dropped")


def test_repeated_rows_are_dropped_wherever_they_stand(path: Path) -> None:
    rows = good_rows()
    recording = read(written(path, [*rows[:20], *rows[10:]]))
    assert len(recording.table) == ROWS
    assert says(recording, "10 repeated rows were dropped")
    assert recording.time == pytest.approx(TIME)


def test_two_records_at_one_moment_stay(path: Path) -> None:
    rows = good_rows()
    rows.insert(10, [TIME[10], VOLTAGE[10] - 0.1, CURRENT[10]])
    assert len(read(written(path, rows)).table) == ROWS + 1


def test_a_row_in_the_wrong_place_is_sorted(path: Path) -> None:
    rows = good_rows()
    rows.insert(30, rows.pop(20))
    recording = read(written(path, rows))
    assert recording.time == pytest.approx(TIME)
    assert says(recording, "out of the order of time")


def test_numbers_of_records_tell_the_order(path: Path) -> None:
    rows = [[number, *row] for number, row in enumerate(good_rows())]
    order = np.random.default_rng(1).permutation(ROWS)
    recording = read(written(path, [rows[at] for at in order], ["Record", *HEADS]))
    assert recording.time == pytest.approx(TIME)
    assert says(recording, "sorted by the number of the record")


def test_time_that_starts_anew_is_continued(path: Path) -> None:
    rows = good_rows()
    recording = read(written(path, [*rows, *[[t, v + 1.0, i] for t, v, i in rows]]))
    assert len(recording.table) == 2 * ROWS
    assert np.all(np.diff(recording.time) >= 0.0)
    assert says(recording, "time starts anew 1 times; it was continued at once")


def test_dates_tell_how_long_a_pause_was(path: Path) -> None:
    rows = [
        [*row, f"2025-03-04 {int(row[0] // 60):02d}:{int(row[0] % 60):02d}:00"]
        for row in good_rows()
    ]
    later = [[t, v + 1.0, i, f"2025-03-05 {date[11:]}"] for t, v, i, date in rows]
    recording = read(written(path, [*rows, *later], [*HEADS, "Date"]))
    # Dates of these rows run sixty times as fast; the pause is between the last and the first.
    assert says(recording, "continued by the dates")
    pause = recording.time[ROWS] - recording.time[ROWS - 1]
    assert pause == pytest.approx(86400.0 - 60.0 * (TIME[-1] - TIME[0]), abs=60.0)


def test_time_that_makes_no_sense_is_refused(path: Path) -> None:
    rows = good_rows()
    for at, row in enumerate(rows):
        row[0] = 100.0 * np.sin(at)
    with pytest.raises(InputError, match=r"does not go back.*time=HEADING"):
        read(written(path, rows))


def test_gaps_are_told_and_not_filled(path: Path) -> None:
    rows = good_rows()
    for row in rows[30:]:
        row[0] += 7200.0
    recording = read(written(path, rows))
    assert len(recording.table) == ROWS
    assert says(recording, "1 gaps in time, the longest 2")


def test_several_cells_are_named(path: Path) -> None:
    rows = [["A1", *row] for row in good_rows()] + [["B2", *row] for row in good_rows()]
    written(path, rows, ["Channel", *HEADS])
    with pytest.raises(InputError, match=r"2 cells.*--cell: A1, B2"):
        read(path)
    with pytest.raises(InputError, match="one of A1, B2"):
        read(path, cell="C3")
    recording = read(path, cell="B2")
    assert len(recording.table) == ROWS
    assert set(recording.table.columns) == set(columns.REQUIRED)
    written(path, good_rows())
    with pytest.raises(InputError, match="does not tell cells apart"):
        read(path, cell="A1")


def test_steps_are_counted_where_only_the_programme_is_there(path: Path) -> None:
    lines = [1 + at // 10 % 2 for at in range(ROWS)]
    rows = [[*row, line] for row, line in zip(good_rows(), lines, strict=True)]
    recording = read(written(path, rows, [*HEADS, "Step Index"]))
    assert recording.table[columns.STEP].to_list() == [1 + at // 10 for at in range(ROWS)]


# ------------------------------------------------------------------------------------------- sign
@pytest.mark.parametrize("turned", [False, True])
def test_the_sign_of_an_unknown_program_is_found(turned: bool, path: Path) -> None:
    sign = -1.0 if turned else 1.0
    recording = read(written(path, [[t, v, sign * i] for t, v, i in good_rows()]))
    assert recording.current == pytest.approx(CURRENT)
    assert ("turned" in recording.sign) is turned
    jumps = "voltage follows current in 0 of" if turned else "voltage follows current in 3 of"
    assert jumps in recording.sign


def test_the_sign_of_the_voltage_tells_in_a_symmetric_cell(path: Path) -> None:
    rows = [[t, -1e3 * i * 50.0, i] for t, _, i in good_rows()]
    recording = read(written(path, rows))
    assert recording.current == pytest.approx(-CURRENT)
    assert "voltage has the sign of the current" in recording.sign


def test_the_user_has_the_last_word(path: Path) -> None:
    written(path, [[t, v, -i] for t, v, i in good_rows()])
    assert read(path, sign="as-is").current == pytest.approx(-CURRENT)
    assert read(path, sign="flip").current == pytest.approx(CURRENT)
    with pytest.raises(InputError, match="one of as-is, flip"):
        read(path, sign="plus")


def test_a_format_that_the_file_contradicts_is_left_and_told(path: Path) -> None:
    heads = ["Test Time / s", "Voltage / V", "Current / A"]
    recording = read(written(path, [[t, v, -i] for t, v, i in good_rows()], heads))
    assert recording.current == pytest.approx(-CURRENT)
    assert says(recording, "speaks against it")


def test_states_give_a_current_its_sign(path: Path) -> None:
    for names in (["C", "R", "D"], ["CC Chg", "Rest", "CC DChg"], ["charge", "OCV", "Discharge"]):
        states = np.choose((STEP - 1) % 3, names)
        rows = [[t, v, abs(i), s] for (t, v, i), s in zip(good_rows(), states, strict=True)]
        recording = read(written(path, rows, [*HEADS, "State"]))
        assert recording.current == pytest.approx(CURRENT), names
        assert "column of states" in recording.sign


def test_capacities_give_a_current_its_sign(path: Path) -> None:
    moved = np.abs(np.cumsum(np.clip(CURRENT, 0, None)) * 10 / 3.6)
    back = np.abs(np.cumsum(np.clip(CURRENT, None, 0)) * 10 / 3.6)
    rows = [[t, v, abs(i), q, r] for (t, v, i), q, r in zip(good_rows(), moved, back, strict=True)]
    heads = [*HEADS, "Charge Capacity (mAh)", "Discharge Capacity (mAh)"]
    recording = read(written(path, rows, heads))
    assert recording.current == pytest.approx(CURRENT)
    assert "capacities" in recording.sign


def test_one_way_plating_stays_positive(path: Path) -> None:
    rows = [[t, 0.05, 1e-3] for t, _, _ in good_rows()]
    assert np.all(read(written(path, rows)).current == 1e-3)
