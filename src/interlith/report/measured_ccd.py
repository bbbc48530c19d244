"""Pictures and page of a measured critical-current test, with the evidence in the pictures."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from interlith.cyclerdata.ccd.analysis import HOUR, MAH_CM2, CcdAnalysis
from interlith.cyclerdata.ccd.criteria import MEANINGS, Evidence
from interlith.cyclerdata.ccd.events import Event, EventKind
from interlith.report.html import Plate, data_uri, environment, imprint
from interlith.report.style import (
    BLACK,
    BLUE,
    DOUBLE_COLUMN_MM,
    FAILING,
    GREEN,
    GREY,
    ORANGE,
    PASSING,
    PURPLE,
    VERMILLION,
    Margins,
    canvas,
    drawn_svg,
    letter,
    plain_ticks,
    printable,
    styled,
    title,
    write_figures,
)

if TYPE_CHECKING:
    from interlith.cyclerdata.ccd.pulses import CurrentStep
    from interlith.cyclerdata.impedance.collapse import Spans

__all__ = ["ccd_figures", "ccd_page", "write_ccd_report"]

MOST_CLOSE_UPS = 3
LINE = 125  # letters below a picture
COLOURS = {
    EventKind.HARD_SHORT: VERMILLION,
    EventKind.IRREVERSIBLE: ORANGE,
    EventKind.REVERSIBLE: PURPLE,
    EventKind.CONTACT_LOSS: BLUE,
    EventKind.VOLTAGE_LIMIT: BLACK,
}


def ccd_figures(found: CcdAnalysis, arcs: Spans | None = None) -> list[tuple[str, Figure]]:
    """Return all pictures by name.

    Parameters
    ----------
    found : CcdAnalysis
        What was found.
    arcs : Spans, optional
        Arcs of impedance spectra against time.

    Returns
    -------
    list of (str, Figure)
        The test, its first events closely, the polarisation.
    """
    pictures = [("test", whole_test(found, arcs))]
    pictures += [
        (f"event-{number + 1}", close_up(found, event, number + 1))
        for number, event in enumerate(found.events[:MOST_CLOSE_UPS])
    ]
    return [*pictures, ("polarisation", polarisation(found))]


# --------------------------------------------------------------------------------- the whole test
@styled
def whole_test(found: CcdAnalysis, arcs: Spans | None = None) -> Figure:
    """Return current, voltage, resistance and arcs against time, with all events."""
    rows = 4 if arcs is not None else 3
    figure, panels = canvas(
        DOUBLE_COLUMN_MM,
        40.0 * rows + 14.0,
        rows,
        1,
        Margins(left=17, right=4, top=16, bottom=10),
        sharex="col",
        height_ratios=[0.7, *[1.0] * (rows - 1)],
    )
    axes = [row[0] for row in panels]
    _current(axes[0], found)
    _voltage(axes[1], found)
    _resistance(axes[2], found)
    if arcs is not None:
        _arcs(axes[3], arcs)
    for name, one in zip("abcd", axes, strict=False):
        _mark_events(one, found, numbered=one is axes[0])
        letter(one, name)
    _legend_of_events(axes[0], found)
    axes[-1].set_xlabel("Time (h)")
    return figure


def _current(axes: Axes, found: CcdAnalysis) -> None:
    time, current = found.recording.time / HOUR, found.recording.current
    scale, unit = _current_scale(found)
    axes.plot(time, current * scale, color=BLACK, linewidth=0.7)
    axes.axhline(0.0, color=GREY, linewidth=0.4)
    axes.set_ylabel(f"Current ({unit})" if unit == "mA" else f"Current density\n({unit})")
    looks: tuple[tuple[CurrentStep | None, dict[str, Any]], ...] = (
        (found.last_passing, PASSING),
        (found.first_failing, FAILING),
    )
    for step, look in looks:
        if step is None:
            continue
        halves = [found.programme.half_cycles[k] for k in step.half_cycles]
        axes.axvspan(halves[0].start / HOUR, halves[-1].end / HOUR, alpha=0.25, linewidth=0, **look)


def _current_scale(found: CcdAnalysis) -> tuple[float, str]:
    if found.area is None:
        return 1e3, "mA"
    return 0.1 / found.area, "mA/cm²"


def _voltage(axes: Axes, found: CcdAnalysis) -> None:
    time, voltage = found.recording.time / HOUR, found.recording.voltage
    factor, unit = _voltage_scale(voltage)
    axes.plot(time, voltage * factor, color=BLACK, linewidth=0.5)
    axes.axhline(0.0, color=GREY, linewidth=0.4)
    axes.set_ylabel(f"Voltage ({unit})")
    most = float(np.percentile(np.abs(voltage), 99.5)) * 1.25 * factor
    if most > 0.0 and np.max(np.abs(voltage)) * factor > 1.5 * most:
        low = -most if np.min(voltage) < 0.0 else min(0.0, float(np.min(voltage)) * factor)
        axes.set_ylim(low, most)


def _voltage_scale(voltage: np.ndarray) -> tuple[float, str]:
    return (1e3, "mV") if np.percentile(np.abs(voltage), 99.0) < 1.0 else (1.0, "V")


def _resistance(axes: Axes, found: CcdAnalysis) -> None:
    """Resistance of each half-cycle beside what the ones before foretell."""
    factor, unit = _resistance_scale(found)
    seen = found.observations
    time = np.array([0.5 * (o.half_cycle.start + o.half_cycle.end) / HOUR for o in seen])
    size = np.array([abs(o.half_cycle.current) for o in seen])
    level = np.array([o.level for o in seen]) / size * factor
    healthy = np.array([o.healthy for o in seen])
    told = [k for k, o in enumerate(seen) if o.expected is not None]
    if len(seen) > 1 and told:
        middle = np.array([seen[k].expected.voltage for k in told]) / size[told] * factor  # type: ignore[union-attr]
        error = np.array([seen[k].expected.error for k in told]) / size[told] * factor  # type: ignore[union-attr]
        axes.fill_between(
            time[told],
            middle - 2.0 * error,
            middle + 2.0 * error,
            color=GREEN,
            alpha=0.25,
            linewidth=0,
            label="foretold by the half-cycles before (±2σ)",
        )
        axes.plot(time[healthy], level[healthy], "o", color=BLACK, label="half-cycle")
        axes.plot(
            time[~healthy], level[~healthy], "s", color=VERMILLION, markerfacecolor="none",
            label="half-cycle with or after an event",
        )  # fmt: skip
    else:
        _resistance_within(axes, found, factor)
    axes.set_ylabel(f"Voltage / current\n({unit})")
    if len(seen) == 1:
        bulk = seen[0].course.voltage / abs(seen[0].half_cycle.current) * factor
        axes.set_ylim(0.0, 1.3 * float(np.percentile(bulk, 98.0)))
    top = 1.6 * float(np.nanmax(level)) if len(level) else 1.0
    if len(seen) > 1:
        axes.set_ylim(min(0.0, float(np.nanmin(level))), top)
    axes.legend(loc="upper left", ncol=3)


def _resistance_within(axes: Axes, found: CcdAnalysis, factor: float) -> None:
    """Resistance against time where there is one half-cycle only."""
    one = found.observations[0]
    size = abs(one.half_cycle.current)
    axes.plot(
        one.course.time / HOUR, one.course.voltage / size * factor, color=GREY, linewidth=0.5,
        label="averaged rows",
    )  # fmt: skip
    for number, plateau in enumerate(one.course.plateaus):
        axes.plot(
            [plateau.start / HOUR, plateau.end / HOUR],
            [plateau.first / size * factor, plateau.last / size * factor],
            color=BLUE,
            linewidth=1.6,
            label="" if number else "plateaus",
        )


def _resistance_scale(found: CcdAnalysis) -> tuple[float, str]:
    return (1.0, "ohm") if found.area is None else (found.area * 1e4, "ohm cm²")


def _arcs(axes: Axes, arcs: Spans) -> None:
    known = np.isfinite(arcs.time)
    axes.semilogy(arcs.time[known] / HOUR, arcs.span[known], "o-", color=BLUE, linewidth=0.6)
    axes.set_ylabel(f"R({arcs.lowest:.3g} Hz) −\nR({arcs.highest:.3g} Hz) (ohm)")
    low, high = np.nanmin(arcs.span[known]), np.nanmax(arcs.span[known])
    steps = np.array([1.0, 2.0, 5.0]) * 10.0 ** np.arange(-6, 9)[:, None]
    axes.set_yticks(steps[(steps > 0.8 * low) & (steps < 1.3 * high)])
    axes.minorticks_off()
    plain_ticks(axes.yaxis)


def _mark_events(axes: Axes, found: CcdAnalysis, numbered: bool) -> None:
    for number, event in enumerate(found.events, start=1):
        colour = COLOURS[event.kind]
        axes.axvline(event.time / HOUR, color=colour, linewidth=0.9, linestyle=(0, (4, 1.5)))
        if event.ended is not None:
            axes.axvline(event.ended / HOUR, color=colour, linewidth=0.7, linestyle=(0, (1, 1.5)))
        if numbered:
            axes.annotate(
                str(number),
                (event.time / HOUR, 1.0),
                xycoords=("data", "axes fraction"),
                xytext=(0, 2),
                textcoords="offset points",
                ha="center",
                fontsize=6.5,
                color=colour,
                annotation_clip=False,
            )


def _legend_of_events(axes: Axes, found: CcdAnalysis) -> None:
    """Name the events in words above the picture."""
    words = [f"{n}: {e.kind}, {e.time / HOUR:.4g} h" for n, e in enumerate(found.events[:4], 1)]
    if len(found.events) > len(words):
        words.append(f"and {len(found.events) - len(words)} more")
    text = "; ".join(words) or "no event found"
    verdict = found.verdict.split(":")[0]
    axes.annotate(
        printable(f"{verdict}. Green: last passing, violet: first failing step.", 120),
        (0.0, 1.0), xycoords="axes fraction", xytext=(0, 21), textcoords="offset points",
        fontsize=7, annotation_clip=False,
    )  # fmt: skip
    axes.annotate(
        printable(text, 150), (0.0, 1.0), xycoords="axes fraction", xytext=(0, 11),
        textcoords="offset points", fontsize=6.5, annotation_clip=False,
    )  # fmt: skip


# ------------------------------------------------------------------------------------- one event
@styled
def close_up(found: CcdAnalysis, event: Event, number: int) -> Figure:
    """Return the voltage around an event with the plateaus and the evidence in words."""
    lines = 1 + sum(len(_wrapped(sign)) for sign in event.evidence)
    figure, panels = canvas(
        DOUBLE_COLUMN_MM,
        58.0 + 4.0 * lines,
        1,
        1,
        Margins(left=17, right=4, top=8, bottom=12 + 4.0 * lines),
    )
    axes = panels[0][0]
    first = max(event.half_cycle - 1, 0)
    last = min(event.half_cycle + 1, len(found.observations) - 1)
    near = found.observations[first : last + 1]
    rows = np.concatenate([o.half_cycle.rows for o in near])
    factor, unit = _voltage_scale(found.recording.voltage[rows])
    for position, o in enumerate(near):
        half = o.half_cycle
        _one_label = "" if position else "rows, in the direction of the current"
        axes.plot(
            half.time / HOUR, half.voltage * factor, ".", color=GREY, markersize=1.5,
            label=_one_label, rasterized=len(half.time) > 5000,
        )  # fmt: skip
        for k, plateau in enumerate(o.course.plateaus):
            axes.plot(
                [plateau.start / HOUR, plateau.end / HOUR],
                [plateau.first * factor, plateau.last * factor],
                color=BLUE,
                linewidth=1.4,
                label="plateaus" if not position and not k else "",
            )
        if o.expected is not None and len(found.observations) > 1:
            axes.plot(
                [half.start / HOUR, half.end / HOUR],
                [o.expected.voltage * factor] * 2,
                color=GREEN,
                linestyle=(0, (5, 1.5)),
                label="foretold" if not position else "",
            )
    _scale_close_up(axes, near, factor)
    axes.axvline(
        event.time / HOUR, color=COLOURS[event.kind], linestyle=(0, (4, 1.5)), label=str(event.kind)
    )
    if event.ended is not None:
        axes.axvline(
            event.ended / HOUR,
            color=COLOURS[event.kind],
            linestyle=(0, (1, 1.5)),
            label="recovered",
        )
    axes.set_xlabel("Time (h)")
    axes.set_ylabel(f"Voltage ({unit})")
    axes.legend(loc="upper left", bbox_to_anchor=(0.0, 1.16), ncol=5, borderaxespad=0.0)
    text = "\n".join(
        [f"Event {number}: {event.kind} at {event.time / HOUR:.4g} h. Evidence:"]
        + [line for sign in event.evidence for line in _wrapped(sign)]
    )
    axes.annotate(
        text, (0.0, 0.0), xycoords="axes fraction", xytext=(0, -30), textcoords="offset points",
        va="top", fontsize=6.5, annotation_clip=False,
    )  # fmt: skip
    return figure


def _wrapped(sign: Evidence) -> list[str]:
    """A sign in words, in lines that fit under the picture."""
    text = printable(f"• {sign.criterion}: {sign.text}", 600)
    return textwrap.wrap(text, LINE, subsequent_indent="   ")


def _scale_close_up(axes: Axes, near: Sequence, factor: float) -> None:  # type: ignore[type-arg]
    """Leave out single spikes from the range of the axis."""
    values = np.concatenate([o.course.voltage for o in near]) * factor
    low, high = float(np.min(values)), float(np.max(values))
    room = 0.1 * max(high - low, 1e-9)
    axes.set_ylim(min(low - room, 0.0), high + room)


# ---------------------------------------------------------------------------------- polarisation
@styled
def polarisation(found: CcdAnalysis) -> Figure:
    """Return settled voltage against current, before and after events."""
    figure, panels = canvas(
        DOUBLE_COLUMN_MM, 66.0, 1, 2, Margins(left=16, right=4, top=9, bottom=11)
    )
    left, right = panels[0]
    scale, unit = _current_scale(found)
    seen = found.observations
    size = np.array([abs(o.half_cycle.current) for o in seen]) * scale
    level = np.array([o.level for o in seen])
    factor, volt = _voltage_scale(level)
    healthy = np.array([o.healthy for o in seen])
    plus = np.array([o.half_cycle.current > 0 for o in seen])
    for chosen, marker, label in (
        (healthy & plus, "^", "healthy, positive current"),
        (healthy & ~plus, "v", "healthy, negative current"),
    ):
        if chosen.any():
            left.plot(size[chosen], level[chosen] * factor, marker, color=BLACK, label=label,
                      markerfacecolor="none")  # fmt: skip
    if (~healthy).any():
        left.plot(size[~healthy], level[~healthy] * factor, "s", color=VERMILLION,
                  markerfacecolor="none", label="with or after an event")  # fmt: skip
    left.set_xlabel("Current (mA)" if unit == "mA" else f"Current density ({unit})")
    left.set_ylabel(f"Settled voltage ({volt})")
    left.set_xlim(left=0.0)
    left.legend(loc="best")
    title(left, "Polarisation")
    letter(left, "a")
    _charge(right, found)
    letter(right, "b")
    return figure


def _charge(axes: Axes, found: CcdAnalysis) -> None:
    """Charge of every half-cycle in order: what the programme asked for."""
    charge = np.array([half.charge for half in found.programme.half_cycles])
    known = found.area is not None
    factor = 1.0 / (found.area * MAH_CM2) if found.area is not None else 1.0 / 3.6
    axes.step(np.arange(1, len(charge) + 1), charge * factor, where="mid", color=BLACK)
    axes.set_ylim(0.0, 1.1 * float(np.max(charge)) * factor)
    axes.set_xlabel("Half-cycle")
    axes.set_ylabel("Areal capacity (mAh/cm²)" if known else "Capacity (mAh)")
    title(axes, "Charge of each half-cycle")


# --------------------------------------------------------------------------------------- the page
CAPTIONS = {
    "test": "Current, voltage and resistance of the test. Dashed lines: events, dotted: recovery. "
    "The resistance is the settled voltage of each half-cycle over its current.",
    "polarisation": "Left: settled voltage of each half-cycle against its current. Right: the "
    "charge that each half-cycle moved.",
}


def ccd_page(found: CcdAnalysis, drawn: Mapping[str, bytes], command: str | None = None) -> str:
    """Return the page of a measured test; `drawn` holds its pictures as SVG by name."""
    summary = found.summary()
    return (
        environment()
        .get_template("measured_ccd.html")
        .render(
            title=f"Critical current density: {Path(found.recording.source).name}",
            stack="",
            verdict=found.verdict.split(":")[0] + ".",
            explanation=found.verdict,
            status="completed",
            facts=_facts(found),
            events=found.events,
            hour=HOUR,
            density=found.density,
            current_steps=found.programme.steps,
            steps=summary["steps"],
            checklist=found.reporting(),
            recorded=dict(found.recording.recorded),
            notes=found.notes,
            criteria=[(str(c), MEANINGS[c], c in found.criteria) for c in MEANINGS],
            thresholds=_thresholds(found),
            plates=[
                Plate(name, _title(name), _caption(found, name), data_uri(svg))
                for name, svg in drawn.items()
            ],
            sources=[],
            **imprint(command),
        )
    )


def _title(name: str) -> str:
    if name.startswith("event-"):
        return f"Event {name.removeprefix('event-')} closely"
    return {"test": "The test", "polarisation": "Polarisation"}[name]


def _caption(found: CcdAnalysis, name: str) -> str:
    if name in CAPTIONS:
        return CAPTIONS[name]
    event = found.events[int(name.removeprefix("event-")) - 1]
    half = event.half_cycle + 1
    return f"Voltage of half-cycle {half} and its neighbours, in the direction of the current."


def _facts(found: CcdAnalysis) -> list[tuple[str, str]]:
    summary = found.summary()
    names = {
        "last_passing_mA_cm2": ("Last passing current density", "mA/cm²"),
        "first_failing_mA_cm2": ("First failing current density", "mA/cm²"),
        "step_size_mA_cm2": ("Step size (uncertainty)", "mA/cm²"),
        "half_cycle_areal_capacity_mAh_cm2": ("Areal capacity of a half-cycle there", "mAh/cm²"),
        "cumulative_areal_capacity_mAh_cm2": ("Cumulative areal capacity to failure", "mAh/cm²"),
    }
    facts = [
        (label, "–" if summary[key] is None else f"{summary[key]:.4g} {unit}")
        for key, (label, unit) in names.items()
    ]
    for key, label in (
        ("last_passing_mA", "Last passing current"),
        ("first_failing_mA", "First failing current"),
    ):
        value = summary[key]
        facts.append((label, "–" if value is None else f"{value:.4g} mA"))
    return [*facts, ("Kind of failure", summary["kind"] or "none")]


def _thresholds(found: CcdAnalysis) -> list[tuple[str, str]]:
    from dataclasses import asdict

    return [
        (name.replace("_", " "), "not given" if value is None else f"{value:g}")
        for name, value in asdict(found.thresholds).items()
    ]


def write_ccd_report(
    found: CcdAnalysis,
    folder: Path,
    *,
    arcs: Spans | None = None,
    page: bool = True,
    command: str | None = None,
) -> list[Path]:
    """Write the pictures in ``pictures/`` and, with `page`, report.html.

    Parameters
    ----------
    found : CcdAnalysis
        What was found.
    folder : Path
        Where to.
    arcs : Spans, optional
        Arcs of impedance spectra.
    page : bool, optional
        Whether to write the page.
    command : str, optional
        Command line to show.

    Returns
    -------
    list of Path
        The written files.
    """
    written = write_figures(ccd_figures(found, arcs), folder / "pictures")
    if page:
        path = folder / "report.html"
        path.write_text(ccd_page(found, drawn_svg(written), command), encoding="utf-8")
        written.insert(0, path)
    return written
