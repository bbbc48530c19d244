"""Lithium in a particle: how much of it comes in, how far, and what decides it.

>>> import interlith as il
>>> result = il.particle.lithiate(metal="Mg", radius="10 um", steps=1000)
>>> result.regime
'wide shell'

Start reading in `carrier.py`: which phase carries the lithium. `lithiated.py` runs the equations of
`physics/particle.py`; `sensitivity.py` says at which diffusivity the outcome turns.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from interlith.particle.lithiated import Lithiated, lithiate
    from interlith.particle.published import reference

__all__ = ["Lithiated", "lithiate", "reference"]

_HOMES = {"Lithiated": "lithiated", "lithiate": "lithiated", "reference": "published"}


def __getattr__(name: str) -> object:
    """Load a public name from its file on first use."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
