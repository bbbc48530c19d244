"""Charge uptake, barrier and mobility of metals, ranked, with probabilities."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from interlith.materials import Library, Material, UsedValue
from interlith.mobility.draws import draw, draw_ladder
from interlith.particle.asked import Asked
from interlith.particle.carrier import SHELL_PROPERTIES, choose_shell, ladder_arrays, reached
from interlith.particle.lithiated import used_values
from interlith.particle.published import reference
from interlith.physics import mobility as laws
from interlith.physics.constants import FARADAY
from interlith.physics.particle import closed_uptakes

Array = NDArray[np.float64]

READ = (
    *SHELL_PROPERTIES,
    "charge_uptake_factor",
    "solubility_in_lithium",
    "migration_barrier",
    "attempt_frequency",
    "jump_length",
)
CHARGE, BARE, MOBILITY = "charge", "mobility_of_a_free_atom", "mobility"
QUANTILES = (0.05, 0.5, 0.95)


@dataclass(frozen=True)
class Conditions:
    """Where the ranking holds, in SI."""

    potential: float
    particle_size: float
    temperature: float
    time: float
    release: bool

    @property
    def radius(self) -> float:
        """Half of the particle size [m]."""
        return self.particle_size / 2.0


@dataclass(frozen=True)
class MetalMobility:
    """One metal: what it takes up and how it moves, with the library's values and as draws.

    Parameters
    ----------
    metal, material
        Formula, and where its values come from.
    nominal
        Quantities by name, computed with the values of the library.
    drawn
        The same by name, one entry a draw.
    charge_of_a_particle
        Implanted charge of one particle [C], with the values of the library.
    """

    metal: str
    material: Material = field(repr=False)
    nominal: dict[str, float]
    drawn: dict[str, Array] = field(repr=False)
    charge_of_a_particle: float = 0.0

    @property
    def median(self) -> float:
        """Median mobility [m2 V-1 s-1]."""
        return float(np.median(self.drawn[MOBILITY]))

    @property
    def values(self) -> list[UsedValue]:
        """The evidence: every number of the library that was used."""
        return used_values(self.material, READ)

    def summary(self) -> dict[str, Any]:
        """Return plain numbers: nominal values, 5, 50 and 95 % of the draws, the evidence."""
        spread = {
            name: dict(zip(("low", "median", "high"), np.quantile(drawn, QUANTILES), strict=True))
            for name, drawn in self.drawn.items()
        }
        return {
            "material": self.material.name,
            **self.nominal,
            "charge_of_a_particle_C": self.charge_of_a_particle,
            "spread": spread,
            "evidence": self.values,
        }


@dataclass(frozen=True)
class Ranking:
    """Metals by mobility, fastest first.

    Parameters
    ----------
    conditions
        Potential, particle size, temperature, time; SI.
    metals
        By formula, in the order asked for.
    by_potential
        Potential [V] -> order by charge and by mobility with the values of the library.
    """

    conditions: Conditions
    metals: dict[str, MetalMobility]
    by_potential: dict[float, dict[str, Any]] = field(repr=False)

    @property
    def order(self) -> list[str]:
        """Metals by median mobility, fastest first."""
        return self.by(MOBILITY)

    def by(self, quantity: str) -> list[str]:
        """Return the metals by the median of a drawn quantity, highest first."""
        medians = {name: float(np.median(m.drawn[quantity])) for name, m in self.metals.items()}
        return sorted(medians, key=lambda name: -medians[name])

    def probability(self, one: str, other: str, quantity: str = MOBILITY) -> float:
        """Return the share of draws in which one metal is above another; a tie counts half."""
        first, second = (self.metals[name].drawn[quantity] for name in (one, other))
        return float(np.mean(first > second) + 0.5 * np.mean(first == second))

    def probability_faster(self, quantity: str = MOBILITY) -> dict[str, dict[str, float]]:
        """Return the probability that the metal of a row is above that of a column."""
        return {
            one: {
                other: self.probability(one, other, quantity)
                for other in self.metals
                if other != one
            }
            for one in self.metals
        }

    def against_reference(self) -> dict[str, Any]:
        """Return how the order of the reference work fares, pair by pair."""
        stated = [name for name in reference().mobility if name in self.metals]
        pairs = [(a, b) for k, a in enumerate(stated) for b in stated[k + 1 :]]
        rows = [self._pair(a, b) for a, b in pairs]
        return {
            "reference": stated,
            "agrees": all(row["agrees"] for row in rows),
            "pairs": rows,
        }

    def _pair(self, one: str, other: str) -> dict[str, Any]:
        return {
            "faster": one,
            "slower": other,
            "agrees": self.order.index(one) < self.order.index(other),
            "probability": self.probability(one, other),
            "probability_by_charge": self.probability(one, other, CHARGE),
        }

    def summary(self) -> dict[str, Any]:
        """Return everything that a program may want to read, as plain numbers and texts."""
        return {
            "ranking": self.order,
            "ranking_of_free_atoms": self.by(BARE),
            "ranking_by_charge": self.by(CHARGE),
            "against_reference": self.against_reference(),
            "metals": {name: metal.summary() for name, metal in self.metals.items()},
            "probability_faster": self.probability_faster(),
            "by_potential": {f"{potential:g}": row for potential, row in self.by_potential.items()},
            "conditions": {
                "potential_V": self.conditions.potential,
                "particle_size_m": self.conditions.particle_size,
                "temperature_K": self.conditions.temperature,
                "time_s": self.conditions.time,
                "release": self.conditions.release,
            },
        }


def rank(
    metals: Iterable[str],
    potential: str | float = "0 V",
    particle_size: str | float = "20 um",
    temperature: str | float = "25 degC",
    time: str | float = "1 h",
    release: bool = True,
    samples: int = 4000,
    seed: int = 1,
    library: Library | None = None,
) -> Ranking:
    """Rank metals by the mobility of their atoms on the host in the field.

    Parameters
    ----------
    metals
        Formulas, as far as the library has particles of them.
    potential
        Against lithium; by default 0 V, the potential beside lithium while it is plated.
    particle_size
        Diameter.
    temperature
        Of the layer.
    time
        Time for the uptake, by default a half-cycle of 1 h.
    release
        Whether only the share of atoms that lithium can dissolve counts as free to move.
    samples, seed
        Number of draws from the ranges of the library, and where they start.
    library
        Where values come from; by default that of the package.

    Returns
    -------
    Ranking

    Raises
    ------
    InputError
        Unknown metal or a quantity out of its bounds; all problems at once.
    """
    asked = Asked(library or Library.default())
    materials = asked.metals(metals)
    conditions = Conditions(
        potential=asked.quantity("potential", potential),
        particle_size=asked.quantity("particle_size", particle_size),
        temperature=asked.quantity("temperature", temperature),
        time=asked.quantity("time", time),
        release=release,
    )
    count = asked.count("samples", samples)
    start = asked.count("seed", seed)
    asked.refuse()
    ranked = {
        material.formula: _metal(material, conditions, count, np.random.default_rng([start, index]))
        for index, material in enumerate(materials)
    }
    return Ranking(conditions, ranked, _over_potentials(materials, conditions))


def _metal(
    material: Material, conditions: Conditions, samples: int, generator: np.random.Generator
) -> MetalMobility:
    drawn = _factors(
        draw(material, READ, conditions.temperature, generator, samples),
        draw_ladder(material, generator, samples),
        conditions,
    )
    nominal = nominal_factors(material, conditions)
    atoms = 4.0 / 3.0 * np.pi * conditions.radius**3
    atoms /= material["molar_volume_delithiated"].value
    return MetalMobility(
        material.formula, material, nominal, drawn, FARADAY * float(atoms) * nominal[CHARGE]
    )


def nominal_factors(material: Material, conditions: Conditions) -> dict[str, float]:
    """Return all factors of a metal with the values of the library."""
    values = {name: np.array([material[name].at(conditions.temperature)]) for name in READ}
    starts, drops, spans = ladder_arrays(material)
    found = _factors(values, (starts[np.newaxis], drops[np.newaxis], spans), conditions)
    return {name: float(value[0]) for name, value in found.items()}


def _factors(
    values: Mapping[str, Array], ladder: tuple[Array, Array, Array], conditions: Conditions
) -> dict[str, Array]:
    """Return the factors of the mobility for arrays of draws."""
    starts, drops, spans = ladder
    lithium, last = reached(conditions.potential, starts, drops, spans)
    rows = np.arange(len(lithium))
    slopes = drops[rows, last] > 0.0 if spans.size else np.zeros(len(rows), dtype=bool)
    sloping = (last >= 0) & slopes
    shell = choose_shell(lithium, sloping, values)
    fourier = shell.diffusivity * conditions.time / conditions.radius**2
    filled = closed_uptakes(fourier, shell.jump, shell.width)
    charge = laws.implanted_charge(values["charge_uptake_factor"], lithium, filled)
    diffusivity = laws.surface_diffusivity(
        values["migration_barrier"],
        values["attempt_frequency"],
        values["jump_length"],
        conditions.temperature,
    )
    bare = laws.nernst_einstein_mobility(charge, diffusivity, conditions.temperature)
    solubility = values["solubility_in_lithium"]
    return {
        "filled": filled,
        "lithium_per_atom": lithium,
        CHARGE: charge,
        "effective_charge": np.minimum(charge, laws.MOST_CHARGE),
        "barrier_eV": values["migration_barrier"],
        "surface_diffusivity_m2_s": diffusivity,
        BARE: bare,
        "free_share": solubility if conditions.release else np.ones_like(solubility),
        MOBILITY: laws.released_mobility(bare, solubility) if conditions.release else bare,
    }


def _over_potentials(
    materials: list[Material], conditions: Conditions
) -> dict[float, dict[str, Any]]:
    """Return charge and mobility with the values of the library at several potentials."""
    potentials = sorted({*reference().potentials, conditions.potential}, reverse=True)
    return {
        potential: _at_potential(materials, replace(conditions, potential=potential))
        for potential in potentials
    }


def _at_potential(materials: list[Material], conditions: Conditions) -> dict[str, Any]:
    found = {m.formula: nominal_factors(m, conditions) for m in materials}
    moving = {name: row[MOBILITY] for name, row in found.items() if row[MOBILITY] > 0.0}
    return {
        "ranking": sorted(moving, key=lambda name: -moving[name]),
        "charge": {name: row[CHARGE] for name, row in found.items()},
        "mobility": {name: row[MOBILITY] for name, row in found.items()},
    }
