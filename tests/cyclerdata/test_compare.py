"""A record beside its simulation: the same cell agrees, another does not, a fit finds back."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from benchmarks.compare_coverage import CELL, FIELDS, one_trial

from interlith.cell import loads
from interlith.cyclerdata import columns
from interlith.cyclerdata.compare import compare, estimate
from interlith.cyclerdata.compare.applied import applied_protocol, edges_of
from interlith.cyclerdata.compare.beside import compared, subject_of, voltage_at
from interlith.cyclerdata.compare.estimate import autocorrelation_time, unknowns_of
from interlith.cyclerdata.recording import Recording
from interlith.errors import InputError

CONDUCTIVITY, EXCHANGE = FIELDS
NOISE = 5e-4


@pytest.fixture(scope="module")
def record() -> Recording:
    """The cell of the coverage benchmark as a cycler would have seen it."""
    cell = loads(CELL, {"solver.rtol": "1e-6"})
    times = np.arange(5.0, 91.0 * 60.0, 10.0)
    voltage, result = voltage_at(cell, times)
    data = result.dataset
    density = np.interp(times - 1e-6, data["time"].values, data["current_density"].values)
    noise = NOISE * np.random.default_rng(4).standard_normal(len(times))
    table = pl.DataFrame(
        {
            columns.TEST_TIME: times,
            columns.VOLTAGE: voltage + noise,
            columns.CURRENT: density * cell.area,
        }
    )
    return Recording(table, "record.csv", "made")


@pytest.fixture
def cell_file(tmp_path):
    file = tmp_path / "cell.yaml"
    file.write_text(CELL, encoding="utf-8")
    return file


def test_the_applied_protocol_has_the_charge_of_the_record(record):
    area = 0.785e-4
    charge = sum((end - start) * current for start, end, current in edges_of(record))
    assert charge == pytest.approx(np.trapezoid(record.current, record.time), abs=0.02)
    steps = applied_protocol(record, area, full_cell=False)
    assert [next(iter(step)) for step in steps] == [
        "current", "current", "rest", "current", "current", "current", "current",
    ]  # fmt: skip
    assert steps[0]["current"].startswith("0.5")


def test_a_change_between_two_rows_happened_at_a_round_time() -> None:
    """Rows every 7 s do not mark the changes at 600 and 900 s, nor does their middle hit them."""
    time = np.arange(7.0, 1300.0, 7.0)
    current = np.select([time <= 600.0, time <= 900.0], [1e-4, -2e-4], 0.0)
    table = pl.DataFrame(
        {columns.TEST_TIME: time, columns.VOLTAGE: 100.0 * current, columns.CURRENT: current}
    )
    found = edges_of(Recording(table, "off-grid.csv", "made"))
    assert [start for start, _, _ in found] == [0.0, 600.0, 900.0]
    assert [amps for _, _, amps in found] == pytest.approx([1e-4, -2e-4, 0.0])


def test_positive_current_charges_a_full_cell(record):
    steps = applied_protocol(record, 1e-4, full_cell=True)
    assert "charge" in steps[0]
    assert "discharge" in steps[1]


def test_the_cell_that_was_recorded_leaves_noise_only(record, cell_file):
    found = compare(cell_file, record)
    assert found.status == "completed"
    assert found.root_mean_square == pytest.approx(NOISE, rel=0.1)


def test_another_cell_leaves_more(record, cell_file):
    found = compare(cell_file, record, {CONDUCTIVITY: "1 mS/cm"})
    assert found.root_mean_square > 5.0 * NOISE
    # A worse conductor shows more voltage in the direction of the current.
    assert np.sum(found.residual * np.sign(found.measured)) < 0.0


def test_a_fit_finds_the_values_that_the_record_was_made_with(record, cell_file):
    subject = subject_of(cell_file, record)
    before = compared(subject, subject.cell())
    truth = [unknown.start for unknown in unknowns_of(subject, list(FIELDS), before)]
    asked = [f"{CONDUCTIVITY}=1.2 mS/cm", f"{EXCHANGE}=0.5 mA/cm^2"]
    found = estimate(subject, unknowns_of(subject, asked, before))
    assert found.converged
    low, high = found.interval.T
    assert np.all(low < truth)
    assert np.all(truth < high)
    assert found.after.root_mean_square == pytest.approx(NOISE, rel=0.1)
    assert found.determined() == [True, True]


def test_what_the_record_does_not_tell_is_called_undetermined(record, cell_file):
    subject = subject_of(cell_file, record)
    before = compared(subject, subject.cell())
    # No filament grows in this test: nothing hangs on how fast its tip would react.
    field = "layers.electrolyte.properties.filament_tip_exchange_current_density"
    found = estimate(subject, unknowns_of(subject, [field], before))
    assert found.determined() == [False]


def test_intervals_hold_the_truth_about_as_often_as_they_say():
    """Six of the hundred trials of benchmarks/compare_coverage."""
    hits = np.array([one_trial(number) for number in range(6)])
    assert hits.mean() >= 0.75


def test_fields_that_are_not_there_are_named(record, cell_file):
    subject = subject_of(cell_file, record)
    before = compared(subject, subject.cell())
    with pytest.raises(InputError, match="nonsense"):
        unknowns_of(subject, ["layers.electrolyte.properties.nonsense"], before)
    with pytest.raises(InputError, match=r"unit|conductivity"):
        unknowns_of(subject, [f"{CONDUCTIVITY}=3 bananas"], before)


def test_white_residuals_have_correlation_time_one_and_others_more():
    rng = np.random.default_rng(0)
    white = rng.standard_normal(4000)
    assert autocorrelation_time(white) == pytest.approx(1.0, abs=0.2)
    # A first-order process with coefficient a has (1 + a) / (1 - a).
    series = np.zeros(20000)
    for k in range(1, len(series)):
        series[k] = 0.8 * series[k - 1] + rng.standard_normal()
    assert autocorrelation_time(series) == pytest.approx(9.0, rel=0.25)
