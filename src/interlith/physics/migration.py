r"""The mobile metal of an interlayer: released by its particles, moving on pore walls, leaving.

Metal in particles is bound; what a lithiated particle lets go walks over the pore walls of the host
as single atoms, drifts in the field, and leaves to one of two sinks: into the lithium, as far as it
dissolves there, or into the interphase, as far as that grows. Whole particles do not move: their
diffusivity by surface diffusion falls as the fourth power of their radius.
"""

import math

import numpy as np
from numba import njit

from interlith.physics.constants import AVOGADRO
from interlith.physics.parameters import FloatArray

BOUND, MOBILE = 0, 1
TO_METAL, TO_INTERPHASE = 0, 1


def wall_capacity(specific_area: float, jump_length: float) -> float:
    """Atoms that one layer on the pore walls holds, one a site.

    Parameters
    ----------
    specific_area : float
        Pore wall per volume of layer [m-1].
    jump_length : float
        Distance of neighbouring sites a [m].

    Returns
    -------
    float
        Concentration [mol m-3] of layer; an ideal monolayer (assumed).
    """
    return specific_area / (jump_length**2 * AVOGADRO)


def release_rate(
    radius: float, diffusivity: float, homogeneity_width: float, front_jump: float
) -> float:
    r"""Rate constant at which lithium reaches the core of a particle, and so lets its atoms go.

    .. math:: k = \frac{6 D}{R^2}\,\min\left(\frac{w}{\Delta}, 1\right)

    Parameters
    ----------
    radius : float
        R [m].
    diffusivity : float
        Chemical diffusivity D of lithium in the phase that carries it inwards [m2 s-1].
    homogeneity_width : float
        w, width in lithium mole fraction of that phase.
    front_jump : float
        Delta, jump of the lithium mole fraction at its front.

    Returns
    -------
    float
        k [s-1].

    Notes
    -----
    Time R^2 / (6 K) of a shrinking core with K = D w / Delta, the quasi-steady limit of a moving
    boundary: Crank, Free and Moving Boundary Problems (1984), ISBN 978-0-19-853357-3. A wide phase
    (w > Delta) is a solid solution, filled in R^2 / (6 D). That atoms leave as fast as lithium
    arrives is assumed.
    """
    return 6.0 * diffusivity * min(homogeneity_width / front_jump, 1.0) / radius**2


@njit(cache=True, nogil=True, error_model="numpy")
def lithiated_share(potential: float, plateau_potential: float, thermal_voltage: float) -> float:
    r"""Share of a particle's charge uptake that a local potential allows.

    .. math:: u = \frac{1}{1 + e^{F(\eta - U)/RT}}

    Parameters
    ----------
    potential : float
        Local potential against lithium, eta [V].
    plateau_potential : float
        Potential U at which the metal takes up lithium [V].
    thermal_voltage : float
        R T / F [V].

    Returns
    -------
    float
        0 far above U, 1 far below.

    Notes
    -----
    Two-state isotherm of Nernst: Bard & Faulkner, Electrochemical Methods, 2nd ed. (2001),
    section 2.1, ISBN 978-0-471-04372-0.
    """
    return 0.5 * (1.0 - math.tanh(0.5 * (potential - plateau_potential) / thermal_voltage))


@njit(cache=True, nogil=True, error_model="numpy")
def bernoulli(argument: float) -> float:
    r"""Bernoulli function of drift and diffusion, u / (e^u - 1).

    Parameters
    ----------
    argument : float
        u.

    Returns
    -------
    float
        1 at u = 0.

    Notes
    -----
    Scharfetter & Gummel, IEEE Trans. Electron Devices 16, 64 (1969), doi:10.1109/T-ED.1969.16566.
    """
    if abs(argument) < 1e-5:
        return 1.0 - 0.5 * argument
    return argument / math.expm1(argument)


