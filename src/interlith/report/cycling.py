"""Pictures of cycling: capacity and efficiency, voltage curves, polarisation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from interlith.cyclerdata.cycling import Cycle, Cycling
from interlith.report.style import (
    BLUE,
    DOUBLE_COLUMN_MM,
    GREEN,
    GREY,
    SINGLE_COLUMN_MM,
    VERMILLION,
    Margins,
    canvas,
    letter,
    sequence,
    styled,
    whole_numbers,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from interlith.cyclerdata.half_cycles import HalfCycle
    from interlith.cyclerdata.recording import Recording

__all__ = ["draw_cycling"]

MOST_CURVES = 6
MOST_POINTS = 2000  # of a curve
CROWDED = 40  # cycles from which lines without markers are clearer


def draw_cycling(
    recording: Recording, found: Cycling, *, area: float | None, mass: float | None
) -> list[tuple[str, Figure]]:
    """Return all pictures of cycling, by name; capacities per mass, or per area, if known."""
    factor, unit = scale(area, mass)
    pictures = [("voltage-curves", voltage_curves(recording, found, factor, unit))]
    if sum(c.charge is not None and c.discharge is not None for c in found.cycles) > 1:
        pictures.insert(0, ("capacity", capacity(found, factor, unit)))
        pictures.append(("polarisation", polarisation(found)))
    return pictures


def scale(area: float | None, mass: float | None) -> tuple[float, str]:
    """Return factor and unit that turn coulombs into what is shown."""
    if mass is not None:
        return 1.0 / 3.6 / (1e3 * mass), "mAh/g"
    if area is not None:
        return 1e-4 / 3.6 / area, "mAh/cm²"
    return 1.0 / 3.6, "mAh"


def _column(cycles: tuple[Cycle, ...], value: str) -> NDArray[np.float64]:
    found = (getattr(cycle, value) for cycle in cycles)
    return np.array([np.nan if v is None else v for v in found], dtype=float)


def _charges(halves: list[HalfCycle | None]) -> NDArray[np.float64]:
    return np.array([np.nan if half is None else half.charge for half in halves])


def _line(axes: Axes, x: NDArray[np.float64], y: NDArray[np.float64], **look: object) -> None:
    if len(x) > CROWDED:
        look.pop("marker", None)
    axes.plot(x, y, **look)  # type: ignore[arg-type]


@styled
def capacity(found: Cycling, factor: float, unit: str) -> Figure:
    """Return capacities against cycle, and efficiencies and retention below."""
    figure, panels = canvas(
        DOUBLE_COLUMN_MM * 0.75, 96.0, 2, 1, Margins(left=16, top=10, down=11), sharex=True
    )
    above, below = panels[0][0], panels[1][0]
    cycles = found.cycles
    numbers = np.array([float(c.number) for c in cycles])
    charge = factor * _charges([c.charge for c in cycles])
    discharge = factor * _charges([c.discharge for c in cycles])
    _line(above, numbers, charge, color=BLUE, marker="^", markerfacecolor="none", label="charge")
    _line(above, numbers, discharge, color=VERMILLION, marker="v", label="discharge")
    if found.end_of_life is not None:
        above.axvline(found.end_of_life, color=GREY, linestyle=(0, (1.2, 1.2)))
        above.annotate(
            f"below {100.0 * found.life_threshold:g} % ", (found.end_of_life, 1.0),
            xycoords=("data", "axes fraction"), ha="right", va="top", fontsize=6, color=GREY,
        )  # fmt: skip
    above.set_ylabel(f"capacity ({unit})")
    above.set_ylim(bottom=0.0)
    for value, label, color, style, marker in (
        ("coulombic_efficiency", "coulombic efficiency", BLUE, "-", "o"),
        ("energy_efficiency", "energy efficiency", GREEN, (0, (5, 1.5)), "s"),
        ("retention", "retention", GREY, (0, (1.2, 1.2)), "D"),
    ):
        shares = 100.0 * _column(cycles, value)
        if np.isfinite(shares).any():
            _line(below, numbers, shares, color=color, linestyle=style, marker=marker, label=label)
    below.set_ylabel("share (%)")
    below.set_xlabel("cycle")
    whole_numbers(below.xaxis)
    for axes, mark in ((above, "a"), (below, "b")):
        axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncol=3, borderaxespad=0.2)
        letter(axes, mark)
    return figure


@styled
def voltage_curves(recording: Recording, found: Cycling, factor: float, unit: str) -> Figure:
    """Return voltage against capacity of some cycles, dark first, bright last."""
    figure, panels = canvas(SINGLE_COLUMN_MM * 1.3, 78.0, 1, 1, Margins(left=16, top=13))
    axes = panels[0][0]
    places = np.linspace(0, len(found.cycles) - 1, min(MOST_CURVES, len(found.cycles)))
    chosen = [found.cycles[k] for k in np.unique(places.round().astype(int))]
    for cycle, look in zip(chosen, sequence([f"cycle {c.number}" for c in chosen]), strict=True):
        label = look.label
        for half in (cycle.charge, cycle.discharge):
            if half is not None:
                passed, voltage = _curve(recording, half)
                axes.plot(factor * passed, voltage, label=label, **look.line())
                label = "_nolegend_"
    axes.set_xlabel(f"capacity of the half-cycle ({unit})")
    axes.set_ylabel("voltage (V)")
    axes.set_xlim(left=0.0)
    axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncol=3, borderaxespad=0.2)
    return figure


def _curve(
    recording: Recording, half: HalfCycle
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    rows = slice(half.first, half.last + 1)
    time, current = recording.time[rows], recording.current[rows]
    step = np.maximum(np.diff(time), 0.0)
    flow = 0.5 * np.abs(current[1:] + current[:-1])
    passed = np.concatenate([[0.0], np.cumsum(step * flow)])
    every = max(1, len(passed) // MOST_POINTS)
    return passed[::every], recording.voltage[rows][::every]


@styled
def polarisation(found: Cycling) -> Figure:
    """Return mean voltages against cycle, and their difference below."""
    figure, panels = canvas(
        SINGLE_COLUMN_MM * 1.3, 92.0, 2, 1, Margins(left=16, top=10, down=9), sharex=True
    )
    above, below = panels[0][0], panels[1][0]
    cycles = found.cycles
    numbers = np.array([float(c.number) for c in cycles])
    for halves, label, color, marker in (
        ([c.charge for c in cycles], "charge", BLUE, "^"),
        ([c.discharge for c in cycles], "discharge", VERMILLION, "v"),
    ):
        means = np.array([np.nan if h is None else h.mean_voltage for h in halves])
        _line(above, numbers, means, color=color, marker=marker, label=label)
    _line(below, numbers, 1e3 * _column(cycles, "polarisation"), color=GREY, marker="o")
    above.set_ylabel("mean voltage (V)")
    below.set_ylabel("difference (mV)")
    below.set_xlabel("cycle")
    whole_numbers(below.xaxis)
    above.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncol=2, borderaxespad=0.2)
    letter(above, "a")
    letter(below, "b")
    return figure
