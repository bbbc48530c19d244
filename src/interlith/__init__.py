"""Simulate the lithium-metal interfaces of all-solid-state batteries.

>>> import interlith as il
>>> cell = il.load("my-cell.yaml")       # doctest: +SKIP
>>> result = il.simulate(cell)           # doctest: +SKIP
>>> result.ccd                           # doctest: +SKIP
>>> il.particle.lithiate(metal="Mg")     # doctest: +SKIP
>>> il.mobility.rank(["Mg", "Zn"])       # doctest: +SKIP
>>> il.bridges.to_pybamm(cell)           # doctest: +SKIP
>>> il.cyclerdata.read("cell.ndax")      # doctest: +SKIP
>>> il.energy.cell_level(cell)           # doctest: +SKIP
>>> il.thermo.Phases("default").window("Li6PS5Cl")  # doctest: +SKIP
>>> il.atomistic.barrier(host="Li3Bi", surface=(1, 1, 0), metal="Mg")  # doctest: +SKIP

The names below are loaded when they are first used, so that ``import interlith`` and
``interlith --help`` answer at once.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from interlith import (
        atomistic,
        bridges,
        cyclerdata,
        energy,
        mobility,
        particle,
        reproduce,
        thermo,
    )
    from interlith.cell import Cell, CompositeCathode, load
    from interlith.materials import Library
    from interlith.simulation import FullResult, Result, interlayer, simulate, simulate_designs

__version__: str

__all__ = [
    "Cell",
    "CompositeCathode",
    "FullResult",
    "Library",
    "Result",
    "__version__",
    "atomistic",
    "bridges",
    "cyclerdata",
    "energy",
    "interlayer",
    "load",
    "mobility",
    "particle",
    "reproduce",
    "simulate",
    "simulate_designs",
    "thermo",
]

# Public name -> the room that holds it.
HOMES = {
    "Cell": "interlith.cell",
    "CompositeCathode": "interlith.cell",
    "Library": "interlith.materials",
    "FullResult": "interlith.simulation",
    "Result": "interlith.simulation",
    "load": "interlith.cell",
    "simulate": "interlith.simulation",
    "simulate_designs": "interlith.simulation",
}
# Rooms that are used by their own name, as in `il.particle.lithiate`.
ROOMS = {
    "atomistic": ("interlith", "atomistic"),
    "bridges": ("interlith", "bridges"),
    "cyclerdata": ("interlith", "cyclerdata"),
    "energy": ("interlith", "energy"),
    "interlayer": ("interlith.simulation", "interlayer"),
    "mobility": ("interlith", "mobility"),
    "particle": ("interlith", "particle"),
    "reproduce": ("interlith", "reproduce"),
    "thermo": ("interlith", "thermo"),
}


def __getattr__(name: str) -> object:
    """Load a public name from its room on first use (PEP 562)."""
    if name == "__version__":
        return _version()
    if name in ROOMS:
        return _room(*ROOMS[name])
    if name not in HOMES:
        raise AttributeError(f"module 'interlith' has no attribute {name!r}")
    value: object = getattr(import_module(HOMES[name]), name)
    globals()[name] = value
    return value


def _room(package: str, name: str) -> object:
    """Import a room; the package of compiled code sees to stale code first."""
    if package == __name__:
        return import_module(f"{package}.{name}")
    return getattr(import_module(package), name)


def __dir__() -> list[str]:
    """Names that tab completion offers."""
    return sorted(__all__)


def _version() -> str:
    from importlib.metadata import version

    return version("interlith")
