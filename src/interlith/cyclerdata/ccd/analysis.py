"""A recorded test, judged: the critical current density, what happened and why it is thought so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from interlith.cyclerdata.ccd.criteria import ALL_CRITERIA, Criterion, Thresholds
from interlith.cyclerdata.ccd.events import Event, EventKind, Observation, walk
from interlith.cyclerdata.ccd.pulses import CurrentStep, Programme, programme_of
from interlith.cyclerdata.ccd.support import supported, with_impedance
from interlith.errors import InputError, Problem

if TYPE_CHECKING:
    from interlith.cyclerdata.impedance.collapse import ArcCollapse
    from interlith.cyclerdata.recording import Recording

__all__ = ["NOT_RECORDED", "CcdAnalysis", "StepOutcome", "analyse_ccd"]

NOT_RECORDED = "not recorded"
MA_CM2 = 10.0  # A m-2
MAH_CM2 = 36000.0  # C m-2
OHM_CM2 = 1e-4  # ohm m2
HOUR = 3600.0
SYMMETRIC = 0.1
"""Resting voltage [V] beyond which a cell is not symmetric (assumed: Li|Li rests within 10 mV)."""

SOFT = frozenset({EventKind.REVERSIBLE, EventKind.IRREVERSIBLE})


@dataclass(frozen=True)
class StepOutcome:
    """One current step and what became of it."""

    step: CurrentStep
    half_cycles: int
    charge: float
    """Largest charge of one of its half-cycles [C]."""
    resistance: float
    """Median voltage over current of its half-cycles [ohm]."""
    outcome: str


@dataclass(frozen=True)
class CcdAnalysis:
    """What a recorded test says.

    Attributes
    ----------
    recording : Recording
        What was measured.
    area : float or None
        Of the electrodes [m2]; None if neither recorded nor given.
    thickness : float or None
        Of the electrolyte [m]; None if not given.
    programme : Programme
        Half-cycles and current steps.
    observations : tuple of Observation
        Every half-cycle as it was seen.
    events : tuple of Event
        In order of time.
    thresholds, criteria
        By which they were found.
    soft_counts : bool
        Whether a soft short fails a step.
    """

    recording: Recording
    area: float | None
    thickness: float | None
    programme: Programme
    observations: tuple[Observation, ...]
    events: tuple[Event, ...]
    thresholds: Thresholds
    criteria: frozenset[Criterion]
    soft_counts: bool = True

    @property
    def failure(self) -> Event | None:
        """The event that fails the first step to fail.

        Of several in one step it is the short, if there is one: lost contact led to it.
        """
        counting = [e for e in self.events if self.soft_counts or e.kind not in SOFT]
        inside = [e for e in counting if e.step == counting[0].step]
        shorts = [e for e in inside if e.depth > 0]
        return next(iter([*shorts, *inside]), None)

    @property
    def first_failing(self) -> CurrentStep | None:
        """Current step in which the cell failed."""
        return None if self.failure is None else self.programme.steps[self.failure.step]

    @property
    def last_passing(self) -> CurrentStep | None:
        """The largest current before that at which every half-cycle passed."""
        failing = self.first_failing
        steps = self.programme.steps
        before = steps if failing is None else steps[: failing.number]
        if failing is not None:
            before = tuple(s for s in before if s.current < failing.current)
        return max(before, key=lambda step: step.current, default=None)

    @property
    def step_size(self) -> float | None:
        """Distance from the last passing to the first failing current, the uncertainty [A]."""
        if self.first_failing is None or self.last_passing is None:
            return None
        return self.first_failing.current - self.last_passing.current

    @property
    def failing_half_cycle_charge(self) -> float | None:
        """Charge that a half-cycle of the failing (else of the last) step moves [C]."""
        step = self.first_failing or (self.programme.steps[-1] if self.programme.steps else None)
        if step is None:
            return None
        return max(self.programme.half_cycles[k].charge for k in step.half_cycles)

    @property
    def charge_to_failure(self) -> float:
        """Charge passed in both directions up to the failure, or in all [C]."""
        failure = self.failure
        total = 0.0
        for index, half in enumerate(self.programme.half_cycles):
            if failure is None or index < failure.half_cycle:
                total += half.charge
            elif index == failure.half_cycle:
                part = (failure.time - half.start) / half.duration if half.duration > 0 else 1.0
                total += half.charge * float(np.clip(part, 0.0, 1.0))
        return total

    @cached_property
    def steps(self) -> tuple[StepOutcome, ...]:
        """Every current step with its outcome."""
        return tuple(self._outcome(step) for step in self.programme.steps)

    def _outcome(self, step: CurrentStep) -> StepOutcome:
        events = [e for e in self.events if e.step == step.number]
        failure = self.failure
        if events:
            outcome = ", ".join(dict.fromkeys(str(e.kind) for e in events))
        elif failure is not None and step.number > failure.step and failure.ended is None:
            outcome = f"after {failure.kind}"
        else:
            outcome = "passed"
        seen = [self.observations[k] for k in step.half_cycles]
        return StepOutcome(
            step=step,
            half_cycles=len(seen),
            charge=max(o.half_cycle.charge for o in seen),
            resistance=float(np.median([o.level / abs(o.half_cycle.current) for o in seen])),
            outcome=outcome,
        )

    def density(self, current: float | None) -> float | None:
        """Current density in mA/cm2, without what the cycler's last digit adds; None if unknown."""
        if current is None or self.area is None:
            return None
        return float(f"{current / self.area / MA_CM2:.4g}")

    def areal(self, charge: float | None) -> float | None:
        """Areal capacity in mAh/cm2; None if the area is not known."""
        return None if charge is None or self.area is None else charge / self.area / MAH_CM2

    def specific_resistance(self, resistance: float) -> float | None:
        """Area-specific resistance in ohm cm2; None if the area is not known."""
        return None if self.area is None else resistance * self.area / OHM_CM2

    @property
    def verdict(self) -> str:
        """The outcome in a sentence."""
        if not self.programme.half_cycles:
            return "No half-cycle at constant current is in the record."
        failure = self.failure
        passed = self._in_words(self.last_passing)
        if failure is None:
            ignored = len(self.events)
            what = (
                f"soft shorts seen, which do not count: {ignored}"
                if ignored
                else "nothing happened"
            )
            return f"Every current up to {passed} passed; {what}."
        reasons = "; ".join(sign.text for sign in failure.evidence)
        before = f"the last current that passed is {passed}" if passed else "no current passed"
        return (
            f"{failure.kind[0].upper()}{failure.kind[1:]} at {self._in_words(self.first_failing)} "
            f"after {failure.time / HOUR:.4g} h: {reasons}; {before}."
        )

    def _in_words(self, step: CurrentStep | None) -> str:
        if step is None:
            return ""
        density = self.density(step.current)
        if density is None:
            return f"{1e3 * step.current:.4g} mA (area {NOT_RECORDED})"
        return f"{density:g} mA/cm2"

    def summary(self) -> dict[str, Any]:
        """Return what ``--json`` prints."""
        failing, passing = self.first_failing, self.last_passing
        return {
            "last_passing_mA_cm2": None if passing is None else self.density(passing.current),
            "first_failing_mA_cm2": None if failing is None else self.density(failing.current),
            "last_passing_mA": None if passing is None else 1e3 * passing.current,
            "first_failing_mA": None if failing is None else 1e3 * failing.current,
            "step_size_mA_cm2": self.density(self.step_size),
            "half_cycle_areal_capacity_mAh_cm2": self.areal(self.failing_half_cycle_charge),
            "cumulative_areal_capacity_mAh_cm2": self.areal(self.charge_to_failure),
            "cumulative_capacity_mAh": self.charge_to_failure / 3.6,
            "kind": None if self.failure is None else str(self.failure.kind),
            "verdict": self.verdict,
            "soft_shorts_count": self.soft_counts,
            "events": [self._event(event) for event in self.events],
            "steps": [self._step(outcome) for outcome in self.steps],
            "resistance": self.resistance_against_time(),
            "recorded": self.reporting(),
            "criteria": sorted(str(c) for c in self.criteria),
            "notes": self.notes,
        }

    @property
    def notes(self) -> list[str]:
        """What was noticed on reading and what does not look like a symmetric cell."""
        found = list(self.recording.notes)
        if abs(self.programme.offset) > SYMMETRIC:
            found.append(
                f"The cell rests at {self.programme.offset:.3g} V: a symmetric cell rests near 0, "
                "and of another kind of cell this analysis says nothing."
            )
        return found

    def _event(self, event: Event) -> dict[str, Any]:
        return {
            "time_h": event.time / HOUR,
            "kind": str(event.kind),
            "evidence": [
                {
                    "criterion": str(sign.criterion),
                    "time_h": sign.time / HOUR,
                    "strength": sign.strength,
                    "text": sign.text,
                }
                for sign in event.evidence
            ],
            "half_cycle": event.half_cycle + 1,
            "current_density_mA_cm2": self.density(self.programme.steps[event.step].current),
            "depth": event.depth,
            "ended_h": None if event.ended is None else event.ended / HOUR,
        }

    def _step(self, outcome: StepOutcome) -> dict[str, Any]:
        return {
            "current_mA": 1e3 * outcome.step.current,
            "current_density_mA_cm2": self.density(outcome.step.current),
            "half_cycles": outcome.half_cycles,
            "areal_capacity_mAh_cm2": self.areal(outcome.charge),
            "resistance_ohm": outcome.resistance,
            "area_specific_resistance_ohm_cm2": self.specific_resistance(outcome.resistance),
            "outcome": outcome.outcome,
        }

    def resistance_against_time(self) -> list[dict[str, float | None]]:
        """Return voltage over current of every half-cycle once it has settled."""
        return [
            {
                "time_h": 0.5 * (o.half_cycle.start + o.half_cycle.end) / HOUR,
                "resistance_ohm": o.level / abs(o.half_cycle.current),
                "area_specific_resistance_ohm_cm2": self.specific_resistance(
                    o.level / abs(o.half_cycle.current)
                ),
            }
            for o in self.observations
        ]

    def reporting(self) -> dict[str, str]:
        """Return the field's reporting checklist as far as file and user fill it."""
        said = self.recording.recorded
        halves = self.programme.half_cycles
        rest = f"{len(self.programme.rests)}" if self.programme.rests else "none seen"
        conductivity = NOT_RECORDED
        return {
            "cell": said.get("cell", NOT_RECORDED),
            "area": NOT_RECORDED if self.area is None else f"{self.area * 1e4:.4g} cm2",
            "electrolyte thickness": (
                NOT_RECORDED if self.thickness is None else f"{self.thickness * 1e6:.4g} um"
            ),
            "temperature": said.get("temperature", NOT_RECORDED),
            "stack pressure": said.get("pressure", NOT_RECORDED),
            "ionic conductivity": said.get("conductivity", conductivity),
            "half-cycle time": _span([half.duration / HOUR for half in halves], "h"),
            "half-cycle areal capacity": (
                NOT_RECORDED
                if self.area is None
                else _span([half.charge / self.area / MAH_CM2 for half in halves], "mAh/cm2")
            ),
            "half-cycles a current step": _span([s.half_cycles for s in self.steps], ""),
            "rests": rest,
            "voltage limit": (
                NOT_RECORDED
                if self.thresholds.voltage_limit is None
                else f"{self.thresholds.voltage_limit:g} V"
            ),
            "rows": f"{len(self.recording.time)}",
        }


