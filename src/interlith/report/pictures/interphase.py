"""Dendrites: interphase overpotential against its critical value, filament length."""

from __future__ import annotations

import numpy as np
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from interlith.report.pictures.picture import Picture
from interlith.report.style import BLACK, ELECTRODES
from interlith.report.timeline import Timeline, electrode_handles, timeline
from interlith.report.view import FRACTION, MV, View

__all__ = ["INTERPHASE"]

CRITICAL = {"linestyle": (0, (1, 1.2)), "linewidth": 1.3}
# In critical values: an axis scaled to a spike far above, or to stripping, would hide the crossing.
HIGHEST, LOWEST = 3.0, -0.5


def _draw(view: View) -> Figure:
    chart = timeline(view, 2)
    for side, look in ELECTRODES.items():
        chart.line(0, view.series("interphase_overpotential", MV, side), **look.line())
        chart.line(
            0,
            view.series("critical_interphase_overpotential", MV, side),
            color=look.color,
            **CRITICAL,
        )
        chart.line(1, view.series("filament_fraction", FRACTION, side), **look.line())
    chart.panels[0][0].set_ylabel(MV.label("Interphase\noverpotential"))
    _scale(chart, view)
    chart.panels[1][0].set_ylabel(FRACTION.label("Filament length\nfraction"))
    chart.panels[1][0].set_ylim(0.0, 1.05)
    return chart.finish([*electrode_handles(), _critical_handle()])


def _critical_handle() -> Artist:
    return Line2D([], [], color=BLACK, label="critical value (CIOP)", **CRITICAL)  # type: ignore[arg-type]


def _scale(chart: Timeline, view: View) -> None:
    """Keep the crossing of the critical value readable when the overpotential goes far beyond."""
    critical = view.series("critical_interphase_overpotential", MV)
    actual = view.series("interphase_overpotential", MV)
    reference = float(np.nanmax(critical))
    if np.isfinite(reference) and reference > 0.0:
        top = min(HIGHEST * reference, 1.1 * max(reference, float(np.nanmax(actual))))
        bottom = max(LOWEST * reference, min(0.0, 1.1 * float(np.nanmin(actual))))
        chart.panels[0][0].set_ylim(bottom, top)


def _caption(view: View) -> str:
    longest = {
        side: float(np.nanmax(view.series("filament_fraction", FRACTION, side)))
        for side in ELECTRODES
    }
    beyond = np.nanmax(view.series("interphase_overpotential", MV))
    return (
        "Top: overpotential where the current is most crowded, and the critical interphase "
        "overpotential (CIOP, dotted) of the same electrode; negative while stripping. While a "
        "plating electrode lies above its dotted line, a filament grows. Bottom: length of the "
        "filament over the thickness of the electrolyte; 1 is a short. "
        f"Longest: left {longest['left']:.2g}, right {longest['right']:.2g}. Largest overpotential "
        f"{beyond:.3g} mV (the axis ends at three times the critical value at most)."
    )


INTERPHASE = Picture(
    "interphase",
    "Interphase overpotential and filament",
    ("interphase_overpotential", "critical_interphase_overpotential", "filament_fraction"),
    _draw,
    _caption,
)
