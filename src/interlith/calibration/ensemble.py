"""Sets of all uncertain numbers that the calibration rows leave possible.

A fit says how well three numbers are known while all others stand still. Here all move: an
ensemble of draws from the ranges of the library is shifted towards the calibration rows by the
ensemble smoother with multiple data assimilation (Emerick and Reynolds, Comput. Geosci. 55, 3
(2013), doi:10.1016/j.cageo.2012.03.011). In the deviates of ``draws.py`` the ranges are a standard
normal distribution, which is what the method assumes. Correlations that a finite ensemble shows by
chance are left out: those below 2 / sqrt(members), two standard errors of zero.

Only rows with role = calibration enter; a test holds it to that.
"""

from __future__ import annotations

import csv
import math
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from interlith.calibration import fit, full_fit
from interlith.calibration.cells import ccd_cell
from interlith.calibration.draws import (
    CONDITION,
    Sample,
    axes,
    hypercube,
    nominal,
    sample_of,
)
from interlith.calibration.full_cells import FULL_ROWS, full_cell_of
from interlith.calibration.limited import TookTooLong, within
from interlith.calibration.rows import MeasuredRow, measured_rows
from interlith.errors import InterlithError

__all__ = [
    "Ensemble",
    "all_samples",
    "assimilate",
    "fitted_rows",
    "model_in_processes",
    "shipped_count",
    "shipped_rows",
    "shipped_samples",
    "write_ensemble",
]

FloatArray = NDArray[np.float64]
Model = Callable[[Sequence[MeasuredRow], Sequence[Sample]], FloatArray]
Report = Callable[[str], None]

DATA = Path(__file__).with_name("data") / "ensemble.csv"
MEMBERS = 48
ITERATIONS = 7
SLOW = frozenset({"full-f-0.51-80"})
"""Rows that take seconds to run (444 cycles), and are left out: the ensemble runs 400 times."""
MOST_SECONDS = 4.0
"""Processor time after which a draw is given up."""
HIGHEST_CCD_MA_CM2 = 6.5
"""Stands for a ramp to 6 mA/cm2 in which no step failed."""
LOWEST_SHARE = 0.05
"""Share of a measured value that stands for anything below it: logarithms want a floor."""
LARGEST_MISFIT = 25.0
"""Square of misfit over standard error, of any one row, up to which a member is kept: a critical
current within a factor of 1.65, since cells of one paper differ by more than the assumed 10 %."""


@dataclass(frozen=True)
class Ensemble:
    """Members that meet the calibration rows, and how well."""

    deviates: FloatArray
    """(members, axes)"""
    modelled: FloatArray
    """Model values of the calibration rows in their units, (members, rows)."""
    rows: tuple[MeasuredRow, ...]
    started_with: int
    """Members before those that miss a row were dropped."""


def fitted_rows() -> list[MeasuredRow]:
    """Return the calibration rows of both fits that are quick to run."""
    rows = [*measured_rows("calibration", fit.QUANTITY), *full_fit.full_rows("calibration")]
    return [row for row in rows if row.id not in SLOW]


def standard_errors(rows: Sequence[MeasuredRow]) -> FloatArray:
    """Return the assumed standard errors of the logarithms of rows."""
    return np.array(
        [full_fit.RELATIVE_ERROR if row.id in FULL_ROWS else fit.RELATIVE_ERROR for row in rows]
    )


def model_row(row: MeasuredRow, sample: Sample) -> float:
    """Return what the model gives for a calibration row in a draw, in the unit of the row."""
    library = sample.library()
    if row.id not in FULL_ROWS:
        return fit.failing_current(sample.symmetric(ccd_cell(row)), library)
    from interlith.simulation.full_run import simulate_full

    cell = sample.full(full_cell_of(row, sample.conditions["carbon"]))
    return FULL_ROWS[row.id].measure(simulate_full(cell, library))


def bounded(rows: Sequence[MeasuredRow], values: FloatArray) -> FloatArray:
    """Return model values that have a logarithm: with a floor, and a roof where nothing failed."""
    measured = np.array([row.value for row in rows])
    roof = np.array([math.inf if row.id in FULL_ROWS else HIGHEST_CCD_MA_CM2 for row in rows])
    return np.asarray(np.clip(values, LOWEST_SHARE * measured, roof), np.float64)


