"""Half-cycles and current steps come from the current alone, whatever the programme was."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlith.cyclerdata import columns
from interlith.cyclerdata.ccd.noise import white_noise, without_spikes
from interlith.cyclerdata.ccd.pulses import programme_of
from interlith.cyclerdata.recording import Recording


def recording(time, voltage, current) -> Recording:
    table = pl.DataFrame(
        {columns.TEST_TIME: time, columns.VOLTAGE: voltage, columns.CURRENT: current}
    )
    return Recording(table, "made", "made")


def made(plan: list[tuple[float, float]], row: float = 10.0, noise: float = 0.0) -> Recording:
    """A record of a resistor of 100 ohm from (current, duration) pairs."""
    rng = np.random.default_rng(1)
    time, current, start = [], [], 0.0
    for amps, duration in plan:
        inside = np.arange(row, duration + row / 2, row)
        time.append(start + inside)
        current.append(np.full(len(inside), amps))
        start += duration
    current = np.concatenate(current)
    jitter = 1.0 + noise * rng.standard_normal(len(current))
    return recording(np.concatenate(time), 100.0 * current, current * jitter)


def test_repeats_of_both_signs_are_one_current_step():
    plan = [(1e-3, 600), (-1e-3, 600)] * 3 + [(2e-3, 600), (-2e-3, 600)]
    found = programme_of(made(plan))
    assert len(found.half_cycles) == 8
    assert [len(step.half_cycles) for step in found.steps] == [6, 2]
    assert [step.current for step in found.steps] == pytest.approx([1e-3, 2e-3])


def test_a_rest_within_a_half_cycle_does_not_end_it():
    found = programme_of(made([(1e-3, 600), (0.0, 300), (1e-3, 600), (-1e-3, 1200)]))
    assert [half.current for half in found.half_cycles] == pytest.approx([1e-3, -1e-3])
    assert len(found.rests) == 1


def test_steps_in_one_direction_are_told_by_their_current():
    found = programme_of(made([(k * 1e-4, 600) for k in range(1, 8)]))
    assert len(found.half_cycles) == len(found.steps) == 7


def test_steps_of_five_percent_are_resolved_under_current_noise():
    plan = [(1e-3 * 1.05**k * (-1) ** k, 600) for k in range(6)]
    assert len(programme_of(made(plan, noise=2e-4)).steps) == 6


def test_charge_is_current_times_time_whatever_the_rows():
    dense, sparse = (programme_of(made([(1e-3, 3600), (-1e-3, 3600)], row)) for row in (1.0, 60.0))
    for half in (*dense.half_cycles, *sparse.half_cycles):
        assert half.charge == pytest.approx(3.6, rel=0.02)


def test_the_voltage_at_rest_is_taken_off_both_directions():
    plan = [(1e-3, 600), (0.0, 300), (-1e-3, 600), (0.0, 300)]
    shifted = made(plan)
    table = shifted.table.with_columns(pl.col(columns.VOLTAGE) + 5e-3)
    found = programme_of(Recording(table, "made", "made"))
    assert found.offset == pytest.approx(5e-3)
    assert [half.voltage[-1] for half in found.half_cycles] == pytest.approx([0.1, 0.1])


def test_no_current_gives_no_half_cycle():
    assert programme_of(made([(0.0, 600)])).half_cycles == ()


@settings(deadline=None, max_examples=50)
@given(
    levels=st.lists(st.floats(1e-5, 1e-2), min_size=1, max_size=6),
    repeats=st.integers(1, 3),
    flip=st.booleans(),
)
def test_the_opposite_sign_gives_the_same_steps(levels, repeats, flip):
    plan = [(s * j, 600) for j in levels for _ in range(repeats) for s in (1, -1)]
    mirrored = [(-j, duration) for j, duration in plan]
    found, other = programme_of(made(plan)), programme_of(made(mirrored))
    assert [s.half_cycles for s in found.steps] == [s.half_cycles for s in other.steps]


def test_noise_is_found_under_a_trend_and_a_step():
    rng = np.random.default_rng(0)
    series = 1e-3 * rng.standard_normal(2000) + np.linspace(0, 5, 2000)
    series[1000:] += 3.0
    assert white_noise(series) == pytest.approx(1e-3, rel=0.1)


def test_single_rows_out_and_back_are_spikes_and_steps_are_not():
    rng = np.random.default_rng(0)
    series = 1e-3 * rng.standard_normal(500)
    series[250:] += 0.5
    series[100] += 0.3
    mended, spikes = without_spikes(series, 1e-3)
    assert np.flatnonzero(spikes).tolist() == [100]
    assert abs(mended[100]) < 5e-3
    assert mended[250] - mended[249] == pytest.approx(0.5, abs=0.01)
