"""What people see of `adhesion`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from interlith.cli.left_out import left_out_lines
from interlith.cli.tables import plain_table

if TYPE_CHECKING:
    from rich.console import Console


def print_adhesion(console: Console, data: dict[str, Any]) -> None:
    """Print one row a host and potential, then the means, what is published, and the cautions."""
    for film in dict.fromkeys(row["film"] for row in data.values()):
        console.print(f"Film: {film}, which takes the strain. Energies in J/m2, at 0 K")
    table = plain_table(
        "host", "face", "potential", "atoms", "area A2", "strain", "host face", "film face",
        "work of adhesion", "interface", "angle", "with published face", "",
    )  # fmt: skip
    for host, found in data.items():
        for name, row in found["per_potential"].items():
            face = "".join(str(index) for index in found["surface"])
            table.add_row(host, face, name, *_adhesion_row(row))
    console.print(table)
    for host, found in data.items():
        console.print(_mean_line(host, found))
    for line in [*_published_lines(data), *left_out_lines(data)]:
        console.print(line)
    console.print(
        "Above 90 degrees the film's metal beads (lithiophobic, where it is lithium), at 0 it "
        "spreads; with published face: the film's surface energy taken from there. Potentials "
        "only: clean flat faces, a solid film for a drop, no temperature, no charge, and no "
        "reaction that a relaxation does not find. Potentials trained on the same data share "
        "errors: their spread is the least that the error can be."
    )


def _published_lines(data: dict[str, Any]) -> list[str]:
    """Return what is published, then each caution once, behind the hosts that it holds for."""
    said: dict[str, list[str]] = {}
    for host, found in data.items():
        for row in found["published"]:
            line = f"published: lithium {row['says']} ({row['kind']}); {row['source']}"
            said.setdefault(line, []).append(host)
    for host, found in data.items():
        for caution in found["cautions"]:
            said.setdefault(caution, []).append(host)
    return [f"{', '.join(hosts)}, {line}" for line, hosts in said.items()]


def _adhesion_row(row: dict[str, Any]) -> list[str]:
    numbers = [row[name] for name in ("host_J_m2", "film_J_m2", "work_J_m2", "interface_J_m2")]
    angles = [row[name] for name in ("angle_degrees", "angle_published_face_degrees")]
    strains = " ".join(f"{100 * strain:+.1f}" for strain in row["strains"])
    return [
        str(row["atoms"]),
        f"{row['area_A2']:.0f}",
        f"{strains} %",
        *("" if number is None else f"{number:.2f}" for number in numbers),
        *("" if angle is None else f"{angle:.0f}" for angle in angles),
        "reacted" if row["reacted"] else "",
    ]


def _mean_line(host: str, found: dict[str, Any]) -> str:
    work, angle = found["work_J_m2"], found["angle_degrees"]
    if work["spread"] is None:
        return f"{host}: one potential, no spread"
    said = f"{host}: work of adhesion {work['mean']:.2f} +- {work['spread']:.2f} J/m2"
    if angle is None or angle["spread"] is None:
        return said
    verdict = {True: "beads", False: "wets", None: "left open, on both sides of 90"}[found["beads"]]
    return f"{said}, angle {angle['mean']:.0f} +- {angle['spread']:.0f} degrees: {verdict}"
