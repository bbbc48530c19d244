"""Run a protocol on a full cell: one compiled call a step, ageing between steps, checkpoints."""

from __future__ import annotations

import hashlib
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from interlith.numerics.rodas import Workspace
from interlith.numerics.status import BUFFER_FULL, EVENT, MESSAGES, REACHED_END, TOO_MANY_STEPS
from interlith.physics.operation import (
    LOWER_EVENT,
    SHORT_EVENT,
    STOP_ON_SHORT,
    THROUGHPUT,
    UPPER_EVENT,
)
from interlith.simulation import kernel
from interlith.simulation.ageing import Ageing
from interlith.simulation.full_assembly import FullAssembly, Grid, assemble_full
from interlith.simulation.full_kernel import FULL
from interlith.simulation.full_observe import (
    COLUMN_COUNT,
    FULL_COLUMNS,
    FULL_PROFILE_COLUMNS,
    observe_full,
    observe_full_profiles,
)
from interlith.simulation.full_polarisation import POLARISATION_COLUMNS, observe_polarisation
from interlith.simulation.full_record import (
    FullRecorder,
    StepOutcome,
    cycle_numbers,
    cycles_of,
)
from interlith.simulation.full_result import FullRecorded, FullResult
from interlith.simulation.interrupt import interrupt_noted
from interlith.simulation.program import compile_program
from interlith.simulation.provenance import beside
from interlith.simulation.reference import run_reference

if TYPE_CHECKING:
    from interlith.cell.cell import Cell
    from interlith.cell.step import Step
    from interlith.materials.library import Library
    from interlith.materials.used import UsedValue

FloatArray = NDArray[np.float64]
Progress = Callable[[float, str], None]
Note = Callable[[str], None]

BUFFER_ROWS = 2048
MOST_ATTEMPTS = 50_000
"""Attempted time steps of one protocol step before it counts as failed."""
SECONDS_BETWEEN_CHECKPOINTS = 20.0
CONSERVED = 1e-8
"""Relative change of all lithium above which a result says so."""
IN_RANGE_WITHIN = 2e-3
"""Distance in x from the published range that does not count: a full particle has x of 1 plus what
truncation leaves."""
_COLUMN = {name: number for number, name in enumerate(FULL_COLUMNS)}
_IONIC = _COLUMN["ionic_current_density_electrolyte"]


class OutsideValidRange(UserWarning):
    """An open-circuit potential was asked for beyond the range that was published."""


def simulate_full(
    cell: Cell,
    library: Library | None = None,
    progress: Progress | None = None,
    grid: Grid | None = None,
    half_cell: bool = False,
    checkpoint: Path | None = None,
    fresh: bool = False,
    note: Note | None = None,
) -> FullResult:
    """Simulate the protocol of a full cell.

    Parameters
    ----------
    cell : Cell
        A cell whose last layer is a composite cathode.
    library : Library, optional
        Materials; the default is the package's with the cell's own files on top.
    progress : callable (fraction, text), optional
        Called now and then.
    grid : Grid, optional
        How finely it is resolved.
    half_cell : bool, optional
        Replace the lithium side by ideal lithium.
    checkpoint : path, optional
        File that is written every 20 s and when the run is interrupted; a run of the same cell
        that finds it goes on from there.
    fresh : bool, optional
        Start over whatever the checkpoint says; it is replaced.
    note : callable (text), optional
        Told before the run what became of a checkpoint that was found.

    Returns
    -------
    FullResult
        Always with a status and a reason; a run that fails keeps what it computed, and so does one
        that is interrupted from the keyboard.

    Raises
    ------
    InputError, MaterialError
        If the cell cannot be assembled.
    """
    began = time.perf_counter()
    run = FullRun(cell, library, grid, half_cell)
    if checkpoint is not None and checkpoint.is_file():
        said = run.take_up(checkpoint, fresh)
        if note is not None:
            note(said)
    run.go(progress, checkpoint)
    return run.result(time.perf_counter() - began)


