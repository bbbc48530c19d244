"""Thermodynamics: what forms at which potential, on a table of energies with sources.

Start in `energies.py` (the table), then `energy_set.py` (how sources become consistent sets) and
`phases.py` (the phase diagrams). `staircase.py` holds the one calculation under everything:
which phases have the least grand potential at a potential against lithium.

>>> import interlith as il
>>> phases = il.thermo.Phases("default")                              # doctest: +SKIP
>>> phases.voltage_profile("Bi").steps[0].potential.value             # doctest: +SKIP
"""

from __future__ import annotations

from interlith.thermo.interface import Interface, Point
from interlith.thermo.interphase import Interphase
from interlith.thermo.phases import Phases
from interlith.thermo.spread import Spread
from interlith.thermo.voltage import Step, VoltageProfile
from interlith.thermo.window import Window

__all__ = [
    "Interface",
    "Interphase",
    "Phases",
    "Point",
    "Spread",
    "Step",
    "VoltageProfile",
    "Window",
]