@njit(cache=True, nogil=True, error_model="numpy")
def migrate(
    widths: FloatArray,
    bound: FloatArray,
    mobile: FloatArray,
    left: FloatArray,
    release: FloatArray,
    capacity: FloatArray,
    diffusivity: float,
    drift: FloatArray,
    sinks: FloatArray,
    duration: float,
) -> None:
    r"""Advance the mobile metal by one implicit step; conserved to round-off.

    .. math:: \frac{\partial b}{\partial t} = -k b \left(1 - \frac{m}{m_{max}}\right), \quad
              \frac{\partial m}{\partial t} = -\frac{\partial b}{\partial t}
              - \frac{\partial N}{\partial x}, \quad
              N = -D\left(\frac{\partial m}{\partial x}
              + z m \frac{F}{RT}\frac{\partial \phi}{\partial x}\right)

    Parameters
    ----------
    widths : ndarray, shape (n,)
        Of the control volumes, from the metal to the electrolyte [m].
    bound, mobile : ndarray, shape (n,)
        Metal in particles b and on pore walls m [mol m-3]; overwritten.
    left : ndarray, shape (2,)
        Metal that has left into the lithium and into the interphase [mol m-2]; overwritten.
    release : ndarray, shape (n,)
        k times the share that the local potential allows [s-1].
    capacity : ndarray, shape (n,)
        m_max [mol m-3].
    diffusivity : float
        D, effective in the layer [m2 s-1].
    drift : ndarray, shape (n - 1,)
        z F (phi_{k+1} - phi_k) / RT between neighbours.
    sinks : ndarray, shape (2,)
        What the lithium can still dissolve, and what the interphase takes up in this step
        [mol m-2].
    duration : float
        Length of the step [s].

    Notes
    -----
    Nernst-Planck: Newman & Thomas-Alyea, Electrochemical Systems, 3rd ed. (2004), ch. 11,
    ISBN 978-0-471-47756-3; fluxes fitted exponentially (Scharfetter & Gummel 1969,
    doi:10.1109/T-ED.1969.16566): exact in equilibrium, where m is a Boltzmann distribution, and
    positive at any step. Backward Euler in time.
    """
    n = widths.shape[0]
    edges = (0, n - 1)
    # A sink that takes all is a zero of m at its face; one that fills takes what it still can.
    takes_all, taken = np.ones(2), np.zeros(2)
    solved = mobile
    for _pass in range(3):
        solved = _solve_mobile(
            widths, bound, mobile, release, capacity, diffusivity, drift, takes_all, taken, duration
        )
        full = False
        for which in (TO_METAL, TO_INTERPHASE):
            place = edges[which]
            if takes_all[which] > 0.0:
                wanted = duration * diffusivity / (0.5 * widths[place]) * solved[place]
                taken[which] = max(min(wanted, sinks[which]), 0.0)
                if wanted > sinks[which]:
                    takes_all[which] = 0.0
                    full = True
        if not full:
            break
    _take_step(widths, bound, mobile, release, capacity, diffusivity, drift, solved, duration)
    for which in (TO_METAL, TO_INTERPHASE):
        place = edges[which]
        flow = min(taken[which], max(mobile[place], 0.0) * widths[place])
        mobile[place] -= flow / widths[place]
        left[which] += flow


