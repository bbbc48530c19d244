"""What people see of `barrier`, `uptake` and `relax`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from interlith.cli.left_out import left_out_lines
from interlith.cli.tables import plain_table

if TYPE_CHECKING:
    from rich.console import Console


def print_barriers(console: Console, data: dict[str, Any], said: Sequence[str]) -> None:
    """Print one row a metal, what the potentials say, and the verdicts."""
    for first in list(data.values())[:1]:
        slab = first["slab"]
        face = "".join(str(index) for index in first["surface"])
        symmetric = "equal faces" if slab["symmetric"] else "unequal faces"
        console.print(
            f"{first['host']}({face}): {slab['layers']} layers, {slab['atoms']} atoms, "
            f"top {slab['top']}, "
            f"termination {slab['termination'] + 1} of {slab['terminations']}, {symmetric}, "
            f"{'polar' if slab['polar'] else 'not polar'}"
        )
    names = list(dict.fromkeys(name for row in data.values() for name in row["per_potential"]))
    table = plain_table(
        "metal", "barrier eV", "90 % interval", *names, "checked", "both ways", "D m2/s, 25 degC",
        "library",
    )  # fmt: skip
    for metal, row in data.items():
        table.add_row(metal, *_barrier_row(row, names))
    console.print(table)
    for line in _probabilities(data):
        console.print(line)
    for sentence in said:
        console.print(sentence)
    for line in _check_lines(data):
        console.print(line)
    console.print(
        "Barrier: mean of the members, the check among them; the interval holds their spread and "
        "an assumed 0.05 eV. Easiest direction; both ways: until every direction is open."
    )
    for line in dict.fromkeys(_fitness_lines(data)):
        console.print(line)
    for metal, row in data.items():
        for warning in row["warnings"]:
            console.print(f"{metal}, {warning}")
    for line in left_out_lines(data):
        console.print(line)


def _barrier_row(row: dict[str, Any], names: list[str]) -> list[str]:
    if row["barrier_eV"] is None:
        return ["none found"] + [""] * (len(names) + 5)
    members = [row["per_potential"].get(name) for name in names]
    both = [value for value in row["both_directions_eV"].values() if value is not None]
    spread = row["diffusivity_m2_s"]
    library, check = row["library"], row["check"]
    return [
        f"{row['barrier_eV']:.3f}",
        f"{row['low_eV']:.2f} to {row['high_eV']:.2f}",
        *("" if value is None else f"{value:.3f}" for value in members),
        "" if check is None else f"{_best(check):.3f}",
        "" if not both else f"{min(both):.2f} to {max(both):.2f}",
        f"{spread['value']:.0e} ({spread['low']:.0e} to {spread['high']:.0e})",
        "" if library is None else f"{library['barrier_eV']:.2f} {library['kind']}",
    ]


def _check_lines(data: dict[str, Any]) -> list[str]:
    """Return what another method says of which barrier, and that nobody asked one."""
    lines = []
    checked = {metal: row["check"] for metal, row in data.items() if row["check"] is not None}
    for metal, check in checked.items():
        lines.append(
            f"{metal}: {check['checker']} weighed {check['points']} geometries of "
            f"{check['potential']} and crosses them at {check['barrier_eV']:.3f} eV, where the "
            f"potential itself has {check['potential_eV']:.3f} eV"
        )
        lines.append(f"{metal}: {_relaxed_line(check)}")
        one, other = (min(check["sites_eV"].items(), key=lambda item: item[1][i]) for i in (0, 1))
        if one[0] != other[0]:
            lines.append(
                f"{metal}: {check['checker']} has site {other[0]} lowest, {check['potential']} "
                f"puts it {other[1][0]:.2f} eV above {one[0]}"
            )
    if len(checked) < len(data):
        lines.append("Where no check is named: potentials only, no density functional theory.")
    return lines


def _best(check: dict[str, Any]) -> float:
    """Return the barrier of a check that counts [eV]."""
    return float((check["relaxed"] or check)["barrier_eV"])


def _relaxed_line(check: dict[str, Any]) -> str:
    relaxed = check["relaxed"]
    if relaxed is None:
        return f"{check['checker']} relaxed none of them"
    bottom, top = relaxed["gained_eV"]
    line = (
        f"{check['checker']} relaxed the lowest state ({relaxed['lowest']}, {-bottom:+.2f} eV) and "
        f"the summit ({relaxed['summit']}, {-top:+.2f} eV): {relaxed['barrier_eV']:.3f} eV counts"
    )
    if relaxed["barrier_eV"] <= 0.0:
        line += "; the summit fell to the lowest state, so the network stands open there"
    return line


def _fitness_lines(data: dict[str, Any]) -> list[str]:
    """Return how well each potential knows the host."""
    lines = []
    for row in data.values():
        for name, fit in row["fitness_of_potentials"].items():
            said = f"{name} on {row['host']}: lattice {fit['lattice_error_percent']:+.1f} %"
            if fit["voltage_V"] is not None:
                said += f", {fit['voltage_V']:.2f} V (measured {_span(fit['measured_voltage_V'])})"
            said += f", bulk modulus {fit['bulk_modulus_GPa']:.0f} GPa"
            if fit["surface_energy_J_m2"] is not None:
                said += f", surface {fit['surface_energy_J_m2']:.2f} J/m2"
            lines.append(said)
    return lines


def _probabilities(data: dict[str, Any]) -> list[str]:
    lines = []
    metals = list(data)
    for position, one in enumerate(metals):
        for other in metals[position + 1 :]:
            chance = data[one]["probability_lower_than"].get(other)
            if chance is not None:
                lines.append(
                    f"probability that {one} has a lower barrier than {other}: {chance:.0%}"
                )
    return lines if len(lines) <= 6 else []


def print_series(console: Console, data: dict[str, Any]) -> None:
    """Print one row a setup, and how far each axis moves the barrier."""
    face = "".join(str(index) for index in data["miller"])
    console.print(f"{data['metal']} on {data['host']}({face}), {data['potential']}")
    table = plain_table(
        "varied",
        "layers",
        "cell",
        "images",
        "atoms",
        "sites",
        "barrier eV",
        "from base",
        "both ways",
    )
    base = data["rows"][0]["barrier_eV"]
    for row in data["rows"]:
        value, both = row["barrier_eV"], row["both_ways_eV"]
        table.add_row(
            "" if row["axis"] == "base" else row["axis"],
            str(row["layers"]),
            "x".join(str(repeats) for repeats in row["coverage"]),
            str(row["images"]),
            str(row["atoms"] or ""),
            str(row["sites"] or ""),
            "none" if value is None else f"{value:.3f}",
            "" if value is None or base is None else f"{value - base:+.3f}",
            "" if both is None else f"{both:.3f}",
        )
    console.print(table)
    for axis, moved in data["moved_eV"].items():
        if moved is not None:
            console.print(f"{axis}: moves the barrier by up to {moved:.3f} eV")
    for row in data["rows"]:
        if row["remark"]:
            cell = "x".join(str(repeats) for repeats in row["coverage"])
            console.print(
                f"{row['layers']} layers, {cell}, {row['images']} images: {row['remark']}"
            )


def print_uptake(console: Console, data: dict[str, Any]) -> None:
    """Print what lithium costs each host, then the clusters, then the charged cells."""
    table = plain_table("host", "potential", "exchanged", "interstitial", "adatom", "face", "")
    for host, found in data.items():
        for name, row in found["per_potential"].items():
            table.add_row(
                host,
                name,
                "" if row["exchanged_eV"] is None else f"{row['exchanged_eV']:+.2f}",
                f"{row['interstitial_eV']:+.2f}",
                f"{row['adatom_eV']:+.2f}",
                "".join(str(index) for index in row["face"]),
                "an atom stays" if row["atom_prefers_host"] else "an atom leaves for lithium",
            )
    if table.row_count:
        console.print(
            "Cost of an atom of lithium from lithium metal (eV); negative: the host takes it"
        )
        console.print(table)
        console.print(
            "These potentials know lithium on salts as an ion only: its binding to LiF or Li2O as "
            "an atom is not to be trusted. A film of lithium fares better: interlith adhesion."
        )
    _print_clusters(console, data)
    _print_charged(console, data)
    for line in left_out_lines(data):
        console.print(line)


def _print_clusters(console: Console, data: dict[str, Any]) -> None:
    charges = plain_table("cluster", "ionisation eV", "less that of Li", "")
    for found in data.values():
        for cluster, row in found["clusters"].items():
            takes = "takes over" if row["takes_positive_charge"] else "does not take over"
            charges.add_row(
                cluster,
                f"{row['ionisation_eV']:.2f}",
                f"{row['against_lithium_eV']:+.2f}",
                f"{takes} the charge of a lithium ion",
            )
    if charges.row_count:
        console.print(charges)
        console.print(
            "Free clusters (PBE/def2-SVP): a sign and an order, no number for a particle in a "
            "cell. A potential knows no charge: it says nothing about this."
        )


def _print_charged(console: Console, data: dict[str, Any]) -> None:
    table = plain_table(
        "crystal", "face", "charged cells eV", "slab eV", "differ", "gap", "less that of Li",
        "less the host's",
    )  # fmt: skip
    cautions = []
    for found in data.values():
        for number, (name, row) in enumerate(found["charged_cells"].items()):
            table.add_row(
                name,
                "".join(str(index) for index in row["face"]),
                f"{row['ionisation_eV']:.2f}",
                f"{row['slab_eV']:.2f}",
                f"{row['difference_eV']:+.2f}",
                f"{row['gap_eV']:.1f}" if row["gap_eV"] else "metal",
                f"{row['against_lithium_eV']:+.2f}",
                f"{row['against_first_eV']:+.2f}" if number else "",
            )
            cautions += [f"{name}: {caution}" for caution in row["cautions"]]
    if not table.row_count:
        return
    console.print("Ionisation energy of the extended crystal against the vacuum")
    console.print(table)
    console.print(
        "Slab: its work function, or vacuum less valence-band top, which the charged cells must "
        "meet. PBE puts the valence band of salts some eV too near the vacuum, and the number "
        "belongs to a clean face as cut. Negative against Li: gives up an electron more easily."
    )
    for caution in dict.fromkeys(cautions):
        console.print(caution)


def print_relaxed(console: Console, data: dict[str, Any]) -> None:
    """Print one row a crystal and potential, measured values beside."""
    table = plain_table(
        "crystal", "potential", "a b c", "measured", "off", "formation eV", "measured", "V",
        "measured", "K GPa", "surface J/m2", "",
    )  # fmt: skip
    for crystal, potentials in data.items():
        for name, row in potentials.items():
            table.add_row(crystal, name, *_relaxed_row(row))
    console.print(table)
    console.print(
        "Energies at 0 K per formula unit beside Gibbs energies at 25 degC: some hundredths of "
        "an eV of the difference are entropy. K: Voigt average of the bulk modulus."
    )


def _relaxed_row(row: dict[str, Any]) -> list[str]:
    surface = row["surface_energy_J_m2"]
    return [
        " ".join(f"{x:.3f}" for x in row["lattice_A"]),
        " ".join(f"{x:.3f}" for x in row["measured_lattice_A"]),
        f"{row['lattice_error_percent']:+.1f} %",
        "" if row["formation_eV"] is None else f"{row['formation_eV']:.2f}",
        _span(row["measured_formation_eV"]),
        "" if row["voltage_V"] is None else f"{row['voltage_V']:.2f}",
        _span(row["measured_voltage_V"]),
        f"{row['bulk_modulus_GPa']:.0f}",
        "" if surface is None else f"{surface:.2f}",
        "" if row["mechanically_stable"] else "not stable",
    ]


def _span(values: dict[str, float]) -> str:
    if not values:
        return ""
    low, high = min(values.values()), max(values.values())
    return f"{low:.2f}" if high - low < 0.005 else f"{low:.2f} to {high:.2f}"
