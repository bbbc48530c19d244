"""Where a fit starts: values found from the spectrum alone.

The circuit is taken apart into processes in series (a resistor, an arc, a diffusion, ...). Once
their time constants are chosen, the spectrum is linear in their magnitudes, which non-negative
least squares gives; so all choices on a coarse grid of time constants are tried and the best kept.
What is nested is treated as if it stood in series, which is right where time constants are apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, islice
from math import comb, factorial
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import nnls

from interlith.cyclerdata.impedance.circuit import Circuit, Element, Group, Node

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["starts"]

MOST_TRIES = 400
FINEST_GRID = 16
LEAST_SHARE = 1e-3  # of the whole impedance: a process that the grid gave nothing starts here
EXPONENT = 0.85  # of an arc
TAIL_EXPONENT = 0.6  # of a constant phase element in series


@dataclass(frozen=True)
class _Process:
    """One process in series: the element of its magnitude, and of its time constant."""

    shape: str
    element: Element
    reactive: Element | None = None

    @property
    def timed(self) -> bool:
        return self.shape in _TIMED

    @property
    def exponent(self) -> float:
        part = self.element if self.reactive is None else self.reactive
        if part.kind.symbol != "CPE":
            return 1.0
        return TAIL_EXPONENT if self.reactive is None else EXPONENT


_TIMED = {"arc", "loop", "Wo", "Ws", "G"}


def _processes(node: Node) -> Iterator[_Process]:
    if isinstance(node, Element):
        yield _Process(node.kind.symbol, node)
        return
    rest = list(node.parts)
    if node.parallel:
        pair = _pair(node)
        if pair is not None:
            resistor, reactive = pair
            shape = "loop" if reactive.kind.symbol == "L" else "arc"
            yield _Process(shape, resistor, reactive)
            used = {resistor.name, reactive.name}
            rest = [part for branch in rest for part in _without(branch, used)]
    for part in rest:
        yield from _processes(part)


def _pair(group: Group) -> tuple[Element, Element] | None:
    """Return the resistor and the reactive element that make an arc, if both are there."""
    reactive = [
        p for p in group.parts if isinstance(p, Element) and p.kind.symbol in {"C", "CPE", "L"}
    ]
    inside = [p for part in group.parts for p in _chain(part)]
    resistors = [p for p in inside if isinstance(p, Element) and p.kind.symbol == "R"]
    return (resistors[0], reactive[0]) if reactive and resistors else None


def _chain(node: Node) -> tuple[Node, ...]:
    return node.parts if isinstance(node, Group) and not node.parallel else (node,)


def _without(node: Node, names: set[str]) -> list[Node]:
    return [p for p in _chain(node) if not (isinstance(p, Element) and p.name in names)]


def _shape(process: _Process, tau: float, omega: NDArray[np.float64]) -> NDArray[np.complex128]:
    """Return the impedance of a process with magnitude one."""
    if process.shape == "arc":
        return np.asarray(1.0 / (1.0 + (1j * omega * tau) ** process.exponent), dtype=complex)
    if process.shape == "loop":
        return 1j * omega * tau / (1.0 + 1j * omega * tau)
    if process.shape == "CPE":
        return np.asarray((1j * omega) ** -process.exponent, dtype=complex)
    values = np.array([1.0, tau])[: len(process.element.kind.parameters)]
    return process.element.kind.law(omega, values)[0]


def starts(
    circuit: Circuit, omega: NDArray[np.float64], impedance: NDArray[np.complex128], most: int
) -> list[NDArray[np.float64]]:
    """Return up to `most` sets of starting values, the best first.

    Parameters
    ----------
    circuit : Circuit
        What shall be fitted.
    omega : array
        Angular frequencies [rad/s].
    impedance : complex array
        The spectrum [ohm].
    most : int
        How many sets are wanted.
    """
    processes = list(_processes(circuit.root))
    timed = [k for k, p in enumerate(processes) if p.timed]
    weight = 1.0 / np.abs(impedance)
    target = _stack(impedance * weight)
    grid = _grid(omega, len(timed), _kinds([processes[k] for k in timed]))
    columns = {
        (k, tau): _stack(_shape(processes[k], tau, omega) * weight) for k in timed for tau in grid
    }
    fixed = {
        k: _stack(_shape(p, 1.0, omega) * weight) for k, p in enumerate(processes) if not p.timed
    }
    found = []
    choices = _choices(grid, [processes[k] for k in timed])
    for taus in islice(choices, 2 * MOST_TRIES):
        at = dict(zip(timed, taus, strict=True))
        matrix = np.column_stack(
            [columns[k, at[k]] if k in at else fixed[k] for k in range(len(processes))]
        )
        magnitudes, rest = nnls(matrix, target)
        found.append((float(rest), taus, magnitudes))
    found.sort(key=lambda item: item[0])
    scale = float(np.median(np.abs(impedance)))
    return [
        _values(circuit, processes, dict(zip(timed, taus, strict=True)), magnitudes, scale, omega)
        for _, taus, magnitudes in _apart(found, grid)[:most]
    ]


Tried = tuple[float, tuple[float, ...], "NDArray[np.float64]"]


def _apart(found: list[Tried], grid: list[float]) -> list[Tried]:
    """Return the best of each neighbourhood, the best first.

    Neighbours, two steps of the grid or less apart in every time constant, lead a fit to one end.
    """
    near = 2.5 * np.log(grid[1] / grid[0]) if len(grid) > 1 else 0.0
    chosen: list[Tried] = []
    for item in found:
        place = np.log(item[1])
        if all(np.any(np.abs(place - np.log(other[1])) > near) for other in chosen):
            chosen.append(item)
    return chosen or found[:1]


def _stack(values: NDArray[np.complex128]) -> NDArray[np.float64]:
    return np.concatenate([values.real, values.imag])


def _kinds(processes: list[_Process]) -> int:
    """Return in how many orders processes of different kinds can follow each other."""
    orders = factorial(len(processes))
    for shape in {p.shape for p in processes}:
        orders //= factorial(sum(p.shape == shape for p in processes))
    return orders


def _grid(omega: NDArray[np.float64], count: int, orders: int) -> list[float]:
    """Return time constants over the measured range, as many as can all be tried."""
    size = FINEST_GRID
    while size > count + 1 and comb(size, count) * orders > MOST_TRIES:
        size -= 1
    low, high = 1.0 / omega.max(), 1.0 / omega.min()
    # Arcs that are only half inside the range still show, hence a little beyond both ends.
    return [float(t) for t in np.geomspace(low / 2.0, high * 2.0, size)]


def _choices(grid: list[float], processes: list[_Process]) -> Iterator[tuple[float, ...]]:
    """Yield time constants for the processes; those of one kind ascend."""
    shapes = [p.shape for p in processes]
    for taus in combinations(grid, len(shapes)):
        for order in _orders(shapes, ()):
            placed = [0.0] * len(shapes)
            for tau, k in zip(taus, order, strict=True):
                placed[k] = tau
            yield tuple(placed)


def _orders(shapes: list[str], taken: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Yield orders in time; those of one kind keep theirs, since they could be exchanged."""
    if len(taken) == len(shapes):
        yield taken
    seen = set()
    for k, shape in enumerate(shapes):
        if k not in taken and shape not in seen:
            seen.add(shape)
            yield from _orders(shapes, (*taken, k))


