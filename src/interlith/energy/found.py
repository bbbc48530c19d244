"""What the question for the energy gives back: levels, what was delivered, assumptions, gaps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import Any

from interlith.cell.overrides import COMPOSITE
from interlith.energy.delivered import MAH_CM2, MAH_G
from interlith.energy.fields import OPTIONAL
from interlith.energy.layers import stack_of
from interlith.energy.level import GROUPS, Level, Part
from interlith.energy.pouch import Pouch, cell_of
from interlith.energy.sensitivity import Bar, bars_of
from interlith.energy.subject import Subject
from interlith.energy.waterfall import Drop, waterfall_of
from interlith.materials import UsedValue
from interlith.materials.used import doubtful_first
from interlith.units import format_si

__all__ = ["Energy"]

WARM = 333.15  # K; above this a cell has to be kept warm
TO_MG_CM2 = 100.0  # from kg/m2
UM, MM, G, CM3 = 1e6, 1e3, 1e3, 1e6


@dataclass(frozen=True)
class Energy:
    """Energy per mass and volume of a cell in a design.

    Parameters
    ----------
    subject
        Cell, design and what a discharge delivers.
    """

    subject: Subject

    @cached_property
    def stack(self) -> Level:
        """The repeating unit, per m2 of cathode."""
        return stack_of(self.subject)

    @cached_property
    def cell(self) -> Level | None:
        """The whole pouch; None in the format ``stack``."""
        return None if self.subject.design.format == "stack" else cell_of(self.subject)

    @property
    def level(self) -> Level:
        """The outermost level that was asked for."""
        return self.cell or self.stack

    @property
    def Wh_kg(self) -> float:
        """Specific energy of the level asked for (Wh/kg)."""
        return self.level.Wh_kg

    @property
    def Wh_L(self) -> float:
        """Energy density of the level asked for, charged volume (Wh/L)."""
        return self.level.Wh_L

    @cached_property
    def waterfall(self) -> tuple[Drop, ...]:
        """Specific energy from the active material down to the level asked for."""
        return waterfall_of(self.level)

    @cached_property
    def sensitivity(self) -> tuple[Bar, ...]:
        """What would raise the specific energy, most first."""
        return bars_of(self.subject)

    @cached_property
    def assumptions(self) -> list[UsedValue]:
        """Every value that entered, assumed ones first."""
        return doubtful_first(list(_values(self.subject)))

    @cached_property
    def not_counted(self) -> list[str]:
        """What is not in the mass or in the volume, in sentences."""
        return list(_gaps(self.subject))

    def summary(self) -> dict[str, Any]:
        """Return the answer as plain numbers and text (what ``--json`` prints).

        Returns
        -------
        dict
            ``stack`` and ``cell`` with ``Wh_kg`` and ``Wh_L`` (charged volume; ``cell`` is None in
            the format ``stack``), ``delivered``, ``waterfall``, ``sensitivity``, ``assumptions``
            by place and property, ``not_counted``.
        """
        subject, delivered = self.subject, self.subject.delivered
        return {
            "name": subject.cell.name,
            "design": {"name": subject.design.name, "format": subject.design.format},
            "stack": _stack_entry(self.stack),
            "cell": _cell_entry(self.cell, Pouch(subject)) if self.cell else None,
            "delivered": {
                "areal_capacity_mAh_cm2": subject.areal_capacity / MAH_CM2,
                "specific_capacity_mAh_g": delivered.specific_capacity / MAH_G,
                "mean_voltage_V": delivered.mean_voltage,
                "source": delivered.source,
                "cycle": delivered.cycle,
                "basis": delivered.basis,
            },
            "volume": "of the charged state where nothing else is said",
            "excess_lithium_over_capacity": self.excess_lithium,
            "waterfall": [_drop_entry(drop) for drop in self.waterfall],
            "sensitivity": [_bar_entry(bar) for bar in self.sensitivity],
            "assumptions": {f"{v.where}: {v.property}": _value_entry(v) for v in self.assumptions},
            "not_counted": self.not_counted,
        }

    @property
    def excess_lithium(self) -> float:
        """Charge of the lithium put there over that of a discharge."""
        parts = self.stack.parts
        plated = sum(part.charged_volume - part.volume for part in parts if part.group == "lithium")
        there = sum(part.volume for part in parts if part.group == "lithium")
        return there / plated

    def plot(self, name: str = "waterfall") -> Any:
        """Draw a picture.

        Parameters
        ----------
        name
            ``waterfall`` or ``sensitivity``.

        Returns
        -------
        matplotlib.figure.Figure
            The picture.
        """
        return import_module("interlith.report.energy").draw(self, name)


def _stack_entry(level: Level) -> dict[str, Any]:
    return {
        "Wh_kg": level.Wh_kg,
        "Wh_L": level.Wh_L,
        "Wh_L_discharged": level.Wh_L_discharged,
        "mass_mg_cm2": level.mass * TO_MG_CM2,
        "thickness_um": level.volume * UM,
        "charged_thickness_um": level.charged_volume * UM,
        "parts": [
            {
                **_part_words(part),
                "mass_mg_cm2": part.mass * TO_MG_CM2,
                "thickness_um": part.volume * UM,
                "charged_thickness_um": part.charged_volume * UM,
            }
            for part in level.parts
        ],
    }


def _cell_entry(level: Level, pouch: Pouch) -> dict[str, Any]:
    width, length = pouch.outer_size
    return {
        "Wh_kg": level.Wh_kg,
        "Wh_L": level.Wh_L,
        "Wh_L_discharged": level.Wh_L_discharged,
        "energy_Wh": level.energy / 3600.0,
        "capacity_Ah": pouch.capacity / 3600.0,
        "mass_g": level.mass * G,
        "volume_cm3": level.volume * CM3,
        "charged_volume_cm3": level.charged_volume * CM3,
        "outer_size_mm": [width * MM, length * MM, pouch.thickness(charged=True) * MM],
        "electrode_pairs": pouch.pairs,
        "negative_collectors": pouch.negative_collectors,
        "positive_collectors": pouch.positive_collectors,
        "parts": [
            {
                **_part_words(part),
                "mass_g": part.mass * G,
                "volume_cm3": part.volume * CM3,
                "charged_volume_cm3": part.charged_volume * CM3,
            }
            for part in level.parts
        ],
    }


def _part_words(part: Part) -> dict[str, Any]:
    return {"part": part.name, "group": GROUPS[part.group]}


def _drop_entry(drop: Drop) -> dict[str, Any]:
    return {"counted": drop.name, "mass_kg": drop.mass, "Wh_kg": drop.Wh_kg}


def _bar_entry(bar: Bar) -> dict[str, Any]:
    lever = bar.lever
    return {
        "lever": lever.title,
        "path": lever.path,
        "role": lever.role,
        "present": lever.text(lever.value),
        "low": lever.text(lever.low),
        "high": lever.text(lever.high),
        "Wh_kg_at_low": bar.at_low[0],
        "Wh_kg_at_high": bar.at_high[0],
        "Wh_L_at_low": bar.at_low[1],
        "Wh_L_at_high": bar.at_high[1],
        "gain_Wh_kg": bar.gain,
        "reason": lever.reason,
    }


def _value_entry(value: UsedValue) -> dict[str, Any]:
    return {
        "value": value.value,
        "unit": value.unit,
        "given": value.given,
        "kind": value.kind,
        "source": value.source,
        "low": value.low,
        "high": value.high,
    }


def _values(subject: Subject) -> Iterator[UsedValue]:
    """Yield every value that entered the mass, the volume or the energy."""
    yield from subject.design.used()
    yield from _layer_values(subject)
    yield from _library_values(subject)


def _layer_values(subject: Subject) -> Iterator[UsedValue]:
    """Yield what the cell file says of its layers."""
    for index, layer in enumerate(subject.cell.layers):
        where = f"layers.{index} {layer.material}"
        for name, dimension, unit in (
            ("thickness", "length", "m"),
            ("loading", "areal_density", "kg/m2"),
            ("active_mass_fraction", "fraction", "1"),
            ("additive_mass_fraction", "fraction", "1"),
            ("porosity", "fraction", "1"),
        ):
            value = getattr(layer, name, None)
            if value is not None and not (layer.kind == "interlayer" and name == "porosity"):
                shown = format_si(value, dimension)
                yield UsedValue(where, name, value, unit, shown, "given", "cell file")


def _library_values(subject: Subject) -> Iterator[UsedValue]:
    """Yield what was taken from the library, or from a layer's own properties, each once."""
    seen: set[tuple[str, str]] = set()
    for material, item, index in _taken(subject):
        layer = None if index is None else subject.cell.layers[index]
        value = _library_value(subject, material, item, layer, f"layers.{index} {material}")
        if (value.where, item) not in seen:
            seen.add((value.where, item))
            yield value


