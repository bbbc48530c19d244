"""How long a user waits: the command, the import, the first run that compiles, the second."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.stopwatch import median_seconds

TITLE = "start-up"
COMMAND = str(Path(sys.executable).with_name("interlith"))
TARGETS = {"help_s": 0.5, "import_s": 0.3, "first_run_s": 40.0, "second_run_s": 3.0}


def measure(full: bool = False) -> dict[str, Any]:
    del full
    found = {
        "help_s": median_seconds(lambda: _run([COMMAND, "--help"]), 5),
        "import_s": median_seconds(lambda: _run([sys.executable, "-c", "import interlith"]), 5),
        "bare_python_s": median_seconds(lambda: _run([sys.executable, "-c", "pass"]), 5),
    }
    with tempfile.TemporaryDirectory() as folder:
        environment = {"NUMBA_CACHE_DIR": str(Path(folder) / "cache")}
        cell = str(Path(folder) / "cell.yaml")
        _run([COMMAND, "new", "ccd", cell])
        for name in ("first_run_s", "second_run_s"):
            began = time.perf_counter()
            _run([COMMAND, "run", cell, "--out", str(Path(folder) / name)], environment)
            found[name] = time.perf_counter() - began
    return {**found, "met": all(found[name] < limit for name, limit in TARGETS.items())}


def _run(command: list[str], environment: dict[str, str] | None = None) -> None:
    settings = {**os.environ, **(environment or {})}
    subprocess.run(command, env=settings, check=True, capture_output=True)


def lines(found: dict[str, Any]) -> list[tuple[str, str, str]]:
    names = {
        "help_s": "interlith --help",
        "import_s": "import interlith, with the interpreter",
        "bare_python_s": "the interpreter alone",
        "first_run_s": "first run with report, nothing compiled yet",
        "second_run_s": "second run with report",
    }
    limits = {name: f"{limit:g} s" for name, limit in TARGETS.items()}
    return [(text, f"{found[name]:.2f} s", limits.get(name, "")) for name, text in names.items()]
