"""`interlith barrier`, `uptake` and `relax`: what atoms do, from interatomic potentials."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from interlith.cli.answer import answering
from interlith.cli.commands import JsonFlag, NoPictures, OutFolder, app
from interlith.cli.finishing import finish, folder_named
from interlith.cli.folder import write_text_file
from interlith.cli.left_out import LeftOut, gathered
from interlith.errors import InputError, Problem

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from interlith.atomistic.adatom_barrier import Progress
    from interlith.atomistic.charged import ChargedCell
    from interlith.atomistic.clusters import Ionisation
    from interlith.atomistic.records import BarrierRecord, NetworkCheck, Series
    from interlith.atomistic.uptake import Uptake

T = TypeVar("T")
Potentials = Annotated[
    list[str] | None,
    typer.Option(
        "--potential", metavar="NAME", help="May be repeated; package.module:callable too."
    ),
]
AllPotentials = Annotated[
    bool, typer.Option("--all-potentials", help="Every potential that the package knows for this.")
]
Fresh = Annotated[
    bool, typer.Option("--fresh", help="Compute, even where a value comes with the package.")
]
CacheFolder = Annotated[
    Path | None, typer.Option("--cache", metavar="DIR", help="Where finished stages are kept.")
]
# Where the bar stands at the start and the end of a stage, by the time that stages take.
SHARES = {
    "crystal": (0.0, 0.02),
    "clean slab": (0.02, 0.05),
    "sites": (0.05, 0.4),
    "paths": (0.4, 1.0),
    "check": (0.0, 1.0),
    "shifts": (0.1, 0.3),
    "interfaces": (0.3, 0.9),
    "parted": (0.9, 1.0),
}
ALL_POTENTIALS = ("sevennet-0", "chgnet", "sevennet-l3i5")


@app.command()
def barrier(
    metals: Annotated[list[str], typer.Argument(metavar="METAL...", help="Elements.")],
    host: Annotated[str, typer.Option("--host", help="Formula, or a CIF, POSCAR or XYZ file.")],
    surface: Annotated[str, typer.Option("--surface", help="Miller indices.")] = "110",
    potentials: Potentials = None,
    all_potentials: AllPotentials = False,
    coverage: Annotated[
        str | None, typer.Option("--coverage", help='Repeats of the smallest cell, such as "2x2".')
    ] = None,
    layers: Annotated[
        int | None, typer.Option("--layers", min=1, max=30, help="Atomic layers of the slab.")
    ] = None,
    termination: Annotated[int, typer.Option("--termination", min=0, help="Of the face.")] = 0,
    images: Annotated[
        int, typer.Option("--images", min=3, max=21, help="Between the ends of a path.")
    ] = 5,
    seed: Annotated[int, typer.Option("--seed", help="Of the push off symmetric points.")] = 0,
    material_file: Annotated[
        Path | None,
        typer.Option("--material-file", metavar="FILE", help="Write the barrier for the library."),
    ] = None,
    check: Annotated[
        str | None,
        typer.Option("--check", metavar="NAME", help="Weigh sites and paths again, with gpaw say."),
    ] = None,
    relaxed: Annotated[
        bool,
        typer.Option("--relaxed", help="With --check: it relaxes lowest state and summit too."),
    ] = False,
    fresh: Fresh = False,
    cache: CacheFolder = None,
    out: OutFolder = None,
    as_json: JsonFlag = False,
    no_pictures: NoPictures = False,
) -> None:
    """Barrier of a metal atom on a face of a host: sites, paths, network, with the spread."""
    with answering(as_json) as answer:
        folder = folder_named(out, "barrier", [host, *metals], most=5)
        if material_file is not None and len(set(metals)) != 1:
            raise InputError(
                Problem("", "metals", str(len(metals)), "one metal for a material file")
            )
        if relaxed and check is None:
            raise InputError(Problem("", "--relaxed", "no --check", "--check with a method's name"))
        names = wanted_potentials(potentials, all_potentials)
        miller = miller_indices(surface)
        options: dict[str, Any] = {
            "coverage": None if coverage is None else repeats(coverage),
            "layers": layers,
            "termination": termination,
            "images": images,
            "seed": seed,
        }
        from interlith.atomistic.summaries import barrier_summary, verdicts
        from interlith.cli.atom_tables import print_barriers

        found, left_out = gathered(
            {
                metal: {
                    name: partial(_barrier, metal, host, name, miller, options, fresh, cache)
                    for name in names
                }
                for metal in dict.fromkeys(metals)
            },
            may_be_missing=not (potentials or fresh),
        )
        checks = {
            metal: found_check
            for metal in found
            if (
                found_check := _check(metal, host, names[0], miller, options, check, relaxed, cache)
            )
        }
        data = barrier_summary(found, checks, left_out)
        said = verdicts(data)
        if material_file is not None:
            _write_material(material_file, data)

        def figures() -> list[tuple[str, Figure]]:
            from interlith.report.adatom_check import draw_checks
            from interlith.report.adatom_paths import draw_barriers, draw_sites

            records = {m: {n: r for n, (r, _) in rows.items()} for m, rows in found.items()}
            drawn = [("paths", draw_barriers(records)), ("sites", draw_sites(records))]
            return [*drawn, ("check", draw_checks(checks))] if checks else drawn

        finish(
            answer,
            folder,
            "barriers",
            data,
            None if no_pictures else figures,
            lambda console: print_barriers(console, data, said),
        )


@app.command()
def converge(
    metal: Annotated[str, typer.Argument(metavar="METAL", help="An element.")],
    host: Annotated[str, typer.Option("--host", help="Formula, or a CIF, POSCAR or XYZ file.")],
    surface: Annotated[str, typer.Option("--surface", help="Miller indices.")] = "110",
    potential_name: Annotated[
        str, typer.Option("--potential", metavar="NAME", help="package.module:callable too.")
    ] = "sevennet-0",
    layers: Annotated[
        str, typer.Option("--layers", help='Numbers of layers, such as "4,6,8".')
    ] = "",
    coverages: Annotated[
        str, typer.Option("--coverage", help='Cells, such as "2x2,3x2"; the first is the base.')
    ] = "",
    images: Annotated[
        str, typer.Option("--images", help='Numbers of images, such as "3,5,7".')
    ] = "",
    seed: Annotated[int, typer.Option("--seed", help="Of the push off symmetric points.")] = 0,
    fresh: Fresh = False,
    cache: CacheFolder = None,
    out: OutFolder = None,
    as_json: JsonFlag = False,
    no_pictures: NoPictures = False,
) -> None:
    """Is a barrier converged: the same with other layers, cells and images of the path."""
    with answering(as_json) as answer:
        folder = folder_named(out, "converge", [host, metal])
        wished = {
            "layers": _numbers("--layers", layers, 1, 30),
            "coverages": [repeats(part) for part in coverages.split(",") if part.strip()],
            "images": _numbers("--images", images, 3, 21),
        }
        usual = not (fresh or seed or any(wished.values()))
        from interlith.cli.atom_tables import print_series

        found = _series(
            metal, host, miller_indices(surface), potential_name, seed, wished, usual, cache
        )
        axes = ("layers", "coverage", "images")
        data = {**found.model_dump(), "moved_eV": {axis: found.moved_eV(axis) for axis in axes}}

        def figures() -> list[tuple[str, Figure]]:
            from interlith.report.adatom_series import draw_series

            return [("convergence", draw_series(found))]

        finish(
            answer,
            folder,
            "convergence",
            data,
            None if no_pictures else figures,
            lambda console: print_series(console, data),
        )


def _series(
    metal: str,
    host: str,
    miller: tuple[int, int, int],
    name: str,
    seed: int,
    wished: dict[str, Any],
    usual: bool,
    cache: Path | None,
) -> Series:
    from interlith.atomistic.shipped import shipped_series

    shipped = shipped_series(metal, host, miller, name) if usual else None
    if shipped is not None:
        return shipped
    from interlith.atomistic.adatom_barrier import Setup
    from interlith.atomistic.potentials import potential
    from interlith.atomistic.series import series_of, series_row, variations
    from interlith.atomistic.store import default_root

    coverages = wished["coverages"]
    base = Setup(
        host, miller, metal, potential(name), coverages[0] if coverages else None, seed=seed
    )
    rows = []
    for each in variations(base, **wished, cache=cache or default_root()):
        cell = "x".join(str(number) for number in each.coverage)
        title = f"{each.layers} layers, {cell}, {each.setup.images} images"
        with watched(title) as tell:
            rows.append(series_row(each, cache or default_root(), tell))
    return series_of(base, rows)


@app.command()
def uptake(
    hosts: Annotated[list[str], typer.Argument(metavar="HOST...", help="Metals or salts.")],
    potentials: Potentials = None,
    all_potentials: AllPotentials = False,
    no_clusters: Annotated[
        bool, typer.Option("--no-clusters", help="Leave out ionisation energies of clusters.")
    ] = False,
    no_potentials: Annotated[
        bool, typer.Option("--no-potentials", help="Leave out what potentials say.")
    ] = False,
    charged_cells: Annotated[
        bool,
        typer.Option(
            "--charged-cells", help="Ionisation energies of the extended host, with GPAW; slow."
        ),
    ] = False,
    seed: Annotated[int, typer.Option("--seed", help="Of the push off symmetric points.")] = 0,
    fresh: Fresh = False,
    cache: CacheFolder = None,
    out: OutFolder = None,
    as_json: JsonFlag = False,
) -> None:
    """What taking up lithium, and its charge, costs a metal or a salt."""
    with answering(as_json) as answer:
        folder = folder_named(out, "uptake", hosts, most=5)
        names = [] if no_potentials else wanted_potentials(potentials, all_potentials)
        from interlith.atomistic.structures import result_name
        from interlith.atomistic.summaries import clusters_of, uptake_summary
        from interlith.cli.atom_tables import print_uptake

        hosts = list(dict.fromkeys(hosts))
        tried = {host: LeftOut(allowed=not (potentials or fresh)) for host in hosts}
        pairs = [(host, name) for host in hosts for name in names]
        rows = [
            row
            for host, name in counted("hosts", pairs, ", ".join)
            if (row := tried[host].attempt(name, partial(_uptake, host, name, seed, fresh, cache)))
        ]
        clusters = [] if no_clusters else [(host, c) for host in hosts for c in clusters_of(host)]
        ionisations = {
            c: energy
            for host, c in counted("clusters", clusters, ", ".join)
            if (
                energy := tried[host].attempt(f"cluster {c}", partial(_ionisation, c, fresh, cache))
            )
        }
        charged = {
            host: _charged_cells(host, tried[host], fresh, cache)
            for host in counted("charged cells", hosts if charged_cells else [])
        }
        data = uptake_summary(
            hosts, rows, ionisations, charged, {host: each.reasons for host, each in tried.items()}
        )
        for host, each in tried.items():
            each.raise_unless(_anything(data[result_name(host)]))
        _say_what_is_empty(data)
        finish(answer, folder, "uptake", data, None, lambda console: print_uptake(console, data))


@app.command()
def relax(
    crystals: Annotated[list[str], typer.Argument(metavar="CRYSTAL...", help="Formulas or files.")],
    surface: Annotated[
        str | None, typer.Option("--surface", help="A face whose surface energy is wanted.")
    ] = None,
    potentials: Potentials = None,
    all_potentials: AllPotentials = False,
    cache: CacheFolder = None,
    out: OutFolder = None,
    as_json: JsonFlag = False,
) -> None:
    """Is a potential fit for a chemistry: lattice, voltage and stiffness beside measurement."""
    with answering(as_json) as answer:
        folder = folder_named(out, "relax", crystals, most=5)
        names = wanted_potentials(potentials, all_potentials)
        miller = None if surface is None else miller_indices(surface)
        from interlith.atomistic.fitness import check
        from interlith.atomistic.potentials import potential
        from interlith.atomistic.store import default_root
        from interlith.atomistic.summaries import relax_summary
        from interlith.cli.atom_tables import print_relaxed

        pairs = [(crystal, name) for crystal in dict.fromkeys(crystals) for name in names]
        data = relax_summary(
            [
                check(crystal, potential(name), miller=miller, cache=cache or default_root())
                for crystal, name in counted("crystals", pairs, ", ".join)
            ]
        )
        finish(answer, folder, "relax", data, None, lambda console: print_relaxed(console, data))


def miller_indices(text: str, option: str = "--surface") -> tuple[int, int, int]:
    """Return the indices that a text such as 110, 1-10 or "1 1 0" names.

    Raises
    ------
    InputError
        Not three whole numbers, or all of them zero.
    """
    import re

    found = [int(number) for number in re.findall(r"-?\d", text)]
    if len(found) != 3 or re.sub(r"-?\d|[\s,]", "", text) or not any(found):
        raise InputError(Problem("", option, text, "three Miller indices, such as 110"))
    return found[0], found[1], found[2]


def repeats(text: str) -> tuple[int, int]:
    """Return the repeats that a text such as 2x2 names.

    Raises
    ------
    InputError
        Not two numbers from 1 to 9.
    """
    parts = text.lower().split("x")
    if len(parts) != 2 or not all(part.isdigit() and 0 < int(part) < 10 for part in parts):
        raise InputError(Problem("", "--coverage", text, "two numbers from 1 to 9, such as 2x2"))
    return int(parts[0]), int(parts[1])


def _numbers(option: str, text: str, least: int, most: int) -> list[int]:
    """Return the whole numbers that a text such as 3,5,7 names."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not all(part.isdigit() and least <= int(part) <= most for part in parts):
        expected = f"whole numbers from {least} to {most}, such as 4,6"
        raise InputError(Problem("", option, text, expected))
    return [int(part) for part in parts]


