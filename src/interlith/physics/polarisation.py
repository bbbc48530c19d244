r"""Where the voltage of a composite cathode goes: its equilibrium and what each process takes.

.. math:: \phi_c j = \sum_k q_k \eta_k - \int \frac{i_{ion}^2}{\kappa} dx
                     - \int \frac{i_{el}^2}{\sigma} dx, \qquad
          \eta_k = U(x_k^s) - \eta_k^{ct} - R_f i_k

q_k is what the particles of a control volume take up. The first sum follows from the two laws of
Ohm and the conservation of charge by parts, so that all parts add up to the voltage exactly. A part
is the power that a process dissipates over the current.
"""

from typing import NamedTuple

from numba import njit

from interlith.numerics.table import look_up
from interlith.physics.composite import (
    CathodeParameters,
    film_state,
    ionic_current_after,
    mean_stoichiometry,
    node_of,
    particle_current,
    surface_stoichiometry,
)
from interlith.physics.parameters import FloatArray


class CathodePolarisation(NamedTuple):
    """What lies between the equilibrium and the voltage of a cathode, in V; > 0 on discharge."""

    equilibrium: float
    """Open-circuit potential at the mean content of all particles."""
    uneven_filling: float
    """Some particles are fuller than others."""
    solid_diffusion: float
    """The surface of a particle is fuller than its mean."""
    charge_transfer: float
    """Overpotential of the insertion."""
    interphase: float
    """Ohmic drop in the cathode interphase."""
    ionic: float
    """Ohmic drop of the ions in the composite."""
    electronic: float
    """Ohmic drop of the electrons in the composite."""
    storage: float
    """Charge that goes into double layers or makes interphase instead of moving lithium."""
    inserted: float
    """Current density that moves lithium into the particles [A m-2], not a voltage."""


@njit(cache=True, nogil=True, error_model="numpy")
def cathode_polarisation(
    p: CathodeParameters,
    y: FloatArray,
    offset: int,
    backbone: int,
    current: float,
    contact: float,
) -> CathodePolarisation:
    r"""Split the voltage of a cathode into its equilibrium and what each process takes of it.

    .. math:: \Delta_{diff} = \sum_k w_k [U(\bar{x}_k) - U(x_k^s)], \qquad
              \Delta_{uneven} = U(\bar{x}) - \sum_k w_k U(\bar{x}_k), \qquad
              w_k = q_k / \textstyle\sum q

    Parameters
    ----------
    p : CathodeParameters
        The cathode.
    y : ndarray
        States of the cell.
    offset, backbone : int
        Where the states of the particles, and the etas of the nodes, begin.
    current : float
        Ionic current density out of the separator, positive on discharge [A m-2]; not 0.
    contact : float
        Share of the active surface in contact.

    Returns
    -------
    CathodePolarisation
        Potentials [V]; the equilibrium less all parts is the potential of the collector against
        lithium in the electrolyte at the separator.

    Notes
    -----
    Equations of the porous electrode: Newman & Thomas-Alyea, Electrochemical Systems, 3rd ed.
    (2004), ch. 22, ISBN 978-0-471-47756-3, multiplied by the potentials and summed by parts.
    """
    count = p.nodes.shape[0]
    content, capacity, inserted = 0.0, 0.0, 0.0
    at_mean, at_surface, over_film, at_eta = 0.0, 0.0, 0.0, 0.0
    for particle in range(p.particles.shape[0]):
        base, eta = offset + particle, y[backbone + particle % count]
        here = p.particles[particle]
        held = node_of(p, particle).width * here.lithium_charge
        mean = mean_stoichiometry(p, y, base)
        surface = surface_stoichiometry(p, y, base)
        flux, _per_eta, _per_surface, _per_film = particle_current(p, y, base, eta)
        taken = held * here.uptake_rate * contact * flux
        mean_potential, _slope = look_up(p.open_circuit, mean)
        surface_potential, _slope = look_up(p.open_circuit, surface)
        content += held * mean
        capacity += held
        inserted += taken
        at_mean += taken * mean_potential
        at_surface += taken * surface_potential
        over_film += taken * flux * y[film_state(p, base)] / p.film_conductivity
        at_eta += taken * eta
    delivered, ionic, electronic, incoming = 0.0, 0.0, 0.0, current
    for node in range(count):
        # Either half of a control volume has the current of its own face.
        outgoing = ionic_current_after(p, y, backbone, node, current)
        before, after = current - incoming, current - outgoing
        delivered += (incoming - outgoing) * y[backbone + node]
        ionic += (incoming**2 + outgoing**2) * p.nodes[node].ionic_resistance
        electronic += (before**2 + after**2) * p.nodes[node].electronic_resistance
        incoming = outgoing
    equilibrium, _slope = look_up(p.open_circuit, content / capacity)
    return CathodePolarisation(
        equilibrium,
        equilibrium - at_mean / inserted,
        (at_mean - at_surface) / inserted,
        (at_surface - over_film - at_eta) / inserted,
        over_film / inserted,
        ionic / current,
        electronic / current,
        at_eta / inserted - delivered / current,
        inserted,
    )
