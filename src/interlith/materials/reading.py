"""YAML files to plain mappings, refusing what no data file needs: size, depth, aliases, tags."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from interlith.errors import InputError, Problem

LARGEST_FILE_BYTES = 1_000_000
DEEPEST_NESTING = 12
_YAML_SUFFIXES = (".yaml", ".yml")


def read_mapping(path: Path, trusted: bool = False) -> dict[str, Any]:
    """Return the mapping that a YAML file holds.

    Parameters
    ----------
    path
        File to read.
    trusted
        True for the files of the package: skips the checks against hostile input.

    Raises
    ------
    InputError
        Unreadable, too large, not UTF-8, broken YAML, aliases, duplicate keys, or not a mapping.
    """
    text = _read_text(path)
    try:
        if not trusted:
            _refuse_aliases_and_depth(text, path)
        data = YAML(typ="safe").load(text)
    except (YAMLError, ValueError) as error:
        raise _problem(
            path, "", first_lines(error), "valid YAML without duplicate keys or tags"
        ) from None
    if not isinstance(data, dict):
        raise _problem(path, "", type(data).__name__, "a mapping of keys to values")
    return data


def material_files(path: Path) -> list[Path]:
    """Return the YAML files that a path names: the file itself, or those in the folder, sorted.

    Raises
    ------
    InputError
        The path does not exist.
    """
    if path.is_dir():
        return sorted(file for file in path.iterdir() if file.suffix in _YAML_SUFFIXES)
    if path.is_file():
        return [path]
    raise _problem(path, "", "no such file or folder", "a YAML file or a folder of YAML files")


def _read_text(path: Path) -> str:
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE_BYTES:
            raise _problem(path, "", f"{size} bytes", f"at most {LARGEST_FILE_BYTES} bytes")
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise _problem(
            path, "", f"byte {error.start} is not UTF-8", "a text file in UTF-8"
        ) from None
    except OSError as error:
        raise _problem(path, "", error.strerror or "unreadable", "a readable file") from None


def _refuse_aliases_and_depth(text: str, path: Path) -> None:
    """Walk the YAML events, which expand nothing, before anything is built from them."""
    depth = 0
    for event in YAML(typ="safe").parse(text):
        kind = type(event).__name__
        depth += kind.endswith("StartEvent") - kind.endswith("EndEvent")
        if kind == "AliasEvent":
            raise _problem(
                path,
                "",
                f"an alias in line {event.start_mark.line + 1}",
                "values written out, no aliases",
            )
        # the stream and the document are two levels by themselves
        if depth > DEEPEST_NESTING + 2:
            raise _problem(path, "", f"depth {depth - 2}", f"at most {DEEPEST_NESTING} levels")


def first_lines(error: Exception) -> str:
    """Return what a YAML error says, on one line and without its advice."""
    lines = [
        line.strip() for line in str(error).splitlines() if line.strip() and "http" not in line
    ]
    return "; ".join(line for line in lines if not line.startswith(("To suppress", "NOTE")))[:200]


def _problem(path: Path, field: str, value: str, expected: str) -> InputError:
    return InputError([Problem(str(path), field, value, expected)])
