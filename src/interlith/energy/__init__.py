"""Energy per mass and volume of a full cell, with every assumption listed.

Two levels: the **stack** is the repeating unit (one cathode, one electrolyte, one lithium side and
its share of the collectors) per area; the **cell** is a pouch of many of them with overhang, film,
seals and tabs. Start reading in `level.py` (what is divided by what), then `layers.py` and
`pouch.py` (what is weighed).

>>> import interlith as il
>>> found = il.energy.cell_level(il.load("my-cell.yaml"))      # doctest: +SKIP
>>> found.stack.Wh_kg, found.cell.Wh_kg                        # doctest: +SKIP
>>> il.energy.reach(il.load("my-cell.yaml"), "400 Wh/kg")      # doctest: +SKIP
"""

from __future__ import annotations

from interlith.energy.asked import cell_level, stack_level
from interlith.energy.design import Design, load_design
from interlith.energy.found import Energy
from interlith.energy.level import Level, Part
from interlith.energy.reach import Reach, reach

__all__ = [
    "Design",
    "Energy",
    "Level",
    "Part",
    "Reach",
    "cell_level",
    "load_design",
    "reach",
    "stack_level",
]
