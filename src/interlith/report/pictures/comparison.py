"""Several cells side by side: what each went through, and the critical current densities."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from interlith.report.pictures.ramp import scale_voltage, voltage_unit
from interlith.report.style import (
    BLACK,
    BLUE,
    DOUBLE_COLUMN_MM,
    VERMILLION,
    blank,
    letter,
    panel,
    printable,
    styled,
    title,
)
from interlith.report.thinning import thin
from interlith.report.timeline import mark_steps
from interlith.report.view import MA_CM2, H, View

__all__ = ["Measured", "comparison", "comparison_caption"]

Measured = Sequence[tuple[str, float]]

MOST_ACROSS = 3
TOP_MM, LEFT_MM, GAP_MM, RIGHT_MM = 9.0, 17.0, 17.0, 3.0
CURRENT_MM, VOLTAGE_MM, BETWEEN_MM, BELOW_MM = 26.0, 28.0, 4.0, 11.0
CELL_MM = TOP_MM + CURRENT_MM + BETWEEN_MM + VOLTAGE_MM + BELOW_MM
CHART_LEFT_MM, CHART_TOP_MM, CHART_ROW_MM, CHART_BELOW_MM = 62.0, 7.0, 7.5, 11.0
ABOVE_ALL = 1.35  # of the last passing step: length of an interval that ended without a failure


@styled
def comparison(views: Sequence[View], measured: Measured = ()) -> Figure:
    """Return the picture of several results; `measured` holds labels and values in mA/cm2.

    A measured value stands in the row of the cell whose name is its label, else in one of its own.
    """
    rows = row_labels(views, measured)
    bands = ceil(len(views) / MOST_ACROSS)
    chart_top = bands * CELL_MM + CHART_TOP_MM
    chart = CHART_ROW_MM * max(1, len(rows))
    figure = blank(DOUBLE_COLUMN_MM, chart_top + chart + CHART_BELOW_MM)
    top = _highest_current(views)
    for place, view in enumerate(views):
        _one_cell(figure, view, place, min(len(views), MOST_ACROSS), top)
    width = DOUBLE_COLUMN_MM - CHART_LEFT_MM - 34.0
    axes = panel(figure, CHART_LEFT_MM, chart_top, width, chart)
    _intervals(axes, views, rows, measured)
    letter(axes, "abcdefghijklmnopqrstuvwxyz"[min(len(views), 25)])
    return figure


def row_labels(views: Sequence[View], measured: Measured) -> list[str]:
    """Return the rows of the chart: the cells, then measured values without a simulated cell."""
    return list(dict.fromkeys([*(view.name for view in views), *(label for label, _ in measured)]))


def _highest_current(views: Sequence[View]) -> float:
    return max((abs(c.current_mA_cm2) for view in views for c in view.half_cycles), default=1.0)


def _one_cell(figure: Figure, view: View, place: int, across: int, highest: float) -> None:
    """Draw the staircase and the voltage of one cell; all cells share the scale of the current."""
    width = (DOUBLE_COLUMN_MM - LEFT_MM - RIGHT_MM - (across - 1) * GAP_MM) / across
    left = LEFT_MM + (place % MOST_ACROSS) * (width + GAP_MM)
    top = (place // MOST_ACROSS) * CELL_MM + TOP_MM
    current = panel(figure, left, top, width, CURRENT_MM)
    voltage = panel(figure, left, top + CURRENT_MM + BETWEEN_MM, width, VOLTAGE_MM)
    title(current, printable(view.name, 110 // across))
    letter(current, "abcdefghijklmnopqrstuvwxyz"[min(place, 25)])
    unit = voltage_unit(view)
    for axes, name, scale in ((current, "current_density", MA_CM2), (voltage, "voltage", unit)):
        axes.axhline(0.0, color=BLACK, linewidth=0.4)
        axes.set_xlim(0.0, view.duration * 1.01 or 1.0)
        if view.has(name):
            axes.plot(*thin(view.hours, view.series(name, scale)), color=BLACK, linewidth=0.9)
    current.set_ylim(-1.1 * highest, 1.1 * highest)
    current.set_ylabel(MA_CM2.label("Current density").replace(" (", "\n("))
    current.tick_params(labelbottom=False)
    voltage.set_ylabel(unit.label("Cell voltage"))
    voltage.set_xlabel(H.label("Time"))
    if not view.has("voltage"):
        voltage.set_ylim(-1.0, 1.0)
        voltage.text(0.5, 0.6, "nothing computed", transform=voltage.transAxes, ha="center")
    else:
        scale_voltage(voltage, view, view.series("voltage", unit), unit)
    mark_steps(view, [current, voltage])


def _intervals(axes: Axes, views: Sequence[View], rows: Sequence[str], measured: Measured) -> None:
    """Draw each cell's interval from its last passing to its first failing step."""
    place = {label: len(rows) - 1 - k for k, label in enumerate(rows)}
    for view in views:
        _interval(axes, view, place[view.name])
    for label, value in measured:
        axes.plot(
            value, place[label], "D", color=VERMILLION, markersize=6, fillstyle="none", zorder=4
        )
    axes.set_yticks(list(place.values()), [printable(label, 42) for label in place])
    axes.set_ylim(-0.6, len(rows) - 0.4)
    axes.set_xlim(left=0.0)
    axes.grid(axis="x", linewidth=0.3, color="#CCCCCC")
    axes.set_xlabel(MA_CM2.label("Critical current density"))
    axes.legend(
        handles=_chart_handles(bool(measured)), loc="center left", bbox_to_anchor=(1.0, 0.5)
    )


def _interval(axes: Axes, view: View, row: int) -> None:
    passing, failing = view.last_passing, view.first_failing
    if passing is not None:
        axes.plot(passing, row, "o", color=BLUE, markersize=5)
    if failing is not None:
        axes.plot(failing, row, "x", color=BLUE, markersize=5, markeredgewidth=1.4)
        _bar(axes, passing or 0.0, failing, row)
    elif passing is not None and not view.unfinished:
        axes.plot(ABOVE_ALL * passing, row, ">", color=BLUE, markersize=5)
        _bar(axes, passing, ABOVE_ALL * passing, row)


def _bar(axes: Axes, start: float, end: float, row: int) -> None:
    axes.plot([start, end], [row, row], color=BLUE, linewidth=2.5, solid_capstyle="butt")


def _chart_handles(measured: bool) -> list[Line2D]:
    handles = [
        Line2D([], [], color=BLUE, marker="o", linestyle="", markersize=5, label="last passing"),
        Line2D([], [], color=BLUE, marker="x", linestyle="", markersize=5, label="first failing"),
    ]
    if measured:
        look = {"color": VERMILLION, "marker": "D", "linestyle": "", "fillstyle": "none"}
        handles.append(Line2D([], [], label="measured", **look))  # type: ignore[arg-type]
    return handles


def comparison_caption(measured: Measured) -> str:
    """Return what to see in the comparison."""
    text = (
        "Upper panels: applied current density and cell voltage of each cell; the last passing "
        "step is shaded in green, the first failing one hatched in purple, a dotted line marks "
        "the short. All cells share the scale of the current, each has its own time. Lowest "
        "panel: the critical current density lies between the last passing and the first failing "
        "step; an arrow means that the cell did not fail in the test."
    )
    if measured:
        text += " Diamonds are measured values; they test the model only where it was not fitted."
    return text
