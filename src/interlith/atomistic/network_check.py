"""A second opinion on a barrier: another method weighs a potential's states and crosses them anew.

Density functional theory relaxes no path here in reasonable time, but it can weigh geometries that
a potential found: every site, and the images of those paths that its own lowest network needs. The
network is then built again from its energies, so sites that the potential has in the wrong order
are put right, and the barrier is one: the saddle of the lowest network above the lowest state.

Only what can matter is weighed (`weighing.py`): of the crossing every summit, and all images of its
highest path.

What this neglects: the geometries stay the potential's, so sites and saddles are all too high by
amounts that differ. With `relaxed` the method relaxes the two states between which the barrier
stands: the lowest, and the summit with the adatom held where it is in the plane (the way in the
plane is what the adatom is driven along; everything else follows). A site that the potential does
not have is not seen, nor a maximum between images.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from interlith.atomistic.adatom_barrier import (
    Progress,
    Rest,
    Setup,
    configuration,
    explore,
    landscape,
    path_of,
    rest,
    silent,
)
from interlith.atomistic.band import Band
from interlith.atomistic.jumps import Jump
from interlith.atomistic.landscape import Landscape
from interlith.atomistic.potentials import Potential
from interlith.atomistic.records import NetworkCheck, RelaxedCheck
from interlith.atomistic.relaxing import relax_positions
from interlith.atomistic.sites import with_adatom
from interlith.atomistic.store import Stages, staged, stages_in
from interlith.atomistic.structures import structure
from interlith.atomistic.weighing import Weighing
from interlith.errors import InputError, Problem

if TYPE_CHECKING:
    from ase.calculators.calculator import Calculator

Array = NDArray[np.float64]

RELAXED_FORCE = 0.05  # eV/angstrom, as on paths


def check_network(
    setup: Setup,
    checker: Potential,
    cache: Path | None,
    progress: Progress = silent,
    *,
    relaxed: bool = False,
) -> NetworkCheck:
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
    relaxed
        Whether the checker relaxes the lowest state and the summit of the network.

    Raises
    ------
    InputError
        No network of jumps crosses the surface, or an element that the checker lacks.
    NotConvergedError
        The checker did not relax a state; asked again it goes on from there.
    """
    found = rest(setup, cache, progress)
    record = explore(found, setup, progress)
    if record.barrier_eV is None:
        raise InputError(Problem("", "metal", setup.metal, "a metal that can cross the surface"))
    land = landscape(found)
    checker.require(with_adatom(found.slab, setup.metal, land.sites[0].adatom))
    scale = _Scale(setup, checker, found, land, cache, progress)
    weighing = Weighing(
        jumps=land.jumps,
        sites=[scale.weigh(f"site-{site.name}", site.positions) for site in land.sites],
        images=setup.images,
        across=lambda heights: land.across([(jump, heights[jump.name]) for jump in land.jumps]),
        summit=lambda jump: int(np.argmax(scale.band(jump).energies[1:-1])) + 1,
        weigh=scale.weigh_image,
    )
    crossing = weighing.crossing()
    own_lowest, lowest = land.sites[0].energy, min(weighing.sites)
    names = tuple(land.jumps[edge.jump].name for edge in crossing.path)
    heights = weighing.heights()
    decisive = max(sorted(set(names)), key=lambda name: heights[name])

    def above(pair: tuple[float, float]) -> tuple[float, float]:
        return round(pair[0] - own_lowest, 4), round(pair[1] - lowest, 4)

    images = {
        name: {
            str(image): above((float(scale.bands[name].energies[image]), energy))
            for image, energy in sorted(weighed.items())
        }
        for name, weighed in weighing.weighed.items()
    }
    return NetworkCheck(
        barrier_eV=round(crossing.saddle - weighing.deepest(), 4),
        potential_eV=record.barrier_eV,
        potential=setup.potential.name,
        checker=checker.name,
        versions=checker.versions,
        sites_eV={
            site.name: above((site.energy, energy))
            for site, energy in zip(land.sites, weighing.sites, strict=True)
        },
        images_eV=images,
        path=names,
        decisive=decisive,
        points=weighing.points,
        relaxed=_relaxed(scale, weighing, decisive) if relaxed else None,
    )


