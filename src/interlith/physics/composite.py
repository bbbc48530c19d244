r"""A composite cathode as an ordinary differential equation, from the separator to the collector.

Particles of one or several sizes sit on the control volumes (nodes) of a porous electrode whose
electrolyte carries lithium ions only. States:

====================  =====================================================================
for each particle     stoichiometry x of each shell from the centre outwards, and the
                      thickness of the interphase on it [m]; particles by node, then by size
for each node         eta, electronic minus ionic potential [V]
====================  =====================================================================

Particles touch each other through the eta of their node alone: these are the backbone on which they
hang (:mod:`interlith.numerics.linked`). With i_ion + i_el = j, the two laws of Ohm and the double
layer,

.. math:: i_{ion} = \frac{d\eta/dx + j/\sigma}{1/\kappa + 1/\sigma}, \qquad
          a C_{dl} \frac{d\eta}{dt} = S + \frac{d i_{ion}}{dx},

where x runs from the separator, j is positive on discharge and S is what all particles take up.
Newman & Tobias, J. Electrochem. Soc. 109, 1183 (1962), doi:10.1149/1.2425269; Doyle, Fuller &
Newman, J. Electrochem. Soc. 140, 1526 (1993), doi:10.1149/1.2221597.
"""

from typing import Any, Final, NamedTuple

import numpy as np
from numba import njit, typeof
from numpy.typing import NDArray

from interlith.numerics.banded import BELOW
from interlith.numerics.table import look_up
from interlith.physics.cathode_interphase import interphase_growth
from interlith.physics.conduction import ionic_current_between
from interlith.physics.insertion import (
    contact_under_pressure,
    current_through_film,
    insertion_exchange,
)

FloatArray = NDArray[np.float64]
TableArray = NDArray[np.void]
_FAST = {"contract", "arcp", "nsz", "reassoc"}

CATHODE_NODE_FIELDS: Final = {
    "width": "Width of the control volume [m].",
    "ionic_resistance": "Ionic resistance of half the volume [Ohm m2].",
    "electronic_resistance": "Electronic resistance of half the volume [Ohm m2].",
    "capacitance": "Double-layer capacitance per volume [F m-3].",
    "eta_per_charge": "Change of eta per charge on the double layer [V m2 C-1].",
}
"""What each control volume of the composite knows, from the separator to the collector."""

PARTICLE_FIELDS: Final = {
    "diffusion_rate": "Diffusivity at the reference over the radius squared [s-1].",
    "uptake_rate": "Rise of the mean stoichiometry per current on the surface [m2 C-1].",
    "lithium_charge": "Connected active material's lithium at x = 1, per volume [C m-3].",
    "solid_fraction": "Volume of the active material of this size over that of the layer.",
}
"""What the particles of one size in one control volume know."""

CATHODE_NODE_DTYPE = np.dtype([(name, np.float64) for name in CATHODE_NODE_FIELDS])
PARTICLE_DTYPE = np.dtype([(name, np.float64) for name in PARTICLE_FIELDS])


class CathodeParameters(NamedTuple):
    """Numbers of one composite cathode at one temperature (SI)."""

    thermal_voltage: float
    """R T / F [V]."""
    exchange: float
    """Exchange current density at x = 1/2 [A m-2]."""
    gap_odds: float
    """(1 - theta) / theta of the contact at the reference pressure."""
    contact_reference_pressure: float
    """[Pa]."""
    contact_exponent: float
    """Exponent of pressure in the contact."""
    film_conductivity: float
    """Ionic conductivity of the interphase [S m-1]."""
    film_rate: float
    """Parabolic rate constant at the onset potential [m2 s-1]."""
    film_onset: float
    """Potential at which the rate is given [V]."""
    film_scale: float
    """Potential that multiplies the rate by e [V]."""
    film_charge: float
    """Charge of the oxidation that makes a volume of interphase [C m-3]."""
    volume_at_start: float
    """Relative volume of the active material as made."""
    shell_volumes: FloatArray
    """Share of a particle's volume in each shell, see :mod:`interlith.numerics.sphere`."""
    shell_conductances: FloatArray
    """Geometry of the fluxes between shells."""
    surface_weights: FloatArray
    """Extrapolation from the last two shells to the surface."""
    open_circuit: FloatArray
    """Table of the open-circuit potential [V] over x, see :mod:`interlith.numerics.table`."""
    diffusivity: FloatArray
    """Table of the diffusivity over its reference."""
    volume: FloatArray
    """Table of the relative volume."""
    nodes: TableArray
    """Control volumes, :data:`CATHODE_NODE_FIELDS`."""
    particles: TableArray
    """Particles by node and size, :data:`PARTICLE_FIELDS`."""
    sizes: int
    """Number of particle sizes."""


