"""A result of a full cell as the field reads it: cycles, blocks of cycles at one rate, legs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from interlith.report.reported import FullResultLike
from interlith.report.view import MA_CM2, MAH_CM2, RunView, Span

if TYPE_CHECKING:
    from interlith.simulation.full_record import Cycle

__all__ = ["Block", "FullView", "Leg", "MeasuredCapacity"]

Array = npt.NDArray[np.float64]
Positions = npt.NDArray[np.intp]

SAME = 1e-6
CYCLES_IN_CLOSE_UP = 3
SHORTEST_CLOSE_UP = 1e-9
WIDEST_CLOSE_UP = 0.6  # of the whole test; a wider close-up would repeat the picture beside it


@dataclass(frozen=True)
class MeasuredCapacity:
    """A measured discharge capacity to show beside the simulated ones."""

    label: str
    locator: str
    """Where it is published."""
    mAh_cm2: float
    first_cycle: int
    last_cycle: int
    """Cycles beside which it is shown: all at its current where its own is not known."""
    cycle_known: bool
    fitted: bool
    """Whether a value of the library was fitted to it."""


@dataclass(frozen=True)
class Leg:
    """The rows of a charge or of a discharge of one cycle."""

    cycle: int
    rows: Positions
    discharge: bool


@dataclass(frozen=True)
class Block:
    """Consecutive cycles that were asked for alike."""

    label: str
    rate: str
    """Of the discharge alone, with its temperature where that differs between blocks."""
    cycles: tuple[Cycle, ...]
    current_mA_cm2: float
    """Of the discharge."""
    charge_current_mA_cm2: float

    @property
    def first(self) -> int:
        """Number of the first cycle."""
        return self.cycles[0].cycle

    @property
    def last(self) -> int:
        """Number of the last cycle."""
        return self.cycles[-1].cycle


@dataclass(frozen=True)
class FullView(RunView):
    """A result of a full cell; `measured` holds what is published for the same cell."""

    result: FullResultLike
    measured: Sequence[MeasuredCapacity] = ()

    @property
    def cycles(self) -> Sequence[Cycle]:
        """All cycles."""
        return self.result.cycles

    @property
    def loading_g_cm2(self) -> float:
        """Mass of active material per area."""
        return self.result.active_loading / 10.0

    def specific(self, areal: float) -> float:
        """Return an areal capacity in mAh/cm2 per mass of active material, in mAh/g."""
        return areal / self.loading_g_cm2

    @cached_property
    def blocks(self) -> list[Block]:
        """Cycles by the currents and the temperature they were run at, in order."""
        groups: list[list[Cycle]] = []
        last: tuple[float, ...] = ()
        for cycle in self.cycles:
            key = (*self._currents(cycle.cycle), cycle.temperature_C)
            if not groups or not np.allclose(key, last, rtol=SAME):
                groups.append([])
                last = key
            groups[-1].append(cycle)
        return [self._block(group) for group in groups]

    def _block(self, group: list[Cycle]) -> Block:
        charge, discharge = self._currents(group[0].cycle)
        rate = self._rate(group[0].C_rate, discharge) if discharge > 0.0 else "no discharge"
        if len({round(cycle.temperature_C, 3) for cycle in self.cycles}) > 1:
            rate += f", {group[0].temperature_C:.4g} °C"
        label = rate
        if abs(charge - discharge) > SAME * max(charge, discharge) and charge > 0.0:
            label += f", charged at {self._rate(group[0].charge_C_rate, charge)}"
        return Block(label, rate, tuple(group), discharge, charge)

    @staticmethod
    def _rate(C_rate: float | None, current: float) -> str:
        return f"{C_rate:.3g}C" if C_rate else f"{current:.3g} mA/cm²"

    def _currents(self, cycle: int) -> tuple[float, float]:
        """Currents of the charge and of the discharge of a cycle in mA/cm2, 0 without one."""
        steps = self._currents_by_cycle.get(cycle, [])
        charge = next((-current for current in steps if current < 0.0), 0.0)
        return charge, next((current for current in steps if current > 0.0), 0.0)

    @cached_property
    def _currents_by_cycle(self) -> dict[int, list[float]]:
        found: dict[int, list[float]] = {}
        for step in self.result.steps:
            found.setdefault(step.cycle, []).append(step.current / MA_CM2.si)
        return found

    @cached_property
    def cycle_of_row(self) -> npt.NDArray[np.int64]:
        """Cycle that each time point belongs to."""
        return np.asarray(self.data["time_cycle"].values, dtype=np.int64)

    @cached_property
    def kept(self) -> list[int]:
        """Cycles whose time series were kept."""
        return [int(number) for number in np.unique(self.cycle_of_row) if number > 0]

    def leg(self, cycle: int, *, discharge: bool) -> Leg:
        """Return the time points of the charge or discharge of a kept cycle."""
        sign = 1.0 if discharge else -1.0
        current = self.data["current_density"].values * sign
        rows = np.flatnonzero((self.cycle_of_row == cycle) & (current > 0.0))
        return Leg(cycle, rows, discharge)

    def passed(self, leg: Leg) -> Array:
        """Return the areal capacity passed since the beginning of a leg, in mAh/cm2."""
        throughput = self.series("areal_charge", MAH_CM2)[leg.rows]
        return throughput - throughput[0] if len(throughput) else throughput

    @cached_property
    def chosen(self) -> list[int]:
        """Kept cycles worth showing: the first, one of each block, the last."""
        picked = [self.kept[0], *filter(None, map(self.shown_of, self.blocks)), self.kept[-1]]
        return sorted(dict.fromkeys(picked))

    def shown_of(self, block: Block) -> int | None:
        """Return the kept cycle that stands for a block: the second, else any."""
        there = [number for number in self.kept if block.first <= number <= block.last]
        there = [number for number in there if self._whole(number)] or there
        settled = [number for number in there if number > block.first]
        return next(iter([*settled, *there]), None)

    def _whole(self, cycle: int) -> bool:
        return next((c.complete for c in self.cycles if c.cycle == cycle), False)

    @cached_property
    def breaks(self) -> Positions:
        """Time points before which cycles were not kept."""
        return np.flatnonzero(np.diff(self.cycle_of_row) > 1) + 1

    @property
    def close_up(self) -> Span | None:
        """The last cycles."""
        if len(self.kept) <= CYCLES_IN_CLOSE_UP:
            return None
        last = self.kept[-1]
        first = next(c for c in self.kept if c > last - CYCLES_IN_CLOSE_UP)
        start = float(self.hours[np.flatnonzero(self.cycle_of_row == first)[0]])
        wide = self.duration - start > WIDEST_CLOSE_UP * self.duration
        nothing = self.duration - start < SHORTEST_CLOSE_UP * self.duration
        return None if wide or nothing else Span(start, self.duration)
