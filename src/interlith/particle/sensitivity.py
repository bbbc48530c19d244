"""How far the outcome follows from an uncertain diffusivity, and where it turns."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from interlith.materials import Material, Property
from interlith.particle.carrier import NO_UPTAKE, Carrier
from interlith.physics.particle import Uptake, lithiate_sphere

if TYPE_CHECKING:
    from interlith.particle.lithiated import Request

THIN_SHELL = 0.9
"""Radius of the front over that of the particle from which a shell counts as thin."""
FILLED_CORE = 0.5
"""Concentration at the centre from which the core counts as filled."""


@dataclass(frozen=True)
class Sensitivity:
    """Outcomes over the range of the diffusivity in the library.

    Parameters
    ----------
    low, high
        Ends of the range [m2/s] at the temperature.
    uptake_low, uptake_high
        Uptake with either.
    outcome_low, outcome_high
        How the map looks with either.
    thin_shell_below
        Diffusivity [m2/s] below which the map shows a thin shell.
    core_filled_above
        Diffusivity [m2/s] above which it shows a filled core.
    """

    low: float
    high: float
    uptake_low: float
    uptake_high: float
    outcome_low: str
    outcome_high: str
    thin_shell_below: float | None
    core_filled_above: float | None

    def summary(self) -> dict[str, Any]:
        """Return the fields as plain numbers."""
        return {
            "diffusivity_low_m2_s": self.low,
            "diffusivity_high_m2_s": self.high,
            "uptake_low": self.uptake_low,
            "uptake_high": self.uptake_high,
            "outcome_low": self.outcome_low,
            "outcome_high": self.outcome_high,
            "thin_shell_below_m2_s": self.thin_shell_below,
            "core_filled_above_m2_s": self.core_filled_above,
        }


def outcome(uptake: float, front: float, core: float) -> str:
    """Return in words how a map looks."""
    if uptake <= 0.0:
        return "empty"
    if core >= FILLED_CORE:
        return "core filled"
    return "thin shell" if _is_thin(uptake, front) else "thick shell"


def _is_thin(uptake: float, front: float) -> bool:
    """Whether only a thin shell holds lithium; without a front, whether that much is in at most."""
    return front > THIN_SHELL if front > 0.0 else uptake < 1.0 - THIN_SHELL**3


def sensitivity(material: Material, carrier: Carrier, request: Request) -> Sensitivity:
    """Return the outcomes over the range of the diffusivity that carries the lithium."""
    own = _range_of(material, carrier, request.temperature)
    if carrier.regime == NO_UPTAKE:
        return Sensitivity(*own, 0.0, 0.0, "empty", "empty", None, None)
    share = reached_share(carrier)
    ends = [_look(_end(carrier, request, diffusivity), share) for diffusivity in own]
    return Sensitivity(
        *own, ends[0].uptake, ends[1].uptake, outcome(*ends[0]), outcome(*ends[1]),
        _turn(carrier, request, lambda look: not _is_thin(look.uptake, look.front)),
        _turn(carrier, request, lambda look: look.core >= FILLED_CORE),
    )  # fmt: skip


class Look(NamedTuple):
    """What decides how a map looks: uptake, radius of the front, concentration at the centre."""

    uptake: float
    front: float
    core: float


def reached_share(carrier: Carrier) -> float:
    """Return what the surface holds at the potential over the most that the phase can hold."""
    held = carrier.jump + carrier.width
    return held / max(carrier.capacity, held)


def _look(end: Uptake, share: float) -> Look:
    core = share * float(end.fraction[0]) if end.faces[0] == 0.0 else 0.0
    return Look(share * float(end.uptake[-1]), float(end.front[-1]), core)


def _range_of(material: Material, carrier: Carrier, temperature: float) -> tuple[float, float]:
    """Return the range of whichever diffusivity carries the lithium."""
    names = ("lithium_diffusivity", "lithium_diffusivity_in_metal")
    entries = [material[name] for name in names]
    carrying = [e for e in entries if math.isclose(e.at(temperature), carrier.diffusivity)]
    return _scaled_range((carrying or entries)[0], temperature)


def _scaled_range(entry: Property, temperature: float) -> tuple[float, float]:
    factor = entry.law.factor(temperature)
    low = entry.low if entry.low is not None else entry.value
    high = entry.high if entry.high is not None else entry.value
    return low * factor, high * factor


def _end(carrier: Carrier, request: Request, diffusivity: float) -> Uptake:
    """Return the end of the simulation with another diffusivity, on a coarse grid."""
    sphere = carrier.sphere(request.radius, request.front_mobility, diffusivity)
    time = request.duration * diffusivity / request.radius**2
    return lithiate_sphere(np.array([time]), sphere, cells=40, growth=0.03)


def _turn(carrier: Carrier, request: Request, passed: Callable[[Look], bool]) -> float | None:
    """Return the diffusivity from which something holds, by bisection; None if it never does."""
    share = reached_share(carrier)

    def holds(diffusivity: float) -> bool:
        return passed(_look(_end(carrier, request, diffusivity), share))

    scale = request.radius**2 / request.duration
    low, high = 1e-9 * scale, 1e9 * scale
    if not holds(high):
        return None
    for _ in range(40):
        middle = math.sqrt(low * high)
        low, high = (low, middle) if holds(middle) else (middle, high)
        if high < 1.001 * low:
            break
    return high
