"""Pictures of the energy of a cell: where the mass is, what would raise it, what it takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from interlith.energy import Energy, Level, Reach
from interlith.energy.level import GROUPS
from interlith.energy.sensitivity import Bar
from interlith.energy.waterfall import Drop
from interlith.report.style import (
    BLACK,
    BLUE,
    DOUBLE_COLUMN_MM,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    SKY,
    VERMILLION,
    Margins,
    canvas,
    letter,
    printable,
    styled,
    title,
    write_figures,
)

__all__ = ["PICTURES", "draw", "draw_reach", "write_energy"]

MOST_BARS = 16
ROW_MM = 6.2
CONTOUR_STEPS = (10.0, 20.0, 25.0, 50.0, 100.0, 200.0, 500.0, 1e3, 1e4, 1e5)
MOST_CONTOURS = 11
EDGE_ROWS = 4  # of a map, in which no label stands
THICKNESS_TICKS = (10, 20, 30, 50, 100, 200, 300, 500, 1000, 2000, 5000, 10000)
LOOKS = {
    "active": (BLUE, ""),
    "cathode": (SKY, "///"),
    "electrolyte": (ORANGE, ""),
    "interlayer": (PURPLE, "xxx"),
    "lithium": (GREY, ""),
    "collector": (VERMILLION, ""),
    "overhang": ("#D9B38C", "///"),
    "film": (GREEN, ""),
    "tab": ("#7FC8B5", "xxx"),
    "extra": (BLACK, ""),
}
ROLE_LOOKS = {
    "choice": ("choice of the cell file", BLUE, ""),
    "other": ("assumed or uncertain, over its range", ORANGE, "////"),
}


def draw(found: Energy, name: str = "waterfall") -> Figure:
    """Return a picture by its name.

    Raises
    ------
    ValueError
        There is no such picture.
    """
    if name not in PICTURES:
        raise ValueError(f"no picture '{name}'; there are {', '.join(PICTURES)}")
    return PICTURES[name](found)


@styled
def waterfall(found: Energy) -> Figure:
    """Return the mass of each group of parts beside the specific energy that is left with it."""
    drops, level = found.waterfall, found.level
    height = 30.0 + ROW_MM * len(drops)
    margins = Margins(left=37, right=4, top=17, bottom=12, across=11)
    figure, panels = canvas(DOUBLE_COLUMN_MM, height, 1, 2, margins, sharey=True)
    masses, energies = panels[0]
    rows = np.arange(len(drops))
    _mass_bars(masses, drops, level)
    _energy_bars(energies, drops)
    masses.set_yticks(rows, [drop.name for drop in drops])
    masses.tick_params(axis="y", length=0)
    energies.tick_params(axis="y", length=0, labelleft=False)
    masses.set_ylim(len(drops) - 0.4, -0.6)
    _mark_stack(energies, drops)
    letter(masses, "a")
    letter(energies, "b")
    figure.text(0.5, 1.0 - 4.0 / height, _heading(found), ha="center", va="center", fontsize=7.5)
    figure.text(0.5, 1.0 - 8.2 / height, _levels(found), ha="center", va="center", fontsize=7.0)
    return figure


def _levels(found: Energy) -> str:
    """Say what each level has."""
    levels = [("stack", found.stack)] + ([("pouch", found.cell)] if found.cell else [])
    shown = [f"{name} {level.Wh_kg:.0f} Wh/kg, {level.Wh_L:.0f} Wh/L" for name, level in levels]
    return "; ".join(shown) + " (volume charged)"


def _heading(found: Energy) -> str:
    capacity = found.subject.areal_capacity / 36000.0
    voltage = found.subject.delivered.mean_voltage
    source = {"open circuit": "at rest, an upper limit", "given": "as given"}
    basis = source.get(found.subject.delivered.source, f"cycle {found.subject.delivered.cycle}")
    name = printable(found.subject.cell.name, 60)
    return f"{name}: {capacity:.3g} mAh/cm², {voltage:.3g} V ({basis})"


def _mass_bars(axes: Axes, drops: Sequence[Drop], level: Level) -> None:
    """Draw the mass of each group, and its share."""
    per_area = level.name == "stack"
    scale, unit = (100.0, "mg/cm²") if per_area else (1000.0, "g")
    for row, drop in enumerate(drops):
        colour, hatch = LOOKS[drop.group]
        axes.barh(
            row, drop.mass * scale, 0.72, color=colour, hatch=hatch, edgecolor="white", lw=0.3
        )
        share = 100.0 * drop.mass / level.mass
        axes.annotate(
            f"{drop.mass * scale:.3g} {unit}, {share:.2g} %", (drop.mass * scale, row),
            xytext=(2, 0), textcoords="offset points", va="center", fontsize=6,
        )  # fmt: skip
    axes.set_xlim(0.0, 1.42 * max(drop.mass for drop in drops) * scale)
    axes.set_xlabel(f"Mass ({unit})")
    axes.spines["left"].set_visible(False)
    title(axes, f"Mass of the {level.name}: {level.mass * scale:.3g} {unit}")


def _energy_bars(axes: Axes, drops: Sequence[Drop]) -> None:
    """Draw what is left of the specific energy, and what each group takes off it."""
    before = drops[0].Wh_kg
    for row, drop in enumerate(drops):
        colour, hatch = LOOKS[drop.group]
        axes.barh(row, drop.Wh_kg, 0.72, color="#E6E6E6", lw=0)
        taken = before - drop.Wh_kg
        if taken > 0.0:
            axes.barh(row, taken, 0.72, left=drop.Wh_kg, color=colour, hatch=hatch,
                      edgecolor="white", lw=0.3)  # fmt: skip
        text = f"{drop.Wh_kg:.0f}" if row == 0 else f"{drop.Wh_kg:.0f} (−{taken:.0f})"
        axes.annotate(text, (before, row), xytext=(2, 0), textcoords="offset points",
                      va="center", fontsize=6)  # fmt: skip
        before = drop.Wh_kg
    axes.set_xlim(0.0, 1.28 * drops[0].Wh_kg)
    axes.set_xlabel("Specific energy with all rows down to here (Wh/kg)")
    axes.spines["left"].set_visible(False)
    title(axes, "From the active material down")


def _mark_stack(axes: Axes, drops: Sequence[Drop]) -> None:
    """Say where the stack ends and the pouch begins."""
    groups = [drop.group for drop in drops]
    last = max(row for row, group in enumerate(groups) if group in tuple(GROUPS)[:6])
    if last + 1 == len(drops):
        return
    for one in axes.figure.axes:
        one.axhline(last + 0.5, color=BLACK, linewidth=0.6, linestyle=(0, (4, 2)))
    axes.annotate("stack above, pouch below", (1.0, last + 0.5), xytext=(0, 2),
                  xycoords=("axes fraction", "data"), textcoords="offset points",
                  ha="right", va="bottom", fontsize=6)  # fmt: skip


@styled
def sensitivity(found: Energy) -> Figure:
    """Return what each lever makes of the specific energy, those that raise it most first."""
    bars = [bar for bar in found.sensitivity if bar.span > 0.0][:MOST_BARS]
    height = 29.0 + 4.6 * len(bars)
    margins = Margins(left=50, right=8, top=15, bottom=12)
    figure, panels = canvas(DOUBLE_COLUMN_MM, height, 1, 1, margins)
    axes = panels[0][0]
    ends = [value for bar in bars for value in (bar.at_low[0], bar.at_high[0])]
    room = 0.16 * (max(ends) - min(ends)) or 1.0
    for row, bar in enumerate(bars):
        _bar(axes, row, bar)
    present = found.Wh_kg
    axes.axvline(present, color=BLACK, linewidth=0.8)
    axes.set_yticks(range(len(bars)), [bar.lever.title for bar in bars])
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(len(bars) - 0.4, -0.6)
    axes.set_xlim(min(ends) - room, max(ends) + room)
    axes.set_xlabel(f"Specific energy of the {found.level.name} (Wh/kg); now {present:.0f}")
    handles = [
        Patch(facecolor=colour, hatch=hatch, edgecolor="white", label=label)
        for label, colour, hatch in ROLE_LOOKS.values()
    ]
    figure.legend(
        handles=handles, loc="upper center", ncols=2, bbox_to_anchor=(0.5, 1.0 - 5.5 / height)
    )
    figure.text(0.5, 1.0 - 4.0 / height, _heading(found), ha="center", va="center", fontsize=7.5)
    return figure


def _bar(axes: Axes, row: int, bar: Bar) -> None:
    """Draw one lever with the value of the lever at both ends."""
    lever = bar.lever
    _, colour, hatch = ROLE_LOOKS["choice" if lever.role == "choice" else "other"]
    ends = sorted(
        [(bar.at_low[0], lever.text(lever.low)), (bar.at_high[0], lever.text(lever.high))]
    )
    (left, left_text), (right, right_text) = ends
    axes.barh(
        row, right - left, 0.66, left=left, color=colour, hatch=hatch, edgecolor="white", lw=0.3
    )
    for place, text, side in ((left, left_text, -1), (right, right_text, 1)):
        axes.annotate(text, (place, row), xytext=(2 * side, 0), textcoords="offset points",
                      ha="right" if side < 0 else "left", va="center", fontsize=5.5)  # fmt: skip


@styled
def draw_reach(found: Reach) -> Figure:
    """Return the map: the target's quantity over electrolyte thickness and loading."""
    table = found.map()
    count = len(table.shares)
    margins = Margins(left=15, right=4, top=16, bottom=12, across=7)
    figure, panels = canvas(DOUBLE_COLUMN_MM, 76.0, 1, count, margins, sharey=True)
    levels = _round_levels(table.values, found.target.value)
    for axes, share, values in zip(panels[0], table.shares, table.values, strict=True):
        _map_panel(axes, table.thicknesses * 1e6, table.loadings * 100.0, values, levels, found)
        now = " (now)" if share == table.shares[0] else ""
        title(axes, f"active share {share:.3g}{now}")
    _mark_present(panels[0][0], found)
    panels[0][0].set_ylabel("Loading of active material (mg/cm²)")
    for text, axes in zip("abc", panels[0], strict=False):
        letter(axes, text)
    name = printable(found.subject.cell.name, 50)
    figure.text(
        0.5, 1.0 - 4.5 / 76.0,
        f"{name}: {found.level} level, {found.target.unit}; thick line: the target, {found.target}",
        ha="center", va="center", fontsize=7.5,
    )  # fmt: skip
    return figure


