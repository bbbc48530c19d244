"""Where the lithium is: metal, pores, host, filament and solid-electrolyte interphase (SEI)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from interlith.report.pictures.picture import Picture
from interlith.report.style import (
    BLACK,
    BLUE,
    DOUBLE_COLUMN_MM,
    GREEN,
    ORANGE,
    VERMILLION,
    Look,
    Margins,
    canvas,
    letter,
    plain_ticks,
    title,
)
from interlith.report.thinning import thin
from interlith.report.view import MAH_CM2, SIDES, H, View

__all__ = ["INVENTORY", "PLACES"]

Array = npt.NDArray[np.float64]

PLACES: dict[str, Look] = {
    "metal_lithium": Look("metal", BLACK, "-"),
    "pore_lithium": Look("pores", BLUE, (0, (4, 1.5))),
    "host_lithium": Look("host", GREEN, (0, (6, 1.5, 1.2, 1.5))),
    "filament_lithium": Look("filament", VERMILLION, (0, (1.2, 1.2))),
    "sei_lithium": Look("SEI", ORANGE, (0, (3, 1.2))),
}
SMALLEST_SHOWN = 1e-5  # mAh/cm2, about a tenth of an atomic layer of lithium


def _draw(view: View) -> Figure:
    figure, panels = canvas(
        DOUBLE_COLUMN_MM,
        92.0,
        2,
        2,
        Margins(left=17, top=13, across=8, down=7),
        sharex=True,
        sharey="row",
    )
    for column, side in enumerate(SIDES):
        title(panels[0][column], f"{side} electrode")
        for name, look in PLACES.items():
            held = view.series(name, MAH_CM2, side)
            _line(panels[0][column], view, held - held[0], look)
            if np.nanmax(held) > SMALLEST_SHOWN:
                _line(
                    panels[1][column],
                    view,
                    np.where(held > 0.1 * SMALLEST_SHOWN, held, np.nan),
                    look,
                )
        panels[1][column].set_xlabel(H.label("Time"))
    panels[0][0].set_ylabel(MAH_CM2.label("Change since\nstart"))
    panels[1][0].set_ylabel(MAH_CM2.label("Lithium held"))
    panels[0][0].set_xlim(0.0, view.duration * 1.01 or 1.0)
    _logarithmic(panels[1])
    for text, axes in zip("abcd", [axes for row in panels for axes in row], strict=True):
        letter(axes, text)
    handles = [Line2D([], [], label=look.label, **look.line()) for look in PLACES.values()]
    figure.legend(
        handles=handles, loc="upper center", ncols=5, bbox_to_anchor=(0.5, 1.0), borderaxespad=0.3
    )
    return figure


def _line(axes: Axes, view: View, values: Array, look: Look) -> None:
    axes.plot(*thin(view.hours, values), **look.line())


def _logarithmic(row: list[Axes]) -> None:
    for axes in row:
        axes.set_yscale("log")
        plain_ticks(axes.yaxis)
    row[0].set_ylim(bottom=max(row[0].get_ylim()[0], SMALLEST_SHOWN))


def _caption(view: View) -> str:
    change = {
        side: float(
            view.series("metal_lithium", MAH_CM2, side)[-1]
            - view.series("metal_lithium", MAH_CM2, side)[0]
        )
        for side in SIDES
    }
    return (
        "Top: change of the lithium held in each place since the start. Bottom: the amounts "
        "themselves on a logarithmic axis, so that a filament or the SEI shows beside the metal. "
        "What leaves one electrode arrives in the other. At the end the metal has changed by "
        f"{change['left']:+.3g} (left) and {change['right']:+.3g} mAh/cm² (right)."
    )


INVENTORY = Picture("inventory", "Where the lithium is", tuple(PLACES), _draw, _caption)