def _values(
    circuit: Circuit,
    processes: list[_Process],
    taus: dict[int, float],
    magnitudes: NDArray[np.float64],
    scale: float,
    omega: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return parameter values from time constants and magnitudes."""
    values = np.ones(len(circuit.parameters))
    middle = float(np.sqrt(omega.min() * omega.max()))
    for k, process in enumerate(processes):
        shape = _shape(process, taus.get(k, 1.0), omega)
        least = LEAST_SHARE * scale / max(float(np.abs(shape).max()), 1e-300)
        magnitude = max(float(magnitudes[k]), least)
        tau = taus.get(k, 1.0 / middle)
        for place, value in _assigned(process, magnitude, tau):
            values[place] = value
    return values


def _assigned(process: _Process, magnitude: float, tau: float) -> list[tuple[int, float]]:
    """Return places and values of the parameters of one process."""
    first = process.element.first
    if process.shape == "C":
        return [(first, 1.0 / magnitude)]
    if process.shape == "CPE":
        return [(first, 1.0 / magnitude), (first + 1, process.exponent)]
    own = [(first, magnitude)]
    if process.shape in {"Wo", "Ws", "G"}:
        own.append((first + 1, tau))
    if process.reactive is None:
        return own
    place = process.reactive.first
    if process.shape == "loop":
        return [*own, (place, magnitude * tau)]
    own.append((place, tau**process.exponent / magnitude))
    if process.reactive.kind.symbol == "CPE":
        own.append((place + 1, process.exponent))
    return own