def _relaxed(scale: _Scale, weighing: Weighing, decisive: str) -> RelaxedCheck:
    """Return the barrier between lowest state and summit, both relaxed by the method."""
    weighed = scale.states(weighing)
    lowest = min(weighed, key=lambda name: weighed[name][0])
    jump = scale.jumps[decisive]
    ends = {f"site-{scale.land.sites[end].name}" for end in (jump.start, jump.end)}
    on_it = [name for name in weighed if name in ends or name.startswith(f"{decisive}-")]
    summit = max(on_it, key=lambda name: weighed[name][0])
    bottom = scale.relax(lowest, weighed[lowest][1], held=False)
    top = scale.relax(summit, weighed[summit][1], held=True)
    return RelaxedCheck(
        barrier_eV=round(top["energy"] - bottom["energy"], 4),
        lowest=lowest,
        summit=summit,
        gained_eV=(
            round(weighed[lowest][0] - bottom["energy"], 4),
            round(weighed[summit][0] - top["energy"], 4),
        ),
        steps=(bottom["steps"], top["steps"]),
    )


@dataclass
class _Scale:
    """Energies of another method at a potential's geometries, each kept."""

    setup: Setup
    checker: Potential
    found: Rest
    land: Landscape
    cache: Path | None
    progress: Progress
    stages: Stages = field(init=False)
    calculator: Calculator | None = field(init=False, default=None)
    bands: dict[str, Band] = field(default_factory=dict)
    asked: int = 0

    def __post_init__(self) -> None:
        inputs = {
            **self.setup.inputs(structure(self.setup.host)),
            "images": self.setup.images,
            "checker": [self.checker.name, self.checker.settings, self.checker.versions],
        }
        label = f"check-{self.setup.metal}-{self.checker.label}"
        self.stages = stages_in(self.cache, label, inputs)

    def band(self, jump: Jump) -> Band:
        """Return the potential's path of a jump."""
        if jump.name not in self.bands:
            self.bands[jump.name] = path_of(jump, self.found, self.setup, self.land, self.progress)
        return self.bands[jump.name]

    def weigh_image(self, jump: Jump, image: int) -> float:
        """Return the method's energy of an image of a path [eV]."""
        return self.weigh(f"{jump.name}-{image}", self.band(jump).positions[image])

    def weigh(self, label: str, positions: Array) -> float:
        """Return the method's energy of a geometry [eV]."""
        # The bar fills as if as many states as there are sites, and one path, were still to come.
        total = self.asked + len(self.land.sites) + self.setup.images
        self.progress("check", self.asked, total, f"{self.checker.name}, {label}")
        self.asked += 1
        kept = staged(self.stages, label, lambda: self._energy(positions))
        return float(kept["energy"])

    def states(self, weighing: Weighing) -> dict[str, tuple[float, Array]]:
        """Return energy [eV] and geometry of all that was weighed, by the name it is kept under."""
        sites = {
            f"site-{site.name}": (energy, site.positions)
            for site, energy in zip(self.land.sites, weighing.sites, strict=True)
        }
        images = {
            f"{name}-{image}": (energy, self.bands[name].positions[image])
            for name, found in weighing.weighed.items()
            for image, energy in found.items()
        }
        return {**sites, **images}

    @property
    def jumps(self) -> dict[str, Jump]:
        """Jumps by name."""
        return {jump.name: jump for jump in self.land.jumps}

    def relax(self, label: str, positions: Array, *, held: bool) -> dict[str, Any]:
        """Return a geometry relaxed by the method, the adatom `held` in the plane or not."""
        from ase.constraints import FixCartesian

        self.progress("check", self.asked, self.asked + 1, f"{self.checker.name} relaxes {label}")
        moving = configuration(self.found.slab, self.setup.metal, positions)
        if held:
            adatom = FixCartesian(len(moving) - 1, mask=(True, True, False))
            moving.set_constraint([*moving.constraints, adatom])
        return relax_positions(
            self.stages, f"relaxed-{label}", moving, self._engine(), RELAXED_FORCE
        )

    def _engine(self) -> Calculator:
        """Return the method's calculator: a code that starts from the last geometry needs less."""
        if self.calculator is None:
            self.calculator = self.checker.make()
        return self.calculator

    def _energy(self, positions: Array) -> dict[str, Any]:
        atoms = configuration(self.found.slab, self.setup.metal, positions)
        atoms.calc = self._engine()
        return {"energy": float(atoms.get_potential_energy())}
