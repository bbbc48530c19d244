"""What taking up lithium costs a metal or a salt: in its bulk, on its face, and beside its charge.

All energies are against lithium metal, so a negative one means that the host takes lithium from it.

- exchanged: one host atom is replaced by lithium, the atom goes to its own crystal (metals only)
- interstitial: lithium in the widest hole of the crystal
- adatom: lithium on the host's plain face; its binding beside the cohesion of lithium tells whether
  one atom stays there or leaves for lithium. Whether lithium wets the face, a film says better
  (`film_adhesion.py`)
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from interlith.atomistic.adatom_barrier import Setup, rest
from interlith.atomistic.crystals import crystal_stages, element_energy, relaxed
from interlith.atomistic.potentials import Potential
from interlith.atomistic.relaxing import relax_positions
from interlith.atomistic.store import Stages
from interlith.atomistic.structures import Structure, structure

if TYPE_CHECKING:
    from ase import Atoms
    from ase.calculators.calculator import Calculator

Array = NDArray[np.float64]

LEAST_CELL = 9.0  # angstrom between a lithium atom and its images
GRID = 0.35  # angstrom between points when holes are looked for
# Strukturbericht symbol -> the plain face: closest packed for metals, neutral for salts.
PLAIN_FACES = {
    "A1": (1, 1, 1),
    "A2": (1, 1, 0),
    "A3": (0, 0, 1),
    "A4": (1, 1, 1),
    "A5": (1, 0, 0),
    "A6": (1, 0, 1),
    "A7": (0, 0, 1),
    "B1": (1, 0, 0),
    "B2": (1, 1, 0),
    "C1": (1, 1, 0),
    "D0_3": (1, 1, 0),
}
ANY_FACE = (1, 1, 0)


@dataclass(frozen=True)
class Uptake:
    """What lithium costs a host, with one potential; energies in eV an atom of lithium.

    Parameters
    ----------
    host, potential
        Crystal and potential.
    exchanged_eV
        One atom replaced; None for a compound.
    interstitial_eV
        In the widest hole.
    adatom_eV
        On the plain face.
    face
        Its Miller indices.
    """

    host: str
    potential: str
    exchanged_eV: float | None
    interstitial_eV: float
    adatom_eV: float
    face: tuple[int, int, int]

    @property
    def atom_prefers_host(self) -> bool:
        """Whether an atom of lithium binds to the face more strongly than to lithium metal."""
        return self.adatom_eV < 0.0


def uptake(host: str, model: Potential, *, seed: int = 0, cache: Path | None = None) -> Uptake:
    """Return what taking up lithium costs a metal or a salt.

    Parameters
    ----------
    host
        Formula of the package or a structure file.
    model
        The potential.
    seed
        Of the small push off symmetric points.
    cache
        Root of the folders that keep finished stages; None keeps nothing.

    Raises
    ------
    InputError
        An unknown structure, or an element outside the potential's set.
    NotConvergedError
        A relaxation failed.
    """
    start = structure(host)
    model.require(start.atoms)
    calculator = model.make()
    bulk, energy = relaxed(start, model, calculator, cache)
    stages = crystal_stages(start, model, cache)
    lithium = element_energy("Li", model, calculator, cache)
    wide = bulk.repeat([max(1, round(LEAST_CELL / x)) for x in bulk.cell.lengths()])
    pure = energy * len(wide) / len(bulk)

    exchanged = None
    if len(set(bulk.numbers)) == 1 and bulk[0].symbol != "Li":
        found = _relaxed(stages, "exchanged", _with_exchange(wide), calculator, seed)
        exchanged = found + energy / len(bulk) - pure - lithium
    inside = _relaxed(stages, "interstitial", _with_interstitial(wide, bulk), calculator, seed)
    face = PLAIN_FACES.get(start.prototype, ANY_FACE)
    return Uptake(
        host=start.name,
        potential=model.name,
        exchanged_eV=None if exchanged is None else round(exchanged, 3),
        interstitial_eV=round(inside - pure - lithium, 3),
        adatom_eV=round(_adatom(start, face, model, calculator, seed, cache) - lithium, 3),
        face=face,
    )


def _with_exchange(wide: Atoms) -> Atoms:
    changed = wide.copy()
    changed[0].symbol = "Li"
    return changed


def _with_interstitial(wide: Atoms, bulk: Atoms) -> Atoms:
    from ase import Atom

    filled = wide.copy()
    filled.append(Atom("Li", widest_hole(bulk)))
    return filled


def widest_hole(bulk: Atoms) -> Array:
    """Return the point of a crystal farthest from the surface of every atom [angstrom].

    Distances are less the covalent radii, on a grid of points 0.35 angstrom apart.
    """
    from ase.data import covalent_radii

    counts = [max(4, int(np.ceil(length / GRID))) for length in bulk.cell.lengths()]
    steps = [np.arange(n) / n for n in counts]
    grid = np.stack(np.meshgrid(*steps, indexing="ij"), axis=-1).reshape(-1, 3)
    nearest = np.full(len(grid), np.inf)
    images = np.array([(i, j, k) for i in (-1, 0, 1) for j in (-1, 0, 1) for k in (-1, 0, 1)])
    for place, number in zip(bulk.get_scaled_positions(), bulk.numbers, strict=True):
        for image in images:
            apart = (grid - place - image) @ bulk.cell.array
            nearest = np.minimum(nearest, np.linalg.norm(apart, axis=1) - covalent_radii[number])
    return np.asarray(grid[int(np.argmax(nearest))] @ bulk.cell.array)


def _relaxed(stages: Stages, stage: str, atoms: Atoms, calculator: Calculator, seed: int) -> float:
    """Return the energy with positions relaxed at the crystal's cell [eV]."""
    atoms.rattle(0.03, seed=seed)
    return float(relax_positions(stages, f"{stage}-{seed}", atoms, calculator)["energy"])


def _adatom(
    start: Structure,
    face: tuple[int, int, int],
    model: Potential,
    calculator: Calculator,
    seed: int,
    cache: Path | None,
) -> float:
    """Return the energy that an atom of lithium on the face adds [eV]."""
    setup = Setup(start.name, face, "Li", model, seed=seed)
    found = rest(setup, cache, calculator=calculator)
    return found.sites[0].energy - found.slab_energy
