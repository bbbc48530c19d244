"""How a full cell went, in words: what limits which rate, how it fades, whether it shorted."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from interlith.report.full.losses import MeanLosses, mean_losses
from interlith.report.full.view import Block, FullView
from interlith.report.view import FRACTION, MA_CM2, MV, known
from interlith.report.wording import count, why

if TYPE_CHECKING:
    from interlith.simulation.full_record import Cycle

__all__ = [
    "LIMITS",
    "fade",
    "limits_of_rate",
    "outcome",
    "outside_range",
    "reference_block",
    "returned",
    "short",
    "window",
]

LIMITS = (
    "Rates and fade are predictions from a few fitted values; where a value is assumed, so is what "
    "follows from it.",
    "The temperature of a step is given: the cell does not heat itself.",
    "Electrolytes are single-ion conductors; a polymer with a salt balance is not covered.",
    "The lithium and its interlayer are one-dimensional; filaments are a length, not a shape.",
    "Cracking and fluoride change between protocol steps, not within them.",
    "No forming of interlayers (conversion) in a full cell, no self-discharge beside a short, no "
    "gas.",
)
"""What the model has not; docs/full-cell.md says the same."""

MOST_PARTS = 2
STEADY = 0.005
"""Relative change of capacity below which a cell is said not to fade."""
NO_FILAMENT = 1e-3
NO_LOSS = 1e-6
MOSTLY = 0.6
SAME_LOSS_MV = 1.0
POOR_CONTACT = 0.5
HARDLY_ANYTHING = 0.01
"""Of the largest discharge."""
LEAST_CYCLES_FOR_FADE = 10


def outcome(view: FullView) -> str:
    """Return how far the run came, and what it delivered."""
    result = view.result
    done = count(len(view.cycles), "cycle")
    if result.status == "failed":
        begun = f"The calculation failed{why(result)}. {done} until then"
    elif result.status == "interrupted":
        begun = f"The run was interrupted after {done} of {result.planned_cycles}"
    elif result.ended_in_short:
        begun = f"A lithium filament shorted the cell in cycle {len(view.cycles)}"
    elif result.status == "stopped":
        begun = f"The test ended{why(result)} after {done} of {result.planned_cycles}"
    elif not view.cycles:
        begun = "The protocol ran to its end; it holds no charge, so there is no cycle"
    else:
        begun = f"{done} ran to {'its' if len(view.cycles) == 1 else 'their'} end"
    return f"{begun}{_delivered(view)}.{_dead(view)}"


def _dead(view: FullView) -> str:
    """Return from which cycle on hardly anything passed, as a sentence of its own."""
    most = max((cycle.discharge_mAh_cm2 for cycle in view.cycles), default=0.0)
    alive = [c.cycle for c in view.cycles if c.discharge_mAh_cm2 > HARDLY_ANYTHING * most]
    after = (alive[-1] if alive else 0) + 1
    ended = len(view.cycles) - after + 1
    if ended < 2:
        return ""
    return (
        f" From cycle {after} on hardly any charge passed: the voltage was at its limits at once."
    )


def _delivered(view: FullView) -> str:
    """Return the range of capacities, as the end of a sentence."""
    whole = [cycle for cycle in view.cycles if cycle.complete]
    if not whole:
        return ""
    most = max(whole, key=lambda cycle: cycle.discharge_mAh_cm2)
    last = whole[-1]
    return (
        f": at most {most.discharge_mAh_cm2:.3g} mAh/cm² ({most.discharge_mAh_g:.3g} mAh/g, cycle "
        f"{most.cycle}), {last.discharge_mAh_cm2:.3g} mAh/cm² in cycle {last.cycle}"
    )


def short(view: FullView) -> str:
    """Return whether the lithium side shorted or lost its contact."""
    if not view.has("filament_fraction"):
        return ""
    contact = float(view.series("contact_fraction", FRACTION).min())
    lost = (
        f" Its contact fell to {100.0 * contact:.2g} % of the interface."
        if contact < POOR_CONTACT
        else ""
    )
    if view.result.ended_in_short:
        return (
            f"The lithium side shorted: a filament crossed the electrolyte{_crossing(view)}.{lost}"
        )
    longest = float(view.series("filament_fraction", FRACTION).max())
    if longest < NO_FILAMENT:
        grown = ", and no filament grew in the cycles looked into"
    else:
        grown = (
            f"; the longest filament reached {100.0 * longest:.2g} % of the electrolyte in the "
            "cycles looked into"
        )
    return f"The lithium side did not short{grown}.{lost}"


def _crossing(view: FullView) -> str:
    """Return when a filament crossed, at which current, and how far beyond the critical value."""
    if view.short_at is None:
        return ""
    current = float(view.series("current_density", MA_CM2)[-1])
    doing = "charging" if current < 0.0 else "discharging"
    highest = float(np.nanmax(view.series("interphase_overpotential", MV)))
    critical = float(view.data["critical_interphase_overpotential"]) / MV.si
    return (
        f" after {view.short_at:.4g} h, {doing} at {abs(current):.3g} mA/cm²; the overpotential of "
        f"the interphase had reached {highest:.3g} mV, the critical one is {critical:.3g} mV"
    )


def limits_of_rate(view: FullView, block: Block, reference: Block) -> str:
    """Return what a block of cycles delivers beside another, and what takes its voltage."""
    cycle = view.shown_of(block)
    found = next((c for c in block.cycles if c.cycle == cycle), None)
    if cycle is None or found is None or not found.complete:
        return f"{block.label}: no complete cycle."
    text = f"{block.label}: {found.discharge_mAh_cm2:.3g} mAh/cm²"
    base = view.shown_of(reference)
    slow = next((c for c in reference.cycles if c.cycle == base), None)
    if block is not reference and slow is not None and slow.discharge_mAh_cm2 > 0.0:
        share = 100.0 * found.discharge_mAh_cm2 / slow.discharge_mAh_cm2
        text += f", {share:.3g} % of that at {reference.label}"
    text += "."
    for discharge in (True, False):
        losses = mean_losses(view, view.leg(cycle, discharge=discharge))
        if losses is not None:
            text += f" {_shares('discharge' if discharge else 'charge', losses)}"
    return f"{text} {_window(view, cycle, base, reference)}".strip()


def _shares(leg: str, losses: MeanLosses) -> str:
    largest = losses.ordered[:MOST_PARTS]
    shares = " and ".join(
        f"{words} {100.0 * value / losses.total:.0f} %" for words, value in largest
    )
    return f"Of {losses.total:.3g} mV lost on average on {leg}, {shares}."


def _window(view: FullView, cycle: int, base: int | None, reference: Block) -> str:
    """Return between which contents a cycle runs, and which end falls short of the slow one."""
    here = window(view, cycle)
    if here is None:
        return ""
    text = f"The cathode swings between x = {here[0]:.2f} and {here[1]:.2f}"
    slow = window(view, base) if base is not None and base != cycle else None
    if slow is None:
        return f"{text}."
    missing = {"charge": here[0] - slow[0], "discharge": slow[1] - here[1]}
    worse = max(missing, key=lambda leg: missing[leg])
    if missing[worse] < 0.01:
        return f"{text}, as at {reference.label}."
    whole = sum(max(value, 0.0) for value in missing.values())
    share = 100.0 * missing[worse] / whole
    return (
        f"{text}, at {reference.label} between {slow[0]:.2f} and {slow[1]:.2f}; the {worse} that "
        f"ends early makes {share:.0f} % of the difference."
    )


def window(view: FullView, cycle: int) -> tuple[float, float] | None:
    """Return the mean lithium content at the end of the charge and of the discharge of a cycle."""
    content = view.series("mean_stoichiometry", FRACTION)
    legs = [view.leg(cycle, discharge=discharge).rows for discharge in (False, True)]
    if not all(len(rows) for rows in legs):
        return None
    return float(content[legs[0][-1]]), float(content[legs[1][-1]])


def fade(view: FullView, block: Block) -> str | None:
    """Return how a block of alike cycles fades and of what; None where it is too short to tell."""
    whole = [cycle for cycle in block.cycles if cycle.complete]
    if len(whole) < LEAST_CYCLES_FOR_FADE or not whole[1].discharge_mAh_cm2 > 0.0:
        return None
    first, last = whole[1], whole[-1]
    where = f"At {block.label}, from cycle {first.cycle} to {last.cycle}"
    return f"{where}, {_change(view, first, last)}"


def returned(view: FullView) -> list[str]:
    """Return what is left where a rate comes back after others."""
    by_label: dict[str, list[Block]] = {}
    for block in view.blocks:
        by_label.setdefault(block.label, []).append(block)
    found = []
    for label, blocks in by_label.items():
        ends = [_settled(block) for block in (blocks[0], blocks[-1])]
        if len(blocks) > 1 and ends[0] is not None and ends[1] is not None:
            where = f"Back at {label}, from cycle {ends[0].cycle} to {ends[1].cycle}"
            found.append(f"{where}, {_change(view, ends[0], ends[1])}")
    return found


def _settled(block: Block) -> Cycle | None:
    """Return the second complete cycle of a block, or its only one."""
    whole = [c for c in block.cycles if c.complete and c.discharge_mAh_cm2 > 0.0]
    return whole[min(1, len(whole) - 1)] if whole else None


def _change(view: FullView, first: Cycle, last: Cycle) -> str:
    """Return how capacity, material, interphase and losses differ between two alike cycles."""
    change = last.discharge_mAh_cm2 / first.discharge_mAh_cm2 - 1.0
    isolated = 1.0 - last.connected_fraction / first.connected_fraction
    if abs(change) < STEADY:
        text = f"the discharge capacity stays within {100.0 * STEADY:.1g} %."
    elif change > 0.0:
        text = f"the discharge capacity rises by {100.0 * change:.3g} %."
    else:
        cause = _cause(isolated / -change)
        text = f"the discharge capacity falls by {100.0 * -change:.3g} %, {cause}."
    material = f"{100.0 * isolated:.2g} %" if isolated > NO_LOSS else "None"
    grown = last.cathode_interphase_nm - first.cathode_interphase_nm
    return (
        f"{text} {material} of the active material is isolated by cracks meanwhile; the cathode "
        f"interphase grows by {grown:.2g} nm to {last.cathode_interphase_nm:.3g} nm"
        f"{_more_loss(view, first, last)}."
    )


def _cause(share: float) -> str:
    """Return what a fade is of, by the share of it that isolated material alone would make."""
    if share > MOSTLY:
        return "most of it with active material that cracks isolate"
    if share < 1.0 - MOSTLY:
        return "most of it by losses of voltage that grow or are no longer made up for"
    return "of isolated active material and of losses of voltage about alike"


def _alike(one: Cycle, other: Cycle) -> bool:
    """Return whether two cycles are discharged at the same rate."""
    if one.C_rate is None or other.C_rate is None:
        return one.C_rate is other.C_rate
    return math.isclose(one.C_rate, other.C_rate, rel_tol=1e-6)


def _more_loss(view: FullView, first: Cycle, last: Cycle) -> str:
    """Return how the mean loss on discharge changed and what most of the change is, if kept."""
    alike = {c.cycle for c in view.result.cycles if _alike(c, first)}
    kept = [c for c in view.kept if first.cycle <= c <= last.cycle and c in alike]
    ends = [mean_losses(view, view.leg(c, discharge=True)) for c in (kept[:1] + kept[-1:])]
    if len(kept) < 2 or ends[0] is None or ends[1] is None:
        return ""
    before, after = ends[0], ends[1]
    if abs(after.total - before.total) < SAME_LOSS_MV:
        return f"; the mean loss on discharge stays at {after.total:.3g} mV"
    grown = {words: after.parts[words] - before.parts[words] for words in after.parts}
    most = max(grown, key=lambda words: abs(grown[words]))
    return (
        f"; the mean loss on discharge goes from {before.total:.3g} to {after.total:.3g} mV, most "
        f"of the change in {most} ({grown[most]:+.2g} mV)"
    )


def outside_range(view: FullView) -> str:
    """Return how often the open-circuit potential was extrapolated."""
    low, high = view.result.valid_range
    rows = view.result.rows_outside_valid_range
    where = f"the range it was published for (x = {low:g} to {high:g})"
    if not rows:
        return f"The open-circuit potential was never asked for outside {where}."
    return (
        f"The open-circuit potential was asked for outside {where} in {count(rows, 'time step')}: "
        "it is extrapolated there, and the voltage beside it is a guess."
    )


def reference_block(view: FullView) -> Block | None:
    """Return the block with the smallest current that has a complete cycle."""
    whole = [b for b in view.blocks if any(c.complete for c in b.cycles) and b.current_mA_cm2 > 0.0]
    slow = [block for block in whole if known(block.current_mA_cm2)]
    return min(slow, key=lambda block: block.current_mA_cm2, default=None)
