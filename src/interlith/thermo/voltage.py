"""The lithiation ladder of a host: at which potential it takes up how much lithium.

A plateau between contents x1 and x2 lies at U = -[G(x2) - G(x1)] / (x2 - x1) (Aydinol et al. 1997,
doi 10.1103/PhysRevB.56.1354); within one solution phase the potential slopes. Sets whose ladders
have other phases are compared over the same range of x, by the mean of their potential there.
"""

from __future__ import annotations

import csv
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from interlith.physics.constants import FARADAY
from interlith.thermo.energies import FOLDER
from interlith.thermo.formula import amounts, composition
from interlith.thermo.phases import Diagram, knowing, lithium_free
from interlith.thermo.solution import SOLUTION_NAMES, SOLUTIONS
from interlith.thermo.spread import Spread, spread
from interlith.thermo.staircase import Stair, staircase

if TYPE_CHECKING:
    from interlith.thermo.phases import Phases

FARADAY_MAH_PER_MOL = FARADAY / 3.6
# Obrovac, Christensen, Le and Dahn, J. Electrochem. Soc. 154, A849 (2007): one volume of lithium in
# alloys, whatever the metal.
LITHIUM_VOLUME_CM3_MOL = 8.9
# Assumed: what counts as agreement, of sources with each other and of a measurement with them.
LARGEST_SPREAD_V = 0.15
MEASURED_ERROR_V = 0.02
SMALLEST_STEP = 1e-3
# A slope is cut into steps of this height, and ends where the solution is lithium for all purposes.
SLOPE_HEIGHT_V = 0.05
LOWEST_SLOPE_V = 0.002


