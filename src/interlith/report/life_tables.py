"""The life of an interlayer as rows of text: what `migrate` prints and what reports show.

Everything is read from the summary of an evolution (`evolution_data.summary`), in field units.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from interlith.report.tables import Fact, number

__all__ = [
    "ConsequenceRow",
    "LifeTables",
    "consequence_rows",
    "forming_facts",
    "life_tables",
    "metal_rows",
    "outcome_in_words",
    "side_in_words",
    "state_rows",
]

Summary = Mapping[str, Any]

LITHIATED = 0.99
"""Lithiated fraction from which on a host counts as used up."""
CONSEQUENCES = (
    ("Replenishment, mA/cm²", "replenishment_mA_cm2"),
    ("Lithium that may be missing before contact goes, mAh/cm²", "contact_reserve_mAh_cm2"),
    ("Reservoir in the pores, mAh/cm²", "pore_reservoir_mAh_cm2"),
    ("Resistance of the interphase (SEI), Ohm cm²", "sei_area_resistance_Ohm_cm2"),
    (
        "Critical interphase overpotential (CIOP), mV",
        "critical_interphase_overpotential_mV",
    ),
    ("Share of current focusing by voids that reaches the electrolyte", "hot_spot_share"),
    ("Metal in the alloy that the interface counts as, at%", "mole_fraction_at_interface"),
)


@dataclass(frozen=True)
class ConsequenceRow:
    """One number that the test takes from a side: bare, with the stored state, as formed."""

    quantity: str
    bare: str
    stored: str
    formed: str


@dataclass(frozen=True)
class LifeTables:
    """All that a page says of an evolution beside its pictures."""

    words: list[tuple[str, str]]
    facts: list[Fact]
    metals: list[tuple[str, ...]]
    states: list[tuple[str, ...]]
    consequences: list[tuple[str, list[ConsequenceRow]]]


def life_tables(summary: Summary) -> LifeTables:
    """Return the tables of an evolution."""
    sides = summary["sides"].items()
    return LifeTables(
        words=[(name, side_in_words(side)) for name, side in sides],
        facts=forming_facts(summary),
        metals=metal_rows(summary),
        states=state_rows(summary),
        consequences=[(name, consequence_rows(side)) for name, side in sides],
    )


def outcome_in_words(summary: Summary) -> str:
    """Return how forming ended, in one sentence."""
    count = summary["cycles"]
    ran = f"{count} {'cycle' if count == 1 else 'cycles'}"
    if summary["status"] == "completed":
        return f"The interlayers were formed by a rest on contact and {ran}."
    return f"Forming {summary['status']} after {ran}: {summary['reason']}."


def side_in_words(side: Summary) -> str:
    """Return what became of the layers of a side, and what their electrolyte saw meanwhile."""
    swelling = (
        "the swelling of the host has nowhere to go and the layer cracks"
        if side["cracked"]
        else "the metal that left makes room for the swelling of the host"
    )
    lithiated = side["host_lithiated_at_electrolyte_fraction"]
    until = (
        "until the host there was lithiated"
        if lithiated >= LITHIATED
        else f"where the host is lithiated to {100.0 * lithiated:.2g} % at the end"
    )
    return (
        f"{swelling}; the electrolyte side sat on the plateau of the host "
        f"({side['host_potential_V']:.3g} V) for {side['time_on_plateau_h']:.3g} h, {until}; for "
        f"{side['time_below_reduction_potential_h']:.3g} h it was below "
        f"{side['electrolyte_reduction_potential_V']:.3g} V, where the electrolyte is not stable "
        f"and only the interphase protects it{_interphase_in_words(side)}."
    )


def _interphase_in_words(side: Summary) -> str:
    """Return for how long lithium reduces the interphase itself; nothing where it is stable."""
    level = side["interphase_reduction_potential_V"]
    if not level:
        return ""
    time = side["time_below_interphase_reduction_potential_h"]
    return (
        f"; for {time:.3g} h it was below {level:.3g} V, where the interphase is not at "
        "equilibrium either: what it is made of then stays by slow kinetics, or lithium reduces it"
    )


def forming_facts(summary: Summary) -> list[Fact]:
    """Return how the layers were formed and where their mobile metal is."""
    plan = summary["plan"]
    rest = f"{plan['rest_h']:.4g} h at {_celsius(plan['rest_temperature_degC'])}"
    if abs(plan["rest_temperature_degC"] - plan["temperature_degC"]) > 1e-6:
        rest += f" (annealing; the cycles at {_celsius(plan['temperature_degC'])})"
    done = f"{summary['cycles']} of {plan['cycles_asked_for']}"
    cycling = (
        f"{done}, {plan['current_density_mA_cm2']:.4g} mA/cm² and "
        f"{plan['areal_capacity_mAh_cm2']:.4g} mAh/cm² a half-cycle"
    )
    facts = [("Formed by a rest on contact of", rest), ("Formed by cycles", cycling)]
    shares = (
        ("Mobile metal left in the layers", "metal_left_in_host_fraction"),
        ("Mobile metal in the lithium", "metal_in_anode_fraction"),
        ("Mobile metal in the interphase", "metal_in_sei_fraction"),
    )
    known = [(label, summary[key]) for label, key in shares if summary[key] is not None]
    facts += [(label, percent(share)) for label, share in known]
    if not known:
        facts.append(("Mobile metal", "none"))
    for name, side in summary["sides"].items():
        cracks = "cracked by swelling" if side["cracked"] else "not cracked"
        facts.append((f"Interlayer, {name}", f"porosity {_each(side, 'porosity')}; {cracks}"))
    return facts


def metal_rows(summary: Summary) -> list[tuple[str, ...]]:
    """Return side, metal, its shares in host, interphase and lithium, and its at% there."""
    return [
        (
            name,
            metal,
            percent(row["left_in_host_fraction"]),
            percent(row["in_sei_fraction"]),
            percent(row["in_anode_fraction"]),
            f"{100.0 * row['mole_fraction_in_lithium']:.3g}",
        )
        for name, side in summary["sides"].items()
        for metal, row in side["metals"].items()
    ]


def state_rows(summary: Summary) -> list[tuple[str, ...]]:
    """Return quantity by quantity what the layers have become, one column a side."""
    sides = summary["sides"].values()

    def row(label: str, key: str, digits: int = 3) -> tuple[str, ...]:
        return (label, *(number(side[key], digits=digits) for side in sides))

    return [
        ("Porosity", *(_each(side, "porosity") for side in sides)),
        (
            "Swelling strain (above 0 it cracks)",
            *(", ".join(f"{value:+.2g}" for value in side["swelling_strain"]) for side in sides),
        ),
        row("Thickness of the interphase (SEI), nm", "sei_thickness_nm", 4),
        row("Depth of lithium that shares the metal, µm", "alloy_depth_um"),
        row("Host lithiated, fraction", "host_lithiated_fraction", 4),
        row("Lithium left in metal and pores, fraction", "lithium_left_fraction"),
        row("Contact at the end of the last half-cycle, fraction", "contact_fraction"),
        row("Potential at the electrolyte, last, V", "potential_at_electrolyte_V"),
        row(
            "Potential at the electrolyte, end of last plating, V",
            "potential_at_electrolyte_while_plating_V",
        ),
        row("Time at the electrolyte on the plateau of the host, h", "time_on_plateau_h"),
        row("Time below the reduction potential, h", "time_below_reduction_potential_h"),
        row("Reduction potential of the electrolyte, V", "electrolyte_reduction_potential_V"),
        row(
            "Time below the reduction potential of the interphase, h",
            "time_below_interphase_reduction_potential_h",
        ),
        row("Reduction potential of the interphase, V", "interphase_reduction_potential_V"),
    ]


def consequence_rows(side: Summary) -> list[ConsequenceRow]:
    """Return what the test takes from a side: without interlayer, stored state, as formed."""
    found = side["consequences"]
    return [
        ConsequenceRow(
            label,
            *(
                _consequence(key, found[state][key])
                for state in ("without_interlayer", "stored_state", "formed")
            ),
        )
        for label, key in CONSEQUENCES
    ]


def _consequence(key: str, value: float | None) -> str:
    if key == "mole_fraction_at_interface":
        return "none" if value is None else f"{100.0 * value:.3g}"
    return number(value, digits=3)


def percent(share: float) -> str:
    """Return a share of the metal as text."""
    return f"{100.0 * share:.3g} %"


def _each(side: Summary, key: str) -> str:
    return ", ".join(f"{value:.3g}" for value in side[key])


def _celsius(temperature: float) -> str:
    return f"{temperature:.4g} °C"
