"""Circuits: the grammar, the laws of the elements, the derivatives."""

from __future__ import annotations

import numpy as np
import pytest

from interlith.cyclerdata.impedance.circuit import Circuit, read_circuit
from interlith.errors import InputError

OMEGA = 2 * np.pi * np.logspace(6, -2, 33)


def impedance(text: str, *values: float, omega: np.ndarray = OMEGA) -> np.ndarray:
    return read_circuit(text).with_derivatives(omega, np.array(values))[0]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r"an element .* at end"),
        ("R0-", r"an element .* at end"),
        ("R0--R1", r"an element .* at character 4"),
        ("p(R1)", r"',' and a second branch of p\(...\) at character 5"),
        ("R0-p(R1,C1", r"'-', ',' or '\)' at end"),
        ("Q1", r"instead of 'Q' at character 1"),
        ("R1-R1", r"another name than 'R1'.* at character 4"),
        ("R0)", r"'-' or the end of the circuit at character 3"),
        ("R0 R1", r"'-' or the end of the circuit at character 4"),
        ("p R1", r"'\(' after p at character 3"),
        ("__import__('os').system('true')", r"at character 1"),
        ("p(" * 40 + "R1", r"at most 12 p\(...\) inside each other"),
        ("-".join(f"R{k}" for k in range(400)), r"at most 400 characters"),
    ],
)
def test_a_text_that_is_no_circuit_is_refused_with_its_place(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_circuit(text)


def test_blanks_do_not_count_and_parameters_have_the_order_of_the_text() -> None:
    circuit = read_circuit(" R0 - p( R1 , CPE1 ) - Ws2 ")
    assert circuit.parameters == ["R0", "R1", "CPE1.Q", "CPE1.n", "Ws2.R", "Ws2.tau"]
    assert circuit.units == ["ohm", "ohm", "s^n/ohm", "1", "ohm", "s"]


def test_elements_have_their_impedance() -> None:
    s = 1j * OMEGA
    assert np.allclose(impedance("R1", 3.0), 3.0)
    assert np.allclose(impedance("C1", 2e-6), 1 / (s * 2e-6))
    assert np.allclose(impedance("L1", 2e-6), s * 2e-6)
    assert np.allclose(impedance("CPE1", 2e-6, 0.8), 1 / (2e-6 * s**0.8))
    assert np.allclose(impedance("CPE1", 2e-6, 1.0), impedance("C1", 2e-6))
    # A Warburg is a constant phase element with n = 1/2 and Q = 1/(sigma sqrt 2).
    assert np.allclose(impedance("W1", 5.0), impedance("CPE1", 1 / (5.0 * np.sqrt(2)), 0.5))
    assert np.allclose(impedance("p(R1,C1)", 50.0, 1e-6), 50 / (1 + s * 50e-6))


def test_finite_diffusion_has_its_limits() -> None:
    slow, fast = np.array([1e-6]), np.array([1e6])
    assert impedance("Ws1", 7.0, 1.0, omega=slow)[0] == pytest.approx(7.0, rel=1e-5)
    # Blocked diffusion is a capacitor tau/R with a third of R in series at low frequency.
    blocked = impedance("Wo1", 7.0, 1.0, omega=slow)[0]
    assert blocked.real == pytest.approx(7.0 / 3.0, rel=1e-5)
    assert -1 / (blocked.imag * slow[0]) == pytest.approx(1.0 / 7.0, rel=1e-5)
    assert impedance("G1", 7.0, 1.0, omega=slow)[0] == pytest.approx(7.0, rel=1e-5)
    # At high frequency no diffusion sees its end: all are the same Warburg.
    warburg = impedance("W1", 7.0 / np.sqrt(2.0), omega=fast)
    for text in ("Ws1", "Wo1", "G1"):
        assert np.allclose(impedance(text, 7.0, 1.0, omega=fast), warburg, rtol=1e-5)


def test_nesting_is_what_it_says() -> None:
    r, sigma, c = 50.0, 2.0, 1e-6
    branch = r + impedance("W1", sigma)
    expected = 10.0 + 1 / (1 / branch + 1j * OMEGA * c)
    assert np.allclose(impedance("R0-p(R1-W1,C1)", 10.0, r, sigma, c), expected)


@pytest.mark.parametrize(
    "text",
    [
        "L0-R0-p(R1,CPE1)-p(R2,C2)-W1",
        "R0-p(R1-Ws1,CPE1)-Wo2",
        "p(C1,R1-p(C2,R2-G1))",
        "p(R1,L1)-R2",
    ],
)
def test_derivatives_are_those_of_finite_differences(text: str) -> None:
    circuit = read_circuit(text)
    rng = np.random.default_rng(3)
    values = np.exp(rng.normal(size=len(circuit.parameters)))
    values[circuit.is_exponent] = 0.8
    z, slopes = circuit.with_derivatives(OMEGA, values)
    for k, name in enumerate(circuit.parameters):
        numeric = _difference(circuit, values, k)
        rounding = 1e-8 * np.abs(z).max() / values[k]
        assert np.allclose(slopes[k], numeric, rtol=1e-5, atol=rounding), name


def _difference(circuit: Circuit, values: np.ndarray, k: int) -> np.ndarray:
    step = np.zeros_like(values)
    step[k] = 1e-6 * values[k]
    up, down = (circuit.with_derivatives(OMEGA, values + s * step)[0] for s in (1, -1))
    return (up - down) / (2 * step[k])
