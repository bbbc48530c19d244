"""The verdict of a critical-current test on records made by hand."""

from __future__ import annotations

import pytest

from interlith.cell.step import Step
from interlith.physics.operation import LOWER_EVENT, SHORT_EVENT, UPPER_EVENT
from interlith.simulation.critical import (
    CONTACT_LOSS,
    DENDRITE,
    VOLTAGE_LIMIT,
    judge_half_cycles,
    judge_test,
)
from interlith.simulation.record import StepRecord

LEVELS = [5.0, 10.0, 15.0]
HOUR = 3600.0


def steps():
    """Two half-cycles a level, each followed by a rest that counts for nothing."""
    found = []
    for number, level in enumerate(level for level in LEVELS for _ in range(2)):
        value = level if number % 2 == 0 else -level
        found.append(Step("current", value, HOUR, ccd_level=level, half_cycle=number))
        found.append(Step("rest", 0.0, 60.0, ccd_level=level))
    return found


def record(index, **more):
    step = steps()[index]
    charge = abs(step.value) * HOUR
    values = {
        "index": index,
        "start": index * HOUR,
        "end": index * HOUR + HOUR,
        "charge": charge,
        "end_voltage": 0.1,
        "largest_voltage": 0.2,
        "event": -1,
        "longest_filament": (0.0, 0.0),
        "end_contact": (1.0, 1.0),
        "survived_charge": charge,
    }
    return StepRecord(**{**values, **more})


def judge(*last, until=None, interrupted=False):
    """The verdict when all records before `until` passed and `last` follow."""
    until = len(steps()) if until is None else until
    records = [*(record(i) for i in range(until)), *last]
    half_cycles = judge_half_cycles(steps(), records, interrupted)
    return judge_test(half_cycles, steps()), half_cycles


def test_all_levels_passed():
    verdict, half_cycles = judge()
    assert [half.outcome for half in half_cycles] == ["passed"] * 6
    assert verdict.last_passing_mA_cm2 == 1.5
    assert verdict.first_failing_mA_cm2 is None
    assert verdict.cause is None
    assert verdict.electrode is None
    assert verdict.cumulative_areal_capacity_mAh_cm2 == pytest.approx(6.0)
    assert "no failure" in verdict.explanation


@pytest.mark.parametrize(("filaments", "electrode"), [((0.2, 1.0), "right"), ((1.0, 0.3), "left")])
def test_short_blames_the_electrode_of_the_longest_filament(filaments, electrode):
    failing = record(4, event=SHORT_EVENT, longest_filament=filaments, charge=1800.0)
    verdict, half_cycles = judge(failing, until=4)
    assert half_cycles[-1].outcome == "short"
    assert verdict.cause == DENDRITE
    assert verdict.electrode == electrode
    assert verdict.last_passing_mA_cm2 == 0.5
    assert verdict.first_failing_mA_cm2 == 1.0
    assert verdict.half_cycle_areal_capacity_mAh_cm2 == pytest.approx(1.0)
    assert verdict.cumulative_areal_capacity_mAh_cm2 == pytest.approx(1.05)


@pytest.mark.parametrize(
    ("index", "event", "contact", "electrode"),
    [(4, UPPER_EVENT, (0.01, 1.0), "left"), (6, LOWER_EVENT, (1.0, 0.01), "right")],
)
def test_voltage_limit_with_lost_contact_blames_the_stripped_side(index, event, contact, electrode):
    verdict, _half_cycles = judge(record(index, event=event, end_contact=contact), until=index)
    assert verdict.cause == CONTACT_LOSS
    assert verdict.electrode == electrode


@pytest.mark.parametrize("contact", [(1.0, 1.0), (1.0, 0.01)])
def test_voltage_limit_with_contact_on_the_stripped_side_is_just_that(contact):
    verdict, _half_cycles = judge(record(4, event=UPPER_EVENT, end_contact=contact), until=4)
    assert verdict.cause == VOLTAGE_LIMIT
    assert verdict.electrode is None


def test_level_passes_only_with_all_its_half_cycles():
    """The second half-cycle of 1.0 mA/cm2 fails: 0.5 is the last that passed."""
    verdict, _h = judge(record(6, event=SHORT_EVENT, longest_filament=(1.0, 0.0)), until=6)
    assert verdict.last_passing_mA_cm2 == 0.5
    assert verdict.first_failing_mA_cm2 == 1.0


def test_failure_at_the_first_level_leaves_none_that_passed():
    verdict, _h = judge(record(0, event=SHORT_EVENT, longest_filament=(0.0, 1.0)), until=0)
    assert verdict.last_passing_mA_cm2 is None
    assert verdict.first_failing_mA_cm2 == 0.5
    assert "no step passed" in verdict.explanation


def test_levels_that_pass_after_a_failure_do_not_count():
    """A test that goes on after a short keeps its first failure."""
    records = [record(i) for i in range(12)]
    records[4] = record(4, longest_filament=(0.0, 1.1))
    verdict = judge_test(judge_half_cycles(steps(), records, False), steps())
    assert verdict.first_failing_mA_cm2 == 1.0
    assert verdict.last_passing_mA_cm2 == 0.5
    assert verdict.cumulative_areal_capacity_mAh_cm2 == pytest.approx(2.0)


def test_interrupted_half_cycle_is_incomplete_and_its_level_not_passed():
    verdict, half_cycles = judge(record(2), until=2, interrupted=True)
    assert half_cycles[-1].outcome == "incomplete"
    assert verdict.last_passing_mA_cm2 is None
    assert verdict.first_failing_mA_cm2 is None


def test_protocol_without_a_ramp_has_no_verdict():
    plain = [Step("current", 5.0, HOUR, half_cycle=0)]
    assert judge_test(judge_half_cycles(plain, [record(0)], False), plain) is None


def test_fixed_capacity_is_reported_instead_of_the_time():
    capped = [Step("current", 10.0, 36000.0, areal_capacity=18000.0, ccd_level=10.0, half_cycle=0)]
    failing = judge_half_cycles(capped, [record(0, event=SHORT_EVENT)], False)
    verdict = judge_test(failing, capped)
    assert verdict.half_cycle_areal_capacity_mAh_cm2 == pytest.approx(0.5)
