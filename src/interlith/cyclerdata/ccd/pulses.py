"""Finds what the cycler was told to do: stretches of constant current, half-cycles, current steps.

Only current and time are looked at, so any programme is understood: fixed time or fixed capacity,
repeats, rests, one direction or both.

- A *pulse* is a stretch of rows at one current.
- A *half-cycle* is all pulses in a row of one sign and one current: an impedance measurement or a
  rest within it does not end it.
- A *current step* is all half-cycles in a row at one current density, whatever their sign.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from interlith.cyclerdata.ccd.noise import white_noise

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from interlith.cyclerdata.recording import Recording

__all__ = ["CurrentStep", "HalfCycle", "Programme", "Pulse", "programme_of", "stretches"]

SAME_CURRENT = 0.02
"""Relative difference up to which two currents are one level (cyclers hold a current to 0.1 to 1 %;
ramps rise by 2 % or more)."""
RESTING = 5e-4
"""Part of the largest current below which a cell rests."""
FEWEST_ROWS = 3
"""Rows of a pulse; shorter ones are the cycler on its way to the next current, unless the record
ends there."""


@dataclass(frozen=True)
class Pulse:
    """Rows `first` to `last` (exclusive) of a recording, all at one current [A]."""

    first: int
    last: int
    current: float


@dataclass(frozen=True)
class HalfCycle:
    """Pulses of one sign and one current.

    Attributes
    ----------
    rows : int array
        Rows of the recording.
    time : float array
        Since the start of the test [s].
    voltage : float array
        In the direction of the current: positive where the cell consumes power [V].
    recorded : float array
        Voltage as the cycler wrote it [V].
    current : float
        With its sign [A].
    charge : float
        Passed in it, positive [C].
    step : int
        Number of its current step.
    """

    rows: NDArray[np.int64]
    time: NDArray[np.float64]
    voltage: NDArray[np.float64]
    recorded: NDArray[np.float64]
    current: float
    charge: float
    step: int

    @property
    def start(self) -> float:
        """When it began [s]."""
        return float(self.time[0])

    @property
    def end(self) -> float:
        """When it ended [s]."""
        return float(self.time[-1])

    @property
    def duration(self) -> float:
        """Time from the first to the last row [s]."""
        return self.end - self.start


@dataclass(frozen=True)
class CurrentStep:
    """Half-cycles in a row at one current, without regard to their sign [A]."""

    number: int
    current: float
    half_cycles: tuple[int, ...]


@dataclass(frozen=True)
class Programme:
    """What the cell was put through."""

    half_cycles: tuple[HalfCycle, ...]
    steps: tuple[CurrentStep, ...]
    offset: float
    """Voltage of the cell at rest, taken off every half-cycle [V]; 0 where it never rests."""
    rests: tuple[Pulse, ...]


def programme_of(recording: Recording) -> Programme:
    """Find pulses, half-cycles and current steps.

    Parameters
    ----------
    recording : Recording
        Measured cell.

    Returns
    -------
    Programme
        Without half-cycles if no current flows.
    """
    pulses, rests = _pulses(recording.current)
    offset = _offset(recording, rests)
    groups = _grouped(pulses)
    half_cycles: list[HalfCycle] = []
    members: list[list[int]] = []
    levels: list[float] = []
    for group in groups:
        current = float(
            np.average([p.current for p in group], weights=[p.last - p.first for p in group])
        )
        if not levels or not _same(abs(current), levels[-1]):
            levels.append(abs(current))
            members.append([])
        members[-1].append(len(half_cycles))
        half_cycles.append(_half_cycle(recording, group, current, offset, len(levels) - 1))
    steps = tuple(
        CurrentStep(
            number=number,
            current=float(np.mean([abs(half_cycles[k].current) for k in inside])),
            half_cycles=tuple(inside),
        )
        for number, inside in enumerate(members)
    )
    return Programme(tuple(half_cycles), steps, offset, tuple(rests))


def _pulses(current: NDArray[np.float64]) -> tuple[list[Pulse], list[Pulse]]:
    """Stretches of constant current, and those without."""
    edges, state = stretches(current)
    pulses: list[Pulse] = []
    rests: list[Pulse] = []
    for first, last in pairwise(edges):
        if last - first < FEWEST_ROWS and last < len(current):
            continue
        middle = float(np.median(current[first:last]))
        (rests if state[first] == 0 else pulses).append(Pulse(first, last, middle))
    return pulses, rests


def stretches(current: NDArray[np.float64]) -> tuple[list[int], NDArray[np.int8]]:
    """Cut a record where its current changes.

    Parameters
    ----------
    current : array, shape (n,)
        With its sign [A].

    Returns
    -------
    edges : list of int
        First row of every stretch, and n.
    state : int array, shape (n,)
        Sign of the current, 0 at rest.
    """
    if not len(current):
        return [0], np.zeros(0, dtype=np.int8)
    largest = float(np.max(np.abs(current)))
    noise = white_noise(current)
    resting = max(RESTING * largest, 5.0 * noise)
    tolerance = np.maximum(SAME_CURRENT * np.abs(current), 6.0 * noise)
    state = np.where(np.abs(current) <= resting, 0, np.sign(current)).astype(np.int8)
    change = np.abs(np.diff(current)) > np.minimum(tolerance[1:], tolerance[:-1])
    quiet = (state[1:] == 0) & (state[:-1] == 0)
    cuts = np.flatnonzero((state[1:] != state[:-1]) | (change & ~quiet)) + 1
    return [0, *cuts.tolist(), len(current)], state


def _same(one: float, other: float) -> bool:
    return abs(one - other) <= SAME_CURRENT * max(abs(one), abs(other))


def _grouped(pulses: list[Pulse]) -> list[list[Pulse]]:
    """Pulses of one half-cycle together."""
    groups: list[list[Pulse]] = []
    for pulse in pulses:
        before = groups[-1][-1] if groups else None
        if (
            before is not None
            and _same(before.current, pulse.current)
            and before.current * pulse.current > 0
        ):
            groups[-1].append(pulse)
        else:
            groups.append([pulse])
    return groups


def _offset(recording: Recording, rests: list[Pulse]) -> float:
    """Voltage to which the cell relaxes: the median of the last row of every rest."""
    if not rests:
        return 0.0
    return float(np.median([recording.voltage[rest.last - 1] for rest in rests]))


def _half_cycle(
    recording: Recording, group: list[Pulse], current: float, offset: float, step: int
) -> HalfCycle:
    rows = np.concatenate([np.arange(p.first, p.last) for p in group])
    time = recording.time[rows]
    charge = sum(
        abs(p.current) * float(recording.time[p.last - 1] - recording.time[p.first]) for p in group
    )
    sign = 1.0 if current > 0 else -1.0
    return HalfCycle(
        rows=rows,
        time=time,
        voltage=sign * (recording.voltage[rows] - offset),
        recorded=recording.voltage[rows],
        current=current,
        charge=charge,
        step=step,
    )
