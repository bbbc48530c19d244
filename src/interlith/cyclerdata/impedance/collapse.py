"""Where an arc collapses: the onset of a short, from impedance alone.

The measure of a spectrum is its span, the real part at the lowest common frequency less that at the
highest: the sum of the arcs in between, whatever their shape. Its logarithm is forecast from the
spectra before in three ways: their mean (interfaces that rest), the last one (interfaces that
wander) and a straight line (interfaces that age). Each way has its own record of errors in this
very series, and the one with the best record counts. A collapse is a fall below its forecast whose
probability by Student's t (the record gives scale and freedom), times the number of spectra and
horizons tested, is below one in a hundred, and which the next spectrum does not take back. Nothing
is set by hand, whatever noise, trend or memory a series has. Horizons of two and four spectra find
collapses that take several. (Forecast errors as a test of change: Brown, Durbin and Evans 1975,
doi:10.1111/j.2517-6161.1975.tb01532.x.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import chi2
from scipy.stats import t as t_distribution

from interlith.cyclerdata.impedance.fit import usable
from interlith.errors import InputError, Problem

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from interlith.cyclerdata.spectrum import Spectrum

__all__ = ["LEVEL", "ArcCollapse", "Spans", "arc_collapse", "collapses", "spans"]

LEVEL = 0.01  # chance of a false alarm in a whole series
HORIZONS = (1, 2, 4)
LEAST_RECORD = 4  # forecast errors, before a forecast is trusted
LEAST_DEPTH = 0.1  # of the arc; the shallowest soft short that is called one
HARD_REMAINS = 0.1  # of the whole resistance; where less is left the electrons carry nine tenths
FLOOR = 1e-3  # of the real part: a span below is lost in the noise of any instrument
CONFIRMS = 0.05  # chance below which the next spectrum confirms a fall
SETTLED = 5  # last spectra that say whether it recovered


@dataclass(frozen=True)
class Spans:
    """The measure of each spectrum of a series.

    Attributes
    ----------
    time : array
        Start of each spectrum [s]; not a number where it is not recorded.
    high, low : array
        Real part at the highest and at the lowest common frequency [ohm].
    highest, lowest : float
        These frequencies [Hz].
    """

    time: NDArray[np.float64]
    high: NDArray[np.float64]
    low: NDArray[np.float64]
    highest: float
    lowest: float

    @property
    def span(self) -> NDArray[np.float64]:
        """Sum of the arcs between the two frequencies [ohm]."""
        return self.low - self.high


@dataclass(frozen=True)
class ArcCollapse:
    """One collapse of the arcs.

    Attributes
    ----------
    time_h : float or None
        Start of the first spectrum with the smaller arc, since the start of the test [h].
    kind : str
        "hard short", "reversible soft short" or "irreversible soft short".
    evidence : str
        What was seen, in one sentence.
    index : int
        The first spectrum with the smaller arc, from 0.
    between_h : tuple of float, or None
        95 % interval of the onset [h]: from the last spectrum that may still be whole to the first
        that cannot.
    arc_before, arc_after : float
        Medians of the span [ohm].
    remains : float
        Whole resistance at the lowest frequency afterwards, as share of that before.
    probability : float
        Of such a fall without a collapse, in the whole series.
    """

    time_h: float | None
    kind: str
    evidence: str
    index: int
    between_h: tuple[float, float] | None
    arc_before: float
    arc_after: float
    remains: float
    probability: float


def arc_collapse(spectra: Sequence[Spectrum]) -> list[ArcCollapse]:
    """Return the collapses of the arcs of a series of spectra.

    Parameters
    ----------
    spectra : sequence of Spectrum
        In the order in which they were measured.

    Raises
    ------
    InputError
        The spectra have no range of frequencies in common.
    """
    return collapses(spans(spectra)) if len(spectra) > LEAST_RECORD + 1 else []


def spans(spectra: Sequence[Spectrum]) -> Spans:
    """Return the span of each spectrum over the range of frequencies that all have.

    Raises
    ------
    InputError
        There is none.
    """
    points = [usable(spectrum) for spectrum in spectra]
    if not points or any(len(frequency) == 0 for frequency, _ in points):
        raise InputError(Problem("", "spectra", "no points", "at least one usable point in each"))
    highest = min(float(frequency[0]) for frequency, _ in points)
    lowest = max(float(frequency[-1]) for frequency, _ in points)
    if lowest >= highest:
        found = f"{lowest:.4g} Hz at least, {highest:.4g} Hz at most"
        raise InputError(Problem("", "spectra", found, "a range of frequencies that all share"))
    return Spans(
        time=np.array([np.nan if s.time is None else s.time for s in spectra], dtype=float),
        high=np.array([_real_at(highest, f, z) for f, z in points]),
        low=np.array([_real_at(lowest, f, z) for f, z in points]),
        highest=highest,
        lowest=lowest,
    )


def _real_at(
    wanted: float, frequency: NDArray[np.float64], impedance: NDArray[np.complex128]
) -> float:
    return float(np.interp(np.log(wanted), np.log(frequency[::-1]), impedance.real[::-1]))


def collapses(measured: Spans) -> list[ArcCollapse]:
    """Return the collapses in a series of spans, the first first."""
    floor = FLOOR * np.maximum(np.abs(measured.low), 1e-12)
    logs = np.log(np.maximum(measured.span, floor))
    alarms, start = [], 0
    while (alarm := _first_alarm(logs, start)) is not None:
        alarms.append((start, *alarm))
        start = alarm[0]
    ends = [*[index for _, index, _ in alarms[1:]], len(logs)][: len(alarms)]
    return [
        _described(measured, logs, begin, index, end, probability)
        for (begin, index, probability), end in zip(alarms, ends, strict=True)
    ]


def _first_alarm(logs: NDArray[np.float64], start: int) -> tuple[int, float] | None:
    """Return the first spectrum after `start` with a collapse, and its probability."""
    own = logs[start:]
    tests = len(logs) * len(HORIZONS)
    found = {h: _surprises(_forecast_errors(own, h), h) for h in HORIZONS}
    for last in range(LEAST_RECORD, len(own)):
        for horizon in HORIZONS:
            ways, chances = found[horizon]
            chance = float(chances[last]) * tests
            if chance >= LEVEL:
                continue
            first = last - horizon + 1
            deep = own[last] - np.median(own[:first]) < np.log1p(-LEAST_DEPTH)
            if deep and _stays(own, int(ways[last]), last, horizon):
                return _onset(logs, start, start + first, start + last)[0], chance
    return None


def _forecast_errors(logs: NDArray[np.float64], horizon: int) -> NDArray[np.float64]:
    """Return the error of each forecast (mean, last, line) of each spectrum, NaN where none is.

    Each is divided by the square root of what its variance grows by because it rests on few
    spectra; so early and late errors of one way have one scale.
    """
    count = len(logs)
    errors = np.full((3, count), np.nan)
    if count <= horizon:
        return errors
    k = np.arange(horizon, count)
    known = k - horizon + 1.0  # spectra before
    mean = np.cumsum(logs)[k - horizon] / known
    product = np.cumsum(logs * np.arange(count))[k - horizon]
    centre, square = 0.5 * (known - 1.0), known * (known**2 - 1.0) / 12.0
    errors[0, k] = (logs[k] - mean) / np.sqrt(1.0 + 1.0 / known)
    errors[1, k] = logs[k] - logs[k - horizon]
    line = known > 2.0
    far = (k - centre)[line]
    slope = (product - known * centre * mean)[line] / square[line]
    spread = 1.0 + 1.0 / known[line] + far**2 / square[line]
    errors[2, k[line]] = (logs[k] - mean)[line] - slope * far
    errors[2, k[line]] /= np.sqrt(spread)
    return errors


def _surprises(
    errors: NDArray[np.float64], horizon: int
) -> tuple[NDArray[np.int_], NDArray[np.float64]]:
    """Return for each spectrum the forecast with the best record, and the chance of its fall."""
    known = np.isfinite(errors)
    squares = np.cumsum(np.where(known, errors, 0.0) ** 2, axis=1)
    counts = np.cumsum(known, axis=1)
    # What was known when the forecast was made.
    squares, counts = (_later(array, horizon) for array in (squares, counts))
    # Forecasts that overlap repeat each other's errors.
    freedom = counts // horizon
    trusted = freedom >= LEAST_RECORD
    scale = np.where(trusted, np.sqrt(squares / np.maximum(counts, 1)), np.inf)
    best = np.argmin(scale, axis=0)
    places = np.arange(errors.shape[1])
    width = np.maximum(scale[best, places], 1e-12)
    ratio = np.where(known[best, places], errors[best, places], 0.0) / width
    chance = t_distribution.cdf(ratio, np.maximum(freedom[best, places], 1))
    # Mean and last one are there from the start; a line that comes later does not decide alone.
    return best, np.where(trusted[:2].all(axis=0), chance, 1.0)


def _later(array: NDArray[np.float64], by: int) -> NDArray[np.float64]:
    """Return rows that are moved to the right, zeros coming in."""
    moved = np.zeros_like(array)
    moved[:, by:] = array[:, :-by]
    return moved


def _stays(logs: NDArray[np.float64], way: int, last: int, horizon: int) -> bool:
    """Return whether the next spectrum is low too, at 95 %; there may be none."""
    if last + 1 >= len(logs):
        return True
    errors = _forecast_errors(logs[: last + 2], horizon + 1)[way]
    record = errors[: last - horizon + 1]
    record = record[np.isfinite(record)]
    if len(record) < 2:
        return True
    scale = max(float(np.sqrt(np.mean(record**2))), 1e-12)
    freedom = max(len(record) // (horizon + 1), 1)
    return float(t_distribution.cdf(errors[last + 1] / scale, freedom)) < CONFIRMS


def _onset(logs: NDArray[np.float64], start: int, first: int, last: int) -> tuple[int, int, int]:
    """Return the most likely first spectrum of a new level, and the ends of its 95 % set.

    Two levels with Gaussian noise, over the spectra before and as many after as the alarm saw.
    """
    end = last + 1
    seen = logs[start:end]
    places = list(range(max(1, first - start - max(HORIZONS)), len(seen)))
    squares = []
    for k in places:
        before, after = seen[:k], seen[k:]
        squares.append(
            float(np.sum((before - before.mean()) ** 2))
            + float(np.sum((after - after.mean()) ** 2))
        )
    values = np.maximum(np.array(squares), 1e-24)
    rise = len(seen) * np.log(values / values.min())
    inside = [place for place, r in zip(places, rise, strict=True) if r <= chi2.ppf(0.95, 1)]
    return start + places[int(np.argmin(values))], start + min(inside), start + max(inside)


def _described(
    measured: Spans,
    logs: NDArray[np.float64],
    begin: int,
    index: int,
    end: int,
    probability: float,
) -> ArcCollapse:
    arc, low = measured.span, measured.low
    before, after = slice(begin, index), slice(index, end)
    remains = float(np.median(low[after]) / np.median(low[before]))
    arc_before, arc_after = float(np.median(arc[before])), float(np.median(arc[after]))
    _, earliest, latest = _onset(logs, begin, index, index)
    kind = _kind(logs, before, index, remains)
    times = measured.time / 3600.0
    known = bool(np.isfinite(times[[earliest - 1, latest, index]]).all())
    between = (float(times[earliest - 1]), float(times[latest])) if known else None
    when = f"between {between[0]:.4g} and {between[1]:.4g} h" if between else "at an unknown time"
    evidence = (
        f"the arcs (R at {measured.lowest:.3g} Hz less R at {measured.highest:.3g} Hz) fell from "
        f"{arc_before:.3g} ohm (median of {index - begin} spectra) to {arc[index]:.3g} ohm {when}, "
        f"spectrum {index + 1}, and to {arc_after:.3g} ohm on the whole afterwards; chance of such "
        f"a fall in this series {probability:.1g}; {100.0 * remains:.0f} % of the whole "
        f"resistance remains"
    )
    return ArcCollapse(
        time_h=float(times[index]) if np.isfinite(times[index]) else None,
        kind=kind,
        evidence=evidence,
        index=index,
        between_h=between,
        arc_before=arc_before,
        arc_after=arc_after,
        remains=remains,
        probability=probability,
    )


def _kind(logs: NDArray[np.float64], before: slice, index: int, remains: float) -> str:
    if remains < HARD_REMAINS:
        return "hard short"
    settled = logs[index + 1 :][-SETTLED:]
    usual = logs[before]
    # Lower end of what a next spectrum of those before would be, 95 %, one side.
    reach = t_distribution.ppf(0.95, max(len(usual) - 1, 1)) * np.std(usual, ddof=1)
    least = usual.mean() - reach * np.sqrt(1.0 + 1.0 / len(usual))
    back = len(settled) >= 2 and bool(np.all(settled >= least))
    return "reversible soft short" if back else "irreversible soft short"
