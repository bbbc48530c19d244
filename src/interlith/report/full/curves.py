"""Voltage against capacity, for chosen cycles."""

from __future__ import annotations

from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from interlith.report.full.capacity import add_specific
from interlith.report.full.view import FullView
from interlith.report.pictures.picture import Picture
from interlith.report.style import DOUBLE_COLUMN_MM, Margins, canvas, letter, sequence
from interlith.report.thinning import thin
from interlith.report.view import MAH_CM2, V

__all__ = ["CURVES", "cycle_label"]

MOST_POINTS = 400


def cycle_label(view: FullView, cycle: int) -> str:
    """Return the number of a cycle and its rate."""
    block = next((b for b in view.blocks if b.first <= cycle <= b.last), None)
    return f"cycle {cycle}, {block.rate}" if block else f"cycle {cycle}"


def _draw(view: FullView) -> Figure:
    looks = sequence([cycle_label(view, cycle) for cycle in view.chosen])
    margins = Margins(left=14, right=4, top=21, bottom=11, across=9)
    figure, panels = canvas(DOUBLE_COLUMN_MM, 89.0, 1, 2, margins, sharey=True)
    voltage = view.series("voltage", V)
    for axes, discharge, mark in zip(panels[0], (False, True), "ab", strict=True):
        for cycle, look in zip(view.chosen, looks, strict=True):
            leg = view.leg(cycle, discharge=discharge)
            axes.plot(*thin(view.passed(leg), voltage[leg.rows], MOST_POINTS), **look.line())
        axes.set_xlim(left=0.0)
        axes.set_xlabel(MAH_CM2.label("Areal capacity"))
        add_specific(axes, view, "x")
        axes.text(
            0.98, 0.97 if discharge else 0.03, "discharge" if discharge else "charge",
            transform=axes.transAxes, ha="right", va="top" if discharge else "bottom",
        )  # fmt: skip
        letter(axes, mark)
    panels[0][0].set_ylabel(V.label("Cell voltage"))
    handles = [Line2D([], [], label=look.label, **look.line()) for look in looks]
    figure.legend(handles=handles, loc="upper center", ncols=4, bbox_to_anchor=(0.5, 1.0))
    return figure


def _caption(view: FullView) -> str:
    return (
        "Cell voltage against the charge passed in a charge (a) and a discharge (b), per area "
        "(bottom) and per mass of active material (top), for the first cycle, one of each rate "
        "and the last. A vertical end of a charge is a hold at its voltage."
    )


CURVES = Picture(
    "voltage-curves", "Voltage against capacity", ("voltage", "areal_charge"), _draw, _caption,
    lambda view: None if view.kept else "Left out: no cycle was run.",
)  # fmt: skip
