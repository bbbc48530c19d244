"""The tables of a report: rows of text, ready for the page."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import metadata
from typing import TYPE_CHECKING

from interlith.errors import InterlithError
from interlith.materials.used import DOUBT_ORDER, doubtful_first
from interlith.report.reported import RunLike
from interlith.report.view import MPA, RunView, View, known
from interlith.units import format_si, from_si

if TYPE_CHECKING:
    from interlith.materials.used import UsedValue

__all__ = [
    "Fact",
    "ValueRow",
    "cell_facts",
    "doubt",
    "key_facts",
    "laws",
    "run_facts",
    "sources",
    "stack",
    "value_groups",
    "versions",
]

LIBRARIES = (
    "interlith",
    "numpy",
    "scipy",
    "numba",
    "scikit-sundae",
    "xarray",
    "pint",
    "matplotlib",
)
SHOWN_ELSEWHERE = frozenset(
    [
        "title", "status", "reason", "laws", "command", "date",
        "software", "cell_yaml", "summary", "used_values",
    ]
)  # fmt: skip
_QUANTITY = re.compile(r"\s*[-+]?[\d.]+(?:[eE][-+]?\d+)?\s*(.*)")
GROUPS = {
    "assumed": "not measured for this system; the range says how far it may be off",
    "fitted": "adjusted so that the model meets measured rows",
    "computed": "from first-principles or other calculations",
    "measured": "from experiments",
    "given": "from the cell file",
}

Fact = tuple[str, str]


@dataclass(frozen=True)
class ValueRow:
    """A used value as text."""

    where: str
    property: str
    value: str
    range: str
    kind: str
    source: str


def number(value: float | None, unit: str = "", digits: int = 4, missing: str = "–") -> str:
    """Return a number with its unit, or `missing` where there is none."""
    finite = known(value)
    return missing if finite is None else f"{finite:.{digits}g} {unit}".strip()


def key_facts(view: View) -> list[Fact]:
    """Return the numbers that head a report."""
    return [*_ccd_facts(view), *cell_facts(view), *_test_facts(view)]


def _ccd_facts(view: View) -> list[Fact]:
    ccd = view.result.ccd
    if ccd is None:
        return []
    facts = [
        ("Criterion", ccd.criterion),
        ("Last passing step", number(view.last_passing, "mA/cm²", missing="none")),
        ("First failing step", number(view.first_failing, "mA/cm²", missing="none")),
        ("Why it failed", ccd.cause or ""),
        ("Electrode that failed", ccd.electrode or ""),
        (
            "Areal capacity of a half-cycle",
            number(ccd.half_cycle_areal_capacity_mAh_cm2, "mAh/cm²"),
        ),
        ("Cumulative areal capacity", number(ccd.cumulative_areal_capacity_mAh_cm2, "mAh/cm²")),
    ]
    shown = [(label, text) for label, text in facts if text]
    return [("Critical current density (CCD)", interval(view)), *shown]


def interval(view: View) -> str:
    """Return the critical current density as the interval that the test supports."""
    passing, failing = view.last_passing, view.first_failing
    if view.unfinished and failing is None:
        return "not known: the run did not finish"
    if passing is None and failing is None:
        return "–"
    if failing is None:
        return f"above {passing:.4g} mA/cm²"
    if passing is None:
        return f"below {failing:.4g} mA/cm²"
    return f"{passing:.4g} to {failing:.4g} mA/cm²"


def stack(view: RunView) -> str:
    """Return the layers in order, for example ``Li | Li6PS5Cl | Li``."""
    layers = getattr(view.result.cell, "layers", ())
    return " | ".join(
        str(getattr(layer, "material", None) or getattr(layer, "kind", "?")) for layer in layers
    )


def cell_facts(view: RunView) -> list[Fact]:
    """Return the conditions that the cell file gives."""
    quantities = (
        ("Temperature", "temperature", "temperature"),
        ("Stack pressure at the start", "stack_pressure", "pressure"),
        ("Area", "area", "area"),
    )
    found = [
        (label, getattr(view.result.cell, name, None), kind) for label, name, kind in quantities
    ]
    return [(label, _quantity(value, kind)) for label, value, kind in found if value is not None]


def _quantity(value: object, dimension: str) -> str:
    text = format_si(float(value), dimension) if isinstance(value, int | float) else str(value)
    return text.replace("degC", "°C").replace("^2", "²")


def _test_facts(view: View) -> list[Fact]:
    if len(view.hours) < 2:
        return []
    facts = [
        ("Length of the test", number(view.duration, "h")),
        (
            "Largest polarisation in a passing half-cycle",
            number(view.polarisation_scale * 1e3, "mV"),
        ),
    ]
    if view.has("stack_pressure"):
        pressure = view.series("stack_pressure", MPA)
        ends = dict.fromkeys(f"{end:.4g}" for end in (pressure.min(), pressure.max()))
        facts.append(("Stack pressure during the test", f"{' to '.join(ends)} MPa"))
    return facts


def doubt(values: Sequence[UsedValue]) -> str:
    """Return in one sentence on how many values of which kind a result rests, doubtful first."""
    counts = [f"{len(rows)} {kind}" for kind, _meaning, rows in value_groups(values)]
    return f"The numbers rest on {', '.join(counts)} values." if counts else ""


def value_groups(values: Sequence[UsedValue]) -> list[tuple[str, str, list[ValueRow]]]:
    """Return kind, what it means and its rows, in the order of doubt: assumed values first."""
    ordered = doubtful_first(list(values))
    kinds = dict.fromkeys([*DOUBT_ORDER, *(used.kind for used in ordered)])
    groups = [(kind, [_value_row(used) for used in ordered if used.kind == kind]) for kind in kinds]
    return [(kind, GROUPS.get(kind, ""), rows) for kind, rows in groups if rows]


def _value_row(used: UsedValue) -> ValueRow:
    unit = given_unit(used)
    return ValueRow(
        where=used.where,
        property=used.property.replace("_", " "),
        value=_in_unit(used.value, unit),
        range=_range(used, unit),
        kind=used.kind,
        source=used.source or "–",
    )


def given_unit(used: UsedValue) -> str:
    """Return the unit that the value was written in, or its SI unit where that cannot be read."""
    match = _QUANTITY.fullmatch(used.given or "")
    unit = match.group(1).strip() if match else used.unit
    return unit if _convertible(unit) else used.unit


@lru_cache(maxsize=512)
def _convertible(unit: str) -> bool:
    try:
        from_si(1.0, unit)
    except InterlithError:
        return False
    return True


def _in_unit(value: float, unit: str) -> str:
    return f"{_converted(value, unit):.4g} {_shown(unit)}".strip()


def _converted(value: float, unit: str) -> float:
    return from_si(value, unit) if _shown(unit) and _convertible(unit) else value


def _shown(unit: str) -> str:
    return "" if unit in {"1", "dimensionless"} else unit


def _range(used: UsedValue, unit: str) -> str:
    low, high = known(used.low), known(used.high)
    if low is None and high is None:
        return "–"
    ends = ["?" if end is None else f"{_converted(end, unit):.4g}" for end in (low, high)]
    return f"{ends[0]} to {ends[1]} {_shown(unit)}".strip()


def sources(values: Sequence[UsedValue]) -> list[str]:
    """Return every source of a value that somebody published, once, in alphabetical order."""
    published = {used.source for used in values if used.kind in {"measured", "computed", "fitted"}}
    return sorted(source for source in published if source)


def laws(result: RunLike) -> list[Fact]:
    """Return which law was used in which place, from the result, its dataset or the cell."""
    found = getattr(result, "laws", None) or result.dataset.attrs.get("laws")
    found = found or getattr(result.cell, "models", None)
    if isinstance(found, str):
        found = _parsed(found)
    if not isinstance(found, Mapping):
        return []
    return [(str(slot).replace("_", " "), str(name)) for slot, name in found.items()]


def _parsed(text: str) -> object:
    """Read a mapping from an attribute: netCDF attributes hold text only."""
    try:
        return json.loads(text)
    except ValueError:
        return {"laws": text}


def run_facts(result: RunLike) -> list[Fact]:
    """Return how the run went: status, steps, times and what else the dataset says of itself."""
    facts = [("Status", result.status), ("Reason", result.reason or "–")]
    facts += [(_words(name), _plain(value)) for name, value in dict(result.timings).items()]
    attrs = result.dataset.attrs.items()
    return facts + [
        (_words(str(name)), _plain(value))
        for name, value in attrs
        if str(name) not in SHOWN_ELSEWHERE
    ]


def _words(name: str) -> str:
    """Return a key as words; a trailing ``_s`` is the unit second."""
    text = f"{name[:-2]} (s)" if name.endswith("_s") else name
    return text.replace("_", " ").capitalize()


def _plain(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


@lru_cache(maxsize=1)
def versions() -> tuple[Fact, ...]:
    """Return the installed versions of this package and of what the numbers depend on."""
    return tuple((name, _version(name)) for name in LIBRARIES)


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed"
