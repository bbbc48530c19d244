"""Which faces a crystal's symmetry makes the same, against the operations of its space group."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from interlith.atomistic.faces import family, same_face
from interlith.atomistic.shipped import shipped_barrier
from interlith.atomistic.structures import known_structures, space_group

pytest.importorskip("ase")

GROUPS = sorted({space_group(name) for name in known_structures()} - {None})
INDICES = [m for m in itertools.product(range(-2, 3), repeat=3) if any(m)]


@pytest.mark.parametrize("group", GROUPS)
def test_families_are_those_of_the_space_group(group: int) -> None:
    from ase.spacegroup import Spacegroup

    rotations = [rotation for rotation, _ in Spacegroup(group).get_symop()]
    # A face and its back are one slab.
    rotations = np.array([*rotations, *(-r for r in rotations)])
    for one in INDICES[::3]:
        turned = {tuple(int(x) for x in np.array(one) @ rotation) for rotation in rotations}
        same = {other for other in INDICES if family(group, other) == family(group, one)}
        if group in (162, 163, 164, 165, 166, 167):  # only a face and its back are known there
            assert same <= turned
        else:
            assert same == {other for other in turned if max(map(abs, other)) <= 2}


def test_a_shipped_barrier_is_found_by_every_name_of_its_face() -> None:
    for miller in ((1, 0, 0), (0, 0, 1), (0, -1, 0)):
        assert shipped_barrier("Li", "Li", miller, "chgnet") is not None
    assert shipped_barrier("Li", "Li", (1, 1, 0), "chgnet") is None
    assert shipped_barrier("Mg", "Mg", (1, 0, 0), "chgnet") is None


def test_nothing_is_known_of_the_faces_of_a_file() -> None:
    assert same_face("my-host.cif", (1, 0, 0), (1, 0, 0))
    assert not same_face("my-host.cif", (1, 0, 0), (0, 0, 1))
