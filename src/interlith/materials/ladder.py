"""The lithiation ladder of a metal: at which potential it takes up how much lithium, step by step.

A step with one potential is a two-phase plateau; one with two potentials slopes between them, as in
a solid solution. Potentials fall along the ladder.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from interlith.materials.property import Property, Source

if TYPE_CHECKING:
    from interlith.materials.building import Findings

STEP_KEYS = ("phase", "lithium_per_atom", "potential", "kind", "source", "range", "note")
PROPERTY = "lithiation_potential"
MOST_LITHIUM_PER_ATOM = 1000.0
ROUND_OFF = 1e-9


@dataclass(frozen=True, slots=True)
class LithiationStep:
    """One step of the ladder.

    Parameters
    ----------
    phase
        What forms.
    start, end
        Lithium per metal atom before and after the step.
    potential
        Potential against lithium at the start of the step [V], with its provenance.
    drop
        How far the potential falls until the end of the step [V]; 0 on a plateau.
    """

    phase: str
    start: float
    end: float
    potential: Property
    drop: float = 0.0

    @property
    def is_plateau(self) -> bool:
        """Whether two phases coexist along the step."""
        return self.drop == 0.0


def build_ladder(
    given: object, sources: Mapping[str, Source], findings: Findings
) -> tuple[LithiationStep, ...]:
    """Return the steps that a list describes; problems go to `findings`."""
    if not isinstance(given, list):
        findings.add("ladder", given, "a list of steps, empty if it takes up no lithium")
        return ()
    built = [
        _build_step(f"ladder[{index}]", step, sources, findings) for index, step in enumerate(given)
    ]
    steps = [step for step in built if step is not None]
    _check_order(steps, findings)
    return tuple(steps)


def _build_step(
    where: str, given: object, sources: Mapping[str, Source], findings: Findings
) -> LithiationStep | None:
    from interlith.materials.building import build_property

    before = len(findings.problems)
    raw = findings.mapping(where, given, STEP_KEYS)
    phase = findings.text(f"{where}.phase", raw.get("phase"))
    start, end = _amounts(f"{where}.lithium_per_atom", raw.get("lithium_per_atom"), findings)
    first, last = _two_ends(raw.get("potential"))
    fields: dict[str, Any] = {
        key: raw[key] for key in ("kind", "source", "range", "note") if key in raw
    }
    with _placed(findings, where):
        potential = build_property(PROPERTY, {"value": first, **fields}, sources, findings)
    final = (
        potential.value
        if last is None and potential is not None
        else findings.quantity(f"{where}.potential[1]", last, "V")
    )
    if potential is None or final is None or len(findings.problems) > before:
        return None
    if final > potential.value:
        findings.add(f"{where}.potential", raw["potential"], "a potential that falls")
    return LithiationStep(phase, start, end, potential, potential.value - final)


def _two_ends(given: object) -> tuple[object, object]:
    """Return the potentials at both ends of a step; the second is None on a plateau."""
    if isinstance(given, list) and len(given) == 2:
        return given[0], given[1]
    return given, None


def _amounts(where: str, given: object, findings: Findings) -> tuple[float, float]:
    """Return lithium per metal atom before and after a step."""
    ends: Sequence[Any] = given if isinstance(given, list) and len(given) == 2 else (None, None)
    start, end = (findings.quantity(where, amount, "1") for amount in ends)
    if start is None or end is None or not 0.0 <= start < end <= MOST_LITHIUM_PER_ATOM:
        findings.add(where, given, f"two rising numbers from 0 to {MOST_LITHIUM_PER_ATOM:g}")
        return 0.0, 0.0
    return start, end


def _check_order(steps: Sequence[LithiationStep], findings: Findings) -> None:
    """Note where a step does not begin where the one before ends, or lies above it."""
    if steps and steps[0].start != 0.0:
        findings.add("ladder[0].lithium_per_atom", steps[0].start, "a start at 0")
    for index, (before, after) in enumerate(pairwise(steps), start=1):
        if after.start != before.end:
            findings.add(f"ladder[{index}].lithium_per_atom", after.start, f"{before.end:g} first")
        if after.potential.value > before.potential.value - before.drop + ROUND_OFF:
            findings.add(
                f"ladder[{index}].potential",
                after.potential.given,
                "a potential not above the end of the step before",
            )


@contextmanager
def _placed(findings: Findings, where: str) -> Iterator[None]:
    """Let problems of the potential name the step instead of a property."""
    before = len(findings.problems)
    yield
    old = f"properties.{PROPERTY}"
    for index in range(before, len(findings.problems)):
        problem = findings.problems[index]
        field = problem.field.replace(f"{old}.value", f"{where}.potential").replace(old, where)
        findings.problems[index] = replace(problem, field=field)
