"""1,000 varied ramps with two threads: the compiled loop releases the interpreter's lock."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from benchmarks.cells import varied_ramps

TITLE = "1,000 varied ramps, two threads"
RAMPS, THREADS, TARGET = 1_000, 2, 30.0


def measure(full: bool = False, ramps: int = RAMPS) -> dict[str, Any]:
    from interlith.simulation.run import assemble
    from interlith.simulation.run import simulate_symmetric as simulate

    del full
    began = time.perf_counter()
    cells = varied_ramps(ramps)
    reading = time.perf_counter() - began
    simulate(cells[0])
    began = time.perf_counter()
    for cell in cells:
        assemble(cell)
    assembling = time.perf_counter() - began
    began, began_busy = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(THREADS) as pool:
        results = list(pool.map(simulate, cells))
    both, busy = time.perf_counter() - began, time.process_time() - began_busy
    part = cells[: max(ramps // 10, 1)]
    began = time.perf_counter()
    for cell in part:
        simulate(cell)
    alone = (time.perf_counter() - began) * ramps / len(part)
    return {
        "ramps": ramps,
        "threads": THREADS,
        "simulate_s": both,
        "processor_s": busy,
        "one_thread_s": alone,
        "assemble_s": assembling,
        "read_and_validate_s": reading,
        "half_cycles": sum(len(result.half_cycles) for result in results),
        "failed": sum(result.status == "failed" for result in results),
        "met": both < TARGET * ramps / RAMPS,
    }


def lines(found: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [
        ("assembly and run, two threads", f"{found['simulate_s']:.1f} s", "30 s"),
        ("of it processor time of both", f"{found['processor_s']:.1f} s", ""),
        ("of it assembly, on one thread", f"{found['assemble_s']:.1f} s", ""),
        ("one thread, from a tenth", f"{found['one_thread_s']:.1f} s", ""),
        ("reading and validating the cells", f"{found['read_and_validate_s']:.1f} s", ""),
        ("half-cycles run", f"{found['half_cycles']}", ""),
        ("failed", f"{found['failed']}", "0"),
    ]
