"""What a composite cathode consists of: volumes and masses from its recipe and the library.

A recipe says mass fractions of the solids, a porosity, and either a loading or a thickness. With
densities rho_i, mass fractions w_i and porosity p, each solid takes the share
(1 - p) (w_i / rho_i) / sum_j (w_j / rho_j) of the volume, and a loading m of active material, of
mass fraction w_a, makes a layer of the thickness (m / w_a) sum_j (w_j / rho_j) / (1 - p).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from interlith.cell.cathode import CompositeCathode
from interlith.cell.overrides import COMPOSITE

if TYPE_CHECKING:
    from interlith.materials import Library, Material, UsedValue

__all__ = ["Component", "Composition", "composition_of", "composition_values"]

FARADAY = 96485.33212  # C/mol, exact since 2019 to these digits


@dataclass(frozen=True, slots=True)
class Component:
    """One solid of a composite.

    Parameters
    ----------
    material
        Name in the library.
    volume_fraction
        Share of the whole volume of the layer, pores included.
    areal_mass
        Mass per area of cell (kg/m2).
    """

    material: str
    volume_fraction: float
    areal_mass: float


@dataclass(frozen=True, slots=True)
class Composition:
    """The make-up of a composite cathode; SI.

    Parameters
    ----------
    thickness
        Thickness of the pressed layer (m).
    porosity
        Share of the volume that is pores.
    active, electrolytes, additive
        The solids; `additive` is None where there is none.
    particle_sizes
        Radius (m) and share of the active volume of each size; the shares add up to 1.
    lithium_capacity
        Charge per area (C/m2) that one lithium per formula unit is, from x = 0 to x = 1.
    """

    thickness: float
    porosity: float
    active: Component
    electrolytes: tuple[Component, ...]
    additive: Component | None
    particle_sizes: tuple[tuple[float, float], ...]
    lithium_capacity: float

    @property
    def components(self) -> tuple[Component, ...]:
        """Every solid."""
        return (self.active, *self.electrolytes, *([self.additive] if self.additive else []))

    @property
    def electrolyte_volume_fraction(self) -> float:
        """Share of the volume that is electrolyte of any kind."""
        return math.fsum(part.volume_fraction for part in self.electrolytes)

    @property
    def areal_mass(self) -> float:
        """Mass of the layer per area of cell (kg/m2)."""
        return math.fsum(part.areal_mass for part in self.components)

    @property
    def active_surface(self) -> float:
        """Surface of the particles per volume of the layer (1/m), 3 shares over radius."""
        sizes = math.fsum(share / radius for radius, share in self.particle_sizes)
        return 3.0 * self.active.volume_fraction * sizes


def composition_of(cathode: CompositeCathode, library: Library) -> Composition:
    """Return the make-up of a cathode.

    Parameters
    ----------
    cathode
        The layer as `load` returns it.
    library
        Where the densities, the default porosity and the default radius are looked up.

    Raises
    ------
    MaterialError
        A material of the cathode is not in the library.
    """
    active = library[cathode.material]
    fractions = _mass_fractions(cathode)
    densities = {name: library[name]["density"].value for name in fractions}
    densities[active.name] = _value(cathode, active, "density")
    specific = {name: share / densities[name] for name, share in fractions.items()}
    volume = math.fsum(specific.values())  # m3 of solid per kg of solid
    porosity = cathode.porosity
    if porosity is None:
        porosity = _value(cathode, library[COMPOSITE], "porosity")
    thickness, mass = _thickness_and_mass(cathode, volume, porosity)
    parts = {
        name: Component(name, (1.0 - porosity) * specific[name] / volume, share * mass)
        for name, share in fractions.items()
    }
    concentration = _value(cathode, active, "maximum_lithium_concentration")
    return Composition(
        thickness=thickness,
        porosity=porosity,
        active=parts[active.name],
        electrolytes=tuple(parts[name] for name, _ in cathode.electrolyte),
        additive=parts[cathode.additive] if cathode.additive else None,
        particle_sizes=_particle_sizes(cathode, active),
        lithium_capacity=FARADAY * concentration * parts[active.name].volume_fraction * thickness,
    )


def _mass_fractions(cathode: CompositeCathode) -> Mapping[str, float]:
    """Return the share of each solid by mass, the pores weigh nothing."""
    electrolyte = cathode.electrolyte_mass_fraction
    shares = {cathode.material: cathode.active_mass_fraction}
    shares |= {name: share * electrolyte for name, share in cathode.electrolyte}
    if cathode.additive and cathode.additive_mass_fraction:
        shares[cathode.additive] = cathode.additive_mass_fraction
    return shares


def _thickness_and_mass(
    cathode: CompositeCathode, volume: float, porosity: float
) -> tuple[float, float]:
    """Return the thickness (m) and the areal mass (kg/m2), one of which follows from the other."""
    if cathode.loading is not None:
        mass = cathode.loading / cathode.active_mass_fraction
        return mass * volume / (1.0 - porosity), mass
    assert cathode.thickness is not None  # exactly one is given, by the rules of the layer
    return cathode.thickness, cathode.thickness * (1.0 - porosity) / volume


def _particle_sizes(cathode: CompositeCathode, active: Material) -> tuple[tuple[float, float], ...]:
    """Return radii with shares that add up to 1."""
    if not cathode.particle_sizes:
        radius = cathode.particle_radius
        return ((_value(cathode, active, "particle_radius") if radius is None else radius, 1.0),)
    total = math.fsum(size.share for size in cathode.particle_sizes)
    return tuple((size.radius, size.share / total) for size in cathode.particle_sizes)


def _value(cathode: CompositeCathode, material: Material, name: str) -> float:
    """Return a property of a material in SI, as the layer overrides it."""
    found = material[name]
    given = cathode.override(name, found.unit)
    return found.value if given is None else given


def composition_values(
    cathode: CompositeCathode, library: Library, where: str
) -> tuple[UsedValue, ...]:
    """Return what follows from the recipe, as the list of used values shows it."""
    from interlith.materials import UsedValue

    made = composition_of(cathode, library)
    derived = [
        ("thickness", made.thickness, "m"),
        ("porosity", made.porosity, "1"),
        ("areal_mass", made.areal_mass, "kg/m2"),
        ("active_surface", made.active_surface, "1/m"),
        ("lithium_capacity", made.lithium_capacity, "C/m2"),
    ]
    derived += [
        (f"volume_fraction of {part.material}", part.volume_fraction, "1")
        for part in made.components
    ]
    source = "from the recipe of the cell file and the densities of the library"
    return tuple(
        UsedValue(where, name, value, unit, f"{value:.6g} {unit}", "computed", source)
        for name, value, unit in derived
    )
