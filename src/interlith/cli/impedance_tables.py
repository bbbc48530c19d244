"""What people see of impedance spectra."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from interlith.cli.tables import number, plain_table
from interlith.cyclerdata.impedance.order import arcs_of
from interlith.cyclerdata.impedance.study import OHM_CM2, Study

if TYPE_CHECKING:
    from rich.console import Console

    from interlith.cyclerdata.impedance.drt import RelaxationTimes
    from interlith.cyclerdata.impedance.series import SpectraSeries

__all__ = ["print_study"]

MOST_ROWS = 60
FEW_RUNS = 0.01
CHOICES_SHOWN = 3


def print_study(console: Console, file: Path, found: Study) -> None:
    """Show the circuit, its parameters, the tests, and the course in time."""
    count = len(found.spectra)
    label = found.spectra[found.shown].label
    which = f", shown: {found.shown + 1}{f' ({label})' if label else ''}" if count > 1 else ""
    console.print(f"{file}: {count} spectr{'um' if count == 1 else 'a'}{which}")
    if found.choices:
        others = ", ".join(
            f"{c.circuit.text} ({c.information - found.choices[0].information:+.1f})"
            for c in found.choices[1 : 1 + CHOICES_SHOWN]
        )
        console.print(
            f"Circuit {found.fit.circuit.text}, chosen by Schwarz's criterion from "
            f"{len(found.choices)}; next: {others or 'none'}"
        )
    _print_parameters(console, found)
    _print_quality(console, found)
    if found.relaxation is not None:
        _print_relaxation(console, found.relaxation)
    if found.series is not None:
        _print_series(console, found, found.series)


def _print_parameters(console: Console, found: Study) -> None:
    areal = found.area is not None
    extra = ("ohm cm2",) if areal else ()
    table = plain_table("name", "value", "unit", *extra, "± 1 s.e.", "95 % interval", "from")
    for p in found.fit.parameters:
        interval = f"{number(p.low)} to {number(p.high)}"
        density = number(p.value * found.area * OHM_CM2) if found.area and p.unit == "ohm" else ""
        error = number(p.error) if np.isfinite(p.error) else "unbounded"
        note = p.interval if p.determined else f"{p.interval}: not determined by the data"
        row = (p.name, number(p.value), p.unit, *((density,) if areal else ()), error)
        table.add_row(*row, interval, note)
    console.print(table)
    if not areal:
        console.print("Area: not recorded; with --area resistances are shown in ohm cm2 too.")
    for arc in arcs_of(found.fit.circuit, found.fit.values):
        tau, farad = float(arc["tau_s"]), float(arc["capacitance_F"])
        console.print(
            f"Arc {arc['name']}: {number(float(arc['resistance_ohm']))} ohm, time constant "
            f"{number(tau)} s ({number(1.0 / (2.0 * np.pi * tau))} Hz), capacitance "
            f"{number(farad)} F"
        )


def _print_quality(console: Console, found: Study) -> None:
    fit, test = found.fit, found.test
    chi = ""
    if test is not None:
        chi = f", reduced chi-square {number(fit.reduced_chi_square(test.noise))}"
    console.print(f"Residuals: {100.0 * fit.noise:.2g} % ({fit.weighting.value} weighting){chi}")
    if fit.runs_probability < FEW_RUNS:
        console.print(
            f"Residuals keep their sign along frequency (runs test, p = "
            f"{fit.runs_probability:.1g}): the circuit misses something that is not noise."
        )
    if fit.undetermined:
        console.print(f"Not determined by the data: {', '.join(fit.undetermined)}")
    verdict = "not tested: fewer than seven points" if test is None else test.verdict
    console.print(f"Kramers-Kronig: {verdict}")


def _print_relaxation(console: Console, relaxation: RelaxationTimes) -> None:
    console.print(
        f"Relaxation times: polarisation {number(relaxation.polarisation)} ohm, ohmic "
        f"{number(relaxation.ohmic)} ohm, {100.0 * relaxation.edge_share:.2g} % beyond the "
        f"measured range; regularised by maximum {relaxation.criterion.value}"
    )
    table = plain_table("tau / s", "ohm", "width / decades", "stands out of the band")
    for p in relaxation.peaks:
        table.add_row(
            number(p.tau), number(p.resistance), number(p.width), "yes" if p.certain else "no"
        )
    console.print(table)


def _print_series(console: Console, found: Study, series: SpectraSeries) -> None:
    spans = series.spans
    names = [p.name for p in found.fit.parameters if p.unit == "ohm"]
    head = (f"R({spans.highest:.3g} Hz)", f"R({spans.lowest:.3g} Hz)", "difference")
    table = plain_table("spectrum", "time / h", *head, *names, "Kramers-Kronig")
    every = -(-len(series.fits) // MOST_ROWS)
    for k in range(0, len(series.fits), every):
        test = found.tests[k]
        verdict = "-" if test is None else "pass" if test.passed else "fail"
        time = "-" if np.isnan(spans.time[k]) else number(spans.time[k] / 3600.0)
        values = (spans.high[k], spans.low[k], spans.span[k])
        fitted = (p.value if p.determined else None for p in map(series.fits[k].of, names))
        table.add_row(str(k + 1), time, *map(number, values), *map(number, fitted), verdict)
    console.print(table)
    console.print("A dash: that spectrum does not determine the parameter.")
    if not series.collapses:
        console.print("No collapse of the arcs.")
    for event in series.collapses:
        when = "" if event.time_h is None else f" at {number(event.time_h)} h"
        console.print(f"{event.kind}{when}: {event.evidence}")
