"""Steps written as a sentence, in the style of PyBaMM's experiments.

``Plate at 1.2 mA/cm2 for 1 hour``, ``Strip at 0.5C until 0.5 mAh/cm2 or 0.3 V``,
``Rest for 10 minutes``, ``Hold at 50 mV for 10 minutes or until 0.01 mA/cm2``, and in a full cell
``Charge at 0.1C until 4.1 V``. A sentence becomes the mapping that it stands for.
"""

from __future__ import annotations

import re
from typing import Any

from interlith.errors import QuantityError
from interlith.units import to_si

__all__ = ["SENTENCE_EXPECTED", "sentence_to_mapping"]

LONGEST_SENTENCE = 300
SENTENCE_EXPECTED = (
    "a sentence such as 'Plate at 1.2 mA/cm2 for 1 hour', "
    "'Strip at 0.5 mA/cm2 until 1 mAh/cm2 or 0.3 V', "
    "'Charge at 0.1C until 4.1 V', "
    "'Hold at 50 mV for 10 minutes or until 0.01 mA/cm2' or 'Rest for 10 minutes'"
)
_SENTENCE = re.compile(
    r"(?P<verb>plate|strip|charge|discharge|hold|rest)"
    r"(?: at (?P<value>.+?))?(?: for (?P<time>.+?))?(?: (?:or )?until (?P<limits>.+))?\.?",
    re.IGNORECASE,
)
_OR = re.compile(r" or (?:until )?", re.IGNORECASE)


def sentence_to_mapping(sentence: str) -> dict[str, Any]:
    """Return the mapping of a step written as a sentence; its quantities are not looked into yet.

    Raises
    ------
    QuantityError
        The sentence does not follow the pattern.
    """
    text = " ".join(sentence.split()) if len(sentence) <= LONGEST_SENTENCE else ""
    match = _SENTENCE.fullmatch(text)
    if match is None:
        raise QuantityError(sentence, SENTENCE_EXPECTED)
    verb, value, time, limits = match.group("verb", "value", "time", "limits")
    if verb.lower() == "rest":
        return _rest(sentence, value, time, limits)
    if value is None:
        raise QuantityError(sentence, f"{SENTENCE_EXPECTED}; '{verb}' needs 'at' and a value")
    return _drive(verb.lower(), value) | _ends(time, limits)


def _rest(sentence: str, value: str | None, time: str | None, limits: str | None) -> dict[str, Any]:
    if time is None or value is not None or limits is not None:
        raise QuantityError(sentence, "'Rest for' and a time, such as 'Rest for 10 minutes'")
    return {"rest": time}


def _drive(verb: str, value: str) -> dict[str, str]:
    """Return what is held: a voltage, a power (its sign is the direction) or a current."""
    if verb == "hold":
        return {"power" if _is_power(value) else "voltage": value}
    if _is_power(value):
        return {"power": value if verb in ("plate", "discharge") else f"-{value}"}
    return {verb: value}


def _is_power(value: str) -> bool:
    if "w" not in value.lower():
        return False  # spares most files the unit library, which takes long to load
    try:
        to_si(value, "areal_power")
    except QuantityError:
        return False
    return True


def _ends(time: str | None, limits: str | None) -> dict[str, Any]:
    ends: dict[str, Any] = {}
    if time is not None:
        # "for 10 minutes or 0.3 V" means the same as "for 10 minutes or until 0.3 V"
        first, *others = _OR.split(time)
        ends["for"] = first
        limits = " or ".join([*others, *([limits] if limits else [])]) or None
    if limits is not None:
        ends["until"] = _OR.split(limits)
    return ends
