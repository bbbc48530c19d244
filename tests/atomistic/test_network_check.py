"""A second method on the geometries of the first."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from interlith.atomistic.adatom_barrier import Setup, landscape, path_of, rest, run
from interlith.atomistic.network_check import check_network
from interlith.atomistic.potentials import Potential, potential
from interlith.atomistic.records import NetworkCheck

pytest.importorskip("ase")

SETUP = Setup("Al", (1, 1, 1), "Al", potential("emt"), coverage=(3, 3), layers=4)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a cache that holds the barrier."""
    cache = tmp_path_factory.mktemp("cache")
    run(SETUP, cache)
    return cache


def checker(name: str, change: Callable[[float, Any], float], asked: list[int]) -> Potential:
    """Return a method whose energy is that of EMT, changed; `asked` counts its answers."""
    from ase.calculators.emt import EMT

    class Changed(EMT):
        """Effective medium theory with another energy."""

        def get_potential_energy(self, atoms=None, force_consistent=False) -> float:  # type: ignore[no-untyped-def]
            asked.append(1)
            return change(float(super().get_potential_energy(atoms, force_consistent)), atoms)

    return Potential(name, (), "", "", Changed)


def test_the_same_method_gives_the_same_barrier(kept: Path) -> None:
    found = check_network(SETUP, potential("emt"), kept)
    assert found.barrier_eV == pytest.approx(found.potential_eV, abs=2e-4)
    assert found.potential_eV == run(SETUP, kept).barrier_eV
    for by_potential, by_method in found.sites_eV.values():
        assert by_method == pytest.approx(by_potential, abs=2e-4)
    assert found.lowest_sites == ("s0", "s0")


def test_twice_the_energy_is_twice_the_barrier_and_answers_are_kept(kept: Path) -> None:
    asked: list[int] = []
    twice = checker("twice", lambda energy, atoms: 2.0 * energy, asked)
    found = check_network(SETUP, twice, kept)
    assert found.barrier_eV == pytest.approx(2.0 * found.potential_eV, abs=4e-4)
    assert len(asked) == found.points
    assert check_network(SETUP, twice, kept) == found
    assert len(asked) == found.points


def weighed_without_thrift(change: Callable[[float, Any], float], cache: Path) -> float:
    """Return the barrier with every site and every image of every jump weighed."""
    found = rest(SETUP, cache)
    land = landscape(found)
    method = checker("whole", change, []).make()

    def weigh(positions: Any) -> float:
        atoms = found.slab.copy()
        atoms.append("Al")
        atoms.set_positions(positions, apply_constraint=False)
        return float(method.get_potential_energy(atoms))

    saddles, all_energies = [], []
    for jump in land.jumps:
        band = path_of(jump, found, SETUP, land)
        energies = [weigh(positions) for positions in band.positions]
        saddles.append((jump, max(energies)))
        all_energies += energies
    return land.across(saddles)[0].saddle - min(all_energies)


@pytest.mark.parametrize("slope", [0.6, -1.5])
def test_what_is_not_weighed_does_not_matter(slope: float, kept: Path) -> None:
    # Energy that changes with the height of the adatom raises or sinks saddles against sites, and
    # the symmetry of the surface stays: at -1.5 eV/angstrom the saddles become the lowest states.
    def tilted(energy: float, atoms: Any) -> float:
        return energy + slope * float(atoms.positions[-1, 2])

    asked: list[int] = []
    found = check_network(SETUP, checker(f"tilted{slope}", tilted, asked), kept)
    assert found.barrier_eV == pytest.approx(weighed_without_thrift(tilted, kept), abs=3e-3)
    jumps = len(run(SETUP, kept).jumps)
    assert len(asked) < len(found.sites_eV) + SETUP.images * (jumps + 1)


def test_sites_in_the_wrong_order_are_put_right(kept: Path) -> None:
    low = rest(SETUP, kept).sites[1].adatom

    def favoured(energy: float, atoms: Any) -> float:
        # As deep a hole about every copy of the second site, which lies over an atom of the third
        # layer: the cell repeats three times each way.
        cell = atoms.cell.array[:2, :2] / 3.0
        apart = np.linalg.solve(cell.T, atoms.positions[-1, :2] - low[:2])
        apart -= np.round(apart)
        return energy - 0.3 * float(np.exp(-np.sum((apart @ cell) ** 2) / 0.5))

    found = check_network(SETUP, checker("favoured", favoured, []), kept)
    assert found.lowest_sites == ("s0", "s1")
    # The potential has its saddle above s0; the method has s1 0.3 eV lower, and climbs from there.
    assert found.barrier_eV > found.potential_eV + 0.2


