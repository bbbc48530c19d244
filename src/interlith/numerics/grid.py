"""Graded finite volumes: narrow at both faces of a layer, where reactions concentrate."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def graded_widths(thickness: float, count: int, grading: float = 1.25) -> NDArray[np.float64]:
    """Widths of control volumes that grow geometrically from both faces to the middle.

    Parameters
    ----------
    thickness : float
        Thickness of the layer [m].
    count : int
        Number of control volumes, at least 1.
    grading : float, optional
        Ratio of neighbouring widths, at least 1; 1 is a uniform grid.

    Returns
    -------
    ndarray, shape (count,)
        Widths [m]; they add up to the thickness.

    Raises
    ------
    ValueError
        If the thickness, the count or the grading is out of range.
    """
    if not thickness > 0.0 or count < 1 or grading < 1.0:
        message = f"no grid of {count} volumes, grading {grading}, over {thickness} m"
        raise ValueError(message)
    distance_to_face = np.minimum(np.arange(count), np.arange(count)[::-1])
    weights: NDArray[Any] = grading ** distance_to_face.astype(float)
    return np.asarray(thickness * weights / weights.sum(), dtype=np.float64)


def centres(widths: NDArray[np.float64]) -> NDArray[np.float64]:
    """Centres of control volumes that start at 0.

    Parameters
    ----------
    widths : ndarray, shape (n,)
        Widths [m].

    Returns
    -------
    ndarray, shape (n,)
        Positions [m].
    """
    return np.asarray(np.cumsum(widths) - 0.5 * widths, dtype=np.float64)
