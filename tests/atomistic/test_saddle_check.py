"""A second method on the geometries of the first."""

from __future__ import annotations

from pathlib import Path

import pytest

from interlith.atomistic.adatom_barrier import Setup, run
from interlith.atomistic.committee import barrier_estimate, probability_lower
from interlith.atomistic.potentials import Potential, potential
from interlith.atomistic.saddle_check import check_saddle, decisive_jump

pytest.importorskip("ase")

SETUP = Setup("Al", (1, 1, 1), "Al", potential("emt"), coverage=(3, 3), layers=4)


def test_the_same_method_gives_the_same_barrier(tmp_path: Path) -> None:
    found = check_saddle(SETUP, potential("emt"), tmp_path)
    assert found.barrier_eV == pytest.approx(found.potential_eV, abs=1e-4)
    assert found.barrier_eV == pytest.approx(run(SETUP, tmp_path).across[0].barrier_eV, abs=1e-3)


def test_another_method_is_asked_at_two_geometries_and_its_answers_are_kept(
    tmp_path: Path,
) -> None:
    from ase.calculators.emt import EMT

    made: list[int] = []

    class Twice(EMT):
        """Twice the energy, so that the barrier is twice as high."""

        def get_potential_energy(self, atoms=None, force_consistent=False) -> float:  # type: ignore[no-untyped-def]
            return 2.0 * float(super().get_potential_energy(atoms, force_consistent))

    def make() -> EMT:
        made.append(1)
        return Twice()

    checker = Potential("twice", (), "", "", make)
    found = check_saddle(SETUP, checker, tmp_path)
    assert found.barrier_eV == pytest.approx(2.0 * found.potential_eV, abs=2e-4)
    assert len(made) == 2
    assert check_saddle(SETUP, checker, tmp_path) == found
    assert len(made) == 2


def test_the_decisive_jump_is_the_highest_of_the_crossing(tmp_path: Path) -> None:
    record = run(SETUP, tmp_path)
    saddles = {jump.name: jump.saddle_eV for jump in record.jumps}
    assert saddles[decisive_jump(record)] == record.across[0].barrier_eV


def test_a_check_widens_the_interval_by_what_it_found_the_potential_to_be_off() -> None:
    plain, checked = (barrier_estimate({"a": 0.5, "b": 0.5}, off) for off in (0.0, -0.12))
    assert plain.value == checked.value == 0.5
    half = 1.6448536 * (0.05**2 + 0.12**2) ** 0.5
    assert checked.high - checked.value == pytest.approx(half, rel=1e-6)
    one, other = {"a": 0.1}, {"a": 0.3}
    certain, doubtful = (probability_lower(one, other, off) for off in (0.0, 0.3))
    assert certain is not None
    assert doubtful is not None
    assert 0.5 < doubtful < certain
