"""What people see of cycles."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from interlith.cli.tables import number, plain_table

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["print_cycling"]

MOST_ROWS = 40


def print_cycling(console: Console, file: Path, data: dict[str, Any]) -> None:
    """Show the table of cycles, the table of rates and the end of life."""
    cycles = data["cycles"]
    console.print(f"{file}: {data['format']}, {len(cycles)} cycles, {data['starts']} first")
    area, mass = data["area_cm2"], data["active_mass_mg"]
    console.print(f"Area: {'not recorded' if area is None else f'{number(area)} cm2'}")
    console.print(f"Active mass: {'not recorded' if mass is None else f'{number(mass)} mg'}")
    unit = "mAh_g" if mass is not None else "mAh_cm2" if area is not None else "mAh"
    _print_cycles(console, cycles, unit)
    _print_rates(console, data["rates"], unit)
    life = data["end_of_life"]
    share = f"{100.0 * life['threshold']:g} % of cycle {data['reference_cycle']}"
    if life["cycle"] is None:
        console.print(f"End of life ({share}): not reached")
    else:
        console.print(f"End of life ({share}): cycle {life['cycle']}")
    for note in data["notes"]:
        console.print(f"note: {note}")


def _print_cycles(console: Console, cycles: list[dict[str, Any]], unit: str) -> None:
    words = unit.replace("_", "/")
    table = plain_table(
        "cycle", f"charge {words}", f"discharge {words}", "CE %", "energy %", "mean charge V",
        "mean discharge V", "polarisation mV", "retention %",
    )  # fmt: skip
    for cycle in thinned(cycles):
        table.add_row(
            str(cycle["cycle"]),
            number(cycle[f"charge_{unit}"]),
            number(cycle[f"discharge_{unit}"]),
            *(percent(cycle[f"{name}_efficiency"]) for name in ("coulombic", "energy")),
            number(cycle["charge_mean_voltage_V"]),
            number(cycle["discharge_mean_voltage_V"]),
            number(_milli(cycle["polarisation_V"])),
            percent(cycle["retention"]),
        )
    console.print(table)
    if len(cycles) > MOST_ROWS:
        console.print(f"Every {step_of(len(cycles))} cycles shown; all are in cycling.json.")


def _print_rates(console: Console, rates: list[dict[str, Any]], unit: str) -> None:
    if len(rates) < 2:
        return
    table = plain_table(
        "cycles", "mA", "mA/cm2", "rate 1/h", f"discharge {unit.replace('_', '/')}", "of slowest %"
    )
    for rate in rates[:MOST_ROWS]:
        table.add_row(
            f"{rate['first_cycle']} to {rate['last_cycle']}",
            number(rate["current_mA"]),
            number(rate["current_density_mA_cm2"]),
            number(rate["rate_1_h"]),
            number(rate[f"discharge_{unit}"]),
            percent(rate["share_of_slowest"]),
        )
    console.print(table)


def thinned(cycles: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return as many cycles as a screen holds, the last one among them."""
    step = step_of(len(cycles))
    shown = cycles[::step]
    return shown if not cycles or shown[-1] is cycles[-1] else [*shown, cycles[-1]]


def step_of(count: int) -> int:
    """Return which cycles are shown: every so many."""
    return max(1, -(-count // MOST_ROWS))


def percent(share: float | None) -> str:
    """Return a share in percent with five digits, as efficiencies need them."""
    return "-" if share is None else f"{100.0 * share:.5g}"


def _milli(value: float | None) -> float | None:
    return None if value is None else 1e3 * value
