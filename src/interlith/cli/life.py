"""`interlith migrate`: forms the interlayers of a cell and writes what became of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from interlith.cli.answer import answering, json_ready
from interlith.cli.commands import (
    CellFile,
    JsonFlag,
    OutFolder,
    Overrides,
    app,
    load_cell,
    say_whether_compiling,
)
from interlith.cli.folder import require_usable, results_folder

if TYPE_CHECKING:
    from rich.console import Console

    from interlith.simulation.interlayer import Evolution

Cycles = Annotated[
    int | None, typer.Option("--cycles", min=1, max=1000, help="Default: conversion, or 10.")
]


@app.command()
def migrate(
    file: CellFile,
    cycles: Cycles = None,
    sets: Overrides = [],  # noqa: B006
    out: OutFolder = None,
    as_json: JsonFlag = False,
    no_report: Annotated[
        bool, typer.Option("--no-report", "--no-pictures", help="Only the data.")
    ] = False,
) -> None:
    """Form the interlayers of a cell from pressed powder: conversion, migration, potentials."""
    with answering(as_json) as answer:
        folder = out or Path("results") / f"{file.stem}-migrate"
        cell = load_cell(file, sets)
        require_usable(folder)
        say_whether_compiling()
        from interlith.cli.progress import progress_bar
        from interlith.simulation import evolution_data, interlayer

        with progress_bar(cell.name) as progress:
            evolution = interlayer.evolve(cell, cycles=cycles, progress=progress)
        summary = evolution_data.summary(evolution)
        with results_folder(folder) as partial:
            _write(evolution, summary, partial, report=not no_report)
        answer.show(
            lambda: {**summary, "results": folder},
            lambda console: _print(console, summary, folder),
        )
        answer.leave(evolution.status, evolution.reason)


def _write(evolution: Evolution, summary: dict[str, Any], folder: Path, report: bool) -> None:
    from interlith.simulation.evolution_data import save_evolution

    save_evolution(evolution, folder)
    text = json.dumps(json_ready(summary), indent=2, allow_nan=False)
    (folder / "summary.json").write_text(text + "\n", encoding="utf-8")
    if report:
        from interlith.cell.check import warnings_of
        from interlith.report import write_life_report

        write_life_report(evolution, folder, warnings=tuple(warnings_of(evolution.cell)))


def _print(console: Console, summary: dict[str, Any], folder: Path) -> None:
    from rich.table import Table

    from interlith.report.life_tables import (
        consequence_rows,
        forming_facts,
        metal_rows,
        outcome_in_words,
        side_in_words,
        state_rows,
    )

    console.print(f"{summary['name']}: {outcome_in_words(summary)}", markup=False)
    for label, text in forming_facts(summary)[:2]:
        console.print(f"{label}: {text}")
    table = Table(
        "side", "metal", "left in host", "in interphase", "in lithium", "at% there", box=None
    )
    for row in metal_rows(summary):
        table.add_row(*row)
    console.print(table)
    table = Table("", *summary["sides"], box=None)
    for row in state_rows(summary):
        table.add_row(*row)
    console.print(table)
    for name, side in summary["sides"].items():
        table = Table(f"{name}: for the test", "bare", "stored state", "formed", box=None)
        for found in consequence_rows(side):
            table.add_row(found.quantity, found.bare, found.stored, found.formed)
        console.print(table)
    for name, side in summary["sides"].items():
        console.print(f"{name}: {side_in_words(side)}")
    console.print(f"Results: {folder}")
