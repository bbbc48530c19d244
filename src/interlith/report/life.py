"""Pictures of the life of an interlayer: where the metal and the lithium went, the potential."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from interlith.report.style import (
    BLACK,
    BLUE,
    DOUBLE_COLUMN_MM,
    FORMATS,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    VERMILLION,
    Margins,
    canvas,
    letter,
    plain_ticks,
    render,
    sequence,
    styled,
    title,
)

if TYPE_CHECKING:
    from interlith.simulation.interlayer import Evolution, SideOutcome

__all__ = ["animation", "depth_profiles", "lithium_ledger", "potential_profiles", "write_life"]

MOST_CURVES = 6
UM, HOUR, MAH_CM2 = 1e6, 3600.0, 36000.0
STORES = {
    "metal_lithium": ("lithium metal", GREY, ""),
    "pore_lithium": ("pores of the interlayer", BLUE, "///"),
    "host_lithium": ("host", ORANGE, "..."),
    "sei_lithium": ("interphase", GREEN, "xxx"),
    "filament_lithium": ("filaments", VERMILLION, "+++"),
}


def _chosen(side: SideOutcome) -> list[int]:
    """Return the moments to draw: those before the cycles, and the last."""
    before = [k for k, moment in enumerate(side.moments) if moment.cycle == 0]
    return [*before[: MOST_CURVES - 1], len(side.moments) - 1]


def _regions(axes: Axes, side: SideOutcome) -> None:
    """Mark lithium at the left and interphase at the right of a layer."""
    thickness = float(side.widths.sum()) * UM
    axes.axvline(0.0, color=BLACK, linewidth=0.6)
    axes.axvline(thickness, color=BLACK, linewidth=0.6)


@styled
def depth_profiles(evolution: Evolution) -> Figure:
    """Draw the mobile metal against depth, as a depth profile would show it.

    Parameters
    ----------
    evolution : Evolution
        The history.

    Returns
    -------
    Figure
        One column a side: concentration in the lithium, the layer and the interphase.
    """
    sides = list(evolution.sides.values())
    margins = Margins(left=17, right=4, top=12, bottom=26, across=17)
    figure, panels = canvas(DOUBLE_COLUMN_MM, 88.0, 1, len(sides), margins)
    for axes, side, mark in zip(panels[0], sides, "ab", strict=False):
        _depth_panel(axes, side)
        letter(axes, mark)
        title(axes, f"{side.side} electrode")
    panels[0][0].set_ylabel("Concentration (mol/m³)")
    handles, labels = panels[0][0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="lower center", ncols=3)
    return figure


def _depth_panel(axes: Axes, side: SideOutcome) -> None:
    chosen = _chosen(side)
    looks = sequence([side.moments[k].label for k in chosen])
    depth = side.depth * UM
    for k, look in zip(chosen, looks, strict=True):
        moment = side.moments[k]
        amount = (moment.bound + moment.mobile).sum(axis=0)
        axes.plot(depth, np.maximum(amount, 1e-6), label=look.label, **look.line())
    axes.plot(
        depth, side.host, color=GREY, linewidth=2.2, alpha=0.6, label="host atoms, which stay"
    )
    thickness = float(side.widths.sum()) * UM
    last = f"end, {side.moments[-1].label}"
    alloy = side.in_anode.sum() / side.alloy_depth
    width = 0.18 * thickness
    axes.fill_between([-width, 0.0], 1e-6, max(alloy, 1e-6), color=PURPLE, alpha=0.5, lw=0)
    axes.annotate("in\nlithium", (-0.5 * width, 1.0), xycoords=("data", "axes fraction"),
                  xytext=(0, -3), textcoords="offset points", ha="center", va="top",
                  fontsize=6)  # fmt: skip
    if side.sei_thickness > 0.0:
        sei = side.in_sei.sum() / side.sei_thickness
        axes.fill_between(
            [thickness, thickness + width], 1e-6, max(sei, 1e-6), color=GREEN, alpha=0.5, lw=0,
            hatch="///", label=f"metal in lithium (violet), in interphase (hatched), {last}",
        )  # fmt: skip
    axes.annotate("inter-\nphase", (thickness + 0.5 * width, 1.0),
                  xycoords=("data", "axes fraction"), xytext=(0, -3), textcoords="offset points",
                  ha="center", va="top", fontsize=6)  # fmt: skip
    _regions(axes, side)
    top = max(float(side.moments[0].bound.sum(axis=0).max(initial=1.0)), 1.0)
    axes.set_yscale("log")
    axes.set_ylim(top * 1e-4, top * 30.0)
    axes.minorticks_off()
    plain_ticks(axes.yaxis)
    axes.set_xlim(-width, thickness + width)
    axes.set_xlabel("← lithium    Depth (µm; ends not to scale)    electrolyte →")


@styled
def potential_profiles(evolution: Evolution) -> Figure:
    """Draw the potentials in the layer, and at the electrolyte against time.

    Parameters
    ----------
    evolution : Evolution
        The history.

    Returns
    -------
    Figure
        Potential against lithium with depth at chosen moments, and at the electrolyte with time.
    """
    side = list(evolution.sides.values())[-1]
    margins = Margins(left=17, right=4, top=10, bottom=24, across=17)
    figure, panels = canvas(DOUBLE_COLUMN_MM, 84.0, 1, 2, margins)
    left, right = panels[0]
    chosen = _chosen(side)[1:]  # as pressed, nothing has found its potential yet
    for k, look in zip(chosen, sequence([side.moments[k].label for k in chosen]), strict=True):
        left.plot(side.depth * UM, side.moments[k].eta, label=look.label, **look.line())
    left.set_xlabel("← lithium    Depth (µm)    electrolyte →")
    left.set_ylabel("Potential against lithium (V)")
    left.margins(x=0.0)
    title(left, f"{side.side} electrode")
    time = evolution.edge_potential[:, 0] / HOUR
    for column, (name, color, style) in enumerate(
        (("left", BLUE, "-"), ("right", VERMILLION, (0, (4, 1.5)))), start=1
    ):
        eta = evolution.edge_potential[:, column]
        if np.isfinite(eta).any():
            right.plot(np.maximum(time, 1e-4), eta, color=color, linestyle=style, label=name)
    right.set_xscale("log")
    right.set_xlim(1e-3, None)
    right.minorticks_off()
    plain_ticks(right.xaxis)
    right.set_xlabel("Time (h)")
    right.set_ylabel("Potential at the electrolyte (V)")
    right.legend(title="interlayer", loc="center left")
    handles, labels = left.get_legend_handles_labels()
    figure.legend(handles, labels, loc="lower left", ncols=3, bbox_to_anchor=(0.02, 0.0))
    for axes, mark in zip((left, right), "ab", strict=True):
        letter(axes, mark)
    return figure


@styled
def lithium_ledger(evolution: Evolution) -> Figure:
    """Draw where the lithium of each half-cycle went.

    Parameters
    ----------
    evolution : Evolution
        The history.

    Returns
    -------
    Figure
        Change of each store over each half-cycle, stacked, for both electrodes.
    """
    from interlith.simulation.interlayer import LEDGER

    margins = Margins(left=17, right=4, top=10, bottom=22, down=6)
    figure, panels = canvas(DOUBLE_COLUMN_MM, 104.0, 2, 1, margins, sharex=True)
    changes = np.diff(evolution.ledger, axis=0) / MAH_CM2
    places = 0.5 + 0.5 * np.arange(len(changes))
    for row, name in enumerate(("left", "right")):
        axes = panels[row][0]
        up, down = np.zeros(len(changes)), np.zeros(len(changes))
        for store, (label, color, hatch) in STORES.items():
            values = changes[:, row, LEDGER.index(store)]
            base = np.where(values >= 0.0, up, down)
            axes.bar(places, values, 0.42, bottom=base, color=color, hatch=hatch,
                     edgecolor="white", linewidth=0.3, label=label)  # fmt: skip
            up += np.maximum(values, 0.0)
            down += np.minimum(values, 0.0)
        axes.axhline(0.0, color=BLACK, linewidth=0.5)
        axes.set_ylim(1.15 * float(down.min(initial=-1e-6)), 1.15 * float(up.max(initial=1e-6)))
        axes.set_ylabel("Change (mAh/cm²)")
        title(axes, f"{name} electrode: lithium taken up (+) and given off (−)")
        letter(axes, "ab"[row])
    panels[1][0].set_xlabel("Cycle (two half-cycles each)")
    handles, labels = panels[0][0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="lower center", ncols=5)
    return figure


@styled
def animation(evolution: Evolution) -> bytes:
    """Return the depth profile of the metal over all moments as an animated GIF.

    Parameters
    ----------
    evolution : Evolution
        The history.

    Returns
    -------
    bytes
        The file.
    """
    from PIL import Image

    side = list(evolution.sides.values())[-1]
    frames = []
    for moment in side.moments:
        figure, panels = canvas(110.0, 70.0, 1, 1, Margins(left=17, right=4, top=10, bottom=12))
        axes = panels[0][0]
        depth = side.depth * UM
        axes.plot(depth, (moment.bound + moment.mobile).sum(axis=0) * 1e-3, color=PURPLE)
        axes.set_ylabel("Mobile metal (mol/L)", color=PURPLE)
        top = max(float(side.moments[0].bound.sum(axis=0).max(initial=1.0)) * 1e-3, 1e-3)
        axes.set_ylim(0.0, 1.15 * top)
        axes.set_xlim(0.0, float(side.widths.sum()) * UM)
        axes.set_xlabel("← lithium    Depth (µm)    electrolyte →")
        other = axes.twinx()
        other.plot(depth, moment.lithiated, color=ORANGE, linestyle=(0, (4, 1.5)))
        other.plot(depth, moment.filling, color=BLUE, linestyle=(0, (1.2, 1.2)))
        other.set_ylim(0.0, 1.15)
        other.set_ylabel("Host lithiated (dashes), pores filled (dots)")
        title(axes, f"{moment.time / HOUR:.1f} h: {moment.label}")
        frames.append(Image.open(BytesIO(render(figure, "png"))).convert("P"))
    buffer = BytesIO()
    frames[0].save(
        buffer, format="GIF", save_all=True, append_images=frames[1:], duration=350, loop=0
    )
    return buffer.getvalue()


def write_life(evolution: Evolution, folder: Path) -> list[Path]:
    """Write the pictures of an evolution as PNG, SVG and PDF, and the animation.

    Parameters
    ----------
    evolution : Evolution
        The history.
    folder : Path
        Where to; made if missing.

    Returns
    -------
    list of Path
        The files.
    """
    folder.mkdir(parents=True, exist_ok=True)
    figures = {
        "metal-depth-profiles": depth_profiles(evolution),
        "potentials": potential_profiles(evolution),
        "lithium-ledger": lithium_ledger(evolution),
    }
    written = []
    for name, figure in figures.items():
        for form in FORMATS:
            path = folder / f"{name}.{form}"
            path.write_bytes(render(figure, form))
            written.append(path)
    path = folder / "metal-depth-profiles.gif"
    path.write_bytes(animation(evolution))
    return [*written, path]
