"""Loads PyBaMM and BPX when they are first needed: neither comes with a plain installation."""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any

from interlith.errors import InterlithError

__all__ = ["MissingExtraError", "load_bpx", "load_pybamm"]


class MissingExtraError(InterlithError):
    """A library that only an extra installs is missing."""


def load_pybamm() -> Any:
    """Import PyBaMM without its telemetry.

    Returns
    -------
    module
        ``pybamm``.

    Raises
    ------
    MissingExtraError
        If it is not installed.
    """
    # It asks whether it may report on its use, and reports, unless told otherwise beforehand.
    os.environ.setdefault("PYBAMM_DISABLE_TELEMETRY", "true")
    return _load("pybamm", "PyBaMM")


def load_bpx() -> Any:
    """Import the library of the Battery Parameter eXchange format.

    Returns
    -------
    module
        ``bpx``.

    Raises
    ------
    MissingExtraError
        If it is not installed.
    """
    return _load("bpx", "BPX")


def _load(name: str, title: str) -> Any:
    """Import a module, or say how to get it."""
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        message = f"{title} is not installed: pip install 'interlith[pybamm]'"
        raise MissingExtraError(message) from None
