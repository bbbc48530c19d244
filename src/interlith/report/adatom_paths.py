"""Pictures of adatoms: energy along the way that crosses a surface, and the sites on it."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import cycle

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from interlith.atomistic.records import BarrierRecord
from interlith.report.style import (
    BLACK,
    BLUE,
    DOUBLE_COLUMN_MM,
    GREEN,
    GREY,
    MM_PER_INCH,
    ORANGE,
    PURPLE,
    VERMILLION,
    Margins,
    canvas,
    printable,
    styled,
    title,
)

__all__ = ["draw_barriers", "draw_sites"]

# Metal -> potential -> record.
Records = Mapping[str, Mapping[str, BarrierRecord]]

LOOKS = ((BLUE, "-", "o"), (VERMILLION, "--", "s"), (GREEN, "-.", "^"), (PURPLE, ":", "D"))
ATOM_COLOURS = (ORANGE, GREY, GREEN, PURPLE)
PANEL_MM = 46.0
FOOT_MM = 9.0
FRAME_A = 1.5  # angstrom about what is shown


@styled
def draw_barriers(records: Records) -> Figure:
    """Return energy against way along the easiest crossing, a panel a metal, a line a potential."""
    figure, panels = _panels(
        len(records),
        "images of the nudged elastic band above the lowest state, one period of the easiest "
        "direction",
    )
    for axes, (metal, by_potential) in zip(panels, records.items(), strict=True):
        for (name, record), (colour, line, marker) in zip(
            by_potential.items(), LOOKS, strict=False
        ):
            if record.across:
                way, energies = record.profile()
                label = f"{name}: {record.across[0].barrier_eV:.3f} eV"
                axes.plot(
                    way, energies, linestyle=line, marker=marker, color=colour, label=label,
                    markersize=2.5, linewidth=1.1,
                )  # fmt: skip
        axes.set_xlabel("way of the adatom (Å)")
        axes.set_ylabel("energy (eV)")
        axes.margins(y=0.35)
        axes.legend(fontsize=6, loc="upper right", frameon=False)
        title(axes, _heading(metal, next(iter(by_potential.values()))))
    return figure


@styled
def draw_sites(records: Records) -> Figure:
    """Return the surface from above, sites and paths of the first potential, a panel a metal."""
    figure, panels = _panels(
        len(records),
        "filled: atoms of the upper layers, large on top; diamonds: sites; thick: jumps of the "
        "easiest crossing, thin: the others",
    )
    for axes, (metal, by_potential) in zip(panels, records.items(), strict=True):
        name, record = next(iter(by_potential.items()))
        _draw_surface(axes, record)
        _draw_jumps(axes, record)
        _frame(axes, record)
        axes.set_xlabel("x (Å)")
        axes.set_ylabel("y (Å)")
        title(axes, f"{_heading(metal, record)}, {printable(name)}")
    # One host for all panels: one legend, between them and the foot.
    host = next(iter(next(iter(records.values())).values()))
    dots = [
        Line2D([], [], linestyle="", marker="o", color=colour, label=element)
        for element, colour in _colours(host).items()
    ]
    above_foot = 5.5 / (figure.get_figheight() * MM_PER_INCH)
    figure.legend(
        handles=dots, loc="lower center", ncols=len(dots), frameon=False, fontsize=6.5,
        bbox_to_anchor=(0.5, above_foot),
    )  # fmt: skip
    return figure


def _panels(number: int, foot: str) -> tuple[Figure, list[Axes]]:
    """Return a figure with as many panels, three a row, and a line below them."""
    columns = min(3, number)
    rows = -(-number // columns)
    height = FOOT_MM + (PANEL_MM + 17.0) * rows
    margins = Margins(left=14, right=4, top=9, bottom=14 + FOOT_MM, across=17, down=19)
    figure, grid = canvas(DOUBLE_COLUMN_MM, height, rows, columns, margins)
    panels = [axes for row in grid for axes in row]
    for axes in panels[number:]:
        axes.set_axis_off()
    figure.text(0.5, 2.5 / height, foot, ha="center", fontsize=6.5)
    return figure, panels[:number]


def _heading(metal: str, record: BarrierRecord) -> str:
    face = "".join(str(index) for index in record.surface.miller)
    return printable(f"{metal} on {record.host}({face})")


def _colours(record: BarrierRecord) -> dict[str, str]:
    """Return a colour for each element of the slab."""
    elements = sorted({atom[0] for atom in record.surface.upper_atoms})
    return dict(zip(elements, cycle(ATOM_COLOURS), strict=False))


def _draw_surface(axes: Axes, record: BarrierRecord) -> None:
    first, second = (np.array(vector) for vector in record.surface.cell_A)
    colours = _colours(record)
    for element, x, y, z in sorted(record.surface.upper_atoms, key=lambda atom: atom[3]):
        places = [
            np.array([x, y]) + i * first + j * second for i in range(-1, 3) for j in range(-1, 3)
        ]
        axes.scatter(
            [p[0] for p in places],
            [p[1] for p in places],
            s=90.0 if z > -0.5 else 28.0,
            color=colours[element],
            alpha=0.8 if z > -0.5 else 0.4,
            linewidths=0,
            zorder=1,
        )
    corners = np.array([0 * first, first, first + second, second, 0 * first])
    axes.plot(corners[:, 0], corners[:, 1], color=GREY, linewidth=0.6)


def _frame(axes: Axes, record: BarrierRecord) -> None:
    """Show the smallest cell and the ends of all jumps, to scale."""
    first, second = (np.array(vector) for vector in record.surface.cell_A)
    tracks = [point[:2] for jump in record.jumps for point in jump.track_A]
    shown = np.array([0 * first, first, second, first + second, *tracks])
    low, high = shown.min(axis=0) - FRAME_A, shown.max(axis=0) + FRAME_A
    axes.set_xlim(low[0], high[0])
    axes.set_ylim(low[1], high[1])
    axes.set_aspect("equal", adjustable="box")


def _draw_jumps(axes: Axes, record: BarrierRecord) -> None:
    crossing = {step.jump for step in record.across[0].path} if record.across else set()
    for jump in record.jumps:
        track = np.array(jump.track_A)
        decisive = jump.name in crossing
        axes.plot(
            track[:, 0],
            track[:, 1],
            color=BLUE if decisive else BLACK,
            linewidth=1.8 if decisive else 0.6,
            zorder=3,
        )
    for site in record.sites:
        axes.plot(*site.place_A, marker="D", markersize=3, color=VERMILLION, zorder=4)
        axes.annotate(
            site.name, site.place_A, xytext=(2, 2), textcoords="offset points", fontsize=6, zorder=5
        )
