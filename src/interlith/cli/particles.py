"""The commands `particle` and `mobility`: what a particle takes up, and which metal moves."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from interlith.cli.answer import answering
from interlith.cli.commands import JsonFlag, app
from interlith.cli.folder import require_usable, results_folder
from interlith.errors import InputError, Problem

if TYPE_CHECKING:
    from interlith.materials import Library
    from interlith.particle import Lithiated

Temperature = Annotated[str, typer.Option(help="Temperature.")]
UserMaterials = Annotated[
    list[Path],
    typer.Option("--materials", metavar="FILE", help="Your own materials, laid over the library."),
]


@app.command()
def particle(
    metals: Annotated[
        list[str], typer.Option("--metal", help="Metal of the particle. May be repeated.")
    ] = [],  # noqa: B006
    radius: Annotated[str, typer.Option(help="Radius before lithiation.")] = "10 um",
    steps: Annotated[int | None, typer.Option(help="Number of steps; default 1000.")] = None,
    time_step: Annotated[
        str | None, typer.Option(help="Length of a step; default 3.6 s, a choice.")
    ] = None,
    temperature: Temperature = "25 degC",
    potential: Annotated[str, typer.Option(help="Potential against lithium.")] = "0 V",
    front_mobility: Annotated[
        str | None,
        typer.Option(help="Velocity constant of the front, such as 1 nm/s; default no resistance."),
    ] = None,
    compare: Annotated[
        bool, typer.Option("--compare", help="Add the metals of the reference work.")
    ] = False,
    own: UserMaterials = [],  # noqa: B006
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Results folder.")] = Path(
        "results/particle"
    ),
    as_json: JsonFlag = False,
) -> None:
    """Let lithium into a particle: map, uptake over time, radial profile."""
    with answering(as_json) as answer:
        require_usable(out)
        say_whether_compiling()
        from interlith.cli.particle_tables import map_rows, print_particles
        from interlith.particle import lithiate

        library = _library(own)
        found = [
            lithiate(
                metal, radius, steps, time_step, temperature, potential, front_mobility, library
            )
            for metal in _wanted(metals, compare)
        ]
        with results_folder(out) as partial:
            _write(found, partial)
        answer.show(
            lambda: {
                "status": "ok",
                **(found[0].summary() if len(metals) == 1 else {}),
                **({"compared": {r.metal: r.summary() for r in found}} if len(found) > 1 else {}),
                "against_reference": map_rows(found),
                "results": out,
            },
            lambda console: print_particles(console, found, out),
        )


@app.command()
def mobility(
    metals: Annotated[list[str], typer.Argument(metavar="METAL...", help="Metals to rank.")],
    potential: Annotated[
        str, typer.Option(help="Potential against lithium; 0 V is beside lithium while plating.")
    ] = "0 V",
    particle_size: Annotated[str, typer.Option(help="Diameter of the particles.")] = "20 um",
    temperature: Temperature = "25 degC",
    time: Annotated[str, typer.Option(help="Time for the uptake.")] = "1 h",
    no_release: Annotated[
        bool, typer.Option("--no-release", help="Rank free atoms: leave out how many get free.")
    ] = False,
    samples: Annotated[int, typer.Option(help="Draws from the ranges of the library.")] = 4000,
    seed: Annotated[int, typer.Option(help="Where the draws start.")] = 1,
    own: UserMaterials = [],  # noqa: B006
    as_json: JsonFlag = False,
) -> None:
    """Rank metals by charge uptake and mobility, with the evidence for each number."""
    with answering(as_json) as answer:
        say_whether_compiling()
        from interlith.cli.particle_tables import print_ranking
        from interlith.mobility import rank

        found = rank(
            metals, potential, particle_size, temperature, time, not no_release, samples, seed,
            _library(own),
        )  # fmt: skip
        answer.show(
            lambda: {"status": "ok", **found.summary()},
            lambda console: print_ranking(console, found),
        )


def _library(paths: list[Path]) -> Library:
    from interlith.materials import Library

    return Library.load(paths)


def _wanted(metals: list[str], compare: bool) -> list[str]:
    """Return the metals to show, each once, those asked for first."""
    from interlith.particle import reference

    wanted = list(dict.fromkeys([*metals, *(reference().metals if compare else ())]))
    if not wanted:
        raise InputError(Problem("", "--metal", "", "at least one metal, or --compare"))
    return wanted


def _write(found: list[Lithiated], folder: Path) -> None:
    """Write the numbers and the picture."""
    import json

    from interlith.cli.answer import json_ready
    from interlith.report.particle_maps import write_particle_maps

    numbers: dict[str, Any] = {result.metal: result.summary() for result in found}
    text = json.dumps(json_ready(numbers), allow_nan=False, ensure_ascii=False, indent=1)
    (folder / "particles.json").write_text(text + "\n", encoding="utf-8")
    write_particle_maps(found, folder / "pictures")


def say_whether_compiling() -> None:
    """Say that the equations of the sphere are compiled first, which happens once."""
    from interlith.simulation.freshness import cache_folders

    kept = (True for folder in cache_folders() for _ in folder.rglob("particle._grow_shell-*.nbc"))
    if not any(kept):
        sys.stderr.write("Compiling the equations, once; later runs start at once.\n")
        sys.stderr.flush()
