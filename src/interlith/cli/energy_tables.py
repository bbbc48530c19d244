"""What people see of the energy of a cell instead of JSON."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from interlith.cli.tables import plain_table

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from interlith.energy import Energy, Reach

MOST_BARS = 8


def print_energy(console: Console, found: Energy, reached: Reach | None, folder: Path) -> None:
    """Show levels, masses, what would raise the energy, the target, gaps and assumptions."""
    summary = found.summary()
    delivered = summary["delivered"]
    console.print(f"{summary['name']}; design: {summary['design']['name']}")
    console.print(
        f"{delivered['areal_capacity_mAh_cm2']:.3g} mAh/cm2, "
        f"{delivered['specific_capacity_mAh_g']:.3g} mAh/g, {delivered['mean_voltage_V']:.3g} V: "
        f"{delivered['basis']}\n"
    )
    console.print(_levels(summary))
    console.print("\nMasses and volumes:\n")
    console.print(_parts(summary))
    console.print("\nWhat would raise it most, one at a time:\n")
    console.print(_bars(summary))
    if reached is not None:
        console.print(f"\nTarget {reached.target}:")
        for line in reached.sentences():
            console.print(f"- {line}")
        console.print(f"({reached.summary()['note']})")
    console.print("\nNot counted:")
    for line in summary["not_counted"]:
        console.print(f"- {line}")
    console.print("\nValues, assumed ones first:\n")
    console.print(_assumptions(summary))
    console.print(f"\nResults: {folder}")


def _levels(summary: dict[str, Any]) -> Table:
    table = plain_table("level", "Wh/kg", "Wh/L charged", "Wh/L discharged", "mass", "size")
    stack, cell = summary["stack"], summary["cell"]
    table.add_row(
        "stack", *_energies(stack), f"{stack['mass_mg_cm2']:.4g} mg/cm2",
        f"{stack['thickness_um']:.4g} um, charged {stack['charged_thickness_um']:.4g} um",
    )  # fmt: skip
    if cell is not None:
        size = " x ".join(f"{side:.3g}" for side in cell["outer_size_mm"])
        table.add_row(
            "pouch", *_energies(cell), f"{cell['mass_g']:.4g} g",
            f"{size} mm, {cell['capacity_Ah']:.3g} Ah, {cell['electrode_pairs']} pairs",
        )  # fmt: skip
    return table


def _energies(level: dict[str, Any]) -> list[str]:
    return [f"{level[name]:.4g}" for name in ("Wh_kg", "Wh_L", "Wh_L_discharged")]


def _parts(summary: dict[str, Any]) -> Table:
    cell = summary["cell"]
    if cell is None:
        table = plain_table("part", "mg/cm2", "um", "um charged")
        for part in summary["stack"]["parts"]:
            numbers = (part["mass_mg_cm2"], part["thickness_um"], part["charged_thickness_um"])
            table.add_row(part["part"], *(f"{number:.4g}" for number in numbers))
        return table
    stack = {part["part"]: part for part in summary["stack"]["parts"]}
    table = plain_table("part", "mg/cm2 (stack)", "g (pouch)", "cm3", "cm3 charged")
    for part in cell["parts"]:
        areal = stack.get(part["part"])
        numbers = (part["mass_g"], part["volume_cm3"], part["charged_volume_cm3"])
        shown = f"{areal['mass_mg_cm2']:.4g}" if areal else ""
        table.add_row(part["part"], shown, *(f"{number:.4g}" for number in numbers))
    return table


def _bars(summary: dict[str, Any]) -> Table:
    table = plain_table("lever", "now", "low", "Wh/kg", "high", "Wh/kg", "gain")
    for bar in summary["sensitivity"][:MOST_BARS]:
        table.add_row(
            bar["lever"], bar["present"], bar["low"], f"{bar['Wh_kg_at_low']:.4g}", bar["high"],
            f"{bar['Wh_kg_at_high']:.4g}", f"{bar['gain_Wh_kg']:+.3g}",
        )  # fmt: skip
    return table


def _assumptions(summary: dict[str, Any]) -> Table:
    table = plain_table("where", "value", "kind", "source or reason")
    for place, value in summary["assumptions"].items():
        table.add_row(place, value["given"], value["kind"], value["source"])
    return table