def _round_levels(values: np.ndarray, target: float) -> list[float]:
    """Return round contour levels, without the target and its neighbourhood."""
    step = next(step for step in CONTOUR_STEPS if np.ptp(values) / step < MOST_CONTOURS)
    marks = np.arange(np.floor(values.min() / step), np.ceil(values.max() / step) + 1) * step
    return [float(mark) for mark in marks if abs(mark - target) > 0.25 * step]


def _map_panel(
    axes: Axes, x: np.ndarray, y: np.ndarray, values: np.ndarray, levels: list[float], found: Reach
) -> None:
    """Draw the contours of one active share."""
    target = found.target.value
    axes.set_xscale("log")
    axes.set_xlim(x[0], x[-1])
    axes.set_ylim(y[0], y[-1])
    if values.max() >= target:
        axes.contourf(x, y, values, levels=[target, max(values.max(), target) + 1.0],
                      colors=[GREEN], alpha=0.25)  # fmt: skip
    lines = axes.contour(x, y, values, levels=levels, colors=GREY, linewidths=0.6)
    places = _on_the_diagonal(x, y, values, levels)
    if places:
        axes.clabel(lines, fontsize=5.5, fmt="%g", inline_spacing=1, manual=places)
    if values.min() <= target <= values.max():
        axes.contour(x, y, values, levels=[target], colors=BLACK, linewidths=1.6)
    else:
        axes.annotate(
            "target not in this map", (0.5, 0.94), xycoords="axes fraction", ha="center",
            fontsize=6.5, bbox={"fc": "white", "ec": "none", "pad": 1},
        )  # fmt: skip
    ticks = [tick for tick in THICKNESS_TICKS if x[0] <= tick <= x[-1]]
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.minorticks_off()
    axes.set_xlabel("Electrolyte thickness (µm)")


