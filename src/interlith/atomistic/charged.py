"""What it costs an extended metal or salt to give up an electron, from charged periodic cells.

A charged periodic cell has a neutralising background and a potential with an arbitrary zero, so
E(q) - E(0) by itself means nothing: it follows -q times the highest level on that zero. Three
steps make it an ionisation energy against the vacuum:

- slope    lim (E(q) - E(0)) / q for q -> 0, on the zero of the bulk cell. A charge of 1/n in the
           primitive cell is one electron taken from a cell n times as large, with the hole spread
           over it; the background's own energy goes with the square of q and drops out.
- bulk     plus the average of the electrostatic potential of the neutral bulk cell
- slab     plus the step from the middle of a neutral slab to the vacuum (`alignment`)

    I = lim (E(q) - E(0)) / q + <V>(bulk) + [V(vacuum) - V(inside)](slab)

A constant added to the potential of the bulk, or to that of the slab, changes nothing. The law that
checks it: for a metal I is the work function of the slab itself, vacuum less Fermi level; for an
insulator vacuum less the top of the slab's valence band. The slope against the highest level is
Janak's theorem, doi:10.1103/PhysRevB.18.7165.

What this cannot say: the crystal and its face stay as measured and as cut, so the dipole of a
relaxed or covered face is missing; the hole is not allowed to localise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from interlith.atomistic.alignment import Alignment, aligned, period_along
from interlith.atomistic.slab import cut
from interlith.atomistic.store import Stages, staged, stages_in
from interlith.atomistic.structures import Structure, structure
from interlith.atomistic.uptake import ANY_FACE, PLAIN_FACES
from interlith.errors import InputError, Problem
from interlith.extra import need

if TYPE_CHECKING:
    from ase import Atoms

    from interlith.atomistic.slab import Surface

Array = NDArray[np.float64]

CHARGES = (0.005, 0.01, 0.02)  # electrons taken from a primitive cell
LEAST_SLAB = 12.0  # angstrom from the lowest to the highest atom
LEAST_GAP = 0.1  # eV; below it a crystal counts as a metal
LARGEST_DIFFERENCE = 0.15  # eV between charged cells and slab before a caution is due
LARGEST_SPREAD = 0.05  # eV within a plateau of the potential, and left by the extrapolation


@dataclass(frozen=True)
class Sampling:
    """How the electrons of a cell are summed up.

    Parameters
    ----------
    width
        Smearing of the occupation (Fermi-Dirac) [eV].
    density
        Of k-points: as many along a reciprocal vector as its length times this [angstrom].
    tolerance
        Of the density and of the energy an electron [eV].
    """

    width: float
    density: float
    tolerance: float


# The Fermi level of bulk aluminium moves by 0.13 eV from 3.5 to 5 angstrom and by 0.01 eV from 5 to
# 10, that of lithium by 0.03 and 0.02 eV.
METAL = Sampling(0.1, 5.0, 1e-6)
# The hole stays at the top of the band: neither the smearing nor many k-points spread it below. At
# 0.01 eV and 3.5 angstrom the limit of LiF was 0.04 eV off the top.
INSULATOR = Sampling(0.002, 2.0, 1e-6)
# The step of the potential needs less.
SLAB = Sampling(0.1, 3.5, 1e-5)


@dataclass(frozen=True)
class State:
    """What is asked of an electronic-structure code about one cell; energies in eV.

    Parameters
    ----------
    free_energy
        Of the cell, entropy of the smeared occupation included: its derivative by the number of
        electrons is the Fermi level.
    fermi
        Fermi level.
    valence_top, gap
        Highest level that the neutral cell's electrons fill two by two, and the distance to the
        next; a gap of zero for a metal.
    profile
        Planar average along the third axis of the electrostatic potential that an electron feels,
        at equal steps, on the same zero as the levels.
    """

    free_energy: float
    fermi: float
    valence_top: float
    gap: float
    profile: tuple[float, ...]


class Electrons(Protocol):
    """An electronic-structure code with its settings."""

    @property
    def level(self) -> str:
        """Functional, basis, settings and version, in words; part of every key of the cache."""

    def solve(self, atoms: Atoms, charge: float, sampling: Sampling) -> State:
        """Return the state of a cell with `charge` electrons taken, the background uniform."""


@dataclass(frozen=True)
class ChargedCell:
    """Ionisation energy of an extended metal or salt against the vacuum; energies in eV.

    Parameters
    ----------
    host, face, layers
        Crystal, Miller indices and atomic layers of the slab that gives the vacuum.
    charged_eV
        From charged cells.
    slab_eV
        From the slab alone: its work function, or vacuum less its valence-band top.
    bulk_level_eV
        Vacuum less the highest level of the neutral bulk cell, by the same alignment: it tells
        whether a difference comes from the charge or from the slab.
    gap_eV
        Band gap of the bulk cell; 0 for a metal.
    against_lithium_eV
        `charged_eV` less that of lithium metal: negative where the host gives up an electron more
        easily.
    extrapolation_eV
        How far the largest charge moved the limit.
    plateau_eV
        Larger of the spreads of the potential within the slab's middle and within the vacuum.
    crystal
        Where the crystal comes from.
    level
        Method, settings and version of the code.
    """

    host: str
    face: tuple[int, int, int]
    layers: int
    charged_eV: float
    slab_eV: float
    bulk_level_eV: float
    gap_eV: float
    against_lithium_eV: float
    extrapolation_eV: float
    plateau_eV: float
    crystal: str
    level: str

    @property
    def difference_eV(self) -> float:
        """Charged cells less slab: zero but for finite charge, thickness and surface states."""
        return self.charged_eV - self.slab_eV

    @property
    def cautions(self) -> tuple[str, ...]:
        """Sentences about what makes this value doubtful."""
        said = []
        if abs(self.difference_eV) > LARGEST_DIFFERENCE:
            said.append(
                f"charged cells and slab differ by {self.difference_eV:+.2f} eV, more than "
                f"{LARGEST_DIFFERENCE:g} eV: the face has levels of its own, the slab is thin, or "
                "k-points are few"
            )
        if self.extrapolation_eV > LARGEST_SPREAD:
            said.append(f"the limit of small charge is uncertain by {self.extrapolation_eV:.2f} eV")
        if self.plateau_eV > LARGEST_SPREAD:
            said.append(f"the potential is not flat: it varies by {self.plateau_eV:.2f} eV")
        if self.crystal.startswith("assumed"):
            said.append(f"the crystal is {self.crystal}")
        return tuple(said)


def limit_of_slope(energies: Mapping[float, float]) -> float:
    """Return the limit of (E(q) - E(0)) / q for q -> 0.

    The slope at each charge is a polynomial in q through all of them: the linear part holds the
    background and the band's filling, higher parts their corrections.

    Parameters
    ----------
    energies
        Energy of the cell by charge, zero among them.
    """
    charges = np.array(sorted(q for q in energies if q != 0.0))
    slopes = np.array([(energies[q] - energies[0.0]) / q for q in charges])
    return float(np.linalg.solve(np.vander(charges, increasing=True), slopes)[0])


def ionisation_energy(slope: float, bulk_potential: float, slab: Alignment) -> float:
    """Return the ionisation energy against the vacuum [eV].

    Parameters
    ----------
    slope
        Limit of (E(q) - E(0)) / q of the bulk cell.
    bulk_potential
        Average of the electrostatic potential of the neutral bulk cell, on the same zero.
    slab
        Levels of the neutral slab, on a zero of its own.
    """
    return slope + bulk_potential + slab.step


def charged_cell(
    host: str,
    electrons: Electrons | None = None,
    *,
    miller: tuple[int, int, int] | None = None,
    cache: Path | None = None,
) -> ChargedCell:
    """Return what it costs an extended metal or salt to give up an electron.

    Parameters
    ----------
    host
        Formula of the package or a structure file; taken as it is, not relaxed.
    electrons
        The code; None takes GPAW as in `charged_gpaw`.
    miller
        Face of the slab; None takes the plain face of the crystal. The vacuum level belongs to a
        face, so another face gives another ionisation energy.
    cache
        Root of the folders that keep finished stages; None keeps nothing.

    Raises
    ------
    InputError
        An unknown structure, or a face whose two sides differ.
    MissingExtraError
        GPAW, or what cuts slabs, is not installed.
    """
    start = structure(host)
    if electrons is None:
        from interlith.atomistic.charged_gpaw import PlaneWaves

        electrons = PlaneWaves()
    face = miller or PLAIN_FACES.get(start.prototype, ANY_FACE)
    found = _against_vacuum(start, face, electrons, cache)
    lithium = found
    if start.name != "Li" or miller is not None:
        metal = structure("Li")
        lithium = _against_vacuum(metal, PLAIN_FACES[metal.prototype], electrons, cache)
    return _rounded(
        replace(found, against_lithium_eV=found.charged_eV - lithium.charged_eV),
    )


def _against_vacuum(
    start: Structure, face: tuple[int, int, int], electrons: Electrons, cache: Path | None
) -> ChargedCell:
    """Return the ionisation energy of a crystal, lithium not yet subtracted."""
    need("pymatgen")
    surface = thick_slab(start, face)
    primitive = primitive_cell(start.atoms)
    inputs = {
        "cell": start.atoms.cell.array.round(6).tolist(),
        "places": start.atoms.get_scaled_positions().round(6).tolist(),
        "numbers": start.atoms.numbers.tolist(),
        "face": face,
        "layers": surface.layers,
        "level": electrons.level,
    }
    stages = stages_in(cache, f"charged-{start.name}", inputs)
    first = _kept(stages, "bulk0", electrons, primitive, 0.0, METAL)
    bulk = INSULATOR if first.gap > LEAST_GAP else METAL
    states = {
        q: _kept(stages, f"bulk{q:g}", electrons, primitive, q, bulk) for q in (0.0, *CHARGES)
    }
    slab = _kept(stages, "slab", electrons, surface.cell, 0.0, SLAB)
    return from_states(start, surface, states, slab, electrons.level)


def from_states(
    start: Structure,
    surface: Surface,
    bulk: Mapping[float, State],
    slab: State,
    level: str,
) -> ChargedCell:
    """Return the ionisation energy of a crystal from the states of its cells.

    Parameters
    ----------
    start, surface
        The crystal and its slab.
    bulk
        States of the primitive cell by charge, zero among them.
    slab
        State of the neutral slab.
    level
        Method, in words.
    """
    insulator = bulk[0.0].gap > LEAST_GAP
    levels = aligned(
        np.array(slab.profile),
        float(surface.cell.cell[2, 2]),
        float(surface.cell.positions[:, 2].min() + surface.cell.positions[:, 2].max()) / 2.0,
        period_along(start.atoms, surface.miller),
    )
    energies = {charge: state.free_energy for charge, state in bulk.items()}
    slope = limit_of_slope(energies)
    largest = max(energies)
    without = limit_of_slope({q: e for q, e in energies.items() if q != largest})
    zero = float(np.mean(bulk[0.0].profile))
    highest = _highest(bulk[0.0], insulator)
    return ChargedCell(
        host=start.name,
        face=surface.miller,
        layers=surface.layers,
        charged_eV=ionisation_energy(slope, zero, levels),
        slab_eV=levels.vacuum - _highest(slab, insulator),
        bulk_level_eV=ionisation_energy(-highest, zero, levels),
        gap_eV=bulk[0.0].gap if insulator else 0.0,
        against_lithium_eV=0.0,
        extrapolation_eV=abs(slope - without),
        plateau_eV=max(levels.inside_spread, levels.vacuum_spread),
        crystal=start.source,
        level=level,
    )


def _highest(state: State, insulator: bool) -> float:
    return state.valence_top if insulator else state.fermi


def thick_slab(start: Structure, face: tuple[int, int, int]) -> Surface:
    """Return a slab of a crystal, at least 12 angstrom thick, with two equal sides.

    Raises
    ------
    InputError
        The sides differ, so that there are two vacuum levels.
    """
    thin = cut(start.atoms, face)
    between = np.ptp(thin.cell.positions[:, 2]) / (thin.layers - 1)
    surface = cut(start.atoms, face, layers=int(np.ceil(LEAST_SLAB / between)) + 1)
    if not surface.symmetric:
        name = "".join(str(index) for index in face)
        expected = "a face whose two sides are equal: the vacuum has one level then"
        raise InputError(Problem("", "face", f"{start.name}({name})", expected))
    return surface


def primitive_cell(atoms: Atoms) -> Atoms:
    """Return the primitive cell of a crystal, turned as it is."""
    import spglib
    from ase import Atoms

    found = spglib.standardize_cell(
        (atoms.cell.array, atoms.get_scaled_positions(), atoms.numbers),
        to_primitive=True,
        no_idealize=True,
    )
    assert found is not None
    cell, places, numbers = found
    return Atoms(numbers=numbers, scaled_positions=places, cell=cell, pbc=True)


def _kept(
    stages: Stages, stage: str, electrons: Electrons, atoms: Atoms, charge: float, how: Sampling
) -> State:
    """Return the state of a cell, solved once."""
    label = f"{stage}-{how.density:g}-{how.width:g}"
    kept = staged(stages, label, lambda: asdict(electrons.solve(atoms, charge, how)))
    return State(**{**kept, "profile": tuple(kept["profile"])})


def _rounded(found: ChargedCell) -> ChargedCell:
    digits: Sequence[str] = [name for name in asdict(found) if name.endswith("_eV")]
    return replace(found, **{name: round(getattr(found, name), 3) for name in digits})
