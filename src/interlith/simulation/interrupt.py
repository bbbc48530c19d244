"""Ctrl-C between two steps of a run instead of in the middle of one."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def interrupt_noted() -> Iterator[Callable[[], bool]]:
    """Note Ctrl-C instead of raising it; give a function that tells whether it came.

    A second Ctrl-C raises at once, for a step that takes too long. Outside the main thread Python
    delivers no signals, and nothing is noted.
    """
    asked = False

    def note(number: int, frame: object) -> None:
        nonlocal asked
        del number, frame
        if asked:
            raise KeyboardInterrupt
        asked = True

    if threading.current_thread() is not threading.main_thread():
        yield lambda: False
        return
    before = signal.signal(signal.SIGINT, note)
    try:
        yield lambda: asked
    finally:
        signal.signal(signal.SIGINT, before)
