"""Slow changes of a cathode that are made between protocol steps: isolation and fluoride.

Splitting them off keeps the equations of a step local and exact in lithium; within a step they
change by far less than its tolerance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from interlith.physics.fatigue import OUTER_LAYER, passed_strain, surviving_share
from interlith.physics.fluoride import (
    advance_fluoride,
    near_surface_mean,
    released_share,
    skin_mesh,
)
from interlith.simulation.full_assembly import FullAssembly

FloatArray = NDArray[np.float64]

FLUORIDE_SHELLS = 24
THINNEST_SHELL = 1e-3
"""Thickness of the outermost shell of the fluoride's mesh over the radius."""


@dataclass
class Ageing:
    """Connected shares and fluoride of a cathode.

    Parameters
    ----------
    share : ndarray, shape (particles,)
        Connected share of the active material, by size and node.
    fluoride : list of ndarray
        Concentration in the shells of a particle of each size [mol m-3].
    faces : list of ndarray
        Radii of the faces of these shells [m].
    isolated : float
        Lithium in isolated material, as charge per area of cell [C m-2].
    """

    share: FloatArray
    fluoride: list[FloatArray]
    faces: list[FloatArray]
    isolated: float = 0.0

    @classmethod
    def fresh(cls, assembly: FullAssembly) -> Ageing:
        """Return the state as made.

        Parameters
        ----------
        assembly : FullAssembly
            The cell.

        Returns
        -------
        Ageing
            All material connected, no fluoride in the bulk.
        """
        cathode = assembly.parameters.cathode
        none = [np.zeros(FLUORIDE_SHELLS) for _size in range(cathode.sizes)]
        faces = [
            skin_mesh(float(radius), FLUORIDE_SHELLS, THINNEST_SHELL * float(radius))
            for radius in assembly.fatigue.radii
        ]
        return cls(np.ones(len(cathode.particles)), none, faces)

    def outer_fluoride(self) -> list[float]:
        """Mean fluoride in the outer layer of a particle of each size [mol m-3].

        Returns
        -------
        list of float
            What strengthens it against cracking.
        """
        return [
            near_surface_mean(profile, faces, OUTER_LAYER)
            for profile, faces in zip(self.fluoride, self.faces, strict=True)
        ]

    def install(self, assembly: FullAssembly, pristine: FloatArray) -> None:
        """Write the connected shares into the numbers of the equations.

        Parameters
        ----------
        assembly : FullAssembly
            Changed in place.
        pristine : ndarray, shape (particles,)
            Lithium charge of the particles when all are connected [C m-3].
        """
        assembly.parameters.cathode.particles["lithium_charge"][:] = pristine * self.share

    def after_step(self, assembly: FullAssembly, times: FloatArray, states: FloatArray) -> None:
        """Change what a protocol step has worn.

        Parameters
        ----------
        assembly : FullAssembly
            The cell at the temperature of the step.
        times : ndarray, shape (k,)
            Times of its rows [s].
        states : ndarray, shape (k, n)
            Its states.
        """
        content, surface, centre, potential = _particle_histories(assembly, states)
        self._move_fluoride(assembly, times, surface, centre, potential)
        self._isolate(assembly, content[-1], surface)

    def _isolate(self, assembly: FullAssembly, content: FloatArray, surface: FloatArray) -> None:
        """Disconnect the share that cracking isolates, with the lithium that it holds."""
        fatigue, cathode = assembly.fatigue, assembly.parameters.cathode
        strain = passed_strain(surface, fatigue.cracking_onset, fatigue.relative_volume)
        if not strain.any():
            return
        nodes = len(cathode.nodes)
        protection = np.repeat(self.outer_fluoride(), nodes)
        kept = surviving_share(
            strain, fatigue.cracking_rate, protection, fatigue.fluoride_half_protection
        )
        width = np.tile(cathode.nodes["width"], cathode.sizes)
        held = width * cathode.particles["lithium_charge"] * content
        self.isolated += float(np.sum((1.0 - kept) * held))
        self.share = self.share * kept
        cathode.particles["lithium_charge"][:] *= kept

    def _move_fluoride(
        self,
        assembly: FullAssembly,
        times: FloatArray,
        surface: FloatArray,
        centre: FloatArray,
        potential: FloatArray,
    ) -> None:
        """Let fluoride move by what the potential of the step has set free."""
        fatigue, cathode = assembly.fatigue, assembly.parameters.cathode
        if fatigue.fluoride_surface == 0.0 or len(times) < 2:
            return
        free = released_share(
            potential.mean(axis=1), fatigue.fluoride_onset, fatigue.fluoride_scale
        )
        duration = float(np.trapezoid(free, times))
        if duration <= 0.0:
            return
        ends = np.linspace(0.0, 1.0, len(cathode.open_circuit))
        table = cathode.open_circuit[:, 0]
        nodes = len(cathode.nodes)
        for size, faces in enumerate(self.faces):
            like = slice(size * nodes, (size + 1) * nodes)
            at_surface = np.interp(surface[:, like], ends, table).mean(axis=1)
            at_centre = np.interp(centre[:, like], ends, table).mean(axis=1)
            fall = float(np.trapezoid(free * (at_surface - at_centre), times)) / duration
            self.fluoride[size] = advance_fluoride(
                self.fluoride[size],
                faces,
                fatigue.fluoride_surface,
                fatigue.fluoride_diffusivity * duration,
                fatigue.fluoride_drift * fall,
            )


def _particle_histories(
    assembly: FullAssembly, states: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Content (film's debt taken off), surface and centre of the particles, and etas, by row."""
    from interlith.physics.full_cell import anode_state_count, backbone_start

    cell = assembly.parameters
    cathode = cell.cathode
    first, backbone = anode_state_count(cell), backbone_start(cell)
    count = len(cathode.shell_volumes)
    local = states[:, first:backbone].reshape(len(states), count + 1, -1)
    content = np.einsum("s,ksp->kp", cathode.shell_volumes, local[:, :count])
    content -= cathode.particles["uptake_rate"] * cathode.film_charge * local[:, count]
    surface = np.einsum("s,ksp->kp", cathode.surface_weights, local[:, count - 2 : count])
    etas = states[:, backbone : backbone + len(cathode.nodes)]
    return content, surface, local[:, 0], etas
