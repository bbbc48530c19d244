"""How a film sticks to a host: the laws, the shared cell, and EMT where the answer is known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from interlith.atomistic import film_adhesion, relaxing
from interlith.atomistic.adhesion_record import AdhesionRecord
from interlith.atomistic.adhesion_summary import (
    adhesion_summary,
    published_face,
    published_wetting,
)
from interlith.atomistic.coincidence import coincide, supercell
from interlith.atomistic.film_adhesion import Setup, adhesion, run
from interlith.atomistic.potentials import Potential, from_calculator, potential
from interlith.atomistic.relaxing import NotConvergedError
from interlith.atomistic.sandwich import FILM, HOST, mixing, parted, shifts, stacked
from interlith.atomistic.shipped import shipped_adhesion
from interlith.atomistic.slab import cut
from interlith.atomistic.structures import structure
from interlith.atomistic.wetting import (
    contact_angle,
    interface_energy,
    surface_energy,
    work_of_adhesion,
)
from interlith.errors import InputError

ase = pytest.importorskip("ase")
pytest.importorskip("pymatgen")

from ase import Atoms  # noqa: E402
from ase.calculators.emt import EMT  # noqa: E402

EMT_MODEL = potential("emt")


def emt(host: str, film: str, **options: Any) -> AdhesionRecord:
    return run(Setup(host, EMT_MODEL, film, **options))


# ---------------------------------------------------------------------------------------- laws


def test_parting_costs_the_work_of_adhesion() -> None:
    # 1 eV over 10 angstrom2 is 1.602 J/m2; a joined pair lies lower than its parts.
    assert work_of_adhesion(-3.0, -4.0, -8.0, 10.0) == pytest.approx(1.6021766)
    assert work_of_adhesion(-3.0, -4.0, -6.5, 10.0) < 0.0
    # Cutting a block makes two faces.
    assert surface_energy(-10.0, -12.0, 10.0) == pytest.approx(1.6021766)


def test_a_joint_that_gives_both_faces_back_is_no_interface() -> None:
    assert interface_energy(0.7, 0.4, 1.1) == pytest.approx(0.0)
    assert interface_energy(0.7, 0.4, 0.2) == pytest.approx(0.9)


@pytest.mark.parametrize(
    ("work", "angle"), [(0.0, 180.0), (0.4, 90.0), (0.6, 60.0), (0.8, 0.0), (2.0, 0.0), (-1, 180.0)]
)
def test_the_angle_is_right_at_what_is_known(work: float, angle: float) -> None:
    assert contact_angle(work, 0.4) == pytest.approx(angle, abs=1e-6)


def test_youngs_equation_holds_with_dupres_work() -> None:
    host, film, work = 0.7, 0.4, 0.3
    across = film * np.cos(np.radians(contact_angle(work, film)))
    assert across == pytest.approx(host - interface_energy(host, film, work))


# ------------------------------------------------------------------------------ the shared cell


@pytest.mark.parametrize(("most_strain", "most_atoms"), [(0.06, 80), (0.02, 150)])
def test_limits_are_kept_and_less_strain_costs_atoms(most_strain: float, most_atoms: int) -> None:
    slab, film = (cut(structure(name).atoms, (1, 1, 1)).cell for name in ("Al", "Cu"))
    found = coincide(slab, film, most_strain, most_atoms)
    both = supercell(slab, found.slab_repeats), supercell(found.strained(film), found.film_repeats)
    assert found.strain <= most_strain
    assert len(both[0]) + len(both[1]) <= most_atoms
    for each in both:
        np.testing.assert_allclose(each.cell.array[:2, :2], found.vectors, atol=1e-6)
    # Copper is the smaller: fewer strained cells of it cover the same area, or it is stretched.
    own = abs(np.linalg.det(film.cell.array[:2, :2])) * found.film_cells
    stretch = (1.0 + found.strains[0]) * (1.0 + found.strains[1])
    assert found.area_A2 == pytest.approx(own * stretch, rel=1e-9)
    looser = coincide(slab, film, 0.12, most_atoms)
    assert looser.film_cells + looser.slab_cells <= found.film_cells + found.slab_cells


def test_a_shear_counts_as_strain_though_no_length_changes() -> None:
    square, leaning = (
        Atoms("Cu", cell=[(3.0, 0, 0), (3.0 * np.sin(turn), 3.0 * np.cos(turn), 0), (0, 0, 9)])
        for turn in (0.0, 0.1)
    )
    found = coincide(square, leaning, 0.06, 2)
    # A shear by the angle phi has the principal stretches sqrt(1 +- sin(phi)), inverted here.
    assert found.strain == pytest.approx(1.0 / np.sqrt(1.0 - np.sin(0.1)) - 1.0)
    with pytest.raises(InputError):
        coincide(square, leaning, 0.05, 2)


def test_faces_without_a_shared_cell_are_refused() -> None:
    slab, film = (cut(structure(name).atoms, (1, 1, 1)).cell for name in ("Al", "Cu"))
    with pytest.raises(InputError, match="more strain, more atoms"):
        coincide(slab, film, 0.001, 60)


def oblique(lean: float) -> Atoms:
    """Return a chiral pile of atoms in an oblique cell."""
    places = [(0.0, 0.0, 0.0), (1.0, 0.3, 1.5), (0.4, 1.8, 3.2), (1.5, 2.0, 4.0)]
    return Atoms("CuCuAgAu", places, cell=[(3.0, 0, 0), (lean, 4.0, 0), (0, 0, 12.0)], pbc=True)


@pytest.mark.parametrize(("lean", "over"), [(0.5, False), (-0.5, True)])
def test_a_film_that_fits_upside_down_is_turned_and_not_mirrored(lean: float, over: bool) -> None:
    film = oblique(lean)
    found = coincide(oblique(0.5), film, 0.01, 20)
    assert found.turned_over is over
    assert found.strain < 1e-9
    turned = found.strained(film)
    np.testing.assert_allclose(turned.get_all_distances(), film.get_all_distances(), atol=1e-9)
    hands = [np.linalg.det(each.positions[1:] - each.positions[0]) for each in (film, turned)]
    assert hands[0] == pytest.approx(hands[1])
    assert hands[0] != pytest.approx(0.0)


def test_the_smallest_shifts_change_nothing_and_half_of_one_does() -> None:
    slab, film = (cut(structure(name).atoms, (1, 1, 1)).cell for name in ("Al", "Cu"))
    found = coincide(slab, film, 0.06, 150)
    sides = (
        supercell(slab, found.slab_repeats),
        supercell(found.strained(film), found.film_repeats),
    )
    smallest = found.smallest_shift()
    # All vectors of both lattices: an area smaller than either's cell by the other's count.
    assert abs(np.linalg.det(smallest)) < found.area_A2 / max(found.slab_cells, found.film_cells)

    def energy(shift: np.ndarray) -> float:
        both = stacked(*sides, shift, 2.0)
        both.calc = EMT()
        return float(both.get_potential_energy())

    still = energy(np.zeros(2))
    for step in (smallest[0], smallest[1], smallest[0] - 2 * smallest[1]):
        assert energy(step) == pytest.approx(still, abs=1e-8)
    assert abs(energy(0.5 * smallest[0]) - still) > 1e-4


def test_shifts_cover_the_cell_and_are_few() -> None:
    tried = shifts(np.array([[2.5, 0.0], [0.0, 1.5]]))
    assert len(tried) == 6
    assert len(shifts(np.array([[0.2, 0.0], [0.0, 9.0]]))) == 3
    np.testing.assert_allclose(tried[0], 0.0)


def test_a_sandwich_has_its_gap_and_can_be_parted() -> None:
    slab, film = (cut(structure("Cu").atoms, (1, 1, 1)).cell for _ in range(2))
    both = stacked(slab, film, np.array([0.3, 0.2]), 2.2)
    lower, upper = parted(both, HOST), parted(both, FILM)
    assert len(lower) == len(upper) == len(slab)
    gap = upper.positions[:, 2].min() - lower.positions[:, 2].max()
    assert gap == pytest.approx(2.2)
    outer = both.cell[2, 2] - np.ptp(both.positions[:, 2])
    assert outer > 10.0


def test_a_side_that_slides_as_a_whole_has_not_reacted_but_an_atom_that_leaves_has() -> None:
    slab = cut(structure("Cu").atoms, (1, 1, 1)).cell.repeat((2, 2, 1))
    before = stacked(slab, slab, np.zeros(2), 2.2)
    film = np.flatnonzero(before.get_tags() == FILM)
    after = before.copy()
    after.positions[film] += (2.0, 1.0, -0.1)
    slid = mixing(before, after)
    assert slid.most_moved_A == pytest.approx(0.0, abs=1e-9)
    assert not slid.reacted

    lowest = film[np.argmin(before.positions[film, 2])]
    after.positions[lowest, 2] -= 4.0
    sunk = mixing(before, after)
    assert (sunk.film_in_host, sunk.host_in_film) == (1, 0)
    assert sunk.most_moved_A > 1.6
    assert sunk.reacted

    risen = before.copy()
    risen.positions[
        np.argmax(np.where(before.get_tags() == HOST, before.positions[:, 2], 0)), 2
    ] += 4
    assert mixing(before, risen).host_in_film == 1


# ----------------------------------------------------------------------- where the answer is known


@pytest.mark.parametrize("face", [(1, 0, 0), (1, 1, 1)])
def test_a_metal_on_itself_costs_two_faces_to_part(face: tuple[int, int, int]) -> None:
    found = emt("Cu", "Cu", miller=face, film_miller=face)
    assert found.strains == (0.0, 0.0)
    assert found.film_J_m2 == found.host_J_m2
    assert found.film_J_m2 is not None
    assert found.work_J_m2 == pytest.approx(2.0 * found.film_J_m2, rel=5e-3)
    assert found.interface_J_m2 == pytest.approx(0.0, abs=0.01)
    assert found.angle_degrees == pytest.approx(0.0, abs=6.0)
    assert not found.reacted
    assert found.warnings == ()


def test_either_side_may_be_called_the_film() -> None:
    # Silver and gold match within 0.2 %, so hardly any strain changes sides.
    one, other = emt("Ag", "Au"), emt("Au", "Ag")
    assert max(abs(strain) for strain in one.strains) < 0.003
    assert one.work_J_m2 == pytest.approx(other.work_J_m2, rel=5e-3)
    assert one.interface_J_m2 == pytest.approx(other.interface_J_m2, abs=0.005)
    assert (one.film_J_m2, one.host_J_m2) == (other.host_J_m2, other.film_J_m2)


def test_a_larger_cell_and_another_seed_say_the_same() -> None:
    small = emt("Al", "Ag")
    large = emt("Al", "Ag", repeats=(2, 1), seed=1)
    assert large.atoms == 2 * small.atoms
    assert large.area_A2 == pytest.approx(2.0 * small.area_A2, rel=1e-3)
    assert large.work_J_m2 == pytest.approx(small.work_J_m2, abs=5e-3)


def test_the_best_gap_of_the_lowest_shift_is_the_layers_own(tmp_path: Path) -> None:
    import json

    run(Setup("Cu", EMT_MODEL, "Cu"), tmp_path)
    kept = [json.loads(path.read_text()) for path in tmp_path.rglob("shift-*.done.json")]
    assert len(kept) == 9
    # Layers of copper lie 2.09 angstrom apart; 2.0 is the nearest that is tried.
    assert min(kept, key=lambda each: float(each["energy"]))["gap"] == 2.0


def test_a_film_of_the_same_name_with_another_cell_is_another_calculation() -> None:
    host, film = structure("Al"), structure("Ag")
    wide = film.atoms.copy()
    wide.set_cell(1.01 * wide.cell.array, scale_atoms=True)
    other = replace(film, atoms=wide)
    setup = Setup("Al", EMT_MODEL, "Ag")
    assert setup.inputs(host, film) != setup.inputs(host, other)
    assert setup.inputs(host, film) == setup.inputs(structure("Al"), structure("Ag"))


def test_more_strain_than_allowed_is_not_taken() -> None:
    assert max(abs(strain) for strain in emt("Al", "Cu").strains) <= 0.06
    with pytest.raises(InputError, match="--strain"):
        emt("Al", "Cu", most_strain=0.01, most_atoms=50)


def test_unequal_faces_have_no_surface_energy_but_a_work_of_adhesion() -> None:
    from ase.calculators.lj import LennardJones

    model = from_calculator(LennardJones(sigma=1.8, epsilon=0.2, rc=5.0, smooth=True))
    found = run(Setup("LiF", model, "LiF", miller=(1, 1, 1), film_miller=(1, 1, 1)))
    assert found.host_J_m2 is None
    assert found.interface_J_m2 is None
    assert found.angle_degrees is None
    assert found.work_J_m2 > 0.0
    assert any("two different faces" in warning for warning in found.warnings)


# -------------------------------------------------------------------- when things go wrong


class Counting(EMT):  # type: ignore[misc]
    """EMT that counts its calls and stops after some."""

    def __init__(self, stop: int | None = None) -> None:
        super().__init__()
        self.calls, self.stop = 0, stop

    def calculate(self, *arguments: Any, **named: Any) -> None:
        self.calls += 1
        if self.stop is not None and self.calls > self.stop:
            raise KeyboardInterrupt
        super().calculate(*arguments, **named)


def counting(engine: Counting) -> Potential:
    return Potential("counting", (), "EMT", "test", lambda: engine)


def test_what_was_interrupted_goes_on_and_says_the_same(tmp_path: Path) -> None:
    whole = Counting()
    expected = run(Setup("Al", counting(whole), "Ag"))
    first = Counting(stop=2 * whole.calls // 3)
    with pytest.raises(KeyboardInterrupt):
        run(Setup("Al", counting(first), "Ag"), tmp_path)
    rest = Counting()
    found = run(Setup("Al", counting(rest), "Ag"), tmp_path)
    assert rest.calls < whole.calls // 2
    assert found.work_J_m2 == pytest.approx(expected.work_J_m2, abs=2e-3)
    again = Counting()
    assert run(Setup("Al", counting(again), "Ag"), tmp_path) == found
    assert again.calls == 0


def test_what_never_comes_to_rest_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    setup = Setup("Al", EMT_MODEL, "Ag")
    run(setup, tmp_path)
    for kept in tmp_path.rglob("both-*.done.json"):
        kept.unlink()
    monkeypatch.setattr(relaxing, "MOST_STEPS", 1)
    with pytest.raises(NotConvergedError, match="no shift"):
        run(setup, tmp_path)


def altered(monkeypatch: pytest.MonkeyPatch, stage: str, lower_eV: float | None) -> None:
    """Let one stage lie lower than it does, or fail where `lower_eV` is None."""
    original = film_adhesion.relax_positions

    def instead(stages: Any, name: str, *arguments: Any) -> dict[str, Any]:
        if name == stage and lower_eV is None:
            raise NotConvergedError(name)
        found = dict(original(stages, name, *arguments))
        if name == stage and lower_eV is not None:
            found["energy"] -= lower_eV
        return found

    monkeypatch.setattr(film_adhesion, "relax_positions", instead)


def test_a_film_that_rebuilds_is_counted_from_there(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = emt("Al", "Ag")
    altered(monkeypatch, "parted-1", 0.2)
    found = emt("Al", "Ag")
    gain = work_of_adhesion(0.2, 0.0, 0.0, plain.area_A2)
    assert found.work_J_m2 == pytest.approx(plain.work_J_m2 - gain, abs=2e-3)
    assert found.parted_gain_J_m2 == pytest.approx(gain, abs=2e-3)
    assert any("rebuilt" in warning for warning in found.warnings)


def test_the_lowest_shift_that_came_to_rest_counts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    setup = Setup("Al", EMT_MODEL, "Ag", relaxed_shifts=3)
    every = run(setup, tmp_path)
    assert every.shifts_relaxed == 3
    tried = sorted(path.name.partition(".")[0] for path in tmp_path.rglob("both-*.done.json"))
    with monkeypatch.context() as patched:
        altered(patched, tried[0], None)
        found = run(setup, tmp_path)
    assert found.shifts_relaxed == 2
    assert any("did not come to rest" in warning for warning in found.warnings)
    assert found.work_J_m2 <= every.work_J_m2 + 1e-3
    altered(monkeypatch, tried[-1], 1.0)
    assert run(setup, tmp_path).work_J_m2 > every.work_J_m2 + 1.0


def test_an_element_that_the_potential_lacks_is_named() -> None:
    with pytest.raises(InputError, match="emt with Li"):
        adhesion("Cu", potential_name="emt")


# --------------------------------------------------------------------- beside what is known


def record(host: str, name: str, work: float, **options: Any) -> AdhesionRecord:
    return AdhesionRecord.model_validate(
        {
            "host": host, "film": "Li", "potential": name, "versions": {}, "miller": (1, 0, 0),
            "film_miller": (1, 1, 0), "layers": 4, "film_layers": 4, "atoms": 40, "area_A2": 50.0,
            "strains": (0.01, -0.02), "shifts_tried": 4, "shifts_relaxed": 2, "work_J_m2": work,
            "film_J_m2": 0.45, "host_J_m2": 0.3, "parted_gain_J_m2": 0.0, "most_moved_A": 0.4,
            "film_in_host": 0, "host_in_film": 0, "reacted": False, "warnings": (), **options,
        }
    )  # fmt: skip


def summary(*records: AdhesionRecord) -> dict[str, Any]:
    rows = {each.potential: (each, "computed now") for each in records}
    found: dict[str, Any] = adhesion_summary({records[0].host: rows})[records[0].host]
    return found


def test_a_wrong_sign_is_said_and_a_right_one_is_not() -> None:
    wrong, right = summary(record("LiF", "a", 0.6)), summary(record("LiF", "a", 0.1))
    assert (wrong["beads"], right["beads"]) == (False, True)
    assert summary(record("LiF", "a", 0.6), record("LiF", "b", 0.1))["beads"] is None
    assert any(said.startswith("caution: a") and "beads" in said for said in wrong["cautions"])
    assert right["cautions"] == []
    assert summary(record("LiF", "a", 0.6, film="Na"))["published"] == []


def test_an_interface_that_gains_energy_is_said() -> None:
    gains = summary(record("LiBr", "a", 0.80))["cautions"]
    assert [said for said in gains if "interface energy is negative" in said]
    assert summary(record("LiBr", "a", 0.74))["cautions"] == []


def test_where_sources_differ_every_sign_is_against_one() -> None:
    assert {row["says"] for row in published_wetting("Li2O")} == {"wets", "beads"}
    for work in (0.1, 0.7):
        assert len(summary(record("Li2O", "a", work))["cautions"]) == 1


def test_a_reaction_is_said_and_potentials_have_a_spread() -> None:
    found = summary(
        record("LiBr", "a", 0.2), record("LiBr", "b", 0.3, reacted=True, film_in_host=3)
    )
    assert found["work_J_m2"]["mean"] == pytest.approx(0.25)
    assert found["work_J_m2"]["spread"] == pytest.approx(0.0707, abs=1e-4)
    assert [said for said in found["cautions"] if "reacted" in said and said.startswith("b")]
    assert summary(record("LiBr", "a", 0.2))["work_J_m2"]["spread"] is None


def test_a_soft_face_of_the_film_is_said_with_what_it_does_to_the_angle() -> None:
    face = published_face("Li", (1, 1, 0))
    assert face is not None
    assert published_face("Li", (3, 1, 0)) is None
    soft = summary(record("LiBr", "a", 0.25, film_J_m2=0.5 * face["J_m2"]))
    assert [said for said in soft["cautions"] if "the face of Li costs 0.25 J/m2" in said]
    row = soft["per_potential"]["a"]
    assert row["angle_published_face_degrees"] == contact_angle(0.25, face["J_m2"])
    assert row["angle_published_face_degrees"] > row["angle_degrees"]
    assert summary(record("LiBr", "a", 0.25, film_J_m2=face["J_m2"]))["cautions"] == []


@pytest.mark.parametrize("host", ["Li3Bi", "LiF", "Li2O", "LiCl", "Li2S"])
@pytest.mark.parametrize("name", ["sevennet-0", "chgnet"])
def test_shipped_rows_keep_the_limits_and_their_versions(host: str, name: str) -> None:
    found = shipped_adhesion(host, name)
    assert found is not None
    assert found.film == "Li"
    assert found.film_miller == (1, 1, 0)
    assert found.atoms <= film_adhesion.MOST_ATOMS
    assert max(abs(strain) for strain in found.strains) <= film_adhesion.MOST_STRAIN
    assert {"torch", "ase"} <= set(found.versions)
    assert shipped_adhesion(host, name, (3, 2, 1)) is None


def test_the_picture_has_a_row_a_host_and_a_marker_a_potential() -> None:
    from interlith.report.film_adhesion import draw_adhesion

    rows = {
        host: {name: (record(host, name, work), "now") for name, work in works.items()}
        for host, works in {"LiF": {"a": 0.1, "b": 0.2}, "Li2S": {"a": 0.8}}.items()
    }
    axes = draw_adhesion(adhesion_summary(rows)).axes[0]
    # The lowest angle is the lowest row.
    assert [text.get_text() for text in axes.get_yticklabels()] == ["Li2S", "LiF"]
    filled = {line.get_label(): line for line in axes.lines if line.get_label() in ("a", "b")}
    expected = [contact_angle(0.8, 0.45), contact_angle(0.1, 0.45)]
    assert list(filled["a"].get_xdata()) == expected
    assert [round(place) for place in filled["b"].get_ydata()] == [1]
    assert axes.get_xlabel()


def test_a_host_without_indices_means_its_plain_face() -> None:
    from interlith.atomistic.shipped import shipped_adhesions
    from interlith.atomistic.uptake import ANY_FACE, PLAIN_FACES

    rows = shipped_adhesions()
    assert len({(row.host, row.potential, row.miller) for row in rows}) == len(rows)
    for host in {row.host for row in rows}:
        found = shipped_adhesion(host, "sevennet-0") or shipped_adhesion(host, "chgnet")
        assert found is not None
        assert found.miller == PLAIN_FACES.get(structure(host).prototype, ANY_FACE)


def test_shipped_potentials_order_the_halides_above_li3bi_and_li2o_by_its_face() -> None:
    for name in ("sevennet-0", "chgnet"):
        angle = {
            (host, miller): found.angle_degrees
            for host, miller in (
                ("Li3Bi", None), ("LiF", None), ("LiCl", None),
                ("Li2O", (1, 1, 0)), ("Li2O", (1, 1, 1)),
            )
            if (found := shipped_adhesion(host, name, miller)) is not None
        }  # fmt: skip
        assert len(angle) == 5
        assert angle["Li3Bi", None] < 90.0 < angle["LiF", None]
        assert angle["Li3Bi", None] < angle["LiCl", None]
        assert angle["Li2O", (1, 1, 0)] < 90.0 < angle["Li2O", (1, 1, 1)]


def test_a_published_face_is_found_by_every_name() -> None:
    from interlith.atomistic.adhesion_summary import published_face

    assert published_face("Li", (1, 1, 0)) is not None
    assert published_face("Li", (0, 1, -1)) == published_face("Li", (1, 1, 0))
    assert published_face("Li", (1, 1, 1)) is None
    assert published_face("Na", (1, 1, 0)) is None
