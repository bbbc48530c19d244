"""Ramps with a known truth, from circuits and from the simulator: how often `ccd` is right."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import numpy as np

from interlith.cyclerdata.ccd.scoring import Mark, mark, score_of, trial_marks
from interlith.cyclerdata.ccd.simulated_trials import draw_ramp, record

TITLE = "critical-current test: known truth"
SEED = 987654321
TRIALS = 2000
RAMPS, RECORDS = 150, 4
WORKERS = 2
CHUNK = 25


def measure(full: bool = False) -> dict[str, Any]:
    trials = 4 * TRIALS if full else TRIALS
    ramps = 4 * RAMPS if full else RAMPS
    with ProcessPoolExecutor(WORKERS) as pool:
        circuits = pool.map(_circuits, [range(k, k + CHUNK) for k in range(0, trials, CHUNK)])
        made = [one for part in circuits for one in part]
        simulated = [one for part in pool.map(_simulated, range(ramps)) for one in part]
    return {
        "circuits": score_of(made).summary(),
        "simulated": score_of(simulated).summary(),
        "all": score_of([*made, *simulated]).summary(),
    }


def _circuits(numbers: Iterable[int]) -> list[Mark]:
    return trial_marks(SEED, numbers)


def _simulated(number: int) -> list[Mark]:
    """One simulation, recorded several times with other noise, rows and gaps."""
    rng = np.random.default_rng([SEED, 1, number])
    ramp = draw_ramp(rng)
    return [mark(record(ramp, rng)) for _ in range(RECORDS)]


def lines(found: dict[str, Any]) -> list[tuple[str, str, str]]:
    rows = []
    for name, one in found.items():
        rows += [
            (f"{name}: trials", f"{one['trials']}", ""),
            (f"{name}: failing step right", f"{100 * one['step_right']:.1f} %", "98 %"),
            (f"{name}: kind right", f"{100 * one['kind_right']:.1f} %", "95 %"),
            (f"{name}: false alarms", f"{100 * one['false_alarms']:.2f} %", "below 1 %"),
        ]
    return rows
