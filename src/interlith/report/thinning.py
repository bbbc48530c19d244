"""Fewer points for the same picture."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["MOST_POINTS", "thin", "thin_stretches"]

Array = npt.NDArray[np.float64]
Positions = npt.NDArray[np.intp]

MOST_POINTS = 2000  # more than the pixels across a printed page, so the eye loses nothing
FEWEST_POINTS = 40  # of one stretch


def thin(x: Array, y: Array, most: int = MOST_POINTS) -> tuple[Array, Array]:
    """Return at most `most` points of a line, with every local extreme that a page can show.

    Points inside a plateau go first, which leaves a staircase exact. If more are left, the line is
    cut into bins of equal count; each keeps its lowest and highest point and both sides of its
    steepest jump, and the ends of the line stay. A bin without a number keeps a gap.
    """
    if len(x) <= most:
        return x, y
    corners = _without_plateaus(y)
    if len(corners) > most:
        corners = corners[_landmarks(y[corners], max(1, (most - 2) // 4))]
    return x[corners], y[corners]


def thin_stretches(
    x: Array, y: Array, starts: Positions, most: int = MOST_POINTS
) -> tuple[Array, Array]:
    """Thin a line that begins anew at `starts`, with a gap before each of these."""
    pieces = [
        thin(px, py, max(most * len(px) // max(len(x), 1), FEWEST_POINTS))
        for px, py in zip(np.split(x, starts), np.split(y, starts), strict=True)
    ]
    gap = np.array([np.nan])
    parted = [part for piece in pieces for part in (piece, (gap, gap))][:-1]
    return np.concatenate([px for px, _ in parted]), np.concatenate([py for _, py in parted])


def _without_plateaus(y: Array) -> Positions:
    """Return the positions of all points that differ from a neighbour, and both ends."""
    differs = y[1:] != y[:-1]
    keep = np.ones(len(y), dtype=bool)
    keep[1:-1] = differs[1:] | differs[:-1]
    return np.flatnonzero(keep)


def _landmarks(y: Array, bins: int) -> Positions:
    """Return the ends of a line and, of each bin, its extremes and its steepest jump."""
    size = -(-len(y) // bins)
    last = len(y) - 1
    index = np.minimum(np.arange(size * bins), last).reshape(bins, size)
    values = y[index]
    jumps = np.abs(y[np.minimum(index + 1, last)] - values)
    first = index[:, 0]
    lowest = first + np.argmin(np.where(np.isnan(values), np.inf, values), axis=1)
    highest = first + np.argmax(np.where(np.isnan(values), -np.inf, values), axis=1)
    jump = first + np.argmax(np.where(np.isnan(jumps), -1.0, jumps), axis=1)
    return np.unique(np.concatenate([[0], lowest, highest, jump, jump + 1, [last]]).clip(0, last))
