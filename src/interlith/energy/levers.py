"""What can be turned: choices of the cell, fields of the design, values the library assumes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from interlith.cell.overrides import COMPOSITE
from interlith.energy.fields import FIELDS, OPTIONAL, POUCH
from interlith.energy.subject import Subject
from interlith.materials.quantity import to_si
from interlith.materials.reading import read_mapping

__all__ = ["Lever", "choices", "levers_of"]

DATA = Path(__file__).with_name("data") / "levers.yaml"
LIMIT_UNITS = {"loading": "kg/m2", "active_mass_fraction": "1"}
SHOWN = {
    "thickness": ("um", 1e-6),
    "loading": ("mg/cm2", 0.01),
    "active_mass_fraction": ("1", 1.0),
    "porosity": ("1", 1.0),
    "density": ("g/cm3", 1e3),
    "specific_capacity": ("mAh/g", 3600.0),
    "mean_voltage": ("V", 1.0),
}
"""Unit in which people read a number, by the last name of its path, and its size in SI."""


@dataclass(frozen=True, slots=True)
class Lever:
    """One number that can be changed.

    Parameters
    ----------
    path
        Path of `Subject`.
    title
        In words.
    role
        ``choice`` (the cell file sets it), ``outcome`` (of a discharge), or the kind of a value of
        the design or the library.
    value, low, high
        At present, and the two ends that a bar shows (SI).
    limit
        How far the inverse question may go (SI), or None where it may not turn this lever.
    reason
        Why these ends.
    unit, scale
        Unit in which people read it, and its size in SI.
    """

    path: str
    title: str
    role: str
    value: float
    low: float
    high: float
    limit: float | None
    reason: str
    unit: str
    scale: float

    def text(self, value: float) -> str:
        """Return a value for people."""
        number = f"{value / self.scale:.3g}"
        return number if self.unit == "1" else f"{number} {self.unit}"


def levers_of(subject: Subject) -> list[Lever]:
    """Return every lever of a subject whose two ends differ."""
    found = [*choices(subject), *_design_levers(subject), *_library_levers(subject)]
    return [lever for lever in found if lever.low < lever.high]


def choices(subject: Subject) -> Iterator[Lever]:
    """Yield the choices of the cell file; layers of one kind are told apart by their material."""
    for key, row in _table().items():
        for path, name in _places(subject, row["path"]):
            value = subject.value(path)
            low, high = _ends(row["vary"], value)
            if key == "active_mass_fraction":
                high = min(high, _most_active(subject))
            title = f"{row['title']}{name}"
            unit, scale = SHOWN[path.rpartition(".")[2]]
            limit = _limit(subject, key, row.get("limit"))
            role = "outcome" if path.startswith("delivered") else "choice"
            yield Lever(path, title, role, value, low, high, limit, row["reason"], unit, scale)


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    return read_mapping(DATA, trusted=True)


def _places(subject: Subject, path: str) -> Iterator[tuple[str, str]]:
    """Yield the paths of a row of the table, with the material where there are several."""
    if "." in path:
        yield path, ""
        return
    layers = subject.cell.layers
    same = [index for index, layer in enumerate(layers) if layer.kind == path]
    for index in same:
        name = f", {layers[index].material}" if len(same) > 1 else ""
        yield f"layers.{index}.thickness", name


def _ends(vary: Mapping[str, Any], value: float) -> tuple[float, float]:
    if "times" in vary:
        low, high = vary["times"]
        return value * low, value * high
    low, high = vary["plus"]
    return max(value + low, 0.5 * value), value + high


def _most_active(subject: Subject) -> float:
    """Return the largest active share that leaves some electrolyte beside the additive."""
    return 0.99 - (subject.cathode.additive_mass_fraction or 0.0)


def _limit(subject: Subject, key: str, given: str | None) -> float | None:
    """Return how far the inverse question may turn a lever."""
    if given is None:
        return None
    if key == "specific_capacity":
        return _all_of_the_curve(subject)
    limit = to_si(given, LIMIT_UNITS.get(key, "m"))
    return min(limit, _most_active(subject)) if key == "active_mass_fraction" else limit


def _all_of_the_curve(subject: Subject) -> float:
    """Return the charge per active mass between the ends of the published potential (C/kg)."""
    curve = subject.library[subject.cathode.material].curves["open_circuit_potential"]
    made = subject.composition
    return (curve.valid[1] - curve.valid[0]) * made.lithium_capacity / made.active.areal_mass


def _design_levers(subject: Subject) -> Iterator[Lever]:
    """Yield the fields of the design with a range."""
    left_out = POUCH if subject.design.format == "stack" else OPTIONAL
    for name, used in subject.design.values.items():
        if used.low is None or used.high is None or name in left_out:
            continue
        row = FIELDS[name]
        title = name.replace("_", " ")
        yield Lever(
            f"design.{name}", title, used.kind if used.kind != "given" else "choice", used.value,
            used.low, used.high, None, used.source, row.shown, row.scale,
        )  # fmt: skip


def _library_levers(subject: Subject) -> Iterator[Lever]:
    """Yield the densities and porosities of the library that have a range and are used."""
    for name, item, title in _library_places(subject):
        used = subject.library[name][item]
        if used.low is None or used.high is None:
            continue
        unit, scale = SHOWN["porosity" if item.endswith("porosity") else item]
        yield Lever(
            f"library.{name}.{item}", title, used.kind, used.value, used.low, used.high, None,
            used.source_line(), unit, scale,
        )  # fmt: skip


def _library_places(subject: Subject) -> Iterator[tuple[str, str, str]]:
    """Yield material, property and words of what is taken from the library."""
    cathode = subject.cathode
    if cathode.porosity is None:
        yield COMPOSITE, "porosity", "porosity of the cathode"
    names = [solid.material for solid in subject.composition.components]
    own = {layer.material for layer in subject.cell.layers if "density" in layer.properties}
    for layer in subject.cell.layers[:-1]:
        names.append(layer.material)
        if layer.kind == "interlayer" and "pressed_porosity" not in layer.properties:
            yield layer.material, "pressed_porosity", f"pressed porosity of {layer.material}"
    names += subject.design.materials.values()
    for name in dict.fromkeys(names):
        if name not in own:
            yield name, "density", f"density of {name}"
