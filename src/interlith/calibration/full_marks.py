"""Measured capacities of the cell that a user runs, if it is one of the reference's."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from interlith.calibration.full_cells import full_cell_of
from interlith.calibration.full_fit import full_rows
from interlith.calibration.rows import MeasuredRow
from interlith.report.full.view import Block, FullView, MeasuredCapacity

if TYPE_CHECKING:
    from interlith.cell.cell import Cell
    from interlith.simulation.full_result import FullResult

__all__ = ["measured_beside"]

WITHIN = 0.01
"""Relative difference in loading, current or upper voltage up to which a cell is the same."""
CYCLE_OF_ROW = {
    "full-f-0.51-80": 444,
    "full-f-0.51-60": 681,
    "full-f-1.27-60": 300,
    "lno-capacity": 2,
}
"""Cycle of the rows that name it; the others stand beside all cycles at their current."""
AFTER_A_FASTER_ONE = frozenset({"full-cl-return"})
"""Rows measured when the current was put back after a rate test."""
CYCLES_OF_ROW = {"full-f-7.64-initial": 2, "full-cl-3C": 300}
"""For how many cycles at its current a row was measured: initial (assumed to be two), kept for."""
PER_AREA, PER_MASS = "mAh/cm2", "mAh/g"


def measured_beside(result: FullResult) -> list[MeasuredCapacity]:
    """Find the measured capacities of the same cell at the same currents.

    Parameters
    ----------
    result : FullResult
        What was simulated.

    Returns
    -------
    list of MeasuredCapacity
        Numbers of the measured rows, none where the cell is another one: layers, active material,
        loading, interphase, catholyte, temperature and highest voltage must be those of the row.
        Thicknesses, pressure and carbon may differ, as the paper does not state them for all.
    """
    view = FullView(result)
    found = []
    for row in full_rows():
        if row.unit not in (PER_AREA, PER_MASS) or math.isnan(row.value):
            continue
        if _same_cell(result.cell, full_cell_of(row)):
            cycles = _cycles_of(row, view)
            if cycles is not None:
                found.append(_mark(row, view, *cycles))
    return found


def _same_cell(cell: Cell, other: Cell) -> bool:
    """Return whether two cells agree in what the reference states."""
    mine, theirs = cell.cathode, other.cathode
    if mine is None or theirs is None:
        return False
    recipe = ("material", "interphase", "electrolyte", "active_mass_fraction")
    return (
        [layer.material for layer in cell.layers] == [layer.material for layer in other.layers]
        and all(getattr(mine, name) == getattr(theirs, name) for name in recipe)
        and _close(mine.loading, theirs.loading)
        and abs(cell.temperature - other.temperature) < 0.5
        and _close(_highest_voltage(cell), _highest_voltage(other))
        and not mine.properties
    )


def _close(one: float | None, other: float | None) -> bool:
    return one is not None and other is not None and math.isclose(one, other, rel_tol=WITHIN)


def _highest_voltage(cell: Cell) -> float | None:
    """Return the highest voltage that a charge of the protocol goes to [V]."""
    from interlith.cell.expand import expand

    limits = [step.voltage_upper for step in expand(cell) if step.value < 0.0]
    return max((limit for limit in limits if limit is not None), default=None)


def _cycles_of(row: MeasuredRow, view: FullView) -> tuple[int, int] | None:
    """Return the first and the last cycle beside which a row stands, None where it has none."""
    blocks = [b for b in view.blocks if row.current_mA_cm2 is None or _at_current(b, row)]
    if row.id in CYCLE_OF_ROW:
        there = [b for b in blocks if b.first <= CYCLE_OF_ROW[row.id] <= b.last]
        return (CYCLE_OF_ROW[row.id],) * 2 if there else None
    faster = [block.first for block in view.blocks if block.current_mA_cm2 > _slow(row)]
    if row.id in AFTER_A_FASTER_ONE:
        blocks = [block for block in blocks if faster and block.first > faster[0]]
    elif faster and any(block.first < faster[0] for block in blocks):
        blocks = [block for block in blocks if block.first < faster[0]]
    if not blocks:
        return None
    first, last = blocks[0].first, blocks[0].last
    return first, min(last, first + CYCLES_OF_ROW.get(row.id, last) - 1)


def _slow(row: MeasuredRow) -> float:
    """Return a current above which a block counts as faster than that of a row [mA cm-2]."""
    return math.inf if row.current_mA_cm2 is None else row.current_mA_cm2 * (1.0 + WITHIN)


def _at_current(block: Block, row: MeasuredRow) -> bool:
    return _close(block.current_mA_cm2, row.current_mA_cm2)


def _mark(row: MeasuredRow, view: FullView, first: int, last: int) -> MeasuredCapacity:
    areal = row.value if row.unit == PER_AREA else row.value * view.loading_g_cm2
    label = row.quantity
    if row.current_mA_cm2 is not None:
        label += f", {row.current_mA_cm2:g} mA/cm²"
    return MeasuredCapacity(
        label=label,
        locator=f"Wan et al. (2023), {row.locator}",
        mAh_cm2=areal,
        first_cycle=first,
        last_cycle=last,
        cycle_known=row.id in CYCLE_OF_ROW,
        fitted=row.role == "calibration",
    )
