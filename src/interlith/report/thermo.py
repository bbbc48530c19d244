"""Pictures of thermodynamics: ladders, products against potential, windows, candidates."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure

from interlith.report.style import (
    BLACK,
    BLUE,
    DOUBLE_COLUMN_MM,
    GREEN,
    GREY,
    ORANGE,
    VERMILLION,
    Margins,
    canvas,
    printable,
    sequence,
    styled,
    title,
)
from interlith.thermo import Interface, VoltageProfile, Window
from interlith.thermo.phases import lithium_free
from interlith.thermo.screen import Screening

__all__ = ["draw_interface", "draw_ladders", "draw_screening", "draw_windows"]

MOST_X = 5.0  # lithium per host atom


@styled
def draw_ladders(profiles: Mapping[str, VoltageProfile]) -> Figure:
    """Return potential against lithium content, with the spread as a band and measured plateaus."""
    columns = min(3, len(profiles))
    rows = -(-len(profiles) // columns)
    margins = Margins(left=13, right=4, top=10, bottom=15, across=17, down=17)
    figure, panels = canvas(DOUBLE_COLUMN_MM, 16.0 + 44.0 * rows, rows, columns, margins)
    flat = [axes for row in panels for axes in row]
    for axes, (name, profile) in zip(flat, profiles.items(), strict=False):
        atoms = 1.0 if profile.per == "atom" else sum(lithium_free(profile.host).values())
        for step in profile.steps:
            span = [step.x_from, min(step.x_to, MOST_X * atoms)]
            low, high = step.potential.low, step.potential.high
            axes.fill_between(span, low, high, color=BLUE, alpha=0.25, linewidth=0)
            plateau = step.start_V == step.end_V
            inside = [(x, v) for x, v in profile.curve if span[0] <= x <= span[1] + 1e-9]
            course = [(x, step.potential.value) for x in span] if plateau else inside
            axes.plot(*zip(*course, strict=True), color=BLUE, linewidth=1.4)
            for value in step.potential.by_set.values() if plateau else ():
                axes.plot(span, [value, value], color=GREY, linewidth=0.5, linestyle=(0, (2, 1.5)))
            if step.measured is not None:
                bad = step.verdict.startswith("fails")
                axes.plot(
                    [0.5 * sum(span)],
                    [step.measured.potential_V],
                    linestyle="",
                    marker="x" if bad else "o",
                    markerfacecolor="none",
                    color=VERMILLION if bad else BLACK,
                )
        axes.set_ylim(bottom=0.0)
        axes.set_xlim(left=0.0)
        axes.set_xlabel(f"lithium per {profile.per} (1)")
        axes.set_ylabel("potential vs Li (V)")
        title(axes, printable(name))
    for axes in flat[len(profiles) :]:
        axes.set_axis_off()
    figure.text(
        0.5,
        1.5 / (16.0 + 44.0 * rows),
        "line and band: value and spread over the sets that count; dashed: every set; "
        "circle: measured, cross: measured and missed",
        ha="center",
        fontsize=6.5,
    )
    return figure


@styled
def draw_interface(found: Interface) -> Figure:
    """Return which phases are there at which potential, and the driving force."""
    names = sorted({name for point in found.points for name in point.products})
    potentials = np.array([point.V for point in found.points])
    height = 76.0 + 5.0 * len(names)
    margins = Margins(left=30, right=5, top=9, bottom=12, down=11)
    figure, panels = canvas(
        DOUBLE_COLUMN_MM,
        height,
        2,
        1,
        margins,
        height_ratios=[5.0 * len(names) + 4.0, 38.0],
        sharex=True,
    )
    bars, force = panels[0][0], panels[1][0]
    half = 0.5 * (float(np.median(np.diff(potentials))) if len(potentials) > 1 else 0.1)
    metallic = {name for point in found.points for name in point.conductors}
    for row, name in enumerate(names):
        for point in found.points:
            if name in point.products:
                bars.barh(
                    row,
                    2.0 * half,
                    left=point.V - half,
                    height=0.7,
                    color=VERMILLION if name in metallic else BLUE,
                    hatch="////" if name in metallic else "",
                    edgecolor="white" if name in metallic else BLUE,
                    linewidth=0.0,
                )
    bars.set_yticks(range(len(names)), names)
    bars.set_ylim(len(names) - 0.4, -0.6)
    bars.tick_params(axis="y", length=0)
    title(bars, f"{printable(found.metal)} on {printable(found.electrolyte)}: red, hatched: metals")
    low = [point.mutual_eV_per_atom.low for point in found.points]
    high = [point.mutual_eV_per_atom.high for point in found.points]
    value = [point.mutual_eV_per_atom.value for point in found.points]
    alone = [point.alone_eV_per_atom for point in found.points]
    force.fill_between(potentials, low, high, color=BLUE, alpha=0.25, linewidth=0)
    force.plot(potentials, value, color=BLUE, label="both together (band: spread over the sets)")
    force.plot(
        potentials,
        alone,
        color=ORANGE,
        linestyle=(0, (4, 1.5)),
        label=f"{printable(found.electrolyte)} alone with lithium at that potential",
    )
    force.set_xlim(max(float(potentials.min()) - half, 0.0), float(potentials.max()) + half)
    force.set_ylim(top=0.0)
    force.set_xlabel("potential vs Li (V)")
    force.set_ylabel("driving force (eV per atom\nother than Li)")
    force.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncol=2)
    return figure


@styled
def draw_windows(windows: Mapping[str, Window]) -> Figure:
    """Return the window of each electrolyte, with the edges that every set gives."""
    height = 26.0 + 9.0 * len(windows)
    margins = Margins(left=38, right=5, top=9, bottom=12)
    figure, panels = canvas(DOUBLE_COLUMN_MM, height, 1, 1, margins)
    axes = panels[0][0]
    for row, found in enumerate(windows.values()):
        axes.barh(
            row,
            found.high.value - found.low.value,
            left=found.low.value,
            height=0.5,
            color=GREEN,
            alpha=0.55,
        )
        for edge in found.by_set.values():
            axes.plot([edge.low_V] * 2, [row - 0.33, row + 0.33], color=BLUE, linewidth=0.8)
            axes.plot([edge.high_V] * 2, [row - 0.33, row + 0.33], color=VERMILLION, linewidth=0.8)
    axes.set_yticks(range(len(windows)), [printable(name, 26) for name in windows])
    axes.set_ylim(len(windows) - 0.4, -0.6)
    axes.set_xlim(left=0.0)
    axes.set_xlabel("potential vs Li (V)")
    title(axes, "bar: window; lines: edges of every set, reduction (blue) and oxidation (red)")
    return figure


@styled
def draw_screening(found: Screening) -> Figure:
    """Return the map of candidates: driving force against the reduction of their compound."""
    margins = Margins(left=17, right=5, top=9, bottom=12)
    figure, panels = canvas(DOUBLE_COLUMN_MM, 95.0, 1, 1, margins)
    axes = panels[0][0]
    shown = [one for one in found.candidates if one.anion_reduction_V is not None]
    looks = sequence(["", ""])
    groups: dict[tuple[float, float], list[tuple[float, str]]] = {}
    for one in shown:
        assert one.anion_reduction_V is not None
        x, y = one.anion_reduction_V.value, -one.mutual_eV_per_atom.value
        best = one.formula in found.pareto
        axes.errorbar(
            [x],
            [y],
            xerr=[
                [x - min(one.anion_reduction_V.low, x)],
                [max(one.anion_reduction_V.high, x) - x],
            ],
            color=looks[0].color if best else GREY,
            marker="D" if best else "o",
            markerfacecolor=looks[0].color if best else "none",
            linewidth=0.6,
        )
        near = (k for k in groups if abs(x - k[0]) < 0.16 and abs(y - k[1]) < 0.11)
        groups.setdefault(next(near, (x, y)), []).append((y, one.formula))
    for (x, _), members in groups.items():
        # One label for those that lie on each other, the uppermost first.
        axes.annotate(
            "\n".join(name for _, name in sorted(members, reverse=True)),
            (x, max(y for y, _ in members)),
            (3, 4),
            textcoords="offset points",
            va="bottom",
        )
    axes.set_xlabel(
        "potential below which Li reduces its compound with the electrolyte's anion (V)"
    )
    axes.set_ylabel("driving force with the electrolyte (eV per atom other than Li)")
    axes.set_xlim(left=-0.05)
    title(
        axes,
        f"candidates on {printable(found.electrolyte)} at {found.potential_V:g} V; "
        "filled: Pareto set",
    )
    return figure
