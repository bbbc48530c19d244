"""A measured row of a full cell as a cell, and what the row measured as a number of its result."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from interlith.calibration.rows import MeasuredRow

if TYPE_CHECKING:
    from interlith.cell.cell import Cell
    from interlith.simulation.full_result import FullResult

__all__ = ["ASSUMED", "FULL_ROWS", "FullRow", "full_cell_of"]

ASSUMED = {
    "lithium": "50 um",
    "interlayer": "20 um",
    "electrolyte": "600 um",
    "stack_pressure": "2.5 MPa",
    "area": "0.785 cm^2",
    "carbon": 0.05,
    "specific_capacity": "200 mAh/g",
    "lowest_voltage": "2.7 V",
}
"""What the paper does not state for every row. The pressure, the definition of 1C and the lowest
voltage are stated for some and taken for all. Carbon is the mass of a conductive additive over that
of the solids: at half active material by mass its particles alone hardly form a network."""

ACTIVATION = 2
"""Cycles at the first current before a test, where the row does not name them (assumed)."""
AT_A_RATE = 5
"""Cycles at each current of the rate test (assumed)."""

Measure = Callable[["FullResult"], float]


@dataclass(frozen=True)
class FullRow:
    """How a row of a full cell is run and read."""

    active: str
    """Active material of the library."""
    loading: float
    """Mass of active material per area [mg cm-2]."""
    protocol: tuple[Any, ...]
    """Steps of a cell file."""
    measure: Measure
    """What the row measured, in its unit."""
    interphase: str | None = None
    """Cathode interphase; None for that of the bare active material."""
    active_mass_fraction: float = 0.5
    """Active material over solids of the cathode, by mass."""
    catholyte: str = "Li6PS5Cl"
    """Electrolyte inside the cathode."""
    assumed: str = ""
    """What this row needs beyond :data:`ASSUMED`."""


def _cycle(current: str, highest: str) -> list[str]:
    """A charge and a discharge at one current."""
    return [
        f"Charge at {current} until {highest}",
        f"Discharge at {current} until {ASSUMED['lowest_voltage']}",
    ]


def _cycles(count: int, current: str, highest: str) -> dict[str, Any]:
    return {"repeat": count, "steps": _cycle(current, highest)}


def _discharge(cycle: int) -> Measure:
    """Areal capacity of the discharge of a cycle [mAh cm-2]; 0 if the cell did not get there."""

    def measured(result: FullResult) -> float:
        found = [c.discharge_mAh_cm2 for c in result.cycles if c.cycle == cycle]
        return found[0] if found else 0.0

    return measured


def _per_mass(cycle: int, loading: float) -> Measure:
    """Specific capacity of the discharge of a cycle [mAh g-1]."""
    return lambda result: _discharge(cycle)(result) / loading * 1000.0


def _ratio(later: int, earlier: int) -> Measure:
    """Capacity of a cycle over that of an earlier one [%]."""

    def measured(result: FullResult) -> float:
        first = _discharge(earlier)(result)
        return 100.0 * _discharge(later)(result) / first if first > 0.0 else math.nan

    return measured


def _stable_cycles(share: float) -> Measure:
    """Cycles without a short and with at least a share of the first capacity."""

    def measured(result: FullResult) -> float:
        first = _discharge(ACTIVATION + 1)(result)
        kept = [c.cycle for c in result.cycles if c.discharge_mAh_cm2 >= share * first > 0.0]
        return float(max(kept, default=0))

    return measured


def _shorted(result: FullResult) -> float:
    """1 if the cell shorted, 0 if not."""
    return 1.0 if result.ended_in_short else 0.0


_CL, _F = "LiCl-coating", "F-doping"
_RATE_TEST = (
    _cycles(AT_A_RATE, "2.55 mA/cm2", "4.1 V"),
    _cycles(AT_A_RATE, "5.1 mA/cm2", "4.1 V"),
    _cycles(AT_A_RATE, "10.2 mA/cm2", "4.1 V"),
    _cycles(AT_A_RATE, "2.55 mA/cm2", "4.1 V"),
)
_RATES = "charged as fast as discharged; five cycles at 0.5C, 1C, 2C and 0.5C"
_HELD_3C = (_cycles(4, "2.55 mA/cm2", "4.1 V"), _cycles(300, "15.3 mA/cm2", "4.1 V"))
_THICK = (_cycles(42, "2.55 mA/cm2", "4.3 V"),)

FULL_ROWS: dict[str, FullRow] = {
    "full-cl-0.5C": FullRow("NMC811", 25.5, _RATE_TEST, _discharge(2), _CL, assumed=_RATES),
    "full-cl-2C": FullRow("NMC811", 25.5, _RATE_TEST, _discharge(12), _CL, assumed=_RATES),
    "full-cl-return": FullRow("NMC811", 25.5, _RATE_TEST, _discharge(17), _CL, assumed=_RATES),
    "full-cl-3C": FullRow("NMC811", 25.5, _HELD_3C, _discharge(304), _CL),
    "full-cl-3C-ratio": FullRow(
        "NMC811", 25.5, _HELD_3C, _ratio(5, 4), _CL, assumed="loading of the other rate tests"
    ),
    "full-f-0.51-80": FullRow(
        "NMC811", 2.55, (_cycles(444, "2.55 mA/cm2", "4.3 V"),), _per_mass(444, 2.55), _F
    ),
    "full-f-0.51-60": FullRow(
        "NMC811",
        2.55,
        (_cycles(681, "2.55 mA/cm2", "4.3 V"),),
        _per_mass(681, 2.55),
        _F,
        assumed="charged to 4.3 V as at 80 degC",
    ),
    "full-f-1.27-60": FullRow(
        "NMC811",
        6.35,
        (_cycles(300, "3.8 mA/cm2", "4.3 V"),),
        _per_mass(300, 6.35),
        _F,
        assumed="charged to 4.3 V as at 80 degC",
    ),
    "full-f-7.64-initial": FullRow("NMC811", 38.22, _THICK, _discharge(2), _F),
    "full-f-7.64-fade": FullRow("NMC811", 38.22, _THICK, _ratio(42, 2), _F),
    "lno-capacity": FullRow(
        "LiNiO2",
        51.63,
        (_cycles(2, "2.55 mA/cm2", "4.3 V"),),
        _discharge(2),
        active_mass_fraction=0.7,
        assumed="loading for 215 mAh/g, 70 % active material by mass, 2.55 mA/cm2",
    ),
    "bi-only": FullRow(
        "NMC811",
        25.5,
        (_cycles(100, "2.55 mA/cm2", "4.3 V"),),
        _shorted,
        _F,
        assumed="25.5 mg/cm2, 2.55 mA/cm2, 100 cycles; 1 stands for a short",
    ),
    "nca-lyc": FullRow(
        "NCA",
        12.5,
        (_cycles(ACTIVATION + 200, "1.0 mA/cm2", "4.3 V"),),
        _stable_cycles(0.8),
        active_mass_fraction=0.7,
        catholyte="Li3YCl6",
        assumed="12.5 mg/cm2 (2.5 mAh/cm2 at 200 mAh/g), 70 % active material, to 4.3 V, 80 % kept",
    ),
}
"""How each row of a full cell is run. Rows that are run alike share one simulation."""


def full_cell_of(row: MeasuredRow, carbon: float | None = None) -> Cell:
    """Full cell of a measured row.

    Parameters
    ----------
    row : MeasuredRow
        A row whose id is in :data:`FULL_ROWS`.
    carbon : float, optional
        Mass of conductive additive over that of the solids; the default is that of
        :data:`ASSUMED`.

    Returns
    -------
    Cell
        With the protocol of the row.
    """
    from interlith.cell.cell import Cell

    how = FULL_ROWS[row.id]
    share = ASSUMED["carbon"] if carbon is None else carbon
    cathode: dict[str, Any] = {
        "material": how.active,
        "loading": f"{how.loading} mg/cm^2",
        "active_mass_fraction": how.active_mass_fraction,
        "electrolyte": how.catholyte,
    }
    if share:
        cathode |= {"additive": "C", "additive_mass_fraction": share}
    if how.interphase is not None:
        cathode["interphase"] = how.interphase
    specific = float(str(ASSUMED["specific_capacity"]).split()[0])
    return Cell.read(
        {
            "name": row.id,
            "temperature": f"{row.temperature_C} degC",
            "stack_pressure": ASSUMED["stack_pressure"],
            "area": ASSUMED["area"],
            "capacity": f"{how.loading * specific / 1000.0:.6g} mAh/cm^2",
            "layers": [
                {"material": row.electrode, "thickness": ASSUMED["lithium"]},
                {"material": row.interlayer, "thickness": ASSUMED["interlayer"]},
                {"material": row.electrolyte, "thickness": ASSUMED["electrolyte"]},
                cathode,
            ],
            "protocol": list(how.protocol),
            "reference": f"Wan et al. (2023), {row.locator}",
        }
    )
