"""The integrator compiled for a kind of cell and cached on disk, and the loop over steps."""

from typing import Any, Final, NamedTuple

from numba import njit, typeof, types

from interlith.numerics.borrowed import borrowed
from interlith.numerics.parcel import Parcel, empty_parcel, loaded, stored, unchecked
from interlith.numerics.rodas import Workspace, integrate, workspace
from interlith.numerics.status import EVENT, REACHED_END
from interlith.physics.operation import (
    LOWER_EVENT,
    SHORT_EVENT,
    THROUGHPUT,
    UPPER_EVENT,
)
from interlith.physics.symmetric_cell import (
    SHARED,
    SYSTEM_TYPE,
    cell_events,
    cell_jacobian,
    cell_rates,
)
from interlith.simulation.freshness import drop_stale_code

_vector = types.Array(types.float64, 1, "C")
_matrix = types.Array(types.float64, 2, "C")
_integers = types.Array(types.int64, 1, "C")
_integer_matrix = types.Array(types.int64, 2, "C")
_f, _i = types.float64, types.int64
WORKSPACE_TYPE = typeof(workspace(1, 1))

CONTROL_COLUMNS: Final = 7
DURATION, HALTS, COLUMNS = 7, 8, 9
"""A program row is a control array, the longest duration [s] and whether a limit ends the test."""
FIRST_STEP = 1e-3
"""First attempt of a run [s]; rejected and shortened where it is too long. Later changes of control
begin with the first step that was accepted after the change before: the double layers are the same.
"""


SYSTEM: Final = 5
"""Place of parameters, laws and control among what :meth:`Kernel.prepare` hands over."""

STATUS, WHICH_EVENT, LAST_ROW = 0, 1, 2
"""Columns of the outcome of a program step: integrator status, event, last row written."""


def program_loop(
    integrate_cell: Any,
    rates: Any,
    jacobian: Any,
    events: Any,
    system: Any,
    y: Any,
    program: Any,
    first: int,
    stop: int,
    elapsed: float,
    rtol: float,
    atol: Any,
    lowest: Any,
    highest: Any,
    most_steps: int,
    times: Any,
    states: Any,
    outcomes: Any,
    counters: Any,
    work: Any,
) -> tuple[int, float]:
    """Run protocol steps one after the other without returning to Python.

    Parameters
    ----------
    integrate_cell, rates, jacobian, events : functions
        The integrator and the equations.
    system : tuple
        Parameters, laws, control array (overwritten for each step).
    y : ndarray
        State; overwritten by the last one.
    program : ndarray, shape (k, 9)
        Steps; the throughput limit is relative to the start of the step.
    first, stop : int
        Range of steps to run.
    elapsed : float
        Time that the first of them has run already [s].
    rtol, atol : float, ndarray
        Tolerances.
    lowest, highest : ndarray
        Bounds of the states.
    most_steps : int
        Largest number of attempts a step.
    times, states : ndarray
        Receive every accepted step; times count from the start of their protocol step.
    outcomes : ndarray, shape (k, 3)
        Receives status, event and one past the last row for every step that ran.
    counters : ndarray, shape (3,)
        Accepted steps, rejected steps, right-hand sides.
    work : Workspace
        From :func:`interlith.numerics.rodas.workspace`.

    Returns
    -------
    next_step, elapsed : int, float
        The step to go on with, or the step that ended the run, and how long it has run [s].
    """
    borrow: Any = borrowed
    system, y, program, atol = borrow(system), borrow(y), borrow(program), borrow(atol)
    times, states, counters = borrow(times), borrow(states), borrow(counters)
    work, lowest, highest = borrow(work), borrow(lowest), borrow(highest)
    _cell, _laws, control = system
    row = 0
    attempt = FIRST_STEP
    probe, shared = work.probed_events, work.little.shape[0]
    for step in range(first, stop):
        if row + 2 >= times.shape[0]:
            return step, 0.0
        control[:] = program[step, :CONTROL_COLUMNS]
        if elapsed == 0.0:
            program[step, THROUGHPUT] += y[-1]
            control[THROUGHPUT] = program[step, THROUGHPUT]
        events(system, y, probe)
        if probe[UPPER_EVENT] >= 0.0 or probe[LOWER_EVENT] >= 0.0:
            # The ohmic drop alone is beyond the limit: the step ends where it begins.
            times[row] = elapsed
            states[row, :] = y
            row += 1
            status, event = EVENT, UPPER_EVENT if probe[UPPER_EVENT] >= 0.0 else LOWER_EVENT
        else:
            status, count, event, _h = integrate_cell(
                rates,
                jacobian,
                events,
                system,
                y,
                program[step, DURATION] - elapsed,
                attempt,
                shared,
                rtol,
                atol,
                lowest,
                highest,
                most_steps,
                times[row:],
                states[row:],
                counters,
                work,
            )
            if count > 1:
                attempt = times[row + 1] - times[row]
            times[row : row + count] += elapsed
            row += count
            y[:] = states[row - 1]
        outcomes[step, STATUS] = status
        outcomes[step, WHICH_EVENT] = event
        outcomes[step, LAST_ROW] = row
        if status not in (REACHED_END, EVENT):
            return step, times[row - 1]
        if event == SHORT_EVENT:
            return step, times[row - 1]
        if event in (UPPER_EVENT, LOWER_EVENT) and program[step, HALTS] > 0.0:
            return step, times[row - 1]
        elapsed = 0.0
    return stop, 0.0


