r"""Fluoride that moves from the skin of a cathode particle into its bulk.

.. math:: \frac{\partial f}{\partial t} = \frac{1}{r^2} \frac{\partial}{\partial r}
          \left[r^2 D(E) \left(\frac{\partial f}{\partial r}
          + \frac{z F}{R T} f \frac{\partial \phi}{\partial r}\right)\right], \qquad
          D(E) = \frac{D_0}{1 + \exp[-(E - E_F)/w]}

The skin holds the surface at a fixed concentration. The lattice lets fluoride in only above the
potential E_F (assumed form; the reference sees it at the surface up to 4.1 V and inside after
4.3 V). phi falls from the surface inwards as the open-circuit potential does (assumed). Nernst &
Planck as in Newman & Thomas-Alyea, Electrochemical Systems, 3rd ed. (2004), ch. 11,
ISBN 978-0-471-47756-3.
"""

import math

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


def released_share(potential: FloatArray, onset: float, scale: float) -> FloatArray:
    """Share of the fluoride's full diffusivity that a potential sets free.

    Parameters
    ----------
    potential : ndarray
        E, of the particle against lithium [V].
    onset, scale : float
        E_F and w [V].

    Returns
    -------
    ndarray
        1 / (1 + exp(-(E - E_F) / w)).
    """
    return np.asarray(1.0 / (1.0 + np.exp(np.clip((onset - potential) / scale, -50.0, 50.0))))


def skin_mesh(radius: float, count: int, thinnest: float) -> FloatArray:
    """Radii of the faces of shells that thicken from the surface inwards.

    Parameters
    ----------
    radius : float
        Of the particle [m].
    count : int
        Number of shells.
    thinnest : float
        Thickness of the outermost shell [m], below radius / count.

    Returns
    -------
    ndarray, shape (count + 1,)
        Radii from 0 to the radius [m].
    """
    from scipy.optimize import brentq

    def excess(ratio: float) -> float:
        return float(thinnest * np.sum(ratio ** np.arange(count)) - radius)

    ratio = brentq(excess, 1.0, 10.0) if excess(1.0) < 0.0 else 1.0
    depth = np.concatenate([[0.0], np.cumsum(ratio ** np.arange(count))])
    return np.asarray(radius * (1.0 - depth / depth[-1])[::-1])


def advance_fluoride(
    concentration: FloatArray,
    faces: FloatArray,
    surface: float,
    diffusion_time: float,
    drift: float,
) -> FloatArray:
    """Fluoride in a particle after some time, by one implicit step.

    Parameters
    ----------
    concentration : ndarray, shape (n,)
        f in the shells, from the centre outwards [mol m-3].
    faces : ndarray, shape (n + 1,)
        Radii of their faces [m].
    surface : float
        Concentration that the skin holds at the surface [mol m-3].
    diffusion_time : float
        Integral of D over the time [m2].
    drift : float
        z F / (R T) times the fall of the potential from surface to centre; positive drives inwards.

    Returns
    -------
    ndarray, shape (n,)
        New concentrations. What they gain came through the surface, exactly.

    Notes
    -----
    Exponential fitting between shells (Scharfetter & Gummel, IEEE Trans. Electron Devices 16, 64
    (1969), doi:10.1109/T-ED.1969.16566) keeps the concentrations positive for any drift.
    """
    from scipy.linalg import solve_banded

    volumes = np.diff(faces**3) / 3.0
    centres = 0.5 * (faces[1:] + faces[:-1])
    places = np.append(centres, faces[-1])
    distance = np.diff(places)
    peclet = drift * distance / faces[-1]
    conduct = diffusion_time * faces[1:] ** 2 / distance
    outer, inner = conduct * bernoulli(-peclet), conduct * bernoulli(peclet)
    # The flux inwards through face k is outer[k] f[k + 1] - inner[k] f[k].
    count = len(concentration)
    matrix = np.zeros((3, count))
    matrix[1] = volumes + inner
    matrix[1, 1:] += outer[:-1]
    matrix[0, 1:] = -outer[:-1]
    matrix[2, :-1] = -inner[:-1]
    known = volumes * concentration
    known[-1] += outer[-1] * surface
    return np.asarray(solve_banded((1, 1), matrix, known))


def bernoulli(argument: FloatArray) -> FloatArray:
    """The function x / (exp(x) - 1), smooth through 0.

    Parameters
    ----------
    argument : ndarray
        x.

    Returns
    -------
    ndarray
        1 at 0.
    """
    small = np.abs(argument) < 1e-6
    safe = np.where(small, 1.0, argument)
    return np.asarray(np.where(small, 1.0 - 0.5 * argument, safe / np.expm1(safe)))


def near_surface_mean(concentration: FloatArray, faces: FloatArray, depth_share: float) -> float:
    """Mean concentration of an outer layer of the particle.

    Parameters
    ----------
    concentration : ndarray, shape (n,)
        f in the shells [mol m-3].
    faces : ndarray, shape (n + 1,)
        Radii of their faces [m].
    depth_share : float
        Depth of the layer over the radius.

    Returns
    -------
    float
        [mol m-3].
    """
    start = faces[-1] * (1.0 - depth_share)
    inside = np.maximum(faces, start) ** 3
    weights = np.diff(inside)
    return float(np.sum(weights * concentration) / math.fsum(weights))
