"""What a value may be: one table, each row with the reason for its limits.

A value outside ``low`` to ``high`` is refused. Between these and the ``typical`` range it is used,
with a warning from ``interlith check``. ``typical`` also helps to guess which unit was meant.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from interlith.errors import QuantityError
from interlith.units import DIMENSIONS, format_si, to_si

__all__ = ["BOUNDS", "Bound", "property_bound", "read_bounded", "require_within"]


def _shown(limit: float, dimension: str) -> str:
    """Return a limit in words; temperatures in K too, since their limits are round there."""
    shown = format_si(limit, dimension, digits=6)
    return f"{limit:g} K ({shown})" if dimension == "temperature" else shown


@dataclass(frozen=True)
class Bound:
    """Limits in SI, both included unless ``open_ends``; ``signed`` limits the size of the value."""

    dimension: str
    low: float
    high: float
    reason: str
    typical: tuple[float, float] | None = None
    open_ends: bool = False
    signed: bool = False

    def holds(self, value: float) -> bool:
        """Return whether the value is allowed."""
        size = abs(value) if self.signed else value
        if self.open_ends:
            return self.low < size < self.high
        return self.low <= size <= self.high

    def text(self) -> str:
        """Return the limits in words, such as ``1 nm to 1 cm (...)``."""
        low, high = (_shown(limit, self.dimension) for limit in (self.low, self.high))
        joined = f"more than {low} and less than {high}" if self.open_ends else f"{low} to {high}"
        return f"{joined}{' in either direction' if self.signed else ''} ({self.reason})"

    def expected(self) -> str:
        """Return what is expected where nothing usable was given."""
        dimension = DIMENSIONS[self.dimension]
        return f"{dimension.phrase} such as '{dimension.example}', {self.text()}"


BOUNDS: dict[str, Bound] = {
    "temperature": Bound(
        "temperature", 200.0, 500.0, "the range of the temperature laws", (253.15, 373.15)
    ),
    "stack_pressure": Bound("pressure", 0.0, 500e6, "500 MPa is a powder press", (0.0, 100e6)),
    "area": Bound("area", 1e-8, 1.0, "from a micro-electrode to a large pouch", (1e-6, 0.1)),
    "fixture_stiffness": Bound(
        "stiffness", 0.0, 1e15, "0 is constant pressure; 1000 MPa/um is rigid", (0.0, 1e13)
    ),
    "cell_capacity": Bound(
        "areal_capacity",
        3.6e-2,
        3.6e7,
        "the range of thin films to thick electrodes",
        (3600.0, 3.6e5),
    ),
    "layer_thickness": Bound(
        "length", 1e-9, 1e-2, "from a few atoms to a thick pellet", (10e-9, 2e-3)
    ),
    "sei_thickness": Bound("length", 1e-10, 1e-4, "from one atom to a reacted layer", (1e-9, 1e-6)),
    "particle_size": Bound("length", 1e-9, 1e-3, "from a cluster to a grain", (10e-9, 100e-6)),
    "roughness": Bound("length", 1e-10, 1e-3, "from atomically flat to a scratch", (1e-9, 20e-6)),
    "porosity": Bound(
        "fraction", 0.0, 1.0, "the share of the volume that is pores", (0.01, 0.9), True
    ),
    "loading": Bound(
        "areal_density", 1e-4, 100.0, "mass of active material per area of cell", (0.01, 1.0)
    ),
    "active_mass_fraction": Bound(
        "fraction", 0.0, 1.0, "the rest is electrolyte and additive", (0.3, 0.97), True
    ),
    "additive_mass_fraction": Bound(
        "fraction", 0.0, 1.0, "for no additive leave it out", (1e-3, 0.1), True
    ),
    "share": Bound("fraction", 1e-6, 1.0, "shares add up to 1"),
    "particle_radius": Bound("length", 1e-9, 1e-3, "from a cluster to a grain", (50e-9, 20e-6)),
    "host_lithiated": Bound("fraction", 0.0, 1.0, "the share of its lithium that the host holds"),
    "magnesium_fraction": Bound(
        "fraction", 0.0, 0.4, "above, the alloy is no longer a solid solution rich in lithium"
    ),
    "current_magnitude": Bound(
        "current_density", 1e-6, 1e5, "plate or strip gives the direction", (1e-2, 1e3)
    ),
    "current": Bound(
        "current_density", 1e-6, 1e5, "for no current write a rest", (1e-2, 1e3), signed=True
    ),
    "current_cutoff": Bound("current_density", 1e-6, 1e5, "the size of the current"),
    "voltage": Bound("voltage", 0.0, 100.0, "the voltage between the electrodes", signed=True),
    "voltage_limit": Bound("voltage", 1e-3, 100.0, "the size of the voltage", (0.05, 10.0)),
    "power": Bound("areal_power", 1e-6, 1e6, "for no power write a rest", signed=True),
    "duration": Bound("time", 1e-3, 3.6e8, "from 1 ms to 100,000 h", (1.0, 3.6e6)),
    "step_capacity": Bound(
        "areal_capacity", 3.6e-3, 3.6e7, "the charge that one step moves", (36.0, 7.2e5)
    ),
}
"""Limits of every quantity of a cell file, by name."""

_CONDUCTIVITY_HIGH = 1e5  # S/m; 1e3 S/cm
_METAL_CONDUCTIVITY_HIGH = 1e9  # S/m; lithium has 1e7
_IONIC_LOW = 1e-7  # S/m; 1e-9 S/cm
_INSULATOR_LOW = 1e-13  # S/m; 1e-15 S/cm, for an SEI and for the electrons of an electrolyte
_INTERPHASES = ("sei", "cathode_interphase")
_LARGEST_RATIO = 1e6
# Physics divides by these, so that zero is no way of switching something off.
_NEVER_ZERO = {
    "length",
    "pressure",
    "density",
    "molar_mass",
    "molar_volume",
    "areal_capacitance",
    "areal_resistance",
    "fracture_toughness",
}


def property_bound(name: str, dimension: str, category: str, known: Iterable[float]) -> Bound:
    """Return the limits for overriding a library property.

    Parameters
    ----------
    name, dimension
        Name of the property and the named dimension of its unit.
    category
        Category of the material that has it.
    known
        SI values that the library has for it, which set the scale of the others.
    """
    if dimension == "conductivity":
        ionic = name.endswith("ionic_conductivity") and category not in _INTERPHASES
        high = _METAL_CONDUCTIVITY_HIGH if category == "metal" else _CONDUCTIVITY_HIGH
        low = _IONIC_LOW if ionic else _INSULATOR_LOW
        return Bound(dimension, low, high, "what solids are known to have")
    if name in BOUNDS and BOUNDS[name].dimension == dimension:
        return BOUNDS[name]
    if name == "porosity":
        return BOUNDS["porosity"]
    if name == "poisson_ratio":
        return Bound(dimension, 0.0, 0.49, "0.5 is a liquid")
    if name.endswith("_fraction") or name == "transference_number":
        return Bound(dimension, 0.0, 1.0, "a share of a whole")
    if dimension == "temperature":
        return BOUNDS["temperature"]
    if name.startswith("interface_energy"):
        return Bound(dimension, -10.0, 10.0, "ten times the largest known")
    if dimension == "voltage":
        return Bound(dimension, -10.0, 10.0, "outside no compound of lithium is known")
    return _scaled_bound(name, dimension, [abs(value) for value in known if value])


def _scaled_bound(name: str, dimension: str, sizes: Sequence[float]) -> Bound:
    """Return limits a million times above, and where zero makes no sense below, what is known."""
    high = _LARGEST_RATIO * max(sizes, default=1.0)
    never_zero = dimension in _NEVER_ZERO or name.endswith("exchange_current_density")
    low = min(sizes, default=1.0) / _LARGEST_RATIO if never_zero else 0.0
    return Bound(dimension, low, high, "within a factor of a million of the library's value")


def read_bounded(value: object, name: str) -> float:
    """Return the SI value of a quantity as written, checked against a row of `BOUNDS`.

    Raises
    ------
    QuantityError
        Not such a quantity, or outside its limits.
    """
    bound = BOUNDS[name]
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        from interlith.cell.yaml_io import show

        raise QuantityError(show(value), bound.expected())
    number = to_si(value, bound.dimension)
    require_within(number, bound, str(value))
    return number


def require_within(number: float, bound: Bound, given: str) -> None:
    """Refuse a value outside its limits; the message guesses the unit that was meant."""
    if not bound.holds(number):
        raise QuantityError(given, bound.text() + _unit_guess(number, bound, given))


def _unit_guess(number: float, bound: Bound, given: str) -> str:
    """Return ``; did you mean '20 um'?`` when another unit makes the value a typical one."""
    match = re.match(r"\s*([+-]?[\d.]+(?:[eE][+-]?\d+)?)", given)
    if bound.typical is None or match is None or not math.isfinite(number):
        return ""
    low, high = bound.typical
    guesses = [f"{match[1]} {unit}" for unit in DIMENSIONS[bound.dimension].shown]
    values = {guess: to_si(guess, bound.dimension) for guess in guesses}
    likely = [guess for guess in guesses if low <= values[guess] <= high and values[guess] > 0.0]
    if not likely:
        return ""
    middle = math.sqrt(max(low, 1e-4 * high) * high)
    best = min(likely, key=lambda guess: abs(math.log(values[guess] / middle)))
    return f"; did you mean '{best}'?"