def _taken(subject: Subject) -> Iterator[tuple[str, str, int | None]]:
    """Yield material, property, and the layer whose own properties come first."""
    more = {"interlayer": "pressed_porosity", "electrode": "molar_volume"}
    last = len(subject.cell.layers) - 1
    for index, layer in enumerate(subject.cell.layers[:-1]):
        yield layer.material, "density", index
        if layer.kind in more:
            yield layer.material, more[layer.kind], index
    for solid in subject.composition.components:
        active = solid is subject.composition.active
        yield solid.material, "density", last if active else None
    yield subject.cathode.material, "maximum_lithium_concentration", last
    if subject.cathode.porosity is None:
        yield COMPOSITE, "porosity", last
    for field, name in subject.design.materials.items():
        if subject.design.format == "pouch" or field.endswith("collector"):
            yield name, "density", None


def _library_value(subject: Subject, material: str, item: str, layer: Any, where: str) -> UsedValue:
    """Return one value with its provenance."""
    found = subject.library[material][item]
    own = None if layer is None else layer.override(item, found.unit)
    if own is not None:
        given = str(layer.properties[item])
        return UsedValue(where, item, own, found.unit, given, "given", "cell file")
    return UsedValue(
        material, item, found.value, found.unit, found.given, found.kind, _source_of(found),
        found.low, found.high,
    )  # fmt: skip


