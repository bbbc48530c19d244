"""Files for the tests: those of others beside the repository, and tables made here."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"
ROWS = 60


def shared(name: str) -> Path:
    """Return a file of others, or skip the test by its name."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{name} is not in ../shared/data")
    return path


def cycled(rows: int = ROWS) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return time [s], voltage [V], current [A] and step of a cell that is charged and back.

    Steps are a third of a charge, a rest and a discharge; voltage rises with positive current.
    """
    time = np.arange(rows) * 10.0 + 0.5
    step = np.minimum(np.arange(rows) // (rows // 6), 5) + 1
    current = np.choose((step - 1) % 3, [1.5e-3, 0.0, -1.5e-3])
    voltage = 3.5 + np.cumsum(current) * 2.0
    return time, voltage.round(6), current, step


def table(headings: Sequence[str], rows: Sequence[Sequence[object]], delimiter: str = ",") -> str:
    """Return a table as text."""
    lines = [delimiter.join(headings)]
    lines += [delimiter.join(str(cell) for cell in row) for row in rows]
    return "\n".join(lines) + "\n"
