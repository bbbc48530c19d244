"""Atoms: barriers of adatoms, uptake and adhesion of lithium, from interatomic potentials.

>>> import interlith as il
>>> il.atomistic.barrier(host="Li3Bi", surface=(1, 1, 0), metal="Mg").barrier_eV  # doctest: +SKIP

Start in `adatom_barrier.py`, which names the steps: crystal, slab, sites, jumps, paths, network.
Lengths are in angstrom and energies in eV in this room, as in every tool it talks to; what leaves
it for the library carries its unit.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from interlith.atomistic.adatom_barrier import barrier
    from interlith.atomistic.adhesion_record import AdhesionRecord
    from interlith.atomistic.charged import ChargedCell, charged_cell
    from interlith.atomistic.film_adhesion import adhesion
    from interlith.atomistic.potentials import potential, potential_names
    from interlith.atomistic.records import BarrierRecord
    from interlith.atomistic.structures import known_structures, structure

__all__ = [
    "AdhesionRecord",
    "BarrierRecord",
    "ChargedCell",
    "adhesion",
    "barrier",
    "charged_cell",
    "known_structures",
    "potential",
    "potential_names",
    "structure",
]

HOMES = {
    "AdhesionRecord": "adhesion_record",
    "BarrierRecord": "records",
    "adhesion": "film_adhesion",
    "ChargedCell": "charged",
    "barrier": "adatom_barrier",
    "charged_cell": "charged",
    "known_structures": "structures",
    "potential": "potentials",
    "potential_names": "potentials",
    "structure": "structures",
}


def __getattr__(name: str) -> object:
    """Load a public name from its file on first use."""
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{HOMES[name]}"), name)
    globals()[name] = value
    return value