def wanted_potentials(potentials: list[str] | None, everything: bool) -> list[str]:
    """Return the potentials that were named, all, or the usual ones."""
    from interlith.atomistic.potentials import DEFAULT_POTENTIALS

    if potentials:
        return list(dict.fromkeys(potentials))
    return list(ALL_POTENTIALS if everything else DEFAULT_POTENTIALS)


def _barrier(
    metal: str,
    host: str,
    name: str,
    miller: tuple[int, int, int],
    options: dict[str, Any],
    fresh: bool,
    cache: Path | None,
) -> tuple[BarrierRecord, str]:
    """Return a barrier and where it comes from: the package, or a calculation now."""
    from interlith.atomistic.shipped import shipped_barrier

    shipped = None if fresh else shipped_barrier(metal, host, miller, name)
    if shipped is not None and shipped.answers(**options):
        return shipped, "shipped with interlith"
    from interlith.atomistic.adatom_barrier import Setup, run
    from interlith.atomistic.potentials import potential
    from interlith.atomistic.store import default_root

    setup = Setup(host, miller, metal, potential(name), **options)
    with watched(f"{metal} on {host}, {name}") as tell:
        return run(setup, cache or default_root(), tell), "computed now"


@contextmanager
def watched(title: str) -> Iterator[Progress]:
    """Give what a calculation reports its stages to, shown as one bar."""
    from interlith.cli.progress import progress_bar

    with progress_bar(title) as bar:

        def tell(stage: str, done: int, total: int, remark: str) -> None:
            if bar is not None:
                start, end = SHARES[stage]
                bar(start + (end - start) * done / max(total, 1), f"{stage}: {remark}")

        yield tell


