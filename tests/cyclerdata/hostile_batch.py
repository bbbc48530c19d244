"""Parse many broken binary files in one process with the limits of the sandbox; run by the tests.

Reads lines of ``kind path`` from standard input and writes a line of JSON for each.
"""

from __future__ import annotations

import json
import resource
import signal
import sys
import tempfile
import time
from pathlib import Path

from interlith.cyclerdata.foreign import MEMORY, parse_into

SECONDS = 30


class TooLongError(BaseException):
    """Like the kill of the sandbox: no handler of a library may catch it."""


def _stop(number: int, frame: object) -> None:
    raise TooLongError


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.signal(signal.SIGALRM, _stop)
    for line in sys.stdin:
        kind, path = line.split(maxsplit=1)
        with tempfile.TemporaryDirectory() as folder:
            began = time.perf_counter()
            signal.alarm(SECONDS)
            try:
                parse_into(kind, Path(path.strip()), Path(folder))
                said = json.loads((Path(folder) / "said.json").read_text())
                fate = said.get("defect", "read")
            except TooLongError:
                fate = "too long"
            finally:
                signal.alarm(0)
        answer = {"path": path.strip(), "fate": fate, "seconds": time.perf_counter() - began}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
