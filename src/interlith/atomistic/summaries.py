"""Results of this room as plain data, for JSON, tables and reports."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from interlith.atomistic.charged import ChargedCell
from interlith.atomistic.clusters import Ionisation
from interlith.atomistic.committee import Estimate, barrier_estimate, probability_lower
from interlith.atomistic.diffusivity import ATTEMPT_RANGE, mobility, surface_diffusivity
from interlith.atomistic.feeds import OWN_SOURCE
from interlith.atomistic.fitness import Fitness
from interlith.atomistic.records import BarrierRecord, NetworkCheck
from interlith.atomistic.shipped import shipped_fitness
from interlith.atomistic.structures import known_structures, result_name
from interlith.atomistic.uptake import Uptake
from interlith.materials import Library

ROOM_TEMPERATURE_K = 298.15
CONFIRMED, REFUTED = 0.9, 0.1  # probability at which an order counts as settled

# Metal -> potential -> record, and whether it was computed now or came with the package.
Found = Mapping[str, Mapping[str, tuple[BarrierRecord, str]]]


def barrier_summary(
    found: Found,
    checks: Mapping[str, NetworkCheck] | None = None,
    left_out: Mapping[str, Mapping[str, str]] | None = None,
) -> dict[str, Any]:
    """Return barriers with their error bars, members, paths, order and the library's values.

    Parameters
    ----------
    found
        Records by metal and potential.
    checks
        What another method says, by metal: one more member.
    left_out
        Why a potential has no record, by metal and potential.
    """
    checked = checks or {}
    potentials = {metal: _members(rows) for metal, rows in found.items()}
    members = {
        metal: {
            **own,
            **({checked[metal].member: checked[metal].best_eV} if metal in checked else {}),
        }
        for metal, own in potentials.items()
    }
    return {
        metal: {
            **_one_barrier(metal, rows, members),
            "per_potential": potentials[metal],
            "check": checked[metal].model_dump() if metal in checked else None,
            "left_out": dict((left_out or {}).get(metal, {})),
        }
        for metal, rows in found.items()
        if rows
    }


def _members(rows: Mapping[str, tuple[BarrierRecord, str]]) -> dict[str, float]:
    return {
        name: record.barrier_eV
        for name, (record, _) in rows.items()
        if record.barrier_eV is not None
    }


def _one_barrier(
    metal: str,
    rows: Mapping[str, tuple[BarrierRecord, str]],
    members: Mapping[str, Mapping[str, float]],
) -> dict[str, Any]:
    own = members[metal]
    estimate = barrier_estimate(own) if own else None
    leading = next(iter(rows.values()))[0]
    return {
        "host": leading.host,
        "surface": list(leading.surface.miller),
        "barrier_eV": None if estimate is None else round(estimate.value, 4),
        "low_eV": None if estimate is None else round(estimate.low, 4),
        "high_eV": None if estimate is None else round(estimate.high, 4),
        "spread_eV": None if estimate is None else round(estimate.spread, 4),
        "members": dict(own),
        "both_directions_eV": {
            name: record.across[1].barrier_eV if len(record.across) > 1 else None
            for name, (record, _) in rows.items()
        },
        "probability_lower_than": {
            other: probability_lower(own, theirs)
            for other, theirs in members.items()
            if other != metal
        },
        "fitness_of_potentials": {
            name: row for name, row in shipped_fitness(leading.host).items() if name in rows
        },
        "library": _library_value(metal, leading.host),
        "diffusivity_m2_s": _diffusivity(leading, estimate),
        "path": {name: _path(record) for name, (record, _) in rows.items()},
        "sites": {
            name: [site.model_dump() for site in record.sites] for name, (record, _) in rows.items()
        },
        "slab": leading.surface.model_dump(exclude={"upper_atoms"}),
        "converged": all(record.converged for record, _ in rows.values()),
        "from": {name: origin for name, (_, origin) in rows.items()},
        "versions": {name: record.versions for name, (record, _) in rows.items()},
        "warnings": [
            f"{name}: {warning}"
            for name, (record, _) in rows.items()
            for warning in record.warnings
        ],
    }


def _path(record: BarrierRecord) -> dict[str, Any] | None:
    if not record.across:
        return None
    way, energies = record.profile()
    crossing = record.across[0]
    return {
        "direction": list(crossing.direction),
        "period_A": crossing.period_A,
        "jumps": [step.jump for step in crossing.path],
        "way_A": [round(x, 3) for x in way],
        "energies_eV": energies,
    }


def _library_value(metal: str, host: str) -> dict[str, Any] | None:
    """Return the migration barrier that the materials library holds for a metal.

    A published one counts for the host that its source names; an assumed one, and one that this
    room computed itself, are shown as such.
    """
    library = Library.default()
    name = f"{metal}-particle"
    if name not in library.names("mobile"):
        return None
    entry = library[name].properties.get("migration_barrier")
    if entry is None:
        return None
    source = entry.source.text if entry.source is not None else ""
    own = source.startswith(OWN_SOURCE)
    meant = f"--host {host} " if own else host
    if entry.kind != "assumed" and meant not in source:
        return None
    return {
        "barrier_eV": entry.value,
        "kind": str(entry.kind),
        "published": entry.kind != "assumed" and not own,
        "source": source,
    }


def _diffusivity(record: BarrierRecord, estimate: Estimate | None) -> dict[str, float] | None:
    if estimate is None or not record.across:
        return None
    period = record.across[0].period_A
    best = surface_diffusivity(estimate.value, period, ROOM_TEMPERATURE_K)
    return {
        "value": best,
        "low": surface_diffusivity(estimate.high, period, ROOM_TEMPERATURE_K, ATTEMPT_RANGE[0]),
        "high": surface_diffusivity(estimate.low, period, ROOM_TEMPERATURE_K, ATTEMPT_RANGE[1]),
        "mobility_m2_V_s": mobility(best, ROOM_TEMPERATURE_K),
    }


def verdicts(summary: Mapping[str, Any]) -> list[str]:
    """Return plain sentences: which published barriers and orders this confirms."""
    said = []
    published = {
        metal: row["library"]["barrier_eV"]
        for metal, row in summary.items()
        if row["library"] and row["library"]["published"] and row["barrier_eV"] is not None
    }
    for metal, value in published.items():
        row = summary[metal]
        inside = row["low_eV"] <= value <= row["high_eV"]
        said.append(
            f"{metal}: the published {value:.2f} eV is {'inside' if inside else 'outside'} the "
            f"90 % interval {row['low_eV']:.2f} to {row['high_eV']:.2f} eV"
        )
    ordered = sorted(published, key=lambda metal: float(published[metal]))
    for position, lower in enumerate(ordered):
        for higher in ordered[position + 1 :]:
            chance = summary[lower]["probability_lower_than"].get(higher)
            if chance is not None:
                said.append(_order(lower, higher, chance))
    return said


def _order(lower: str, higher: str, chance: float) -> str:
    verdict = "leaves it open"
    if chance >= CONFIRMED:
        verdict = "confirms it"
    elif chance <= REFUTED:
        verdict = "contradicts it"
    return (
        f"published order {lower} below {higher}: probability {100 * chance:.0f} % by these "
        f"potentials, which {verdict}"
    )


def relax_summary(rows: Sequence[Fitness]) -> dict[str, Any]:
    """Return what potentials say of crystals: crystal, then potential."""
    found: dict[str, Any] = {}
    for row in rows:
        found.setdefault(row.name, {})[row.potential] = {
            "lattice_A": list(row.lattice_A),
            "measured_lattice_A": list(row.measured_lattice_A),
            "lattice_source": row.lattice_source,
            "lattice_error_percent": round(row.lattice_error_percent, 3),
            "formation_eV": row.formation_eV,
            "measured_formation_eV": row.measured_formation_eV,
            "voltage_V": row.voltage_V,
            "measured_voltage_V": row.measured_voltage_V,
            "bulk_modulus_GPa": row.bulk_modulus_GPa,
            "elastic_GPa": row.elastic_GPa,
            "mechanically_stable": row.stable,
            "surface_energy_J_m2": row.surface_energy_J_m2,
        }
    return found


def uptake_summary(
    hosts: Sequence[str],
    rows: Sequence[Uptake],
    ionisations: Mapping[str, Ionisation],
    charged: Mapping[str, Sequence[ChargedCell]] | None = None,
    left_out: Mapping[str, Mapping[str, str]] | None = None,
) -> dict[str, Any]:
    """Return by host: uptake energies by potential, clusters, and charged cells.

    Parameters
    ----------
    hosts
        As the user named them, in the order of the answer.
    rows
        What lithium costs them; the name of a host that came from a file is the file's.
    ionisations
        By cluster.
    charged
        By host: itself, and what it becomes with lithium.
    left_out
        By host: what is missing, and why.
    """
    found: dict[str, Any] = {
        host: {"per_potential": {}, "clusters": {}, "charged_cells": {}, "left_out": {}}
        for host in (*map(result_name, hosts), *(row.host for row in rows))
    }
    for row in rows:
        found[row.host]["per_potential"][row.potential] = {
            "exchanged_eV": row.exchanged_eV,
            "interstitial_eV": row.interstitial_eV,
            "adatom_eV": row.adatom_eV,
            "face": list(row.face),
            "atom_prefers_host": row.atom_prefers_host,
        }
    for host, parts in found.items():
        for cluster, ionisation in ionisations.items():
            if _holds(cluster, host):
                parts["clusters"][cluster] = {
                    "ionisation_eV": ionisation.energy_eV,
                    "against_lithium_eV": ionisation.against_lithium_eV,
                    "takes_positive_charge": ionisation.against_lithium_eV < 0.0,
                    "level": ionisation.level,
                }
    for host, cells in (charged or {}).items():
        found[result_name(host)]["charged_cells"] = charged_rows(cells)
    for host, reasons in (left_out or {}).items():
        found[result_name(host)]["left_out"] = dict(reasons)
    return found


def charged_rows(cells: Sequence[ChargedCell]) -> dict[str, Any]:
    """Return ionisation energies of extended hosts by name; the first is what the rest came from.

    `against_first_eV` is negative where taking up lithium makes the first easier to ionise.
    """
    return {
        cell.host: {
            "ionisation_eV": cell.charged_eV,
            "slab_eV": cell.slab_eV,
            "difference_eV": round(cell.difference_eV, 3),
            "bulk_level_eV": cell.bulk_level_eV,
            "gap_eV": cell.gap_eV,
            "against_lithium_eV": cell.against_lithium_eV,
            "against_first_eV": round(cell.charged_eV - cells[0].charged_eV, 3),
            "easier_than_lithium": cell.against_lithium_eV < 0.0,
            "face": list(cell.face),
            "layers": cell.layers,
            "extrapolation_eV": cell.extrapolation_eV,
            "plateau_eV": cell.plateau_eV,
            "crystal": cell.crystal,
            "level": cell.level,
            "cautions": list(cell.cautions),
        }
        for cell in cells
    }


def lithiated(host: str) -> tuple[str, ...]:
    """Return a host and, for an element, the compounds of the package it makes with lithium."""
    if not re.fullmatch("[A-Z][a-z]?", host) or host == "Li":
        return (host,)
    elements = {"Li", host}
    found = [
        name for name in known_structures() if set(re.findall("[A-Z][a-z]?", name)) == elements
    ]
    return (host, *found)


def _holds(cluster: str, host: str) -> bool:
    return cluster in clusters_of(host)


def clusters_of(host: str) -> tuple[str, ...]:
    """Return the clusters that speak for a host: LiM and Li2M of a metal, the unit of a salt."""
    if host.startswith("Li"):
        return (host,)
    return (f"Li{host}", f"Li2{host}")
