"""Relaxations: crystals with their cell; slabs and adatoms at a fixed one, kept after each step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from interlith.atomistic.store import Stages
from interlith.errors import SolverError

if TYPE_CHECKING:
    from ase import Atoms
    from ase.calculators.calculator import Calculator
    from ase.optimize.optimize import Optimizer

Array = NDArray[np.float64]

BULK_FORCE = 0.005  # eV/angstrom
SITE_FORCE = 0.02  # eV/angstrom
MOST_STEPS = 400


class NotConvergedError(SolverError):
    """A relaxation or a path did not reach its force limit in the steps it was given."""


def relax_crystal(
    stages: Stages, stage: str, atoms: Atoms, calculator: Calculator, force: float = BULK_FORCE
) -> tuple[Atoms, float]:
    """Return a crystal with its cell and positions relaxed, and its energy [eV per cell].

    The symmetry of the start is kept: forces and stress are symmetrised.
    """
    from ase.constraints import FixSymmetry
    from ase.filters import FrechetCellFilter
    from ase.optimize import BFGS

    kept = stages.result(stage)
    if kept is None:
        relaxed = atoms.copy()
        relaxed.calc = calculator
        relaxed.set_constraint(FixSymmetry(relaxed))
        optimiser = BFGS(FrechetCellFilter(relaxed), logfile=None)
        _run(optimiser, stage, force)
        kept = {
            "cell": relaxed.cell.array.tolist(),
            "positions": relaxed.positions.tolist(),
            "energy": float(relaxed.get_potential_energy()),
        }
        stages.finish(stage, kept)
    relaxed = atoms.copy()
    relaxed.set_cell(kept["cell"])
    relaxed.set_positions(kept["positions"])
    return relaxed, float(kept["energy"])


def relax_positions(
    stages: Stages, stage: str, atoms: Atoms, calculator: Calculator, force: float = SITE_FORCE
) -> dict[str, Any]:
    """Relax positions at a fixed cell, with the constraints of `atoms`.

    Returns
    -------
    dict
        `positions` (n, 3) [angstrom] as lists, `energy` [eV], `steps`.
    """
    from ase.optimize import BFGS

    kept = stages.result(stage)
    if kept is not None:
        return kept
    moving = atoms.copy()
    moving.calc = calculator
    before = stages.last_step(stage)
    if before is not None:
        moving.set_positions(before["positions"], apply_constraint=False)
    optimiser = BFGS(moving, logfile=None, maxstep=0.15)
    optimiser.attach(lambda: stages.step(stage, {"positions": moving.positions.tolist()}))
    _run(optimiser, stage, force)
    result = {
        "positions": moving.positions.tolist(),
        "energy": float(moving.get_potential_energy()),
        "steps": int(optimiser.nsteps),
    }
    stages.finish(stage, result)
    return result


def _run(optimiser: Optimizer, stage: str, force: float) -> None:
    if not optimiser.run(fmax=force, steps=MOST_STEPS):
        raise NotConvergedError(
            f"{stage}: forces stay above {force:g} eV/angstrom after {MOST_STEPS} steps"
        )
