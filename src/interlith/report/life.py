"""Pictures of the life of an interlayer: where the metal and the lithium went, the potentials."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from interlith.report.style import (
    BLACK,
    BLUE,
    DOUBLE_COLUMN_MM,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    VERMILLION,
    Margins,
    canvas,
    letter,
    plain_ticks,
    sequence,
    styled,
    title,
)
from interlith.report.thinning import thin

if TYPE_CHECKING:
    from interlith.simulation.interlayer import Evolution, Moment, SideOutcome

__all__ = [
    "LIFE_PICTURES",
    "LifePicture",
    "animation",
    "depth_profiles",
    "lithium_ledger",
    "potential_landscape",
    "potential_profiles",
]

MOST_CURVES = 6
UM, HOUR, MAH_CM2 = 1e6, 3600.0, 36000.0
FLOOR = 1e-4
"""Lowest concentration on the axis of a depth profile, over that at the start."""
STORES = {
    "metal_lithium": ("lithium metal", GREY, ""),
    "pore_lithium": ("pores of the interlayer", BLUE, "///"),
    "host_lithium": ("host", ORANGE, "..."),
    "sei_lithium": ("interphase", GREEN, "xxx"),
    "filament_lithium": ("filaments", VERMILLION, "+++"),
}
END_WIDTH = 0.18
"""Width of a region that is not drawn to scale, over the thickness of the layer."""


@dataclass(frozen=True)
class LifePicture:
    """A picture of an evolution: name of its files, heading, how it is drawn, what to see."""

    name: str
    title: str
    draw: Callable[[Evolution], Figure]
    caption: Callable[[Evolution], str]


def _chosen(side: SideOutcome) -> list[int]:
    """Return the moments to draw: those before the cycles, and the last."""
    before = [k for k, moment in enumerate(side.moments) if moment.cycle == 0]
    return list(dict.fromkeys([*before[: MOST_CURVES - 1], len(side.moments) - 1]))


def _short(label: str) -> str:
    return label.replace("on contact for ", "contact, ")


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
    margins = Margins(left=17, right=4, top=12, bottom=28, across=17)
    figure, panels = canvas(DOUBLE_COLUMN_MM, 90.0, 1, len(sides), margins)
    for axes, side, mark in zip(panels[0], sides, "ab", strict=False):
        _depth_panel(axes, side)
        letter(axes, mark)
        title(axes, f"{side.side} electrode")
    panels[0][0].set_ylabel("Concentration (mol/L)")
    handles, labels = panels[0][0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="lower center", ncols=3)
    return figure


def _depth_panel(axes: Axes, side: SideOutcome) -> None:
    chosen = _chosen(side)
    looks = sequence([_short(side.moments[k].label) for k in chosen])
    depth, thickness = side.depth * UM, float(side.widths.sum()) * UM
    highest = max(float(side.moments[0].bound.sum(axis=0).max(initial=0.0)), side.host.max())
    top = highest * 1e-3
    if side.metals:
        for k, look in zip(chosen, looks, strict=True):
            amount = _metal(side.moments[k]) * 1e-3
            # What lies below the axis runs along it: an empty layer is a result too.
            shown = np.maximum(amount, 1.15 * FLOOR * top)
            axes.plot(depth, shown, label=look.label, **look.line())
    axes.plot(depth, side.host * 1e-3, color=GREY, linewidth=2.2, alpha=0.6, label="host atoms")
    width = END_WIDTH * thickness
    if side.metals:
        alloy = side.in_anode.sum() / side.alloy_depth * 1e-3
        axes.bar(-0.5 * width, max(alloy, 1e-9), width, color=PURPLE, alpha=0.5, lw=0,
                 label="metal in the lithium, at the end")  # fmt: skip
    if side.metals and side.sei_thickness > 0.0:
        sei = side.in_sei.sum() / side.sei_thickness * 1e-3
        axes.bar(thickness + 0.5 * width, max(sei, 1e-9), width, color=GREEN, alpha=0.6,
                 edgecolor="white", linewidth=0.3, hatch="///",
                 label="metal in the interphase, at the end")  # fmt: skip
    for text, place in (("in\nlithium", -0.5 * width), ("inter-\nphase", thickness + 0.5 * width)):
        _region(axes, text, place)
    for place in (0.0, thickness):
        axes.axvline(place, color=BLACK, linewidth=0.6)
    axes.set_yscale("log")
    axes.set_ylim(top * FLOOR, top * 30.0)
    axes.minorticks_off()
    plain_ticks(axes.yaxis)
    axes.set_xlim(-width, thickness + width)
    _ticks_within(axes, thickness)
    axes.set_xlabel("← lithium    Depth (µm; ends not to scale)    electrolyte →")


def _ticks_within(axes: Axes, thickness: float) -> None:
    """Keep the ticks of the depth axis to the layer, the part that is to scale."""
    ticks = MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]).tick_values(0.0, thickness)
    axes.set_xticks([tick for tick in ticks if -1e-9 <= tick <= thickness * (1.0 + 1e-9)])


def _metal(moment: Moment) -> np.ndarray:
    """All mobile metal of the layer at a moment [mol m-3]."""
    found: np.ndarray = (moment.bound + moment.mobile).sum(axis=0)
    return found


def _region(axes: Axes, text: str, place: float) -> None:
    """Write what a part of the depth axis is, at its top."""
    axes.annotate(text, (place, 1.0), xycoords=("data", "axes fraction"), xytext=(0, -3),
                  textcoords="offset points", ha="center", va="top", fontsize=6)  # fmt: skip


def _depth_caption(evolution: Evolution) -> str:
    from interlith.simulation.evolution_data import share_of

    kept = []
    for side in evolution.sides.values():
        left = side.left_in_host()
        shares = [
            f"{100.0 * share_of(left[k], side.total[k]):.2g} % of the {name}"
            for k, name in enumerate(side.metals)
        ]
        kept.append(f"{side.side} {' and '.join(shares) or 'holds no mobile metal'}")
    return (
        "Mobile metal per volume of layer while it forms (lines), and at the end in the lithium "
        "that it dissolved in and in the interphase that it fed (bars); the host (grey) stays. "
        f"Lines along the lower axis hold less than {100.0 * FLOOR:g} % of the start. Still in the "
        f"layer at the end: {'; '.join(kept)}."
    )


@styled
def potential_profiles(evolution: Evolution) -> Figure:
    """Draw the local potential in the layers, and at the electrolyte against time.

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
    margins = Margins(left=17, right=4, top=10, bottom=26, across=17)
    figure, panels = canvas(DOUBLE_COLUMN_MM, 86.0, 1, 2, margins)
    left, right = panels[0]
    chosen = [k for k in _chosen(side) if k > 0]  # as pressed, nothing has found its potential yet
    labels = [_short(side.moments[k].label) for k in chosen]
    for k, look in zip(chosen, sequence(labels), strict=True):
        left.plot(side.depth * UM, side.moments[k].eta, label=look.label, **look.line())
    left.set_xlabel("← lithium    Depth (µm)    electrolyte →")
    left.set_ylabel("Potential against lithium (V)")
    left.margins(x=0.0)
    title(left, f"{side.side} electrode")
    _edge_panel(right, evolution, side)
    handles, names = left.get_legend_handles_labels()
    figure.legend(handles, names, loc="lower left", ncols=2, bbox_to_anchor=(0.02, 0.0))
    handles, names = right.get_legend_handles_labels()
    figure.legend(handles, names, loc="lower left", ncols=2, bbox_to_anchor=(0.52, 0.0))
    for axes, mark in zip((left, right), "ab", strict=True):
        letter(axes, mark)
    return figure


