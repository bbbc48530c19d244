"""RODAS against SUNDIALS CVODE: same equations, cells and protocol, at equal measured error.

CVODE calls a right-hand side that is compiled for the one cell, its parameters frozen in: the
cheapest callback that there is, hardly slower than the bare function. What the callbacks still cost
is measured, and the ratio also given with that share subtracted.
"""

from __future__ import annotations

import math
import statistics
import time
from typing import Any

import numpy as np
from numba import njit

from benchmarks.cells import ramp_cell
from interlith.cell.expand import expand
from interlith.numerics.banded import ABOVE, BELOW
from interlith.physics.symmetric_cell import cell_rates
from interlith.simulation import kernel
from interlith.simulation.observe import CELL_COLUMNS, ELECTRODE_COLUMNS, observe
from interlith.simulation.program import compile_program
from interlith.simulation.run import assemble

TITLE = "RODAS against CVODE at equal error"
TARGET = 3.0
REFERENCE = 1e-10
RODAS_TOLERANCES = 10.0 ** np.arange(-2.5, -6.6, -0.5)
CVODE_TOLERANCES = 10.0 ** np.arange(-3.0, -8.1, -0.5)
ERRORS = (1e-3, 1e-4, 1e-5)
"""Errors at which times are compared: 1e-3 is that of a plot."""
LEVELS = np.linspace(0.2, 1.2, 6)  # mA/cm2; 12 half-cycles without a failure
LONGEST_LOOP = 1_000_000
REPEATS = 3
CELLS: dict[str, dict[str, str]] = {
    "template": {},
    "thick, 60 degC": {"layers__interlayer__thickness": "60 um", "temperature": "60 degC"},
    "spring fixture": {"fixture_stiffness": "0.05 MPa/um"},
    "pristine": {"layers__interlayer__state": "pristine"},
}


def frozen_rates(system: Any) -> Any:
    """Return the right-hand side of one cell; only the control array is left as an argument."""
    cell, laws, _control = system

    @njit(error_model="numpy")
    def right_hand_side(_time: float, y: Any, dy: Any, controls: Any) -> None:
        cell_rates((cell, laws, controls[0]), y, dy)

    return right_hand_side


class Problem:
    """A cell and its protocol as numbers."""

    def __init__(self, changes: dict[str, str]) -> None:
        cell = ramp_cell(LEVELS, **changes)
        assembly = assemble(cell)
        self.program = compile_program(expand(cell))
        self.program[:, 2:4] = np.nan  # no events: both only integrate
        self.program[:, 6] = 0.0
        self.start = assembly.start
        self.bounds = assembly.bounds
        self.scale = assembly.absolute_tolerance
        self.control = np.full(kernel.CONTROL_COLUMNS, np.nan)
        self.system = (assembly.parameters, assembly.laws, self.control)
        self.rates = frozen_rates(self.system)
        self.calls = 0

    def rodas(self, rtol: float) -> Any:
        steps, count = len(self.program), 0
        rows = 200_000 if rtol < 1e-8 else 20_000
        times, states = np.empty(rows), np.empty((rows, len(self.start)))
        outcomes, counters = np.full((steps, 3), -1, np.int64), np.zeros(3, np.int64)
        y = self.start.copy()
        count, _elapsed = kernel.run_program(
            self.system,
            y,
            self.program.copy(),
            0,
            steps,
            0.0,
            rtol,
            self.scale * rtol,
            *self.bounds,
            LONGEST_LOOP,
            times,
            states,
            outcomes,
            counters,
            kernel.workspace_for(len(self.start)),
        )
        assert count == steps, "the fast integrator did not finish"
        return states[outcomes[:, 2] - 1]

    def cvode(self, rtol: float, linear_solver: str) -> Any:
        from sksundae.cvode import CVODE

        options: dict[str, Any] = {"linsolver": linear_solver}
        if linear_solver == "band":
            options.update(lband=BELOW, uband=ABOVE)
        y, ends = self.start.copy(), []
        self.calls = 0
        for row in self.program:
            self.control[:] = row[: kernel.CONTROL_COLUMNS]
            solver = CVODE(
                self.rates,
                userdata=(self.control,),  # scikit-SUNDAE takes no bare array
                rtol=rtol,
                atol=self.scale * rtol,
                max_num_steps=LONGEST_LOOP,
                **options,
            )
            # Three points, so that no row is kept but those that are compared.
            span = np.array([0.0, 0.5, 1.0]) * row[kernel.DURATION]
            solution = solver.solve(span, y)
            if not solution.success:
                return None
            self.calls += solution.nfev
            y = np.array(solution.y[-1])
            ends.append(y)
        return np.array(ends)

    def observables(self, ends: Any) -> Any:
        """Voltage and what matters of both electrodes at the ends of all half-cycles."""
        whole = np.empty((len(ends), len(CELL_COLUMNS)))
        sides = np.empty((len(ends), 2, len(ELECTRODE_COLUMNS)))
        controls = np.ascontiguousarray(self.program[:, : kernel.CONTROL_COLUMNS])
        observe(self.system, controls, np.ascontiguousarray(ends), whole, sides)
        names = list(ELECTRODE_COLUMNS)
        wanted = ("contact_fraction", "void_capacity", "sei_thickness", "metal_lithium")
        wanted = (*wanted, "pore_lithium", "face_overpotential")
        columns = [names.index(name) for name in wanted]
        return np.column_stack([whole[:, 0], sides[:, :, columns].reshape(len(ends), -1)])

    def callback_cost(self) -> float:
        """Seconds that a call of the right-hand side costs more from Python than compiled."""
        rates, state, controls = self.rates, self.start.copy(), (self.control,)
        dy = np.empty_like(state)

        @njit
        def loop(count: int, y: Any, dy: Any, controls: Any) -> None:
            for _ in range(count):
                rates(0.0, y, dy, controls)

        self.control[:] = self.program[0, : kernel.CONTROL_COLUMNS]
        loop(1, state, dy, controls)
        rates(0.0, state, dy, controls)
        count = 20_000
        began = time.perf_counter()
        loop(count, state, dy, controls)
        middle = time.perf_counter()
        for _ in range(count):
            rates(0.0, state, dy, controls)
        return (time.perf_counter() - 2.0 * middle + began) / count


