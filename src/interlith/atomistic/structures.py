"""Crystal structures to start from: those of the package by formula, or the user's own file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML

from interlith.errors import InputError, Problem, near_matches
from interlith.extra import need

if TYPE_CHECKING:
    from ase import Atoms

LARGEST_FILE = 1_000_000
MOST_ATOMS = 400
FORMATS = {".cif": "cif", ".vasp": "vasp", ".poscar": "vasp", ".xyz": "extxyz"}


@dataclass(frozen=True)
class Structure:
    """A crystal before any potential has touched it.

    Parameters
    ----------
    name
        Formula, or the name of the file it was read from.
    atoms
        The conventional cell (ase.Atoms), lengths in angstrom as everywhere in this room.
    prototype
        Strukturbericht symbol, or "file".
    source
        Where the cell comes from.
    """

    name: str
    atoms: Atoms
    prototype: str
    source: str

    @property
    def lattice_constants(self) -> tuple[float, float, float]:
        """Lengths a, b, c of the conventional cell [angstrom]."""
        a, b, c = self.atoms.cell.lengths()
        return float(a), float(b), float(c)


def known_structures() -> list[str]:
    """Return the formulas whose structure the package holds."""
    return list(_table())


def result_name(name: str) -> str:
    """Return the name that results of a structure go under: its formula, or its file's name."""
    path = Path(name)
    return path.stem if path.suffix.lower() in FORMATS else name


def space_group(name: str) -> int | None:
    """Return the number of the space group of a crystal of the package; None for any other."""
    row = _table().get(name)
    return None if row is None else int(row["spacegroup"])


def structure(name: str) -> Structure:
    """Return a structure by formula, or read it from a CIF, POSCAR or extended XYZ file.

    Parameters
    ----------
    name
        Formula such as ``Li3Bi``, or a path.

    Raises
    ------
    InputError
        The formula is not known, or the file cannot be read as a crystal.
    """
    if Path(name).suffix.lower() in FORMATS:
        return _from_file(Path(name))
    table = _table()
    if name not in table:
        close = near_matches(name, table)
        expected = (
            "a structure of the package (" + ", ".join(table) + ") or a CIF, POSCAR or XYZ file"
        )
        hint = f"; did you mean {close[0]}?" if close else ""
        raise InputError(Problem("", "structure", name, expected + hint))
    return _from_table(name, table[name])


@cache
def _table() -> dict[str, dict[str, Any]]:
    text = (files("interlith.atomistic") / "data" / "structures.yaml").read_text(encoding="utf-8")
    return dict(YAML(typ="safe").load(text))


def _from_table(name: str, row: dict[str, Any]) -> Structure:
    need("ase")
    from ase.spacegroup import crystal

    cell = list(row["cell"])
    lengths = (cell * 3)[:3] if len(cell) == 1 else cell[:3]
    angles = cell[3:] or [90.0, 90.0, 90.0]
    atoms = crystal(
        [atom[0] for atom in row["atoms"]],
        [tuple(atom[1:]) for atom in row["atoms"]],
        spacegroup=row["spacegroup"],
        cellpar=[*lengths, *angles],
    )
    atoms.info.clear()
    return Structure(name, _bare(atoms), row["prototype"], row["source"])


def _from_file(path: Path) -> Structure:
    need("ase")
    from ase.io import read

    def refused(expected: str) -> InputError:
        return InputError(Problem(str(path), "structure", path.name, expected))

    if not path.is_file():
        raise refused("a file that exists")
    if path.stat().st_size > LARGEST_FILE:
        raise refused(f"a file of at most {LARGEST_FILE // 1000} kB")
    try:
        atoms = read(path, format=FORMATS[path.suffix.lower()])
    except Exception as error:  # noqa: BLE001  (ASE's readers raise whatever their parsers raise)
        raise refused(f"a crystal structure ({type(error).__name__}: {error})") from None
    if len(atoms) == 0 or len(atoms) > MOST_ATOMS or abs(atoms.cell.volume) < 1.0:
        raise refused(f"a crystal with a cell and 1 to {MOST_ATOMS} atoms")
    atoms.pbc = True
    return Structure(result_name(path.name), _bare(atoms), "file", str(path))


def _bare(atoms: Atoms) -> Atoms:
    """Return species, positions and cell alone: labels of readers would travel into slabs."""
    from ase import Atoms

    return Atoms(numbers=atoms.numbers, positions=atoms.positions, cell=atoms.cell.array, pbc=True)
