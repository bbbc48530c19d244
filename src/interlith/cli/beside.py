"""`interlith run --with pybamm`: the cathode half cell beside PyBaMM, curves and difference."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from interlith.cli.answer import Answer, json_ready
from interlith.cli.folder import results_folder
from interlith.errors import InputError, Problem

if TYPE_CHECKING:
    from rich.console import Console

    from interlith.bridges.beside import Compared
    from interlith.cell.cell import Cell

__all__ = ["run_beside"]


def run_beside(answer: Answer, cell: Cell, folder: Path, pictures: bool) -> None:
    """Compare, write numbers and pictures, show the table.

    Parameters
    ----------
    answer : Answer
        Where to.
    cell : Cell
        A full cell.
    folder : Path
        Results folder.
    pictures : bool
        Whether to draw.
    """
    from interlith.bridges.loading import MissingExtraError
    from interlith.cli.progress import progress_bar

    try:
        from interlith.bridges.beside import beside_pybamm
        from interlith.bridges.composite import LEFT_BEHIND

        with progress_bar(f"{cell.name} beside PyBaMM") as progress:
            found = beside_pybamm(cell, progress=progress)
    except MissingExtraError as missing:
        problem = Problem("", "--with", "pybamm", f"the extra pybamm ({missing})")
        raise InputError(problem) from None
    entry = {
        "status": "ok",
        "name": cell.name,
        "comparison": [compared.entry() for compared in found],
        "left_out_on_both_sides": list(LEFT_BEHIND),
    }
    with results_folder(folder) as partial:
        _write(entry, found, partial, pictures)
    answer.show(
        lambda: {**entry, "results": folder}, lambda console: _print(console, entry, folder)
    )


def _write(entry: dict[str, Any], found: list[Compared], folder: Path, pictures: bool) -> None:
    """Write the table as JSON, the curves as CSV, the pictures."""
    text = json.dumps(json_ready(entry), indent=2, allow_nan=False, ensure_ascii=False)
    (folder / "comparison.json").write_text(text + "\n", encoding="utf-8")
    with (folder / "curves.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["program", "C_rate", "direction", "time_s", "voltage_V"])
        for case in found:
            for program, times, voltages in (
                ("interlith", case.time, case.voltage),
                ("pybamm", case.pybamm_time, case.pybamm_voltage),
            ):
                rows = zip(times.tolist(), voltages.tolist(), strict=True)
                writer.writerows([program, case.rate, case.direction, *row] for row in rows)
    if pictures:
        from interlith.bridges.beside_picture import write_beside

        write_beside(found, folder / "pictures")


def _print(console: Console, entry: dict[str, Any], folder: Path) -> None:
    from interlith.cli.tables import plain_table

    console.print(f"{entry['name']}: the cathode against ideal lithium, as made\n")
    table = plain_table(
        "C-rate", "direction", "rms difference, mV", "capacity, mAh/cm2", "PyBaMM", "difference, %"
    )
    for case in entry["comparison"]:
        shown = [f"{case['C_rate']:g}", case["direction"]]
        if math.isnan(case["rms_voltage_difference_mV"]):
            shown += ["-", "0", "0", "the limit is passed at once"]
        else:
            shown += [
                f"{case['rms_voltage_difference_mV']:.3f}",
                f"{case['capacity_mAh_cm2']:.5g}",
                f"{case['pybamm_capacity_mAh_cm2']:.5g}",
                f"{case['capacity_difference_percent']:+.4f}",
            ]
        table.add_row(*shown)
    console.print(table)
    console.print("\nLeft out on both sides:")
    for line in entry["left_out_on_both_sides"]:
        console.print(f"- {line}")
    console.print(f"\nResults: {folder}")
