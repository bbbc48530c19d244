"""Signs that support an event which the voltage showed: noise, Ohm's law, impedance."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from interlith.cyclerdata.ccd.criteria import Criterion, Evidence, Thresholds
from interlith.cyclerdata.ccd.events import Event, EventKind, Observation
from interlith.cyclerdata.ccd.noise import white_noise

if TYPE_CHECKING:
    from interlith.cyclerdata.impedance.collapse import ArcCollapse

__all__ = ["supported", "with_impedance"]

FEWEST_ROWS = 20
"""Rows on either side of an event, within its half-cycle, from which noise is compared."""
OHMIC_SCATTER = 0.1
"""Part of the voltage by which a conductor may depart from Ohm's law and still be called ohmic."""
FEWEST_LEVELS = 3
HOUR = 3600.0


def supported(
    events: Iterable[Event],
    observations: Sequence[Observation],
    thresholds: Thresholds,
    criteria: frozenset[Criterion],
) -> list[Event]:
    """Add what noise and Ohm's law say of each event.

    Parameters
    ----------
    events : iterable of Event
        What the walk found.
    observations : sequence of Observation
        All half-cycles.
    thresholds : Thresholds
        What counts as noisier.
    criteria : frozenset of Criterion
        Which signs are looked for.

    Returns
    -------
    list of Event
        The same, with more evidence where there is.
    """
    looks = {Criterion.NOISE: _noisier, Criterion.OHMIC: _ohmic}
    found = []
    for event in events:
        signs = [
            sign
            for criterion, look in looks.items()
            if criterion in criteria and (sign := look(event, observations, thresholds)) is not None
        ]
        found.append(replace(event, evidence=(*event.evidence, *signs)))
    return found


def _noisier(
    event: Event, observations: Sequence[Observation], thresholds: Thresholds
) -> Evidence | None:
    """Noise after an event against that before it."""
    if event.depth <= 0:
        return None
    before, after = _noise_around(event, observations)
    if before is None or after is None or before <= 0 or after < thresholds.noise * before:
        return None
    text = f"noise rose from {1e3 * before:.2g} to {1e3 * after:.2g} mV"
    return Evidence(Criterion.NOISE, event.time, after / before, text)


def _noise_around(
    event: Event, observations: Sequence[Observation]
) -> tuple[float | None, float | None]:
    half = observations[event.half_cycle].half_cycle
    parts = (half.voltage[half.time < event.time], half.voltage[half.time >= event.time])
    if min(len(part) for part in parts) >= FEWEST_ROWS:
        return white_noise(parts[0]), white_noise(parts[1])
    earlier = [o.course.noise for o in observations[: event.half_cycle] if o.healthy]
    later = [o.course.noise for o in observations[event.half_cycle + 1 :][:4]]
    if event.ended is not None or not earlier or not later:
        return None, None
    return float(np.median(earlier)), float(np.median(later))


def _ohmic(
    event: Event, observations: Sequence[Observation], thresholds: Thresholds
) -> Evidence | None:
    """Whether voltage is proportional to current from the event on, over several currents."""
    if event.depth <= 0 or event.ended is not None:
        return None
    later = observations[event.half_cycle + 1 :]
    current = np.array([o.half_cycle.current for o in later])
    voltage = np.array([o.level for o in later]) * np.sign(current)
    if len({o.half_cycle.step for o in later}) < FEWEST_LEVELS:
        return None
    design = np.column_stack([current, np.ones(len(current))])
    (resistance, offset), *_ = np.linalg.lstsq(design, voltage, rcond=None)
    rest = voltage - design @ [resistance, offset]
    scale = abs(resistance) * float(np.sqrt(np.mean(current**2)))
    scatter = float(np.sqrt(np.mean(rest**2))) / scale if scale > 0 else 1.0
    if resistance <= 0 or scatter > OHMIC_SCATTER:
        return None
    text = (
        f"from then on {resistance:.3g} ohm at every current, "
        f"Ohm's law within {100 * scatter:.2g} %"
    )
    return Evidence(Criterion.OHMIC, event.time, 1.0 / max(scatter, 1e-6), text)


def with_impedance(
    events: Sequence[Event], collapses: Iterable[ArcCollapse], observations: Sequence[Observation]
) -> list[Event]:
    """Add what impedance says: to the event that it goes with, else as an event of its own.

    Parameters
    ----------
    events : sequence of Event
        Found from voltage.
    collapses : iterable of ArcCollapse
        Found from spectra.
    observations : sequence of Observation
        All half-cycles, to place an event.

    Returns
    -------
    list of Event
        In order of time.
    """
    found = list(events)
    for collapse in collapses:
        if collapse.time_h is None or not observations:
            continue
        time = HOUR * collapse.time_h
        strength = collapse.arc_before / max(collapse.arc_after, 1e-3 * collapse.arc_before)
        sign = Evidence(Criterion.IMPEDANCE, time, strength, collapse.evidence)
        place = _half_cycle_at(time, observations)
        near = _nearest(found, time, place, observations)
        if near is not None:
            found[near] = replace(found[near], evidence=(*found[near].evidence, sign))
            continue
        half = observations[place].half_cycle
        level = observations[place].level
        after = level * collapse.remains
        kind = EventKind(collapse.kind)
        found.append(Event(kind, time, place, half.step, level, after, (sign,)))
    return sorted(found, key=lambda event: event.time)


def _half_cycle_at(time: float, observations: Sequence[Observation]) -> int:
    starts = np.array([o.half_cycle.start for o in observations])
    return max(int(np.searchsorted(starts, time, side="right")) - 1, 0)


def _nearest(
    events: Sequence[Event], time: float, place: int, observations: Sequence[Observation]
) -> int | None:
    """Number of the event that a collapse seen at `time` goes with.

    Spectra are taken between half-cycles or every so often: an event within a tenth of the test or
    in the same half-cycle is the same.
    """
    span = observations[-1].half_cycle.end - observations[0].half_cycle.start
    close = [
        (abs(event.time - time), number)
        for number, event in enumerate(events)
        if abs(event.time - time) < 0.1 * span or abs(event.half_cycle - place) <= 1
    ]
    return min(close)[1] if close else None
