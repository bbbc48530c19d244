"""Curves of both programs, and their difference, over the charge that has passed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from interlith.bridges.beside import LAST_SHARE, Compared
from interlith.report.style import (
    BLACK,
    DOUBLE_COLUMN_MM,
    FORMATS,
    Look,
    Margins,
    canvas,
    letter,
    render,
    sequence,
    styled,
    title,
)

__all__ = ["draw_beside", "write_beside"]

HEIGHT_MM = 105.0
MAH_CM2 = 36000.0
MOST_MARKS = 14


@styled
def draw_beside(found: Sequence[Compared]) -> Figure:
    """Draw voltages above and differences below, discharge left and charge right.

    Parameters
    ----------
    found : sequence of Compared
        From :func:`interlith.bridges.beside.beside_pybamm`.

    Returns
    -------
    Figure
        Lines are interlith, circles PyBaMM.
    """
    margins = Margins(left=15.0, right=4.0, top=9.0, bottom=11.0, across=18.0, down=6.0)
    figure, panels = canvas(
        DOUBLE_COLUMN_MM, HEIGHT_MM, 2, 2, margins, height_ratios=(2.2, 1.0), sharex="col"
    )
    for column, way in enumerate(("discharge", "charge")):
        cases = [case for case in found if case.direction == way and len(case.time)]
        looks = sequence([f"{case.rate:g}C" for case in cases])
        above, below = panels[0][column], panels[1][column]
        for case, look in zip(cases, looks, strict=True):
            _draw_case(above, below, case, look)
        title(above, f"{way.capitalize()}: lines interlith, circles PyBaMM")
        letter(above, "ab"[column])
        above.set_ylabel("Voltage (V)")
        below.set_ylabel("Difference (mV)")
        below.set_xlabel("Areal capacity (mAh/cm²)")
        below.axhline(0.0, color=BLACK, linewidth=0.4)
        if cases:
            above.legend(loc="best", frameon=False)
    return figure


def _draw_case(above: Axes, below: Axes, case: Compared, look: Look) -> None:
    """One charge or discharge in both panels."""
    from scipy.interpolate import CubicSpline

    per_second = case.capacity / case.time[-1] / MAH_CM2
    color = look.color
    above.plot(case.time * per_second, case.voltage, color=color, label=look.label, linewidth=1.0)
    end = LAST_SHARE * min(case.time[-1], case.pybamm_time[-1])
    marks = np.linspace(0.0, end, MOST_MARKS)
    theirs = CubicSpline(case.pybamm_time, case.pybamm_voltage)
    above.plot(
        marks * per_second, theirs(marks), "o", color=color, markersize=3.0, markerfacecolor="none"
    )
    at = np.linspace(min(1.0, 0.1 * end), end, 400)
    difference = CubicSpline(case.time, case.voltage)(at) - theirs(at)
    below.plot(at * per_second, 1e3 * difference, color=color, linewidth=0.8)


def write_beside(found: Sequence[Compared], folder: Path) -> list[Path]:
    """Write the picture as PNG, SVG and PDF.

    Parameters
    ----------
    found : sequence of Compared
        What to draw.
    folder : Path
        Where to; made if missing.

    Returns
    -------
    list of Path
        The files.
    """
    folder.mkdir(parents=True, exist_ok=True)
    figure = draw_beside(found)
    written = []
    for form in FORMATS:
        path = folder / f"beside-pybamm.{form}"
        path.write_bytes(render(figure, form))
        written.append(path)
    return written
