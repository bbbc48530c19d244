"""The linear Kramers-Kronig test, as a test with an error rate.

A sum of RC elements with fixed time constants fits any spectrum that obeys the Kramers-Kronig
relations, and it is linear in its resistances, which may have either sign (Boukamp 1995,
doi:10.1149/1.2044210). How many are needed is the old question. Schönleber, Klotz and Ivers-Tiffée
2014 (doi:10.1016/j.electacta.2014.01.034) stop where the negative resistances weigh as much as
1 - 0.85 of the positive ones; on smooth spectra that is too early, and the misfit passes for a
violation. So the number is raised beyond theirs while Akaike's criterion, corrected for few points,
still falls.

The verdict does not rest on the size of residuals, whose noise nobody knows. Real and imaginary
part are fitted a second time with resistances of their own, the same functions without the coupling
that the relations demand. If the relations hold, the coupling costs no more than noise: the F test
for nested linear models says how likely the observed cost is. The uncoupled fit gives the noise,
because it does not know of the relations and hence not of their violation.

That test looks for any violation and spreads its power over all of them. The commonest one, a cell
that changes while it is measured, is looked for by itself: the coupled fit gets one column more,
Z(ω) s(ω), where s goes from 0 to 1 over the sweep, evenly with the points or with the time that was
recorded, or is spent if a point takes a period. The t test of its coefficient says whether the
impedance drifted, and by how much. Of the three tests the smallest probability counts, times three.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import f as f_distribution
from scipy.stats import t as t_distribution

from interlith.cyclerdata.impedance.fit import enough_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from interlith.cyclerdata.spectrum import Spectrum

__all__ = ["LEVEL", "KramersKronig", "kramers_kronig"]

LEVEL = 0.01  # chance of a false alarm
UNDERFIT = 0.85  # of mu, by Schönleber
EXTENSIONS = (1.0, 3.0, 10.0)  # how far time constants go beyond the measured range
LEAST_POINTS = 7
ACCURACY = 1e-3  # share of the modulus; what good instruments promise is no better


@dataclass(frozen=True)
class KramersKronig:
    """Whether a spectrum obeys the Kramers-Kronig relations.

    Attributes
    ----------
    passed : bool
        False if the violation is significant at `LEVEL` and larger than `accuracy`.
    probability : float
        Chance of a violation as large, if there were none but noise.
    violation : float
        Root mean square of what the relations cannot explain, beyond noise, as share of |Z|.
    accuracy : float
        The least violation that counts.
    noise : float
        Standard deviation of real and imaginary part as share of |Z|, estimated from the spectrum.
    elements : int
        Number of RC elements used.
    mu : float
        Schönleber's measure of overfitting for that number.
    representation : str
        "impedance" or "admittance": what the elements stand for.
    frequency : array
        Frequencies used, highest first [Hz].
    residuals : complex array
        Measured less fitted, as share of the modulus.
    drift, drift_error : float
        Growth of the impedance over the sweep that fits best, and its standard error, as shares.
    drift_clock : str
        What the growth is linear in: "points" or "time".
    evidence : str
        Which test has the smallest probability: "coupling" or "drift".
    """

    passed: bool
    probability: float
    violation: float
    accuracy: float
    noise: float
    elements: int
    mu: float
    representation: str
    frequency: NDArray[np.float64]
    residuals: NDArray[np.complex128]
    drift: float
    drift_error: float
    drift_clock: str
    evidence: str

    @property
    def verdict(self) -> str:
        """Say pass or fail, and by what rule."""
        noise = f"noise {100.0 * self.noise:.2g} % of |Z|"
        drift = f"drift over the sweep {100.0 * self.drift:+.2g} ± {100.0 * self.drift_error:.1g} %"
        found = f"{100.0 * self.violation:.2g} % of |Z| violate the relations"
        if not self.passed:
            return f"fail: {found}, p = {self.probability:.1g} < {LEVEL:g}; {noise}; {drift}"
        if self.probability < LEVEL:
            return f"pass: {found}, less than the {100.0 * self.accuracy:g} % that count; {noise}"
        return f"pass: no violation beyond {noise} (p = {self.probability:.2g}); {drift}"


def kramers_kronig(
    spectrum: Spectrum, *, accuracy: float = ACCURACY, representation: str | None = None
) -> KramersKronig:
    """Test whether a spectrum is that of a linear system that did not change.

    Parameters
    ----------
    spectrum : Spectrum
        What was measured.
    accuracy : float
        Violations below this share of the modulus are not counted, however significant.
    representation : str, optional
        "impedance" or "admittance"; by default that which needs the smaller residuals.

    Raises
    ------
    InputError
        There are fewer than seven points.
    """
    frequency, impedance = enough_of(spectrum, LEAST_POINTS, "the Kramers-Kronig test")
    names = ("impedance", "admittance") if representation is None else (representation,)
    models = [_best_model(frequency, impedance, name) for name in names]
    model = min(models, key=lambda m: m.criterion)
    return _judged(model, frequency, impedance, accuracy, _clocks(spectrum, frequency))


@dataclass(frozen=True)
class _Model:
    """Coupled and uncoupled fit with one number of elements."""

    representation: str
    elements: int
    mu: float
    coupled: float  # sums of squares
    uncoupled: float
    coupled_rank: int
    uncoupled_rank: int
    criterion: float
    matrix: NDArray[np.float64]  # of the coupled fit
    target: NDArray[np.float64]
    residual: NDArray[np.float64]


def _best_model(
    frequency: NDArray[np.float64], impedance: NDArray[np.complex128], representation: str
) -> _Model:
    models = []
    most = len(frequency) - 3
    for extension in EXTENSIONS:
        rising = [
            _model(frequency, impedance, representation, count, extension)
            for count in _counts(most)
        ]
        enough = next((k for k, m in enumerate(rising) if m.mu < UNDERFIT), len(rising) - 1)
        models += rising[enough:]
    return min(models, key=lambda m: m.criterion)


def _counts(most: int) -> list[int]:
    """Return numbers of elements to try, closer where there are few.

    Two thirds of the points at most, so that the uncoupled fit leaves numbers free for the noise.
    """
    top = max(2, 2 * most // 3)
    return sorted({round(n) for n in np.geomspace(2, top, 14)})


def _model(
    frequency: NDArray[np.float64],
    impedance: NDArray[np.complex128],
    representation: str,
    count: int,
    extension: float,
) -> _Model:
    omega = 2.0 * np.pi * frequency
    tau = np.geomspace(1.0 / omega.max() / extension, extension / omega.min(), count)
    measured = impedance if representation == "impedance" else 1.0 / impedance
    modulus = np.abs(measured)
    kernel = 1.0 / (1.0 + 1j * np.outer(omega, tau))
    constant = np.ones((len(omega), 1))
    # A series inductor and capacitor (in the admittance their duals), scaled to be of order one.
    rising, falling = omega / omega.max(), -omega.min() / omega
    real = np.hstack([constant, kernel.real]) / modulus[:, None]
    imaginary = np.column_stack([kernel.imag, rising, falling]) / modulus[:, None]
    target_real, target_imaginary = measured.real / modulus, measured.imag / modulus
    coupled = np.vstack(
        [
            np.hstack([real, np.zeros((len(omega), 2))]),
            np.hstack([np.zeros((len(omega), 1)), imaginary]),
        ]
    )
    target = np.concatenate([target_real, target_imaginary])
    coefficients, rank, rest = _solve(coupled, target)
    _, rank_real, rest_real = _solve(real, target_real)
    _, rank_imaginary, rest_imaginary = _solve(imaginary, target_imaginary)
    free = float(rest_real @ rest_real + rest_imaginary @ rest_imaginary)
    return _Model(
        representation=representation,
        elements=count,
        mu=_mu(coefficients[1 : 1 + count] * (1.0 if representation == "impedance" else -1.0)),
        coupled=float(rest @ rest),
        uncoupled=free,
        coupled_rank=rank,
        uncoupled_rank=rank_real + rank_imaginary,
        criterion=_criterion(float(rest @ rest), 2 * len(omega), rank),
        matrix=coupled,
        target=target,
        residual=rest,
    )


def _solve(
    matrix: NDArray[np.float64], target: NDArray[np.float64]
) -> tuple[NDArray[np.float64], int, NDArray[np.float64]]:
    """Return coefficients, rank and residual of a least squares problem."""
    coefficients, _, rank, _ = np.linalg.lstsq(matrix, target, rcond=1e-12)
    return np.asarray(coefficients, dtype=float), int(rank), target - matrix @ coefficients


def _mu(resistances: NDArray[np.float64]) -> float:
    """Return one less the weight of negative resistances over that of positive ones."""
    positive = float(resistances[resistances > 0.0].sum())
    negative = float(-resistances[resistances < 0.0].sum())
    return 1.0 - negative / positive if positive > 0.0 else 0.0


def _criterion(square_sum: float, size: int, used: int) -> float:
    """Return Akaike's information criterion with Hurvich and Tsai's correction for few points."""
    if size - used - 2 <= 0:
        return np.inf
    return float(
        size * np.log(max(square_sum, 1e-300) / size) + 2.0 * (used + 1) * size / (size - used - 2)
    )


def _clocks(spectrum: Spectrum, frequency: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """Return how far the sweep had come at each point, from 0 to 1, by points and by time."""
    points = np.linspace(0.0, 1.0, len(frequency))
    recorded = _recorded(spectrum)
    passed = np.cumsum(1.0 / frequency) if recorded is None else recorded
    span = float(passed.max() - passed.min())
    if span <= 0.0:
        return {"points": points}
    return {"points": points, "time": (passed - passed.min()) / span}


def _recorded(spectrum: Spectrum) -> NDArray[np.float64] | None:
    """Return the recorded time of each usable point, highest frequency first."""
    if spectrum.times is None or len(spectrum.times) != len(spectrum.frequency):
        return None
    frequency, impedance = np.asarray(spectrum.frequency), np.asarray(spectrum.impedance)
    with np.errstate(invalid="ignore"):
        good = np.isfinite(frequency) & (frequency > 0.0) & np.isfinite(impedance)
        good &= np.abs(impedance) > 0.0
    order = np.argsort(-frequency[good], kind="stable")
    times = np.asarray(spectrum.times, dtype=float)[good][order]
    return times if bool(np.isfinite(times).all()) else None


@dataclass(frozen=True)
class _Drift:
    clock: str
    growth: float
    error: float
    probability: float
    violation: float


def _drift(model: _Model, clock: str, passed: NDArray[np.float64]) -> _Drift:
    """Fit the growth of the whole impedance over the sweep beside the coupled model."""
    half = len(passed)
    shape = (model.target[:half] + 1j * model.target[half:]) * passed
    column = np.concatenate([shape.real, shape.imag])
    _, _, own = _solve(model.matrix, column)  # what of it the relations cannot explain
    seen = float(own @ own)
    freedom = 2 * half - model.coupled_rank - 1
    if seen <= 1e-20 or freedom < 1:
        return _Drift(clock, 0.0, np.inf, 1.0, 0.0)
    growth = float(own @ model.residual) / seen
    rest = model.residual - growth * own
    error = float(np.sqrt(max(float(rest @ rest) / freedom, 1e-24) / seen))
    probability = 2.0 * float(t_distribution.sf(abs(growth) / error, freedom))
    sign = 1.0 if model.representation == "impedance" else -1.0
    violation = abs(growth) * float(np.sqrt(seen / (2 * half)))
    return _Drift(clock, sign * growth, error, probability, violation)


def _judged(
    model: _Model,
    frequency: NDArray[np.float64],
    impedance: NDArray[np.complex128],
    accuracy: float,
    clocks: dict[str, NDArray[np.float64]],
) -> KramersKronig:
    size = 2 * len(frequency)
    cost = max(model.uncoupled_rank - model.coupled_rank, 1)
    freedom = max(size - model.uncoupled_rank, 1)
    variance = model.uncoupled / freedom
    excess = max(model.coupled - model.uncoupled, 0.0)
    # Without any noise the ratio is that of rounding errors and means nothing.
    ratio = excess / cost / max(variance, 1e-24)
    coupling = float(f_distribution.sf(ratio, cost, freedom))
    violation = float(np.sqrt(max(excess - cost * variance, 0.0) / size))
    drifts = [_drift(model, name, passed) for name, passed in clocks.items()]
    drift = min(drifts, key=lambda d: d.probability)
    by_drift = drift.probability < coupling
    violation = max(violation, drift.violation) if by_drift else violation
    probability = min(1.0, (1 + len(drifts)) * min(coupling, drift.probability))
    half = len(frequency)
    shares = model.residual[:half] + 1j * model.residual[half:]
    if model.representation == "admittance":
        # To first order the relative error of 1/Y is minus that of Y, turned by its phase.
        shares = -shares * (impedance / np.abs(impedance)) ** 2
    return KramersKronig(
        passed=not (probability < LEVEL and violation > accuracy),
        probability=probability,
        violation=violation,
        accuracy=accuracy,
        noise=float(np.sqrt(variance)),
        elements=model.elements,
        mu=model.mu,
        representation=model.representation,
        frequency=frequency,
        residuals=shares,
        drift=drift.growth,
        drift_error=drift.error,
        drift_clock=drift.clock,
        evidence="drift" if by_drift else "coupling",
    )
