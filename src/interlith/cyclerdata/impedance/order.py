"""One order for parts of a circuit that could be exchanged: the fastest first.

Without it two fits of the same circuit to the same spectrum could name the same arcs differently.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from interlith.cyclerdata.impedance.circuit import Circuit, Element, Group, Node

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["arcs_of", "ordered", "time_constant"]


def ordered(
    circuit: Circuit, values: NDArray[np.float64], kept: frozenset[str]
) -> NDArray[np.float64]:
    """Return the values with exchangeable parts sorted by their time constant.

    Parameters
    ----------
    circuit : Circuit
        The circuit.
    values : array
        Values of its parameters.
    kept : frozenset of str
        Parameters that the user named; parts with one of these keep their places.
    """
    result = np.array(values, dtype=float)
    _sort(circuit.root, result, kept)
    return result


def _sort(node: Node, values: NDArray[np.float64], kept: frozenset[str]) -> None:
    if isinstance(node, Element):
        return
    for part in node.parts:
        _sort(part, values, kept)
    for signature in {part.signature for part in node.parts}:
        alike = [part for part in node.parts if part.signature == signature]
        if len(alike) > 1 and not kept & set(_names(alike)):
            _exchange(alike, values)


def _exchange(alike: list[Node], values: NDArray[np.float64]) -> None:
    places = [_places(part) for part in alike]
    taus = [time_constant(part, values) for part in alike]
    contents = [values[place].copy() for place in places]
    for place, k in zip(places, np.argsort(taus, kind="stable"), strict=True):
        values[place] = contents[k]


def _names(parts: list[Node]) -> list[str]:
    names = []
    for part in parts:
        names += part.parameters if isinstance(part, Element) else _names(list(part.parts))
    return names


def _places(node: Node) -> list[int]:
    if isinstance(node, Element):
        return list(range(node.first, node.first + len(node.kind.parameters)))
    return [place for part in node.parts for place in _places(part)]


def time_constant(node: Node, values: NDArray[np.float64]) -> float:
    """Return a time constant of a part [s], or a magnitude where it has none.

    Of an arc it is (RQ)^(1/n) or RC, of a diffusion its own.
    """
    if isinstance(node, Element):
        own = values[node.first : node.first + len(node.kind.parameters)]
        return float(own[1]) if "tau" in node.kind.parameters else float(own[0])
    resistance = _first(node, "R", values)
    for symbol in ("CPE", "C", "L"):
        reactive = _first(node, symbol, values)
        if resistance is not None and reactive is not None:
            r, q = float(resistance[0]), float(reactive[0])
            if symbol == "L":
                return q / r
            n = float(reactive[1]) if symbol == "CPE" else 1.0
            return float(np.exp(np.clip(np.log(r * q) / n, -600.0, 600.0)))
    return time_constant(node.parts[0], values)


def _first(node: Node, symbol: str, values: NDArray[np.float64]) -> NDArray[np.float64] | None:
    if isinstance(node, Element):
        if node.kind.symbol != symbol:
            return None
        return values[node.first : node.first + len(node.kind.parameters)]
    found = (_first(part, symbol, values) for part in node.parts)
    return next((own for own in found if own is not None), None)


def arcs_of(circuit: Circuit, values: NDArray[np.float64]) -> list[dict[str, float | str]]:
    """Return the arcs of a circuit: name and value of the resistance, time constant, capacitance.

    The capacitance of an arc with a constant phase element is that at its time constant, tau/R
    (Hsu and Mansfeld 2001, doi:10.5006/1.3280607).
    """
    arcs: list[dict[str, float | str]] = []
    _collect(circuit.root, values, arcs)
    return arcs


def _collect(node: Node, values: NDArray[np.float64], arcs: list[dict[str, float | str]]) -> None:
    if isinstance(node, Element):
        return
    own = [p for p in node.parts if isinstance(p, Element)]
    symbols = {p.kind.symbol for p in own}
    if node.parallel and "R" in symbols and symbols & {"C", "CPE"}:
        resistor = next(p for p in own if p.kind.symbol == "R")
        plain = Group(parallel=True, parts=tuple(own))
        tau, r = time_constant(plain, values), float(values[resistor.first])
        arcs.append(
            {"name": resistor.name, "resistance_ohm": r, "tau_s": tau, "capacitance_F": tau / r}
        )
    for part in node.parts:
        _collect(part, values, arcs)
