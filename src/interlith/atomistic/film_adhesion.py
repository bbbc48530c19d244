"""How strongly a film of lithium sticks to a face of a host.

Crystals, faces, a cell that both share (`coincidence.py`), the film on the slab at several lateral
shifts (`sandwich.py`), the lowest relaxed, parted again; then work of adhesion, interface energy
and contact angle (`wetting.py`). Vacuum separates the outer faces, so there is one interface.

>>> import interlith as il
>>> il.atomistic.adhesion("LiF").work_J_m2  # doctest: +SKIP
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from interlith.atomistic.adatom_barrier import Progress, silent
from interlith.atomistic.adhesion_record import AdhesionRecord
from interlith.atomistic.coincidence import Coincidence, coincide, supercell
from interlith.atomistic.crystals import crystal_inputs, relaxed
from interlith.atomistic.potentials import (
    DEFAULT_POTENTIALS,
    Potential,
    from_calculator,
    potential,
)
from interlith.atomistic.relaxing import NotConvergedError, relax_positions
from interlith.atomistic.sandwich import FILM, GAPS, HOST, mixing, parted, shifts, stacked
from interlith.atomistic.slab import Surface, area_of, cut
from interlith.atomistic.store import Stages, staged, stages_in
from interlith.atomistic.structures import Structure, structure
from interlith.atomistic.uptake import ANY_FACE, PLAIN_FACES
from interlith.atomistic.wetting import surface_energy, work_of_adhesion

if TYPE_CHECKING:
    from ase import Atoms
    from ase.calculators.calculator import Calculator

Array = NDArray[np.float64]

MOST_STRAIN = 0.06
MOST_ATOMS = 150
INTERFACE_FORCE = 0.03  # eV/angstrom
PUSH = 0.03  # angstrom off symmetric points
REBUILT_J_M2 = 0.05  # of both faces together before the output says so


@dataclass(frozen=True)
class Setup:
    """Everything that decides the numbers of an interface.

    Parameters
    ----------
    host, film
        Formulas of the package, or structure files; the film takes the strain.
    potential
        Where energies come from.
    miller, film_miller
        Faces in the conventional cells; None takes the plain face of the crystal.
    layers, film_layers
        Atomic layers; None takes 7 angstrom.
    most_strain
        Largest principal strain of the film, as a fraction.
    most_atoms
        Of the shared cell.
    repeats
        Of the shared cell, on top of that.
    relaxed_shifts
        How many of the shifts are relaxed, lowest first.
    seed
        Of the small push off symmetric points.
    """

    host: str
    potential: Potential
    film: str = "Li"
    miller: tuple[int, int, int] | None = None
    film_miller: tuple[int, int, int] | None = None
    layers: int | None = None
    film_layers: int | None = None
    most_strain: float = MOST_STRAIN
    most_atoms: int = MOST_ATOMS
    repeats: tuple[int, int] = (1, 1)
    relaxed_shifts: int = 2
    seed: int = 0

    def inputs(self, host: Structure, film: Structure) -> dict[str, object]:
        """Return what decides the numbers."""
        return {
            **crystal_inputs(host, self.potential),
            "film": crystal_inputs(film, self.potential),
            "miller": _face(self.miller, host),
            "film_miller": _face(self.film_miller, film),
            "layers": [self.layers, self.film_layers],
            "limits": [self.most_strain, self.most_atoms],
            "repeats": self.repeats,
            "seed": self.seed,
        }


def adhesion(
    host: str,
    film: str = "Li",
    calculator: Calculator | None = None,
    *,
    potential_name: str = DEFAULT_POTENTIALS[0],
    surface: tuple[int, int, int] | None = None,
    film_surface: tuple[int, int, int] | None = None,
    layers: int | None = None,
    film_layers: int | None = None,
    most_strain: float = MOST_STRAIN,
    most_atoms: int = MOST_ATOMS,
    repeats: tuple[int, int] = (1, 1),
    relaxed_shifts: int = 2,
    seed: int = 0,
    cache: Path | None = None,
    progress: Progress = silent,
) -> AdhesionRecord:
    """Return how strongly a film sticks to a face of a host.

    Parameters
    ----------
    host, film
        Formula of the package, or a CIF, POSCAR or XYZ file; the film takes the strain.
    calculator
        Any ASE calculator; None takes `potential_name`.
    potential_name
        See `interlith.atomistic.potential`.
    surface, film_surface
        Miller indices in the conventional cells; None takes the plain faces.
    layers, film_layers, most_strain, most_atoms, repeats, relaxed_shifts, seed
        See `Setup`.
    cache
        Root of the folders that keep finished stages; None keeps nothing.
    progress
        Called with stage, how many of how many, and a remark.

    Raises
    ------
    InputError
        An unknown structure, an element outside the potential's set, or no cell within the limits.
    NotConvergedError
        A relaxation failed.
    """
    model = potential(potential_name) if calculator is None else from_calculator(calculator)
    setup = Setup(
        host, model, film, surface, film_surface, layers, film_layers, most_strain, most_atoms,
        repeats, relaxed_shifts, seed,
    )  # fmt: skip
    return run(setup, cache, progress)


def run(setup: Setup, cache: Path | None = None, progress: Progress = silent) -> AdhesionRecord:
    """Return how strongly a film sticks to a face of a host; see `adhesion`."""
    host, film = structure(setup.host), structure(setup.film)
    for each in (host, film):
        setup.potential.require(each.atoms)
    calculator = setup.potential.make()
    label = f"adhesion-{film.name}-on-{host.name}-{setup.potential.label}"
    work = _Work(setup, stages_in(cache, label, setup.inputs(host, film)), calculator, progress)
    progress("crystal", 0, 1, "crystals")
    crystals = [relaxed(each, setup.potential, calculator, cache) for each in (host, film)]
    faces = (
        cut(crystals[0][0], _face(setup.miller, host), setup.layers),
        cut(crystals[1][0], _face(setup.film_miller, film), setup.film_layers),
    )
    shared = coincide(faces[0].cell, faces[1].cell, setup.most_strain, setup.most_atoms)
    progress("clean slab", 0, 1, "faces")
    clean = [work.at_rest(f"face-{side}", faces[side].cell) for side in (HOST, FILM)]
    strained = work.at_rest("face-strained", shared.strained(clean[FILM][0]))
    joined = work.joined(clean[HOST], strained, shared)
    own = (
        _own_energy(faces[HOST], *clean[HOST], *crystals[HOST]),
        _own_energy(faces[FILM], *clean[FILM], *crystals[FILM]),
    )
    return _record(setup, faces, shared, joined, own, (host.name, film.name))


@dataclass(frozen=True)
class _Joined:
    """The lowest interface, and what it is made of [eV]."""

    before: Atoms
    after: Atoms
    energy: float
    cut_eV: float
    parted_eV: float
    tried: int
    relaxed: int
    failed: int


@dataclass(frozen=True)
class _Work:
    """What every relaxation of a setup needs."""

    setup: Setup
    stages: Stages
    calculator: Calculator
    progress: Progress

    def at_rest(self, stage: str, atoms: Atoms) -> tuple[Atoms, float]:
        """Return atoms relaxed at their cell, and their energy [eV]."""
        pushed = atoms.copy()
        pushed.rattle(PUSH, seed=self.setup.seed)
        found = relax_positions(self.stages, stage, pushed, self.calculator, INTERFACE_FORCE)
        rested = atoms.copy()
        rested.set_positions(found["positions"])
        return rested, float(found["energy"])

    def joined(
        self, slab: tuple[Atoms, float], film: tuple[Atoms, float], shared: Coincidence
    ) -> _Joined:
        """Return the lowest interface of two relaxed smallest cells."""
        across = np.diag(self.setup.repeats)
        sides = (
            supercell(slab[0], across @ shared.slab_repeats),
            supercell(film[0], across @ shared.film_repeats),
        )
        starts = self._starts(*sides, shared)
        found: list[tuple[float, Atoms, Atoms]] = []
        wanted = starts[: self.setup.relaxed_shifts]
        for number, (name, start) in enumerate(wanted):
            self.progress("interfaces", number, len(wanted), f"shift {name}")
            try:
                after, energy = self.at_rest(f"both-{name}", start)
            except NotConvergedError:
                continue
            found.append((energy, start, after))
        if not found:
            raise NotConvergedError("no shift of the interface came to rest")
        energy, before, after = min(found, key=lambda each: each[0])
        self.progress("parted", 0, 1, "the two sides alone")
        alone = [self.at_rest(f"parted-{side}", parted(after, side))[1] for side in (HOST, FILM)]
        cells = abs(round(float(np.linalg.det(across))))
        cuts = [slab[1] * shared.slab_cells * cells, film[1] * shared.film_cells * cells]
        lowest = [min(pair) for pair in zip(cuts, alone, strict=True)]
        failed = len(wanted) - len(found)
        return _Joined(
            before, after, energy, sum(cuts), sum(lowest), len(starts), len(found), failed
        )

    def _starts(self, slab: Atoms, film: Atoms, shared: Coincidence) -> list[tuple[str, Atoms]]:
        """Return the stacked interfaces, each at its best gap, lowest rigid energy first."""
        found = []
        ways = shifts(shared.smallest_shift())
        for number, shift in enumerate(ways):
            self.progress("shifts", number, len(ways), f"shift {number + 1}")

            def weigh(shift: Array = shift) -> dict[str, float]:
                energies = {}
                for gap in GAPS:
                    both = stacked(slab, film, shift, gap)
                    both.calc = self.calculator
                    energies[gap] = float(both.get_potential_energy())
                best = min(energies, key=lambda gap: energies[gap])
                return {"gap": best, "energy": energies[best]}

            kept = staged(self.stages, f"shift-{number}", weigh)
            both = stacked(slab, film, shift, float(kept["gap"]))
            found.append((float(kept["energy"]), str(number), both))
        return [(name, both) for _, name, both in sorted(found, key=lambda each: each[0])]


def _face(miller: tuple[int, int, int] | None, crystal: Structure) -> tuple[int, int, int]:
    return miller or PLAIN_FACES.get(crystal.prototype, ANY_FACE)


def _own_energy(
    face: Surface, rested: Atoms, energy: float, bulk: Atoms, bulk_eV: float
) -> float | None:
    """Return the surface energy of a face [J/m2]; None where the slab's two faces differ."""
    if not face.symmetric:
        return None
    pure = bulk_eV * len(rested) / len(bulk)
    return round(surface_energy(energy, pure, area_of(rested)), 4)


