"""A limit on the time that one simulation may take: some draws make equations very stiff."""

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
    """Raise TookTooLong when what runs inside takes longer.

    Compiled code is not interrupted in the middle of its steps, so it may take somewhat longer.
    Outside the main thread, which alone hears signals, there is no limit.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def give_up(number: int, frame: object) -> None:
        raise TookTooLong(f"given up after {seconds:g} s")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, before)
