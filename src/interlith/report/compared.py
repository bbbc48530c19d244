"""Pictures of a measured test beside its simulation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from interlith.report.style import (
    BLACK,
    BLUE,
    DOUBLE_COLUMN_MM,
    GREY,
    VERMILLION,
    Margins,
    canvas,
    letter,
    styled,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from interlith.cyclerdata.compare import Comparison, Estimate

__all__ = ["compared_figures"]

HOUR = 3600.0
FIT = {"color": VERMILLION, "linestyle": (0, (5, 1.5))}


def compared_figures(
    before: Comparison, fitted: Estimate | None = None
) -> list[tuple[str, Figure]]:
    """Return all pictures by name: overlay with residuals, measured against simulated.

    Parameters
    ----------
    before : Comparison
        The cell as its file has it.
    fitted : Estimate, optional
        The cell after a fit.
    """
    return [("overlay", overlay(before, fitted)), ("parity", parity(before, fitted))]


@styled
def overlay(before: Comparison, fitted: Estimate | None = None) -> Figure:
    """Return both voltages and their difference against time."""
    figure, panels = canvas(
        DOUBLE_COLUMN_MM,
        96.0,
        2,
        1,
        Margins(left=17, right=4, top=9, bottom=10),
        sharex="col",
        height_ratios=[1.4, 1.0],
    )
    above, below = panels[0][0], panels[1][0]
    time = before.time / HOUR
    factor, unit = _scale(before.measured)
    above.plot(time, before.measured * factor, color=BLACK, linewidth=0.8, label="measured")
    above.plot(
        time, before.simulated * factor, color=BLUE, linewidth=0.8, label="simulated, cell file"
    )
    below.plot(time, 1e3 * before.residual, color=BLUE, linewidth=0.6)
    if fitted is not None:
        above.plot(
            time, fitted.after.simulated * factor, linewidth=0.8, label="simulated, fitted", **FIT
        )
        below.plot(time, 1e3 * fitted.after.residual, linewidth=0.6, **FIT)
    for axes in (above, below):
        axes.axhline(0.0, color=GREY, linewidth=0.4)
    above.set_ylabel(f"Voltage ({unit})")
    above.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncol=3, borderaxespad=0.3)
    below.set_ylabel("Measured −\nsimulated (mV)")
    below.set_xlabel("Time (h)")
    _leave_out_spikes(below, 1e3 * before.residual)
    letter(above, "a")
    letter(below, "b")
    return figure


def _scale(voltage: NDArray[np.float64]) -> tuple[float, str]:
    return (1e3, "mV") if np.percentile(np.abs(voltage), 99.0) < 1.0 else (1.0, "V")


def _leave_out_spikes(axes: Axes, residual: NDArray[np.float64]) -> None:
    low, high = np.nanpercentile(residual, [0.5, 99.5])
    room = 0.25 * max(high - low, 1e-6)
    axes.set_ylim(min(low - room, -room), max(high + room, room))


@styled
def parity(before: Comparison, fitted: Estimate | None = None) -> Figure:
    """Return simulated against measured voltage."""
    figure, panels = canvas(
        0.55 * DOUBLE_COLUMN_MM, 92.0, 1, 1, Margins(left=17, right=4, top=9, bottom=11)
    )
    axes = panels[0][0]
    factor, unit = _scale(before.measured)
    measured = before.measured * factor
    axes.plot(measured, before.simulated * factor, ".", color=BLUE, markersize=2, label="cell file")
    if fitted is not None:
        axes.plot(
            measured, fitted.after.simulated * factor, "x", color=VERMILLION, markersize=2,
            label="fitted",
        )  # fmt: skip
    ends = [float(np.min(measured)), float(np.max(measured))]
    axes.plot(ends, ends, color=BLACK, linewidth=0.6, label="equal")
    axes.set_xlabel(f"Measured voltage ({unit})")
    axes.set_ylabel(f"Simulated voltage ({unit})")
    axes.legend(loc="upper left")
    return figure
