"""What a report reads of a result, and nothing more: any object of this shape can be reported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import xarray as xr

    from interlith.materials.used import UsedValue
    from interlith.simulation.full_record import Cycle, StepOutcome

__all__ = ["CellLike", "CriticalCurrentLike", "FullResultLike", "ResultLike", "RunLike"]


class CellLike(Protocol):
    """The simulated cell. `layers` with a `material` each and `to_yaml` are shown where present."""

    @property
    def name(self) -> str:
        """Name given by the user."""


class CriticalCurrentLike(Protocol):
    """Outcome of a test of the critical current density (CCD)."""

    @property
    def last_passing_mA_cm2(self) -> float | None:
        """Highest current density whose half-cycles all passed, in mA/cm2."""

    @property
    def first_failing_mA_cm2(self) -> float | None:
        """Current density of the first failing step in mA/cm2, None when none failed."""

    @property
    def cause(self) -> str | None:
        """Why the cell failed."""

    @property
    def electrode(self) -> str | None:
        """Which electrode failed: left or right."""

    @property
    def half_cycle_areal_capacity_mAh_cm2(self) -> float | None:
        """Areal capacity of a half-cycle in mAh/cm2."""

    @property
    def cumulative_areal_capacity_mAh_cm2(self) -> float | None:
        """Areal capacity passed in all half-cycles together, in mAh/cm2."""

    @property
    def criterion(self) -> str:
        """What counts as a failure."""

    @property
    def explanation(self) -> str:
        """What led to the failure, in words."""


class RunLike(Protocol):
    """A simulation result of any kind of cell."""

    @property
    def cell(self) -> CellLike:
        """The simulated cell."""

    @property
    def status(self) -> str:
        """completed, stopped, interrupted or failed."""

    @property
    def reason(self) -> str | None:
        """Why the run ended."""

    @property
    def used_values(self) -> Sequence[UsedValue]:
        """Every value that entered the simulation."""

    @property
    def dataset(self) -> xr.Dataset:
        """All time series, profiles and tables, in SI."""

    @property
    def timings(self) -> Mapping[str, object]:
        """Wall times and step counts."""


class ResultLike(RunLike, Protocol):
    """A result of a symmetric cell."""

    @property
    def ccd(self) -> CriticalCurrentLike | None:
        """Critical current density, None when the protocol holds no such test."""


class FullResultLike(RunLike, Protocol):
    """A result of a full cell."""

    @property
    def steps(self) -> Sequence[StepOutcome]:
        """Every protocol step that ran."""

    @property
    def cycles(self) -> Sequence[Cycle]:
        """Charges with the discharges after them."""

    @property
    def active_loading(self) -> float:
        """Mass of active material per area [kg m-2]."""

    @property
    def lithium_imbalance(self) -> float:
        """Largest relative change of all lithium."""

    @property
    def rows_outside_valid_range(self) -> int:
        """Time steps in which the open-circuit potential was extrapolated."""

    @property
    def valid_range(self) -> tuple[float, float]:
        """Range of the lithium content that was published for it."""

    @property
    def ended_in_short(self) -> bool:
        """Whether a filament shorted the cell."""

    @property
    def planned_cycles(self) -> int:
        """Cycles of the whole protocol."""

    @property
    def resumed_at_cycle(self) -> int | None:
        """Cycle at which the run went on from a checkpoint."""
