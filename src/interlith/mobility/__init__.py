"""Which metal moves: charge uptake and barrier, their uncertainty carried through to a ranking.

>>> import interlith as il
>>> ranking = il.mobility.rank(["Mg", "Zn"])
>>> ranking.order
['Mg', 'Zn']

Start reading in `ranking.py`; `draws.py` says how a value of the library becomes many.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from interlith.mobility.ranking import MetalMobility, Ranking, rank

__all__ = ["MetalMobility", "Ranking", "rank"]


def __getattr__(name: str) -> object:
    """Load a public name from its file on first use."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.ranking"), name)
    globals()[name] = value
    return value
