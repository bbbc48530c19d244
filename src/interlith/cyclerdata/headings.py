"""A heading of a column, split into the name of the quantity and its unit."""

from __future__ import annotations

import re
from dataclasses import dataclass

from interlith.cyclerdata.measures import is_known

__all__ = ["Heading", "heading", "key_of"]

LONGEST_HEADING = 200
_BRACKETS = re.compile(r"(?P<name>.*\S)\s*[(\[{](?P<unit>[^()\[\]{}]*)[)\]}]")
# ZView's names of the two parts of impedance; a is no ampere there.
_ZVIEW = re.compile(r"Z''?\s*\([ab]\)", re.I)
_MACHINE_UNITS = {
    "second": "s",
    "volt": "V",
    "ampere": "A",
    "celsius": "degC",
    "hertz": "Hz",
    "watt": "W",
    "degree": "deg",
}


@dataclass(frozen=True)
class Heading:
    """What a heading says.

    Attributes
    ----------
    text : str
        As it stands in the file, without spaces around it.
    key : str
        The quantity, as `key_of` has it.
    unit : str
        Unit as written; empty where none is.
    """

    text: str
    key: str
    unit: str = ""


def key_of(name: str) -> str:
    """Return a name without case, spaces, dots, and lines within words: `Chg. Cap.` is `chgcap`."""
    plain = re.sub(r"(?<=\w)-(?=\w)", "", name.lower().strip().lstrip("~#").strip())
    return re.sub(r"[\s_.#<>]+", "", plain)


def heading(text: str) -> Heading:
    """Return a heading split into name and unit.

    Parameters
    ----------
    text
        Such as `Voltage(V)`, `Ewe/V`, `current_A`, `I [mA]`, `Time, h` or `Test Time / s`.
    """
    tidy = " ".join(text.replace("\ufeff", "").split()).strip()[:LONGEST_HEADING]
    if tidy[:1] == tidy[-1:] == '"':
        tidy = tidy[1:-1].strip()
    if _ZVIEW.fullmatch(tidy):
        return Heading(tidy, key_of(tidy.partition("(")[0]))
    for name, unit in _splits(tidy):
        if key_of(name) and is_known(unit):
            return Heading(tidy, key_of(name), unit)
    return Heading(tidy, key_of(tidy))


def _splits(text: str) -> list[tuple[str, str]]:
    """Return every way to split a heading, the surest first."""
    found = []
    brackets = _BRACKETS.fullmatch(text)
    if brackets:
        found.append((brackets["name"], brackets["unit"]))
    # From the left: a unit may have a slash of its own, as mA/cm2 has.
    for sign in ("/", "#", ","):
        places = [place.start() for place in re.finditer(re.escape(sign), text)]
        found += [(text[:at], text[at + 1 :].strip()) for at in places]
    name, _, unit = text.rpartition("_")
    found.append((name, _MACHINE_UNITS.get(unit, unit)))
    name, _, unit = text.rpartition(" ")
    # "Cycle C" is no charge: one letter after a space is a unit only where it can be no other.
    if len(unit) > 1 or unit in {"s", "h", "V", "A"}:
        found.append((name, unit))
    return found
