"""A result as the field reads it: hours, mA/cm2, mAh/cm2, mV, MPa; and the steps worth marking."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import isclose
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from interlith.report.reported import ResultLike, RunLike

if TYPE_CHECKING:
    import xarray as xr

    from interlith.simulation.interlayer import Evolution

__all__ = [
    "FRACTION",
    "MAH_CM2",
    "MA_CM2",
    "MA_CM3",
    "MPA",
    "MV",
    "NM",
    "UM",
    "FieldUnit",
    "H",
    "HalfCycle",
    "Highlight",
    "RunView",
    "Span",
    "V",
    "View",
    "known",
]

Array = npt.NDArray[np.float64]

SIDES = ("left", "right")
SHORTED_FRACTION = 0.999  # a filament this long has crossed the electrolyte
LEVELS_IN_CLOSE_UP = 4
HALF_CYCLES_IN_CLOSE_UP = 6
WIDEST_CLOSE_UP = 0.6  # of the whole test; a wider close-up would repeat the picture beside it


@dataclass(frozen=True)
class FieldUnit:
    """A unit of the field and its size in SI."""

    text: str
    si: float

    def label(self, quantity: str) -> str:
        """Return an axis label, for example ``Current density (mA/cm²)``."""
        return f"{quantity} ({self.text})"


H = FieldUnit("h", 3600.0)
MA_CM2 = FieldUnit("mA/cm²", 10.0)
MA_CM3 = FieldUnit("mA/cm³", 1000.0)
MAH_CM2 = FieldUnit("mAh/cm²", 36000.0)
MV = FieldUnit("mV", 1e-3)
V = FieldUnit("V", 1.0)
UM = FieldUnit("µm", 1e-6)
NM = FieldUnit("nm", 1e-9)
MPA = FieldUnit("MPa", 1e6)
FRACTION = FieldUnit("–", 1.0)


@dataclass(frozen=True)
class Span:
    """A stretch of the test, in hours."""

    start: float
    end: float


@dataclass(frozen=True)
class Highlight:
    """A stretch of the test to shade, and what it is."""

    role: str
    label: str
    span: Span


@dataclass(frozen=True)
class HalfCycle:
    """One row of the half-cycle table, in the units of the field."""

    number: int
    current_mA_cm2: float
    level_mA_cm2: float
    start_h: float
    end_h: float
    areal_capacity_mAh_cm2: float
    end_voltage_mV: float
    largest_voltage_mV: float
    outcome: str

    @property
    def passed(self) -> bool:
        """Whether the half-cycle reached its planned end."""
        return self.outcome == "passed"

    @property
    def plating_side(self) -> str:
        """The electrode that plates: positive current plates on the right."""
        return "right" if self.current_mA_cm2 > 0 else "left"


def known(value: float | None) -> float | None:
    """Return the value, or None where it is missing or not a number."""
    return None if value is None or not np.isfinite(value) else float(value)


@dataclass(frozen=True)
class RunView:
    """A result, read in the units of the field; nothing is computed that it does not hold."""

    result: RunLike

    @property
    def data(self) -> xr.Dataset:
        """The dataset in SI."""
        return self.result.dataset

    @cached_property
    def name(self) -> str:
        """The cell's name."""
        return str(self.result.cell.name)

    @cached_property
    def hours(self) -> Array:
        """Time in hours."""
        return self.series("time", H)

    @property
    def duration(self) -> float:
        """Length of the computed test in hours."""
        return float(self.hours[-1]) if len(self.hours) else 0.0

    @property
    def unfinished(self) -> bool:
        """Whether the run ended before the test did."""
        return self.result.status in {"failed", "interrupted"}

    def has(self, *names: str) -> bool:
        """Return whether the result holds these variables with at least one number."""
        return all(self._holds_number(name) for name in names)

    def _holds_number(self, name: str) -> bool:
        if name not in self.data:
            return False
        values = self.data[name].values
        return values.dtype.kind not in "fc" or bool(np.isfinite(values).any())

    def series(self, name: str, unit: FieldUnit, side: str | None = None) -> Array:
        """Return a variable in a unit of the field, of one electrode if it has two."""
        variable = self.data[name] if side is None else self.data[name].sel(electrode=side)
        return np.asarray(variable.values, dtype=float) / unit.si

    @property
    def close_up(self) -> Span | None:
        """The stretch of the test to show beside the whole of it, if any."""
        return None

    @property
    def breaks(self) -> npt.NDArray[np.intp]:
        """Time points before which some of the test was not kept."""
        return np.empty(0, np.intp)

    @property
    def highlights(self) -> list[Highlight]:
        """Stretches of the test to shade."""
        return []

    @property
    def short_at(self) -> float | None:
        """When a filament first crossed the electrolyte, in hours."""
        if not self.has("filament_fraction"):
            return None
        filaments = self.series("filament_fraction", FRACTION).reshape(len(self.hours), -1)
        crossed = np.flatnonzero(filaments.max(axis=1) >= SHORTED_FRACTION)
        return float(self.hours[crossed[0]]) if len(crossed) else None

    def during(self, span: Span) -> slice:
        """Return the time points of a stretch of the test."""
        return slice(
            int(np.searchsorted(self.hours, span.start, "left")),
            int(np.searchsorted(self.hours, span.end, "right")),
        )


