"""Headings and units as instruments write them."""

from __future__ import annotations

import polars as pl
import pytest

from interlith.cyclerdata import columns
from interlith.cyclerdata.clock import date_format, dates, durations
from interlith.cyclerdata.headings import heading
from interlith.cyclerdata.measures import KINDS, conversion


@pytest.mark.parametrize(
    ("text", "key", "unit"),
    [
        ("Voltage(V)", "voltage", "V"),
        ("<I>/mA", "i", "mA"),
        ("I/mA/cm^2", "i", "mA/cm^2"),
        ("current_A", "current", "A"),
        ("Time, h", "time", "h"),
        ("Test Time / s", "testtime", "s"),
        ("test_time_second", "testtime", "s"),
        ("Q charge/discharge/mA.h", "qcharge/discharge", "mA.h"),
        ("-Im(Z)/Ohm", "-im(z)", "Ohm"),
        ("Z''", "z''", ""),
        ("E (V vs. Li+/Li)", "e", "V vs. Li+/Li"),
        ("~Time[h:min:s]", "time", "h:min:s"),
        ("Cycle C", "cyclec", ""),
        ("Z'(a)", "z'", ""),
        ("Z''(b)", "z''", ""),
        ('Z"/ohm', 'z"', "ohm"),
        ("Step position", "stepposition", ""),
        ("Chg. Cap.(mAh)", "chgcap", "mAh"),
        ("T1[°C]", "t1", "°C"),
    ],
)
def test_a_heading_is_split(text: str, key: str, unit: str) -> None:
    found = heading(text)
    assert (found.key, found.unit) == (key, unit)


@pytest.mark.parametrize(
    ("unit", "kind", "factor"),
    [
        ("mA", "current", 1e-3),
        ("MA", "current", 1e-3),
        ("µA", "current", 1e-6),
        ("μA", "current", 1e-6),
        ("�A", "current", 1e-6),
        ("¦ÌA", "current", 1e-6),
        ("AMPS", "current", 1.0),
        ("SEC", "time", 1.0),
        ("Sec.", "time", 1.0),
        ("h", "time", 3600.0),
        ("Min", "time", 60.0),
        ("mA.h", "capacity", 1e-3),
        ("mA·h", "capacity", 1e-3),
        ("mAs", "capacity", 1e-3 / 3600.0),
        ("mA cm-2", "density", 10.0),
        ("mA/cm²", "density", 10.0),
        ("A m⁻²", "density", 1.0),
        ("kΩ", "impedance", 1e3),
        ("°C", "temperature", 1.0),
        ("¡æ", "temperature", 1.0),
        ("V", "current", None),
        ("furlong", "time", None),
    ],
)
def test_a_unit_is_read(unit: str, kind: str, factor: float | None) -> None:
    found = conversion(unit, kind)
    assert (None if found is None else found[0]) == pytest.approx(factor)


def test_no_unit_of_one_kind_has_two_meanings() -> None:
    for kind, units in KINDS.items():
        for unit in units:
            assert conversion(unit, kind) == units[unit], (kind, unit)


@pytest.mark.parametrize("label", columns.LABELS)
def test_labels_of_bdf_are_known_in_any_case(label: str) -> None:
    assert columns.label_of(label) == label
    assert columns.label_of(label.upper().replace(" / DEGC", " / degC")) == label


def test_machine_names_of_bdf() -> None:
    # From the README of the format.
    for name, label in {
        "current_ampere": columns.CURRENT,
        "ambient_temperature_celsius": columns.AMBIENT_TEMPERATURE,
        "cycle_count": columns.CYCLE,
        "step_id": columns.STEP_INDEX,
        "charging_capacity_ah": columns.CHARGING_CAPACITY,
        "schedule_discharging_energy_wh": "Schedule Discharging Energy / Wh",
        "frequency_hertz": columns.FREQUENCY,
        "phase_degree": columns.PHASE,
        "applied_pressure_pa": "Applied Pressure / Pa",
        "step_record_index": "Step Record Index / 1",
    }.items():
        assert columns.label_of(name) == label
    assert columns.label_of("Test_Time") is None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("00:00:03.250", 3.25),
        ("26:00:00", 93600.0),
        ("1d 02:00:00.5", 93600.5),
        ("1-02:03:04", 93784.0),
        ("2 days, 01:00:00", 176400.0),
        ("3.01:00:00", 262800.0),
        ("00:30.5", 30.5),
        ("0:00:01,5", 1.5),
        ("00:00:01:500", 1.5),
        ("01:02:03:04", None),
        ("noon", None),
    ],
)
def test_durations(text: str, seconds: float | None) -> None:
    assert durations(pl.Series([text])).to_list() == [pytest.approx(seconds)]


@pytest.mark.parametrize(
    ("text", "day_first", "hour"),
    [
        ("2025-06-17 09:26:39.383", False, 9),
        ("06/17/2025 09:26:39", True, 9),
        ("17.06.2025 09:26:39", False, 9),
        ("17-Jun-25 9:26:39 PM", False, 21),
        ("2025-06-17T09:26:39", False, 9),
        ("6/17/2025 9:26:39 AM", False, 9),
        ("2025/06/17  09:26:39", False, 9),
    ],
)
def test_dates(text: str, day_first: bool, hour: int) -> None:
    found = date_format([text], day_first)
    assert found is not None
    assert not found[1]
    midnight = 1750118400.0
    assert dates(pl.Series([text]), found[0])[0] == pytest.approx(
        midnight + hour * 3600.0 + 26 * 60.0 + 39.0, abs=0.5
    )


def test_a_date_that_could_be_two_is_told() -> None:
    found = date_format(["02/03/2025 10:00:00", "02/04/2025 10:00:00"])
    assert found is not None
    assert found[1]
    found = date_format(["02/03/2025 10:00:00", "02/14/2025 10:00:00"], day_first=True)
    assert found == ("%m/%d/%Y %H:%M:%S%.f", False)