def _source_of(found: Any) -> str:
    return str(found.source) if found.source else found.note


def _gaps(subject: Subject) -> Iterator[str]:
    """Yield what is not counted."""
    design, cell = subject.design, subject.cell
    if design.format == "stack":
        yield "Film, tabs, overhang and end collector: the stack is the repeating unit alone."
    elif "extra_mass" not in design.values:
        pressure = format_si(cell.stack_pressure, "pressure")
        yield (
            f"Hardware that keeps the stack pressure of {pressure} (plates, springs): no mass is "
            "known; give extra_mass and extra_volume of the design."
        )
    for name in OPTIONAL:
        if design.format == "pouch" and name not in design.values and "extra_mass" in design.values:
            yield f"{name} of the design is not given."
    yield (
        "Binder, coating of the particles and interphases: not in the cell file, so not weighed; "
        "binder of a sheet is usually 0.5 to 3 % of a layer."
    )
    if cell.temperature > WARM:
        degrees = cell.temperature - 273.15
        yield f"Energy, heater and insulation that keep the cell at {degrees:.0f} degC."
    if subject.delivered.source == "open circuit":
        yield "Overpotentials and what a discharge cannot reach: give --result for them."
    yield f"The area of the cell file, {format_si(cell.area, 'area')}: it is that of the test cell."
