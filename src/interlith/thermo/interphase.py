"""What lithium makes of an electrolyte at one potential: phases, amounts, and down to where.

The same minimum as in `staircase.py`, with the electrolyte as host: the composition that its
interphase would have at equilibrium. Kinetics may keep it from getting there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from interlith.errors import InputError, Problem
from interlith.thermo.formula import amounts
from interlith.thermo.phases import knowing, lithium_free
from interlith.thermo.spread import Spread, spread
from interlith.thermo.staircase import Stair, staircase

if TYPE_CHECKING:
    from interlith.thermo.phases import Phases

SMALLEST_UPTAKE = 1e-3


@dataclass(frozen=True, slots=True)
class Interphase:
    """The phases that lithium makes of an electrolyte.

    Parameters
    ----------
    electrolyte
        Formula.
    potential_V
        Potential against lithium.
    phases
        Formula units of each phase per formula unit of the electrolyte, on the leading set.
    lithium
        Lithium taken up per formula unit of the electrolyte.
    reduction_V
        Potential down to which these phases stay, over all sets.
    agreeing, sets
        Sets with the same phases, and all sets.
    sources
        Of the energies of the phases, on the leading set.
    """

    electrolyte: str
    potential_V: float
    phases: Mapping[str, float]
    lithium: float
    reduction_V: Spread
    agreeing: tuple[str, ...]
    sets: tuple[str, ...]
    sources: tuple[str, ...]

    @property
    def products(self) -> str:
        """The phases with their amounts, the most abundant first, such as ``5 Li2S + LiCl``."""
        found = sorted(self.phases.items(), key=lambda pair: (-pair[1], pair[0]))
        return " + ".join(_times(n, name) for name, n in found)

    @property
    def reaction(self) -> str:
        """The reaction in one line."""
        return f"{self.electrolyte} + {_times(self.lithium, 'Li')} -> {self.products}"


def interphase(phases: Phases, electrolyte: str, potential_V: float = 0.0) -> Interphase:
    """Return what lithium makes of an electrolyte at a potential.

    Parameters
    ----------
    phases
        The table and its sets.
    electrolyte
        Formula.
    potential_V
        Potential against lithium [V].

    Raises
    ------
    InputError
        Lithium does not reduce the electrolyte at this potential; an element without energies.
    """
    host = lithium_free(electrolyte)
    if not host:
        raise InputError(Problem("", "electrolyte", electrolyte, "a material with an anion"))
    diagrams = knowing(phases.diagrams(electrolyte), electrolyte)
    stairs = {d.rule.name: _at(staircase(d.hull, host), potential_V) for d in diagrams}
    leading = stairs[diagrams[0].rule.name]
    taken = leading.lithium - amounts(electrolyte).get("Li", 0.0)
    if taken < SMALLEST_UPTAKE:
        expected = f"a potential at which lithium reduces {electrolyte}"
        raise InputError(Problem("", "potential", f"{potential_V:g} V", expected))
    values = diagrams[0].values
    own = {d.rule.name: all(map(d.is_measured, stairs[d.rule.name].names)) for d in diagrams}
    return Interphase(
        electrolyte=electrolyte,
        potential_V=potential_V,
        phases=dict(leading.phases),
        lithium=taken,
        reduction_V=spread({n: (s.low_V, own[n], 0.0) for n, s in stairs.items()}, leading=True),
        agreeing=tuple(name for name, s in stairs.items() if s.names == leading.names),
        sets=tuple(stairs),
        sources=tuple(sorted({values[name].source for name in leading.names if name in values})),
    )


def _at(stairs: list[Stair], potential_V: float) -> Stair:
    """Return the stair at a potential; at a step, the one with more lithium."""
    return next(stair for stair in reversed(stairs) if potential_V <= stair.high_V)


def _times(amount: float, name: str) -> str:
    return name if abs(amount - 1.0) < 1e-6 else f"{amount:.4g} {name}"
