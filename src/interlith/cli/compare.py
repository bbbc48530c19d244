"""`interlith compare`: a measured test beside the simulation of the current really applied."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from interlith.cli.answer import answering, json_ready
from interlith.cli.commands import (
    JsonFlag,
    NoPictures,
    OutFolder,
    Overrides,
    app,
    parse_overrides,
    say_whether_compiling,
)
from interlith.cli.finishing import Page, write_pictures
from interlith.cli.folder import require_usable, results_folder
from interlith.cli.measured import (
    CellOption,
    ColumnsOption,
    FormatOption,
    Html,
    MeasuredCommand,
    SignOption,
    named_columns,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from rich.console import Console

    from interlith.cyclerdata.compare import Comparison, Estimate
    from interlith.cyclerdata.recording import Recording


@app.command(cls=MeasuredCommand)
def compare(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Measured file.")],
    cell_file: Annotated[Path, typer.Argument(metavar="CELL", help="Cell file (YAML).")],
    fits: Annotated[
        list[str],
        typer.Option(
            "--fit",
            metavar="FIELD[=START]",
            help="Fit this field, such as layers.electrolyte.properties.ionic_conductivity. "
            "May be repeated.",
        ),
    ] = [],  # noqa: B006
    sets: Overrides = [],  # noqa: B006
    columns: ColumnsOption = [],  # noqa: B006
    sign: SignOption = None,
    cell: CellOption = None,
    format_name: FormatOption = None,
    html: Html = False,
    out: OutFolder = None,
    as_json: JsonFlag = False,
    no_pictures: NoPictures = False,
) -> None:
    """Simulate the current that was really applied; overlay, residuals, fit of parameters."""
    with answering(as_json) as answer:
        folder = out or Path("results") / f"{file.stem}-compare"
        require_usable(folder)
        named = named_columns(columns)
        overrides = parse_overrides(sets)
        from interlith.cyclerdata.compare.beside import compared, subject_of
        from interlith.cyclerdata.compare.estimate import estimate, unknowns_of
        from interlith.cyclerdata.reading import read

        recording = read(file, columns=named, sign=sign, cell=cell, format=format_name)
        subject = subject_of(cell_file, recording, overrides)
        say_whether_compiling()
        before = compared(subject, subject.cell())
        fitted = None
        if fits:
            from interlith.cli.progress import progress_bar

            unknowns = unknowns_of(subject, fits, before)
            with progress_bar("fit") as progress:
                fitted = estimate(subject, unknowns, progress)
        data = _data(file, cell_file, before, fitted)
        with results_folder(folder) as partial:
            _write(partial, data, before, fitted)
            write_pictures(
                partial,
                None if no_pictures else lambda: _figures(before, fitted),
                _page(recording, data) if html else None,
            )
        answer.show(
            lambda: {**data, "results": folder},
            lambda console: _print(console, data, folder),
        )


def _data(
    file: Path, cell_file: Path, before: Comparison, fitted: Estimate | None
) -> dict[str, Any]:
    kinds = [value.kind for value in before.used_values]
    return {
        "status": "ok",
        "file": str(file),
        "cell_file": str(cell_file),
        "comparison": before.summary(),
        "fit": None if fitted is None else fitted.summary(),
        "after_fit": None if fitted is None else fitted.after.summary(),
        "values_used": {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)},
    }


def _write(
    folder: Path,
    data: dict[str, Any],
    before: Comparison,
    fitted: Estimate | None,
) -> None:
    """Write numbers, the two voltages row by row and the fitted cell."""
    import polars as pl

    from interlith.cyclerdata import columns

    text = json.dumps(json_ready(data), indent=2, allow_nan=False, ensure_ascii=False)
    (folder / "compare.json").write_text(text + "\n", encoding="utf-8")
    table = {
        columns.TEST_TIME: before.time,
        columns.VOLTAGE: before.measured,
        "Simulated Voltage / V": before.simulated,
    }
    if fitted is not None:
        table["Simulated Voltage After Fit / V"] = fitted.after.simulated
        (folder / "fitted-cell.yaml").write_text(fitted.after.cell.to_yaml(), encoding="utf-8")
    pl.DataFrame(table).write_parquet(folder / "compare.parquet")


def _figures(before: Comparison, fitted: Estimate | None) -> list[tuple[str, Figure]]:
    from interlith.report.compared import compared_figures

    return compared_figures(before, fitted)


def _page(recording: Recording, data: dict[str, Any]) -> Page:
    from interlith.report.measured_page import measured_page

    rms = data["comparison"]["rms_residual_mV"]
    verdict = f"The simulation misses the record by {rms:.3g} mV rms."
    if data["after_fit"] is not None:
        verdict += f" After the fit it does so by {data['after_fit']['rms_residual_mV']:.3g} mV."
    return lambda drawn: measured_page(
        f"Beside the simulation: {Path(recording.source).name}",
        verdict,
        data,
        drawn,
        recorded=recording.recorded,
        notes=recording.notes,
    )


def _print(console: Console, data: dict[str, Any], folder: Path) -> None:
    from interlith.cli.tables import number, plain_table

    table = plain_table("simulation", "rms / mV", "mean / mV", "largest / mV", "rows", "status")
    for name, key in (("as the cell file has it", "comparison"), ("after the fit", "after_fit")):
        found = data[key]
        if found is None:
            continue
        table.add_row(
            name,
            number(found["rms_residual_mV"]),
            number(found["mean_residual_mV"]),
            number(found["largest_residual_mV"]),
            f"{found['rows_simulated']} of {found['rows']}",
            found["status"],
        )
    console.print(table)
    fitted = data["fit"]
    if fitted is not None:
        table = plain_table("field", "start", "value", "95 % interval", "unit", "determined")
        for path, one in fitted["parameters"].items():
            table.add_row(
                path,
                number(one["start"]),
                number(one["value"]),
                f"{number(one['low'])} to {number(one['high'])}",
                one["unit"],
                "yes" if one["determined"] else "no: the record does not tell",
            )
        console.print(table)
        console.print(
            f"Residuals err alike over {fitted['correlation_time_rows']:.3g} rows; the intervals "
            "count these as one."
        )
        if not fitted["converged"]:
            console.print(f"Not converged: {fitted['reason']}")
    kinds = ", ".join(f"{count} {kind}" for kind, count in data["values_used"].items())
    console.print(f"Values used: {kinds}")
    console.print(f"Results: {folder}")
