"""Rows of full cells: only two may be fitted, and what the package holds is what they give."""

import warnings

import numpy as np
import pytest
from ruamel.yaml import YAML

from interlith.calibration import full_fit
from interlith.calibration.fit import key_of, start_values
from interlith.calibration.full_cells import FULL_ROWS, full_cell_of
from interlith.calibration.rows import measured_rows
from interlith.cli.fitting import RowsOf, installed_file
from interlith.simulation.full_run import OutsideValidRange


def test_every_full_cell_of_the_reference_can_be_run():
    full = {
        row.id for row in measured_rows() if row.id.startswith(("full-", "lno-", "nca-", "bi-"))
    }
    assert full == set(FULL_ROWS) == {row.id for row in full_fit.full_rows()}
    for row in full_fit.full_rows():
        cell = full_cell_of(row)
        assert cell.is_full
        assert cell.temperature == pytest.approx(row.temperature_C + 273.15)
        if row.areal_capacity_mAh_cm2 is not None and row.id != "nca-lyc":
            # 1C is 200 mAh/g in the reference work.
            stated = row.areal_capacity_mAh_cm2
            assert cell.capacity / 36000.0 == pytest.approx(stated, rel=5e-3)


def test_the_packaged_values_are_what_the_rows_give():
    """Two runs with the packaged values against the model values in the file of the fit."""
    content = YAML(typ="safe").load(installed_file(RowsOf.FULL_CELL).read_text(encoding="utf-8"))
    rows = full_fit.full_rows("calibration")
    assert [row["id"] for row in content["rows"]] == [row.id for row in rows]
    found = full_fit.model_values(rows)
    for row, kept in zip(rows, content["rows"], strict=True):
        noted = kept[f"model_{row.unit.replace('/', '_')}"]
        assert found[row.id] == pytest.approx(noted, rel=2e-3)


@pytest.fixture
def quick_fit(monkeypatch):
    """A fit of a smooth stand-in: the second row alone depends on the rate of cracking."""
    asked = []

    def stand_in(rows, library=None):
        asked.extend(row.id for row in rows)
        active = library["NMC811"]
        diffusivity = active["lithium_diffusivity"].value / 1e-16
        kept = np.exp(-active["cracking_rate"].value)
        return {"full-cl-0.5C": 4.3, "full-f-0.51-80": 200.0 * kept * diffusivity**0.1}

    monkeypatch.setattr(full_fit, "model_values", stand_in)
    return full_fit.calibrate_full(), asked


def test_the_fit_sees_calibration_rows_only(quick_fit):
    found, asked = quick_fit
    assert set(asked) == {row.id for row in full_fit.full_rows("calibration")}
    assert found.model == pytest.approx([row.value for row in found.rows], rel=0.02)


def test_what_the_rows_do_not_say_the_ranges_decide(quick_fit):
    """The row pulls hard on the rate of cracking, hardly on the diffusivity."""
    found, _asked = quick_fit
    start = start_values(full_fit.FULL_UNKNOWNS)
    moved = {
        key: abs(np.log(found.values[key] / start[key]))
        for key in (key_of(unknown) for unknown in full_fit.FULL_UNKNOWNS)
    }
    assert moved["NMC811.lithium_diffusivity"] < 0.5 * moved["NMC811.cracking_rate"]
    errors = np.sqrt(np.diag(found.covariance_of_logarithms))
    assert np.all(errors <= 1.16), "no wider than the ranges"


def test_rows_that_run_alike_share_a_run(monkeypatch):
    from interlith.simulation import full_run

    kept, runs = full_run.simulate_full, []

    def counted(cell, library=None):
        runs.append(cell.name)
        return kept(cell, library)

    monkeypatch.setattr(full_run, "simulate_full", counted)
    rate_test = [row for row in full_fit.full_rows() if row.id in ("full-cl-2C", "full-cl-return")]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", OutsideValidRange)
        found = full_fit.model_values(rate_test)
    assert runs == ["full-cl-2C"]
    assert found["full-cl-return"] > found["full-cl-2C"] > 0.0
