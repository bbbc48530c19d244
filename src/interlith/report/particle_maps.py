"""Particles side by side: cross-sections with the lithium in them, uptake over time, profiles."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.patches import Circle

from interlith.particle import Lithiated
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
    Look,
    blank,
    letter,
    panel,
    printable,
    styled,
    title,
    write_figures,
)

__all__ = ["particle_maps", "write_particle_maps"]

MAP_MM = 29.0
GAP_MM = 3.5
ROW_MM = MAP_MM + 12.5  # with title and caption
TOP_MM = 12.0
LINES_MM = 44.0
PER_ROW = 5
PIXELS = 301
COLOURS = (BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY, BLACK)
DASHES: tuple[str | tuple[int, tuple[float, ...]], ...] = (
    "-",
    (0, (5, 1.5)),
    (0, (1.2, 1.2)),
    (0, (6, 1.5, 1.2, 1.5)),
    (0, (3, 1.2)),
    (0, (6, 1.5, 1.2, 1.5, 1.2, 1.5)),
)


@styled
def particle_maps(results: Sequence[Lithiated]) -> Figure:
    """Return the picture of one or several particles.

    Parameters
    ----------
    results
        What `lithiate` returned; every intensity is lithium over the most the phase can hold.
    """
    if not results:
        raise ValueError("a picture needs at least one particle")
    rows = -(-len(results) // PER_ROW)
    below = TOP_MM + rows * ROW_MM + 1.0
    figure = blank(DOUBLE_COLUMN_MM, below + LINES_MM + 14.0)
    images = [_place_map(figure, result, index) for index, result in enumerate(results)]
    _colour_bar(figure, images[0])
    figure.text(0.012, 1.0 - 3.5 / (below + LINES_MM + 14.0), _heading(results[0]), va="center")
    looks = _looks(results)
    uptake = panel(figure, 17.0, below, 70.0, LINES_MM)
    _draw_uptake(uptake, results, looks)
    letter(uptake, "b")
    profile = panel(figure, 107.0, below, 70.0, LINES_MM)
    _draw_profiles(profile, results, looks)
    letter(profile, "c")
    return figure


def write_particle_maps(results: Sequence[Lithiated], folder: Path) -> list[Path]:
    """Write the picture as PNG, SVG and PDF; return the written files."""
    return write_figures([("particle", particle_maps(results))], folder)


def _heading(result: Lithiated) -> str:
    """Say what a step is, in seconds and as a Fourier number."""
    request = result.request
    return (
        f"{request.steps:,} steps of {request.time_step:.3g} s = "
        f"{request.duration / 3600.0:.3g} h (the length of a step is a choice)   ·   "
        f"radius {request.radius * 1e6:.3g} µm   ·   {request.potential:g} V against lithium   ·   "
        f"{request.temperature - 273.15:.3g} °C"
    )


def _place_map(figure: Figure, result: Lithiated, index: int) -> AxesImage:
    row, column = divmod(index, PER_ROW)
    left = 8.0 + column * (MAP_MM + GAP_MM)
    axes = panel(figure, left, TOP_MM + row * ROW_MM, MAP_MM, MAP_MM)
    image = axes.imshow(
        _section(result), vmin=0.0, vmax=1.0, cmap="cividis", extent=(-1, 1, -1, 1),
        interpolation="bilinear",
    )  # fmt: skip
    # concentration ends in a point at the surface: the line shows where the particle ends
    axes.add_patch(Circle((0, 0), 1.0, fill=False, edgecolor=GREY, linewidth=0.6))
    axes.set(xlim=(-1.04, 1.04), ylim=(-1.04, 1.04))
    axes.set_axis_off()
    title(axes, f"{printable(result.metal, 10)}: {result.outcome}")
    axes.annotate(
        f"{result.regime}\n{_amounts(result)}",
        (0.5, -0.02), xycoords="axes fraction", ha="center", va="top", fontsize=6,
    )  # fmt: skip
    if index == 0:
        axes.annotate(
            "a", (0, 1), xycoords="axes fraction", xytext=(-8, 4), textcoords="offset points",
            fontsize=8, fontweight="bold", annotation_clip=False,
        )  # fmt: skip
    return image


def _amounts(result: Lithiated) -> str:
    if result.uptake_fraction == 0.0:
        return ""
    step = result.fourier_number_of_a_step
    return f"uptake {result.uptake_fraction:.2f}, Fo/step {step:.1e}"


def _section(result: Lithiated) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Return the concentration over the cross-section; outside of the particle not a number."""
    line = np.linspace(-1.0, 1.0, PIXELS)
    radius = np.hypot(*np.meshgrid(line, line))
    inside = np.interp(radius, result.radius_over_R, result.concentration)
    return np.where(radius <= 1.0, inside, np.nan)


def _colour_bar(figure: Figure, image: AxesImage) -> None:
    left = 8.0 + PER_ROW * (MAP_MM + GAP_MM) + 1.0
    axes = panel(figure, left, TOP_MM + 2.0, 2.2, MAP_MM - 4.0)
    bar = figure.colorbar(image, cax=axes)
    bar.set_ticks([0.0, 0.5, 1.0])
    axes.set_title("Li", fontsize=6.5, y=1.0, pad=3)


def _looks(results: Sequence[Lithiated]) -> list[Look]:
    return [
        Look(printable(result.metal, 10), COLOURS[k % len(COLOURS)], DASHES[k % len(DASHES)])
        for k, result in enumerate(results)
    ]


def _draw_uptake(axes: Axes, results: Sequence[Lithiated], looks: Sequence[Look]) -> None:
    """Draw uptake against time; crosses at the end span the range of the diffusivity."""
    for result, look in zip(results, looks, strict=True):
        hours = np.concatenate(([0.0], result.time / 3600.0))
        axes.plot(hours, np.concatenate(([0.0], result.uptake)), label=look.label, **look.line())
    end = results[0].request.duration / 3600.0
    for k, (result, look) in enumerate(zip(results, looks, strict=True)):
        low, high = result.sensitivity.uptake_low, result.sensitivity.uptake_high
        place = end * (1.03 + 0.02 * k)
        axes.plot([place, place], [low, high], color=look.color, linewidth=1.6, clip_on=False)
    axes.set(xlim=(0.0, end * (1.04 + 0.02 * len(results))), ylim=(0.0, 1.03))
    axes.set_xlabel("Time (h); bars: range of the diffusivity in the library")
    axes.set_ylabel("Uptake over the most it can hold")
    if len(results) > 1:
        axes.legend(loc="lower center", bbox_to_anchor=(0.55, 0.02), ncols=2)


def _draw_profiles(axes: Axes, results: Sequence[Lithiated], looks: Sequence[Look]) -> None:
    for result, look in zip(results, looks, strict=True):
        axes.plot(result.radius_over_R, result.concentration, label=look.label, **look.line())
    axes.set(xlim=(0.0, 1.0), ylim=(0.0, 1.03))
    axes.set_xlabel("Radius over that of the particle")
    axes.set_ylabel("Lithium over the most\nthe phase can hold")