def measure(full: bool = False) -> dict[str, Any]:
    names = list(CELLS) if full else list(CELLS)[:2]
    found = {name: _compare(Problem(CELLS[name])) for name in names}
    ratios = [
        row["ratio"] for cell in found.values() for row in cell["at_equal_error"] if row["ratio"]
    ]
    return {
        "cells": found,
        "smallest_ratio": min(ratios, default=None),
        "met": bool(ratios) and min(ratios) >= TARGET,
    }


def _compare(problem: Problem) -> dict[str, Any]:
    exact = problem.observables(problem.rodas(REFERENCE))
    ends = problem.cvode(REFERENCE, "band")
    assert ends is not None, "CVODE failed at the reference tolerance"
    other = problem.observables(ends)
    scale = np.maximum(np.abs(exact).max(axis=0), 1e-30)
    agreement = float((np.abs(exact - other) / scale).max())
    exact = 0.5 * (exact + other)  # neither of the two defines the truth
    cost = problem.callback_cost()
    curves = {
        "rodas": _curve(problem, RODAS_TOLERANCES, lambda r: problem.rodas(r), exact),
        "cvode_band": _curve(problem, CVODE_TOLERANCES, lambda r: problem.cvode(r, "band"), exact),
        "cvode_dense": _curve(
            problem, CVODE_TOLERANCES[::3], lambda r: problem.cvode(r, "dense"), exact, 1
        ),
    }
    rows = [_at(error, curves, cost) for error in ERRORS]
    return {
        "states": len(problem.start),
        "references_differ_by": agreement,
        "callback_cost_s": cost,
        "curves": curves,
        "at_equal_error": rows,
    }


def _curve(
    problem: Problem, tolerances: Any, solve: Any, exact: Any, repeats: int = REPEATS
) -> list[dict[str, float]]:
    scale = np.maximum(np.abs(exact).max(axis=0), 1e-30)
    points = []
    solve(tolerances[0])
    for rtol in tolerances:
        seconds = []
        for _ in range(repeats):
            began = time.thread_time()
            ends = solve(rtol)
            seconds.append(time.thread_time() - began)
        if ends is None:
            points.append({"rtol": rtol, "error": math.inf, "s": seconds[-1], "calls": 0})
            continue
        error = float((np.abs(problem.observables(ends) - exact) / scale).max())
        points.append(
            {"rtol": rtol, "error": error, "s": statistics.median(seconds), "calls": problem.calls}
        )
    return points


def _time_at(error: float, points: list[dict[str, float]], key: str = "s") -> float | None:
    """Time at an error, interpolated in logarithms; None outside what was run."""
    # Of points with a larger error and a longer time nobody would make use.
    best = [
        point
        for point in points
        if math.isfinite(point["error"])
        and not any(o["error"] <= point["error"] and o["s"] < point["s"] for o in points)
    ]
    best.sort(key=lambda point: point["error"])
    if not best or not best[0]["error"] <= error:
        return None
    x = np.log([point["error"] for point in best])
    y = np.log([max(point[key], 1e-9) for point in best])
    return float(np.exp(np.interp(np.log(error), x, y)))


def _at(error: float, curves: dict[str, Any], cost: float) -> dict[str, Any]:
    fast = _time_at(error, curves["rodas"])
    row: dict[str, Any] = {"error": error, "rodas_s": fast, "ratio": None}
    for name in ("cvode_band", "cvode_dense"):
        row[f"{name}_s"] = _time_at(error, curves[name])
    calls = _time_at(error, curves["cvode_band"], "calls")
    if fast and row["cvode_band_s"] and calls:
        row["ratio"] = row["cvode_band_s"] / fast
        row["ratio_without_callbacks"] = (row["cvode_band_s"] - calls * cost) / fast
    if fast and row["cvode_dense_s"]:
        row["ratio_dense"] = row["cvode_dense_s"] / fast
    return row


def lines(found: dict[str, Any]) -> list[tuple[str, str, str]]:
    table = []
    for name, cell in found["cells"].items():
        for row in cell["at_equal_error"]:
            if row["ratio"] is None:
                text = "not reached by both"
            else:
                text = (
                    f"RODAS {1e3 * row['rodas_s']:.1f} ms, CVODE band"
                    f" {1e3 * row['cvode_band_s']:.1f} ms: {row['ratio']:.1f} times"
                    f" ({row['ratio_without_callbacks']:.1f} less Python's share)"
                )
                if "ratio_dense" in row:
                    text += f", dense {row['ratio_dense']:.0f} times"
            table.append((f"{name}, error {row['error']:g}", text, "3 times"))
    return table
