"""Material files as text: what other rooms computed, for `Library.load` to lay over the library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any

from interlith.errors import InputError, Problem
from interlith.materials.library import Library

WIDTH = 110


def material_file(entries: Sequence[Mapping[str, Any]]) -> str:
    """Return the text of a material file (YAML) that `Library.load` reads."""
    from ruamel.yaml import YAML

    stream = StringIO()
    yaml = YAML()
    yaml.width = WIDTH
    plain = [dict(entry) for entry in entries]
    yaml.dump(plain[0] if len(plain) == 1 else {"materials": plain}, stream)
    return stream.getvalue()


def particles_of(metal: str) -> str:
    """Return the name of the material that describes a metal as particles.

    Raises
    ------
    InputError
        The library has no such material.
    """
    name = f"{metal}-particle"
    if name not in Library.default().names("mobile"):
        raise InputError(Problem("", "metal", metal, "a metal that the library has as particles"))
    return name