class Kernel(NamedTuple):
    """Equations and integrator, compiled for one kind of cell."""

    rates: Any
    """(system, y, dy)."""
    jacobian: Any
    """(system, y, band, links, columns, rows, coupling)."""
    events: Any
    """(system, y, values)."""
    integrate: Any
    """:func:`interlith.numerics.rodas.integrate`."""
    program: Any
    """:func:`program_loop`."""
    kind: Any
    """Type of the arguments that stay the same, functions first; see :meth:`prepare`."""
    pack: Any
    """Write a parcel of them."""
    prepared: Any
    """:func:`run_prepared`."""

    def run(self, *arguments: Any) -> tuple[int, float]:
        """Run protocol steps.

        Parameters
        ----------
        *arguments
            Those of :func:`program_loop` after the functions.

        Returns
        -------
        next_step, elapsed : int, float
            As there.
        """
        found: tuple[int, float] = self.program(
            self.integrate, self.rates, self.jacobian, self.events, *arguments
        )
        return found

    def prepare(
        self, system: Any, atol: Any, lowest: Any, highest: Any, work: Workspace
    ) -> "Prepared":
        """Hand over once what stays the same in many runs.

        Parameters
        ----------
        system : tuple
            Parameters, laws, control array. Arrays may change later, numbers may not.
        atol, lowest, highest : ndarray
            Absolute tolerances and bounds of the states.
        work : Workspace
            To be used by one run at a time.

        Returns
        -------
        Prepared
            Runs protocol steps.
        """
        functions = (self.program, self.integrate, self.rates, self.jacobian, self.events)
        same = (*functions, system, atol, lowest, highest, work)
        parcel = empty_parcel(self.kind, same)
        self.pack(parcel.address, *same)
        return Prepared(self, parcel)


class Prepared(NamedTuple):
    """A kernel with the arguments that stay the same."""

    kernel: Kernel
    parcel: Parcel

    def run(self, *arguments: Any) -> tuple[int, float]:
        """Run protocol steps.

        Parameters
        ----------
        *arguments
            y, program, first, stop, elapsed, rtol, most_steps, times, states, outcomes, counters;
            see :func:`program_loop`.

        Returns
        -------
        next_step, elapsed : int, float
            As there.
        """
        found: tuple[int, float] = self.kernel.prepared(*self.handle, *arguments)
        return found

    @property
    def handle(self) -> tuple[int, Any]:
        """Address and type of the parcel, for compiled functions that load it."""
        return self.parcel.address, self.kernel.kind


