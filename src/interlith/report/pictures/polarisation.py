"""Voltage against areal capacity in half-cycles, end voltage against current density."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from interlith.report.pictures.picture import Picture
from interlith.report.pictures.ramp import HEADROOM, overshoots, voltage_unit
from interlith.report.style import (
    BLACK,
    DOUBLE_COLUMN_MM,
    GREY,
    LEFT,
    RIGHT,
    Look,
    Margins,
    canvas,
    letter,
    sequence,
)
from interlith.report.thinning import thin
from interlith.report.view import FRACTION, MA_CM2, MAH_CM2, HalfCycle, View, known

__all__ = ["POLARISATION", "chosen_half_cycles"]

MOST_LINES = 6
HEIGHT_MM = 72.0


def chosen_half_cycles(view: View) -> dict[str, list[HalfCycle]]:
    """Return the half-cycles to overlay by label: of a few levels of a ramp, else a few of all."""
    if view.levels:
        return {f"{level:.4g} mA/cm²": view.at_level(level) for level in _chosen_levels(view)}
    places = _spread(len(view.half_cycles))
    return {f"half-cycle {view.half_cycles[k].number}": [view.half_cycles[k]] for k in places}


def _chosen_levels(view: View) -> list[float]:
    """Return a few levels over the whole ramp, the decisive ones among them."""
    decisive = {level for level in view.levels if level in (view.last_passing, view.first_failing)}
    decisive |= set(view.levels[-2:])
    earlier = [level for level in view.levels if level < min(decisive)]
    spread = {earlier[k] for k in _spread(len(earlier), MOST_LINES - len(decisive))}
    return sorted(decisive | spread)


def _spread(count: int, most: int = MOST_LINES) -> list[int]:
    """Return up to `most` indices, evenly over the range, both ends among them."""
    if count <= 0 or most <= 0:
        return []
    return sorted({round(float(k)) for k in np.linspace(0, count - 1, min(most, count))})


def _draw(view: View) -> Figure:
    figure, panels = canvas(
        DOUBLE_COLUMN_MM, HEIGHT_MM, 1, 2, Margins(left=17, right=34, top=8, bottom=11, across=17)
    )
    lines, ends = panels[0]
    chosen = chosen_half_cycles(view)
    looks = sequence(list(chosen))
    for look, cycles in zip(looks, chosen.values(), strict=True):
        for cycle in cycles:
            _overlay(lines, view, cycle, look)
    _finish_overlay(lines, view)
    (_ends_by_current if view.levels else _ends_by_number)(ends, view)
    letter(lines, "a")
    letter(ends, "b")
    _legend(figure, looks, ends)
    return figure


def _overlay(axes: Axes, view: View, cycle: HalfCycle, look: Look) -> None:
    """Draw one half-cycle with its sign taken off; solid where the right electrode plates."""
    points = view.points_of(cycle)
    if not len(points):
        return
    charge = view.series("areal_charge", MAH_CM2)[points]
    sign = 1.0 if cycle.plating_side == "right" else -1.0
    voltage = sign * view.series("voltage", voltage_unit(view))[points]
    style = "-" if sign > 0 else (0, (3, 1.5))
    x, y = thin(charge - charge[0], voltage)
    axes.plot(x, y, color=look.color, linestyle=style)
    if cycle.passed:
        axes.plot(x[-1:], y[-1:], look.marker, color=look.color)
    else:
        axes.plot(x[-1:], y[-1:], "x", color=look.color, markersize=4.5, markeredgewidth=1.1)


def _finish_overlay(axes: Axes, view: View) -> None:
    unit = voltage_unit(view)
    axes.set_xlabel(MAH_CM2.label("Areal capacity of the half-cycle"))
    axes.set_ylabel(unit.label("Polarisation"))
    axes.set_xlim(left=0.0)
    axes.axhline(0.0, color=BLACK, linewidth=0.4)
    if overshoots(view):
        axes.set_ylim(
            -0.1 * view.polarisation_scale / unit.si, HEADROOM * view.polarisation_scale / unit.si
        )


def _ends_by_current(axes: Axes, view: View) -> None:
    """Draw the end voltage against current density with the first half-cycle's resistance."""
    _end_points(axes, view, [abs(c.current_mA_cm2) for c in view.half_cycles])
    first = next((c for c in view.half_cycles if c.passed and known(c.end_voltage_mV)), None)
    largest = max(abs(c.current_mA_cm2) for c in view.half_cycles)
    if first is not None:
        slope = abs(first.end_voltage_mV * 1e-3 / voltage_unit(view).si / first.current_mA_cm2)
        axes.plot([0.0, largest], [0.0, slope * largest], color=GREY, linestyle=(0, (1, 1.5)))
    axes.set_xlim(0.0, 1.05 * largest)
    axes.set_xlabel(MA_CM2.label("Current density"))


