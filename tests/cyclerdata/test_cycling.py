"""Cycles of analytic protocols: charge is conserved, whatever the sampling and the sign."""

from __future__ import annotations

import dataclasses

import numpy as np
import polars as pl
import pytest

from interlith.cyclerdata import columns
from interlith.cyclerdata.cycling import cycling, differential_capacity
from interlith.cyclerdata.half_cycles import Direction, half_cycles
from interlith.cyclerdata.recording import Recording
from interlith.errors import InputError

CHARGE_V, DISCHARGE_V = 3.9, 3.5


def protocol(
    halves: list[tuple[float, float]],
    *,
    step: float = 10.0,
    rest: float = 600.0,
    voltages: tuple[float, float] = (CHARGE_V, DISCHARGE_V),
    capacity: bool = False,
) -> Recording:
    """Return a recording of half-cycles of (current, seconds), each after a rest.

    Rows stand at the start and the end of each step, as cyclers write them.
    """
    time, current, voltage, now = [], [], [], 0.0
    for flow, seconds in halves:
        for level, span in ((0.0, rest), (flow, seconds)):
            if span <= 0.0:
                continue
            at = np.linspace(0.0, span, max(2, round(span / step) + 1))
            time.append(now + at)
            current.append(np.full(len(at), level))
            flat = {0: 3.7, 1: voltages[0], -1: voltages[1]}[int(np.sign(level))]
            voltage.append(np.full(len(at), flat))
            now += span
    table = {
        columns.TEST_TIME: np.concatenate(time),
        columns.VOLTAGE: np.concatenate(voltage),
        columns.CURRENT: np.concatenate(current),
    }
    if capacity:
        flow, steps = table[columns.CURRENT], np.diff(table[columns.TEST_TIME], prepend=0.0)
        for name, sign in ((columns.CHARGING_CAPACITY, 1), (columns.DISCHARGING_CAPACITY, -1)):
            table[name] = np.cumsum(np.where(sign * flow > 0, np.abs(flow) * steps, 0.0)) / 3600
    return Recording(pl.DataFrame(table), "made.csv", "made")


FADING = [(s * 1e-3, 3600.0 * 0.98**k) for k in range(6) for s in (1.0, -1.0)]


def test_charge_and_energy_are_those_of_the_protocol() -> None:
    found = cycling(protocol(FADING))
    assert len(found.cycles) == 6
    for k, cycle in enumerate(found.cycles):
        assert cycle.charge is not None
        assert cycle.discharge is not None
        assert cycle.charge.charge == pytest.approx(3.6 * 0.98**k, rel=1e-9)
        assert cycle.discharge.charge == pytest.approx(3.6 * 0.98**k, rel=1e-9)
        assert cycle.charge.mean_voltage == pytest.approx(CHARGE_V)
        assert cycle.discharge.mean_voltage == pytest.approx(DISCHARGE_V)
        assert cycle.coulombic_efficiency == pytest.approx(1.0)
        assert cycle.energy_efficiency == pytest.approx(DISCHARGE_V / CHARGE_V)
        assert cycle.polarisation == pytest.approx(CHARGE_V - DISCHARGE_V)
        assert cycle.retention == pytest.approx(0.98**k)


def test_coulombic_efficiency_is_what_is_lost() -> None:
    found = cycling(protocol([(1e-3, 3600.0), (-1e-3, 3420.0)]))
    assert found.cycles[0].coulombic_efficiency == pytest.approx(0.95)


@pytest.mark.parametrize("step", [0.5, 3.0, 60.0, 3600.0])
def test_the_sampling_does_not_matter(step: float) -> None:
    found = cycling(protocol(FADING, step=step))
    expected = [3.6 * 0.98**k for k in range(6)]
    assert [c.discharge.charge for c in found.cycles if c.discharge] == pytest.approx(expected)


def test_a_current_that_falls_is_integrated_by_trapezia() -> None:
    # A constant voltage phase: exp(-t/tau) from 1 mA, whose integral is known.
    time = np.linspace(0.0, 5000.0, 2001)
    current = 1e-3 * np.exp(-time / 1000.0)
    table = pl.DataFrame(
        {
            columns.TEST_TIME: time,
            columns.VOLTAGE: np.full(len(time), 4.0),
            columns.CURRENT: current,
        }
    )
    (half,) = half_cycles(Recording(table, "made", "made"))
    assert half.charge == pytest.approx(1.0 * (1 - np.exp(-5.0)), rel=2e-3)


def test_the_sign_of_the_current_exchanges_charge_and_discharge() -> None:
    one = cycling(protocol(FADING))
    turned = cycling(protocol([(-i, s) for i, s in FADING], voltages=(DISCHARGE_V, CHARGE_V)))
    assert one.starts is Direction.CHARGE
    assert turned.starts is Direction.DISCHARGE
    for a, b in zip(one.cycles, turned.cycles, strict=True):
        assert a.charge is not None
        assert b.discharge is not None
        assert a.charge.charge == pytest.approx(b.discharge.charge)
        assert a.coulombic_efficiency == pytest.approx(b.coulombic_efficiency)


