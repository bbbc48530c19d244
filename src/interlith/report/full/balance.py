"""Where the lithium is, and how well it is conserved."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, LogLocator

from interlith.report.full.view import FullView
from interlith.report.pictures.inventory import PLACES
from interlith.report.pictures.picture import Picture
from interlith.report.style import BLACK, PURPLE, SKY, Look
from interlith.report.timeline import timeline
from interlith.report.view import MAH_CM2

__all__ = ["BALANCE", "isolated_lithium"]

Array = npt.NDArray[np.float64]

ISOLATED = Look("isolated active material", PURPLE, (0, (1, 1)))
LOOKS: dict[str, Look] = {
    "metal": PLACES["metal_lithium"],
    "cathode": Look("connected cathode", SKY, (0, (4, 1.5))),
    "elsewhere": PLACES["host_lithium"],
    "filament": PLACES["filament_lithium"],
}
SMALLEST = 1e-17


def isolated_lithium(view: FullView) -> Array:
    """Return the lithium in isolated active material at each time point, in mAh/cm2."""
    steps = view.result.steps
    after = np.array([0.0, *(step.isolated_lithium for step in steps)]) / MAH_CM2.si
    number = {step.index: place for place, step in enumerate(steps)}
    rows = np.asarray(view.data["time_step"].values, dtype=int)
    return after[[number[int(step)] for step in rows]]  # what was isolated before that step


def _held(view: FullView) -> dict[str, Array]:
    """Return the lithium in each place in mAh/cm2; the interlayer has what is nowhere else."""
    places = {
        "metal": view.series("metal_lithium", MAH_CM2),
        "cathode": view.series("cathode_lithium", MAH_CM2),
        "filament": view.series("filament_lithium", MAH_CM2),
    }
    total = view.series("total_lithium", MAH_CM2)
    return places | {"elsewhere": total - sum(places.values())}


def _draw(view: FullView) -> Figure:
    chart = timeline(view, 2)
    isolated = isolated_lithium(view)
    for name, values in _held(view).items():
        chart.line(0, values - values[0], **LOOKS[name].line())
    chart.line(0, isolated - isolated[0], **ISOLATED.line())
    total = view.series("total_lithium", MAH_CM2) + isolated
    error = np.maximum(np.abs(total / total[0] - 1.0), SMALLEST)
    chart.line(1, error, color=BLACK, linewidth=0.7)
    chart.panels[0][0].set_ylabel(MAH_CM2.label("Change since\nstart"))
    chart.panels[1][0].set_ylabel("Change of all\nlithium (fraction)")
    for axes in chart.panels[1]:
        axes.set_yscale("log")
        axes.yaxis.set_major_locator(LogLocator(numticks=5))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0e}"))
        axes.minorticks_off()
    chart.panels[1][0].set_ylim(SMALLEST, max(1e-9, 3.0 * float(error.max())))
    names = {**{name: look.label for name, look in LOOKS.items()}, "elsewhere": "interlayer, SEI"}
    handles = [Line2D([], [], label=names[name], **look.line()) for name, look in LOOKS.items()]
    handles.append(Line2D([], [], label=ISOLATED.label, **ISOLATED.line()))
    return chart.finish(handles)


def _caption(view: FullView) -> str:
    return (
        "Top: change of the lithium in each place since the start; what leaves the cathode arrives "
        "at the left electrode. Isolated material keeps its lithium. Bottom: how much all lithium "
        f"together has changed, which is round-off; {view.result.lithium_imbalance:.1e} at most "
        "over the whole test, cycles that were not kept included."
    )


def _absent(view: FullView) -> str | None:
    if not view.series("metal_lithium", MAH_CM2).any():
        return "Left out: a half cell has ideal lithium, which gives whatever is asked for."
    return None


BALANCE = Picture(
    "lithium", "Where the lithium is", ("metal_lithium", "total_lithium"), _draw, _caption, _absent
)
