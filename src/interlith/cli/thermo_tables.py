"""What people see of `voltage`, `interface`, `window` and `screen-metals`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from interlith.cli.tables import plain_table

if TYPE_CHECKING:
    from rich.console import Console


def print_ladders(console: Console, data: dict[str, Any]) -> None:
    """Print one table a host, and the sources."""
    for host, found in data.items():
        swelling = found["swelling"]
        grown = "" if swelling is None else f", volume {1.0 + swelling:.2f} times"
        console.print(f"{host}: {found['capacity_mAh_g']:.0f} mAh/g{grown}")
        if not found["steps"]:
            console.print("  takes up no lithium above 0 V on this table")
            continue
        table = plain_table(
            "forms", f"Li per {found['per']}", "V", "spread", "rests on", "measured", "verdict"
        )
        for step in found["steps"]:
            table.add_row(*_ladder_row(step))
        console.print(table)
    steps = [step for found in data.values() for step in found["steps"]]
    _print_filled(console, sorted({name for step in steps for name in step["filled_in"]}))
    _print_sources(console, {k: v for found in data.values() for k, v in found["sources"].items()})


def _ladder_row(step: dict[str, Any]) -> list[str]:
    slope = step["V_start"] != step["V_end"]
    level = f"{step['V_start']:.3f} to {step['V_end']:.3f}" if slope else f"{step['V']:.3f}"
    measured = step["measured_V"]
    used = " (an input)" if step["measurement_used_as_input"] else ""
    return [
        " + ".join(step["phases"]),
        f"{step['x_from']:.3g} to {step['x_to']:.3g}",
        level,
        f"{step['V_low']:.3f} to {step['V_high']:.3f}",
        "measured" if step["rests_on_measured_energies"] else "computed",
        "" if measured is None else f"{measured:.3f}{used}",
        step["verdict"],
    ]


def print_windows(console: Console, data: dict[str, Any]) -> None:
    """Print one row an electrolyte, then what each set says."""
    table = plain_table(
        "electrolyte", "V", "spread low", "spread high", "reduced to", "oxidised to"
    )
    for name, found in data.items():
        table.add_row(
            name if found["has_energy_of_its_own"] else f"{name} (assumed on the hull)",
            f"{found['low_V']:.2f} to {found['high_V']:.2f}",
            "{:.2f} to {:.2f}".format(*found["low_range_V"]),
            "{:.2f} to {:.2f}".format(*found["high_range_V"]),
            " + ".join(found["reduced_to"]) or "stable to 0 V",
            " + ".join(found["oxidised_to"]),
        )
    console.print(table)
    _print_filled(console, sorted({f for found in data.values() for f in found["filled_in"]}))
    for name, found in data.items():
        console.print(f"{name} at 0 V: {' + '.join(found['at_0_V'])}")
        for rule, edge in found["by_set"].items():
            none = "" if edge["window_exists"] else " (no window: never without loss or gain of Li)"
            console.print(f"  {rule}: {edge['low_V']:.2f} to {edge['high_V']:.2f} V{none}")
    _print_sources(console, {k: v for found in data.values() for k, v in found["sources"].items()})


def print_interface(console: Console, data: dict[str, Any]) -> None:
    """Print what forms, range by range, where products are stable, and the findings."""
    table = plain_table("V", "forms", "eV/atom together", "spread", "electrolyte alone", "verdict")
    for first, last in _ranges(data["points"]):
        low, high = first["V"], last["V"]
        table.add_row(
            f"{low:.2f}" if low == high else f"{low:.2f} to {high:.2f}",
            " + ".join(first["products"]),
            _two(first["mutual_eV_per_atom"], last["mutual_eV_per_atom"]),
            _two(
                min(first["mutual_low_eV_per_atom"], last["mutual_low_eV_per_atom"]),
                max(first["mutual_high_eV_per_atom"], last["mutual_high_eV_per_atom"]),
            ),
            _two(first["electrolyte_alone_eV_per_atom"], last["electrolyte_alone_eV_per_atom"]),
            first["verdict"],
        )
    console.print(table)
    table = plain_table("product", "at equilibrium (V)", "low edge over the sets", "reduced to")
    for entry in data["products"]:
        table.add_row(
            entry["phase"],
            f"{entry['low_V']:.2f} to {entry['high_V']:.2f}",
            "{:.2f} to {:.2f}".format(*entry["low_range_V"]),
            " + ".join(entry["reduced_to"]),
        )
    console.print(table)
    console.print(
        "Energies in eV per atom other than lithium. Together: what both do only with each other, "
        "at the ratio where it is largest; alone: what lithium at that potential does to the "
        "electrolyte. Phosphides and sulfides count as no metals, though some are semiconductors."
    )
    for text in data["findings"]:
        console.print(text)
    _print_filled(console, data["filled_in"])
    _print_sources(console, data["sources"])


def _two(first: float, last: float) -> str:
    return f"{first:.3f}" if abs(first - last) < 5e-4 else f"{first:.3f} to {last:.3f}"


def _ranges(points: list[dict[str, Any]]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Return first and last point of each run with the same products."""
    runs: list[tuple[dict[str, Any], dict[str, Any]]] = []
    for point in points:
        if runs and runs[-1][1]["products"] == point["products"]:
            runs[-1] = (runs[-1][0], point)
        else:
            runs.append((point, point))
    return runs


def print_screening(console: Console, data: dict[str, Any]) -> None:
    """Print the table of candidates and the Pareto set."""
    table = plain_table(
        "",
        "eV/atom with electrolyte",
        "anion compound",
        "reduced below (V)",
        "first step (V)",
        "mAh/g",
        "volume",
        "solubility",
        "barrier (eV)",
        "Pareto",
    )
    for name, one in data["candidates"].items():
        table.add_row(
            name,
            _with_range(one["mutual_eV_per_atom"]),
            one["anion_compound"] or "",
            _with_range(one["anion_reduction_V"]),
            _with_range(one["first_step_V"]),
            f"{one['capacity_mAh_g']:.0f}",
            "" if one["swelling"] is None else f"{1.0 + one['swelling']:.2f}",
            "" if one["solubility_in_lithium"] is None else f"{one['solubility_in_lithium']:.2g}",
            "" if one["migration_barrier_eV"] is None else f"{one['migration_barrier_eV']:.2f}",
            "yes" if name in data["pareto"] else "",
        )
    console.print(table)
    console.print("Sources of each number: screening.json.")


def _with_range(found: dict[str, Any] | None) -> str:
    if found is None:
        return ""
    return f"{found['value']:.2f} ({found['low']:.2f} to {found['high']:.2f})"


def _print_filled(console: Console, filled: list[str]) -> None:
    """Say which energies no source of the leading set has."""
    if filled:
        console.print(f"Filled in through reaction energies: {', '.join(filled)}")


def _print_sources(console: Console, sources: dict[str, str]) -> None:
    for key in sorted(sources):
        console.print(f"[{key}] {sources[key]}")
