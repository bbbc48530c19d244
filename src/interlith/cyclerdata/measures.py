"""Units as instruments write them into the headings of their columns.

Kept apart from `interlith.units`: there a unit is what a person writes, exactly; here it is what
twenty programs have made of it, `mA.h`, `Sec`, `µA` read in the wrong encoding.
"""

from __future__ import annotations

import re

__all__ = ["CLOCK", "KINDS", "conversion", "is_known", "kind_of_label"]

CLOCK = "clock"
"""Stands for a unit where a time is written as hours, minutes and seconds."""

Conversion = tuple[float, float]

_HOUR, _DAY = 3600.0, 86400.0
_PREFIX = {"": 1.0, "m": 1e-3, "u": 1e-6, "n": 1e-9, "p": 1e-12, "k": 1e3, "M": 1e6}


def _prefixed(names: str, prefixes: str, factor: float = 1.0) -> dict[str, Conversion]:
    wanted = ["", *prefixes]
    return {
        f"{prefix}{name}": (_PREFIX[prefix] * factor, 0.0)
        for name in names.split()
        for prefix in wanted
    }


def _plain(names: str, factor: float) -> dict[str, Conversion]:
    return dict.fromkeys(names.split(), (factor, 0.0))


# Kind -> unit as `_tidy` leaves it -> factor and offset to the unit of BDF.
KINDS: dict[str, dict[str, Conversion]] = {
    "time": {
        **_plain("s sec secs second seconds", 1.0),
        **_plain("ms msec millisecond milliseconds", 1e-3),
        **_plain("us", 1e-6),
        **_plain("min mins minute minutes", 60.0),
        **_plain("h hr hrs hour hours", _HOUR),
        **_plain("d day days", _DAY),
    },
    "voltage": {**_prefixed("V", "munk"), **_plain("volt volts", 1.0), **_plain("mvolt", 1e-3)},
    "current": {
        **_prefixed("A", "munpk"),
        **_plain("amp amps ampere amperes", 1.0),
        **_plain("mamp mamps milliampere", 1e-3),
    },
    # To A/m2, the one that an area turns into a current.
    "density": {
        f"{prefix}A{per}": (_PREFIX[prefix] * factor, 0.0)
        for prefix in ("", "m", "u", "n")
        for per, factor in (
            ("/cm2", 1e4),
            ("cm-2", 1e4),
            ("/m2", 1.0),
            ("m-2", 1.0),
            ("/mm2", 1e6),
            ("mm-2", 1e6),
        )
    },
    "capacity": {
        **_prefixed("Ah Ahr", "mun"),
        **_prefixed("As C", "mu", 1.0 / _HOUR),
        **_plain("amp-hr amp-hrs amphr amphour", 1.0),
        **_plain("mamp-hr mamphr", 1e-3),
    },
    "energy": {
        **_prefixed("Wh Whr", "muk"),
        **_prefixed("Ws J", "mk", 1.0 / _HOUR),
        **_plain("watt-hr watthr", 1.0),
        **_plain("mwatt-hr", 1e-3),
    },
    "power": {**_prefixed("W", "munk"), **_plain("watt watts", 1.0)},
    "temperature": {
        **_plain("degC C celsius ℃ øC", 1.0),
        "K": (1.0, -273.15),
        "kelvin": (1.0, -273.15),
        **dict.fromkeys(("degF", "F", "℉"), (5.0 / 9.0, -160.0 / 9.0)),
    },
    "frequency": {**_prefixed("Hz hertz", "mkM")},
    "impedance": {**_prefixed("ohm ohms Ω", "munkM"), **_plain("O", 1.0), **_plain("mO", 1e-3)},
    "angle": {**_plain("deg degree degrees °", 1.0), **_plain("rad radian", 57.29577951308232)},
    "pressure": {
        **_prefixed("Pa", "kM"),
        "GPa": (1e9, 0.0),
        **_plain("bar", 1e5),
        **_plain("mbar hPa", 1e2),
        **_plain("psi", 6894.757293168),
        **_plain("atm", 101325.0),
    },
    "area": {**_plain("cm2 cm^2", 1e-4), **_plain("m2", 1.0), **_plain("mm2", 1e-6)},
    "number": {"1": (1.0, 0.0), "-": (1.0, 0.0), "#": (1.0, 0.0), "%": (0.01, 0.0)},
    # Known, so that they are told from the name before them; of no use here.
    "other": _plain(
        "mAh/g Ah/g Ah/kg mAh/cm2 uAh/cm2 Wh/kg mWh/g Wh/L W/kg mW/g F uF mF nF V/s mV/s mV/min "
        "V/h A/h mAh/V Ah/V V/Ah C/s degC/s Ohm-1 ohm-1 uF-2 mg g mol N kg mm cm um ohmcm2 ohm/cm2",
        1.0,
    ),
}
_OF_UNIT = {
    "s": "time",
    "V": "voltage",
    "A": "current",
    "degC": "temperature",
    "Ah": "capacity",
    "Wh": "energy",
    "W": "power",
    "ohm": "impedance",
    "Hz": "frequency",
    "deg": "angle",
    "Pa": "pressure",
    "1": "number",
}
_SPELLINGS = (
    # The micro sign in Unicode twice, then as Latin-1 and GBK bytes look in other encodings.
    (re.compile("[µμ]|Âµ|Î¼|¦Ì"), "u"),
    (re.compile("�(?=[AVFWs])"), "u"),
    (re.compile("¡æ|℃"), "degC"),
    (re.compile("�(?=C)|º(?=C)|(?:Â?[°˚]|deg\\.?|ø)\\s*(?=[CF]\\b)"), "deg"),
    (re.compile("[²]|\\^2|\\*\\*2"), "2"),
    (re.compile("⁻2|\\^-2|\\^\\(-2\\)|⁻²"), "-2"),
    (re.compile("Ω|Ohms?|OHMS?"), "ohm"),
    (re.compile(r"\s+v(?:s|ersus)\b.*$"), ""),
)
_CLOCK = re.compile(r"(?:d+[.:\- ])?h+:m+(?:in)?:s+(?:[.,:]\s*m?s+)?(?:[.,]0+)?", re.I)


