"""What BioLogic's EC-Lab and BT-Lab call their columns, in text exports and in .mpr files alike.

Names are those that the programs write; the meaning of `mode` (1 galvanostatic, 2 potentiostatic, 3
open circuit) and of `dq` (charge since the record before) is that of the EC-Lab manual as
recalled, **unverified**, and is checked in each file against the charge that it counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from interlith.cyclerdata import columns
from interlith.cyclerdata.frames import Found
from interlith.cyclerdata.measures import conversion
from interlith.cyclerdata.numbers import NoUnitError, measured, numbers_of
from interlith.cyclerdata.textformat import Raw, Said
from interlith.cyclerdata.vocabulary import Pick, column, with_own

__all__ = ["COLUMNS", "RAW", "said_in", "with_current"]

COLUMNS = with_own(
    (
        column(columns.VOLTAGE, "ecell eweece ewe"),
        column(columns.CURRENT, "i"),
        column(columns.STEP_INDEX, "ns"),
        column(columns.CYCLE, "zcycle cyclenumber"),
        column(columns.STEP_TYPE, ""),
        column(columns.NET_CAPACITY, "(qqo)"),
        column("Charging Energy / Wh", "energycharge"),
        column("Discharging Energy / Wh", "energydischarge"),
        column(columns.POWER, "p pwe"),
    )
)
RAW = ("mode", "control/v", "control", "dq", "(qqo)")
# Key of a charge since the start, from which that since the last record follows.
_TOTAL = "(qqo)"
_GALVANOSTATIC, _OPEN = 1, 3
# The set current may differ from charge over time by so much before the latter is believed.
_MOST_APART = 0.05
# What EC-Lab writes until somebody fills it in; 7000 mg go with its example of an 18650 cell.
_PLACEHOLDERS = {"area": (0.001,), "mass": (0.001,), "active mass": (0.001, 7000.0)}
_FACTS = {
    "acquisition started on": "started",
    "electrode surface area": "area",
    "characteristic mass": "mass",
    "mass of active material": "active mass",
    "electrode material": "electrode",
    "electrolyte": "electrolyte",
    "reference electrode": "reference electrode",
    "comments": "comments",
    "device": "instrument",
    "run on channel": "channel",
    "battery capacity": "capacity",
    "file": "file",
}


def said_in(lines: Sequence[str]) -> Said:
    """Return what the lines of an EC-Lab header say; what was never filled in is told as such."""
    recorded: dict[str, str] = {}
    notes: list[str] = []
    for line in lines:
        name, colon, value = line.partition(" :")
        fact, value = _FACTS.get(name.strip().lower()), value.strip()
        if not (fact and colon and value):
            continue
        if fact == "comments" and "comments" in recorded:
            recorded["comments"] += "; " + value
        elif _is_placeholder(fact, value):
            notes.append(f"{fact} {value} is EC-Lab's placeholder, not a record of the {fact}")
        else:
            recorded.setdefault(fact, value)
    technique = _technique(lines)
    if technique:
        recorded["technique"] = technique
    return recorded, notes


def _is_placeholder(fact: str, value: str) -> bool:
    number = value.partition(" ")[0].replace(",", ".")
    try:
        amount = float(number)
    except ValueError:
        return False
    return amount == 0.0 or amount in _PLACEHOLDERS.get(fact, ())


def _technique(lines: Sequence[str]) -> str:
    """Return the line that stands by itself after the count of header lines."""
    if not lines or "ASCII FILE" not in lines[0]:
        return ""
    rest = [line.strip() for line in lines[2:8] if line.strip()]
    return rest[0] if rest and " : " not in rest[0] else ""


def with_current(found: Found, raw: Raw, notes: list[str]) -> Found:
    """Return columns with a current where the file has none but charges and set values.

    EC-Lab stores the charge between records in place of the current in most of its techniques.
    """
    if columns.CURRENT in found.values or columns.CURRENT in found.constants:
        return found
    times, amounts = _times(found), _amounts(raw, found)
    current = None if times is None else _current(times, amounts, notes)
    if current is None and "mode" in amounts and np.all(amounts["mode"] % 4 == _OPEN):
        current = np.zeros(len(amounts["mode"]))
        notes.append("current is zero: the technique is open circuit throughout")
    if current is None:
        return found
    from interlith.cyclerdata.headings import Heading

    pick = Pick(columns.CURRENT, -1, Heading("charge per time", "i", "A"), "A")
    return Found(
        values={**found.values, columns.CURRENT: pl.Series(current)},
        picks={**found.picks, columns.CURRENT: pick},
        headings=found.headings,
        style=found.style,
        constants=found.constants,
        area=found.area,
    )


Amounts = Mapping[str, "np.ndarray[tuple[int], np.dtype[np.float64]]"]


def _times(found: Found) -> np.ndarray[tuple[int], np.dtype[np.float64]] | None:
    values = found.values.get(columns.TEST_TIME)
    if values is None:
        return None
    try:
        seconds = measured(values, found.picks[columns.TEST_TIME], found.style).values
    except NoUnitError:
        return None
    return np.asarray(seconds.to_numpy(), dtype=float)


def _amounts(raw: Raw, found: Found) -> Amounts:
    """Return set current [A], charge since the record before [C] and mode, those that are there."""
    amounts: dict[str, np.ndarray[tuple[int], np.dtype[np.float64]]] = {}
    for key, (heading, values) in raw.items():
        numbers = np.asarray(numbers_of(values, found.style).to_numpy(), dtype=float)
        if key == "mode":
            amounts["mode"] = numbers
        elif key in ("control/v", "control"):
            factor = conversion(heading.unit, "current")
            if factor is not None:
                amounts["set"] = numbers * factor[0]
        else:
            factor = conversion(heading.unit, "capacity")
            if factor is not None:
                name = "total" if key == _TOTAL else "charge"
                amounts[name] = numbers * factor[0] * 3600.0
    if "total" in amounts and "charge" not in amounts:
        amounts["charge"] = np.diff(amounts["total"], prepend=amounts["total"][:1])
    return amounts


def _current(
    times: np.ndarray[tuple[int], np.dtype[np.float64]], amounts: Amounts, notes: list[str]
) -> np.ndarray[tuple[int], np.dtype[np.float64]] | None:
    charge, wanted = amounts.get("charge"), amounts.get("set")
    if charge is None:
        return None
    passed = np.diff(times, prepend=times[:1])
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(passed > 0.0, charge / passed, 0.0)
    if "mode" not in amounts or wanted is None:
        notes.append("current is the charge since the record before, per time")
        return mean
    mode = np.nan_to_num(amounts["mode"]).astype(int) & 3
    held = mode == _GALVANOSTATIC
    if not _agree(wanted, charge, passed, held):
        notes.append("current is charge per time; the current that was set does not agree with it")
        return np.where(mode == _OPEN, 0.0, mean)
    notes.append(
        "current is what was set where it was held (charge per time agrees within 5 %), charge per "
        "time where voltage was held, and zero at open circuit"
    )
    return np.where(held, wanted, np.where(mode == _OPEN, 0.0, mean))


def _agree(
    wanted: np.ndarray[tuple[int], np.dtype[np.float64]],
    charge: np.ndarray[tuple[int], np.dtype[np.float64]],
    passed: np.ndarray[tuple[int], np.dtype[np.float64]],
    held: np.ndarray[tuple[int], np.dtype[np.bool_]],
) -> bool:
    """Return whether what was set is what passed, over all held rows but the first."""
    inside = held & np.concatenate([[False], held[:-1]])
    expected = float(np.nansum(np.abs(wanted * passed)[inside]))
    apart = float(np.nansum(np.abs(wanted * passed - charge)[inside]))
    return expected == 0.0 or apart <= _MOST_APART * expected
