"""Run a protocol on a cell. The loop over steps is compiled; this file talks to it and listens."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from interlith.numerics.grid import centres
from interlith.numerics.status import BUFFER_FULL, EVENT, MESSAGES, REACHED_END, TOO_MANY_STEPS
from interlith.physics.operation import (
    LOWER_EVENT,
    SHORT_EVENT,
    STOP_ON_SHORT,
    THROUGHPUT,
    UPPER_EVENT,
)
from interlith.simulation import kernel
from interlith.simulation.assembly import Assembly, assemble
from interlith.simulation.critical import judge_half_cycles, judge_test
from interlith.simulation.observe import ELECTRODE_COLUMNS
from interlith.simulation.program import compile_program
from interlith.simulation.record import Recorder, observed
from interlith.simulation.reference import run_reference
from interlith.simulation.result import Recorded, Result

if TYPE_CHECKING:
    from interlith.cell.cell import Cell
    from interlith.cell.step import Step
    from interlith.materials.library import Library
    from interlith.simulation.interlayer import Evolution

FloatArray = NDArray[np.float64]
Progress = Callable[[float, str], None]

STEPS_A_CALL = 64
"""Protocol steps that run before Python looks at progress and interrupts."""
BUFFER_ROWS = 4096
SWALLOWED_INTERRUPT = "_address() missing 1 required positional argument"
CONSERVED = 1e-8
"""Relative change of all lithium above which a result says so."""
FORMING_SHARE = 0.4
"""Share of the progress bar for forming the layers before a test."""
MOST_ATTEMPTS = 50_000
"""Attempted time steps of one protocol step before it counts as failed."""


def simulate_symmetric(
    cell: Cell,
    library: Library | None = None,
    progress: Progress | None = None,
    nodes: int | None = None,
) -> Result:
    """Simulate the protocol of a cell.

    Parameters
    ----------
    cell : Cell
        What to simulate.
    library : Library, optional
        Materials; the default is the package's with the cell's own files on top.
    progress : callable (fraction, text), optional
        Called now and then.
    nodes : int, optional
        Control volumes of each interlayer.

    Returns
    -------
    Result
        Always with a status and a reason; a run that fails keeps what it computed, and so does one
        that is interrupted from the keyboard.

    Raises
    ------
    InputError, MaterialError
        If the cell cannot be assembled.
    """
    from interlith.cell.expand import expand

    began = time.perf_counter()
    if cell.conversion is not None:
        return _simulate_formed(cell, library, progress, nodes)
    assembly = assemble(cell, library, nodes)
    run = _Run(assembly, expand(cell), cell.solver.rtol, cell.solver.integrator)
    run.go(progress)
    return _result(cell, assembly, run, time.perf_counter() - began)


def _simulate_formed(
    cell: Cell, library: Library | None, progress: Progress | None, nodes: int | None
) -> Result:
    """Form the interlayers first; the test then runs on what they have become."""
    from interlith.simulation.evolution_data import summary
    from interlith.simulation.interlayer import evolve
    from interlith.simulation.provenance import as_computed, of_both

    forming, testing = _shared(progress)
    evolution = evolve(cell, library=library, progress=forming)
    if evolution.status in ("interrupted", "failed"):
        result = _untested(evolution, library, nodes)
    else:
        result = simulate_symmetric(evolution.formed, library, testing, nodes)
        if evolution.status != "completed":
            result.reason = f"{result.reason} (forming {evolution.status}: {evolution.reason})"
    result.cell = cell
    result.evolution = evolution
    result.conversion = summary(evolution)
    result.used_values = of_both(as_computed(result.used_values, cell), evolution.used_values)
    return result


def _shared(progress: Progress | None) -> tuple[Progress | None, Progress | None]:
    """Let forming have the first part of a progress bar and the test the rest."""
    if progress is None:
        return None, None

    def forming(fraction: float, text: str) -> None:
        progress(FORMING_SHARE * fraction, text)

    def testing(fraction: float, text: str) -> None:
        progress(FORMING_SHARE + (1.0 - FORMING_SHARE) * fraction, text)

    return forming, testing


def _untested(evolution: Evolution, library: Library | None, nodes: int | None) -> Result:
    """Return the result of a test that did not begin, since its cell was not formed."""
    assembly = assemble(evolution.formed, library, nodes)
    run = _Run(assembly, (), evolution.cell.solver.rtol, evolution.cell.solver.integrator)
    run.status, run.reason = evolution.status, f"forming the interlayers: {evolution.reason}"
    return _result(evolution.formed, assembly, run, 0.0)


class _Run:
    """State of a run: where it is, what it has recorded, how it ended."""

    def __init__(
        self, assembly: Assembly, steps: tuple[Step, ...], rtol: float, integrator: str
    ) -> None:
        self.steps = steps
        self.program = compile_program(steps)
        self.rtol = rtol
        self.atol = assembly.absolute_tolerance * rtol
        self.bounds = assembly.bounds
        self.integrator = integrator
        self.state = assembly.start.copy()
        self.last = self.state
        self.control = np.full(kernel.CONTROL_COLUMNS, np.nan)
        self.system: Any = (assembly.parameters, assembly.laws, self.control)
        sides = (assembly.parameters.left, assembly.parameters.right)
        self.recorder = Recorder(max(len(side.nodes) for side in sides))
        self.counters = np.zeros(3, np.int64)
        self.clock = 0.0
        self.next = 0
        self.elapsed = 0.0
        self.status = "completed"
        self.reason = "the protocol ran to its end"
        self.fallbacks = 0
        self._filling, self._attempts_before = -1, 0
        rows = BUFFER_ROWS
        self._times = np.empty(rows)
        self._states = np.empty((rows, len(self.state)))
        self._outcomes = np.zeros((len(steps), 3), np.int64)
        self._work = kernel.workspace_for(len(self.state))

    def go(self, progress: Progress | None) -> None:
        """Run until the protocol ends or something ends it."""
        try:
            while self.next < len(self.steps) and self.status == "completed":
                if self.integrator == "cvode":
                    self._run_reference()
                else:
                    self._run_compiled()
                if progress is not None:
                    label = self.steps[min(self.next, len(self.steps) - 1)].label
                    progress(self.next / len(self.steps), label)
        except KeyboardInterrupt:
            self.status, self.reason = "interrupted", "interrupted from the keyboard"
        except TypeError as error:
            # numba asks Python for the addresses of laws; a Ctrl-C just then comes out as this.
            if SWALLOWED_INTERRUPT not in str(error):
                raise
            self.status, self.reason = "interrupted", "interrupted from the keyboard"

    def _run_compiled(self) -> None:
        """Run the next steps in the compiled loop and record them."""
        first, stop = self.next, min(self.next + STEPS_A_CALL, len(self.steps))
        self._outcomes[first:stop] = -1
        began_inside = self.elapsed
        step, elapsed = kernel.run_program(
            self.system,
            self.state,
            self.program,
            first,
            stop,
            self.elapsed,
            self.rtol,
            self.atol,
            *self.bounds,
            MOST_ATTEMPTS,
            self._times,
            self._states,
            self._outcomes,
            self.counters,
            self._work,
        )
        self.next, self.elapsed = step, elapsed
        written = self._outcomes[first : min(step + 1, stop)]
        ends = [int(last) for last in written[:, kernel.LAST_ROW] if last > 0]
        if not ends:
            return
        counts = np.diff([0, *ends])
        controls = np.repeat(
            self.program[first : first + len(ends), : kernel.CONTROL_COLUMNS], counts, axis=0
        )
        states = self._states[: ends[-1]]
        whole, electrodes = observed(self.system, controls, states)
        for offset, (last, count) in enumerate(zip(ends, counts, strict=True)):
            rows = slice(last - count, last)
            status, event = written[offset, :2]
            self._take(
                first + offset,
                (self._times[rows], whole[rows], electrodes[rows]),
                states[last - 1],
                int(status),
                int(event),
                began_inside if offset == 0 else 0.0,
            )

    def _take(
        self,
        index: int,
        rows: tuple[FloatArray, FloatArray, FloatArray],
        last: FloatArray,
        status: int,
        event: int,
        began_inside: float,
    ) -> None:
        """Record the rows of a step (times and observables) and act on how it ended."""
        times = rows[0].copy()
        start = self.clock - began_inside
        self.recorder.add(index, start, times, rows[1], rows[2])
        self.clock = start + float(times[-1])
        self.last = last.copy()
        if status == BUFFER_FULL and self._attempts_in_step(index) <= MOST_ATTEMPTS:
            return
        if status == BUFFER_FULL:
            status = TOO_MANY_STEPS
        if status not in (REACHED_END, EVENT):
            self._fall_back(index, status, float(times[-1]))
            return
        self._close(index, event)

    def _attempts_in_step(self, index: int) -> int:
        """Attempted time steps since a protocol step first filled the buffer."""
        total = int(self.counters[:2].sum())
        if self._filling != index:
            self._filling, self._attempts_before = index, total
        return total - self._attempts_before

    def _close(self, index: int, event: int) -> None:
        """Note the end of a step; decide whether it ends the test."""
        self.recorder.end_step(event)
        step = self.steps[index]
        ends = event == SHORT_EVENT or (
            event in (UPPER_EVENT, LOWER_EVENT) and self.program[index, kernel.HALTS] > 0.0
        )
        label = step.label or f"step {index + 1}"
        control = self.program[index, : kernel.CONTROL_COLUMNS]
        self.recorder.add_profile(self.clock, label, control, self.last, ends)
        self.next = max(self.next, index + 1)
        if ends:
            self._stop(index, event)

    def _stop(self, index: int, event: int) -> None:
        """End the test at a failing half-cycle; after a short go on to show the collapse."""
        self.status = "stopped"
        if event == SHORT_EVENT:
            self.reason = "a lithium filament shorted the cell"
            self._show_collapse(index)
        else:
            limit = self.program[index, 2 if event == UPPER_EVENT else 3]
            self.reason = f"the voltage reached {limit:g} V, which ends the test"
        self.next = len(self.steps)
        self.elapsed = 0.0

    def _show_collapse(self, index: int) -> None:
        """Run the rest of the half-cycle with the short in place."""
        row = self.program[index].copy()
        row[STOP_ON_SHORT] = 0.0
        row[2:4] = np.nan
        began = self.recorder.steps[-1].start
        inside = self.clock - began
        if not row[kernel.DURATION] - inside > 1e-6 * row[kernel.DURATION]:
            return
        outcomes = np.full((1, 3), -1, np.int64)
        program = np.ascontiguousarray(row[None, :])
        event = self.recorder.steps[-1].event
        kernel.run_program(
            self.system,
            self.state,
            program,
            0,
            1,
            inside,
            self.rtol,
            self.atol,
            *self.bounds,
            MOST_ATTEMPTS,
            self._times,
            self._states,
            outcomes,
            self.counters,
            self._work,
        )
        last = int(outcomes[0, 2])
        if last > 0:
            times = self._times[:last].copy()
            whole, electrodes = self._observed(row, self._states[:last])
            self.recorder.add(index, began, times, whole, electrodes)
            self.recorder.end_step(event)
            self.clock = began + float(times[-1])

    def _observed(self, row: FloatArray, states: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Observables of states that belong to one program row."""
        controls = np.tile(row[: kernel.CONTROL_COLUMNS], (len(states), 1))
        return observed(self.system, controls, states)

    def _fall_back(self, index: int, status: int, elapsed: float) -> None:
        """Let the reference integrator finish a step that the fast one could not."""
        self.fallbacks += 1
        self.next, self.elapsed = index, elapsed
        if elapsed == 0.0:
            # The compiled loop has counted the throughput from here already.
            self.program[index, THROUGHPUT] -= self.state[-1]
        self._run_reference(f"the fast integrator stopped ({MESSAGES[status]}) and ")

    def _run_reference(self, prefix: str = "") -> None:
        """Run one step, or what is left of it, with CVODE."""
        index = self.next
        row = self.program[index]
        if self.elapsed == 0.0:
            row[THROUGHPUT] += self.state[-1]
        self.control[:] = row[: kernel.CONTROL_COLUMNS]
        inside, rest = self.elapsed, row[kernel.DURATION] - self.elapsed
        found = run_reference(kernel.SYMMETRIC, self.system, self.state, rest, self.rtol, self.atol)
        times, states, status, event = found.times, found.states, found.status, found.event
        if status not in (REACHED_END, EVENT):
            self.status = "failed"
            self.reason = (
                f"{prefix}the reference integrator failed "
                f"{inside + float(times[-1]):.6g} s into step {index + 1} "
                f"({self.steps[index].label}): {found.message}"
            )
            return
        self.state = np.ascontiguousarray(states[-1])
        self.elapsed = 0.0
        self.next = index + 1
        whole, electrodes = self._observed(row, states)
        self._take(index, (inside + times, whole, electrodes), self.state, status, event, inside)