def counted(title: str, things: list[T], in_words: Callable[[T], str] = str) -> Iterator[T]:
    """Go through things with a bar that says which of how many."""
    from interlith.cli.progress import progress_bar

    with progress_bar(title) as bar:
        for number, thing in enumerate(things):
            if bar is not None:
                bar(number / len(things), in_words(thing))
            yield thing


def _check(
    metal: str,
    host: str,
    name: str,
    miller: tuple[int, int, int],
    options: dict[str, Any],
    checker: str | None,
    relaxed: bool,
    cache: Path | None,
) -> NetworkCheck | None:
    """Return what another method says: asked for now, or shipped with the first potential."""
    from interlith.atomistic.network_check import check_network
    from interlith.atomistic.shipped import shipped_barrier, shipped_check

    if checker is None:
        checked = shipped_barrier(metal, host, miller, name)
        if checked is None or not checked.answers(**options):
            return None
        return shipped_check(metal, host, miller, name)
    from interlith.atomistic.adatom_barrier import Setup
    from interlith.atomistic.potentials import potential
    from interlith.atomistic.store import default_root

    setup = Setup(host, miller, metal, potential(name), **options)
    with watched(f"{metal} on {host}, {checker}") as tell:
        return check_network(
            setup, potential(checker), cache or default_root(), tell, relaxed=relaxed
        )


