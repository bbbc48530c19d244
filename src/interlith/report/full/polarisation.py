"""Where the voltage goes: mean losses of chosen discharges, and losses along two of them."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from interlith.report.full.curves import cycle_label
from interlith.report.full.losses import LOSSES, Loss, mean_losses
from interlith.report.full.view import FullView, Leg
from interlith.report.pictures.picture import Picture
from interlith.report.style import BLACK, DOUBLE_COLUMN_MM, Margins, canvas, letter, title
from interlith.report.view import MAH_CM2, MV

__all__ = ["WHERE_VOLTAGE_GOES"]

MOST_POINTS = 200
FEWEST_BARS = 3  # room for, so that a single one is no wall
ENDS = 0.03
"""Of a discharge at either end, where losses rise steeply and may leave the panel."""


def _draw(view: FullView) -> Figure:
    margins = Margins(left=15, right=4, top=9, bottom=34, across=15)
    figure, panels = canvas(DOUBLE_COLUMN_MM, 103.0, 1, 3, margins, width_ratios=[1.25, 1, 1])
    _bars(panels[0][0], view)
    for axes, cycle in zip(panels[0][1:], _slow_and_fast(view), strict=False):
        _along(axes, view, view.leg(cycle, discharge=True))
        title(axes, f"discharge, {cycle_label(view, cycle)}")
        axes.set_ylabel(MV.label("Loss"))
    panels[0][0].set_ylabel(MV.label("Mean loss on discharge"))
    shown = panels[0][: 1 + len(_slow_and_fast(view))]
    for axes, mark in zip(shown, "abc", strict=False):
        letter(axes, mark)
    for axes in panels[0][len(shown) :]:
        axes.set_axis_off()
    handles = [Patch(label=loss.words, **_look(loss)) for loss in LOSSES]
    figure.legend(handles=handles, loc="lower center", ncols=3)
    return figure


def _look(loss: Loss) -> dict[str, Any]:
    edge = "white" if loss.color == BLACK else BLACK
    return {"facecolor": loss.color, "hatch": loss.hatch, "edgecolor": edge, "linewidth": 0.25}


def _with_losses(view: FullView) -> list[int]:
    legs = [(cycle, view.leg(cycle, discharge=True)) for cycle in view.chosen]
    return [cycle for cycle, leg in legs if mean_losses(view, leg) is not None]


def _slow_and_fast(view: FullView) -> list[int]:
    """Return the cycles with the smallest and the largest current, else the first and last."""
    speed = {
        cycle: block.current_mA_cm2
        for block in view.blocks
        for cycle in _with_losses(view)
        if block.first <= cycle <= block.last
    }
    slow, fast = min(speed, key=lambda c: speed[c]), max(speed, key=lambda c: speed[c])
    if slow == fast:
        return list(dict.fromkeys([slow, *list(speed)[-1:]]))
    return [slow, fast]


def _bars(axes: Axes, view: FullView) -> None:
    cycles = _with_losses(view)
    up, down = np.zeros(len(cycles)), np.zeros(len(cycles))
    means = [mean_losses(view, view.leg(cycle, discharge=True)) for cycle in cycles]
    for loss in LOSSES:
        values = np.array([mean.parts[loss.words] for mean in means if mean is not None])
        base = np.where(values >= 0.0, up, down)
        axes.bar(range(len(cycles)), values, bottom=base, width=0.72, **_look(loss))
        up, down = up + np.maximum(values, 0.0), down + np.minimum(values, 0.0)
    axes.axhline(0.0, color=BLACK, linewidth=0.4)
    labels = [cycle_label(view, cycle).replace(", ", "\n") for cycle in cycles]
    axes.set_xticks(range(len(cycles)), labels, rotation=90 if len(cycles) > 4 else 0)
    axes.tick_params(axis="x", length=0)
    axes.set_xlim(-0.6, max(len(cycles), FEWEST_BARS) - 0.4)


def _along(axes: Axes, view: FullView, leg: Leg) -> None:
    """Stack the losses along a discharge; what helps instead of costing lies below zero."""
    passed = view.passed(leg)
    known = np.isfinite(view.series(LOSSES[0].variable, MV)[leg.rows])
    x = np.linspace(passed[known][0], passed[known][-1], min(MOST_POINTS, 4 * int(known.sum())))
    up, down = np.zeros(len(x)), np.zeros(len(x))
    for loss in LOSSES:
        values = np.interp(x, passed[known], view.series(loss.variable, MV)[leg.rows][known])
        top, bottom = np.maximum(values, 0.0), np.minimum(values, 0.0)
        axes.fill_between(x, up, up + top, **_look(loss))
        if bottom.any():
            axes.fill_between(x, down, down + bottom, **_look(loss))
        up, down = up + top, down + bottom
    inside = slice(int(ENDS * len(x)), int((1.0 - ENDS) * len(x)))
    if len(x[inside]):
        axes.set_ylim(1.25 * float(down[inside].min()), 1.25 * float(up[inside].max()))
    axes.margins(x=0.0)
    axes.set_xlim(0.0, None)
    axes.set_xlabel(MAH_CM2.label("Areal capacity"))


def _caption(view: FullView) -> str:
    return (
        "What lies between the open-circuit potential at the mean lithium content of the cathode "
        "and the voltage of the cell. Left: mean over a discharge. Right: along the slowest and "
        "the fastest of these; at its very ends a loss may leave the panel. Each part is the power "
        "that a process dissipates over the current; together they are the whole difference. "
        "Uneven filling may lie below zero, where the cathode evens out again."
    )


def _absent(view: FullView) -> str | None:
    if not view.kept or not _with_losses(view):
        return "Left out: no discharge at a current in the cycles that were kept."
    return None


WHERE_VOLTAGE_GOES = Picture(
    "losses", "Where the voltage goes", ("loss_electrolyte",), _draw, _caption, _absent
)
