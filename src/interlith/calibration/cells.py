"""A measured row as a cell. What the paper does not state is assumed here, in one place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from interlith.calibration.rows import MeasuredRow

if TYPE_CHECKING:
    from interlith.cell.cell import Cell

ASSUMED = {
    "stack_pressure": "2.5 MPa",
    "area": "0.785 cm^2",
    "lithium": "100 um",
    "interlayer": "20 um",
    "electrolyte": "600 um",
}
"""Conditions that the paper does not state for these tests; 2.5 MPa is that of its full cells."""

RTOL = 1e-4
RAISED_CYCLES = 12
"""Cycles in which the current of a cycling test is raised: stated for 25 degC, taken for 80."""


def ccd_cell(
    row: MeasuredRow, start_mA_cm2: float = 0.1, step_mA_cm2: float = 0.1, stop_mA_cm2: float = 6.0
) -> Cell:
    """Critical-current test of a measured row.

    Parameters
    ----------
    row : MeasuredRow
        The row.
    start_mA_cm2, step_mA_cm2, stop_mA_cm2 : float
        The ramp.

    Returns
    -------
    Cell
        A symmetric cell.
    """
    ramp: dict[str, Any] = {
        "start": f"{start_mA_cm2} mA/cm^2",
        "step": f"{step_mA_cm2} mA/cm^2",
        "stop_at": f"{stop_mA_cm2} mA/cm^2",
        "half_cycles_per_step": 2,
    }
    if row.areal_capacity_mAh_cm2 is not None:
        ramp["areal_capacity"] = f"{row.areal_capacity_mAh_cm2} mAh/cm^2"
    else:
        ramp["half_cycle_time"] = f"{row.half_cycle_h} h"
    return symmetric_cell(row, [{"ccd": ramp}])


def cycling_cell(row: MeasuredRow, hours: float) -> Cell:
    """Symmetric cycling of a measured row: the current is raised in equal steps, then held.

    Parameters
    ----------
    row : MeasuredRow
        A row with a current and the time of a half-cycle.
    hours : float
        How long it is cycled in all [h].

    Returns
    -------
    Cell
        A symmetric cell.
    """
    assert row.current_mA_cm2 is not None
    assert row.half_cycle_h is not None
    step = row.current_mA_cm2 / RAISED_CYCLES
    held = round(hours / (2.0 * row.half_cycle_h)) - RAISED_CYCLES + 1
    counts = [1] * (RAISED_CYCLES - 1) + [held]
    return symmetric_cell(
        row,
        [
            {
                "cycling": {
                    "current": f"{step * (number + 1):.6g} mA/cm^2",
                    "cycles": count,
                    "half_cycle_time": f"{row.half_cycle_h:g} h",
                }
            }
            for number, count in enumerate(counts)
        ],
    )


def symmetric_cell(row: MeasuredRow, protocol: list[Any]) -> Cell:
    """Symmetric cell of a measured row.

    Parameters
    ----------
    row : MeasuredRow
        The row.
    protocol : list
        Items of the protocol of a cell file.

    Returns
    -------
    Cell
        With the conditions of :data:`ASSUMED` where the row states none.
    """
    from interlith.cell.cell import Cell

    metal = {"material": row.electrode, "thickness": ASSUMED["lithium"]}
    interlayers = []
    if row.interlayer is not None:
        layer = {"material": row.interlayer, "thickness": ASSUMED["interlayer"]}
        if row.particle_size is not None:
            layer["particle_size"] = row.particle_size
        interlayers = [layer]
    electrolyte = {"material": row.electrolyte, "thickness": ASSUMED["electrolyte"]}
    return Cell.read(
        {
            "name": row.id,
            "temperature": f"{row.temperature_C} degC",
            "stack_pressure": ASSUMED["stack_pressure"],
            "area": ASSUMED["area"],
            "layers": [metal, *interlayers, electrolyte, *interlayers, metal],
            "protocol": protocol,
            "solver": {"rtol": RTOL},
            "reference": f"Wan et al. (2023), {row.locator}",
        }
    )
