"""Functions of a stoichiometry that numbers, PyBaMM's symbols and a BPX file can all be given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from interlith.bridges.loading import load_pybamm
from interlith.materials.expression import FUNCTIONS, Expression, parse_expression

__all__ = ["Formula", "Scaled", "Table", "formula"]


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
