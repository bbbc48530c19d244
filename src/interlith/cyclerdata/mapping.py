"""What the user says about columns: `time=t(s)`, `current=I in mA`, `current=0.4 mA`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from interlith.cyclerdata import columns
from interlith.cyclerdata.frames import OPTIONS
from interlith.cyclerdata.headings import Heading, heading
from interlith.cyclerdata.source import Source
from interlith.cyclerdata.vocabulary import Pick, fits
from interlith.errors import InputError, Problem, QuantityError, near_matches
from interlith.units import to_si, to_unit

__all__ = ["Mapped", "mapped"]

AREA = "area"
_LABELS = {option: label for label, option in OPTIONS.items()}
_QUANTITY = re.compile(r"\s*[-+]?\d[\d.]*(?:[eE][-+]?\d+)?\s*\S.*")


class Mapped:
    """Columns of a file as the user named them.

    Attributes
    ----------
    picks : dict of str to Pick
        Label -> column.
    constants : dict of str to float
        Label -> one number for all rows, in the unit of BDF.
    area : float or None
        Of the electrode [m2].
    """

    def __init__(self) -> None:
        self.picks: dict[str, Pick] = {}
        self.constants: dict[str, float] = {}
        self.area: float | None = None


def mapped(source: Source, asked: Mapping[str, str], headings: Sequence[Heading]) -> Mapped:
    """Return the columns that the user named.

    Raises
    ------
    InputError
        No such heading, or a unit that does not fit; names every one.
    """
    found = Mapped()
    problems: list[Problem] = []
    for option, value in asked.items():
        try:
            _take(found, option, value.strip(), headings)
        except QuantityError as error:
            problems.append(error.at(source.name, f"--columns {option}"))
    if problems:
        raise InputError(problems)
    return found


def _take(found: Mapped, option: str, value: str, headings: Sequence[Heading]) -> None:
    if option == AREA:
        found.area = to_si(value, "area")
        return
    label = _LABELS.get(option) or columns.label_of(option)
    if label is None:
        known = ", ".join([*_LABELS, AREA])
        raise QuantityError(option, f"one of {known}")
    sign = -1.0 if value.startswith("-") and _index(value, headings) is None else 1.0
    name = value[1:].strip() if sign < 0.0 else value
    at = _index(name, headings)
    unit = ""
    if at is None:
        name, unit = _with_unit(name)
        at = _index(name, headings)
    if at is not None:
        found.picks[label] = _pick(label, at, unit, sign, headings)
    elif _QUANTITY.fullmatch(value):
        found.constants[label] = to_unit(value, columns.unit_of(label) or "1")
    else:
        raise QuantityError(value, _expected(name, headings))


def _pick(label: str, at: int, unit: str, sign: float, headings: Sequence[Heading]) -> Pick:
    there = headings[at]
    unit = unit or there.unit
    if unit and not fits(label, unit):
        raise QuantityError(unit, f"a unit of {label.partition(' / ')[0].lower()}")
    if there.key.startswith("-"):
        sign = -sign
    return Pick(label, at, there, unit, sign)


def _with_unit(value: str) -> tuple[str, str]:
    """Return the heading and the unit in `I in mA`."""
    name, word, unit = value.rpartition(" in ")
    return (name.strip(), unit.strip()) if word else (value, "")


def _index(name: str, headings: Sequence[Heading]) -> int | None:
    """Return which heading is meant: as written, in another case, or without its unit."""
    plain = " ".join(name.split())
    texts = [there.text for there in headings]
    if plain in texts:
        return texts.index(plain)
    lower = [text.lower() for text in texts]
    if plain.lower() in lower:
        return lower.index(plain.lower())
    keys = [there.key for there in headings]
    key = heading(plain).key
    return keys.index(key) if key and keys.count(key) == 1 else None


def _expected(name: str, headings: Sequence[Heading]) -> str:
    texts = [there.text for there in headings if there.text]
    close = near_matches(name, texts)
    hint = f"; did you mean {' or '.join(close)}?" if close else ""
    listed = ", ".join(texts)
    return f"a heading of the file ({listed[:400]}), or a quantity such as 0.4 mA{hint}"
