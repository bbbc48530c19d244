"""Draws stay in their ranges, and the ensemble is moved by calibration rows only."""

from __future__ import annotations

import numpy as np
import pytest

from interlith.calibration import ensemble
from interlith.calibration.draws import (
    CONDITIONS,
    axes,
    hypercube,
    nominal,
    sample_of,
    uncertain,
)
from interlith.calibration.rows import measured_rows
from interlith.materials import Library


def test_draws_stay_in_the_ranges_of_the_library() -> None:
    ranges = uncertain(Library(fits=[]))
    for number, deviates in enumerate(hypercube(4)):
        sample = sample_of(number + 1, deviates)
        for key, value in sample.values.items():
            entry = ranges[key]
            assert entry.low is not None
            assert entry.high is not None
            assert entry.low * (1 - 1e-9) <= value <= entry.high * (1 + 1e-9), key
        for name, value in sample.conditions.items():
            assert CONDITIONS[name].low <= value <= CONDITIONS[name].high


def test_a_hypercube_has_one_draw_in_every_share() -> None:
    from scipy.special import ndtr

    shares = ndtr(hypercube(10))
    assert shares.shape == (10, len(axes()))
    assert all(sorted((column * 10).astype(int)) == list(range(10)) for column in shares.T)


def test_a_drawn_library_holds_the_draw_and_what_follows_from_it() -> None:
    sample = sample_of(1, hypercube(2)[0])
    library = sample.library()
    depth = sample.values["Li", "void_depth"]
    assert library["Li"]["void_depth"].value == pytest.approx(depth)
    assert library["LiMg"]["void_depth"].value == pytest.approx(depth)  # taken over from Li
    assert ("LiMg", "void_depth") not in sample.values
    assert nominal().library() is Library.default()
    for name in library.names():
        assert library[name].properties


def test_drawn_conditions_reach_the_cell() -> None:
    from interlith.calibration.cells import ccd_cell

    cell = ccd_cell(next(row for row in measured_rows() if row.id == "ccd-mgbi-1h"))
    sample = sample_of(1, hypercube(2)[1])
    drawn = sample.symmetric(cell)
    assert drawn.stack_pressure == sample.conditions["stack_pressure"]
    assert drawn.layers[1].thickness == sample.conditions["interlayer_thickness"]
    assert drawn.layers[2].thickness == sample.conditions["electrolyte_thickness"]
    assert drawn.layers[0].thickness == cell.layers[0].thickness
    assert nominal().symmetric(cell) is cell


def test_rows_of_the_ensemble_are_calibration_rows() -> None:
    assert {row.role for row in ensemble.fitted_rows()} == {"calibration"}


def test_the_smoother_meets_a_linear_model() -> None:
    """A row that hangs on one number by a power: the posterior is known."""
    asked: list[str] = []
    place = axes().index(("Li", "void_depth"))
    entry = uncertain(Library(fits=[]))["Li", "void_depth"]

    def model(rows, samples):
        asked.extend(row.id for row in rows)
        deviates = np.array([deviate_of(sample) for sample in samples])
        measured = np.array([row.value for row in rows])
        return measured * np.exp(0.3 * (deviates - 1.0))[:, None]

    def deviate_of(sample):
        from scipy.special import ndtri

        share = np.log(sample.values["Li", "void_depth"] / entry.low)
        return ndtri(np.clip(share / np.log(entry.high / entry.low), 1e-9, 1 - 1e-9))

    found = ensemble.assimilate(model, members=60, iterations=3)
    validation = {row.id for row in measured_rows("validation")}
    assert asked
    assert not set(asked) & validation
    moved = found.deviates[:, place]
    assert moved.mean() == pytest.approx(1.0, abs=0.15)
    assert moved.std() < 0.5
    others = np.delete(found.deviates, place, axis=1)
    assert abs(others.mean()) < 0.05
    assert 0.85 < others.std() < 1.1


def test_written_ensemble_is_read_back(tmp_path, monkeypatch) -> None:
    rows = tuple(ensemble.fitted_rows())
    deviates = hypercube(3)
    path = tmp_path / "ensemble.csv"
    found = ensemble.Ensemble(deviates, np.ones((3, len(rows))), rows, 5)
    ensemble.write_ensemble(found, path)
    monkeypatch.setattr(ensemble, "DATA", path)
    ensemble._shipped.cache_clear()
    try:
        assert ensemble.shipped_count() == 3
        samples = ensemble.all_samples(2)
        assert [sample.number for sample in samples] == [0, 1, 2]
        again = sample_of(2, deviates[1])
        key = ("Li", "void_depth")
        assert samples[2].values[key] == pytest.approx(again.values[key], rel=0.02)
    finally:
        ensemble._shipped.cache_clear()


def test_shipped_members_meet_the_calibration_rows() -> None:
    rows = ensemble.fitted_rows()
    given = np.array([ensemble.shipped_rows()[row.id] for row in rows]).T
    measured = np.log([row.value for row in rows])
    misfit = (
        (np.log(ensemble.bounded(rows, given)) - measured) / ensemble.standard_errors(rows)
    ) ** 2
    assert misfit.max() <= 1.05 * ensemble.LARGEST_MISFIT
    assert ensemble.shipped_count() >= 8


def test_a_shipped_member_gives_what_its_file_says() -> None:
    row = next(row for row in ensemble.fitted_rows() if row.id == "ccd-bare-25")
    sample = ensemble.shipped_samples(1)[0]
    written = ensemble.shipped_rows()[row.id][0]
    assert ensemble.model_row(row, sample) == pytest.approx(written, rel=0.15)
