"""Circuits as people write them, ``R0-p(R1,CPE1)-W``: read by a grammar, never evaluated as code.

    circuit  = item { "-" item }                 one after the other
    item     = element | "p(" circuit { "," circuit } ")"      side by side
    element  = symbol [ number ]

Symbols are those of `elements`; blanks do not count; each element has a name of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from interlith.cyclerdata.impedance.elements import ELEMENTS, ElementKind
from interlith.errors import InputError, Problem

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Circuit", "Element", "Group", "Node", "read_circuit"]

LONGEST_CIRCUIT = 400  # characters
DEEPEST_NESTING = 12
_NAME = re.compile(r"([A-Za-z]+)(\d{0,4})")


@dataclass(frozen=True)
class Element:
    """One element: its kind, its name, and where its parameters start in the circuit's list."""

    kind: ElementKind
    name: str
    first: int

    @property
    def parameters(self) -> list[str]:
        """Names of the parameters, such as ``R1`` or ``CPE1.Q``."""
        return [f"{self.name}.{p}" if p else self.name for p in self.kind.parameters]

    @property
    def signature(self) -> str:
        """What it is without its name: equal for elements that can be exchanged."""
        return self.kind.symbol


@dataclass(frozen=True)
class Group:
    """Parts one after the other, or side by side."""

    parallel: bool
    parts: tuple[Node, ...]

    @property
    def signature(self) -> str:
        """What it is without names."""
        inner = ",".join(part.signature for part in self.parts)
        return f"{'p' if self.parallel else 's'}({inner})"


Node = Element | Group


@dataclass(frozen=True)
class Circuit:
    """A circuit whose impedance and derivatives are analytic.

    Attributes
    ----------
    text : str
        As the user wrote it.
    root : Node
        The tree.
    """

    text: str
    root: Node

    @property
    def elements(self) -> list[Element]:
        """All elements in the order of the text."""
        return list(_elements(self.root))

    @property
    def parameters(self) -> list[str]:
        """Names of all parameters in the order of the text."""
        return [name for element in self.elements for name in element.parameters]

    @property
    def units(self) -> list[str]:
        """Units of all parameters."""
        return [unit for element in self.elements for unit in element.kind.units]

    @property
    def is_exponent(self) -> NDArray[np.bool_]:
        """Which parameters are exponents of constant phase elements, between 0 and 1."""
        return np.array([name.endswith(".n") for name in self.parameters])

    def impedance(
        self, frequency: NDArray[np.float64], values: NDArray[np.float64]
    ) -> NDArray[np.complex128]:
        """Return the impedance [ohm] at frequencies [Hz] for parameter values."""
        return self.with_derivatives(2.0 * np.pi * np.asarray(frequency, float), values)[0]

    def with_derivatives(
        self, omega: NDArray[np.float64], values: NDArray[np.float64]
    ) -> tuple[NDArray[np.complex128], NDArray[np.complex128]]:
        """Return impedance [ohm] and its derivative by each parameter, one row each.

        Parameters
        ----------
        omega : array
            Angular frequencies [rad/s].
        values : array
            Values of `parameters`.
        """
        z, slopes = _evaluate(self.root, omega, np.asarray(values, dtype=float))
        return z, np.array(slopes)


def _elements(node: Node) -> Iterator[Element]:
    if isinstance(node, Element):
        yield node
    else:
        for part in node.parts:
            yield from _elements(part)


def _evaluate(
    node: Node, omega: NDArray[np.float64], values: NDArray[np.float64]
) -> tuple[NDArray[np.complex128], list[NDArray[np.complex128]]]:
    if isinstance(node, Element):
        own = values[node.first : node.first + len(node.kind.parameters)]
        return node.kind.law(omega, own)
    parts = [_evaluate(part, omega, values) for part in node.parts]
    if not node.parallel:
        return _sum([z for z, _ in parts]), [slope for _, slopes in parts for slope in slopes]
    total = 1.0 / _sum([1.0 / z for z, _ in parts])
    return total, [(total / z) ** 2 * slope for z, slopes in parts for slope in slopes]


def _sum(arrays: list[NDArray[np.complex128]]) -> NDArray[np.complex128]:
    """Return the sum of arrays of one shape."""
    total = arrays[0].copy()
    for array in arrays[1:]:
        total += array
    return total


def read_circuit(text: str, field: str = "circuit") -> Circuit:
    """Return the circuit that a text describes.

    Parameters
    ----------
    text : str
        Such as ``R0-p(R1,CPE1)-W``.
    field : str
        How the user calls it, for messages.

    Raises
    ------
    InputError
        The text is no circuit; says at which character, and what was expected there.
    """
    return Circuit(text, _Reader(text, field).read())


class _Reader:
    """Reads one text from left to right."""

    def __init__(self, text: str, field: str) -> None:
        self.text, self.field = text, field
        self.at = 0
        self.count = 0
        self.names: set[str] = set()

    def read(self) -> Node:
        if len(self.text) > LONGEST_CIRCUIT:
            raise self._error(f"a circuit of at most {LONGEST_CIRCUIT} characters")
        root = self._series(0)
        if self._next():
            raise self._error("'-' or the end of the circuit")
        return root

    def _series(self, depth: int) -> Node:
        parts = [self._item(depth)]
        while self._take("-"):
            parts.append(self._item(depth))
        return parts[0] if len(parts) == 1 else Group(parallel=False, parts=tuple(parts))

    def _item(self, depth: int) -> Node:
        if depth > DEEPEST_NESTING:
            raise self._error(f"at most {DEEPEST_NESTING} p(...) inside each other")
        self._next()
        found = _NAME.match(self.text, self.at)
        if found is None:
            raise self._error(f"an element ({', '.join(ELEMENTS)}) or p(...)")
        if found[0] == "p":
            return self._parallel(depth)
        return self._element(found)

    def _parallel(self, depth: int) -> Node:
        self.at += 1
        if not self._take("("):
            raise self._error("'(' after p")
        parts = [self._series(depth + 1)]
        while self._take(","):
            parts.append(self._series(depth + 1))
        if len(parts) == 1:
            raise self._error("',' and a second branch of p(...)")
        if not self._take(")"):
            raise self._error("'-', ',' or ')'")
        return Group(parallel=True, parts=tuple(parts))

    def _element(self, found: re.Match[str]) -> Element:
        kind = ELEMENTS.get(found[1])
        if kind is None:
            raise self._error(f"an element ({', '.join(ELEMENTS)}) instead of '{found[1]}'")
        if found[0] in self.names:
            raise self._error(f"another name than '{found[0]}', which is there already")
        element = Element(kind, found[0], self.count)
        self.names.add(found[0])
        self.count += len(kind.parameters)
        self.at = found.end()
        return element

    def _next(self) -> str:
        """Pass blanks; return the next character, or nothing at the end."""
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1
        return self.text[self.at : self.at + 1]

    def _take(self, character: str) -> bool:
        if self._next() != character:
            return False
        self.at += 1
        return True

    def _error(self, expected: str) -> InputError:
        place = "end" if self.at >= len(self.text) else f"character {self.at + 1}"
        return InputError(Problem("", self.field, self.text, f"{expected} at {place}"))
