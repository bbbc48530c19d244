"""Candidates for an interlayer beside one another: reaction, reduction, ladder, solubility.

No single number ranks them. The table holds five that the literature argues with, each with its
source, and the Pareto set names the candidates that no other beats in all of those that are known.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from interlith.thermo.formula import composition, elements_of
from interlith.thermo.phases import ANIONS
from interlith.thermo.spread import Spread

if TYPE_CHECKING:
    from interlith.materials.library import Library
    from interlith.thermo.phases import Phases

METALS = (
    "Mg",
    "Zn",
    "Al",
    "Ag",
    "Sn",
    "In",
    "Bi",
    "Sb",
    "Si",
    "Au",
    "Ga",
    "Ca",
    "Na",
    "W",
    "Ge",
    "Y",
)
COMPOUNDS = ("LiF", "Li3N", "MgF2", "AlF3", "ZnO", "SnF2", "BiOCl", "Mg3Bi2", "Al2O3", "Li3Bi")
REACTION_POTENTIAL_V = 0.8
PHASE_ANION_ORDER = ("S", "O", "Cl", "Br", "I", "F")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One candidate; what is not known is None.

    Parameters
    ----------
    reaction_eV_per_atom, mutual_eV_per_atom
        Driving force against the electrolyte at the potential of the screening, and the part of it
        beyond what each does alone [eV per atom other than lithium], over all sets.
    anion_compound, anion_reduction_V
        The candidate's compound with the electrolyte's anion, and the potential below which lithium
        reduces it: the lower, the longer an interphase of it lasts.
    first_step_V, capacity_mAh_g, swelling
        Of the lithiation ladder.
    solubility_in_lithium, migration_barrier_eV
        From the materials library.
    """

    formula: str
    products: tuple[str, ...]
    reaction_eV_per_atom: Spread
    mutual_eV_per_atom: Spread
    anion_compound: str | None
    anion_reduction_V: Spread | None
    first_step_V: Spread | None
    capacity_mAh_g: float
    swelling: float | None
    solubility_in_lithium: float | None
    migration_barrier_eV: float | None
    sources: dict[str, str]


@dataclass(frozen=True, slots=True)
class Screening:
    """The table of candidates and its Pareto set."""

    electrolyte: str
    potential_V: float
    candidates: tuple[Candidate, ...]
    pareto: tuple[str, ...]


def screen(
    phases: Phases,
    electrolyte: str,
    candidates: Sequence[str] = (*METALS, *COMPOUNDS),
    potential_V: float = REACTION_POTENTIAL_V,
    library: Library | None = None,
    progress: Callable[[str], None] | None = None,
) -> Screening:
    """Return the candidates beside one another.

    Parameters
    ----------
    phases
        The table and its sets.
    electrolyte
        Formula.
    candidates
        Formulas of metals and compounds.
    potential_V
        Potential against lithium at which the reaction is taken; 0.8 V is where bismuth holds it.
    library
        Where solubility and migration barrier are looked up.
    progress
        Called with each formula.

    Raises
    ------
    InputError
        An element without energies.
    """
    found = []
    for formula in candidates:
        if progress:
            progress(formula)
        found.append(_candidate(phases, electrolyte, formula, potential_V, library))
    return Screening(electrolyte, potential_V, tuple(found), _pareto(found))


def _candidate(
    phases: Phases, electrolyte: str, formula: str, potential_V: float, library: Library | None
) -> Candidate:
    meeting = phases.interface(formula, electrolyte, potential_V)
    point = meeting.points[0]
    ladder = phases.voltage_profile(formula)
    first = next((step for step in ladder.steps if step.x_to - step.x_from > 0.05), None)
    partner = _anion_compound(phases, electrolyte, formula)
    reduction = None if partner is None else phases.window(partner).low
    sources = {
        "reaction": "; ".join(phases.source(key).line() for key in meeting.sources),
        "ladder": "; ".join(phases.source(key).line() for key in (first.sources if first else ())),
    }
    if partner is not None:
        sources["anion_reduction"] = "; ".join(
            phases.source(row.source).line() for row in phases.energies(partner)[:1]
        )
    solubility = _from_library(library, formula, "solubility_in_lithium", sources)
    barrier = _from_library(library, formula, "migration_barrier", sources)
    return Candidate(
        formula,
        point.products,
        point.energy_eV_per_atom,
        point.mutual_eV_per_atom,
        partner,
        reduction,
        first.potential if first else None,
        ladder.capacity_mAh_g,
        ladder.swelling,
        solubility,
        barrier,
        sources,
    )


def _anion_compound(phases: Phases, electrolyte: str, formula: str) -> str | None:
    """Return the most stable binary of the candidate's metal with the electrolyte's main anion."""
    metals = sorted(elements_of(formula) - ANIONS - {"Li"})
    anion = next((a for a in PHASE_ANION_ORDER if a in elements_of(electrolyte)), None)
    if not metals or anion is None:
        return None
    best = (0.0, "")
    for metal in metals:
        for entry in phases.diagrams(metal, anion)[0].hull.stable_entries:
            if {str(e) for e in entry.composition.elements} == {metal, anion}:
                per_anion = float(entry.energy) / float(entry.composition[anion])
                best = min(best, (per_anion, str(entry.name)))
    return best[1] or None


def _from_library(
    library: Library | None, formula: str, name: str, sources: dict[str, str]
) -> float | None:
    if library is None or len(composition(formula)) != 1:
        return None
    material = f"{formula}-particle"
    if material not in library.names() or name not in library[material].properties:
        return None
    found = library[material][name]
    sources[name] = f"{found.kind}: {found.source_line()}"
    unit = 1.602176634e-19 if name == "migration_barrier" and found.unit == "J" else 1.0
    return found.value / unit


def _pareto(candidates: Sequence[Candidate]) -> tuple[str, ...]:
    """Return who is beaten by nobody: less driving force, lower reduction, less swelling.

    Solubility and mobility count where both of a pair have them.
    """

    def losses(one: Candidate) -> tuple[float | None, ...]:
        return (
            -one.mutual_eV_per_atom.value,
            one.anion_reduction_V.value if one.anion_reduction_V else None,
            one.swelling,
            None if one.solubility_in_lithium is None else -one.solubility_in_lithium,
            one.migration_barrier_eV,
        )

    def beats(one: Candidate, other: Candidate) -> bool:
        pairs = [
            (a, b)
            for a, b in zip(losses(one), losses(other), strict=True)
            if a is not None and b is not None
        ]
        enough = all(
            a is not None or b is None for a, b in zip(losses(one), losses(other), strict=True)
        )
        return enough and all(a <= b for a, b in pairs) and any(a < b - 1e-9 for a, b in pairs)

    return tuple(
        one.formula for one in candidates if not any(beats(other, one) for other in candidates)
    )
