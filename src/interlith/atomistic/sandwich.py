"""Two faces on each other: stacked with a shift and a gap, parted again, and whether they mixed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from interlith.atomistic.adatom_barrier import REBUILT
from interlith.atomistic.slab import SAME_LAYER, VACUUM

if TYPE_CHECKING:
    from ase import Atoms

Array = NDArray[np.float64]

HOST, FILM = 0, 1  # tags of the atoms
SHIFT_STEP = 1.0  # angstrom between shifts that are tried
MOST_SHIFTS = 3  # along either vector
GAPS = (1.6, 2.0, 2.5, 3.0)  # angstrom between the outermost atoms that are tried
SUNK = 1.0  # angstrom past the other side's outermost layer before an atom counts as taken up


@dataclass(frozen=True)
class Mixing:
    """What the atoms of an interface did while it relaxed.

    Parameters
    ----------
    most_moved_A
        Farthest way of an atom, less that of its whole side [angstrom].
    film_in_host, host_in_film
        Atoms more than 1 angstrom past the other side's outermost layer.
    """

    most_moved_A: float
    film_in_host: int
    host_in_film: int

    @property
    def reacted(self) -> bool:
        """Whether the interface is another than the one that was stacked."""
        return self.most_moved_A > REBUILT or self.film_in_host + self.host_in_film > 0


def shifts(smallest: Array) -> Array:
    """Return lateral shifts (n, 2) [angstrom] on a regular grid over the smallest shift cell."""
    counts = np.ceil(np.linalg.norm(smallest, axis=1) / SHIFT_STEP - 1e-9)
    first, second = np.clip(counts, 1, MOST_SHIFTS).astype(int)
    steps = [(i / first, j / second) for i in range(first) for j in range(second)]
    return np.array(steps) @ smallest


def stacked(slab: Atoms, film: Atoms, shift: Array, gap: float) -> Atoms:
    """Return the film on the slab, vacuum above; without a shift an atom lies above an atom."""
    lower, upper = slab.copy(), film.copy()
    lower.set_tags(HOST)
    upper.set_tags(FILM)
    highest = lower.positions[np.argmax(lower.positions[:, 2])]
    lowest = upper.positions[np.argmin(upper.positions[:, 2])]
    upper.positions += highest - lowest + np.array([*shift, gap])
    both = lower + upper
    cell = slab.cell.array.copy()
    cell[2] = (0.0, 0.0, float(np.ptp(both.positions[:, 2])) + VACUUM)
    both.set_cell(cell)
    both.center(axis=2)
    return both


def parted(both: Atoms, side: int) -> Atoms:
    """Return one side of an interface alone, in the same cell."""
    return both[both.get_tags() == side]


def mixing(before: Atoms, after: Atoms) -> Mixing:
    """Return how far atoms moved, and how many are past the other side's outermost layer."""
    tags = before.get_tags()
    ways = after.positions - before.positions
    for side in (HOST, FILM):
        ways[tags == side] -= ways[tags == side].mean(axis=0)
    start, end = before.positions[:, 2], after.positions[:, 2]
    host, film = tags == HOST, tags == FILM
    top = host & (start > start[host].max() - SAME_LAYER)
    bottom = film & (start < start[film].min() + SAME_LAYER)
    return Mixing(
        most_moved_A=float(np.linalg.norm(ways, axis=1).max()),
        film_in_host=int(np.sum(film & (end < end[top].mean() - SUNK))),
        host_in_film=int(np.sum(host & (end > end[bottom].mean() + SUNK))),
    )
