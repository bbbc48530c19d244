"""The outcome of a run in words."""

from __future__ import annotations

from interlith.report.reported import CriticalCurrentLike, ResultLike, RunLike
from interlith.report.view import View

__all__ = ["cause_in_words", "count", "verdict", "why"]

UNIT = "mA/cm²"
CAUSES = {
    "dendrite while plating": "by a dendrite while plating",
    "voltage limit": "by reaching the voltage limit",
}


def verdict(result: ResultLike) -> str:
    """Return the outcome in one or two sentences; never more than the run has shown."""
    return outcome(View(result))


def outcome(view: View) -> str:
    """Return the verdict of a result that is already being read."""
    status = view.result.status
    if status == "failed":
        return f"The calculation failed{why(view.result)}. {_so_far(view)}"
    if status == "interrupted":
        return f"The run was interrupted after {view.duration:.4g} h of the test. {_so_far(view)}"
    if view.result.ccd is not None:
        return _critical_current(view, view.result.ccd)
    return _no_critical_current(view)


def why(result: RunLike) -> str:
    """Return the reason for which a run ended, to be put behind a verb."""
    reason = (result.reason or "").strip().rstrip(".")
    return f": {reason}" if reason else ""


def _so_far(view: View) -> str:
    """Say what an unfinished run has shown, without stating a critical current density."""
    if len(view.hours) < 2:
        return "Nothing was computed."
    passed = sum(c.passed for c in view.half_cycles)
    text = f"Until {view.duration:.4g} h, {count(passed, 'half-cycle')} passed"
    if view.first_failing is not None:
        return f"{text} and the step at {view.first_failing:.4g} {UNIT} failed."
    if view.last_passing is not None:
        return (
            f"{text}, the last complete step at {view.last_passing:.4g} {UNIT}; the critical "
            "current density is not known."
        )
    return f"{text}."


def _critical_current(view: View, ccd: CriticalCurrentLike) -> str:
    passing, failing = view.last_passing, view.first_failing
    if failing is None and passing is None:
        return (
            "The test ended without a complete step, so the critical current density is not known."
        )
    if failing is None:
        return (
            f"No step failed up to {passing:.4g} {UNIT}, the highest of the test: the critical "
            f"current density is above {passing:.4g} {UNIT}."
        )
    how = cause_in_words(ccd)
    if passing is None:
        return (
            f"The critical current density is below {failing:.4g} {UNIT}: the first step already "
            f"failed{how}."
        )
    return (
        f"The critical current density is between {passing:.4g} and {failing:.4g} {UNIT}: the "
        f"step at {passing:.4g} passed, the one at {failing:.4g} failed{how}."
    )


def cause_in_words(ccd: CriticalCurrentLike) -> str:
    """Return cause and electrode as the end of a sentence, or nothing where they are not known."""
    if not ccd.cause:
        return ""
    words = CAUSES.get(ccd.cause, f"by {ccd.cause}")
    return f" {words}" + (f" at the {ccd.electrode} electrode" if ccd.electrode else "")


def _no_critical_current(view: View) -> str:
    if not view.half_cycles:
        end = (
            "ran to its planned end"
            if view.result.status == "completed"
            else f"ended{why(view.result)}"
        )
        return f"The protocol {end} after {view.duration:.4g} h; it holds no half-cycle."
    failed = [c for c in view.half_cycles if c.outcome not in {"passed", "incomplete"}]
    total = count(len(view.half_cycles), "half-cycle")
    if failed:
        first = failed[0]
        return (
            f"Half-cycle {first.number} of {len(view.half_cycles)} failed ({first.outcome}) after "
            f"{first.end_h:.4g} h, with the {first.plating_side} electrode plating."
        )
    if view.result.status == "completed":
        return f"{total} passed without a short in {view.duration:.4g} h."
    return f"The test ended after {total} and {view.duration:.4g} h{why(view.result)}."


def count(number: int, thing: str) -> str:
    """Return a number of things, in the plural where needed."""
    return f"{number} {thing}{'' if number == 1 else 's'}"
