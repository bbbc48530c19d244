"""What forms where two materials meet, against the potential of lithium.

At each potential the mixing ratio of the two is searched for the largest driving force, as in
Richards et al. (2016), doi 10.1021/acs.chemmater.5b04082, on pymatgen's grand potential
diagram. The driving force is per atom other than lithium, which the reservoir gives or takes. Only
ratios inside count: an end point is one material's own decomposition, which a metastable
electrolyte brings to every ratio; so the part beyond it is reported beside.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from interlith.errors import InputError, Problem
from interlith.thermo.formula import amounts, elements_of, per_formula_unit, reduced
from interlith.thermo.phases import ANIONS, Diagram, knowing, lithium_free
from interlith.thermo.solution import SOLUTION_NAMES
from interlith.thermo.spread import Spread, spread
from interlith.thermo.staircase import equilibrium, phase_name

if TYPE_CHECKING:
    from interlith.thermo.phases import Phases

SMALLEST_SHARE = 1e-4
HIGHEST_V = 6.0
# At exactly 0 V lithium metal itself joins the products; a hair above it does not.
ABOVE_LITHIUM_V = 1e-4
SMALLEST_ENERGY_EV = 1e-4


@dataclass(frozen=True, slots=True)
class Point:
    """What forms at one potential.

    Parameters
    ----------
    V
        Potential against lithium.
    products
        Phases at the mixing ratio of largest driving force, on the leading set.
    energy_eV_per_atom
        Driving force per atom other than lithium (negative: reacts), over all sets; what lithium
        does to each material alone included.
    mutual_eV_per_atom
        The part of it that both have only with each other, over all sets: the mutual reaction
        energy of Zhu, He and Mo (2016), doi 10.1039/C5TA08574H.
    alone_eV_per_atom
        What lithium's reservoir does to the second material alone, on the leading set.
    share
        Atoms of the first material among all but lithium at that ratio.
    conductors
        Products that conduct electrons: metals and alloys.
    """

    V: float
    products: tuple[str, ...]
    energy_eV_per_atom: Spread
    mutual_eV_per_atom: Spread
    alone_eV_per_atom: float
    share: float
    conductors: tuple[str, ...]

    @property
    def verdict(self) -> str:
        """Whether it can passivate (Wenzel et al. 2015, doi 10.1016/j.ssi.2015.06.001)."""
        if self.energy_eV_per_atom.value > -SMALLEST_ENERGY_EV:
            return "no reaction"
        if self.conductors:
            return f"does not passivate: {', '.join(self.conductors)} conduct electrons"
        return "can passivate: no product is a metal"


@dataclass(frozen=True, slots=True)
class Stability:
    """Range of potential in which a product is at equilibrium with lithium's reservoir."""

    phase: str
    low_V: float
    high_V: float
    sets_low_V: tuple[float, float]
    reduced_to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Interface:
    """What forms between two materials over a range of potential."""

    metal: str
    electrolyte: str
    points: tuple[Point, ...]
    products: tuple[Stability, ...]
    findings: tuple[str, ...]
    sets: tuple[str, ...]
    sources: tuple[str, ...]
    filled: tuple[str, ...]


def interface(phases: Phases, metal: str, electrolyte: str, potential: Any = 0.0) -> Interface:
    """Return what forms between two materials.

    Parameters
    ----------
    phases
        The table and its sets.
    metal, electrolyte
        Formulas. The first may be lithium itself: what it makes of the second.
    potential
        One potential against lithium or several [V].

    Raises
    ------
    InputError
        An element without energies, the same material twice, lithium as the second, a potential
        out of range.
    """
    wanted = (
        [float(v) for v in potential] if isinstance(potential, Iterable) else [float(potential)]
    )
    if not wanted or not all(0.0 <= v <= HIGHEST_V for v in wanted):
        raise InputError(Problem("", "potential", str(potential), f"0 to {HIGHEST_V:g} V"))
    if reduced(metal) == reduced(electrolyte):
        raise InputError(Problem("", "electrolyte", electrolyte, "another material than the first"))
    if not lithium_free(electrolyte):
        expected = "a material with more than lithium; lithium itself comes first"
        raise InputError(Problem("", "electrolyte", electrolyte, expected))
    diagrams = knowing(phases.diagrams(metal, electrolyte), metal, electrolyte)
    points = tuple(_point(diagrams, metal, electrolyte, v) for v in wanted)
    names = sorted({name for point in points for name in point.products})
    touched = elements_of(metal) | elements_of(electrolyte)
    candidates = {
        name
        for name in diagrams[0].values
        if lithium_free(name).keys() & (elements_of(metal) - elements_of(electrolyte) - ANIONS)
        and lithium_free(name).keys() & ANIONS
        and elements_of(name) <= touched | {"Li"}
    }
    stable = tuple(
        entry
        for name in sorted({*names, *_seen_on_hull(diagrams[0], candidates)})
        if (entry := _stability(phases, name)) is not None
    )
    used = {diagrams[0].values[name].source for name in names if name in diagrams[0].values}
    return Interface(
        metal,
        electrolyte,
        points,
        stable,
        _findings(metal, electrolyte, stable),
        tuple(diagram.rule.name for diagram in diagrams),
        tuple(sorted(used)),
        diagrams[0].filled({*names, reduced(metal), reduced(electrolyte)}),
    )