def _edge_panel(axes: Axes, evolution: Evolution, side: SideOutcome) -> None:
    """Draw the potential at the electrolyte against time, and what it is to be compared with."""
    time = np.maximum(evolution.edge_potential[:, 0] / HOUR, 1e-4)
    for column, (name, color, style) in enumerate(
        (("left", BLUE, "-"), ("right", VERMILLION, (0, (4, 1.5)))), start=1
    ):
        eta = evolution.edge_potential[:, column]
        if np.isfinite(eta).any():
            axes.plot(*thin(time, eta), color=color, linestyle=style, label=f"{name} interlayer")
    axes.axhline(side.host_potential, color=GREY, linewidth=0.8, linestyle=(0, (1.2, 1.2)),
                 label="two phases of the host")  # fmt: skip
    axes.axhline(side.reduction_potential, color=BLACK, linewidth=0.8, linestyle=(0, (6, 2)),
                 label="electrolyte reduced below")  # fmt: skip
    axes.set_xscale("log")
    axes.set_xlim(1e-3, None)
    axes.set_ylim(None, 1.15 * max(side.host_potential, side.reduction_potential, 0.05))
    axes.minorticks_off()
    axes.yaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 2.5, 5, 10]))
    plain_ticks(axes.xaxis)
    axes.set_xlabel("Time (h)")
    axes.set_ylabel("Potential at the electrolyte (V)")


