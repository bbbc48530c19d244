"""Seeded random cells over everything that a cell file may say, as `Cell.read` takes it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from interlith.cell import Cell
from interlith.cell.bounds import BOUNDS, property_bound
from interlith.cell.overrides import Shelf
from interlith.materials import Library
from interlith.units import dimension_of_unit, exact_text

AT_AN_END = 0.15
"""Share of the values that sit exactly on a limit."""
CONDUCTIVITY = (1e-7, 1e5)  # S/m: 1e-9 to 1e3 S/cm
SPREAD = 3.0
"""Properties without a range in the library vary by this factor up and down."""
MOST_INTERLAYERS = 2
FAMILY = ("Mg2Bi84", "Mg8Bi84", "Mg16Bi84", "Mg24Bi84@atomic")

# Narrower than the limits of a cell file, so that a run stays short; a tenth goes to the limits.
DRIVES: dict[str, tuple[float, float]] = {
    "current_magnitude": (1e-3, 1e3),
    "current_cutoff": (1e-3, 10.0),
    "voltage": (1e-3, 5.0),
    "voltage_limit": (1e-2, 20.0),
    "power": (1e-4, 1e3),
    "duration": (1.0, 3e4),
    "step_capacity": (36.0, 7.2e4),
    "cell_capacity": (360.0, 3.6e5),
}
BEYOND = 0.1
"""Share of the drives that are taken from the whole allowed range."""


@lru_cache(maxsize=1)
def shelf() -> Shelf:
    return Shelf(Library.default())


class Draw:
    """A random cell; the same seed gives the same cell."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng([20, seed])

    def chance(self, share: float) -> bool:
        return bool(self.rng.random() < share)

    def one_of(self, choices: Any) -> Any:
        return choices[int(self.rng.integers(len(choices)))]

    def between(self, low: float, high: float) -> float:
        """A number of 4 digits, even in its logarithm where the range is wide, or a limit."""
        if self.chance(AT_AN_END):
            return float(self.one_of((low, high)))
        if high / max(low, 1e-6 * high) < 10.0:
            value = self.rng.uniform(low, high)
        else:
            floor = max(low, 1e-6 * high) if low <= 0.0 else low
            value = floor * (high / floor) ** self.rng.random()
        return min(max(float(f"{value:.4g}"), low), high)

    def quantity(self, name: str) -> str:
        bound = BOUNDS[name]
        low, high = bound.low, bound.high
        if name in DRIVES and not self.chance(BEYOND):
            low, high = DRIVES[name]
        if bound.open_ends:
            low, high = low + 1e-3, high - 1e-3
        value = self.between(low, high)
        if bound.signed and self.chance(0.5):
            value = -value
        return exact_text(value, bound.dimension)

    def property(self, name: str, category: str, known: Any) -> str:
        dimension = dimension_of_unit(known.unit) or "dimensionless"
        values = [value for value in (known.value, known.low, known.high) if value is not None]
        bound = property_bound(name, dimension, category, values)
        low, high = sorted((known.value / SPREAD, known.value * SPREAD))
        low = max(known.low if known.low is not None else low, bound.low)
        high = min(known.high if known.high is not None else high, bound.high)
        if dimension == "conductivity" and category != "metal":
            low, high = CONDUCTIVITY
        value = self.between(low, high) if low < high else known.value
        return f"{value!r}{'' if dimension == 'dimensionless' else f' {known.unit}'}"

    def properties(self, material: str) -> dict[str, str]:
        known = shelf().of_layer(material)
        conductivities = [name for name in known if name.endswith("_conductivity")]
        chosen = {name for name in conductivities if self.chance(0.5)}
        chosen |= {self.one_of(sorted(known)) for _ in range(int(self.rng.integers(4)))}
        return {name: self.property(name, *known[name]) for name in sorted(chosen)}

    def layer(self, category: str) -> dict[str, Any]:
        names = shelf().library.names(category)
        if category == "interlayer":
            names = [*names, *FAMILY]
        material = self.one_of(names)
        given = {"material": material, "thickness": self.quantity("layer_thickness")}
        properties = self.properties(material)
        return {**given, "properties": properties} if properties else given

    def optional(self, *names: str) -> dict[str, str]:
        return {name: self.quantity(name) for name in names if self.chance(0.4)}

    def side(self) -> list[dict[str, Any]]:
        metal = self.layer("metal")
        if shelf().has_composition(metal["material"]):
            metal.update(self.optional("magnesium_fraction"))
        stack = [metal]
        for _ in range(int(self.rng.integers(MOST_INTERLAYERS + 1))):
            layer = self.layer("interlayer") | self.optional("particle_size", "porosity")
            layer["state"] = self.one_of(("formed", "pristine"))
            stack.append(layer)
        if self.chance(0.5):
            material = self.one_of(shelf().library.names("sei"))
            sei = {"material": material, "properties": self.properties(material)}
            if self.chance(0.5):
                sei["thickness"] = self.quantity("sei_thickness")
            stack[-1]["sei"] = sei
        return stack

    def limits(self) -> list[str]:
        names = ("step_capacity", "voltage_limit")
        return [self.quantity(name) for name in names if self.chance(0.3)]

    def drive(self) -> dict[str, Any]:
        kind = self.one_of(("rest", "plate", "strip", "current", "voltage", "power", "voltage"))
        duration = self.quantity("duration")
        if kind == "rest":
            return {"rest": duration}
        bound = {"plate": "current_magnitude", "strip": "current_magnitude"}.get(kind, kind)
        until = self.limits() if kind != "voltage" else []
        if kind == "voltage" and self.chance(0.5):
            until = [self.quantity("current_cutoff")]
        step = {kind: self.quantity(bound), "for": duration}
        return {**step, "until": until} if until else step

    def test(self) -> dict[str, Any]:
        common: dict[str, Any] = {"continue_after_short": self.chance(0.3)}
        common |= {"rest": self.quantity("duration")} if self.chance(0.3) else {}
        common |= self.optional("voltage_limit")
        if self.chance(0.5):
            common["half_cycle_time"] = self.quantity("duration")
        else:
            common["areal_capacity"] = self.quantity("step_capacity")
        if self.chance(0.5):
            cycles = int(self.rng.integers(1, 5))
            current = self.quantity("current_magnitude")
            return {"cycling": {"current": current, "cycles": cycles, **common}}
        sizes = sorted(set(self.rng.integers(1, 100, 4).tolist()))
        currents = [f"{0.05 * size!r} mA/cm2" for size in sizes]
        return {"ccd": {"currents": currents, **common}}

    def cell(self) -> dict[str, Any]:
        middle = [self.layer("electrolyte") for _ in range(int(self.rng.integers(1, 3)))]
        middle[0].update(self.optional("roughness"))
        items = [
            self.test() if self.chance(0.3) else self.drive()
            for _ in range(int(self.rng.integers(1, 5)))
        ]
        names = ("temperature", "stack_pressure", "area")
        return {
            "name": "random",
            **{name: self.quantity(name) for name in names},
            **self.optional("fixture_stiffness"),
            "layers": [*self.side(), *middle, *reversed(self.side())],
            "protocol": items,
        }


def random_cell(seed: int) -> Cell:
    """Return the random cell of a seed."""
    return Cell.read(Draw(seed).cell())
