"""What a user asks for: quantities as text or SI numbers, metals by name; all problems at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from interlith.errors import InputError, Problem, QuantityError, near_matches
from interlith.materials import Library, Material
from interlith.units import format_si, to_si

CATEGORY = "mobile"

# field -> dimension and bounds in SI, wider than anything sensible: they catch slips of a unit
BOUNDS: dict[str, tuple[str, float, float]] = {
    "radius": ("length", 1e-9, 1e-2),
    "particle_size": ("length", 2e-9, 2e-2),
    "time_step": ("time", 1e-6, 1e9),
    "time": ("time", 1e-6, 1e9),
    "temperature": ("temperature", 150.0, 800.0),
    "potential": ("voltage", -0.5, 5.0),
    "front_mobility": ("velocity", 1e-18, 1.0),
}
COUNTS: dict[str, tuple[int, int]] = {
    "steps": (1, 1_000_000),
    "samples": (10, 100_000),
    "seed": (0, 2**32 - 1),
}


@dataclass
class Asked:
    """Reads the arguments of a call and collects what is wrong with them."""

    library: Library
    problems: list[Problem] = field(default_factory=list)

    def quantity(self, name: str, given: str | float) -> float:
        """Return an SI number within its bounds, or nan after noting the problem."""
        dimension, low, high = BOUNDS[name]
        expected = f"{format_si(low, dimension)} to {format_si(high, dimension)}"
        try:
            value = float(given) if isinstance(given, int | float) else to_si(given, dimension)
        except QuantityError as error:
            self.problems.append(error.at("", name))
            return float("nan")
        if not low <= value <= high:
            self.problems.append(Problem("", name, str(given), expected))
        return value

    def count(self, name: str, given: int) -> int:
        """Return a whole number within its bounds, or the lowest after noting the problem."""
        low, high = COUNTS[name]
        if not low <= given <= high or int(given) != given:
            expected = f"a whole number from {low} to {high}"
            self.problems.append(Problem("", name, str(given), expected))
            return low
        return given

    def metal(self, name: str) -> Material | None:
        """Return the material of a metal, by formula or by its name in the library."""
        known = movable(self.library)
        if name in known:
            return known[name]
        by_name = {material.name: material for material in known.values()}
        if name in by_name:
            return by_name[name]
        near = near_matches(name, [*known, *by_name])
        hint = f"; did you mean {near[0]}?" if near else ""
        expected = "one of " + ", ".join(known) + hint
        self.problems.append(Problem("", "metal", name or "''", expected))
        return None

    def metals(self, names: Iterable[str]) -> list[Material]:
        """Return the materials of several different metals."""
        found = [self.metal(name) for name in names]
        there = [material for material in found if material is not None]
        if not found:
            self.problems.append(Problem("", "metal", "", "at least one"))
        if len({material.name for material in there}) < len(there):
            twice = next(m.formula for m in there if there.count(m) > 1)
            self.problems.append(Problem("", "metal", twice, "each metal once"))
        return there

    def refuse(self) -> None:
        """Raise InputError if anything was wrong."""
        if self.problems:
            raise InputError(self.problems)


def movable(library: Library) -> dict[str, Material]:
    """Return the metals (and compounds) whose particles are known, by formula."""
    materials = [library[name] for name in library.names(CATEGORY)]
    return {material.formula: material for material in materials}
