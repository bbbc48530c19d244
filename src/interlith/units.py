"""Quantities as people write them, turned into SI floats once, at the edge.

``to_si("20 um", "length")`` gives ``2e-05``. Inside the package there are only SI floats. pint is
imported when the first quantity is read; a text is parsed once and then remembered.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from interlith.errors import QuantityError, near_matches, shorten

if TYPE_CHECKING:
    from pint import UnitRegistry

__all__ = [
    "DIMENSIONS",
    "Dimension",
    "c_rate_multiple",
    "dimension_of_unit",
    "exact_text",
    "format_si",
    "from_si",
    "is_unit",
    "si_unit",
    "to_si",
    "to_unit",
    "unit_factor",
]

LONGEST_QUANTITY = 100
LARGEST_UNIT_EXPONENT = 12

_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_QUANTITY = re.compile(rf"\s*({_NUMBER}|[+-]?(?:nan|inf|infinity)\b)\s*(.*?)\s*", re.I | re.S)
_C_RATE = re.compile(rf"\s*({_NUMBER})?\s*C(?:\s*/\s*({_NUMBER}))?\s*")
_UNIT_FACTOR = re.compile(r"([A-Za-z_°%]+|1)(?:\^?(-?\d+(?:\.\d+)?))?")
# micro sign, Greek mu, ohm sign, Greek omega, middle dot, superscripts, typographic minus
_TRANSLATE = str.maketrans(
    {
        "\u00b5": "u",
        "\u03bc": "u",
        "\u2126": "ohm",
        "\u03a9": "ohm",
        "\u00b7": "*",
        "\u00b2": "2",
        "\u00b3": "3",
        "\u2212": "-",
    }
)
_ALIASES = {
    "Ohm": "ohm",
    "Ohms": "ohm",
    "ohms": "ohm",
    "°C": "degC",
    "°F": "degF",
    "sec": "s",
    "hr": "h",
    "hrs": "h",
    "mins": "min",
    "%": "percent",
    "Volt": "volt",
    "Volts": "volt",
    "Kelvin": "kelvin",
    "Celsius": "degC",
}


@dataclass(frozen=True)
class Dimension:
    """A kind of quantity: its SI unit, an example for messages and the units it is shown in.

    It is shown in the first unit that gives a number from `least` to 1000; `bare` allows no unit.
    """

    name: str
    phrase: str
    unit: str
    example: str
    shown: tuple[str, ...] = ()
    bare: bool = False
    least: float = 1.0


_TABLE = (
    Dimension("length", "a length", "m", "20 um", ("nm", "um", "mm", "cm", "m")),
    Dimension("area", "an area", "m^2", "0.785 cm^2", ("cm^2", "m^2")),
    Dimension("volume", "a volume", "m^3", "1 cm^3", ("cm^3", "m^3")),
    Dimension("time", "a time", "s", "1 h", ("h", "min", "s")),
    Dimension("rate", "a rate", "1/s", "1 1/s", ("1/s", "1/h")),
    Dimension("c_rate", "a C-rate", "1/s", "0.5C", ()),
    Dimension("temperature", "a temperature", "K", "25 degC", ("degC", "K")),
    Dimension("temperature_difference", "a temperature difference", "K", "10 K", ("K",)),
    Dimension("pressure", "a pressure", "Pa", "2.5 MPa", ("MPa", "GPa", "kPa", "Pa")),
    Dimension("voltage", "a voltage", "V", "50 mV", ("V", "mV"), least=0.01),
    Dimension("current", "a current", "A", "1 mA", ("mA", "uA", "A")),
    Dimension(
        "current_density",
        "a current density",
        "A/m^2",
        "1.2 mA/cm2",
        ("mA/cm2", "uA/cm2", "A/cm2", "A/m2"),
        least=0.01,
    ),
    Dimension(
        "volumetric_current",
        "a volumetric current density",
        "A/m^3",
        "1 A/cm3",
        ("mA/cm3", "A/cm3", "A/m3"),
    ),
    Dimension(
        "areal_capacity",
        "an areal capacity",
        "C/m^2",
        "1 mAh/cm2",
        ("mAh/cm2", "uAh/cm2", "Ah/cm2", "C/m2"),
        least=0.01,
    ),
    Dimension("specific_capacity", "a specific capacity", "C/kg", "200 mAh/g", ("mAh/g", "C/kg")),
    Dimension(
        "areal_power",
        "an areal power",
        "W/m^2",
        "1 mW/cm2",
        ("mW/cm2", "W/cm2", "W/m2"),
        least=0.01,
    ),
    Dimension(
        "areal_resistance",
        "an area-specific resistance",
        "ohm*m^2",
        "10 ohm*cm2",
        ("ohm*cm2", "ohm*m2"),
    ),
    Dimension(
        "areal_capacitance",
        "an area-specific capacitance",
        "F/m^2",
        "10 uF/cm2",
        ("uF/cm2", "mF/cm2", "F/m2"),
    ),
    Dimension("conductivity", "a conductivity", "S/m", "2 mS/cm", ("mS/cm", "S/cm", "S/m")),
    Dimension("resistivity", "a resistivity", "ohm*m", "100 ohm*cm", ("ohm*cm", "ohm*m")),
    Dimension(
        "conductance", "an area-specific conductance", "S/m^2", "0.1 S/cm2", ("S/cm2", "S/m2")
    ),
    Dimension(
        "stiffness",
        "a stiffness (stack pressure per change of height)",
        "Pa/m",
        "0.05 MPa/um",
        ("MPa/um", "Pa/m"),
    ),
    Dimension("density", "a density", "kg/m^3", "1.64 g/cm3", ("g/cm3", "kg/m3")),
    Dimension("molar_mass", "a molar mass", "kg/mol", "6.94 g/mol", ("g/mol", "kg/mol")),
    Dimension("molar_volume", "a molar volume", "m^3/mol", "13 cm3/mol", ("cm3/mol", "m3/mol")),
    Dimension("concentration", "a concentration", "mol/m^3", "1 mol/L", ("mol/L", "mol/m3")),
    Dimension("diffusivity", "a diffusivity", "m^2/s", "1e-8 cm2/s", ("cm2/s", "m2/s")),
    Dimension("mobility", "a mobility", "m^2/V/s", "1e-8 cm2/V/s", ("cm2/V/s", "m2/V/s")),
    Dimension("energy", "an energy", "J", "0.4 eV", ("eV", "J")),
    Dimension("molar_energy", "a molar energy", "J/mol", "37 kJ/mol", ("kJ/mol", "J/mol")),
    Dimension("interface_energy", "an interface energy", "J/m^2", "0.5 J/m2", ("J/m2", "mJ/m2")),
    Dimension(
        "fracture_toughness", "a fracture toughness", "Pa*m^0.5", "0.3 MPa*m^0.5", ("MPa*m^0.5",)
    ),
    Dimension("areal_density", "an areal density", "kg/m^2", "1 mg/cm2", ("mg/cm2", "kg/m2")),
    Dimension("volumetric_surface", "a surface area per volume", "1/m", "1e6 1/m", ("1/um", "1/m")),
    Dimension(
        "thermal_expansion", "a coefficient of thermal expansion", "1/K", "1e-5 1/K", ("1/K",)
    ),
    Dimension("velocity", "a velocity", "m/s", "1 nm/s", ("nm/s", "um/s", "m/s")),
    Dimension("dimensionless", "a number", "1", "0.3", ("",), bare=True),
    Dimension("fraction", "a fraction", "1", "0.3", ("",), bare=True),
)

DIMENSIONS: dict[str, Dimension] = {dimension.name: dimension for dimension in _TABLE}
"""Every kind of quantity that can be asked for by name."""


_LENGTH, _TIME, _PRESSURE = "meter^1", "second^1", "kilogram^1*meter^-1*second^-2"
_AREA, _VOLTAGE, _TEMPERATURE = "meter^2", "V", "kelvin^1"
_CURRENT_DENSITY, _CAPACITY = "ampere^1*meter^-2", "ampere^1*second^1*meter^-2"
_CAPACITANCE, _LOADING = "F/m2", "kilogram^1*meter^-2"
COMMON: dict[str, tuple[str, str, str]] = {
    "m": (_LENGTH, "1", "0"),
    "cm": (_LENGTH, "0.01", "0"),
    "mm": (_LENGTH, "0.001", "0"),
    "um": (_LENGTH, "0.000001", "0"),
    "nm": (_LENGTH, "1E-9", "0"),
    "m**2": (_AREA, "1", "0"),
    "cm**2": (_AREA, "0.0001", "0"),
    "s": (_TIME, "1", "0"),
    "min": (_TIME, "60", "0"),
    "minutes": (_TIME, "60", "0"),
    "h": (_TIME, "3600", "0"),
    "Pa": (_PRESSURE, "1", "0"),
    "kPa": (_PRESSURE, "1000", "0"),
    "MPa": (_PRESSURE, "1000000", "0"),
    "GPa": (_PRESSURE, "1000000000", "0"),
    "V": (_VOLTAGE, "1", "0"),
    "mV": (_VOLTAGE, "0.001", "0"),
    "K": (_TEMPERATURE, "1", "0"),
    "degC": (_TEMPERATURE, "1", "273.15"),
    "A/m**2": (_CURRENT_DENSITY, "1", "0"),
    "A/cm**2": (_CURRENT_DENSITY, "10000", "0"),
    "mA/cm**2": (_CURRENT_DENSITY, "10", "0"),
    "uA/cm**2": (_CURRENT_DENSITY, "0.01", "0"),
    "C/m**2": (_CAPACITY, "1", "0"),
    "Ah/cm**2": (_CAPACITY, "36000000", "0"),
    "mAh/cm**2": (_CAPACITY, "36000", "0"),
    "uAh/cm**2": (_CAPACITY, "36", "0"),
    "F/m**2": (_CAPACITANCE, "1", "0"),
    "uF/cm**2": (_CAPACITANCE, "0.01", "0"),
    "kg/m**2": (_LOADING, "1", "0"),
    "mg/cm**2": (_LOADING, "0.01", "0"),
}
"""Base units, factor and offset of the units in most cell files, as pint gives them.

