"""Jumps between neighbouring sites: which there are, one of each kind, and their copies.

A node is one site in the smallest cell of the surface; every kind of site has as many nodes as the
symmetry of the surface makes of it. Two nodes are neighbours when their Voronoi cells in the plane
share an edge; jumps that the symmetry takes into each other are one kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from interlith.atomistic.sites import SAME_PLACE, Site, in_plane_distance
from interlith.atomistic.slab import Surface
from interlith.atomistic.symmetry import Operation, lattice_vectors

if TYPE_CHECKING:
    from ase import Atoms

Array = NDArray[np.float64]

REACH = 3  # cells about the first that neighbours are looked for in
LEAST_EDGE = 0.05  # of the jump's length: shorter Voronoi edges are corners, met across diagonals


@dataclass(frozen=True)
class Node:
    """One site of the smallest cell.

    Parameters
    ----------
    site
        Index of its kind.
    place
        Of the adatom [angstrom].
    operation
        Takes the site that stands for its kind to this one.
    """

    site: int
    place: Array
    operation: Operation


@dataclass(frozen=True)
class Jump:
    """One kind of jump, from the site that stands for its kind to a copy of another.

    Parameters
    ----------
    name
        Such as s0-s1a.
    start, end
        Indices of the kinds of site.
    operation
        Takes the site that stands for the end's kind to where the jump ends.
    places
        Of the adatom at both ends [angstrom].
    """

    name: str
    start: int
    end: int
    operation: Operation
    places: tuple[Array, Array]

    @property
    def length(self) -> float:
        """Distance in the plane [angstrom]."""
        return float(np.linalg.norm((self.places[1] - self.places[0])[:2]))


def nodes_of(sites: list[Site], surface: Surface, symmetry: list[Operation]) -> list[Node]:
    """Return all nodes of the smallest cell; the first of each kind is the site itself."""
    nodes: list[Node] = []
    identity_first = sorted(symmetry, key=_size)
    for number, site in enumerate(sites):
        own: list[Node] = []
        for g in identity_first:
            place = g.point(site.adatom)
            if all(in_plane_distance(place, node.place, surface) > SAME_PLACE for node in own):
                own.append(Node(number, place, g))
        nodes += own
    return nodes


def _size(operation: Operation) -> float:
    """Return how far an operation is from doing nothing."""
    return float(
        np.abs(operation.rotation - np.eye(3)).sum() + np.linalg.norm(operation.translation)
    )


def jumps_of(
    sites: list[Site],
    nodes: list[Node],
    surface: Surface,
    slab: Atoms,
    symmetry: list[Operation],
) -> list[Jump]:
    """Return one jump of each kind between neighbouring nodes, shortest first."""
    vectors = lattice_vectors(surface, REACH)
    around = [(node, node.place + vector, vector) for node in nodes for vector in vectors]
    places = np.array([place[:2] for _, place, _ in around])
    found: list[Jump] = []
    for number, site in enumerate(sites):
        centre = int(np.argmin(np.linalg.norm(places - site.adatom[:2], axis=1)))
        for neighbour in _voronoi_neighbours(places, centre):
            node, place, vector = around[neighbour]
            ends = (site.adatom, place)
            if any(same_kind(ends, jump.places, surface, symmetry) for jump in found):
                continue
            twins = sum(
                (j.start, j.end) in {(number, node.site), (node.site, number)} for j in found
            )
            name = f"{site.name}-{sites[node.site].name}{chr(ord('a') + twins)}"
            operation = node.operation.shifted(vector, slab)
            found.append(Jump(name, number, node.site, operation, ends))
    return sorted(found, key=lambda jump: jump.length)


def _voronoi_neighbours(places: Array, centre: int) -> list[int]:
    """Return the points whose Voronoi cell shares an edge with that of `centre`."""
    from scipy.spatial import Voronoi

    cells = Voronoi(places)
    neighbours = []
    for (one, other), corners in zip(cells.ridge_points, cells.ridge_vertices, strict=True):
        if centre not in (one, other) or -1 in corners:
            continue
        neighbour = int(other if one == centre else one)
        edge = np.linalg.norm(cells.vertices[corners[0]] - cells.vertices[corners[1]])
        if edge > LEAST_EDGE * np.linalg.norm(places[neighbour] - places[centre]):
            neighbours.append(neighbour)
    return neighbours


def same_kind(
    one: tuple[Array, Array],
    other: tuple[Array, Array],
    surface: Surface,
    symmetry: list[Operation],
) -> bool:
    """Return whether the symmetry takes one jump to another, either way round."""
    return any(
        _takes(g, one, ends, surface) for g in symmetry for ends in (other, (other[1], other[0]))
    )


def _takes(
    g: Operation, one: tuple[Array, Array], other: tuple[Array, Array], surface: Surface
) -> bool:
    start, end = g.point(one[0]), g.point(one[1])
    shift = other[0] - start
    if in_plane_distance(other[0], start, surface) > SAME_PLACE:
        return False
    return float(np.linalg.norm((end + shift - other[1])[:2])) < SAME_PLACE


def locate(place: Array, nodes: list[Node], surface: Surface) -> tuple[int, tuple[int, int]]:
    """Return the node at a place and the cell it lies in.

    Raises
    ------
    ValueError
        No node lies there.
    """
    cell = surface.cell.cell.array[:2, :2]
    best = min(range(len(nodes)), key=lambda n: in_plane_distance(place, nodes[n].place, surface))
    apart = place[:2] - nodes[best].place[:2]
    steps = np.round(np.linalg.solve(cell.T, apart)).astype(int)
    if np.linalg.norm(apart - steps @ cell) > SAME_PLACE:
        raise ValueError("a jump ends where there is no site")
    return best, (int(steps[0]), int(steps[1]))
