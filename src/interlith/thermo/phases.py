"""Phase diagrams over consistent sets of energies: the way into this room."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from interlith.errors import InputError, MaterialError, Problem
from interlith.thermo.energies import (
    TEMPERATURE_K,
    USER,
    USER_COMPUTED,
    Energy,
    EnergySource,
    entropies,
    load_energies,
    load_sources,
    read_energies,
)
from interlith.thermo.energy_set import SetRule, Value, covers, resolve, rules
from interlith.thermo.formula import amounts, elements_of, reduced, require_pymatgen
from interlith.thermo.solution import SOLUTIONS, samples

if TYPE_CHECKING:
    from pymatgen.analysis.phase_diagram import PhaseDiagram

    from interlith.thermo.interface import Interface
    from interlith.thermo.interphase import Interphase
    from interlith.thermo.voltage import VoltageProfile
    from interlith.thermo.window import Window

MOST_ELEMENTS = 8
ANIONS = frozenset({"F", "Cl", "Br", "I", "O", "S", "N", "P", "H"})


@dataclass(frozen=True, slots=True)
class Diagram:
    """The phase diagram of one chemical system on one set of energies."""

    rule: SetRule
    hull: PhaseDiagram
    values: dict[str, Value]

    def is_measured(self, phase: str) -> bool:
        """Return whether the energy of a phase rests on experiment alone."""
        value = self.values.get(phase)
        return value is None or value.measured

    def filled(self, phases: Iterable[str]) -> tuple[str, ...]:
        """Return those phases whose energy was filled in through a reaction energy."""
        known = (self.values.get(phase) for phase in phases)
        return tuple(sorted(value.formula for value in known if value and value.filled))


class Phases:
    """Phase diagrams, voltages, interface reactions and stability windows.

    Parameters
    ----------
    table : str
        ``"default"``, the table that comes with the package.
    energies : Path, optional
        The user's own rows (CSV). Every set prefers what was measured; what was computed is a set.
    without : sequence of str
        Sources to leave out.

    Raises
    ------
    MaterialError
        The extra ``thermo`` is not installed.
    InputError
        Unknown table or source, or a file that cannot be used.
    """

    def __init__(
        self,
        table: str = "default",
        energies: Path | str | None = None,
        without: Sequence[str] = (),
    ) -> None:
        require_pymatgen()
        if table != "default":
            raise InputError(Problem("", "table", table, '"default"'))
        own = read_energies(Path(energies), USER) if energies is not None else ()
        unused = {USER, USER_COMPUTED} - {row.source for row in own}
        self.sources = {key: s for key, s in load_sources().items() if key not in unused}
        for key in {USER, USER_COMPUTED} & self.sources.keys():
            text = f"{self.sources[key].text}: {Path(energies or '').name}"
            self.sources[key] = replace(self.sources[key], text=text)
        for key in without:
            if key not in self.sources:
                raise InputError(Problem("", "without", key, " or ".join(self.sources)))
            del self.sources[key]
        rows = (*own, *load_energies())
        self.rows: tuple[Energy, ...] = tuple(row for row in rows if row.source in self.sources)
        self.rules = rules(self.sources.values())
        self._diagrams: dict[frozenset[str], tuple[Diagram, ...]] = {}
        # The same products and hosts are asked for at every interface and by every candidate.
        self._windows: dict[str, Window] = {}
        self._profiles: dict[str, VoltageProfile] = {}

    def source(self, key: str) -> EnergySource:
        """Return a source by its key."""
        return self.sources[key]

    def energies(self, formula: str) -> tuple[Energy, ...]:
        """Return every row of one compound, side by side, rejected ones included."""
        return tuple(row for row in self.rows if row.formula == reduced(formula))

    def require_elements(self, formula: str) -> frozenset[str]:
        """Return the elements of a formula; one without energies is an error that names it."""
        elements = elements_of(formula)
        missing = sorted(elements - entropies().keys())
        if missing:
            known = " ".join(sorted(entropies()))
            raise InputError(
                Problem(
                    "", f"element {' '.join(missing)}", formula, f"elements of the table: {known}"
                )
            )
        return elements

    def diagrams(self, *formulas: str) -> tuple[Diagram, ...]:
        """Return the diagram of the joint system, lithium included, on every set that covers it.

        Raises
        ------
        InputError
            An element without energies; its name is in the message.
        """
        elements = frozenset({"Li"}).union(*(self.require_elements(name) for name in formulas))
        if len(elements) > MOST_ELEMENTS:
            text = " ".join(formulas)
            raise InputError(Problem("", "formula", text, f"at most {MOST_ELEMENTS} elements"))
        if elements not in self._diagrams:
            found = [
                self._diagram(rule, elements)
                for rule in self.rules
                if covers(rule, elements, self.rows)
            ]
            if not found:
                raise MaterialError(f"no source covers {' '.join(sorted(elements))}")
            self._diagrams[elements] = _able(found)
        return self._diagrams[elements]

    def _diagram(self, rule: SetRule, elements: frozenset[str]) -> Diagram:
        from pymatgen.analysis.phase_diagram import PDEntry, PhaseDiagram
        from pymatgen.core import Composition

        rows = [row for row in self.rows if elements_of(row.formula) <= elements]
        values = resolve(rule, rows, self.sources)
        assessed = [
            s for s in SOLUTIONS if s.metal in elements and s.source in (*rule.own, *rule.fills)
        ]
        mixed = {frozenset({"Li", solution.metal}) for solution in assessed}
        # An assessed solution describes its binary whole: nothing is filled in beside it.
        values = {
            name: value
            for name, value in values.items()
            if not (value.filled and elements_of(name) in mixed)
        }
        entries = [PDEntry(Composition(symbol), 0.0, name=symbol) for symbol in sorted(elements)]
        entries += [
            PDEntry(Composition(name), value.energy_eV, name=name) for name, value in values.items()
        ]
        for solution in assessed:
            for x, energy in samples(solution, TEMPERATURE_K, len(elements) < 3):
                mix = Composition({"Li": x, solution.metal: 1.0 - x})
                entries.append(PDEntry(mix, energy, attribute=solution.name))
        return Diagram(rule, PhaseDiagram(entries), values)

    def voltage_profile(self, host: str) -> VoltageProfile:
        """Return the lithiation ladder U(x) of an element or compound, see `voltage`."""
        from interlith.thermo.voltage import voltage_profile

        if host not in self._profiles:
            self._profiles[host] = voltage_profile(self, host)
        return self._profiles[host]

    def window(self, electrolyte: str) -> Window:
        """Return the stability window of an electrolyte against lithium, see `window`."""
        from interlith.thermo.window import window

        if electrolyte not in self._windows:
            self._windows[electrolyte] = window(self, electrolyte)
        return self._windows[electrolyte]

    def interface(self, metal: str, electrolyte: str, potential: Any = 0.0) -> Interface:
        """Return what forms between two materials at one or more potentials [V]."""
        from interlith.thermo.interface import interface

        return interface(self, metal, electrolyte, potential)

    def interphase(self, electrolyte: str, potential: float = 0.0) -> Interphase:
        """Return what lithium makes of an electrolyte at a potential [V], see `interphase`."""
        from interlith.thermo.interphase import interphase

        return interphase(self, electrolyte, potential)


def _able(diagrams: list[Diagram]) -> tuple[Diagram, ...]:
    """Return the diagrams that know all the salts and alloys that the most faithful one knows.

    A set without any chloride of a metal would let chlorides decompose: it must not speak. Pairs of
    two anions (S and Cl, P and O) are not asked for, since few scales have them.
    """
    needed = _bonds(diagrams[0])
    return tuple(one for one in diagrams if needed <= _bonds(one))


def _bonds(diagram: Diagram) -> set[frozenset[str]]:
    """Return the pairs of elements, a metal among them, that form a stable binary phase."""
    pairs = {
        frozenset(str(element) for element in entry.composition.elements)
        for entry in diagram.hull.stable_entries
    }
    return {pair for pair in pairs if len(pair) == 2 and pair & ANIONS and pair - ANIONS}


def knowing(diagrams: tuple[Diagram, ...], *formulas: str) -> tuple[Diagram, ...]:
    """Return the diagrams that have an energy for as many of the compounds as any has."""

    def known(diagram: Diagram) -> int:
        return sum(reduced(name) in diagram.values for name in formulas)

    most = max(known(diagram) for diagram in diagrams)
    return tuple(diagram for diagram in diagrams if known(diagram) == most)


def lithium_free(formula: str) -> dict[str, float]:
    """Return atoms per formula unit without lithium."""
    return {symbol: n for symbol, n in amounts(formula).items() if symbol != "Li"}
