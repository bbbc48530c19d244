"""Cycles of a recording: capacity, efficiency, retention, voltages, rates, end of life.

Everything is integrated from current and voltage; the file's own capacity columns only check it.
Per area or per mass of active material only if the user gives them: files do not know.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from interlith.cyclerdata.half_cycles import Direction, HalfCycle, half_cycles
from interlith.errors import InputError, Problem

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from interlith.cyclerdata.recording import Recording

__all__ = ["Cycle", "Cycling", "Rate", "cycling", "differential_capacity"]

SAME_RATE = 0.05  # currents this close are one rate
AGREES = 0.01  # share to which integral and recorded capacity are expected to agree
LIFE = 0.8  # of the reference capacity


@dataclass(frozen=True)
class Cycle:
    """One charge and one discharge.

    Attributes
    ----------
    number : int
        From 1.
    charge, discharge : HalfCycle or None
        None where the recording has only one half.
    coulombic_efficiency : float or None
        Charge of the second half over that of the first.
    energy_efficiency : float or None
        Energy discharged over energy charged; None where the voltage changes sign, as in a
        symmetric cell, whose efficiency means nothing.
    polarisation : float or None
        Mean voltage of charge less that of discharge [V].
    retention : float or None
        Discharge capacity over that of the reference cycle.
    """

    number: int
    charge: HalfCycle | None
    discharge: HalfCycle | None
    coulombic_efficiency: float | None
    energy_efficiency: float | None
    polarisation: float | None
    retention: float | None = None


@dataclass(frozen=True)
class Rate:
    """Consecutive cycles discharged with one current.

    Attributes
    ----------
    current : float
        Mean current of the discharge [A].
    first, last : int
        Numbers of the cycles.
    discharge_charge : float
        Median charge of the discharges [C].
    c_rate : float
        Current over the charge of the reference cycle [1/h].
    share : float
        Of the discharge charge of the slowest rate.
    """

    current: float
    first: int
    last: int
    discharge_charge: float
    c_rate: float
    share: float


@dataclass(frozen=True)
class Cycling:
    """What a recording says about cycling.

    Attributes
    ----------
    cycles : tuple of Cycle
        In order.
    rates : tuple of Rate
        In order.
    starts : Direction
        Which half comes first in a cycle.
    reference : int
        Number of the cycle that retention refers to.
    life_threshold : float
        Share of its discharge capacity at which life ends.
    end_of_life : int or None
        First cycle at the rate of the reference from which all at that rate are below; None while
        it lives.
    notes : tuple of str
        What was noticed.
    """

    cycles: tuple[Cycle, ...]
    rates: tuple[Rate, ...]
    starts: Direction
    reference: int
    life_threshold: float
    end_of_life: int | None
    notes: tuple[str, ...]


def cycling(
    recording: Recording,
    *,
    starts: Direction | None = None,
    reference: int = 1,
    life_threshold: float = LIFE,
) -> Cycling:
    """Return the cycles of a recording.

    Parameters
    ----------
    recording : Recording
        What was measured.
    starts : Direction, optional
        Which half comes first in a cycle; by default that which the recording starts with.
    reference : int
        Number of the cycle that retention refers to.
    life_threshold : float
        Share of its discharge capacity at which life ends.

    Raises
    ------
    InputError
        No current flows, or there is no reference cycle with a discharge.
    """
    halves = half_cycles(recording)
    if not halves:
        raise InputError(
            Problem(recording.source, "current", "none", "rows in which current flows")
        )
    starts = halves[0].direction if starts is None else starts
    cycles = [_cycle(k + 1, pair, starts) for k, pair in enumerate(_pairs(halves, starts))]
    base = _reference(recording, cycles, reference)
    cycles = [_with_retention(cycle, base) for cycle in cycles]
    return Cycling(
        cycles=tuple(cycles),
        rates=tuple(_rates(cycles, base)),
        starts=starts,
        reference=reference,
        life_threshold=life_threshold,
        end_of_life=_end_of_life(cycles, base, life_threshold),
        notes=tuple(_notes(halves)),
    )


def _pairs(halves: Sequence[HalfCycle], starts: Direction) -> list[list[HalfCycle]]:
    pairs: list[list[HalfCycle]] = []
    for half in halves:
        if half.direction is starts or not pairs or len(pairs[-1]) > 1:
            pairs.append([])
        pairs[-1].append(half)
    return pairs


def _cycle(number: int, pair: list[HalfCycle], starts: Direction) -> Cycle:
    charge = next((h for h in pair if h.direction is Direction.CHARGE), None)
    discharge = next((h for h in pair if h.direction is Direction.DISCHARGE), None)
    if charge is None or discharge is None:
        return Cycle(number, charge, discharge, None, None, None)
    first, second = (charge, discharge) if starts is Direction.CHARGE else (discharge, charge)
    one_sign = charge.mean_voltage > 0.0 and discharge.mean_voltage > 0.0
    # In a symmetric cell the mean voltage of a discharge is negative; its energy has no sign.
    down = discharge.mean_voltage
    return Cycle(
        number=number,
        charge=charge,
        discharge=discharge,
        coulombic_efficiency=second.charge / first.charge if first.charge > 0.0 else None,
        energy_efficiency=discharge.energy / charge.energy
        if one_sign and charge.energy > 0.0
        else None,
        polarisation=charge.mean_voltage - down,
    )


def _reference(recording: Recording, cycles: Sequence[Cycle], reference: int) -> HalfCycle | None:
    """Return the discharge that retention refers to; None if the recording has no discharge."""
    if all(cycle.discharge is None for cycle in cycles):
        return None
    found = next((c.discharge for c in cycles if c.number == reference), None)
    if found is None:
        known = ", ".join(str(c.number) for c in cycles[:5] if c.discharge is not None)
        expected = f"the number of a cycle with a discharge, such as {known}"
        raise InputError(Problem(recording.source, "reference cycle", str(reference), expected))
    return found


def _with_retention(cycle: Cycle, base: HalfCycle | None) -> Cycle:
    from dataclasses import replace

    if base is None or cycle.discharge is None or not base.charge > 0.0:
        return cycle
    return replace(cycle, retention=cycle.discharge.charge / base.charge)


def _same(one: float, other: float) -> bool:
    return abs(one - other) <= SAME_RATE * max(one, other)


def _rates(cycles: Sequence[Cycle], base: HalfCycle | None) -> list[Rate]:
    groups: list[list[tuple[int, HalfCycle]]] = []
    for cycle in cycles:
        half = cycle.discharge
        if half is None:
            continue
        if not groups or not _same(half.mean_current, groups[-1][0][1].mean_current):
            groups.append([])
        groups[-1].append((cycle.number, half))
    if base is None or not groups:
        return []
    medians = [float(np.median([half.charge for _, half in group])) for group in groups]
    currents = [float(np.median([half.mean_current for _, half in group])) for group in groups]
    slowest = medians[int(np.argmin(currents))]
    return [
        Rate(
            current=current,
            first=group[0][0],
            last=group[-1][0],
            discharge_charge=charge,
            c_rate=3600.0 * current / base.charge,
            share=charge / slowest,
        )
        for group, charge, current in zip(groups, medians, currents, strict=True)
    ]


def _end_of_life(cycles: Sequence[Cycle], base: HalfCycle | None, threshold: float) -> int | None:
    """Return the first cycle from which all at the reference's rate are below the threshold.

    A last cycle that was cut off is not counted: its discharge did not end by itself.
    """
    if base is None:
        return None
    alike = [
        c
        for c in cycles
        if c.discharge is not None and _same(c.discharge.mean_current, base.mean_current)
    ]
    if alike and alike[-1] is cycles[-1] and len(alike) > 1:
        alike = alike[:-1]
    end = None
    for cycle in reversed(alike):
        if cycle.retention is None or cycle.retention >= threshold:
            break
        end = cycle.number
    return end


def _notes(halves: Sequence[HalfCycle]) -> list[str]:
    """Say where integral and recorded capacity differ."""
    differing = [
        abs(half.charge / half.recorded_charge - 1.0)
        for half in halves
        if half.recorded_charge is not None and half.recorded_charge > 0.0
    ]
    off = [d for d in differing if d > AGREES]
    if not differing:
        return ["the file records no capacities: those shown are integrals of the current"]
    if off:
        return [
            f"in {len(off)} of {len(differing)} half-cycles the integral of the current differs "
            f"from the recorded capacity by more than {100 * AGREES:g} %, at most "
            f"{100 * max(off):.3g} %: rows may be missing"
        ]
    return [f"integrals agree with the recorded capacities to {100 * max(differing):.2g} %"]


def differential_capacity(
    recording: Recording, half: HalfCycle, *, step: float = 0.005
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return dQ/dV of a half-cycle against voltage.

    The charge that passes in each interval of voltage over its width: no derivative of noisy
    voltages is taken, and the area is the charge.

    Parameters
    ----------
    recording : Recording
        What was measured.
    half : HalfCycle
        One of its half-cycles.
    step : float
        Width of the intervals [V].

    Returns
    -------
    voltage : array
        Middles of the intervals [V].
    slope : array
        dQ/dV, without sign [C/V].
    """
    rows = slice(half.first, half.last + 1)
    time, current, voltage = (
        array[rows] for array in (recording.time, recording.current, recording.voltage)
    )
    passed = np.abs(0.5 * (current[1:] + current[:-1])) * np.maximum(np.diff(time), 0.0)
    middle = 0.5 * (voltage[1:] + voltage[:-1])
    low, high = np.floor(middle.min() / step), np.ceil(middle.max() / step) + 1
    edges = step * np.arange(low, high + 1)
    charge, _ = np.histogram(middle, edges, weights=passed)
    return 0.5 * (edges[1:] + edges[:-1]), charge / step
