"""Hypothesis strategies for random valid cells and protocols, for property-based tests.

hypothesis is imported here only, so it is needed by those who test and by nobody else.

>>> from hypothesis import given
>>> from interlith.cell.strategies import cells
>>> @given(cells())
... def test_lithium_is_conserved(cell): ...
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from interlith.cell.bounds import BOUNDS, Bound, property_bound
from interlith.cell.cell import Cell
from interlith.cell.overrides import Shelf
from interlith.units import dimension_of_unit, exact_text

if TYPE_CHECKING:
    from interlith.materials import Library, Property

__all__ = [
    "cathodes",
    "cells",
    "full_cells",
    "full_protocols",
    "items",
    "layer_stacks",
    "property_overrides",
    "protocols",
    "quantities",
]

FAMILY_MEMBERS = ("Mg2Bi84", "Mg8Bi84", "Mg24Bi84@atomic", "Mg16Bi84@weight")
# A property is drawn from its range, and without one from this factor up and down.
SPREAD = 3.0
# Narrower than the typical range of `BOUNDS` where a test of the physics needs it.
MODERATE: dict[str, tuple[float, float]] = {
    "area": (1e-5, 1e-3),
    "fixture_stiffness": (1e9, 1e12),
    "stack_pressure": (1e5, 5e7),
    "porosity": (0.05, 0.6),
    "magnesium_fraction": (0.0, 0.4),
    "current_magnitude": (0.1, 50.0),
    "current": (0.1, 50.0),
    "current_cutoff": (1e-3, 0.1),
    "voltage": (1e-3, 0.3),
    "power": (1e-3, 1.0),
    "duration": (1.0, 7200.0),
    "step_capacity": (36.0, 7.2e4),
    "cell_capacity": (3600.0, 1.8e5),
    "loading": (0.01, 0.5),
    "active_mass_fraction": (0.3, 0.9),
    "additive_mass_fraction": (0.005, 0.05),
    "particle_radius": (0.5e-6, 5e-6),
}


def _bounded_floats(low: float, high: float) -> st.SearchStrategy[float]:
    """Return numbers spread evenly in their logarithm, of 4 digits, both ends among them."""
    if low <= 0.0 or high / low < 10.0:
        between = st.floats(low, high, allow_subnormal=False)
    else:
        powers = st.floats(0.0, 1.0, allow_subnormal=False)
        between = powers.map(lambda share: low * (high / low) ** share)
    rounded = between.map(lambda value: min(max(float(f"{value:.4g}"), low), high))
    return st.one_of(rounded, rounded, rounded, st.sampled_from([low, high]))


@lru_cache(maxsize=256)
def quantities(name: str, extreme: bool = False) -> st.SearchStrategy[str]:
    """Return texts of a quantity named in `BOUNDS`: moderate ones, or anything that is allowed."""
    bound = BOUNDS[name]
    low, high = _limits(bound, MODERATE.get(name), extreme)
    numbers = _bounded_floats(low, high)
    if bound.signed:
        numbers = st.builds(lambda size, sign: size * sign, numbers, st.sampled_from([1.0, -1.0]))
    return numbers.map(lambda value: exact_text(value, bound.dimension))


def _limits(
    bound: Bound, moderate: tuple[float, float] | None, extreme: bool
) -> tuple[float, float]:
    if not extreme:
        return moderate or bound.typical or (bound.low, bound.high)
    margin = 1e-3 if bound.open_ends else 0.0
    return bound.low + margin, bound.high - margin


def _optional(fields: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=fields)


def property_overrides(
    known: dict[str, tuple[str, Property]], most: int = 3
) -> st.SearchStrategy[dict[str, str]]:
    """Return overrides of up to `most` properties, within the ranges of the library."""
    if not known or most == 0:
        return st.just({})
    names = st.lists(st.sampled_from(sorted(known)), max_size=most, unique=True)
    return names.flatmap(
        lambda chosen: st.fixed_dictionaries(
            {name: _property(name, *known[name]) for name in chosen}
        )
    )


def _property(name: str, category: str, library: Property) -> st.SearchStrategy[str]:
    """Return values of one property as text in its SI unit."""
    dimension = dimension_of_unit(library.unit) or "dimensionless"
    known = [value for value in (library.value, library.low, library.high) if value is not None]
    bound = property_bound(name, dimension, category, known)
    low, high = sorted((library.value / SPREAD, library.value * SPREAD))
    low = max(library.low if library.low is not None else low, bound.low)
    high = min(library.high if library.high is not None else high, bound.high)
    unit = "" if dimension == "dimensionless" else f" {library.unit}"
    inside = _bounded_floats(low, high) if low < high else st.just(library.value)
    return inside.map(lambda value: f"{value!r}{unit}")


@st.composite
def layer_stacks(
    draw: st.DrawFn,
    library: Library | None = None,
    most_interlayers: int = 2,
    most_overrides: int = 3,
    extreme: bool = False,
) -> list[dict[str, Any]]:
    """Return the layers of a cell, left to right, as they stand in a cell file."""
    shelf = Shelf(library or _default_library())

    def side() -> list[dict[str, Any]]:
        return draw(_sides(shelf, most_interlayers, most_overrides, extreme))

    middle = draw(_separators(shelf, most_overrides, extreme))
    return [*side(), *middle, *reversed(side())]


@st.composite
def _plain_layers(
    draw: st.DrawFn,
    shelf: Shelf,
    category: str,
    more: dict[str, st.SearchStrategy[Any]],
    most_overrides: int,
    extreme: bool,
) -> dict[str, Any]:
    """Return one layer of a category with a thickness."""
    extra = FAMILY_MEMBERS if category == "interlayer" and "Mg16Bi84" in shelf.library else ()
    material = draw(st.sampled_from([*shelf.library.names(category), *extra]))
    overrides = draw(property_overrides(shelf.of_layer(material), most_overrides))
    thickness = draw(quantities("layer_thickness", extreme))
    if not shelf.has_composition(material):
        more = {name: more[name] for name in more if name != "magnesium_fraction"}
    given = {"material": material, "thickness": thickness, **draw(_optional(more))}
    return {**given, "properties": overrides} if overrides else given


@st.composite
def _sides(
    draw: st.DrawFn, shelf: Shelf, most_interlayers: int, most_overrides: int, extreme: bool
) -> list[dict[str, Any]]:
    """Return a lithium electrode and its interlayers, from the metal to the electrolyte."""

    def layer(category: str, more: dict[str, st.SearchStrategy[Any]]) -> dict[str, Any]:
        return draw(_plain_layers(shelf, category, more, most_overrides, extreme))

    metal = layer("metal", {"magnesium_fraction": quantities("magnesium_fraction", extreme)})
    count = draw(st.integers(0, most_interlayers))
    more = {
        "particle_size": quantities("particle_size", extreme),
        "porosity": quantities("porosity", extreme),
        "state": st.sampled_from(["formed", "pristine"]),
        "host_lithiated": quantities("host_lithiated", extreme),
    }
    stack = [metal, *(layer("interlayer", more) for _ in range(count))]
    sei = {
        "material": st.sampled_from(shelf.library.names("sei")),
        "thickness": quantities("sei_thickness", extreme),
    }
    stack[-1].update(draw(_optional({"sei": _optional(sei)})))
    return stack


@st.composite
def _separators(
    draw: st.DrawFn, shelf: Shelf, most_overrides: int, extreme: bool
) -> list[dict[str, Any]]:
    """Return one or two electrolyte layers."""
    roughness = {"roughness": quantities("roughness", extreme)}
    one = _plain_layers(shelf, "electrolyte", roughness, most_overrides, extreme)
    return [draw(one) for _ in range(draw(st.integers(1, 2)))]


@st.composite
def cathodes(
    draw: st.DrawFn,
    library: Library | None = None,
    most_overrides: int = 3,
    extreme: bool = False,
) -> dict[str, Any]:
    """Return composite cathodes as they stand in a cell file."""
    shelf = Shelf(library or _default_library())
    names = shelf.library.names
    material = draw(st.sampled_from(names("active")))
    active = draw(quantities("active_mass_fraction", extreme))
    given: dict[str, Any] = {
        "material": material,
        **draw(_extent(extreme)),
        "active_mass_fraction": active,
        "electrolyte": draw(_electrolytes(names("electrolyte"))),
    }
    room = 0.5 * (1.0 - float(active))
    if draw(st.booleans()) and room > 1e-6:
        share = min(float(draw(quantities("additive_mass_fraction", extreme))), room)
        given |= {"additive": draw(st.sampled_from(names("compound")))}
        given |= {"additive_mass_fraction": repr(share)}
    given |= draw(_particles(extreme))
    more = {
        "porosity": quantities("porosity", extreme),
        "interphase": st.sampled_from(names("cathode_interphase")),
    }
    given |= draw(_optional(more))
    overrides = draw(property_overrides(shelf.of_layer(material), most_overrides))
    return {**given, "properties": overrides} if overrides else given


def _extent(extreme: bool) -> st.SearchStrategy[dict[str, str]]:
    """Return a loading or a thickness."""
    return st.one_of(
        quantities("loading", extreme).map(lambda loading: {"loading": loading}),
        quantities("layer_thickness", extreme).map(lambda length: {"thickness": length}),
    )


def _electrolytes(names: list[str]) -> st.SearchStrategy[Any]:
    """Return the name of one electrolyte, or two with shares in percent that add up."""
    pair = st.lists(st.sampled_from(names), min_size=2, max_size=2, unique=True)
    mixed = st.builds(
        lambda two, percent: {two[0]: f"{percent} %", two[1]: f"{100 - percent} %"},
        pair,
        st.integers(1, 99),
    )
    return st.one_of(st.sampled_from(names), mixed)


def _particles(extreme: bool) -> st.SearchStrategy[dict[str, Any]]:
    """Return nothing, a radius, or two sizes with their shares."""
    radius = quantities("particle_radius", extreme)
    two = st.builds(
        lambda small, large, percent: {
            "particle_sizes": [
                {"radius": small, "share": f"{percent} %"},
                {"radius": large, "share": f"{100 - percent} %"},
            ]
        },
        radius,
        radius,
        st.integers(1, 99),
    )
    return st.one_of(st.just({}), radius.map(lambda size: {"particle_radius": size}), two)


def _default_library() -> Library:
    from interlith.materials import Library

    return Library.default()


def _ends(limits: dict[str, str], extreme: bool) -> st.SearchStrategy[dict[str, Any]]:
    """Return ``for`` and ``until`` of a step, with a time always, so that every step ends."""
    choices = {name: quantities(bound, extreme) for name, bound in limits.items()}
    until = _optional(choices).map(lambda found: list(found.values()))
    return st.builds(
        lambda time, found: {"for": time, **({"until": found} if found else {})},
        quantities("duration", extreme),
        until,
    )


@lru_cache(maxsize=2)
def items(extreme: bool = False) -> st.SearchStrategy[Any]:
    """Return single steps: rests, currents, voltages, powers, as mappings or sentences."""
    drives: list[st.SearchStrategy[Any]] = [
        quantities("duration", extreme).map(lambda time: {"rest": time}),
        quantities("duration", extreme).map(lambda time: f"Rest for {time}"),
    ]
    limits = {"charge": "step_capacity", "voltage": "voltage_limit"}
    for verb, bound in (("plate", "current_magnitude"), ("strip", "current_magnitude")):
        drives.append(_drive(verb, bound, limits, extreme))
        drives.append(_drive(verb, bound, limits, extreme).map(_as_sentence))
    drives.append(_drive("current", "current", limits, extreme))
    drives.append(_drive("voltage", "voltage", {"cut": "current_cutoff"}, extreme))
    drives.append(_drive("power", "power", limits, extreme))
    return st.one_of(drives)


def _drive(
    verb: str, bound: str, limits: dict[str, str], extreme: bool
) -> st.SearchStrategy[dict[str, Any]]:
    return st.builds(
        lambda value, ends: {verb: value, **ends},
        quantities(bound, extreme),
        _ends(limits, extreme),
    )


def _as_sentence(step: dict[str, Any]) -> str:
    """Return a step of constant current as a sentence."""
    verb = next(iter(step))
    until = f" or until {' or '.join(step['until'])}" if "until" in step else ""
    return f"{verb.capitalize()} at {step[verb]} for {step['for']}{until}"


@st.composite
def _half_cycles(draw: st.DrawFn, extreme: bool) -> dict[str, Any]:
    """Return what a critical-current and a cycling test have in common."""
    either = draw(st.sampled_from(["half_cycle_time", "areal_capacity"]))
    bound = "duration" if either == "half_cycle_time" else "step_capacity"
    more = {
        "rest": quantities("duration", extreme),
        "voltage_limit": quantities("voltage_limit", extreme),
        "continue_after_short": st.booleans(),
    }
    return {either: draw(quantities(bound, extreme)), **draw(_optional(more))}


@st.composite
def _ccd(draw: st.DrawFn, extreme: bool) -> dict[str, Any]:
    levels = draw(st.integers(1, 5))
    common = draw(_half_cycles(extreme))
    common["half_cycles_per_step"] = draw(st.integers(1, 3))
    if draw(st.booleans()):
        start = draw(st.integers(1, 20))
        step = draw(st.integers(1, 10))
        stop = start + step * (levels - 1) + draw(st.integers(0, step - 1))
        ramp = {"start": start, "step": step, "stop_at": stop}
        return {"ccd": {**{name: f"{0.1 * n!r} mA/cm2" for name, n in ramp.items()}, **common}}
    sizes = draw(st.lists(st.integers(1, 100), min_size=levels, max_size=levels, unique=True))
    currents = [f"{0.05 * size!r} mA/cm2" for size in sorted(sizes)]
    return {"ccd": {"currents": currents, **common}}


@st.composite
def _cycling(draw: st.DrawFn, extreme: bool) -> dict[str, Any]:
    current = draw(quantities("current_magnitude", extreme))
    cycles = draw(st.integers(1, 5))
    return {"cycling": {"current": current, "cycles": cycles, **draw(_half_cycles(extreme))}}


@lru_cache(maxsize=16)
def protocols(most_items: int = 4, extreme: bool = False) -> st.SearchStrategy[list[Any]]:
    """Return protocols as they stand in a cell file: steps, repeats, and the two kinds of tests."""
    single = items(extreme)
    repeat = st.builds(
        lambda times, steps: {"repeat": times, "steps": steps},
        st.integers(1, 3),
        st.lists(single, min_size=1, max_size=3),
    )
    item = st.one_of(single, single, repeat, _ccd(extreme), _cycling(extreme))
    return st.lists(item, min_size=1, max_size=most_items)


def _rated(verb: str, rate: str) -> dict[str, str]:
    return {verb: rate, "for": "1 h"}


@lru_cache(maxsize=16)
def full_protocols(most_items: int = 4, extreme: bool = False) -> st.SearchStrategy[list[Any]]:
    """Return protocols of a full cell with a capacity: charges, discharges, holds, rests."""
    limits = {"charge": "step_capacity", "voltage": "voltage_limit"}
    rates = st.sampled_from(["C/10", "0.5C", "2C"])
    drives: list[st.SearchStrategy[Any]] = [
        quantities("duration", extreme).map(lambda time: {"rest": time}),
        st.builds(
            lambda volts, rate: {"voltage": f"{volts!r} V", "for": "1 h", "until": rate},
            st.floats(2.5, 4.4).map(lambda volts: round(volts, 3)),
            rates,
        ),
    ]
    for verb in ("charge", "discharge"):
        step = _drive(verb, "current_magnitude", limits, extreme)
        drives += [step, step.map(_as_sentence)]
        drives.append(st.builds(_rated, st.just(verb), rates))
    warmed = st.builds(
        lambda step, temperature: {**step, "temperature": temperature},
        st.one_of(drives).filter(lambda step: isinstance(step, dict)),
        quantities("temperature", extreme),
    )
    single = st.one_of(*drives, warmed)
    repeat = st.builds(
        lambda times, steps: {"repeat": times, "steps": steps},
        st.integers(1, 3),
        st.lists(single, min_size=1, max_size=3),
    )
    return st.lists(st.one_of(single, single, repeat), min_size=1, max_size=most_items)


@st.composite
def full_cells(
    draw: st.DrawFn,
    library: Library | None = None,
    most_interlayers: int = 2,
    most_overrides: int = 3,
    most_items: int = 4,
    extreme: bool = False,
) -> Cell:
    """Return valid full cells; the parameters are those of `cells`."""
    shelf = Shelf(library or _default_library())
    stack = [
        *draw(_sides(shelf, most_interlayers, most_overrides, extreme)),
        *draw(_separators(shelf, most_overrides, extreme)),
        draw(cathodes(library, most_overrides, extreme)),
    ]
    values = {
        "name": "full cell",
        "temperature": draw(quantities("temperature", extreme)),
        "stack_pressure": draw(quantities("stack_pressure", extreme)),
        "area": draw(quantities("area", extreme)),
        "capacity": draw(quantities("cell_capacity", extreme)),
        "layers": stack,
        "protocol": draw(full_protocols(most_items, extreme)),
    }
    return Cell.read(values, library)


@st.composite
def cells(
    draw: st.DrawFn,
    library: Library | None = None,
    most_interlayers: int = 2,
    most_overrides: int = 3,
    most_items: int = 4,
    extreme: bool = False,
) -> Cell:
    """Return valid symmetric cells; `full_cells` has a cathode.

    Parameters
    ----------
    library
        Materials to choose from; the library of the package by default.
    most_interlayers
        Largest number of interlayers on each side.
    most_overrides
        Largest number of properties that a layer overrides.
    most_items
        Largest number of items in the protocol; each is written out into at most 29 steps.
    extreme
        True for anything that is allowed (1 nm to 1 cm, 200 to 500 K), False for values that a
        cell in a laboratory may have.
    """
    stack = draw(layer_stacks(library, most_interlayers, most_overrides, extreme))
    values = {
        "name": draw(st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)),
        "temperature": draw(quantities("temperature", extreme)),
        "stack_pressure": draw(quantities("stack_pressure", extreme)),
        "area": draw(quantities("area", extreme)),
        "layers": stack,
        "protocol": draw(protocols(most_items, extreme)),
    }
    more = {
        "fixture_stiffness": quantities("fixture_stiffness", extreme),
        "capacity": quantities("cell_capacity", extreme),
        "notes": st.text(st.characters(codec="utf-8"), max_size=50),
    }
    return Cell.read({**values, **draw(_optional(more))}, library)
