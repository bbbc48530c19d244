"""Pictures of this room: rows side by side, ramps, cycling, capacities, fluoride.

Measured numbers are points or lines where they are known; no measured curve is drawn.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from interlith.report.style import (
    BLACK,
    BLUE,
    DOUBLE_COLUMN_MM,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    SKY,
    VERMILLION,
    Margins,
    canvas,
    letter,
    plain_ticks,
    styled,
    title,
)
from interlith.report.thinning import thin
from interlith.reproduce.verdict import (
    AGREES,
    MISSES,
    PERHAPS,
    WITHIN_BAR,
    WITHIN_INTERVAL,
    bar_of,
)

if TYPE_CHECKING:
    from interlith.reproduce.outcome import Outcome
    from interlith.simulation.full_result import FullResult
    from interlith.simulation.result import Result

__all__ = [
    "Curve",
    "capacities",
    "cycling",
    "fluoride",
    "forest",
    "parity",
    "ramps",
]

HOUR, MA_CM2, MICRO = 3600.0, 10.0, 1e6
COLOURS = {
    "ccd": BLUE,
    "symmetric cycling": SKY,
    "full cell": VERMILLION,
    "energy": ORANGE,
    "thermo": GREEN,
    "atomistic": PURPLE,
    "potential": GREY,
    "elsewhere": BLACK,
}
MARKS = {AGREES: "o", WITHIN_BAR: "s", WITHIN_INTERVAL: "D", PERHAPS: "s", MISSES: "X"}
LOWEST_RATIO, HIGHEST_RATIO = 0.1, 10.0
ROW_MM = 5.0


def _drawable(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Rows with a positive measured number and a positive model value."""
    return [o for o in outcomes if o.has_value and o.measured > 0.0 and math.isfinite(o.model)]


@styled
def forest(outcomes: Sequence[Outcome]) -> Figure:
    """Draw model over measured of every row that has a number, with its 90 % interval.

    Parameters
    ----------
    outcomes : sequence of Outcome
        Rows; those without a number are left out.
    """
    rows = _drawable(outcomes)
    margins = Margins(left=38, right=6, top=8, bottom=19)
    height = margins.top + margins.bottom + ROW_MM * max(len(rows), 4)
    figure, panels = canvas(DOUBLE_COLUMN_MM, height, 1, 1, margins)
    axes = panels[0][0]
    for place, row in enumerate(rows):
        _forest_row(axes, len(rows) - 1 - place, row)
    axes.axvline(1.0, color=BLACK, linewidth=0.8)
    axes.set_xscale("log")
    axes.set_xlim(LOWEST_RATIO, HIGHEST_RATIO)
    axes.set_ylim(-0.7, len(rows) - 0.3)
    plain_ticks(axes.xaxis)
    axes.set_xticks([0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0])
    axes.set_yticks(range(len(rows)), [row.id for row in reversed(rows)])
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel("model / measured")
    _legend_of_verdicts(figure, rows)
    return figure


def _forest_row(axes: Axes, place: int, row: Outcome) -> None:
    colour = COLOURS.get(row.group, GREY)
    bar = bar_of(row.group)
    axes.fill_betweenx(
        [place - 0.45, place + 0.45], 1.0 - bar, 1.0 + bar, color="#E8E8E8", linewidth=0
    )
    ratios = np.array([row.low, row.model, row.high]) / row.measured
    shown = np.clip(np.nan_to_num(ratios, nan=ratios[1]), LOWEST_RATIO, HIGHEST_RATIO)
    axes.plot([shown[0], shown[2]], [place, place], color=colour, linewidth=1.6, alpha=0.5)
    fill = "white" if row.role != "validation" else colour
    outside = not LOWEST_RATIO <= ratios[1] <= HIGHEST_RATIO
    mark = ("<" if ratios[1] < LOWEST_RATIO else ">") if outside else MARKS[row.verdict]
    axes.plot(
        [shown[1]], [place], mark, color=colour, markerfacecolor=fill, markersize=4.5, clip_on=False
    )