def test_pauses_noise_and_pulses_do_not_part_a_charge() -> None:
    halves = [(1e-3, 1800.0), (1e-3, 1800.0), (-1e-3, 1.0), (1e-3, 60.0), (-1e-3, 3600.0)]
    recording = protocol(halves)
    rng = np.random.default_rng(0)
    noise = 2e-6 * rng.normal(size=len(recording.table))
    noisy = recording.table.with_columns(pl.col(columns.CURRENT) + pl.Series(noise))
    for table in (recording.table, noisy):
        found = half_cycles(Recording(table, "made", "made"))
        assert [h.direction for h in found] == [Direction.CHARGE, Direction.DISCHARGE]
        assert found[0].charge == pytest.approx(3.66, rel=2e-3)


def test_a_symmetric_cell_has_no_energy_efficiency() -> None:
    found = cycling(protocol(FADING, voltages=(0.1, -0.1)))
    assert all(c.energy_efficiency is None for c in found.cycles)
    assert found.cycles[0].polarisation == pytest.approx(0.2)


def test_a_start_can_be_chosen() -> None:
    halves = [(-1e-3, 100.0), *FADING]
    found = cycling(protocol(halves), starts=Direction.CHARGE, reference=2)
    assert found.cycles[0].charge is None
    assert found.cycles[1].coulombic_efficiency == pytest.approx(1.0)
    assert found.cycles[1].retention == pytest.approx(1.0)


def test_rates_are_grouped() -> None:
    halves = [
        (s * i, 3.6 * share / i)
        for i, share, count in ((1e-4, 1.0, 3), (1e-3, 0.8, 4), (1e-4, 0.99, 2))
        for _ in range(count)
        for s in (1, -1)
    ]
    found = cycling(protocol(halves, step=100.0))
    assert [(r.first, r.last) for r in found.rates] == [(1, 3), (4, 7), (8, 9)]
    assert [r.c_rate for r in found.rates] == pytest.approx([0.1, 1.0, 0.1], rel=1e-6)
    assert found.rates[1].share == pytest.approx(0.8, rel=1e-6)


def test_life_ends_where_all_later_cycles_at_that_rate_are_below() -> None:
    shares = [1.0, 0.95, 0.79, 0.85, 0.81, 0.79, 0.75, 0.7, 0.65]
    halves = [(s * 1e-3, 3600.0 * share) for share in shares for s in (1, -1)]
    assert cycling(protocol(halves)).end_of_life == 6
    assert cycling(protocol(halves), life_threshold=0.5).end_of_life is None
    # A fast cycle has less capacity, which is no end of life.
    fast = [*halves[:4], (1e-2, 36.0), (-1e-2, 36.0), *halves[:2], *halves[:2]]
    assert cycling(protocol(fast, step=1.0)).end_of_life is None


@pytest.mark.parametrize("part", ["Schedule", "Cycle", "Step"])
def test_capacities_of_a_part_of_the_test_are_checked_too(part: str) -> None:
    good = protocol(FADING, capacity=True)
    names = (columns.CHARGING_CAPACITY, columns.DISCHARGING_CAPACITY)
    table = good.table.rename({name: f"{part} {name}" for name in names})
    renamed = dataclasses.replace(good, table=table)
    assert "agree with the recorded capacities" in cycling(renamed).notes[0]


def test_recorded_capacities_are_checked() -> None:
    good = protocol(FADING, capacity=True)
    assert "agree with the recorded capacities" in cycling(good).notes[0]
    assert "records no capacities" in cycling(protocol(FADING)).notes[0]
    # The file counted more than its rows carry.
    wrong = good.table.with_columns(pl.col(columns.CHARGING_CAPACITY) * 1.1)
    notes = cycling(Recording(wrong, "made", "made")).notes
    assert "in 6 of 12 half-cycles" in notes[0]


def test_the_differential_capacity_keeps_the_charge() -> None:
    recording = protocol([(1e-3, 3600.0), (-1e-3, 3600.0)])
    slope = recording.table.with_columns(
        (3.0 + pl.col(columns.TEST_TIME) / 5000.0).alias(columns.VOLTAGE)
    )
    made = Recording(slope, "made", "made")
    half = half_cycles(made)[0]
    voltage, value = differential_capacity(made, half)
    assert np.sum(value) * 0.005 == pytest.approx(half.charge, rel=1e-3)
    inside = value[(voltage > 3.2) & (voltage < 3.8)]
    # dQ/dV of a straight line is current over slope.
    assert np.median(inside) == pytest.approx(1e-3 * 5000.0, rel=0.05)


def test_nothing_to_cycle_is_refused() -> None:
    with pytest.raises(InputError, match=r"made.csv: current: got 'none'"):
        cycling(protocol([(0.0, 100.0)]))
    with pytest.raises(InputError, match="reference cycle: got '9'"):
        cycling(protocol(FADING), reference=9)


def test_a_current_that_is_switched_on_between_two_rows_flows_from_the_first_of_them() -> None:
    # One row every 10 s and none at the switch, as from a logger beside the cycler.
    current = np.concatenate([np.zeros(5), np.full(10, 1e-3), np.zeros(5)])
    table = pl.DataFrame(
        {
            columns.TEST_TIME: 10.0 * np.arange(20),
            columns.VOLTAGE: np.full(20, 3.7),
            columns.CURRENT: current,
        }
    )
    (half,) = half_cycles(Recording(table, "made", "made"))
    assert half.charge == pytest.approx(10 * 10.0 * 1e-3)
