"""A limit on the processor time of one simulation: some draws make equations very stiff."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["TookTooLong", "within"]


class TookTooLong(Exception):
    """A simulation was given up."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raise TookTooLong when what runs inside takes more processor time.

    Compiled code is not interrupted in the middle of its steps, so it may take somewhat longer.
    Outside the main thread, which alone hears signals, there is no limit.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def give_up(number: int, frame: object) -> None:
        raise TookTooLong(f"given up after {seconds:g} s of processor time")

    before = signal.signal(signal.SIGPROF, give_up)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)
        signal.signal(signal.SIGPROF, before)