@njit(inline="always", cache=True, nogil=True, error_model="numpy", fastmath=_FAST)
def states_per_particle(p: CathodeParameters) -> int:
    """Shells of a particle, and its interphase.

    Parameters
    ----------
    p : CathodeParameters
        The cathode.

    Returns
    -------
    int
        Number of shells plus one.
    """
    return p.shell_volumes.shape[0] + 1


@njit(inline="always", cache=True, nogil=True, error_model="numpy", fastmath=_FAST)
def local_state_count(p: CathodeParameters) -> int:
    """Number of states of all particles.

    Parameters
    ----------
    p : CathodeParameters
        The cathode.

    Returns
    -------
    int
        Particles times states of each.
    """
    return p.particles.shape[0] * states_per_particle(p)


@njit(inline="always", cache=True, nogil=True, error_model="numpy", fastmath=_FAST)
def contact_of(p: CathodeParameters, pressure: float) -> float:
    """Share of the active surface in contact at a stack pressure.

    Parameters
    ----------
    p : CathodeParameters
        The cathode.
    pressure : float
        [Pa].

    Returns
    -------
    float
        0 to 1.
    """
    return contact_under_pressure(
        pressure, p.gap_odds, p.contact_reference_pressure, p.contact_exponent
    )


@njit(inline="always", cache=True, nogil=True, error_model="numpy", fastmath=_FAST)
def surface_stoichiometry(p: CathodeParameters, y: FloatArray, base: int) -> float:
    """Stoichiometry at the surface of a particle.

    Parameters
    ----------
    p : CathodeParameters
        The cathode.
    y : ndarray
        States.
    base : int
        Where those of the particle begin.

    Returns
    -------
    float
        x at r = R.
    """
    last = base + p.shell_volumes.shape[0] - 1
    return p.surface_weights[0] * y[last - 1] + p.surface_weights[1] * y[last]


@njit(inline="always", cache=True, nogil=True, error_model="numpy", fastmath=_FAST)
def mean_stoichiometry(p: CathodeParameters, y: FloatArray, base: int) -> float:
    """Stoichiometry of a whole particle.

    Parameters
    ----------
    p : CathodeParameters
        The cathode.
    y : ndarray
        States.
    base : int
        Where those of the particle begin.

    Returns
    -------
    float
        Mean of x over its volume.
    """
    mean = 0.0
    for shell in range(p.shell_volumes.shape[0]):
        mean += p.shell_volumes[shell] * y[base + shell]
    return mean


@njit(inline="always", cache=True, nogil=True, error_model="numpy", fastmath=_FAST)
def resistances_after(p: CathodeParameters, node: int) -> tuple[float, float]:
    """Resistances between the middles of a node and of the next one towards the collector.

    Parameters
    ----------
    p : CathodeParameters
        The cathode.
    node : int
        Any but the last.

    Returns
    -------
    ionic, electronic : float
        [Ohm m2].
    """
    here, there = p.nodes[node], p.nodes[node + 1]
    return (
        here.ionic_resistance + there.ionic_resistance,
        here.electronic_resistance + there.electronic_resistance,
    )


@njit(inline="always", cache=True, nogil=True, error_model="numpy", fastmath=_FAST)
def ionic_current_after(
    p: CathodeParameters, y: FloatArray, backbone: int, node: int, current: float
) -> float:
    """Ionic current density from a node to the next one towards the collector.

    Parameters
    ----------
    p : CathodeParameters
        The cathode.
    y : ndarray
        States.
    backbone : int
        Where the etas begin.
    node : int
        The node.
    current : float
        Current density through the cathode, positive on discharge [A m-2].

    Returns
    -------
    float
        Ionic current density [A m-2]; 0 after the last node, where electrons carry all.
    """
    if node + 1 == p.nodes.shape[0]:
        return 0.0
    ionic, electronic = resistances_after(p, node)
    # The law counts currents against its x; here the current comes from the near point, the node.
    step = y[backbone + node] - y[backbone + node + 1]
    return ionic_current_between(step, current, ionic, electronic)


