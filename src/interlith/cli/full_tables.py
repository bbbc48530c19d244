"""What people see on the terminal of a simulated full cell."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from interlith.cli.tables import number, plain_table

if TYPE_CHECKING:
    from rich.console import Console

    from interlith.simulation.full_record import Cycle
    from interlith.simulation.full_result import FullResult

MOST_LINES = 24
"""Beyond this number of cycles the table shows a selection; cycles.csv has all."""


def print_full_result(console: Console, result: FullResult, folder: Path) -> None:
    """Show how the cell cycled, what was checked, and where the data are."""
    console.print(f"{result.cell.name}: {result.status}, {result.reason}\n")
    table = plain_table(
        "cycle", "C-rate", "discharge mAh/cm2", "mAh/g", "efficiency %", "mean V", "connected %"
    )
    for cycle in shown_cycles(result.cycles):
        efficiency = cycle.coulombic_efficiency
        table.add_row(
            str(cycle.cycle),
            number(cycle.C_rate),
            number(cycle.discharge_mAh_cm2),
            number(cycle.discharge_mAh_g),
            "-" if efficiency is None else f"{100.0 * efficiency:.2f}",
            number(cycle.mean_discharge_voltage_V),
            f"{100.0 * cycle.connected_fraction:.1f}",
        )
    console.print(table)
    hidden = len(result.cycles) - len(shown_cycles(result.cycles))
    if hidden:
        console.print(f"{hidden} more cycles stand in cycles.csv")
    low, high = result.valid_range
    console.print(
        f"\nLithium is conserved to {result.lithium_imbalance:.1e}. The open-circuit potential was "
        f"asked for outside its range (x = {low:g} to {high:g}) in "
        f"{result.rows_outside_valid_range} time steps."
    )
    console.print(resumption(result))
    kinds = [value.kind for value in result.used_values]
    console.print(
        f"{kinds.count('assumed')} of {len(kinds)} values are assumed; interlith check lists them."
    )
    console.print(f"Results: {folder}")


def resumption(result: FullResult) -> str:
    """Say whether the run went on from a checkpoint."""
    if result.resumed_at_cycle is None:
        return "Run from the beginning; no checkpoint was used."
    return f"Resumed at cycle {result.resumed_at_cycle} of {result.planned_cycles}."


def shown_cycles(cycles: Sequence[Cycle]) -> list[Cycle]:
    """Return the cycles for a short table: all of a few, else the first ones and a selection."""
    if len(cycles) <= MOST_LINES:
        return list(cycles)
    first, last = MOST_LINES // 2, MOST_LINES - MOST_LINES // 2
    rest = len(cycles) - first
    chosen = {first + (number + 1) * rest // last - 1 for number in range(last)}
    return [*cycles[:first], *(cycles[index] for index in sorted(chosen))]
