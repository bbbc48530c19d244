"""The picture of a check: sites by a potential and by another method, and both barriers."""

from __future__ import annotations

from collections.abc import Mapping

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from interlith.atomistic.records import NetworkCheck
from interlith.report.style import (
    BLUE,
    DOUBLE_COLUMN_MM,
    GREY,
    MM_PER_INCH,
    SINGLE_COLUMN_MM,
    VERMILLION,
    Margins,
    canvas,
    printable,
    styled,
    title,
)

__all__ = ["draw_checks"]

PANEL_MM = 46.0
FOOT_MM = 24.0
WIDTHS_MM = {1: SINGLE_COLUMN_MM, 2: DOUBLE_COLUMN_MM, 3: DOUBLE_COLUMN_MM}
LEVEL = 0.28  # half the length of a site's level


@styled
def draw_checks(checks: Mapping[str, NetworkCheck]) -> Figure:
    """Return each site's energy by potential (left) and method (right), a panel a metal."""
    columns = min(3, len(checks))
    rows = -(-len(checks) // columns)
    height = FOOT_MM + (PANEL_MM + 17.0) * rows
    margins = Margins(left=14, right=4, top=9, bottom=19, across=17, down=19)
    figure, grid = canvas(WIDTHS_MM[columns], height, rows, columns, margins)
    panels = [axes for row in grid for axes in row]
    for axes in panels[len(checks) :]:
        axes.set_axis_off()
    for axes, (metal, check) in zip(panels, checks.items(), strict=False):
        _draw(axes, check)
        axes.set_ylabel("energy above the lowest site (eV)")
        title(axes, printable(metal))
    figure.text(
        0.5,
        2.5 / (figure.get_figheight() * MM_PER_INCH),
        "levels: sites, one geometry joined; dashed: saddle of the lowest network",
        ha="center",
        fontsize=5.5 if columns == 1 else 6.5,
    )
    return figure


def _draw(axes: Axes, check: NetworkCheck) -> None:
    for name, energies in check.sites_eV.items():
        axes.plot((LEVEL, 1.0 - LEVEL), energies, color=GREY, linewidth=0.6, linestyle=":")
        for place, energy, colour in zip((0.0, 1.0), energies, (BLUE, VERMILLION), strict=True):
            axes.plot((place - LEVEL, place + LEVEL), (energy, energy), color=colour, linewidth=1.6)
        axes.annotate(
            name,
            (1.0 + 1.3 * LEVEL, energies[1]),
            xytext=(3, -2),
            textcoords="offset points",
            fontsize=6,
        )
    for place, barrier in ((0.0, check.potential_eV), (1.0, check.barrier_eV)):
        axes.plot(
            (place - 1.3 * LEVEL, place + 1.3 * LEVEL), (barrier, barrier), color="black",
            linestyle="--", linewidth=0.8,
        )  # fmt: skip
    names = (
        f"{check.potential}: {check.potential_eV:.3f} eV",
        f"{check.checker}: {check.barrier_eV:.3f} eV",
    )
    axes.set_xticks((0.0, 1.0), [printable(name) for name in names])
    axes.set_xlim(-0.6, 1.6)
    axes.margins(y=0.08)
