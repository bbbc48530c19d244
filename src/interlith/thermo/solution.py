"""Solution phases: Gibbs energy of mixing from assessed parameters (CALPHAD).

    G_m = Σ x_i °G_i + R T Σ x_i ln x_i + x_A x_B Σ_k L_k (x_A - x_B)^k      (Redlich-Kister)

The chemical potential of lithium follows from the tangent, μ_Li = G + (1 - x) dG/dx, and two phases
coexist where they share one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from interlith.physics.constants import FARADAY, GAS_CONSTANT

SAMPLES = 60
COARSE = 20  # in systems of more than two elements


@dataclass(frozen=True, slots=True)
class Solution:
    """One phase of lithium and a metal.

    Parameters
    ----------
    name
        How it is called in results.
    metal
        The other element.
    source
        Key of the source of the parameters.
    lithium, metal_lattice
        Energy of both elements in this lattice over their stable form: a + b T [J/mol].
    interaction
        Redlich-Kister parameters of (Li, metal), each a + b T [J/mol].
    """

    name: str
    metal: str
    source: str
    lithium: tuple[float, float]
    metal_lattice: tuple[float, float]
    interaction: tuple[tuple[float, float], ...]

    def gibbs_J_mol(self, x: NDArray[np.float64], temperature_K: float) -> NDArray[np.float64]:
        """Return the Gibbs energy of formation [J per mol of atoms] at lithium fractions `x`."""
        t = temperature_K

        def at(pair: tuple[float, float]) -> float:
            return pair[0] + pair[1] * t

        y = 1.0 - x
        with np.errstate(divide="ignore", invalid="ignore"):
            ideal = np.where(x > 0, x * np.log(x), 0.0) + np.where(y > 0, y * np.log(y), 0.0)
        excess = sum(at(pair) * (x - y) ** k for k, pair in enumerate(self.interaction))
        total = x * at(self.lithium) + y * at(self.metal_lattice)
        return np.asarray(total + GAS_CONSTANT * t * ideal + x * y * excess)

    def potential_V(self, x: NDArray[np.float64], temperature_K: float) -> NDArray[np.float64]:
        """Return the potential against lithium [V] at lithium fractions between 0 and 1."""
        step = 1e-5
        slope = (
            self.gibbs_J_mol(x + step, temperature_K) - self.gibbs_J_mol(x - step, temperature_K)
        ) / (2.0 * step)
        return -(self.gibbs_J_mol(x, temperature_K) + (1.0 - x) * slope) / FARADAY


# Saunders in COST 507 (1998), Li-Mg and Al-Li. Magnesium as bcc 3100 - 2.1 T, aluminium as bcc
# 10083 - 4.813 T and lithium as fcc -108 + 1.3 T, as hcp -154 + 2 T: Dinsdale, CALPHAD 15, 317
# (1991), doi 10.1016/0364-5916(91)90030-N (values as in the same file).
SOLUTIONS = (
    Solution(
        "bcc Li-Mg",
        "Mg",
        "cost507",
        (0.0, 0.0),
        (3100.0, -2.1),
        ((-18335.0, 8.49), (3481.0, 0.0), (2658.0, -0.114)),
    ),
    Solution(
        "hcp Mg-Li",
        "Mg",
        "cost507",
        (-154.0, 2.0),
        (0.0, 0.0),
        ((-6856.0, 0.0), (4000.0, 0.0), (4000.0, 0.0)),
    ),
    # The file orders Al before Li, so its odd term changes sign; it is 1e-6 J/mol.
    Solution(
        "fcc Al-Li",
        "Al",
        "cost507",
        (-108.0, 1.3),
        (0.0, 0.0),
        ((-27000.0, 8.0), (0.0, 0.0), (3000.0, 1.0)),
    ),
    Solution(
        "bcc Li-Al",
        "Al",
        "cost507",
        (0.0, 0.0),
        (10083.0, -4.813),
        ((-27000.0, 8.0), (0.0, 0.0), (3000.0, 0.0)),
    ),
)

SOLUTION_NAMES = frozenset(solution.name for solution in SOLUTIONS)


def fractions(fine: bool = True) -> NDArray[np.float64]:
    """Return the lithium fractions at which solutions enter phase diagrams.

    Even steps, and finer towards both pure ends, where the logarithm is steep.
    """
    ends = np.array([1e-4, 3e-4, 1e-3, 2e-3, 4e-3, 7e-3])
    return np.concatenate(
        [ends, np.linspace(0.01, 0.99, SAMPLES if fine else COARSE), 1.0 - ends[::-1]]
    )


def samples(
    solution: Solution, temperature_K: float, fine: bool = True
) -> list[tuple[float, float]]:
    """Return (lithium fraction, Gibbs energy in eV per atom) over the whole range."""
    x = fractions(fine)
    energies = solution.gibbs_J_mol(x, temperature_K) / FARADAY
    return [(float(a), float(b)) for a, b in zip(x, energies, strict=True)]


def two_phase(
    first: Solution, second: Solution, temperature_K: float
) -> tuple[float, float, float] | None:
    """Return both lithium fractions of a common tangent and its potential [V].

    Parameters
    ----------
    first, second
        The phase poor and the phase rich in lithium.
    temperature_K
        Temperature [K].

    Returns
    -------
    tuple or None
        None where the two have no common tangent.
    """
    from scipy.optimize import root

    def both(z: NDArray[np.float64]) -> list[float]:
        a, b = (1.0 / (1.0 + math.exp(-value)) for value in z)
        u, v = (
            (float(phase.potential_V(np.array(x), temperature_K)), _metal(phase, x, temperature_K))
            for phase, x in ((first, a), (second, b))
        )
        return [u[0] - v[0], u[1] - v[1]]

    for low, high in ((0.1, 0.5), (0.02, 0.4), (0.2, 0.7), (0.002, 0.99)):
        start = [math.log(low / (1 - low)), math.log(high / (1 - high))]
        found = root(both, start, tol=1e-12)
        a, b = (1.0 / (1.0 + math.exp(-value)) for value in found.x)
        if found.success and b - a > 1e-3:
            return a, b, float(first.potential_V(np.array(a), temperature_K))
    return None


def _metal(phase: Solution, x: float, temperature_K: float) -> float:
    """Return -μ_metal/F [V]."""
    gibbs = float(phase.gibbs_J_mol(np.array(x), temperature_K)) / FARADAY
    lithium = float(phase.potential_V(np.array(x), temperature_K))
    return -(gibbs + x * lithium) / (1.0 - x)
