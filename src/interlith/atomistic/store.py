"""Stages of a long calculation on disk, so that an interrupted run loses one step at most.

A calculation is a folder named after everything that decides its numbers. A stage (a relaxed slab,
a site, a path) is one JSON file in it: `done` holds its result, `steps` the last positions of one
that was cut off. Files are replaced whole, never edited.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

# Part of every key: raise it when a change of the code changes numbers.
METHOD = 1


class Stages(Protocol):
    """What a calculation needs of a store."""

    def result(self, stage: str) -> dict[str, Any] | None:
        """Return the result of a finished stage, or None."""

    def finish(self, stage: str, result: Mapping[str, Any]) -> None:
        """Keep the result of a stage; what was kept of its steps goes."""

    def last_step(self, stage: str) -> dict[str, Any] | None:
        """Return the last step of a stage that was cut off, or None."""

    def step(self, stage: str, state: Mapping[str, Any]) -> None:
        """Keep the state of a stage after a step."""


class Folder:
    """Stages as files in one folder.

    Parameters
    ----------
    path
        The folder; made when the first file is written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def result(self, stage: str) -> dict[str, Any] | None:
        """Return the result of a finished stage, or None."""
        return _read(self.path / f"{stage}.done.json")

    def finish(self, stage: str, result: Mapping[str, Any]) -> None:
        """Keep the result of a stage; what was kept of its steps goes."""
        _write(self.path / f"{stage}.done.json", result)
        (self.path / f"{stage}.steps.json").unlink(missing_ok=True)

    def last_step(self, stage: str) -> dict[str, Any] | None:
        """Return the last step of a stage that was cut off, or None."""
        return _read(self.path / f"{stage}.steps.json")

    def step(self, stage: str, state: Mapping[str, Any]) -> None:
        """Keep the state of a stage after a step."""
        _write(self.path / f"{stage}.steps.json", state)


class Memory:
    """Stages that live as long as the process, for tests and quick calls."""

    def __init__(self) -> None:
        self._done: dict[str, dict[str, Any]] = {}
        self._steps: dict[str, dict[str, Any]] = {}

    def result(self, stage: str) -> dict[str, Any] | None:
        """Return the result of a finished stage, or None."""
        return self._done.get(stage)

    def finish(self, stage: str, result: Mapping[str, Any]) -> None:
        """Keep the result of a stage; what was kept of its steps goes."""
        self._done[stage] = dict(result)
        self._steps.pop(stage, None)

    def last_step(self, stage: str) -> dict[str, Any] | None:
        """Return the last step of a stage that was cut off, or None."""
        return self._steps.get(stage)

    def step(self, stage: str, state: Mapping[str, Any]) -> None:
        """Keep the state of a stage after a step."""
        self._steps[stage] = dict(state)


def default_root() -> Path:
    """Return the folder of all calculations: INTERLITH_CACHE, or one in the user's cache."""
    if "INTERLITH_CACHE" in os.environ:
        return Path(os.environ["INTERLITH_CACHE"]) / "atomistic"
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "interlith" / "atomistic"


def folder_for(root: Path, label: str, inputs: Mapping[str, Any]) -> Folder:
    """Return the folder of a calculation: a readable label and a digest of all its inputs."""
    text = json.dumps({"method": METHOD, **inputs}, sort_keys=True)
    digest = hashlib.sha256(text.encode()).hexdigest()[:12]
    return Folder(root / f"{label}-{digest}")


def stages_in(root: Path | None, label: str, inputs: Mapping[str, Any]) -> Stages:
    """Return where a calculation is kept: a folder under `root`, or memory where that is None."""
    return Memory() if root is None else folder_for(root, label, inputs)


def staged(stages: Stages, stage: str, compute: Callable[[], Mapping[str, Any]]) -> dict[str, Any]:
    """Return the kept result of a stage, or compute and keep it."""
    kept = stages.result(stage)
    if kept is None:
        stages.finish(stage, compute())
        kept = stages.result(stage)
        assert kept is not None
    return kept


def _read(path: Path) -> dict[str, Any] | None:
    """Return what a file holds; a file cut off by a crash counts as absent."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    return found if isinstance(found, dict) else None


def _write(path: Path, data: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, partial = tempfile.mkstemp(prefix=".partial-", dir=path.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(data, file)
    Path(partial).replace(path)
