"""Neware's binary files, by fastnda: .nda (one stream) and .ndax (an archive of streams)."""

from __future__ import annotations

from typing import Any

from interlith.cyclerdata import columns
from interlith.cyclerdata.contents import Contents, Reader, Wishes
from interlith.cyclerdata.frames import Found, contents_of
from interlith.cyclerdata.headings import heading
from interlith.cyclerdata.sandbox import run_apart
from interlith.cyclerdata.source import Source
from interlith.cyclerdata.vocabulary import column, pick_columns, with_own

__all__ = ["NDA", "NDAX"]

_COLUMNS = with_own(
    (
        column(columns.TEST_TIME, "totaltime"),
        column(columns.STEP_TIME, "steptime"),
        column(columns.UNIX_TIME, "unixtime"),
        column("Step Net Capacity / Ah", "capacity"),
        column("Step Net Energy / Wh", "energy"),
    )
)
_FACTS = {
    "starttime": "started",
    "start_time": "started",
    "barcode": "cell",
    "remark": "comments",
    "remarks": "comments",
    "creator": "operator",
    "client_version": "software",
    "active_mass_mg": "mass",
}
# What BTS writes where nobody entered a mass.
_MASS_PLACEHOLDERS = ("1.0", "0.0")


def _said(facts: dict[str, Any]) -> tuple[dict[str, str], list[str]]:
    recorded: dict[str, str] = {}
    notes = []
    for name, value in facts.items():
        fact = _FACTS.get(name.removesuffix(".Value").rpartition(".")[2].lower())
        text = str(value).strip()
        if not fact or not text or fact in recorded:
            continue
        if fact == "mass":
            if text in _MASS_PLACEHOLDERS:
                notes.append(f"mass {text} mg is Neware's placeholder, not a record of the mass")
                continue
            text = f"{text} mg"
        recorded[fact] = text
    return recorded, notes


def _read(source: Source, wishes: Wishes, kind: str) -> Contents:
    apart = run_apart(kind, source)
    damage = [str(text) for text in apart.said.get("damage", [])]
    if damage and not wishes.format_named:
        expected = f"an undamaged file; to read what can be read of it: --format neware-{kind}"
        raise source.fault("contents", "; ".join(damage), expected)
    if apart.frame.is_empty():
        raise source.fault("records", "none", "at least one record; the test was never started")
    names = list(apart.frame.columns)
    headings = [heading(name) for name in names]
    picks = pick_columns(headings, _COLUMNS)
    found = Found(
        values={label: apart.frame.to_series(pick.index) for label, pick in picks.items()},
        picks=picks,
        headings=names,
    )
    recorded, notes = _said(apart.said.get("facts", {}))
    notes += [str(text) for text in apart.said.get("warnings", [])]
    notes += [f"damaged: {text}" for text in damage]
    return contents_of(source, found, convention="charge", notes=notes, recorded=recorded)


def recognises_nda(source: Source) -> bool:
    """Return whether a file begins as those of BTS do."""
    return source.head.startswith(b"NEWARE")


def recognises_ndax(source: Source) -> bool:
    """Return whether a file is an archive that names a Neware stream."""
    return source.head.startswith(b"PK\x03\x04") and b".ndc" in source.head + source.tail


def read_nda(source: Source, wishes: Wishes) -> Contents:
    """Return the records of a .nda file."""
    return _read(source, wishes, "nda")


def read_ndax(source: Source, wishes: Wishes) -> Contents:
    """Return the records of a .ndax file."""
    return _read(source, wishes, "ndax")


NDA = Reader("neware-nda", "Neware .nda", recognises_nda, read_nda)
NDAX = Reader("neware-ndax", "Neware .ndax", recognises_ndax, read_ndax)
