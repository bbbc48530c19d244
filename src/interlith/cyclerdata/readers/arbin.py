"""Arbin's .res: a database of Microsoft Access with a table of records and one of tests."""

from __future__ import annotations

import polars as pl

from interlith.cyclerdata.contents import CELL, Contents, Reader, Wishes
from interlith.cyclerdata.frames import Found, contents_of
from interlith.cyclerdata.headings import heading
from interlith.cyclerdata.readers.arbin_text import COLUMNS
from interlith.cyclerdata.sandbox import run_apart
from interlith.cyclerdata.source import Source
from interlith.cyclerdata.vocabulary import pick_columns

__all__ = ["READER"]

_MAGIC = (b"Standard Jet DB", b"Standard ACE DB")
_FACTS = {
    "Test_Name": "file",
    "Creator": "operator",
    "Schedule_File_Name": "programme",
    "Comments": "comments",
    "Item_ID": "cell",
    "Software_Version": "software",
}


def recognises(source: Source) -> bool:
    """Return whether a file is a database of Access."""
    return source.head[4:19] in _MAGIC


def read(source: Source, wishes: Wishes) -> Contents:
    """Return the records of all tests in a file."""
    del wishes
    apart = run_apart("res", source)
    if apart.frame.is_empty():
        raise source.fault("records", "none", "at least one record")
    names = list(apart.frame.columns)
    picks = pick_columns([heading(name) for name in names], COLUMNS)
    values = {label: apart.frame.to_series(pick.index) for label, pick in picks.items()}
    tests = apart.said.get("ids", {})
    if CELL in values and len(tests) > 1:
        numbers = values[CELL].cast(pl.String)
        values[CELL] = numbers.replace(tests) if len(set(tests.values())) == len(tests) else numbers
    recorded = _said(apart.said.get("facts", {})) if len(tests) <= 1 else {}
    found = Found(values, picks, names)
    return contents_of(source, found, convention="charge", recorded=recorded)


def _said(facts: dict[str, str]) -> dict[str, str]:
    recorded = {fact: facts[name] for name, fact in _FACTS.items() if facts.get(name)}
    try:
        mass = float(facts.get("MASS", "0"))
    except ValueError:
        mass = 0.0
    # In grams; 1 and 0 are what stands there until somebody weighs.
    if mass not in (0.0, 1.0):
        recorded["mass"] = f"{mass:.6g} g"
    return recorded


READER = Reader("arbin-res", "Arbin .res", recognises, read)
