"""Where the zero of a potential is: the middle of a slab against the vacuum beside it.

The zero of the electrostatic potential of a periodic crystal is arbitrary. A slab of the same
crystal joins it to the vacuum: the potential averaged over its plane, then over one period along
its normal (macroscopic average, which irons out the atoms), is flat in the middle of the slab and
flat in the vacuum. Baldereschi, Baroni & Resta (1988), doi:10.1103/PhysRevLett.61.734.

Potentials are those that an electron feels, in eV: the vacuum is the higher one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from interlith.atomistic.slab import SYMMETRY

if TYPE_CHECKING:
    from ase import Atoms

Array = NDArray[np.float64]

MOST_PLANES = 25  # like planes between two of the conventional cell


@dataclass(frozen=True)
class Alignment:
    """Levels of the potential along a slab [eV], on the slab's own arbitrary zero.

    Parameters
    ----------
    vacuum
        Planar average halfway between the slab and its image.
    inside
        Macroscopic average over the middle period of the slab.
    vacuum_spread, inside_spread
        Highest less lowest value of what was averaged: zero where the level is a plateau.
    """

    vacuum: float
    inside: float
    vacuum_spread: float
    inside_spread: float

    @property
    def step(self) -> float:
        """How far the vacuum lies above the inside [eV]; no zero enters it."""
        return self.vacuum - self.inside


def macroscopic_average(profile: Array, height: float, period: float) -> Array:
    """Return a periodic profile averaged over a window of one period about each point.

    Parameters
    ----------
    profile
        Planar average at equal steps over the cell.
    height, period
        Length of the cell along the profile, and of the window [angstrom].
    """
    waves = np.fft.rfft(profile)
    turns = np.arange(len(waves)) * period / height
    return np.asarray(np.fft.irfft(waves * np.sinc(turns), n=len(profile)), dtype=np.float64)


def aligned(profile: Array, height: float, middle: float, period: float) -> Alignment:
    """Return the levels of the vacuum and of the middle of a slab.

    Parameters
    ----------
    profile
        Planar average of the potential at equal steps over the cell [eV].
    height
        Of the cell along the normal [angstrom].
    middle
        Where the middle of the slab is [angstrom].
    period
        Of the crystal along the normal [angstrom].
    """
    smooth = macroscopic_average(profile, height, period)
    inner = smooth[_near(len(profile), height, middle, period)]
    outer = profile[_near(len(profile), height, middle + height / 2.0, 2.0)]
    return Alignment(
        vacuum=float(outer.mean()),
        inside=float(inner.mean()),
        vacuum_spread=float(np.ptp(outer)),
        inside_spread=float(np.ptp(inner)),
    )


def _near(points: int, height: float, centre: float, width: float) -> NDArray[np.bool_]:
    """Return which points of a periodic axis lie in a window about a centre."""
    away = (np.arange(points) * height / points - centre + height / 2.0) % height - height / 2.0
    return np.asarray(np.abs(away) <= width / 2.0 + 1e-9)


def period_along(crystal: Atoms, miller: tuple[int, int, int]) -> float:
    """Return the distance after which planar averages of a crystal repeat [angstrom].

    An operation of the space group that keeps the normal of the face moves every plane along it by
    the same height, so planar averages repeat after that height: centring translations, and screw
    axes and glide planes too (the two planes of a hexagonal close-packed cell look the same).

    Parameters
    ----------
    crystal
        The conventional cell.
    miller
        Indices of the face in that cell.
    """
    import spglib

    indices = np.array(miller) // np.gcd.reduce(miller)
    spacing = 1.0 / float(np.linalg.norm(np.linalg.inv(crystal.cell.array) @ indices))
    found = spglib.get_symmetry(
        (crystal.cell.array, crystal.get_scaled_positions(), crystal.numbers), symprec=SYMMETRY
    )
    assert found is not None
    keeps = (indices @ found["rotations"] == indices).all(axis=1)
    moved = found["translations"][keeps] @ indices
    for planes in range(1, MOST_PLANES):
        if np.allclose(moved * planes, np.round(moved * planes), atol=1e-3 * planes):
            return spacing / planes
    return spacing
