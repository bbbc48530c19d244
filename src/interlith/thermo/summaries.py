"""Results of this room as plain numbers and texts, ready for JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from interlith.thermo.interface import Interface
    from interlith.thermo.phases import Phases
    from interlith.thermo.screen import Candidate, Screening
    from interlith.thermo.spread import Spread
    from interlith.thermo.voltage import Step, VoltageProfile
    from interlith.thermo.window import Window


def voltage_summary(profile: VoltageProfile, phases: Phases) -> dict[str, Any]:
    """Return a ladder: V, V_low and V_high of each step, x in lithium per host atom or unit."""
    keys = sorted({key for step in profile.steps for key in step.sources})
    return {
        "per": profile.per,
        "capacity_mAh_g": profile.capacity_mAh_g,
        "swelling": profile.swelling,
        "steps": [_step(step) for step in profile.steps],
        "sources": {key: phases.source(key).line() for key in keys},
    }


def _step(step: Step) -> dict[str, Any]:
    measured = step.measured
    return {
        "V": step.potential.value,
        "V_low": step.potential.low,
        "V_high": step.potential.high,
        "V_start": step.start_V,
        "V_end": step.end_V,
        "x_from": step.x_from,
        "x_to": step.x_to,
        "phases": list(step.phases),
        "rests_on_measured_energies": step.potential.measured,
        "by_set": dict(step.potential.by_set),
        "sources": list(step.sources),
        "filled_in": list(step.filled),
        "measured_V": None if measured is None else measured.potential_V,
        "measured_source": None if measured is None else measured.source,
        "measurement_used_as_input": None if measured is None else measured.used_as_input,
        "verdict": step.verdict,
    }


def window_summary(found: Window, phases: Phases) -> dict[str, Any]:
    """Return both edges with their spread, and the products beyond them on every set."""
    lead = found.leading
    return {
        "low_V": found.low.value,
        "high_V": found.high.value,
        "low_range_V": [found.low.low, found.low.high],
        "high_range_V": [found.high.low, found.high.high],
        "low_rests_on_measured_energies": found.low.measured,
        "high_rests_on_measured_energies": found.high.measured,
        "reduced_to": list(lead.reduced_to),
        "oxidised_to": list(lead.oxidised_to),
        "inside": list(lead.inside),
        "has_energy_of_its_own": found.known,
        "filled_in": list(found.filled),
        "at_0_V": list(found.stairs[-1].names) if found.stairs else [],
        "by_set": {
            name: {
                "low_V": edge.low_V,
                "high_V": edge.high_V,
                "reduced_to": list(edge.reduced_to),
                "oxidised_to": list(edge.oxidised_to),
                "energy_above_hull_eV_per_atom": edge.energy_above_hull_eV_per_atom,
                "window_exists": edge.exists,
            }
            for name, edge in found.by_set.items()
        },
        "sources": {key: phases.source(key).line() for key in found.sources},
    }


def interface_summary(found: Interface, phases: Phases) -> dict[str, Any]:
    """Return what forms at each potential, where each product is stable, and the findings."""
    return {
        "metal": found.metal,
        "electrolyte": found.electrolyte,
        "points": [
            {
                "V": point.V,
                "products": list(point.products),
                "energy_eV_per_atom": point.energy_eV_per_atom.value,
                "energy_low_eV_per_atom": point.energy_eV_per_atom.low,
                "energy_high_eV_per_atom": point.energy_eV_per_atom.high,
                "mutual_eV_per_atom": point.mutual_eV_per_atom.value,
                "mutual_low_eV_per_atom": point.mutual_eV_per_atom.low,
                "mutual_high_eV_per_atom": point.mutual_eV_per_atom.high,
                "electrolyte_alone_eV_per_atom": point.alone_eV_per_atom,
                "by_set": dict(point.energy_eV_per_atom.by_set),
                "share_of_metal": point.share,
                "conductors": list(point.conductors),
                "verdict": point.verdict,
            }
            for point in found.points
        ],
        "products": [
            {
                "phase": entry.phase,
                "low_V": entry.low_V,
                "high_V": entry.high_V,
                "low_range_V": list(entry.sets_low_V),
                "reduced_to": list(entry.reduced_to),
            }
            for entry in found.products
        ],
        "findings": list(found.findings),
        "sets": list(found.sets),
        "filled_in": list(found.filled),
        "sources": {key: phases.source(key).line() for key in found.sources},
    }


def screening_summary(found: Screening) -> dict[str, Any]:
    """Return the table of candidates with the source of each number, and the Pareto set."""
    return {
        "electrolyte": found.electrolyte,
        "potential_V": found.potential_V,
        "candidates": {one.formula: _candidate(one) for one in found.candidates},
        "pareto": list(found.pareto),
    }


def _candidate(one: Candidate) -> dict[str, Any]:
    return {
        "products": list(one.products),
        "reaction_eV_per_atom": _plain(one.reaction_eV_per_atom),
        "mutual_eV_per_atom": _plain(one.mutual_eV_per_atom),
        "anion_compound": one.anion_compound,
        "anion_reduction_V": _plain(one.anion_reduction_V),
        "first_step_V": _plain(one.first_step_V),
        "capacity_mAh_g": one.capacity_mAh_g,
        "swelling": one.swelling,
        "solubility_in_lithium": one.solubility_in_lithium,
        "migration_barrier_eV": one.migration_barrier_eV,
        "sources": one.sources,
    }


def _plain(found: Spread | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "value": found.value,
        "low": found.low,
        "high": found.high,
        "rests_on_measured_energies": found.measured,
        "by_set": dict(found.by_set),
    }