They spare an ordinary run the 0.4 s of loading pint. A test compares every row with pint.
"""


@lru_cache(maxsize=1)
def _registry() -> UnitRegistry[Any]:
    """Return pint's unit registry, made when it is first needed (import and set-up cost 0.3 s)."""
    import pint

    registry: UnitRegistry[Any] = pint.UnitRegistry(autoconvert_offset_to_baseunit=True)
    return registry


def _pint_unit(text: str) -> str | None:
    """Return the unit in pint's spelling, or None when the text is not products of plain powers.

    Going through a grammar of our own keeps ``9**9**9`` and calls away from pint's evaluator.
    """
    cleaned = re.sub(r"\s*([*/])\s*", r"\1", text.translate(_TRANSLATE).strip().replace("**", "^"))
    pieces = re.split(r"([*/]|\s+)", cleaned)
    factors = [_pint_factor(piece) for piece in pieces[::2]]
    if None in factors:
        return None
    signs = ["/" if sign == "/" else "*" for sign in pieces[1::2]]
    tail = "".join(f"{sign}{factor}" for sign, factor in zip(signs, factors[1:], strict=True))
    return f"{factors[0]}{tail}"


def _pint_factor(piece: str) -> str | None:
    """Return one factor of a unit, such as ``cm2``, in pint's spelling, or None."""
    match = _UNIT_FACTOR.fullmatch(piece)
    if match is None:
        return None
    name, exponent = match.groups()
    if exponent and abs(float(exponent)) > LARGEST_UNIT_EXPONENT:
        return None
    return f"{_ALIASES.get(name, name)}{f'**{exponent}' if exponent else ''}"