def _legend_of_verdicts(figure: Figure, rows: Sequence[Outcome]) -> None:
    used = [name for name in MARKS if any(row.verdict == name for row in rows)]
    handles = [
        Line2D([], [], color=GREY, marker=MARKS[name], linestyle="none", label=name)
        for name in used
        if name != PERHAPS
    ]
    handles += [
        Line2D([], [], color=GREY, marker="o", markerfacecolor="white", linestyle="none",
               label="open: fitted or an input"),
        Line2D([], [], color=GREY, linewidth=1.6, alpha=0.5, label="90 % of the draws"),
        Line2D([], [], color="#E0E0E0", linewidth=5, label="bar"),
    ]  # fmt: skip
    figure.legend(handles=handles, loc="lower center", ncols=4)


@styled
def parity(outcomes: Sequence[Outcome]) -> Figure:
    """Draw model against measured: critical currents, and capacities with specific energies.

    Parameters
    ----------
    outcomes : sequence of Outcome
        Rows; only those with a number are drawn.
    """
    panels_of = {
        "critical current (mA/cm²)": [o for o in outcomes if o.unit == "mA/cm2"],
        "areal capacity (mAh/cm²)": [o for o in outcomes if o.unit == "mAh/cm2"],
        "mAh/g and Wh/kg": [o for o in outcomes if o.unit in ("mAh/g", "Wh/kg")],
    }
    filled = {name: _drawable(rows) for name, rows in panels_of.items() if _drawable(rows)}
    margins = Margins(left=14, right=4, top=9, bottom=12, across=14)
    count = max(len(filled), 1)
    size = 3 if count == 1 else count
    width = DOUBLE_COLUMN_MM / 3 * size if count < 3 else DOUBLE_COLUMN_MM
    figure, panels = canvas(width, 66.0, 1, count, margins)
    for axes, (name, rows), mark in zip(panels[0], filled.items(), "abc", strict=False):
        _parity_panel(axes, rows)
        axes.set_xlabel(f"measured {name.partition(' (')[0]}")
        title(axes, name)
        letter(axes, mark)
    panels[0][0].set_ylabel("model")
    return figure


def _parity_panel(axes: Axes, rows: Sequence[Outcome]) -> None:
    values = [row.measured for row in rows] + [row.model for row in rows]
    low, high = 0.7 * min(values), 1.4 * max(values)
    line = np.array([low, high])
    bar = bar_of(rows[0].group)
    axes.fill_between(line, (1 - bar) * line, (1 + bar) * line, color="#E8E8E8", linewidth=0)
    axes.plot(line, line, color=GREY, linewidth=0.8)
    for row in rows:
        colour = COLOURS.get(row.group, GREY)
        fill = colour if row.role == "validation" else "white"
        if math.isfinite(row.low):
            axes.plot([row.measured] * 2, np.clip([row.low, row.high], low, high), color=colour,
                      linewidth=1.2, alpha=0.5)  # fmt: skip
        axes.plot([row.measured], [row.model], "o", color=colour, markerfacecolor=fill)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(low, high)
    axes.set_ylim(low, high)
    ticks = [t for t in (0.2, 0.5, 1, 2, 5, 10, 50, 100, 200, 400) if low <= t <= high]
    for axis in (axes.xaxis, axes.yaxis):
        plain_ticks(axis)
        axis.set_ticks(ticks)


