"""What others measured, outside the reference: nothing was fitted to it."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from interlith.calibration.cells import ccd_cell, symmetric_cell
from interlith.reproduce.lithium_studies import (
    HIGHEST_MA_CM2,
    critical_current,
    hours_without_short,
)
from interlith.reproduce.studies import ELSEWHERE, Study, row_of

if TYPE_CHECKING:
    from interlith.calibration.draws import Sample
    from interlith.cell.cell import Cell
    from interlith.simulation.result import Result

__all__ = ["ELSEWHERE_STUDIES", "UNABLE"]

UNABLE = {
    "nitride-fluoride": "neither Li3N-LiF nor Li3PS4 is in the library",
    "antimonide-fluoride": "Li3Sb is no host of the library, and LiF in an interphase no number",
}
"""Rows that the model cannot give, and why."""
BETWEEN_MPA = (1.0, 10.0)
"""Between which the exponent of the interface resistance is read."""
NING_MPA = (0.1, 7.0)
"""Pressures whose times to a short are compared."""
MOMENT = ["Plate at 0.01 mA/cm2 for 1 second"]
ONE_WAY = ["Plate at 4 mA/cm2 for 4 hours"]


def _pressed(cell: Cell, sample: Sample, pressure_MPa: float | None) -> Cell:
    """Return a cell under the drawn conditions; a pressure that is stated is not drawn."""
    drawn = sample.symmetric(cell)
    if pressure_MPa is None:
        return drawn
    return drawn.model_copy(update={"stack_pressure": pressure_MPa * 1e6})


def _run(name: str, sample: Sample, pressure_MPa: float, protocol: list[Any]) -> Result:
    from interlith.simulation import simulate_symmetric

    cell = symmetric_cell(row_of(name), protocol)
    return simulate_symmetric(_pressed(cell, sample, pressure_MPa), sample.library())


def _run_stripping(name: str, sample: Sample) -> dict[str, float]:
    """Stripping current that creep and diffusion feed: above it voids grow [mA cm-2]."""
    pressure = row_of(name).stack_pressure_MPa
    assert pressure is not None
    fed = _run(name, sample, pressure, MOMENT).dataset["replenishment_current_density"]
    return {name: float(fed.to_numpy().reshape(-1)[0]) / 10.0}


def _run_exponent(name: str, sample: Sample) -> dict[str, float]:
    """Slope of the logarithms of interface resistance and pressure."""
    low, high = (
        float(_run(name, sample, pressure, MOMENT).dataset["sei_area_resistance"].to_numpy()[0, 0])
        for pressure in BETWEEN_MPA
    )
    return {name: math.log(high / low) / math.log(BETWEEN_MPA[1] / BETWEEN_MPA[0])}


def _cycling(name: str) -> Cell:
    row = row_of(name)
    assert row.half_cycle_h is not None
    test = {
        "current": f"{row.current_mA_cm2} mA/cm^2",
        "cycles": round(row.value / (2.0 * row.half_cycle_h)),
        "half_cycle_time": f"{row.half_cycle_h} h",
    }
    return symmetric_cell(row, [{"cycling": test}])


def _run_hours(name: str, sample: Sample) -> dict[str, float]:
    cell = _pressed(_cycling(name), sample, row_of(name).stack_pressure_MPa)
    return {name: hours_without_short(cell, sample.library())}


def _run_ramp(name: str, sample: Sample) -> dict[str, float]:
    row = row_of(name)
    cell = _pressed(ccd_cell(row, stop_mA_cm2=HIGHEST_MA_CM2), sample, row.stack_pressure_MPa)
    return {name: critical_current(cell, sample.library())}


def _run_filament(name: str, sample: Sample) -> dict[str, float]:
    """1 if plating alone shorts later, or not at all, at the lower pressure."""
    low, high = (_plated_until_short(name, sample, pressure) for pressure in NING_MPA)
    return {name: float(low > high)}


def _plated_until_short(name: str, sample: Sample, pressure_MPa: float) -> float:
    """Return how long one electrode is plated until a filament spans the electrolyte [s]."""
    result = _run(name, sample, pressure_MPa, ONE_WAY)
    time = result.dataset["time"].to_numpy()
    filament = result.dataset["filament_fraction"].to_numpy().max(axis=-1)
    spanned = np.flatnonzero(filament >= 1.0)
    return float(time[spanned[0]]) if len(spanned) else math.inf


def _study(name: str, run: Callable[[str, Sample], dict[str, float]], seconds: float) -> Study:
    return Study(name, ELSEWHERE, (name,), partial(run, name), seconds)


ELSEWHERE_STUDIES = (
    _study("strip-3MPa", _run_stripping, 0.1),
    _study("strip-7MPa", _run_stripping, 0.1),
    _study("resistance-pressure", _run_exponent, 0.1),
    _study("cycling-5MPa", _run_hours, 1.0),
    _study("garnet-ceramic", _run_ramp, 0.2),
    _study("garnet-crystal", _run_ramp, 0.2),
    _study("silver-carbon", _run_ramp, 0.2),
    _study("pressure-filament", _run_filament, 0.2),
)
"""One run or two a row."""
