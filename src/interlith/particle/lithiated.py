"""One particle: from its name to histories and the profile of lithium."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from interlith.materials import Library, Material, UsedValue
from interlith.particle.asked import Asked
from interlith.particle.carrier import NO_UPTAKE, SHELL_PROPERTIES, Carrier, carrier_of
from interlith.particle.published import reference
from interlith.particle.sensitivity import Sensitivity, outcome, reached_share, sensitivity
from interlith.physics.particle import Uptake, lithiate_sphere

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Array = NDArray[np.float64]

MOST_TIMES = 400
READ = (
    *SHELL_PROPERTIES,
    "regular_solution_energy",
    "molar_volume_delithiated",
    "molar_volume_lithiated",
)


@dataclass(frozen=True)
class Request:
    """What was simulated, in SI."""

    radius: float
    steps: int
    time_step: float
    temperature: float
    potential: float
    front_mobility: float = math.inf

    @property
    def duration(self) -> float:
        """Time that was simulated [s]."""
        return self.steps * self.time_step


@dataclass(frozen=True)
class Lithiated:
    """Lithium in a particle after a number of steps.

    Parameters
    ----------
    metal
        Formula of the particle.
    material
        Where its values come from.
    request
        Radius, steps, time step, temperature, potential, mobility of the front; SI.
    carrier
        What carries the lithium, and in which regime.
    radius_over_R, concentration
        Profile from the centre to the surface; concentrations over the most the phase can hold.
    time, uptake, front_radius
        Histories: time [s], lithium over the most the particle can hold, radius of the front
        over that of the particle.
    imbalance
        Lithium that is missing, over the most the particle can hold: round-off.
    """

    metal: str
    material: Material = field(repr=False)
    request: Request
    carrier: Carrier
    radius_over_R: Array = field(repr=False)
    concentration: Array = field(repr=False)
    time: Array = field(repr=False)
    uptake: Array = field(repr=False)
    front_radius: Array = field(repr=False)
    imbalance: float = 0.0

    @property
    def regime(self) -> str:
        """Solid solution, wide shell, narrow shell, or no uptake."""
        return self.carrier.regime

    @property
    def uptake_fraction(self) -> float:
        """Lithium in the particle over the most that it can hold."""
        return float(self.uptake[-1])

    @property
    def core_concentration(self) -> float:
        """Lithium at the centre over the most that the phase can hold."""
        return float(self.concentration[0])

    @property
    def outcome(self) -> str:
        """How the map looks: core filled, thin shell, thick shell, or empty."""
        return outcome(self.uptake_fraction, float(self.front_radius[-1]), self.core_concentration)

    @property
    def fourier_number_of_a_step(self) -> float:
        """D times the time step over R squared."""
        return self.carrier.diffusivity * self.request.time_step / self.request.radius**2

    @property
    def swelling(self) -> float:
        """Volume per metal atom after lithiation over that before; not fed back on the radius."""
        after, before = (self.material[f"molar_volume_{s}"] for s in ("lithiated", "delithiated"))
        return after.value / before.value

    @cached_property
    def sensitivity(self) -> Sensitivity:
        """What the range of the diffusivity means, and where the outcome turns."""
        return sensitivity(self.material, self.carrier, self.request)

    @cached_property
    def values(self) -> list[UsedValue]:
        """Every number of the library that was used, with its provenance."""
        return used_values(self.material, READ)

    def summary(self) -> dict[str, Any]:
        """Return everything that a program may want to read, as plain numbers and texts."""
        carrier, request = self.carrier, self.request
        return {
            "metal": self.metal,
            "material": self.material.name,
            "uptake_fraction": self.uptake_fraction,
            "core_concentration": self.core_concentration,
            "outcome": self.outcome,
            "regime": self.regime,
            "front": self._front(),
            "step": self._step(),
            "carrier": {
                "phase": carrier.phase,
                "lithium_per_atom": carrier.lithium_per_atom,
                "jump": carrier.jump,
                "width": carrier.width,
                "capacity": carrier.capacity,
                "diffusivity_m2_s": carrier.diffusivity,
                "regular_solution_energy_over_kT": carrier.mixing_energy,
            },
            "radius_m": request.radius,
            "temperature_K": request.temperature,
            "potential_V": request.potential,
            "volume_after_over_before": self.swelling,
            "sensitivity": self.sensitivity.summary(),
            "profile": {
                "radius_over_R": self.radius_over_R,
                "concentration": self.concentration,
            },
            "history": {
                "time_s": self.time,
                "uptake_fraction": self.uptake,
                "front_radius_over_R": self.front_radius,
            },
            "lithium_imbalance": self.imbalance,
            "values": self.values,
        }

    def plot(self) -> Figure:
        """Return the map, the uptake and the profile as a matplotlib figure."""
        figure: Figure = import_module("interlith.report.particle_maps").particle_maps([self])
        return figure

    def _front(self) -> dict[str, Any]:
        """Return where the front is and how it moves."""
        gone = np.flatnonzero(self.front_radius <= 0.0)
        has_front = self.carrier.jump > 0.0
        resists = math.isfinite(self.request.front_mobility)
        return {
            "radius_over_R": float(self.front_radius[-1]) if has_front else None,
            "arrived_at_s": float(self.time[gone[0]]) if has_front and gone.size else None,
            "mobility_m_s": self.request.front_mobility if resists else None,
            "limited_by": ("shell and front" if resists else "shell") if has_front else None,
        }

    def _step(self) -> dict[str, Any]:
        return {
            "steps": self.request.steps,
            "time_step_s": self.request.time_step,
            "duration_s": self.request.duration,
            "fourier_number_of_a_step": self.fourier_number_of_a_step,
            "note": STEP_NOTE,
        }


STEP_NOTE = (
    "the reference work counts dimensionless steps without saying how long one is; "
    "the time step is a choice"
)


def lithiate(
    metal: str,
    radius: str | float = "10 um",
    steps: int | None = None,
    time_step: str | float | None = None,
    temperature: str | float = "25 degC",
    potential: str | float = "0 V",
    front_mobility: str | float | None = None,
    library: Library | None = None,
) -> Lithiated:
    """Let a particle take up lithium through its surface.

    Parameters
    ----------
    metal
        Formula, as far as the library has particles of it, or name of a material of the category
        ``mobile``.
    radius
        Radius of the particle before lithiation; text with a unit, or metres.
    steps, time_step
        Number of steps and length of one (text or seconds); by default 1000 of 3.6 s. Only their
        product matters: the integrator chooses its own steps in between.
    temperature, potential
        Of the particle; the potential is that against lithium.
    front_mobility
        Velocity constant of the front (text or m/s), which moves at this velocity times the excess
        of lithium over the jump. An assumption: no value was found; by default the front does not
        resist.
    library
        Where values come from; by default that of the package.

    Returns
    -------
    Lithiated

    Raises
    ------
    InputError
        Unknown metal or a quantity out of its bounds; all problems at once.
    """
    asked = Asked(library or Library.default())
    material = asked.metal(metal)
    request = Request(
        radius=asked.quantity("radius", radius),
        steps=asked.count("steps", reference().steps if steps is None else steps),
        time_step=asked.quantity(
            "time_step", reference().time_step if time_step is None else time_step
        ),
        temperature=asked.quantity("temperature", temperature),
        potential=asked.quantity("potential", potential),
        front_mobility=math.inf
        if front_mobility is None
        else asked.quantity("front_mobility", front_mobility),
    )
    asked.refuse()
    assert material is not None
    return _run(material, request)


def _run(material: Material, request: Request) -> Lithiated:
    carrier = carrier_of(material, request.temperature, request.potential)
    time = _times(request)
    if carrier.regime == NO_UPTAKE:
        nothing = np.zeros_like(time)
        return Lithiated(
            material.formula, material, request, carrier,
            np.array([0.0, 1.0]), np.zeros(2), time, nothing, nothing + 1.0,
        )  # fmt: skip
    sphere = carrier.sphere(request.radius, request.front_mobility, carrier.diffusivity)
    found = lithiate_sphere(time * carrier.diffusivity / request.radius**2, sphere)
    # over the most the phase can hold, which a potential above that of lithium may not reach
    share = reached_share(carrier)
    places, concentration = _profile(found)
    return Lithiated(
        material.formula, material, request, carrier,
        places, share * concentration, time, share * found.uptake, found.front, found.imbalance,
    )  # fmt: skip


def _times(request: Request) -> Array:
    """Return the ends of steps at which histories are kept: evenly, and early ones besides."""
    evenly = np.linspace(0, request.steps, MOST_TIMES // 2 + 1)
    early = np.geomspace(1, request.steps, MOST_TIMES // 2)
    chosen = np.unique(np.round(np.concatenate((evenly, early))))
    return np.asarray(chosen[chosen >= 1] * request.time_step)


def _profile(found: Uptake) -> tuple[Array, Array]:
    """Return radius and concentration from the centre to the surface, the empty core included."""
    centres = 0.5 * (found.faces[1:] + found.faces[:-1])
    if found.faces[0] > 0.0:
        edge = float(found.faces[0])
        at_front = found.fraction[0] - (found.fraction[1] - found.fraction[0]) * 0.5
        core = np.array([0.0, edge, edge])
        places = np.concatenate((core, centres, [1.0]))
        return places, np.concatenate(([0.0, 0.0, at_front], found.fraction, [1.0]))
    places = np.concatenate(([0.0], centres, [1.0]))
    return places, np.concatenate(([found.fraction[0]], found.fraction, [1.0]))


def used_values(material: Material, names: tuple[str, ...]) -> list[UsedValue]:
    """Return values of a material, and its ladder, with their provenance."""
    entries = [(name, material[name]) for name in names]
    entries += [(f"potential of {step.phase}", step.potential) for step in material.ladder]
    return [
        UsedValue(
            material.name, name, entry.value, entry.unit, entry.given, entry.kind,
            entry.source_line(), entry.low, entry.high,
        )
        for name, entry in entries
    ]  # fmt: skip
