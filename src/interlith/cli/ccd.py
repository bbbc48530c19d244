"""`interlith ccd`: critical current density, short events and resistances of measured ramps."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from interlith.cli.answer import Answer, answering, json_ready
from interlith.cli.commands import JsonFlag, NoPictures, OutFolder, app
from interlith.cli.folder import require_usable, results_folder
from interlith.cli.measured import (
    AreaOption,
    CellOption,
    ColumnsOption,
    FormatOption,
    Html,
    MeasuredCommand,
    SignOption,
    named_columns,
    read_area,
    read_positive,
)
from interlith.errors import InputError, Problem, near_matches

if TYPE_CHECKING:
    from rich.console import Console

    from interlith.cyclerdata.ccd import CcdAnalysis, Criterion, Spread, Thresholds
    from interlith.cyclerdata.impedance.collapse import ArcCollapse, Spans
    from interlith.cyclerdata.spectrum import Spectrum

__all__ = ["read_criteria", "read_thresholds"]


@app.command(cls=MeasuredCommand)
def ccd(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Files of cyclers; several: replicates.")
    ],
    area: AreaOption = None,
    thickness: Annotated[
        str | None,
        typer.Option("--thickness", metavar="LENGTH", help='Of the electrolyte, such as "600 um".'),
    ] = None,
    voltage_limit: Annotated[
        str | None,
        typer.Option("--voltage-limit", metavar="VOLTAGE", help='Where the test ends, "5 V".'),
    ] = None,
    spectra: Annotated[
        list[Path],
        typer.Option("--spectra", metavar="FILE", help="Impedance of the cell. May be repeated."),
    ] = [],  # noqa: B006
    without: Annotated[
        list[str],
        typer.Option(
            "--without", metavar="CRITERION", help="Do not look for this sign. May be repeated."
        ),
    ] = [],  # noqa: B006
    only: Annotated[
        list[str],
        typer.Option("--only", metavar="CRITERION", help="Look for this sign. May be repeated."),
    ] = [],  # noqa: B006
    thresholds: Annotated[
        list[str],
        typer.Option(
            "--threshold", metavar="NAME=NUMBER", help="Change a convention. May be repeated."
        ),
    ] = [],  # noqa: B006
    ignore_soft: Annotated[
        bool, typer.Option("--ignore-soft-shorts", help="A soft short does not fail a step.")
    ] = False,
    columns: ColumnsOption = [],  # noqa: B006
    sign: SignOption = None,
    cell: CellOption = None,
    format_name: FormatOption = None,
    html: Html = False,
    out: OutFolder = None,
    as_json: JsonFlag = False,
    no_pictures: NoPictures = False,
) -> None:
    """Judge a measured ramp: critical current density, shorts with evidence, resistances."""
    with answering(as_json) as answer:
        folder = out or Path("results") / f"{files[0].stem}-ccd"
        require_usable(folder)
        from interlith.cyclerdata.ccd import analyse_ccd

        square = read_area(area)
        depth = read_positive(thickness, "length", "--thickness")
        limit = read_positive(voltage_limit, "voltage", "--voltage-limit")
        conventions = replace(read_thresholds(thresholds), voltage_limit=limit)
        chosen = read_criteria(only, without)
        named = named_columns(columns)
        others = _spectra_of(spectra)
        cells = []
        for file in files:
            from interlith.cyclerdata.reading import read_all

            held = read_all(file, columns=named, sign=sign, cell=cell, format=format_name)
            if held.recording is None:
                raise InputError(
                    Problem(str(file), "contents", "impedance only", "voltage and current in time")
                )
            arcs, collapses = _collapses([*held.spectra, *others])
            found = analyse_ccd(
                held.recording,
                square if square is not None else _recorded_area(held.recorded),
                thickness=depth,
                collapses=collapses,
                thresholds=conventions,
                criteria=chosen,
                soft_counts=not ignore_soft,
            )
            cells.append((file, found, arcs))
        _finish(answer, folder, cells, html=html, pictures=not no_pictures)


def _spectra_of(files: list[Path]) -> list[Spectrum]:
    if not files:
        return []
    from interlith.cyclerdata.reading import read_spectra

    return [spectrum for file in files for spectrum in read_spectra(file)]


def _collapses(spectra: list[Spectrum]) -> tuple[Spans | None, list[ArcCollapse]]:
    """Arcs against time and their collapses; nothing from fewer spectra than can tell."""
    if len(spectra) < 2:
        return None, []
    from interlith.cyclerdata.impedance.collapse import arc_collapse, spans

    return spans(spectra), arc_collapse(spectra)


def _recorded_area(recorded: Any) -> float | None:
    """The area that the file states, where it is more than a placeholder."""
    text = recorded.get("area")
    if text is None:
        return None
    try:
        return read_area(text)
    except InputError:
        return None


def read_criteria(only: list[str], without: list[str]) -> frozenset[Criterion]:
    """Return the signs to look for.

    Raises
    ------
    InputError
        A name is not that of a criterion, or none is left.
    """
    from interlith.cyclerdata.ccd import ALL_CRITERIA, Criterion

    names = {c.name.lower(): c for c in Criterion} | {
        c.value.replace(" ", "-"): c for c in Criterion
    }

    def named(text: str, option: str) -> Criterion:
        try:
            return names[text.strip().lower().replace(" ", "-").replace("_", "-")]
        except KeyError:
            near = near_matches(text, names) or [c.name.lower() for c in Criterion]
            problem = Problem("", option, text, f"one of {', '.join(near)}")
            raise InputError(problem) from None

    chosen = frozenset(named(text, "--only") for text in only) or ALL_CRITERIA
    chosen -= {named(text, "--without") for text in without}
    if not chosen:
        raise InputError(Problem("", "--without", ", ".join(without), "a criterion that is left"))
    return chosen


def read_thresholds(texts: list[str]) -> Thresholds:
    """Return the conventions with those that the user changed.

    Raises
    ------
    InputError
        One is not NAME=NUMBER, or no convention has that name.
    """
    from interlith.cyclerdata.ccd import Thresholds

    known = [f.name for f in fields(Thresholds) if f.name != "voltage_limit"]
    changes: dict[str, float] = {}
    problems = []
    for text in texts:
        name, _, number = text.partition("=")
        name = name.strip().replace("-", "_").replace(" ", "_")
        try:
            value = float(number)
        except ValueError:
            value = float("nan")
        if name not in known:
            problems.append(Problem("", "--threshold", text, f"one of {', '.join(known)}"))
        elif not 0.0 < value < float("inf"):
            problems.append(Problem("", f"--threshold {name}", number, "a number above zero"))
        changes[name] = value
    if problems:
        raise InputError(problems)
    return replace(Thresholds(), **changes)


def _finish(
    answer: Answer,
    folder: Path,
    cells: list[tuple[Path, CcdAnalysis, Spans | None]],
    *,
    html: bool,
    pictures: bool,
) -> None:
    """Write data, pictures and page; show the verdict."""
    from interlith.cyclerdata.ccd import spread_of

    spread = spread_of([found for _, found, _ in cells])
    data = _data(cells, spread)
    with results_folder(folder) as partial:
        text = json.dumps(json_ready(data), indent=2, allow_nan=False, ensure_ascii=False)
        (partial / "ccd.json").write_text(text + "\n", encoding="utf-8")
        names = _folder_names([file for file, _, _ in cells])
        for name, (_, found, arcs) in zip(names, cells, strict=True):
            if not (pictures or html):
                break
            from interlith.report.measured_ccd import write_ccd_report

            own = partial if len(cells) == 1 else partial / name
            own.mkdir(exist_ok=True)
            write_ccd_report(found, own, arcs=arcs, page=html)
    answer.show(
        lambda: {**data, "results": folder},
        lambda console: _print(console, cells, spread, folder),
    )


def _folder_names(files: list[Path]) -> list[str]:
    """Return a name for the folder of each file; files of one name are numbered."""
    stems = [file.stem for file in files]
    return [
        stem if stems.count(stem) == 1 else f"{stem}-{number}"
        for number, stem in enumerate(stems, start=1)
    ]


def _data(cells: list[tuple[Path, CcdAnalysis, Spans | None]], spread: Spread) -> dict[str, Any]:
    if len(cells) == 1:
        file, found, _ = cells[0]
        return {"status": "ok", "file": str(file), **found.summary()}
    return {
        "status": "ok",
        "cells": [{"file": str(file), **found.summary()} for file, found, _ in cells],
        "spread": spread.summary(),
    }


def _print(
    console: Console,
    cells: list[tuple[Path, CcdAnalysis, Spans | None]],
    spread: Spread,
    folder: Path,
) -> None:
    from interlith.cli.ccd_tables import print_ccd, print_spread

    for file, found, _ in cells:
        print_ccd(console, file, found)
    if len(cells) > 1:
        print_spread(console, spread)
    console.print(f"Results: {folder}")
