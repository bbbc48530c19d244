"""The commands. Everything heavy is imported inside them, so that ``--help`` answers at once."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Never

import typer

from interlith.cli.answer import Answer, ExitCode, answering, bare_entry
from interlith.cli.fitting import RowsOf
from interlith.cli.folder import default_folder, require_usable, results_folder, write_text_file
from interlith.cli.saving import result_saver, save_result
from interlith.errors import InputError, Problem, near_matches

if TYPE_CHECKING:
    from rich.console import Console

    from interlith.cell import Cell
    from interlith.materials import UsedValue
    from interlith.simulation import Result
    from interlith.simulation.full_result import FullResult


class Template(StrEnum):
    """What `interlith new` can write."""

    CCD = "ccd"
    CYCLING = "cycling"
    CCD_BARE = "ccd-bare"
    FULL = "full"


JsonFlag = Annotated[
    bool, typer.Option("--json", help="Print one JSON object and nothing else on standard output.")
]
CellFile = Annotated[Path, typer.Argument(metavar="FILE", help="Cell file (YAML).")]
Overrides = Annotated[
    list[str],
    typer.Option(
        "--set",
        metavar="FIELD=VALUE",
        help='Change a field of the cell, such as layers.1.thickness="30 um". May be repeated.',
    ),
]
NoPictures = Annotated[bool, typer.Option("--no-pictures", help="Only the data.")]
OutFolder = Annotated[
    Path | None,
    typer.Option("--out", metavar="DIR", help="Results folder; default results/<file>."),
]


class OtherProgram(StrEnum):
    """Programs that a cell can be run beside."""

    PYBAMM = "pybamm"


app = typer.Typer(
    name="interlith",
    help="Simulate the lithium-metal interfaces of all-solid-state batteries.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
materials_app = typer.Typer(help="Look into the materials library.", no_args_is_help=True)
app.add_typer(materials_app, name="materials")


def main() -> None:
    """Run the command line; with --json usage errors are JSON too."""
    if "--json" in sys.argv[1:]:
        _run_as_json()
    else:
        app()


def _run_as_json() -> Never:
    """Run a command and answer wrong usage in the form of any other bad input."""
    try:
        code = app(standalone_mode=False)
    except typer.TyperException as error:
        problem = bare_entry(error.format_message())
        Answer(as_json=True).refuse("error", [problem], ExitCode.BAD_INPUT)
        sys.exit(ExitCode.BAD_INPUT)
    except (KeyboardInterrupt, typer.Abort):
        sys.exit(ExitCode.INTERRUPTED)
    sys.exit(code if isinstance(code, int) else ExitCode.DONE)


def _print_version(wanted: bool) -> None:
    if wanted:
        from interlith import __version__

        typer.echo(f"interlith {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Version.")
    ] = False,
) -> None:
    """Simulate the lithium-metal interfaces of all-solid-state batteries."""


@app.command()
def new(
    kind: Annotated[Template, typer.Argument(help="What the cell file shall do.")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="File to write.")],
    force: Annotated[bool, typer.Option("--force", help="Overwrite an existing file.")] = False,
) -> None:
    """Write a commented cell file to start from."""
    with answering(as_json=False) as answer:
        from interlith.cell.templates import template_text

        write_text_file(file, template_text(kind.value), overwrite=force)
        answer.note(f"Wrote {file}. Next: interlith check {file}; interlith run {file}")


@app.command()
def check(file: CellFile, sets: Overrides = [], as_json: JsonFlag = False) -> None:  # noqa: B006
    """Show every problem of a cell file, and the library values it will use."""
    with answering(as_json) as answer:
        from interlith.cell.check import warnings_of
        from interlith.cli.tables import print_check

        cell = load_cell(file, sets)
        values = _used_values(cell)
        warnings = warnings_of(cell)
        answer.show(
            lambda: {
                "status": "ok",
                "file": file,
                "name": cell.name,
                "problems": [],
                "warnings": warnings,
                "values": values,
            },
            lambda console: print_check(console, file, warnings, values),
        )


@app.command()
def run(
    file: CellFile,
    sets: Overrides = [],  # noqa: B006
    out: OutFolder = None,
    as_json: JsonFlag = False,
    no_report: Annotated[bool, typer.Option("--no-report", help="Leave out report.html.")] = False,
    beside: Annotated[
        OtherProgram | None,
        typer.Option("--with", help="Compare the cathode half cell with this program instead."),
    ] = None,
    fresh: Annotated[
        bool,
        typer.Option("--fresh", help="Start over, whatever the checkpoint of a full cell says."),
    ] = False,
) -> None:
    """Simulate a cell and write its results; a full cell goes on from its checkpoint."""
    with answering(as_json) as answer:
        if beside is not None:
            _compare(answer, file, sets, out, pictures=not no_report)
            return
        folder = out or default_folder(file)
        with result_saver(report=not no_report) as save:
            cell = load_cell(file, sets)
            require_usable(folder)
            result = _simulate_full(cell, folder, fresh) if cell.is_full else _simulate(cell)
            with results_folder(folder) as partial:
                save(result, partial)
        _answer_run(answer, result, folder)


def _compare(answer: Answer, file: Path, sets: list[str], out: Path | None, pictures: bool) -> None:
    """Run the cathode half cell beside PyBaMM."""
    from interlith.cli.beside import run_beside

    folder = out or Path("results") / f"{file.stem}-with-pybamm"
    cell = load_cell(file, sets)
    if not cell.is_full:
        last = cell.layers[-1].material
        expected = "a composite cathode: only that is run beside PyBaMM"
        raise InputError(Problem(str(file), f"layers.{len(cell.layers) - 1}", last, expected))
    require_usable(folder)
    say_whether_compiling(full=True)
    run_beside(answer, cell, folder, pictures)


@materials_app.command("list")
def list_materials(
    category: Annotated[str | None, typer.Option(help="Only this category.")] = None,
    as_json: JsonFlag = False,
) -> None:
    """List the materials of the library."""
    with answering(as_json) as answer:
        from interlith.cli.tables import material_entry, print_materials
        from interlith.materials import Library

        library = Library.default()
        materials = [library[name] for name in library.names()]
        _require_category(category, sorted({material.category for material in materials}))
        wanted = [m for m in materials if category in (None, m.category)]
        answer.show(
            lambda: {"status": "ok", "materials": [material_entry(m) for m in wanted]},
            lambda console: print_materials(console, wanted),
        )


@materials_app.command("show")
def show_material(
    name: Annotated[str, typer.Argument(help="Name of the material, such as Li3Bi.")],
    temperature: Annotated[str, typer.Option(help="Temperature of the values.")] = "25 degC",
    as_json: JsonFlag = False,
) -> None:
    """Show every property of a material with value, unit, kind and source."""
    with answering(as_json) as answer:
        from interlith.cli.tables import (
            curve_entries,
            material_entry,
            print_material,
            property_entries,
        )
        from interlith.materials import Library

        temperature_K = _temperature(temperature)
        material = Library.default()[name]
        answer.show(
            lambda: {
                "status": "ok",
                **material_entry(material),
                "temperature_K": temperature_K,
                "properties": property_entries(material, temperature_K),
                **({"curves": curve_entries(material)} if material.curves else {}),
            },
            lambda console: print_material(console, material, temperature_K),
        )


@app.command()
def demo(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Results folder.")] = Path(
        "results/demo"
    ),
    as_json: JsonFlag = False,
) -> None:
    """Run the test of the bare cell beside that of the Mg16Bi84 cell: table and report."""
    with answering(as_json) as answer:
        from interlith.cli.demonstration import CASES, TITLE, demo_cell, measured_note, measured_row
        from interlith.cli.tables import demo_entry, print_demo

        require_usable(out)
        results = {case: _simulate(demo_cell(case)) for case in CASES}
        rows = {case: measured_row(case) for case in CASES}
        with results_folder(out) as partial:
            for case, result in results.items():
                save_result(result, partial / case.key)
            from interlith.report import write_comparison

            write_comparison(
                list(results.values()),
                partial,
                title=TITLE,
                measured=[(case.name, row.value) for case, row in rows.items() if row],
                note=measured_note(results),
            )
        answer.show(
            lambda: {
                "status": "ok",
                "results": out,
                "report": out / "comparison.html",
                "cells": {
                    case.key: demo_entry(case, result, rows[case])
                    for case, result in results.items()
                },
            },
            lambda console: print_demo(console, results, rows, out),
        )


@app.command()
def calibrate(
    rows: Annotated[
        RowsOf, typer.Option(help="Measured rows to fit: critical currents or full cells.")
    ] = RowsOf.CCD,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="File to write; default wan2023-ROWS.yaml."),
    ] = None,
    install: Annotated[
        bool, typer.Option("--install", help="Write into the package, so that every run uses it.")
    ] = False,
    leave_one_out: Annotated[
        bool,
        typer.Option("--leave-one-out", help="Predict each fitted row by a fit to the others too."),
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Fit the unknown parameters to the calibration rows, and predict the validation rows."""
    with answering(as_json) as answer:
        from interlith.cli import fitting
        from interlith.cli.tables import print_calibration

        path = fitting.fit_file(rows, out, install)
        say_whether_compiling(full=rows is RowsOf.FULL_CELL)
        found = fitting.fit_rows(rows, answer.note)
        if leave_one_out:
            found = fitting.with_rows_left_out(rows, found, answer.note)
        fitting.write_whole(found, path)
        fitted = fitting.calibration_rows(found)
        predicted = fitting.predictions(rows, found, answer.note)
        values = fitting.fitted_values(found)
        left_out = fitting.left_out_rows(found)
        answer.show(
            lambda: {
                "status": "ok",
                "file": path,
                "values": values,
                "identifiability": fitting.known_values(found),
                "calibration": [row.entry() for row in fitted],
                "leave_one_out": [row.entry() for row in left_out],
                "predictions": [row.entry() for row in predicted],
            },
            lambda console: print_calibration(console, values, fitted, predicted, path, left_out),
        )


