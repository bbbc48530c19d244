"""From a cell to a result: assemble parameters, run the protocol, keep what happened.

Read ``run.py`` first. Names are loaded when they are used: importing this package compiles
nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from interlith.simulation import interlayer
    from interlith.simulation.any_cell import simulate
    from interlith.simulation.assembly import assemble, used_values
    from interlith.simulation.critical import CriticalCurrent
    from interlith.simulation.designs import simulate_designs
    from interlith.simulation.freshness import compilation_pending
    from interlith.simulation.full_result import FullResult
    from interlith.simulation.full_run import simulate_full
    from interlith.simulation.result import Result
    from interlith.simulation.run import simulate_symmetric

__all__ = [
    "CriticalCurrent",
    "FullResult",
    "Result",
    "assemble",
    "compilation_pending",
    "interlayer",
    "simulate",
    "simulate_designs",
    "simulate_full",
    "simulate_symmetric",
    "used_values",
]

_HOMES = {
    "assemble": "assembly",
    "compilation_pending": "freshness",
    "used_values": "assembly",
    "CriticalCurrent": "critical",
    "Result": "result",
    "simulate": "any_cell",
    "simulate_designs": "designs",
    "simulate_symmetric": "run",
    "FullResult": "full_result",
    "simulate_full": "full_run",
}


def __getattr__(name: str) -> Any:
    if name == "interlayer":
        import_module(f"{__name__}.freshness").drop_stale_code()
        return import_module(f"{__name__}.interlayer")
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    if name != "compilation_pending":
        import_module(f"{__name__}.freshness").drop_stale_code()
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
