"""Voids: how much of the interface still touches, and how much lithium is missing there."""

from __future__ import annotations

from matplotlib.figure import Figure

from interlith.report.pictures.picture import Picture
from interlith.report.style import ELECTRODES
from interlith.report.timeline import electrode_handles, timeline
from interlith.report.view import FRACTION, MAH_CM2, View

__all__ = ["CONTACT"]


def _draw(view: View) -> Figure:
    chart = timeline(view, 2)
    for side, look in ELECTRODES.items():
        chart.line(0, view.series("contact_fraction", FRACTION, side), **look.line())
        chart.line(1, view.series("void_capacity", MAH_CM2, side), **look.line())
    chart.panels[0][0].set_ylabel(FRACTION.label("Contact fraction"))
    chart.panels[0][0].set_ylim(0.0, 1.05)
    chart.panels[1][0].set_ylabel(MAH_CM2.label("Void capacity"))
    chart.panels[1][0].set_ylim(bottom=0.0)
    return chart.finish(electrode_handles())


def _caption(view: View) -> str:
    smallest = {
        side: float(view.series("contact_fraction", FRACTION, side).min()) for side in ELECTRODES
    }
    return (
        "Top: share of the interface that is still in contact. Bottom: void capacity, the "
        "lithium missing at the interface; it grows at the electrode that strips and is "
        "refilled, not always fully, when the same electrode plates. Where contact falls, the "
        f"current crowds on what is left. Smallest contact fraction: left {smallest['left']:.2g}, "
        f"right {smallest['right']:.2g}."
    )


CONTACT = Picture(
    "contact", "Contact and voids", ("contact_fraction", "void_capacity"), _draw, _caption
)
