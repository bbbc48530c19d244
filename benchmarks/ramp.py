"""One critical-current ramp of 26 steps of both electrodes, on one core, after compilation."""

from __future__ import annotations

import statistics
import time
from typing import Any

import numpy as np

from benchmarks.cells import REAL_RAMP, SHORT_RAMP, ramp_cell
from benchmarks.stopwatch import kernel_clock

TITLE = "one ramp of 26 steps, 52 half-cycles"
TARGET = 0.050  # s
TOLERANCES = (None, 1e-3, 1e-5)  # None: the default
REFERENCE = 1e-9
REPEATS = 9


def measure(full: bool = False) -> dict[str, Any]:
    del full
    ramps = {"0.05 to 1.3 mA/cm2": SHORT_RAMP, "0.1 to 2.6 mA/cm2": REAL_RAMP}
    return {name: _ramp(levels) for name, levels in ramps.items()}


def _ramp(levels: Any) -> dict[str, Any]:
    from interlith.simulation.run import simulate_symmetric as simulate

    exact = simulate(ramp_cell(levels, REFERENCE))
    return {
        "default" if rtol is None else f"{rtol:g}": _timed(levels, rtol, exact)
        for rtol in TOLERANCES
    }


def _timed(levels: Any, rtol: float | None, exact: Any) -> dict[str, Any]:
    from interlith.simulation.run import simulate_symmetric as simulate

    cell = ramp_cell(levels, rtol)
    result = simulate(cell)
    whole, inside, busy = [], [], []
    for _ in range(REPEATS):
        with kernel_clock() as spent:
            began, began_busy = time.perf_counter(), time.thread_time()
            simulate(cell)
            whole.append(time.perf_counter() - began)
            busy.append(time.thread_time() - began_busy)
        inside.append(sum(spent))
    return {
        "rtol": cell.solver.rtol,
        "kernel_s": statistics.median(inside),
        "simulate_s": statistics.median(whole),
        "simulate_processor_s": statistics.median(busy),
        "half_cycles": len(result.half_cycles),
        "accepted_steps": result.timings["accepted_steps"],
        "rejected_steps": result.timings["rejected_steps"],
        **errors(result, exact),
        "met": statistics.median(inside) < TARGET,
    }


def errors(result: Any, exact: Any) -> dict[str, float]:
    """Largest errors at the ends of half-cycles, over the largest value in the run."""
    count = min(len(result.half_cycles), len(exact.half_cycles))
    voltage = _ends(result, count)[0] - _ends(exact, count)[0]
    states = _ends(result, count)[1] - _ends(exact, count)[1]
    scale_voltage = np.abs(_ends(exact, count)[0]).max()
    scale_states = np.maximum(np.abs(_ends(exact, count)[1]).max(axis=(0, 1)), 1e-30)
    return {
        "voltage_error": float(np.abs(voltage).max() / scale_voltage),
        "state_error": float((np.abs(states) / scale_states).max()),
    }


STATES = ("contact_fraction", "void_capacity", "sei_thickness", "metal_lithium", "pore_lithium")


def _ends(result: Any, count: int) -> tuple[Any, Any]:
    """Voltages and observables in the last rows of the first half-cycles."""
    from interlith.simulation.observe import ELECTRODE_COLUMNS

    columns = [list(ELECTRODE_COLUMNS).index(name) for name in STATES]
    rows = [np.flatnonzero(result.recorded.half_cycle == index)[-1] for index in range(count)]
    return result.recorded.whole[rows, 0], result.recorded.electrodes[rows][:, :, columns]


def lines(found: dict[str, Any]) -> list[tuple[str, str, str]]:
    table = []
    for ramp, tolerances in found.items():
        for name, row in tolerances.items():
            text = (
                f"kernel {1e3 * row['kernel_s']:.1f} ms, simulate {1e3 * row['simulate_s']:.1f} ms"
                f" ({row['half_cycles']} half-cycles, {row['accepted_steps']} steps; errors:"
                f" voltage {row['voltage_error']:.1e}, states {row['state_error']:.1e})"
            )
            table.append((f"{ramp}, rtol {name}", text, "50 ms"))
    return table
