"""Signs of uptake, formation and voltage on a potential that cannot tell elements apart.

With one Lennard-Jones interaction for all atoms, replacing an atom changes nothing, so what is left
is the difference between the crystals of host and lithium; a close-packed crystal is the lower.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from ase.calculators.lj import LennardJones

from interlith.atomistic.adatom_barrier import Setup, rest
from interlith.atomistic.crystals import element_energy, relaxed
from interlith.atomistic.fitness import check
from interlith.atomistic.potentials import Potential, from_calculator
from interlith.atomistic.structures import structure
from interlith.atomistic.uptake import uptake


def lennard_jones(epsilon: float = 0.2) -> Potential:
    return from_calculator(LennardJones(sigma=2.6, epsilon=epsilon, rc=7.0, smooth=True))


def crystal_energy(element: str) -> float:
    model = lennard_jones()
    return element_energy(element, model, model.make(), None)


def test_an_exchange_costs_the_difference_of_the_crystals() -> None:
    found = uptake("Al", lennard_jones())
    close_packed, open_packed = crystal_energy("Al"), crystal_energy("Li")
    assert close_packed < open_packed < 0.0
    assert found.exchanged_eV == pytest.approx(close_packed - open_packed, abs=2e-3)
    # An atom squeezed in, or with few neighbours, is worse off than in its own crystal.
    assert found.interstitial_eV > 0.2
    assert 0.0 < found.adatom_eV < -open_packed
    assert not found.atom_prefers_host


def test_an_adatom_costs_what_the_slab_with_it_has_above_slab_and_crystal() -> None:
    model = lennard_jones()
    found = rest(Setup("Al", (1, 1, 1), "Li", model))
    expected = found.sites[0].energy - found.slab_energy - crystal_energy("Li")
    assert uptake("Al", model).adatom_eV == pytest.approx(expected, abs=2e-3)


def test_a_compound_that_is_no_better_than_its_elements_has_a_negative_voltage() -> None:
    model = lennard_jones()
    found = check("LiAl", model)
    compound, energy = relaxed(structure("LiAl"), model, model.make(), None)
    units = len(compound) / 2
    expected = energy / units - crystal_energy("Li") - crystal_energy("Al")
    assert found.formation_eV == pytest.approx(expected, abs=1e-3)
    assert expected > 0.0
    assert found.voltage_V == pytest.approx(-expected, abs=1e-3)
    assert all(value > 0.0 for value in found.measured_voltage_V.values())


def test_two_calculators_with_other_parameters_keep_their_own_results(tmp_path: Path) -> None:
    crystal = structure("Al")
    weak, strong = (
        relaxed(crystal, model, model.make(), tmp_path)[1]
        for model in (lennard_jones(0.1), lennard_jones(0.2))
    )
    assert strong == pytest.approx(2.0 * weak, rel=1e-3)


def test_another_seed_is_another_stage(tmp_path: Path) -> None:
    for seed in (0, 1):
        uptake("Al", lennard_jones(), seed=seed, cache=tmp_path)
    kept = sorted(path.name for path in tmp_path.rglob("interstitial*.done.json"))
    assert len(kept) == 2
