"""A barrier again with other layers, cells and images."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from interlith.atomistic import relaxing
from interlith.atomistic.adatom_barrier import Setup, run
from interlith.atomistic.potentials import from_calculator, potential
from interlith.atomistic.records import Series, SeriesRow
from interlith.atomistic.series import series_of, series_row, variations

pytest.importorskip("ase")
pytest.importorskip("pymatgen")

BASE = Setup("Al", (1, 0, 0), "Al", potential("emt"), layers=3)


def row(axis: str, barrier: float | None, layers: int = 4, images: int = 5) -> SeriesRow:
    return SeriesRow(axis=axis, layers=layers, coverage=(2, 2), images=images, barrier_eV=barrier)


def test_one_axis_differs_from_the_base_at_a_time(tmp_path: Path) -> None:
    found = variations(BASE, cache=tmp_path)
    assert found[0].setup == BASE
    assert found[0].axis == "base"
    assert {each.axis for each in found[1:]} == {"layers", "coverage", "images"}
    for each in found[1:]:
        same = replace(each.setup, **{each.axis: getattr(BASE, each.axis)})
        assert same == BASE
        assert each.setup != BASE
    assert [each.layers for each in found if each.axis == "layers"] == [2, 4, 5]
    # The square face: three repeats keep images 8 angstrom apart, one side gets one more.
    assert [each.coverage for each in found if each.axis == "coverage"] == [(4, 3)]


def test_layers_that_the_composition_forbids_are_raised_and_stand_once() -> None:
    from ase.calculators.lj import LennardJones

    # Layers of LiF(111) are lithium and fluorine in turn.
    model = from_calculator(LennardJones(sigma=1.8, epsilon=0.2, rc=5.0, smooth=True))
    base = Setup("LiF", (1, 1, 1), "Li", model, layers=4)
    found = variations(base, layers=[3, 4, 5, 6, 7], images=[5])
    assert [each.layers for each in found if each.axis != "coverage"] == [4, 6, 8]


def test_rows_are_the_barriers_of_their_setups_and_images_share_the_sites(tmp_path: Path) -> None:
    rows = [
        series_row(each, tmp_path)
        for each in variations(BASE, layers=[4], coverages=[(3, 3)], images=[3], cache=tmp_path)
    ]
    assert [(r.axis, r.layers, r.images) for r in rows] == [
        ("base", 3, 5),
        ("layers", 4, 5),
        ("images", 3, 3),
    ]
    for found, setup in zip(rows, (BASE, replace(BASE, layers=4)), strict=False):
        assert found.barrier_eV == run(setup, tmp_path).barrier_eV
    # The hop is symmetric, so three images have one at the saddle like five.
    assert rows[2].barrier_eV == pytest.approx(rows[0].barrier_eV, abs=5e-3)
    folders = {path.parent for path in tmp_path.rglob("site-*.done.json")}
    assert len(folders) == 2
    assert len(list(tmp_path.rglob("path-*-3.done.json"))) == 1


def test_a_setup_that_fails_says_so_and_the_others_stand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base, other = variations(BASE, layers=[4], coverages=[(3, 3)], images=[5], cache=tmp_path)
    whole = series_row(base, tmp_path)
    monkeypatch.setattr(relaxing, "MOST_STEPS", 1)
    failed = series_row(other, tmp_path)
    assert failed.barrier_eV is None
    assert "failed" in failed.remark
    found = series_of(BASE, [whole, failed])
    assert found.moved_eV("layers") is None
    assert found.rows[0].barrier_eV is not None


def test_how_far_an_axis_moves_a_barrier_counts_from_the_base() -> None:
    rows = [row("base", 0.10), row("layers", 0.16, layers=5), row("layers", 0.08, layers=3)]
    found = series_of(BASE, [*rows, row("images", 0.11, images=7), row("layers", None, layers=6)])
    assert found.moved_eV("layers") == 0.06
    assert found.moved_eV("images") == 0.01
    assert found.moved_eV("coverage") is None
    assert [each.layers for each in found.along("layers")] == [3, 4, 5, 6]
    assert Series.model_validate_json(found.model_dump_json()) == found


def test_the_picture_has_every_barrier_and_rings_the_base() -> None:
    from interlith.report.adatom_series import draw_series

    found = series_of(
        BASE,
        [row("base", 0.10), row("layers", 0.16, layers=5), row("layers", None, layers=6)],
    )
    layers, cells, images = draw_series(found).axes
    assert [text.get_text() for text in layers.get_xticklabels()] == ["4", "5", "6"]
    assert list(layers.lines[0].get_ydata()) == [0.10, 0.16]
    ring = layers.lines[-1]
    assert (list(ring.get_xdata()), list(ring.get_ydata())) == ([0], [0.10])
    assert cells.get_title() == images.get_title() == "not varied"
