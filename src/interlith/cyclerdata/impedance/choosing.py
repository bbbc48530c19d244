"""Picks a circuit from a short list, by Schwarz's information criterion.

The list is one to three arcs after a resistor, with nothing, a Warburg or a constant phase element
behind, and an inductor in front where the spectrum has a positive imaginary part at its highest
frequency. It is a description, not a mechanism: other circuits may fit as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from interlith.cyclerdata.impedance.circuit import read_circuit
from interlith.cyclerdata.impedance.fit import CircuitFit, Weighting, fit_circuit, usable
from interlith.errors import InputError, Problem

if TYPE_CHECKING:
    from interlith.cyclerdata.spectrum import Spectrum

__all__ = ["candidates", "choose_circuit"]

MOST_ARCS = 3
TAILS = ("", "-W1", "-CPE{next}")


def candidates(spectrum: Spectrum) -> list[str]:
    """Return the circuits that are tried for a spectrum, those with too many parameters left out.

    A circuit may have half as many parameters as the spectrum has numbers.
    """
    frequency, impedance = usable(spectrum)
    front = "L0-R0" if len(impedance) and impedance[0].imag > 0.0 else "R0"
    texts = []
    for arcs in range(1, MOST_ARCS + 1):
        body = "".join(f"-p(R{k},CPE{k})" for k in range(1, arcs + 1))
        texts += [front + body + tail.format(next=arcs + 1) for tail in TAILS]
    return [t for t in texts if len(read_circuit(t).parameters) <= len(frequency)]


def choose_circuit(
    spectrum: Spectrum, *, weighting: Weighting = Weighting.MODULUS
) -> list[CircuitFit]:
    """Return fits of all candidates, the best first.

    A candidate with parameters that the data do not determine comes after all others.

    Raises
    ------
    InputError
        The spectrum has too few points for the simplest circuit.
    """
    texts = candidates(spectrum)
    if not texts:
        raise InputError(
            Problem(
                spectrum.label,
                "spectrum",
                f"{len(usable(spectrum)[0])} points",
                "at least 4 points to fit the simplest circuit, R0-p(R1,CPE1)",
            )
        )
    fits = [
        fit_circuit(spectrum, read_circuit(text), weighting=weighting, intervals=False)
        for text in texts
    ]
    fits.sort(key=lambda fit: (bool(fit.undetermined), fit.bayesian_information))
    # The intervals of the badly determined take the longest: only those of the winner are shown.
    best = fits[0]
    final = fit_circuit(spectrum, best.circuit, weighting=weighting, seed=best.values)
    return [final, *fits[1:]]
