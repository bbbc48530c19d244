"""What people see of particles and of the ranking of metals instead of JSON."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from interlith.cli.tables import in_range, number, plain_table, quantity
from interlith.materials.used import doubtful_first
from interlith.particle import reference
from interlith.particle.lithiated import STEP_NOTE

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from interlith.mobility import Ranking
    from interlith.particle import Lithiated

M2_TO_CM2 = 1e4


def map_rows(results: Sequence[Lithiated]) -> list[dict[str, Any]]:
    """Return how each map looks beside how the reference work shows it."""
    shown = reference().maps
    return [
        {
            "metal": result.metal,
            "reference": shown[result.metal],
            "model": result.outcome,
            "agrees": shown[result.metal] == result.outcome,
        }
        for result in results
        if result.metal in shown
    ]


def print_particles(console: Console, results: Sequence[Lithiated], folder: Path) -> None:
    """Show what came in, what the range of the diffusivity means, and what a step is."""
    request = results[0].request
    console.print(
        f"{request.steps} steps of {request.time_step:g} s ({request.duration / 3600:.3g} h), "
        f"radius {request.radius * 1e6:g} um, {request.potential:g} V against lithium, "
        f"{request.temperature - 273.15:g} degC"
    )
    console.print(f"A step: {STEP_NOTE}.\n")
    console.print(_uptake_table(results))
    console.print("\nDiffusivity of lithium in the carrier phase, cm2/s, and what it decides:\n")
    console.print(_sensitivity_table(results))
    _print_against_reference(console, results)
    console.print("\nValues, assumed ones first:\n")
    values = doubtful_first([value for result in results for value in result.values])
    console.print(_value_table(values))
    console.print(f"\nResults: {folder}")


def _uptake_table(results: Sequence[Lithiated]) -> Table:
    table = plain_table(
        "metal",
        "regime",
        "phase",
        "uptake",
        "centre",
        "front at r/R",
        "map",
        "Fourier number a step",
    )
    for result in results:
        front = float(result.front_radius[-1])
        table.add_row(
            result.metal,
            result.regime,
            result.carrier.phase,
            f"{result.uptake_fraction:.3f}",
            f"{result.core_concentration:.3f}",
            f"{front:.3f}" if result.carrier.jump > 0.0 else "-",
            result.outcome,
            f"{result.fourier_number_of_a_step:.2e}",
        )
    return table


def _sensitivity_table(results: Sequence[Lithiated]) -> Table:
    table = plain_table(
        "metal", "value", "range", "uptake over range", "thin shell below", "core filled above"
    )
    for result in results:
        found = result.sensitivity
        table.add_row(
            result.metal,
            _cm2(result.carrier.diffusivity),
            f"{_cm2(found.low)} to {_cm2(found.high)}",
            f"{found.uptake_low:.3f} to {found.uptake_high:.3f}",
            _cm2(found.thin_shell_below),
            _cm2(found.core_filled_above),
        )
    return table


def _cm2(value: float | None) -> str:
    return "-" if value is None else f"{value * M2_TO_CM2:.2g}"


def _print_against_reference(console: Console, results: Sequence[Lithiated]) -> None:
    rows = map_rows(results)
    for row in rows:
        verb = "agrees with" if row["agrees"] else "differs from"
        shown = f"the reference work ({row['reference']})"
        console.print(f"\n{row['metal']}: {row['model']}, which {verb} {shown}", end="")
    if rows:
        console.print("\nNo value was chosen to fit these pictures; see the turning points above.")


def _value_table(values: Sequence[Any]) -> Table:
    table = plain_table("kind", "where", "property", "value", "range", "source")
    for used in values:
        table.add_row(
            used.kind,
            used.where,
            used.property,
            quantity(used.value, used.unit),
            in_range(used.low, used.high),
            used.source,
        )
    return table


def print_ranking(console: Console, found: Ranking) -> None:
    """Show the ranking, the factors, the probabilities, the dependence on potential, evidence."""
    conditions = found.conditions
    console.print("Mobility, fastest first: " + " > ".join(found.order))
    console.print("  of free atoms:         " + " > ".join(found.by("mobility_of_a_free_atom")))
    console.print("  by implanted charge:   " + " > ".join(found.by("charge")))
    console.print(
        f"at {conditions.potential:g} V against lithium, particles of "
        f"{conditions.particle_size * 1e6:g} um, {conditions.time / 3600:g} h, "
        f"{conditions.temperature - 273.15:g} degC; medians of draws from the ranges\n"
    )
    console.print(_factor_table(found))
    console.print("\nProbability that the metal of the row is faster than that of the column:\n")
    console.print(_probability_table(found))
    _print_reference_order(console, found)
    console.print("\nImplanted charge per metal atom at other potentials, library values:\n")
    console.print(_potential_table(found))
    console.print("\nEvidence, assumed values first:\n")
    values = doubtful_first([value for metal in found.metals.values() for value in metal.values])
    console.print(_value_table(values))


def _factor_table(found: Ranking) -> Table:
    table = plain_table(
        "metal", "filled", "Li per atom", "charge per atom", "barrier, eV", "D surface, cm2/s",
        "free share", "mobility, cm2/V/s", "5 % to 95 %",
    )  # fmt: skip
    for name in found.order:
        metal = found.metals[name]
        row, spread = metal.nominal, metal.summary()["spread"]["mobility"]
        table.add_row(
            name,
            f"{row['filled']:.2f}",
            number(row["lithium_per_atom"]),
            number(row["charge"]),
            number(row["barrier_eV"]),
            _cm2(row["surface_diffusivity_m2_s"]),
            number(row["free_share"]),
            _cm2(row["mobility"]),
            f"{_cm2(spread['low'])} to {_cm2(spread['high'])}",
        )
    return table


def _probability_table(found: Ranking) -> Table:
    table = plain_table("", *found.order)
    for one in found.order:
        table.add_row(
            one,
            *(
                "" if one == other else f"{found.probability(one, other):.3f}"
                for other in found.order
            ),
        )
    return table


def _print_reference_order(console: Console, found: Ranking) -> None:
    against = found.against_reference()
    if len(against["reference"]) < 2:
        return
    verb = "agrees" if against["agrees"] else "does not agree"
    order = " > ".join(against["reference"])
    console.print(f"\nThe order {verb} with that of the reference work, {order}")
    for pair in against["pairs"]:
        if not pair["agrees"]:
            console.print(
                f"  {pair['faster']} faster than {pair['slower']} there; here with probability "
                f"{pair['probability']:.3f}, and above it in charge with "
                f"{pair['probability_by_charge']:.3f}"
            )


def _potential_table(found: Ranking) -> Table:
    table = plain_table("potential, V", *found.metals, "by mobility")
    for potential, row in found.by_potential.items():
        charges = (number(row["charge"][name]) for name in found.metals)
        table.add_row(f"{potential:g}", *charges, " > ".join(row["ranking"]) or "none moves")
    return table
