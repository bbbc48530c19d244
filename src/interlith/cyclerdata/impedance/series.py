"""Spectra against time: each is fitted from the one before, so that arcs keep their names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from interlith.cyclerdata.impedance.circuit import Circuit
from interlith.cyclerdata.impedance.collapse import ArcCollapse, Spans, arc_collapse, spans
from interlith.cyclerdata.impedance.fit import CircuitFit, Parameter, Weighting, fit_circuit

if TYPE_CHECKING:
    from interlith.cyclerdata.spectrum import Spectrum

__all__ = ["SpectraSeries", "follow"]

POOR = 2.0  # a seeded fit this much noisier than a fresh one of its neighbour is tried afresh


@dataclass(frozen=True)
class SpectraSeries:
    """A circuit fitted to each spectrum of a series, and what needs no circuit.

    Attributes
    ----------
    fits : tuple of CircuitFit
        One a spectrum.
    spans : Spans
        Real part at the lowest less that at the highest common frequency.
    collapses : tuple of ArcCollapse
        Where the arcs collapse, found from the spans.
    """

    fits: tuple[CircuitFit, ...]
    spans: Spans
    collapses: tuple[ArcCollapse, ...]

    def of(self, name: str) -> list[Parameter]:
        """Return a parameter of all fits."""
        return [fit.of(name) for fit in self.fits]


def follow(
    spectra: Sequence[Spectrum],
    circuit: Circuit,
    *,
    weighting: Weighting = Weighting.MODULUS,
    guess: Mapping[str, float] | None = None,
) -> SpectraSeries:
    """Fit a circuit to every spectrum of a series.

    Parameters
    ----------
    spectra : sequence of Spectrum
        In the order in which they were measured.
    circuit : Circuit
        What is fitted.
    weighting : Weighting
        What residuals are divided by.
    guess : mapping of str to float, optional
        Where the first fit starts.
    """
    fits: list[CircuitFit] = []
    for spectrum in spectra:
        fits.append(_next(spectrum, circuit, weighting, guess, fits))
    return SpectraSeries(tuple(fits), spans(spectra), tuple(arc_collapse(spectra)))


def _next(
    spectrum: Spectrum,
    circuit: Circuit,
    weighting: Weighting,
    guess: Mapping[str, float] | None,
    before: list[CircuitFit],
) -> CircuitFit:
    if not before:
        return fit_circuit(spectrum, circuit, weighting=weighting, guess=guess, intervals=False)
    seeded = fit_circuit(
        spectrum, circuit, weighting=weighting, seed=before[-1].values, intervals=False
    )
    usual = float(np.median([fit.noise for fit in before]))
    if seeded.noise <= POOR * usual:
        return seeded
    fresh = fit_circuit(spectrum, circuit, weighting=weighting, guess=guess, intervals=False)
    return fresh if fresh.noise < seeded.noise else seeded
