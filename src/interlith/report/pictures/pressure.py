"""Stack pressure, which breathes with plated and stripped lithium when the fixture is stiff."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from interlith.report.pictures.picture import Picture
from interlith.report.style import BLACK
from interlith.report.timeline import timeline
from interlith.report.view import MPA, View

__all__ = ["PRESSURE"]

SMALLEST_SWING = 1e-3  # relative; anything smaller is drawn as the constant it is


def _swing(view: View) -> tuple[float, float]:
    pressure = view.series("stack_pressure", MPA)
    return float(np.nanmin(pressure)), float(np.nanmax(pressure))


def _constant(view: View) -> bool:
    low, high = _swing(view)
    return high - low <= SMALLEST_SWING * abs(high)


def _draw(view: View) -> Figure:
    chart = timeline(view, 1)
    chart.line(0, view.series("stack_pressure", MPA), color=BLACK)
    axes = chart.panels[0][0]
    axes.set_ylabel(MPA.label("Stack pressure"))
    if _constant(view):
        _, high = _swing(view)
        axes.set_ylim(0.0, 1.5 * high if high > 0.0 else 1.0)
    return chart.finish()


def _caption(view: View) -> str:
    low, high = _swing(view)
    if _constant(view):
        return (
            f"The stack pressure stays at {high:.4g} MPa: the fixture keeps it constant (no "
            "fixture stiffness was given)."
        )
    return (
        f"The stack pressure moves between {low:.4g} and {high:.4g} MPa, because lithium that "
        "plates as metal adds to the height of the stack while lithium in pores does not."
    )


PRESSURE = Picture("pressure", "Stack pressure", ("stack_pressure",), _draw, _caption)