def _span(values: Sequence[float], unit: str) -> str:
    """A range in words."""
    if not values:
        return NOT_RECORDED
    low, high = min(values), max(values)
    text = f"{low:.3g}" if high - low < 0.02 * abs(high) else f"{low:.3g} to {high:.3g}"
    return f"{text} {unit}".strip()


def analyse_ccd(
    recording: Recording,
    area: float | None = None,
    *,
    thickness: float | None = None,
    collapses: Iterable[ArcCollapse] = (),
    thresholds: Thresholds | None = None,
    criteria: Iterable[Criterion] = ALL_CRITERIA,
    soft_counts: bool = True,
) -> CcdAnalysis:
    """Judge a recorded critical-current test.

    Parameters
    ----------
    recording : Recording
        Voltage and current of a symmetric cell.
    area : float, optional
        Of the electrodes [m2]; without it currents stay in mA.
    thickness : float, optional
        Of the electrolyte [m], for the report.
    collapses : iterable of ArcCollapse, optional
        What impedance spectra say.
    thresholds : Thresholds, optional
        Conventions by which signs become events.
    criteria : iterable of Criterion, optional
        Signs to look for; the default is all.
    soft_counts : bool, optional
        Whether a soft short fails its step, as by default.

    Returns
    -------
    CcdAnalysis
        Verdict, events with evidence, resistances.

    Raises
    ------
    InputError
        No current flows in the record, or the area is not positive.
    """
    if area is not None and not area > 0.0:
        raise InputError(Problem("", "area", f"{area:g}", "an area above zero"))
    programme = programme_of(recording)
    if not programme.half_cycles:
        expected = "stretches of constant current, as a critical-current test has"
        raise InputError(Problem(recording.source, "current", "none that lasts", expected))
    thresholds = thresholds or Thresholds()
    chosen = frozenset(criteria)
    found = walk(programme, thresholds, chosen)
    events = supported(found.events, found.observations, thresholds, chosen)
    if Criterion.IMPEDANCE in chosen:
        events = with_impedance(events, collapses, found.observations)
    return CcdAnalysis(
        recording=recording,
        area=area,
        thickness=thickness,
        programme=programme,
        observations=tuple(found.observations),
        events=tuple(events),
        thresholds=thresholds,
        criteria=chosen,
        soft_counts=soft_counts,
    )
