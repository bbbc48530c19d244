"""The verdict of a critical-current test: which step failed, why, and at which electrode."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from interlith.cell.step import Step
    from interlith.simulation.record import StepRecord

MA_CM2 = 10.0
MAH_CM2 = 36000.0
LOST_CONTACT = 0.1
"""Contact fraction below which a voltage limit counts as contact loss (a convention)."""

DENDRITE = "dendrite while plating"
CONTACT_LOSS = "contact loss while stripping"
VOLTAGE_LIMIT = "voltage limit"

CRITERION = (
    "A step passes when all its half-cycles run their full areal capacity without a lithium "
    "filament that spans the electrolyte and without reaching the voltage limit; the critical "
    "current density lies between the last passing and the first failing step."
)


@dataclass(frozen=True)
class HalfCycle:
    """One half-cycle of a test and what became of it."""

    index: int
    level: float
    current: float
    start: float
    end: float
    charge: float
    end_voltage: float
    largest_voltage: float
    outcome: str
    electrode: str | None
    survived_charge: float
    """Charge that passed before the failure, or all of it [C m-2]."""


@dataclass(frozen=True)
class CriticalCurrent:
    """Outcome of a critical-current test."""

    last_passing_mA_cm2: float | None
    """Largest current density of a step that passed, below the first that failed [mA cm-2]."""
    first_failing_mA_cm2: float | None
    """Current density of the first step that failed [mA cm-2]; None if none did."""
    cause: str | None
    """Why it failed."""
    electrode: str | None
    """Which electrode failed."""
    half_cycle_areal_capacity_mAh_cm2: float | None
    """Areal capacity that a half-cycle of the first failing (else of the last) step asks for."""
    cumulative_areal_capacity_mAh_cm2: float
    """Areal capacity passed in both directions up to the failure [mAh cm-2]."""
    criterion: str
    """What counts as passing."""
    explanation: str
    """The verdict in a sentence."""


def judge_half_cycles(
    steps: Sequence[Step], records: Sequence[StepRecord], interrupted: bool
) -> list[HalfCycle]:
    """Tell what became of every half-cycle that ran.

    Parameters
    ----------
    steps : sequence of Step
        The expanded protocol.
    records : sequence of StepRecord
        What ran of it, in order.
    interrupted : bool
        True if the last record was cut off.

    Returns
    -------
    list of HalfCycle
        In order.
    """
    found = []
    for position, record in enumerate(records):
        step = steps[record.index]
        if step.half_cycle is None:
            continue
        cut_off = interrupted and position == len(records) - 1
        outcome, electrode = _outcome(step, record, cut_off)
        found.append(
            HalfCycle(
                index=step.half_cycle,
                level=step.ccd_level if step.ccd_level is not None else float("nan"),
                current=step.value,
                start=record.start,
                end=record.end,
                charge=record.charge,
                end_voltage=record.end_voltage,
                largest_voltage=record.largest_voltage,
                outcome=outcome,
                electrode=electrode,
                survived_charge=record.survived_charge,
            )
        )
    return found


def _outcome(step: Step, record: StepRecord, cut_off: bool) -> tuple[str, str | None]:
    """Outcome of a half-cycle and the electrode to blame."""
    # Imported here: a process that only reads a result has no use for the compiled equations.
    from interlith.physics.operation import LOWER_EVENT, SHORT_EVENT, UPPER_EVENT

    if record.event == SHORT_EVENT or max(record.longest_filament) >= 1.0:
        left, right = record.longest_filament
        return "short", "left" if left >= right else "right"
    if record.event in (UPPER_EVENT, LOWER_EVENT):
        side = 0 if step.value > 0.0 else 1
        if record.end_contact[side] < LOST_CONTACT:
            return "contact loss", ("left", "right")[side]
        return "voltage limit", None
    return ("incomplete" if cut_off else "passed"), None


def judge_test(half_cycles: Sequence[HalfCycle], steps: Sequence[Step]) -> CriticalCurrent | None:
    """Give the verdict of a critical-current test.

    Parameters
    ----------
    half_cycles : sequence of HalfCycle
        What ran.
    steps : sequence of Step
        The expanded protocol.

    Returns
    -------
    CriticalCurrent or None
        None if the protocol holds no such test.
    """
    if not any(step.ccd_level is not None for step in steps):
        return None
    tested = [half for half in half_cycles if half.level == half.level]
    failing = next((h for h in tested if h.outcome not in ("passed", "incomplete")), None)
    passing = [h.level for h in tested if _level_passed(h.level, tested, steps)]
    if failing is not None:
        passing = [level for level in passing if level < failing.level]
    cause = None if failing is None else _CAUSES[failing.outcome]
    last = max(passing, default=None)
    reference = failing.level if failing is not None else last
    until = failing.index if failing is not None else float("inf")
    passed = sum(h.charge for h in half_cycles if h.index <= until)
    return CriticalCurrent(
        last_passing_mA_cm2=_rounded(last),
        first_failing_mA_cm2=_rounded(None if failing is None else failing.level),
        cause=cause,
        electrode=None if failing is None else failing.electrode,
        half_cycle_areal_capacity_mAh_cm2=_demanded_capacity(steps, reference),
        cumulative_areal_capacity_mAh_cm2=passed / MAH_CM2,
        criterion=CRITERION,
        explanation=_explain(failing, _rounded(last)),
    )


_CAUSES = {"short": DENDRITE, "contact loss": CONTACT_LOSS, "voltage limit": VOLTAGE_LIMIT}


def _level_passed(level: float, tested: Sequence[HalfCycle], steps: Sequence[Step]) -> bool:
    """True if every half-cycle of a level ran and passed."""
    planned = sum(1 for s in steps if s.ccd_level == level and s.half_cycle is not None)
    done = [half for half in tested if half.level == level]
    return len(done) == planned and all(half.outcome == "passed" for half in done)


def _demanded_capacity(steps: Sequence[Step], level: float | None) -> float | None:
    """Areal capacity that a half-cycle of a level asks for [mAh cm-2]."""
    if level is None:
        return None
    for step in steps:
        if step.ccd_level == level and step.half_cycle is not None:
            charge = abs(step.value) * step.duration_s
            if step.areal_capacity is not None:
                charge = min(charge, step.areal_capacity)
            return charge / MAH_CM2
    return None


def _rounded(level: float | None) -> float | None:
    """Current density in mA cm-2, without the round-off of unit conversion."""
    return None if level is None else float(f"{level / MA_CM2:.10g}")


def _explain(failing: HalfCycle | None, last: float | None) -> str:
    """The verdict in a sentence."""
    if failing is None:
        reached = "no step" if last is None else f"every step up to {last:g} mA/cm2"
        return f"The cell passed {reached}; no failure was seen."
    level = failing.level / MA_CM2
    before = "no step passed" if last is None else f"the last step that passed is {last:g} mA/cm2"
    hours = (failing.end - failing.start) / 3600.0
    what = {
        "short": f"a lithium filament from the {failing.electrode} electrode spanned the "
        "electrolyte while that electrode was plated",
        "contact loss": f"the {failing.electrode} electrode lost contact by voids while it was "
        "stripped",
        "voltage limit": "the voltage reached its limit",
    }[failing.outcome]
    return f"At {level:g} mA/cm2 {what}, {hours:.3g} h into the half-cycle; {before}."
