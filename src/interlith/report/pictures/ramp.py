"""The test as measured: current staircase above, voltage below, on one time axis."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from interlith.report.pictures.picture import Picture
from interlith.report.style import BLACK, plain_ticks
from interlith.report.timeline import timeline
from interlith.report.view import MA_CM2, MV, FieldUnit, V, View

__all__ = ["RAMP", "scale_voltage", "voltage_unit"]

Array = npt.NDArray[np.float64]

HEADROOM = 1.6
LARGEST_OVERSHOOT = 2.0  # in polarisations of the passing steps; above it a linear axis hides them
DECADE_TICKS = (0.0, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)


def voltage_unit(view: View) -> FieldUnit:
    """Return mV while the polarisation stays below 1 V."""
    return MV if view.polarisation_scale < 1.0 else V


def _draw(view: View) -> Figure:
    chart = timeline(view, 2, same_scale=False)
    current = view.series("current_density", MA_CM2)
    unit = voltage_unit(view)
    voltage = view.series("voltage", unit)
    chart.line(0, current, color=BLACK, linewidth=0.9)
    chart.line(1, voltage, color=BLACK, linewidth=0.9)
    for axes in chart.panels[0]:
        axes.axhline(0.0, color=BLACK, linewidth=0.4)
        axes.set_ylabel(MA_CM2.label("Current density"))
    for axes in chart.panels[1]:
        axes.axhline(0.0, color=BLACK, linewidth=0.4)
        axes.set_ylabel(unit.label("Cell voltage"))
    scale_voltage(chart.panels[1][0], view, voltage, unit)
    for axes in chart.panels[1][1:]:
        _compress_overshoot(axes, view, voltage, unit)
    return chart.finish()


def overshoots(view: View) -> bool:
    """Return whether the voltage leaves the range of the passing steps by far."""
    peak = float(np.nanmax(np.abs(view.series("voltage", V))))
    return peak > LARGEST_OVERSHOOT * view.polarisation_scale


def scale_voltage(axes: Axes, view: View, voltage: Array, unit: FieldUnit) -> None:
    """Scale to the polarisation of the passing steps; say how far the voltage went beyond."""
    if not overshoots(view):
        return
    limit = HEADROOM * view.polarisation_scale / unit.si
    axes.set_ylim(-limit, limit)
    place = int(np.nanargmax(np.abs(voltage)))
    up = voltage[place] > 0
    axes.annotate(
        f"to {voltage[place] * unit.si:+.3g} V {'↑' if up else '↓'}".replace("-", "−"),
        (view.hours[place], limit if up else -limit), xytext=(-2, -1 if up else 1),
        textcoords="offset points", ha="right", va="top" if up else "bottom", fontsize=6.5,
    )  # fmt: skip


def _compress_overshoot(axes: Axes, view: View, voltage: Array, unit: FieldUnit) -> None:
    """Use an axis that is linear up to the polarisation and logarithmic beyond it."""
    if not overshoots(view):
        return
    linear = view.polarisation_scale / unit.si
    peak = float(np.nanmax(np.abs(voltage)))
    axes.set_yscale("asinh", linear_width=linear)
    ticks = np.array([t / unit.si for t in DECADE_TICKS if t / unit.si < 1.3 * peak])
    ticks = ticks[(ticks == 0.0) | (ticks > 0.6 * linear)]
    axes.set_yticks(np.concatenate([-ticks[:0:-1], ticks]))
    axes.set_ylim(-1.4 * linear if voltage.min() > -1.4 * linear else -1.3 * peak, None)
    axes.minorticks_off()
    plain_ticks(axes.yaxis)


def _caption(view: View) -> str:
    text = (
        "Top: applied current density; positive current plates on the right electrode and strips "
        "the left one. Bottom: cell voltage. "
    )
    if view.levels:
        text += (
            "Each stair of the ramp raises the polarisation; it grows within a half-cycle where "
            "stripping takes contact away. "
        )
    if view.short_at is not None:
        text += (
            f"At {view.short_at:.4g} h a filament has crossed the electrolyte: the voltage falls. "
        )
    if overshoots(view):
        text += (
            "The voltage axis of the whole test is scaled to the steps that passed, an arrow "
            "says how far it went beyond; in the close-up the axis is compressed above that "
            "polarisation. "
        )
    return text.strip()


RAMP = Picture("ramp", "Current and voltage", ("current_density", "voltage"), _draw, _caption)
