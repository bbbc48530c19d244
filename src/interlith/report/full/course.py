"""The test as measured: voltage above, current below, on one time axis."""

from __future__ import annotations

from matplotlib.figure import Figure

from interlith.report.full.view import FullView
from interlith.report.pictures.picture import Picture
from interlith.report.style import BLACK
from interlith.report.timeline import timeline
from interlith.report.view import MA_CM2, V

__all__ = ["COURSE"]


def _draw(view: FullView) -> Figure:
    chart = timeline(view, 2)
    chart.line(0, view.series("voltage", V), color=BLACK, linewidth=0.7)
    chart.line(1, view.series("current_density", MA_CM2), color=BLACK, linewidth=0.7)
    chart.panels[0][0].set_ylabel(V.label("Cell voltage"))
    chart.panels[1][0].set_ylabel(MA_CM2.label("Current density"))
    for axes in chart.panels[1]:
        axes.axhline(0.0, color=BLACK, linewidth=0.4)
    return chart.finish()


def _caption(view: FullView) -> str:
    text = (
        "Top: voltage of the cathode against the lithium. Bottom: current density; positive "
        "discharges the cell. "
    )
    dropped = len(view.cycles) - len(view.kept)
    if dropped > 0:
        text += (
            f"The time series of {len(view.kept)} of {len(view.cycles)} cycles were kept; gaps are "
            "cycles that ran but were not kept. "
        )
    return text.strip()


COURSE = Picture("course", "Voltage and current", ("voltage", "current_density"), _draw, _caption)