def _result(cell: Cell, assembly: Assembly, run: _Run, seconds: float) -> Result:
    """Put together what is handed to the user."""
    unfinished = run.status in ("interrupted", "failed")
    half_cycles = judge_half_cycles(run.steps, run.recorder.steps, unfinished)
    rtime, whole, electrodes, step = run.recorder.arrays()
    profile_time, labels, profiles = run.recorder.profiles(run.system)
    numbers = np.array([-1 if s.half_cycle is None else s.half_cycle for s in run.steps] or [-1])
    levels = np.array(
        [np.nan if s.ccd_level is None else s.ccd_level for s in run.steps] or [np.nan]
    )
    sides = (assembly.parameters.left, assembly.parameters.right)
    recorded = Recorded(
        time=rtime,
        whole=whole,
        electrodes=electrodes,
        half_cycle=numbers[step],
        level=levels[step],
        profile_time=profile_time,
        profile_label=labels,
        profiles=profiles,
        depth=_depths(assembly),
        critical_overpotential=np.array([side.critical_overpotential for side in sides]),
    )
    accepted, rejected, evaluations = (int(count) for count in run.counters)
    imbalance = _lithium_imbalance(electrodes)
    if imbalance > CONSERVED:
        run.reason += (
            f"; round-off of very stiff layers changed all lithium by {imbalance:.1e} of it"
        )
    return Result(
        cell=cell,
        status=run.status,
        reason=run.reason,
        ccd=judge_test(half_cycles, run.steps),
        half_cycles=half_cycles,
        laws=assembly.law_names,
        used_values=assembly.used_values,
        timings={
            "wall_s": seconds,
            "accepted_steps": accepted,
            "rejected_steps": rejected,
            "right_hand_sides": evaluations,
            "fallbacks": run.fallbacks,
            "lithium_imbalance": imbalance,
        },
        recorded=recorded,
    )


def _lithium_imbalance(electrodes: FloatArray) -> float:
    """Largest change of the lithium of both electrodes together, relative to all of it."""
    column = list(ELECTRODE_COLUMNS).index("total_lithium")
    total = electrodes[:, :, column].sum(axis=1)
    if not len(total):
        return 0.0
    return float(np.max(np.abs(total - total[0])) / np.max(np.abs(total)))


def _depths(assembly: Assembly) -> FloatArray:
    """Distance of the nodes from the metal, both electrodes, padded by NaN [m]."""
    sides = (assembly.parameters.left, assembly.parameters.right)
    count = max(len(side.nodes) for side in sides)
    depth = np.full((2, count), np.nan)
    for row, side in enumerate(sides):
        depth[row, : len(side.nodes)] = centres(side.nodes["width"])
    return depth
