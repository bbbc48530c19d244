"""The lithium side: contact, overpotential of its interphase beside the critical one, filament."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from interlith.report.full.view import FullView
from interlith.report.pictures.interphase import CRITICAL
from interlith.report.pictures.picture import Picture
from interlith.report.style import LEFT
from interlith.report.timeline import timeline
from interlith.report.view import FRACTION, MV

__all__ = ["ANODE"]

HIGHEST = 3.0  # in critical values: a spike far above would hide the crossing
NAMES = ("contact_fraction", "interphase_overpotential", "filament_fraction")


def _draw(view: FullView) -> Figure:
    chart = timeline(view, 3)
    over = view.series("interphase_overpotential", MV)
    critical = float(view.data["critical_interphase_overpotential"]) / MV.si
    look = {**LEFT.line(), "linewidth": 0.8}
    chart.line(0, view.series("contact_fraction", FRACTION), **look)
    chart.line(1, over, **look)
    chart.line(2, view.series("filament_fraction", FRACTION), **look)
    for axes in chart.panels[1]:
        axes.axhline(critical, color=LEFT.color, **CRITICAL)  # type: ignore[arg-type]
    peak = float(np.nanmax(over))
    bottom = max(min(0.0, 1.1 * float(np.nanmin(over))), -critical)
    chart.panels[1][0].set_ylim(bottom, min(HIGHEST * critical, 1.1 * max(critical, peak)))
    chart.panels[0][0].set_ylim(0.0, 1.05)
    chart.panels[2][0].set_ylim(-0.04, 1.05)
    chart.panels[0][0].set_ylabel(FRACTION.label("Contact fraction"))
    chart.panels[1][0].set_ylabel(MV.label("Interphase\noverpotential"))
    chart.panels[2][0].set_ylabel(FRACTION.label("Filament length\nfraction"))
    handles = [
        Line2D([], [], label="lithium side", **LEFT.line()),
        Line2D([], [], color=LEFT.color, label="critical value (CIOP)", **CRITICAL),  # type: ignore[arg-type]
    ]
    return chart.finish(handles)


def _caption(view: FullView) -> str:
    contact = float(view.series("contact_fraction", FRACTION).min())
    longest = float(view.series("filament_fraction", FRACTION).max())
    return (
        "The lithium side plates on charge. Top: share of its interface in contact. Middle: "
        "overpotential where the current is most crowded, and the critical interphase "
        "overpotential (CIOP, dotted): above it a filament grows. Bottom: length of the filament "
        f"over the thickness of the electrolyte; 1 is a short. Smallest contact {contact:.2g}, "
        f"longest filament {longest:.2g}."
    )


def _absent(view: FullView) -> str | None:
    if not view.series("contact_fraction", FRACTION).any():
        return "Left out: a half cell has ideal lithium."
    return None


ANODE = Picture("lithium-side", "The lithium side", NAMES, _draw, _caption, _absent)
