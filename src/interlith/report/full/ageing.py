"""Ageing: cathode interphase, isolated active material, lithium inventory, fluoride."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from interlith.report.full.view import FullView
from interlith.report.pictures.picture import Picture
from interlith.report.style import (
    BLACK,
    BLUE,
    DOUBLE_COLUMN_MM,
    VERMILLION,
    Margins,
    canvas,
    letter,
    plain_ticks,
    sequence,
    whole_numbers,
)
from interlith.report.thinning import thin
from interlith.report.view import MAH_CM2, NM, UM

__all__ = ["AGEING"]

OTHER: dict[str, Any] = {"color": VERMILLION, "linestyle": (0, (4, 1.5))}


def _draw(view: FullView) -> Figure:
    margins = Margins(left=16, right=17, top=8, bottom=11, across=36, down=16)
    figure, panels = canvas(DOUBLE_COLUMN_MM, 112.0, 2, 2, margins)
    _interphase(panels[0][0], view)
    _active_material(panels[0][1], view)
    _lithium(panels[1][0], view)
    _fluoride(panels[1][1], view)
    for axes, mark in zip([axes for row in panels for axes in row], "abcd", strict=True):
        letter(axes, mark)
    return figure


def _against_cycle(axes: Axes, view: FullView, name: str, label: str, **look: Any) -> None:
    numbers = np.array([cycle.cycle for cycle in view.cycles], dtype=float)
    values = np.array([getattr(cycle, name) for cycle in view.cycles], dtype=float)
    scale = 100.0 if name.endswith("fraction") else 1.0
    axes.plot(*thin(numbers, scale * values), **look)
    axes.set_ylabel(label)
    axes.ticklabel_format(axis="y", useOffset=False)


def _cycles_along_x(axes: Axes) -> None:
    axes.set_xlabel("Cycle number (–)")
    whole_numbers(axes.xaxis)


def _interphase(axes: Axes, view: FullView) -> None:
    label = NM.label("Cathode interphase")
    _against_cycle(axes, view, "cathode_interphase_nm", label, color=BLUE)
    axes.set_ylim(0.0, 1.1 * max(cycle.cathode_interphase_nm for cycle in view.cycles))
    label = "Its resistance (Ω cm²)"
    ratios = [c.cathode_interphase_Ohm_cm2 / c.cathode_interphase_nm for c in view.cycles]
    if max(ratios) - min(ratios) < 1e-6 * max(ratios):
        _second_scale(axes, ratios[0], label)
    else:
        other = _right_axis(axes)
        _against_cycle(other, view, "cathode_interphase_Ohm_cm2", label, **OTHER)
        other.set_ylim(bottom=0.0)
        _colour(axes, BLUE)
        _colour(other, VERMILLION)
    _cycles_along_x(axes)


def _second_scale(axes: Axes, ratio: float, label: str) -> None:
    """Add an axis on the right for a quantity that is proportional to that on the left."""
    functions: Any = (lambda left: left * ratio, lambda right: right / ratio)
    other = axes.secondary_yaxis("right", functions=functions)
    other.spines["right"].set_visible(True)
    other.set_ylabel(label)


def _active_material(axes: Axes, view: FullView) -> None:
    label = "Connected active\nmaterial (%)"
    _against_cycle(axes, view, "connected_fraction", label, color=BLACK)
    lowest = 100.0 * min(cycle.connected_fraction for cycle in view.cycles)
    axes.set_ylim(min(lowest - 0.1 * (100.0 - lowest), 99.0), 100.2)
    _cycles_along_x(axes)


def _lithium(axes: Axes, view: FullView) -> None:
    label = MAH_CM2.label("Lithium of the metal")
    _against_cycle(axes, view, "metal_lithium_mAh_cm2", label, color=BLUE)
    other = _right_axis(axes)
    label = MAH_CM2.label("Lithium in isolated\nmaterial")
    _against_cycle(other, view, "isolated_lithium_mAh_cm2", label, **OTHER)
    most = max(cycle.isolated_lithium_mAh_cm2 for cycle in view.cycles)
    other.set_ylim(-0.05 * (most or 1.0), 1.1 * (most or 1.0))
    _colour(axes, BLUE)
    _colour(other, VERMILLION)
    _cycles_along_x(axes)


def _right_axis(axes: Axes) -> Axes:
    other = axes.twinx()
    other.spines["right"].set_visible(True)
    other.yaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]))
    return other


def _colour(axes: Axes, color: str) -> None:
    """Give an axis the colour of its line; the line style says the same in print."""
    axes.yaxis.label.set_color(color)
    axes.tick_params(axis="y", colors=color)


def _fluoride(axes: Axes, view: FullView) -> None:
    """Draw fluoride against depth at the end, for each size of particle."""
    profile = view.data["fluoride"].values
    if not profile.any():
        axes.set_axis_off()
        words = "No fluoride: this cathode interphase\nreleases none at these potentials."
        axes.text(0.5, 0.5, words, ha="center", va="center", transform=axes.transAxes)
        return
    radius = view.series("fluoride_radius", UM)
    looks = sequence([f"size {number + 1}" for number in range(len(profile))])
    for here, values, look in zip(radius, profile, looks, strict=True):
        surface = here[-1] + 0.5 * (here[-1] - here[-2])
        axes.plot(surface - here, values / 1000.0, label=look.label, **look.line())
    axes.set_xscale("log")
    plain_ticks(axes.xaxis)
    axes.set_xlabel(UM.label("Depth below the surface"))
    axes.set_ylabel("Fluoride (mol/L)")
    axes.set_ylim(bottom=0.0)
    if len(profile) > 1:
        axes.legend()


def _caption(view: FullView) -> str:
    last = view.cycles[-1]
    isolated = 100.0 * (1.0 - last.connected_fraction)
    text = (
        "(a) Mean thickness of the cathode interphase and its resistance per active surface "
        "(right axis). (b) Active material that electrons and ions still reach; the rest is "
        f"isolated by cracks, {isolated:.2g} % after cycle {last.cycle}. (c) Lithium of the metal "
        "at the end of a cycle (solid) and lithium held in isolated material (dashed). (d) "
        "Fluoride in the particles at the end of the test. "
    )
    temperatures = {round(cycle.temperature_C, 3) for cycle in view.cycles}
    if len(temperatures) > 1:
        text += "The resistance (dashed) jumps where the temperature changes. "
    return text.strip()


def _absent(view: FullView) -> str | None:
    return None if view.cycles else "Left out: no cycle was run."


AGEING = Picture("ageing", "Ageing", ("fluoride",), _draw, _caption, _absent)
