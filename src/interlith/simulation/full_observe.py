"""From the states of a full cell to what an experimentalist would want to see (compiled)."""

from typing import Any, Final

from numba import njit, types

from interlith.numerics.parcel import loaded, unchecked
from interlith.physics.composite import (
    cathode_lithium,
    cathode_terms,
    contact_of,
    film_state,
    ionic_current_after,
    mean_stoichiometry,
    node_of,
    particle_current,
    surface_stoichiometry,
)
from interlith.physics.electrode import (
    METAL,
    THICKNESS,
    VOID,
    filament_current,
    hottest_overpotential,
    node_count,
    plating_behind_mouths,
    pressure_factor,
    state_count,
)
from interlith.physics.full_cell import (
    anode_state_count,
    backbone_start,
    full_lithium,
    full_operate,
    full_stack_pressure,
    longest_filament,
)
from interlith.physics.interphase import sei_area_resistance
from interlith.simulation.full_columns import FULL_COLUMNS, FULL_PROFILE_COLUMNS
from interlith.simulation.full_kernel import FULL
from interlith.simulation.kernel import SYSTEM

__all__ = ["FULL_COLUMNS", "FULL_PROFILE_COLUMNS", "observe_full", "observe_full_profiles"]

_matrix = types.Array(types.float64, 2, "C")
_cube = types.Array(types.float64, 3, "C")
_kind = types.TypeRef(FULL.kind)
COLUMN_COUNT: Final = len(FULL_COLUMNS)


@unchecked
@njit(
    types.void(types.int64, _kind, _matrix, _matrix, _matrix),
    cache=True,
    nogil=True,
    error_model="numpy",
)
def observe_full(address: Any, kind: Any, controls: Any, states: Any, out: Any) -> None:
    """Compute the observables of rows of states.

    Parameters
    ----------
    address, kind
        Parcel of a prepared full cell, see :meth:`interlith.simulation.kernel.Kernel.prepare`; its
        control array is overwritten.
    controls : ndarray, shape (k, 7)
        Control of the protocol step that each row belongs to.
    states : ndarray, shape (k, n)
        Rows of states.
    out : ndarray, shape (k, columns)
        Receives :data:`FULL_COLUMNS`.
    """
    load: Any = loaded
    cell, laws, control = load(address, kind)[SYSTEM]
    cathode, anode = cell.cathode, cell.anode
    first, backbone = anode_state_count(cell), backbone_start(cell)
    for row in range(states.shape[0]):
        y = states[row]
        control[:] = controls[row]
        pressure = full_stack_pressure(cell, y)
        operation = full_operate(cell, laws, control, y, pressure)
        source, resistance = cathode_terms(cathode, y, backbone)
        potential = source - resistance * operation.ionic_current
        mean, film, weight, lowest, highest = 0.0, 0.0, 0.0, 2.0, -1.0
        for particle in range(cathode.particles.shape[0]):
            base = first + particle
            here = cathode.particles[particle]
            held = node_of(cathode, particle).width * here.lithium_charge
            surface = surface_stoichiometry(cathode, y, base)
            lowest, highest = min(lowest, surface), max(highest, surface)
            mean += held * mean_stoichiometry(cathode, y, base)
            film += held * y[film_state(cathode, base)]
            weight += held
        values = out[row]
        values[0] = operation.voltage
        values[1] = operation.current
        values[2] = operation.ionic_current
        values[3] = pressure
        values[4] = operation.conductance
        values[5] = y[-1]
        values[6] = potential
        values[7] = operation.ionic_current * cell.series_resistance
        values[8] = mean / weight
        values[9] = lowest
        values[10] = highest
        values[11] = film / weight
        values[12] = cathode_lithium(cathode, y, first, backbone)
        values[13] = full_lithium(cell, y)
        values[14] = contact_of(cathode, pressure)
        values[15:] = 0.0
        if cell.has_anode:
            current = anode.sign * operation.ionic_current
            contact = laws[0](y[VOID], anode.void_scale)
            film_resistance = sei_area_resistance(y[THICKNESS], anode.sei_conductivity)
            film_resistance *= pressure_factor(anode, pressure)
            mouths = plating_behind_mouths(anode, y, 0)
            values[15] = contact
            values[16] = y[VOID]
            values[17] = hottest_overpotential(anode, laws, y, 0, current, pressure, mouths)
            values[18] = longest_filament(cell, y)
            values[19] = film_resistance / contact if node_count(anode) == 0 else film_resistance
            values[20] = y[METAL]
            values[21] = anode.filament_charge * y[state_count(anode) - 1]
            values[22] = filament_current(anode, laws, y, 0, current, pressure, mouths)


@unchecked
@njit(
    types.void(types.int64, _kind, _matrix, types.Array(types.float64, 1, "C"), _cube),
    cache=True,
    nogil=True,
    error_model="numpy",
)
def observe_full_profiles(address: Any, kind: Any, states: Any, currents: Any, out: Any) -> None:
    """Compute profiles through the cathode in rows of states.

    Parameters
    ----------
    address, kind
        Parcel of a prepared full cell, see :meth:`interlith.simulation.kernel.Kernel.prepare`.
    states : ndarray, shape (k, n)
        Rows of states.
    currents : ndarray, shape (k,)
        Ionic current density in each row [A m-2].
    out : ndarray, shape (k, columns, nodes)
        Receives :data:`FULL_PROFILE_COLUMNS`.
    """
    load: Any = loaded
    cell, _laws, _control = load(address, kind)[SYSTEM]
    cathode = cell.cathode
    first, backbone = anode_state_count(cell), backbone_start(cell)
    count = cathode.nodes.shape[0]
    out[:, :, :] = 0.0
    for row in range(states.shape[0]):
        y = states[row]
        contact = contact_of(cathode, full_stack_pressure(cell, y))
        incoming = currents[row]
        for node in range(count):
            eta = y[backbone + node]
            charge = 0.0
            for size in range(cathode.sizes):
                particle = size * count + node
                base = first + particle
                here = cathode.particles[particle]
                charge += here.lithium_charge
                out[row, 1, node] += here.lithium_charge * mean_stoichiometry(cathode, y, base)
                out[row, 2, node] += here.lithium_charge * surface_stoichiometry(cathode, y, base)
                current, _a, _b, _c = particle_current(cathode, y, base, eta)
                out[row, 3, node] += here.lithium_charge * here.uptake_rate * contact * current
                out[row, 4, node] += here.lithium_charge * y[film_state(cathode, base)]
            outgoing = ionic_current_after(cathode, y, backbone, node, currents[row])
            out[row, 0, node] = eta
            out[row, 1, node] /= charge
            out[row, 2, node] /= charge
            out[row, 4, node] /= charge
            out[row, 5, node] = 0.5 * (incoming + outgoing)
            incoming = outgoing