@app.command("calibrate-ensemble")
def calibrate_ensemble(
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="File to write; default that of the package."),
    ] = None,
) -> None:
    """Draw all uncertain numbers so that they meet the calibration rows (about half an hour)."""
    with answering(as_json=False) as answer:
        from interlith.cli.fitting import write_ensemble_file

        say_whether_compiling(full=True)
        answer.note(f"Written: {write_ensemble_file(out, answer.note)}")


def load_cell(file: Path, sets: list[str]) -> Cell:
    """Read a cell file with the changes of --set."""
    changes = parse_overrides(sets)
    from interlith.cell import load

    return load(file, overrides=changes)


def parse_overrides(sets: list[str], option: str = "--set") -> dict[str, str]:
    """Return ``field=value`` texts as a mapping; raises InputError with every malformed one."""
    pairs = [text.partition("=") for text in sets]
    bad = [
        Problem("", option, text, 'FIELD=VALUE, such as layers.1.thickness="30 um"')
        for text, (field, equals, value) in zip(sets, pairs, strict=True)
        if not (field.strip() and equals and value.strip())
    ]
    if bad:
        raise InputError(bad)
    return {field.strip(): value.strip() for field, _, value in pairs}


def _temperature(text: str) -> float:
    """Return the temperature of an option in K."""
    from interlith.errors import QuantityError
    from interlith.units import to_si

    try:
        return to_si(text, "temperature")
    except QuantityError as error:
        raise InputError(error.at("", "--temperature")) from None