def _point(diagrams: tuple[Diagram, ...], metal: str, electrolyte: str, asked_V: float) -> Point:
    potential = max(asked_V, ABOVE_LITHIUM_V)
    found = {d.rule.name: _reaction(d, metal, electrolyte, potential) for d in diagrams}
    own = {d.rule.name: _rests_on_measured(d, metal, electrolyte) for d in diagrams}
    lead = found[diagrams[0].rule.name]
    products = _products(diagrams[0], metal, electrolyte, lead.share, potential)
    return Point(
        V=asked_V,
        products=products,
        energy_eV_per_atom=spread(
            {name: (one.mutual + one.alone, own[name], 0.0) for name, one in found.items()},
            leading=True,
        ),
        mutual_eV_per_atom=spread(
            {name: (one.mutual, own[name], 0.0) for name, one in found.items()}, leading=True
        ),
        alone_eV_per_atom=lead.second_alone,
        share=lead.share,
        conductors=tuple(name for name in products if _is_metal(name)),
    )


@dataclass(frozen=True, slots=True)
class _Reaction:
    """On one set, per atom other than lithium: both alone, with each other, and the share."""

    mutual: float
    alone: float
    second_alone: float
    share: float


def _reaction(diagram: Diagram, metal: str, electrolyte: str, potential: float) -> _Reaction:
    """Return the driving force at the ratio at which the part beyond both alone is largest.

    The kinks of the driving force along the mixing line are where it crosses a tie-line of the
    hull, so only they are looked at.
    """
    from pymatgen.core import Composition

    grand = _grand_diagram(diagram, potential)
    if not lithium_free(metal):
        alone = _alone(grand, diagram, electrolyte, potential)
        return _Reaction(0.0, alone, alone, 0.0)
    first, second = (Composition(lithium_free(name)) for name in (metal, electrolyte))
    own = [_grand_energy(diagram, name, potential) for name in (metal, electrolyte)]
    hull = [float(grand.get_hull_energy_per_atom(end)) for end in (first, second)]
    start = [hull[i] if (found := own[i]) is None else found for i in (0, 1)]
    if first.reduced_composition == second.reduced_composition:
        alone = min(hull[0] - start[0], hull[1] - start[1])
        return _Reaction(0.0, alone, hull[1] - start[1], 0.5)
    a, b = first.fractional_composition, second.fractional_composition
    best = (0.0, 0.5)
    for kink in grand.get_critical_compositions(a, b):
        share = _share(kink, a, b)
        if SMALLEST_SHARE < share < 1.0 - SMALLEST_SHARE:
            apart = share * hull[0] + (1.0 - share) * hull[1]
            best = min(best, (float(grand.get_hull_energy_per_atom(kink)) - apart, share))
    mutual, share = best
    alone = share * (hull[0] - start[0]) + (1.0 - share) * (hull[1] - start[1])
    return _Reaction(mutual, alone, hull[1] - start[1], share)


def _grand_diagram(diagram: Diagram, potential: float) -> Any:
    from pymatgen.analysis.phase_diagram import GrandPotentialPhaseDiagram
    from pymatgen.core import Element

    entries = list(diagram.hull.stable_entries)
    return GrandPotentialPhaseDiagram(entries, {Element("Li"): -potential})


