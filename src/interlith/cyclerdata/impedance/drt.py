"""Distribution of relaxation times by Tikhonov regularisation, without a knob to turn.

Z(ω) = R + jωL + 1/(jωC) + ∫ γ(ln τ)/(1 + jωτ) d ln τ with γ ≥ 0, piecewise linear in ln τ
(Boukamp 2020, doi:10.1088/2515-7655/aba9e0). The second derivative of γ is kept small. How small is
decided by the data: seen as a Gaussian prior, the penalty has a strength that makes the spectrum
most likely (generalised maximum likelihood, Wahba 1985, doi:10.1214/aos/1176349743); generalised
cross-validation (Craven and Wahba 1979, doi:10.1007/BF01404567) can be asked for instead. The same
prior gives the band: spectrum and prior are perturbed by their noise and solved again.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize import minimize_scalar, nnls
from scipy.signal import find_peaks

from interlith.cyclerdata.impedance.fit import enough_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from interlith.cyclerdata.spectrum import Spectrum

__all__ = ["Criterion", "Peak", "RelaxationTimes", "relaxation_times"]

PER_DECADE = 12  # nodes; arcs of one time constant are a decade wide in the spectrum
BEYOND = 10.0  # how far nodes go beyond the measured range
MOST_NODES = 160
LEAST_POINTS = 7
LEAST_SHARE = 0.01  # of the polarisation: smaller peaks are not listed
DRAWS = 40
BAND = (2.5, 97.5)  # percentiles


class Criterion(StrEnum):
    """What decides the strength of the regularisation."""

    LIKELIHOOD = "likelihood"
    CROSS_VALIDATION = "cross-validation"


@dataclass(frozen=True)
class Peak:
    """One peak of the distribution.

    Attributes
    ----------
    tau : float
        Time constant at the top [s].
    resistance : float
        Area between the minima beside it [ohm].
    width : float
        Full width at half height, in decades of time.
    certain : bool or None
        Whether it stands out of the band: its top is above where the valleys beside it may be.
        None without a band.
    """

    tau: float
    resistance: float
    width: float
    certain: bool | None = None


@dataclass(frozen=True)
class RelaxationTimes:
    """Distribution of relaxation times of a spectrum.

    Attributes
    ----------
    tau : array
        Nodes [s].
    gamma : array
        Distribution per unit of ln τ [ohm].
    low, high : array or None
        95 % band, if draws were asked for.
    peaks : tuple of Peak
        Fastest first.
    ohmic, inductance, capacitance : float
        Series elements [ohm, H, F]; an infinite capacitance means that there is none.
    polarisation : float
        Area under the distribution [ohm].
    regularisation : float
        Strength found; `criterion` says how.
    noise : float
        Standard deviation of real and imaginary part as share of |Z|.
    frequency : array
        Frequencies used, highest first [Hz].
    fitted : complex array
        Impedance of the distribution [ohm].
    edge_share : float
        Share of the polarisation at time constants beyond the measured range: it is extrapolated.
    """

    tau: NDArray[np.float64]
    gamma: NDArray[np.float64]
    low: NDArray[np.float64] | None
    high: NDArray[np.float64] | None
    peaks: tuple[Peak, ...]
    ohmic: float
    inductance: float
    capacitance: float
    polarisation: float
    regularisation: float
    criterion: Criterion
    noise: float
    frequency: NDArray[np.float64]
    fitted: NDArray[np.complex128]
    edge_share: float


def relaxation_times(
    spectrum: Spectrum,
    *,
    criterion: Criterion = Criterion.LIKELIHOOD,
    draws: int = 0,
    seed: int = 0,
) -> RelaxationTimes:
    """Return the distribution of relaxation times of a spectrum.

    Parameters
    ----------
    spectrum : Spectrum
        What was measured.
    criterion : Criterion
        What decides the strength of the regularisation.
    draws : int
        Number of perturbed solutions for the band; 0 for none.
    seed : int
        Of the perturbations.

    Raises
    ------
    InputError
        There are fewer than seven points.
    """
    frequency, impedance = enough_of(spectrum, LEAST_POINTS, "a distribution of relaxation times")
    choices = [_System(frequency, impedance, blocking) for blocking in (False, True)]
    found = [(system.strength(criterion), system) for system in choices]
    # A capacitor in series must be worth its parameter, by Schwarz's criterion.
    cost = np.log(2 * len(frequency))
    (strength, scores), system = min(
        found, key=lambda item: item[0][1].misfit + cost * item[1].blocking
    )
    solution = system.solve(strength)
    low = high = None
    if draws > 0:
        low, high = system.band(strength, scores.noise, draws, np.random.default_rng(seed))
    return _result(system, solution, strength, criterion, scores.noise, low, high)


@dataclass(frozen=True)
class _Scores:
    misfit: float  # minus twice the logarithm of the marginal likelihood
    noise: float  # standard deviation of the data as share of the modulus, at that likelihood


class _System:
    """The linear system of one spectrum: kernel, series elements and penalty."""

    def __init__(
        self, frequency: NDArray[np.float64], impedance: NDArray[np.complex128], blocking: bool
    ) -> None:
        self.frequency, self.impedance, self.blocking = frequency, impedance, blocking
        omega = 2.0 * np.pi * frequency
        self.tau = _nodes(omega)
        self.step = float(np.log(self.tau[1] / self.tau[0]))
        self.modulus = np.abs(impedance)
        # With this as unit of γ strengths are comparable between spectra.
        self.scale = float(np.median(self.modulus))
        self.kernel = self.scale * _kernel(omega, self.tau)
        self.series = self.scale * np.column_stack(
            [
                np.ones(len(omega), dtype=complex),
                1j * omega / omega.max(),
                *([-1j * omega.min() / omega] if blocking else []),
            ]
        )
        self.matrix = self._weighted(self.kernel)
        self.fixed = self._weighted(self.series)
        self.target = self._weighted(impedance[:, None])[:, 0]
        self.penalty = _second_difference(len(self.tau)) / self.step**1.5

    def _weighted(self, columns: NDArray[np.inexact[Any]]) -> NDArray[np.float64]:
        shares = columns / self.modulus[:, None]
        return np.vstack([shares.real, shares.imag])

    def strength(self, criterion: Criterion) -> tuple[float, _Scores]:
        """Return the best strength of the penalty, and how likely it makes the spectrum."""
        q = np.linalg.qr(self.fixed, mode="complete")[0][:, self.fixed.shape[1] :]
        prior = np.linalg.solve(self.penalty.T, (q.T @ self.matrix).T).T
        left, singular, _ = np.linalg.svd(prior, full_matrices=False)
        data = q.T @ self.target
        part = left.T @ data
        rest = max(float(data @ data - part @ part), 0.0)
        size = len(data)

        def square(strength: float) -> float:
            return float(np.sum(strength * part**2 / (singular**2 + strength))) + rest

        def likelihood(log: float) -> float:
            strength = np.exp(log)
            volume = float(np.sum(np.log1p(singular**2 / strength)))
            return size * float(np.log(max(square(strength), 1e-300) / size)) + volume

        def cross_validation(log: float) -> float:
            shrink = np.exp(log) / (singular**2 + np.exp(log))
            free = float(np.sum(shrink)) + size - len(part)
            return float(np.log((float(np.sum((shrink * part) ** 2)) + rest) / free**2))

        score = likelihood if criterion is Criterion.LIKELIHOOD else cross_validation
        logs = np.linspace(np.log(1e-14), np.log(1e6), 81) + 2.0 * np.log(singular[0])
        best = int(np.argmin([score(log) for log in logs]))
        around = logs[max(best - 1, 0)], logs[min(best + 1, len(logs) - 1)]
        log = float(minimize_scalar(score, bounds=around, method="bounded").x)
        noise = float(np.sqrt(square(np.exp(log)) / size))
        return float(np.exp(log)), _Scores(likelihood(log), noise)

    def solve(
        self, strength: float, noise: NDArray[np.float64] | None = None
    ) -> NDArray[np.float64]:
        """Return γ at the nodes and the series elements, none negative.

        `noise` perturbs data and penalty, in this order.
        """
        rows = np.hstack([np.sqrt(strength) * self.penalty, np.zeros((len(self.tau), self.extra))])
        matrix = np.vstack([np.hstack([self.matrix, self.fixed]), rows])
        target = np.concatenate([self.target, np.zeros(len(self.tau))])
        if noise is not None:
            target = target + noise
        solution: NDArray[np.float64] = nnls(matrix, target, maxiter=50 * matrix.shape[1])[0]
        return solution

    @property
    def extra(self) -> int:
        return int(self.fixed.shape[1])

    def band(
        self, strength: float, spread: float, draws: int, rng: np.random.Generator
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the ends of the band of γ."""
        size = len(self.target) + len(self.tau)
        solutions = [
            self.solve(strength, spread * rng.normal(size=size))[: len(self.tau)]
            for _ in range(draws)
        ]
        low, high = np.percentile(np.array(solutions) * self.scale, BAND, axis=0)
        return low, high