def assimilate(
    model: Model,
    members: int = MEMBERS,
    iterations: int = ITERATIONS,
    report: Report | None = None,
) -> Ensemble:
    """Shift draws towards the calibration rows.

    Parameters
    ----------
    model : callable (rows, samples)
        Model values of rows in their units, (samples, rows).
    members, iterations : int, optional
        Size of the ensemble, and in how many steps the rows enter.
    report : callable (text), optional
        Told about each step.

    Returns
    -------
    Ensemble
        Without members that miss a row by more than a few standard errors.
    """
    rows = fitted_rows()
    errors = standard_errors(rows)
    measured = np.log([row.value for row in rows])
    generator = np.random.default_rng(len(rows))
    deviates = hypercube(members)
    for step in range(iterations + 1):
        given = model(rows, [sample_of(number + 1, row) for number, row in enumerate(deviates)])
        modelled = np.log(bounded(rows, given))
        misfit = ((modelled - measured) / errors) ** 2
        if report is not None:
            middle = ", ".join(f"{value:.3g}" for value in np.median(misfit, axis=0))
            report(f"after {step} of {iterations} steps, median squared misfits: {middle}")
        if step < iterations:
            noise = math.sqrt(iterations) * errors * generator.standard_normal(modelled.shape)
            change = gain(deviates, modelled, iterations * errors**2, measured + noise)
            deviates = deviates + change
    kept = np.max(misfit, axis=1) <= LARGEST_MISFIT
    return Ensemble(deviates[kept], given[kept], tuple(rows), members)


def gain(
    deviates: FloatArray, modelled: FloatArray, variances: FloatArray, aim: FloatArray
) -> FloatArray:
    """Return the change of each member, K (aim - modelled).

    K = C_xy (C_yy + R)^-1 with the covariances of the ensemble; elements of C_xy whose correlation
    could be chance are zero.
    """
    count = len(deviates)
    inputs, outputs = deviates - deviates.mean(axis=0), modelled - modelled.mean(axis=0)
    cross = inputs.T @ outputs / (count - 1)
    own = outputs.T @ outputs / (count - 1)
    scale = np.outer(inputs.std(axis=0, ddof=1), outputs.std(axis=0, ddof=1))
    sure = np.abs(cross) > 2.0 / math.sqrt(count) * np.maximum(scale, 1e-300)
    kalman = np.where(sure, cross, 0.0) @ np.linalg.inv(own + np.diag(variances))
    return np.asarray((aim - modelled) @ kalman.T, np.float64)


def model_in_processes(workers: int = 2) -> Model:
    """Return a model that runs rows and draws in some processes.

    Parameters
    ----------
    workers : int, optional
        How many.

    Returns
    -------
    callable
        A run that takes too long, or that fails, counts as one that delivers nothing.
    """
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    def model(rows: Sequence[MeasuredRow], samples: Sequence[Sample]) -> FloatArray:
        jobs = [(row, sample) for sample in samples for row in rows]
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            values = np.array(list(pool.map(_one, jobs)))
        return values.reshape(len(samples), len(rows))

    return model


def _one(job: tuple[MeasuredRow, Sample]) -> float:
    row, sample = job
    try:
        with warnings.catch_warnings(), within(MOST_SECONDS):
            warnings.simplefilter("ignore")  # values beyond published ranges
            return model_row(row, sample)
    except (InterlithError, TookTooLong, ArithmeticError, ValueError, AssertionError):
        return 0.0


def write_ensemble(found: Ensemble, path: Path = DATA) -> None:
    """Write the members as deviates, a line an axis, and how each meets the rows.

    Parameters
    ----------
    found : Ensemble
        Outcome of :func:`assimilate`.
    path : Path, optional
        File to write.
    """
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.write(
            "# Written by `interlith calibrate-ensemble`; do not edit. Standard normal deviates "
            "of every uncertain number, a column a member;\n"
            "# lines called row hold what the member gives for a calibration row. "
            f"{len(found.deviates)} of {found.started_with} members met all rows.\n"
        )
        writer = csv.writer(stream, lineterminator="\n")
        for row, values in zip(found.rows, found.modelled.T, strict=True):
            writer.writerow(["row", row.id, *(f"{value:.4g}" for value in values)])
        for key, values in zip(axes(), found.deviates.T, strict=True):
            writer.writerow([*key, *(f"{value:.3f}" for value in values)])


@cache
def _shipped() -> dict[tuple[str, str], list[float]]:
    text = [t for t in DATA.read_text(encoding="utf-8").splitlines() if t[:1] != "#"]
    return {(line[0], line[1]): [float(v) for v in line[2:]] for line in csv.reader(text)}


def shipped_rows() -> dict[str, list[float]]:
    """Return what each shipped member gives for the calibration rows, by row."""
    return {name: values for (kind, name), values in _shipped().items() if kind == "row"}


def shipped_samples(count: int | None = None) -> list[Sample]:
    """Return the members that come with the package, the library as it is left out.

    Parameters
    ----------
    count : int, optional
        How many at most.

    Returns
    -------
    list of Sample
        Numbered from 1. A number that was added to the library since stays at its middle.
    """
    known = {key: values for key, values in _shipped().items() if key[0] != "row"}
    members = len(known[CONDITION, "carbon"])
    table = np.array([known.get(key, [0.0] * members) for key in axes()])
    chosen = members if count is None else min(count, members)
    return [sample_of(number + 1, table[:, number]) for number in range(chosen)]


def all_samples(count: int | None = None) -> list[Sample]:
    """Return the library as it is, then the shipped members."""
    return [nominal(), *shipped_samples(count)]


def shipped_count() -> int:
    """Return how many members come with the package."""
    return len(_shipped()[CONDITION, "carbon"])
