"""Steps do what they say: rests, holds, limits, repeats, tests, shorts."""

from __future__ import annotations

import numpy as np
import pytest


@pytest.fixture
def run(make, solve):
    """Run a protocol on a bare or an interlayer cell."""

    def go(protocol, interlayer=True, **more):
        side = [make.metal(), make.interlayer()] if interlayer else [make.metal()]
        more.setdefault("rtol", 1e-5)
        return solve(make.read(side, protocol=protocol, **more))

    return go


def test_a_rest_passes_time_and_no_charge(run):
    result = run([{"rest": "2 h"}])
    data = result.dataset
    assert result.status == "completed"
    assert result.ccd is None
    assert data["time"].values[-1] == pytest.approx(7200.0)
    assert (data["current_density"].values == 0.0).all()
    assert data["areal_charge"].values[-1] == 0.0
    assert abs(data["voltage"].values[-1]) < 1e-6


def test_current_reversal_and_sign(run):
    data = run(["Plate at 1 mA/cm2 for 10 minutes", "Strip at 1 mA/cm2 for 10 minutes"]).dataset
    metal = data["total_lithium"].values
    middle = int(np.searchsorted(data["time"].values, 600.0))
    assert metal[middle, 1] > metal[0, 1], "positive current plates the right electrode"
    assert metal[middle, 0] < metal[0, 0]
    assert metal[-1] == pytest.approx(metal[0], abs=0.01)
    assert data["voltage"].values[middle - 1] > 0.0 > data["voltage"].values[-1]
    assert set(np.unique(data["current_density"].values)) == {-10.0, 10.0}


def test_voltage_hold_with_cut_off(run):
    hold = [{"plate": "0.5 mA/cm2", "for": "1 min"}]
    hold.append({"voltage": "20 mV", "for": "5 h", "until": "0.1 mA/cm2"})
    free = run([hold[0], {"voltage": "20 mV", "for": "1 min"}]).dataset
    second = free["time"].values > 60.0
    assert free["voltage"].values[second] == pytest.approx(0.020, abs=1e-12)
    start = abs(free["current_density"].values[second][0])
    level = 0.98 * start
    hold[1]["until"] = f"{level / 10.0:.10g} mA/cm2"
    data = run(hold).dataset
    current = np.abs(data["current_density"].values)
    if data["time"].values[-1] < 18000.0:
        assert current[-1] == pytest.approx(level, rel=1e-4)


def test_power_is_held(run):
    data = run([{"power": "0.05 mW/cm2", "for": "2 min"}]).dataset
    power = data["voltage"].values * data["current_density"].values
    assert power == pytest.approx(0.5, rel=1e-9)
    assert (data["voltage"].values > 0.0).all()
    data = run([{"power": "-0.05 mW/cm2", "for": "2 min"}]).dataset
    assert (data["voltage"].values < 0.0).all()


@pytest.mark.parametrize(
    "drive", [{"plate": "1 mA/cm2"}, {"voltage": "50 mV"}, {"power": "0.05 mW/cm2"}]
)
@pytest.mark.parametrize("before", [[], [{"plate": "0.5 mA/cm2", "for": "5 min"}]])
def test_capacity_limit(run, drive, before):
    """The limit counts from the start of its own step."""
    data = run([*before, {**drive, "until": "0.05 mAh/cm2"}]).dataset
    wanted = 1800.0 + (5.0 * 300.0 if before else 0.0)
    assert data["areal_charge"].values[-1] == pytest.approx(wanted, rel=1e-6)


def test_voltage_limit_ends_its_step_only(run):
    free = run([{"plate": "1 mA/cm2", "for": "30 min"}], interlayer=False).dataset["voltage"].values
    limit = 0.5 * (free[1] + free[-1])
    assert limit > 1.01 * free[1], "no polarisation to limit"
    first = {"plate": "1 mA/cm2", "until": ["30 min", f"{limit:.8g} V"]}
    data = run([first, {"rest": "10 s"}], interlayer=False).dataset
    voltage, current = data["voltage"].values, data["current_density"].values
    assert data["time"].values[-1] < 1800.0
    assert voltage[current > 0.0][-1] == pytest.approx(limit, rel=1e-4)
    assert current[-1] == 0.0


def test_a_limit_that_the_ohmic_drop_exceeds_ends_the_step_at_once(run):
    data = run([{"plate": "5 mA/cm2", "until": ["1 h", "1 mV"]}, {"rest": "10 s"}]).dataset
    assert data["time"].values[-1] == pytest.approx(10.0)


def test_repeat_repeats(run):
    steps = [{"plate": "0.5 mA/cm2", "for": "1 min"}, {"strip": "0.5 mA/cm2", "for": "1 min"}]
    data = run([{"repeat": 20, "steps": [*steps, {"rest": "30 s"}]}]).dataset
    assert data["time"].values[-1] == pytest.approx(20 * 150.0)
    assert data["areal_charge"].values[-1] == pytest.approx(20 * 600.0, rel=1e-6)


