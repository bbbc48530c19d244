"""`interlith impedance`: fit, Kramers-Kronig test, relaxation times, spectra against time."""

from __future__ import annotations

import math
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from interlith.cli.answer import answering
from interlith.cli.commands import JsonFlag, NoPictures, OutFolder, app
from interlith.cli.finishing import Page, finish
from interlith.cli.folder import require_usable
from interlith.cli.measured import AreaOption, FormatOption, Html, read_area
from interlith.cli.quantity_options import QuantityCommand
from interlith.errors import InputError, Problem

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from interlith.cyclerdata.impedance.study import Study

__all__ = ["read_guesses"]


class WeightingName(StrEnum):
    """What residuals are divided by."""

    MODULUS = "modulus"
    PROPORTIONAL = "proportional"
    UNIT = "unit"


@app.command(cls=QuantityCommand)
def impedance(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="File with impedance spectra.")],
    circuit: Annotated[
        str | None,
        typer.Option(
            "--circuit",
            metavar="CIRCUIT",
            help='Such as "R0-p(R1,CPE1)-W"; default: chosen from a short list.',
        ),
    ] = None,
    guesses: Annotated[
        list[str],
        typer.Option(
            "--guess", metavar="NAME=NUMBER", help="Start of a parameter, R1=20. May be repeated."
        ),
    ] = [],  # noqa: B006
    weighting: Annotated[
        WeightingName, typer.Option("--weighting", help="What residuals are divided by.")
    ] = WeightingName.MODULUS,
    drt: Annotated[
        bool, typer.Option("--drt", help="Distribution of relaxation times too.")
    ] = False,
    spectrum: Annotated[
        int, typer.Option("--spectrum", help="Which spectrum to look at closely, from 1.")
    ] = 1,
    area: AreaOption = None,
    format_name: FormatOption = None,
    html: Html = False,
    out: OutFolder = None,
    as_json: JsonFlag = False,
    no_pictures: NoPictures = False,
) -> None:
    """Fit impedance spectra with uncertainties; test them; follow resistances in time."""
    with answering(as_json) as answer:
        folder = out or Path("results") / f"{file.stem}-impedance"
        require_usable(folder)
        square = read_area(area)
        starts = read_guesses(guesses)
        from interlith.cyclerdata.impedance.circuit import read_circuit

        if circuit is not None:
            read_circuit(circuit, "--circuit")  # before a long file is read
        elif starts:
            raise InputError(
                Problem("", "--circuit", "", "a circuit, whose parameters are guessed")
            )
        from interlith.cli.impedance_tables import print_study
        from interlith.cyclerdata.impedance.fit import Weighting
        from interlith.cyclerdata.impedance.study import study
        from interlith.cyclerdata.reading import read_spectra

        found = study(
            read_spectra(file, format=format_name),
            circuit=circuit,
            guess=starts,
            weighting=Weighting(weighting.value),
            drt=drt,
            shown=spectrum - 1,
            area=square,
        )
        data = {"status": "ok", "file": str(file), **found.summary()}
        finish(
            answer,
            folder,
            "impedance",
            data,
            None if no_pictures else lambda: _figures(found),
            lambda console: print_study(console, file, found),
            _page(file, found, data) if html else None,
        )


def _page(file: Path, found: Study, data: Mapping[str, Any]) -> Page:
    from interlith.report.measured_page import measured_page

    count = len(found.spectra)
    spectra = "1 spectrum" if count == 1 else f"{count} spectra"
    verdict = f"{spectra}; the circuit is {found.fit.circuit.text}."
    return lambda drawn: measured_page(f"Impedance: {file.name}", verdict, data, drawn)


def _figures(found: Study) -> list[tuple[str, Figure]]:
    from interlith.report.impedance import draw_study

    return draw_study(found)


def read_guesses(texts: list[str]) -> dict[str, float]:
    """Return `--guess` as a mapping, in the units of the parameters.

    Raises
    ------
    InputError
        One is not NAME=NUMBER.
    """
    guesses, problems = {}, []
    for text in texts:
        name, _, number = text.partition("=")
        try:
            guesses[name.strip()] = float(number)
        except ValueError:
            problems.append(Problem("", "--guess", text, "NAME=NUMBER, such as R1=20"))
            continue
        if not name.strip() or not math.isfinite(guesses[name.strip()]):
            problems.append(Problem("", "--guess", text, "NAME=NUMBER, such as R1=20"))
    if problems:
        raise InputError(problems)
    return guesses
