"""`interlith impedance` and `interlith cycling` as a shell sees them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner, Result

from interlith.cli import app
from interlith.cyclerdata import columns
from interlith.cyclerdata.impedance.circuit import read_circuit

FREQUENCY = np.logspace(6, 0, 43)
VALUES = np.array([10.0, 50.0, 1e-6, 0.9])


@pytest.fixture(autouse=True)
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    _write_spectra(tmp_path / "one.csv", [50.0])
    _write_spectra(tmp_path / "many.csv", [50.0] * 12 + [8.0] * 6)
    _write_cycles(tmp_path / "cycles.csv")
    return tmp_path


def _write_spectra(path: Path, resistances: list[float]) -> None:
    circuit = read_circuit("R0-p(R1,CPE1)")
    rng = np.random.default_rng(0)
    frames = []
    for number, resistance in enumerate(resistances, start=1):
        z = circuit.impedance(FREQUENCY, np.array([10.0, resistance, *VALUES[2:]]))
        z = z + 0.002 * np.abs(z) * (rng.normal(size=z.shape) + 1j * rng.normal(size=z.shape))
        frames.append(
            pl.DataFrame(
                {
                    columns.CYCLE: np.full(len(z), float(number)),
                    columns.TEST_TIME: 3600.0 * number + np.arange(len(z)),
                    "Frequency / Hz": FREQUENCY,
                    "Real Impedance / ohm": z.real,
                    "Imaginary Impedance / ohm": z.imag,
                }
            )
        )
    table = pl.concat(frames)
    table.write_csv(path)


def _write_cycles(path: Path) -> None:
    time, current, voltage, now = [], [], [], 0.0
    for k in range(4):
        for level, volts in ((1e-3, 3.9), (-1e-3, 3.5)):
            for flow, v, span in ((0.0, 3.7, 60.0), (level, volts, 3600.0 * 0.9**k)):
                at = np.linspace(0.0, span, 30)
                time.append(now + at)
                current.append(np.full(30, flow))
                voltage.append(np.full(30, v))
                now += span
    pl.DataFrame(
        {
            columns.TEST_TIME: np.concatenate(time),
            columns.VOLTAGE: np.concatenate(voltage),
            columns.CURRENT: np.concatenate(current),
        }
    ).write_csv(path)


def interlith(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def answer(*arguments: str, code: int = 0) -> dict[str, Any]:
    result = interlith(*arguments, "--json")
    assert result.exit_code == code, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_a_spectrum_is_fitted_tested_and_shown_as_relaxation_times() -> None:
    found = answer("impedance", "one.csv", "--drt", "--area", "1.13", "cm^2", "--no-pictures")
    assert found["circuit"] == "R0-p(R1,CPE1)"
    assert len(found["circuit_chosen_from"]) == 9
    r1 = next(p for p in found["fit"]["parameters"] if p["name"] == "R1")
    assert r1["value"] == pytest.approx(50.0, rel=0.02)
    assert r1["low_95"] < r1["value"] < r1["high_95"]
    assert r1["value_ohm_cm2"] == pytest.approx(1.13 * r1["value"])
    assert found["kramers_kronig"]["passed"] is True
    assert found["relaxation_times"]["polarisation_ohm"] == pytest.approx(50.0, rel=0.05)
    assert found["series"] is None
    assert json.loads(Path("results/one-impedance/impedance.json").read_text())["status"] == "ok"


def test_a_series_shows_its_collapse_and_its_pictures() -> None:
    result = interlith("impedance", "many.csv", "--circuit", "R0-p(R1,CPE1)", "--guess", "R1=40")
    assert result.exit_code == 0, result.output
    assert "irreversible soft short at 13 h" in result.output
    assert "Area: not recorded" in result.output
    pictures = {p.name for p in Path("results/many-impedance/pictures").iterdir()}
    assert {"nyquist.png", "bode.svg", "residuals.pdf", "series.png"} <= pictures


def test_cycles_per_mass_and_area() -> None:
    options = ["--area", "2", "cm^2", "--active-mass", "25 mg/cm^2", "--no-pictures"]
    found = answer("cycling", "cycles.csv", *options)
    assert found["active_mass_mg"] == pytest.approx(50.0)
    first = found["cycles"][0]
    assert first["discharge_mAh"] == pytest.approx(1.0, rel=1e-3)
    assert first["discharge_mAh_cm2"] == pytest.approx(0.5, rel=1e-3)
    assert first["discharge_mAh_g"] == pytest.approx(20.0, rel=1e-3)
    assert [c["retention"] for c in found["cycles"]] == pytest.approx(
        [1.0, 0.9, 0.81, 0.729], rel=1e-3
    )


def test_what_is_not_recorded_is_said_and_pictures_are_there() -> None:
    result = interlith("cycling", "cycles.csv")
    assert result.exit_code == 0, result.output
    assert "Area: not recorded" in result.output
    assert "Active mass: not recorded" in result.output
    names = {p.stem for p in Path("results/cycles-cycling/pictures").iterdir()}
    assert names == {"capacity", "voltage-curves", "polarisation"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["impedance", "one.csv", "--circuit", "R0-X1"], "--circuit: got 'R0-X1', expected an el"),
        (
            ["impedance", "one.csv", "--circuit", "R0-p(R1,C1)", "--guess", "R1"],
            "--guess: got 'R1'",
        ),
        (["impedance", "one.csv", "--circuit", "R0-C1", "--guess", "R9=1"], "got 'R9', expected a"),
        (["impedance", "one.csv", "--guess", "R1=1"], "--circuit: missing"),
        (["impedance", "one.csv", "--area", "3 cm"], "--area: got '3 cm', expected an area"),
        (["impedance", "one.csv", "--area", "0 cm^2"], "--area: got '0 cm^2'"),
        (["impedance", "one.csv", "--spectrum", "4"], "spectrum: got '4', expected a number from"),
        (["impedance", "none.csv"], "none.csv"),
        (["cycling", "cycles.csv", "--active-mass", "25 mg/cm^2"], "--area: missing"),
        (["cycling", "cycles.csv", "--active-mass", "25 m"], "--active-mass: got '25 m'"),
        (["cycling", "cycles.csv", "--end-of-life", "80"], "--end-of-life: got '80'"),
        (["cycling", "cycles.csv", "--reference", "40"], "reference cycle: got '40'"),
        (["cycling", "one.csv"], "one.csv"),
    ],
)
def test_bad_input_is_refused_and_writes_nothing(arguments: list[str], message: str) -> None:
    found = answer(*arguments, code=2)
    assert message in found["problems"][0]["message"]
    assert not Path("results").exists()
