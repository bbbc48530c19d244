"""Consistent sets: one energy a compound, all on one scale, with what was filled in and how.

A set takes its own values from its sources, in order. What it lacks is filled in through a
*reaction energy* of another scale, never through a formation energy: the compound is decomposed, on
the other scale, into compounds that both have, and only the difference is taken over,

    E_set(c) = Σ ν_i E_set(i) + [E_other(c) - Σ ν_i E_other(i)],

since errors of a scale largely cancel between similar compounds. Every value filled in is named in
the results.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from interlith.thermo.energies import USER, Energy, EnergySource
from interlith.thermo.formula import amounts, elements_of

UNCERTAINTY_EMF_EV = 0.01  # assumed, where the source states none


@dataclass(frozen=True, slots=True)
class SetRule:
    """The sources of a set, in order, and those that fill its gaps."""

    name: str
    own: tuple[str, ...]
    fills: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Value:
    """Energy of one compound within a set.

    Parameters
    ----------
    formula
        Reduced formula.
    energy_eV
        Gibbs energy of formation at 298.15 K per formula unit.
    source
        Key of the source.
    measured
        Whether it rests on experiment alone.
    filled
        Whether it was filled in through a reaction energy.
    uncertainty_eV
        As stated by the source; None if it states none.
    """

    formula: str
    energy_eV: float
    source: str
    measured: bool
    filled: bool = False
    uncertainty_eV: float | None = None


def rules(sources: Iterable[EnergySource]) -> tuple[SetRule, ...]:
    """Return the sets that the sources at hand allow, the most faithful first."""
    known = list(sources)
    measured = [source.key for source in known if source.measured]
    assessed = [source.key for source in known if source.assessed]
    tables = [key for key in reversed(measured) if key not in assessed and key != USER]
    first = [key for key in measured if key == USER]
    models = [source.key for source in known if not source.measured]
    found = []
    if measured:
        found.append(
            # EMF, then CALPHAD, then tables; in the next CALPHAD, then tables in reverse, then EMF.
            SetRule("measured", tuple(measured), tuple(models))
        )
        found.append(
            SetRule(
                "measured, other sources first",
                tuple(first + assessed + tables),
                tuple(models),
            )
        )
    for model in models:
        others = tuple(key for key in models if key != model)
        found.append(SetRule(model, (*first, model), others))
    return tuple(found)


def resolve(
    rule: SetRule, rows: Sequence[Energy], sources: dict[str, EnergySource]
) -> dict[str, Value]:
    """Return one value a compound for the rows of one chemical system.

    Parameters
    ----------
    rule
        Which sources, in which order.
    rows
        Rows of the table whose elements lie in the system; rejected ones are skipped.
    sources
        All sources by key.
    """
    usable = [row for row in rows if not row.rejected]
    found: dict[str, Value] = {}
    for key in rule.own:
        for row in usable:
            if row.source == key and row.formula not in found and not row.relative_to:
                found[row.formula] = _own(row, sources[key])
    for key in (*rule.own, *rule.fills):
        for row in usable:
            if row.source == key and row.relative_to:
                _fill_relative(row, found)
    for key in rule.fills:
        _fill_anchored([row for row in usable if row.source == key and not row.relative_to], found)
    # Anchors that were filled in themselves.
    for row in usable:
        if row.source in (*rule.own, *rule.fills) and row.relative_to:
            _fill_relative(row, found)
    return found


def covers(rule: SetRule, elements: frozenset[str], rows: Sequence[Energy]) -> bool:
    """Return whether the set has values of its own for every element but lithium."""
    own = [row for row in rows if row.source in rule.own and not row.rejected]
    seen = frozenset().union(*(elements_of(row.formula) for row in own)) if own else frozenset()
    return elements - {"Li"} <= seen


def _own(row: Energy, source: EnergySource) -> Value:
    uncertainty = row.uncertainty_eV
    if uncertainty is None and row.kind == "EMF":
        uncertainty = UNCERTAINTY_EMF_EV
    return Value(row.formula, row.gibbs_eV, row.source, source.measured, False, uncertainty)


def _fill_relative(row: Energy, found: dict[str, Value]) -> None:
    if row.formula in found:
        return
    if all(name in found for name, _ in row.relative_to):
        base = sum(amount * found[name].energy_eV for name, amount in row.relative_to)
        found[row.formula] = Value(row.formula, base + row.gibbs_eV, row.source, False, True)


def _fill_anchored(rows: Sequence[Energy], found: dict[str, Value]) -> None:
    """Fill in what `found` lacks; anchors are the compounds that both scales have."""
    scale = {name: next(group) for name, group in groupby(_sorted(rows), lambda row: row.formula)}
    anchors = [row for name, row in scale.items() if name in found and not found[name].filled]
    for name, row in scale.items():
        if name not in found:
            energy = _anchored(row, anchors, found)
            found[name] = Value(name, energy, row.source, False, True)


def _sorted(rows: Sequence[Energy]) -> list[Energy]:
    return sorted(rows, key=lambda row: (row.formula, row.gibbs_eV))


def _anchored(row: Energy, anchors: Sequence[Energy], found: dict[str, Value]) -> float:
    from scipy.optimize import linprog

    target = amounts(row.formula)
    usable = [a for a in anchors if elements_of(a.formula) <= target.keys()]
    names = [a.formula for a in usable]
    symbols = list(target)
    matrix = np.array(
        [[amounts(name).get(symbol, 0.0) for name in names] for symbol in symbols], dtype=float
    ).reshape(len(symbols), len(names))
    balance = np.hstack([matrix, np.eye(len(symbols))])
    other = np.array([a.gibbs_eV for a in usable] + [0.0] * len(symbols))
    ours = np.array([found[name].energy_eV for name in names] + [0.0] * len(symbols))
    result = linprog(other, A_eq=balance, b_eq=[target[s] for s in symbols], method="highs")
    parts = np.asarray(result.x)
    return float(row.gibbs_eV + parts @ (ours - other))
