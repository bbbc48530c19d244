"""Is a potential fit for a chemistry: lattice, formation energy, voltage, stiffness, surface.

What a potential says of a crystal that has been measured, beside the measurement. The elastic
constants are stress against strain, dC_ij = d sigma_i / d epsilon_j, with atoms relaxed at each
strain; a crystal is mechanically stable when the matrix is positive definite (Born). The surface
energy is (E_slab - n E_bulk) / 2A with both faces relaxed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from interlith.atomistic.crystals import crystal_stages, element_energy, relaxed
from interlith.atomistic.potentials import Potential
from interlith.atomistic.relaxing import relax_positions
from interlith.atomistic.slab import area_of, cut
from interlith.atomistic.store import Stages, staged
from interlith.atomistic.structures import known_structures, structure
from interlith.atomistic.wetting import surface_energy
from interlith.thermo.energies import Energy, load_energies

if TYPE_CHECKING:
    from ase import Atoms
    from ase.calculators.calculator import Calculator

Array = NDArray[np.float64]

STRAIN = 0.005
ELASTIC_FORCE = 0.01  # eV/angstrom
EV_PER_A3_IN_GPA = 160.21766208
MEASURED = ("experiment", "EMF", "CALPHAD")


@dataclass(frozen=True)
class Fitness:
    """What a potential says of a crystal, beside what was measured.

    Parameters
    ----------
    name, potential
        Crystal and potential.
    lattice_A, measured_lattice_A
        a, b, c of the conventional cell [angstrom].
    formation_eV, measured_formation_eV
        Energy of formation from the elements per formula unit [eV] at 0 K, and the measured values
        by source (Gibbs energy at 298 K as tabulated); None for an element.
    voltage_V, measured_voltage_V
        Of the whole way from the host to this compound, against lithium [V]; None without lithium.
    bulk_modulus_GPa
        Voigt average [GPa].
    elastic_GPa
        Stiffness in Voigt notation, 6 x 6 [GPa].
    stable
        The stiffness is positive definite.
    surface_energy_J_m2
        Of the face asked for [J/m2]; None without one, or when its two faces differ.
    """

    name: str
    potential: str
    lattice_A: tuple[float, float, float]
    measured_lattice_A: tuple[float, float, float]
    lattice_source: str
    formation_eV: float | None
    measured_formation_eV: dict[str, float]
    voltage_V: float | None
    measured_voltage_V: dict[str, float]
    bulk_modulus_GPa: float
    elastic_GPa: list[list[float]]
    stable: bool
    surface_energy_J_m2: float | None

    @property
    def lattice_error_percent(self) -> float:
        """Cube root of the ratio of volumes less one [%]."""
        ratio = np.prod(self.lattice_A) / np.prod(self.measured_lattice_A)
        return float(100.0 * (ratio ** (1.0 / 3.0) - 1.0))


def check(
    name: str,
    model: Potential,
    *,
    miller: tuple[int, int, int] | None = None,
    cache: Path | None = None,
    calculator: Calculator | None = None,
) -> Fitness:
    """Return what a potential says of a crystal, beside what was measured.

    Parameters
    ----------
    name
        Formula of the package or a structure file.
    model
        The potential.
    miller
        A face whose surface energy is wanted.
    cache
        Root of the folders that keep finished stages; None keeps nothing.
    calculator
        One that is loaded already.

    Raises
    ------
    InputError
        An unknown structure, or an element outside the potential's set.
    NotConvergedError
        A relaxation failed.
    """
    start = structure(name)
    model.require(start.atoms)
    engine = calculator or model.make()
    bulk, energy = relaxed(start, model, engine, cache)
    stages = crystal_stages(start, model, cache)
    kept = staged(stages, "elastic", lambda: {"stiffness": stiffness(bulk, engine).tolist()})
    elastic = np.array(kept["stiffness"])
    formation, voltage = _from_elements(bulk, energy, model, engine, cache)
    measured = _measured(bulk)
    lithium = _per_formula(bulk).get("Li", 0.0)
    a, b, c = (round(float(x), 4) for x in bulk.cell.lengths())
    return Fitness(
        name=start.name,
        potential=model.name,
        lattice_A=(a, b, c),
        measured_lattice_A=start.lattice_constants,
        lattice_source=start.source,
        formation_eV=formation,
        measured_formation_eV={row.source: row.gibbs_eV for row in measured},
        voltage_V=voltage,
        measured_voltage_V=(
            {row.source: -row.gibbs_eV / lithium for row in measured} if voltage is not None else {}
        ),
        bulk_modulus_GPa=float(elastic[:3, :3].mean()),
        elastic_GPa=elastic.round(2).tolist(),
        stable=bool(np.linalg.eigvalsh(0.5 * (elastic + elastic.T)).min() > 0.0),
        surface_energy_J_m2=_surface_energy(stages, bulk, energy, miller, engine),
    )


def stiffness(bulk: Atoms, calculator: Calculator, strain: float = STRAIN) -> Array:
    """Return the stiffness of a relaxed crystal in Voigt notation, 6 x 6 [GPa].

    Central differences of the stress at plus and minus `strain`, atoms relaxed.
    """
    columns = []
    for component in range(6):
        up, down = (_stress(bulk, calculator, component, sign * strain) for sign in (1.0, -1.0))
        columns.append((up - down) / (2.0 * strain))
    return np.array(columns).T * EV_PER_A3_IN_GPA


def _stress(bulk: Atoms, calculator: Calculator, component: int, amount: float) -> Array:
    """Return the stress [eV/angstrom3] under one component of strain (engineering shear)."""
    from ase.optimize import BFGS

    row, column = ((0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1))[component]
    strain = np.zeros((3, 3))
    strain[row, column] += 0.5 * amount
    strain[column, row] += 0.5 * amount
    strained = bulk.copy()
    strained.set_cell(bulk.cell.array @ (np.eye(3) + strain), scale_atoms=True)
    strained.calc = calculator
    BFGS(strained, logfile=None).run(fmax=ELASTIC_FORCE, steps=100)
    return np.asarray(strained.get_stress(voigt=True), dtype=np.float64)


def _per_formula(atoms: Atoms) -> dict[str, float]:
    """Return atoms of each element in one formula unit."""
    _, units = atoms.symbols.formula.reduce()
    counts: dict[str, int] = atoms.symbols.formula.count()
    return {element: number / units for element, number in counts.items()}


def _from_elements(
    bulk: Atoms, energy: float, model: Potential, calculator: Calculator, cache: Path | None
) -> tuple[float | None, float | None]:
    """Return formation energy per formula unit [eV] and voltage against lithium [V]."""
    counts = _per_formula(bulk)
    elements = known_structures()
    if len(counts) == 1 or any(element not in elements for element in counts):
        return None, None
    _, units = bulk.symbols.formula.reduce()
    own = energy / units
    for element, number in counts.items():
        own -= number * element_energy(element, model, calculator, cache)
    lithium = counts.get("Li")
    return float(own), None if lithium is None else float(-own / lithium)


def _measured(bulk: Atoms) -> list[Energy]:
    """Return the measured energies of the compound, one a source."""
    formula = _per_formula(bulk)
    found: dict[str, Energy] = {}
    for row in load_energies():
        usable = row.kind in MEASURED and not row.rejected and not row.relative_to
        if usable and _same_formula(row.formula, formula):
            found.setdefault(row.source, row)
    return list(found.values())


def _same_formula(text: str, counts: dict[str, float]) -> bool:
    """Return whether a formula of the table is this one; those with fractions never are."""
    from ase.formula import Formula

    whole = re.fullmatch(r"(?:[A-Z][a-z]?\d*)+", text)
    return whole is not None and Formula(text).count() == counts


def _surface_energy(
    stages: Stages,
    bulk: Atoms,
    energy: float,
    miller: tuple[int, int, int] | None,
    calculator: Calculator,
) -> float | None:
    if miller is None:
        return None
    face = cut(bulk, miller)
    if not face.symmetric:
        return None
    slab = face.cell.copy()
    stage = "surface" + "".join(str(index) for index in miller)
    found = relax_positions(stages, stage, slab, calculator)
    return surface_energy(float(found["energy"]), energy * len(slab) / len(bulk), area_of(slab))
