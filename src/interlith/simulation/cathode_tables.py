"""Tables of the control volumes and particles of a cathode, for one design or for many at once."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from interlith.physics.composite import CATHODE_NODE_DTYPE, PARTICLE_DTYPE
from interlith.physics.constants import FARADAY

FloatArray = NDArray[np.float64]


def node_table(
    widths: FloatArray,
    ionic_conductivity: ArrayLike,
    electronic_conductivity: ArrayLike,
    capacitance: ArrayLike,
) -> NDArray[np.void]:
    """Fill in the table of control volumes.

    Parameters
    ----------
    widths : ndarray, shape (..., nodes)
        From the separator to the collector [m].
    ionic_conductivity, electronic_conductivity : array-like, shape (...)
        Effective [S m-1].
    capacitance : array-like, shape (...)
        Double-layer capacitance per volume of the layer [F m-3].

    Returns
    -------
    ndarray of records, shape (..., nodes)
        :data:`interlith.physics.composite.CATHODE_NODE_FIELDS`.
    """
    nodes = np.zeros(widths.shape, CATHODE_NODE_DTYPE)
    nodes["width"] = widths
    nodes["ionic_resistance"] = 0.5 * widths / _per_node(ionic_conductivity)
    nodes["electronic_resistance"] = 0.5 * widths / _per_node(electronic_conductivity)
    nodes["capacitance"] = _per_node(capacitance)
    nodes["eta_per_charge"] = 1.0 / (nodes["width"] * nodes["capacitance"])
    return nodes


def particle_table(
    nodes: int,
    radii: ArrayLike,
    fractions: ArrayLike,
    diffusivity: ArrayLike,
    maximum_concentration: float,
) -> NDArray[np.void]:
    """Fill in the table of particles.

    Parameters
    ----------
    nodes : int
        Number of control volumes.
    radii, fractions : array-like, shape (..., sizes)
        Radius of each size [m], and its active volume over that of the layer.
    diffusivity : array-like, shape (...)
        Of lithium at the reference [m2 s-1].
    maximum_concentration : float
        Lithium at x = 1 [mol m-3].

    Returns
    -------
    ndarray of records, shape (..., sizes * nodes)
        :data:`interlith.physics.composite.PARTICLE_FIELDS`, by size and node.
    """
    radius, fraction = np.asarray(radii, np.float64), np.asarray(fractions, np.float64)
    table = np.zeros((*radius.shape, nodes), PARTICLE_DTYPE)
    table["diffusion_rate"] = _per_node(_per_node(diffusivity) / radius**2)
    table["uptake_rate"] = _per_node(3.0 / (FARADAY * maximum_concentration * radius))
    table["lithium_charge"] = _per_node(FARADAY * maximum_concentration * fraction)
    table["solid_fraction"] = _per_node(fraction)
    return table.reshape(*radius.shape[:-1], -1)


def _per_node(value: ArrayLike) -> Any:
    """Add an axis for the control volumes (or, for what is the same in all sizes, for these)."""
    return np.asarray(value, np.float64)[..., None]
