"""Results folders: written whole or not at all, and never over somebody else's files.

A run writes into a hidden folder beside its destination and moves the files over at the end. A
manifest says which files are ours, so that a second run replaces these and no others.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from interlith.errors import InputError, Problem

MANIFEST = ".interlith.json"


def default_folder(cell_file: Path) -> Path:
    """Return where the results of a cell file go when the user names no folder."""
    return Path("results") / cell_file.stem


def require_usable(folder: Path) -> None:
    """Raise InputError unless results can be written to `folder`; touches nothing."""
    expected = _objection(folder)
    if expected:
        raise InputError(Problem("", "--out", str(folder), expected))


def _objection(folder: Path) -> str:
    """Return what was expected instead of `folder`, or nothing when it will do."""
    base = _nearest_existing(folder)
    if not base.is_dir():
        return f"a folder, but {base} is a file"
    if not os.access(base, os.W_OK | os.X_OK):
        return f"a folder that can be written, but {base} is read-only"
    if base == folder and any(folder.iterdir()) and not (folder / MANIFEST).is_file():
        return "a new folder, an empty one, or one that interlith wrote"
    return ""


def _nearest_existing(path: Path) -> Path:
    """Return `path` or the closest parent of it that exists."""
    return next(p for p in (path, *path.absolute().parents) if p.exists() or p.is_symlink())


@contextmanager
def results_folder(folder: Path) -> Iterator[Path]:
    """Give an empty folder to write to; what was written appears at `folder` at the end."""
    require_usable(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(prefix=f".{folder.name}.partial-", dir=folder.parent))
    try:
        yield partial
        _write_manifest(partial)
        _promote(partial, folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _write_manifest(folder: Path) -> None:
    names = [str(path.relative_to(folder)) for path in _files(folder)]
    text = json.dumps({"written_by": "interlith", "files": sorted(names)}, indent=2)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def _promote(partial: Path, folder: Path) -> None:
    """Move everything to its place, and remove what an earlier run of ours left."""
    if not folder.exists():
        # mkdtemp makes a private folder; results are as readable as any other new folder.
        partial.chmod(0o777 & ~_umask())
        partial.rename(folder)
        return
    ours = _owned(folder)
    for source in _files(partial):
        name = source.relative_to(partial)
        target = folder / name
        if target.exists() and str(name) not in ours:
            target.rename(target.with_name(target.name + ".kept"))
        target.parent.mkdir(parents=True, exist_ok=True)
        source.replace(target)
        ours.discard(str(name))
    for name_left in ours:
        (folder / name_left).unlink(missing_ok=True)


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def _owned(folder: Path) -> set[str]:
    """Return the files that the manifest names, those outside the folder left out."""
    try:
        names = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["files"]
    except (OSError, ValueError, KeyError, TypeError):
        return {MANIFEST}
    inside = {str(name) for name in names if ".." not in Path(str(name)).parts}
    return {name for name in inside if not Path(name).is_absolute()} | {MANIFEST}


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def require_new_file(path: Path, overwrite: bool, option: str = "FILE") -> None:
    """Raise InputError unless a text file can be written to `path`; touches nothing."""
    expected = ""
    if path.is_dir():
        expected = "a file name, but this is a folder"
    elif path.exists() and not overwrite:
        expected = "a new file; --force overwrites it"
    elif not path.absolute().parent.is_dir():
        expected = f"a file in an existing folder, but {path.parent} is none"
    if expected:
        raise InputError(Problem("", option, str(path), expected))


def write_text_file(path: Path, text: str, overwrite: bool) -> None:
    """Write a text file whole or not at all; raises InputError when it must not be written."""
    require_new_file(path, overwrite)
    partial = path.with_name(f".{path.name}.partial-{os.getpid()}")
    try:
        partial.write_text(text, encoding="utf-8")
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
