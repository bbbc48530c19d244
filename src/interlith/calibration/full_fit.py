"""Fit of the two rows of full cells that may be fitted: what the cathode delivers, how it wears.

Two rows cannot hold two numbers of which one hardly matters at 0.5C. The ranges of the library
therefore enter as well, as normal distributions of the logarithms: where the rows say nothing, the
value of the library stays (a maximum a posteriori estimate; Bard, Nonlinear Parameter Estimation
(1974), ch. 4, ISBN 978-0-12-078250-5).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from interlith.calibration.fit import (
    Fit,
    Unknown,
    key_of,
    library_with,
    start_values,
    with_left_out,
)
from interlith.calibration.full_cells import ASSUMED, FULL_ROWS, full_cell_of
from interlith.calibration.rows import MeasuredRow, measured_rows

if TYPE_CHECKING:
    from interlith.materials.library import Library

Report = Callable[[str], None]
FloatArray = NDArray[np.float64]

GROUP = "full cell"
RELATIVE_ERROR = 0.05
"""Assumed standard error of a measured capacity: cells differ."""
DIFFERENCE = 3e-3
"""Relative step in the logarithms for difference quotients: about a tenth of a diffusivity."""
STANDARD_ERRORS_IN_A_RANGE = 4.0
"""A range of the library is taken as 95 % of a normal distribution of the logarithm."""
FULL_UNKNOWNS = (
    Unknown(
        "NMC811",
        "lithium_diffusivity",
        "m2/s",
        "published values in solid cells differ by a factor of 5, those of liquid cells by 100",
    ),
    Unknown(
        "NMC811", "cracking_rate", "1", "no law of this form has been measured for solid cells"
    ),
)


def full_rows(role: str | None = None) -> list[MeasuredRow]:
    """Read the measured rows of full cells.

    Parameters
    ----------
    role : str, optional
        Only rows with this role.

    Returns
    -------
    list of MeasuredRow
        Those that :data:`interlith.calibration.full_cells.FULL_ROWS` can run.
    """
    return [row for row in measured_rows(role) if row.id in FULL_ROWS]


def model_values(
    rows: Iterable[MeasuredRow],
    library: Library | None = None,
    carbon: float | None = None,
    report: Report | None = None,
) -> dict[str, float]:
    """What the model gives for rows of full cells; rows that are run alike share one run.

    Parameters
    ----------
    rows : iterable of MeasuredRow
        Which.
    library : Library, optional
        Materials.
    carbon : float, optional
        Mass of conductive additive over that of the solids, instead of the assumed one.
    report : callable (text), optional
        Told about each run.

    Returns
    -------
    dict
        Values in the unit of each row, by its id.
    """
    from interlith.simulation.full_run import simulate_full

    runs, found = {}, {}
    for row in rows:
        cell = full_cell_of(row, carbon)
        same = cell.model_copy(update={"name": "", "reference": ""}).to_yaml()
        if same not in runs:
            if report is not None:
                report(f"running {row.id}")
            runs[same] = simulate_full(cell, library)
        found[row.id] = FULL_ROWS[row.id].measure(runs[same])
    return found


def calibrate_full(report: Report | None = None, without: str | None = None) -> Fit:
    """Fit the unknowns of the cathode to the calibration rows of full cells.

    Parameters
    ----------
    report : callable (text), optional
        Told about every evaluation.
    without : str, optional
        A row to leave out.

    Returns
    -------
    Fit
        Values, covariance, rows and model values.
    """
    from scipy.optimize import least_squares

    rows = [row for row in full_rows("calibration") if row.id != without]
    keys = [key_of(unknown) for unknown in FULL_UNKNOWNS]
    start = start_values(FULL_UNKNOWNS)
    middle, spread = np.log([start[key] for key in keys]), _spreads()
    measured = np.log([row.value for row in rows])

    def residuals(logarithms: FloatArray) -> FloatArray:
        values = dict(zip(keys, map(float, np.exp(logarithms)), strict=True))
        model = model_values(rows, library_with(values, FULL_UNKNOWNS))
        if report is not None:
            shown = ", ".join(f"{value:.4g}" for value in values.values())
            report(f"{shown} -> " + ", ".join(f"{value:.4g}" for value in model.values()))
        # A cell that delivers nothing counts as if it had delivered a thousandth.
        given = [max(model[row.id], 1e-3 * row.value) for row in rows]
        misfit = (np.log(given) - measured) / RELATIVE_ERROR
        return np.concatenate([misfit, (logarithms - middle) / spread])

    solution = least_squares(
        residuals, middle, jac="3-point", diff_step=DIFFERENCE, x_scale=spread, xtol=1e-3, ftol=1e-3
    )
    model = np.exp(solution.fun[: len(rows)] * RELATIVE_ERROR + measured)
    return Fit(
        values=dict(zip(keys, map(float, np.exp(solution.x)), strict=True)),
        covariance_of_logarithms=np.linalg.inv(solution.jac.T @ solution.jac),
        rows=rows,
        model=[float(value) for value in model],
        unknowns=FULL_UNKNOWNS,
        assumed={**ASSUMED, "prior": "ranges of the library, as 95 % of a normal of the logarithm"},
        relative_error=RELATIVE_ERROR,
    )


def leave_one_out_full(fit: Fit, report: Report | None = None) -> Fit:
    """Predict each calibration row of full cells by a fit to the others and the ranges.

    Parameters
    ----------
    fit : Fit
        Outcome of :func:`calibrate_full`.
    report : callable (text), optional
        Told about every evaluation.

    Returns
    -------
    Fit
        The same, with :attr:`Fit.left_out`.
    """
    return with_left_out(
        fit,
        lambda name: calibrate_full(report, name),
        lambda row, library: model_values([row], library)[row.id],
    )


def _spreads() -> FloatArray:
    """Standard errors of the logarithms of the unknowns before any row is seen."""
    from interlith.materials.library import Library

    library = Library(fits=[])
    spreads = []
    for unknown in FULL_UNKNOWNS:
        value = library[unknown.material][unknown.property]
        assert value.low is not None
        assert value.high is not None
        spreads.append(math.log(value.high / value.low) / STANDARD_ERRORS_IN_A_RANGE)
    return np.array(spreads)