@njit(inline="always", cache=True, nogil=True, error_model="numpy", fastmath=_FAST)
def particle_current(
    p: CathodeParameters, y: FloatArray, base: int, eta: float
) -> tuple[float, float, float, float]:
    """Insertion current density on the touching surface of a particle, with its derivatives.

    Parameters
    ----------
    p : CathodeParameters
        The cathode.
    y : ndarray
        States.
    base : int
        Where those of the particle begin.
    eta : float
        Of its node [V].

    Returns
    -------
    current, per_eta, per_surface, per_thickness : float
        [A m-2], positive when lithium goes in, and its derivatives with respect to eta [V], the
        stoichiometry at the surface and the thickness of the interphase [m].
    """
    surface = surface_stoichiometry(p, y, base)
    open_circuit, ocv_slope = look_up(p.open_circuit, surface)
    exchange, exchange_slope = insertion_exchange(p.exchange, surface)
    resistance = y[base + p.shell_volumes.shape[0]] / p.film_conductivity
    current, per_volt = current_through_film(
        open_circuit - eta, exchange, resistance, p.thermal_voltage
    )
    # At a fixed overpotential the current is proportional to the exchange current density; the film
    # gives a part of each change back.
    given = per_volt * resistance
    per_exchange = current * (1.0 - given) / exchange
    per_surface = per_volt * ocv_slope + per_exchange * exchange_slope
    return current, -per_volt, per_surface, -per_volt * current / p.film_conductivity


@njit(cache=True, nogil=True, error_model="numpy", fastmath=_FAST)
def cathode_rates(
    p: CathodeParameters,
    y: FloatArray,
    offset: int,
    backbone: int,
    current: float,
    pressure: float,
    dy: FloatArray,
) -> None:
    """Write the rates of change of a cathode's states.

    Parameters
    ----------
    p : CathodeParameters
        The cathode.
    y : ndarray
        States of the cell.
    offset, backbone : int
        Where the states of the particles, and the etas of the nodes, begin.
    current : float
        Ionic current density out of the separator, positive on discharge [A m-2].
    pressure : float
        Stack pressure [Pa].
    dy : ndarray
        Receives the rates.
    """
    contact = contact_of(p, pressure)
    count, each = p.nodes.shape[0], states_per_particle(p)
    incoming, base = current, offset
    for node in range(count):
        eta = y[backbone + node]
        outgoing = ionic_current_after(p, y, backbone, node, current)
        taken = 0.0
        for size in range(p.sizes):
            taken += _particle_rates(p, y, base, node * p.sizes + size, eta, contact, dy)
            base += each
        stays = incoming - outgoing
        dy[backbone + node] = (p.nodes[node].width * taken - stays) * p.nodes[node].eta_per_charge
        incoming = outgoing


@njit(inline="always", cache=True, nogil=True, error_model="numpy", fastmath=_FAST)
def _particle_rates(
    p: CathodeParameters,
    y: FloatArray,
    base: int,
    particle: int,
    eta: float,
    contact: float,
    dy: FloatArray,
) -> float:
    """Write the rates of one particle; return the ions that all like it take up [A m-3]."""
    here = p.particles[particle]
    count = p.shell_volumes.shape[0]
    inner = 0.0
    for shell in range(count - 1):
        x0, x1 = y[base + shell], y[base + shell + 1]
        factor, _slope = look_up(p.diffusivity, 0.5 * (x0 + x1))
        flux = here.diffusion_rate * factor * p.shell_conductances[shell] * (x1 - x0)
        dy[base + shell] = (flux - inner) / p.shell_volumes[shell]
        inner = flux
    current, _per_eta, _per_surface, _per_thickness = particle_current(p, y, base, eta)
    uptake = here.uptake_rate * contact * current
    dy[base + count - 1] = (uptake - inner) / p.shell_volumes[count - 1]
    growth, _per_volt = interphase_growth(
        y[base + count], eta, p.film_rate, p.film_onset, p.film_scale
    )
    dy[base + count] = growth
    return here.lithium_charge * (uptake - here.uptake_rate * p.film_charge * growth)


