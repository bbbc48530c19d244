"""A second opinion on a barrier: another method weighs a potential's states and crosses them anew.

Density functional theory relaxes no path here in reasonable time, but it can weigh geometries that
a potential found: every site, and the images of those paths that its own lowest network needs. The
network is then built again from its energies, so sites that the potential has in the wrong order
are put right, and the barrier is one: the saddle of the lowest network above the lowest state.

Only what can matter is weighed. A path counts as no higher than its ends until it stands on the
crossing; then its saddle is weighed, and all its images if it is the highest of the crossing. Those
heights only rise, so the crossing that is left when nothing on it is open is the lowest one.

What this neglects: the geometries stay the potential's. Relaxation by the method itself would lower
sites and saddles alike, by amounts that nobody knows here, and a site that the potential does not
have is not seen. A maximum between images is not seen either.
"""

from __future__ import annotations

from collections.abc import Iterator
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
from interlith.atomistic.network import Crossing
from interlith.atomistic.potentials import Potential
from interlith.atomistic.records import NetworkCheck
from interlith.atomistic.sites import with_adatom
from interlith.atomistic.store import Stages, staged, stages_in
from interlith.atomistic.structures import structure
from interlith.errors import InputError, Problem

if TYPE_CHECKING:
    from ase import Atoms

Array = NDArray[np.float64]


def check_network(
    setup: Setup, checker: Potential, cache: Path | None, progress: Progress = silent
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

    Raises
    ------
    InputError
        No network of jumps crosses the surface, or an element that the checker lacks.
    """
    found = rest(setup, cache, progress)
    record = explore(found, setup, progress)
    if record.barrier_eV is None:
        raise InputError(Problem("", "metal", setup.metal, "a metal that can cross the surface"))
    land = landscape(found)
    checker.require(with_adatom(found.slab, setup.metal, land.sites[0].adatom))
    scale = _Scale(setup, checker, found, land, cache, progress)
    crossing = scale.crossing()
    own_lowest = land.sites[0].energy
    lowest = min(scale.sites)
    names = tuple(land.jumps[edge.jump].name for edge in crossing.path)
    heights = scale.heights()

    def above(pair: tuple[float, float]) -> tuple[float, float]:
        return round(pair[0] - own_lowest, 4), round(pair[1] - lowest, 4)

    images = {
        name: {
            str(image): above((float(scale.bands[name].energies[image]), energy))
            for image, energy in sorted(weighed.items())
        }
        for name, weighed in scale.weighed.items()
    }
    return NetworkCheck(
        barrier_eV=round(crossing.saddle - scale.deepest(), 4),
        potential_eV=record.barrier_eV,
        potential=setup.potential.name,
        checker=checker.name,
        versions=checker.versions,
        sites_eV={
            site.name: above((site.energy, energy))
            for site, energy in zip(land.sites, scale.sites, strict=True)
        },
        images_eV=images,
        path=names,
        decisive=max(sorted(set(names)), key=lambda name: heights[name]),
        points=len(scale.sites) + sum(len(weighed) for weighed in scale.weighed.values()),
    )


@dataclass
class _Scale:
    """Weighs sites at once, and images of paths when the lowest crossing needs them."""

    setup: Setup
    checker: Potential
    found: Rest
    land: Landscape
    cache: Path | None
    progress: Progress
    stages: Stages = field(init=False)
    atoms: Atoms | None = field(init=False, default=None)
    sites: list[float] = field(init=False)
    bands: dict[str, Band] = field(default_factory=dict)
    weighed: dict[str, dict[int, float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        inputs = {
            **self.setup.inputs(structure(self.setup.host)),
            "images": self.setup.images,
            "checker": [self.checker.name, self.checker.settings, self.checker.versions],
        }
        label = f"check-{self.setup.metal}-{self.checker.label}"
        self.stages = stages_in(self.cache, label, inputs)
        self.sites = [self._weigh(f"site-{site.name}", site.positions) for site in self.land.sites]

    def crossing(self) -> Crossing:
        """Return the lowest crossing, with all on it weighed that can decide."""
        while True:
            heights = self.heights()
            # Jumps between all neighbours reach across every surface that has a site.
            crossing = self.land.across([(j, heights[j.name]) for j in self.land.jumps])[0]
            question = next(self._open(crossing, heights), None)
            if question is None:
                return crossing
            self._weigh_image(*question)

    def heights(self) -> dict[str, float]:
        """Return the highest energy known of each jump, ends included, by name [eV]."""
        return {
            jump.name: max(
                self.sites[jump.start],
                self.sites[jump.end],
                *self.weighed.get(jump.name, {}).values(),
            )
            for jump in self.land.jumps
        }

    def deepest(self) -> float:
        """Return the lowest energy of all that was weighed [eV]."""
        images = [energy for found in self.weighed.values() for energy in found.values()]
        return min([*self.sites, *images])

    def _open(self, crossing: Crossing, heights: dict[str, float]) -> Iterator[tuple[Jump, int]]:
        """Yield what is not weighed yet: saddles of the crossing, then the decisive path."""
        jumps = [self.land.jumps[number] for number in sorted({e.jump for e in crossing.path})]
        saddles = [(jump, int(np.argmax(self._band(jump).energies[1:-1])) + 1) for jump in jumps]
        inner = range(1, self.setup.images + 1)
        highest = [jump for jump in jumps if heights[jump.name] >= crossing.saddle]
        for jump, image in [*saddles, *((jump, image) for jump in highest for image in inner)]:
            if image not in self.weighed.get(jump.name, {}):
                yield jump, image

    def _band(self, jump: Jump) -> Band:
        if jump.name not in self.bands:
            self.bands[jump.name] = path_of(jump, self.found, self.setup, self.land, self.progress)
        return self.bands[jump.name]

    def _weigh_image(self, jump: Jump, image: int) -> None:
        positions = self._band(jump).positions[image]
        energy = self._weigh(f"{jump.name}-{image}", positions)
        self.weighed.setdefault(jump.name, {})[image] = energy

    def _weigh(self, label: str, positions: Array) -> float:
        done = sum(len(found) for found in self.weighed.values())
        # The bar fills as if every site brought one image more.
        self.progress(
            "check", done, done + 2 * len(self.land.sites), f"{self.checker.name}, {label}"
        )
        kept = staged(self.stages, label, lambda: self._energy(positions))
        return float(kept["energy"])

    def _energy(self, positions: Array) -> dict[str, Any]:
        """Return the energy of a geometry; a code that starts from the last one needs less time."""
        if self.atoms is None:
            self.atoms = configuration(self.found.slab, self.setup.metal, positions)
            self.atoms.calc = self.checker.make()
        self.atoms.set_positions(positions, apply_constraint=False)
        return {"energy": float(self.atoms.get_potential_energy())}
