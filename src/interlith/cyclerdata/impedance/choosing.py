"""Picks a circuit from a short list, by Schwarz's information criterion.

The list is one to three arcs after a resistor, with nothing, a Warburg or a constant phase element
behind, and an inductor in front where the spectrum has a positive imaginary part at its three
highest frequencies (their median). It is a description, not a mechanism: other circuits may fit as
well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from interlith.cyclerdata.impedance.circuit import Circuit, read_circuit
from interlith.cyclerdata.impedance.fit import Weighting, fit_circuit, usable
from interlith.errors import InputError, Problem

if TYPE_CHECKING:
    from interlith.cyclerdata.spectrum import Spectrum

__all__ = ["Choice", "candidates", "choose_circuit"]

MOST_LOOKED_AT = 5  # spectra of a series on which the choice rests
MOST_ARCS = 3
TAILS = ("", "-W1", "-CPE{next}")


@dataclass(frozen=True)
class Choice:
    """One circuit of the list.

    Attributes
    ----------
    circuit : Circuit
        The circuit.
    information : float
        Schwarz's criterion, summed over the spectra looked at; the smallest is the best.
    undetermined : tuple of str
        Parameters that one of the spectra does not determine.
    loose : int
        Number of spectra looked at that leave a parameter undetermined.
    """

    circuit: Circuit
    information: float
    undetermined: tuple[str, ...]
    loose: int


def candidates(spectrum: Spectrum) -> list[str]:
    """Return the circuits that are tried for a spectrum, those with too many parameters left out.

    A circuit may have half as many parameters as the spectrum has numbers.
    """
    frequency, impedance = usable(spectrum)
    # Three points, since noise alone makes the imaginary part of one positive.
    inductive = len(impedance) > 0 and float(np.median(impedance[:3].imag)) > 0.0
    front = "L0-R0" if inductive else "R0"
    texts = []
    for arcs in range(1, MOST_ARCS + 1):
        body = "".join(f"-p(R{k},CPE{k})" for k in range(1, arcs + 1))
        texts += [front + body + tail.format(next=arcs + 1) for tail in TAILS]
    return [t for t in texts if len(read_circuit(t).parameters) <= len(frequency)]


def choose_circuit(
    spectra: Sequence[Spectrum], *, weighting: Weighting = Weighting.MODULUS
) -> list[Choice]:
    """Return the circuits of the list, the best first.

    The fewer spectra leave a parameter undetermined the better; then the criterion decides.

    Parameters
    ----------
    spectra : sequence of Spectrum
        One, or a series, of which five are looked at.
    weighting : Weighting
        What residuals are divided by.

    Raises
    ------
    InputError
        A spectrum has too few points for the simplest circuit.
    """
    places = np.unique(np.linspace(0, len(spectra) - 1, MOST_LOOKED_AT).round().astype(int))
    looked_at = [spectra[k] for k in places]
    smallest = min(looked_at, key=lambda s: len(usable(s)[0]))
    texts = candidates(smallest)
    if not texts:
        raise InputError(
            Problem(
                smallest.label,
                "spectrum",
                f"{len(usable(smallest)[0])} points",
                "at least 5 points to fit the simplest circuit, R0-p(R1,CPE1)",
            )
        )
    choices = [_choice(text, looked_at, weighting) for text in texts]
    return sorted(choices, key=lambda c: (c.loose, c.information))


def _choice(text: str, spectra: Sequence[Spectrum], weighting: Weighting) -> Choice:
    circuit = read_circuit(text)
    fits = [fit_circuit(s, circuit, weighting=weighting, intervals=False) for s in spectra]
    loose = {name for fit in fits for name in fit.undetermined}
    return Choice(
        circuit,
        sum(fit.bayesian_information for fit in fits),
        tuple(sorted(loose)),
        sum(bool(fit.undetermined) for fit in fits),
    )