def _alone(grand: Any, diagram: Diagram, formula: str, potential: float) -> float:
    """Return what the reservoir of lithium does to one material [eV per other atom]."""
    from pymatgen.core import Composition

    hull = float(grand.get_hull_energy_per_atom(Composition(lithium_free(formula))))
    own = _grand_energy(diagram, formula, potential)
    return 0.0 if own is None else hull - own


def _share(kink: Any, first: Any, second: Any) -> float:
    """Return the fraction of the first end of the mixing line at a composition on it."""
    whole = kink.fractional_composition
    spans = {e: first[e] - second[e] for e in {*first.elements, *second.elements}}
    element = max(spans, key=lambda e: abs(spans[e]))
    return float((whole[element] - second[element]) / spans[element])


def _grand_energy(diagram: Diagram, formula: str, potential: float) -> float | None:
    """Return G + U n_Li per atom other than lithium [eV]; None for a formula without energy."""
    free = lithium_free(formula)
    total = sum(free.values())
    if len(free) == 1 and "Li" not in elements_of(formula):
        return 0.0
    value = diagram.values.get(reduced(formula))
    if value is None:
        return None
    units = per_formula_unit(formula)
    return (value.energy_eV * units + potential * amounts(formula).get("Li", 0.0)) / total


def _rests_on_measured(diagram: Diagram, metal: str, electrolyte: str) -> bool:
    return all(
        diagram.is_measured(reduced(name)) and _grand_energy(diagram, name, 0.0) is not None
        for name in (metal, electrolyte)
        if lithium_free(name)
    )


def _products(
    diagram: Diagram, metal: str, electrolyte: str, share: float, potential: float
) -> tuple[str, ...]:
    host: dict[str, float] = {}
    for name, part in ((metal, share), (electrolyte, 1.0 - share)):
        atoms = lithium_free(name)
        total = sum(atoms.values())
        for symbol, n in atoms.items():
            host[symbol] = host.get(symbol, 0.0) + part * n / total
    found = equilibrium(diagram.hull, host, potential)
    return tuple(sorted({name for name, n, _ in found if n > 1e-6}))


def _seen_on_hull(diagram: Diagram, names: set[str]) -> set[str]:
    stable = {phase_name(entry) for entry in diagram.hull.stable_entries}
    return names & stable


def _is_metal(name: str) -> bool:
    """Return whether a phase is a solution of metals, or has no anion."""
    return name in SOLUTION_NAMES or not elements_of(name) & ANIONS


def _stability(phases: Phases, name: str) -> Stability | None:
    """Return where a product neither takes nor gives lithium; None for solutions and elements."""
    if _is_metal(name) or len(elements_of(name)) < 2:
        return None
    found = phases.window(name)
    edges = list(found.by_set.values())
    lead = edges[0]
    if not found.known or not lead.exists:
        return None
    low = [edge.low_V for edge in edges if edge.exists]
    return Stability(name, lead.low_V, lead.high_V, (min(low), max(low)), lead.reduced_to)


def _findings(metal: str, electrolyte: str, stable: tuple[Stability, ...]) -> tuple[str, ...]:
    """Return in plain words which products with the metal lithium reduces, and what that means."""
    new = elements_of(metal) - elements_of(electrolyte) - {"Li"} - ANIONS
    found = []
    for entry in stable:
        if not elements_of(entry.phase) & new or entry.low_V < 0.02:
            continue
        low, high = entry.sets_low_V
        found.append(
            f"{entry.phase} is not at equilibrium below {entry.low_V:.2f} V against lithium "
            f"({low:.2f} to {high:.2f} V over the sets): lithium reduces it to "
            f"{' + '.join(entry.reduced_to)}."
        )
    if found:
        bound = "-".join(sorted(new))
        found.append(
            f"So an interphase with {bound} bound to the electrolyte's anions is not the "
            "equilibrium state against lithium metal. If it is there at 0 V, it was formed while "
            "the interlayer was still above these potentials and is kept by slow kinetics, or the "
            "metal in it is reduced and may conduct electrons. An interlayer should therefore be "
            "judged at the potential that it holds at the electrolyte, not at 0 V."
        )
    return tuple(found)
