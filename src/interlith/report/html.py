"""The page: one HTML file that opens offline, with every picture inside it."""

from __future__ import annotations

import shlex
import sys
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from interlith.report.life import LIFE_PICTURES
from interlith.report.life_tables import forming_facts, life_tables, outcome_in_words
from interlith.report.pictures import PICTURES, Picture
from interlith.report.reported import ResultLike, RunLike
from interlith.report.tables import (
    interval,
    key_facts,
    laws,
    number,
    run_facts,
    sources,
    stack,
    value_groups,
    versions,
)
from interlith.report.view import RunView, View, known
from interlith.report.wording import cause_in_words, outcome

if TYPE_CHECKING:
    from jinja2 import Environment

    from interlith.simulation.interlayer import Evolution

__all__ = [
    "Plate",
    "cell_file",
    "comparison_page",
    "data_uri",
    "environment",
    "imprint",
    "life_plates",
    "plates",
    "report_page",
]


@dataclass(frozen=True)
class Plate:
    """A picture on the page, or the sentence that says why it is not there."""

    name: str
    title: str
    caption: str
    source: str = ""

    @property
    def shown(self) -> bool:
        """Whether there is a picture."""
        return bool(self.source)


def data_uri(picture: bytes, kind: str = "svg+xml") -> str:
    """Return a picture as an address that holds the picture itself."""
    return f"data:image/{kind};base64,{b64encode(picture).decode('ascii')}"


def plates(
    pictures: Sequence[Picture[Any]], view: RunView, drawn: Mapping[str, bytes]
) -> list[Plate]:
    """Return all pictures of a report in order; `drawn` holds the SVG files by name."""
    return [
        Plate(p.name, p.title, p.caption(view), data_uri(drawn[p.name]))
        if p.name in drawn
        else Plate(p.name, p.title, p.omitted(view) or "Left out.")
        for p in pictures
    ]


def life_plates(evolution: Evolution, drawn: Mapping[str, bytes]) -> list[Plate]:
    """Return the pictures of an evolution in order; `drawn` holds the SVG files by name."""
    return [
        Plate(p.name, p.title, p.caption(evolution), data_uri(drawn[p.name]))
        for p in LIFE_PICTURES
        if p.name in drawn
    ]


def report_page(result: ResultLike, drawn: Mapping[str, bytes], command: str | None = None) -> str:
    """Return the report of one result; `drawn` holds its pictures as SVG by name."""
    view = View(result)
    evolution = view.evolution
    formed = getattr(result, "conversion", None)
    return (
        environment()
        .get_template("report.html")
        .render(
            title=view.name,
            stack=stack(view),
            verdict=outcome(view),
            explanation=result.ccd.explanation if result.ccd else "",
            status=result.status,
            facts=[*key_facts(view), *(forming_facts(formed) if formed else ())],
            life=life_tables(formed) if formed else None,
            formed=outcome_in_words(formed) if formed else "",
            life_plates=life_plates(evolution, drawn) if evolution is not None else [],
            plates=plates(PICTURES, view, drawn),
            half_cycles=_half_cycle_rows(view),
            value_groups=value_groups(result.used_values),
            laws=laws(result),
            run=run_facts(result),
            cell_file=cell_file(result),
            sources=sources(result.used_values),
            **imprint(command or result.dataset.attrs.get("command")),
        )
    )


def comparison_page(
    results: Sequence[ResultLike],
    title: str,
    picture: Plate,
    measured: Sequence[tuple[str, float]],
    command: str | None = None,
    note: str = "",
) -> str:
    """Return the report of several results: one table, one picture; `note` is about the table."""
    views = [View(result) for result in results]
    return (
        environment()
        .get_template("comparison.html")
        .render(
            title=title,
            rows=[_comparison_row(view, dict(measured)) for view in views],
            has_measured=bool(measured),
            unmatched=[
                (label, value) for label, value in measured if label not in {v.name for v in views}
            ],
            note=note,
            picture=picture,
            assumed=[(view.name, _doubtful(view)) for view in views],
            sources=sources([used for result in results for used in result.used_values]),
            **imprint(command),
        )
    )


def _comparison_row(view: View, measured: Mapping[str, float]) -> dict[str, str]:
    ccd = view.result.ccd
    return {
        "name": view.name,
        "stack": stack(view),
        "verdict": outcome(view),
        "interval": interval(view) if ccd else "–",
        "measured": number(measured.get(view.name), "mA/cm²"),
        "cause": cause_in_words(ccd).removeprefix(" ").removeprefix("by ") if ccd else "–",
        "half_cycle": number(ccd.half_cycle_areal_capacity_mAh_cm2) if ccd else "–",
        "cumulative": number(ccd.cumulative_areal_capacity_mAh_cm2) if ccd else "–",
        "polarisation": number(view.polarisation_scale * 1e3) if len(view.hours) else "–",
        "status": view.result.status,
    }


def _doubtful(view: View) -> dict[str, int]:
    """Return how many values of each kind a result rests on."""
    return {kind: len(rows) for kind, _, rows in value_groups(view.result.used_values)}


def _half_cycle_rows(view: View) -> list[dict[str, str]]:
    return [
        {
            "number": str(c.number),
            "current": number(c.current_mA_cm2),
            "plates": c.plating_side if known(c.current_mA_cm2) else "–",
            "start": number(c.start_h),
            "end": number(c.end_h),
            "capacity": number(c.areal_capacity_mAh_cm2),
            "end_voltage": number(c.end_voltage_mV),
            "largest_voltage": number(c.largest_voltage_mV),
            "outcome": c.outcome,
        }
        for c in view.half_cycles
    ]


def cell_file(result: RunLike) -> str:
    """Return the cell as YAML, or nothing where it cannot be written."""
    to_yaml = getattr(result.cell, "to_yaml", None)
    return str(to_yaml()) if callable(to_yaml) else ""


def imprint(command: str | None) -> dict[str, object]:
    """Return what every page says of its making."""
    now = datetime.now(UTC)
    return {
        "date": now.strftime("%Y-%m-%d %H:%M UTC"),
        "year": now.year,
        "command": command or _own_command(),
        "versions": versions(),
        "version": dict(versions())["interlith"],
    }


def _own_command() -> str:
    """Return the command line of this process, without the folder the program lies in."""
    return shlex.join([PurePath(sys.argv[0]).name or "python", *sys.argv[1:]])


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Return jinja2 with the package's templates; everything put into a page is escaped."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("interlith.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
