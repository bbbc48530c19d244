"""Lithium content of a host against potential, at equilibrium with a lithium reservoir.

At a potential U against lithium the chemical potential of lithium is -U, and the phases are those
of least grand potential Φ = G - μ_Li n_Li at the host's content of all other elements (Ong et al.
2008, doi 10.1021/cm702327g).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pymatgen.analysis.phase_diagram import PhaseDiagram

HIGHEST_POTENTIAL_V = 8.0
SAME_V = 1e-6


@dataclass(frozen=True, slots=True)
class Stair:
    """One range of potential with the same phases.

    Parameters
    ----------
    low_V, high_V
        Range of potential against lithium [V].
    lithium
        Lithium per unit of the host.
    phases
        Name and amount of each phase per unit of the host.
    """

    low_V: float
    high_V: float
    lithium: float
    phases: tuple[tuple[str, float], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the phases, sorted."""
        return tuple(sorted({name for name, _ in self.phases}))


def staircase(hull: PhaseDiagram, host: dict[str, float]) -> list[Stair]:
    """Return the stairs from high potential to 0 V.

    Parameters
    ----------
    hull
        Phase diagram with lithium, elements at zero energy.
    host
        Atoms of every other element per unit.
    """
    from pymatgen.core import Element

    turns = {
        round(-float(mu), 9)
        for mu in hull.get_transition_chempots(Element("Li"))
        if SAME_V < -mu < HIGHEST_POTENTIAL_V
    }
    edges = [HIGHEST_POTENTIAL_V, *sorted(turns, reverse=True), 0.0]
    ranges = [(a, b) for a, b in pairwise(edges) if a - b >= SAME_V]
    seen: dict[int, Stair] = {}

    def look(at: int) -> Stair:
        if at not in seen:
            high, low = ranges[at]
            found = equilibrium(hull, host, 0.5 * (high + low))
            content = sum(n * lithium for _, n, lithium in found)
            seen[at] = Stair(low, high, content, _merged(found))
        return seen[at]

    stairs: list[Stair] = []
    for stair in _different(look, 0, len(ranges) - 1):
        if stairs and _same(stairs[-1], stair):
            stairs[-1] = replace(stairs[-1], low_V=stair.low_V)
        else:
            stairs.append(stair)
    return stairs


def _different(look: Callable[[int], Stair], first: int, last: int) -> list[Stair]:
    """Return the stairs of a range; where both ends have the same phases, so has all between.

    (Lithium content never falls as the potential does.)
    """
    if last - first < 2 or _same(look(first), look(last)):
        return [look(first), look(last)] if last > first else [look(first)]
    middle = (first + last) // 2
    return [*_different(look, first, middle), *_different(look, middle, last)]


def equilibrium(
    hull: PhaseDiagram, host: dict[str, float], potential_V: float
) -> list[tuple[str, float, float]]:
    """Return (phase, amount, lithium a unit of it) of least grand potential per unit of host."""
    from pymatgen.analysis.phase_diagram import GrandPotentialPhaseDiagram
    from pymatgen.core import Composition, Element

    lithium = Element("Li")
    grand = GrandPotentialPhaseDiagram(list(hull.stable_entries), {lithium: -potential_V})
    total = sum(host.values())
    found = []
    for entry, share in grand.get_decomposition(Composition(host)).items():
        original: Any = entry.original_entry
        others = sum(n for e, n in original.composition.items() if e != lithium)
        units = float(share) * total / float(others)
        if units > 1e-8:
            found.append((phase_name(original), units, float(original.composition[lithium])))
    return found


def phase_name(entry: Any) -> str:
    """Return the name of a phase: that of its solution, or its formula."""
    return str(getattr(entry, "attribute", None) or entry.name)


def _merged(phases: list[tuple[str, float, float]]) -> tuple[tuple[str, float], ...]:
    merged: dict[str, float] = {}
    for name, n, _ in phases:
        merged[name] = merged.get(name, 0.0) + n
    return tuple(sorted(merged.items()))


def _same(one: Stair, other: Stair) -> bool:
    return one.names == other.names and abs(one.lithium - other.lithium) < 1e-6
