"""How lithium sticks to hosts by several potentials, beside what is published, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from statistics import mean, stdev
from typing import Any

from ruamel.yaml import YAML

from interlith.atomistic.adhesion_record import AdhesionRecord
from interlith.atomistic.faces import same_face
from interlith.atomistic.wetting import LITHIOPHOBIC_DEGREES, contact_angle

FACE_TOLERANCE = 0.2
LEAST_INTERFACE_J_M2 = -0.02  # below what relaxations leave open

# Host -> potential -> record, and whether it was computed now or came with the package.
Found = Mapping[str, Mapping[str, tuple[AdhesionRecord, str]]]


def adhesion_summary(
    found: Found, left_out: Mapping[str, Mapping[str, str]] | None = None
) -> dict[str, Any]:
    """Return work of adhesion, interface energy and contact angle: host, then potential.

    Every host has the mean of its potentials, their standard deviation (None for one alone), and
    cautions in words. `left_out` says by host which potentials are missing, and why.
    """
    missing = left_out or {}
    return {
        host: {**_one_host(rows), "left_out": dict(missing.get(host, {}))}
        for host, rows in found.items()
        if rows
    }


def _one_host(rows: Mapping[str, tuple[AdhesionRecord, str]]) -> dict[str, Any]:
    records = {name: record for name, (record, _) in rows.items()}
    first = next(iter(records.values()))
    published = published_wetting(first.host) if first.film == "Li" else []
    angle = _spread([record.angle_degrees for record in records.values()])
    return {
        "film": first.film,
        "surface": list(first.miller),
        "film_surface": list(first.film_miller),
        "work_J_m2": _spread([record.work_J_m2 for record in records.values()]),
        "interface_J_m2": _spread([record.interface_J_m2 for record in records.values()]),
        "angle_degrees": angle,
        "beads": _agreed([record.angle_degrees for record in records.values()]),
        "per_potential": {name: _one_row(*row) for name, row in rows.items()},
        "published": published,
        "cautions": _cautions(records, published),
    }


def _agreed(angles: list[float | None]) -> bool | None:
    """Return whether the film's metal beads; None where potentials differ or do not know."""
    sides = {angle > LITHIOPHOBIC_DEGREES for angle in angles if angle is not None}
    return sides.pop() if len(sides) == 1 else None


def _one_row(record: AdhesionRecord, origin: str) -> dict[str, Any]:
    return {
        **record.model_dump(exclude={"host", "film", "miller", "film_miller", "potential"}),
        "interface_J_m2": record.interface_J_m2,
        "angle_degrees": record.angle_degrees,
        "angle_published_face_degrees": _angle_with_published(record),
        "from": origin,
    }


def _spread(values: list[float | None]) -> dict[str, Any] | None:
    """Return mean and standard deviation of what is known."""
    known = [value for value in values if value is not None]
    if not known:
        return None
    return {
        "mean": round(mean(known), 4),
        "spread": round(stdev(known), 4) if len(known) > 1 else None,
    }


def _cautions(records: Mapping[str, AdhesionRecord], published: list[dict[str, str]]) -> list[str]:
    said = []
    for name, record in records.items():
        if record.reacted:
            said.append(
                f"{name}: the interface reacted: an atom moved by {record.most_moved_A:.1f} "
                f"angstrom, {record.film_in_host} atoms of the film are in the host, "
                f"{record.host_in_film} of the host in the film; the work of adhesion holds "
                "the energy of that"
            )
        said.extend(f"{name}: {warning}" for warning in record.warnings)
        if (record.interface_J_m2 or 0.0) < LEAST_INTERFACE_J_M2:
            said.append(
                f"{name}: the interface energy is negative: the two would rather mix than keep "
                "an interface, or a face is too soft"
            )
        said.extend(_against(name, record, published))
        said.extend(_soft(name, record))
    return said


def _against(name: str, record: AdhesionRecord, published: list[dict[str, str]]) -> list[str]:
    """Return where an angle is on the other side of 90 degrees than what is published."""
    angle = record.angle_degrees
    if angle is None:
        return []
    own = "beads" if angle > LITHIOPHOBIC_DEGREES else "wets"
    return [
        f"caution: {name} says that {record.film} {own} on {record.host} ({angle:.0f} degrees), "
        f"published is that it {row['says']} ({row['kind']}; {row['source']})"
        for row in published
        if row["says"] != own
    ]


def _angle_with_published(record: AdhesionRecord) -> float | None:
    """Return the angle with the published energy of the film's face [degrees]."""
    face = published_face(record.film, record.film_miller)
    return None if face is None else contact_angle(record.work_J_m2, face["J_m2"])


def _soft(name: str, record: AdhesionRecord) -> list[str]:
    """Return that the film's own face costs less or more than is published, by a fifth or more."""
    face = published_face(record.film, record.film_miller)
    own = record.film_J_m2
    if face is None or own is None or abs(own / face["J_m2"] - 1.0) < FACE_TOLERANCE:
        return []
    return [
        f"{name}: the face of {record.film} costs {own:.2f} J/m2, published is "
        f"{face['J_m2']:.2f} ({face['kind']}; {face['source']})"
    ]


def published_face(film: str, miller: tuple[int, int, int]) -> dict[str, Any] | None:
    """Return the published surface energy of a film's face, of data/wetting.yaml, or None."""
    for digits, found in _published()["faces"].get(film, {}).items():
        h, k, l = (int(digit) for digit in digits)  # noqa: E741
        if same_face(film, (h, k, l), miller):
            return dict(found)
    return None


def published_wetting(host: str) -> list[dict[str, str]]:
    """Return what is published on how lithium wets a host, of data/wetting.yaml; may be empty."""
    return [dict(row) for row in _published()["hosts"].get(host, [])]


@cache
def _published() -> dict[str, Any]:
    text = (files("interlith.atomistic") / "data" / "wetting.yaml").read_text(encoding="utf-8")
    return dict(YAML(typ="safe").load(text))