def _scale_and_shift(unit: str, target: str) -> tuple[Decimal, Decimal]:
    """Return the factor and the offset that take a value in `unit` to `target`.

    Raises
    ------
    LookupError
        The unit is not known.
    TypeError
        The unit is known but measures something else.
    """
    found = _conversion(unit, target)
    if isinstance(found, tuple):
        return found
    raise found(unit)


@lru_cache(maxsize=4096)
def _conversion(unit: str, target: str) -> tuple[Decimal, Decimal] | type[Exception]:
    """Return factor and offset, or what to raise; kept too, since a failure costs pint 0.5 ms."""
    common, aimed = _common(unit), _common(target)
    if common is not None and aimed is not None:
        if common[0] != aimed[0]:
            return TypeError
        if aimed[1:] == _PLAIN:
            return Decimal(common[1]), Decimal(common[2])
    return _conversion_by_pint(unit, target)


_PLAIN = ("1", "0")


def _common(unit: str) -> tuple[str, str, str] | None:
    """Return the row of `COMMON` for a unit as written, or for the base units of such a row."""
    if any(unit == base for base, _, _ in COMMON.values()):
        return (unit, *_PLAIN)
    return COMMON.get(_pint_unit(unit) or "")


def _conversion_by_pint(unit: str, target: str) -> tuple[Decimal, Decimal] | type[Exception]:
    """Return factor and offset, or what to raise."""
    import pint

    found, aim = _unit(unit), _unit(target)
    if found is None or aim is None:
        return LookupError
    try:
        zero = float(_registry().Quantity(0.0, found).to(aim).magnitude)
        one = float(_registry().Quantity(1.0, found).to(aim).magnitude)
    except (pint.DimensionalityError, pint.OffsetUnitCalculusError):
        return TypeError
    if zero == 0.0:
        return _short_decimal(one), Decimal(0)
    return _short_decimal(round(one - zero, 9)), _short_decimal(round(zero, 9))


