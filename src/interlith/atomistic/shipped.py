"""Barriers, fitness, uptake, adhesion, ionisation energies, computed once, with the package."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

from interlith.atomistic.adhesion_record import AdhesionRecord
from interlith.atomistic.charged import ChargedCell
from interlith.atomistic.faces import same_face
from interlith.atomistic.records import BarrierRecord, NetworkCheck, Series
from interlith.atomistic.uptake import Uptake


@cache
def shipped_barriers() -> tuple[BarrierRecord, ...]:
    """Return the barriers of data/barriers.json."""
    return tuple(BarrierRecord.model_validate(row) for row in _data("barriers.json"))


def shipped_barrier(
    metal: str, host: str, miller: tuple[int, int, int], potential: str
) -> BarrierRecord | None:
    """Return the shipped barrier of a metal on a face of a host with a potential, or None."""
    for row in shipped_barriers():
        if (row.metal, row.host, row.potential) == (metal, host, potential) and same_face(
            host, row.surface.miller, miller
        ):
            return row
    return None


def shipped_check(
    metal: str, host: str, miller: tuple[int, int, int], potential: str
) -> NetworkCheck | None:
    """Return the shipped check of a barrier by another method, of data/checks.json, or None."""
    for row in _data("checks.json"):
        check = NetworkCheck.model_validate(row["check"])
        if (row["metal"], row["host"], check.potential) == (metal, host, potential) and same_face(
            host, tuple(row["miller"]), miller
        ):
            return check
    return None


def shipped_series(
    metal: str, host: str, miller: tuple[int, int, int], potential: str
) -> Series | None:
    """Return the shipped series of a barrier, of data/series.json, or None."""
    for row in _data("series.json"):
        found = Series.model_validate(row)
        if (found.metal, found.host, found.potential) == (metal, host, potential) and same_face(
            host, found.miller, miller
        ):
            return found
    return None


@cache
def shipped_ionisation() -> dict[str, dict[str, Any]]:
    """Return ionisation energies of clusters by formula, of data/clusters.json."""
    return dict(_data("clusters.json"))


@cache
def shipped_charged_cells() -> dict[str, ChargedCell]:
    """Return ionisation energies of extended hosts by formula, of data/charged.json."""
    return {
        row["host"]: ChargedCell(**{**row, "face": tuple(row["face"])})
        for row in _data("charged.json")
    }


def shipped_fitness(crystal: str) -> dict[str, Any]:
    """Return what potentials say of a crystal, by potential, of data/fitness.json; may be empty."""
    return dict(_data("fitness.json").get(crystal, {}))


def shipped_uptake(host: str, potential: str) -> Uptake | None:
    """Return what lithium costs a host with a potential, of data/uptake.json, or None."""
    for row in _data("uptake.json"):
        if (row["host"], row["potential"]) == (host, potential):
            return Uptake(**{**row, "face": tuple(row["face"])})
    return None


@cache
def shipped_adhesions() -> tuple[AdhesionRecord, ...]:
    """Return how lithium sticks to hosts, of data/adhesion.json."""
    return tuple(AdhesionRecord.model_validate(row) for row in _data("adhesion.json"))


def shipped_adhesion(
    host: str,
    potential: str,
    miller: tuple[int, int, int] | None = None,
    film_miller: tuple[int, int, int] | None = None,
) -> AdhesionRecord | None:
    """Return how lithium sticks to a host with a potential, of data/adhesion.json, or None.

    Without indices the first row of a host counts, which is that of its plain face.
    """
    for found in shipped_adhesions():
        if (
            (found.host, found.potential) == (host, potential)
            and same_face(host, found.miller, miller or found.miller)
            and same_face(found.film, found.film_miller, film_miller or found.film_miller)
        ):
            return found
    return None


@cache
def _data(name: str) -> Any:
    path = files("interlith.atomistic") / "data" / name
    return json.loads(path.read_text(encoding="utf-8"))
