"""The nudged elastic band between two relaxed configurations, with a climbing image.

Henkelman, Uberuaga & Jónsson, J. Chem. Phys. 113, 9901 (2000), doi:10.1063/1.1329672 (climbing
image); Henkelman & Jónsson, J. Chem. Phys. 113, 9978 (2000), doi:10.1063/1.1323224 (improved
tangent); Smidstrup et al., J. Chem. Phys. 140, 214106 (2014), doi:10.1063/1.4878664 (the start by
image-dependent pair potential). ASE does the work.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from interlith.atomistic.store import Stages

if TYPE_CHECKING:
    from ase import Atoms
    from ase.calculators.calculator import Calculator
    from ase.mep import NEB

Array = NDArray[np.float64]

SPRING = 0.1  # eV/angstrom2 between images
ROUGH_FORCE = 0.15  # eV/angstrom at which the highest image starts to climb
PATH_FORCE = 0.05  # eV/angstrom
ROUGH_STEPS = 80
MOST_STEPS = 160
TRAP = 0.02  # eV below both neighbours that an image counts as a minimum on the way
CROWDED = 0.6  # of the sum of covalent radii: closer atoms in a first guess are a collision


@dataclass(frozen=True)
class Band:
    """A path between two sites.

    Parameters
    ----------
    energies
        Of all images, ends included [eV].
    positions
        Of all images, shape (images, n + 1, 3) [angstrom], adatom last.
    converged
        The forces across the path fell below the limit.
    force
        Largest force left [eV/angstrom].
    steps
        Steps of the optimiser.
    """

    energies: Array
    positions: Array
    converged: bool
    force: float
    steps: int

    @property
    def saddle_energy(self) -> float:
        """Energy of the highest image [eV]."""
        return float(self.energies.max())

    @property
    def minima_between(self) -> int:
        """Number of images that lie in a hollow of their own between the ends."""
        inner, left, right = self.energies[1:-1], self.energies[:-2], self.energies[2:]
        return int(np.sum((inner < left - TRAP) & (inner < right - TRAP)))

    @property
    def travelled(self) -> Array:
        """Way of the adatom along the path at each image [angstrom]."""
        steps = np.linalg.norm(np.diff(self.positions[:, -1], axis=0), axis=1)
        return np.concatenate([[0.0], np.cumsum(steps)])


def find_path(
    stages: Stages,
    stage: str,
    ends: tuple[Atoms, Atoms],
    end_energies: tuple[float, float],
    calculator: Calculator,
    images: int = 5,
    progress: Callable[[int, float], None] = lambda step, force: None,
) -> Band:
    """Find the path of least energy between two configurations.

    Parameters
    ----------
    stages, stage
        Where the path is kept after each step, and under which name.
    ends
        Relaxed configurations with the same order of atoms and the same constraints.
    end_energies
        Their energies [eV].
    calculator
        Asked for every image in turn.
    images
        Between the ends.
    progress
        Called with step and largest force [eV/angstrom].

    Returns
    -------
    Band
        `converged` says whether the force limit was reached.
    """
    kept = stages.result(stage)
    if kept is None:
        chain = _first_guess(ends, images)
        before = stages.last_step(stage)
        done = 0
        if before is not None and len(before["positions"]) == images:
            done = int(before["step"])
            for image, positions in zip(chain[1:-1], before["positions"], strict=True):
                image.set_positions(positions, apply_constraint=False)
        for image in chain[1:-1]:
            image.calc = _remembering(calculator)
        kept = _optimised(stages, stage, chain, end_energies, done, progress)
        stages.finish(stage, kept)
    return Band(
        energies=np.array(kept["energies"]),
        positions=np.array(kept["positions"]),
        converged=bool(kept["converged"]),
        force=float(kept["force"]),
        steps=int(kept["steps"]),
    )


def _remembering(engine: Calculator) -> Calculator:
    """Return a calculator that asks `engine` and keeps the answer for one image.

    An optimiser asks three times at each step, and the engine that all images share remembers only
    the last of them.
    """
    from ase.calculators.calculator import Calculator as Base
    from ase.calculators.calculator import all_changes

    class Remembering(Base):  # type: ignore[misc]
        """Energy and forces of one image."""

        implemented_properties = ("energy", "forces")

        def calculate(
            self,
            atoms: Atoms | None = None,
            properties: Sequence[str] = ("energy",),
            system_changes: Sequence[str] = tuple(all_changes),
        ) -> None:
            """Ask the engine for both."""
            super().calculate(atoms, list(properties), list(system_changes))
            self.results = {
                "energy": float(engine.get_potential_energy(atoms)),
                "forces": np.array(engine.get_forces(atoms)),
            }

    return Remembering()


def _first_guess(ends: tuple[Atoms, Atoms], images: int) -> list[Atoms]:
    """Return ends and images between them, kept apart by the image-dependent pair potential."""
    from ase.mep import NEB

    start, end = ends
    chain = [start.copy(), *(start.copy() for _ in range(images)), end.copy()]
    guess = NEB(chain, method="improvedtangent", allow_shared_calculator=True)
    guess.interpolate(mic=False, apply_constraint=False)
    if any(_collides(image) for image in chain[1:-1]):
        guess.interpolate(method="idpp", mic=False, apply_constraint=False)
    return chain


def _collides(image: Atoms) -> bool:
    from ase.data import covalent_radii
    from ase.geometry import get_distances

    _, apart = get_distances(
        image.positions[-1:], image.positions[:-1], cell=image.cell, pbc=(True, True, False)
    )
    radii = covalent_radii[image.numbers]
    return bool(np.any(apart[0] < CROWDED * (radii[:-1] + radii[-1])))


def _optimised(
    stages: Stages,
    stage: str,
    chain: list[Atoms],
    end_energies: tuple[float, float],
    done: int,
    progress: Callable[[int, float], None],
) -> dict[str, Any]:
    from ase.calculators.singlepoint import SinglePointCalculator
    from ase.mep import NEB
    from ase.optimize import BFGS

    for image, energy in zip((chain[0], chain[-1]), end_energies, strict=True):
        image.calc = SinglePointCalculator(image, energy=energy, forces=np.zeros((len(image), 3)))
    band = NEB(chain, k=SPRING, climb=False, method="improvedtangent")
    step = done

    def keep() -> None:
        nonlocal step
        step += 1
        positions = [image.positions.tolist() for image in chain[1:-1]]
        stages.step(stage, {"positions": positions, "step": step})
        progress(step, float(band.get_residual()))

    for climb, force, most in ((False, ROUGH_FORCE, ROUGH_STEPS), (True, PATH_FORCE, MOST_STEPS)):
        band.climb = climb and _has_summit(band, end_energies)
        optimiser = BFGS(band, logfile=None, maxstep=0.1)
        optimiser.attach(keep)
        optimiser.run(fmax=force, steps=most)
    residual = float(band.get_residual())
    inner = [float(image.get_potential_energy()) for image in chain[1:-1]]
    return {
        "energies": [end_energies[0], *inner, end_energies[1]],
        "positions": [image.positions.tolist() for image in chain],
        "converged": residual <= PATH_FORCE,
        "force": residual,
        "steps": step,
    }


def _has_summit(band: NEB, end_energies: tuple[float, float]) -> bool:
    """Return whether an image lies above both ends, so that there is something to climb."""
    inner = [image.get_potential_energy() for image in band.images[1:-1]]
    return bool(max(inner) > max(end_energies))