def _ends_by_number(axes: Axes, view: View) -> None:
    _end_points(axes, view, [float(c.number) for c in view.half_cycles])
    axes.set_xlabel(FRACTION.label("Number of the half-cycle"))


def _end_points(axes: Axes, view: View, places: list[float]) -> None:
    """Draw one point a half-cycle; failing ones are crosses."""
    unit = voltage_unit(view)
    for look, side in ((LEFT, "left"), (RIGHT, "right")):
        rows = [
            (x, c) for x, c in zip(places, view.half_cycles, strict=True) if c.plating_side == side
        ]
        for passed, marker in ((True, look.marker), (False, "x")):
            found = [
                (x, abs(c.end_voltage_mV) * 1e-3 / unit.si) for x, c in rows if c.passed is passed
            ]
            axes.plot(
                [x for x, _ in found], [y for _, y in found], marker, color=look.color,
                markersize=3.0 if passed else 5.0, fillstyle="full" if side == "left" else "none",
                markeredgewidth=0.8 if passed else 1.2,
            )  # fmt: skip
    axes.set_ylabel(unit.label("Voltage at the end of the half-cycle"))
    top = HEADROOM * view.polarisation_scale / unit.si
    axes.set_ylim(0.0, top if overshoots(view) else None)


def _legend(figure: Figure, looks: list[Look], ends: Axes) -> None:
    levels = [
        Line2D([], [], color=look.color, marker=look.marker, label=look.label) for look in looks
    ]
    directions = [
        Line2D([], [], color=BLACK, label="right plates"),
        Line2D([], [], color=BLACK, linestyle=(0, (3, 1.5)), label="left plates"),
        Line2D([], [], color=BLACK, linestyle="", marker="x", markersize=4.5, label="did not pass"),
    ]
    points = [
        Line2D([], [], color=LEFT.color, marker=LEFT.marker, linestyle="", label="left plates"),
        Line2D(
            [],
            [],
            color=RIGHT.color,
            marker=RIGHT.marker,
            linestyle="",
            fillstyle="none",
            label="right plates",
        ),
    ]
    if len(ends.lines) > 4:
        points.append(
            Line2D([], [], color=GREY, linestyle=(0, (1, 1.5)), label="resistance of\nhalf-cycle 1")
        )
    place: dict[str, Any] = {"loc": "upper left", "alignment": "left", "title_fontsize": 6.5}
    figure.legend(handles=levels + directions, bbox_to_anchor=(0.82, 0.97), title="a", **place)
    figure.legend(handles=points, bbox_to_anchor=(0.82, 0.33), title="b", **place)


def _caption(view: View) -> str:
    return (
        "a, voltage within a half-cycle, with the sign of the current taken off, against the "
        "areal capacity passed in it: a flat line is a constant resistance, a rise towards the "
        "end is contact lost to voids, a drop is a filament. b, voltage at the end of every "
        "half-cycle"
        + (
            " against its current density; points above the dotted line (the resistance of the "
            "first half-cycle) show how much resistance the test added. "
            if view.levels
            else " against its number. "
        )
        + "Crosses are half-cycles that did not pass."
    )


def _absent(view: View) -> str | None:
    if not any(len(view.points_of(cycle)) for cycle in view.half_cycles):
        return "Left out: the protocol holds no half-cycle at constant current."
    return None


POLARISATION = Picture(
    "polarisation",
    "Polarisation of the half-cycles",
    ("current_density", "voltage", "areal_charge"),
    _draw,
    _caption,
    _absent,
)
