"""Walks through the half-cycles of a test, tells healthy ones from others and names what happened.

The cell is either healthy, and then every half-cycle teaches what the next should look like, or
something happened, and then later half-cycles are held against what a healthy cell would show:
that decides whether a short stayed, healed or was hard.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np

from interlith.cyclerdata.ccd.course import Course, Jump, course_of
from interlith.cyclerdata.ccd.criteria import Criterion, Evidence, Thresholds
from interlith.cyclerdata.ccd.healthy import Expected, HealthyCell
from interlith.cyclerdata.ccd.pulses import HalfCycle, Programme

__all__ = ["Event", "EventKind", "Walk", "walk"]

SETTLED = 0.4
"""Part of a half-cycle after which its start no longer counts: double layers, contact."""
BEGUN = 0.1
"""Part of a half-cycle after which it is compared with the same part of others, at least."""
ENOUGH = 0.1
"""Part of a half-cycle that must be seen of either stretch for a comparison."""
LASTING = 0.5
"""Half-cycles for which the cell must be back to be called recovered."""
REMEMBERED = 2
"""Half-cycles of the same direction with which the course of one is compared."""
USUAL = 1.5
"""Times what those did by which a fall must exceed it."""
RISEN = 2.0
"""Factor of a rise within a half-cycle that says a short was there and healed."""
SUDDEN = 0.2
"""Part of a half-cycle at its end within which a rise is sudden; voids take most of it."""
REGAINED = 0.5
"""Part of a healthy voltage below which regained contact does not bring it."""
CERTAIN = 2.0
"""Times the asked significance beyond which a half-cycle speaks for itself."""
AT_LIMIT = 1e-3
"""Part of the limit by which a cycler may stop short of it."""
CUT_OFF = 0.7
"""Part of the time and charge of the half-cycle before below which one was cut off."""
TAIL = 4
"""Points at the end of a half-cycle that are too few for a plateau of their own."""


class EventKind(StrEnum):
    """What can happen to a cell under test."""

    HARD_SHORT = "hard short"
    REVERSIBLE = "reversible soft short"
    IRREVERSIBLE = "irreversible soft short"
    CONTACT_LOSS = "contact loss"
    VOLTAGE_LIMIT = "voltage limit"


@dataclass(frozen=True)
class Event:
    """Something that happened.

    Attributes
    ----------
    kind : EventKind
        What.
    time : float
        When it began [s].
    half_cycle, step : int
        In which half-cycle and current step.
    before, after : float
        Voltage in the direction of the current just before and after [V].
    evidence : tuple of Evidence
        Why it is thought so.
    ended : float or None
        When the cell recovered [s].
    """

    kind: EventKind
    time: float
    half_cycle: int
    step: int
    before: float
    after: float
    evidence: tuple[Evidence, ...]
    ended: float | None = None

    @property
    def depth(self) -> float:
        """Part of the voltage that was lost; negative where it rose."""
        return 1.0 - self.after / self.before if self.before > 0 else 0.0


@dataclass(frozen=True)
class Observation:
    """One half-cycle as the walk saw it."""

    index: int
    half_cycle: HalfCycle
    course: Course
    level: float
    """Voltage of its settled part before anything happened in it [V]."""
    error: float
    expected: Expected | None
    healthy: bool


@dataclass
class Walk:
    """What came of the walk."""

    observations: list[Observation] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)


@dataclass
class _Open:
    """An event that is going on, and what was seen since."""

    event: Event
    since: list[_Stretch] = field(default_factory=list)


@dataclass(frozen=True)
class _Stretch:
    """Part of a half-cycle after an event.

    When [s], voltage and that of a healthy cell [V], error of their ratio, length in half-cycles,
    and whether an abrupt rise that undoes the event came just before.
    """

    start: float
    end: float
    voltage: float
    healthy: float
    error: float
    share: float
    risen: bool

    @property
    def ratio(self) -> float:
        """Part of a healthy voltage."""
        return self.voltage / self.healthy


def walk(programme: Programme, thresholds: Thresholds, criteria: frozenset[Criterion]) -> Walk:
    """Look at every half-cycle in turn.

    Parameters
    ----------
    programme : Programme
        Half-cycles of the test.
    thresholds : Thresholds
        What counts as what.
    criteria : frozenset of Criterion
        Which signs are looked for.

    Returns
    -------
    Walk
        Observations and events, in order of time.
    """
    return _Walker(programme, thresholds, criteria).run()


class _Walker:
    def __init__(
        self, programme: Programme, thresholds: Thresholds, criteria: frozenset[Criterion]
    ) -> None:
        self.halves = programme.half_cycles
        self.thresholds = thresholds
        self.criteria = criteria
        currents = [abs(half.current) for half in self.halves] or [1.0]
        self.model = HealthyCell(min(currents), max(currents))
        self.found = Walk()
        self.open: _Open | None = None
        self.noises: list[float] = []
        self.early_over_late: list[float] = []
        self.start_over_late: list[float] = []

    def run(self) -> Walk:
        for index, half in enumerate(self.halves):
            self._look_at(index, half)
        self._close()
        self.found.events.sort(key=lambda event: event.time)
        return self.found

    # ------------------------------------------------------------------------------ one half-cycle
    def _look_at(self, index: int, half: HalfCycle) -> None:
        course = self._course(half)
        expected = self.model.expect(index, half.current)
        before = len(self.found.events)
        if self.open is not None:
            self._follow(half, course, expected)
        elif not self._began_low(index, half, course, expected):
            self._search(index, half, course, expected)
        quiet = self.open is None and len(self.found.events) == before
        level, error = course.level(*self._late(half)) or (
            course.plateaus[-1].middle,
            course.point_error,
        )
        if quiet:
            self._learn(index, half, course, level, error)
        self.found.observations.append(
            Observation(index, half, course, level, error, expected, quiet)
        )

    def _course(self, half: HalfCycle) -> Course:
        usual = float(np.median(self.noises)) if self.noises else 0.0
        return course_of(half, usual)

    def _late(self, half: HalfCycle) -> tuple[float, float]:
        return half.start + SETTLED * self._planned(half), half.end

    def _early(self, half: HalfCycle) -> tuple[float, float]:
        planned = self._planned(half)
        return half.start + BEGUN * planned, min(half.start + SETTLED * planned, half.end)

    def _planned(self, half: HalfCycle) -> float:
        """How long the half-cycle was meant to last [s], as far as those before tell.

        One that passed less charge in less time than the one before was cut off, whether charge or
        time is fixed: its late part never came.
        """
        if not self.found.observations:
            return half.duration
        before = self.found.observations[-1].half_cycle
        shorter = half.duration < CUT_OFF * before.duration
        if shorter and half.charge < CUT_OFF * before.charge:
            return min(before.duration, before.charge / abs(half.current))
        return half.duration

    def _learn(
        self, index: int, half: HalfCycle, course: Course, level: float, error: float
    ) -> None:
        self.noises.append(course.noise)
        self.model.learn(index, half.current, level, error)
        early = course.level(*self._early(half))
        if early is not None and level > 0:
            self.early_over_late.append(early[0] / level)
            self.start_over_late.append(course.plateaus[0].first / level)

    def _search(
        self, index: int, half: HalfCycle, course: Course, expected: Expected | None
    ) -> None:
        """Look for a drop, a collapse at the very end, lost contact or the limit."""
        drop = self._first_drop(half, course, expected)
        if drop is not None:
            self._begin(self._event_of_drop(index, half, drop), course, half)
        elif not (
            self._collapsed(index, half, course)
            or self._rose(index, half, course, expected)
            or self._began_high(index, half, course, expected)
        ):
            self._limit(index, half, course)

    # -------------------------------------------------------------------------------------- drops
    def _first_drop(
        self, half: HalfCycle, course: Course, expected: Expected | None
    ) -> Jump | None:
        if Criterion.DROP not in self.criteria:
            return None
        drops = (
            jump
            for jump in course.jumps
            if self._is_drop(jump)
            and not self._settles(jump, half, expected)
            and not self._usual(jump, half)
        )
        return next(drops, None)

    def _settles(self, drop: Jump, half: HalfCycle, expected: Expected | None) -> bool:
        """Whether an initial peak only falls to what a healthy cell shows."""
        if expected is None or drop.time > self._late(half)[0]:
            return False
        foretold = expected.voltage - expected.error
        return drop.after > foretold * (1.0 - self.thresholds.smallest_shift)

    def _usual(self, drop: Jump, half: HalfCycle) -> bool:
        """Whether the last half-cycle of this direction fell much the same at the same time."""
        alike = [
            o
            for o in self.found.observations[-2 * REMEMBERED :]
            if o.healthy and o.half_cycle.current * half.current > 0
        ]
        for before in alike[-REMEMBERED:]:
            then = before.half_cycle.start + (drop.span[0] - half.start)
            later = before.half_cycle.start + (drop.span[1] - half.start)
            if later > before.half_cycle.end:
                continue
            was, became = np.interp([then, later], before.course.time, before.course.voltage)
            usual = 1.0 - became / was if was > 0 else 0.0
            if 1.0 - drop.ratio < USUAL * usual:
                return True
        return False

    def _is_drop(self, jump: Jump) -> bool:
        deep = jump.ratio < 1.0 - self.thresholds.smallest_depth
        return deep and jump.abrupt and jump.significance < -self.thresholds.significance

    def _event_of_drop(self, index: int, half: HalfCycle, drop: Jump) -> Event:
        text = (
            f"voltage fell from {1e3 * drop.before:.3g} to {1e3 * drop.after:.3g} mV at constant "
            f"current ({-drop.significance:.0f} standard errors)"
        )
        sign = Evidence(Criterion.DROP, drop.time, -drop.significance, text)
        return _event(index, half, drop.time, drop.before, drop.after, sign)

    def _begin(self, event: Event, course: Course, half: HalfCycle) -> None:
        """Open an event and look at what follows it within its own half-cycle."""
        self.open = _Open(event)
        for plateau in course.plateaus:
            if not self._going_on():
                return
            start = max(plateau.start, event.time)
            if plateau.end > start and event.before > 0:
                middle = course.level(start, plateau.end)
                assert middle is not None
                self._add(half, course, (start, plateau.end), middle, event.before)

    def _going_on(self) -> bool:
        """Whether an event has begun from which the cell has not recovered."""
        return self.open is not None

    def _add(
        self,
        half: HalfCycle,
        course: Course,
        span: tuple[float, float],
        level: tuple[float, float],
        healthy: float,
    ) -> None:
        """Count a stretch of a half-cycle after an event, and see whether the cell is back."""
        assert self.open is not None
        start, end = span
        undone = 1.0 / (1.0 - self.thresholds.recovered * max(self.open.event.depth, 0.0))
        risen = any(
            self._is_rise(jump) and jump.ratio > undone and event_time < jump.time <= start
            for jump in course.jumps
            for event_time in (self.open.event.time,)
        )
        share = (end - start) / half.duration if half.duration > 0 else 1.0
        self.open.since.append(
            _Stretch(start, end, level[0], healthy, level[1] / healthy, share, risen)
        )
        self._recovered()

    def _follow(self, half: HalfCycle, course: Course, expected: Expected | None) -> None:
        """Hold a half-cycle after an event against a healthy one."""
        if expected is None or expected.voltage <= 0:
            return
        for plateau in course.plateaus:
            start = max(plateau.start, self._early(half)[0])
            if self.open is None or plateau.end <= start:
                continue
            early = plateau.end <= self._early(half)[1]
            healthy = expected.voltage * (self._usual_early() if early else 1.0)
            seen = course.level(start, plateau.end)
            assert seen is not None
            error = float(np.hypot(seen[1], expected.error))
            self._add(half, course, (start, plateau.end), (seen[0], error), healthy)

    def _usual_early(self) -> float:
        return float(np.median(self.early_over_late)) if self.early_over_late else 1.0

    def _recovered(self) -> None:
        """Close the event once the cell is back and has stayed back."""
        assert self.open is not None
        event = self.open.event
        if event.depth <= 0:
            return
        back = 1.0 - (1.0 - self.thresholds.recovered) * event.depth
        lasting = 0.0
        since = None
        for stretch in reversed(self.open.since):
            sure = stretch.error < 0.5 * event.depth and stretch.ratio > back
            if not (sure or (stretch.risen and stretch.ratio > 1.0 - event.depth)):
                break
            lasting += stretch.share
            since = stretch.start
        if lasting >= LASTING:
            self._close(since)

    def _close(self, ended: float | None = None) -> None:
        """End an event, now that it is known what came after."""
        if self.open is None:
            return
        event = self.open.event
        kind = event.kind if ended is None else EventKind.REVERSIBLE
        if ended is None and event.depth > 0 and self._left() < self.thresholds.hard_short:
            kind = EventKind.HARD_SHORT
        self.found.events.append(replace(event, kind=kind, ended=ended))
        self.open = None

    def _left(self) -> float:
        """Part of a healthy voltage that is left after the event.

        The slope of one against the other, to which an offset of the voltage adds little.
        """
        assert self.open is not None
        since = [s for s in self.open.since if s.share > 0]
        if not since:
            return 1.0 - self.open.event.depth
        weight = np.array([s.share for s in since])
        voltage = np.array([s.voltage for s in since])
        healthy = np.array([s.healthy for s in since])
        return float((weight * voltage) @ healthy / ((weight * healthy) @ healthy))

    # ------------------------------------------------------------------- between two half-cycles
    def _began_low(
        self, index: int, half: HalfCycle, course: Course, expected: Expected | None
    ) -> bool:
        """Look for a half-cycle that begins with less resistance than foretold."""
        if expected is None or Criterion.LEVEL not in self.criteria:
            return False
        seen = self._first_level(half, course)
        if seen is None:
            return False
        level, own, usual = seen
        healthy = expected.voltage * usual
        error = float(np.hypot(expected.error * usual, own))
        ratio = level / healthy
        miss = (level - healthy) / error
        low = ratio < 1.0 - self.thresholds.smallest_shift and miss < -self.thresholds.significance
        if not low or not self._less_than_last(half, ratio * expected.voltage):
            return False
        if self._started_high(course, expected, ratio):
            return False
        undone = 1.0 / (0.5 + 0.5 * max(ratio, 0.0))
        risen = any(self._is_rise(jump) and jump.ratio > undone for jump in course.jumps)
        certain = risen or miss < -CERTAIN * self.thresholds.significance
        if not (certain or self._next_is_low(index, ratio)):
            return False
        text = (
            f"{1e3 * level:.3g} mV where the half-cycles before foretell "
            f"{1e3 * healthy:.3g} +- {1e3 * error:.2g} mV"
        )
        place, time = self._where(index, half, ratio)
        sign = Evidence(Criterion.LEVEL, time, -miss, text)
        self._begin(_event(place, self.halves[place], time, healthy, level, sign), course, half)
        return True

    def _started_high(self, course: Course, expected: Expected, ratio: float) -> bool:
        """Whether the half-cycle began as a healthy one and only then lost voltage bit by bit.

        Contact that is regained does that, down to what the electrolyte alone shows; a short from
        before the half-cycle is there at once.
        """
        if not self.start_over_late or ratio < REGAINED:
            return False
        usual = float(np.median(self.start_over_late[-REMEMBERED * 2 :]))
        return course.plateaus[0].first > expected.voltage * usual * (0.5 + 0.5 * ratio)

    def _less_than_last(self, half: HalfCycle, level: float) -> bool:
        """Whether the resistance is less than in the last half-cycle of this direction too.

        `level` is what the late part would show. Where contact comes and goes the foretelling may
        be too high, but then the resistance does not fall.
        """
        alike = (
            o
            for o in reversed(self.found.observations)
            if o.healthy and o.half_cycle.current * half.current > 0
        )
        last = next(alike, None)
        if last is None:
            return True
        resistance = last.level / abs(last.half_cycle.current)
        return level / abs(half.current) < resistance * (1.0 - 0.5 * self.thresholds.smallest_shift)

    def _first_level(self, half: HalfCycle, course: Course) -> tuple[float, float, float] | None:
        """Voltage before anything else happens in a half-cycle, its error, and what is usual of it.

        Where the half-cycle changes late, its late part up to there; where early, its early part,
        which in a healthy cell is some usual part of the late one.
        """
        changes = [jump.time for jump in course.jumps if self._is_drop(jump) or self._is_rise(jump)]
        first = min(changes, default=half.end)
        for (start, end), usual in (
            (self._late(half), 1.0),
            (self._early(half), self._usual_early()),
        ):
            end = min(end, first)
            if end - start < ENOUGH * half.duration:
                continue
            seen = course.level(start, end)
            if seen is not None:
                return (*seen, usual)
        return None

    def _is_rise(self, jump: Jump) -> bool:
        high = jump.ratio > 1.0 + self.thresholds.smallest_depth
        return high and jump.abrupt and jump.significance > self.thresholds.significance

    def _next_is_low(self, index: int, ratio: float) -> bool:
        """A fall that the next half-cycle does not share was an error of the foretelling."""
        if index + 1 >= len(self.halves):
            return True
        following = self.halves[index + 1]
        expected = self.model.expect(index + 1, following.current)
        seen = self._first_level(following, self._course(following))
        if expected is None or seen is None:
            return True
        return seen[0] / (expected.voltage * seen[2]) < 1.0 - 0.5 * (1.0 - ratio)

    def _where(self, index: int, half: HalfCycle, ratio: float) -> tuple[int, float]:
        """Whether the last rows of the half-cycle before were low already."""
        if not index:
            return index, half.start
        course = self.found.observations[index - 1].course
        low = _low_tail(course, 1.0 - 0.5 * (1.0 - ratio))
        if low and (1.0 - ratio) * course.plateaus[-1].last > 4.0 * course.point_error:
            return index - 1, float(course.time[-low])
        return index, half.start

    def _collapsed(self, index: int, half: HalfCycle, course: Course) -> bool:
        """Look for a fall in the last rows of the test, too few for a plateau."""
        if Criterion.DROP not in self.criteria or index + 1 < len(self.halves):
            return False
        low = _low_tail(course, 0.5)
        if not low:
            return False
        line = course.plateaus[-1].last
        fall = line - float(np.median(course.voltage[-low:]))
        error = course.point_error / np.sqrt(low)
        if fall < self.thresholds.significance * error:
            return False
        when = float(course.time[-low])
        text = f"voltage fell by {1e3 * fall:.3g} mV in the last {low} rows of the record"
        sign = Evidence(Criterion.DROP, when, fall / error, text)
        self._begin(_event(index, half, when, line, line - fall, sign), course, half)
        return True

    # -------------------------------------------------------------------------- contact and limit
    def _rose(self, index: int, half: HalfCycle, course: Course, expected: Expected | None) -> bool:
        """Look for a rise by a factor at constant current: contact is being lost."""
        if Criterion.RISE not in self.criteria:
            return False
        low, high, when = _rise(course)
        rise = high - low
        factor = high / low if low > 0 else 1.0
        at_limit = self._at_limit(half)
        sudden = course.time[-1] - when < SUDDEN * half.duration
        needed = self.thresholds.contact_loss
        if at_limit:
            needed = self.thresholds.contact_loss_at_limit
        elif sudden:
            needed = self.thresholds.contact_loss_sudden
        if factor < needed:
            return self._was_short(index, half, course, expected)
        if rise < self.thresholds.significance * course.point_error:
            return False
        text = f"voltage rose from {1e3 * low:.3g} to {1e3 * high:.3g} mV at constant current"
        signs = [Evidence(Criterion.RISE, when, factor, text)]
        if at_limit:
            signs.append(self._limit_evidence(half))
        event = _event(index, half, when, low, high, *signs)
        self.found.events.append(replace(event, kind=EventKind.CONTACT_LOSS))
        return True

    def _was_short(
        self,
        index: int,
        half: HalfCycle,
        course: Course,
        expected: Expected | None,
    ) -> bool:
        """Whether the voltage rose to what is healthy: what was odd is how low it began."""
        low, high, when = _rise(course)
        if expected is None or low <= 0 or high < RISEN * low:
            return False
        sure = self.thresholds.significance * float(np.hypot(course.point_error, expected.error))
        healthy = abs(high - expected.voltage) < 3.0 * expected.error
        if not healthy or expected.voltage - low < sure:
            return False
        text = f"{1e3 * low:.3g} mV at first, then {1e3 * high:.3g} mV as foretold"
        sign = Evidence(Criterion.LEVEL, half.start, (expected.voltage - low) / sure, text)
        short = _event(index, half, half.start, expected.voltage, low, sign)
        self.found.events.append(replace(short, kind=EventKind.REVERSIBLE, ended=when))
        return True

    def _began_high(
        self, index: int, half: HalfCycle, course: Course, expected: Expected | None
    ) -> bool:
        """Look for a half-cycle with a multiple of the resistance that is foretold."""
        if expected is None or Criterion.RISE not in self.criteria:
            return False
        seen = self._first_level(half, course)
        if seen is None or expected.voltage <= 0:
            return False
        level, own, usual = seen
        healthy = expected.voltage * usual
        sure = self.thresholds.significance * float(np.hypot(expected.error * usual, own))
        if level < self.thresholds.contact_lost * healthy or level - healthy < sure:
            return False
        text = f"{1e3 * level:.3g} mV where {1e3 * healthy:.3g} mV is foretold"
        sign = Evidence(Criterion.RISE, half.start, level / healthy, text)
        event = _event(index, half, half.start, healthy, level, sign)
        self.found.events.append(replace(event, kind=EventKind.CONTACT_LOSS))
        return True

    def _limit(self, index: int, half: HalfCycle, course: Course) -> None:
        if Criterion.LIMIT not in self.criteria or not self._at_limit(half):
            return
        sign = self._limit_evidence(half)
        first = course.plateaus[0].first
        event = _event(index, half, sign.time, first, float(course.voltage[-1]), sign)
        self.found.events.append(replace(event, kind=EventKind.VOLTAGE_LIMIT))

    def _at_limit(self, half: HalfCycle) -> bool:
        limit = self.thresholds.voltage_limit
        if limit is None:
            return False
        return bool(np.max(np.abs(half.recorded[-TAIL:])) >= limit * (1.0 - AT_LIMIT))

    def _limit_evidence(self, half: HalfCycle) -> Evidence:
        limit = self.thresholds.voltage_limit
        assert limit is not None
        text = f"voltage reached its limit of {limit:.3g} V"
        return Evidence(Criterion.LIMIT, half.end, 1.0, text)


def _low_tail(course: Course, ratio: float) -> int:
    """How many of the last points lie below a part of the last plateau."""
    line = course.plateaus[-1].last
    low = 0
    while low < min(TAIL, len(course.voltage) - 1) and course.voltage[-1 - low] < ratio * line:
        low += 1
    return low


def _event(
    index: int, half: HalfCycle, time: float, before: float, after: float, *signs: Evidence
) -> Event:
    return Event(EventKind.IRREVERSIBLE, time, index, half.step, before, after, tuple(signs))


def _rise(course: Course) -> tuple[float, float, float]:
    """From where to where the voltage rises after its start, and when it leaves where it was.

    The start counts once a twentieth of the half-cycle is over, where double layers are charged.
    """
    begin = course.time[0] + 0.05 * (course.time[-1] - course.time[0])
    after = np.flatnonzero(course.time >= begin)
    values = course.voltage[after]
    if len(values) < 3:
        return 1.0, 1.0, float(course.time[0])
    peak = int(np.argmax(values))
    early = values[: max(peak, 1)]
    low = float(np.median(early[: max(3, len(early) // 2)]))
    high = float(values[peak])
    over = np.flatnonzero(values[: peak + 1] > low + 0.25 * (high - low))
    where = int(over[0]) if len(over) else peak
    return low, high, float(course.time[after[where]])
