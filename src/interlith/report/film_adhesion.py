"""The picture of adhesion: the contact angle on each host by each potential."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from interlith.report.style import (
    GREY,
    SINGLE_COLUMN_MM,
    Look,
    Margins,
    canvas,
    printable,
    sequence,
    styled,
)

__all__ = ["draw_adhesion"]

ROW_MM = 7.0
FOOT_MM = 27.0
BETWEEN = 0.24  # of a row, between potentials
MARKER = 4.5


@styled
def draw_adhesion(data: Mapping[str, Any]) -> Figure:
    """Return contact angles, a row a host, as the data of `interlith adhesion` have them.

    A filled marker uses the potential's own surface energy of the film, an empty one the published.
    """
    known = {host: found for host, found in data.items() if found["angle_degrees"] is not None}
    order = sorted(known, key=lambda host: float(known[host]["angle_degrees"]["mean"]))
    names = list(dict.fromkeys(name for host in order for name in known[host]["per_potential"]))
    margins = Margins(left=16, right=5, top=9, bottom=14)
    height = FOOT_MM + ROW_MM * max(1, len(order))
    figure, grid = canvas(SINGLE_COLUMN_MM, height, 1, 1, margins)
    axes = grid[0][0]
    for number, look in enumerate(sequence(names)):
        lift = BETWEEN * (number - 0.5 * (len(names) - 1))
        _draw(axes, known, order, look, lift)
    axes.axvline(90.0, color=GREY, linewidth=0.8, linestyle="--")
    axes.set_xlim(-5.0, 185.0)
    axes.set_xticks(range(0, 181, 30))
    axes.set_ylim(-0.6, max(1, len(order)) - 0.4)
    axes.set_yticks(range(len(order)), [printable(host) for host in order])
    axes.set_xlabel("contact angle (degrees); beads to the right of the line")
    if names:
        axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=len(names))
    figure.text(
        0.5,
        1.5 / height,
        "empty: with the published surface energy of the film",
        ha="center",
        fontsize=6.0,
    )
    return figure


def _draw(axes: Axes, data: Mapping[str, Any], order: list[str], look: Look, lift: float) -> None:
    """Draw one potential: its angles, and where the published face of the film would put them."""
    name = look.label
    rows = [
        (place + lift, data[host]["per_potential"][name])
        for place, host in enumerate(order)
        if name in data[host]["per_potential"]
    ]
    for key, filled in (("angle_published_face_degrees", False), ("angle_degrees", True)):
        found = [(row[key], place) for place, row in rows if row[key] is not None]
        if not found:
            continue
        axes.plot(
            [angle for angle, _ in found],
            [place for _, place in found],
            linestyle="none",
            marker=look.marker,
            color=look.color,
            markersize=MARKER,
            markerfacecolor=look.color if filled else "none",
            label=printable(name) if filled else None,
        )