@njit(cache=True, nogil=True, error_model="numpy", fastmath=_FAST)
def cathode_jacobian(
    p: CathodeParameters,
    y: FloatArray,
    offset: int,
    backbone: int,
    pressure: float,
    band: FloatArray,
    links: FloatArray,
) -> None:
    """Add the derivatives of a cathode's rates at fixed current and pressure.

    Parameters
    ----------
    p : CathodeParameters
        The cathode.
    y : ndarray
        States of the cell.
    offset, backbone : int
        Where the states of the particles, and the etas of the nodes, begin.
    pressure : float
        Stack pressure [Pa].
    band, links : ndarray
        See :mod:`interlith.numerics.linked`.
    """
    contact = contact_of(p, pressure)
    count, each = p.nodes.shape[0], states_per_particle(p)
    base = offset
    for node in range(count):
        row = backbone + node
        here = p.nodes[node]
        if node + 1 < count:
            there = p.nodes[node + 1]
            ionic, electronic = resistances_after(p, node)
            across = 1.0 / (ionic + electronic)
            band[row, BELOW] -= across * here.eta_per_charge
            band[row, BELOW + 1] += across * here.eta_per_charge
            band[row + 1, BELOW] -= across * there.eta_per_charge
            band[row + 1, BELOW - 1] += across * there.eta_per_charge
        for size in range(p.sizes):
            _particle_slopes(
                p, y, base, node * p.sizes + size, node, backbone, contact, band, links
            )
            base += each


@njit(inline="always", cache=True, nogil=True, error_model="numpy", fastmath=_FAST)
def _particle_slopes(
    p: CathodeParameters,
    y: FloatArray,
    base: int,
    particle: int,
    node: int,
    backbone: int,
    contact: float,
    band: FloatArray,
    links: FloatArray,
) -> None:
    """Add the derivatives of one particle's rates, and of its node's balance of charge."""
    here = p.particles[particle]
    count = p.shell_volumes.shape[0]
    film = base + count
    for shell in range(count - 1):
        x0, x1 = y[base + shell], y[base + shell + 1]
        factor, slope = look_up(p.diffusivity, 0.5 * (x0 + x1))
        scale = here.diffusion_rate * p.shell_conductances[shell]
        bend = 0.5 * scale * slope * (x1 - x0)
        per_inner, per_outer = bend - scale * factor, bend + scale * factor
        row, inverse = base + shell, 1.0 / p.shell_volumes[shell]
        band[row, BELOW] += per_inner * inverse
        band[row, BELOW + 1] += per_outer * inverse
        inverse = 1.0 / p.shell_volumes[shell + 1]
        band[row + 1, BELOW] -= per_outer * inverse
        band[row + 1, BELOW - 1] -= per_inner * inverse
    eta = y[backbone + node]
    _current, per_eta, per_surface, per_film = particle_current(p, y, base, eta)
    uptake = here.uptake_rate * contact
    last, inverse = film - 1, uptake / p.shell_volumes[count - 1]
    band[last, BELOW - 1] += inverse * per_surface * p.surface_weights[0]
    band[last, BELOW] += inverse * per_surface * p.surface_weights[1]
    band[last, BELOW + 1] += inverse * per_film
    links[0, last] += inverse * per_eta
    growth, growth_per_eta = interphase_growth(
        y[film], eta, p.film_rate, p.film_onset, p.film_scale
    )
    band[film, BELOW] -= growth / y[film]
    links[0, film] += growth_per_eta
    # What a particle takes up is missing in the balance of its node.
    at_node = p.nodes[node]
    to_eta = at_node.width * here.lithium_charge * at_node.eta_per_charge
    spent = here.uptake_rate * p.film_charge
    links[1, last - 1] += to_eta * uptake * per_surface * p.surface_weights[0]
    links[1, last] += to_eta * uptake * per_surface * p.surface_weights[1]
    links[1, film] += to_eta * (uptake * per_film + spent * growth / y[film])
    band[backbone + node, BELOW] += to_eta * (uptake * per_eta - spent * growth_per_eta)


