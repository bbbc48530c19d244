r"""A composite cathode against ideal lithium, as plain numbers that any program can be handed.

The equations, with x from the separator (0) to the collector (L) and currents along x, so that a
discharge is positive:

.. math::
    i_{ion} = -\kappa\,\partial\phi_{ion}/\partial x, \quad
    i_{el} = -\sigma\,\partial\phi_{el}/\partial x, \quad i_{ion} + i_{el} = I, \quad
    \partial i_{ion}/\partial x = \frac{3\varepsilon A}{R}\, i_n

.. math::
    i_n = 2\, i_0(x_s) \sinh\frac{F}{2RT}\left(\phi_{el} - \phi_{ion} - U(x_s) - r_f\, i_n\right),
    \quad \partial c/\partial t = r^{-2}\,\partial_r(r^2 D\,\partial_r c), \quad
    -D\,\partial_r c\,|_R = A\, i_n / F

with the share A of the particles' surface that touches electrolyte. The current concentrates on
that share; lithium spreads over the whole surface of the particle at once. There is no salt
gradient (transference number 1) and no double layer. Lithium is ideal: it takes any current
without overpotential. Source: Doyle, Fuller & Newman, J. Electrochem. Soc. 140, 1526 (1993),
doi:10.1149/1.2221597, in the limit of a transference number of 1.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

from interlith.bridges.functions import LevelledSquareRoot
from interlith.errors import InputError, Problem
from interlith.physics.constants import FARADAY

__all__ = ["HalfCell", "OfStoichiometry", "square_root_exchange_current"]

OfStoichiometry = Callable[[Any], Any]
"""A property of the active material as a function of its stoichiometry x (of Li_x MO2), for floats,
arrays and, if it is to be handed on as a formula, whatever takes numpy's functions."""


@dataclass(frozen=True)
class HalfCell:
    """A single-ion composite cathode against ideal lithium.

    Parameters
    ----------
    area : float
        Geometric area [m2].
    temperature : float
        [K]; all other numbers hold at it.
    thickness : float
        Of the composite cathode [m].
    ionic_conductivity, electronic_conductivity : float
        Effective conductivities of the composite [S/m].
    active_fraction : float
        Volume of active material over that of the composite.
    particle_radius : float
        [m].
    maximum_concentration : float
        Lithium in the full active material [mol/m3].
    diffusivity : float or callable
        Of lithium in the active material, D or D(x) [m2/s].
    open_circuit_potential : callable
        U(x) against lithium [V].
    exchange_current_density : callable
        i_0(x), per area of active material in contact [A/m2].
    start_stoichiometry : float
        Uniform x at the start.
    contact_fraction : float, optional
        Share of the surface of the particles that touches electrolyte.
    film_resistance : float, optional
        Of the cathode interphase, per area of active material in contact [Ohm m2].
    separator_resistance : float, optional
        Area-specific resistance of the electrolyte layers and of the anode [Ohm m2].
    name : str, optional
        For messages and headings.

    Raises
    ------
    InputError
        If a number is not finite or lies outside its range; every problem at once.
    """

    area: float
    temperature: float
    thickness: float
    ionic_conductivity: float
    electronic_conductivity: float
    active_fraction: float
    particle_radius: float
    maximum_concentration: float
    diffusivity: float | OfStoichiometry
    open_circuit_potential: OfStoichiometry
    exchange_current_density: OfStoichiometry
    start_stoichiometry: float
    contact_fraction: float = 1.0
    film_resistance: float = 0.0
    separator_resistance: float = 0.0
    name: str = "half cell"

    def __post_init__(self) -> None:
        problems = [
            Problem("", field.name, repr(value), expected)
            for field in fields(self)
            if isinstance(value := getattr(self, field.name), int | float)
            and (expected := _expected(field.name, float(value)))
        ]
        if problems:
            raise InputError(problems)

    @property
    def reacting_surface(self) -> float:
        """Surface of active material in contact per volume of composite, 3 eps A / R [1/m]."""
        return 3.0 * self.active_fraction * self.contact_fraction / self.particle_radius

    @property
    def areal_capacity(self) -> float:
        """Charge between x = 0 and x = 1 [C/m2]."""
        return FARADAY * self.maximum_concentration * self.active_fraction * self.thickness

    def diffusivity_at(self, stoichiometry: Any) -> Any:
        """Evaluate the diffusivity, constant or not.

        Parameters
        ----------
        stoichiometry : float or array-like
            x.

        Returns
        -------
        float or array-like
            D [m2/s].
        """
        return self.diffusivity(stoichiometry) if callable(self.diffusivity) else self.diffusivity


_NOT_NEGATIVE = {"film_resistance", "separator_resistance"}
_SHARES = {"active_fraction", "contact_fraction", "start_stoichiometry"}


def _expected(name: str, value: float) -> str:
    """What a number should have been; empty if it is."""
    if name in _SHARES:
        return "" if 0.0 < value <= 1.0 else "a share above 0 and up to 1"
    if name in _NOT_NEGATIVE:
        return "" if 0.0 <= value < math.inf else "a finite number of at least 0"
    return "" if 0.0 < value < math.inf else "a finite number above 0"


def square_root_exchange_current(reference: float) -> OfStoichiometry:
    r"""Exchange current density of intercalation from its value in the middle.

    .. math:: i_0(x) = 2\, i_{ref} \sqrt{x (1 - x)}

    Parameters
    ----------
    reference : float
        i_ref, at x = 1/2 [A/m2].

    Returns
    -------
    callable
        i_0(x) [A/m2], constant within 1e-4 of empty and full. Doyle, Fuller & Newman (1993),
        doi:10.1149/1.2221597, at constant activity of the ions.
    """
    return LevelledSquareRoot(reference)
