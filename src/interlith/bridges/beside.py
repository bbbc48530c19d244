"""The cathode half cell of a full cell beside PyBaMM, on the same physics."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from interlith.bridges.composite import half_cell_of
from interlith.bridges.loading import load_pybamm
from interlith.bridges.pybamm_half_cell import Mesh, simulate_half_cell
from interlith.errors import InputError, Problem
from interlith.simulation.full_assembly import Grid
from interlith.simulation.half_cell import NO_DOUBLE_LAYER, HalfCellRuns, constant_current

if TYPE_CHECKING:
    from interlith.cell.cell import Cell
    from interlith.materials.library import Library

__all__ = ["Compared", "beside_pybamm", "rates_of"]

FloatArray = NDArray[np.float64]
Progress = Callable[[float, str], None]

USUAL_RATES = (0.1, 0.5, 1.0, 2.0)
"""C-rates where the protocol names none."""
GRID = Grid(cathode_nodes=24, cathode_grading=1.05, shells=120, shell_grading=1.03)
MESH = Mesh(cathode=24, particle=240, clustered=True)
TOLERANCES = (1e-6, 1e-8)
RTOL = 1e-6
"""Meshes and tolerances at which the physics is compared, not the meshes."""
POINTS = 2000
LAST_SHARE = 0.9999
"""Voltages are compared up to this share of the shorter run: at the very end of a discharge both
fall by volts in a second."""
FIRST_SECOND = 1.0
"""Start of the comparison [s]: what relaxes before is due to double layers, which PyBaMM lacks."""


@dataclass(frozen=True)
class Compared:
    """One charge or discharge by both programs.

    Parameters
    ----------
    rate : float
        C-rate.
    direction : str
        ``charge`` or ``discharge``.
    temperature : float
        [K].
    rms_voltage_difference : float
        Root mean square of ours minus theirs [V]; not a number where the run ends at once.
    capacity, pybamm_capacity : float
        [C/m2].
    time, voltage, pybamm_time, pybamm_voltage : ndarray
        Time [s] and voltage [V] of both.
    states, pybamm_states : int
        Numbers of unknowns.
    """

    rate: float
    direction: str
    temperature: float
    rms_voltage_difference: float
    capacity: float
    pybamm_capacity: float
    time: FloatArray
    voltage: FloatArray
    pybamm_time: FloatArray
    pybamm_voltage: FloatArray
    states: int
    pybamm_states: int

    @property
    def capacity_difference(self) -> float:
        """Ours over theirs, less one."""
        if self.pybamm_capacity == 0.0:
            return 0.0 if self.capacity == 0.0 else float("inf")
        return self.capacity / self.pybamm_capacity - 1.0

    def entry(self) -> dict[str, Any]:
        """Plain numbers for JSON and tables."""
        return {
            "C_rate": self.rate,
            "direction": self.direction,
            "temperature_C": self.temperature - 273.15,
            "rms_voltage_difference_mV": 1e3 * self.rms_voltage_difference,
            "capacity_mAh_cm2": self.capacity / 36000.0,
            "pybamm_capacity_mAh_cm2": self.pybamm_capacity / 36000.0,
            "capacity_difference_percent": 100.0 * self.capacity_difference,
            "states": self.states,
            "pybamm_states": self.pybamm_states,
        }


def rates_of(cell: Cell) -> list[float]:
    """C-rates that the protocol of a cell asks for.

    Parameters
    ----------
    cell : Cell
        A full cell.

    Returns
    -------
    list of float
        Rising; C/10, C/2, 1C and 2C where it has none.
    """
    from interlith.cell.expand import expand

    one_c = _one_c(cell)
    found = {
        round(abs(step.value) / one_c, 6) for step in expand(cell) if step.control == "current"
    }
    return sorted(found - {0.0}) or list(USUAL_RATES)


def beside_pybamm(
    cell: Cell,
    rates: Sequence[float] | None = None,
    library: Library | None = None,
    temperature: float | None = None,
    progress: Progress | None = None,
    grid: Grid = GRID,
    mesh: Mesh = MESH,
) -> list[Compared]:
    """Charge and discharge the cathode half cell with both programs.

    Parameters
    ----------
    cell : Cell
        A full cell. Its cathode is taken as made, against ideal lithium.
    rates : sequence of float, optional
        C-rates; the default is :func:`rates_of`.
    library : Library, optional
        Materials.
    temperature : float, optional
        [K]; the default is that of the cell.
    progress : callable (fraction, text), optional
        Called before each run.
    grid, mesh : Grid, Mesh, optional
        How finely each program resolves it.

    Returns
    -------
    list of Compared
        A discharge and a charge for each rate.

    Raises
    ------
    InputError
        If the cell is not a full cell with particles of one size.
    MissingExtraError
        If PyBaMM is not installed.

    Notes
    -----
    Double layers of both are none here: ours are charged within a microsecond. A discharge begins
    at rest at the upper limit of voltage, a charge at the lithium content as made.
    """
    load_pybamm()
    half_cell = half_cell_of(cell, library, temperature)
    kelvin = half_cell.temperature
    runs = HalfCellRuns(cell, library, kelvin, grid, RTOL, NO_DOUBLE_LAYER)
    lowest, highest = _limits(cell)
    charged = _content_at(runs, highest)
    rates = rates_of(cell) if rates is None else rates
    cases = [(rate, way) for rate in rates for way in ("discharge", "charge")]
    found = []
    for number, (rate, way) in enumerate(cases):
        if progress is not None:
            progress(number / len(cases), f"{way} at {rate:g}C")
        sign = 1.0 if way == "discharge" else -1.0
        start = charged if way == "discharge" else half_cell.start_stoichiometry
        current, until = sign * rate * _one_c(cell), lowest if sign > 0.0 else highest
        ours = runs.run(constant_current(current, until), runs.at_rest(start))
        if len(ours.time) < 2:
            # The ohmic drop alone is beyond the limit; PyBaMM would refuse to begin.
            found.append(_at_once(rate, way, kelvin, ours.states))
            continue
        theirs = simulate_half_cell(
            replace(half_cell, start_stoichiometry=start),
            current,
            until,
            mesh=mesh,
            tolerances=TOLERANCES,
        )
        found.append(
            Compared(
                rate,
                way,
                kelvin,
                _rms(ours.time, ours.voltage, theirs.time, theirs.voltage),
                abs(current) * float(ours.time[-1]),
                abs(current) * float(theirs.time[-1]),
                ours.time,
                ours.voltage,
                theirs.time,
                theirs.voltage,
                ours.states,
                theirs.states,
            )
        )
    if progress is not None:
        progress(1.0, "done")
    return found


def _one_c(cell: Cell) -> float:
    """Current density of 1C [A/m2]."""
    if cell.capacity is None:
        raise InputError(Problem("", "capacity", "", "what 1C moves in an hour"))
    return cell.capacity / 3600.0


def _limits(cell: Cell) -> tuple[float, float]:
    """Lowest and highest voltage of the protocol [V]."""
    from interlith.cell.expand import expand

    steps = expand(cell)
    lower = [step.voltage_lower for step in steps if step.voltage_lower is not None]
    upper = [step.voltage_upper for step in steps if step.voltage_upper is not None]
    if not lower or not upper:
        expected = "a charge and a discharge, each until a voltage"
        raise InputError(Problem("", "protocol", "no limits of voltage", expected))
    return min(lower), max(upper)


def _content_at(runs: HalfCellRuns, potential: float) -> float:
    """Lithium content whose open-circuit potential this is."""
    table = runs.assembly.parameters.cathode.open_circuit
    contents = np.linspace(0.0, 1.0, len(table) + 1)[:-1]
    return float(np.interp(-potential, -table[:, 0], contents))


def _at_once(rate: float, way: str, kelvin: float, states: int) -> Compared:
    """A run whose limit is passed before it begins."""
    none = np.zeros(0)
    return Compared(rate, way, kelvin, float("nan"), 0.0, 0.0, none, none, none, none, states, 0)


def _rms(time: FloatArray, ours: FloatArray, other: FloatArray, theirs: FloatArray) -> float:
    """Root mean square of the difference of two voltages over the time that both have."""
    from scipy.interpolate import CubicSpline

    end = LAST_SHARE * min(time[-1], other[-1])
    at = np.linspace(min(FIRST_SECOND, 0.1 * end), end, POINTS)
    difference = CubicSpline(time, ours)(at) - CubicSpline(other, theirs)(at)
    return float(np.sqrt(np.mean(difference**2)))


def entries(found: Sequence[Compared]) -> list[dict[str, Any]]:
    """Plain numbers of all cases.

    Parameters
    ----------
    found : sequence of Compared
        From :func:`beside_pybamm`.

    Returns
    -------
    list of dict
        For JSON.
    """
    return [compared.entry() for compared in found]
