"""How long a measured file takes: a million rows of text, plain and with clocks and dates."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from benchmarks.stopwatch import median_seconds
from interlith.cyclerdata import read

TITLE = "measured files"
ROWS = 1_000_000
TARGET_S = 3.0


def measure(full: bool = False) -> dict[str, Any]:
    del full
    found: dict[str, Any] = {"rows": ROWS}
    with tempfile.TemporaryDirectory() as folder:
        for name, write in (("plain", _plain), ("comma", _comma), ("clock", _clock)):
            path = Path(folder) / f"{name}.csv"
            write(path)
            found[f"{name}_MB"] = path.stat().st_size / 1e6
            found[f"{name}_s"] = median_seconds(lambda path=path: read(path), 3)
    return {**found, "met": all(found[f"{name}_s"] < TARGET_S for name in ("plain", "comma"))}


def _table() -> pl.DataFrame:
    time = np.arange(ROWS, dtype=float)
    hours = np.arange(ROWS) // 3600
    noise = 1e-3 * np.random.default_rng(0).standard_normal(ROWS)
    return pl.DataFrame(
        {
            "Test Time / s": time,
            "Voltage / V": 3.0 + 0.1 * np.sin(time / 3600.0) + noise,
            "Current / A": np.where(hours % 2 == 0, 1e-3, -1e-3),
            "Cycle Count / 1": hours // 2,
            "Step ID": hours % 2,
        }
    )


def _plain(path: Path) -> None:
    _table().write_csv(path)


def _comma(path: Path) -> None:
    _table().write_csv(path, separator=";", decimal_comma=True)


def _clock(path: Path) -> None:
    """As Neware's program exports it: hours, minutes and seconds, and dates."""
    table = _table()
    stamp = pl.from_epoch((table["Test Time / s"] + 1.7e9).cast(pl.Int64), time_unit="s")
    seconds = table["Test Time / s"].cast(pl.Int64)
    parts = (seconds // 3600, seconds // 60 % 60, seconds % 60)
    clock = [f"{h:02d}:{m:02d}:{s:02d}.000" for h, m, s in zip(*parts, strict=True)]
    pl.DataFrame(
        {
            "DataPoint": np.arange(ROWS),
            "Total Time": clock,
            "Current(mA)": table["Current / A"] * 1e3,
            "Voltage(V)": table["Voltage / V"],
            "Chg. Cap.(mAh)": 0.0,
            "DChg. Cap.(mAh)": 0.0,
            "Date": stamp.dt.strftime("%Y-%m-%d %H:%M:%S"),
        }
    ).write_csv(path)


def lines(found: dict[str, Any]) -> list[tuple[str, str, str]]:
    names = {
        "plain": "columns of BDF",
        "comma": "semicolons and decimal commas",
        "clock": "Neware's export, clocks and dates",
    }
    return [
        (
            f"{found['rows']:,} rows, {text} ({found[f'{name}_MB']:.0f} MB)",
            f"{found[f'{name}_s']:.2f} s",
            "" if name == "clock" else f"{TARGET_S:g} s",
        )
        for name, text in names.items()
    ]
