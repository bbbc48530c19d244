"""The numbers of the README come out of a run: two rows of its validation table are run again."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from interlith.calibration.rows import measured_rows

ROOT = Path(__file__).resolve().parent.parent


def load_script() -> ModuleType:
    """Import tools/validation_table.py, which is not part of the package."""
    spec = importlib.util.spec_from_file_location(
        "validation_table", ROOT / "tools" / "validation_table.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


script = load_script()
TABLE = script.split_readme((ROOT / "README.md").read_text(encoding="utf-8"))[1].splitlines()
ROWS = {row.id: row for row in measured_rows(quantity=script.QUANTITY)}


@pytest.mark.parametrize("name", ["ccd-bare-25", "ccd-mgbi-1h"])
def test_row_of_the_readme_is_what_the_model_gives(name: str) -> None:
    assert script.table_line(ROWS[name]) in TABLE, "run tools/validation_table.py"


def test_every_measured_row_is_shown() -> None:
    shown = [line.split("`")[1] for line in TABLE if line.startswith("| `")]
    assert shown == list(ROWS)


def test_fitted_rows_are_marked() -> None:
    for row in ROWS.values():
        line = next(line for line in TABLE if f"`{row.id}`" in line)
        assert line.endswith("| fitted |" if row.role == "calibration" else "| predicted |")
