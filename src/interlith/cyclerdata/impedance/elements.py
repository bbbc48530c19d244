"""Impedance of circuit elements, and its derivatives by each parameter.

Angular frequency in rad/s, impedance in ohm. The finite Warburg elements and Gerischer's are given
by their resistance at zero frequency and a time constant, as Boukamp 2020 has them
(doi:10.1088/2515-7655/aba9e0); the constant phase element is 1/(Q (jω)^n).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Complex = NDArray[np.complex128]
    Law = Callable[[NDArray[np.float64], NDArray[np.float64]], tuple[Complex, list[Complex]]]

__all__ = ["ELEMENTS", "ElementKind"]


@dataclass(frozen=True)
class ElementKind:
    """What an element of a circuit is.

    Attributes
    ----------
    symbol : str
        How it is written in a circuit, without its number.
    meaning : str
        What it is, for messages.
    parameters : tuple of str
        Names after the point in ``CPE1.Q``; empty text where there is only one.
    units : tuple of str
        Unit of each parameter.
    law : callable
        From angular frequencies and parameter values to impedance and its derivatives.
    """

    symbol: str
    meaning: str
    parameters: tuple[str, ...]
    units: tuple[str, ...]
    law: Law


def _resistor(omega: NDArray[np.float64], p: NDArray[np.float64]) -> tuple[Complex, list[Complex]]:
    one = np.ones_like(omega, dtype=complex)
    return p[0] * one, [one]


def _capacitor(omega: NDArray[np.float64], p: NDArray[np.float64]) -> tuple[Complex, list[Complex]]:
    z = 1.0 / (1j * omega * p[0])
    return z, [-z / p[0]]


def _inductor(omega: NDArray[np.float64], p: NDArray[np.float64]) -> tuple[Complex, list[Complex]]:
    slope: Complex = (1j * omega).astype(np.complex128)
    return slope * p[0], [slope]


def _constant_phase(
    omega: NDArray[np.float64], p: NDArray[np.float64]
) -> tuple[Complex, list[Complex]]:
    log = np.log(omega) + 0.5j * np.pi  # of jω
    z = np.exp(-p[1] * log) / p[0]
    return z, [-z / p[0], -z * log]


def _warburg(omega: NDArray[np.float64], p: NDArray[np.float64]) -> tuple[Complex, list[Complex]]:
    shape = (1.0 - 1.0j) / np.sqrt(omega)
    return p[0] * shape, [shape]


def _warburg_open(
    omega: NDArray[np.float64], p: NDArray[np.float64]
) -> tuple[Complex, list[Complex]]:
    u = np.sqrt(1j * omega * p[1])
    coth = 1.0 / np.tanh(u)
    shape = coth / u
    by_tau = p[0] / (2.0 * p[1]) * (1.0 - coth**2 - shape)
    return p[0] * shape, [shape, by_tau]


def _warburg_short(
    omega: NDArray[np.float64], p: NDArray[np.float64]
) -> tuple[Complex, list[Complex]]:
    u = np.sqrt(1j * omega * p[1])
    tanh = np.tanh(u)
    shape = tanh / u
    by_tau = p[0] / (2.0 * p[1]) * (1.0 - tanh**2 - shape)
    return p[0] * shape, [shape, by_tau]


def _gerischer(omega: NDArray[np.float64], p: NDArray[np.float64]) -> tuple[Complex, list[Complex]]:
    base = 1.0 + 1j * omega * p[1]
    shape = base**-0.5
    return p[0] * shape, [shape, -0.5j * p[0] * omega * base**-1.5]


_OHM, _SECOND = "ohm", "s"
ELEMENTS: dict[str, ElementKind] = {
    kind.symbol: kind
    for kind in (
        ElementKind("R", "resistor", ("",), (_OHM,), _resistor),
        ElementKind("C", "capacitor", ("",), ("F",), _capacitor),
        ElementKind("L", "inductor", ("",), ("H",), _inductor),
        ElementKind("CPE", "constant phase element", ("Q", "n"), ("s^n/ohm", "1"), _constant_phase),
        ElementKind("W", "semi-infinite Warburg", ("",), ("ohm/s^0.5",), _warburg),
        ElementKind(
            "Wo", "Warburg of finite space, blocked", ("R", "tau"), (_OHM, _SECOND), _warburg_open
        ),
        ElementKind(
            "Ws", "Warburg of finite length, open", ("R", "tau"), (_OHM, _SECOND), _warburg_short
        ),
        ElementKind("G", "Gerischer", ("R", "tau"), (_OHM, _SECOND), _gerischer),
    )
}
"""Every element that can stand in a circuit, by symbol."""
