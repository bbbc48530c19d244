"""The composite cathode: particles of active material in solid electrolyte, with pores."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema

from interlith.cell.bounds import read_bounded
from interlith.cell.part import FrozenModel, Name, Overriding, Rule
from interlith.cell.quantity import Bounded, schema_of
from interlith.cell.yaml_io import show
from interlith.errors import QuantityError
from interlith.units import exact_text

__all__ = ["CompositeCathode", "ElectrolyteShares", "ParticleSize"]

MOST_SIZES = 20
LONGEST_NAME = 100
# Shares are written with a few digits: thirds as 0.333 shall do.
SHARES_ADD_UP_WITHIN = 2e-3
ROUND_OFF = 1e-12
SHARES_EXPECTED = (
    "the name of an electrolyte, or two names with their shares by mass such as "
    "{Li3YCl6: 0.7, Li6PS5Cl: 0.3}"
)


@dataclass(frozen=True)
class ElectrolyteShares:
    """Marks a field that takes one electrolyte, or two with their shares by mass."""

    def expected(self) -> str:
        """Return what is expected where the field is missing."""
        return SHARES_EXPECTED

    def read(self, value: object) -> tuple[tuple[str, float], ...]:
        """Return names and shares; the shares add up to 1 to round-off."""
        if isinstance(value, str) and 0 < len(value) <= LONGEST_NAME:
            return ((value, 1.0),)
        pairs = list(value.items()) if isinstance(value, Mapping) else value
        if not isinstance(pairs, list | tuple) or not 1 <= len(pairs) <= 2:
            raise QuantityError(show(value), SHARES_EXPECTED)
        shares: dict[str, float] = {}
        for pair in pairs:
            name, share = _pair(pair, value)
            shares[name] = read_bounded(share, "share")
        total = math.fsum(shares.values())
        if len(shares) != len(pairs) or abs(total - 1.0) > SHARES_ADD_UP_WITHIN:
            raise QuantityError(show(value), f"shares that add up to 1, not to {total:g}")
        if abs(total - 1.0) < ROUND_OFF:
            return tuple(shares.items())
        return tuple((name, share / total) for name, share in shares.items())

    def write(self, value: tuple[tuple[str, float], ...]) -> str | dict[str, str]:
        """Return what `read` takes back."""
        if len(value) == 1:
            return value[0][0]
        return {name: exact_text(share, "fraction") for name, share in value}

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return schema_of(self.read, self.write)


def _pair(pair: object, whole: object) -> tuple[str, object]:
    """Return name and share of one entry."""
    if isinstance(pair, list | tuple) and len(pair) == 2:
        name, share = pair
        if isinstance(name, str) and 0 < len(name) <= LONGEST_NAME:
            return name, share
    raise QuantityError(show(whole), SHARES_EXPECTED)


class ParticleSize(FrozenModel):
    """One of several sizes of particles: radius (m) and share of the active volume."""

    radius: Annotated[float, Bounded("particle_radius")]
    share: Annotated[float, Bounded("share")]


class CompositeCathode(Overriding):
    """A composite cathode, the last layer of a full cell. Quantities are SI floats inside.

    Parameters
    ----------
    material
        The active material, of category ``active``.
    loading
        Mass of active material per area of cell (kg/m2); or give `thickness`, not both.
    thickness
        Thickness of the pressed layer (m).
    active_mass_fraction
        Share of the active material by mass, pores apart.
    electrolyte
        Names of the electrolytes inside with their shares by mass of all electrolyte. A single name
        may be given as text.
    additive, additive_mass_fraction
        A conductive additive of category ``compound`` and its share by mass, or neither.
    porosity
        Share of the volume that is pores; None for that of the library's ``composite``.
    particle_radius
        Radius of the particles (m); None for that of the active material.
    particle_sizes
        Several sizes instead of one radius.
    interphase
        Material of category ``cathode_interphase`` on the particles; None for what the active
        material has uncoated.
    """

    kind: Literal["cathode"] = "cathode"
    material: Name
    loading: Annotated[float, Bounded("loading")] | None = None
    thickness: Annotated[float, Bounded("layer_thickness")] | None = None
    active_mass_fraction: Annotated[float, Bounded("active_mass_fraction")]
    electrolyte: Annotated[tuple[tuple[str, float], ...], ElectrolyteShares()]
    additive: Name | None = None
    additive_mass_fraction: Annotated[float, Bounded("additive_mass_fraction")] | None = None
    porosity: Annotated[float, Bounded("porosity")] | None = None
    particle_radius: Annotated[float, Bounded("particle_radius")] | None = None
    particle_sizes: tuple[ParticleSize, ...] = Field(default=(), max_length=MOST_SIZES)
    interphase: Name | None = None

    @property
    def electrolyte_mass_fraction(self) -> float:
        """Share of all electrolyte by mass, pores apart."""
        return 1.0 - self.active_mass_fraction - (self.additive_mass_fraction or 0.0)

    def rules(self) -> Iterator[Rule]:
        """Yield ``(field, value, expected)`` for what is wrong across fields."""
        given = [name for name in ("loading", "thickness") if getattr(self, name) is not None]
        if len(given) != 1:
            found = " and ".join(given) or "neither loading nor thickness"
            yield "", found, "exactly one of loading and thickness"
        yield from self._mass_rules()
        yield from self._size_rules()

    def _mass_rules(self) -> Iterator[Rule]:
        if (self.additive is None) != (self.additive_mass_fraction is None):
            missing = "additive" if self.additive is None else "additive_mass_fraction"
            other = "additive_mass_fraction" if self.additive is None else "additive"
            yield missing, "", f"both additive and additive_mass_fraction, since '{other}' is given"
        if self.electrolyte_mass_fraction <= 0.0:
            total = self.active_mass_fraction + (self.additive_mass_fraction or 0.0)
            expected = "together with additive_mass_fraction less than 1, as electrolyte is left"
            yield "active_mass_fraction", f"{total:g} in all", expected

    def _size_rules(self) -> Iterator[Rule]:
        if not self.particle_sizes:
            return
        if self.particle_radius is not None:
            yield "particle_radius", "a radius", "either particle_radius or particle_sizes"
        total = math.fsum(size.share for size in self.particle_sizes)
        if abs(total - 1.0) > SHARES_ADD_UP_WITHIN:
            yield "particle_sizes", f"{total:g} in all", "shares that add up to 1"
