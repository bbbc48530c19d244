r"""A composite cathode as an ordinary differential equation, from the separator to the collector.

Particles of one or several sizes sit on the control volumes (nodes) of a porous electrode whose
electrolyte carries lithium ions only. States:

====================  =====================================================================
for each particle     stoichiometry x of each shell from the centre outwards, and the
                      thickness of the interphase on it [m]
for each node         eta, electronic minus ionic potential [V]
====================  =====================================================================

Particles touch each other through the eta of their node alone: these are the backbone on which they
hang (:mod:`interlith.numerics.linked`). States of particles are stored shell by shell: first the
innermost shells of all particles, by size and then by node; the next shell of a particle comes as
many states later as there are particles. With i_ion + i_el = j, the two laws of Ohm and the double
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

from interlith.numerics.linked import DIAGONAL, LOWER, OWNER_COLUMN, OWNER_ROW, UPPER, Shape
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
    """Table of the integral over x of the diffusivity over its reference."""
    volume: FloatArray
    """Table of the relative volume."""
    nodes: TableArray
    """Control volumes, :data:`CATHODE_NODE_FIELDS`."""
    particles: TableArray
    """Particles by size and node, :data:`PARTICLE_FIELDS`."""
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
def node_of(p: CathodeParameters, particle: int) -> Any:
    """Control volume that a particle sits in.

    Parameters
    ----------
    p : CathodeParameters
        The cathode.
    particle : int
        Its number, by size and node.

    Returns
    -------
    record
        :data:`CATHODE_NODE_FIELDS`.
    """
    return p.nodes[particle % p.nodes.shape[0]]


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
def film_state(p: CathodeParameters, base: int) -> int:
    """State that is the thickness of the interphase on a particle.

    Parameters
    ----------
    p : CathodeParameters
        The cathode.
    base : int
        State of its innermost shell.

    Returns
    -------
    int
        Index among the states of the cell.
    """
    return base + p.shell_volumes.shape[0] * p.particles.shape[0]


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
        That of its innermost shell.

    Returns
    -------
    float
        x at r = R.
    """
    step = p.particles.shape[0]
    last = base + (p.shell_volumes.shape[0] - 1) * step
    return p.surface_weights[0] * y[last - step] + p.surface_weights[1] * y[last]


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
        That of its innermost shell.

    Returns
    -------
    float
        Mean of x over its volume.
    """
    mean, step = 0.0, p.particles.shape[0]
    for shell in range(p.shell_volumes.shape[0]):
        mean += p.shell_volumes[shell] * y[base + shell * step]
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
        That of its innermost shell.
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
    resistance = y[film_state(p, base)] / p.film_conductivity
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
    _diffuse(p, y, offset, dy)
    contact = contact_of(p, pressure)
    count, incoming = p.nodes.shape[0], current
    for node in range(count):
        eta = y[backbone + node]
        outgoing = ionic_current_after(p, y, backbone, node, current)
        taken = 0.0
        for size in range(p.sizes):
            particle = size * count + node
            taken += _surface_rates(p, y, offset + particle, particle, eta, contact, dy)
        stays = incoming - outgoing
        dy[backbone + node] = (p.nodes[node].width * taken - stays) * p.nodes[node].eta_per_charge
        incoming = outgoing


@njit(inline="always", cache=True, nogil=True, error_model="numpy", fastmath=_FAST)
def _diffuse(p: CathodeParameters, y: FloatArray, offset: int, dy: FloatArray) -> None:
    r"""Write the rates of all shells, as if nothing came through the surface.

    .. math:: V_s \frac{dx_s}{dt} = G_s (\Theta_{s+1} - \Theta_s)
              - G_{s-1} (\Theta_s - \Theta_{s-1}), \qquad \Theta(x) = \int_0^x D\,dx'

    With the integral of the diffusivity (Kirchhoff's transformation) a steady flux is right however
    much the diffusivity changes between two shells.
    """
    count, particles = p.shell_volumes.shape[0], p.particles.shape[0]
    film = offset + count * particles
    for state in range(offset, film):
        dy[state], _diffusivity = look_up(p.diffusivity, y[state])
    arriving = dy[film:]  # written last: until then it keeps the flux from the shell before
    arriving[:particles] = 0.0
    for shell in range(count):
        here, outer = dy[offset + shell * particles :], dy[offset + (shell + 1) * particles :]
        conductance, inverse = p.shell_conductances[shell], 1.0 / p.shell_volumes[shell]
        for particle in range(particles):
            flux = p.particles[particle].diffusion_rate * conductance
            flux *= outer[particle] - here[particle]
            here[particle] = (flux - arriving[particle]) * inverse
            arriving[particle] = flux


@njit(inline="always", cache=True, nogil=True, error_model="numpy", fastmath=_FAST)
def _surface_rates(
    p: CathodeParameters,
    y: FloatArray,
    base: int,
    particle: int,
    eta: float,
    contact: float,
    dy: FloatArray,
) -> float:
    """Add what comes through the surface of one particle, write the growth of its interphase.

    Returns the ions that all like it take up [A m-3].
    """
    here, film = p.particles[particle], film_state(p, base)
    current, _per_eta, _per_surface, _per_thickness = particle_current(p, y, base, eta)
    uptake = here.uptake_rate * contact * current
    dy[film - p.particles.shape[0]] += uptake / p.shell_volumes[p.shell_volumes.shape[0] - 1]
    growth, _per_volt = interphase_growth(y[film], eta, p.film_rate, p.film_onset, p.film_scale)
    dy[film] = growth
    return here.lithium_charge * (uptake - here.uptake_rate * p.film_charge * growth)


@njit(cache=True, nogil=True, error_model="numpy", fastmath=_FAST)
def cathode_jacobian(
    p: CathodeParameters,
    y: FloatArray,
    offset: int,
    backbone: int,
    pressure: float,
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
    links : ndarray
        See :mod:`interlith.numerics.linked`.
    """
    contact = contact_of(p, pressure)
    count = p.nodes.shape[0]
    for node in range(count):
        row = backbone + node
        here = p.nodes[node]
        if node + 1 < count:
            there = p.nodes[node + 1]
            ionic, electronic = resistances_after(p, node)
            across = 1.0 / (ionic + electronic)
            links[DIAGONAL, row] -= across * here.eta_per_charge
            links[UPPER, row] += across * here.eta_per_charge
            links[DIAGONAL, row + 1] -= across * there.eta_per_charge
            links[LOWER, row + 1] += across * there.eta_per_charge
        for size in range(p.sizes):
            particle = size * count + node
            _particle_slopes(p, y, offset + particle, particle, node, backbone, contact, links)


@njit(inline="always", cache=True, nogil=True, error_model="numpy", fastmath=_FAST)
def _particle_slopes(
    p: CathodeParameters,
    y: FloatArray,
    base: int,
    particle: int,
    node: int,
    backbone: int,
    contact: float,
    links: FloatArray,
) -> None:
    """Add the derivatives of one particle's rates, and of its node's balance of charge."""
    here = p.particles[particle]
    count, step = p.shell_volumes.shape[0], p.particles.shape[0]
    state = base
    _integral, below = look_up(p.diffusivity, y[state])
    for shell in range(count - 1):
        _integral, above = look_up(p.diffusivity, y[state + step])
        scale = here.diffusion_rate * p.shell_conductances[shell]
        inverse, outer_inverse = 1.0 / p.shell_volumes[shell], 1.0 / p.shell_volumes[shell + 1]
        links[DIAGONAL, state] -= scale * below * inverse
        links[UPPER, state] += scale * above * inverse
        state += step
        links[DIAGONAL, state] -= scale * above * outer_inverse
        links[LOWER, state] += scale * below * outer_inverse
        below = above
    eta, film = y[backbone + node], state + step
    _current, per_eta, per_surface, per_film = particle_current(p, y, base, eta)
    uptake = here.uptake_rate * contact
    inverse = uptake / p.shell_volumes[count - 1]
    links[LOWER, state] += inverse * per_surface * p.surface_weights[0]
    links[DIAGONAL, state] += inverse * per_surface * p.surface_weights[1]
    links[UPPER, state] += inverse * per_film
    links[OWNER_COLUMN, state] += inverse * per_eta
    growth, growth_per_eta = interphase_growth(
        y[film], eta, p.film_rate, p.film_onset, p.film_scale
    )
    links[DIAGONAL, film] -= growth / y[film]
    links[OWNER_COLUMN, film] += growth_per_eta
    # What a particle takes up is missing in the balance of its node.
    at_node = p.nodes[node]
    to_eta = at_node.width * here.lithium_charge * at_node.eta_per_charge
    spent = here.uptake_rate * p.film_charge
    links[OWNER_ROW, state - step] += to_eta * uptake * per_surface * p.surface_weights[0]
    links[OWNER_ROW, state] += to_eta * uptake * per_surface * p.surface_weights[1]
    links[OWNER_ROW, film] += to_eta * (uptake * per_film + spent * growth / y[film])
    links[DIAGONAL, backbone + node] += to_eta * (uptake * per_eta - spent * growth_per_eta)


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
    outermost, all_particles = p.shell_volumes.shape[0] - 1, p.particles.shape[0]
    for particle in range(all_particles):
        node, base = particle % p.nodes.shape[0], offset + particle
        here, at_node = p.particles[particle], p.nodes[node]
        current, _e, _s, _f = particle_current(p, y, base, y[backbone + node])
        uptake = here.uptake_rate * per_pressure * current
        column[base + outermost * all_particles] += uptake / p.shell_volumes[outermost]
        column[backbone + node] += (
            at_node.width * here.lithium_charge * at_node.eta_per_charge * uptake
        )


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
    count, step, height = p.shell_volumes.shape[0], p.particles.shape[0], 0.0
    for particle in range(step):
        mean = 0.0
        for shell in range(count):
            value, _slope = look_up(p.volume, y[offset + shell * step + particle])
            mean += p.shell_volumes[shell] * value
        depth = node_of(p, particle).width * p.particles[particle].solid_fraction
        height += depth * (mean - p.volume_at_start)
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
    count, step = p.shell_volumes.shape[0], p.particles.shape[0]
    for particle in range(step):
        depth = node_of(p, particle).width * p.particles[particle].solid_fraction
        for shell in range(count):
            state = offset + shell * step + particle
            _value, slope = look_up(p.volume, y[state])
            row[state] += factor * depth * p.shell_volumes[shell] * slope


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
    total = 0.0
    for particle in range(p.particles.shape[0]):
        here, base = p.particles[particle], offset + particle
        mean = mean_stoichiometry(p, y, base)
        mean -= here.uptake_rate * p.film_charge * y[film_state(p, base)]
        total += node_of(p, particle).width * here.lithium_charge * mean
    for node in range(p.nodes.shape[0]):
        total -= p.nodes[node].width * p.nodes[node].capacitance * y[backbone + node]
    return total


def cathode_shape(p: CathodeParameters, offset: int, backbone: int) -> Shape:
    """Which states are chains and which are the backbone.

    Parameters
    ----------
    p : CathodeParameters
        The cathode.
    offset, backbone : int
        Where the states of the particles, and the etas of the nodes, begin.

    Returns
    -------
    Shape
        For the integrator.
    """
    return Shape(wide=offset, local=backbone, chains=len(p.particles), owners=len(p.nodes))


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
