"""BioLogic's .mpr, by galvani (GPL, so it stays an extra and in a process of its own)."""

from __future__ import annotations

import struct

from interlith.cyclerdata.contents import Contents, Reader, Wishes
from interlith.cyclerdata.frames import Found, contents_of
from interlith.cyclerdata.headings import heading
from interlith.cyclerdata.readers.eclab_columns import COLUMNS, RAW, said_in, with_current
from interlith.cyclerdata.sandbox import run_apart
from interlith.cyclerdata.source import Source
from interlith.cyclerdata.vocabulary import pick_columns
from interlith.extra import need

__all__ = ["READER"]

_MAGIC = b"BIO-LOGIC MODULAR FILE"


# Where the module of settings keeps what an .mpt header says: recalled, then checked on the .mpr
# files that have an .mpl or .mps beside them (EC-Lab 11.4 and 11.6); no specification is published.
# The characteristic mass is left out, for its unit (g or mg) was not found.
_TEXTS = {"Comments": 0x007, "Electrode material": 0x11E, "Electrolyte": 0x1C0}
_NUMBERS = {"Mass of active material": (0x107, "mg"), "Electrode surface area": (0x211, "cm²")}


def _settings(data: bytes) -> list[str]:
    """Return settings as lines of an .mpt header."""
    lines = []
    for name, place in _TEXTS.items():
        length = data[place] if place < len(data) else 0
        text = data[place + 1 : place + 1 + length].decode("cp1252", "replace")
        if text.strip() and len(text) == length:
            lines.append(f"{name} : {'; '.join(text.split(chr(13) + chr(10)))}")
    for name, (place, unit) in _NUMBERS.items():
        if place + 4 <= len(data):
            (number,) = struct.unpack_from("<f", data, place)
            if 1e-6 < number < 1e6:
                lines.append(f"{name} : {number:.4g} {unit}")
    return lines


def recognises(source: Source) -> bool:
    """Return whether a file begins as .mpr does."""
    return source.head.startswith(_MAGIC)


def read(source: Source, wishes: Wishes) -> Contents:
    """Return the table and the spectra of a technique."""
    need("galvani")
    apart = run_apart("mpr", source)
    if apart.frame.is_empty():
        raise source.fault("records", "none", "at least one record")
    names = list(apart.frame.columns)
    headings = [heading(name) for name in names]
    picks = pick_columns(headings, COLUMNS)
    raw = {
        there.key: (there, apart.frame.to_series(at))
        for at, there in enumerate(headings)
        if there.key in RAW
    }
    found = Found(
        values={label: apart.frame.to_series(pick.index) for label, pick in picks.items()},
        picks=picks,
        headings=names,
    )
    notes: list[str] = []
    found = with_current(found, raw, notes)
    recorded, more = said_in(_settings(bytes.fromhex(apart.said.get("settings", ""))))
    notes += more
    recorded = {"started": str(apart.said.get("started", "")), **recorded}
    return contents_of(source, found, convention="charge", notes=notes, recorded=recorded)


READER = Reader("eclab-mpr", "BioLogic EC-Lab .mpr", recognises, read)
