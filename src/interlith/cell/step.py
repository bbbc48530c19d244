"""One step of a test as the simulation runs it: numbers only, nothing left to interpret."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["LONGEST_OPEN_STEP", "Control", "Step"]

Control = Literal["rest", "current", "voltage", "power"]

LONGEST_OPEN_STEP = 3.6e6
"""Seconds (1000 h) after which a step ends whose own limits might never be reached."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a test, SI.

    Sign: a positive current strips the left electrode and plates the right one; the voltage that
    drives it is positive. In a full cell a positive current is a discharge, and the voltage is that
    of the cathode minus that of the lithium.

    Parameters
    ----------
    control, value
        What is held constant: ``rest`` (0), ``current`` (A/m2), ``voltage`` (V) or ``power``
        (W/m2; its sign is the direction of the current).
    duration_s
        Longest time in s; infinite only with ``areal_capacity`` under current control.
    areal_capacity
        Charge in C/m2, in either direction, after which the step ends, or None.
    voltage_upper, voltage_lower
        Voltages in V at which the step ends, or None. ``until: 0.3 V`` gives +0.3 and -0.3; in a
        full cell it is the upper one of a charge and the lower one of a discharge.
    current_cutoff
        Size of the current in A/m2 below which a voltage or power step ends, or None.
    stop_on_short
        Whether a short ends the whole test.
    label
        The step in words.
    ccd_level
        Current density in A/m2 of the level of a critical-current test that this step (also a
        rest) belongs to, or None.
    half_cycle
        Number of the half-cycle in a critical-current or cycling test, from 0; None for rests and
        other steps.
    stop_on_voltage
        Whether reaching a voltage limit ends the whole test, not only the step.
    temperature
        Temperature of the step in K, or None for that of the cell.
    """

    control: Control
    value: float
    duration_s: float
    areal_capacity: float | None = None
    voltage_upper: float | None = None
    voltage_lower: float | None = None
    current_cutoff: float | None = None
    stop_on_short: bool = False
    label: str = ""
    ccd_level: float | None = None
    half_cycle: int | None = None
    stop_on_voltage: bool = False
    temperature: float | None = None
