"""Functions of a stoichiometry that numbers, PyBaMM's symbols and a BPX file can all be given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from interlith.bridges.loading import load_pybamm
from interlith.materials.expression import FUNCTIONS, Expression, parse_expression
from interlith.physics.insertion import EMPTY_OR_FULL

__all__ = ["Formula", "LevelledSquareRoot", "Sampled", "Scaled", "Table", "formula"]

BEYOND = np.linspace(0.0005, 0.02, 40)
"""Distances beyond x = 0 and x = 1 at which a sampled function is continued."""


def is_symbol(value: Any) -> bool:
    """Tell an expression of PyBaMM from a number, without importing PyBaMM.

    Parameters
    ----------
    value : Any
        Anything.

    Returns
    -------
    bool
        True for a ``pybamm.Symbol``.
    """
    return any(base.__module__.startswith("pybamm.") for base in type(value).__mro__)


@dataclass(frozen=True)
class Formula:
    """A formula in x.

    Parameters
    ----------
    expression : Expression
        Looked through, never executed.
    """

    expression: Expression

    def __call__(self, stoichiometry: Any) -> Any:
        """Return its values, or its form in PyBaMM's symbols."""
        if is_symbol(stoichiometry):
            pybamm = load_pybamm()
            known = {name: getattr(pybamm, name) for name in FUNCTIONS}
            return self.expression.rewritten(stoichiometry, known)
        return self.expression.at(stoichiometry)


def formula(text: str) -> Formula:
    """Read a formula in x.

    Parameters
    ----------
    text : str
        Numbers, x, ``+ - * / **``, brackets, exp, log, tanh, cosh, sqrt.

    Returns
    -------
    Formula
        Callable.

    Raises
    ------
    ValueError
        If it is anything else; nothing of it is executed.
    """
    return Formula(parse_expression(text))


@dataclass(frozen=True)
class Table:
    """Points joined by straight lines, which go on beyond the ends.

    Parameters
    ----------
    x, y : tuple of float
        x rises.
    """

    x: tuple[float, ...]
    y: tuple[float, ...]

    def __call__(self, stoichiometry: Any) -> Any:
        """Return its values, or PyBaMM's interpolant of the same points."""
        if is_symbol(stoichiometry):
            pybamm = load_pybamm()
            return pybamm.Interpolant(
                np.array(self.x), np.array(self.y), stoichiometry, "table", interpolator="linear"
            )
        at = np.asarray(stoichiometry, np.float64)
        inside = np.interp(at, self.x, self.y)
        (x0, x1), (y0, y1) = self.x[:2], self.y[:2]
        (xm, xn), (ym, yn) = self.x[-2:], self.y[-2:]
        below = (at - x0) * (y1 - y0) / (x1 - x0)
        above = (at - xn) * (yn - ym) / (xn - xm)
        return inside + np.where(at < x0, below, 0.0) + np.where(at > xn, above, 0.0)


@dataclass(frozen=True, eq=False)
class Sampled:
    """A smooth function by its values on a uniform grid, joined by monotone cubics.

    Parameters
    ----------
    x, y : ndarray
        The grid from 0 to 1, and the values.
    interpolator : str, optional
        What PyBaMM joins them by: ``pchip`` as here, or ``linear``, which it evaluates faster.
    """

    x: Any
    y: Any
    interpolator: str = "pchip"

    @classmethod
    def of_values(cls, table: Any) -> Sampled:
        """Return the function that a table of :mod:`interlith.numerics.table` holds."""
        grid, values = (
            np.linspace(0.0, 1.0, len(table) + 1),
            np.append(table[:, 0], table[-1].sum()),
        )
        first, last = table[0, 1] * len(table), _end_slope(table)
        before = values[0] - first * BEYOND[::-1]
        return cls(
            np.concatenate([-BEYOND[::-1], grid, 1.0 + BEYOND]),
            np.concatenate([before, values, values[-1] + last * BEYOND]),
        )

    @classmethod
    def of_slopes(cls, table: Any, factor: float) -> Sampled:
        """Return the derivative of what a table holds, times a factor."""
        slopes = np.append(table[:, 1] * len(table), _end_slope(table))
        return cls(
            np.concatenate([-BEYOND[::-1], np.linspace(0.0, 1.0, len(slopes)), 1.0 + BEYOND]),
            factor * np.pad(slopes, len(BEYOND), mode="edge"),
        )

    def __call__(self, stoichiometry: Any) -> Any:
        """Return its values, or PyBaMM's interpolant of the same points."""
        if is_symbol(stoichiometry):
            pybamm = load_pybamm()
            return pybamm.Interpolant(
                self.x, self.y, stoichiometry, "sampled", interpolator=self.interpolator
            )
        from scipy.interpolate import PchipInterpolator

        return PchipInterpolator(self.x, self.y)(np.asarray(stoichiometry, np.float64))


def _end_slope(table: Any) -> float:
    """Slope at x = 1 of what a table holds, with which it goes on."""
    return float(table[-1] @ [0.0, 1.0, 2.0, 3.0]) * len(table)


@dataclass(frozen=True)
class LevelledSquareRoot:
    """Exchange current density 2 i_ref sqrt(x (1 - x)), constant close to empty and full.

    Parameters
    ----------
    reference : float
        i_ref, at x = 1/2 [A/m2].
    """

    reference: float

    def __call__(self, stoichiometry: Any) -> Any:
        """Return its values, or its form in PyBaMM's symbols."""
        low, high = EMPTY_OR_FULL, 1.0 - EMPTY_OR_FULL
        if is_symbol(stoichiometry):
            pybamm = load_pybamm()
            inside = pybamm.minimum(pybamm.maximum(stoichiometry, low), high)
            return 2.0 * self.reference * pybamm.sqrt(inside * (1.0 - inside))
        inside = np.clip(np.asarray(stoichiometry, np.float64), low, high)
        return 2.0 * self.reference * np.sqrt(inside * (1.0 - inside))


@dataclass(frozen=True)
class Scaled:
    """A function times a number, plus a second one times another.

    Parameters
    ----------
    function : callable
        Of x.
    factor : float
        Of the first.
    other : callable, optional
        Of x.
    other_factor : float, optional
        Of the second.
    """

    function: Any
    factor: float
    other: Any = None
    other_factor: float = 0.0

    def __call__(self, stoichiometry: Any) -> Any:
        """Return the sum."""
        first = self.factor * self.function(stoichiometry)
        if self.other is None:
            return first
        return first + self.other_factor * self.other(stoichiometry)
