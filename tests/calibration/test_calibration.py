"""Only calibration rows are fitted, and what is written is what the library reads."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from interlith.calibration import fit, rows


def test_packaged_rows_carry_their_role():
    text = [t for t in rows.DATA.read_text(encoding="utf-8").splitlines() if t[:1] != "#"]
    entries = list(csv.DictReader(text))
    assert entries
    assert {entry["role"] for entry in entries} == {"calibration", "validation"}
    assert len({entry["id"] for entry in entries}) == len(entries)
    assert all(entry["locator"] for entry in entries)


def test_rows_are_filtered_by_role_and_quantity():
    chosen = rows.measured_rows("calibration", fit.QUANTITY)
    assert len(chosen) >= len(fit.UNKNOWNS)
    assert {row.role for row in chosen} == {"calibration"}
    assert {row.quantity for row in chosen} == {fit.QUANTITY}
    assert all(row.unit == "mA/cm2" and row.value > 0.0 for row in chosen)
    everything = rows.measured_rows()
    assert len(everything) > len(chosen)
    assert {row.role for row in everything} == {"calibration", "validation"}


@pytest.fixture
def quick_fit(monkeypatch):
    """A fit of a smooth stand-in for the simulation; records which rows it was asked for."""
    asked, modelled = [], set()
    kept = rows.measured_rows

    def recorded(role=None, quantity=None):
        asked.append((role, quantity))
        return kept(role, quantity)

    def stand_in(row, library=None, offsets=()):
        modelled.add(row.id)
        depth = library["Li"]["void_depth"].value * 1e6
        diffusion = library["LiMg"]["diffusive_replenishment_current_density"].value / 10.0
        spacing = library["Li"]["void_spacing"].value * 1e6
        if row.electrode == "Li" and row.interlayer is None:
            return 0.5 * depth**0.5
        return 0.7 + diffusion * (1.0 + 0.1 * len(row.id)) + (0.01 * spacing) ** 2

    monkeypatch.setattr(fit, "measured_rows", recorded)
    monkeypatch.setattr(fit, "model_ccd", stand_in)
    return fit.calibrate(), asked, modelled


def test_fit_asks_for_calibration_rows_only(quick_fit):
    found, asked, modelled = quick_fit
    validation = {row.id for row in rows.measured_rows("validation")}
    assert asked == [("calibration", fit.QUANTITY)]
    assert modelled
    assert not modelled & validation
    assert {row.role for row in found.rows} == {"calibration"}
    assert set(found.values) == {f"{u.material}.{u.property}" for u in fit.UNKNOWNS}


def test_fit_lowers_the_misfit_and_gives_a_covariance(quick_fit):
    found, _asked, _modelled = quick_fit
    assert all(value > 0.0 for value in found.values.values())
    covariance = found.covariance_of_logarithms
    assert covariance.shape == (len(fit.UNKNOWNS),) * 2
    assert np.allclose(covariance, covariance.T)
    bare = [row.id for row in found.rows].index("ccd-bare-25")
    assert found.model[bare] == pytest.approx(found.rows[bare].value, rel=0.1)


def test_written_fit_is_read_back_by_the_library(quick_fit, tmp_path):
    from interlith.materials.fitted import read_fits
    from interlith.materials.library import Library
    from interlith.units import from_si

    found, _asked, _modelled = quick_fit
    fit.write_fit(found, tmp_path / "trial.yaml")
    fits = read_fits(tmp_path)
    assert len(fits) == len(fit.UNKNOWNS)
    library = Library(fits=fits)
    for unknown in fit.UNKNOWNS:
        prop = library[unknown.material][unknown.property]
        assert prop.kind == "fitted"
        wanted = found.values[f"{unknown.material}.{unknown.property}"]
        assert from_si(prop.value, unknown.unit) == pytest.approx(wanted, rel=1e-3)


def test_trial_values_reach_the_simulation():
    values = fit.start_values()
    values["Li.void_depth"] = 1.234
    assert fit.library_with(values)["Li"]["void_depth"].value == pytest.approx(1.234e-6)


def test_continuous_critical_current_lies_between_the_steps():
    from interlith.calibration.cells import ccd_cell
    from interlith.simulation import simulate

    row = next(r for r in rows.measured_rows("calibration") if r.id == "ccd-bare-25")
    cell = ccd_cell(row)
    verdict = simulate(cell).ccd
    found = fit.failing_current(cell)
    assert verdict.last_passing_mA_cm2 <= found <= verdict.first_failing_mA_cm2


def fitted_files() -> list[Path]:
    import interlith.materials

    return sorted((Path(interlith.materials.__file__).parent / "data" / "fitted").glob("*.yaml"))


def test_packaged_fit_used_calibration_rows_only():
    from ruamel.yaml import YAML

    allowed = {row.id for row in rows.measured_rows("calibration")}
    for path in fitted_files():
        content = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
        assert {row["id"] for row in content["rows"]} <= allowed, path.name
        assert {row["role"] for row in content["rows"]} == {"calibration"}, path.name


def test_a_row_is_predicted_by_a_fit_that_did_not_see_it(quick_fit):
    found, asked, _modelled = quick_fit
    asked.clear()
    seen = []
    whole = fit.leave_one_out(found, seen.append)
    assert [entry.id for entry in whole.left_out] == [row.id for row in found.rows]
    assert set(asked) == {("calibration", fit.QUANTITY)}
    for entry in whole.left_out:
        first = seen.index(f"without {entry.id}")
        assert f"without {entry.id}" in seen[first]
        assert len(seen[first + 1].partition("->")[2].split(",")) == len(found.rows) - 1
    assert any(entry.values != found.values for entry in whole.left_out)


def test_a_written_fit_says_what_the_rows_determine(quick_fit, tmp_path):
    from dataclasses import replace

    from ruamel.yaml import YAML

    found, _asked, _modelled = quick_fit
    variances = np.diag([0.01, 0.04, 4.0])
    fit.write_fit(
        replace(
            found,
            covariance_of_logarithms=variances,
            left_out=(fit.LeftOut("ccd-bare-25", 0.4, 0.5, found.values),),
        ),
        tmp_path / "fit.yaml",
    )
    data = YAML(typ="safe").load(tmp_path / "fit.yaml")
    determined = data["identifiability"]["parameters"]
    assert list(determined.values()) == [True, True, False]
    assert data["identifiability"]["directions"][-1]["powers"] == {"Li.void_spacing": 1.0}
    assert data["leave_one_out"][0]["predicted"] == 0.5
    for row in data["rows"]:
        measured, model = row["measured_mA_cm2"], row["model_mA_cm2"]
        assert row["residual_of_logarithm"] == pytest.approx(np.log(model / measured), abs=2e-3)
