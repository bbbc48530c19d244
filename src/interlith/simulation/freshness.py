"""Keeps compiled code in step with its source.

numba's disk cache looks at the file of the outermost function only: a changed law would leave the
compiled loop that calls it as it was. Here a fingerprint of all compiled sources is kept beside the
cache, and a changed one empties it. Nothing is imported that compiles.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent
COMPILED_ROOMS = ("numerics", "physics", "simulation")
LOOP = "kernel.program_loop-*.nbi"
FULL_CELL = "full_cell.full_rates-*.nbi"
STAMP = ".interlith-compiled"


def cache_folders() -> list[Path]:
    """Folders in which numba keeps the compiled code of the package.

    Returns
    -------
    list of Path
        Existing or not.
    """
    chosen = os.environ.get("NUMBA_CACHE_DIR")
    if chosen:
        return [Path(chosen)]
    return [PACKAGE / room / "__pycache__" for room in COMPILED_ROOMS]


def fingerprint() -> str:
    """Hash of all sources whose compiled form is cached.

    Returns
    -------
    str
        Hexadecimal digest.
    """
    digest = hashlib.sha256()
    for room in COMPILED_ROOMS:
        for path in sorted((PACKAGE / room).glob("*.py")):
            text = path.read_bytes()
            if b"njit" in text or b"import types" in text or b"NamedTuple" in text:
                digest.update(path.name.encode())
                digest.update(text)
    return digest.hexdigest()


def drop_stale_code() -> None:
    """Empty the cache of compiled code if a source has changed since it was filled."""
    now = fingerprint()
    stamp = cache_folders()[-1] / STAMP
    try:
        if stamp.read_text(encoding="utf-8") == now:
            return
    except OSError:
        pass
    for folder in cache_folders():
        for path in [*folder.rglob("*.nbi"), *folder.rglob("*.nbc")]:
            path.unlink(missing_ok=True)
    try:
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.write_text(now, encoding="utf-8")
    except OSError:
        # A read-only installation has no cache to go stale.
        return


def compilation_pending(full: bool = False) -> bool:
    """Tell whether the next simulation compiles the equations first, which happens once.

    Parameters
    ----------
    full : bool, optional
        Ask for those of a full cell.

    Returns
    -------
    bool
        True if no up-to-date compiled loop lies in the cache.
    """
    stamp = cache_folders()[-1] / STAMP
    try:
        if stamp.read_text(encoding="utf-8") != fingerprint():
            return True
    except OSError:
        return True
    return not any(
        True for folder in cache_folders() for _ in folder.rglob(FULL_CELL if full else LOOP)
    )