def _on_the_diagonal(
    x: np.ndarray, y: np.ndarray, values: np.ndarray, levels: list[float]
) -> list[tuple[float, float]]:
    """Return where contours cross the falling diagonal, along which the values only fall."""
    across = np.arange(len(x))
    along = values[len(y) - 1 - across, across]
    rows = across[EDGE_ROWS:-EDGE_ROWS]
    inside = [level for level in levels if along[rows[-1]] < level < along[rows[0]]]
    places = [float(np.interp(-level, -along, across)) for level in inside]
    return [
        (float(np.interp(place, across, x)), float(np.interp(place, across, y[::-1])))
        for place in places
    ]


def _mark_present(axes: Axes, found: Reach) -> None:
    """Mark the cell as it is."""
    subject = found.subject
    thick = max(layer.thickness for layer in subject.cell.electrolytes) * 1e6
    place = (thick, subject.composition.active.areal_mass * 100.0)
    axes.plot(*place, marker="o", color=VERMILLION, markersize=5, clip_on=False, zorder=5)
    axes.annotate(
        "now", place, xytext=(-4, 5), textcoords="offset points", ha="right", fontsize=6.5,
        color=VERMILLION,
    )  # fmt: skip


PICTURES: dict[str, Callable[[Energy], Figure]] = {
    "waterfall": waterfall,
    "sensitivity": sensitivity,
}
"""Pictures of an energy, by name."""


def write_energy(found: Energy, folder: Path, reach: Reach | None = None) -> list[Path]:
    """Write the pictures of an energy, and of a target, as PNG, SVG and PDF.

    Parameters
    ----------
    found
        The energy.
    folder
        Where to; made if missing.
    reach
        What reaches a target, if that was asked.

    Returns
    -------
    list of Path
        The files.
    """
    figures = {f"energy-{name}": make(found) for name, make in PICTURES.items()}
    if reach is not None:
        figures["energy-target"] = draw_reach(reach)
    return write_figures(figures.items(), folder)
