"""Times of calls, and of the compiled loop inside them."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from interlith.simulation import kernel


def median_seconds(call: Callable[[], Any], repeats: int = 7) -> float:
    """Median wall time of a call, after one that is not counted [s]."""
    call()
    return statistics.median(_seconds(call) for _ in range(repeats))


def _seconds(call: Callable[[], Any]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


@contextmanager
def kernel_clock() -> Iterator[list[float]]:
    """Collect the processor time of every call of the compiled loop [s], on the calling thread."""
    spent: list[float] = []
    original = kernel.run_program

    def timed(*arguments: Any) -> Any:
        began = time.thread_time()
        try:
            return original(*arguments)
        finally:
            spent.append(time.thread_time() - began)

    kernel.run_program = timed
    try:
        yield spent
    finally:
        kernel.run_program = original
