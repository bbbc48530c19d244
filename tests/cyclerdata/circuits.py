"""Spectra of analytic circuits, with noise and drift, for the tests of impedance."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from interlith.cyclerdata.impedance.circuit import Circuit, read_circuit
from interlith.cyclerdata.spectrum import Spectrum

FREQUENCY = np.logspace(6, -1, 61)


def values_of(
    circuit: Circuit, rng: np.random.Generator, frequency: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Draw parameters whose time constants lie inside the measured range.

    Arcs of one circuit are at least a decade and a half apart, in the order of the circuit.
    """
    low, high = 1.0 / (2 * np.pi * frequency.max()), 1.0 / (2 * np.pi * frequency.min())
    timed = sum(e.kind.symbol in {"C", "CPE", "Wo", "Ws", "G"} for e in circuit.elements)
    logs = np.sort(rng.uniform(np.log10(low) + 1, np.log10(high) - 1, timed))
    while np.any(np.diff(logs) < 1.5):
        logs = np.sort(rng.uniform(np.log10(low) + 1, np.log10(high) - 1, timed))
    taus = iter(10.0**logs)
    values: list[float] = []
    resistance = 1.0
    for element in circuit.elements:
        symbol = element.kind.symbol
        if symbol == "R":
            resistance = 10 ** rng.uniform(1, 2)
            values.append(resistance)
        elif symbol == "C":
            values.append(next(taus) / resistance)
        elif symbol == "L":
            values.append(1e-7 * resistance)
        elif symbol == "CPE":
            n = rng.uniform(0.75, 0.98)
            values += [next(taus) ** n / resistance, n]
        elif symbol == "W":
            values.append(10 ** rng.uniform(1, 2) * np.sqrt(2 * np.pi * frequency.min()))
        else:
            values += [10 ** rng.uniform(1, 2), next(taus)]
    return np.array(values)


def noisy(
    impedance: NDArray[np.complex128], share: float, rng: np.random.Generator
) -> NDArray[np.complex128]:
    """Return an impedance with noise of a share of the modulus in both parts."""
    size = impedance.shape
    return impedance + share * np.abs(impedance) * (
        rng.normal(size=size) + 1j * rng.normal(size=size)
    )


def drawn(
    text: str,
    share: float,
    rng: np.random.Generator,
    frequency: NDArray[np.float64] = FREQUENCY,
) -> tuple[Circuit, NDArray[np.float64], Spectrum]:
    """Return a circuit, drawn parameters, and its spectrum with noise."""
    circuit = read_circuit(text)
    values = values_of(circuit, rng, frequency)
    impedance = noisy(circuit.impedance(frequency, values), share, rng)
    return circuit, values, Spectrum(frequency, impedance)


def drifting(
    circuit: Circuit,
    values: NDArray[np.float64],
    growth: float,
    clock: str,
    frequency: NDArray[np.float64] = FREQUENCY,
) -> NDArray[np.complex128]:
    """Return the impedance of a circuit whose resistances grow while it is measured.

    Highest frequency first; evenly with the points, or with the periods that have passed.
    """
    passed = np.arange(len(frequency), dtype=float)
    if clock == "time":
        passed = np.cumsum(1.0 / frequency)
    passed = (passed - passed[0]) / (passed[-1] - passed[0])
    grows = np.array([unit == "ohm" for unit in circuit.units])
    return np.array(
        [
            circuit.impedance(np.array([f]), np.where(grows, values * (1.0 + growth * s), values))[
                0
            ]
            for f, s in zip(frequency, passed, strict=True)
        ]
    )
