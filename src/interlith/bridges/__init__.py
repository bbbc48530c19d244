"""To and from other programs: PyBaMM and the Battery Parameter eXchange format (BPX).

>>> import interlith as il
>>> half_cell = il.bridges.from_pybamm("Chen2020").half_cell     # doctest: +SKIP
>>> il.bridges.to_pybamm(il.load("my-cell.yaml")).simulation()   # doctest: +SKIP

Needs the extra: ``pip install 'interlith[pybamm]'``. Start reading in `half_cell.py` for the
numbers that are exchanged, in `pybamm_symmetric.py` for the second implementation of docs/model.md.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from interlith.bridges.beside import Compared, beside_pybamm
    from interlith.bridges.bpx import BpxFile, from_bpx, to_bpx
    from interlith.bridges.composite import half_cell_of
    from interlith.bridges.half_cell import HalfCell, square_root_exchange_current
    from interlith.bridges.loading import MissingExtraError
    from interlith.bridges.pybamm_cell import PybammCell, symmetric_parameters, to_pybamm
    from interlith.bridges.pybamm_half_cell import (
        Mesh,
        Trace,
        half_cell_simulation,
        simulate_half_cell,
        trace_of,
    )
    from interlith.bridges.pybamm_sets import Carried, from_pybamm

__all__ = [
    "BpxFile",
    "Carried",
    "Compared",
    "HalfCell",
    "Mesh",
    "MissingExtraError",
    "PybammCell",
    "Trace",
    "beside_pybamm",
    "from_bpx",
    "from_pybamm",
    "half_cell_of",
    "half_cell_simulation",
    "simulate_half_cell",
    "square_root_exchange_current",
    "symmetric_parameters",
    "to_bpx",
    "to_pybamm",
    "trace_of",
]

# Public name -> the file that holds it.
HOMES = {
    "BpxFile": "bpx",
    "Compared": "beside",
    "beside_pybamm": "beside",
    "from_bpx": "bpx",
    "half_cell_of": "composite",
    "to_bpx": "bpx",
    "Carried": "pybamm_sets",
    "HalfCell": "half_cell",
    "Mesh": "pybamm_half_cell",
    "MissingExtraError": "loading",
    "PybammCell": "pybamm_cell",
    "Trace": "pybamm_half_cell",
    "from_pybamm": "pybamm_sets",
    "half_cell_simulation": "pybamm_half_cell",
    "simulate_half_cell": "pybamm_half_cell",
    "square_root_exchange_current": "half_cell",
    "symmetric_parameters": "pybamm_cell",
    "to_pybamm": "pybamm_cell",
    "trace_of": "pybamm_half_cell",
}


def __getattr__(name: str) -> object:
    """Load a public name from its file on first use."""
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{HOMES[name]}"), name)
    globals()[name] = value
    return value