def _profiles_caption(evolution: Evolution) -> str:
    from interlith.simulation.evolution_data import time_below, time_on_plateau

    side = list(evolution.sides.values())[-1]
    held, below = (f"{f(evolution, side) / HOUR:.3g} h" for f in (time_on_plateau, time_below))
    return (
        "Left: electronic minus ionic potential through the layer. Right: the same at the face to "
        "the electrolyte, from the moment of contact. It stays near "
        f"{side.host_potential:.3g} V as long as both phases of the host coexist there, here "
        f"{held}. Below {side.reduction_potential:.3g} V (dashed) the electrolyte is reduced at "
        f"equilibrium: {below} in all, in which only the interphase protects it."
    )


@styled
def potential_landscape(evolution: Evolution) -> Figure:
    """Draw ionic, electronic and local potential from the lithium through to the electrolyte.

    Parameters
    ----------
    evolution : Evolution
        The history.

    Returns
    -------
    Figure
        One panel a moment: early on contact, at the end of plating, at the end of stripping.
    """
    side = list(evolution.sides.values())[-1]
    moments = _telling(side)
    margins = Margins(left=17, right=4, top=12, bottom=18, across=17)
    figure, panels = canvas(DOUBLE_COLUMN_MM, 74.0, 1, len(moments), margins)
    for axes, moment, mark in zip(panels[0], moments, "abc", strict=False):
        _landscape_panel(axes, side, moment)
        letter(axes, mark)
        title(axes, _short(moment.label))
        axes.set_ylabel("Potential (mV)")
    handles, labels = panels[0][0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="lower center", ncols=3)
    return figure


def _telling(side: SideOutcome) -> list[Moment]:
    """Return one moment early on contact, the last one plating and the last one stripping."""
    contact = [m for m in side.moments[1:] if m.cycle == 0]
    plating = [m for m in side.moments if m.current > 0.0]
    stripping = [m for m in side.moments if m.current < 0.0]
    found = [*contact[:1], *plating[-1:], *stripping[-1:]]
    return found or [side.moments[-1]]


def _landscape_panel(axes: Axes, side: SideOutcome, moment: Moment) -> None:
    depth, thickness = side.depth * UM, float(side.widths.sum()) * UM
    end = END_WIDTH * thickness
    electronic, ionic = moment.electronic_potential * 1e3, moment.ionic_potential * 1e3
    axes.plot([-end, *depth], [electronic[0], *electronic], color=BLUE, label="electronic")
    places = [*depth, thickness, thickness + end, thickness + 2.5 * end]
    heights = [*ionic, -moment.interphase_drop * 1e3, 0.0, moment.electrolyte_drop * 1e3]
    axes.plot(places, heights, color=ORANGE, linestyle=(0, (5, 1.5)), label="ionic")
    axes.plot(depth, moment.eta * 1e3, color=BLACK, linestyle=(0, (1.2, 1.2)),
              label="local, against lithium: electronic minus ionic")  # fmt: skip
    for place in (0.0, thickness, thickness + end):
        axes.axvline(place, color=GREY, linewidth=0.5)
    regions = {"Li": -0.5 * end, "SEI": thickness + 0.5 * end, "SE": thickness + 1.75 * end}
    for text, place in regions.items():
        _region(axes, text, place)
    low, high = axes.get_ylim()
    span = max(high - low, 1.0)
    axes.set_ylim(low - 0.05 * span, high + 0.3 * span)  # room for the names of the regions
    axes.set_xlim(-end, thickness + 2.5 * end)
    _ticks_within(axes, thickness)
    axes.set_xlabel("Depth (µm; ends not to scale)")


def _landscape_caption(evolution: Evolution) -> str:
    side = list(evolution.sides.values())[-1]
    plating = [m for m in side.moments if m.current > 0.0]
    held = (
        f" At the end of its last plating the {side.side} layer has "
        f"{1e3 * plating[-1].eta[-1]:.3g} mV against lithium at the electrolyte."
        if plating
        else ""
    )
    return (
        f"From the lithium (Li) of the {side.side} electrode through its interlayer and the "
        "interphase (SEI) into the solid electrolyte (SE): electronic and ionic potential, counted "
        "from the electrolyte at its face to the interphase, and their difference, which is the "
        f"local potential against lithium.{held}"
    )


