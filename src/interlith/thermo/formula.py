"""Formulas as compositions, with an error that names what is not understood."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from interlith.errors import InputError, MaterialError, Problem

if TYPE_CHECKING:
    from pymatgen.core import Composition

LONGEST_FORMULA = 80


def require_pymatgen() -> None:
    """Raise where the extra ``thermo`` is not installed.

    Raises
    ------
    MaterialError
        Says how to install it.
    """
    try:
        import pymatgen.core  # noqa: F401
    except ImportError:
        raise MaterialError(
            'phase diagrams need the extra "thermo": pip install "interlith[thermo]"'
        ) from None


@lru_cache(maxsize=8192)
def composition(formula: str) -> Composition:
    """Return the composition that a formula describes.

    Parameters
    ----------
    formula : str
        Such as ``Li6PS5Cl`` or ``Li6.5La3Zr1.5Ta0.5O12``.

    Raises
    ------
    InputError
        Not a formula of known elements.
    """
    from pymatgen.core import Composition

    try:
        if not 0 < len(formula) <= LONGEST_FORMULA or not formula.isascii():
            raise ValueError
        found = Composition(formula, strict=True)
        if not found or any(amount <= 0 for amount in found.values()):
            raise ValueError
        return found
    except Exception:  # noqa: BLE001 - pymatgen raises many kinds for what is not a formula
        problem = Problem("", "formula", formula, "a chemical formula such as Mg or Li6PS5Cl")
        raise InputError([problem]) from None


def elements_of(formula: str) -> frozenset[str]:
    """Return the symbols of the elements in a formula."""
    return frozenset(str(element.symbol) for element in composition(formula).elements)


def reduced(formula: str) -> str:
    """Return the formula with the smallest whole numbers, in pymatgen's order."""
    return str(composition(formula).reduced_formula)


def per_formula_unit(formula: str) -> float:
    """Return how many reduced formula units one unit of `formula` holds."""
    return float(composition(formula).get_reduced_formula_and_factor()[1])


def amounts(formula: str) -> dict[str, float]:
    """Return atoms of each element in one formula unit."""
    found: Any = composition(formula).get_el_amt_dict()
    return {str(symbol): float(amount) for symbol, amount in found.items()}
