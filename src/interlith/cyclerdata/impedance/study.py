"""All that is said about the spectra of one file: circuit, fit, tests, relaxation times, course."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from interlith.cyclerdata.impedance.choosing import Choice, choose_circuit
from interlith.cyclerdata.impedance.circuit import read_circuit
from interlith.cyclerdata.impedance.drt import (
    DRAWS,
    LEAST_POINTS,
    RelaxationTimes,
    relaxation_times,
)
from interlith.cyclerdata.impedance.fit import CircuitFit, Weighting, fit_circuit
from interlith.cyclerdata.impedance.kramers_kronig import KramersKronig, kramers_kronig
from interlith.cyclerdata.impedance.order import arcs_of
from interlith.cyclerdata.impedance.series import SpectraSeries, follow
from interlith.errors import InputError, Problem

if TYPE_CHECKING:
    from interlith.cyclerdata.spectrum import Spectrum

__all__ = ["Study", "study"]

OHM_CM2 = 1e4  # ohm·m² to ohm·cm²


@dataclass(frozen=True)
class Study:
    """What was found in the spectra of one file.

    Attributes
    ----------
    spectra : tuple of Spectrum
        All of them.
    shown : int
        Which one the fit, the test and the relaxation times are of, from 0.
    choices : tuple of Choice
        Circuits tried, the best first; empty where the user gave one.
    fit : CircuitFit
        Of the spectrum shown.
    tests : tuple of KramersKronig or None
        One a spectrum; None where it has too few points.
    relaxation : RelaxationTimes or None
        Of the spectrum shown, if asked for.
    series : SpectraSeries or None
        If there is more than one spectrum.
    area : float or None
        Of the cell [m²]; None where nobody said.
    """

    spectra: tuple[Spectrum, ...]
    shown: int
    choices: tuple[Choice, ...]
    fit: CircuitFit
    tests: tuple[KramersKronig | None, ...]
    relaxation: RelaxationTimes | None
    series: SpectraSeries | None
    area: float | None

    @property
    def test(self) -> KramersKronig | None:
        """The Kramers-Kronig test of the spectrum shown."""
        return self.tests[self.shown]

    def summary(self) -> dict[str, Any]:
        """Return all as names and numbers; the unit stands in the name."""
        fit, test = self.fit, self.test
        return {
            "spectra": len(self.spectra),
            "shown": self.shown + 1,
            "area_cm2": None if self.area is None else 1e4 * self.area,
            "circuit": fit.circuit.text,
            "circuit_chosen_from": [
                {
                    "circuit": c.circuit.text,
                    "schwarz": c.information,
                    "undetermined": c.undetermined,
                }
                for c in self.choices
            ],
            "fit": {
                "weighting": fit.weighting.value,
                "parameters": [self._parameter(p.name) for p in fit.parameters],
                "undetermined": fit.undetermined,
                "arcs": arcs_of(fit.circuit, fit.values),
                "noise_percent": 100.0 * fit.noise,
                "reduced_chi_square": None if test is None else fit.reduced_chi_square(test.noise),
                "runs_probability": fit.runs_probability,
                "correlation": fit.correlation,
            },
            "kramers_kronig": None if test is None else _test(test),
            "relaxation_times": None if self.relaxation is None else _relaxation(self.relaxation),
            "series": None if self.series is None else self._course(self.series),
        }

    def _parameter(self, name: str) -> dict[str, Any]:
        p = self.fit.of(name)
        entry = {
            "name": p.name,
            "unit": p.unit,
            "value": p.value,
            "standard_error": p.error,
            "low_95": p.low,
            "high_95": p.high,
            "interval": p.interval,
            "determined": p.determined,
        }
        if self.area is not None and p.unit == "ohm":
            entry["value_ohm_cm2"] = p.value * self.area * OHM_CM2
        return entry

    def _course(self, series: SpectraSeries) -> dict[str, Any]:
        tests = self.tests
        return {
            "time_h": series.spans.time / 3600.0,
            "highest_Hz": series.spans.highest,
            "lowest_Hz": series.spans.lowest,
            "real_at_highest_ohm": series.spans.high,
            "real_at_lowest_ohm": series.spans.low,
            "span_ohm": series.spans.span,
            "kramers_kronig_passed": [None if t is None else t.passed for t in tests],
            "parameters": {
                # Nothing where the spectrum does not determine it.
                name: [p.value if p.determined else None for p in series.of(name)]
                for name in self.fit.circuit.parameters
            },
            "events": [
                {
                    "time_h": e.time_h,
                    "kind": e.kind,
                    "evidence": e.evidence,
                    "spectrum": e.index + 1,
                    "between_h": e.between_h,
                    "arc_before_ohm": e.arc_before,
                    "arc_after_ohm": e.arc_after,
                    "resistance_remaining": e.remains,
                    "probability": e.probability,
                }
                for e in series.collapses
            ],
        }


def _test(test: KramersKronig) -> dict[str, Any]:
    return {
        "passed": test.passed,
        "verdict": test.verdict,
        "probability": test.probability,
        "violation_percent": 100.0 * test.violation,
        "counts_from_percent": 100.0 * test.accuracy,
        "noise_percent": 100.0 * test.noise,
        "drift_percent": 100.0 * test.drift,
        "drift_error_percent": 100.0 * test.drift_error,
        "drift_linear_in": test.drift_clock,
        "evidence": test.evidence,
        "elements": test.elements,
        "mu": test.mu,
        "representation": test.representation,
    }


def _relaxation(found: RelaxationTimes) -> dict[str, Any]:
    return {
        "criterion": found.criterion.value,
        "regularisation": found.regularisation,
        "polarisation_ohm": found.polarisation,
        "ohmic_ohm": found.ohmic,
        "inductance_H": found.inductance,
        "capacitance_F": found.capacitance,
        "noise_percent": 100.0 * found.noise,
        "share_beyond_measured_range": found.edge_share,
        "peaks": [
            {
                "tau_s": p.tau,
                "resistance_ohm": p.resistance,
                "width_decades": p.width,
                "certain": p.certain,
            }
            for p in found.peaks
        ],
        "tau_s": found.tau,
        "gamma_ohm": found.gamma,
        "low_95_ohm": found.low,
        "high_95_ohm": found.high,
    }


def study(
    spectra: Sequence[Spectrum],
    *,
    circuit: str | None = None,
    guess: Mapping[str, float] | None = None,
    weighting: Weighting = Weighting.MODULUS,
    drt: bool = False,
    shown: int = 0,
    area: float | None = None,
) -> Study:
    """Return all that can be said about the spectra of one file.

    Parameters
    ----------
    spectra : sequence of Spectrum
        In the order in which they were measured.
    circuit : str, optional
        What is fitted; by default chosen from a short list.
    guess : mapping of str to float, optional
        Starting values by name.
    weighting : Weighting
        What residuals are divided by.
    drt : bool
        Whether the distribution of relaxation times is wanted.
    shown : int
        Which spectrum is looked at closely, from 0.
    area : float, optional
        Of the cell [m²].

    Raises
    ------
    InputError
        The circuit is none, there is no such spectrum, or it has too few points.
    """
    if not 0 <= shown < len(spectra):
        expected = f"a number from 1 to {len(spectra)}"
        raise InputError(Problem("", "spectrum", str(shown + 1), expected))
    choices: tuple[Choice, ...] = ()
    if circuit is None:
        choices = tuple(choose_circuit(spectra, weighting=weighting))
        used = choices[0].circuit
    else:
        used = read_circuit(circuit, "--circuit")
    one = spectra[shown]
    return Study(
        spectra=tuple(spectra),
        shown=shown,
        choices=choices,
        fit=fit_circuit(one, used, weighting=weighting, guess=guess),
        tests=tuple(_tested(spectrum) for spectrum in spectra),
        relaxation=relaxation_times(one, draws=DRAWS) if drt else None,
        series=follow(spectra, used, weighting=weighting, guess=guess)
        if len(spectra) > 1
        else None,
        area=area,
    )


def _tested(spectrum: Spectrum) -> KramersKronig | None:
    return kramers_kronig(spectrum) if len(spectrum.frequency) >= LEAST_POINTS else None
