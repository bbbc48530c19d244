"""What happened to cells whose fate is known."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from interlith.cyclerdata import columns
from interlith.cyclerdata.ccd import (
    ALL_CRITERIA,
    Criterion,
    EventKind,
    Thresholds,
    analyse_ccd,
    spread_of,
)
from interlith.cyclerdata.ccd.healthy import HealthyCell
from interlith.cyclerdata.ccd.scoring import score_of, trial_marks
from interlith.cyclerdata.ccd.simulated_trials import draw_ramp, record
from interlith.cyclerdata.recording import Recording
from interlith.errors import InputError

AREA = 1e-4
NOISE = 3e-4
RESISTANCE = 100.0
ROWS = 120


def ramp(change=None, levels=10, rise=1e-4, noise=NOISE, half_cycles=2) -> Recording:
    """A resistor of 100 ohm under a ramp of one-hour half-cycles.

    `change(hours, number)` multiplies the voltage of half-cycle `number`, counted from 0.
    """
    rng = np.random.default_rng(7)
    time, voltage, current = [], [], []
    number = 0
    for level in range(1, levels + 1):
        for k in range(half_cycles):
            amps = level * rise * (1 if k % 2 == 0 else -1)
            inside = np.linspace(1.0 / ROWS, 1.0, ROWS)
            left = np.ones(ROWS) if change is None else change(inside, number)
            time.append(3600.0 * (number + inside))
            voltage.append(amps * RESISTANCE * left)
            current.append(np.full(ROWS, amps))
            number += 1
    volts = np.concatenate(voltage)
    table = pl.DataFrame(
        {
            columns.TEST_TIME: np.concatenate(time),
            columns.VOLTAGE: volts + noise * rng.standard_normal(len(volts)),
            columns.CURRENT: np.concatenate(current),
        }
    )
    return Recording(table, "made", "made")


def from_then_on(when: float, factor: float):
    """A factor on the voltage from a time on, in half-cycles."""
    return lambda inside, number: np.where(number + inside >= when, factor, 1.0)


def test_a_healthy_ramp_passes_to_the_end():
    found = analyse_ccd(ramp(), AREA)
    assert found.events == ()
    assert found.last_passing is not None
    summary = found.summary()
    assert summary["last_passing_mA_cm2"] == pytest.approx(1.0)
    assert summary["first_failing_mA_cm2"] is None
    assert all(step["outcome"] == "passed" for step in summary["steps"])


@pytest.mark.parametrize(
    ("factor", "kind"), [(0.01, EventKind.HARD_SHORT), (0.6, EventKind.IRREVERSIBLE)]
)
def test_a_short_that_stays(factor, kind):
    found = analyse_ccd(ramp(from_then_on(12.3, factor)), AREA)
    assert [event.kind for event in found.events] == [kind]
    event = found.events[0]
    assert event.time / 3600.0 == pytest.approx(12.3, abs=0.03)
    assert event.depth == pytest.approx(1.0 - factor, abs=0.03)
    assert found.summary()["last_passing_mA_cm2"] == pytest.approx(0.6)
    assert found.summary()["first_failing_mA_cm2"] == pytest.approx(0.7)
    assert found.summary()["step_size_mA_cm2"] == pytest.approx(0.1)


def test_a_short_that_heals_is_reversible_and_its_end_is_told():
    def change(inside, number):
        hours = number + inside
        return np.where((hours >= 10.4) & (hours < 12.2), 0.5, 1.0)

    (event,) = analyse_ccd(ramp(change), AREA).events
    assert event.kind is EventKind.REVERSIBLE
    assert event.ended is not None
    assert event.ended / 3600.0 == pytest.approx(12.2, abs=0.6)


def test_a_short_between_two_half_cycles_is_seen_by_what_was_foretold():
    found = analyse_ccd(ramp(from_then_on(14.0, 0.7), noise=1e-4), AREA)
    (event,) = found.events
    assert event.kind is EventKind.IRREVERSIBLE
    assert event.half_cycle in (13, 14)
    assert Criterion.LEVEL in {sign.criterion for sign in event.evidence}


def test_contact_that_diverges_is_contact_loss_and_a_modest_rise_is_not():
    def diverges(most):
        return lambda inside, number: np.where(
            number == 11, 1.0 + (most - 1.0) * np.clip(inside - 0.5, 0, None) ** 2 / 0.25, 1.0
        )

    (event,) = analyse_ccd(ramp(diverges(20.0)), AREA).events
    assert event.kind is EventKind.CONTACT_LOSS
    assert event.depth < 0.0
    assert analyse_ccd(ramp(diverges(2.0)), AREA).events == ()


def test_the_voltage_limit_is_an_event_only_where_it_is_reached():
    top = 1e-3 * RESISTANCE
    assert analyse_ccd(ramp(), AREA, thresholds=Thresholds(voltage_limit=2 * top)).events == ()
    found = analyse_ccd(ramp(), AREA, thresholds=Thresholds(voltage_limit=0.95 * top))
    assert found.failure is not None
    assert found.failure.kind is EventKind.VOLTAGE_LIMIT
    assert found.summary()["first_failing_mA_cm2"] == pytest.approx(1.0)


def test_a_collapse_in_the_last_rows_of_the_record_is_seen():
    recording = ramp(lambda inside, number: np.where((number == 19) & (inside > 0.98), 0.02, 1.0))
    (event,) = analyse_ccd(recording, AREA).events
    assert event.kind is EventKind.HARD_SHORT
    assert event.half_cycle == 19


def test_each_sign_can_be_switched_off():
    recording = ramp(from_then_on(12.3, 0.6))
    without = ALL_CRITERIA - {Criterion.DROP, Criterion.LEVEL}
    assert analyse_ccd(recording, AREA, criteria=without).events == ()
    only_level = analyse_ccd(recording, AREA, criteria={Criterion.LEVEL})
    assert only_level.failure is not None
    assert {s.criterion for s in only_level.failure.evidence} == {Criterion.LEVEL}


def test_soft_shorts_can_be_left_out_of_the_verdict_but_not_of_the_events():
    recording = ramp(from_then_on(12.3, 0.6))
    found = analyse_ccd(recording, AREA, soft_counts=False)
    assert found.failure is None
    assert len(found.events) == 1
    assert "do not count: 1" in found.verdict
    assert "nothing happened" not in found.verdict


def test_noise_that_rises_with_a_short_is_evidence():
    rng = np.random.default_rng(3)

    def change(inside, number):
        short = number + inside >= 12.3
        return np.where(short, 0.6 + 0.05 * rng.standard_normal(len(inside)), 1.0)

    (event,) = analyse_ccd(ramp(change), AREA).events
    assert Criterion.NOISE in {sign.criterion for sign in event.evidence}


def test_ohmic_behaviour_afterwards_is_evidence():
    (event,) = analyse_ccd(ramp(from_then_on(10.3, 0.05)), AREA).events
    ohmic = [s for s in event.evidence if s.criterion is Criterion.OHMIC]
    assert float(ohmic[0].text.split()[3]) == pytest.approx(5.0, rel=0.02)


def test_turning_all_signs_of_current_and_voltage_changes_nothing():
    recording = ramp(from_then_on(12.3, 0.6))
    flipped = recording.table.with_columns(-pl.col(columns.VOLTAGE), -pl.col(columns.CURRENT))
    one = analyse_ccd(recording, AREA).summary()
    other = analyse_ccd(Recording(flipped, "made", "made"), AREA).summary()
    assert one["events"] == other["events"]


def test_without_an_area_nothing_per_area_is_said():
    found = analyse_ccd(ramp(from_then_on(12.3, 0.6)))
    summary = found.summary()
    assert summary["last_passing_mA_cm2"] is None
    assert summary["last_passing_mA"] == pytest.approx(0.6)
    assert summary["recorded"]["area"] == "not recorded"
    assert "area not recorded" in found.verdict


def test_cumulative_capacity_counts_both_directions_up_to_the_failure():
    found = analyse_ccd(ramp(from_then_on(4.5, 0.1)), AREA)
    # 0.1 and 0.2 mA/cm2 for two hours each, then half an hour at 0.3.
    expected = 2 * 0.1 + 2 * 0.2 + 0.5 * 0.3
    assert found.summary()["cumulative_areal_capacity_mAh_cm2"] == pytest.approx(expected, rel=0.02)


def test_resistance_is_voltage_over_current_per_area():
    rows = analyse_ccd(ramp(noise=0.0), AREA).resistance_against_time()
    for row in rows:
        assert row["area_specific_resistance_ohm_cm2"] == pytest.approx(100.0, rel=1e-3)


def test_replicates_have_a_mean_and_a_spread():
    cells = [analyse_ccd(ramp(from_then_on(when, 0.1)), AREA) for when in (10.5, 12.5, 14.5)]
    found = spread_of(cells).summary()
    assert found["mean_mA_cm2"] == pytest.approx(0.6)
    assert found["standard_deviation_mA_cm2"] == pytest.approx(0.1)


def test_a_record_without_current_is_refused():
    table = ramp().table.with_columns(pl.lit(0.0).alias(columns.CURRENT))
    with pytest.raises(InputError, match="stretches of constant current"):
        analyse_ccd(Recording(table, "flat.csv", "made"), AREA)


def test_the_healthy_cell_foretells_ohm_and_kinetics():
    def voltage(current):
        return 50.0 * abs(current) + 0.05 * np.arcsinh(abs(current) / 2e-4)

    model = HealthyCell(1e-4, 1e-3)
    for k in range(8):
        current = (1 + k // 2) * 1e-4 * (-1) ** k
        model.learn(k, current, voltage(current), 1e-5)
    expected = model.expect(8, 5e-4)
    assert expected is not None
    assert expected.voltage == pytest.approx(voltage(5e-4), abs=3.0 * expected.error)
    assert expected.error < 0.05 * expected.voltage


def test_trials_with_known_truth_are_judged_rightly():
    """A part of benchmarks/ccd_detection, whose 2,600 trials stand in docs/measured-ccd.md."""
    score = score_of(trial_marks(3, range(150)))
    assert score.step_right >= 0.96
    assert score.kind_right >= 0.93
    assert score.false_alarms <= 0.04


def test_simulated_ramps_are_judged_rightly():
    marks = []
    from interlith.cyclerdata.ccd.scoring import mark

    for number in range(4):
        rng = np.random.default_rng([11, number])
        simulated = draw_ramp(rng)
        marks += [mark(record(simulated, rng)) for _ in range(3)]
    assert score_of(marks).step_right >= 0.75
    assert score_of(marks).false_alarms == 0.0
