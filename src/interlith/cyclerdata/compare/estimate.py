"""Fit of named parameters of a cell to a record, with uncertainties.

Least squares on the voltage, in the logarithms of the parameters. The covariance of the estimates
is ``s^2 tau (J^T J)^-1``, with s^2 the variance of the residuals and tau their integrated
autocorrelation time: neighbouring rows that err alike count as one (Sokal, in Functional Integration,
1997, chapter 6: the window is the smallest that exceeds five times tau).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from interlith.cyclerdata.compare.beside import Comparison, Subject, compared
from interlith.errors import InputError, Problem, QuantityError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from interlith.materials import UsedValue

__all__ = ["Estimate", "Unknown", "estimate", "unknowns_of"]

TIGHT = "1e-6"
"""Relative tolerance of the simulations of a fit: differences between them must mean something."""
STEP = 0.01
"""Relative step of a parameter for derivatives."""
WIDEST = 1e3
"""Factor by which a parameter may leave its start."""
UNDETERMINED = 10.0
"""Upper over lower end of an interval beyond which the record does not determine a parameter."""
WINDOW = 5.0
PENALTY = 1.0
"""Voltage by which a variant errs where its simulation did not get to [V]."""

Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Unknown:
    """A parameter to fit: its place in the cell file, start and SI unit, bounds."""

    path: str
    start: float
    unit: str
    low: float
    high: float

    def text(self, value: float) -> str:
        """The value as a cell file has it."""
        return f"{value:.12g} {self.unit}" if self.unit != "1" else f"{value:.12g}"


@dataclass(frozen=True)
class Estimate:
    """What a record says of parameters.

    Attributes
    ----------
    unknowns : tuple of Unknown
        What was fitted.
    values : array, shape (p,)
        In SI units.
    covariance : array, shape (p, p)
        Of the natural logarithms.
    before, after : Comparison
        At the start and at the best values.
    correlation_time : float
        Rows over which residuals err alike.
    degrees_of_freedom : float
        Independent residuals less parameters.
    converged : bool
        Whether the search ended at a minimum.
    reason : str
        Why it ended.
    """

    unknowns: tuple[Unknown, ...]
    values: NDArray[np.float64]
    covariance: NDArray[np.float64]
    before: Comparison
    after: Comparison
    correlation_time: float
    degrees_of_freedom: float
    converged: bool
    reason: str

    @property
    def interval(self) -> NDArray[np.float64]:
        """95 % intervals, shape (p, 2), in SI units."""
        from scipy.stats import t

        reach = float(t.ppf(0.975, max(self.degrees_of_freedom, 1.0)))
        error = np.sqrt(np.diag(self.covariance))
        with np.errstate(over="ignore"):
            return self.values[:, None] * np.exp(np.outer(reach * error, [-1.0, 1.0]))

    @property
    def correlation(self) -> NDArray[np.float64]:
        """Between the estimates, shape (p, p)."""
        error = np.sqrt(np.diag(self.covariance))
        return self.covariance / np.outer(error, error)

    def determined(self) -> list[bool]:
        """Whether the record determines each parameter within a decade."""
        low, high = self.interval.T
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = high / low
        return [bool(np.isfinite(r) and r < UNDETERMINED) for r in ratio]

    def summary(self) -> dict[str, Any]:
        """Return what ``--json`` prints."""
        told = self.determined()
        return {
            "parameters": {
                unknown.path: {
                    "value": float(self.values[k]),
                    "unit": unknown.unit,
                    "low": float(self.interval[k, 0]),
                    "high": float(self.interval[k, 1]),
                    "start": unknown.start,
                    "determined": told[k],
                }
                for k, unknown in enumerate(self.unknowns)
            },
            "correlation": self.correlation.tolist(),
            "rms_residual_before_mV": 1e3 * self.before.root_mean_square,
            "rms_residual_after_mV": 1e3 * self.after.root_mean_square,
            "correlation_time_rows": self.correlation_time,
            "degrees_of_freedom": self.degrees_of_freedom,
            "converged": self.converged,
            "reason": self.reason,
        }


def unknowns_of(subject: Subject, asked: Sequence[str], before: Comparison) -> tuple[Unknown, ...]:
    """Return the parameters that a user named, with the values that the cell has now.

    Parameters
    ----------
    subject : Subject
        Cell file and record.
    asked : sequence of str
        Paths, such as ``layers.electrolyte.properties.ionic_conductivity``, or with a start,
        ``layers.1.thickness=20 um``.
    before : Comparison
        The cell as it is, whose values are the starts.

    Raises
    ------
    InputError
        A path is no field, or its value cannot be told and no start is given.
    """
    found, problems = [], []
    for text in asked:
        path, _, start = (part.strip() for part in text.partition("="))
        try:
            found.append(_unknown(path, start, _values_at(path, before)))
        except QuantityError as error:
            problems.append(error.at(str(subject.file), path))
    if problems:
        raise InputError(problems)
    for unknown in found:  # a path that is no field is named before anything long begins
        subject.cell({unknown.path: unknown.text(unknown.start)})
    return tuple(found)


def _values_at(path: str, before: Comparison) -> list[UsedValue]:
    """Used values of the name that a path ends in, in the layers that it means."""
    _, _, name = path.rpartition(".")
    named = [value for value in before.used_values if value.property == name]
    parts = path.split(".")
    if parts[0] != "layers" or len(parts) < 3:
        return named
    numbers = [
        str(number)
        for number, layer in enumerate(before.cell.layers)
        if parts[1] in (str(number), "*") or type(layer).__name__.lower().endswith(parts[1])
    ]
    return [v for v in named if any(v.where.startswith(f"layers.{n} ") for n in numbers)]


def _unknown(path: str, start: str, known: Sequence[UsedValue]) -> Unknown:
    values = {value.value for value in known}
    if start:
        from interlith.units import dimension_of_unit, si_unit, to_unit

        unit = known[0].unit if known else _si_of(start, dimension_of_unit, si_unit)
        value = to_unit(start, unit)
    elif len(values) == 1:
        unit, value = known[0].unit, values.pop()
    else:
        what = "no value of that name is used" if not known else "several values have that name"
        raise QuantityError(path, f"a start, as {path}=VALUE UNIT: {what} in this cell")
    if not value > 0.0:
        raise QuantityError(start or f"{value:g}", "a start above zero: logarithms are fitted")
    return Unknown(path, value, unit, value / WIDEST, _highest(value, unit))


def _si_of(
    text: str,
    dimension_of: Callable[[str], str | None],
    si_unit: Callable[[str], str],
) -> str:
    unit = text.lstrip("+-0123456789.eE ").strip()
    dimension = dimension_of(unit) if unit else None
    if unit and dimension is None:
        raise QuantityError(text, "a number with a unit")
    return "1" if dimension is None else si_unit(dimension)


def _highest(value: float, unit: str) -> float:
    """A share cannot exceed one."""
    return 1.0 if unit == "1" and value <= 1.0 else value * WIDEST


def estimate(
    subject: Subject, unknowns: tuple[Unknown, ...], progress: Progress | None = None
) -> Estimate:
    """Fit parameters to a record.

    Parameters
    ----------
    subject : Subject
        Cell file and record.
    unknowns : tuple of Unknown
        What to fit.
    progress : callable (fraction, text), optional
        Called after every simulation.

    Returns
    -------
    Estimate
        Values with 95 % intervals, correlation, and the comparison before and after.
    """
    from scipy.optimize import least_squares

    measured = subject.recording.voltage[subject.rows]
    runs = 0

    def residual(logarithms: NDArray[np.float64]) -> NDArray[np.float64]:
        nonlocal runs
        runs += 1
        if progress is not None:
            progress(min(runs / (12.0 * (len(unknowns) + 1)), 0.99), f"{runs} simulations")
        simulated = subject.simulated(subject.cell(_overrides(unknowns, np.exp(logarithms))))
        return np.where(np.isfinite(simulated), measured - simulated, PENALTY)

    start = np.log([unknown.start for unknown in unknowns])
    bounds = (
        np.log([unknown.low for unknown in unknowns]) - 1e-9,
        np.log([unknown.high for unknown in unknowns]) + 1e-9,
    )
    # Steps of one size in every logarithm: scipy's own are relative to the logarithm itself.
    found = least_squares(
        residual,
        start,
        jac=lambda x: _derivatives(residual, x, bounds[1]),
        bounds=bounds,
        x_scale=1.0,
        xtol=1e-6,
        ftol=1e-8,
        gtol=1e-10,
    )
    correlation_time = autocorrelation_time(found.fun)
    freedom = len(measured) / correlation_time - len(unknowns)
    variance = float(found.fun @ found.fun) / max(len(measured) - len(unknowns), 1)
    covariance = variance * correlation_time * np.linalg.pinv(found.jac.T @ found.jac)
    values = np.exp(found.x)
    return Estimate(
        unknowns=unknowns,
        values=values,
        covariance=covariance,
        before=compared(subject, subject.cell()),
        after=compared(subject, subject.cell(_overrides(unknowns, values))),
        correlation_time=correlation_time,
        degrees_of_freedom=freedom,
        converged=bool(found.status > 0),
        reason=str(found.message),
    )


def _overrides(unknowns: tuple[Unknown, ...], values: NDArray[np.float64]) -> Mapping[str, Any]:
    fields = {u.path: u.text(float(v)) for u, v in zip(unknowns, values, strict=True)}
    return {**fields, "solver.rtol": TIGHT}


def _derivatives(
    residual: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    at: NDArray[np.float64],
    highest: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Central differences, one-sided at the upper bound."""
    columns = []
    for k in range(len(at)):
        up, down = at.copy(), at.copy()
        up[k] = min(at[k] + STEP, highest[k])
        down[k] = at[k] - STEP
        columns.append((residual(up) - residual(down)) / (up[k] - down[k]))
    return np.column_stack(columns)


def autocorrelation_time(series: NDArray[np.float64]) -> float:
    """Integrated autocorrelation time of a series in rows, at least 1.

    Parameters
    ----------
    series : array, shape (n,)
        Residuals, one a row.

    Returns
    -------
    float
        ``1 + 2 sum rho(k)`` up to the smallest window that exceeds five times it.
    """
    from scipy.signal import correlate

    centred = series - series.mean()
    n = len(centred)
    power = float(centred @ centred)
    if power <= 0.0 or n < 8:
        return 1.0
    rho = correlate(centred, centred, mode="full", method="fft")[n - 1 :] / power
    times = 2.0 * np.cumsum(rho) - 1.0
    wide = np.flatnonzero(np.arange(n) >= WINDOW * times)
    return float(max(1.0, times[wide[0]] if len(wide) else times[-1]))