def test_cycling_counts_its_half_cycles(run):
    test = {"current": "0.5 mA/cm2", "half_cycle_time": "5 min", "cycles": 3, "rest": "1 min"}
    result = run([{"cycling": test}])
    assert result.ccd is None, "cycling is no critical-current test"
    assert [half.outcome for half in result.half_cycles] == ["passed"] * 6
    assert result.dataset.sizes["half_cycle_index"] == 6
    assert [half.current for half in result.half_cycles] == [5.0, -5.0] * 3
    assert [half.charge for half in result.half_cycles] == pytest.approx([1500.0] * 6)


def test_ramp_climbs_and_ends_at_the_first_failure(run, make):
    result = run(make.ramp(step="0.2", start="0.2", stop="8"), interlayer=False)
    assert result.status == "stopped"
    verdict = result.ccd
    failing = verdict.first_failing_mA_cm2
    assert failing - verdict.last_passing_mA_cm2 == pytest.approx(0.2)
    assert result.half_cycles[-1].outcome != "passed"
    assert {half.outcome for half in result.half_cycles[:-1]} == {"passed"}
    levels = [half.level / 10.0 for half in result.half_cycles]
    assert levels == sorted(levels)
    assert levels[-1] == pytest.approx(failing)


def test_voltage_collapses_at_the_short(run, make):
    result = run(make.ramp(step="0.2", start="0.2", stop="8"), interlayer=False)
    assert result.ccd.cause == "dendrite while plating"
    data = result.dataset
    after = data["short_conductance"].values > 0.0
    assert after.any()
    voltage, current = (np.abs(data[n].values) for n in ("voltage", "current_density"))
    # The short carries what it takes to bring the overpotential back below the critical one.
    assert voltage[-1] < 0.9 * voltage[~after][-1]
    ionic = np.abs(data["ionic_current_density_electrolyte"].values)
    assert ionic[-1] < 0.9 * current[-1]
    assert ionic[~after] == pytest.approx(current[~after], rel=1e-9)


SOON = 1.002
"""Plating time over the time of the short: some seconds more."""


@pytest.fixture
def short_then(make, solve):
    """Plate a bare cell without voids to its short and somewhat further, then do more."""

    def go(more, past=1.2):
        side = [make.metal(**make.fast)]
        hard = {"plate": "6 mA/cm2", "for": "1 h", "until": "short"}
        first = solve(make.read(side, protocol=[hard], rtol=1e-5))
        assert first.status == "stopped"
        assert "short" in first.reason
        spanned = first.dataset["filament_fraction"].values[:, 1] >= 1.0
        moment = float(first.dataset["time"].values[spanned][0])
        steps = [{"plate": "6 mA/cm2", "for": f"{past * moment:.8g} s"}, *more]
        data = solve(make.read(side, protocol=steps, rtol=1e-5)).dataset
        return data, data["time"].values > past * moment

    return go


def test_a_soft_short_recovers_on_stripping(short_then):
    """Reversed at once, before the spanning filament has thickened."""
    data, after = short_then([{"strip": "0.2 mA/cm2", "for": "30 min"}], past=SOON)
    conductance = data["short_conductance"].values
    assert conductance[~after].max() > 10.0
    assert data["filament_fraction"].values[-1, 1] < 1.0
    assert conductance[-1] == 0.0


def test_a_hard_short_does_not(short_then):
    """A pulse of ten times the current widens the contact spot until it carries everything."""
    pulse = {"plate": "100 mA/cm2", "for": "2 min"}
    data, _after = short_then([pulse, {"strip": "0.2 mA/cm2", "for": "30 min"}])
    assert data["filament_fraction"].values[-1, 1] > 1.0
    assert data["short_conductance"].values[-1] > 1e3
    assert abs(data["voltage"].values[-1]) < 1e-3


def test_continue_after_short_runs_the_whole_ramp(make, solve):
    ramp = make.ramp(start="3", step="2", stop="7", half_cycle_time="20 min")
    ramp[0]["ccd"]["continue_after_short"] = True
    result = solve(make.read([make.metal(**make.fast)], protocol=ramp, rtol=1e-5))
    assert result.status == "completed", result.reason
    assert len(result.half_cycles) == 6
    assert result.ccd.cause == "dendrite while plating"
    assert result.ccd.first_failing_mA_cm2 is not None


def test_stack_pressure_follows_the_stack_in_a_stiff_fixture(run):
    cycle = [{"plate": "0.3 mA/cm2", "for": "30 min"}]
    soft = run(cycle, interlayer=False).dataset["stack_pressure"].values
    assert (soft == 2.5e6).all()
    stiff = run(cycle, interlayer=False, fixture_stiffness="1 MPa/um").dataset
    # What one side loses the other gains; voids keep the height of what has left.
    void = stiff["void_capacity"].values.sum(axis=1)
    sei = stiff["sei_lithium"].values.sum(axis=1) + stiff["filament_lithium"].values.sum(axis=1)
    height = (void - (sei - sei[0])) * 12.97e-6 / 96485.33212
    change = stiff["stack_pressure"].values - 2.5e6
    assert change == pytest.approx(1e12 * height, abs=2e-3 * np.abs(change).max() + 50.0)
    assert change.max() > 1e3
