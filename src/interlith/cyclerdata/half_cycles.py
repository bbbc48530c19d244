"""Half-cycles of a recording: where current flows one way, the other, or not.

The sign of the current decides, not the programme, so that it works for files without steps. What
counts as no current is found from the file: a hundredth of the current that carries most of the
charge, or the resolution with which the file gives currents, whichever is larger.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from interlith.cyclerdata import columns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from interlith.cyclerdata.recording import Recording

__all__ = ["Direction", "HalfCycle", "half_cycles", "resting_current"]

RESTING_SHARE = 0.01  # of the usual current
LEAST_CHARGE = 1e-3  # of the median half-cycle: a pulse below is no half-cycle


class Direction(StrEnum):
    """Which way the current flows."""

    CHARGE = "charge"
    DISCHARGE = "discharge"
    REST = "rest"


@dataclass(frozen=True)
class HalfCycle:
    """Rows of a recording in which current flows one way, with integrals over them.

    Attributes
    ----------
    direction : Direction
        Which way.
    first, last : int
        First and last row.
    start, end : float
        When [s].
    charge : float
        Charge passed, without sign [C].
    energy : float
        Energy passed, without sign [J].
    mean_voltage : float
        Energy over charge, negative in half-cycles of a symmetric cell [V].
    mean_current : float
        Charge over the time in which current flows, without sign [A].
    recorded_charge : float or None
        What the file's own capacity column says [C].
    cycle : int or None
        What the file's cycle column says.
    """

    direction: Direction
    first: int
    last: int
    start: float
    end: float
    charge: float
    energy: float
    mean_voltage: float
    mean_current: float
    recorded_charge: float | None = None
    cycle: int | None = None


def resting_current(time: NDArray[np.float64], current: NDArray[np.float64]) -> float:
    """Return the current below which a cell rests [A].

    Parameters
    ----------
    time : array
        Times [s].
    current : array
        Currents [A].
    """
    size = np.abs(current)
    if not len(size) or not size.max() > 0.0:
        return 0.0
    step = np.diff(time, prepend=time[0])
    weight = np.maximum(step, 0.0) * size
    if not weight.sum() > 0.0:
        weight = size
    order = np.argsort(size)
    usual = size[order][np.searchsorted(np.cumsum(weight[order]), 0.5 * weight.sum())]
    return float(RESTING_SHARE * usual)


def half_cycles(recording: Recording, *, rests: bool = False) -> list[HalfCycle]:
    """Return the half-cycles of a recording in order.

    Rests between two half-cycles of one direction do not part them (a charge may have pauses), nor
    do pulses that pass less than a thousandth of the usual charge.

    Parameters
    ----------
    recording : Recording
        What was measured.
    rests : bool
        Whether rests are returned too.
    """
    time, current = recording.time, recording.current
    sign = np.sign(np.where(np.abs(current) > resting_current(time, current), current, 0.0))
    runs = _runs(sign.astype(int))
    pieces = [(s, a, b, _charge(time, current, a, b)) for s, a, b in runs]
    passed = [charge for s, _, _, charge in pieces if s]
    least = LEAST_CHARGE * float(np.median(passed)) if passed else 0.0
    merged = _merged([(s if charge > least else 0, a, b) for s, a, b, charge in pieces])
    return [_described(recording, sign, a, b) for sign, a, b in merged if sign or rests]


Run = tuple[int, int, int]


def _runs(sign: NDArray[np.int_]) -> list[Run]:
    """Return runs of one sign as sign, first and last row."""
    if not len(sign):
        return []
    edges = [0, *(np.flatnonzero(sign[1:] != sign[:-1]) + 1), len(sign)]
    return [(int(sign[a]), int(a), int(b) - 1) for a, b in pairwise(edges)]


def _cycles(recording: Recording) -> NDArray[np.int_] | None:
    if columns.CYCLE not in recording.table.columns:
        return None
    column = recording.table.get_column(columns.CYCLE)
    return None if column.null_count() else np.asarray(column.to_numpy(), dtype=int)


def _merged(runs: list[Run]) -> list[Run]:
    """Join runs of one direction with the rests between them."""
    merged: list[Run] = []
    for sign, first, last in runs:
        if sign and len(merged) > 1 and merged[-1][0] == 0 and merged[-2][0] == sign:
            merged.pop()
        if merged and merged[-1][0] == sign:
            sign, first, _ = merged.pop()
        merged.append((sign, first, last))
    return merged


def _rows(first: int, last: int) -> slice:
    """Return the rows of an interval, with the row before: current flows from there on."""
    return slice(max(first - 1, 0), last + 1)


def _flow(
    time: NDArray[np.float64], current: NDArray[np.float64], first: int, last: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return duration and mean current of each interval of a half-cycle.

    The current of the first interval is that of its end, since it was switched on in between.
    """
    rows = _rows(first, last)
    step = np.maximum(np.diff(time[rows]), 0.0)
    flow = 0.5 * (current[rows][1:] + current[rows][:-1])
    if first > 0 and len(flow):
        flow[0] = current[first]
    return step, flow


def _charge(
    time: NDArray[np.float64], current: NDArray[np.float64], first: int, last: int
) -> float:
    step, flow = _flow(time, current, first, last)
    return float(abs(np.sum(step * flow)))


def _described(recording: Recording, sign: int, first: int, last: int) -> HalfCycle:
    time, current, voltage = recording.time, recording.current, recording.voltage
    direction = {1: Direction.CHARGE, -1: Direction.DISCHARGE, 0: Direction.REST}[sign]
    step, flow = _flow(time, current, first, last)
    level = voltage[_rows(first, last)]
    middle = 0.5 * (level[1:] + level[:-1])
    if first > 0 and len(middle):
        middle[0] = voltage[first]
    signed_charge = float(np.sum(step * flow))
    signed_energy = float(np.sum(step * flow * middle))
    charge, energy = abs(signed_charge), abs(signed_energy)
    busy = float(np.sum(step[np.abs(flow) > 0.0]))
    cycle = _cycles(recording)
    return HalfCycle(
        direction=direction,
        first=first,
        last=last,
        start=float(time[max(first - 1, 0)]),
        end=float(time[last]),
        charge=charge,
        energy=energy,
        mean_voltage=signed_energy / signed_charge
        if charge > 0.0
        else float(np.mean(voltage[first : last + 1])),
        mean_current=charge / busy if busy > 0.0 else 0.0,
        recorded_charge=_recorded(recording, direction, first, last),
        cycle=None if cycle is None else int(cycle[first]),
    )


def _recorded(recording: Recording, direction: Direction, first: int, last: int) -> float | None:
    """Return how much the file's own capacity column rose [C]; it may start again at zero."""
    total = {
        Direction.CHARGE: columns.CHARGING_CAPACITY,
        Direction.DISCHARGE: columns.DISCHARGING_CAPACITY,
    }.get(direction)
    if total is None:
        return None
    # Formats count from the start of the test, of a part of it, of the cycle or of the step: only
    # rises are used.
    names = [total, *(f"{part} {total}" for part in ("Schedule", "Cycle", "Step"))]
    name = next((name for name in names if name in recording.table.columns), None)
    if name is None:
        return None
    values = np.asarray(recording.table.get_column(name).to_numpy(), dtype=float)[
        _rows(first, last)
    ]
    values = np.abs(values[np.isfinite(values)])
    if len(values) < 2:
        return None
    rise = np.diff(values)
    # Where it starts again at zero, what it has afterwards was passed since.
    rise = np.where(rise < 0.0, values[1:], rise)
    return 3600.0 * float(rise.sum())
