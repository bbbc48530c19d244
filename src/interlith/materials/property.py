"""One property of a material: a number that carries its unit, law, kind, source and range."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass, replace
from typing import Protocol

from interlith.errors import MaterialError

# Boltzmann constant in eV/K, exact since the SI revision of 2019.
BOLTZMANN_EV_PER_K = 1.380649e-23 / 1.602176634e-19
KINDS = ("measured", "computed", "fitted", "assumed")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value comes from; `checked` tells whether the cited text was seen."""

    text: str
    doi: str | None = None
    checked: bool = False
    url: str | None = None

    def __str__(self) -> str:
        parts = [self.text]
        if self.doi:
            parts.append(f"doi:{self.doi}")
        if self.url:
            parts.append(self.url)
        return ", ".join(parts) + ("" if self.checked else " [unverified]")


class TemperatureLaw(Protocol):
    """How a property changes with temperature, relative to its reference value."""

    def factor(self, temperature_K: float) -> float:
        """Return value(T) / value(reference)."""
        ...

    def describe(self) -> str:
        """Return the law in a few words."""
        ...


@dataclass(frozen=True, slots=True)
class Constant:
    """No change with temperature is known or modelled."""

    def factor(self, temperature_K: float) -> float:
        """Return 1."""
        return 1.0

    def describe(self) -> str:
        """Return the law in a few words."""
        return "constant"


@dataclass(frozen=True, slots=True)
class Arrhenius:
    """v(T) = v(T_ref) exp(-E_a/k (1/T - 1/T_ref)), with E_a in eV and T in K."""

    activation_energy_eV: float
    reference_temperature_K: float = 298.15

    def factor(self, temperature_K: float) -> float:
        """Return exp(-E_a/k (1/T - 1/T_ref))."""
        inverse = 1.0 / temperature_K - 1.0 / self.reference_temperature_K
        return math.exp(-self.activation_energy_eV / BOLTZMANN_EV_PER_K * inverse)

    def describe(self) -> str:
        """Return the law in a few words."""
        energy, reference = self.activation_energy_eV, self.reference_temperature_K
        return f"Arrhenius, {energy:.4g} eV, reference {reference:.2f} K"


@dataclass(frozen=True, slots=True)
class Table:
    """Piecewise linear in temperature; the end values hold outside the table."""

    temperatures_K: tuple[float, ...]
    values: tuple[float, ...]
    reference_temperature_K: float = 298.15

    def factor(self, temperature_K: float) -> float:
        """Return the interpolated value over the one at the reference temperature."""
        reference = interpolate(self.reference_temperature_K, self.temperatures_K, self.values)
        return interpolate(temperature_K, self.temperatures_K, self.values) / reference

    def describe(self) -> str:
        """Return the law in a few words."""
        first, last = self.temperatures_K[0], self.temperatures_K[-1]
        return f"table of {len(self.values)} points, {first:.2f} K to {last:.2f} K"


@dataclass(frozen=True, slots=True)
class CompositionTable:
    """Piecewise linear in one composition variable, for example the magnesium fraction of Li-Mg."""

    variable: str
    points: tuple[float, ...]
    values: tuple[float, ...]
    reference: float

    def value(self, composition: float) -> float:
        """Return the interpolated value.

        Raises
        ------
        MaterialError
            Outside the table: extrapolating a composition law gives nothing to rely on.
        """
        first, last = self.points[0], self.points[-1]
        if not first <= composition <= last:
            raise MaterialError(
                f"{self.variable} = {composition:g} is outside the range {first:g} to {last:g}"
            )
        return interpolate(composition, self.points, self.values)

    def through(self, value: float) -> CompositionTable:
        """Return the table stretched to pass `value` at the reference, first point kept."""
        first = self.values[0]
        span = self.value(self.reference) - first
        if span == 0.0:
            shift = value - first
            return replace(self, values=tuple(old + shift for old in self.values))
        stretch = (value - first) / span
        return replace(self, values=tuple(first + (old - first) * stretch for old in self.values))


@dataclass(frozen=True, slots=True)
class Property:
    """A value with its provenance.

    Parameters
    ----------
    name
        Name as in the schema.
    value
        SI value at the reference temperature (and the reference composition).
    unit
        SI unit.
    given
        The quantity as it stands in the data file.
    kind
        ``measured``, ``computed``, ``fitted`` or ``assumed``.
    source
        Where the value was found; None only if assumed or fitted here.
    low, high
        Range in SI; always there when assumed.
    law
        Temperature law: `Constant`, `Arrhenius` or `Table`.
    composition
        Table over a composition variable, or None.
    note
        What a reader must know to judge the value.
    """

    name: str
    value: float
    unit: str
    given: str
    kind: str
    source: Source | None = None
    low: float | None = None
    high: float | None = None
    law: TemperatureLaw = Constant()
    composition: CompositionTable | None = None
    note: str = ""

    def at(self, temperature_K: float, composition: float | None = None) -> float:
        """Return the SI value at a temperature, and at a composition where it depends on one."""
        if self.composition is None or composition is None:
            base = self.value
        else:
            base = self.composition.value(composition)
        return base * self.law.factor(temperature_K)

    def with_value(self, value: float, given: str, kind: str, note: str = "") -> Property:
        """Return the property with another value; the law stays, a table is stretched."""
        table = self.composition.through(value) if self.composition else None
        return replace(
            self, value=value, given=given, kind=kind, composition=table, note=note or self.note
        )

    def source_line(self) -> str:
        """Return the source in one line; an assumed value says that it has none."""
        return str(self.source) if self.source else f"{self.kind}, no source"


def interpolate(x: float, points: tuple[float, ...], values: tuple[float, ...]) -> float:
    """Return the piecewise linear interpolation; end values hold outside."""
    if x <= points[0]:
        return values[0]
    if x >= points[-1]:
        return values[-1]
    right = bisect_right(points, x)
    left = right - 1
    share = (x - points[left]) / (points[right] - points[left])
    return values[left] + share * (values[right] - values[left])
