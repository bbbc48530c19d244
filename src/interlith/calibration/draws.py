"""Draws of every number that is uncertain: ranges of the library, and conditions nobody stated.

Each number has one standard normal deviate, whose probability picks the value: evenly over an
assumed range, around the value of a source otherwise (``mobility/draws.py``). A Latin hypercube
(McKay, Beckman and Conover, Technometrics 21, 239 (1979), doi:10.1080/00401706.1979.10489755)
spreads the deviates. Properties taken over from another material follow that one. The fitted
numbers are drawn from their placeholders' ranges: ``ensemble.py`` lets the calibration rows narrow
them, and all others with them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from interlith.cell.cell import Cell
    from interlith.materials import Library, Property

__all__ = [
    "CONDITIONS",
    "Condition",
    "Sample",
    "axes",
    "hypercube",
    "nominal",
    "sample_of",
    "uncertain",
]

FloatArray = NDArray[np.float64]
Key = tuple[str, str]

CONDITION = "condition"
"""Stands for the material in the key of a condition."""
SEED = 20231106
"""Of the hypercube; chosen once."""
LOG_SCALE = "logarithmic"


@dataclass(frozen=True)
class Condition:
    """A condition of the tests that the reference does not state."""

    value: float
    low: float
    high: float
    unit: str
    why: str
    scale: str = LOG_SCALE

    def at(self, share: float) -> float:
        """Return the value at a share from 0 to 1 of the range, drawn evenly."""
        if self.scale == LOG_SCALE:
            return self.low * math.exp(share * math.log(self.high / self.low))
        return self.low + share * (self.high - self.low)


CONDITIONS = {
    "electrolyte_thickness": Condition(
        600e-6, 300e-6, 1000e-6, "m", "pellets of 80 to 250 mg in a die of 10 to 13 mm"
    ),
    "interlayer_thickness": Condition(20e-6, 10e-6, 40e-6, "m", "pressed from powder of 20 um"),
    "stack_pressure": Condition(
        2.5e6, 1.0e6, 5.0e6, "Pa", "stated for full cells only, drawn for symmetric ones"
    ),
    "carbon": Condition(0.05, 0.0, 0.1, "1", "share of a conductive additive", "linear"),
}
"""Assumed values with assumed ranges; a test holds them to those of `cells` and `full_cells`."""


@dataclass(frozen=True)
class Sample:
    """One draw of all uncertain numbers; number 0 is the library as it is."""

    number: int
    values: Mapping[Key, float] = field(default_factory=dict, repr=False)
    """SI, by material and property."""
    conditions: Mapping[str, float] = field(
        default_factory=lambda: {name: c.value for name, c in CONDITIONS.items()}, repr=False
    )

    def library(self) -> Library:
        """Return the library with the drawn values."""
        from interlith.materials import Library
        from interlith.materials.fitted import Fit

        if not self.number:
            return Library.default()
        return Library(
            fits=[
                Fit(material, name, value, None, f"{value:.8g}", "a draw", "interlith reproduce")
                for (material, name), value in self.values.items()
            ]
        )

    def symmetric(self, cell: Cell) -> Cell:
        """Return a symmetric cell under the drawn conditions."""
        if not self.number:
            return cell
        changed = _with_layers(cell, self.conditions)
        return changed.model_copy(update={"stack_pressure": self.conditions["stack_pressure"]})

    def full(self, cell: Cell) -> Cell:
        """Return a full cell with layers of the drawn thickness; carbon goes into its making."""
        return _with_layers(cell, self.conditions) if self.number else cell


def nominal() -> Sample:
    """Return the library and the conditions as they are."""
    return Sample(0)


def _with_layers(cell: Cell, conditions: Mapping[str, float]) -> Cell:
    layers: list[Any] = []
    for layer in cell.layers:
        thickness = conditions.get(f"{layer.kind}_thickness")
        layers.append(
            layer if thickness is None else layer.model_copy(update={"thickness": thickness})
        )
    return cell.model_copy(update={"layers": tuple(layers)})


def uncertain(library: Library) -> dict[Key, Property]:
    """Return every property of a library that has a range.

    Parameters
    ----------
    library : Library
        Where they come from.

    Returns
    -------
    dict
        By material and property, sorted; without properties taken over from another material.
    """
    found = {
        (name, prop): entry
        for name in library.names()
        for prop, entry in library.adjustable(name).items()
        if entry.low is not None and entry.high is not None and entry.low < entry.high
    }
    return dict(sorted(found.items()))


@cache
def axes() -> tuple[Key, ...]:
    """Return the keys of all that is drawn: the conditions, then the properties."""
    return (*((CONDITION, name) for name in CONDITIONS), *_ranges())


@cache
def _ranges() -> dict[Key, Property]:
    from interlith.materials import Library

    return uncertain(Library(fits=[]))


def hypercube(count: int, seed: int = SEED) -> FloatArray:
    """Return standard normal deviates, a row a draw.

    Parameters
    ----------
    count : int
        How many draws; another count is another hypercube.
    seed : int, optional
        Where they start.

    Returns
    -------
    ndarray
        Shape (count, number of axes).
    """
    from scipy.special import ndtri
    from scipy.stats import qmc

    sampler = qmc.LatinHypercube(d=len(axes()), rng=np.random.default_rng(seed))
    return np.asarray(ndtri(sampler.random(count)), np.float64)


def sample_of(number: int, deviates: FloatArray) -> Sample:
    """Return the draw that a row of deviates stands for.

    Parameters
    ----------
    number : int
        Its number, from 1.
    deviates : ndarray
        One standard normal deviate for each of :func:`axes`.

    Returns
    -------
    Sample
        Every value lies inside its range.
    """
    from scipy.special import ndtr

    from interlith.materials.property import Constant
    from interlith.mobility.draws import quantiles

    shares = ndtr(deviates)
    conditions = {
        name: condition.at(float(share))
        for (name, condition), share in zip(CONDITIONS.items(), shares, strict=False)
    }
    ranged = _ranges().items()
    values = {
        key: float(quantiles(replace(entry, law=Constant()), np.array([share]), 298.15)[0])
        for (key, entry), share in zip(ranged, shares[len(CONDITIONS) :], strict=True)
    }
    return Sample(number, values, conditions)
