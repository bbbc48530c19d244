"""`interlith migrate`: forms the interlayers of a cell and writes what became of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from interlith.cli.answer import Answer, ExitCode, answering, json_ready
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
    no_pictures: Annotated[bool, typer.Option("--no-pictures", help="Only the data.")] = False,
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
            _write(evolution, summary, partial, pictures=not no_pictures)
        answer.show(
            lambda: {**summary, "results": folder},
            lambda console: _print(console, summary, folder),
        )
        _leave(answer, evolution)


def _write(evolution: Evolution, summary: dict[str, Any], folder: Path, pictures: bool) -> None:
    from interlith.simulation import evolution_data

    evolution_data.dataset(evolution).to_netcdf(folder / "evolution.nc", engine="h5netcdf")
    text = json.dumps(json_ready(summary), indent=2, allow_nan=False)
    (folder / "summary.json").write_text(text + "\n", encoding="utf-8")
    (folder / "formed-cell.yaml").write_text(evolution.formed.to_yaml(), encoding="utf-8")
    if pictures:
        from interlith.report.life import write_life

        write_life(evolution, folder / "pictures")


def _print(console: Console, summary: dict[str, Any], folder: Path) -> None:
    from rich.table import Table

    console.print(f"{summary['name']}: {summary['status']}, {summary['cycles']} cycles")
    console.print(summary["reason"])
    table = Table("side", "metal", "left in host", "in lithium", "in interphase", box=None)
    for name, side in summary["sides"].items():
        for metal, row in side["metals"].items():
            shares = ("left_in_host_fraction", "in_anode_fraction", "in_sei_fraction")
            table.add_row(name, metal, *(f"{100.0 * row[share]:.3g} %" for share in shares))
    console.print(table)
    table = Table(
        "side", "porosity", "swelling strain", "interphase, nm", "host lithiated",
        "at electrolyte, V", "on plateau, h", box=None,
    )  # fmt: skip
    for name, side in summary["sides"].items():
        table.add_row(
            name,
            ", ".join(f"{value:.3g}" for value in side["porosity"]),
            ", ".join(f"{value:+.2g}" for value in side["swelling_strain"]),
            f"{side['sei_thickness_nm']:.4g}",
            f"{side['host_lithiated_fraction']:.4g}",
            f"{side['potential_at_electrolyte_V']:.3g}",
            f"{side['time_on_plateau_h']:.3g}",
        )
    console.print(table)
    for name, side in summary["sides"].items():
        console.print(f"{name}: {_in_words(side)}")
    console.print(f"Results: {folder}")


def _in_words(side: dict[str, Any]) -> str:
    swelling = (
        "the swelling of the host has nowhere to go and the layer cracks"
        if side["cracked"]
        else "the metal that left makes room for the swelling of the host"
    )
    return (
        f"{swelling}; the electrolyte side sat on the plateau of the host for "
        f"{side['time_on_plateau_h']:.3g} h, until the host there was lithiated; for "
        f"{side['time_below_reduction_potential_h']:.3g} h it was below "
        f"{side['electrolyte_reduction_potential_V']:.3g} V, where the electrolyte is not stable "
        "and only the interphase protects it."
    )


def _leave(answer: Answer, evolution: Evolution) -> None:
    codes = {"interrupted": ExitCode.INTERRUPTED, "failed": ExitCode.FAILED}
    code = codes.get(evolution.status, ExitCode.DONE)
    if code:
        answer.note(f"{evolution.status}: {evolution.reason}")
        raise typer.Exit(int(code))