@dataclass(frozen=True)
class _Ready:
    """A cell at one temperature, handed over to compiled code."""

    assembly: FullAssembly
    pristine: FloatArray
    """Lithium charge of the particles when all are connected [C m-3]."""
    system: Any
    """Parameters, laws, and the control array of the step."""
    absolute_tolerance: FloatArray
    integrator: kernel.Prepared

    def observed(self, program: FloatArray, states: FloatArray) -> FloatArray:
        """Observables of the rows of a step."""
        controls = np.tile(program[0, : kernel.CONTROL_COLUMNS], (len(states), 1))
        rows = np.empty((len(states), COLUMN_COUNT))
        observe_full(*self.integrator.handle, controls, np.ascontiguousarray(states), rows)
        return rows

    def polarisation(self, states: FloatArray, rows: FloatArray) -> FloatArray:
        """Where the voltage went in the rows of a step."""
        parts = np.empty((len(states), len(POLARISATION_COLUMNS)))
        ionic = np.ascontiguousarray(rows[:, _IONIC])
        observe_polarisation(*self.integrator.handle, np.ascontiguousarray(states), ionic, parts)
        return parts

    def profile(self, states: FloatArray, rows: FloatArray) -> FloatArray:
        """Profiles through the cathode in the last row of a step."""
        nodes = len(self.assembly.parameters.cathode.nodes)
        profile: FloatArray = np.empty((len(FULL_PROFILE_COLUMNS), nodes))
        last = np.ascontiguousarray(states[-1:])
        observe_full_profiles(
            *self.integrator.handle, last, rows[-1:, _IONIC].copy(), profile[None]
        )
        return profile


