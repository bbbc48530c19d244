"""A second look at a cell that can be simulated: what in it is unusual enough to ask about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from pydantic import BaseModel

from interlith.cell.bounds import BOUNDS
from interlith.cell.cathode import CompositeCathode
from interlith.cell.cell import Cell
from interlith.cell.composition import FARADAY, composition_of
from interlith.cell.expand import iterate_steps
from interlith.cell.layers import Electrode
from interlith.cell.overrides import Shelf
from interlith.cell.quantity import Bounded
from interlith.units import format_si, to_unit

if TYPE_CHECKING:
    from interlith.materials import Library, UsedValue

__all__ = ["CheckReport", "check", "warnings_of"]

# CRC Handbook of Chemistry and Physics, 95th ed. (2014): lithium melts at 180.50 degC.
LITHIUM_MELTS_K = 453.65
MOST_STEPS_LOOKED_AT = 20_000
# Layered oxides give off 0.6 to 0.9 of their lithium in use.
LEAST_USE = 0.3
# Above this content of lithium an oxide has hardly a place left for more.
FULL_OF_LITHIUM = 0.95
# How far a limit may lie above the last known potential before it is worth a word.
VOLTAGE_ROUND_OFF = 5e-3


@dataclass(frozen=True)
class CheckReport:
    """What `check` found: warnings, and the values that a simulation will use."""

    warnings: tuple[str, ...]
    values: tuple[UsedValue, ...] = ()


def check(
    cell: Cell, library: Library | None = None, values: Sequence[UsedValue] = ()
) -> CheckReport:
    """Return warnings about a cell, beside the values to be used as the simulation lists them.

    Problems that prevent a simulation have been raised when the cell was read.
    """
    return CheckReport(tuple(warnings_of(cell, library)), tuple(values))


def warnings_of(cell: Cell, library: Library | None = None) -> list[str]:
    """Return what is allowed but unusual about a cell, one sentence each."""
    shelf = Shelf(library or library_of(cell))
    found = [*_untypical(cell, ""), *_temperature(cell), *_pressure(cell)]
    found += _interphases(cell, shelf.library)
    found += _outside_library(cell, shelf)
    if cell.cathode is not None:
        return [*found, *_cathode(cell, cell.cathode, shelf.library)]
    return [*found, *_inventory(cell, shelf)]


def library_of(cell: Cell) -> Library:
    """Return the library with the user's files that the cell names laid on top."""
    from interlith.materials import Library

    return Library.load(cell.materials)


def _untypical(model: BaseModel, where: str) -> Iterator[str]:
    """Yield a warning for each quantity outside its typical range."""
    for name, field in type(model).model_fields.items():
        path = f"{where}.{field.alias or name}".lstrip(".")
        value = getattr(model, name)
        for part, at in _parts(value, path):
            yield from _untypical(part, at)
        marks = [mark for mark in field.metadata if isinstance(mark, Bounded)]
        typical = BOUNDS[marks[0].name].typical if marks else None
        if typical is None or not isinstance(value, float):
            continue
        low, high = typical
        size = abs(value) if BOUNDS[marks[0].name].signed else value
        if not low <= size <= high:
            shown = [
                format_si(number, BOUNDS[marks[0].name].dimension) for number in (value, low, high)
            ]
            yield f"{path} is {shown[0]}; usual is {shown[1]} to {shown[2]}"


def _parts(value: object, path: str) -> Iterator[tuple[BaseModel, str]]:
    """Yield the models inside a field with their paths."""
    if isinstance(value, BaseModel):
        yield value, path
    elif isinstance(value, tuple):
        for index, inner in enumerate(value):
            if isinstance(inner, BaseModel):
                yield inner, f"{path}.{index}"


def _temperature(cell: Cell) -> Iterator[str]:
    given = {"temperature": cell.temperature}
    if cell.conversion is not None and cell.conversion.temperature is not None:
        given["conversion.temperature"] = cell.conversion.temperature
    for field, temperature in given.items():
        if temperature >= LITHIUM_MELTS_K:
            yield f"{field} is {temperature - 273.15:.1f} degC; lithium melts at 180.5 degC"


def _pressure(cell: Cell) -> Iterator[str]:
    if cell.stack_pressure == 0.0:
        yield "stack_pressure is 0 MPa; no creep will refill voids"


def _interphases(cell: Cell, library: Library) -> Iterator[str]:
    """Yield a warning for each interphase that is known from another electrolyte."""
    kinds = [layer.kind for layer in cell.layers]
    first, last = kinds.index("electrolyte"), len(kinds) - 1 - kinds[::-1].index("electrolyte")
    for index, beside in ((first - 1, first), (last + 1, last)):
        layer = cell.layers[index]
        name = library[layer.material].relations.get("sei")
        own = getattr(layer, "sei", None)
        if name is None or (own is not None and own.material is not None):
            continue
        known = library[name].relations.get("electrolyte")
        electrolyte = cell.layers[beside].material
        if known is not None and library[electrolyte].formula != library[known].formula:
            yield (
                f"layers.{index}: the interphase {name} is known beside {known}; beside "
                f"{electrolyte} it is a guess (sei: {{material: ...}} names another)"
            )


