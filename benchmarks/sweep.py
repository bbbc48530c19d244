"""Random extreme cells: each must be solved or fail with a named reason; none silently."""

from __future__ import annotations

import re
import signal
import time
import warnings
from collections import Counter
from multiprocessing import get_context
from typing import Any

import numpy as np

from benchmarks.random_cells import random_cell

TITLE = "random extreme cells"
CELLS, ALL_CELLS = 2_000, 10_000
PROCESSES = 2
SLOW = 10.0  # s
GIVE_UP = 30.0  # s
TARGET_FAILED = 1e-3
LARGEST_IMBALANCE = 1e-8
"""Of all lithium; a run that loses more without saying so is counted as silent."""
SAID = "changed all lithium by"


def measure(full: bool = False, cells: int | None = None, first: int = 0) -> dict[str, Any]:
    count = cells or (ALL_CELLS if full else CELLS)
    began = time.perf_counter()
    with get_context("spawn").Pool(PROCESSES, _load) as pool:
        rows = list(pool.imap_unordered(run_seed, range(first, first + count), chunksize=4))
    seconds = time.perf_counter() - began
    return _summary(rows, seconds, first)


def _load() -> None:
    """Compile or load the equations before any clock runs."""
    from interlith.simulation.run import simulate_symmetric as simulate

    simulate(random_cell(2))


def run_seed(seed: int) -> dict[str, Any]:
    """Run the cell of a seed and look at everything that came out of it."""
    began = time.perf_counter()
    row: dict[str, Any] = {"seed": seed}
    signal.signal(signal.SIGALRM, _give_up)
    signal.setitimer(signal.ITIMER_REAL, GIVE_UP)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            row |= _run(seed)
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - whatever escapes is a finding
        row |= {"status": "exception", "reason": f"{type(error).__name__}: {str(error)[:300]}"}
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
    return row | {"seconds": time.perf_counter() - began}


def _give_up(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _run(seed: int) -> dict[str, Any]:
    from interlith.simulation.run import simulate_symmetric as simulate

    result = simulate(random_cell(seed))
    return {
        "status": result.status,
        "reason": result.reason,
        "not_finite": _not_finite(result),
        "imbalance": result.timings["lithium_imbalance"],
        "fallbacks": result.timings["fallbacks"],
        "steps": result.timings["accepted_steps"],
    }


def _not_finite(result: Any) -> list[str]:
    """Names of what holds a number that is not finite, where one must be."""
    kept = result.recorded
    parts = {"time": kept.time, "whole": kept.whole, "electrodes": kept.electrodes}
    bad = [name for name, values in parts.items() if not np.all(np.isfinite(values))]
    nodes = np.isfinite(kept.depth)
    if kept.profiles.size and nodes.any():
        inside = kept.profiles[..., nodes]
        bad += [] if np.all(np.isfinite(inside)) else ["profiles"]
    if not len(kept.time) or np.any(np.diff(kept.time) < 0.0):
        bad.append("time runs backwards")
    if not str(result.reason).strip():
        bad.append("no reason")
    return bad


def _summary(rows: list[dict[str, Any]], seconds: float, first: int) -> dict[str, Any]:
    failed = [row for row in rows if row["status"] not in ("completed", "stopped")]
    silent = [
        row
        for row in rows
        if row["status"] == "exception"
        or (row["status"] in ("completed", "stopped") and row["not_finite"])
        or (row.get("imbalance", 0.0) > LARGEST_IMBALANCE and SAID not in row["reason"])
    ]
    times = sorted(row["seconds"] for row in rows)
    return {
        "cells": len(rows),
        "first_seed": first,
        "wall_s": seconds,
        "status": dict(Counter(row["status"] for row in rows)),
        "reasons": dict(Counter(_class_of(row["reason"]) for row in rows).most_common()),
        "failed_share": len(failed) / len(rows),
        "said_imbalance": sum(SAID in row["reason"] for row in rows),
        "largest_imbalance": max(row.get("imbalance", 0.0) for row in rows),
        "with_fallback": sum(row.get("fallbacks", 0) > 0 for row in rows),
        "median_s": times[len(times) // 2],
        "longest_s": times[-1],
        "failed": _listed(failed),
        "silent": _listed(silent),
        "slow": _listed([row for row in rows if row["seconds"] > SLOW]),
        "fell_back": sorted(row["seed"] for row in rows if row.get("fallbacks", 0)),
        "met": len(failed) <= TARGET_FAILED * len(rows) and not silent,
    }


def _class_of(reason: str) -> str:
    """Return a reason with its numbers and the name of the step left out."""
    return re.sub(r"\([^()]*\)|[-+]?\d[\d.,e+-]*", "#", reason)[:160]


def _listed(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: int(row["seed"]))


def lines(found: dict[str, Any]) -> list[tuple[str, str, str]]:
    statuses = ", ".join(f"{count} {name}" for name, count in sorted(found["status"].items()))
    return [
        ("cells", f"{found['cells']} in {found['wall_s']:.0f} s", ""),
        ("ended", statuses, ""),
        ("failed", f"{1e3 * found['failed_share']:.2f} in 1,000", "at most 1 in 1,000"),
        ("silent (not finite, exception, lithium lost)", str(len(found["silent"])), "0"),
        ("say that lithium changed by over 1e-8", str(found["said_imbalance"]), ""),
        ("over 10 s", str(len(found["slow"])), ""),
        ("finished by the reference integrator", str(found["with_fallback"]), ""),
        ("largest loss of lithium, relative", f"{found['largest_imbalance']:.1e}", ""),
        ("time a cell", f"median {found['median_s']:.3f} s, {found['longest_s']:.1f} s", ""),
    ]
