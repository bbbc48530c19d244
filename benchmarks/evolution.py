"""How long it takes to form an interlayer: 100 cycles of the template, migration included."""

from __future__ import annotations

import time
from typing import Any

from benchmarks.cells import REAL_RAMP, ramp_cell

TITLE = "forming an interlayer"
TARGET = 10.0
CYCLES = 100


def measure(full: bool = False) -> dict[str, Any]:
    from interlith.simulation.interlayer import evolve

    del full
    cell = ramp_cell(REAL_RAMP)
    evolve(cell, cycles=1)
    began = time.process_time()
    evolution = evolve(cell, cycles=CYCLES)
    seconds = time.process_time() - began
    return {
        "cycles": evolution.cycles,
        "status": evolution.status,
        "processor_s": seconds,
        "metal_imbalance": evolution.largest_imbalance(),
        "met": seconds < TARGET and evolution.cycles == CYCLES,
    }


def lines(found: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [
        (f"{found['cycles']} cycles, {found['status']}", f"{found['processor_s']:.2f} s", "10 s"),
        ("largest relative imbalance of metal", f"{found['metal_imbalance']:.1e}", ""),
    ]