@njit(cache=True, nogil=True, error_model="numpy", fastmath=_FAST)
def cathode_current_column(p: CathodeParameters, backbone: int, column: FloatArray) -> None:
    """Add the derivatives of the rates with respect to the current through the cathode.

    Parameters
    ----------
    p : CathodeParameters
        The cathode.
    backbone : int
        Where the etas begin.
    column : ndarray
        Derivatives of all rates; added to.
    """
    count = p.nodes.shape[0]
    incoming = 1.0
    for node in range(count):
        outgoing = 0.0
        if node + 1 < count:
            ionic, electronic = resistances_after(p, node)
            outgoing = electronic / (ionic + electronic)
        column[backbone + node] -= (incoming - outgoing) * p.nodes[node].eta_per_charge
        incoming = outgoing


@njit(cache=True, nogil=True, error_model="numpy", fastmath=_FAST)
def cathode_pressure_column(
    p: CathodeParameters,
    y: FloatArray,
    offset: int,
    backbone: int,
    pressure: float,
    column: FloatArray,
) -> None:
    """Add the derivatives of the rates with respect to the stack pressure.

    Parameters
    ----------
    p : CathodeParameters
        The cathode.
    y : ndarray
        States of the cell.
    offset, backbone : int
        Where the states of the particles, and the etas of the nodes, begin.
    pressure : float
        Stack pressure [Pa].
    column : ndarray
        Derivatives of all rates; added to.
    """
    step = 1e-6 * max(pressure, 1e3)
    per_pressure = (contact_of(p, pressure + step) - contact_of(p, pressure - step)) / (2.0 * step)
    count, each, base = p.shell_volumes.shape[0], states_per_particle(p), offset
    for particle in range(p.particles.shape[0]):
        node = particle // p.sizes
        here, at_node = p.particles[particle], p.nodes[node]
        current, _e, _s, _f = particle_current(p, y, base, y[backbone + node])
        uptake = here.uptake_rate * per_pressure * current
        column[base + count - 1] += uptake / p.shell_volumes[count - 1]
        column[backbone + node] += (
            at_node.width * here.lithium_charge * at_node.eta_per_charge * uptake
        )
        base += each


@njit(cache=True, nogil=True, error_model="numpy", fastmath=_FAST)
def cathode_terms(p: CathodeParameters, y: FloatArray, backbone: int) -> tuple[float, float]:
    """Voltage across the cathode at zero current, and its resistance.

    Parameters
    ----------
    p : CathodeParameters
        The cathode.
    y : ndarray
        States of the cell.
    backbone : int
        Where the etas begin.

    Returns
    -------
    voltage, resistance : float
        Potential of the collector minus that of the electrolyte at the separator is
        voltage - resistance * j [V, Ohm m2].
    """
    count = p.nodes.shape[0]
    voltage = y[backbone]
    resistance = p.nodes[0].ionic_resistance + p.nodes[count - 1].electronic_resistance
    for node in range(count - 1):
        ionic, electronic = resistances_after(p, node)
        share = electronic / (ionic + electronic)
        voltage += share * (y[backbone + node + 1] - y[backbone + node])
        resistance += share * ionic
    return voltage, resistance


@njit(cache=True, nogil=True, error_model="numpy", fastmath=_FAST)
def cathode_voltage_row(
    p: CathodeParameters, backbone: int, factor: float, row: FloatArray
) -> None:
    """Add a multiple of the derivatives of the voltage at zero current.

    Parameters
    ----------
    p : CathodeParameters
        The cathode.
    backbone : int
        Where the etas begin.
    factor : float
        The multiple.
    row : ndarray
        Derivatives with respect to all states; added to.
    """
    row[backbone] += factor
    for node in range(p.nodes.shape[0] - 1):
        ionic, electronic = resistances_after(p, node)
        share = electronic / (ionic + electronic)
        row[backbone + node + 1] += factor * share
        row[backbone + node] -= factor * share


