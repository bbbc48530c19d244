"""The barrier of an adatom on a face of a host: sites, jumps, paths and the network that counts.

>>> import interlith as il
>>> found = il.atomistic.barrier(host="Li3Bi", surface=(1, 1, 0), metal="Mg")  # doctest: +SKIP
>>> found.barrier_eV                                                           # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from interlith.atomistic.band import Band, find_path
from interlith.atomistic.crystals import crystal_inputs, relaxed
from interlith.atomistic.jumps import Jump
from interlith.atomistic.landscape import Landscape
from interlith.atomistic.network import Crossing
from interlith.atomistic.potentials import (
    DEFAULT_POTENTIALS,
    Potential,
    from_calculator,
    potential,
)
from interlith.atomistic.recording import crossing_records, jump_record, site_record, surface_record
from interlith.atomistic.records import BarrierRecord
from interlith.atomistic.relaxing import NotConvergedError, relax_positions
from interlith.atomistic.sites import Site, relaxed_sites, with_adatom
from interlith.atomistic.slab import Surface, cut
from interlith.atomistic.store import METHOD, Stages, stages_in
from interlith.atomistic.structures import Structure, structure
from interlith.atomistic.symmetry import operations
from interlith.errors import InputError, Problem

if TYPE_CHECKING:
    from ase import Atoms
    from ase.calculators.calculator import Calculator

Array = NDArray[np.float64]

REBUILT = 1.6  # angstrom that a slab atom may follow an adatom before the site counts as rebuilt
SHALLOW = 0.01  # eV that a path may dip below the lowest site without a remark

# What is going on: stage, how many of how many, remark.
Progress = Callable[[str, int, int, str], None]


def silent(stage: str, done: int, total: int, remark: str) -> None:
    """Report nothing."""
    del stage, done, total, remark


@dataclass(frozen=True)
class Setup:
    """Everything that decides the numbers of a barrier.

    Parameters
    ----------
    host
        Formula of the package, or a structure file.
    miller
        Face, in the conventional cell.
    metal
        Element of the adatom.
    potential
        Where energies come from.
    coverage
        Repeats of the smallest cell; None keeps images 8 angstrom apart.
    layers
        Atomic layers; None takes 7 angstrom.
    termination
        Which of the face's terminations.
    images
        Between the ends of a path.
    seed
        Of the small push that takes candidates off their symmetric points.
    """

    host: str
    miller: tuple[int, int, int]
    metal: str
    potential: Potential
    coverage: tuple[int, int] | None = None
    layers: int | None = None
    termination: int = 0
    images: int = 5
    seed: int = 0

    def slab_inputs(self, crystal: Structure) -> dict[str, object]:
        """Return what decides the numbers of the clean slab."""
        return {
            **crystal_inputs(crystal, self.potential),
            "miller": self.miller,
            "coverage": self.coverage,
            "layers": self.layers,
            "termination": self.termination,
        }

    def inputs(self, crystal: Structure) -> dict[str, object]:
        """Return what decides the numbers of the sites; paths also wear their images."""
        return {**self.slab_inputs(crystal), "metal": self.metal, "seed": self.seed}


def barrier(
    host: str,
    surface: tuple[int, int, int],
    metal: str,
    calculator: Calculator | None = None,
    *,
    potential_name: str = DEFAULT_POTENTIALS[0],
    coverage: tuple[int, int] | None = None,
    layers: int | None = None,
    termination: int = 0,
    images: int = 5,
    seed: int = 0,
    cache: Path | None = None,
    progress: Progress = silent,
) -> BarrierRecord:
    """Find the barrier of an adatom on a face of a host.

    The barrier is the activation energy of crossing the surface: the saddle at which the network of
    jumps between neighbouring sites first reaches across, above the lowest site (`network.py`).

    Parameters
    ----------
    host
        Formula of the package, or a CIF, POSCAR or XYZ file.
    surface
        Miller indices in the conventional cell.
    metal
        Element of the adatom.
    calculator
        Any ASE calculator; None takes `potential_name`.
    potential_name
        See `interlith.atomistic.potential`.
    coverage, layers, termination, images, seed
        See `Setup`.
    cache
        Root of the folders that keep finished stages; None keeps nothing.
    progress
        Called with stage, number, total and a remark.

    Returns
    -------
    BarrierRecord
        Sites, jumps, crossings, versions, warnings.

    Raises
    ------
    InputError
        An unknown host, face, element or potential, or an element that the potential lacks.
    NotConvergedError
        The crystal, the clean slab or every site failed to relax.
    """
    model = from_calculator(calculator) if calculator is not None else potential(potential_name)
    setup = Setup(host, surface, metal, model, coverage, layers, termination, images, seed)
    return run(setup, cache, progress)


def run(setup: Setup, cache: Path | None = None, progress: Progress = silent) -> BarrierRecord:
    """Find a barrier as `barrier` does, from a complete setup."""
    return explore(rest(setup, cache, progress), setup, progress)


def explore(found: Rest, setup: Setup, progress: Progress = silent) -> BarrierRecord:
    """Find paths and crossings from the sites of an adatom."""
    land = landscape(found)
    paths = _paths(found, setup, land, progress)
    return _record(setup, found, land, paths)


def landscape(found: Rest) -> Landscape:
    """Return the sites at which the adatom stays one, and the jumps between them."""
    sites, _ = on_the_surface(found.sites, found.slab)
    return Landscape.of(sites, found.face, found.ideal)


@dataclass(frozen=True)
class Rest:
    """Where an adatom rests on a relaxed slab.

    Parameters
    ----------
    bulk
        Relaxed crystal.
    face, coverage
        The surface and its repeats.
    ideal, slab
        Slab before and after its relaxation without the adatom.
    slab_energy
        Of the relaxed slab [eV].
    sites
        Lowest first, rebuilt ones among them.
    failed
        What did not relax, by name.
    stages
        Where the adatom's stages are kept.
    calculator
        The potential, loaded.
    """

    bulk: Atoms
    face: Surface
    coverage: tuple[int, int]
    ideal: Atoms
    slab: Atoms
    slab_energy: float
    sites: list[Site]
    failed: list[str]
    stages: Stages
    calculator: Calculator


def rest(
    setup: Setup,
    cache: Path | None = None,
    progress: Progress = silent,
    calculator: Calculator | None = None,
) -> Rest:
    """Relax crystal, slab and adatom, without paths; raises as `barrier` does."""
    crystal = structure(setup.host)
    _require_element(setup.metal)
    setup.potential.require(with_adatom(crystal.atoms, setup.metal, np.zeros(3)))
    engine = calculator or setup.potential.make()
    face_name = "".join(str(index) for index in setup.miller)
    label = f"{crystal.name}{face_name}-{setup.potential.label}"
    clean = stages_in(cache, label, setup.slab_inputs(crystal))
    own = stages_in(cache, f"{setup.metal}-{label}", setup.inputs(crystal))

    progress("crystal", 0, 1, setup.host)
    bulk, _ = relaxed(crystal, setup.potential, engine, cache)
    face = cut(bulk, setup.miller, setup.layers, setup.termination)
    coverage = setup.coverage or face.smallest_coverage()
    ideal = face.repeated(coverage)
    progress("clean slab", 0, 1, f"{len(ideal)} atoms")
    bare = relax_positions(clean, "slab", ideal, engine)
    slab = ideal.copy()
    slab.set_positions(bare["positions"])

    def report(name: str, done: int, total: int) -> None:
        progress("sites", done, total, f"{setup.metal} from {name}")

    symmetry = operations(face, ideal)
    sites, failed = relaxed_sites(
        own, slab, face, symmetry, setup.metal, engine, setup.seed, report
    )
    return Rest(bulk, face, coverage, ideal, slab, bare["energy"], sites, failed, own, engine)


def _require_element(symbol: str) -> None:
    from ase.data import chemical_symbols

    if symbol not in chemical_symbols[1:]:
        raise InputError(Problem("", "metal", symbol, "the symbol of an element, such as Mg"))


def on_the_surface(sites: list[Site], slab: Atoms) -> tuple[list[Site], list[str]]:
    """Return the sites of an adatom, and those where it changed places with the slab by name."""
    kept: list[Site] = []
    remarks = []
    for site in sites:
        moved = float(np.linalg.norm(site.positions[:-1] - slab.positions, axis=1).max())
        if moved <= REBUILT:
            kept.append(site)
        else:
            remarks.append(
                f"from {site.started[0]} the surface rebuilt itself: an atom of the slab moved "
                f"{moved:.1f} angstrom; at {site.energy - sites[0].energy:+.2f} eV from the lowest "
                "start it is left out, since the barrier is that of an adatom that stays one"
            )
    if not kept:
        raise NotConvergedError("the surface rebuilt itself at every site: " + "; ".join(remarks))
    renamed = [replace(site, name=f"s{number}") for number, site in enumerate(kept)]
    return renamed, remarks


def _paths(
    found: Rest, setup: Setup, land: Landscape, progress: Progress
) -> list[tuple[Jump, Band]]:
    """Return the paths that can matter, those between low sites first.

    Once the surface can be crossed both ways, a jump with an end above the saddle that opened the
    second way cannot lower it, and is not computed.
    """
    paths: list[tuple[Jump, Band]] = []
    heights = [site.energy for site in land.sites]

    def floor(jump: Jump) -> float:
        return max(heights[jump.start], heights[jump.end])

    for jump in sorted(land.jumps, key=lambda jump: (floor(jump), jump.length)):
        open_ways = _across(land, paths)
        if len(open_ways) == 2 and floor(jump) >= open_ways[1].saddle:
            break
        band = path_of(jump, found, setup, land, progress, len(paths))
        paths.append((jump, band))
    progress("paths", len(land.jumps), len(land.jumps), "done")
    return paths


def _across(land: Landscape, paths: list[tuple[Jump, Band]]) -> list[Crossing]:
    return land.across([(jump, band.saddle_energy) for jump, band in paths])


def path_of(
    jump: Jump,
    found: Rest,
    setup: Setup,
    land: Landscape,
    progress: Progress = silent,
    number: int = 0,
) -> Band:
    """Return the path of one jump, kept or found now; `number` counts it in what is reported."""

    def report(step: int, force: float) -> None:
        remark = f"{jump.name}, step {step}, force {force:.2f} eV/A"
        progress("paths", number, len(land.jumps), remark)

    start, end = land.sites[jump.start], land.sites[jump.end]
    there = jump.operation.copied(end.positions, found.ideal.positions)
    return find_path(
        found.stages,
        f"path-{jump.name}-{setup.images}",
        (
            configuration(found.slab, setup.metal, start.positions),
            configuration(found.slab, setup.metal, there),
        ),
        (start.energy, end.energy),
        found.calculator,
        setup.images,
        report,
    )


def configuration(slab: Atoms, metal: str, positions: Array) -> Atoms:
    """Return slab and adatom at the positions of both, adatom last [angstrom]."""
    covered = with_adatom(slab, metal, positions[-1])
    covered.set_positions(positions, apply_constraint=False)
    return covered


def _record(
    setup: Setup, found: Rest, land: Landscape, paths: list[tuple[Jump, Band]]
) -> BarrierRecord:
    face, sites, across = land.face, land.sites, _across(land, paths)
    deepest = min((float(band.energies.min()) for _, band in paths), default=sites[0].energy)
    lowest = min(sites[0].energy, deepest)
    remarks = [*found.failed, *on_the_surface(found.sites, found.slab)[1]]
    if sites[0].energy - lowest > SHALLOW:
        remarks.append(
            f"a path dips {sites[0].energy - lowest:.2f} eV below the lowest site: the surface has "
            "a lower state that no start reached; energies and barriers are counted from there"
        )
    remarks += [
        f"path {jump.name} is not converged: {band.force:.2f} eV/angstrom left"
        for jump, band in paths
        if not band.converged
    ]
    if face.polar:
        remarks.append("the slab is polar: its energies carry a dipole")
    if not across:
        remarks.append("no network of jumps crosses the surface")
    return BarrierRecord(
        metal=setup.metal,
        host=setup.host,
        potential=setup.potential.name,
        versions=setup.potential.versions,
        functional=setup.potential.describes,
        method=METHOD,
        seed=setup.seed,
        images=setup.images,
        lattice_A=tuple(round(float(x), 4) for x in found.bulk.cell.lengths()),
        surface=surface_record(face, found.coverage, found.slab),
        sites=tuple(site_record(site, lowest) for site in sites),
        jumps=tuple(jump_record(jump, band, sites, lowest) for jump, band in paths),
        across=crossing_records(across, [jump for jump, _ in paths], face, lowest),
        warnings=tuple(remarks),
    )
