"""What it costs a small cluster of lithium with a metal or a salt to take a positive charge.

The adiabatic ionisation energy I = E(q = +1) - E(q = 0), each at its own geometry, by density
functional theory on the free cluster (PySCF: PBE, def2-SVP with its effective core potential,
unrestricted, the lower of the two lowest spins). A cluster takes over the charge of a lithium ion
where its ionisation energy is below that of a lithium atom at the same level:

    cluster + Li+ -> cluster+ + Li,    dE = I(cluster) - I(Li)

PBE: Perdew, Burke & Ernzerhof (1996), doi:10.1103/PhysRevLett.77.3865; def2-SVP: Weigend &
Ahlrichs (2005), doi:10.1039/B508541A; PySCF: Sun et al. (2020), doi:10.1063/5.0006074.

What this cannot say: a cluster of two to four atoms in vacuum is no particle in a solid; screening
and the host's field are missing. It gives a sign and an order, not a number for a cell.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from interlith.atomistic.store import staged, stages_in
from interlith.errors import InputError, Problem
from interlith.extra import need

Array = NDArray[np.float64]

FUNCTIONAL, BASIS = "PBE", "def2-svp"
FIRST_WITH_CORE_POTENTIAL = 37  # rubidium: def2 replaces the core from here on
FORCE = 4.5e-4  # hartree/bohr, the usual limit of quantum-chemistry programs
HARTREE_EV = 27.211386245988
MOST_LITHIUM = 3
# Angle at the middle atom between its lithium atoms, to start from [degree].
START_ANGLE = {1: 180.0, 2: 120.0, 3: 95.0}


@dataclass(frozen=True)
class Ionisation:
    """Adiabatic ionisation energy of a cluster.

    Parameters
    ----------
    cluster
        Formula, such as LiMg.
    energy_eV
        E(+1) - E(0) [eV].
    against_lithium_eV
        The same less that of a lithium atom: negative where the cluster takes over the charge of
        a lithium ion.
    spins
        Unpaired electrons of the neutral and the charged cluster.
    bonds_A
        Shortest distance of the neutral and the charged cluster [angstrom]; 0 for an atom.
    level
        Method and version of the code.
    """

    cluster: str
    energy_eV: float
    against_lithium_eV: float
    spins: tuple[int, int]
    bonds_A: tuple[float, float]
    level: str


def ionisation(cluster: str, cache: Path | None = None) -> Ionisation:
    """Return the adiabatic ionisation energy of a cluster of lithium about one other atom.

    Parameters
    ----------
    cluster
        Such as Li, Mg, LiMg, Li3Bi, LiF, Li2O.
    cache
        Root of the folders that keep finished stages; None keeps nothing.

    Raises
    ------
    InputError
        Not lithium about at most one atom of another element, or more than three lithium atoms.
    MissingExtraError
        PySCF is not installed.
    """
    need("pyscf")
    start = start_geometry(cluster)
    level = f"{FUNCTIONAL}/{BASIS}, PySCF {version('pyscf')}"
    stages = stages_in(cache, f"cluster-{cluster}", {"cluster": cluster, "level": level})
    neutral, charged = (
        staged(stages, f"charge{charge}", lambda charge=charge: _lowest(start, charge))  # type: ignore[misc]
        for charge in (0, 1)
    )
    energy = charged["energy_eV"] - neutral["energy_eV"]
    lithium = energy if cluster == "Li" else ionisation("Li", cache).energy_eV
    return Ionisation(
        cluster=cluster,
        energy_eV=round(energy, 3),
        against_lithium_eV=round(energy - lithium, 3),
        spins=(neutral["spin"], charged["spin"]),
        bonds_A=(round(neutral["bond_A"], 3), round(charged["bond_A"], 3)),
        level=level,
    )


def is_cluster(cluster: str) -> bool:
    """Return whether a formula is one to three lithium atoms, one other atom, or both."""
    from ase.data import atomic_numbers

    counts = _counts(cluster)
    others = [element for element in counts if element != "Li"]
    return (
        bool(counts)
        and all(element in atomic_numbers for element in counts)
        and len(others) <= 1
        and all(counts[element] == 1 for element in others)
        and counts.get("Li", 0) <= MOST_LITHIUM
    )


def _counts(cluster: str) -> dict[str, int]:
    """Return atoms by element; nothing for what is no plain formula."""
    if not re.fullmatch(r"(?:[A-Z][a-z]?\d?)+", cluster):
        return {}
    return {e: int(n or 1) for e, n in re.findall(r"([A-Z][a-z]?)(\d?)", cluster)}


def start_geometry(cluster: str) -> list[tuple[str, Array]]:
    """Return elements and places [angstrom]: the other atom in the middle, lithium about it.

    Raises
    ------
    InputError
        Not such a cluster.
    """
    from ase.data import atomic_numbers, covalent_radii

    if not is_cluster(cluster):
        expected = "up to three lithium atoms and one atom of another element, such as Li2Mg"
        raise InputError(Problem("", "cluster", cluster, expected))
    counts = _counts(cluster)
    others = [element for element in counts if element != "Li"]
    lithium = counts.get("Li", 0)
    if not others:
        others, lithium = ["Li"], lithium - 1
    middle = others[0]
    bond = covalent_radii[atomic_numbers[middle]] + covalent_radii[atomic_numbers["Li"]]
    atoms = [(middle, np.zeros(3))]
    for direction in _directions(lithium):
        atoms.append(("Li", bond * direction))
    return atoms


def _directions(number: int) -> list[Array]:
    """Return unit vectors with the start angle between each other, about one axis."""
    if number == 0:
        return []
    between = np.cos(np.radians(START_ANGLE[number]))
    if number == 1:
        return [np.array([1.0, 0.0, 0.0])]
    # For n vectors evenly about z, tilted by t from it: cos(angle) = cos^2 t + sin^2 t cos(2 pi/n).
    turn = np.cos(2.0 * np.pi / number)
    upright = np.sqrt((between - turn) / (1.0 - turn))
    flat = np.sqrt(1.0 - upright**2)
    around = 2.0 * np.pi * np.arange(number) / number
    return [np.array([flat * np.cos(a), flat * np.sin(a), upright]) for a in around]


def _lowest(start: list[tuple[str, Array]], charge: int) -> dict[str, Any]:
    """Return the relaxed cluster in the lower of its two lowest spins."""
    from pyscf.data.elements import charge as nuclear_charge

    electrons = sum(nuclear_charge(element) for element, _ in start) - charge
    fewest = electrons % 2
    most = electrons if electrons < 3 else fewest + 2
    found = [_relaxed(start, charge, spin) for spin in range(fewest, most + 1, 2)]
    return min(found, key=lambda state: float(state["energy_eV"]))


def _relaxed(start: list[tuple[str, Array]], charge: int, spin: int) -> dict[str, Any]:
    """Return energy and shortest bond of a cluster at its own geometry."""
    from pyscf.data.nist import BOHR
    from scipy.optimize import minimize

    elements = [element for element, _ in start]
    guess: list[Any] = [None]

    def energy_and_slope(flat: Array) -> tuple[float, Array]:
        solved = _solved(elements, flat.reshape(-1, 3), charge, spin, guess[0])
        guess[0] = solved.make_rdm1()
        gradient = solved.nuc_grad_method()
        gradient.verbose = 0
        return float(solved.e_tot), np.asarray(gradient.kernel(), dtype=np.float64).ravel()

    places = np.array([place for _, place in start]) / BOHR
    if len(elements) == 1:
        energy, shortest = _solved(elements, places, charge, spin, None).e_tot, 0.0
    else:
        found = minimize(
            energy_and_slope, places.ravel(), jac=True, method="BFGS", options={"gtol": FORCE}
        )
        energy, apart = found.fun, found.x.reshape(-1, 3)
        distances = np.linalg.norm(apart[:, None] - apart, axis=-1)
        shortest = float(distances[distances > 0].min()) * BOHR
    return {"energy_eV": float(energy) * HARTREE_EV, "spin": spin, "bond_A": shortest}


def _solved(elements: list[str], places: Array, charge: int, spin: int, guess: Any) -> Any:
    """Return a converged unrestricted Kohn-Sham calculation; places in bohr."""
    from pyscf import dft, gto
    from pyscf.data.elements import charge as nuclear_charge

    heavy = {e: BASIS for e in elements if nuclear_charge(e) >= FIRST_WITH_CORE_POTENTIAL}
    molecule = gto.M(
        atom=list(zip(elements, places.tolist(), strict=True)),
        unit="Bohr",
        basis=BASIS,
        ecp=heavy,
        charge=charge,
        spin=spin,
        verbose=0,
    )
    field = dft.UKS(molecule, xc=FUNCTIONAL).density_fit()
    field.conv_tol = 1e-9
    field.kernel(guess)
    if not field.converged:
        field = field.newton()
        field.kernel()
    return field
