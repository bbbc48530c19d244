"""Which way a current is positive: what the format says, what the file shows, what the user wants.

Evidence in a table, the surest first; the first that speaks clearly decides:

- jumps: where the current changes, the voltage of any passive cell changes the same way;
- polarity: in a symmetric cell the voltage has the sign of the current;
- capacities: the one that charging counts grows while current is positive;
- drift: the voltage of a battery rises while a positive current is held.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from interlith.cyclerdata import columns
from interlith.errors import InputError, Problem

__all__ = ["SIGNS", "Signed", "signed"]

Floats = NDArray[np.float64]
Sign = Literal["as-is", "flip"]
SIGNS = ("as-is", "flip")
# Steps that must speak for it, and how many in ten of them, before anything is turned.
FEWEST_STEPS, MAJORITY = 2, 0.8
# A change of voltage below this is noise [V].
LEAST_RISE = 1e-3
# Below this part of the largest current a row is at rest.
REST = 1e-3
# A change of current is a jump from this part of the largest current on.
JUMP = 0.2
_CHARGES = ("charge", "chg", "c", "ccchg", "chargecc")
_DISCHARGES = ("discharge", "dchg", "dischg", "d", "dis")


@dataclass(frozen=True)
class Signed:
    """A table whose current has its sign, and how that was found."""

    table: pl.DataFrame
    how: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Evidence:
    name: str
    agree: int
    differ: int
    places: str = "steps"

    @property
    def verdict(self) -> int:
        """1 where a positive current charges, -1 where it discharges, 0 where it cannot be told."""
        total = self.agree + self.differ
        if total < FEWEST_STEPS or max(self.agree, self.differ) < MAJORITY * total:
            return 0
        return 1 if self.agree > self.differ else -1

    def __str__(self) -> str:
        total = self.agree + self.differ
        return f"{self.name} in {self.agree} of {total} {self.places}"


def signed(table: pl.DataFrame, convention: str, wanted: str | None) -> Signed:
    """Return a table whose positive current charges, as far as that can be found.

    Parameters
    ----------
    table
        Ordered in time.
    convention
        Of the format, as in `Contents`.
    wanted
        "as-is" or "flip" to overrule what is found; None to find it.
    """
    if wanted is not None and wanted not in SIGNS:
        raise InputError(Problem("", "--sign", wanted, f"one of {', '.join(SIGNS)}"))
    if wanted == "flip":
        return Signed(_turned(table), "current was turned, as asked for")
    if wanted == "as-is":
        return Signed(table, "current is as in the file, as asked for")
    current = _numbers(table, columns.CURRENT)
    if not np.any(current != 0.0):
        return Signed(table, "current is zero throughout")
    if np.all(current >= 0.0):
        split = _from_states(table, current)
        if split is not None:
            return split
    return _by_evidence(table, convention)


def _numbers(table: pl.DataFrame, label: str) -> Floats:
    return np.asarray(table[label].to_numpy(), dtype=float)


def _turned(table: pl.DataFrame) -> pl.DataFrame:
    return table.with_columns(-pl.col(columns.CURRENT))


# ------------------------------------------------------------------------- current without a sign
def _from_states(table: pl.DataFrame, current: Floats) -> Signed | None:
    """Return a current without sign with that of its state, or of the capacity that grows."""
    finders = ((_by_name, "the column of states says"), (_by_capacity, "the capacities say"))
    for find, name in finders:
        charges, discharges = find(table)
        moving = np.abs(current) > REST * np.abs(current).max()
        if not np.any(discharges & moving):
            continue
        if np.any(charges & moving) or np.all(discharges[moving]):
            size = np.abs(current)
            values = np.where(discharges, -size, size)
            how = f"current has no sign in the file; negative where {name} discharge"
            return Signed(table.with_columns(pl.Series(columns.CURRENT, values)), how)
    return None


def _by_name(table: pl.DataFrame) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    if columns.STEP_TYPE not in table.columns:
        nothing = np.zeros(len(table), dtype=bool)
        return nothing, nothing
    names = (
        table[columns.STEP_TYPE]
        .cast(pl.String)
        .fill_null("")
        .str.to_lowercase()
        .str.replace_all(r"[^a-z]", "")
    )
    discharges = names.is_in(_DISCHARGES) | names.str.contains("dchg|dischg|discharg")
    charges = names.is_in(_CHARGES) | (names.str.contains("chg|charg") & ~discharges)
    return charges.to_numpy(), discharges.to_numpy()


def _by_capacity(table: pl.DataFrame) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    grown = [_growing(table, what) for what in ("Charging", "Discharging")]
    if grown[0] is None or grown[1] is None:
        nothing = np.zeros(len(table), dtype=bool)
        return nothing, nothing
    return grown[0] & ~grown[1], grown[1] & ~grown[0]


def _growing(table: pl.DataFrame, what: str) -> NDArray[np.bool_] | None:
    for scope in ("", "Step ", "Cycle ", "Schedule "):
        label = f"{scope}{what} Capacity / Ah"
        if label in table.columns:
            return np.diff(_numbers(table, label), prepend=np.nan) > 0.0
    return None


# ---------------------------------------------------------------------------- current with a sign
def _by_evidence(table: pl.DataFrame, convention: str) -> Signed:
    found = [evidence for evidence in _evidence(table) if evidence.agree + evidence.differ]
    verdict = next((evidence.verdict for evidence in found if evidence.verdict), 0)
    shown = "; ".join(str(evidence) for evidence in found) or "nothing in the file tells"
    documented = convention == "charge"
    if verdict < 0 and not documented:
        return Signed(_turned(table), f"current was turned, so that positive charges: {shown}")
    source = "as the format has it" if documented else "as in the file"
    how = f"positive current charges, {source} ({shown})"
    if verdict < 0:
        note = (
            "current has the sign of its format, but the file speaks against it "
            f"({shown}); --sign flip turns it"
        )
        return Signed(table, how, (note,))
    if verdict == 0 and not documented:
        note = f"the sign of the current could not be told ({shown}); it is as in the file"
        return Signed(table, f"current is as in the file ({shown})", (note,))
    return Signed(table, how)


def _evidence(table: pl.DataFrame) -> list[_Evidence]:
    current, voltage = _numbers(table, columns.CURRENT), _numbers(table, columns.VOLTAGE)
    bounds = _held(table, current)
    return [
        _jumps(table, current, voltage),
        _polarity(bounds, current, voltage),
        _capacities(table, bounds, current),
        _rising(bounds, current, voltage),
    ]


def _jumps(table: pl.DataFrame, current: Floats, voltage: Floats) -> _Evidence:
    """Return how often voltage follows the current from one record to the next."""
    change, answer = np.diff(current), np.diff(voltage)
    large = np.abs(change) > JUMP * np.abs(current).max()
    # After a pause in the record a battery may have gone anywhere.
    passed = np.diff(_numbers(table, columns.TEST_TIME))
    soon = passed <= 10.0 * float(np.median(passed)) + 1.0
    counted = large & soon & (np.abs(answer) >= LEAST_RISE)
    same = np.sign(change[counted]) == np.sign(answer[counted])
    agree = int(np.count_nonzero(same))
    return _Evidence(
        "voltage follows current", agree, int(np.count_nonzero(counted)) - agree, "jumps"
    )


def _held(table: pl.DataFrame, current: Floats) -> list[tuple[int, int]]:
    """Return where current keeps its sign within one step, rests left out."""
    sign = np.where(np.abs(current) > REST * np.abs(current).max(), np.sign(current), 0.0)
    changed = np.diff(sign) != 0.0
    if columns.STEP in table.columns:
        changed |= np.diff(_numbers(table, columns.STEP)) != 0.0
    edges = [0, *(np.flatnonzero(changed) + 1).tolist(), len(sign)]
    pairs = pairwise(edges)
    return [(first, last) for first, last in pairs if sign[first] != 0.0 and last - first >= 3]


def _rising(bounds: list[tuple[int, int]], current: Floats, voltage: Floats) -> _Evidence:
    agree = differ = 0
    for first, last in bounds:
        rise = float(voltage[last - 1] - voltage[first])
        if abs(rise) < LEAST_RISE:
            continue
        if np.sign(rise) == np.sign(current[first]):
            agree += 1
        else:
            differ += 1
    return _Evidence("voltage rises with positive current", agree, differ)


def _polarity(bounds: list[tuple[int, int]], current: Floats, voltage: Floats) -> _Evidence:
    """Return how often voltage and current have one sign, in a cell whose voltage has both."""
    medians = [float(np.median(voltage[first:last])) for first, last in bounds]
    if not medians or min(medians) >= 0.0 or max(medians) <= 0.0:
        return _Evidence("voltage has the sign of the current", 0, 0)
    same = [
        np.sign(median) == np.sign(current[first])
        for median, (first, _) in zip(medians, bounds, strict=True)
    ]
    return _Evidence("voltage has the sign of the current", sum(same), len(same) - sum(same))


def _capacities(table: pl.DataFrame, bounds: list[tuple[int, int]], current: Floats) -> _Evidence:
    agree = differ = 0
    for what, sign in (("Charging", 1.0), ("Discharging", -1.0)):
        growing = _growing(table, what)
        if growing is None:
            continue
        for first, last in bounds:
            if np.count_nonzero(growing[first + 1 : last]) > (last - first - 1) / 2:
                if np.sign(current[first]) == sign:
                    agree += 1
                else:
                    differ += 1
    return _Evidence("capacities grow with their current", agree, differ)
