"""The page of a full cell: one HTML file that opens offline, with every picture inside it."""

from __future__ import annotations

from collections.abc import Mapping

from interlith.report.full import wording
from interlith.report.full.pictures import FULL_PICTURES
from interlith.report.full.tables import cycle_rows, key_facts, measured_rows, rate_rows
from interlith.report.full.view import FullView
from interlith.report.html import cell_file, environment, imprint, plates
from interlith.report.tables import doubt, laws, run_facts, sources, stack, value_groups

__all__ = ["full_report_page", "summary_in_words"]

MOST_RATES_IN_WORDS = 4
MOST_BLOCKS_THAT_FADE = 3


def full_report_page(view: FullView, drawn: Mapping[str, bytes], command: str | None = None) -> str:
    """Return the report of a full cell; `drawn` holds its pictures as SVG by name."""
    result = view.result
    return (
        environment()
        .get_template("full.html")
        .render(
            title=view.name,
            stack=stack(view),
            status=result.status,
            verdict=wording.outcome(view),
            explanation=wording.short(view),
            words=summary_in_words(view),
            facts=key_facts(view),
            rates=rate_rows(view),
            measured=measured_rows(view),
            plates=plates(FULL_PICTURES, view, drawn),
            cycles=cycle_rows(view),
            all_cycles=len(view.cycles),
            outside=wording.outside_range(view),
            outside_rows=result.rows_outside_valid_range,
            doubt=doubt(result.used_values),
            limits=wording.LIMITS,
            value_groups=value_groups(result.used_values),
            laws=laws(result),
            run=run_facts(result),
            cell_file=cell_file(result),
            sources=sources(result.used_values),
            **imprint(command or result.dataset.attrs.get("command")),
        )
    )


def summary_in_words(view: FullView) -> list[tuple[str, list[str]]]:
    """Return headings and sentences: what limits which rate, how it fades."""
    slowest = wording.reference_block(view)
    if slowest is None:
        return []
    others = {b.label: b for b in view.blocks if b is not slowest and b.label != slowest.label}
    fast = sorted(others.values(), key=lambda block: -block.current_mA_cm2)
    shown = [slowest, *sorted(fast[: MOST_RATES_IN_WORDS - 1], key=lambda b: b.current_mA_cm2)]
    rates = [wording.limits_of_rate(view, block, slowest) for block in shown]
    long = sorted(view.blocks, key=lambda block: -len(block.cycles))[:MOST_BLOCKS_THAT_FADE]
    fades = [wording.fade(view, block) for block in sorted(long, key=lambda block: block.first)]
    found = [*(text for text in fades if text is not None), *wording.returned(view)]
    words = [("What limits which rate", rates)]
    return [*words, ("How it fades", found)] if found else words