def _outside_library(cell: Cell, shelf: Shelf) -> Iterator[str]:
    """Yield a warning for each override outside the range that the library gives."""
    for index, layer in enumerate(cell.layers):
        known = shelf.of_layer(layer.material)
        for name, text in layer.properties.items():
            library = known[name][1]
            low, high = library.low, library.high
            value = to_unit(text, library.unit)
            if (low is not None and value < low) or (high is not None and value > high):
                yield (
                    f"layers.{index}.properties.{name} is {text}; the library gives {low:g} to "
                    f"{high:g} {library.unit}"
                )


def _cathode(cell: Cell, cathode: CompositeCathode, library: Library) -> Iterator[str]:
    """Yield what is unusual about a cathode, alone and beside the rest of its cell."""
    where = f"layers.{len(cell.layers) - 1}"
    made = composition_of(cathode, library)
    typical = BOUNDS["layer_thickness"].typical
    if cathode.thickness is None and typical and not typical[0] <= made.thickness <= typical[1]:
        shown = [format_si(number, "length") for number in (made.thickness, *typical)]
        yield f"{where} becomes {shown[0]} thick; usual is {shown[1]} to {shown[2]}"
    if cell.capacity is not None:
        yield from _use_of_lithium(cell.capacity, made.lithium_capacity, where)
    yield from _first_current(cell, cathode, library)
    yield from _beyond_known_potentials(cell, cathode, library)


def _use_of_lithium(capacity: float, held: float, where: str) -> Iterator[str]:
    """Yield a warning when 1C stands for more or far less than the cathode's lithium."""
    if not LEAST_USE * held <= capacity <= held:
        shown = [format_si(charge, "areal_capacity") for charge in (capacity, held)]
        yield f"capacity is {shown[0]}; {where} holds {shown[1]} of lithium in all"


def _first_current(cell: Cell, cathode: CompositeCathode, library: Library) -> Iterator[str]:
    """Yield a warning when a cathode that is full of lithium is discharged first."""
    made = library[cathode.material]["as_made_stoichiometry"]
    filled = cathode.override(made.name, made.unit) or made.value
    steps = islice(iterate_steps(cell), MOST_STEPS_LOOKED_AT)
    first = next((step for step in steps if step.control in ("current", "power")), None)
    if first is not None and first.value > 0.0 and filled > FULL_OF_LITHIUM:
        yield (
            f"the first current is a discharge, but {cathode.material} is made full of lithium "
            f"(x = {filled:g}): charge first"
        )


def _beyond_known_potentials(
    cell: Cell, cathode: CompositeCathode, library: Library
) -> Iterator[str]:
    """Yield a warning when a voltage lies above the last potential that the source covers."""
    curve = library[cathode.material].curves["open_circuit_potential"]
    highest = float(curve.values(curve.valid[0]))
    asked = 0.0
    for step in islice(iterate_steps(cell), MOST_STEPS_LOOKED_AT):
        held = step.value if step.control == "voltage" else 0.0
        asked = max(asked, held, step.voltage_upper or 0.0)
    if asked > highest + VOLTAGE_ROUND_OFF:
        shown = [format_si(volts, "voltage") for volts in (asked, highest)]
        yield (
            f"the protocol goes up to {shown[0]}; the potential of {cathode.material} is known up "
            f"to {shown[1]} (x = {curve.valid[0]:g})"
        )


def _inventory(cell: Cell, shelf: Shelf) -> Iterator[str]:
    """Yield a warning when the protocol strips more lithium than an electrode holds."""
    right, left = _deepest_strips(cell)
    last = len(cell.layers) - 1
    for index, electrode, taken in (
        (0, cell.electrodes[0], left),
        (last, cell.electrodes[1], right),
    ):
        held = _lithium(electrode, shelf.library, cell.temperature)
        if held is not None and taken > held:
            shown = format_si(taken, "areal_capacity"), format_si(held, "areal_capacity")
            yield f"layers.{index}: the protocol strips {shown[0]}, the electrode holds {shown[1]}"


def _lithium(electrode: Electrode, library: Library, temperature: float) -> float | None:
    """Return the lithium of an electrode in C/m2, None where its molar volume is not known."""
    volume = library[electrode.material].get("molar_volume")
    if volume is None:
        return None
    given = electrode.override("molar_volume", volume.unit)
    fraction = electrode.magnesium_fraction if volume.composition else None
    return electrode.thickness / (given or volume.at(temperature, fraction)) * FARADAY


def _deepest_strips(cell: Cell) -> tuple[float, float]:
    """Return the largest net charge (C/m2) stripped from the right and from the left electrode."""
    charge = lowest = highest = 0.0
    for step in islice(iterate_steps(cell), MOST_STEPS_LOOKED_AT):
        if step.control == "current":
            size = min(abs(step.value) * step.duration_s, step.areal_capacity or float("inf"))
            charge += size if step.value > 0.0 else -size
            lowest, highest = min(lowest, charge), max(highest, charge)
    return -lowest, highest
