"""The window of an electrolyte: the potentials at which it neither takes nor gives lithium.

A metastable electrolyte decomposes without lithium too; its window is then that of the phases it
decomposes to, as in Zhu, He and Mo (2015), doi 10.1021/acsami.5b07517.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from interlith.errors import MaterialError
from interlith.thermo.formula import amounts, reduced
from interlith.thermo.phases import Diagram, knowing, lithium_free
from interlith.thermo.spread import Spread, spread
from interlith.thermo.staircase import Stair, staircase

if TYPE_CHECKING:
    from interlith.thermo.phases import Phases

SAME_LITHIUM = 1e-3


@dataclass(frozen=True, slots=True)
class Edges:
    """The window on one set: both edges, what forms beyond them, and the decomposition inside."""

    low_V: float
    high_V: float
    reduced_to: tuple[str, ...]
    inside: tuple[str, ...]
    oxidised_to: tuple[str, ...]
    energy_above_hull_eV_per_atom: float | None
    exists: bool


@dataclass(frozen=True, slots=True)
class Window:
    """The stability window of an electrolyte over all sets."""

    electrolyte: str
    low: Spread
    high: Spread
    by_set: dict[str, Edges]
    sources: tuple[str, ...]
    filled: tuple[str, ...]
    known: bool
    stairs: tuple[Stair, ...]

    @property
    def leading(self) -> Edges:
        """The window on the most faithful set, for the names of the products."""
        return next(iter(self.by_set.values()))


def window(phases: Phases, electrolyte: str) -> Window:
    """Return the window of an electrolyte.

    Parameters
    ----------
    phases
        The table and its sets.
    electrolyte
        Formula. Without an energy of its own, it is taken to lie on the hull of its competing
        phases, and `known` is False.

    Raises
    ------
    InputError
        An element without energies.
    MaterialError
        No lithium-free part, so that no window is defined.
    """
    if not lithium_free(electrolyte):
        raise MaterialError(f"{electrolyte} is lithium itself: it has no window")
    diagrams = knowing(phases.diagrams(electrolyte), electrolyte)
    edges: dict[str, Edges] = {}
    low: dict[str, tuple[float, bool, float]] = {}
    high: dict[str, tuple[float, bool, float]] = {}
    used: set[str] = set()
    filled: set[str] = set()
    leading: tuple[Stair, ...] = ()
    for diagram in diagrams:
        stairs = staircase(diagram.hull, lithium_free(electrolyte))
        found = _edges(diagram, electrolyte, stairs)
        edges[diagram.rule.name] = found
        leading = leading or tuple(stairs)
        name = reduced(electrolyte)
        for target, edge, products in (
            (low, found.low_V, found.reduced_to),
            (high, found.high_V, found.oxidised_to),
        ):
            touched = {*products, *found.inside, name}
            own = all(diagram.is_measured(phase) for phase in touched) and name in diagram.values
            target[diagram.rule.name] = (edge, own, 0.0)
            filled |= set(diagram.filled(touched))
            used |= {diagram.values[p].source for p in touched if p in diagram.values}
    known = any(reduced(electrolyte) in diagram.values for diagram in diagrams)
    return Window(
        electrolyte,
        spread(low),
        spread(high),
        edges,
        tuple(sorted(used)),
        tuple(sorted(filled)),
        known,
        leading,
    )


def _edges(diagram: Diagram, electrolyte: str, stairs: list[Stair]) -> Edges:
    target = amounts(electrolyte).get("Li", 0.0)
    tolerance = SAME_LITHIUM * max(target, 1.0)
    flat = [i for i, s in enumerate(stairs) if abs(s.lithium - target) < tolerance]
    value = diagram.values.get(reduced(electrolyte))
    above = None if value is None else _above_hull(diagram, electrolyte, value.energy_eV)
    if flat:
        first, last = flat[0], flat[-1]
        return Edges(
            low_V=stairs[last].low_V,
            high_V=stairs[first].high_V,
            reduced_to=stairs[last + 1].names if last + 1 < len(stairs) else (),
            inside=stairs[first].names,
            oxidised_to=stairs[first - 1].names if first else (),
            energy_above_hull_eV_per_atom=above,
            exists=True,
        )
    # No flat part: lithium content passes the electrolyte's own at one potential.
    after = next((i for i, s in enumerate(stairs) if s.lithium > target), len(stairs) - 1)
    edge = stairs[after].high_V
    before = stairs[after - 1].names if after else ()
    return Edges(edge, edge, stairs[after].names, (), before, above, False)


def _above_hull(diagram: Diagram, formula: str, energy_eV: float) -> float:
    from interlith.thermo.formula import composition, per_formula_unit

    whole = composition(formula)
    atoms = float(whole.num_atoms) / per_formula_unit(formula)
    hull = float(diagram.hull.get_hull_energy_per_atom(whole))
    return max(energy_eV / atoms - hull, 0.0)
