"""Inside the interlayer: where lithium plates, at chosen moments, from lithium to electrolyte."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from interlith.report.pictures.picture import Picture
from interlith.report.style import (
    DOUBLE_COLUMN_MM,
    Look,
    Margins,
    canvas,
    letter,
    printable,
    sequence,
    title,
)
from interlith.report.thinning import thin
from interlith.report.view import FRACTION, MA_CM2, MA_CM3, MV, UM, FieldUnit, View

__all__ = ["PROFILES", "chosen_snapshots"]

MOST_SNAPSHOTS = 5
ROW_MM = 33.0
DEPTH = "Depth from lithium"

QUANTITIES: tuple[tuple[str, str, FieldUnit], ...] = (
    ("potential_difference", "Electronic minus\nionic potential", MV),
    ("pore_filling", "Lithium in pores", FRACTION),
    ("plating_rate", "Plating rate", MA_CM3),
    ("host_lithiation", "Host lithiation", FRACTION),
    ("ionic_current_density", "Ionic current\ndensity", MA_CM2),
)
NAMES = tuple(name for name, _, _ in QUANTITIES)


def chosen_snapshots(view: View) -> list[int]:
    """Return the snapshots to draw, evenly over the test, the first and the last among them."""
    count = int(view.data.sizes.get("profile", 0))
    places = np.linspace(0, count - 1, min(MOST_SNAPSHOTS, count))
    return sorted({round(float(place)) for place in places})


def _draw(view: View) -> Figure:
    sides = view.with_interlayer()
    chosen = chosen_snapshots(view)
    looks = sequence([_snapshot_label(view, k) for k in chosen])
    figure, panels = _one_side() if len(sides) == 1 else _two_sides()
    columns = (
        [[axes for row in panels for axes in row][:5]] if len(sides) == 1 else _transposed(panels)
    )
    for side, column in zip(sides, columns, strict=True):
        for axes, (name, label, unit) in zip(column, QUANTITIES, strict=True):
            _profile(axes, view, side, name, unit, chosen, looks)
            if side == sides[0]:
                axes.set_ylabel(unit.label(label))
    _finish(figure, panels, sides, looks)
    return figure


def _one_side() -> tuple[Figure, list[list[Axes]]]:
    margins = Margins(left=19, right=5, top=9, bottom=11, across=18, down=15)
    return canvas(DOUBLE_COLUMN_MM, 2 * ROW_MM + 34, 2, 3, margins)


def _two_sides() -> tuple[Figure, list[list[Axes]]]:
    margins = Margins(left=19, right=5, top=19, bottom=11, across=7, down=5)
    return canvas(DOUBLE_COLUMN_MM, 5 * ROW_MM + 32, 5, 2, margins, sharex="col", sharey="row")


def _transposed(panels: list[list[Axes]]) -> list[list[Axes]]:
    return [list(column) for column in zip(*panels, strict=True)]


def _snapshot_label(view: View, index: int) -> str:
    label = printable(str(view.data["profile_label"].values[index]), 34)
    hours = float(view.data["profile_time"].values[index]) / 3600.0
    return f"{hours:.3g} h: {label}" if label else f"{hours:.3g} h"


def _profile(
    axes: Axes,
    view: View,
    side: str,
    name: str,
    unit: FieldUnit,
    chosen: list[int],
    looks: list[Look],
) -> None:
    depth = view.series("depth", UM, side)
    values = view.series(name, unit, side)
    inside = np.isfinite(depth)
    for index, look in zip(chosen, looks, strict=True):
        axes.plot(*thin(depth[inside], values[index][inside]), **look.line())
    axes.margins(x=0.0)
    axes.set_xlim(left=0.0)
    if name == "host_lithiation":
        # A formed host is lithiated to round-off: magnified, only the round-off would show.
        axes.set_ylim(-0.05, 1.05)


def _finish(figure: Figure, panels: list[list[Axes]], sides: list[str], looks: list[Look]) -> None:
    """Say which end is which, and put the legend where there is room."""
    handles = [Line2D([], [], label=look.label, **look.line()) for look in looks]
    flat = [axes for row in panels for axes in row]
    if len(sides) == 1:
        flat[5].set_axis_off()
        flat[5].legend(handles=handles, loc="center", title=f"{sides[0]} electrode")
        bottom, flat = flat[:5], flat[:5]
    else:
        bottom = panels[-1]
        figure.legend(handles=handles, loc="upper center", ncols=3, bbox_to_anchor=(0.5, 1.0))
        for axes, side in zip(panels[0], sides, strict=True):
            title(axes, f"{side} electrode")
    for axes in bottom:
        axes.set_xlabel(f"← lithium    {UM.label(DEPTH)}    electrolyte →", fontsize=6.5)
    for text, axes in zip("abcdefghij", flat, strict=False):
        letter(axes, text)


def _caption(view: View) -> str:
    sides = " and ".join(view.with_interlayer())
    return (
        f"Inside the interlayer of the {sides} electrode; the lithium metal is at the left of "
        "each panel, the electrolyte at the right. A plating rate that is highest at the left "
        "means that lithium grows from the metal into the pores; highest at the right means that "
        "it plates against the electrolyte, where filaments start. Host lithiation is the "
        "lithiated share of the host; lithium in pores is the share of pore volume filled. Where "
        "the ionic current falls from the electrolyte to the lithium it has turned into "
        "electronic current."
    )


def _absent(view: View) -> str | None:
    if not view.with_interlayer():
        return "Left out: both electrodes are bare, so there is no interlayer to look into."
    return None


PROFILES = Picture(
    "profiles", "Interlayer profiles", ("profile_time", *NAMES), _draw, _caption, _absent
)
