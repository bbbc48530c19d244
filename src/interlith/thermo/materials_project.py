"""Energies from the Materials Project with the user's own key, as rows that `--energies` reads.

One scale only: entries of GGA and GGA+U with the corrections of 2020, which pymatgen applies
(Wang et al. 2021, doi 10.1038/s41598-021-94550-5). Entries of r2SCAN, and whatever does not say
what it is, are left out: formation energies between two scales would be wrong by tenths of an eV.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO
from typing import TYPE_CHECKING, Any, Protocol

from interlith.errors import InputError, Problem, ServiceError, shorten
from interlith.thermo.energies import entropies
from interlith.thermo.formula import require_pymatgen
from interlith.thermo.phases import MOST_ELEMENTS

if TYPE_CHECKING:
    from pymatgen.ext.matproj import MPRester

KEY_VARIABLES = ("MP_API_KEY", "PMG_MAPI_KEY")
SCALE = ("GGA", "GGA+U")
SCALE_IN_WORDS = "GGA and GGA+U with the corrections of 2020"
DOI = "10.1063/1.4812323"  # Jain et al., APL Materials 1, 011002 (2013)
LONGEST_REASON = 300
COLUMNS = (
    "formula", "source", "quantity", "value_eV", "uncertainty_eV", "kind", "temperature_K",
    "entropy_J_mol_K", "relative_to", "status", "note",
)  # fmt: skip


class Client(Protocol):
    """What is asked of pymatgen's `MPRester`, or of a stand-in for it."""

    def get_entries_in_chemsys(self, elements: list[str]) -> Iterable[Any]:
        """Return the computed entries of a chemical system and of all systems within it."""
        ...


@dataclass(frozen=True, slots=True)
class Fetched:
    """The compound of lowest energy of one formula: formation energy per formula unit at 0 K."""

    formula: str
    energy_eV: float
    material_id: str


def find_key() -> str:
    """Return the user's key from the environment or from pymatgen's settings.

    Raises
    ------
    InputError
        No key; names the variables.
    """
    require_pymatgen()
    from pymatgen.core import SETTINGS

    given = [os.environ.get(name) for name in KEY_VARIABLES] + [SETTINGS.get("PMG_MAPI_KEY")]
    key = next((str(text).strip() for text in given if text and str(text).strip()), "")
    if not key:
        raise InputError(_key_problem(""))
    return key


def client_with(key: str) -> MPRester:
    """Return pymatgen's client; opens no connection yet.

    Raises
    ------
    InputError
        pymatgen does not take it for a key, or no header of a request can hold it. The key itself
        is never shown.
    """
    from pymatgen.ext.matproj import MPRester

    if not (key.isascii() and key.isprintable()):
        # Such a header is refused with a message that quotes it, escaped: hiding would miss it.
        raise InputError(_key_problem("(not shown)"))
    try:
        return MPRester(key)
    except ValueError:
        raise InputError(_key_problem("(not shown)")) from None


def _key_problem(found: str) -> Problem:
    expected = (
        f"your key of the Materials Project, 32 characters, in the environment variable "
        f"{KEY_VARIABLES[0]} or {KEY_VARIABLES[1]}; its dashboard shows the key"
    )
    return Problem("", KEY_VARIABLES[0], found, expected)


def elements_in(system: str) -> list[str]:
    """Return the elements of a chemical system such as ``Li-P-S-Cl``.

    Raises
    ------
    InputError
        Not a system of elements that the table of energies has.
    """
    symbols = list(dict.fromkeys(part.strip() for part in system.split("-")))
    unknown = [symbol for symbol in symbols if symbol not in entropies()]
    if unknown or not 2 <= len(symbols) <= MOST_ELEMENTS:
        named = f" ({' '.join(unknown)} is not among them)" if any(unknown) else ""
        expected = f"2 to {MOST_ELEMENTS} elements of the table joined by -, such as Li-P-S-Cl"
        raise InputError(Problem("", "SYSTEM", system, expected + named))
    return symbols