def _unit(text: str) -> Any:
    """Return pint's unit of a text, None where there is none."""
    spelled = _pint_unit(text)
    if spelled is None:
        return None
    try:
        return _registry().Unit("" if spelled == "1" else spelled)
    except Exception:  # noqa: BLE001  (pint lets its tokenizer's and evaluator's errors through)
        return None


def _short_decimal(value: float) -> Decimal:
    """Return the float as a decimal, without the last bits of noise that a product leaves."""
    short = f"{value:.12g}"
    if abs(float(short) - value) <= 4e-16 * abs(value):
        return Decimal(short)
    return Decimal(repr(value))


def unit_factor(unit: str, target: str) -> float:
    """Return how many `target` one `unit` is, for units without offset.

    Raises
    ------
    QuantityError
        A unit is unknown, or the two measure different things.
    """
    try:
        return float(_scale_and_shift(unit, target)[0])
    except (LookupError, TypeError):
        raise QuantityError(unit, f"a unit that converts to {target}") from None


def si_unit(dimension: str) -> str:
    """Return the SI unit of a named dimension, for example ``A/m^2`` for ``current_density``."""
    return _dimension(dimension).unit


def _dimension(name: str) -> Dimension:
    try:
        return DIMENSIONS[name]
    except KeyError:
        near = " or ".join(near_matches(name, DIMENSIONS))
        raise KeyError(f"unknown dimension {name!r}; near: {near or sorted(DIMENSIONS)}") from None


def to_si(text: str | float, dimension: str) -> float:
    """Return the SI value of a quantity as written, for example ``to_si("20 um", "length")``.

    Parameters
    ----------
    text
        A number with a unit. A bare number is accepted only for a dimensionless quantity.
    dimension
        A key of `DIMENSIONS`.

    Raises
    ------
    QuantityError
        There is no unit, the unit is unknown or of another dimension, the number is not finite, or
        the text is longer than 100 characters.
    """
    wanted = _dimension(dimension)
    if isinstance(text, bool) or not isinstance(text, str | int | float):
        raise QuantityError(shorten(str(text)), _expected(wanted))
    if not isinstance(text, str):
        return _bare_number(_as_float(text), str(text), wanted)
    if len(text) > LONGEST_QUANTITY:
        raise QuantityError(text, f"{wanted.phrase} in at most {LONGEST_QUANTITY} characters")
    return _parse(text, dimension)


def to_unit(text: str | float, unit: str) -> float:
    """Return the value of a quantity in `unit`, where no named dimension fits.

    Raises
    ------
    QuantityError
        As in `to_si`.
    """
    if isinstance(text, str) and len(text) > LONGEST_QUANTITY:
        raise QuantityError(text, f"a quantity in at most {LONGEST_QUANTITY} characters")
    bare = _pint_unit(unit) == "1"
    wanted = Dimension("", f"a quantity that converts to {unit}", unit, f"1 {unit}", bare=bare)
    if not isinstance(text, str):
        return _bare_number(_as_float(text), str(text), wanted)
    return _convert(text, wanted)


def _as_float(number: float) -> float:
    """Return a number as float; one that is too large becomes infinite, and is refused as such."""
    try:
        return float(number)
    except OverflowError:
        return math.inf


@lru_cache(maxsize=16384)
def _parse(text: str, dimension: str) -> float:
    if dimension == "c_rate":
        return c_rate_multiple(text) / 3600.0
    return _convert(text, DIMENSIONS[dimension])


def _convert(text: str, wanted: Dimension) -> float:
    """Return the value of a text in the unit of the wanted dimension."""
    match = _QUANTITY.fullmatch(text)
    if match is None:
        raise QuantityError(text, _expected(wanted))
    number, unit = match.groups()
    _require_finite(float(number), text, wanted)
    if not unit:
        return _bare_number(float(number), text, wanted)
    try:
        scale, shift = _scale_and_shift(unit, wanted.unit)
    except LookupError:
        hint = f"; the unit '{shorten(unit, 30)}' is not known"
        raise QuantityError(text, _expected(wanted) + hint) from None
    except TypeError:
        raise QuantityError(text, _expected(wanted) + _unit_hint(unit, wanted)) from None
    value = float(Decimal(number) * scale + shift)
    return _require_finite(value, text, wanted)


def _bare_number(value: float, text: str, wanted: Dimension) -> float:
    _require_finite(value, text, wanted)
    if not wanted.bare:
        raise QuantityError(text, f"{_expected(wanted)}; this is a number without a unit")
    return value


