"""Rows that other rooms answer with an error bar of their own: barriers, ladders, mobility."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from interlith.reproduce.studies import Given, Study, row_of

if TYPE_CHECKING:
    from interlith.calibration.draws import Sample
    from interlith.thermo.voltage import VoltageProfile

__all__ = ["LOOKED_UP", "barriers", "lithium_taken_up", "order_of_mobility"]

HOST, FACE = "Li3Bi", (1, 1, 0)
METALS = {"neb-mg": "Mg", "neb-zn": "Zn"}
SIMILAR_V = 0.05
"""What counts as a similar potential: the reading error of the measured one."""
MOBILITY_DRAWS = 4000


def barriers(metals: tuple[str, ...] = ("Mg", "Zn")) -> dict[str, dict[str, Any]]:
    """Return barriers with error bars from the potentials that were run for the package.

    Parameters
    ----------
    metals : tuple of str, optional
        Adatoms on Li3Bi(110).
    """
    from interlith.atomistic.shipped import shipped_barriers, shipped_check
    from interlith.atomistic.summaries import barrier_summary

    found = {
        metal: {
            record.potential: (record, "shipped")
            for record in shipped_barriers()
            if (record.metal, record.host, record.surface.miller) == (metal, HOST, FACE)
        }
        for metal in metals
    }
    checks = {
        metal: check
        for metal, rows in found.items()
        for name in rows
        if (check := shipped_check(metal, HOST, FACE, name)) is not None
    }
    return barrier_summary(found, checks)


def _run_barrier(name: str, sample: Sample) -> dict[str, Given]:
    row = barriers()[METALS[name]]
    return {name: Given(row["barrier_eV"], row["low_eV"], row["high_eV"])}


def _run_ladders(sample: Sample) -> dict[str, Given]:
    """Potential at which Bi takes up three Li, and what Zn has taken up there."""
    from interlith.thermo import Phases

    phases = Phases("default")
    return {
        "li3bi-voltage": mean_potential(phases.voltage_profile("Bi")),
        "zn-uptake": lithium_taken_up(phases.voltage_profile("Zn"), row_of("li3bi-voltage").value),
    }


def mean_potential(ladder: VoltageProfile) -> Given:
    """Return the mean potential of a whole ladder, over the spread of the sets of energies [V]."""
    width = sum(step.x_to - step.x_from for step in ladder.steps)

    def over(values: list[float]) -> float:
        pairs = zip(ladder.steps, values, strict=True)
        return sum((step.x_to - step.x_from) * value for step, value in pairs) / width

    sets = set.intersection(*(set(step.potential.by_set) for step in ladder.steps))
    each = [over([step.potential.by_set[name] for step in ladder.steps]) for name in sorted(sets)]
    return Given(over([step.potential.value for step in ladder.steps]), min(each), max(each))


def lithium_taken_up(ladder: VoltageProfile, potential_V: float) -> Given:
    """Return the lithium per atom above a potential, over sets and what is similar to it.

    Parameters
    ----------
    ladder : VoltageProfile
        Of the metal.
    potential_V : float
        Where it is read.
    """

    def above(values: list[float], limit: float) -> float:
        taken = [s.x_to for s, value in zip(ladder.steps, values, strict=True) if value >= limit]
        return max(taken, default=0.0)

    value = above([step.potential.value for step in ladder.steps], potential_V)
    names = set.intersection(*(set(step.potential.by_set) for step in ladder.steps))
    each = [
        above([step.potential.by_set[name] for step in ladder.steps], potential_V + shift)
        for name in sorted(names)
        for shift in (-SIMILAR_V, SIMILAR_V)
    ]
    return Given(value, min(each), max(each))


def order_of_mobility(draws: int = MOBILITY_DRAWS) -> Given:
    """Return whether the stated order of mobility holds, and in which share of the draws.

    Parameters
    ----------
    draws : int, optional
        From the ranges of the library, as `interlith mobility` makes them.
    """
    from interlith.mobility import rank
    from interlith.mobility.ranking import MOBILITY
    from interlith.particle.published import reference

    stated = list(reference().mobility)
    ranking = rank(stated, samples=draws)
    drawn = np.array([ranking.metals[name].drawn[MOBILITY] for name in stated])
    falls = np.all(np.diff(drawn, axis=0) < 0.0, axis=0)
    return Given(float(ranking.order == stated), probability=float(np.mean(falls)))


LOOKED_UP = (
    *(
        Study(name, "atomistic", (name,), partial(_run_barrier, name), 0.5, drawn=False)
        for name in METALS
    ),
    Study(
        "ladders",
        "thermo",
        ("li3bi-voltage", "zn-uptake"),
        _run_ladders,
        3.0,
        drawn=False,
        needs="pymatgen",
    ),
    Study(
        "mobility-order",
        "migration",
        ("mobility-order",),
        lambda sample: {"mobility-order": order_of_mobility()},
        1.0,
        drawn=False,
    ),
)
"""Look-ups, which are made once."""
