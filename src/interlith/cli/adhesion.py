"""`interlith adhesion`: does lithium stick to a host, from interatomic potentials."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from interlith.cli.answer import answering
from interlith.cli.atoms import (
    AllPotentials,
    CacheFolder,
    Fresh,
    Potentials,
    miller_indices,
    repeats,
    wanted_potentials,
    watched,
)
from interlith.cli.commands import JsonFlag, NoPictures, OutFolder, app
from interlith.cli.finishing import finish, folder_named
from interlith.cli.left_out import gathered

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from interlith.atomistic.adhesion_record import AdhesionRecord

STRAIN_PERCENT, ATOMS = 6.0, 150


@app.command()
def adhesion(
    hosts: Annotated[
        list[str], typer.Argument(metavar="HOST...", help="Formulas, or CIF, POSCAR, XYZ files.")
    ],
    surface: Annotated[
        str | None, typer.Option("--surface", help="Miller indices; default the plain face.")
    ] = None,
    film: Annotated[
        str, typer.Option("--film", help="Formula or file of the metal that lies on the host.")
    ] = "Li",
    film_surface: Annotated[
        str | None, typer.Option("--film-surface", help="Miller indices; default the plain face.")
    ] = None,
    potentials: Potentials = None,
    all_potentials: AllPotentials = False,
    layers: Annotated[
        int | None, typer.Option("--layers", min=1, max=30, help="Atomic layers of the host.")
    ] = None,
    film_layers: Annotated[
        int | None, typer.Option("--film-layers", min=1, max=30, help="Atomic layers of the film.")
    ] = None,
    strain: Annotated[
        float, typer.Option("--strain", min=0.1, max=15.0, help="Most strain of the film, %.")
    ] = STRAIN_PERCENT,
    atoms: Annotated[
        int, typer.Option("--atoms", min=2, max=1000, help="Most atoms of the shared cell.")
    ] = ATOMS,
    coverage: Annotated[
        str, typer.Option("--coverage", help='Repeats of the shared cell, such as "2x1".')
    ] = "1x1",
    shifts: Annotated[
        int, typer.Option("--shifts", min=1, max=9, help="Lateral shifts to relax, lowest first.")
    ] = 2,
    seed: Annotated[int, typer.Option("--seed", help="Of the push off symmetric points.")] = 0,
    fresh: Fresh = False,
    cache: CacheFolder = None,
    out: OutFolder = None,
    as_json: JsonFlag = False,
    no_pictures: NoPictures = False,
) -> None:
    """Does lithium stick to a host: work of adhesion, interface energy, contact angle."""
    with answering(as_json) as answer:
        folder = folder_named(out, "adhesion", hosts, most=5)
        options: dict[str, Any] = {
            "film": film,
            "miller": None if surface is None else miller_indices(surface),
            "film_miller": (
                None if film_surface is None else miller_indices(film_surface, "--film-surface")
            ),
            "layers": layers,
            "film_layers": film_layers,
            "most_strain": strain / 100.0,
            "most_atoms": atoms,
            "repeats": repeats(coverage),
            "relaxed_shifts": shifts,
            "seed": seed,
        }
        standard = (film, layers, film_layers, strain, atoms, options["repeats"], shifts, seed) == (
            "Li", None, None, STRAIN_PERCENT, ATOMS, (1, 1), 2, 0,
        )  # fmt: skip
        names = wanted_potentials(potentials, all_potentials)
        from interlith.atomistic.adhesion_summary import adhesion_summary
        from interlith.cli.adhesion_tables import print_adhesion

        found, left_out = gathered(
            {
                host: {
                    name: partial(_adhesion, host, name, options, standard and not fresh, cache)
                    for name in names
                }
                for host in dict.fromkeys(hosts)
            },
            may_be_missing=not (potentials or fresh),
        )
        data = adhesion_summary(found, left_out)

        def figures() -> list[tuple[str, Figure]]:
            from interlith.report.film_adhesion import draw_adhesion

            return [("angles", draw_adhesion(data))]

        finish(
            answer,
            folder,
            "adhesion",
            data,
            None if no_pictures else figures,
            lambda console: print_adhesion(console, data),
        )


def _adhesion(
    host: str, name: str, options: dict[str, Any], may_be_shipped: bool, cache: Path | None
) -> tuple[AdhesionRecord, str]:
    """Return how a film sticks and where that comes from: the package, or a calculation now."""
    from interlith.atomistic.shipped import shipped_adhesion

    if may_be_shipped:
        shipped = shipped_adhesion(host, name, options["miller"], options["film_miller"])
        if shipped is not None:
            return shipped, "shipped with interlith"
    from interlith.atomistic.film_adhesion import Setup, run
    from interlith.atomistic.potentials import potential
    from interlith.atomistic.store import default_root

    setup = Setup(host=host, potential=potential(name), **options)
    with watched(f"{setup.film} on {host}, {name}") as tell:
        return run(setup, cache or default_root(), tell), "computed now"
