"""The protocol that was really applied: the recorded current as steps of a cell file."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from interlith.cyclerdata.ccd.pulses import stretches
from interlith.errors import InputError, Problem

if TYPE_CHECKING:
    from interlith.cyclerdata.recording import Recording

__all__ = ["applied_protocol", "edges_of", "start_of"]

MOST_STEPS = 100_000
ROUND_TIMES = (3600.0, 1800.0, 600.0, 300.0, 60.0, 30.0, 10.0, 5.0, 1.0)
"""Durations [s] of which programmes ask for a multiple, the roundest first."""
TINY = 1e-6
SHORTEST = 1e-3
"""Steps shorter than this [s] are two rows of one moment, on either side of a change."""


def edges_of(recording: Recording) -> list[tuple[float, float, float]]:
    """Return start [s], end [s] and mean current [A] of every stretch of constant current.

    Parameters
    ----------
    recording : Recording
        What was measured; charge within each stretch is kept.

    Returns
    -------
    list of (float, float, float)
        Without gaps, from the start of the test to the last row. Where no row marks a change of
        current it happened between two rows, at the moment that makes the duration of the step
        before roundest: programmes ask for round times.
    """
    time, current = recording.time, recording.current
    edges, _ = stretches(current)
    found = []
    start = start_of(recording)
    for first, last in pairwise(edges):
        end = float(time[last - 1])
        if last < len(time):
            end = _roundest(end, float(time[last]), start)
        if end - start < SHORTEST:
            continue
        found.append((start, end, _mean(time[first:last], current[first:last])))
        start = end
    return found


def start_of(recording: Recording) -> float:
    """When the test began [s]: at zero, if the first row comes as soon after it as rows do."""
    time = recording.time
    spacing = float(np.median(np.diff(time))) if len(time) > 1 else 0.0
    first = float(time[0])
    return 0.0 if 0.0 < first <= 1.5 * spacing else first


def _roundest(low: float, high: float, start: float) -> float:
    """The moment between two rows at which the time since `start` is roundest."""
    for unit in ROUND_TIMES:
        duration = np.ceil((low - start) / unit - TINY) * unit
        if duration > 0.0 and start + duration <= high + TINY * unit:
            return float(np.clip(start + duration, low, high))
    return 0.5 * (low + high)


def _mean(time: np.ndarray, current: np.ndarray) -> float:
    """Mean current by the charge between the rows."""
    span = float(time[-1] - time[0]) if len(time) > 1 else 0.0
    if span <= 0.0:
        return float(np.mean(current))
    return float(np.trapezoid(current, time) / span)


def applied_protocol(recording: Recording, area: float, full_cell: bool) -> list[dict[str, Any]]:
    """Return the recorded current as steps of a cell file.

    Parameters
    ----------
    recording : Recording
        What was measured.
    area : float
        Of the electrodes [m2].
    full_cell : bool
        Whether positive current charges the cell; in a symmetric cell it plates on the right.

    Returns
    -------
    list of dict
        Steps, of constant current or rest, that cover the record.

    Raises
    ------
    InputError
        The current changes too often to be a test by constant currents.
    """
    found = edges_of(recording)
    if not found or len(found) > MOST_STEPS:
        expected = f"1 to {MOST_STEPS} stretches of constant current"
        raise InputError(Problem(recording.source, "current", str(len(found)), expected))
    resting = 1e-6 * max(abs(current) for _, _, current in found)
    return [
        _step(current / area, end - start, full_cell, resting / area)
        for start, end, current in found
    ]


def _step(density: float, duration: float, full_cell: bool, resting: float) -> dict[str, Any]:
    time = f"{duration:.12g} s"
    if abs(density) <= resting:
        return {"rest": time}
    if full_cell:
        name = "charge" if density > 0 else "discharge"
        return {name: f"{abs(density):.12g} A/m^2", "for": time}
    return {"current": f"{density:.12g} A/m^2", "for": time}
