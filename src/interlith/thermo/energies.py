"""The table of energies: one row a value, with its kind, source, reference state and uncertainty.

Energies are Gibbs energies of formation at 298.15 K from the elements in their standard states (red
phosphorus), in eV per formula unit. What a source gives as an enthalpy, or as an energy at 0 K, is
brought to that scale by ΔG = ΔH - T (S - Σ ν S_el), with the entropy of the solid where it is known
and a sum of increments per element where it is not (standard entropies of the elements as in the
CRC Handbook, recalled, unverified; increments fitted to 31 compounds, 2.8 J/mol-atom/K rms,
0.009 eV/atom at 298 K). A computed energy at 0 K is taken for the enthalpy at 298 K.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from interlith.errors import InputError, Problem
from interlith.physics.constants import FARADAY
from interlith.thermo.formula import amounts, elements_of, per_formula_unit, reduced

FOLDER = Path(__file__).parent / "data"
TEMPERATURE_K = 298.15
QUANTITIES = ("gibbs", "enthalpy", "energy", "reaction")
KINDS = ("experiment", "EMF", "CALPHAD", "DFT", "potential")
COMPUTED_KINDS = ("DFT", "potential")
# What a user computed is on a scale of its own; it must not pass for measured.
USER, USER_COMPUTED = "user", "user-computed"
LARGEST_FILE_BYTES = 20_000_000
LARGEST_ENERGY_EV = 1000.0
# White phosphorus less red: enthalpy 17.6 kJ/mol, entropies 41.1 and 22.8 J/mol/K (CRC Handbook).
WHITE_OVER_RED = {"enthalpy": 0.182, "gibbs": 0.126}


@dataclass(frozen=True, slots=True)
class EnergySource:
    """Where energies come from; `measured` tells whether they rest on experiment."""

    key: str
    text: str
    measured: bool
    assessed: bool = False
    white_phosphorus: bool = False
    doi: str | None = None
    checked: bool = False

    def line(self) -> str:
        """Return the source in one line."""
        doi = f", doi:{self.doi}" if self.doi else ""
        return f"{self.text}{doi}{'' if self.checked else ' [unverified]'}"


@dataclass(frozen=True, slots=True)
class Energy:
    """One value of the table.

    Parameters
    ----------
    formula
        Reduced formula.
    source
        Key of the source.
    quantity
        ``gibbs``, ``enthalpy``, ``energy`` (0 K) or ``reaction`` (from the compounds of
        `relative_to`, with their amounts).
    value_eV
        As the source gives it, per formula unit.
    gibbs_eV
        Gibbs energy at 298.15 K, of formation or of the reaction, per formula unit.
    """

    formula: str
    source: str
    quantity: str
    kind: str
    value_eV: float
    gibbs_eV: float
    uncertainty_eV: float | None = None
    temperature_K: float = TEMPERATURE_K
    relative_to: tuple[tuple[str, float], ...] = ()
    rejected: bool = False
    note: str = ""


@cache
def load_sources() -> dict[str, EnergySource]:
    """Return the sources in the order in which the set of measured values consults them."""
    from ruamel.yaml import YAML

    raw = YAML(typ="safe").load((FOLDER / "sources.yaml").read_text(encoding="utf-8"))
    return {
        key: EnergySource(
            key=key,
            text=entry["text"],
            measured=entry["measured"],
            assessed=entry.get("assessed", False),
            white_phosphorus=entry.get("white_phosphorus", False),
            doi=entry.get("doi"),
            checked=entry["checked"] in (True, "yes"),
        )
        for key, entry in raw["sources"].items()
    }


@cache
def entropies() -> dict[str, tuple[float, float]]:
    """Return entropy per mol of atoms as the element and within a solid [J/mol/K]."""
    with (FOLDER / "elements.csv").open(encoding="utf-8") as stream:
        return {
            row["element"]: (
                float(row["entropy_standard_J_mol_K"]),
                float(row["entropy_in_solid_J_mol_K"]),
            )
            for row in csv.DictReader(stream)
        }


@cache
def load_energies() -> tuple[Energy, ...]:
    """Return every row of the table that comes with the package."""
    return read_energies(FOLDER / "energies.csv")


def read_energies(path: Path, source: str | None = None) -> tuple[Energy, ...]:
    """Return the rows of a file in the format of `energies.csv`.

    Parameters
    ----------
    path : Path
        CSV; columns ``formula`` and ``value_eV`` are needed, the rest has defaults.
    source : str, optional
        Key of the source for every row, for a file of the user; computed rows of ``user`` become
        those of ``user-computed``.

    Raises
    ------
    InputError
        Names file, line, column and what was expected.
    """
    if not path.is_file():
        raise InputError([Problem(str(path), "", "", "a CSV file of energies")])
    if path.stat().st_size > LARGEST_FILE_BYTES:
        raise InputError([Problem(str(path), "size", "", f"at most {LARGEST_FILE_BYTES} bytes")])
    try:
        with path.open(newline="", encoding="utf-8") as stream:
            rows = list(csv.DictReader(stream))
    except (UnicodeDecodeError, csv.Error):
        raise InputError([Problem(str(path), "", "", "a CSV file in UTF-8")]) from None
    return tuple(
        _read_row(_Row(str(path), number, cells), source)
        for number, cells in enumerate(rows, start=2)
    )


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of a file, whose cells are read or refused with file, line and column."""

    file: str
    line: int
    cells: dict[str, Any]

    def refuse(self, field: str, expected: str) -> InputError:
        """Return the error that names a cell."""
        return InputError([Problem(self.file, field, self.text(field), expected, self.line)])

    def text(self, field: str) -> str:
        """Return a cell as it stands."""
        return self.cells.get(field) or ""

    def number(self, field: str, default: float | None, low: float, high: float) -> float | None:
        """Return a number within bounds."""
        text = self.text(field)
        if not text:
            return default
        try:
            value = float(text)
        except ValueError:
            raise self.refuse(field, "a number") from None
        if not low <= value <= high:
            raise self.refuse(field, f"a number from {low:g} to {high:g}")
        return value

    def word(self, field: str, default: str, allowed: tuple[str, ...]) -> str:
        """Return one of several words."""
        text = self.text(field) or default
        if text not in allowed:
            raise self.refuse(field, " or ".join(allowed))
        return text

    def anchors(self, quantity: str, factor: float) -> tuple[tuple[str, float], ...]:
        """Return the compounds that a reaction starts from; other quantities have none."""
        found = _anchors(self.text("relative_to"), factor)
        if found is None or bool(found) != (quantity == "reaction"):
            expected = "compounds and amounts such as Li2S:2 P2S5:0.5, of a reaction"
            raise self.refuse("relative_to", expected)
        return found


