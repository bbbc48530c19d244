"""The tables of a full cell's report: rows of text, ready for the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from interlith.report.full.losses import mean_losses
from interlith.report.full.view import Block, FullView
from interlith.report.full.wording import window
from interlith.report.tables import Fact, cell_facts, number
from interlith.report.view import known

if TYPE_CHECKING:
    from interlith.simulation.full_record import Cycle

__all__ = ["cycle_rows", "key_facts", "measured_rows", "rate_rows", "shown_cycles"]

MOST_ROWS = 60
"""Beyond this number of cycles the table shows a selection; cycles.csv has all."""
FROM_EACH_BLOCK = 3
MOST_PARTS = 3

Row = dict[str, str]


def key_facts(view: FullView) -> list[Fact]:
    """Return the numbers that head a report."""
    result = view.result
    resumed = result.resumed_at_cycle
    facts = [
        *cell_facts(view),
        ("Active material", f"{view.loading_g_cm2 * 1e3:.4g} mg/cm²"),
        ("1C", _one_C(view)),
        ("Cycles", f"{len(view.cycles)} of {result.planned_cycles}"),
        ("Length of the test", number(_hours(view), "h")),
        ("Checkpoint", f"resumed at cycle {resumed}" if resumed is not None else "not used"),
        ("Lithium", f"conserved to {result.lithium_imbalance:.1e}"),
    ]
    if view.cycles:
        last = view.cycles[-1]
        facts += [
            ("Connected active material at the end", _percent(last.connected_fraction)),
            ("Cathode interphase at the end", number(last.cathode_interphase_nm, "nm")),
        ]
    return [(label, text) for label, text in facts if text]


def _one_C(view: FullView) -> str:
    capacity = known(getattr(view.result.cell, "capacity", None))
    return "" if capacity is None else f"{capacity / 36000.0:.4g} mAh/cm² in one hour"


def _hours(view: FullView) -> float | None:
    steps = view.result.steps
    return steps[-1].end / 3600.0 if steps else None


def _percent(share: float | None, digits: int = 4) -> str:
    return number(None if share is None else 100.0 * share, "%", digits)


def shown_cycles(blocks: Sequence[Block]) -> list[Cycle]:
    """Return the cycles for the table: all of a few, else some of each block."""
    cycles = [cycle for block in blocks for cycle in block.cycles]
    if len(cycles) <= MOST_ROWS:
        return cycles
    ends = [_spread(block.cycles, FROM_EACH_BLOCK) for block in blocks]
    chosen = {cycle.cycle for group in ends for cycle in group}
    if len(chosen) > MOST_ROWS:
        chosen = {cycle.cycle for cycle in _spread([g[0] for g in ends], MOST_ROWS - 1)}
        chosen.add(cycles[-1].cycle)
    chosen |= {cycle.cycle for cycle in _spread(cycles, MOST_ROWS - len(chosen))}
    return [cycle for cycle in cycles if cycle.cycle in chosen]


def _spread(cycles: Sequence[Cycle], most: int) -> list[Cycle]:
    """Return up to `most` cycles, evenly, the first and the last among them."""
    if len(cycles) <= most or most < 2:
        return list(cycles[: max(most, 0)])
    places = [round(k * (len(cycles) - 1) / (most - 1)) for k in range(most)]
    return [cycles[place] for place in places]


def cycle_rows(view: FullView) -> list[Row]:
    """Return the shown cycles as text."""
    return [_cycle_row(cycle, view) for cycle in shown_cycles(view.blocks)]


def _cycle_row(cycle: Cycle, view: FullView) -> Row:
    block = next(b for b in view.blocks if b.first <= cycle.cycle <= b.last)
    return {
        "number": str(cycle.cycle),
        "rate": block.label,
        "temperature": number(cycle.temperature_C),
        "charge": number(cycle.charge_mAh_cm2),
        "discharge": number(cycle.discharge_mAh_cm2),
        "specific": number(cycle.discharge_mAh_g),
        "efficiency": number(100.0 * cycle.coulombic_efficiency)
        if cycle.coulombic_efficiency is not None
        else "–",
        "energy": number(100.0 * cycle.energy_efficiency)
        if cycle.energy_efficiency is not None
        else "–",
        "voltage": number(cycle.mean_discharge_voltage_V),
        "connected": number(100.0 * cycle.connected_fraction),
        "interphase": number(cycle.cathode_interphase_nm),
        "complete": "" if cycle.complete else "not complete",
    }


def rate_rows(view: FullView) -> list[Row]:
    """Return what each block of cycles delivers and where its voltage goes, as text."""
    rows = []
    for block in view.blocks:
        cycle = view.shown_of(block)
        found = next((c for c in block.cycles if c.cycle == cycle), None)
        if cycle is None or found is None or not found.complete:
            continue
        content = window(view, cycle)
        losses = mean_losses(view, view.leg(cycle, discharge=True))
        rows.append(
            {
                "rate": block.label,
                "cycles": f"{block.first} to {block.last}"
                if block.last > block.first
                else str(block.first),
                "shown": str(cycle),
                "discharge": number(found.discharge_mAh_cm2),
                "specific": number(found.discharge_mAh_g),
                "window": f"{content[0]:.3f} to {content[1]:.3f}" if content else "–",
                "loss": number(losses.total, digits=3) if losses else "–",
                "parts": ", ".join(
                    f"{words} {value:.3g}" for words, value in losses.ordered[:MOST_PARTS]
                )
                if losses
                else "–",
            }
        )
    return rows


def measured_rows(view: FullView) -> list[Row]:
    """Return measured capacities beside those of the model, as text."""
    return [
        {
            "label": row.label,
            "locator": row.locator,
            "cycles": f"{row.first_cycle} to {row.last_cycle}"
            if row.last_cycle > row.first_cycle
            else str(row.first_cycle),
            "measured": number(row.mAh_cm2, digits=3),
            "model": number(_simulated(view, row.first_cycle, row.last_cycle), digits=3),
            "role": "fitted to" if row.fitted else "not fitted",
        }
        for row in view.measured
    ]


def _simulated(view: FullView, first: int, last: int) -> float | None:
    """Return the mean discharge capacity of some cycles in mAh/cm2."""
    found = [c.discharge_mAh_cm2 for c in view.cycles if first <= c.cycle <= last and c.complete]
    return sum(found) / len(found) if found else None
