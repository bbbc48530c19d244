"""Complex nonlinear least squares: a circuit's parameters, and how well the data determine them.

Parameters are fitted as logarithms, exponents as the angle whose squared cosine they are, so that
none leaves its range; the derivatives are analytic. Standard errors come from the covariance at the
optimum. Where these are large the interval comes from the profile likelihood instead, which needs
no linearity (Venzon and Moolgavkar 1988, doi:10.2307/2347496); one that has no end says that the
data do not determine the parameter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import OptimizeResult, least_squares
from scipy.stats import f as f_distribution
from scipy.stats import t as t_distribution

from interlith.cyclerdata.impedance.circuit import Circuit
from interlith.cyclerdata.impedance.order import ordered
from interlith.cyclerdata.impedance.runs import runs_probability
from interlith.cyclerdata.impedance.starting import starts
from interlith.errors import InputError, Problem, SolverError, near_matches

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from interlith.cyclerdata.spectrum import Spectrum

__all__ = ["CircuitFit", "Parameter", "Weighting", "fit_circuit", "usable"]

STARTS = 8
AGREEING = 3  # starts that end in the best place, after which no more are tried
SAME = 1e-4  # starts whose sums of squares agree to this share ended in one place
CONFIDENCE = 0.95
DOUBTFUL = 0.3  # standard error of a logarithm from which its interval is taken from the profile
PROFILE_HALVINGS = 6
FARTHEST = float(np.log(1e3))  # a parameter that may be a thousand times larger is not determined
STEEPEST = 60.0  # logarithms beyond are the same to the data


class Weighting(StrEnum):
    """What a residual is divided by."""

    MODULUS = "modulus"
    PROPORTIONAL = "proportional"
    UNIT = "unit"


@dataclass(frozen=True)
class Parameter:
    """A fitted parameter.

    Attributes
    ----------
    name, unit : str
        As in the circuit.
    value : float
        Best value.
    error : float
        Standard error.
    low, high : float
        Ends of the 95 % interval; 0 or infinity where the data set no limit.
    interval : str
        Where the interval comes from: "covariance" or "profile likelihood".
    determined : bool
        Whether the interval ends on both sides.
    """

    name: str
    unit: str
    value: float
    error: float
    low: float
    high: float
    interval: str
    determined: bool


@dataclass(frozen=True)
class CircuitFit:
    """A circuit fitted to a spectrum.

    Attributes
    ----------
    circuit : Circuit
        What was fitted.
    parameters : tuple of Parameter
        In the order of the circuit; arcs that could be exchanged are sorted, fastest first.
    frequency : array
        Frequencies used [Hz].
    measured, fitted : complex array
        Impedances [ohm].
    weighting : Weighting
        What residuals were divided by.
    correlation : array
        Of the logarithms of the parameters; exponents as they are.
    noise : float
        Root mean square of the weighted residuals for the degrees of freedom: the noise if the
        circuit is right, as a share of what the weighting divides by.
    bayesian_information : float
        Schwarz's criterion, for the choice between circuits.
    runs_probability : float
        Chance of so few changes of sign along frequency, or fewer, if residuals were noise.
    """

    circuit: Circuit
    parameters: tuple[Parameter, ...]
    frequency: NDArray[np.float64]
    measured: NDArray[np.complex128]
    fitted: NDArray[np.complex128]
    weighting: Weighting
    correlation: NDArray[np.float64]
    noise: float
    bayesian_information: float
    runs_probability: float

    @property
    def values(self) -> NDArray[np.float64]:
        """Values of the parameters."""
        return np.array([p.value for p in self.parameters])

    @property
    def residuals(self) -> NDArray[np.complex128]:
        """Measured less fitted, as a share of the modulus."""
        return (self.measured - self.fitted) / np.abs(self.measured)

    def reduced_chi_square(self, noise: float) -> float:
        """Return the mean square residual over that of a known noise; one is a good fit."""
        return (self.noise / noise) ** 2 if noise > 0.0 else np.inf

    @property
    def undetermined(self) -> list[str]:
        """Names of the parameters that the data do not determine."""
        return [p.name for p in self.parameters if not p.determined]

    def of(self, name: str) -> Parameter:
        """Return a parameter by name."""
        return next(p for p in self.parameters if p.name == name)


def usable(spectrum: Spectrum) -> tuple[NDArray[np.float64], NDArray[np.complex128]]:
    """Return frequencies and impedances that can be used, highest frequency first.

    Points that are not finite, or have no positive frequency or no modulus, are left out.
    """
    frequency = np.asarray(spectrum.frequency, dtype=float)
    impedance = np.asarray(spectrum.impedance, dtype=complex)
    good = np.isfinite(frequency) & (frequency > 0.0) & np.isfinite(impedance)
    good &= np.abs(impedance) > 0.0
    order = np.argsort(-frequency[good], kind="stable")
    return frequency[good][order], impedance[good][order]


def enough_of(
    spectrum: Spectrum, least: int, purpose: str
) -> tuple[NDArray[np.float64], NDArray[np.complex128]]:
    """Return the usable points of a spectrum.

    Raises
    ------
    InputError
        There are fewer than `least`, which `purpose` needs.
    """
    frequency, impedance = usable(spectrum)
    if len(frequency) < least:
        expected = f"at least {least} points for {purpose}"
        raise InputError(Problem(spectrum.label, "spectrum", f"{len(frequency)} points", expected))
    return frequency, impedance


def fit_circuit(
    spectrum: Spectrum,
    circuit: Circuit,
    *,
    weighting: Weighting = Weighting.MODULUS,
    guess: Mapping[str, float] | None = None,
    seed: NDArray[np.float64] | None = None,
    intervals: bool = True,
) -> CircuitFit:
    """Fit a circuit to a spectrum; it needs no guess.

    Parameters
    ----------
    spectrum : Spectrum
        What was measured.
    circuit : Circuit
        What it is fitted with.
    weighting : Weighting
        What residuals are divided by.
    guess : mapping of str to float, optional
        Starting values by name. Arcs with a guess stay where the user has them.
    seed : array, optional
        Values of all parameters from a spectrum like this one; the only start.
    intervals : bool
        Whether intervals of badly determined parameters are searched by profile likelihood.

    Raises
    ------
    InputError
        There are too few points, or a guess names no parameter.
    SolverError
        No start leads to a finite fit.
    """
    frequency, measured = usable(spectrum)
    guess = dict(guess or {})
    _require_enough(frequency, circuit, spectrum.label)
    _require_known(circuit, guess)
    problem = _Problem(circuit, frequency, measured, weighting)
    beginnings = [seed] if seed is not None else problem.starts(guess)
    best = problem.best(beginnings)
    values = ordered(circuit, problem.values(best.x), frozenset(guess))
    return _summary(problem, values, intervals)


def _require_enough(frequency: NDArray[np.float64], circuit: Circuit, label: str) -> None:
    count = len(circuit.parameters)
    if 2 * len(frequency) <= count + 1:
        expected = f"at least {count // 2 + 1} points for the {count} parameters of {circuit.text}"
        raise InputError(Problem(label, "spectrum", f"{len(frequency)} points", expected))


def _require_known(circuit: Circuit, guess: Mapping[str, float]) -> None:
    known = circuit.parameters
    problems = []
    for name, value in guess.items():
        if name not in known:
            near = " or ".join(near_matches(name, known)) or ", ".join(known)
            problems.append(Problem("", "guess", name, f"a parameter of {circuit.text}: {near}"))
        elif not 0.0 < value < (1.0 if name.endswith(".n") else np.inf):
            limits = "between 0 and 1" if name.endswith(".n") else "above zero"
            problems.append(Problem("", f"guess {name}", f"{value:g}", f"a number {limits}"))
    if problems:
        raise InputError(problems)


class _Problem:
    """Residuals and derivatives by the free variables.

    Variables are logarithms, and angles of exponents. Errors are told by coordinates: logarithms
    too, but exponents as they are.
    """

    def __init__(
        self,
        circuit: Circuit,
        frequency: NDArray[np.float64],
        measured: NDArray[np.complex128],
        weighting: Weighting,
    ) -> None:
        self.circuit, self.frequency, self.measured = circuit, frequency, measured
        self.omega = 2.0 * np.pi * frequency
        self.weighting = weighting
        self.divisor = _divisor(measured, weighting)
        self.target = _parts(measured) / self.divisor
        self.is_exponent = circuit.is_exponent
        # The last point that was computed: residuals and derivatives are asked for in turn.
        self._at: NDArray[np.float64] | None = None
        self._residual = self._slopes = self.target

    @property
    def freedom(self) -> int:
        return len(self.target) - len(self.is_exponent)

    def values(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        safe = np.exp(np.clip(x, -STEEPEST, STEEPEST))
        return np.where(self.is_exponent, np.cos(x) ** 2, safe)

    def variables(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        n = np.clip(values, 0.0, 1.0)
        return np.where(self.is_exponent, np.arccos(np.sqrt(n)), np.log(np.maximum(values, 1e-26)))

    def stretch(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the derivative of the values by the coordinates."""
        return np.where(self.is_exponent, 1.0, values)

    def slopes_by_coordinate(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        with np.errstate(all="ignore"):
            by_value = self.circuit.with_derivatives(self.omega, values)[1]
            by_coordinate = by_value * self.stretch(values)[:, None]
            slopes = np.concatenate([by_coordinate.real, by_coordinate.imag], axis=1)
        return -np.nan_to_num(slopes / self.divisor, nan=0.0, posinf=0.0, neginf=0.0).T

    def _compute(self, x: NDArray[np.float64]) -> None:
        if self._at is not None and np.array_equal(self._at, x):
            return
        values = self.values(x)
        with np.errstate(all="ignore"):
            z, by_value = self.circuit.with_derivatives(self.omega, values)
            self._residual = np.nan_to_num(
                self.target - _parts(z) / self.divisor, nan=1e6, posinf=1e6, neginf=-1e6
            )
            by_variable = by_value * np.where(self.is_exponent, -np.sin(2.0 * x), values)[:, None]
            slopes = np.concatenate([by_variable.real, by_variable.imag], axis=1) / self.divisor
            self._slopes = -np.nan_to_num(slopes, nan=0.0, posinf=0.0, neginf=0.0).T
        self._at = x.copy()

    def residual(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        self._compute(x)
        return self._residual

    def slopes(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        self._compute(x)
        return self._slopes

    def starts(self, guess: Mapping[str, float]) -> list[NDArray[np.float64]]:
        found = starts(self.circuit, self.omega, self.measured, STARTS)
        for values in found:
            for name, value in guess.items():
                values[self.circuit.parameters.index(name)] = value
        return found

    def best(self, beginnings: list[NDArray[np.float64]]) -> OptimizeResult:
        """Return the best end of several starts; stop when enough of them end there."""
        best: OptimizeResult | None = None
        agreeing = 0
        for values in beginnings:
            end = least_squares(
                self.residual, self.variables(values), self.slopes,
                method="lm", xtol=1e-10, ftol=1e-10, gtol=1e-12, max_nfev=300,
            )  # fmt: skip
            same = best is not None and abs(end.cost - best.cost) <= SAME * best.cost
            if best is None or end.cost < best.cost:
                agreeing = agreeing if same else 0
                best = end
            agreeing += same
            if agreeing + 1 >= AGREEING:
                break
        if best is None or not np.isfinite(best.cost):
            raise SolverError(f"{self.circuit.text} could not be fitted: no start leads anywhere")
        return best


def _parts(z: NDArray[np.complex128]) -> NDArray[np.float64]:
    return np.concatenate([z.real, z.imag])


def _divisor(z: NDArray[np.complex128], weighting: Weighting) -> NDArray[np.float64]:
    """Return what residuals of real and imaginary parts are divided by."""
    modulus = np.abs(z)
    if weighting is Weighting.MODULUS:
        return np.tile(modulus, 2)
    if weighting is Weighting.UNIT:
        return np.full(2 * len(z), float(np.mean(modulus)))
    # A part that crosses zero would count without limit: it is taken for a hundredth at least.
    return np.maximum(np.abs(_parts(z)), 0.01 * np.tile(modulus, 2))


def _summary(problem: _Problem, values: NDArray[np.float64], intervals: bool) -> CircuitFit:
    x = problem.variables(values)
    residual, slopes = problem.residual(x), problem.slopes_by_coordinate(values)
    square_sum = float(residual @ residual)
    variance = square_sum / problem.freedom
    covariance = np.linalg.pinv(slopes.T @ slopes, rcond=1e-14, hermitian=True) * variance
    # A direction that the data do not see has no variance in the pseudo-inverse, but no end.
    spread = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    spread[_blind(slopes)] = np.inf
    with np.errstate(invalid="ignore", divide="ignore"):
        correlation = covariance / np.outer(spread, spread)
    parameters = tuple(
        _parameter(problem, k, values, float(spread[k]), square_sum, intervals)
        for k in range(len(x))
    )
    count = len(residual)
    z = problem.circuit.impedance(problem.frequency, values)
    half = count // 2
    chances = [runs_probability(residual[:half]), runs_probability(residual[half:])]
    return CircuitFit(
        circuit=problem.circuit,
        parameters=parameters,
        frequency=problem.frequency,
        measured=problem.measured,
        fitted=z,
        weighting=problem.weighting,
        correlation=np.nan_to_num(correlation),
        noise=float(np.sqrt(variance)),
        bayesian_information=float(
            count * np.log(max(square_sum, 1e-300) / count) + len(x) * np.log(count)
        ),
        runs_probability=min(1.0, 2.0 * min(chances)),
    )


def _blind(slopes: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which parameters have a part in a direction that changes nothing in the spectrum."""
    _, singular, right = np.linalg.svd(slopes, full_matrices=False)
    unseen = right[singular < 1e-7 * singular[0]]
    blind: NDArray[np.bool_] = np.any(np.abs(unseen) > 0.1, axis=0)
    return blind


def _parameter(
    problem: _Problem,
    k: int,
    values: NDArray[np.float64],
    spread: float,
    square_sum: float,
    intervals: bool,
) -> Parameter:
    exponent = bool(problem.is_exponent[k])
    value = float(values[k])
    centre = value if exponent else float(np.log(max(value, 1e-300)))
    reach = float(t_distribution.ppf(0.5 + 0.5 * CONFIDENCE, problem.freedom)) * spread
    # How far an interval may go, down and up, before it has no end.
    limits = (value, 1.0 - value) if exponent else (FARTHEST, FARTHEST)
    wide = value + reach > 1.0 if exponent else spread > DOUBTFUL
    if wide and intervals:
        source = "profile likelihood"
        reaches = [
            _profile_reach(problem, k, values, side * limit, spread, square_sum)
            for side, limit in zip((-1.0, 1.0), limits, strict=True)
        ]
    else:
        source = "covariance"
        reaches = [min(reach, limit) for limit in limits]
    open_end = [far >= limit for far, limit in zip(reaches, limits, strict=True)]
    low, high = centre - reaches[0], centre + reaches[1]
    return Parameter(
        name=problem.circuit.parameters[k],
        unit=problem.circuit.units[k],
        value=value,
        error=spread * (1.0 if exponent else value),
        low=0.0 if open_end[0] else low if exponent else float(np.exp(low)),
        high=(1.0 if exponent else np.inf)
        if open_end[1]
        else high
        if exponent
        else float(np.exp(high)),
        interval=source,
        # An exponent that may be one is known: it is that of a capacitor.
        determined=not open_end[0] and (exponent or not open_end[1]),
    )


def _profile_reach(
    problem: _Problem,
    k: int,
    values: NDArray[np.float64],
    limit: float,
    spread: float,
    square_sum: float,
) -> float:
    """Return how far parameter `k` can go before the sum of squares, fitted again, is too large.

    The threshold is the F distribution's for one parameter. `limit` is the coordinate's distance
    (with its sign) at which the search ends. Steps grow until the threshold is passed; then the
    place is found between the last two steps.
    """
    if limit == 0.0:
        return 0.0
    threshold = square_sum * (
        1.0 + float(f_distribution.ppf(CONFIDENCE, 1, problem.freedom)) / problem.freedom
    )
    farthest, side = abs(limit), float(np.sign(limit))
    start = problem.variables(values)
    inside, outside = 0.0, min(max(spread, 0.01 * farthest), 0.1 * farthest)
    while True:
        square, found = _without(problem, k, values, start, side * min(outside, farthest))
        if square > threshold:
            break
        if outside >= farthest:
            return farthest
        start, inside, outside = found, outside, 1.8 * outside
    outside = min(outside, farthest)
    for _ in range(PROFILE_HALVINGS):
        middle = 0.5 * (inside + outside)
        square, _ = _without(problem, k, values, start, side * middle)
        inside, outside = (inside, middle) if square > threshold else (middle, outside)
    return 0.5 * (inside + outside)


def _without(
    problem: _Problem,
    k: int,
    values: NDArray[np.float64],
    start: NDArray[np.float64],
    distance: float,
) -> tuple[float, NDArray[np.float64]]:
    """Return sum of squares and variables when parameter `k` is held at a distance."""
    held = values.copy()
    held[k] = (
        np.clip(values[k] + distance, 0.0, 1.0)
        if problem.is_exponent[k]
        else values[k] * np.exp(distance)
    )
    fixed = problem.variables(held)
    others = np.arange(len(values)) != k

    def full(y: NDArray[np.float64]) -> NDArray[np.float64]:
        z = fixed.copy()
        z[others] = y
        return z

    if not others.any():
        residual = problem.residual(fixed)
        return float(residual @ residual), fixed
    end = least_squares(
        lambda y: problem.residual(full(y)),
        start[others],
        lambda y: problem.slopes(full(y))[:, others],
        method="lm", xtol=1e-7, ftol=1e-7, max_nfev=60,
    )  # fmt: skip
    return 2.0 * float(end.cost), full(end.x)