@dataclass(frozen=True)
class View(RunView):
    """A result of a symmetric cell."""

    result: ResultLike

    @property
    def evolution(self) -> Evolution | None:
        """How the interlayers were formed, where the cell asked for it."""
        found: Evolution | None = getattr(self.result, "evolution", None)
        return found

    @cached_property
    def half_cycles(self) -> list[HalfCycle]:
        """The half-cycle table."""
        if "half_cycle_current_density" not in self.data:
            return []
        columns = [
            self.series(f"half_cycle_{name}", unit)
            for name, unit in (
                ("current_density", MA_CM2),
                ("level", MA_CM2),
                ("start", H),
                ("end", H),
                ("areal_charge", MAH_CM2),
                ("end_voltage", MV),
                ("max_abs_voltage", MV),
            )
        ]
        outcomes = [str(outcome) for outcome in self.data["half_cycle_outcome"].values]
        rows = zip(*(column.tolist() for column in columns), outcomes, strict=True)
        return [HalfCycle(number, *row) for number, row in enumerate(rows, start=1)]

    @cached_property
    def levels(self) -> list[float]:
        """Current densities of the ramp in mA/cm2, in order; empty without a ramp."""
        return list(
            dict.fromkeys(c.level_mA_cm2 for c in self.half_cycles if known(c.level_mA_cm2))
        )

    def at_level(self, level: float | None) -> list[HalfCycle]:
        """Return the half-cycles at a current density of the ramp."""
        if level is None:
            return []
        return [c for c in self.half_cycles if isclose(c.level_mA_cm2, level, rel_tol=1e-6)]

    @cached_property
    def last_passing(self) -> float | None:
        """Last passing current density in mA/cm2."""
        ccd = self.result.ccd
        value = known(ccd.last_passing_mA_cm2) if ccd else None
        return value if value else None  # zero means that the first step failed

    @cached_property
    def first_failing(self) -> float | None:
        """First failing current density in mA/cm2."""
        return known(self.result.ccd.first_failing_mA_cm2) if self.result.ccd else None

    def level_span(self, level: float | None) -> Span | None:
        """Return when a current density of the ramp was applied."""
        cycles = self.at_level(level)
        return Span(cycles[0].start_h, cycles[-1].end_h) if cycles else None

    @property
    def highlights(self) -> list[Highlight]:
        """The steps that decide the critical current density."""
        found = (
            ("last passing", self.last_passing),
            ("first failing", self.first_failing),
        )
        spans = [(role, level, self.level_span(level)) for role, level in found]
        return [
            Highlight(role, f"{role} step, {level:.4g} mA/cm²", span)
            for role, level, span in spans
            if span is not None
        ]

    @cached_property
    def close_up(self) -> Span | None:
        """The last steps of the test, where it is decided; None where that is most of the test."""
        if not self.half_cycles:
            return None
        if self.levels:
            start = self.at_level(self.levels[-LEVELS_IN_CLOSE_UP:][0])[0].start_h
        else:
            start = self.half_cycles[-HALF_CYCLES_IN_CLOSE_UP:][0].start_h
        wide = self.duration - start > WIDEST_CLOSE_UP * self.duration
        return None if wide else Span(start, self.duration)

    def points_of(self, cycle: HalfCycle) -> npt.NDArray[np.intp]:
        """Return the time points of a half-cycle, without those its neighbours have there."""
        window = self.during(Span(cycle.start_h, cycle.end_h))
        sign = np.sign(self.data["current_density"].values[window])
        inside = np.flatnonzero(sign == np.sign(cycle.current_mA_cm2))
        return np.asarray(inside + window.start, dtype=np.intp)

    @cached_property
    def polarisation_scale(self) -> float:
        """Largest voltage of the half-cycles that passed, in V; of the whole test if none did."""
        passed = [c.largest_voltage_mV * 1e-3 for c in self.half_cycles if c.passed]
        finite = [v for v in passed if known(v)]
        voltage = self.series("voltage", V) if self.has("voltage") else np.zeros(1)
        peak = float(np.nanmax(np.abs(voltage)))
        return max(finite, default=0.0) or peak or 1e-3

    def with_interlayer(self) -> list[str]:
        """Return the electrodes that have an interlayer."""
        if "depth" not in self.data or not self.has("profile_time", "depth"):
            return []
        return [side for side in SIDES if np.isfinite(self.series("depth", UM, side)).any()]
