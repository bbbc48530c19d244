"""Writes a reproduction: JSON, tables as CSV and Parquet, runs as netCDF, the page."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from interlith.reproduce.outcome import Reproduction

__all__ = ["plain", "write_data", "write_page"]


def write_data(found: Reproduction, folder: Path) -> list[Path]:
    """Write results.json, and the rows and draws as Parquet and CSV.

    Parameters
    ----------
    found : Reproduction
        What was found.
    folder : Path
        Where to.

    Returns
    -------
    list of Path
        The files.
    """
    import polars as pl

    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(plain(found.entry()), indent=1, allow_nan=False, ensure_ascii=False)
    (folder / "results.json").write_text(text + "\n", encoding="utf-8")
    tables = {
        "rows": pl.DataFrame(
            [outcome.entry() for outcome in (*found.outcomes, *found.elsewhere)],
            infer_schema_length=None,
        ),
        "draws": pl.DataFrame(
            list(_draw_rows(found)),
            schema={"row": pl.String, "draw": pl.Int64, "value": pl.Float64},
            orient="row",
        ),
    }
    written = [folder / "results.json"]
    for name, table in tables.items():
        table.write_parquet(folder / f"{name}.parquet")
        table.write_csv(folder / f"{name}.csv")
        written += [folder / f"{name}.parquet", folder / f"{name}.csv"]
    return written


def _draw_rows(found: Reproduction) -> Iterator[tuple[str, int, float]]:
    for name, values in found.draws.items():
        for number, value in enumerate(values, 1):
            yield name, number, value


def plain(value: Any) -> Any:
    """Return what strict JSON knows: numbers that are not finite become null, floats are short."""
    if isinstance(value, float):
        return float(f"{value:.6g}") if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def write_page(found: Reproduction, folder: Path) -> Path:
    """Write report.html with every picture inside it, pictures as files, and the runs as netCDF.

    Parameters
    ----------
    found : Reproduction
        What was found.
    folder : Path
        Where to.
    """
    from interlith.reproduce.page import page

    path = folder / "report.html"
    path.write_text(page(found, folder), encoding="utf-8")
    return path