def _require_category(category: str | None, known: list[str]) -> None:
    if category is not None and category not in known:
        near = near_matches(category, known)
        hint = f"; did you mean {near[0]}?" if near else ""
        expected = "one of " + ", ".join(known) + hint
        raise InputError(Problem("", "--category", category, expected))


def say_whether_compiling(full: bool = False) -> None:
    """Say that the equations are compiled first; to be called before anything imports them."""
    from interlith.simulation import compilation_pending

    if compilation_pending(full):
        _say("Compiling the equations, once; later runs start at once.")


def _used_values(cell: Cell) -> list[UsedValue]:
    """Return every value that a simulation of a cell would use."""
    if not cell.is_full:
        say_whether_compiling()
    from interlith.simulation import used_values

    return used_values(cell)


def _say(text: str) -> None:
    """Write a line that is not the answer, at once."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def _simulate_full(cell: Cell, folder: Path, fresh: bool) -> FullResult:
    """Simulate a full cell; an interrupted run of the same cell is taken up where it stopped."""
    from interlith.cli.progress import progress_bar

    say_whether_compiling(full=True)
    from interlith.simulation.full_run import simulate_full

    checkpoint = folder.parent / f".{folder.name}.checkpoint.npz"
    with progress_bar(cell.name) as progress:
        return simulate_full(
            cell,
            progress=progress,
            checkpoint=checkpoint,
            fresh=fresh,
            note=_say,
        )


def _simulate(cell: Cell) -> Result:
    """Simulate with a progress bar on standard error, when that is a terminal."""
    from interlith.cli.progress import progress_bar

    say_whether_compiling()
    from interlith.simulation import simulate_symmetric

    with progress_bar(cell.name) as progress:
        return simulate_symmetric(cell, progress=progress)


def _answer_run(answer: Answer, result: Result | FullResult, folder: Path) -> None:
    """Show the result and leave with the exit code of its status."""
    from interlith.cli.full_tables import print_full_result
    from interlith.cli.tables import print_result
    from interlith.simulation.full_result import FullResult

    def people(console: Console) -> None:
        if isinstance(result, FullResult):
            print_full_result(console, result, folder)
        else:
            print_result(console, result, folder)

    answer.show(lambda: {**result.summary(), "results": folder}, people)
    answer.leave(result.status, result.reason)
