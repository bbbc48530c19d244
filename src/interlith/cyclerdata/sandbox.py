"""Binary files are taken apart in a process of their own, with limits on memory, time and output.

A library that crashes, hangs or asks for too much takes only that process with it.
"""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from interlith.cyclerdata.source import Source

__all__ = ["Apart", "run_apart"]

# Access is read in Python, some 1 MB in 1.5 s on one core of 2026.
SECONDS, SECONDS_PER_MB, MOST_SECONDS = 60.0, 4.0, 900.0
LARGEST_BINARY = 1 << 30
# fastnda tells its two formats by the end of the name.
_ENDINGS = {"nda": ".nda", "ndax": ".ndax"}
_ONE_THREAD = dict.fromkeys(
    ("POLARS_MAX_THREADS", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"
)
_START = "from interlith.cyclerdata.foreign import main; main()"


@dataclass(frozen=True)
class Apart:
    """What came back: a table, and what was said beside it."""

    frame: pl.DataFrame
    said: dict[str, Any]


def run_apart(kind: str, source: Source) -> Apart:
    """Return what a parser of `foreign` finds in a file.

    Raises
    ------
    InputError
        The file is damaged or cut short, too large, or the parser needs too long or too much.
    """
    if source.size > LARGEST_BINARY:
        limit = f"a file of at most {LARGEST_BINARY >> 30} GiB"
        raise source.fault("size", f"{source.size >> 20} MiB", limit)
    seconds = min(MOST_SECONDS, SECONDS + SECONDS_PER_MB * source.size / 1e6)
    with tempfile.TemporaryDirectory(prefix="interlith-") as folder:
        place = Path(folder)
        link = place / f"input{_ENDINGS.get(kind, '')}"
        link.symlink_to(source.path.absolute())
        fate = _run(kind, link, place, seconds)
        said = _said(place)
        defect = fate or said.get("defect", "")
        if defect:
            raise source.fault("contents", str(defect), f"a whole file of the format {kind}")
        try:
            frame = pl.read_ipc(io.BytesIO((place / "table.arrow").read_bytes()))
        except (OSError, pl.exceptions.PolarsError):
            raise source.fault("contents", "no table", f"a whole {kind} file") from None
    return Apart(frame, said)


def _run(kind: str, path: Path, folder: Path, seconds: float) -> str:
    """Run the parser; return what became of it where it did not end well."""
    # -P: no file beside the data, such as a polars.py, is taken for a module.
    command = [sys.executable, "-P", "-c", _START, kind, str(path), str(folder)]
    environment = {**os.environ, **_ONE_THREAD, "PYTHONPATH": _search_path()}
    try:
        done = subprocess.run(  # noqa: S603  (our own interpreter and code; the file is an argument)
            command,
            env=environment,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"its parser was not done after {seconds:.0f} s"
    if done.returncode < 0:
        name = signal.Signals(-done.returncode).name
        return f"its parser broke down ({name}): damaged, or it needs more than 2 GiB of memory"
    return "" if done.returncode == 0 else "its parser ended without an answer"


def _search_path() -> str:
    """Return where this very package is, so that the process runs the same code."""
    own = str(Path(__file__).resolve().parents[2])
    others = os.environ.get("PYTHONPATH", "")
    return os.pathsep.join(part for part in (own, others) if part)


def _said(folder: Path) -> dict[str, Any]:
    try:
        said = json.loads((folder / "said.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}