@njit(cache=True, nogil=True, error_model="numpy")
def _solve_mobile(
    widths: FloatArray,
    bound: FloatArray,
    mobile: FloatArray,
    release: FloatArray,
    capacity: FloatArray,
    diffusivity: float,
    drift: FloatArray,
    takes_all: FloatArray,
    taken: FloatArray,
    duration: float,
) -> FloatArray:
    """Solve the tridiagonal system for the mobile metal at the end of the step."""
    n = widths.shape[0]
    diagonal, right = np.empty(n), np.empty(n)
    above, below = np.zeros(n), np.zeros(n)
    for k in range(n):
        supply = _supply(bound[k], release[k], duration)
        diagonal[k] = widths[k] * (1.0 / duration + supply / capacity[k])
        right[k] = widths[k] * (mobile[k] / duration + supply)
    for k in range(n - 1):
        conductance = diffusivity / (0.5 * (widths[k] + widths[k + 1]))
        forward, backward = bernoulli(drift[k]), bernoulli(-drift[k])
        diagonal[k] += conductance * forward
        above[k] = -conductance * backward
        diagonal[k + 1] += conductance * backward
        below[k + 1] = -conductance * forward
    for which, place in ((TO_METAL, 0), (TO_INTERPHASE, n - 1)):
        if takes_all[which] > 0.0:
            diagonal[place] += diffusivity / (0.5 * widths[place])
        else:
            right[place] -= taken[which] / duration
    for k in range(1, n):
        factor = below[k] / diagonal[k - 1]
        diagonal[k] -= factor * above[k - 1]
        right[k] -= factor * right[k - 1]
    right[n - 1] /= diagonal[n - 1]
    for k in range(n - 2, -1, -1):
        right[k] = (right[k] - above[k] * right[k + 1]) / diagonal[k]
    return right


@njit(cache=True, nogil=True, error_model="numpy")
def _supply(bound: float, release: float, duration: float) -> float:
    """Release of metal onto empty walls [mol m-3 s-1]; never more than there is."""
    return bound * release / (1.0 + duration * release)


@njit(cache=True, nogil=True, error_model="numpy")
def _take_step(
    widths: FloatArray,
    bound: FloatArray,
    mobile: FloatArray,
    release: FloatArray,
    capacity: FloatArray,
    diffusivity: float,
    drift: FloatArray,
    solved: FloatArray,
    duration: float,
) -> None:
    """Move metal by the fluxes of the solution: what leaves one place enters another."""
    n = widths.shape[0]
    for k in range(n):
        given = duration * _supply(bound[k], release[k], duration)
        given *= 1.0 - solved[k] / capacity[k]
        given = min(given, bound[k])
        bound[k] -= given
        mobile[k] += given
    for k in range(n - 1):
        conductance = diffusivity / (0.5 * (widths[k] + widths[k + 1]))
        flow = conductance * (
            bernoulli(drift[k]) * solved[k] - bernoulli(-drift[k]) * solved[k + 1]
        )
        mobile[k] -= duration * flow / widths[k]
        mobile[k + 1] += duration * flow / widths[k + 1]


def swelling_strain(
    host_lithiated: float,
    host_delithiated: float,
    metal_per_host: float,
    metal_volume: float,
    metal_left: float,
    pressed_porosity: float,
) -> float:
    r"""Volume that the formed solids need beyond that of the pressed layer, over the latter.

    .. math:: e = \frac{V_{lith} + r f V_m}{(V_{del} + r V_m) / (1 - \varepsilon_0)} - 1

    Parameters
    ----------
    host_lithiated, host_delithiated : float
        Molar volumes of the host [m3 mol-1].
    metal_per_host : float
        r, mobile metal per host atom.
    metal_volume : float
        V_m of the mobile metal [m3 mol-1].
    metal_left : float
        f, share of the metal that is still in the layer.
    pressed_porosity : float
        eps_0, porosity of the pressed layer.

    Returns
    -------
    float
        Strain e; above zero the swelling has nowhere to go and the layer cracks. Volumes add
        (assumed).
    """
    pressed = (host_delithiated + metal_per_host * metal_volume) / (1.0 - pressed_porosity)
    return (host_lithiated + metal_per_host * metal_left * metal_volume) / pressed - 1.0


def metal_mole_fraction(metal: float, lithium_depth: float, molar_volume: float) -> float:
    """Mole fraction of a metal dissolved in a depth of lithium.

    Parameters
    ----------
    metal : float
        [mol m-2].
    lithium_depth : float
        [m].
    molar_volume : float
        Of lithium [m3 mol-1].

    Returns
    -------
    float
        0 to 1.
    """
    if metal <= 0.0:
        return 0.0
    return metal / (metal + lithium_depth / molar_volume)
