"""PyBaMM's parameter sets as half cells, with a list of what a half cell has no place for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from interlith.bridges.half_cell import HalfCell, OfStoichiometry
from interlith.bridges.loading import load_pybamm
from interlith.errors import InputError, Problem

__all__ = ["Carried", "from_pybamm"]

_LEFT_BEHIND = {
    "Cation transference number": "the half cell has one moving ion (transference number 1)",
    "Electrolyte diffusivity [m2.s-1]": "an electrolyte of one moving ion has no salt to diffuse",
    "Thermodynamic factor": "an electrolyte of one moving ion has no salt",
    "Negative electrode thickness [m]": "the negative electrode becomes ideal lithium",
    "Positive electrode double-layer capacity [F.m-2]": "the half cell has no double layer",
    "Positive electrode OCP entropic change [V.K-1]": "all numbers hold at one temperature",
    "Total heat transfer coefficient [W.m-2.K-1]": "the half cell is isothermal",
}


@dataclass(frozen=True)
class Carried:
    """What came out of a foreign parameter set.

    Parameters
    ----------
    half_cell : HalfCell
        The numbers that a half cell has a place for.
    left_behind : tuple of str
        One line for each thing that has none: its name and why.
    """

    half_cell: HalfCell
    left_behind: tuple[str, ...]


def from_pybamm(
    parameters: Any,
    temperature: float | None = None,
    start_stoichiometry: float | None = None,
    name: str = "",
) -> Carried:
    """Read the positive electrode of a PyBaMM parameter set.

    Parameters
    ----------
    parameters : str, mapping or pybamm.ParameterValues
        A set, or the name of one that PyBaMM knows, such as ``Chen2020``.
    temperature : float, optional
        [K] at which to evaluate it; default its reference temperature.
    start_stoichiometry : float, optional
        Default the initial concentration of the set.
    name : str, optional
        Of the half cell.

    Returns
    -------
    Carried
        The half cell and what was left behind. Conductivities of the electrolyte are those at its
        initial concentration, made effective by porosity and Bruggeman exponent.

    Raises
    ------
    InputError
        If the set lacks a number or has a function of position where a half cell has a number.
    """
    pybamm = load_pybamm()
    values = (
        parameters
        if isinstance(parameters, pybamm.ParameterValues)
        else pybamm.ParameterValues(parameters)
    )
    read = _Reader(values, temperature)
    maximum = read.number("Maximum concentration in positive electrode [mol.m-3]")
    ions = read.number("Initial concentration in electrolyte [mol.m-3]")
    conductivity = read.number("Electrolyte conductivity [S.m-1]", ions, read.temperature)
    area = read.number("Electrode height [m]") * read.number("Electrode width [m]")
    area *= read.number("Number of electrodes connected in parallel to make a cell", default=1.0)
    solid = read.number("Positive electrode active material volume fraction")
    series = read.number("Contact resistance [Ohm]", read.temperature, default=0.0) * area
    separator = read.number("Separator thickness [m]") / (
        conductivity * read.efficiency("Separator", "electrolyte", "Separator porosity")
    )
    if start_stoichiometry is None:
        filled = read.number("Initial concentration in positive electrode [mol.m-3]")
        start_stoichiometry = filled / maximum
    exchange = read.function("Positive electrode exchange-current density [A.m-2]")
    diffusivity = read.function("Positive particle diffusivity [m2.s-1]")
    half_cell = HalfCell(
        area=area,
        temperature=read.temperature,
        thickness=read.number("Positive electrode thickness [m]"),
        ionic_conductivity=conductivity
        * read.efficiency("Positive electrode", "electrolyte", "Positive electrode porosity"),
        electronic_conductivity=read.number("Positive electrode conductivity [S.m-1]")
        * solid ** read.number("Positive electrode Bruggeman coefficient (electrode)"),
        active_fraction=solid,
        particle_radius=read.number("Positive particle radius [m]"),
        maximum_concentration=maximum,
        diffusivity=_of_stoichiometry(lambda x: diffusivity(x, read.temperature)),
        open_circuit_potential=_of_stoichiometry(read.function("Positive electrode OCP [V]")),
        exchange_current_density=_of_stoichiometry(
            lambda x: exchange(ions, x * maximum, maximum, read.temperature)
        ),
        start_stoichiometry=start_stoichiometry,
        separator_resistance=separator + series,
        name=name or (parameters if isinstance(parameters, str) else "PyBaMM parameter set"),
    )
    left = tuple(f"{key}: {why}" for key, why in _LEFT_BEHIND.items() if key in values)
    return Carried(half_cell, left)


class _Reader:
    """Takes numbers and functions out of a parameter set, or says what is missing."""

    def __init__(self, values: Any, temperature: float | None) -> None:
        self.values = values
        self.temperature = 0.0
        given = self.number("Reference temperature [K]") if temperature is None else temperature
        self.temperature = float(given)

    def number(self, name: str, *arguments: float, default: float | None = None) -> float:
        """A number, or a function's value at the given arguments."""
        if name not in self.values:
            if default is None:
                raise InputError(Problem("", name, "", "a number"))
            return default
        value = self.values[name]
        if callable(value) and arguments:
            value = value(*arguments)
        return float(_evaluated(value, name))

    def function(self, name: str) -> Any:
        """A function; a number is one that does not change."""
        if name not in self.values:
            raise InputError(Problem("", name, "", "a number or a function"))
        value = self.values[name]
        return value if callable(value) else lambda *arguments: value + 0.0 * arguments[0]

    def efficiency(self, part: str, carrier: str, fraction: str) -> float:
        """Share of the conductivity that a porous part leaves."""
        exponent = self.number(f"{part} Bruggeman coefficient ({carrier})")
        return float(self.number(fraction) ** exponent)


def _evaluated(value: Any, name: str) -> float:
    """The number behind a constant expression."""
    evaluate = getattr(value, "evaluate", None)
    try:
        found = float(np.squeeze(value if evaluate is None else evaluate()))
    except (TypeError, ValueError, NotImplementedError):
        raise InputError(Problem("", name, str(value), "a number")) from None
    return found


def _of_stoichiometry(function: OfStoichiometry) -> OfStoichiometry:
    """Let a function of PyBaMM's symbols take numbers too."""
    pybamm = load_pybamm()

    def of_stoichiometry(stoichiometry: Any) -> Any:
        if isinstance(stoichiometry, pybamm.Symbol):
            return function(stoichiometry)
        points = np.atleast_1d(np.asarray(stoichiometry, np.float64))
        values = function(pybamm.Vector(points))
        found = values.evaluate().ravel() if isinstance(values, pybamm.Symbol) else values
        found = np.broadcast_to(np.asarray(found, np.float64), points.shape)
        return found.copy() if np.ndim(stoichiometry) else float(found[0])

    return of_stoichiometry
