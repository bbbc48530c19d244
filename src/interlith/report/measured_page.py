"""One-file page of an analysis of measured data: the numbers of its JSON, its pictures."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from interlith.report.html import Plate, data_uri, environment, imprint

__all__ = ["measured_page"]

MOST_ROWS = 300
CHECKLIST = ("area", "electrolyte thickness", "temperature", "stack pressure", "mass")
HIDDEN = ("status", "notes", "recorded")


def measured_page(
    title: str,
    verdict: str,
    data: Mapping[str, Any],
    drawn: Mapping[str, bytes],
    *,
    recorded: Mapping[str, str] | None = None,
    notes: Sequence[str] = (),
    command: str | None = None,
) -> str:
    """Return the page of an analysis.

    Parameters
    ----------
    title, verdict : str
        Heading and outcome in a sentence.
    data : mapping
        What ``--json`` prints: single numbers become facts, lists of entries tables; units stand in
        the names.
    drawn : mapping of str to bytes
        Pictures as SVG by name.
    recorded : mapping of str to str, optional
        What the file says of the cell, for the reporting checklist.
    notes : sequence of str, optional
        What was mended or is missing.
    command : str, optional
        Command line to show.

    Returns
    -------
    str
        HTML that opens offline.
    """
    said = dict(recorded or {})
    checklist = [(name, said.pop(name, "not recorded")) for name in CHECKLIST]
    return (
        environment()
        .get_template("measured.html")
        .render(
            title=title,
            stack="",
            verdict=verdict,
            explanation="",
            status="completed",
            facts=_facts(data),
            tables=list(_tables(data)),
            plates=[
                Plate(name, _words(name).capitalize(), "", data_uri(svg))
                for name, svg in drawn.items()
            ],
            checklist=[*checklist, *said.items()],
            notes=notes,
            sources=[],
            **imprint(command),
        )
    )


def _words(name: str) -> str:
    return name.replace("_", " ").replace("-", " ")


def _facts(data: Mapping[str, Any], before: str = "") -> list[tuple[str, str]]:
    """Single values, with those of entries one level below."""
    facts = []
    for name, value in data.items():
        if name in HIDDEN:
            continue
        if isinstance(value, Mapping) and not before:
            facts += _facts(value, f"{_words(name)}: ")
        elif value is None or isinstance(value, str | bool | int | float):
            facts.append((before + _words(name), _cell(value)))
    return facts


def _tables(data: Mapping[str, Any], before: str = "") -> Any:
    """Lists of entries and mappings of entries as tables: title, heads, rows, what is left out."""
    for name, value in data.items():
        heading = f"{before}{_words(name)}"
        if (
            isinstance(value, Mapping)
            and value
            and all(isinstance(v, Mapping) for v in value.values())
        ):
            yield _table(heading, [{"name": key, **entry} for key, entry in value.items()])
        elif isinstance(value, Mapping):
            yield from _tables(value, f"{heading}: ")
        elif isinstance(value, list) and value and all(isinstance(v, Mapping) for v in value):
            yield _table(heading, value)


def _table(title: str, entries: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    heads = [
        name
        for name in entries[0]
        if not any(isinstance(e.get(name), Mapping | list) for e in entries)
    ]
    return {
        "title": title,
        "heads": [_words(head) for head in heads],
        "rows": [[_cell(entry.get(head)) for head in heads] for entry in entries[:MOST_ROWS]],
        "more": max(len(entries) - MOST_ROWS, 0),
    }


def _cell(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.4g}" if math.isfinite(value) else "–"
    return str(value)