class FullRun:
    """A run of a full cell: where it is, what it has recorded, how it ended.

    Parameters
    ----------
    cell : Cell
        What to simulate.
    library : Library, optional
        Materials.
    grid : Grid, optional
        How finely it is resolved.
    half_cell : bool, optional
        Replace the lithium side by ideal lithium.
    """

    def __init__(
        self,
        cell: Cell,
        library: Library | None = None,
        grid: Grid | None = None,
        half_cell: bool = False,
    ) -> None:
        from interlith.cell.expand import expand

        self.cell, self.library, self.grid, self.half_cell = cell, library, grid, half_cell
        self.steps = expand(cell)
        self.cycle_of_step = cycle_numbers(self.steps)
        self._assemblies: dict[float, _Ready] = {}
        self._work: Workspace | None = None
        first = self._ready(cell.temperature).assembly
        self.ageing = Ageing.fresh(first)
        self.state = first.start.copy()
        self.recorder = FullRecorder()
        self.counters = np.zeros(3, np.int64)
        self.clock, self.next = 0.0, 0
        self.resumed_at: int | None = None
        self.status, self.reason = "completed", "the protocol ran to its end"
        self.fallbacks, self.outside = 0, 0
        self.start_lithium: float | None = None
        self.brought = 0.0
        self.imbalance = 0.0
        self._times = np.empty(BUFFER_ROWS)
        self._states = np.empty((BUFFER_ROWS, len(self.state)))

    def assembly_at(self, temperature: float) -> FullAssembly:
        """Numbers of the cell at a temperature, with the connected shares of now.

        Parameters
        ----------
        temperature : float
            [K].

        Returns
        -------
        FullAssembly
            Made once for each temperature.
        """
        ready = self._ready(temperature)
        self.ageing.install(ready.assembly, ready.pristine)
        return ready.assembly

    def _ready(self, temperature: float) -> _Ready:
        """What is made once for each temperature."""
        if temperature not in self._assemblies:
            assembly = assemble_full(
                self.cell, self.library, self.grid, temperature, self.half_cell
            )
            self._work = self._work or assembly.workspace()
            control = np.full(kernel.CONTROL_COLUMNS, np.nan)
            system = (assembly.parameters, assembly.laws, control)
            atol = assembly.absolute_tolerance * self.cell.solver.rtol
            self._assemblies[temperature] = _Ready(
                assembly,
                assembly.parameters.cathode.particles["lithium_charge"].copy(),
                system,
                atol,
                FULL.prepare(system, atol, *assembly.bounds, self._work),
            )
        return self._assemblies[temperature]

    @property
    def cycle(self) -> int:
        """Cycle of the step that comes next, or of the last one."""
        return self.cycle_of_step[min(self.next, len(self.steps) - 1)] if self.steps else 0

    def go(self, progress: Progress | None = None, checkpoint: Path | None = None) -> None:
        """Run until the protocol ends or something ends it.

        Parameters
        ----------
        progress : callable, optional
            Called with the fraction done and the label of the step.
        checkpoint : path, optional
            File to write now and then.
        """
        saved = told = time.monotonic()
        # Half a step must not be recorded, least of all in a checkpoint.
        with interrupt_noted() as wanted:
            while self.next < len(self.steps) and self.status == "completed" and not wanted():
                self._run_step(self.steps[self.next])
                now = time.monotonic()
                if progress is not None and now - told > 0.1:
                    told = now
                    progress(self.next / len(self.steps), f"cycle {self.cycle}")
                if checkpoint is not None and now - saved > SECONDS_BETWEEN_CHECKPOINTS:
                    saved = now
                    self.save(checkpoint)
            if wanted() and self.status == "completed" and self.next < len(self.steps):
                self.status, self.reason = "interrupted", "interrupted from the keyboard"
        if progress is not None:
            progress(self.next / max(len(self.steps), 1), f"cycle {self.cycle}")
        if checkpoint is not None:
            if self.status == "interrupted":
                self.save(checkpoint)
            else:
                checkpoint.unlink(missing_ok=True)

    def _run_step(self, step: Step) -> None:
        """Run one protocol step, record it and let it wear the cathode."""
        temperature = step.temperature or self.cell.temperature
        assembly, ready = self.assembly_at(temperature), self._ready(temperature)
        program = compile_program([step])
        program[0, STOP_ON_SHORT] = 1.0
        times, states, status, event = self._integrate(ready, program)
        rows = ready.observed(program, states)
        self._check_range(assembly, rows)
        self._check_lithium(rows)
        done = status in (REACHED_END, EVENT)
        if done:
            self.ageing.after_step(assembly, times, states)
        self._record(step, ready, times, states, rows, event)
        if not done:
            return
        self.state = states[-1].copy()
        self.clock += float(times[-1])
        self.next += 1
        if event == SHORT_EVENT:
            self.status, self.reason = "stopped", "a lithium filament shorted the cell"
        elif event in (UPPER_EVENT, LOWER_EVENT) and program[0, kernel.HALTS] > 0.0:
            limit = program[0, 2 if event == UPPER_EVENT else 3]
            self.status = "stopped"
            self.reason = f"the voltage reached {limit:g} V, which ends the test"

    def _integrate(
        self, ready: _Ready, program: FloatArray
    ) -> tuple[FloatArray, FloatArray, int, int]:
        """Rows, status and event of a step, by RODAS or, where it gives up, by CVODE."""
        system, atol = ready.system, ready.absolute_tolerance
        rtol = self.cell.solver.rtol
        y = self.state.copy()
        parts: list[tuple[FloatArray, FloatArray]] = []
        elapsed, status, event = 0.0, BUFFER_FULL, -1
        if self.cell.solver.integrator == "cvode":
            program[0, THROUGHPUT] += y[-1]
            return self._by_reference(system, program, y, 0.0, parts, rtol, atol, "")
        attempts_before = int(self.counters[:2].sum())
        while status == BUFFER_FULL:
            outcome = np.full((1, 3), -1, np.int64)
            _step, elapsed = ready.integrator.run(
                y,
                program,
                0,
                1,
                elapsed,
                rtol,
                MOST_ATTEMPTS,
                self._times,
                self._states,
                outcome,
                self.counters,
            )
            status, event, count = (int(value) for value in outcome[0])
            parts.append((self._times[:count].copy(), self._states[:count].copy()))
            if int(self.counters[:2].sum()) - attempts_before > MOST_ATTEMPTS:
                status = TOO_MANY_STEPS if status == BUFFER_FULL else status
        if status not in (REACHED_END, EVENT):
            self.fallbacks += 1
            prefix = f"the fast integrator stopped ({MESSAGES[status]}) and "
            done = float(parts[-1][0][-1]) if len(parts[-1][0]) else 0.0
            return self._by_reference(system, program, y, done, parts, rtol, atol, prefix)
        times, states = (np.concatenate(part) for part in zip(*parts, strict=True))
        return times, states, status, event

    def _by_reference(
        self,
        system: Any,
        program: FloatArray,
        y: FloatArray,
        elapsed: float,
        parts: list[tuple[FloatArray, FloatArray]],
        rtol: float,
        atol: FloatArray,
        prefix: str,
    ) -> tuple[FloatArray, FloatArray, int, int]:
        """Go on with CVODE from where the fast integrator stopped."""
        row = program[0]
        system[2][:] = row[: kernel.CONTROL_COLUMNS]
        found = run_reference(FULL, system, y, row[kernel.DURATION] - elapsed, rtol, atol)
        parts.append((elapsed + found.times, found.states))
        times, states = (np.concatenate(part) for part in zip(*parts, strict=True))
        if found.status not in (REACHED_END, EVENT):
            self.status = "failed"
            self.reason = (
                f"{prefix}the reference integrator failed {times[-1]:.6g} s into step "
                f"{self.next + 1} ({self.steps[self.next].label}): {found.message}"
            )
        return times, states, found.status, found.event

    def _record(
        self,
        step: Step,
        ready: _Ready,
        times: FloatArray,
        states: FloatArray,
        rows: FloatArray,
        event: int,
    ) -> None:
        """Note how a step went."""
        current, voltage = rows[:, _COLUMN["current_density"]], rows[:, 0]
        passed = _passed(rows)
        charge = float(passed.sum())
        energy = float(np.sum(0.5 * (voltage[1:] + voltage[:-1]) * passed))
        interphase = float(rows[-1, _COLUMN["cathode_interphase_thickness"]])
        cathode = ready.assembly.parameters.cathode
        self.recorder.steps.append(
            StepOutcome(
                index=self.next,
                cycle=self.cycle,
                start=self.clock,
                end=self.clock + float(times[-1]),
                control=step.control,
                current=step.value if step.control == "current" else 0.0,
                charge=charge,
                energy=energy,
                end_voltage=float(voltage[-1]),
                end_current=float(current[-1]),
                temperature=step.temperature or self.cell.temperature,
                event=event,
                connected=float(self.ageing.share.mean()),
                interphase=interphase,
                fluoride=float(np.mean(self.ageing.outer_fluoride())),
                interphase_resistance=interphase / cathode.film_conductivity,
                metal_lithium=float(rows[-1, _COLUMN["metal_lithium"]]),
                isolated_lithium=self.ageing.isolated,
            )
        )
        self._keep(step, ready, times, states, rows)

    def _keep(
        self, step: Step, ready: _Ready, times: FloatArray, states: FloatArray, rows: FloatArray
    ) -> None:
        """Keep the rows of a step, where its voltage went, and the profile at its end."""
        rows = np.hstack([rows, ready.polarisation(states, rows)])
        self.recorder.keep_rows(self.cycle, self.next, self.clock + times, rows)
        label = f"cycle {self.cycle}, end of: {step.label}"
        moment, current = self.clock + float(times[-1]), float(rows[-1, 1])
        profile = ready.profile(states, rows)
        self.recorder.keep_profile(self.cycle, (moment, label, profile, current))

    def _check_range(self, assembly: FullAssembly, rows: FloatArray) -> None:
        """Count the rows in which x is outside the published range; warn the first time."""
        low, high = assembly.valid
        lowest = rows[:, _COLUMN["lowest_surface_stoichiometry"]]
        highest = rows[:, _COLUMN["highest_surface_stoichiometry"]]
        beyond = (lowest < low - IN_RANGE_WITHIN) | (highest > high + IN_RANGE_WITHIN)
        outside = int(np.count_nonzero(beyond))
        if outside and not self.outside:
            warnings.warn(
                f"the open-circuit potential of {self.cell.layers[-1].material} was asked for at "
                f"x = {float(lowest.min()):.3f} to {float(highest.max()):.3f}; it was published "
                f"for {low:g} to {high:g} and is extrapolated beyond",
                OutsideValidRange,
                stacklevel=2,
            )
        self.outside += outside

    def _check_lithium(self, rows: FloatArray) -> None:
        """Compare all lithium with that at the start."""
        total = rows[:, _COLUMN["total_lithium"]] + self.ageing.isolated
        if self.half_cell:
            # The ideal lithium gives what the cathode takes.
            brought = self.brought + np.concatenate([[0.0], np.cumsum(_passed(rows))])
            self.brought = float(brought[-1])
            total = total - brought
        if self.start_lithium is None:
            self.start_lithium = float(total[0])
        scale = max(abs(self.start_lithium), 1.0)
        self.imbalance = max(
            self.imbalance, float(np.abs(total - self.start_lithium).max()) / scale
        )

    def fingerprint(self) -> str:
        """Hash of what a checkpoint must agree with: the cell, the grid and the package.

        Returns
        -------
        str
            Hexadecimal digest.
        """
        from interlith.simulation.freshness import fingerprint

        grid = repr(self.grid or Grid())
        text = f"{self.cell.to_yaml()}|{grid}|{self.half_cell}|{fingerprint()}"
        values = "|".join(
            f"{v.where}.{v.property}={v.value!r}"
            for v in self.assembly_at(self.cell.temperature).used_values
        )
        return hashlib.sha256(f"{text}|{values}".encode()).hexdigest()

    def save(self, path: Path) -> None:
        """Write a checkpoint, whole or not at all.

        Parameters
        ----------
        path : Path
            Where.
        """
        from interlith.simulation.checkpoint import write_checkpoint

        write_checkpoint(path, self)

    def resume(self, path: Path) -> bool:
        """Go on from a checkpoint of the same cell, if there is one.

        Parameters
        ----------
        path : Path
            Where it may be.

        Returns
        -------
        bool
            Whether the run goes on from it.
        """
        from interlith.simulation.checkpoint import read_checkpoint

        if not read_checkpoint(path, self):
            return False
        self.resumed_at = self.cycle
        return True

    def take_up(self, path: Path, fresh: bool = False) -> str:
        """Go on from a checkpoint, or remove it.

        Parameters
        ----------
        path : Path
            An existing file.
        fresh : bool, optional
            Remove it even if it would fit.

        Returns
        -------
        str
            What was done, for the user.
        """
        if not fresh and self.resume(path):
            return f"Resumed at cycle {self.cycle} of {self.cycle_of_step[-1]}, from {path}."
        path.unlink(missing_ok=True)
        why = "as asked" if fresh else "it is of another cell, library or version, or broken"
        return f"Starting over; the checkpoint {path} was removed: {why}."

    def result(self, seconds: float) -> FullResult:
        """What is handed to the user.

        Parameters
        ----------
        seconds : float
            Wall time so far [s].

        Returns
        -------
        FullResult
            Dataset, cycles, verdict, values used.
        """
        assembly = self.assembly_at(self.cell.temperature)
        times, rows, cycle, step = self.recorder.arrays()
        accepted, rejected, evaluations = (int(count) for count in self.counters)
        reason = self.reason
        if self.imbalance > CONSERVED:
            reason += f" (round-off changed all lithium by {self.imbalance:.1e} of it)"
        return FullResult(
            cell=self.cell,
            status=self.status,
            reason=reason,
            steps=self.recorder.steps,
            cycles=cycles_of(self.recorder.steps, self.cell.capacity, assembly.active_loading),
            laws=assembly.law_names,
            used_values=self._used_values(),
            timings={
                "wall_s": seconds,
                "accepted_steps": accepted,
                "rejected_steps": rejected,
                "right_hand_sides": evaluations,
                "reference_fallbacks": self.fallbacks,
                "states": len(self.state),
            },
            lithium_imbalance=self.imbalance,
            rows_outside_valid_range=self.outside,
            valid_range=assembly.valid,
            active_loading=assembly.active_loading,
            resumed_at_cycle=self.resumed_at,
            planned_cycles=max(self.cycle_of_step, default=0),
            recorded=FullRecorded(
                time=times,
                rows=rows,
                cycle=cycle,
                step=step,
                profiles=list(self.recorder.profiles),
                positions=assembly.positions,
                fluoride=[profile.copy() for profile in self.ageing.fluoride],
                fluoride_faces=list(self.ageing.faces),
                connected=self.ageing.share.reshape(-1, len(assembly.positions)).T.copy(),
                critical_overpotential=float(assembly.parameters.anode.critical_overpotential),
            ),
        )

    def _used_values(self) -> list[UsedValue]:
        """Values used; those that differ at other temperatures of the protocol stand beside."""
        first, *others = self._assemblies.items()
        values = first[1].assembly.used_values
        for temperature, ready in others:
            values = beside(values, ready.assembly.used_values, "at", temperature)
        return values


def _passed(rows: FloatArray) -> FloatArray:
    """Charge that passed between rows [C m-2], positive on discharge.

    The throughput is a state, so that it is as exact as the integration.
    """
    current = rows[:, _COLUMN["current_density"]]
    passed: FloatArray = np.copysign(
        np.diff(rows[:, _COLUMN["areal_charge"]]), current[1:] + current[:-1]
    )
    return passed
