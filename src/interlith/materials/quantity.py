"""Quantities of the data files, "2.05e-3 S/cm", to SI floats.

The data files use few units, so a table stands before the unit library: reading hundreds of values
takes milliseconds. A unit outside the table, as a user may write it, goes to `interlith.units`.
"""

from __future__ import annotations

import math
import re

# unit as normalised -> (SI unit, factor to SI)
_UNITS: dict[str, tuple[str, float]] = {
    "1": ("1", 1.0),
    "%": ("1", 0.01),
    "m": ("m", 1.0),
    "cm": ("m", 1e-2),
    "mm": ("m", 1e-3),
    "um": ("m", 1e-6),
    "nm": ("m", 1e-9),
    "angstrom": ("m", 1e-10),
    "S/m": ("S/m", 1.0),
    "S/cm": ("S/m", 1e2),
    "mS/cm": ("S/m", 1e-1),
    "uS/cm": ("S/m", 1e-4),
    "A/m2": ("A/m2", 1.0),
    "A/cm2": ("A/m2", 1e4),
    "mA/cm2": ("A/m2", 10.0),
    "uA/cm2": ("A/m2", 1e-2),
    "Pa": ("Pa", 1.0),
    "kPa": ("Pa", 1e3),
    "MPa": ("Pa", 1e6),
    "GPa": ("Pa", 1e9),
    "Pa m0.5": ("Pa m^0.5", 1.0),
    "kPa m0.5": ("Pa m^0.5", 1e3),
    "MPa m0.5": ("Pa m^0.5", 1e6),
    "J/m2": ("J/m2", 1.0),
    "mJ/m2": ("J/m2", 1e-3),
    "meV/angstrom2": ("J/m2", 1.602176634e-2),
    "kg/m3": ("kg/m3", 1.0),
    "g/cm3": ("kg/m3", 1e3),
    "m2/s": ("m2/s", 1.0),
    "cm2/s": ("m2/s", 1e-4),
    "um2/s": ("m2/s", 1e-12),
    "nm2/s": ("m2/s", 1e-18),
    "nm2/h": ("m2/s", 1e-18 / 3600),
    "m3/mol": ("m3/mol", 1.0),
    "cm3/mol": ("m3/mol", 1e-6),
    "kg/mol": ("kg/mol", 1.0),
    "g/mol": ("kg/mol", 1e-3),
    "V": ("V", 1.0),
    "mV": ("V", 1e-3),
    "V/K": ("V/K", 1.0),
    "mV/K": ("V/K", 1e-3),
    "F/m2": ("F/m2", 1.0),
    "uF/cm2": ("F/m2", 1e-2),
    "mol/m3": ("mol/m3", 1.0),
    "mol/l": ("mol/m3", 1e3),
    "mol/cm3": ("mol/m3", 1e6),
    "Ohm m2": ("Ohm m2", 1.0),
    "Ohm cm2": ("Ohm m2", 1e-4),
    "mOhm cm2": ("Ohm m2", 1e-7),
    "eV": ("eV", 1.0),
    "meV": ("eV", 1e-3),
    "kJ/mol": ("eV", 1.0 / 96.48533212331),
    "kcal/mol": ("eV", 4.184 / 96.48533212331),
    "1/s": ("1/s", 1.0),
    "THz": ("1/s", 1e12),
    "K": ("K", 1.0),
    "degC": ("K", 1.0),
}
_CELSIUS_OFFSET = 273.15
_QUANTITY = re.compile(r"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(\S.*)?")
_LONGEST = 100


def to_si(given: object, unit: str) -> float:
    """Return the SI value of a written quantity.

    Parameters
    ----------
    given
        Text such as ``"2.05e-3 S/cm"``; a bare number only where `unit` is ``"1"``.
    unit
        SI unit that is expected.

    Raises
    ------
    ValueError
        Not a finite quantity of that dimension; the message says what was expected.
    """
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        raise ValueError(expected(unit))
    text = given if isinstance(given, str) else repr(given)
    match = _QUANTITY.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None:
        raise ValueError(expected(unit))
    written = _normalised(match[2] or "1")
    if written not in _UNITS:
        return _rare_unit(text, unit)
    si, factor = _UNITS[written]
    if si != unit:
        raise ValueError(expected(unit))
    offset = _CELSIUS_OFFSET if written == "degC" else 0.0
    return _finite(float(match[1]) * factor + offset, unit)


def expected(unit: str) -> str:
    """Return what a quantity of this unit may look like."""
    if unit == "1":
        return "a finite number without unit"
    names = [name for name, (si, _) in _UNITS.items() if si == unit]
    return "a finite quantity in " + ", ".join(names)


def _normalised(unit: str) -> str:
    """Return the unit as the table writes it: no power signs, single blanks, ASCII."""
    plain = (
        unit.replace("**", "")
        .replace("^", "")
        .replace("*", " ")
        .replace("µ", "u")
        .replace("μ", "u")
    )
    return " ".join(
        plain.replace("Ω", "Ohm").replace("ohm", "Ohm").replace("sqrt(m)", "m0.5").split()
    )


def _rare_unit(text: str, unit: str) -> float:
    """Return the SI value through the unit library, which is slow to import."""
    from interlith.units import to_unit

    try:
        return _finite(to_unit(text, unit), unit)
    except ValueError:
        raise ValueError(expected(unit)) from None


def _finite(value: float, unit: str) -> float:
    if not math.isfinite(value):
        raise ValueError(expected(unit))
    return value
