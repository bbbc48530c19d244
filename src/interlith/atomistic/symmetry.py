"""Copies of a relaxed configuration under the symmetry of its slab, atoms in their fixed order.

A copy of a site costs no relaxation: an operation g takes ideal atom i to the place of ideal atom
j, so atom j of the copy gets the displacement of atom i turned by g. The adatom is never wrapped
into the cell, so a path between two copies is as long as it looks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from interlith.atomistic.slab import Surface

if TYPE_CHECKING:
    from ase import Atoms

Array = NDArray[np.float64]

MATCH = 0.1  # angstrom between an ideal atom and the image of another


@dataclass(frozen=True)
class Operation:
    """A rotation or reflection about the normal, a shift, and what they do to the atoms.

    Parameters
    ----------
    rotation, translation
        r -> rotation r + translation, Cartesian [angstrom].
    goes_to
        Atom i of the slab goes to the place of atom goes_to[i].
    """

    rotation: Array
    translation: Array
    goes_to: NDArray[np.intp]

    def point(self, position: Array) -> Array:
        """Return where a point goes [angstrom]."""
        return np.asarray(self.rotation @ position + self.translation)

    def copied(self, positions: Array, ideal: Array) -> Array:
        """Return the positions of the slab's atoms and the adatom after the operation.

        Parameters
        ----------
        positions
            Relaxed, adatom last, shape (n + 1, 3) [angstrom].
        ideal
            Of the unrelaxed slab, shape (n, 3) [angstrom].
        """
        copy = np.empty_like(positions)
        displaced = (positions[:-1] - ideal) @ self.rotation.T
        copy[self.goes_to] = ideal[self.goes_to] + displaced
        copy[-1] = self.point(positions[-1])
        return copy

    def shifted(self, vector: Array, slab: Atoms) -> Operation:
        """Return this operation followed by a shift by a vector of the smallest cell."""
        return operation(slab, self.rotation, self.translation + vector)


def operation(slab: Atoms, rotation: Array, translation: Array) -> Operation:
    """Return an operation with the permutation of the repeated slab's atoms.

    Raises
    ------
    ValueError
        The operation does not map the slab onto itself.
    """
    images = slab.positions @ rotation.T + translation
    apart = slab.cell.scaled_positions(images)[:, None] - slab.get_scaled_positions(wrap=False)
    apart[..., :2] -= np.round(apart[..., :2])
    distances = np.linalg.norm(apart @ slab.cell.array, axis=-1)
    goes_to = distances.argmin(axis=1)
    if distances.min(axis=1).max() > MATCH or len(set(goes_to)) != len(goes_to):
        raise ValueError("the operation does not map the slab onto itself")
    return Operation(rotation, translation, goes_to)


def operations(surface: Surface, slab: Atoms) -> list[Operation]:
    """Return the operations of the surface that also map the repeated cell onto itself.

    They are those of the smallest cell; its translations come on top (`lattice_vectors`).
    """
    found = []
    for rotation, translation in zip(surface.rotations, surface.translations, strict=True):
        turned = slab.cell.array[:2] @ rotation.T
        whole = slab.cell.scaled_positions(turned)
        if np.allclose(whole, np.round(whole), atol=1e-3):
            found.append(operation(slab, rotation, translation))
    return found


def lattice_vectors(surface: Surface, reach: int) -> list[Array]:
    """Return the in-plane lattice vectors from -reach to reach cells, the zero vector first."""
    first, second = surface.cell.cell.array[:2]
    steps = range(-reach, reach + 1)
    vectors = [i * first + j * second for i in steps for j in steps]
    return sorted(vectors, key=lambda vector: float(np.linalg.norm(vector)))
