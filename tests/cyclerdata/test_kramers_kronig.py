"""The Kramers-Kronig test passes what is stationary and fails what drifts, at a stated rate."""

from __future__ import annotations

import numpy as np
import pytest
from tests.cyclerdata.circuits import FREQUENCY, drawn, drifting, noisy

from interlith.cyclerdata.impedance.kramers_kronig import LEVEL, kramers_kronig
from interlith.cyclerdata.spectrum import Spectrum
from interlith.errors import InputError

CIRCUITS = [
    "R0-p(R1,C1)",
    "R0-p(R1,CPE1)",
    "R0-p(R1,CPE1)-p(R2,CPE2)",
    "R0-p(R1,CPE1)-W1",
    "R0-p(R1-Ws1,CPE1)",
]
EACH = 16


def failing(share: float, growth: float, clock: str, seed: int) -> float:
    """Return the share of spectra that fail."""
    rng = np.random.default_rng(seed)
    failed = []
    for text in CIRCUITS:
        for _ in range(EACH):
            circuit, values, _ = drawn(text, 0.0, rng)
            z = drifting(circuit, values, growth, clock)
            result = kramers_kronig(Spectrum(FREQUENCY, noisy(z, share, rng)))
            failed.append(not result.passed)
    return float(np.mean(failed))


@pytest.mark.parametrize("share", [1e-3, 3e-3, 1e-2])
def test_stationary_spectra_pass(share: float) -> None:
    # One in a hundred is promised; four in eighty happen by chance once in a hundred tests.
    assert failing(share, 0.0, "points", 1) <= 0.05


@pytest.mark.parametrize(
    ("share", "growth", "clock", "least"),
    [
        (1e-3, 0.1, "points", 0.98),
        (3e-3, 0.1, "points", 0.98),
        (1e-2, 0.1, "points", 0.8),
        (1e-2, 0.2, "points", 0.95),
        (1e-3, 0.1, "time", 0.4),
        (1e-2, 0.3, "time", 0.85),
    ],
)
def test_drifting_spectra_fail(share: float, growth: float, clock: str, least: float) -> None:
    assert failing(share, growth, clock, 2) >= least


def test_the_drift_is_measured() -> None:
    rng = np.random.default_rng(3)
    found = []
    for _ in range(20):
        circuit, values, _ = drawn("R0-p(R1,C1)", 0.0, rng)
        z = drifting(circuit, values, 0.2, "points")
        result = kramers_kronig(Spectrum(FREQUENCY, noisy(z, 3e-3, rng)))
        found.append(result.drift)
    assert np.median(found) == pytest.approx(0.2, rel=0.35)


def test_recorded_times_are_the_clock() -> None:
    rng = np.random.default_rng(4)
    circuit, values, _ = drawn("R0-p(R1,C1)", 0.0, rng)
    z = noisy(drifting(circuit, values, 0.2, "time"), 1e-3, rng)
    times = 100.0 + np.cumsum(1.0 / FREQUENCY)
    with_times = kramers_kronig(Spectrum(FREQUENCY, z, times=times))
    assert not with_times.passed
    # The order of the file does not matter, times go with their points.
    turned = kramers_kronig(Spectrum(FREQUENCY[::-1], z[::-1], times=times[::-1]))
    assert turned.probability == pytest.approx(with_times.probability, rel=1e-6)


def test_the_noise_is_that_of_the_spectrum() -> None:
    rng = np.random.default_rng(5)
    for share in (1e-3, 1e-2):
        found = [kramers_kronig(drawn("R0-p(R1,CPE1)", share, rng)[2]).noise for _ in range(20)]
        assert np.median(found) == pytest.approx(share, rel=0.15)


def test_the_number_of_elements_is_at_least_schoenlebers() -> None:
    _, _, spectrum = drawn("R0-p(R1,C1)", 1e-2, np.random.default_rng(6))
    result = kramers_kronig(spectrum)
    assert result.mu < 0.85


def test_an_inductor_and_a_blocking_capacitor_are_no_violation() -> None:
    rng = np.random.default_rng(7)
    passed = [
        kramers_kronig(drawn(text, 3e-3, rng)[2]).passed
        for text in ("L0-R0-p(R1,CPE1)", "R0-p(R1,CPE1)-C2", "R0-C1")
        for _ in range(10)
    ]
    assert np.mean(passed) >= 0.9


def test_a_wrong_sign_is_a_violation() -> None:
    _, _, spectrum = drawn("R0-p(R1,CPE1)", 1e-3, np.random.default_rng(8))
    result = kramers_kronig(Spectrum(spectrum.frequency, np.conj(spectrum.impedance)))
    good = kramers_kronig(spectrum)
    # A conjugated arc is an inductive one, which obeys the relations with negative resistances;
    # an exchange of parts obeys nothing.
    exchanged = kramers_kronig(
        Spectrum(spectrum.frequency, -spectrum.impedance.imag - 1j * spectrum.impedance.real)
    )
    assert good.passed
    assert not exchanged.passed
    assert result.elements > 0


def test_the_admittance_can_be_asked_for() -> None:
    _, _, spectrum = drawn("R0-p(R1,CPE1)", 3e-3, np.random.default_rng(9))
    result = kramers_kronig(spectrum, representation="admittance")
    assert result.representation == "admittance"
    assert result.passed


def test_the_verdict_follows_its_rule() -> None:
    rng = np.random.default_rng(10)
    circuit, values, _ = drawn("R0-p(R1,C1)", 0.0, rng)
    z = noisy(drifting(circuit, values, 0.2, "points"), 1e-3, rng)
    strict = kramers_kronig(Spectrum(FREQUENCY, z))
    lax = kramers_kronig(Spectrum(FREQUENCY, z), accuracy=0.5)
    assert not strict.passed
    assert "fail" in strict.verdict
    assert strict.probability < LEVEL
    assert lax.passed
    assert "less than the 50 %" in lax.verdict


def test_few_points_are_refused() -> None:
    with pytest.raises(InputError, match="at least 7 points"):
        kramers_kronig(Spectrum(FREQUENCY[:5], np.ones(5) - 1j))
