"""From a value of the library, with its kind and range, to draws.

Nobody's number (``assumed``) is drawn evenly between the ends of its range, on a logarithmic scale
where both are above zero. A measured, computed or fitted one is drawn around its value: normal for
energies and potentials, log-normal otherwise, 5 % below and above the range. Draws stay within it.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from interlith.materials import Material, Property

Array = NDArray[np.float64]

ENERGIES = ("eV", "V")
QUANTILE = 1.6448536269514722
"""5 % of a normal distribution lie more than this many standard deviations below its mean."""
LIMIT = 1e-12


def quantiles(entry: Property, share: Array, temperature: float) -> Array:
    """Return the values of a property at shares from 0 to 1 of its distribution.

    Parameters
    ----------
    entry
        Property of the library.
    share
        Evenly distributed draws from 0 to 1.
    temperature
        Temperature of the values [K]; the range is scaled with the value.
    """
    factor = entry.law.factor(temperature)
    if entry.low is None or entry.high is None or entry.low == entry.high:
        return np.full_like(share, entry.value * factor)
    low, high = entry.low, entry.high
    if entry.kind == "assumed":
        drawn = _evenly(low, high, share)
    else:
        drawn = np.clip(_around(entry.value, low, high, share, entry.unit), low, high)
    return drawn * factor


def _evenly(low: float, high: float, share: Array) -> Array:
    if low > 0.0:
        return np.exp(math.log(low) + share * (math.log(high) - math.log(low)))
    return low + share * (high - low)


def _around(value: float, low: float, high: float, share: Array, unit: str) -> Array:
    """Return quantiles of a normal or log-normal distribution with the wider side of the range."""
    deviates = ndtri(np.clip(share, LIMIT, 1.0 - LIMIT))
    if unit in ENERGIES or low <= 0.0:
        sigma = max(high - value, value - low) / QUANTILE
        return np.asarray(value + sigma * deviates)
    sigma = max(math.log(high / value), math.log(value / low)) / QUANTILE
    return np.asarray(value * np.exp(sigma * deviates))


def draw(
    material: Material, names: tuple[str, ...], temperature: float, generator: np.random.Generator,
    samples: int,
) -> dict[str, Array]:  # fmt: skip
    """Return independent draws of some properties, by name."""
    return {
        name: quantiles(material[name], generator.random(samples), temperature) for name in names
    }


def draw_ladder(
    material: Material, generator: np.random.Generator, samples: int
) -> tuple[Array, Array, Array]:
    """Return draws of the ladder: potentials, falls and lithium of each step, a row a draw.

    One share places all steps of a metal in their ranges, so that their order stays.
    """
    share = generator.random(samples)
    steps = material.ladder
    potentials = [quantiles(step.potential, share, 298.15) for step in steps]
    starts = np.stack(potentials, axis=-1) if steps else np.zeros((samples, 0))
    # a sloping step is stretched with the potential at its start
    scale = starts / np.array([step.potential.value for step in steps]) if steps else starts
    drops = scale * np.array([step.drop for step in steps]) if steps else starts
    return starts, drops, np.array([step.end - step.start for step in steps])
