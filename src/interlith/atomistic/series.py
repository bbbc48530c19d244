"""Is a barrier converged: the same barrier with other layers, cells and images, one at a time.

A slab is too thin, a cell too small or a path too coarse where the barrier still moves. Each axis
is varied about the same base, so a difference has one cause. Sites and paths are kept like those of
any barrier; with other images only the paths are new.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from interlith.atomistic.adatom_barrier import Progress, Setup, run, silent
from interlith.atomistic.crystals import relaxed
from interlith.atomistic.records import Series, SeriesRow
from interlith.atomistic.relaxing import NotConvergedError
from interlith.atomistic.slab import Surface, cut
from interlith.atomistic.structures import structure

MORE_LAYERS = (-1, 0, 1, 2)  # about the base, where the user names none
IMAGES = (3, 5, 7)


@dataclass(frozen=True)
class Variation:
    """One setup of a series.

    Parameters
    ----------
    axis
        What differs from the base: layers, coverage or images; or "base".
    setup
        The whole of it.
    layers, coverage
        What its None stands for.
    """

    axis: str
    setup: Setup
    layers: int
    coverage: tuple[int, int]


def variations(
    base: Setup,
    layers: Sequence[int] = (),
    coverages: Sequence[tuple[int, int]] = (),
    images: Sequence[int] = (),
    cache: Path | None = None,
) -> list[Variation]:
    """Return the setups of a series, the base first; empty axes take their usual values.

    Numbers of layers at which the slab would not have the crystal's composition are raised to the
    next at which it has, and stand once.

    Raises
    ------
    InputError
        An unknown host, face or element.
    NotConvergedError
        The crystal failed to relax.
    """
    crystal = structure(base.host)
    base.potential.require(crystal.atoms)
    bulk, _ = relaxed(crystal, base.potential, base.potential.make(), cache)

    def face_with(number: int | None) -> Surface:
        return cut(bulk, base.miller, number, base.termination)

    face = face_with(base.layers)
    cell = base.coverage or face.smallest_coverage()
    first = Variation("base", base, face.layers, cell)
    found = [first]
    wanted = layers or [max(1, face.layers + more) for more in MORE_LAYERS]
    for number in dict.fromkeys(face_with(number).layers for number in wanted):
        if number != face.layers:
            found.append(
                replace(first, axis="layers", setup=replace(base, layers=number), layers=number)
            )
    for repeats in coverages or _wider(face, cell):
        if repeats != cell:
            found.append(
                replace(
                    first, axis="coverage", setup=replace(base, coverage=repeats), coverage=repeats
                )
            )
    for count in images or IMAGES:
        if count != base.images:
            found.append(replace(first, axis="images", setup=replace(base, images=count)))
    return found


def _wider(face: Surface, cell: tuple[int, int]) -> list[tuple[int, int]]:
    """Return the cell with one repeat more along its shorter side."""
    sides = [
        repeats * length for repeats, length in zip(cell, face.cell.cell.lengths(), strict=False)
    ]
    return [(cell[0] + 1, cell[1]) if sides[0] < sides[1] + 1e-3 else (cell[0], cell[1] + 1)]


def series_row(
    variation: Variation, cache: Path | None = None, progress: Progress = silent
) -> SeriesRow:
    """Return the barrier of one setup of a series; one that fails to relax says so."""
    setup = variation.setup
    numbers = {
        "axis": variation.axis,
        "layers": variation.layers,
        "coverage": variation.coverage,
        "images": setup.images,
    }
    try:
        record = run(setup, cache, progress)
    except NotConvergedError as error:
        return SeriesRow.model_validate({**numbers, "remark": f"failed: {error}"})
    return SeriesRow.model_validate(
        {
            **numbers,
            "atoms": record.surface.atoms + 1,
            "sites": len(record.sites),
            "barrier_eV": record.barrier_eV,
            "both_ways_eV": record.across[1].barrier_eV if len(record.across) > 1 else None,
            "remark": "; ".join(record.warnings),
        }
    )


def series_of(base: Setup, rows: Sequence[SeriesRow]) -> Series:
    """Return rows as the series of a base, which says whose they are."""
    return Series(
        metal=base.metal,
        host=base.host,
        miller=base.miller,
        potential=base.potential.name,
        versions=base.potential.versions,
        rows=tuple(rows),
    )
