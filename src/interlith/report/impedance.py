"""Pictures of impedance spectra: Nyquist, Bode, residuals, relaxation times, course in time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from interlith.cyclerdata.impedance.study import Study
from interlith.report.style import (
    BLACK,
    BLUE,
    DOUBLE_COLUMN_MM,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    SINGLE_COLUMN_MM,
    SKY,
    VERMILLION,
    Margins,
    canvas,
    letter,
    plain_ticks,
    printable,
    sequence,
    styled,
    title,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from interlith.cyclerdata.impedance.drt import RelaxationTimes
    from interlith.cyclerdata.impedance.series import SpectraSeries
    from interlith.cyclerdata.spectrum import Spectrum

__all__ = ["draw_study"]

MOST_SPECTRA = 7  # in one Nyquist plot
COLOURS = (BLUE, ORANGE, GREEN, PURPLE, SKY, BLACK)
MARKERS = "osD^vP"


def draw_study(found: Study) -> list[tuple[str, Figure]]:
    """Return all pictures of a study, by name."""
    pictures = [
        ("nyquist", nyquist(found)),
        ("bode", bode(found)),
        ("residuals", residuals(found)),
    ]
    if found.relaxation is not None:
        pictures.append(("relaxation-times", distribution(found.relaxation)))
    if found.series is not None:
        pictures.append(("series-nyquist", series_nyquist(found.spectra)))
        pictures.append(("series", course(found, found.series)))
    return pictures


def _decades(axes: Axes) -> None:
    """Make the horizontal axis logarithmic, with powers of ten as plain characters.

    The style keeps matplotlib from reading dollar signs, and its own labels consist of them.
    """
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(LogLocator(numticks=10))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: power_of_ten(value)))
    axes.xaxis.set_minor_formatter(NullFormatter())


def power_of_ten(value: float) -> str:
    """Return 1000 as 10³."""
    exponent = str(round(float(np.log10(value))))
    return "10" + exponent.translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


# ------------------------------------------------------------------------------------ one spectrum
@styled
def nyquist(found: Study) -> Figure:
    """Return the spectrum in the complex plane, scales equal, decades of frequency marked."""
    fit = found.fit
    z = fit.measured
    figure, panels = _complex_plane([z, fit.fitted])
    axes = panels[0][0]
    axes.plot(z.real, -z.imag, "o", color=BLUE, markerfacecolor="none", label="measured")
    smooth = np.geomspace(fit.frequency.min(), fit.frequency.max(), 400)
    curve = fit.circuit.impedance(smooth, fit.values)
    axes.plot(curve.real, -curve.imag, color=VERMILLION, label=printable(fit.circuit.text, 44))
    _mark_decades(axes, fit.frequency, z)
    axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncol=2, borderaxespad=0.2)
    return figure


def _complex_plane(curves: Sequence[NDArray[np.complex128]]) -> tuple[Figure, list[list[Axes]]]:
    """Return a figure whose panel has the proportions of the data, so that circles are circles."""
    both = np.concatenate(list(curves))
    left, right = float(both.real.min()), float(both.real.max())
    low, high = min(float((-both.imag).min()), 0.0), float((-both.imag).max())
    size = max(right - left, high - low, 1e-12 * abs(right))
    across, up = right - left + 0.16 * size, high - low + 0.2 * size
    margins = Margins(left=16, right=4, top=10, bottom=11)
    width = DOUBLE_COLUMN_MM * 0.75
    inner = width - margins.left - margins.right
    height = float(np.clip(inner * up / across, 35.0, 110.0))
    figure, panels = canvas(width, height + margins.top + margins.bottom, 1, 1, margins)
    axes = panels[0][0]
    axes.set_aspect("equal", adjustable="datalim")
    axes.set_xlim(left - 0.08 * size, right + 0.08 * size)
    axes.set_ylim(low - 0.06 * size, high + 0.14 * size)
    axes.set_xlabel("Re Z (ohm)")
    axes.set_ylabel("−Im Z (ohm)")
    axes.axhline(0.0, color=GREY, linewidth=0.5, zorder=0)
    return figure, panels


def _mark_decades(axes: Axes, frequency: NDArray[np.float64], z: NDArray[np.complex128]) -> None:
    """Fill the points nearest to whole decades and write their frequency beside them.

    Marks that would stand on each other are left out.
    """
    size = float(np.ptp(np.concatenate([z.real, -z.imag]))) or 1.0
    written: list[complex] = []
    decades = range(
        int(np.ceil(np.log10(frequency.min()) - 0.05)),
        int(np.floor(np.log10(frequency.max()) + 0.05)) + 1,
    )
    for decade in decades:
        k = int(np.argmin(np.abs(np.log10(frequency) - decade)))
        axes.plot([z[k].real], [-z[k].imag], "o", color=BLUE)
        if any(abs(z[k] - other) < 0.07 * size for other in written):
            continue
        written.append(complex(z[k]))
        axes.annotate(
            hertz(10.0**decade),
            (float(z[k].real), float(-z[k].imag)),
            xytext=(0, 5),
            textcoords="offset points",
            ha="center",
            fontsize=6,
            bbox={"facecolor": "white", "alpha": 0.7, "edgecolor": "none", "pad": 0.4},
        )


def hertz(frequency: float) -> str:
    """Return a frequency as people say it."""
    for factor, unit in ((1e6, "MHz"), (1e3, "kHz"), (1.0, "Hz")):
        if frequency >= factor:
            return f"{frequency / factor:g} {unit}"
    return f"{1e3 * frequency:g} mHz" if frequency >= 1e-3 else f"{1e6 * frequency:g} µHz"


@styled
def bode(found: Study) -> Figure:
    """Return modulus and phase against frequency."""
    fit = found.fit
    figure, panels = canvas(
        SINGLE_COLUMN_MM * 1.3, 94.0, 2, 1, Margins(top=10, down=10), sharex=True
    )
    modulus, phase = panels[0][0], panels[1][0]
    smooth = np.geomspace(fit.frequency.min(), fit.frequency.max(), 400)
    curve = fit.circuit.impedance(smooth, fit.values)
    for axes, measured, fitted in (
        (modulus, np.abs(fit.measured), np.abs(curve)),
        (phase, -np.degrees(np.angle(fit.measured)), -np.degrees(np.angle(curve))),
    ):
        axes.plot(fit.frequency, measured, "o", color=BLUE, markerfacecolor="none")
        axes.plot(smooth, fitted, color=VERMILLION)
    modulus.lines[0].set_label("measured")
    modulus.lines[1].set_label("fitted")
    modulus.set_yscale("log")
    if np.ptp(np.log10(np.abs(fit.measured))) < 1.0:
        modulus.set_yscale("linear")
    modulus.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncol=2, borderaxespad=0.2)
    modulus.set_ylabel("|Z| (ohm)")
    phase.set_ylabel("−phase (°)")
    _decades(phase)
    phase.set_xlabel("frequency (Hz)")
    letter(modulus, "a")
    letter(phase, "b")
    return figure


@styled
def residuals(found: Study) -> Figure:
    """Return residuals of the circuit and of the Kramers-Kronig test, on one scale."""
    fit, test = found.fit, found.test
    rows = [("circuit " + fit.circuit.text, fit.frequency, fit.residuals, fit.noise)]
    if test is not None:
        verdict = "pass" if test.passed else "fail"
        violation = f"{100.0 * test.violation:.2g} % of |Z| violate the relations"
        name = f"Kramers-Kronig {verdict}: {violation}, p = {test.probability:.2g}"
        rows.append((name, test.frequency, test.residuals, test.noise))
    margins = Margins(top=16, down=11)
    figure, panels = canvas(
        SINGLE_COLUMN_MM * 1.3, 28.0 + 38.0 * len(rows), len(rows), 1, margins,
        sharex=True, sharey=True,
    )  # fmt: skip
    for (name, frequency, values, noise), (axes,), mark in zip(rows, panels, "ab", strict=False):
        share = 100.0 * noise
        axes.axhspan(-2.0 * share, 2.0 * share, color=GREY, alpha=0.15, linewidth=0)
        axes.axhline(0.0, color=GREY, linewidth=0.5)
        axes.plot(frequency, 100.0 * values.real, "-o", color=BLUE, linewidth=0.6, label="Re")
        axes.plot(
            frequency, 100.0 * values.imag, "--s", color=VERMILLION, linewidth=0.6, label="Im"
        )
        _decades(axes)
        axes.set_ylabel("residual (% of |Z|)")
        title(axes, printable(name, 70))
        letter(axes, mark)
    panels[0][0].legend(loc="lower right", ncol=2, bbox_to_anchor=(1.0, 1.13), borderaxespad=0.0)
    panels[-1][0].set_xlabel("frequency (Hz); band: two standard deviations of the noise")
    return figure


@styled
def distribution(relaxation: RelaxationTimes) -> Figure:
    """Return the distribution of relaxation times with its band and its peaks."""
    figure, panels = canvas(DOUBLE_COLUMN_MM * 0.75, 62.0, 1, 1, Margins(left=16, top=12))
    axes = panels[0][0]
    tau = relaxation.tau
    if relaxation.low is not None and relaxation.high is not None:
        axes.fill_between(
            tau, relaxation.low, relaxation.high, color=BLUE, alpha=0.25, linewidth=0,
            label="95 % band",
        )  # fmt: skip
    axes.plot(tau, relaxation.gamma, color=BLUE, label="distribution")
    inside = 1.0 / (2.0 * np.pi * relaxation.frequency)
    axes.axvspan(tau[0], inside.min(), color=GREY, alpha=0.15, linewidth=0)
    axes.axvspan(inside.max(), tau[-1], color=GREY, alpha=0.15, linewidth=0, label="not measured")
    before = 0.0
    raised = False
    for peak in relaxation.peaks:
        if peak.certain is not False:
            # Two labels side by side need a decade and a half.
            raised = peak.tau < 30.0 * before and not raised
            before = peak.tau
            height = float(np.interp(np.log(peak.tau), np.log(tau), relaxation.gamma))
            axes.annotate(
                f"{peak.resistance:.3g} ohm\n{peak.tau:.2g} s",
                (peak.tau, height),
                xytext=(0, 20 if raised else 3),
                textcoords="offset points",
                ha="center",
                fontsize=6,
            )
    _decades(axes)
    axes.set_xlim(tau[0], tau[-1])
    top = relaxation.gamma if relaxation.high is None else relaxation.high
    axes.set_ylim(0.0, 1.3 * max(float(top.max()), float(relaxation.gamma.max()), 1e-12))
    axes.set_xlabel("relaxation time τ (s)")
    axes.set_ylabel("γ(ln τ) (ohm)")
    axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncol=3, borderaxespad=0.2)
    return figure


# ------------------------------------------------------------------------------------------ series
@styled
def series_nyquist(spectra: Sequence[Spectrum]) -> Figure:
    """Return some spectra of a series in the complex plane, dark first, bright last."""
    chosen = np.unique(
        np.linspace(0, len(spectra) - 1, min(MOST_SPECTRA, len(spectra))).round().astype(int)
    )
    labels = [_moment(spectra[k], int(k)) for k in chosen]
    figure, panels = _complex_plane([spectra[k].impedance for k in chosen])
    axes = panels[0][0]
    for k, look in zip(chosen, sequence(labels), strict=True):
        z = spectra[k].impedance
        axes.plot(z.real, -z.imag, marker=look.marker, label=look.label, **look.line())
    axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncol=4, borderaxespad=0.2)
    return figure


def _moment(spectrum: Spectrum, k: int) -> str:
    return f"spectrum {k + 1}" if spectrum.time is None else f"{spectrum.time / 3600.0:.3g} h"


@styled
def course(found: Study, series: SpectraSeries) -> Figure:
    """Return resistances against time: without a circuit, and those of the circuit."""
    spans = series.spans
    known = bool(np.isfinite(spans.time).all())
    when = spans.time / 3600.0 if known else np.arange(1.0, len(spans.time) + 1.0)
    figure, panels = canvas(
        DOUBLE_COLUMN_MM * 0.75, 112.0, 2, 1, Margins(left=16, top=18, down=13), sharex=True
    )
    bare, fitted = panels[0][0], panels[1][0]
    bare.plot(when, spans.low, "-s", color=GREY, label=f"R({hertz_of(spans.lowest)})")
    bare.plot(when, spans.high, "-^", color=SKY, label=f"R({hertz_of(spans.highest)})")
    bare.plot(when, spans.span, "-o", color=BLUE, label="difference: the arcs")
    names = [p.name for p in found.fit.parameters if p.unit == "ohm"]
    for k, name in enumerate(names):
        values = _determined(series, name)
        color, marker = COLOURS[k % 6], MARKERS[k % 6]
        fitted.plot(when, values, label=printable(name), color=color, marker=marker)
    fitted.set_yscale("log")
    for axes in (bare, fitted):
        _mark_events(axes, series, when)
        axes.set_ylabel("resistance (ohm)")
    bare.set_ylim(bottom=min(0.0, float(spans.span.min())))
    _limit(fitted, [_determined(series, name) for name in names])
    if series.collapses:
        first = series.collapses[0]
        title(bare, f"{first.kind}, spectrum {first.index + 1} (dashed; band: 95 % of its onset)")
    bare.legend(loc="lower left", bbox_to_anchor=(0.0, 1.14), ncol=3, borderaxespad=0.0)
    fitted.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncol=5, borderaxespad=0.2)
    fitted.set_xlabel("time (h)" if known else "spectrum")
    letter(bare, "a")
    letter(fitted, "b")
    return figure


def hertz_of(frequency: float) -> str:
    """Return a measured frequency with three digits."""
    return hertz(float(f"{frequency:.3g}"))


def _determined(series: SpectraSeries, name: str) -> NDArray[np.float64]:
    """Return a parameter against time, with gaps where the data do not determine it."""
    return np.array([p.value if p.determined else np.nan for p in series.of(name)])


def _limit(axes: Axes, values: list[NDArray[np.float64]]) -> None:
    """Show what is determined; one odd value shall not take the whole scale."""
    flat = np.concatenate(values) if values else np.empty(0)
    flat = flat[np.isfinite(flat)]
    if flat.size:
        low, high = np.percentile(flat, [2, 98])
        axes.set_ylim(max(low / 1.5, 1e-6 * high), 1.5 * high)
        plain_ticks(axes.yaxis)
    else:
        axes.set_yscale("linear")
        axes.set_ylim(0.0, 1.0)
        title(axes, "the spectra do not determine the circuit's resistances")


def _mark_events(axes: Axes, series: SpectraSeries, when: NDArray[np.float64]) -> None:
    for event in series.collapses:
        axes.axvline(when[event.index], color=VERMILLION, linestyle=(0, (4, 1.5)), linewidth=0.8)
        if event.between_h is not None:
            axes.axvspan(*event.between_h, color=VERMILLION, alpha=0.2, linewidth=0)
