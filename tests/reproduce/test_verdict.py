"""The rule of the verdicts, case by case, and what a row becomes beside the model."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from interlith.reproduce.outcome import judge, not_computed, summary_of, words_of
from interlith.reproduce.studies import Given, measured_by_id, others_by_id, row_of
from interlith.reproduce.verdict import (
    AGREES,
    MISSES,
    NOT_COMPUTED,
    PERHAPS,
    VERDICTS,
    WITHIN_BAR,
    WITHIN_INTERVAL,
    bar_of,
    judge_outcome,
    judge_value,
)

CCD = row_of("ccd-mgbi-2.0")  # 1.6 mA/cm2, bar 25 %


@pytest.mark.parametrize(
    ("model", "low", "high", "verdict"),
    [
        (1.5, 1.2, 1.9, AGREES),
        (1.99, 1.7, 2.2, WITHIN_BAR),
        (2.01, 1.2, 2.4, WITHIN_INTERVAL),
        (2.01, 1.8, 2.4, MISSES),
        (1.21, 1.56, 2.0, AGREES),
        (1.19, 1.0, 1.3, MISSES),
        (math.inf, 1.0, 3.0, MISSES),
        (1.6, math.nan, math.nan, WITHIN_BAR),
    ],
)
def test_rule_of_values(model: float, low: float, high: float, verdict: str) -> None:
    assert judge_value(CCD, model, low, high) == verdict


def test_an_uncertainty_that_is_stated_takes_the_place_of_half_a_digit() -> None:
    assert CCD.plus_minus == pytest.approx(0.05)
    wide = replace(CCD, uncertainty=0.3)
    assert judge_value(CCD, 1.8, 1.75, 1.9) == WITHIN_BAR
    assert judge_value(wide, 1.8, 1.75, 1.9) == AGREES


@pytest.mark.parametrize(
    ("holds", "probability", "verdict"),
    [
        (True, 0.9, AGREES),
        (True, 0.89, PERHAPS),
        (True, 0.49, MISSES),
        (False, 1.0, MISSES),
        (True, math.nan, PERHAPS),
    ],
)
def test_rule_of_outcomes(holds: bool, probability: float, verdict: str) -> None:
    assert judge_outcome(holds, probability) == verdict


def test_bars_are_those_that_were_promised() -> None:
    assert bar_of("ccd") == bar_of("symmetric cycling") == 0.25
    assert bar_of("full cell") == bar_of("energy") == 0.20


def test_interval_error_and_probability_come_from_the_draws() -> None:
    draws = [Given(value) for value in (1.0, 1.2, 1.4, 1.6, 1.8, math.nan)]
    outcome = judge(CCD, Given(1.4), draws)
    assert (outcome.draws, outcome.failed_draws) == (5, 1)
    assert outcome.low == pytest.approx(1.04)
    assert outcome.high == pytest.approx(1.76)
    assert outcome.error == pytest.approx(1.4 / 1.6 - 1.0)
    assert outcome.verdict == AGREES
    cycling = judge(row_of("cyc-mgbi-25"), Given(2700.0), [Given(v) for v in (2700, 3000, 10, 20)])
    assert cycling.probability == 0.5
    assert cycling.verdict == PERHAPS


def test_a_look_up_brings_its_own_interval() -> None:
    outcome = judge(row_of("neb-zn"), Given(0.13, 0.05, 0.2), [])
    assert (outcome.low, outcome.high) == (0.05, 0.2)
    assert outcome.verdict == AGREES
    assert judge(row_of("mobility-order"), Given(1.0, probability=0.6), []).verdict == PERHAPS


def test_a_miss_says_how_far_and_what_is_missing() -> None:
    missed = judge(row_of("full-f-7.64-fade"), Given(99.0), [Given(99.0)])
    assert missed.verdict == MISSES
    assert "off by +24 %, bar 20 %" in missed.reason
    assert "missing: loss that grows with current" in missed.reason


def test_summary_counts_predictions_only_and_compares_with_the_bars() -> None:
    rows = [
        judge(row_of("ccd-bare-25"), Given(9.0), []),  # calibration: must not enter
        judge(row_of("ccd-mgbi-2.0"), Given(2.0), []),
        judge(row_of("ccd-mgbi-1h"), Given(0.95), []),
        judge(row_of("profile-mg"), Given(1.0), [Given(1.0), Given(0.0)]),
        not_computed(row_of("zn-uptake"), "no library"),
    ]
    summary = summary_of(rows)
    assert (summary["rows"], summary["computed"], summary["fitted"]) == (5, 4, 1)
    bar = summary["bars"]["ccd"]
    assert bar["rows"] == 2
    assert bar["median_absolute_error"] == pytest.approx(0.5 * (0.25 + 0.5))
    assert bar["met"] is False
    assert bar["largest_error_row"] == "ccd-mgbi-1h"
    assert summary["bars"]["full cell"]["met"] is None
    assert summary["orderings"]["profile-mg"]["holds"]
    assert set(summary["verdicts"]) == set(VERDICTS)
    assert rows[-1].verdict == NOT_COMPUTED


def test_every_row_says_how_it_is_read() -> None:
    for name in (*measured_by_id(), *others_by_id()):
        assert words_of(name)[0], name