def _read_row(row: _Row, source: str | None) -> Energy:
    formula = row.text("formula")
    objection = _objection(formula)
    if objection:
        raise row.refuse("formula", objection)
    value = row.number("value_eV", None, -LARGEST_ENERGY_EV, LARGEST_ENERGY_EV)
    if value is None:
        raise row.refuse("value_eV", "formation energy in eV per formula unit")
    kind = row.word("kind", "experiment", KINDS)
    key = source or row.word("source", "", tuple(load_sources()))
    if key == USER and kind in COMPUTED_KINDS:
        key = USER_COMPUTED
    quantity = row.word("quantity", "gibbs", QUANTITIES)
    entropy = row.number("entropy_J_mol_K", None, 0.0, 1e4)
    factor = per_formula_unit(formula)
    gibbs = _gibbs(formula, load_sources()[key], quantity, value, entropy)
    uncertainty = row.number("uncertainty_eV", None, 0.0, LARGEST_ENERGY_EV)
    return Energy(
        formula=reduced(formula),
        source=key,
        quantity=quantity,
        kind=kind,
        value_eV=value / factor,
        gibbs_eV=gibbs / factor,
        uncertainty_eV=None if uncertainty is None else uncertainty / factor,
        temperature_K=row.number("temperature_K", TEMPERATURE_K, 0.0, 5000.0) or 0.0,
        relative_to=row.anchors(quantity, factor),
        rejected=row.word("status", "used", ("used", "rejected")) == "rejected",
        note=row.text("note"),
    )


def _objection(formula: str) -> str:
    """Return what was expected instead of a formula, or nothing where it will do."""
    try:
        unknown = sorted(elements_of(formula) - entropies().keys())
    except InputError:
        return "a chemical formula such as Li2S"
    return f"elements of the table ({' '.join(unknown)} is not among them)" if unknown else ""


def _gibbs(
    formula: str, source: EnergySource, quantity: str, value_eV: float, entropy: float | None
) -> float:
    """Return ΔG at 298.15 K [eV per formula unit] from what the source gives."""
    if quantity == "reaction":
        return value_eV
    atoms = amounts(formula)
    gibbs = value_eV
    if quantity != "gibbs":
        standard, solid = (
            sum(n * entropies()[symbol][which] for symbol, n in atoms.items()) for which in (0, 1)
        )
        known = solid if entropy is None else entropy
        gibbs -= TEMPERATURE_K * (known - standard) / FARADAY
    if source.white_phosphorus:
        shift = WHITE_OVER_RED["gibbs" if quantity == "gibbs" else "enthalpy"]
        gibbs += atoms.get("P", 0.0) * shift
    return gibbs


def _anchors(text: str, factor: float) -> tuple[tuple[str, float], ...] | None:
    """Return the compounds and amounts of ``Li2S:1.5 LiCl:1``; None where it is not that."""
    try:
        pairs = [part.split(":") for part in text.split()]
        return tuple(
            (reduced(name), float(amount) * per_formula_unit(name) / factor)
            for name, amount in pairs
        )
    except (ValueError, InputError):
        return None