def _record(
    setup: Setup,
    faces: tuple[Surface, Surface],
    shared: Coincidence,
    joined: _Joined,
    own: tuple[float | None, float | None],
    names: tuple[str, str],
) -> AdhesionRecord:
    area = shared.area_A2 * setup.repeats[0] * setup.repeats[1]
    moved = mixing(joined.before, joined.after)
    gain = work_of_adhesion(joined.cut_eV, 0.0, joined.parted_eV, area)
    return AdhesionRecord(
        host=names[HOST],
        film=names[FILM],
        potential=setup.potential.name,
        versions=setup.potential.versions,
        miller=faces[HOST].miller,
        film_miller=faces[FILM].miller,
        layers=faces[HOST].layers,
        film_layers=faces[FILM].layers,
        atoms=len(joined.after),
        area_A2=round(area, 2),
        strains=(round(shared.strains[0], 4), round(shared.strains[1], 4)),
        shifts_tried=joined.tried,
        shifts_relaxed=joined.relaxed,
        work_J_m2=round(work_of_adhesion(joined.parted_eV, 0.0, joined.energy, area), 4),
        film_J_m2=own[FILM],
        host_J_m2=own[HOST],
        parted_gain_J_m2=round(gain, 4),
        most_moved_A=round(moved.most_moved_A, 2),
        film_in_host=moved.film_in_host,
        host_in_film=moved.host_in_film,
        reacted=moved.reacted,
        warnings=tuple(_warnings(faces, joined, gain)),
    )


def _warnings(faces: tuple[Surface, Surface], joined: _Joined, gain: float) -> list[str]:
    said = []
    if joined.failed:
        said.append(f"{joined.failed} of the relaxed shifts did not come to rest")
    if gain > REBUILT_J_M2:
        said.append(
            f"the parted sides lie {gain:.2f} J/m2 lower than as cut: they rebuilt, and the work "
            "of adhesion counts from there"
        )
    for face, side in zip(faces, ("host", "film"), strict=True):
        if face.polar:
            said.append(f"the face of the {side} is polar")
        if not face.symmetric:
            said.append(f"the slab of the {side} has two different faces: no surface energy")
    return said
