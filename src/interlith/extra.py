"""What the extras bring, asked for when it is needed and named when it is missing."""

from __future__ import annotations

from importlib.util import find_spec

from interlith.errors import InterlithError

# Module -> the extra of interlith that brings it.
EXTRAS = {
    "ase": "atomistic",
    "pymatgen": "atomistic",
    "spglib": "atomistic",
    "chgnet": "atomistic",
    "sevenn": "atomistic",
    "pyscf": "clusters",
    "gpaw": "dft",
    "galvani": "biologic",
}


# Extra -> the make target that installs it, where the two differ.
TARGETS = {"biologic": "setup"}


class MissingExtraError(InterlithError):
    """A library that an optional part of interlith needs is not installed."""


def need(module: str) -> None:
    """Raise MissingExtraError, saying what to install, unless a module can be imported."""
    if find_spec(module) is None:
        extra = EXTRAS[module]
        raise MissingExtraError(
            f'{module} is not installed; it comes with the extra "{extra}": '
            f'pip install "interlith[{extra}]" (in a clone: make {TARGETS.get(extra, extra)})'
        )
