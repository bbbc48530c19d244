"""The picture of a series: a barrier against layers, cell and images, one panel each."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from interlith.atomistic.records import Series
from interlith.report.style import (
    BLACK,
    BLUE,
    DOUBLE_COLUMN_MM,
    MM_PER_INCH,
    VERMILLION,
    Margins,
    canvas,
    printable,
    styled,
    title,
)

__all__ = ["draw_series"]

PANELS = (
    ("layers", "atomic layers of the slab"),
    ("coverage", "cell, repeats of the smallest"),
    ("images", "images between the ends of a path"),
)
HEIGHT_MM = 62.0


@styled
def draw_series(series: Series) -> Figure:
    """Return a barrier against layers, cell and images; the base is ringed in every panel."""
    figure, rows = canvas(
        DOUBLE_COLUMN_MM, HEIGHT_MM, 1, len(PANELS), Margins(left=14, bottom=19), sharey=True
    )
    for axes, (axis, label) in zip(rows[0], PANELS, strict=True):
        _draw(axes, series, axis)
        axes.set_xlabel(label)
        moved = series.moved_eV(axis)
        title(axes, "not varied" if moved is None else f"moves by up to {moved:.3f} eV")
    rows[0][0].set_ylabel("barrier (eV)")
    top = max((row.both_ways_eV or row.barrier_eV or 0.0) for row in series.rows)
    rows[0][0].set_ylim(0.0, 1.25 * top if top > 0.0 else 1.0)
    rows[0][0].legend(fontsize=6, loc="lower left")
    face = "".join(str(index) for index in series.miller)
    figure.text(
        0.5,
        2.5 / (figure.get_figheight() * MM_PER_INCH),
        printable(
            f"{series.metal} on {series.host}({face}), {series.potential}; ring: the base", 90
        ),
        ha="center",
        fontsize=6.5,
    )
    return figure


def _draw(axes: Axes, series: Series, axis: str) -> None:
    rows = series.along(axis)
    names = [row.cell if axis == "coverage" else str(getattr(row, axis)) for row in rows]
    places = range(len(rows))
    for kind, colour, marker, label in (
        ("barrier_eV", BLUE, "o", "easiest direction"),
        ("both_ways_eV", VERMILLION, "s", "both ways"),
    ):
        found = [(place, getattr(row, kind)) for place, row in zip(places, rows, strict=True)]
        shown = [(place, value) for place, value in found if value is not None]
        axes.plot(
            [place for place, _ in shown],
            [value for _, value in shown],
            color=colour,
            marker=marker,
            linestyle="-" if kind == "barrier_eV" else "--",
            label=label,
        )
    base = series.rows[0]
    if base.barrier_eV is not None:
        axes.plot(
            rows.index(base), base.barrier_eV, marker="o", markersize=7, fillstyle="none",
            color=BLACK, linestyle="",
        )  # fmt: skip
    axes.set_xticks(list(places), names)
    axes.set_xlim(-0.5, len(rows) - 0.5)