def _require_finite(value: float, text: str, wanted: Dimension) -> float:
    if not math.isfinite(value):
        raise QuantityError(text, f"{_expected(wanted)}; the number must be finite")
    return value


def _expected(wanted: Dimension) -> str:
    return f"{wanted.phrase} such as '{wanted.example}'"


def _unit_hint(unit: str, wanted: Dimension) -> str:
    if wanted.name == "temperature" and unit == "C":
        return "; C is coulomb, write degC"
    if wanted.name == "current_density" and unit == "C":
        return "; a C-rate cannot be used here"
    return f"; '{shorten(unit, 30)}' is not a unit of this kind"


def c_rate_multiple(text: str) -> float:
    """Return a C-rate such as ``0.5C`` or ``C/10`` as a multiple of 1C, here 0.5 and 0.1.

    Raises
    ------
    QuantityError
        The text is not a C-rate.
    """
    wanted = DIMENSIONS["c_rate"]
    match = _C_RATE.fullmatch(text) if len(text) <= LONGEST_QUANTITY else None
    if match is None:
        raise QuantityError(text, "a C-rate such as '0.5C' or 'C/10'")
    multiple, divisor = (float(group) if group else 1.0 for group in match.groups())
    if divisor == 0.0:
        raise QuantityError(text, "a C-rate such as '0.5C'; the divisor must not be zero")
    return _require_finite(multiple / divisor, text, wanted)


def from_si(value: float, unit: str) -> float:
    """Return an SI value in another unit, for example ``from_si(10.0, "mA/cm2")`` gives 1.0.

    Raises
    ------
    QuantityError
        The unit is unknown.
    """
    base = _base_of(unit)
    scale, shift = _scale_and_shift(unit, base)
    return float((Decimal(repr(float(value))) - shift) / scale) if math.isfinite(value) else value


@lru_cache(maxsize=1024)
def _base_of(unit: str) -> str:
    """Return a unit in SI base units with the same dimension, in a spelling `_pint_unit` reads."""
    common = _common(unit)
    if common is not None:
        return common[0]
    found = _unit(unit)
    if found is None:
        raise QuantityError(unit, "a known unit")
    base = _registry().Quantity(1.0, found).to_base_units().units
    powers = {str(name): float(str(power)) for name, power in base._units.items()}
    return "*".join(f"{name}^{power:g}" for name, power in powers.items()) or "1"


def is_unit(text: str) -> bool:
    """Return whether a text is a unit, of whatever it measures."""
    return _pint_unit(text) is not None


@lru_cache(maxsize=1024)
def dimension_of_unit(unit: str) -> str | None:
    """Return the first named dimension whose SI unit measures what `unit` measures, or None."""
    for name, dimension in DIMENSIONS.items():
        try:
            _scale_and_shift(unit, dimension.unit)
        except (LookupError, TypeError):
            continue
        return name
    return None


def format_si(value: float, dimension: str, digits: int = 4) -> str:
    """Return a value for people to read, for example ``format_si(2e-5, "length")`` is ``20 um``."""
    shown = _dimension(dimension).shown or (_dimension(dimension).unit,)
    if dimension == "c_rate":
        return f"{value * 3600.0:.{digits}g}C"
    if not math.isfinite(value):
        return str(value)
    unit = _readable_unit(value, shown, _dimension(dimension).least)
    number = from_si(value, unit) if unit else value
    return f"{number:.{digits}g} {unit}".strip()


def _readable_unit(value: float, units: tuple[str, ...], least: float) -> str:
    """Return the first unit that gives a number from `least` to 1000, else the nearest to that."""
    if value == 0.0 or units[0] == "degC" or len(units) == 1:
        return units[0]
    return min(units, key=lambda unit: _awkwardness(abs(from_si(value, unit)), least))


def _awkwardness(number: float, least: float) -> float:
    """Return how far, in decades, a number is from the range `least` to 1000 (0 inside)."""
    decades = math.log10(number) if number > 0.0 else -math.inf
    return max(0.0, math.log10(least) - 1e-9 - decades, decades - 2.9999999)


def exact_text(value: float, dimension: str) -> str:
    """Return a readable text that `to_si` turns back into exactly the same float."""
    entry = _dimension(dimension)
    if entry.bare:
        return repr(float(value))
    for unit in sorted(
        entry.shown, key=lambda unit: _awkwardness(abs(from_si(value, unit)), entry.least)
    ):
        for digits in (6, 12, 15, 17):
            text = f"{from_si(value, unit):.{digits}g} {unit}"
            if to_si(text, dimension) == value:
                return text
    return f"{float(value)!r} {entry.unit}"
