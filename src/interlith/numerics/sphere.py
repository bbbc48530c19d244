"""Finite volumes of a sphere, thinner towards its surface, where concentrations change most."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Shells(NamedTuple):
    """Geometry of concentric shells in a sphere of radius 1, from the centre outwards."""

    volumes: NDArray[np.float64]
    """Share of the sphere's volume in each shell, shape (n,)."""
    conductances: NDArray[np.float64]
    """Face area over distance of centres between a shell and the next, over the volume of the
    sphere, shape (n,); the last is 0."""
    surface_weights: NDArray[np.float64]
    """Weights of the last two shells that extrapolate linearly to the surface, shape (2,)."""
    centres: NDArray[np.float64]
    """Radii that halve the volume of each shell, shape (n,)."""


def shells(count: int, grading: float) -> Shells:
    """Divide a sphere.

    Parameters
    ----------
    count : int
        Number of shells, at least 2.
    grading : float
        Thickness of a shell over that of the next one outwards, at least 1; 1 is uniform.

    Returns
    -------
    Shells
        Geometry. The second moments of the shells are exact for a parabola (see Notes).

    Notes
    -----
    A parabola in r, the profile of a long constant flux, has its mean over a shell at the radius
    of the volume's second moment, sqrt(<r^2>). With these radii as centres, differences over
    squared radii give the flux of a parabola exactly, and extrapolation in r^2 its surface value.
    """
    thickness = grading ** np.arange(count, 0.0, -1.0)
    faces = np.concatenate([[0.0], np.cumsum(thickness)])
    faces /= faces[-1]
    cubes, fifths = np.diff(faces**3), np.diff(faces**5)
    squares = 0.6 * fifths / cubes
    # dc/dr at a face = 2 r dc/d(r^2); flux times area 4 pi r^2 over the volume 4 pi / 3.
    conductances = np.zeros(count)
    conductances[:-1] = 3.0 * faces[1:-1] ** 2 * 2.0 * faces[1:-1] / np.diff(squares)
    outer = (1.0 - squares[-2]) / (squares[-1] - squares[-2])
    weights = np.array([1.0 - outer, outer])
    return Shells(np.asarray(cubes), conductances, weights, np.sqrt(squares))