@styled
def lithium_ledger(evolution: Evolution) -> Figure:
    """Draw where the lithium of the rest and of each half-cycle went.

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

    margins = Margins(left=17, right=4, top=10, bottom=22, down=7)
    figure, panels = canvas(DOUBLE_COLUMN_MM, 106.0, 2, 1, margins, sharex=True)
    changes = np.diff(evolution.ledger, axis=0) / MAH_CM2
    rested = evolution.plan.rest > 0.0
    places = 0.5 * np.arange(len(changes)) + (0.0 if rested else 0.5)
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
    panels[1][0].set_xlabel("Cycle (–): two half-cycles each, 0 is the rest on contact")
    handles, labels = panels[0][0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="lower center", ncols=5)
    return figure


def _ledger_caption(evolution: Evolution) -> str:
    from interlith.simulation.interlayer import LEDGER

    host = evolution.ledger[:, :, LEDGER.index("host_lithium")] / MAH_CM2
    first = host[min(1, len(host) - 1)]
    return (
        "Lithium that each store of an electrode gained or lost in the rest on contact (first bar) "
        "and in each half-cycle. On contact the hosts took up "
        f"{first[0]:.3g} (left) and {first[1]:.3g} mAh/cm² (right) and keep it; at the end they "
        f"hold {host[-1, 0]:.3g} and {host[-1, 1]:.3g} mAh/cm²."
    )


LIFE_PICTURES = (
    LifePicture(
        "metal-depth-profiles", "Where the mobile metal is", depth_profiles, _depth_caption
    ),
    LifePicture(
        "potentials", "Potential that the electrolyte sees", potential_profiles, _profiles_caption
    ),
    LifePicture(
        "potential-landscape",
        "Ionic and electronic potential through the stack",
        potential_landscape,
        _landscape_caption,
    ),
    LifePicture(
        "lithium-ledger", "Where the lithium of each cycle went", lithium_ledger, _ledger_caption
    ),
)
"""All still pictures of an evolution, in the order of a report."""


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
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from PIL import Image

    side = list(evolution.sides.values())[-1]
    margins = Margins(left=17, right=16, top=10, bottom=12)
    figure, panels = canvas(110.0, 70.0, 1, 1, margins)
    figure.set_dpi(FRAME_DOTS_PER_INCH)
    axes = panels[0][0]
    depth = side.depth * UM
    (metal,) = axes.plot(depth, depth, color=PURPLE)
    axes.set_ylabel("Mobile metal (mol/L)")
    top = max(float(side.moments[0].bound.sum(axis=0).max(initial=1.0)) * 1e-3, 1e-3)
    axes.set_ylim(0.0, 1.15 * top)
    axes.set_xlim(0.0, float(side.widths.sum()) * UM)
    axes.set_xlabel("← lithium    Depth (µm)    electrolyte →")
    other = axes.twinx()
    (lithiated,) = other.plot(depth, depth, color=ORANGE, linestyle=(0, (4, 1.5)))
    (filled,) = other.plot(depth, depth, color=BLUE, linestyle=(0, (1.2, 1.2)))
    other.set_ylim(0.0, 1.15)
    other.spines["right"].set_visible(True)
    other.set_ylabel("Host lithiated, pores filled (–)")
    painter = FigureCanvasAgg(figure)
    frames = []
    for k in _frames(side):
        moment = side.moments[k]
        metal.set_ydata(_metal(moment) * 1e-3)
        lithiated.set_ydata(moment.lithiated)
        filled.set_ydata(moment.filling)
        title(axes, f"{side.side}, {moment.time / HOUR:.1f} h: {moment.label}")
        painter.draw()  # type: ignore[no-untyped-call]
        pixels = np.asarray(painter.buffer_rgba())  # type: ignore[no-untyped-call]
        frames.append(Image.fromarray(pixels).convert("P"))
    buffer = BytesIO()
    frames[0].save(
        buffer, format="GIF", save_all=True, append_images=frames[1:], duration=350, loop=0
    )
    return buffer.getvalue()


FRAME_DOTS_PER_INCH = 150
MOST_FRAMES = 48


def _frames(side: SideOutcome) -> list[int]:
    """Return the moments of an animation: all on contact, and as many of the cycles as fit."""
    before = [k for k, moment in enumerate(side.moments) if moment.cycle == 0]
    rest = np.arange(len(before), len(side.moments))
    if len(rest) > MOST_FRAMES:
        rest = rest[np.linspace(0, len(rest) - 1, MOST_FRAMES).round().astype(int)]
    return [*before, *rest.tolist()]
