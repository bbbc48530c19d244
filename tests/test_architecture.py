"""The house: the order of the rooms, and where every law of physics says what it rests on."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import interlith
from interlith.physics.registry import FUNCTIONS

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "interlith"
SOURCES = sorted(PACKAGE.rglob("*.py"))

# A law names a source that can be looked up, or admits that it is an assumption or a definition.
PROVENANCE = re.compile(
    r"doi:|doi\.org|assum|definition|conservation|limit of|As in|ISBN|no DOI", re.I
)
VAGUE_ROOMS = {"utils", "util", "helpers", "common", "core", "misc", "tools"}


def public_functions(path: Path) -> Iterator[ast.FunctionDef]:
    """Yield the public functions at the top of a file."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield node


DOCSTRINGS = {
    f"{path.stem}.{function.name}": ast.get_docstring(function) or ""
    for path in sorted((PACKAGE / "physics").rglob("*.py"))
    for function in public_functions(path)
}
CHOSEN_BY_NAME = {
    f"{law.__module__.rpartition('.')[2]}.{law.__name__}"
    for laws in FUNCTIONS.values()
    for law in laws.values()
}
# A law is what a cell file can choose, and whatever states an equation.
LAWS = sorted(CHOSEN_BY_NAME | {name for name, text in DOCSTRINGS.items() if ".. math::" in text})


def test_every_law_is_found() -> None:
    assert CHOSEN_BY_NAME
    assert set(DOCSTRINGS) >= CHOSEN_BY_NAME


@pytest.mark.parametrize("law", LAWS)
def test_a_law_says_what_it_rests_on(law: str) -> None:
    assert PROVENANCE.search(DOCSTRINGS[law]), f"{law} names no source and admits no assumption"


@pytest.mark.parametrize("function", DOCSTRINGS)
def test_physics_is_documented(function: str) -> None:
    assert DOCSTRINGS[function]


def test_rooms_import_downwards_only() -> None:
    linter = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([linter], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_room_is_named_vaguely() -> None:
    names = {part for path in SOURCES for part in path.relative_to(PACKAGE).with_suffix("").parts}
    assert not names & VAGUE_ROOMS


def test_every_file_says_what_it_is() -> None:
    silent = [str(p.relative_to(PACKAGE)) for p in SOURCES if not ast.get_docstring(_parse(p))]
    assert silent == []


def _parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", interlith.__all__)
def test_public_names_exist(name: str) -> None:
    assert getattr(interlith, name) is not None


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'lod'"):
        _ = interlith.lod  # type: ignore[attr-defined]