@dataclass(frozen=True, slots=True)
class Measured:
    """A measured plateau to compare with."""

    potential_V: float
    source: str
    used_as_input: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a ladder.

    Parameters
    ----------
    x_from, x_to
        Lithium per host atom (element) or formula unit (compound).
    potential
        Over all sets [V]; on a slope its mean.
    end_V
        Where a slope ends [V]; the plateau itself otherwise.
    phases
        What forms.
    sources
        Keys of the sources of the phases on the leading set.
    filled
        Those of the phases whose energy was filled in through a reaction energy.
    measured
        A measured plateau, where there is one.
    """

    x_from: float
    x_to: float
    potential: Spread
    start_V: float
    end_V: float
    phases: tuple[str, ...]
    sources: tuple[str, ...]
    filled: tuple[str, ...]
    measured: Measured | None

    @property
    def verdict(self) -> str:
        """What a measurement says: ``agrees``, ``fails: ...`` or ``no measurement``."""
        if self.measured is None:
            return "no measurement"
        found, low, high = self.measured.potential_V, self.potential.low, self.potential.high
        if not low - MEASURED_ERROR_V <= found <= high + MEASURED_ERROR_V:
            return f"fails: measured {found:.3f} V lies outside the spread"
        if self.potential.width > LARGEST_SPREAD_V:
            return f"fails: sources spread over {self.potential.width:.2f} V"
        return "agrees"


@dataclass(frozen=True, slots=True)
class VoltageProfile:
    """The lithiation ladder of a host over all sets."""

    host: str
    per: str
    steps: tuple[Step, ...]
    curve: tuple[tuple[float, float], ...]
    """Where each stair of the leading set ends (lithium), and its potential [V]."""
    capacity_mAh_g: float
    swelling: float | None
    """Relative change of volume at full lithiation, 1 = doubled; None where no volume is known."""

    def potential_V(self, lithium: float) -> float:
        """Return the potential [V] at a lithium content; 0 past the end of the ladder.

        On the most faithful set, with every slope as fine as it was computed: an equilibrium
        potential for a host in `physics`.
        """
        at = bisect_right(self.curve, lithium, key=lambda stair: stair[0])
        return self.curve[at][1] if at < len(self.curve) else 0.0


def voltage_profile(phases: Phases, host: str) -> VoltageProfile:
    """Return the lithiation ladder of a host.

    Parameters
    ----------
    phases
        The table and its sets.
    host
        Element or compound; lithium that it holds counts from its own content.

    Raises
    ------
    InputError
        An element without energies.
    """
    from interlith.errors import InputError, Problem

    atoms = lithium_free(host)
    if not atoms:
        raise InputError(Problem("", "host", host, "a host other than lithium"))
    diagrams = knowing(phases.diagrams(host), host)
    content = amounts(host).get("Li", 0.0)
    unit = 1.0 if len(amounts(host)) > 1 else next(iter(atoms.values()))
    stairs = {d.rule.name: staircase(d.hull, atoms) for d in diagrams}
    ladders = {name: _ladder(found, content, unit) for name, found in stairs.items()}
    leading = diagrams[0]
    steps = tuple(
        _step(host, rung, leading, diagrams, ladders) for rung in ladders[leading.rule.name]
    )
    curve = tuple(
        ((stair.lithium - content) / unit, stair.high_V)
        for stair in stairs[leading.rule.name][1:]
        if stair.lithium > content + 1e-9
    )
    largest = steps[-1].x_to if steps else 0.0
    mass = float(composition(host).weight) / unit
    return VoltageProfile(
        host=host,
        per="atom" if len(amounts(host)) == 1 else "formula unit",
        steps=steps,
        curve=curve,
        capacity_mAh_g=largest * FARADAY_MAH_PER_MOL / mass,
        swelling=_swelling(host, largest),
    )


@dataclass(frozen=True, slots=True)
class _Rung:
    x_from: float
    x_to: float
    start_V: float
    end_V: float
    mean_V: float
    phases: tuple[str, ...]
    before: tuple[str, ...]

    def goes_on(self, names: tuple[str, ...], potential_V: float) -> bool:
        """Return whether the slope of this rung goes on in the same phase, within its height."""
        within = self.phases == names and self.before == names
        return within and self.start_V - potential_V < SLOPE_HEIGHT_V


def _ladder(stairs: list[Stair], content: float, unit: float) -> list[_Rung]:
    """Return the rungs of one set; steps within one solution phase become one slope."""
    rungs: list[_Rung] = []
    for before, after in pairwise(stairs):
        start, end = ((s.lithium - content) / unit for s in (before, after))
        if end <= SMALLEST_STEP * 0.01 or end - start < 1e-9:
            continue
        start, potential = max(start, 0.0), after.high_V
        if potential < LOWEST_SLOPE_V and set(after.names) & SOLUTION_NAMES:
            break
        last = rungs[-1] if rungs else None
        slope = bool(set(after.names) & SOLUTION_NAMES) and after.names == before.names
        if last and slope and last.goes_on(after.names, potential):
            width = end - last.x_from
            mean = (last.mean_V * (last.x_to - last.x_from) + potential * (end - start)) / width
            rungs[-1] = _Rung(
                last.x_from, end, last.start_V, potential, mean, after.names, last.before
            )
        else:
            rungs.append(
                _Rung(start, end, potential, potential, potential, after.names, before.names)
            )
    smallest = SMALLEST_STEP * max(1.0, rungs[0].x_to if rungs else 1.0)
    return [rung for rung in rungs if rung.x_to - rung.x_from > smallest]


def _step(
    host: str,
    rung: _Rung,
    leading: Diagram,
    diagrams: tuple[Diagram, ...],
    ladders: dict[str, list[_Rung]],
) -> Step:
    found = {}
    for diagram in diagrams:
        rungs = ladders[diagram.rule.name]
        mean, touched = _mean(rungs, rung.x_from, rung.x_to)
        own = all(diagram.is_measured(phase) for phase in touched) and bool(touched)
        changing = touched & (set(rung.phases) ^ set(rung.before))
        error = _error(diagram, changing, rung.x_to - rung.x_from)
        found[diagram.rule.name] = (mean, own, min(error, mean))
    over = spread(found, leading=True)
    slope = rung.start_V != rung.end_V
    names = {*rung.phases, *rung.before}
    sources = {leading.values[p].source for p in names if p in leading.values}
    sources |= {s.source for s in SOLUTIONS if s.name in names}
    return Step(
        rung.x_from,
        rung.x_to,
        over,
        rung.start_V if slope else over.value,
        rung.end_V if slope else over.value,
        rung.phases,
        tuple(sorted(sources)),
        leading.filled(names),
        _measured(host, rung),
    )


def _mean(rungs: list[_Rung], x_from: float, x_to: float) -> tuple[float, set[str]]:
    """Return the mean potential of a ladder over a range of x, and the phases it touches there."""
    total, touched = 0.0, set()
    for rung in rungs:
        overlap = min(rung.x_to, x_to) - max(rung.x_from, x_from)
        if overlap > 1e-9:
            total += overlap * rung.mean_V
            if overlap > SMALLEST_STEP:
                touched |= {*rung.phases, *rung.before}
    return total / (x_to - x_from), touched


def _error(diagram: Diagram, touched: set[str], width: float) -> float:
    """Return the stated uncertainty of a plateau [V]: that of what forms, over the lithium."""
    stated = [
        (diagram.values[phase].uncertainty_eV or 0.0) / max(sum(lithium_free(phase).values()), 1.0)
        for phase in touched
        if phase in diagram.values
    ]
    return min(max(stated, default=0.0) / max(width, 0.5), 0.05)


@cache
def _measured_table() -> tuple[dict[str, str], ...]:
    with (FOLDER / "measured_voltages.csv").open(encoding="utf-8") as stream:
        return tuple(csv.DictReader(stream))


def _measured(host: str, rung: _Rung) -> Measured | None:
    """Return the measured plateau at the middle of a step, if the step begins where it does."""
    for row in _measured_table():
        low, high = float(row["x_from"]), float(row["x_to"])
        middle = 0.5 * (rung.x_from + rung.x_to)
        if row["host"] == host and low <= middle < high and abs(rung.x_from - low) < 0.1:
            return Measured(
                float(row["potential_V"]),
                row["source"],
                row["used_as_input"] == "yes",
            )
    return None


def _swelling(host: str, lithium: float) -> float | None:
    """Return the change of volume by the volume that lithium takes in alloys, per host volume."""
    whole = composition(host)
    volume = sum(float(e.molar_volume or 0.0) * n for e, n in whole.items() if len(whole) == 1)
    if volume <= 0.0:
        return None
    return float(lithium * LITHIUM_VOLUME_CM3_MOL / (volume / float(whole.num_atoms)))
