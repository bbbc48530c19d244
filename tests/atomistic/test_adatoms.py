"""Sites, copies, paths and barriers on ASE's effective medium potential, which takes seconds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from interlith.atomistic.adatom_barrier import Setup, barrier, landscape, path_of, rest, run
from interlith.atomistic.band import find_path
from interlith.atomistic.jumps import jumps_of, nodes_of
from interlith.atomistic.potentials import potential
from interlith.atomistic.slab import cut
from interlith.atomistic.store import Folder, Memory
from interlith.atomistic.structures import structure
from interlith.atomistic.symmetry import operations
from interlith.errors import InputError

pytest.importorskip("ase")
pytest.importorskip("pymatgen")

AL100 = Setup("Al", (1, 0, 0), "Al", potential("emt"), coverage=(3, 3), layers=4)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    cache = tmp_path_factory.mktemp("cache")
    return cache, run(AL100, cache)


def test_the_square_face_of_aluminium(kept: tuple[Path, Any]) -> None:
    record = kept[1]
    assert len(record.sites) == 1
    assert record.sites[0].neighbours == "Al Al Al Al"
    # Four-fold symmetry: both directions open at the same saddle, over one nearest-neighbour hop.
    one, other = record.across
    assert one.barrier_eV == other.barrier_eV
    assert one.period_A == pytest.approx(record.lattice_A[0] / np.sqrt(2.0), abs=1e-3)
    # Not a yardstick for aluminium, for which this potential is too soft; a barrier of its order.
    assert 0.05 < record.barrier_eV < 0.6
    jump = record.jumps[0]
    assert jump.converged
    assert jump.energies_eV[0] == jump.energies_eV[-1] == 0.0
    # The hop is its own mirror image, so the path is: the saddle lies in the middle.
    assert jump.energies_eV[1:6] == pytest.approx(jump.energies_eV[5:0:-1], abs=0.01)
    assert jump.saddle_eV == jump.energies_eV[3]


def test_the_close_packed_face_has_two_hollows_and_a_low_barrier() -> None:
    record = barrier("Al", (1, 1, 1), "Al", potential_name="emt", layers=4)
    assert len(record.sites) == 2
    assert record.across[0].barrier_eV == record.across[1].barrier_eV
    assert 0.01 < record.across[0].barrier_eV < 0.06


def test_a_kept_calculation_is_read_not_done_again(kept: tuple[Path, Any]) -> None:
    class Refusing:
        def __getattr__(self, name: str) -> Any:
            raise AssertionError("the potential was asked again")

    cache, record = kept
    again = replace(AL100, potential=replace(AL100.potential, make=Refusing))
    assert run(again, cache) == record


def test_every_stage_says_how_far_it_is(kept: tuple[Path, Any]) -> None:
    told: dict[str, list[tuple[int, int]]] = {}
    run(
        AL100,
        kept[0],
        lambda stage, done, total, _: told.setdefault(stage, []).append((done, total)),
    )
    assert list(told) == ["crystal", "clean slab", "sites", "paths"]
    assert [done for done, _ in told["sites"]] == list(range(told["sites"][0][1]))
    assert told["paths"][-1][0] == told["paths"][-1][1]


def test_same_seed_same_result(kept: tuple[Path, Any]) -> None:
    assert run(AL100, None) == kept[1]


def test_copies_of_a_site_have_its_energy() -> None:
    found = rest(Setup("Al", (1, 1, 1), "Al", potential("emt"), layers=4), None)
    site = found.sites[0]
    calculator = potential("emt").make()
    atoms = found.slab.copy()
    atoms.append("Al")
    for operation in operations(found.face, found.ideal):
        for copy in (
            operation,
            operation.shifted(found.face.cell.cell.array[0], found.ideal),
        ):
            atoms.set_positions(
                copy.copied(site.positions, found.ideal.positions), apply_constraint=False
            )
            atoms.calc = calculator
            assert atoms.get_potential_energy() == pytest.approx(site.energy, abs=1e-6)


def test_a_path_that_was_cut_off_goes_on_from_its_last_step(tmp_path: Path) -> None:
    found = rest(AL100, None)
    symmetry = operations(found.face, found.ideal)
    nodes = nodes_of(found.sites, found.face, symmetry)
    jump = jumps_of(found.sites, nodes, found.face, found.ideal, symmetry)[0]
    start, end = found.slab.copy(), found.slab.copy()
    start.append("Al")
    end.append("Al")
    site = found.sites[jump.start]
    start.set_positions(site.positions, apply_constraint=False)
    end.set_positions(
        jump.operation.copied(site.positions, found.ideal.positions), apply_constraint=False
    )
    energies = (site.energy, site.energy)
    calculator = potential("emt").make()
    whole = find_path(Memory(), "path", (start, end), energies, calculator)

    class Cut(Exception):
        pass

    def stop(step: int, force: float) -> None:
        del force
        if step == 6:
            raise Cut

    stages = Folder(tmp_path)
    with pytest.raises(Cut):
        find_path(stages, "path", (start, end), energies, calculator, progress=stop)
    assert stages.last_step("path") is not None
    seen: list[int] = []
    resumed = find_path(
        stages, "path", (start, end), energies, calculator, progress=lambda s, f: seen.append(s)
    )
    assert seen[0] == 7
    assert resumed.saddle_energy == pytest.approx(whole.saddle_energy, abs=2e-3)
    assert stages.last_step("path") is None


def test_the_potential_is_asked_once_for_an_image_at_a_step() -> None:
    from ase.calculators.emt import EMT

    asked: list[int] = []

    class Counting(EMT):
        """Effective medium theory that counts."""

        def calculate(self, *arguments: Any, **named: Any) -> None:
            asked.append(1)
            super().calculate(*arguments, **named)

    found = rest(AL100, None)
    land = landscape(found)
    counted = replace(found, calculator=Counting())
    band = path_of(land.jumps[0], counted, AL100, land)
    # Each image at the start and after each step, and nothing else.
    assert len(asked) <= AL100.images * (band.steps + 1)
    assert band.saddle_energy == pytest.approx(
        path_of(land.jumps[0], found, AL100, land).saddle_energy, abs=1e-6
    )


def test_slabs_are_stoichiometric_and_stand_upright() -> None:
    bulk = structure("Li3Bi").atoms
    face = cut(bulk, (1, 1, 0))
    counts = face.cell.symbols.formula.count()
    assert counts["Li"] == 3 * counts["Bi"]
    assert face.symmetric
    assert not face.polar
    assert face.layers == 4
    a, b = (np.linalg.norm(v) for v in face.cell.cell.array[:2])
    assert sorted((a, b)) == pytest.approx([6.722 / np.sqrt(2.0), 6.722])
    assert np.allclose(face.cell.cell.array[2, :2], 0.0)
    # p2mm without the flip: identity, two-fold axis, two mirrors.
    assert len(face.rotations) == 4
    assert cut(bulk, (1, 1, 0), layers=6).layers == 6


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda: barrier("Li9Bi", (1, 1, 0), "Mg"), "structure"),
        (lambda: barrier("Al", (1, 0, 0), "Xx", potential_name="emt"), "symbol of an element"),
        (lambda: barrier("Al", (1, 0, 0), "Bi", potential_name="emt"), "emt with Bi"),
        (lambda: barrier("Al", (0, 0, 0), "Al", potential_name="emt"), "indices of a face"),
        (lambda: potential("emtt"), "did you mean emt"),
        (lambda: potential("no_such_module:thing"), "can be imported"),
        (lambda: cut(structure("Al").atoms, (1, 0, 0), termination=7), "termination"),
    ],
)
def test_bad_input_is_named(call: Any, match: str) -> None:
    with pytest.raises(InputError, match=match):
        call()


def test_any_ase_calculator_will_do() -> None:
    from ase.calculators.lj import LennardJones

    # Lennard-Jones with the nearest distance of aluminium: an fcc crystal of its own.
    calculator = LennardJones(sigma=2.6, epsilon=0.2, rc=7.0, smooth=True)
    record = barrier("Al", (1, 0, 0), "Al", calculator, coverage=(3, 3), layers=4)
    assert record.potential == "LennardJones"
    assert record.across[0].barrier_eV == record.across[1].barrier_eV > 0.05


def test_a_structure_file_is_read_and_a_bad_one_is_named(tmp_path: Path) -> None:
    from ase.io import write

    path = tmp_path / "mine.cif"
    write(path, structure("Li3Bi").atoms)
    read = structure(str(path))
    assert read.prototype == "file"
    assert read.lattice_constants == pytest.approx((6.722, 6.722, 6.722))
    (tmp_path / "bad.cif").write_text("data_x\nnothing\n")
    with pytest.raises(InputError, match="crystal"):
        structure(str(tmp_path / "bad.cif"))
    with pytest.raises(InputError, match="exists"):
        structure(str(tmp_path / "none.cif"))