def fetch_energies(client: Client, system: str) -> tuple[Fetched, ...]:
    """Return the formation energies of all compounds of a chemical system.

    Parameters
    ----------
    client
        pymatgen's `MPRester`, see `client_with`, or a stand-in.
    system
        Elements joined by ``-``.

    Raises
    ------
    InputError
        Not a chemical system of known elements.
    ServiceError
        The Materials Project did not answer, refused the key, or its answer lacks an element.
    """
    elements = elements_in(system)
    entries = [entry for entry in _asked(client, elements) if _on_scale(entry)]
    return _formation_energies(entries, elements)


def _asked(client: Client, elements: list[str]) -> list[Any]:
    from pymatgen.ext.matproj import MPRestError

    try:
        return list(client.get_entries_in_chemsys(elements))
    except (MPRestError, OSError, LookupError, TypeError, ValueError, AttributeError) as error:
        # The last four: an answer in another form than pymatgen knows.
        key = str(getattr(client, "api_key", ""))
        reason = str(error).replace(key, "(key)") if key else str(error)
        name = type(error).__name__
        raise ServiceError(
            f"the Materials Project did not answer for {'-'.join(elements)}: "
            f"{name}: {_both_ends(reason)}. Without a network nothing can be fetched; "
            "401 or 403 is a key that is not accepted. Nothing was written"
        ) from None


def _both_ends(reason: str) -> str:
    """Return a reason on one line, without the address of every subsystem in its middle."""
    line = shorten(reason, len(reason))
    half = LONGEST_REASON // 2
    return line if len(line) <= LONGEST_REASON else f"{line[:half]} ... {line[-half:]}"


def _on_scale(entry: Any) -> bool:
    """Return whether it is a GGA or GGA+U energy that was not moved onto the hull of r2SCAN."""
    moved = any("SCAN" in str(change.name).upper() for change in entry.energy_adjustments)
    return entry.parameters.get("run_type") in SCALE and not moved


def _formation_energies(entries: Sequence[Any], elements: Sequence[str]) -> tuple[Fetched, ...]:
    from pymatgen.analysis.phase_diagram import PhaseDiagram

    there = {str(entry.elements[0]) for entry in entries if len(entry.elements) == 1}
    missing = [symbol for symbol in elements if symbol not in there]
    if missing:
        raise ServiceError(
            f"the Materials Project has no energy of {' '.join(missing)} on the scale of "
            f"{SCALE_IN_WORDS}, so no formation energies. Nothing was written"
        )
    diagram = PhaseDiagram(list(entries))
    lowest: dict[str, Any] = {}
    for entry in sorted(entries, key=lambda one: (one.energy_per_atom, str(one.entry_id))):
        if len(entry.elements) > 1:
            lowest.setdefault(entry.reduced_formula, entry)
    return tuple(
        Fetched(formula, _per_unit(diagram, entry), _material_id(entry))
        for formula, entry in sorted(lowest.items())
    )


def _per_unit(diagram: Any, entry: Any) -> float:
    units = entry.composition.get_reduced_formula_and_factor()[1]
    return float(diagram.get_form_energy(entry)) / float(units)


def _material_id(entry: Any) -> str:
    return shorten(str(entry.data.get("material_id") or entry.entry_id))


def as_csv(found: Iterable[Fetched], fetched_on: date) -> str:
    """Return the text of a file for `--energies`; each row says its material and the day.

    Parameters
    ----------
    found
        Formation energies.
    fetched_on
        The Materials Project changes: the day stands in for its version, which is not told.
    """
    stream = StringIO()
    writer = csv.DictWriter(stream, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    for one in found:
        note = (
            f"{one.material_id}, Materials Project, {SCALE_IN_WORDS}, doi:{DOI}, "
            f"fetched {fetched_on.isoformat()}"
        )
        writer.writerow(
            {
                "formula": one.formula,
                "source": "user-computed",
                "quantity": "energy",
                "value_eV": f"{one.energy_eV:.5f}",
                "kind": "DFT",
                "temperature_K": "0",
                "status": "used",
                "note": note,
            }
        )
    return stream.getvalue()
