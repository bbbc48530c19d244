"""`interlith reproduce`: the reference system beside the model, row by row."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from interlith.cli.answer import answering
from interlith.cli.commands import JsonFlag, OutFolder, app, say_whether_compiling
from interlith.cli.folder import require_usable, results_folder

if TYPE_CHECKING:
    from interlith.reproduce import Reproduction

WORDS_OF_ONLY = "--only"
WORKERS = 2


class Reference(StrEnum):
    """Published systems that can be reproduced."""

    WAN2023 = "wan2023"


class ManyWords(TyperCommand):
    """A command whose ``--only`` takes several words: ``--only ccd energy``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Repeat the option before each of its words, then read the arguments as always."""
        return super().parse_args(ctx, repeat_only(args))


def repeat_only(arguments: list[str]) -> list[str]:
    """Return the arguments with ``--only`` before each word that follows it."""
    repeated: list[str] = []
    inside = False
    for argument in arguments:
        if argument.startswith("-"):
            inside = argument == WORDS_OF_ONLY
        elif inside and repeated[-1] != WORDS_OF_ONLY:
            repeated.append(WORDS_OF_ONLY)
        repeated.append(argument)
    return repeated


@app.command(cls=ManyWords)
def reproduce(
    reference: Annotated[Reference, typer.Argument(help="Which published system.")],
    only: Annotated[
        list[str],
        typer.Option(
            WORDS_OF_ONLY,
            metavar="WORD...",
            help="Only these: ccd, cycling, atomistic, thermo, migration, full-cell, cathode, "
            "interlayer, energy, elsewhere, fig1 to fig4, or ids of rows.",
        ),
    ] = [],  # noqa: B006
    samples: Annotated[
        int | None,
        typer.Option("--samples", help="Draws of the uncertain numbers; 0 for no intervals."),
    ] = None,
    out: OutFolder = None,
    as_json: JsonFlag = False,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Run everything again, whatever was kept.")
    ] = False,
    no_report: Annotated[
        bool, typer.Option("--no-report", help="Leave out report.html and its pictures.")
    ] = False,
) -> None:
    """Run every measured row of a reference: value, interval, verdict, and a page with pictures."""
    with answering(as_json) as answer:
        folder = out or Path("results") / f"reproduce-{reference.value}"
        require_usable(folder)
        found = _run(reference.value, only, samples, folder, fresh)
        with results_folder(folder) as partial:
            _write(found, partial, report=not no_report)
        from interlith.cli.reproduce_tables import print_reproduction

        answer.show(
            lambda: {"status": "ok", **found.entry(), "results": folder},
            lambda console: print_reproduction(console, found, folder),
        )


def _run(
    reference: str, only: list[str], samples: int | None, folder: Path, fresh: bool
) -> Reproduction:
    """Run with a progress bar; what a run that was cut off left is taken up."""
    from interlith.cli.progress import progress_bar

    say_whether_compiling(full=True)
    from interlith.reproduce import reproduce as run

    with progress_bar(f"reproduce {reference}") as progress:
        return run(
            reference,
            only,
            samples,
            kept=folder.parent / f".{folder.name}.kept",
            fresh=fresh,
            workers=WORKERS,
            progress=progress,
        )


def _write(found: Reproduction, folder: Path, report: bool) -> None:
    from interlith.reproduce.written import write_data, write_page

    write_data(found, folder)
    if report:
        write_page(found, folder)
