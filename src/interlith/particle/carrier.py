"""Which phase carries lithium into a particle, decided by the numbers of the library alone.

Two numbers decide: the homogeneity range of the phase that grows (width) and how much more lithium
it has than what it eats (jump). Width far above jump is a solid solution, width far below jump an
intermetallic whose thin gradient has to feed a large jump.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from interlith.errors import MaterialError
from interlith.materials import Material
from interlith.physics.constants import FARADAY, GAS_CONSTANT
from interlith.physics.mobility import open_share
from interlith.physics.particle import Sphere, thermodynamic_factor

Array = NDArray[np.float64]

NO_UPTAKE, SOLID_SOLUTION, WIDE_SHELL, NARROW_SHELL = (
    "no uptake",
    "solid solution",
    "wide shell",
    "narrow shell",
)
WIDTH_OF_A_SOLUTION = 10.0
"""Width over jump from which the jump is left out and the particle is a solid solution."""
LEAST_WIDTH = 1e-4

SHELL_PROPERTIES = (
    "front_jump",
    "carrier_width",
    "lithium_diffusivity",
    "lithium_solubility",
    "lithium_diffusivity_in_metal",
)


Flags = NDArray[np.bool_]


class Shell(NamedTuple):
    """Jump, width and diffusivity [m2/s] of what carries lithium; arrays over draws."""

    jump: Array
    width: Array
    diffusivity: Array


@dataclass(frozen=True)
class Carrier:
    """What carries lithium into a particle at one potential.

    Parameters
    ----------
    regime
        ``no uptake``, ``solid solution``, ``wide shell`` or ``narrow shell``.
    phase
        Phase that the surface reaches at the potential.
    lithium_per_atom
        Lithium per metal atom there, from the ladder.
    jump, width
        Mole fractions of lithium.
    capacity
        Mole fraction that the carrier phase holds at most: the scale of all concentrations.
    diffusivity
        Mean chemical diffusivity of lithium in the carrier [m2/s].
    mixing_energy
        Omega/(R T) of the carrier.
    """

    regime: str
    phase: str
    lithium_per_atom: float
    jump: float
    width: float
    capacity: float
    diffusivity: float
    mixing_energy: float

    def sphere(self, radius: float, front_mobility: float, diffusivity: float) -> Sphere:
        """Return the dimensionless particle."""
        return Sphere(
            self.jump, self.width, self.mixing_energy, front_mobility * radius / diffusivity
        )


def ladder_arrays(material: Material) -> tuple[Array, Array, Array]:
    """Return potentials at the start, falls of potential, and lithium of each step."""
    steps = material.ladder
    return (
        np.array([step.potential.value for step in steps]),
        np.array([step.drop for step in steps]),
        np.array([step.end - step.start for step in steps]),
    )


def reached(potential: float, starts: Array, drops: Array, spans: Array) -> tuple[Array, Array]:
    """Return lithium per metal atom at a potential, and the number of the last open step or -1."""
    if spans.size == 0:
        empty = np.zeros(starts.shape[:-1])
        return empty, empty.astype(int) - 1
    share = open_share(potential, starts, drops)
    last = np.max(np.where(share > 0.0, np.arange(spans.size), -1), axis=-1)
    return np.sum(share * spans, axis=-1), last


def choose_shell(lithium_per_atom: Array, sloping: Flags, values: Mapping[str, Array]) -> Shell:
    """Return what carries lithium, for arrays of draws.

    Up to the solubility of the starting metal this is the metal itself, without a front. A step
    before the carrier phase (a poorer compound) has the width of the carrier. On a sloping step
    the surface is as rich as the potential says; past a plateau the whole width is open.
    """
    fraction = lithium_per_atom / (1.0 + lithium_per_atom)
    jump, width = values["front_jump"], values["carrier_width"]
    width = np.minimum(width, 1.0 - jump)
    in_metal = fraction <= values["lithium_solubility"]
    poorer = fraction < jump
    partly = np.clip(fraction - jump, np.minimum(LEAST_WIDTH, width), width)
    carrier_width = np.where(sloping & ~poorer, partly, width)
    carrier_jump = np.where(poorer, np.maximum(fraction - width, LEAST_WIDTH), jump)
    return Shell(
        np.where(in_metal, 0.0, carrier_jump),
        np.where(in_metal, fraction, carrier_width),
        np.where(in_metal, values["lithium_diffusivity_in_metal"], values["lithium_diffusivity"]),
    )


def carrier_of(material: Material, temperature: float, potential: float) -> Carrier:
    """Return what carries lithium into a particle of the material, with the library's values.

    Raises
    ------
    MaterialError
        The carrier phase would unmix: its thermodynamic factor is below zero in its range.
    """
    starts, drops, spans = ladder_arrays(material)
    lithium, last = reached(potential, starts, drops, spans)
    values = {name: np.asarray(material[name].at(temperature)) for name in SHELL_PROPERTIES}
    capacity = float(values["front_jump"] + values["carrier_width"])
    sloping = np.asarray(last >= 0 and drops[last] > 0.0)
    shell = choose_shell(lithium, sloping, values)
    mixing = material["regular_solution_energy"].value * FARADAY / (GAS_CONSTANT * temperature)
    regime, jump, width = _regime(float(lithium), shell)
    if shell.jump == 0.0:
        mixing = 0.0  # the starting metal is dilute
    _require_mixing(material, jump, width, mixing)
    phase = material.ladder[int(last)].phase if last >= 0 else "none"
    return Carrier(
        regime, phase, float(lithium), jump, width, capacity, float(shell.diffusivity), mixing
    )


def _regime(lithium: float, shell: Shell) -> tuple[str, float, float]:
    """Return the name of the regime, with jump and width as it uses them."""
    jump, width = float(shell.jump), float(shell.width)
    if lithium == 0.0 or jump + width == 0.0:
        return NO_UPTAKE, 0.0, 0.0
    if width >= WIDTH_OF_A_SOLUTION * jump:
        return SOLID_SOLUTION, 0.0, jump + width
    return (WIDE_SHELL if width >= jump else NARROW_SHELL), jump, width


def _require_mixing(material: Material, jump: float, width: float, mixing: float) -> None:
    nearest = min(max(0.5, jump), jump + width)
    if thermodynamic_factor(nearest, mixing) <= 0.0:
        raise MaterialError(
            f"{material.name}: regular_solution_energy of "
            f"{material['regular_solution_energy'].given} lets the carrier phase unmix at "
            f"{nearest:.2g} Li; use a front (front_jump, carrier_width) for the two phases"
        )