@njit(cache=True, nogil=True, error_model="numpy", fastmath=_FAST)
def breathing(p: CathodeParameters, y: FloatArray, offset: int) -> float:
    """Growth of the thickness of the cathode since it was made.

    Parameters
    ----------
    p : CathodeParameters
        The cathode.
    y : ndarray
        States of the cell.
    offset : int
        Where the states of the particles begin.

    Returns
    -------
    float
        Height [m]: all change of volume of the active material goes into the thickness, as the die
        or the pouch holds the area (assumed).
    """
    count, base, height = p.shell_volumes.shape[0], offset, 0.0
    for particle in range(p.particles.shape[0]):
        mean = 0.0
        for shell in range(count):
            value, _slope = look_up(p.volume, y[base + shell])
            mean += p.shell_volumes[shell] * value
        depth = p.nodes[particle // p.sizes].width * p.particles[particle].solid_fraction
        height += depth * (mean - p.volume_at_start)
        base += count + 1
    return height


@njit(cache=True, nogil=True, error_model="numpy", fastmath=_FAST)
def breathing_row(
    p: CathodeParameters, y: FloatArray, offset: int, factor: float, row: FloatArray
) -> None:
    """Add a multiple of the derivatives of :func:`breathing`.

    Parameters
    ----------
    p : CathodeParameters
        The cathode.
    y : ndarray
        States of the cell.
    offset : int
        Where the states of the particles begin.
    factor : float
        The multiple.
    row : ndarray
        Derivatives with respect to all states; added to.
    """
    count, base = p.shell_volumes.shape[0], offset
    for particle in range(p.particles.shape[0]):
        depth = p.nodes[particle // p.sizes].width * p.particles[particle].solid_fraction
        for shell in range(count):
            _value, slope = look_up(p.volume, y[base + shell])
            row[base + shell] += factor * depth * p.shell_volumes[shell] * slope
        base += count + 1


@njit(cache=True, nogil=True, error_model="numpy", fastmath=_FAST)
def cathode_lithium(p: CathodeParameters, y: FloatArray, offset: int, backbone: int) -> float:
    """Lithium of the connected cathode that the current can change.

    Parameters
    ----------
    p : CathodeParameters
        The cathode.
    y : ndarray
        States of the cell.
    offset, backbone : int
        Where the states of the particles, and the etas of the nodes, begin.

    Returns
    -------
    float
        Lithium in particles and on double layers, less what oxidised electrolyte has given away, as
        charge per area [C m-2]; its rate of change is the current, exactly.
    """
    count, base, total = p.shell_volumes.shape[0], offset, 0.0
    for particle in range(p.particles.shape[0]):
        here = p.particles[particle]
        mean = mean_stoichiometry(p, y, base)
        mean -= here.uptake_rate * p.film_charge * y[base + count]
        total += p.nodes[particle // p.sizes].width * here.lithium_charge * mean
        base += count + 1
    for node in range(p.nodes.shape[0]):
        total -= p.nodes[node].width * p.nodes[node].capacitance * y[backbone + node]
    return total


def owners(p: CathodeParameters, offset: int, backbone: int) -> NDArray[np.int64]:
    """Node on the backbone of each state of the particles.

    Parameters
    ----------
    p : CathodeParameters
        The cathode.
    offset, backbone : int
        Where the states of the particles, and the etas of the nodes, begin.

    Returns
    -------
    ndarray of int, shape (offset + local states,)
        -1 before the offset.
    """
    each = len(p.shell_volumes) + 1
    nodes = np.repeat(np.arange(len(p.nodes)), p.sizes * each)
    return np.concatenate([np.full(offset, -1), backbone + nodes]).astype(np.int64)


def blank_cathode() -> CathodeParameters:
    """Make a cathode of zeros, where only its type matters.

    Returns
    -------
    CathodeParameters
        Without meaning.
    """
    line, table = np.zeros(2), np.zeros((1, 4))
    tables: dict[str, Any] = {
        "shell_volumes": line,
        "shell_conductances": line,
        "surface_weights": line,
        "open_circuit": table,
        "diffusivity": table,
        "volume": table,
        "nodes": np.zeros(1, CATHODE_NODE_DTYPE),
        "particles": np.zeros(1, PARTICLE_DTYPE),
        "sizes": 1,
    }
    return CathodeParameters(**{name: tables.get(name, 0.0) for name in CathodeParameters._fields})


CATHODE_TYPE = typeof(blank_cathode())
