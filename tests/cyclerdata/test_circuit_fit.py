"""Fits find the parameters of analytic circuits, and say how well."""

from __future__ import annotations

import numpy as np
import pytest
from tests.cyclerdata.circuits import FREQUENCY, drawn, noisy

from interlith.cyclerdata.impedance.choosing import choose_circuit
from interlith.cyclerdata.impedance.circuit import read_circuit
from interlith.cyclerdata.impedance.fit import Weighting, fit_circuit
from interlith.cyclerdata.impedance.runs import runs_probability
from interlith.cyclerdata.spectrum import Spectrum
from interlith.errors import InputError

NOISE = 0.01
WANTED = 0.05
SPECTRA = 40
# docs/impedance.md shows the shares of these over 100 spectra each.
CIRCUITS = [
    ("R0-p(R1,C1)", 1.0),
    ("R0-p(R1,CPE1)", 1.0),
    ("R0-p(R1,C1)-p(R2,C2)", 1.0),
    ("R0-p(R1,CPE1)-p(R2,CPE2)", 0.99),
    ("R0-p(R1,CPE1)-W1", 1.0),
    ("R0-p(R1-W1,C1)", 1.0),
    ("R0-p(R1,CPE1)-Ws1", 0.97),
    ("L0-R0-p(R1,CPE1)", 1.0),
]


def identifiable(circuit, values) -> np.ndarray:
    """Return which parameters the noise leaves known: five percent are three standard errors.

    By the Fisher information of the true circuit, so that it does not depend on the fit.
    """
    z, slopes = circuit.with_derivatives(2 * np.pi * FREQUENCY, values)
    shares = slopes * values[:, None] / np.abs(z) / NOISE
    matrix = np.concatenate([shares.real, shares.imag], axis=1)
    return np.sqrt(np.diag(np.linalg.inv(matrix @ matrix.T))) <= WANTED / 3


@pytest.mark.parametrize(("text", "least"), CIRCUITS)
def test_identifiable_parameters_are_found_within_five_percent(text: str, least: float) -> None:
    rng = np.random.default_rng(11)
    inside, covered, worse = [], [], 0
    for _ in range(SPECTRA):
        circuit, values, spectrum = drawn(text, NOISE, rng)
        fit = fit_circuit(spectrum, circuit)
        known = identifiable(circuit, values)
        inside += list(np.abs(fit.values / values - 1)[known] <= WANTED)
        covered += [p.low <= v <= p.high for p, v in zip(fit.parameters, values, strict=True)]
        true = np.abs(1 - circuit.impedance(FREQUENCY, values) / spectrum.impedance)
        worse += np.sum(np.abs(fit.residuals) ** 2) > np.sum(true**2) * 1.0001
    assert np.mean(inside) >= least, f"{np.mean(inside):.3f} of {len(inside)}"
    assert worse <= (1 - least) * SPECTRA + 1, "the fit stopped beside the optimum"
    # 95 % intervals, four standard errors of a share of correlated parameters wide.
    assert 0.88 <= np.mean(covered) <= 1.0, f"{np.mean(covered):.3f}"


def test_a_spectrum_without_noise_gives_its_parameters() -> None:
    circuit, values, spectrum = drawn("R0-p(R1,CPE1)-p(R2,CPE2)-W1", 0.0, np.random.default_rng(0))
    fit = fit_circuit(spectrum, circuit, intervals=False)
    assert np.allclose(fit.values, values, rtol=1e-5)


@pytest.mark.parametrize("weighting", list(Weighting))
def test_every_weighting_finds_them(weighting: Weighting) -> None:
    circuit, values, spectrum = drawn("R0-p(R1,C1)", 0.001, np.random.default_rng(5))
    fit = fit_circuit(spectrum, circuit, weighting=weighting)
    assert np.allclose(fit.values, values, rtol=0.03)


