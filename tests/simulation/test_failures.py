"""A step that the fast integrator cannot make is finished by the other, or fails by name."""

from __future__ import annotations

import inspect
import json

import numpy as np
import pytest

from interlith.numerics.status import NOT_FINITE, STEP_TOO_SMALL


@pytest.fixture
def cell(make):
    steps = [
        {"plate": "0.2 mA/cm2", "for": "60 s"},
        {"voltage": "5 mV", "for": "10 h", "until": "0.002 mAh/cm2"},
        {"rest": "30 s"},
    ]
    return make.read([make.metal()], protocol=steps, rtol=1e-6)


def gives_up(kernel, at_step, status):
    """A compiled loop that gives up in the first attempt of one step, and else is as it was."""
    kept = kernel.run_program
    functions = 4  # the integrator and the equations come first
    names = list(inspect.signature(kernel.SYMMETRIC.program.py_func).parameters)[functions:]

    def run_program(*arguments):
        given = dict(zip(names, arguments, strict=True))
        first = given["first"]
        if not first <= at_step < given["stop"]:
            return kept(*arguments)
        if first < at_step:
            return kept(*{**given, "stop": at_step}.values())
        y = given["y"]
        given["program"][first, kernel.THROUGHPUT] += y[-1]
        given["times"][0], given["states"][0] = 0.0, y
        given["outcomes"][first] = status, -1, 1
        return first, 0.0

    return run_program


@pytest.mark.parametrize("step", [0, 1, 2])
def test_reference_integrator_takes_over(cell, solve, monkeypatch, step):
    from interlith.simulation import kernel

    plain = solve(cell)
    monkeypatch.setattr(kernel, "run_program", gives_up(kernel, step, STEP_TOO_SMALL))
    helped = solve(cell)
    assert helped.status == "completed", helped.reason
    assert helped.timings["fallbacks"] == 1
    for name in ("voltage", "areal_charge"):
        one, other = (r.dataset[name].values[-1] for r in (plain, helped))
        assert other == pytest.approx(one, rel=1e-4, abs=1e-7), name
    assert helped.dataset["time"].values[-1] == pytest.approx(
        plain.dataset["time"].values[-1], rel=1e-4
    )


def test_when_both_fail_the_run_says_so_and_keeps_the_rest(cell, solve, monkeypatch):
    from interlith.numerics import cvode
    from interlith.simulation import kernel

    def hopeless(*arguments, **_more):
        start = arguments[3]
        return cvode.Trajectory(NOT_FINITE, -1, np.zeros(1), start[None, :], 1, "it went wrong")

    monkeypatch.setattr(kernel, "run_program", gives_up(kernel, 1, STEP_TOO_SMALL))
    monkeypatch.setattr(cvode, "integrate_cvode", hopeless)
    result = solve(cell)
    assert result.status == "failed"
    assert "step 2" in result.reason
    assert "it went wrong" in result.reason
    assert "step size" in result.reason, "both integrators say why"
    assert result.dataset["time"].values[-1] == pytest.approx(60.0)
    json.dumps(result.summary(), allow_nan=False)


def test_absurd_tolerance_ends_with_a_status(make, solve):
    steps = [{"plate": "0.2 mA/cm2", "for": "10 s"}]
    result = solve(make.read([make.metal()], protocol=steps, rtol=1e-12))
    assert result.status in ("completed", "failed")
    assert result.reason
    assert np.isfinite(result.dataset["voltage"].values).all()


def test_metal_that_runs_out_ends_finite_and_never_negative(make, solve):
    thin = {**make.metal(), "thickness": "100 nm"}
    steps = [{"plate": "1 mA/cm2", "until": ["1 h", "4 V"]}, {"rest": "1 min"}]
    data = solve(make.read([thin], protocol=steps, rtol=1e-4)).dataset
    assert np.isfinite(data["voltage"].values).all()
    assert (data["metal_lithium"].values > -1.0).all()


def test_an_interphase_does_not_grow_from_lithium_that_is_gone(make, solve):
    thin = {**make.metal(), "thickness": "10 nm"}
    thin["sei"] = {"material": "Li2S-Li3P-LiCl", "thickness": "1 nm"}
    cell = make.read([thin], protocol=[{"rest": "20 h"}], temperature="100 degC", rtol=1e-4)
    data = solve(cell).dataset
    assert (data["metal_lithium"].values > -1.0).all()
