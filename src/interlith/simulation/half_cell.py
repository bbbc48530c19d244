"""A composite cathode as made against ideal lithium: protocols, again and again, without a report.

This is what other programs can be compared with on the same physics, and what is timed: the numbers
are handed to compiled code once, a run is one call.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from interlith.errors import SolverError
from interlith.numerics.status import EVENT, MESSAGES, REACHED_END
from interlith.numerics.table import look_up
from interlith.simulation import kernel
from interlith.simulation.full_assembly import FullAssembly, Grid, assemble_full
from interlith.simulation.full_kernel import FULL
from interlith.simulation.full_observe import COLUMN_COUNT, FULL_COLUMNS, observe_full
from interlith.simulation.program import compile_program

if TYPE_CHECKING:
    from interlith.cell.cell import Cell
    from interlith.cell.step import Step
    from interlith.materials.library import Library

__all__ = ["NO_DOUBLE_LAYER", "HalfCellRuns", "Trace", "constant_current", "program_of"]

FloatArray = NDArray[np.float64]

NO_DOUBLE_LAYER = 1e-4
"""Double layers that are charged within a microsecond."""
LONGEST = 1e8
"""Time that no charge at constant current takes [s]."""
ROWS = 16_384
MOST_ATTEMPTS = 50_000
_COLUMN = {name: number for number, name in enumerate(FULL_COLUMNS)}


@dataclass(frozen=True)
class Trace:
    """What a half cell did.

    Parameters
    ----------
    time : ndarray
        Since the start [s].
    voltage : ndarray
        [V].
    current_density : ndarray
        [A/m2], positive on discharge.
    throughput : ndarray
        Charge since the start, both directions counted [C/m2].
    ends : ndarray of int
        One past the last row of each step.
    states : int
        Number of unknowns.
    """

    time: FloatArray
    voltage: FloatArray
    current_density: FloatArray
    throughput: FloatArray
    ends: NDArray[np.int64]
    states: int


class HalfCellRuns:
    """A half cell that is assembled once and run many times.

    Parameters
    ----------
    cell : Cell
        A full cell; its lithium side is replaced by ideal lithium.
    library : Library, optional
        Materials.
    temperature : float, optional
        [K]; the default is that of the cell.
    grid : Grid, optional
        How finely it is resolved.
    rtol : float, optional
        Relative tolerance; the default is that of the cell.
    double_layer : float, optional
        Factor on the double-layer capacitance. :data:`NO_DOUBLE_LAYER` compares with programs that
        have none: at the knee of a discharge it takes some per cent of the current, which delays
        the end by 0.1 %.
    """

    def __init__(
        self,
        cell: Cell,
        library: Library | None = None,
        temperature: float | None = None,
        grid: Grid | None = None,
        rtol: float | None = None,
        double_layer: float = 1.0,
    ) -> None:
        whole = assemble_full(cell, library, grid, temperature, True)
        self.assembly = _as_made(whole, double_layer)
        self.rtol = cell.solver.rtol if rtol is None else rtol
        self._control = np.full(kernel.CONTROL_COLUMNS, np.nan)
        system = (self.assembly.parameters, self.assembly.laws, self._control)
        self._atol = self.assembly.absolute_tolerance * self.rtol
        self._prepared = FULL.prepare(
            system, self._atol, *self.assembly.bounds, self.assembly.workspace()
        )
        self._times = np.empty(ROWS)
        self._states = np.empty((ROWS, len(self.assembly.start)))
        self._rows = np.empty((ROWS, COLUMN_COUNT))
        self._controls = np.empty((ROWS, kernel.CONTROL_COLUMNS))
        self.counters = np.zeros(3, np.int64)

    def at_rest(self, stoichiometry: float) -> FloatArray:
        """Return the state at rest with uniform lithium content.

        Parameters
        ----------
        stoichiometry : float
            x.

        Returns
        -------
        ndarray
            To start from.
        """
        cathode = self.assembly.parameters.cathode
        state = self.assembly.start.copy()
        state[: len(cathode.shell_volumes) * len(cathode.particles)] = stoichiometry
        state[-1 - len(cathode.nodes) : -1] = look_up(cathode.open_circuit, stoichiometry)[0]
        return state

    def run(self, program: FloatArray, start: FloatArray) -> Trace:
        """Run protocol steps.

        Parameters
        ----------
        program : ndarray, shape (k, 9)
            From :func:`interlith.simulation.program.compile_program`.
        start : ndarray
            State to start from; left as it is.

        Returns
        -------
        Trace
            Every accepted time step.

        Raises
        ------
        SolverError
            If the integrator gives up.
        """
        steps, y = program.copy(), start.copy()
        outcomes = np.full((len(steps), 3), -1, np.int64)
        self._prepared.run(
            y,
            steps,
            0,
            len(steps),
            0.0,
            self.rtol,
            MOST_ATTEMPTS,
            self._times,
            self._states,
            outcomes,
            self.counters,
        )
        ran = outcomes[outcomes[:, kernel.STATUS] >= 0]
        status = int(ran[-1, kernel.STATUS])
        if len(ran) < len(steps) or status not in (REACHED_END, EVENT):
            message = f"the half cell stopped in step {len(ran)}: {MESSAGES[status]}"
            raise SolverError(message)
        return self._trace(steps, ran[:, kernel.LAST_ROW])

    def _trace(self, steps: FloatArray, ends: NDArray[np.int64]) -> Trace:
        """Observe the rows of all steps."""
        count, begin, clock = int(ends[-1]), 0, 0.0
        time = self._times[:count].copy()
        for step, end in zip(steps, ends, strict=True):
            self._controls[begin:end] = step[: kernel.CONTROL_COLUMNS]
            time[begin:end] += clock
            begin, clock = int(end), float(time[end - 1])
        rows = self._rows[:count]
        observe_full(*self._prepared.handle, self._controls[:count], self._states[:count], rows)
        return Trace(
            time,
            rows[:, _COLUMN["voltage"]].copy(),
            rows[:, _COLUMN["current_density"]].copy(),
            rows[:, _COLUMN["areal_charge"]].copy(),
            ends.copy(),
            self._states.shape[1],
        )


def constant_current(current_density: float, until: float) -> FloatArray:
    """Return the program of one step at constant current.

    Parameters
    ----------
    current_density : float
        [A/m2]; positive discharges.
    until : float
        Voltage that ends it [V].

    Returns
    -------
    ndarray, shape (1, 9)
        For :meth:`HalfCellRuns.run`.
    """
    return compile_program([_step(current_density, until)])


def _step(current_density: float, until: float) -> Step:
    from interlith.cell.step import Step

    discharge = current_density > 0.0
    return Step(
        control="current",
        value=current_density,
        duration_s=LONGEST,
        voltage_lower=until if discharge else None,
        voltage_upper=None if discharge else until,
    )


def program_of(steps: Sequence[Step]) -> FloatArray:
    """Return the program of protocol steps.

    Parameters
    ----------
    steps : sequence of Step
        Expanded.

    Returns
    -------
    ndarray, shape (k, 9)
        For :meth:`HalfCellRuns.run`.
    """
    return compile_program(steps)


def _as_made(assembly: FullAssembly, double_layer: float) -> FullAssembly:
    """Hold the interphase as it was made; scale the double layers."""
    nodes = assembly.parameters.cathode.nodes.copy()
    nodes["capacitance"] *= double_layer
    nodes["eta_per_charge"] /= double_layer
    cathode = assembly.parameters.cathode._replace(film_rate=0.0, nodes=nodes)
    return replace(assembly, parameters=assembly.parameters._replace(cathode=cathode))