def test_arcs_that_could_be_exchanged_are_sorted_the_fastest_first() -> None:
    circuit = read_circuit("R0-p(R1,C1)-p(R2,C2)")
    slow_first = np.array([10.0, 50.0, 1e-3, 80.0, 1e-6])
    spectrum = Spectrum(FREQUENCY, circuit.impedance(FREQUENCY, slow_first))
    fit = fit_circuit(spectrum, circuit)
    assert np.allclose(fit.values, [10.0, 80.0, 1e-6, 50.0, 1e-3], rtol=1e-4)
    # A user who names an arc keeps it where it is.
    kept = fit_circuit(spectrum, circuit, guess={"R1": 50.0, "C1": 1e-3, "R2": 80.0, "C2": 1e-6})
    assert np.allclose(kept.values, slow_first, rtol=1e-4)


def test_what_the_data_do_not_determine_is_said() -> None:
    # An arc far above the measured frequencies cannot be told from a resistor.
    circuit = read_circuit("R0-p(R1,C1)")
    rng = np.random.default_rng(2)
    z = noisy(circuit.impedance(FREQUENCY, np.array([10.0, 50.0, 1e-14])), 0.01, rng)
    fit = fit_circuit(Spectrum(FREQUENCY, z), circuit)
    assert fit.undetermined
    two_resistors = fit_circuit(
        Spectrum(FREQUENCY, z), read_circuit("R0-R1"), guess={"R0": 20.0, "R1": 30.0}
    )
    assert two_resistors.undetermined == ["R0", "R1"]


def test_a_capacitor_fitted_with_a_constant_phase_element_has_an_exponent_up_to_one() -> None:
    rng = np.random.default_rng(4)
    _, _, spectrum = drawn("R0-p(R1,C1)", 0.01, rng)
    n = fit_circuit(spectrum, read_circuit("R0-p(R1,CPE1)")).of("CPE1.n")
    assert n.determined
    assert n.low > 0.97
    assert n.high == pytest.approx(1.0, abs=0.01)


def test_a_wrong_circuit_shows_in_the_runs_of_its_residuals() -> None:
    rng = np.random.default_rng(6)
    circuit, _, spectrum = drawn("R0-p(R1,CPE1)-p(R2,CPE2)", 0.002, rng)
    assert fit_circuit(spectrum, circuit).runs_probability > 0.01
    wrong = fit_circuit(spectrum, read_circuit("R0-p(R1,CPE1)"))
    assert wrong.runs_probability < 1e-4


def test_runs_of_noise_are_seldom_few() -> None:
    rng = np.random.default_rng(8)
    chances = np.array([runs_probability(rng.normal(size=60)) for _ in range(2000)])
    assert 0.02 < np.mean(chances < 0.05) < 0.08
    assert runs_probability(np.repeat([1.0, -1.0], 30)) < 1e-10


def test_the_right_circuit_is_chosen() -> None:
    rng = np.random.default_rng(9)
    for text in ("R0-p(R1,CPE1)", "R0-p(R1,CPE1)-p(R2,CPE2)", "R0-p(R1,CPE1)-W1"):
        chosen = []
        for _ in range(3):
            _, _, spectrum = drawn(text, 0.005, rng)
            chosen.append(choose_circuit([spectrum])[0].circuit.text)
        assert chosen.count(text) >= 2, chosen


def test_bad_input_is_refused_by_name() -> None:
    _, _, spectrum = drawn("R0-p(R1,C1)", 0.01, np.random.default_rng(1))
    circuit = read_circuit("R0-p(R1,CPE1)")
    with pytest.raises(InputError, match=r"guess: got 'R7', expected a parameter of .*R1"):
        fit_circuit(spectrum, circuit, guess={"R7": 1.0})
    with pytest.raises(InputError, match=r"guess CPE1\.n: got '1.2', expected a number between"):
        fit_circuit(spectrum, circuit, guess={"CPE1.n": 1.2})
    short = Spectrum(spectrum.frequency[:2], spectrum.impedance[:2])
    with pytest.raises(InputError, match="at least 3 points for the 4 parameters"):
        fit_circuit(short, circuit)


def test_points_that_are_no_numbers_are_left_out() -> None:
    circuit, values, spectrum = drawn("R0-p(R1,C1)", 0.0, np.random.default_rng(1))
    z = spectrum.impedance.copy()
    z[[3, 20]] = [np.nan, np.inf]
    fit = fit_circuit(Spectrum(spectrum.frequency, z), circuit)
    assert len(fit.frequency) == len(z) - 2
    assert np.allclose(fit.values, values, rtol=1e-5)
