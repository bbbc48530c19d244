"""Percolation over a periodic graph of sites, against cases that can be done by hand."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlith.atomistic.network import Edge, crossings


def total(path: tuple[Edge, ...]) -> tuple[int, int]:
    return sum(e.cell[0] for e in path), sum(e.cell[1] for e in path)


def test_one_site_crosses_at_its_own_jumps() -> None:
    edges = [Edge(0, 0, (1, 0), 0.3, 0), Edge(0, 0, (0, 1), 0.5, 1)]
    easy, hard = crossings(1, edges)
    assert (easy.saddle, easy.direction) == (0.3, (1, 0))
    assert hard.saddle == 0.5


def test_jumps_within_a_cell_do_not_cross() -> None:
    assert crossings(2, [Edge(0, 1, (0, 0), 0.1, 0), Edge(1, 0, (0, 0), 0.1, 1)]) == []


def test_the_highest_saddle_of_the_lowest_way_counts_not_one_jump() -> None:
    edges = [
        Edge(0, 1, (0, 0), 0.1, 0),
        Edge(1, 0, (1, 0), 0.4, 1),
        Edge(1, 2, (0, 0), 0.2, 2),
        Edge(2, 0, (1, 0), 0.3, 3),
    ]
    found = crossings(3, edges)
    assert [c.saddle for c in found] == [0.3]
    assert {edge.jump for edge in found[0].path} == {0, 2, 3}
    assert total(found[0].path) in {(1, 0), (-1, 0)}


def test_a_loop_that_closes_in_its_cell_opens_nothing() -> None:
    ring = [Edge(0, 1, (1, 0), 0.1, 0), Edge(1, 0, (-1, 0), 0.2, 1)]
    assert crossings(2, ring) == []


def test_parallel_ways_are_one_direction() -> None:
    edges = [Edge(0, 0, (1, 0), 0.1, 0), Edge(0, 0, (2, 0), 0.2, 1), Edge(0, 0, (1, 1), 0.3, 2)]
    assert [c.saddle for c in crossings(1, edges)] == [0.1, 0.3]


@st.composite
def graphs(draw: st.DrawFn) -> tuple[int, list[Edge]]:
    nodes = draw(st.integers(1, 4))
    node, step = st.integers(0, nodes - 1), st.integers(-1, 1)
    edge = st.tuples(node, node, step, step, st.integers(1, 9))
    drawn = draw(st.lists(edge, min_size=1, max_size=8))
    return nodes, [Edge(a, b, (i, j), 0.1 * s, n) for n, (a, b, i, j, s) in enumerate(drawn)]


def rank_by_brute_force(nodes: int, edges: list[Edge], saddle: float) -> int:
    """Search the covering graph for images of each node, and count independent directions."""
    ways: list[tuple[int, int, int, int]] = []
    for e in edges:
        if e.saddle <= saddle + 1e-12:
            ways += [(e.start, e.end, *e.cell), (e.end, e.start, -e.cell[0], -e.cell[1])]
    best = 0
    for origin in range(nodes):
        seen = {(origin, 0, 0)}
        queue = [(origin, 0, 0)]
        while queue:
            n, x, y = queue.pop()
            for a, b, i, j in ways:
                step = (b, x + i, y + j)
                if a == n and step not in seen and max(abs(step[1]), abs(step[2])) <= 9:
                    seen.add(step)
                    queue.append(step)
        images = [(x, y) for n, x, y in seen if n == origin and (x, y) != (0, 0)]
        rank = min(len(images), 1)
        if any(a[0] * b[1] != a[1] * b[0] for a, b in itertools.combinations(images, 2)):
            rank = 2
        best = max(best, rank)
    return best


@given(graphs())
def test_thresholds_are_those_of_a_search_of_the_covering_graph(
    graph: tuple[int, list[Edge]],
) -> None:
    nodes, edges = graph
    levels = sorted({edge.saddle for edge in edges})
    one = next((s for s in levels if rank_by_brute_force(nodes, edges, s) >= 1), None)
    found = crossings(nodes, edges)
    assert (found[0].saddle if found else None) == one
    for crossing in found:
        assert total(crossing.path) == crossing.direction
        assert max(edge.saddle for edge in crossing.path) <= crossing.saddle + 1e-12
        for before, after in itertools.pairwise(crossing.path):
            assert before.end == after.start
        assert crossing.path[0].start == crossing.path[-1].end


def test_a_closed_surface_has_no_barrier() -> None:
    assert crossings(3, []) == []


@pytest.mark.parametrize("saddle", [0.0, -1.0])
def test_saddles_may_have_any_sign(saddle: float) -> None:
    assert crossings(1, [Edge(0, 0, (1, 0), saddle, 0)])[0].saddle == saddle
