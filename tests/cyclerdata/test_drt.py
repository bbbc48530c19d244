"""Relaxation times of analytic circuits: total, place, width, band."""

from __future__ import annotations

import numpy as np
import pytest
from tests.cyclerdata.circuits import FREQUENCY, noisy

from interlith.cyclerdata.impedance.circuit import read_circuit
from interlith.cyclerdata.impedance.drt import Criterion, relaxation_times
from interlith.cyclerdata.spectrum import Spectrum
from interlith.errors import InputError


def spectrum(text: str, values: list[float], share: float, seed: int = 0) -> Spectrum:
    z = read_circuit(text).impedance(FREQUENCY, np.array(values))
    return Spectrum(FREQUENCY, noisy(z, share, np.random.default_rng(seed)))


def zarc(tau: np.ndarray, r: float, tau0: float, n: float) -> np.ndarray:
    """Return the distribution of an arc with a constant phase element (Boukamp 2020)."""
    x = n * np.log(tau / tau0)
    return r / (2 * np.pi) * np.sin((1 - n) * np.pi) / (np.cosh(x) - np.cos((1 - n) * np.pi))


@pytest.mark.parametrize("n", [0.6, 0.75, 0.9])
def test_an_arc_has_its_analytic_distribution(n: float) -> None:
    r, tau0 = 50.0, 1e-3
    found = relaxation_times(spectrum("R0-p(R1,CPE1)", [10.0, r, tau0**n / r, n], 1e-3))
    exact = zarc(found.tau, r, tau0, n)
    top = max(found.peaks, key=lambda p: p.resistance)
    assert found.polarisation == pytest.approx(r, rel=0.02)
    assert found.ohmic == pytest.approx(10.0, rel=0.05)
    assert top.tau == pytest.approx(tau0, rel=0.1)
    half = found.tau[exact > exact.max() / 2]
    assert top.width == pytest.approx(np.log10(half[-1] / half[0]), abs=0.3)
    # A narrow peak is broadened by the regularisation, with its area kept.
    if n < 0.8:
        assert np.max(np.abs(found.gamma - exact)) < 0.15 * exact.max()


def test_a_capacitor_makes_a_narrow_peak_of_the_right_area() -> None:
    found = relaxation_times(spectrum("R0-p(R1,C1)", [10.0, 50.0, 1e-5], 1e-3))
    (top,) = [p for p in found.peaks if p.resistance > 5]
    assert top.resistance == pytest.approx(50.0, rel=0.02)
    assert top.tau == pytest.approx(5e-4, rel=0.05)
    assert top.width < 0.4


def test_two_arcs_are_two_peaks_that_stand_out() -> None:
    values = [10.0, 50.0, 1e-6, 0.9, 100.0, 1e-3, 0.85]
    found = relaxation_times(spectrum("R0-p(R1,CPE1)-p(R2,CPE2)", values, 0.01), draws=40)
    sure = [p for p in found.peaks if p.certain]
    assert [p.resistance for p in sure] == [
        pytest.approx(50.0, rel=0.1),
        pytest.approx(100.0, rel=0.1),
    ]
    assert found.low is not None
    assert found.high is not None
    assert np.all(found.low <= found.high)


def test_noise_makes_no_peak_that_stands_out() -> None:
    extra = 0
    for seed in range(10):
        one = spectrum("R0-p(R1,CPE1)", [10.0, 50.0, 1e-5, 0.85], 0.01, seed)
        found = relaxation_times(one, draws=40)
        extra += sum(bool(p.certain) for p in found.peaks) - 1
    assert extra <= 1


def test_series_elements_are_no_relaxation() -> None:
    values = [1e-6, 10.0, 50.0, 1e-5, 0.9, 0.02]
    found = relaxation_times(spectrum("L0-R0-p(R1,CPE1)-C2", values, 1e-3))
    assert found.inductance == pytest.approx(1e-6, rel=0.05)
    assert found.capacitance == pytest.approx(0.02, rel=0.05)
    assert found.polarisation == pytest.approx(50.0, rel=0.1)
    plain = relaxation_times(spectrum("R0-p(R1,CPE1)", [10.0, 50.0, 1e-5, 0.9], 1e-3))
    assert plain.capacitance > 1.0


@pytest.mark.parametrize("criterion", list(Criterion))
def test_the_distribution_gives_the_spectrum_back(criterion: Criterion) -> None:
    share = 0.005
    one = spectrum("R0-p(R1,CPE1)-p(R2,CPE2)", [10, 50, 1e-6, 0.9, 100, 1e-3, 0.85], share)
    found = relaxation_times(one, criterion=criterion)
    assert np.std(np.abs(found.fitted / one.impedance - 1)) < 2 * share
    assert found.noise == pytest.approx(share, rel=0.25)


def test_a_scale_of_the_impedance_scales_the_distribution() -> None:
    one = spectrum("R0-p(R1,CPE1)", [10.0, 50.0, 1e-5, 0.85], 0.003)
    small = relaxation_times(one)
    large = relaxation_times(Spectrum(one.frequency, 1e4 * one.impedance))
    assert np.allclose(large.gamma, 1e4 * small.gamma, atol=1e-3 * large.gamma.max())


def test_few_points_are_refused() -> None:
    with pytest.raises(InputError, match="at least 7 points"):
        relaxation_times(Spectrum(FREQUENCY[:5], np.ones(5) - 1j))
