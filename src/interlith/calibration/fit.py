"""Least squares on the calibration rows: three numbers, four rows, in the logarithm of both.

The response of a ramp has steps, so the search is a simplex (Nelder & Mead, Comput. J. 7, 308
(1965), doi:10.1093/comjnl/7.4.308) from the best point of a coarse grid.

The fitted parameters are those for which no measurement was found although the result hangs on
them. Everything else stays as the library has it. Rows with role = validation cannot enter: the
fit asks for rows by role, and a test holds it to that.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from interlith.calibration.cells import ASSUMED, ccd_cell
from interlith.calibration.known import identifiability
from interlith.calibration.rows import MeasuredRow, measured_rows

if TYPE_CHECKING:
    from interlith.cell.cell import Cell
    from interlith.materials.library import Library

Report = Callable[[str], None]
FloatArray = NDArray[np.float64]

SCRIPT = "interlith calibrate"
QUANTITY = "critical current density"
RELATIVE_ERROR = 0.1
"""Assumed standard error of a measured critical current: cells differ, and ramps have steps."""
OFFSETS_MA_CM2 = (0.1, 0.125, 0.15, 0.175)
"""Starts of ramps with steps of 0.1 mA/cm2; their mean resolves the CCD to a quarter step."""


COARSE_FACTORS = (0.4, 1.0, 2.5)
"""Multiples of the placeholders from which the best is taken as the start of the fit."""
FINITE_DIFFERENCE = 0.2
"""Relative step in the logarithms: the response of a ramp is not smooth on smaller scales."""


@dataclass(frozen=True)
class Unknown:
    """A fitted parameter."""

    material: str
    property: str
    unit: str
    why: str


UNKNOWNS = (
    Unknown("Li", "void_depth", "um", "how deep voids must be to break contact; no measurement"),
    Unknown(
        "LiMg",
        "diffusive_replenishment_current_density",
        "mA/cm2",
        "published transport of lithium in Li-Mg disagrees by decades",
    ),
    Unknown(
        "Li", "void_spacing", "um", "how far apart voids form; pictures show tens of micrometres"
    ),
)


@dataclass(frozen=True)
class LeftOut:
    """A calibration row predicted by a fit that did not see it."""

    id: str
    measured: float
    predicted: float
    """In the unit of the row; infinite if no step of a ramp failed."""
    values: Mapping[str, float]
    """Fitted values without the row."""


@dataclass(frozen=True)
class Fit:
    """Outcome of a calibration."""

    values: dict[str, float]
    """Fitted values in the unit of their unknown, by ``material.property``."""
    covariance_of_logarithms: FloatArray
    """Covariance of the natural logarithms, shape (3, 3)."""
    rows: list[MeasuredRow]
    """Rows that were fitted."""
    model: list[float]
    """Model values of these rows, in their units."""
    unknowns: tuple[Unknown, ...] = UNKNOWNS
    """What was fitted, in the order of the covariance."""
    assumed: Mapping[str, object] = field(default_factory=lambda: dict(ASSUMED))
    """Conditions that the rows do not state."""
    relative_error: float = RELATIVE_ERROR
    """Assumed standard error of a row."""
    left_out: tuple[LeftOut, ...] = ()
    """What fits without one row say of that row; empty unless it was asked for."""


def library_with(values: Mapping[str, float], unknowns: tuple[Unknown, ...] = UNKNOWNS) -> Library:
    """Return the library with trial values of the unknowns.

    Parameters
    ----------
    values : mapping
        Values by ``material.property``, in the unit of the unknown.
    unknowns : tuple of Unknown, optional
        Those that have trial values.

    Returns
    -------
    Library
        A library with its data files and these fits.
    """
    from interlith.materials.fitted import Fit as Override
    from interlith.materials.library import Library
    from interlith.materials.schema import PROPERTIES
    from interlith.units import unit_factor

    fits = []
    for unknown in unknowns:
        value = values[key_of(unknown)]
        given = f"{value:.10g} {unknown.unit}".removesuffix(" 1")
        in_si = value * unit_factor(unknown.unit, PROPERTIES[unknown.property].unit)
        fits.append(
            Override(unknown.material, unknown.property, in_si, None, given, "trial", SCRIPT)
        )
    return Library(fits=fits)


def key_of(unknown: Unknown) -> str:
    """Name of an unknown, ``material.property``."""
    return f"{unknown.material}.{unknown.property}"


def model_ccd(
    row: MeasuredRow,
    library: Library | None = None,
    offsets: tuple[float, ...] = OFFSETS_MA_CM2,
) -> float:
    """Critical current density of a row in the model.

    Parameters
    ----------
    row : MeasuredRow
        The row.
    library : Library, optional
        Materials.
    offsets : tuple of float
        Starts of the ramps [mA cm-2].

    Returns
    -------
    float
        Mean over the ramps of :func:`failing_current` [mA cm-2]; infinite if no step fails.
    """
    return float(np.mean([failing_current(ccd_cell(row, start), library) for start in offsets]))


def failing_current(cell: Cell, library: Library | None = None) -> float:
    """Critical current density as a continuous number, between last passing and first failing step.

    Parameters
    ----------
    cell : Cell
        A critical-current test.
    library : Library, optional
        Materials.

    Returns
    -------
    float
        Last passing step plus the share of the failing step's charge that passed, times the height
        of the step [mA cm-2]; infinite if no step fails.
    """
    from interlith.simulation import simulate_symmetric

    result = simulate_symmetric(cell, library)
    verdict = result.ccd
    assert verdict is not None
    failing = verdict.first_failing_mA_cm2
    if failing is None:
        return math.inf
    last = verdict.last_passing_mA_cm2 or 0.0
    in_step = [half for half in result.half_cycles if half.level == result.half_cycles[-1].level]
    passed = sum(half.survived_charge for half in in_step)
    demanded = 2.0 * (verdict.half_cycle_areal_capacity_mAh_cm2 or 0.0) * 36000.0
    return last + (failing - last) * min(passed / demanded, 1.0)


def start_values(unknowns: tuple[Unknown, ...] = UNKNOWNS) -> dict[str, float]:
    """Values of the unknowns to start from: the placeholders of the data files.

    Parameters
    ----------
    unknowns : tuple of Unknown, optional
        Which.

    Returns
    -------
    dict
        In the unit of each unknown, by ``material.property``.
    """
    from interlith.materials.library import Library
    from interlith.units import from_si

    library = Library(fits=[])
    start = {}
    for unknown in unknowns:
        value = library[unknown.material][unknown.property].value
        start[key_of(unknown)] = from_si(value, unknown.unit)
    return start


def calibrate(
    report: Report | None = None,
    without: str | None = None,
    start: Mapping[str, float] | None = None,
) -> Fit:
    """Fit the unknowns to the calibration rows.

    Parameters
    ----------
    report : callable (text), optional
        Told about every evaluation.
    without : str, optional
        A row to leave out.
    start : mapping, optional
        Values to start from, instead of the best point of the coarse grid.

    Returns
    -------
    Fit
        Values, covariance, rows and model values.
    """
    from scipy.optimize import minimize

    rows = [row for row in measured_rows("calibration", QUANTITY) if row.id != without]
    keys = [key_of(unknown) for unknown in UNKNOWNS]
    measured = np.log([row.value for row in rows])

    def residuals(
        logarithms: FloatArray, offsets: tuple[float, ...] = OFFSETS_MA_CM2
    ) -> FloatArray:
        values = dict(zip(keys, np.exp(logarithms), strict=True))
        library = library_with(values)
        model = [model_ccd(row, library, offsets) for row in rows]
        if report is not None:
            shown = ", ".join(f"{v:.4g}" for v in values.values())
            report(f"{shown} -> " + ", ".join(f"{m:.3g}" for m in model))
        # A test without a failure counts as if it had failed at twice the end of the ramp.
        finite = [min(value, 12.0) for value in model]
        return np.asarray((np.log(finite) - measured) / RELATIVE_ERROR)

    x0 = np.log([(start or start_values())[key] for key in keys])
    factors = [COARSE_FACTORS] * len(keys) if start is None else [(1.0,)] * len(keys)
    grid = [x0 + np.log(multiples) for multiples in product(*factors)]
    best = min(grid, key=lambda x: float(np.sum(residuals(x, OFFSETS_MA_CM2[:1]) ** 2)))
    solution = minimize(
        lambda x: float(np.sum(residuals(x) ** 2)),
        best,
        method="Nelder-Mead",
        options={"initial_simplex": _simplex(best), "xatol": 0.01, "fatol": 0.05, "maxfev": 80},
    )
    jacobian = _jacobian(residuals, solution.x)
    covariance = np.asarray(np.linalg.pinv(jacobian.T @ jacobian), dtype=np.float64)
    model = np.exp(residuals(solution.x) * RELATIVE_ERROR + measured)
    values = dict(zip(keys, map(float, np.exp(solution.x)), strict=True))
    return Fit(values, covariance, rows, [float(value) for value in model])


def leave_one_out(fit: Fit, report: Report | None = None) -> Fit:
    """Predict each calibration row by a fit to the others, which starts from the fit to all.

    Parameters
    ----------
    fit : Fit
        Outcome of :func:`calibrate`.
    report : callable (text), optional
        Told about every evaluation.

    Returns
    -------
    Fit
        The same, with :attr:`Fit.left_out`.
    """

    def without(name: str) -> Fit:
        if report is not None:
            report(f"without {name}")
        return calibrate(report, name, fit.values)

    return with_left_out(fit, without, model_ccd)


def with_left_out(
    fit: Fit,
    without: Callable[[str], Fit],
    predict: Callable[[MeasuredRow, Library], float],
) -> Fit:
    """Add to a fit each of its rows as a fit to the others predicts it.

    Parameters
    ----------
    fit : Fit
        To all rows.
    without : callable (name) -> Fit
        The same fit without the row of that name.
    predict : callable (row, library) -> float
        Model value of a row.

    Returns
    -------
    Fit
        The same, with :attr:`Fit.left_out`.
    """
    found = []
    for row in fit.rows:
        values = without(row.id).values
        predicted = predict(row, library_with(values, fit.unknowns))
        found.append(LeftOut(row.id, row.value, predicted, values))
    return replace(fit, left_out=tuple(found))


def _simplex(start: FloatArray) -> FloatArray:
    """Corners of the first simplex: the start, and a step of 40 % in each direction."""
    return np.vstack([start, start + 0.4 * np.eye(len(start))])


def _jacobian(function: Callable[[FloatArray], FloatArray], at: FloatArray) -> FloatArray:
    """Central difference quotients, wide enough to average over the steps of the ramps."""
    columns = []
    for direction in np.eye(len(at)):
        ahead = function(at + FINITE_DIFFERENCE * direction)
        behind = function(at - FINITE_DIFFERENCE * direction)
        columns.append((ahead - behind) / (2.0 * FINITE_DIFFERENCE))
    return np.array(columns).T


def write_fit(fit: Fit, path: Path) -> None:
    """Write fitted values with their covariance and residuals, in the form the library reads.

    Parameters
    ----------
    fit : Fit
        Outcome of :func:`calibrate` or of its sister for full cells.
    path : Path
        File to write.
    """
    from ruamel.yaml import YAML

    errors = np.sqrt(np.diag(fit.covariance_of_logarithms))
    entries: list[dict[str, Any]] = []
    for unknown, error in zip(fit.unknowns, errors, strict=True):
        value = fit.values[key_of(unknown)]
        entries.append(
            {
                "material": unknown.material,
                "property": unknown.property,
                "value": f"{value:.4g} {unknown.unit}".removesuffix(" 1"),
                "standard_error": f"{value * error:.2g} {unknown.unit}".removesuffix(" 1"),
                "why": unknown.why,
            }
        )
    content: dict[str, Any] = {
        "script": SCRIPT,
        "date": date.today().isoformat(),
        "source": "Wan et al., Nature 623 (2023), doi:10.1038/s41586-023-06653-w",
        "assumed_conditions": dict(fit.assumed),
        "relative_error_of_a_row": fit.relative_error,
        "fits": entries,
        "covariance": {
            "of": "natural logarithms of the values, in the order of fits",
            "matrix": [[float(f"{x:.4g}") for x in row] for row in fit.covariance_of_logarithms],
        },
        "identifiability": identifiability(
            [key_of(unknown) for unknown in fit.unknowns], fit.covariance_of_logarithms
        ),
        "rows": [
            {
                "id": row.id,
                "role": row.role,
                f"measured_{row.unit.replace('/', '_')}": row.value,
                f"model_{row.unit.replace('/', '_')}": float(f"{model:.4g}"),
                "residual_of_logarithm": float(f"{math.log(model / row.value):.3g}"),
            }
            for row, model in zip(fit.rows, fit.model, strict=True)
        ],
    }
    if fit.left_out:
        content["leave_one_out"] = [
            {
                "id": entry.id,
                "measured": entry.measured,
                "predicted": float(f"{entry.predicted:.4g}"),
                "values": {name: float(f"{v:.4g}") for name, v in entry.values.items()},
            }
            for entry in fit.left_out
        ]
    yaml = YAML()
    yaml.default_flow_style = False
    with path.open("w", encoding="utf-8") as stream:
        stream.write(
            "# Written by `interlith calibrate`; do not edit. Rows with role = calibration only.\n"
        )
        yaml.dump(content, stream)
