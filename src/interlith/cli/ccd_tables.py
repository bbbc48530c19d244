"""What people see of `interlith ccd`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from interlith.cli.tables import number, plain_table

if TYPE_CHECKING:
    from rich.console import Console

    from interlith.cyclerdata.ccd import CcdAnalysis, Spread

__all__ = ["print_ccd", "print_spread"]


def print_ccd(console: Console, file: Path, found: CcdAnalysis) -> None:
    """Write the verdict, the events with their evidence, the steps and the checklist."""
    summary = found.summary()
    console.print(f"{file}: {found.verdict}")
    if found.events:
        table = plain_table("event", "time / h", "kind", "at mA/cm2", "voltage lost", "evidence")
        for place, event in enumerate(summary["events"], start=1):
            table.add_row(
                str(place),
                number(event["time_h"]),
                event["kind"],
                number(event["current_density_mA_cm2"]),
                f"{100 * event['depth']:.0f} %",
                "; ".join(f"{sign['criterion']}: {sign['text']}" for sign in event["evidence"]),
            )
        console.print(table)
    table = plain_table("mA", "mA/cm2", "half-cycles", "mAh/cm2", "ohm", "ohm cm2", "outcome")
    for step in summary["steps"]:
        table.add_row(
            number(step["current_mA"]),
            number(step["current_density_mA_cm2"]),
            str(step["half_cycles"]),
            number(step["areal_capacity_mAh_cm2"]),
            number(step["resistance_ohm"]),
            number(step["area_specific_resistance_ohm_cm2"]),
            step["outcome"],
        )
    console.print(table)
    for label, text in found.reporting().items():
        console.print(f"{label}: {text}")
    for note in found.recording.notes:
        console.print(f"note: {note}")


def print_spread(console: Console, spread: Spread) -> None:
    """Write mean and spread of replicates."""
    found = spread.summary()
    if found["mean_mA_cm2"] is None:
        console.print("No spread: the area is not recorded.")
        return
    deviation = found["standard_deviation_mA_cm2"]
    text = "" if deviation is None else f" +- {deviation:.2g} (standard deviation of the sample)"
    console.print(
        f"Last passing current density of {found['with_value']} cells: "
        f"{found['mean_mA_cm2']:.3g}{text} mA/cm2, "
        f"{found['smallest_mA_cm2']:g} to {found['largest_mA_cm2']:g}"
    )
