"""What an adatom sees of a surface: its sites, the jumps between them, the ways these open across.

Energies of saddles come from outside, so that one landscape serves the potential that found it and
another method that weighs its states again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from interlith.atomistic.jumps import Jump, Node, jumps_of, locate, nodes_of
from interlith.atomistic.network import Crossing, Edge, crossings
from interlith.atomistic.sites import Site
from interlith.atomistic.slab import Surface
from interlith.atomistic.symmetry import Operation, operations

if TYPE_CHECKING:
    from ase import Atoms


@dataclass(frozen=True)
class Landscape:
    """Sites and jumps of an adatom on one surface.

    Parameters
    ----------
    face
        The surface.
    symmetry
        Its operations that map the repeated cell onto itself.
    sites
        One of each kind, lowest first.
    nodes
        All of the smallest cell.
    jumps
        One of each kind, shortest first.
    """

    face: Surface
    symmetry: list[Operation]
    sites: list[Site]
    nodes: list[Node]
    jumps: list[Jump]

    @classmethod
    def of(cls, sites: list[Site], face: Surface, ideal: Atoms) -> Landscape:
        """Return the landscape of relaxed sites on a slab, `ideal` before its relaxation."""
        symmetry = operations(face, ideal)
        nodes = nodes_of(sites, face, symmetry)
        return cls(face, symmetry, sites, nodes, jumps_of(sites, nodes, face, ideal, symmetry))

    def across(self, saddles: Sequence[tuple[Jump, float]]) -> list[Crossing]:
        """Return the crossings that jumps with these saddle energies open, easiest first [eV]."""
        edges: dict[tuple[int, int, tuple[int, int], int], Edge] = {}
        for number, (jump, saddle) in enumerate(saddles):
            for edge in self._copies(jump, saddle, number):
                edges[edge.start, edge.end, edge.cell, number] = edge
        return crossings(len(self.nodes), list(edges.values()))

    def _copies(self, jump: Jump, saddle: float, number: int) -> Iterator[Edge]:
        for g in self.symmetry:
            start, first = locate(g.point(jump.places[0]), self.nodes, self.face)
            end, last = locate(g.point(jump.places[1]), self.nodes, self.face)
            cell = (last[0] - first[0], last[1] - first[1])
            yield Edge(start, end, cell, saddle, number)
