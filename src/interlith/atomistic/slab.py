"""A surface of a host: terminations, layers, the cell that is repeated, its symmetry.

The slab is cut from the relaxed crystal with pymatgen, turned so that its normal is z, and trimmed
from below to the number of atomic layers asked for. The lower half is held fixed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from interlith.errors import InputError, Problem
from interlith.extra import need

if TYPE_CHECKING:
    from ase import Atoms
    from pymatgen.core.surface import Slab

Array = NDArray[np.float64]

VACUUM = 14.0  # angstrom, so that an adatom 3 angstrom up sees no second slab
SAME_LAYER = 0.3  # angstrom between atoms of one layer
SYMMETRY = 0.01  # angstrom, spglib's tolerance on an unrelaxed slab
LEAST_SPAN = 8.0  # angstrom between an adatom and its images when the user names no cell
LEAST_THICKNESS = 7.0  # angstrom when the user names no number of layers


@dataclass(frozen=True)
class Surface:
    """The unrelaxed slab in its smallest cell.

    Parameters
    ----------
    miller
        (h, k, l) of the conventional cell.
    cell
        Slab in its smallest in-plane cell (ase.Atoms), normal along z.
    layers
        Number of atomic layers.
    termination
        Which of the terminations, and of how many.
    top
        Elements of the uppermost layer.
    symmetric
        Both faces are equivalent.
    polar
        The slab has a dipole along its normal (pymatgen, by oxidation states where it can tell).
    rotations, translations
        Symmetry operations that keep the normal: Cartesian matrices (n, 3, 3) and shifts (n, 3).
    """

    miller: tuple[int, int, int]
    cell: Atoms
    layers: int
    termination: tuple[int, int]
    top: str
    symmetric: bool
    polar: bool
    rotations: Array
    translations: Array

    def repeated(self, coverage: tuple[int, int]) -> Atoms:
        """Return the slab repeated in its plane, the lower half of its layers held fixed."""
        from ase.constraints import FixAtoms

        slab = self.cell.repeat((*coverage, 1))
        heights = _layer_heights(slab)
        floor = heights[(len(heights) + 1) // 2] - SAME_LAYER
        slab.set_constraint(FixAtoms(mask=slab.positions[:, 2] < floor))
        return slab

    def smallest_coverage(self) -> tuple[int, int]:
        """Return the repeats that keep the images of an adatom 8 angstrom apart."""
        lengths = self.cell.cell.lengths()[:2]
        first, second = (max(1, int(np.ceil(LEAST_SPAN / length))) for length in lengths)
        return first, second


def area_of(slab: Atoms) -> float:
    """Return the area of the plane of a slab [angstrom2]."""
    return float(np.linalg.norm(np.cross(*slab.cell.array[:2])))


def cut(
    bulk: Atoms, miller: tuple[int, int, int], layers: int | None = None, termination: int = 0
) -> Surface:
    """Cut a slab from a crystal.

    Parameters
    ----------
    bulk
        Conventional cell of the relaxed crystal.
    miller
        Indices of the face in that cell.
    layers
        Atomic layers; None takes as many as make 7 angstrom. A number at which the slab does not
        have the crystal's composition is raised to the next at which it has.
    termination
        Which termination, 0 the first; symmetric and non-polar ones come first.

    Raises
    ------
    InputError
        No face with these indices, or no such termination.
    """
    need("pymatgen")
    terminations = _terminations(bulk, miller, layers)
    if not 0 <= termination < len(terminations):
        expected = f"a number from 0 to {len(terminations) - 1}: this face has that many"
        raise InputError(Problem("", "--termination", str(termination), expected))
    chosen = terminations[termination]
    cell = _trimmed(_standing(chosen), bulk, layers)
    rotations, translations = _in_plane_symmetry(cell)
    uppermost = cell.positions[:, 2] > cell.positions[:, 2].max() - SAME_LAYER
    top = sorted({cell[int(i)].symbol for i in np.flatnonzero(uppermost)})
    return Surface(
        miller=miller,
        cell=cell,
        layers=len(_layer_heights(cell)),
        termination=(termination, len(terminations)),
        top=" ".join(top),
        symmetric=bool(chosen.is_symmetric()),
        polar=bool(chosen.is_polar()),
        rotations=rotations,
        translations=translations,
    )


def _terminations(bulk: Atoms, miller: tuple[int, int, int], layers: int | None) -> list[Slab]:
    """Return all terminations, the symmetric and non-polar ones first."""
    from pymatgen.core.surface import SlabGenerator
    from pymatgen.io.ase import AseAtomsAdaptor

    if not any(miller):
        raise InputError(Problem("", "--surface", "000", "indices of a face, such as 110"))
    # Twice what is wanted: trimming takes layers away from below.
    height = 2.0 * LEAST_THICKNESS if layers is None else 3.0 * layers + LEAST_THICKNESS
    crystal = AseAtomsAdaptor.get_structure(bulk)
    crystal.add_oxidation_state_by_guess()
    found = SlabGenerator(
        crystal, miller, height, VACUUM, center_slab=False, primitive=True, lll_reduce=False
    ).get_slabs(symmetrize=False)
    return sorted(found, key=lambda slab: (bool(slab.is_polar()), not slab.is_symmetric()))


def _standing(slab: Slab) -> Atoms:
    """Return a pymatgen slab with its normal along z and its shortest in-plane vectors."""
    from ase import Atoms
    from ase.geometry import cellpar_to_cell, minkowski_reduce

    upright = slab.get_orthogonal_c_slab()
    standing = Atoms(
        [site.specie.symbol for site in upright],
        scaled_positions=upright.frac_coords,
        cell=cellpar_to_cell([*upright.lattice.abc, *upright.lattice.angles]),
        pbc=True,
    )
    reduced, _ = minkowski_reduce(standing.cell, pbc=(True, True, False))
    turned = Atoms(standing.symbols, positions=standing.positions, cell=reduced, pbc=True)
    turned.set_cell(cellpar_to_cell(turned.cell.cellpar()), scale_atoms=True)
    turned.wrap()
    return _gathered(turned)


def _gathered(slab: Atoms) -> Atoms:
    """Return the slab in one piece, above the floor of its cell."""
    heights = np.sort(slab.get_scaled_positions()[:, 2])
    gaps = np.diff(np.append(heights, heights[0] + 1.0))
    below = heights[(int(np.argmax(gaps)) + 1) % len(heights)]
    scaled = slab.get_scaled_positions()
    scaled[:, 2] = (scaled[:, 2] - below + 1e-6) % 1.0
    gathered = slab.copy()
    gathered.set_scaled_positions(scaled)
    return gathered


def _layer_heights(slab: Atoms) -> list[float]:
    """Return the heights of the atomic layers [angstrom], lowest first."""
    heights: list[float] = []
    for z in np.sort(slab.positions[:, 2]):
        if not heights or z - heights[-1] > SAME_LAYER:
            heights.append(float(z))
    return heights


def _trimmed(slab: Atoms, bulk: Atoms, layers: int | None) -> Atoms:
    """Return the slab with its lowest layers taken away, and with the vacuum above."""
    heights = _layer_heights(slab)
    for keep in range(1, len(heights) + 1):
        floor = heights[-keep] - SAME_LAYER
        thickness = heights[-1] - heights[-keep]
        enough = keep >= layers if layers else thickness >= LEAST_THICKNESS
        kept = slab[slab.positions[:, 2] > floor]
        if enough and _same_composition(kept, bulk):
            kept.positions[:, 2] -= heights[-keep]
            kept.cell[2, 2] = thickness + VACUUM
            kept.center(axis=2)
            return kept
    return slab


def _same_composition(slab: Atoms, bulk: Atoms) -> bool:
    counts, wanted = slab.symbols.formula.count(), bulk.symbols.formula.count()
    return all(
        counts.get(element, 0) * len(bulk) == number * len(slab)
        for element, number in wanted.items()
    )


def _in_plane_symmetry(slab: Atoms) -> tuple[Array, Array]:
    """Return the Cartesian operations of the slab that keep its normal."""
    import spglib

    found = spglib.get_symmetry(
        (slab.cell.array, slab.get_scaled_positions(), slab.numbers), symprec=SYMMETRY
    )
    assert found is not None
    lattice = slab.cell.array.T
    inverse = np.linalg.inv(lattice)
    rotations, translations = [], []
    for rotation, translation in zip(found["rotations"], found["translations"], strict=True):
        shift = lattice @ translation
        upright = np.allclose((lattice @ rotation @ inverse)[2], [0, 0, 1], atol=1e-6)
        height = slab.cell[2, 2]
        if upright and abs(shift[2] - height * round(shift[2] / height)) < 10 * SYMMETRY:
            rotations.append(lattice @ rotation @ inverse)
            translations.append([shift[0], shift[1], 0.0])
    return np.array(rotations), np.array(translations)
