"""Capacity against cycle: areal and specific, charge and discharge, beside what was measured."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from interlith.report.full.view import Block, FullView, MeasuredCapacity
from interlith.report.pictures.picture import Picture
from interlith.report.style import (
    BLACK,
    BLUE,
    DOUBLE_COLUMN_MM,
    GREY,
    VERMILLION,
    Margins,
    canvas,
    letter,
    printable,
    whole_numbers,
)
from interlith.report.view import MAH_CM2

__all__ = ["CAPACITY", "add_specific"]

Array = npt.NDArray[np.float64]

MOST_MARKERS = 150
RATE_TEST_SHARE = 0.4
"""Share of all cycles up to which the cycles before the longest block get a panel of their own."""
FEWEST_IN_RATE_TEST = 4
ROOM = 0.015
"""Of the cycles shown, left free at either end."""
NARROWEST_LABEL = 0.018
"""Of the width of the panel; the rate of a shorter block is not written."""
WIDEST_LABEL = 0.07
EFFICIENCY_AROUND = 1.0
CHARGE: dict[str, Any] = {"marker": "^", "markerfacecolor": "none", "markeredgewidth": 0.6}
LARGE, SMALL = 3.2, 2.0
CYCLES_WITH_LARGE_MARKERS = 40
MEASURED: dict[str, Any] = {
    "linestyle": "none",
    "marker": "D",
    "markersize": 4.2,
    "markeredgecolor": BLACK,
}
FILL = {True: "white", False: BLACK}


def _draw(view: FullView) -> Figure:
    ranges = _ranges(view)
    margins = Margins(left=17, right=16, top=14, bottom=10, across=21, down=5)
    figure, panels = canvas(
        DOUBLE_COLUMN_MM, 92.0, 2, len(ranges), margins,
        height_ratios=[2.6, 1.0], sharex="col", sharey="row",
    )  # fmt: skip
    for column, (first, last) in enumerate(ranges):
        top, bottom = panels[0][column], panels[1][column]
        _capacities(top, view, last - first + 1)
        _efficiencies(bottom, view, last - first + 1)
        room = max(0.5, ROOM * (last - first + 1)) if last == view.cycles[-1].cycle else 0.5
        top.set_xlim(first - room, last + room)
        _rates(top, view.blocks, first, last)
        add_specific(top, view, "y")
        bottom.set_xlabel("Cycle number (–)")
        whole_numbers(bottom.xaxis)
    panels[0][0].set_ylabel(MAH_CM2.label("Areal capacity"))
    panels[0][0].set_ylim(0.0, 1.06 * _highest(view))
    panels[1][0].set_ylabel("Coulombic\nefficiency (%)")
    panels[1][0].set_ylim(*_around_efficiencies(view))
    for text, axes in zip("abcd", [axes for row in panels for axes in row], strict=False):
        letter(axes, text)
    figure.legend(handles=_handles(view), loc="upper center", ncols=4, bbox_to_anchor=(0.5, 1.0))
    return figure


def _ranges(view: FullView) -> list[tuple[int, int]]:
    """Return the cycles of each column: the rate test apart from long cycling after it."""
    first, last = view.cycles[0].cycle, view.cycles[-1].cycle
    longest = max(view.blocks, key=lambda block: len(block.cycles))
    before = longest.first - first
    if FEWEST_IN_RATE_TEST <= before <= RATE_TEST_SHARE * (last - first + 1):
        return [(first, longest.first - 1), (first, last)]
    return [(first, last)]


def _highest(view: FullView) -> float:
    simulated = [max(c.charge_mAh_cm2, c.discharge_mAh_cm2) for c in view.cycles]
    return max([*simulated, *(row.mAh_cm2 for row in view.measured)]) or 1.0


def _every(count: int) -> int:
    """Return how many markers to step over, so that they stay apart."""
    return max(1, -(-count // MOST_MARKERS))


def _capacities(axes: Axes, view: FullView, shown: int) -> None:
    numbers = [cycle.cycle for cycle in view.cycles]
    looks: dict[str, Any] = {
        "markevery": _every(shown),
        "linestyle": "none",
        "markersize": LARGE if shown <= CYCLES_WITH_LARGE_MARKERS else SMALL,
    }
    discharge = [cycle.discharge_mAh_cm2 or np.nan for cycle in view.cycles]
    axes.plot(numbers, discharge, color=VERMILLION, marker="o", **looks)
    charge = [cycle.charge_mAh_cm2 or np.nan for cycle in view.cycles]
    axes.plot(numbers, charge, color=BLUE, **{**looks, **CHARGE})
    for row in view.measured:
        if row.cycle_known:
            axes.plot(row.first_cycle, row.mAh_cm2, markerfacecolor=FILL[row.fitted], **MEASURED)
        else:
            span = (row.first_cycle - 0.45, row.last_cycle + 0.45)
            axes.plot(span, (row.mAh_cm2,) * 2, **_span_look(row))


def _span_look(row: MeasuredCapacity) -> dict[str, Any]:
    return {"color": BLACK, "linewidth": 1.4, "linestyle": (0, (2, 1)) if row.fitted else "-"}


def _efficiencies(axes: Axes, view: FullView, shown: int) -> None:
    numbers = [cycle.cycle for cycle in view.cycles]
    axes.axhline(100.0, color=GREY, linewidth=0.5)
    axes.plot(
        numbers, _in_percent(view), color=BLACK, marker=".", linestyle="none",
        markevery=_every(shown),
    )  # fmt: skip


def _in_percent(view: FullView) -> Array:
    found = [cycle.coulombic_efficiency if cycle.complete else None for cycle in view.cycles]
    return np.array([np.nan if value is None else 100.0 * value for value in found])


def _around_efficiencies(view: FullView) -> tuple[float, float]:
    """Return limits that show the usual efficiencies; changes of rate lie beyond."""
    values = _in_percent(view)
    values = values[np.isfinite(values)]
    if not len(values):
        return 100.0 - EFFICIENCY_AROUND, 100.0 + EFFICIENCY_AROUND
    low, high = np.quantile(values, [0.05, 0.95])
    return min(float(low) - 0.2, 100.0 - EFFICIENCY_AROUND), max(
        float(high) + 0.2, 100.0 + EFFICIENCY_AROUND
    )


def _rates(axes: Axes, blocks: Sequence[Block], first: int, last: int) -> None:
    """Write the rate above each block of cycles, upright where there is little room."""
    width = last - first + 1.4
    for block in blocks:
        start, end = max(block.first, first) - 0.5, min(block.last, last) + 0.5
        if block.first > first and start < end:
            axes.axvline(start, color=GREY, linewidth=0.4, linestyle=(0, (1, 2)))
        share = (end - start) / width
        if share < NARROWEST_LABEL:
            continue
        axes.annotate(
            printable(block.rate, 16), (0.5 * (start + end), 1.0),
            xycoords=("data", "axes fraction"), xytext=(0, 3), textcoords="offset points",
            ha="center", va="bottom", fontsize=6.0, rotation=0 if share > WIDEST_LABEL else 90,
            annotation_clip=False,
        )  # fmt: skip


def add_specific(axes: Axes, view: FullView, axis: str) -> None:
    """Add an axis with capacities per mass of active material."""
    functions: Any = (view.specific, lambda specific: specific * view.loading_g_cm2)
    if axis == "y":
        other = axes.secondary_yaxis("right", functions=functions)
        other.set_ylabel("Specific capacity (mAh/g)")
    else:
        other = axes.secondary_xaxis("top", functions=functions)
        other.set_xlabel("Specific capacity (mAh/g)")
    other.spines[["right" if axis == "y" else "top"]].set_visible(True)


def _handles(view: FullView) -> list[Line2D]:
    none: dict[str, Any] = {"linestyle": "none"}
    handles = [
        Line2D([], [], label="charge", color=BLUE, **none, **CHARGE),
        Line2D([], [], label="discharge", color=VERMILLION, marker="o", **none),
    ]
    for row in view.measured:
        what = f"measured, {'fitted to' if row.fitted else 'not fitted'}"
        if what in [handle.get_label() for handle in handles]:
            continue
        if row.cycle_known:
            handles.append(Line2D([], [], label=what, markerfacecolor=FILL[row.fitted], **MEASURED))
        else:
            handles.append(Line2D([], [], label=what, **_span_look(row)))
    return handles


def _caption(view: FullView) -> str:
    text = (
        "Top: capacity of the charges and discharges, per area (left) and per mass of active "
        "material as made (right); the rate of the discharge stands above. Bottom: discharge over "
        "charge of the same cycle; where the rate changes it may lie far off, and beyond the axis. "
    )
    other = [
        f"cycles {block.first} to {block.last}: {block.label}"
        for block in view.blocks
        if block.label != block.rate
    ]
    if other:
        text += f"In detail: {'; '.join(other)}. "
    if view.measured:
        text += (
            "Black: measured discharge capacities of the same cell; a bar where the cycle number "
            "is not known to us. "
        )
    return text.strip()


def _absent(view: FullView) -> str | None:
    return None if view.cycles else "Left out: the protocol has no charge, so there is no cycle."


CAPACITY = Picture("capacity", "Capacity against cycle", (), _draw, _caption, _absent)
