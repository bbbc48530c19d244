"""The protocol that was really applied: the recorded current as steps of a cell file."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from interlith.cyclerdata.ccd.pulses import stretches
from interlith.errors import InputError, Problem

if TYPE_CHECKING:
    from interlith.cyclerdata.recording import Recording

__all__ = ["applied_protocol", "edges_of"]

MOST_STEPS = 100_000
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
        Without gaps, from the first to the last row. A stretch begins at the last row of the one
        before: cyclers write a row when they change the current.
    """
    time, current = recording.time, recording.current
    edges, _ = stretches(current)
    found = []
    start = float(time[0])
    for first, last in pairwise(edges):
        end = float(time[last - 1])
        if last < len(time) and time[last] - end > 2.0 * _spacing(time, first, last):
            # Nothing was written around the change: it happened at the first row after it.
            end = float(time[last])
        if end - start < SHORTEST:
            continue
        found.append((start, end, _mean(time[first:last], current[first:last])))
        start = end
    return found


def _spacing(time: np.ndarray, first: int, last: int) -> float:
    return float(np.median(np.diff(time[first:last]))) if last - first > 1 else 0.0


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
