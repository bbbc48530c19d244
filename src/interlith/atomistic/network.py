"""The jumps that carry an adatom across the surface: percolation over the periodic graph of sites.

Let jumps open in the order of their saddles. The adatom can cross the surface once its sites hold
together with their own images in a neighbouring cell; the saddle that opens this way, above the
lowest site, is the barrier that counts. A second, independent direction opens at a higher one.

Cells are followed with a union-find whose nodes carry their offset, a lattice vector in whole
cells, from the root of their cluster: a jump that closes a loop with an offset left over crosses.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

Cell = tuple[int, int]
_Place = tuple[int, Cell]


@dataclass(frozen=True)
class Edge:
    """One jump of the periodic graph.

    Parameters
    ----------
    start, end
        Nodes.
    cell
        Cell of the end relative to the start's.
    saddle
        Energy of its highest point [eV].
    jump
        Index of its kind.
    backwards
        It is taken from the end of its kind to the start.
    """

    start: int
    end: int
    cell: Cell
    saddle: float
    jump: int
    backwards: bool = False


@dataclass(frozen=True)
class Crossing:
    """A direction in which the adatom can cross the surface.

    Parameters
    ----------
    saddle
        Energy of the saddle that opens it [eV].
    direction
        In whole cells of the smallest surface cell.
    path
        Edges from a node to its image that stay at or below the saddle, in order; the cells of
        their ends add up to `direction`.
    """

    saddle: float
    direction: Cell
    path: tuple[Edge, ...]


class _Clusters:
    """Union-find whose nodes know their offset from the root."""

    def __init__(self, nodes: int) -> None:
        self.parent = list(range(nodes))
        self.offset: list[Cell] = [(0, 0)] * nodes

    def root(self, node: int) -> tuple[int, Cell]:
        """Return the root of a node and the offset of the node from it."""
        total = (0, 0)
        while self.parent[node] != node:
            total = _plus(total, self.offset[node])
            node = self.parent[node]
        return node, total

    def join(self, edge: Edge) -> Cell | None:
        """Join the ends of an edge; return the offset left over when they were joined before."""
        start, from_start = self.root(edge.start)
        end, from_end = self.root(edge.end)
        # The end of the edge lies at from_start + cell as seen from the start's root.
        seen = _plus(from_start, edge.cell)
        left = (seen[0] - from_end[0], seen[1] - from_end[1])
        if start == end:
            return left
        self.parent[end] = start
        self.offset[end] = left
        return None


def crossings(nodes: int, edges: list[Edge], origin: int = 0) -> list[Crossing]:
    """Return the directions in which the graph can be crossed, easiest first; two at most.

    Parameters
    ----------
    nodes
        Number of nodes in a cell.
    edges
        Jumps; each stands for both ways.
    origin
        Node that paths start from where it lies on the crossing cluster: the lowest.
    """
    clusters = _Clusters(nodes)
    opened: dict[int, list[Cell]] = {}
    found: list[Crossing] = []
    known: list[Cell] = []
    ordered = sorted(edges, key=lambda edge: edge.saddle)
    for edge in ordered:
        before = (clusters.root(edge.start)[0], clusters.root(edge.end)[0])
        left = clusters.join(edge)
        root = clusters.root(edge.start)[0]
        vectors = [*opened.get(before[0], []), *opened.get(before[1], [])]
        if left is not None and left != (0, 0):
            vectors.append(left)
        opened[root] = _independent(vectors)
        for vector in opened[root]:
            if len(_independent([*known, vector])) > len(known):
                known = _independent([*known, vector])
                path = _path(nodes, ordered, edge, vector, origin, clusters)
                found.append(Crossing(edge.saddle, vector, path))
        if len(known) == 2:
            break
    return found


def _plus(one: Cell, other: Cell) -> Cell:
    return one[0] + other[0], one[1] + other[1]


def _independent(vectors: list[Cell]) -> list[Cell]:
    """Return the first one or two vectors that are not multiples of each other."""
    kept: list[Cell] = []
    for vector in vectors:
        if vector == (0, 0) or len(kept) == 2:
            continue
        if not kept or kept[0][0] * vector[1] != kept[0][1] * vector[0]:
            kept.append(vector)
    return kept


def _path(
    nodes: int,
    edges: list[Edge],
    last: Edge,
    direction: Cell,
    origin: int,
    clusters: _Clusters,
) -> tuple[Edge, ...]:
    """Return the way with the fewest jumps from a node to its image, at or below a saddle."""
    root = clusters.root(last.start)[0]
    start = origin if clusters.root(origin)[0] == root else last.start
    ways: dict[int, list[Edge]] = {node: [] for node in range(nodes)}
    for edge in edges:
        if edge.saddle <= last.saddle:
            ways[edge.start].append(edge)
            ways[edge.end].append(_reversed(edge))
    here: _Place = (start, (0, 0))
    goal: _Place = (start, direction)
    came: dict[_Place, tuple[_Place, Edge] | None] = {here: None}
    queue = deque([here])
    # A loop passes every node of a cell once at most before it moves on to the next cell.
    reach = nodes * (abs(direction[0]) + abs(direction[1]) + 1)
    while queue and goal not in came:
        place = queue.popleft()
        for edge in ways[place[0]]:
            following = (edge.end, _plus(place[1], edge.cell))
            if following not in came and max(map(abs, following[1])) <= reach:
                came[following] = (place, edge)
                queue.append(following)
    return _unwound(came, goal)


def _reversed(edge: Edge) -> Edge:
    cell = (-edge.cell[0], -edge.cell[1])
    return Edge(edge.end, edge.start, cell, edge.saddle, edge.jump, not edge.backwards)


def _unwound(came: dict[_Place, tuple[_Place, Edge] | None], goal: _Place) -> tuple[Edge, ...]:
    path: list[Edge] = []
    place = goal
    while (step := came[place]) is not None:
        place, edge = step
        path.append(edge)
    return tuple(reversed(path))
