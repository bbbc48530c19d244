"""The lowest crossing when only some states are weighed, against the one when all are."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlith.atomistic.network import Crossing, Edge, crossings
from interlith.atomistic.weighing import Weighing

IMAGES = 3
Edges = list[tuple[int, int, tuple[int, int]]]


def weighing(sites: list[float], edges: Edges, paths: list[list[float]]) -> Weighing:
    """Return what knows the sites, and asks `paths` for the energy of an image."""
    jumps: Any = [
        SimpleNamespace(name=str(number), start=start, end=end)
        for number, (start, end, _) in enumerate(edges)
    ]

    def across(heights: Mapping[str, float]) -> list[Crossing]:
        return crossings(
            len(sites),
            [Edge(a, b, cell, heights[str(n)], n) for n, (a, b, cell) in enumerate(edges)],
        )

    return Weighing(
        jumps=jumps,
        sites=sites,
        images=IMAGES,
        across=across,
        summit=lambda jump: 1 + max(range(IMAGES), key=lambda k: paths[int(jump.name)][k]),
        weigh=lambda jump, image: paths[int(jump.name)][image - 1],
    )


def test_a_summit_between_low_sites_is_not_overlooked() -> None:
    # The third site is high, so jumps to it seem to decide; but between the first two lies a hill.
    edges: Edges = [(0, 1, (0, 0)), (1, 2, (0, 0)), (2, 0, (1, 0))]
    found = weighing([0.0, 0.1, 0.4], edges, [[0.2, 0.6, 0.2], [0.3] * 3, [0.3] * 3])
    assert found.crossing().saddle == 0.6
    assert found.weighed["0"][2] == 0.6


def test_a_way_that_turns_out_high_is_left_for_a_lower_one() -> None:
    edges: Edges = [(0, 0, (1, 0)), (0, 1, (0, 0)), (1, 0, (1, 0))]
    found = weighing([0.0, 0.3], edges, [[0.2, 0.9, 0.2], [0.31] * 3, [0.32] * 3])
    crossing = found.crossing()
    assert crossing.saddle == 0.32
    assert {edge.jump for edge in crossing.path} == {1, 2}
    # The whole of the highest path of the crossing is weighed, of the others the summit.
    assert set(found.weighed["2"]) == {1, 2, 3}
    assert set(found.weighed["0"]) == {2}


def test_the_lowest_state_may_lie_on_a_path() -> None:
    found = weighing([0.0], [(0, 0, (1, 0))], [[-0.2, 0.5, 0.1]])
    assert found.crossing().saddle - found.deepest() == pytest.approx(0.7)
    assert found.points == 1 + IMAGES


@st.composite
def surfaces(draw: st.DrawFn) -> tuple[list[float], Edges, list[list[float]]]:
    level = st.integers(0, 9).map(lambda tenths: tenths / 10.0)
    sites = draw(st.lists(level, min_size=1, max_size=4))
    node, step = st.integers(0, len(sites) - 1), st.integers(-1, 1)
    edges = draw(st.lists(st.tuples(node, node, st.tuples(step, step)), min_size=1, max_size=7))
    edges.append((0, 0, (1, 0)))
    paths = [draw(st.lists(level, min_size=IMAGES, max_size=IMAGES)) for _ in edges]
    return sites, edges, paths


@given(surfaces())
def test_thrift_changes_nothing(surface: tuple[list[float], Edges, list[list[float]]]) -> None:
    sites, edges, paths = surface
    whole = [
        Edge(a, b, cell, max(sites[a], sites[b], *paths[n]), n)
        for n, (a, b, cell) in enumerate(edges)
    ]
    assert weighing(*surface).crossing().saddle == crossings(len(sites), whole)[0].saddle
