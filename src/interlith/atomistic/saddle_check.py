"""A second opinion on the barrier that decides: single points at its lowest site and its saddle.

Density functional theory relaxes no path here in reasonable time, but it can weigh the geometries
that a potential found: E(saddle) - E(lowest site), both at the potential's positions. How far that
is from the potential's own difference is an error of the potential and widens the interval. It
does not take the potential's place: where the potential has its sites in the wrong order, the
difference is no barrier, and may be negative.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from interlith.atomistic.adatom_barrier import (
    Progress,
    Setup,
    configuration,
    explore,
    on_the_surface,
    rest,
    silent,
)
from interlith.atomistic.potentials import Potential
from interlith.atomistic.records import BarrierRecord
from interlith.atomistic.sites import with_adatom
from interlith.atomistic.store import staged, stages_in
from interlith.atomistic.structures import structure
from interlith.errors import InputError, Problem

if TYPE_CHECKING:
    from ase import Atoms


@dataclass(frozen=True)
class SaddleCheck:
    """What another method says of a barrier at a potential's geometries.

    Parameters
    ----------
    barrier_eV
        Energy of the saddle less that of the lowest site [eV].
    potential_eV
        The same difference by the potential that found them [eV].
    checker, versions
        Who was asked.
    jump
        The jump whose saddle it is.
    """

    barrier_eV: float
    potential_eV: float
    checker: str
    versions: dict[str, str]
    jump: str

    @property
    def found_off_eV(self) -> float:
        """What the other method says less what the potential says [eV]."""
        return self.barrier_eV - self.potential_eV


def check_saddle(
    setup: Setup, checker: Potential, cache: Path, progress: Progress = silent
) -> SaddleCheck:
    """Return what another method says of the barrier of a setup.

    Parameters
    ----------
    setup
        The barrier, found before or found now.
    checker
        Such as ``gpaw``, or any potential.
    cache
        Root of the folders that keep finished stages.
    progress
        Called with stage, number, total and a remark.

    Raises
    ------
    InputError
        No network of jumps crosses the surface, or an element that the checker lacks.
    """
    found = rest(setup, cache, progress)
    record = explore(found, setup, progress)
    if not record.across:
        raise InputError(Problem("", "metal", setup.metal, "a metal that can cross the surface"))
    name = decisive_jump(record)
    path = found.stages.result(f"path-{name}")
    assert path is not None
    highest = int(np.argmax(path["energies"]))
    site = on_the_surface(found.sites, found.slab)[0][0]
    states = {"lowest": site.positions.tolist(), "saddle": path["positions"][highest]}
    checker.require(with_adatom(found.slab, setup.metal, site.adatom))
    stages = stages_in(
        cache,
        f"check-{setup.metal}-{checker.label}",
        {
            **setup.inputs(structure(setup.host)),
            "checker": [checker.name, checker.settings, checker.versions],
        },
    )
    energies: dict[str, float] = {}
    for number, (label, positions) in enumerate(states.items()):
        progress("check", number, len(states), f"{checker.name}, {label}")
        atoms = configuration(found.slab, setup.metal, np.array(positions))
        kept = staged(stages, label, lambda atoms=atoms: _energy(atoms, checker))  # type: ignore[misc]
        energies[label] = float(kept["energy"])
    return SaddleCheck(
        barrier_eV=round(energies["saddle"] - energies["lowest"], 4),
        potential_eV=round(float(path["energies"][highest]) - site.energy, 4),
        checker=checker.name,
        versions=checker.versions,
        jump=name,
    )


def decisive_jump(record: BarrierRecord) -> str:
    """Return the name of the jump whose saddle opens the easiest crossing."""
    jumps = {jump.name: jump for jump in record.jumps}
    names = {step.jump for step in record.across[0].path}
    return max(sorted(names), key=lambda name: jumps[name].saddle_eV)


def _energy(atoms: Atoms, checker: Potential) -> dict[str, Any]:
    atoms.calc = checker.make()
    return {"energy": float(atoms.get_potential_energy())}