def _tidy(unit: str) -> str:
    """Return a unit without the freedoms of its writer; the case of letters stays."""
    for pattern, instead in _SPELLINGS:
        unit = pattern.sub(instead, unit)
    unit = re.sub(r"(?<=\w)[.·⋅*](?=\w)", "", unit.strip())
    return re.sub(r"\s+", "", unit).rstrip(".")


def conversion(unit: str, kind: str) -> Conversion | None:
    """Return factor and offset from a unit as written to that of BDF, None for another kind.

    Current density goes to A/m2 and area to m2.
    """
    known = KINDS[kind]
    tidy = _tidy(unit)
    if tidy in known:
        return known[tidy]
    # "SEC", "Volts", "MAH": case may be lost, but only where it does not turn milli into mega.
    same = [value for name, value in known.items() if name.lower() == tidy.lower()]
    return same[0] if len(set(same)) == 1 else None


def is_known(unit: str) -> bool:
    """Return whether a text is a unit of any kind, or the pattern of a clock."""
    if _CLOCK.fullmatch(unit.strip()):
        return True
    return bool(unit.strip()) and any(conversion(unit, kind) is not None for kind in KINDS)


def is_clock(unit: str) -> bool:
    """Return whether a text is the pattern of a clock, such as ``h:min:s.ms``."""
    return unit == CLOCK or _CLOCK.fullmatch(unit.strip()) is not None


def kind_of_label(label: str) -> str:
    """Return the kind of what a BDF column holds."""
    return _OF_UNIT.get(label.partition(" / ")[2], "number")