def _nodes(omega: NDArray[np.float64]) -> NDArray[np.float64]:
    low, high = 1.0 / omega.max() / BEYOND, BEYOND / omega.min()
    count = min(int(np.ceil(PER_DECADE * np.log10(high / low))) + 1, MOST_NODES)
    return np.geomspace(low, high, count)


def _kernel(omega: NDArray[np.float64], tau: NDArray[np.float64]) -> NDArray[np.complex128]:
    """Return the integral of each node's hat function over 1/(1 + jωτ), by Gauss's rule."""
    step = float(np.log(tau[1] / tau[0]))
    places, weights = np.polynomial.legendre.leggauss(4)
    columns = np.zeros((len(omega), len(tau)), dtype=complex)
    for place, weight in zip(0.5 * (places + 1.0), 0.5 * weights * step, strict=True):
        for side in (-1.0, 1.0):
            # The hat at a distance of `place` cells from its node is one less that distance.
            shifted = tau * np.exp(side * place * step)
            columns += weight * (1.0 - place) / (1.0 + 1j * np.outer(omega, shifted))
    return columns


def _second_difference(count: int) -> NDArray[np.float64]:
    """Return the second difference with zero beyond both ends; it has an inverse."""
    return np.eye(count, k=1) - 2.0 * np.eye(count) + np.eye(count, k=-1)


