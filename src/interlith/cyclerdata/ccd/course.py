"""The voltage within one half-cycle as straight plateaus and the jumps between them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from interlith.cyclerdata.ccd.noise import MAD_TO_SIGMA, white_noise, without_spikes
from interlith.numerics.piecewise import straight_pieces

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from interlith.cyclerdata.ccd.pulses import HalfCycle

__all__ = ["Course", "Jump", "Plateau", "course_of"]

MOST_POINTS = 240
"""Points to which a half-cycle is averaged, so that the work stays bounded."""
SHORTEST_PIECE = 3
SHORTEST_PLATEAU = 5
"""Points of a plateau; what is shorter is on its way from one to the next."""
FEW_POINTS = 30
"""Half-cycles of fewer points have plateaus of a single shortest piece."""
SHARE_OF_NEIGHBOURS = 0.2
"""A piece shorter than this part of both its neighbours is a transition too."""
STEEP = 0.15
"""Part of its voltage by which a piece of very few points may change and still be a plateau."""
AROUND = 3
"""Points on either side by which a jump is checked."""
PRICE = 4.0
"""Penalty of a piece in units of log(n): three parameters, and room for unusual noise."""
FLOOR = 1e-3
"""Smallest noise that is assumed, as part of the voltage: no record has less structure."""


@dataclass(frozen=True)
class Plateau:
    """A straight piece: times of its ends [s], voltages of its line there [V] and their error [V]."""

    start: float
    end: float
    first: float
    last: float
    points: int
    error: float

    @property
    def middle(self) -> float:
        """Voltage in its middle [V]."""
        return 0.5 * (self.first + self.last)


@dataclass(frozen=True)
class Jump:
    """A change from one plateau to the next.

    Attributes
    ----------
    time : float
        When [s].
    before, after : float
        Voltages of both lines there [V].
    error : float
        Standard error of their difference [V].
    seen : float
        Difference of the points themselves, a few on either side [V]: lines through a bent course
        can part where nothing happened.
    span : tuple of float
        Last time of the plateau before and first of that after, a few points into either [s].
    under_way : float
        How far the voltage went in the same direction on either plateau [V].
    """

    time: float
    before: float
    after: float
    error: float
    seen: float
    under_way: float
    span: tuple[float, float]

    @property
    def ratio(self) -> float:
        """Voltage after over voltage before."""
        return self.after / self.before if self.before > 0 else float("inf")

    @property
    def significance(self) -> float:
        """Height over its standard error, negative for a drop."""
        return (self.after - self.before) / self.error if self.error > 0 else 0.0

    @property
    def abrupt(self) -> bool:
        """Whether the points show it too, and more than what was under way anyway."""
        height = self.after - self.before
        return self.seen * height > 0.5 * height**2 and abs(height) > self.under_way


@dataclass(frozen=True)
class Course:
    """Voltage within a half-cycle.

    Attributes
    ----------
    time, voltage : array, shape (n,)
        Averaged rows, spikes taken out [s], [V].
    plateaus : tuple of Plateau
        In order.
    jumps : tuple of Jump
        Between one plateau and the next.
    noise : float
        Standard deviation from row to row [V].
    spikes : int
        Rows that jumped out and back.
    point_error : float
        Standard error of one averaged point [V].
    """

    time: NDArray[np.float64]
    voltage: NDArray[np.float64]
    plateaus: tuple[Plateau, ...]
    jumps: tuple[Jump, ...]
    noise: float
    spikes: int
    point_error: float

    def level(self, start: float, end: float) -> tuple[float, float] | None:
        """Mean voltage of the plateaus between two times and its standard error [V].

        None if there is no plateau in that time.
        """
        parts = [
            (min(p.end, end) - max(p.start, start), _between(p, start, end), p.error)
            for p in self.plateaus
            if min(p.end, end) > max(p.start, start)
        ]
        if not parts:
            return None
        weight = np.array([part[0] for part in parts])
        weight /= weight.sum()
        value = float(weight @ [part[1] for part in parts])
        return value, float(np.sqrt(np.sum((weight * [part[2] for part in parts]) ** 2)))


def course_of(half_cycle: HalfCycle, usual_noise: float = 0.0) -> Course:
    """Break the voltage of a half-cycle into plateaus and jumps.

    Parameters
    ----------
    half_cycle : HalfCycle
        Its rows.
    usual_noise : float, optional
        Noise of the half-cycles before [V]: that of few rows is hardly known from them alone.

    Returns
    -------
    Course
        At least one plateau.
    """
    noise = white_noise(half_cycle.voltage)
    mended, spikes = without_spikes(half_cycle.voltage, noise)
    time, voltage = _averaged(half_cycle.time, mended)
    level = float(np.median(np.abs(voltage)))
    averaged = usual_noise * np.sqrt(len(time) / len(mended))
    point = max(white_noise(voltage), averaged, FLOOR * level, np.finfo(float).tiny)
    pieces = _pieces(time, voltage, point)
    plateaus = _plateaus(pieces)
    jumps = tuple(_jump(left, right, time, voltage) for left, right in pairwise(plateaus))
    return Course(time, voltage, plateaus, jumps, noise, int(spikes.sum()), point)


def _averaged(
    time: NDArray[np.float64], voltage: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Medians over equal stretches of time, so that rows written on a change do not count more."""
    if len(time) <= MOST_POINTS:
        return time, voltage
    place = (time - time[0]) / (time[-1] - time[0]) * MOST_POINTS
    cell = np.minimum(place.astype(int), MOST_POINTS - 1)
    first = np.flatnonzero(np.diff(cell, prepend=-1))
    count = np.diff(first, append=len(cell))
    ranked = voltage[np.lexsort((voltage, cell))]
    median = 0.5 * (ranked[first + (count - 1) // 2] + ranked[first + count // 2])
    return np.add.reduceat(time, first) / count, median


def _pieces(time: NDArray[np.float64], voltage: NDArray[np.float64], point: float) -> list[Plateau]:
    """Straight pieces; a second pass with what the first left over as noise."""
    n = len(time)
    if n < 2 * SHORTEST_PIECE:
        return [_line(time, voltage, point)]
    penalty = PRICE * np.log(n)
    edges = straight_pieces(time, voltage, point**2, penalty, SHORTEST_PIECE)
    inflated = point * _inflation(time, voltage, edges, point)
    if inflated > 1.2 * point:
        edges = straight_pieces(time, voltage, inflated**2, penalty, SHORTEST_PIECE)
    return [_line(time[a:b], voltage[a:b], inflated) for a, b in pairwise(edges)]


def _inflation(
    time: NDArray[np.float64], voltage: NDArray[np.float64], edges: NDArray[np.int64], point: float
) -> float:
    """Ratio of the noise over ten points to what white noise would leave there."""
    rest = np.empty(len(time))
    for a, b in pairwise(edges):
        slope, height = _fit(time[a:b], voltage[a:b])
        rest[a:b] = voltage[a:b] - height - slope * (time[a:b] - time[a:b].mean())
    width = 5
    if len(rest) < 8 * width:
        return 1.0
    means = rest[: len(rest) // width * width].reshape(-1, width).mean(axis=1)
    spread = MAD_TO_SIGMA * float(np.median(np.abs(means - np.median(means))))
    return float(max(1.0, spread * np.sqrt(width) / point))


def _fit(time: NDArray[np.float64], voltage: NDArray[np.float64]) -> tuple[float, float]:
    """Slope and height in the middle of the least-squares line."""
    offset = time - time.mean()
    spread = float(offset @ offset)
    slope = float(offset @ voltage) / spread if spread > 0 else 0.0
    return slope, float(voltage.mean())


def _line(time: NDArray[np.float64], voltage: NDArray[np.float64], point: float) -> Plateau:
    slope, height = _fit(time, voltage)
    middle = float(time.mean())
    start, end = float(time[0]), float(time[-1])
    return Plateau(
        start=start,
        end=end,
        first=height + slope * (start - middle),
        last=height + slope * (end - middle),
        points=len(time),
        error=2.0 * point / np.sqrt(len(time)),  # of a line at its end
    )


def _plateaus(pieces: list[Plateau]) -> tuple[Plateau, ...]:
    """Tell plateaus from transitions."""
    total = sum(piece.points for piece in pieces)
    shortest = SHORTEST_PLATEAU if total >= FEW_POINTS else SHORTEST_PIECE
    keep = [k for k in range(len(pieces)) if not _transition(pieces, k, shortest)]
    if not keep:
        keep = [int(np.argmax([piece.points for piece in pieces]))]
    return tuple(pieces[k] for k in keep)


def _jump(
    left: Plateau, right: Plateau, time: NDArray[np.float64], voltage: NDArray[np.float64]
) -> Jump:
    """Measure what happened between two plateaus."""
    when = 0.5 * (left.end + right.start)
    before, after = _reach(left, when), _reach(right, when)
    last = np.flatnonzero((time >= left.start) & (time <= left.end))[-AROUND:]
    first = np.flatnonzero((time >= right.start) & (time <= right.end))[:AROUND]
    trends = [p.last - p.first for p in (left, right)]
    return Jump(
        time=when,
        before=before,
        after=after,
        error=float(np.hypot(left.error, right.error)),
        seen=float(np.mean(voltage[first]) - np.mean(voltage[last])),
        span=(float(time[last[0]]), float(time[first[-1]])),
        under_way=max(abs(trend) if trend * (after - before) > 0 else 0.0 for trend in trends),
    )


def _transition(pieces: list[Plateau], k: int, shortest: int) -> bool:
    piece = pieces[k]
    if piece.points < shortest:
        return True
    steep = abs(piece.last - piece.first) > STEEP * max(abs(piece.first), abs(piece.last))
    if piece.points < SHORTEST_PLATEAU and steep:
        return True
    around = [pieces[n].points for n in (k - 1, k + 1) if 0 <= n < len(pieces)]
    inside = len(around) == 2
    return inside and piece.points < SHARE_OF_NEIGHBOURS * min(around)


def _between(plateau: Plateau, start: float, end: float) -> float:
    """Voltage in the middle of the part of a plateau that lies between two times."""
    return _reach(plateau, 0.5 * (max(plateau.start, start) + min(plateau.end, end)))


def _reach(plateau: Plateau, when: float) -> float:
    """Voltage of the line of a plateau at a time, not further out than its own length."""
    length = plateau.end - plateau.start
    if length <= 0:
        return plateau.middle
    slope = (plateau.last - plateau.first) / length
    out = float(np.clip(when, plateau.start - 0.5 * length, plateau.end + 0.5 * length))
    return plateau.first + slope * (out - plateau.start)
