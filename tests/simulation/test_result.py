"""What a run hands back: labelled data, strict JSON, and what there is when it is cut short."""

from __future__ import annotations

import json

import numpy as np
import pytest
import xarray as xr


@pytest.fixture(scope="module")
def result(make, solve):
    ramp = make.ramp(start="0.2", step="0.2", stop="8")
    return solve(make.read([make.metal(), make.interlayer()], [make.metal()], protocol=ramp))


def test_every_variable_has_a_unit_and_a_name(result):
    data = result.dataset
    for name in [*data.data_vars, *data.coords]:
        if data[name].dtype.kind in "OUST" or name == "electrode":
            continue
        assert data[name].attrs.get("units"), name
        assert data[name].attrs.get("long_name"), name


def test_dataset_is_consistent(result):
    data = result.dataset
    assert list(data["electrode"].values) == ["left", "right"]
    assert np.isfinite(data["voltage"].values).all()
    share = data["filament_fraction"].values
    assert (data["filament_lithium"].values[share > 0] > 0).all()
    numbers = np.unique(data["half_cycle"].values)
    assert list(numbers[numbers >= 0]) == list(range(len(result.half_cycles)))
    assert np.isnan(data["depth"].values[1]).all(), "the right electrode is bare"
    assert np.isfinite(data["depth"].values[0]).all()
    assert data["profile_time"].values[-1] <= data["time"].values[-1]


def test_netcdf_round_trip(result, tmp_path):
    files = result.save(tmp_path / "out")
    assert sorted(path.name for path in files) == ["cell.yaml", "result.nc", "summary.json"]
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == sorted(p.name for p in files)
    with xr.open_dataset(tmp_path / "out" / "result.nc", engine="h5netcdf") as back:
        xr.testing.assert_allclose(back.load(), result.dataset, rtol=0.0, atol=0.0)
        assert back.attrs == result.dataset.attrs
        assert back["voltage"].attrs == result.dataset["voltage"].attrs


def test_summary_is_strict_json(result):
    text = json.dumps(result.summary(), allow_nan=False)
    back = json.loads(text)
    assert set(back["ccd"]) >= {
        "last_passing_mA_cm2",
        "first_failing_mA_cm2",
        "cause",
        "electrode",
        "half_cycle_areal_capacity_mAh_cm2",
        "cumulative_areal_capacity_mAh_cm2",
    }
    assert back["status"] == result.status
    json.loads(result.dataset.attrs["summary"])


def test_cell_is_kept_with_the_result(result, tmp_path):
    from interlith.cell import load

    result.save(tmp_path)
    assert load(tmp_path / "cell.yaml") == result.cell


def test_used_values_carry_their_kind(result):
    assert {value.kind for value in result.used_values} >= {"assumed", "measured", "given"}
    assert all(np.isfinite(value.value) for value in result.used_values)


def interrupted_after(make, solve, calls):
    seen = []

    def progress(fraction, text):
        seen.append((fraction, text))
        if len(seen) == calls:
            raise KeyboardInterrupt

    step = {"plate": "0.1 mA/cm2", "for": "10 s"}
    back = {"strip": "0.1 mA/cm2", "for": "10 s"}
    cell = make.read([make.metal()], protocol=[{"repeat": 400, "steps": [step, back]}], rtol=1e-4)
    return solve(cell, progress=progress), seen


def test_interrupted_run_keeps_what_it_has(make, solve):
    result, seen = interrupted_after(make, solve, 2)
    assert result.status == "interrupted"
    assert "keyboard" in result.reason
    time = result.dataset["time"].values
    assert 0.0 < time[-1] < 8000.0
    assert time[-1] == pytest.approx(8000.0 * seen[-1][0], rel=1e-6)
    json.dumps(result.summary(), allow_nan=False)


def test_progress_rises_to_one(make, solve):
    result, seen = interrupted_after(make, solve, 10**6)
    fractions = [fraction for fraction, _text in seen]
    assert result.status == "completed"
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    assert all(text for _fraction, text in seen)


def test_long_protocol_thins_its_profiles_not_its_ends(make, solve):
    step = {"plate": "0.1 mA/cm2", "for": "1 s"}
    back = {"strip": "0.1 mA/cm2", "for": "1 s"}
    cell = make.read(
        [make.metal(), make.interlayer()], protocol=[{"repeat": 500, "steps": [step, back]}]
    )
    data = solve(cell, nodes=2).dataset
    assert 200 <= data.sizes["profile"] <= 400
    assert data["time"].values[-1] == pytest.approx(1000.0)
    assert data["areal_charge"].values[-1] == pytest.approx(1000.0, rel=1e-6)