def compile_kernel(system_type: Any, rates: Any, jacobian: Any, events: Any) -> Kernel:
    """Compile the equations of a kind of cell, or load them from disk.

    Parameters
    ----------
    system_type : numba type
        Of the parameters, laws and control.
    rates, jacobian, events : compiled functions
        The equations.

    Returns
    -------
    Kernel
        Ready to run.
    """
    options: Any = {"cache": True, "nogil": True, "error_model": "numpy"}
    rates_type = types.void(system_type, _vector, _vector)
    jacobian_type = types.void(system_type, _vector, *[_matrix] * 5)
    functions = (
        types.FunctionType(rates_type),
        types.FunctionType(jacobian_type),
        types.FunctionType(rates_type),
    )
    integrate_type = types.Tuple([_i, _i, _i, _f])(
        *functions,
        system_type,
        _vector,
        *(_f, _f, _i, _f),
        *[_vector] * 3,
        *(_i, _vector, _matrix, _integers, WORKSPACE_TYPE),
    )
    integrator = types.FunctionType(integrate_type)
    result = types.Tuple([_i, _f])
    program_type = result(
        integrator,
        *functions,
        system_type,
        *(_vector, _matrix, _i, _i, _f, _f),
        *[_vector] * 3,
        *(_i, _vector, _matrix, _integer_matrix, _integers, WORKSPACE_TYPE),
    )
    looper = types.FunctionType(program_type)
    same = (looper, integrator, *functions, system_type, *[_vector] * 3, WORKSPACE_TYPE)
    kind = types.Tuple(same)
    prepared_type = result(
        *(_i, types.TypeRef(kind)),
        *(_vector, _matrix, _i, _i, _f, _f, _i),
        *(_vector, _matrix, _integer_matrix, _integers),
    )
    return Kernel(
        njit(rates_type, **options)(rates.py_func),
        njit(jacobian_type, **options)(jacobian.py_func),
        njit(rates_type, **options)(events.py_func),
        njit(integrate_type, **options)(integrate),
        njit(program_type, **options)(program_loop),
        kind,
        njit(types.void(_i, *same), **options)(_pack),
        unchecked(njit(prepared_type, **options)(run_prepared)),
    )


def _pack(
    address: int,
    program: Any,
    integrate_cell: Any,
    rates: Any,
    jacobian: Any,
    events: Any,
    system: Any,
    atol: Any,
    lowest: Any,
    highest: Any,
    work: Any,
) -> None:
    """Write them to memory, to be compiled."""
    store: Any = stored
    borrow: Any = borrowed
    functions = (program, integrate_cell, rates, jacobian, events)
    store(address, borrow((*functions, system, atol, lowest, highest, work)))


def run_prepared(
    address: int,
    kind: Any,
    y: Any,
    program: Any,
    first: int,
    stop: int,
    elapsed: float,
    rtol: float,
    most_steps: int,
    times: Any,
    states: Any,
    outcomes: Any,
    counters: Any,
) -> tuple[int, float]:
    """Run protocol steps with arguments from a parcel, to be compiled.

    Parameters
    ----------
    address : int
        Of the parcel.
    kind : numba type
        Of what it holds.
    y, program, first, stop, elapsed, rtol, most_steps, times, states, outcomes, counters
        As for :func:`program_loop`.

    Returns
    -------
    next_step, elapsed : int, float
        As there.
    """
    load: Any = loaded
    loop, integrate_cell, rates, jacobian, events, system, atol, lowest, highest, work = load(
        address, kind
    )
    found: tuple[int, float] = loop(
        integrate_cell,
        rates,
        jacobian,
        events,
        system,
        y,
        program,
        first,
        stop,
        elapsed,
        rtol,
        atol,
        lowest,
        highest,
        most_steps,
        times,
        states,
        outcomes,
        counters,
        work,
    )
    return found


# Before anything is compiled or loaded, whichever way this file was imported.
drop_stale_code()
SYMMETRIC = compile_kernel(SYSTEM_TYPE, cell_rates, cell_jacobian, cell_events)
rates, jacobian, events = SYMMETRIC.rates, SYMMETRIC.jacobian, SYMMETRIC.events
integrate_cell, run_program = SYMMETRIC.integrate, SYMMETRIC.run


def workspace_for(size: int) -> Workspace:
    """Make the arrays in which a symmetric cell is integrated.

    Parameters
    ----------
    size : int
        Number of states.

    Returns
    -------
    Workspace
        To be used by one run at a time.
    """
    return workspace(size, SHARED)
