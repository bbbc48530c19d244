"""Measured data: from a cycler's file to the short, the resistances and the fade.

>>> from interlith.cyclerdata import read
>>> read("cell.ndax").table  # doctest: +SKIP

`reading` opens any file by its `readers`; `recording` and `spectrum` are what they give, `columns`
their names. `ccd`, `cycling` and `impedance` analyse them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from interlith.cyclerdata.reading import read, read_all, read_spectra
    from interlith.cyclerdata.recording import Recording
    from interlith.cyclerdata.spectrum import Spectrum

__all__ = ["Recording", "Spectrum", "read", "read_all", "read_spectra"]

_HOMES = {
    "Recording": "recording",
    "Spectrum": "spectrum",
    "read": "reading",
    "read_all": "reading",
    "read_spectra": "reading",
}


def __getattr__(name: str) -> object:
    """Load a public name on first use (PEP 562): polars takes a tenth of a second."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
