"""What is simulated: layers, conditions and protocol of a cell, read from YAML and checked.

Start with `cell.py` (the model) and `reader.py` (how a file becomes one, with every problem named).
"""

from __future__ import annotations

from interlith.cell.cathode import CompositeCathode, ParticleSize
from interlith.cell.cell import Cell, Solver
from interlith.cell.expand import expand, iterate_steps
from interlith.cell.layers import Electrode, Electrolyte, Interlayer, Sei
from interlith.cell.reader import load, loads
from interlith.cell.step import Step

__all__ = [
    "Cell",
    "CompositeCathode",
    "Electrode",
    "Electrolyte",
    "Interlayer",
    "ParticleSize",
    "Sei",
    "Solver",
    "Step",
    "expand",
    "iterate_steps",
    "load",
    "loads",
]