@styled
def ramps(results: Mapping[str, Result], measured: Mapping[str, float]) -> Figure:
    """Draw the voltage of critical-current tests against current, with the measured value.

    Parameters
    ----------
    results : mapping
        Results by row.
    measured : mapping
        Measured critical currents by row [mA cm-2].
    """
    columns = min(3, len(results))
    rows = -(-len(results) // columns)
    margins = Margins(left=14, right=4, top=9, bottom=17, across=14, down=15)
    height = margins.top + margins.bottom + 28.0 * rows + margins.down * (rows - 1)
    figure, panels = canvas(DOUBLE_COLUMN_MM, height, rows, columns, margins)
    places = [axes for line in panels for axes in line]
    for axes, (name, result) in zip(places, results.items(), strict=False):
        _ramp_panel(axes, result, measured[name])
        title(axes, name)
    for axes in places[len(results) :]:
        axes.set_visible(False)
    for line in panels:
        line[0].set_ylabel("voltage (mV)")
    for axes in places[max(0, len(results) - columns) : len(results)]:
        axes.set_xlabel("time (h)")
    handles = [
        Line2D([], [], color=BLUE, label="model, to its first failure"),
        Line2D([], [], color=VERMILLION, linestyle=":", label="where the ramp meets the measured"),
    ]
    figure.legend(handles=handles, loc="lower center", ncols=2)
    return figure


def _ramp_panel(axes: Axes, result: Result, measured: float) -> None:
    data = result.dataset
    hours = data["time"].to_numpy() / HOUR
    voltage = data["voltage"].to_numpy() * 1e3
    failing = [half for half in result.half_cycles if half.outcome not in ("passed", "incomplete")]
    end = failing[0].end / HOUR if failing else hours[-1]
    shown = hours <= end
    axes.plot(*thin(hours[shown], voltage[shown]), color=BLUE, linewidth=0.7)
    tested = [half for half in result.half_cycles if half.level / MA_CM2 > measured - 1e-9]
    reached = [half.start / HOUR for half in tested]
    place = reached[0] if reached else _beyond(result, measured)
    axes.axvline(place, color=VERMILLION, linestyle=":", linewidth=1.2)
    peak = float(np.nanmax(np.abs(voltage[shown])))
    axes.set_ylim(-1.1 * peak, 1.1 * peak)
    axes.set_xlim(0.0, 1.05 * max(float(end), place))


def _beyond(result: Result, measured: float) -> float:
    """Time at which the ramp would have reached a current that it did not live to see [h]."""
    from interlith.cell.expand import expand

    time = 0.0
    for step in expand(result.cell):
        if step.ccd_level is not None and step.ccd_level / MA_CM2 > measured - 1e-9:
            break
        charge_time = math.inf
        if step.areal_capacity is not None:
            charge_time = step.areal_capacity / abs(step.value)
        time += min(step.duration_s, charge_time)
    return time / HOUR


@styled
def cycling(results: Mapping[str, Result], measured: Mapping[str, str]) -> Figure:
    """Draw the voltage of symmetric cycling: the whole test, and its first hours beside it.

    Parameters
    ----------
    results : mapping
        Results by heading.
    measured : mapping
        What was measured, in words, by heading.
    """
    margins = Margins(left=14, right=4, top=9, bottom=12, across=16, down=16)
    rows = len(results)
    height = margins.top + margins.bottom + 30.0 * rows + margins.down * (rows - 1)
    figure, panels = canvas(DOUBLE_COLUMN_MM, height, rows, 2, margins, width_ratios=[2.2, 1.0])
    for line, (name, result), mark in zip(panels, results.items(), "abc", strict=False):
        hours = result.dataset["time"].to_numpy() / HOUR
        voltage = result.dataset["voltage"].to_numpy() * 1e3
        line[0].plot(*thin(hours, voltage, 6000), color=BLUE, linewidth=0.5)
        early = hours <= 30.0
        line[1].plot(*thin(hours[early], voltage[early]), color=BLUE, linewidth=0.7)
        title(line[0], f"{name}; measured: {measured[name]}")
        title(line[1], "first 30 h")
        line[0].set_ylabel("voltage (mV)")
        letter(line[0], mark)
        for axes in line:
            axes.set_xlim(left=0.0)
    for axes in panels[-1]:
        axes.set_xlabel("time (h)")
    return figure


@dataclass(frozen=True)
class Curve:
    """Capacities over cycles, and the measured numbers beside them."""

    heading: str
    result: FullResult
    per_mass: bool = False
    points: tuple[tuple[float, float, str], ...] = ()
    """Cycle, value, words."""


@styled
def capacities(curves: Sequence[Curve]) -> Figure:
    """Draw discharge capacities over cycles with the measured numbers as points.

    Parameters
    ----------
    curves : sequence of Curve
        One panel each.
    """
    columns = min(2, len(curves))
    rows = -(-len(curves) // columns)
    margins = Margins(left=14, right=4, top=9, bottom=18, across=17, down=17)
    height = margins.top + margins.bottom + 38.0 * rows + margins.down * (rows - 1)
    figure, panels = canvas(DOUBLE_COLUMN_MM, height, rows, columns, margins)
    places = [axes for line in panels for axes in line]
    for axes, curve, mark in zip(places, curves, "abcdef", strict=False):
        _capacity_panel(axes, curve)
        letter(axes, mark)
    for axes in places[len(curves) :]:
        axes.set_visible(False)
    handles = [
        Line2D([], [], color=BLUE, marker="o", markersize=2, label="model"),
        Line2D([], [], color=VERMILLION, marker="D", linestyle="none", label="measured"),
    ]
    figure.legend(handles=handles, loc="lower center", ncols=2)
    return figure


def _capacity_panel(axes: Axes, curve: Curve) -> None:
    cycles = np.array([cycle.cycle for cycle in curve.result.cycles], dtype=float)
    name = "discharge_mAh_g" if curve.per_mass else "discharge_mAh_cm2"
    values = np.array([getattr(cycle, name) for cycle in curve.result.cycles], dtype=float)
    few = len(cycles) <= 60
    axes.plot(cycles, values, color=BLUE, marker="o" if few else None, markersize=2, linewidth=0.8)
    highest = float(values.max(initial=0.0))
    for cycle, value, words in curve.points:
        axes.plot([cycle], [value], "D", color=VERMILLION)
        axes.annotate(
            words, (cycle, value), xytext=(0, -10), textcoords="offset points", fontsize=6.5,
            color=VERMILLION, ha="right" if cycle > 0.6 * cycles[-1] else "center",
        )  # fmt: skip
        highest = max(highest, value)
    axes.set_ylim(0.0, 1.25 * highest)
    axes.set_xlim(0.0, 1.04 * max(float(cycles[-1]), *(p[0] for p in curve.points or [(0, 0, "")])))
    axes.set_xlabel("cycle")
    axes.set_ylabel("capacity (mAh/g)" if curve.per_mass else "capacity (mAh/cm²)")
    title(axes, curve.heading)


@styled
def fluoride(results: Mapping[str, FullResult]) -> Figure:
    """Draw fluoride against the depth in the particle, a line an upper voltage.

    Parameters
    ----------
    results : mapping
        Results by upper voltage.
    """
    margins = Margins(left=16, right=5, top=8, bottom=12)
    figure, panels = canvas(DOUBLE_COLUMN_MM * 0.6, 62.0, 1, 1, margins)
    axes = panels[0][0]
    looks: list[dict[str, Any]] = [
        {"color": BLUE, "linestyle": "-"},
        {"color": VERMILLION, "linestyle": (0, (4, 1.5))},
    ]
    for (name, result), look in zip(results.items(), looks, strict=False):
        radius = result.dataset["fluoride_radius"].to_numpy()[-1]
        depth = (radius[-1] - radius) * MICRO
        axes.plot(depth, result.dataset["fluoride"].to_numpy()[-1] * 1e-3, label=name, **look)
    axes.set_xlim(0.0, 0.5 * max(float(r.dataset["fluoride_radius"][-1, -1]) * MICRO
                                 for r in results.values()))  # fmt: skip
    axes.set_ylim(bottom=0.0)
    axes.set_xlabel("depth below the surface of the particle (µm)")
    axes.set_ylabel("fluoride (mol/L)")
    axes.legend()
    return figure
