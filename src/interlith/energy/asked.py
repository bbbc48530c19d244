"""The questions that are asked: Wh/kg and Wh/L of a cell, as a stack and as a pouch."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from interlith.cell import Cell
from interlith.energy.delivered import delivered_at_rest, delivered_by_result
from interlith.energy.design import Design, as_design
from interlith.energy.found import Energy
from interlith.energy.subject import Subject
from interlith.errors import InputError, Problem
from interlith.materials import Library

__all__ = ["cell_level", "stack_level", "subject_of"]


def cell_level(
    cell: Cell,
    result: Any = None,
    design: str | Path | Design = "pouch",
    changes: Mapping[str, Any] | None = None,
    cycle: int | None = None,
    library: Library | None = None,
) -> Energy:
    """Return the energy per mass and volume of a full cell, as a stack and as a pouch.

    Parameters
    ----------
    cell
        A cell with a composite cathode.
    result
        Result of a run of the cell, its folder or ``result.nc``; None takes the open-circuit
        potential, an upper limit.
    design
        ``pouch``, ``stack``, a design file or a `Design`.
    changes
        Fields of the design to set, such as ``{"electrode_pairs": 30}``.
    cycle
        Cycle of the result; None for the discharge with most energy.
    library
        Materials; default the package's with the cell's own files on top.

    Returns
    -------
    Energy
        `stack` and `cell` levels, assumptions, waterfall, sensitivity.

    Raises
    ------
    InputError
        The cell has no cathode, or result, cycle, design or a field of it is wrong.
    """
    return Energy(subject_of(cell, result, design, changes, cycle, library))


def stack_level(
    cell: Cell,
    result: Any = None,
    design: str | Path | Design = "stack",
    changes: Mapping[str, Any] | None = None,
    cycle: int | None = None,
    library: Library | None = None,
) -> Energy:
    """Return the energy of the repeating unit alone; parameters as in `cell_level`."""
    found = as_design(design, {**(changes or {}), "format": "stack"}, library)
    return Energy(subject_of(cell, result, found, None, cycle, library))


def subject_of(
    cell: Cell,
    result: Any = None,
    design: str | Path | Design = "pouch",
    changes: Mapping[str, Any] | None = None,
    cycle: int | None = None,
    library: Library | None = None,
) -> Subject:
    """Return what is weighed; parameters as in `cell_level`."""
    if cell.cathode is None:
        where = f"layers.{len(cell.layers) - 1}"
        expected = "a composite cathode as last layer: a cell of two lithium electrodes stores none"
        raise InputError(Problem("", where, f"{cell.layers[-1].material}", expected))
    known = library or Library.load(cell.materials)
    chosen = as_design(design, changes, known)
    if result is None:
        if cycle is not None:
            raise InputError(Problem("", "--cycle", str(cycle), "a cycle only beside --result"))
        return Subject(cell, chosen, delivered_at_rest(cell, known, chosen), known)
    both = [name for name in ("areal_capacity", "mean_voltage") if name in chosen.values]
    if both:
        expected = "either a result or a measured value in the design, not both"
        raise InputError(Problem("", both[0], chosen.values[both[0]].given, expected))
    return Subject(cell, chosen, delivered_by_result(result, cell, known, cycle), known)
