"""Crystals, each relaxed once: faces, fitness and uptake of a host all start from the same."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from interlith.atomistic.potentials import Potential
from interlith.atomistic.relaxing import relax_crystal
from interlith.atomistic.store import Stages, stages_in
from interlith.atomistic.structures import Structure, structure

if TYPE_CHECKING:
    from ase import Atoms
    from ase.calculators.calculator import Calculator


def crystal_inputs(crystal: Structure, model: Potential) -> dict[str, object]:
    """Return what decides the numbers of a crystal with a potential."""
    return {
        "cell": crystal.atoms.cell.array.round(6).tolist(),
        "places": crystal.atoms.get_scaled_positions().round(6).tolist(),
        "numbers": crystal.atoms.numbers.tolist(),
        "potential": model.name,
        "settings": model.settings,
        "versions": model.versions,
    }


def crystal_stages(crystal: Structure, model: Potential, cache: Path | None) -> Stages:
    """Return where the stages of a crystal with a potential are kept."""
    return stages_in(cache, f"{crystal.name}-{model.label}", crystal_inputs(crystal, model))


def relaxed(
    crystal: Structure, model: Potential, calculator: Calculator, cache: Path | None
) -> tuple[Atoms, float]:
    """Return a crystal relaxed with a potential, and its energy [eV per cell].

    Raises
    ------
    NotConvergedError
        Its forces stay above the limit.
    """
    stages = crystal_stages(crystal, model, cache)
    return relax_crystal(stages, "crystal", crystal.atoms, calculator)


def element_energy(
    element: str, model: Potential, calculator: Calculator, cache: Path | None
) -> float:
    """Return the energy of an element in its crystal [eV per atom]."""
    crystal, energy = relaxed(structure(element), model, calculator, cache)
    return energy / len(crystal)