def _write_material(path: Path, data: dict[str, Any]) -> None:
    from interlith.atomistic.feeds import barrier_material

    for metal, row in data.items():
        write_text_file(path, barrier_material(metal, row), overwrite=False)


def _uptake(host: str, name: str, seed: int, fresh: bool, cache: Path | None) -> Uptake:
    from interlith.atomistic.shipped import shipped_uptake

    shipped = None if fresh or seed else shipped_uptake(host, name)
    if shipped is not None:
        return shipped
    from interlith.atomistic.potentials import potential
    from interlith.atomistic.store import default_root
    from interlith.atomistic.uptake import uptake as compute

    return compute(host, potential(name), seed=seed, cache=cache or default_root())


def _ionisation(cluster: str, fresh: bool, cache: Path | None) -> Ionisation | None:
    """Return the ionisation energy of a cluster; None for what is no cluster of that kind."""
    from interlith.atomistic.clusters import Ionisation, ionisation, is_cluster
    from interlith.atomistic.shipped import shipped_ionisation
    from interlith.atomistic.store import default_root

    row = shipped_ionisation().get(cluster)
    if row is not None and not fresh:
        return Ionisation(**row)
    if not is_cluster(cluster):
        return None
    return ionisation(cluster, cache or default_root())


def _charged_cells(host: str, tried: LeftOut, fresh: bool, cache: Path | None) -> list[ChargedCell]:
    """Return a host and what it becomes with lithium, as far as it can be had."""
    from interlith.atomistic.summaries import lithiated

    cells = {f"charged cells of {c}": partial(_charged, c, fresh, cache) for c in lithiated(host)}
    return list(tried.all_of(cells).values())


def _charged(host: str, fresh: bool, cache: Path | None) -> ChargedCell:
    """Return the ionisation energy of an extended host: shipped, or computed now."""
    from interlith.atomistic.shipped import shipped_charged_cells

    shipped = None if fresh else shipped_charged_cells().get(host)
    if shipped is not None:
        return shipped
    from interlith.atomistic.charged import charged_cell
    from interlith.atomistic.store import default_root

    return charged_cell(host, cache=cache or default_root())


def _anything(found: dict[str, Any]) -> bool:
    """Return whether there is anything on a host but what is left out."""
    return any(value for name, value in found.items() if name != "left_out")


def _say_what_is_empty(data: dict[str, Any]) -> None:
    """Refuse a host about which nothing that was asked for can be said."""
    for host, found in data.items():
        if not _anything(found):
            expected = "a host with clusters, or without --no-potentials, or --charged-cells too"
            raise InputError(Problem("", "host", host, expected))
