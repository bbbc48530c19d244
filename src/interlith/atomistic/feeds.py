"""What this room gives to the materials library: a migration barrier of kind `computed`.

The text is a material file that `Library.load` lays over the library, so that `interlith mobility`
and `interlith migrate` run on a computed barrier: `interlith barrier Bi --material-file`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from interlith.errors import InputError, Problem
from interlith.materials.writing import material_file, particles_of

# How the source of a barrier begins that was computed here, in files and in the library itself.
OWN_SOURCE = "interlith barrier"


def barrier_material(metal: str, row: Mapping[str, Any]) -> str:
    """Return the computed barrier of a metal as a material file (YAML), with its range.

    Parameters
    ----------
    metal
        Symbol of an element that the library has as particles.
    row
        Its row of `barrier_summary`.

    Raises
    ------
    InputError
        A metal that the library does not have as particles, or no barrier.
    """
    name = particles_of(metal)
    if row["barrier_eV"] is None:
        raise InputError(Problem("", "metal", metal, "a metal that can cross the surface"))
    entry = {
        "name": name,
        "sources": {"barrier": {"text": _source(metal, row), "checked": "yes"}},
        "properties": {
            "migration_barrier": {
                "value": f"{row['barrier_eV']:.3f} eV",
                "kind": "computed",
                "source": "barrier",
                "range": [f"{row['low_eV']:.3f} eV", f"{row['high_eV']:.3f} eV"],
                "note": "90 % interval: spread of the members and an assumed 0.05 eV",
            }
        },
    }
    return material_file([entry])


def _source(metal: str, row: Mapping[str, Any]) -> str:
    face = "".join(str(index) for index in row["surface"])
    members = ", ".join(f"{name} {value:.3f} eV" for name, value in row["members"].items())
    asked = [*row["versions"].values(), *([row["check"]["versions"]] if row["check"] else [])]
    versions = {package: v for found in asked for package, v in found.items()}
    packages = ", ".join(f"{package} {v}" for package, v in sorted(versions.items()))
    return (
        f"{OWN_SOURCE} {metal} --host {row['host']} --surface {face}: {members} ({packages}); "
        "docs/atoms.md"
    )