def _result(
    system: _System,
    solution: NDArray[np.float64],
    strength: float,
    criterion: Criterion,
    spread: float,
    low: NDArray[np.float64] | None,
    high: NDArray[np.float64] | None,
) -> RelaxationTimes:
    count = len(system.tau)
    gamma, series = system.scale * solution[:count], system.scale * solution[count:]
    omega = 2.0 * np.pi * system.frequency
    polarisation = float(gamma.sum() * system.step)
    outside = (system.tau < 1.0 / omega.max()) | (system.tau > 1.0 / omega.min())
    inverse = float(series[2] * omega.min()) if system.blocking else 0.0
    return RelaxationTimes(
        tau=system.tau,
        gamma=gamma,
        low=low,
        high=high,
        peaks=_peaks(system, gamma, low, high),
        ohmic=float(series[0]),
        inductance=float(series[1] / omega.max()),
        capacitance=1.0 / inverse if inverse > 0.0 else np.inf,
        polarisation=polarisation,
        regularisation=strength,
        criterion=criterion,
        noise=spread,
        frequency=system.frequency,
        fitted=system.kernel @ solution[:count] + system.series @ solution[count:],
        edge_share=float(gamma[outside].sum() * system.step / polarisation)
        if polarisation
        else 0.0,
    )


def _peaks(
    system: _System,
    gamma: NDArray[np.float64],
    low: NDArray[np.float64] | None,
    high: NDArray[np.float64] | None,
) -> tuple[Peak, ...]:
    """Return the peaks, each with the area between the minima beside it."""
    tau, step = system.tau, system.step
    padded = np.concatenate([[0.0], gamma, [0.0]])
    tops = find_peaks(padded)[0] - 1
    valleys = [int(a + np.argmin(gamma[a : b + 1])) for a, b in pairwise(tops)]
    edges = [0, *valleys, len(gamma)]
    total = float(gamma.sum())
    peaks = []
    for top, start, end in zip(tops, edges[:-1], edges[1:], strict=bool(len(tops))):
        area = float(gamma[start:end].sum())
        if area >= LEAST_SHARE * total:
            place = np.log(tau[top]) + step * _summit(padded, int(top) + 1)
            width = _half_width(gamma, int(top)) * step / np.log(10.0)
            certain = None
            if low is not None and high is not None:
                certain = bool(all(low[top] > high[k] for k in (start, end) if 0 < k < len(gamma)))
                certain = certain and bool(low[top] > 0.0)
            peaks.append(Peak(float(np.exp(place)), area * step, float(width), certain))
    return tuple(peaks)


def _summit(values: NDArray[np.float64], top: int) -> float:
    """Return how far the parabola through three points has its top from the middle one."""
    left, middle, right = values[top - 1 : top + 2]
    bend = left - 2.0 * middle + right
    return 0.0 if bend == 0.0 else float(np.clip(0.5 * (left - right) / bend, -0.5, 0.5))


def _half_width(gamma: NDArray[np.float64], top: int) -> float:
    """Return the full width at half height in nodes."""
    half = 0.5 * gamma[top]
    width = 0.0
    for side in (-1, 1):
        k = top
        while 0 <= k + side < len(gamma) and gamma[k + side] > half:
            k += side
        inner = gamma[k]
        outer = gamma[k + side] if 0 <= k + side < len(gamma) else 0.0
        width += abs(k - top) + float((inner - half) / max(inner - outer, 1e-300))
    return width
