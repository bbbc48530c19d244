"""A cell that two faces share: few atoms, little strain, and the film takes all of it.

The search is that of Zur & McGill, J. Appl. Phys. 55, 378 (1984), doi:10.1063/1.333084, by
pymatgen. Of all matches whose strain stays below the limit the one with the fewest atoms is taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from interlith.atomistic.slab import area_of
from interlith.errors import InputError, Problem
from interlith.extra import need

if TYPE_CHECKING:
    from ase import Atoms
    from pymatgen.analysis.interfaces.zsl import ZSLMatch

Array = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Coincidence:
    """How two faces share a cell.

    Parameters
    ----------
    slab_repeats, film_repeats
        Whole numbers (2, 2): the shared vectors in those of either smallest cell.
    vectors
        Of the shared cell (2, 2) [angstrom], right-handed, in the plane of the slab.
    strains
        Principal strains of the film.
    turned_over
        The film lies upside down, because its cell matches so alone.
    """

    slab_repeats: Whole
    film_repeats: Whole
    vectors: Array
    strains: tuple[float, float]
    turned_over: bool

    @property
    def strain(self) -> float:
        """The larger strain of the film, without its sign."""
        return max(abs(each) for each in self.strains)

    @property
    def slab_cells(self) -> int:
        """Smallest cells of the slab in the shared one."""
        return _count(self.slab_repeats)

    @property
    def film_cells(self) -> int:
        """Smallest cells of the film in the shared one."""
        return _count(self.film_repeats)

    @property
    def area_A2(self) -> float:
        """Area of the shared cell [angstrom2]."""
        return abs(float(np.linalg.det(self.vectors)))

    def strained(self, film: Atoms) -> Atoms:
        """Return the smallest cell of the film, strained, and turned over where it has to be."""
        strained = film.copy()
        if self.turned_over:
            strained.positions *= (1.0, -1.0, -1.0)
            strained.set_cell(strained.cell.array * (1.0, -1.0, 1.0))
            strained.positions[:, 2] -= strained.positions[:, 2].min()
        cell = np.zeros((3, 3))
        cell[:2, :2] = np.linalg.inv(self.film_repeats) @ self.vectors
        cell[2, 2] = strained.cell[2, 2]
        strained.set_cell(cell, scale_atoms=True)
        return strained

    def smallest_shift(self) -> Array:
        """Return the vectors (2, 2) [angstrom] by which the film may move without any change.

        They span all vectors of both lattices, so a large shared cell has small ones.
        """
        from ase.geometry import minkowski_reduce
        from sympy import Matrix
        from sympy.matrices.normalforms import hermite_normal_form

        # Either lattice as whole parts of the shared vectors: the rows of adj(M) over det(M).
        slab, film = self.slab_repeats, self.film_repeats
        parts = np.vstack(
            [_adjugate(slab) * _determinant(film), _adjugate(film) * _determinant(slab)]
        )
        basis = hermite_normal_form(Matrix(parts.T.tolist()))
        fractions = np.array(basis.T.tolist(), dtype=float) / _determinant(slab)
        padded = np.eye(3) * 1e3
        padded[:2, :2] = fractions / _determinant(film) @ self.vectors
        reduced, _ = minkowski_reduce(padded, pbc=(True, True, False))
        return np.asarray(reduced[:2, :2])


def coincide(slab: Atoms, film: Atoms, most_strain: float, most_atoms: int) -> Coincidence:
    """Return the shared cell of two faces with the fewest atoms.

    Parameters
    ----------
    slab, film
        Smallest cells of the faces, normal along z.
    most_strain
        Largest principal strain of the film, as a fraction.
    most_atoms
        Of the shared cell.

    Raises
    ------
    InputError
        No cell stays below both limits.
    """
    need("pymatgen")
    from pymatgen.analysis.interfaces.zsl import ZSLGenerator

    atoms_per_area = sum(len(face) / area_of(face) for face in (slab, film))
    generator = ZSLGenerator(
        max_area_ratio_tol=2.5 * most_strain,
        max_area=most_atoms / atoms_per_area * (1.0 + most_strain),
        max_length_tol=most_strain,
        # Relative; a shear turns an angle of 60 degrees by up to twice the strain.
        max_angle_tol=2.0 * most_strain,
    )
    film_vectors, slab_vectors = film.cell.array[:2], slab.cell.array[:2]
    found = [_matched(match, slab, film) for match in generator(film_vectors, slab_vectors)]
    allowed = [each for each in found if each.strain <= most_strain]
    fits = [each for each in allowed if _atoms(each, slab, film) <= most_atoms]
    if not fits:
        raise InputError(
            Problem(
                "",
                "--strain",
                f"{100 * most_strain:g} % and {most_atoms} atoms",
                "limits that a shared cell of the two faces meets: more strain, more atoms "
                "(--atoms), fewer layers or other faces",
            )
        )
    return min(fits, key=lambda each: (_atoms(each, slab, film), round(each.strain, 6)))


def supercell(cell: Atoms, repeats: Whole) -> Atoms:
    """Return a face repeated in its plane by whole numbers (2, 2)."""
    from ase.build import make_supercell

    whole = np.eye(3, dtype=int)
    whole[:2, :2] = repeats
    repeated = make_supercell(cell, whole, wrap=False)
    assert len(repeated) == len(cell) * _count(repeats)
    return repeated


def _matched(match: ZSLMatch, slab: Atoms, film: Atoms) -> Coincidence:
    """Return a match with right-handed vectors and whole numbers for both faces."""
    ours = np.asarray(match.substrate_sl_vectors, dtype=float)[:, :2]
    theirs = np.asarray(match.film_sl_vectors, dtype=float)[:, :2]
    if np.linalg.det(ours) < 0.0:
        ours, theirs = ours * [[1.0], [-1.0]], theirs * [[1.0], [-1.0]]
    stretches = np.linalg.svd(np.linalg.inv(theirs) @ ours, compute_uv=False)
    return Coincidence(
        slab_repeats=_whole(ours, slab),
        film_repeats=_whole(theirs, film),
        vectors=ours,
        strains=(float(stretches[0]) - 1.0, float(stretches[1]) - 1.0),
        turned_over=bool(np.linalg.det(theirs) < 0.0),
    )


def _whole(vectors: Array, face: Atoms) -> Whole:
    return np.rint(vectors @ np.linalg.inv(face.cell.array[:2, :2])).astype(np.int64)


def _determinant(matrix: Whole) -> int:
    return int(matrix[0, 0] * matrix[1, 1] - matrix[0, 1] * matrix[1, 0])


def _adjugate(matrix: Whole) -> Whole:
    (a, b), (c, d) = matrix
    return np.array([[d, -b], [-c, a]], dtype=np.int64)


def _count(repeats: Whole) -> int:
    return abs(_determinant(repeats))


def _atoms(found: Coincidence, slab: Atoms, film: Atoms) -> int:
    return found.slab_cells * len(slab) + found.film_cells * len(film)