def test_a_check_ships_as_plain_data(kept: Path) -> None:
    found = check_network(SETUP, potential("emt"), kept)
    assert NetworkCheck.model_validate_json(found.model_dump_json()) == found
    assert found.member == "emt at emt's geometries"
    assert set(found.path) <= set(found.images_eV)
    assert found.decisive in found.path


def test_the_picture_joins_each_site_by_both() -> None:
    from interlith.report.adatom_check import draw_checks

    found = NetworkCheck(
        barrier_eV=0.3,
        potential_eV=0.1,
        potential="a",
        checker="b",
        versions={},
        sites_eV={"s0": (0.0, 0.2), "s1": (0.05, 0.0)},
        images_eV={},
        path=("s0-s1a",),
        decisive="s0-s1a",
        points=2,
    )
    axes = draw_checks({"Mg": found}).axes[0]
    joined = [tuple(line.get_ydata()) for line in axes.lines if line.get_linestyle() == ":"]
    assert joined == [(0.0, 0.2), (0.05, 0.0)]
    assert [tuple(line.get_ydata()) for line in axes.lines if line.get_linestyle() == "--"] == [
        (0.1, 0.1),
        (0.3, 0.3),
    ]


def test_the_same_method_finds_its_own_states_relaxed(kept: Path) -> None:
    found = check_network(SETUP, potential("emt"), kept, relaxed=True)
    assert found.relaxed is not None
    assert found.relaxed.gained_eV == pytest.approx((0.0, 0.0), abs=2e-3)
    assert found.best_eV == found.relaxed.barrier_eV == pytest.approx(found.barrier_eV, abs=2e-3)
    assert found.member.endswith("relaxed")
    assert NetworkCheck.model_validate_json(found.model_dump_json()) == found


def test_relaxation_by_the_method_is_its_own(kept: Path) -> None:
    from ase.calculators.emt import EMT
    from ase.optimize import BFGS

    # An atom of the slab, and the force on it in eV/angstrom.
    pulled = int(rest(SETUP, kept).slab.positions[:, 2].argmax()), np.array([0.0, 0.0, 0.6])

    class Pulled(EMT):
        """Effective medium theory and a steady force that the geometries know nothing of."""

        def calculate(self, *arguments: Any, **named: Any) -> None:
            super().calculate(*arguments, **named)
            atom, force = pulled
            self.results["energy"] -= float(force @ self.atoms.positions[atom])
            self.results["free_energy"] = self.results["energy"]
            self.results["forces"][atom] += force

    found = check_network(SETUP, Potential("pulled", (), "", "", Pulled), kept, relaxed=True)
    assert found.relaxed is not None
    # Both states follow the pull, the lowest and the summit about alike.
    assert min(found.relaxed.gained_eV) > 0.01
    sites = {f"site-{site.name}": site.positions for site in landscape(rest(SETUP, kept)).sites}
    atoms = rest(SETUP, kept).slab.copy()
    atoms.append("Al")
    atoms.set_positions(sites[found.relaxed.lowest], apply_constraint=False)
    atoms.calc = Pulled()
    before = float(atoms.get_potential_energy())
    BFGS(atoms, logfile=None).run(fmax=0.05, steps=200)
    gained = before - float(atoms.get_potential_energy())
    assert found.relaxed.gained_eV[0] == pytest.approx(gained, abs=5e-3)
    assert found.relaxed.steps[0] > 0
    # The summit would slide into a site if its adatom were not held in the plane.
    (kept_summit,) = kept.glob(f"check-Al-pulled-*/relaxed-{found.relaxed.summit}.done.json")
    (where, image) = found.relaxed.summit.rsplit("-", 1)
    jump = {jump.name: jump for jump in landscape(rest(SETUP, kept)).jumps}[where]
    start = path_of(jump, rest(SETUP, kept), SETUP, landscape(rest(SETUP, kept)))
    end = np.array(json.loads(kept_summit.read_text())["positions"])
    assert end[-1, :2] == pytest.approx(start.positions[int(image)][-1, :2], abs=1e-9)
    assert end[-1, 2] != start.positions[int(image)][-1, 2]
