"""Where an adatom rests: candidates on top of, between and amid surface atoms, relaxed and merged.

Candidates come from pymatgen's adsorption sites (atop, bridge, hollow). Each is pushed a little off
its point, so that it does not stay on a symmetric saddle, and relaxed with the upper half of the
slab. What ends at the same place, or at a place that the slab's symmetry takes there, is one site.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from interlith.atomistic.relaxing import NotConvergedError, relax_positions
from interlith.atomistic.slab import Surface
from interlith.atomistic.store import Stages
from interlith.atomistic.symmetry import Operation

if TYPE_CHECKING:
    from ase import Atoms
    from ase.calculators.calculator import Calculator

Array = NDArray[np.float64]

PUSH = 0.15  # angstrom, in the plane
SAME_PLACE = 0.5  # angstrom in the plane between sites that count as one
SAME_HEIGHT = 0.7  # angstrom
CLOSENESS = 0.95  # of the sum of covalent radii, where an adatom starts


@dataclass(frozen=True)
class Site:
    """A minimum of the adatom's energy, one of each kind.

    Parameters
    ----------
    name
        s0 for the lowest, s1, ...
    energy
        Of slab and adatom [eV].
    positions
        Relaxed, adatom last, shape (n + 1, 3) [angstrom].
    neighbours
        Surface atoms about the adatom, such as "Bi Bi Li Li".
    height
        Of the adatom above the uppermost layer of the unrelaxed slab [angstrom]; negative inside.
    started
        Names of the candidates that ended here.
    """

    name: str
    energy: float
    positions: Array
    neighbours: str
    height: float
    started: tuple[str, ...]

    @property
    def adatom(self) -> Array:
        """Position of the adatom [angstrom]."""
        return np.asarray(self.positions[-1])


def candidates(surface: Surface, element: str, seed: int) -> dict[str, Array]:
    """Return start positions of the adatom by name, one of each kind, off their points."""
    from pymatgen.analysis.adsorption import AdsorbateSiteFinder
    from pymatgen.io.ase import AseAtomsAdaptor

    plain = AseAtomsAdaptor.get_structure(surface.cell)
    finder = AdsorbateSiteFinder(plain, mi_vec=[0.0, 0.0, 1.0])
    found = finder.find_adsorption_sites(distance=0.0, no_obtuse_hollow=False)
    random = np.random.default_rng(seed)
    starts = {}
    for kind in ("ontop", "bridge", "hollow"):
        for number, point in enumerate(found[kind]):
            angle = random.uniform(0.0, 2.0 * np.pi)
            pushed = np.array(point) + PUSH * np.array([np.cos(angle), np.sin(angle), 0.0])
            starts[f"{kind}{number}"] = _lifted(pushed, surface.cell, element)
    return starts


def _lifted(point: Array, slab: Atoms, element: str) -> Array:
    """Return the lowest point above `point` that is a bond length from every atom."""
    from ase.data import atomic_numbers, covalent_radii

    radius = covalent_radii[atomic_numbers[element]]
    wide = slab.repeat((3, 3, 1))
    wide.positions -= slab.cell.array[0] + slab.cell.array[1]
    bonds = CLOSENESS * (covalent_radii[wide.numbers] + radius)
    away = np.hypot(*(wide.positions[:, :2] - point[:2]).T)
    near = away < bonds
    heights = wide.positions[near, 2] + np.sqrt(bonds[near] ** 2 - away[near] ** 2)
    top = float(slab.positions[:, 2].max())
    # A wide hole would swallow the adatom; it starts above the uppermost layer and sinks by itself.
    height = max(float(heights.max(initial=-np.inf)), top + 0.8)
    return np.array([point[0], point[1], height])


def relaxed_sites(
    stages: Stages,
    slab: Atoms,
    surface: Surface,
    symmetry: list[Operation],
    element: str,
    calculator: Calculator,
    seed: int,
    report: Callable[[str, int, int], None] = lambda name, done, total: None,
) -> tuple[list[Site], list[str]]:
    """Relax all candidates and return the sites, lowest first, and what failed by name.

    `report` is called with each candidate's name, how many are done, and how many there are.
    """
    ends: list[tuple[str, dict[str, Any]]] = []
    failed: list[str] = []
    starts = candidates(surface, element, seed)
    for name, start in starts.items():
        report(name, len(ends) + len(failed), len(starts))
        try:
            found = relax_positions(
                stages, f"site-{name}", with_adatom(slab, element, start), calculator
            )
        except NotConvergedError as error:
            failed.append(str(error))
            continue
        ends.append((name, found))
    if not ends:
        raise NotConvergedError(f"no site of {element} could be relaxed: {'; '.join(failed)}")
    return _merged(ends, slab, surface, symmetry), failed


def with_adatom(slab: Atoms, element: str, position: Array) -> Atoms:
    """Return the slab with an adatom, its last atom."""
    from ase import Atom

    covered = slab.copy()
    covered.append(Atom(element, position))
    return covered


def _merged(
    ends: list[tuple[str, dict[str, Any]]],
    slab: Atoms,
    surface: Surface,
    symmetry: list[Operation],
) -> list[Site]:
    sites: list[Site] = []
    top = float(slab.positions[:, 2].max())
    for name, end in sorted(ends, key=lambda item: float(item[1]["energy"])):
        positions = np.array(end["positions"])
        twin = next((s for s in sites if _same(s.adatom, positions[-1], surface, symmetry)), None)
        if twin is not None:
            sites[sites.index(twin)] = replace(twin, started=(*twin.started, name))
            continue
        sites.append(
            Site(
                name=f"s{len(sites)}",
                energy=float(end["energy"]),
                positions=positions,
                neighbours=_neighbours(slab, positions),
                height=float(positions[-1, 2] - top),
                started=(name,),
            )
        )
    return sites


def _same(one: Array, other: Array, surface: Surface, symmetry: list[Operation]) -> bool:
    """Return whether an operation takes one place of the adatom to the other."""
    if abs(one[2] - other[2]) > SAME_HEIGHT:
        return False
    return any(
        in_plane_distance(operation.point(one), other, surface) < SAME_PLACE
        for operation in symmetry
    )


def in_plane_distance(one: Array, other: Array, surface: Surface) -> float:
    """Return the least distance in the plane between two points and their images [angstrom]."""
    cell = surface.cell.cell.array[:2, :2]
    apart = np.linalg.solve(cell.T, np.asarray(one[:2] - other[:2]))
    apart -= np.round(apart)
    around = [apart + np.array([i, j]) for i in (-1, 0, 1) for j in (-1, 0, 1)]
    return float(min(np.linalg.norm(np.array(around) @ cell, axis=1)))


def _neighbours(slab: Atoms, positions: Array) -> str:
    """Return the elements bonded to the adatom: within 1.25 of the nearest distance by radii."""
    from ase.data import covalent_radii
    from ase.geometry import get_distances

    _, apart = get_distances(
        positions[-1:], positions[:-1], cell=slab.cell, pbc=(True, True, False)
    )
    reduced = apart[0] / covalent_radii[slab.numbers]
    near = np.flatnonzero(reduced < 1.25 * reduced.min())
    symbols = slab.get_chemical_symbols()
    return " ".join(sorted(symbols[i] for i in near))
