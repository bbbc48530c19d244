"""Protocol steps as rows of numbers that the compiled loop can run."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from interlith.physics.parameters import CONTROL_CURRENT, CONTROL_POWER, CONTROL_VOLTAGE

if TYPE_CHECKING:
    from interlith.cell.step import Step

ABSURD_VOLTAGE = 100.0
"""Voltage that ends the test where no limit is given [V]: an electrode is exhausted or has lost
contact, and the double layers would charge without end."""

_MODES = {
    "rest": CONTROL_CURRENT,
    "current": CONTROL_CURRENT,
    "voltage": CONTROL_VOLTAGE,
    "power": CONTROL_POWER,
}


def compile_program(steps: Sequence[Step]) -> NDArray[np.float64]:
    """Translate protocol steps.

    Parameters
    ----------
    steps : sequence of Step
        The protocol.

    Returns
    -------
    ndarray, shape (k, 9)
        Rows as described in :mod:`interlith.simulation.kernel`.
    """
    if not steps:
        return np.zeros((0, 9))
    return np.array([_row(step) for step in steps], dtype=np.float64)


def _row(step: Step) -> list[float]:
    duration, throughput = step.duration_s, math.nan
    if step.areal_capacity is not None:
        if step.control == "current":
            # At constant current the capacity is a time, which needs no event to be found.
            duration = min(duration, step.areal_capacity / abs(step.value))
        else:
            throughput = step.areal_capacity
    upper, lower, halts = step.voltage_upper, step.voltage_lower, step.stop_on_voltage
    if upper is None and lower is None and step.control in ("current", "power"):
        upper, lower, halts = ABSURD_VOLTAGE, -ABSURD_VOLTAGE, True
    return [
        _MODES[step.control],
        step.value,
        _or_nan(upper),
        _or_nan(lower),
        throughput,
        _or_nan(step.current_cutoff),
        float(step.stop_on_short),
        duration,
        float(halts),
    ]


def _or_nan(value: float | None) -> float:
    return math.nan if value is None else value
