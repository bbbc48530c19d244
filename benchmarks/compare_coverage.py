"""Fits to simulated records with noise: how often the 95 % intervals hold the truth."""

from __future__ import annotations

import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from interlith.cell import loads
from interlith.cyclerdata import columns
from interlith.cyclerdata.compare import estimate
from interlith.cyclerdata.compare.beside import compared, subject_of, voltage_at
from interlith.cyclerdata.compare.estimate import unknowns_of
from interlith.cyclerdata.recording import Recording

TITLE = "compare: coverage of the 95 % intervals"
SEED = 20261130
TRIALS = 100
WORKERS = 2
CELL = """
name: coverage
temperature: 25 degC
stack_pressure: 2.5 MPa
area: 0.785 cm^2
layers:
  - {material: Li, thickness: 100 um}
  - {material: Li6PS5Cl, thickness: 600 um}
  - {material: Li, thickness: 100 um}
protocol:
  - {current: 0.05 mA/cm^2, for: 20 min}
  - {current: -0.05 mA/cm^2, for: 20 min}
  - {rest: 5 min}
  - {current: 0.2 mA/cm^2, for: 20 min}
  - {current: -0.2 mA/cm^2, for: 20 min}
  - {current: 1 mA/cm^2, for: 3 min}
  - {current: -1 mA/cm^2, for: 3 min}
"""
FIELDS = {
    "layers.electrolyte.properties.ionic_conductivity": (1.0, 4.0, "mS/cm", 1e-1),
    "layers.electrode.properties.exchange_current_density": (0.2, 2.0, "mA/cm^2", 10.0),
}
"""Field, range from which the truth is drawn, unit and size of the unit in SI."""


def measure(full: bool = False) -> dict[str, Any]:
    trials = 5 * TRIALS if full else TRIALS
    with ProcessPoolExecutor(WORKERS) as pool:
        hits = np.array(list(pool.map(one_trial, range(trials))))
    return {
        "trials": trials,
        "coverage": dict(zip(FIELDS, hits.mean(axis=0).tolist(), strict=True)),
        "coverage_of_all": float(hits.mean()),
    }


def one_trial(number: int) -> list[bool]:
    """Draw a truth, record it with noise, fit from the middle of the range."""
    rng = np.random.default_rng([SEED, number])
    truth = {
        path: float(np.exp(rng.uniform(np.log(low), np.log(high))))
        for path, (low, high, _, _) in FIELDS.items()
    }
    cell = loads(CELL, {**_texts(truth), "solver.rtol": "1e-6"})
    times = np.arange(5.0, 91.0 * 60.0, 10.0)
    voltage, result = voltage_at(cell, times)
    data = result.dataset
    density = np.interp(times - 1e-6, data["time"].values, data["current_density"].values)
    noise = float(rng.choice([0.2e-3, 1e-3, 3e-3]))
    table = pl.DataFrame(
        {
            columns.TEST_TIME: times,
            columns.VOLTAGE: voltage + noise * rng.standard_normal(len(times)),
            columns.CURRENT: density * cell.area,
        }
    )
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "cell.yaml"
        file.write_text(CELL, encoding="utf-8")
        subject = subject_of(file, Recording(table, "coverage", "made"))
        start = {path: float(np.sqrt(low * high)) for path, (low, high, _, _) in FIELDS.items()}
        asked = [f"{path}={text}" for path, text in _texts(start).items()]
        unknowns = unknowns_of(subject, asked, compared(subject, subject.cell()))
        interval = estimate(subject, unknowns).interval
    si = [truth[path] * size for path, (_, _, _, size) in FIELDS.items()]
    return [bool(low <= value <= high) for value, (low, high) in zip(si, interval, strict=True)]


def _texts(values: dict[str, float]) -> dict[str, str]:
    return {path: f"{value:.12g} {FIELDS[path][2]}" for path, value in values.items()}


def lines(found: dict[str, Any]) -> list[tuple[str, str, str]]:
    rows = [("trials", str(found["trials"]), "")]
    for path, share in found["coverage"].items():
        rows.append((path.rpartition(".")[2], f"{100 * share:.0f} %", "90 to 99 %"))
    return rows
