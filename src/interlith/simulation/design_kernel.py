"""Many designs of a full cell in one compiled call: each has its own numbers in the equations."""

from typing import Any, Final

import numpy as np
from numba import from_dtype, njit, types

from interlith.numerics.parcel import loaded, unchecked
from interlith.physics.composite import (
    CATHODE_NODE_DTYPE,
    PARTICLE_DTYPE,
    CathodeParameters,
)
from interlith.physics.full_cell import FullCellParameters, full_operate, full_stack_pressure
from interlith.physics.operation import MODE, VALUE
from interlith.physics.parameters import CONTROL_CURRENT
from interlith.simulation.full_kernel import FULL
from interlith.simulation.kernel import CONTROL_COLUMNS, LAST_ROW, STATUS

__all__ = ["MEASURED", "run_designs"]

MEASURED: Final = ("duration", "charge", "energy", "end_voltage")
"""Measured of every protocol step: [s], [C m-2] and [J m-2] (positive on discharge), [V]."""

_vector = types.Array(types.float64, 1, "C")
_matrix = types.Array(types.float64, 2, "C")
_cube = types.Array(types.float64, 3, "C")
_integers = types.Array(types.int64, 1, "C")
_integer_matrix = types.Array(types.int64, 2, "C")
_nodes = types.Array(from_dtype(CATHODE_NODE_DTYPE), 2, "C")
_particles = types.Array(from_dtype(PARTICLE_DTYPE), 2, "C")
_i, _f = types.int64, types.float64


@njit(inline="always", cache=True, nogil=True, error_model="numpy")
def _redesigned(cell: Any, exchange: float, resistance: float, nodes: Any, particles: Any) -> Any:
    """Give a cell other numbers of its cathode and another resistance of its separator."""
    p = cell.cathode
    cathode = CathodeParameters(
        p.thermal_voltage,
        exchange,
        p.gap_odds,
        p.contact_reference_pressure,
        p.contact_exponent,
        p.film_conductivity,
        p.film_rate,
        p.film_onset,
        p.film_scale,
        p.film_charge,
        p.volume_at_start,
        p.shell_volumes,
        p.shell_conductances,
        p.surface_weights,
        p.open_circuit,
        p.diffusivity,
        p.volume,
        nodes,
        particles,
        p.sizes,
    )
    return FullCellParameters(
        cell.anode,
        cathode,
        cell.has_anode,
        resistance,
        cell.stack_pressure,
        cell.fixture_stiffness,
        cell.hard_conductance,
        cell.overlap_of_hard_short,
    )


@njit(inline="always", cache=True, nogil=True, error_model="numpy")
def _measure(
    system: Any, program: Any, times: Any, states: Any, begin: int, end: int, out: Any
) -> None:
    """Add up charge and energy over the rows of one protocol step."""
    cell, laws, control = system
    control[:] = program[:CONTROL_COLUMNS]
    charge, energy, voltage, voltage_before, current_before = 0.0, 0.0, np.nan, 0.0, 0.0
    for row in range(begin, end):
        y = states[row]
        operation = full_operate(cell, laws, control, y, full_stack_pressure(cell, y))
        voltage, current = operation.voltage, operation.current
        if row > begin:
            # The throughput is a state, so that the charge is as exact as the integration.
            passed = y[-1] - states[row - 1][-1]
            passed = -passed if current + current_before < 0.0 else passed
            charge += passed
            energy += 0.5 * (voltage + voltage_before) * passed
        voltage_before, current_before = voltage, current
    out[0], out[1], out[2], out[3] = times[end - 1], charge, energy, voltage


@unchecked
@njit(
    types.void(
        *(_i, types.TypeRef(FULL.kind)),
        *(_nodes, _particles, *[_vector] * 3, _matrix, _matrix),
        *(_i, _i, _f, _i),
        *(_vector, _matrix, _integer_matrix, _integers, _cube, _integer_matrix, _integers),
    ),
    cache=True,
    nogil=True,
    error_model="numpy",
)
def run_designs(
    address: Any,
    kind: Any,
    nodes: Any,
    particles: Any,
    exchange: Any,
    resistance: Any,
    rate: Any,
    starts: Any,
    program: Any,
    first: Any,
    every: Any,
    rtol: Any,
    most_steps: Any,
    times: Any,
    states: Any,
    outcomes: Any,
    counters: Any,
    measured: Any,
    endings: Any,
    done: Any,
) -> None:
    """Run the protocol on every so-manieth design.

    Parameters
    ----------
    address, kind
        Parcel of the prepared cell that they all start from.
    nodes, particles : ndarray, shape (designs, nodes), (designs, particles)
        Control volumes and particles of each.
    exchange, resistance : ndarray, shape (designs,)
        Exchange current density [A m-2] and area resistance of the separator [Ohm m2].
    rate : ndarray, shape (designs,)
        Factor on the currents of the protocol.
    starts : ndarray, shape (designs, n)
        States at the start.
    program : ndarray, shape (k, 9)
        Protocol steps, see :mod:`interlith.simulation.kernel`.
    first, every : int
        Designs first, first + every, ... are run.
    rtol, most_steps : float, int
        As for :func:`interlith.simulation.kernel.program_loop`, as the four arrays that follow.
    times, states, outcomes, counters : ndarray
        Overwritten.
    measured : ndarray, shape (designs, k, 4)
        Receives :data:`MEASURED` of the steps that ran.
    endings : ndarray, shape (designs, 2)
        Receives the last step that ran and the status of the integrator in it.
    done : ndarray, shape (1,)
        Counts the designs that are finished.
    """
    load: Any = loaded
    loop, integrate_cell, rates, jacobian, events, system, atol, lowest, highest, work = load(
        address, kind
    )
    cell, laws, control = system
    mine = program.copy()
    for design in range(first, nodes.shape[0], every):
        redesigned = (
            _redesigned(
                cell, exchange[design], resistance[design], nodes[design], particles[design]
            ),
            laws,
            control,
        )
        mine[:, :] = program
        for step in range(program.shape[0]):
            if program[step, MODE] == CONTROL_CURRENT:
                mine[step, VALUE] *= rate[design]
        y = starts[design]
        outcomes[:, STATUS] = -1
        last, _elapsed = loop(
            integrate_cell,
            rates,
            jacobian,
            events,
            redesigned,
            y,
            mine,
            0,
            program.shape[0],
            0.0,
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
        begin = 0
        for step in range(program.shape[0]):
            if outcomes[step, STATUS] < 0:
                break
            end = outcomes[step, LAST_ROW]
            _measure(redesigned, mine[step], times, states, begin, end, measured[design, step])
            begin = end
            endings[design, 0] = step
            endings[design, 1] = outcomes[step, STATUS]
        if last < program.shape[0] and outcomes[last, STATUS] < 0:
            # The buffer was full before the step began.
            endings[design, 0], endings[design, 1] = last, outcomes[last, STATUS]
        done[0] += 1
