r"""Lithium in a sphere: a solid solution, or a shell that grows behind a moving front.

Everything is made dimensionless: lengths with the radius R, times with R^2/D, where D is the mean
diffusivity of the carrier phase, and amounts of lithium as mole fractions x. The core holds no
lithium. Behind the front, x starts at the jump J and rises by at most the width w to the surface.

.. math:: \partial_t x = \nabla \cdot (d(x) \nabla x), \qquad x(1) = J + w, \qquad
          x(s) = J, \qquad J \frac{ds}{dt} = -d \, \partial_r x |_s

With J = 0 there is no front and the sphere is a solid solution. The frame is that of a constant
volume per atom: the swelling of the particle is not fed back on its radius (assumption).
"""

import math
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Array = NDArray[np.float64]

CORE_LEFT = 0.01
"""Radius at which the front counts as arrived: a core of 1e-6 of the volume is left. Numerical."""

ROOT_TOLERANCE = 1e-14
"""Lithium that a step may leave unbalanced at the front, over the capacity. Numerical."""

MOST_ROOT_STEPS = 60
FIRST_STEP, LONGEST_STEP, FILLED = 1e-8, 0.1, 1e-12
"""First and longest step in a full sphere, R^2/D; lithium still to come at the end. Numerical."""

CORE_STEPS = 5.0
"""A step may change the core by this much more, relatively, than the shell. Numerical."""


class Sphere(NamedTuple):
    """A dimensionless particle.

    Parameters
    ----------
    jump
        J, mole fraction of lithium just behind the front.
    width
        w, homogeneity range of the carrier phase up to what the surface holds.
    mixing_energy
        Omega/(R T) of the carrier phase; 0 is ideal.
    front_mobility
        k R/D, velocity constant of the front; infinite if diffusion alone limits.
    """

    jump: float
    width: float
    mixing_energy: float = 0.0
    front_mobility: float = math.inf


class Uptake(NamedTuple):
    """What a simulation gives: histories over `times` and the last profile."""

    uptake: Array
    front: Array
    core: Array
    faces: Array
    fraction: Array
    imbalance: float


# ------------------------------------------------------------------------------- laws, compiled
@njit("float64(float64, float64)", cache=True, nogil=True, error_model="numpy")
def thermodynamic_factor(fraction: float, mixing_energy: float) -> float:
    r"""Thermodynamic factor of a regular solution.

    .. math:: \Gamma = 1 - 2 \frac{\Omega}{R T} x (1 - x)

    Parameters
    ----------
    fraction : float
        Mole fraction of lithium x.
    mixing_energy : float
        Omega/(R T) [1]; positive repels, 0 is the ideal limit.

    Returns
    -------
    float
        Gamma [1]: chemical over mobility-weighted tracer diffusivity; below 0 the solution unmixes.

    Notes
    -----
    Darken, Trans. AIME 175, 184 (1948), no DOI, with a mobility that does not depend on composition
    (assumption).
    """
    return 1.0 - 2.0 * mixing_energy * fraction * (1.0 - fraction)


@njit("float64(float64, float64, float64)", cache=True, nogil=True, error_model="numpy")
def mean_thermodynamic_factor(lower: float, upper: float, mixing_energy: float) -> float:
    r"""Mean of the thermodynamic factor over a range of composition.

    .. math:: \bar\Gamma = 1 - \frac{2 \Omega}{R T}
              \left[\frac{x^2/2 - x^3/3}{x_2 - x_1}\right]_{x_1}^{x_2}

    Parameters
    ----------
    lower, upper : float
        Mole fractions x_1 and x_2.
    mixing_energy : float
        Omega/(R T) [1].

    Returns
    -------
    float
        Mean [1]. A limit of `thermodynamic_factor`: the measured diffusivity is a mean over the
        range, so d(x) = Gamma(x) / mean keeps it (definition).
    """
    if upper - lower < 1e-9:
        return thermodynamic_factor(lower, mixing_energy)
    high = upper * upper / 2.0 - upper**3 / 3.0
    low = lower * lower / 2.0 - lower**3 / 3.0
    return 1.0 - 2.0 * mixing_energy * (high - low) / (upper - lower)


@njit("float64(float64, float64, float64, float64)", cache=True, nogil=True, error_model="numpy")
def quasi_steady_time(radius: float, jump: float, width: float, front_mobility: float) -> float:
    r"""Time at which the front has come to a radius, in R^2/D.

    .. math:: t(s) = \frac{J}{w}\left(\frac{1 - 3 s^2 + 2 s^3}{6} + \frac{1 - s}{\kappa}\right)
              + \frac{(1 - s)^2}{6}

    Parameters
    ----------
    radius : float
        Radius of the front over that of the particle, s.
    jump, width : float
        Jump at the front J and width of the shell w, mole fractions of lithium.
    front_mobility : float
        kappa = k R/D [1]; infinite if the front does not resist.

    Returns
    -------
    float
        t [1].

    Notes
    -----
    The first term is the shrinking core (Levenspiel, Chemical Reaction Engineering, 3rd ed., 1999,
    chapter 25, ISBN 978-0-471-25424-9): in terms of the converted volume X it is
    1 - 3 (1 - X)^(2/3) + 2 (1 - X) times its end. The last is the first correction for the lithium
    that the shell stores, Pedroso and Domoto, Int. J. Heat Mass Transf. 16, 1037 (1973), no DOI
    checked; in the limit of a thin shell it agrees with Neumann's similarity solution.
    """
    return (
        jump
        / width
        * ((1.0 - 3.0 * radius**2 + 2.0 * radius**3) / 6.0 + (1.0 - radius) / front_mobility)
        + (1.0 - radius) ** 2 / 6.0
    )


@njit("float64(float64, float64, float64)", cache=True, nogil=True, error_model="numpy")
def quasi_steady_uptake(radius: float, jump: float, width: float) -> float:
    r"""Share of its lithium that the particle holds when the front is at a radius.

    .. math:: X = \frac{J (1 - s^3) + w (1 - s/2 - s^2/2)}{J + w}

    Parameters
    ----------
    radius : float
        Radius of the front over that of the particle, s.
    jump, width : float
        Jump at the front J and width of the shell w, mole fractions of lithium.

    Returns
    -------
    float
        X [1]. A limit of the full model: the profile in the shell is the steady one between J at
        the front and J + w at the surface (conservation of lithium).
    """
    shell = 1.0 - radius / 2.0 - radius * radius / 2.0
    return (jump * (1.0 - radius**3) + width * shell) / (jump + width)


@njit("float64(float64)", cache=True, nogil=True, error_model="numpy")
def crank_uptake(fourier: float) -> float:
    r"""Uptake of a sphere of constant diffusivity whose surface is held.

    .. math:: X = 1 - \frac{6}{\pi^2} \sum_n \frac{1}{n^2} e^{-n^2 \pi^2 Fo}

    Parameters
    ----------
    fourier : float
        Fo = D t/R^2 [1].

    Returns
    -------
    float
        Share of the lithium at the end [1].

    Notes
    -----
    Crank, The Mathematics of Diffusion, 2nd ed., 1975, eq. 6.20, ISBN 978-0-19-853411-2; for small
    times the series is replaced by 6 sqrt(Fo/pi) - 3 Fo (eq. 6.22).
    """
    if fourier < 0.02:
        return 6.0 * math.sqrt(fourier / math.pi) - 3.0 * fourier
    total = 0.0
    for n in range(1, 40):
        total += math.exp(-((n * math.pi) ** 2) * fourier) / n**2
    return 1.0 - 6.0 / math.pi**2 * total


# --------------------------------------------------------------------- closed limits, for many
@njit("float64(float64, float64, float64, float64)", cache=True, nogil=True, error_model="numpy")
def closed_uptake(fourier: float, jump: float, width: float, front_mobility: float) -> float:
    """Uptake after a time from the closed limits, without solving the equations in space.

    Parameters
    ----------
    fourier : float
        Fo = D t/R^2 [1].
    jump, width : float
        Jump at the front and width of the shell, mole fractions of lithium.
    front_mobility : float
        k R/D [1].

    Returns
    -------
    float
        Share of the lithium at the end [1]: the front of `quasi_steady_time`, found by bisection;
        without a jump the series of `crank_uptake`. Where a shell stores more than the front takes
        (width above jump) the limit is late; the tests say by how much (assumption).
    """
    if jump + width <= 0.0 or width <= 0.0 or fourier <= 0.0:
        return 0.0
    if jump <= 0.0:
        return crank_uptake(fourier)
    if quasi_steady_time(0.0, jump, width, front_mobility) <= fourier:
        return 1.0
    inner, outer = 0.0, 1.0
    for _ in range(60):
        middle = 0.5 * (inner + outer)
        if quasi_steady_time(middle, jump, width, front_mobility) > fourier:
            inner = middle
        else:
            outer = middle
    return quasi_steady_uptake(0.5 * (inner + outer), jump, width)


@njit(cache=True, nogil=True, error_model="numpy")
def closed_uptakes(fourier: Array, jump: Array, width: Array) -> Array:
    """`closed_uptake` of many particles, without resistance of the front."""
    found = np.empty(len(fourier))
    for index in range(len(fourier)):
        found[index] = closed_uptake(fourier[index], jump[index], width[index], math.inf)
    return found


# ------------------------------------------------------------------------ the equations in space
@njit(cache=True, nogil=True, error_model="numpy")
def _radii(grid: Array, thickness: float) -> Array:
    """Faces from the front (Landau's transform xi = 0) to the surface (xi = 1)."""
    return 1.0 - thickness * (1.0 - grid)


@njit(cache=True, nogil=True, error_model="numpy")
def _conductances(
    faces: Array, excess: Array, sphere: Sphere, mean_factor: float, has_front: bool
) -> Array:
    """Flux per difference of x through each face, over 4 pi; exact for a steady profile."""
    count = len(excess)
    centres = 0.5 * (faces[1:] + faces[:-1])
    conductances = np.zeros(count + 1)
    for j in range(1, count):
        between = sphere.jump + 0.5 * (excess[j] + excess[j - 1])
        resistance = 1.0 / centres[j - 1] - 1.0 / centres[j]
        diffusivity = thermodynamic_factor(between, sphere.mixing_energy) / mean_factor
        conductances[j] = diffusivity / resistance
    surface = sphere.jump + 0.5 * (sphere.width + excess[-1])
    diffusivity = thermodynamic_factor(surface, sphere.mixing_energy) / mean_factor
    conductances[count] = diffusivity / (1.0 / centres[-1] - 1.0)
    if has_front:
        near = sphere.jump + 0.5 * excess[0]
        diffusivity = thermodynamic_factor(near, sphere.mixing_energy) / mean_factor
        resistance = (1.0 / faces[0] - 1.0 / centres[0]) / diffusivity
        resistance += 1.0 / (sphere.front_mobility * faces[0] ** 2)
        conductances[0] = 1.0 / resistance
    return conductances


@njit(cache=True, nogil=True, error_model="numpy")
def _solve_tridiagonal(lower: Array, diagonal: Array, upper: Array, right: Array) -> None:
    """Thomas' algorithm in place; the solution stands in `right`."""
    count = len(diagonal)
    for i in range(1, count):
        ratio = lower[i] / diagonal[i - 1]
        diagonal[i] -= ratio * upper[i - 1]
        right[i] -= ratio * right[i - 1]
    right[count - 1] /= diagonal[count - 1]
    for i in range(count - 2, -1, -1):
        right[i] = (right[i] - upper[i] * right[i + 1]) / diagonal[i]


@njit(cache=True, nogil=True, error_model="numpy")
def _implicit_step(
    old_faces: Array,
    old_excess: Array,
    faces: Array,
    step: float,
    sphere: Sphere,
    mean_factor: float,
    has_front: bool,
) -> tuple[Array, float, float]:
    """One backward Euler step over control volumes that move with the shell.

    Returns the new excess over the jump, what the front is owed (0 where its balance holds) and
    the lithium that came in through the surface.
    """
    count = len(old_excess)
    jump, width = sphere.jump, sphere.width
    conductances = step * _conductances(faces, old_excess, sphere, mean_factor, has_front)
    swept = (faces**3 - old_faces**3) / 3.0
    volumes = (faces[1:] ** 3 - faces[:-1] ** 3) / 3.0
    old_volumes = (old_faces[1:] ** 3 - old_faces[:-1] ** 3) / 3.0
    # the jump is carried by the moving volumes themselves and cancels, except at the front
    lower, upper = np.zeros(count), np.zeros(count)
    diagonal, right = volumes.copy(), old_volumes * old_excess
    for j in range(1, count):
        advected = 0.5 * swept[j]
        diagonal[j - 1] += conductances[j] - advected
        upper[j - 1] -= conductances[j] + advected
        diagonal[j] += conductances[j] + advected
        lower[j] -= conductances[j] - advected
    diagonal[-1] += conductances[count]
    right[-1] += conductances[count] * width
    resistance_share = 0.0
    if has_front:
        # q = conductance * excess; composition at the front is jump + q/(mobility s^2)
        resistance_share = conductances[0] / (step * sphere.front_mobility * faces[0] ** 2)
        diagonal[0] += conductances[0] + swept[0] * resistance_share
    excess = right
    _solve_tridiagonal(lower, diagonal, upper, excess)
    owed = conductances[0] * excess[0] + swept[0] * (jump + resistance_share * excess[0])
    inflow = conductances[count] * (width - excess[-1])
    return excess, owed, inflow


@njit(cache=True, nogil=True, error_model="numpy")
def _move_front(
    grid: Array, thickness: float, excess: Array, step: float, guess: float, sphere: Sphere,
    mean_factor: float,
) -> tuple[float, Array, float]:  # fmt: skip
    """Find the thickness after a step at which the lithium balance of the front holds.

    Illinois' variant of the secant method between no movement and the arrival of the front; a
    thickness of 1 says that the front would arrive within the step.
    """
    old_faces = _radii(grid, thickness)
    tolerance = ROOT_TOLERANCE * (sphere.jump + sphere.width)
    low, high = thickness, min(guess, 1.0 - 0.5 * CORE_LEFT)
    new, low_owed, _ = _implicit_step(old_faces, excess, old_faces, step, sphere, mean_factor, True)
    new, owed, inflow = _implicit_step(
        old_faces, excess, _radii(grid, high), step, sphere, mean_factor, True
    )
    while owed > 0.0:
        if high >= 1.0 - 0.5 * CORE_LEFT:
            return 1.0, excess, 0.0
        low, low_owed = high, owed
        high = min(high + 2.0 * (high - thickness), 1.0 - 0.5 * CORE_LEFT)
        new, owed, inflow = _implicit_step(
            old_faces, excess, _radii(grid, high), step, sphere, mean_factor, True
        )
    high_owed = owed
    side, found = 0, high
    for _ in range(MOST_ROOT_STEPS):
        if abs(owed) <= tolerance or high - low < 1e-16:
            break
        found = high - high_owed * (high - low) / (high_owed - low_owed)
        new, owed, inflow = _implicit_step(
            old_faces, excess, _radii(grid, found), step, sphere, mean_factor, True
        )
        if owed > 0.0:
            low, low_owed = found, owed
            high_owed *= 0.5 if side == 1 else 1.0
            side = 1
        else:
            high, high_owed = found, owed
            low_owed *= 0.5 if side == -1 else 1.0
            side = -1
    return found, new, inflow


@njit(cache=True, nogil=True, error_model="numpy")
def _content(faces: Array, excess: Array, jump: float) -> float:
    """Lithium in the cells, over 4 pi."""
    volumes = (faces[1:] ** 3 - faces[:-1] ** 3) / 3.0
    return float(np.sum(volumes * (jump + excess)))


@njit(cache=True, nogil=True, error_model="numpy")
def _steady_shell(faces: Array, sphere: Sphere) -> Array:
    """Excess over the jump in a steady shell, with which the simulation starts."""
    centres = 0.5 * (faces[1:] + faces[:-1])
    kinetic = 1.0 / (sphere.front_mobility * faces[0] ** 2)
    inner = 1.0 / faces[0] + kinetic
    return sphere.width * (inner - 1.0 / centres) / (inner - 1.0)


@njit(cache=True, nogil=True, error_model="numpy")
def _close_core(faces: Array, excess: Array, jump: float) -> None:
    """Give the volume of what is left of the core to the innermost cell, in place."""
    core, shell = faces[0] ** 3, faces[1] ** 3
    excess[0] = (jump + excess[0]) * (1.0 - core / shell) - jump
    faces[0] = 0.0


@njit(cache=True, nogil=True, error_model="numpy")
def _grow_shell(
    times: Array, grid: Array, sphere: Sphere, mean_factor: float, start: float, growth: float,
    history: Array,
) -> tuple[int, float, Array, Array, float]:  # fmt: skip
    """Let the front move until it arrives or the last time is reached.

    Returns the index of the first time not reached, the time, faces, excess and the lithium that
    came in.
    """
    jump, thickness = sphere.jump, start
    now = quasi_steady_time(1.0 - start, jump, sphere.width, sphere.front_mobility)
    faces = _radii(grid, thickness)
    excess = _steady_shell(faces, sphere)
    entered = _content(faces, excess, jump)
    velocity, capacity = thickness / (2.0 * now), (jump + sphere.width) / 3.0
    index, arrived = 0, False
    while index < len(times) and not arrived:
        if times[index] <= now * (1.0 + 1e-14):
            history[index] = entered / capacity, 1.0 - thickness, 0.0
            index += 1
            continue
        limit = growth * min(thickness, CORE_STEPS * (1.0 - thickness))
        step = min(limit / velocity, times[index] - now)
        moved, new, inflow = _move_front(
            grid, thickness, excess, step, thickness + 1.2 * velocity * step, sphere, mean_factor
        )
        if moved < 1.0 - CORE_LEFT:
            velocity = max((moved - thickness) / step, 1e-300)
            thickness, excess, now = moved, new, now + step
            entered += inflow
        elif thickness > 1.0 - 2.0 * CORE_LEFT:
            arrived = True
        else:
            velocity *= 4.0  # the step was too long: the core would vanish in it
    faces = _radii(grid, thickness)
    if arrived:
        _close_core(faces, excess, jump)
    return index, now, faces, excess, entered


@njit(cache=True, nogil=True, error_model="numpy")
def _fill_sphere(
    times: Array, faces: Array, excess: Array, sphere: Sphere, mean_factor: float, first: int,
    now: float, entered: float, growth: float, history: Array,
) -> tuple[Array, float]:  # fmt: skip
    """Diffusion in the whole sphere, without a front, until the last time."""
    capacity = (sphere.jump + sphere.width) / 3.0
    index = first
    while index < len(times):
        if times[index] <= now * (1.0 + 1e-14):
            core = (sphere.jump + excess[0]) / (sphere.jump + sphere.width)
            history[index] = entered / capacity, 0.0, core
            index += 1
            continue
        step = min(max(growth * now, FIRST_STEP), LONGEST_STEP, times[index] - now)
        if np.max(np.abs(sphere.width - excess)) < FILLED * capacity:
            step = times[index] - now  # nothing changes any more
        else:
            excess, _, inflow = _implicit_step(
                faces, excess, faces, step, sphere, mean_factor, False
            )
            entered += inflow
        now += step
    return excess, entered


# ------------------------------------------------------------------------------------ the sphere
def lithiate_sphere(times: Array, sphere: Sphere, cells: int = 100, growth: float = 0.01) -> Uptake:
    """Let a sphere without lithium take it up from time 0, its surface held at the end.

    Parameters
    ----------
    times : array
        Rising times at which the histories are wanted, in R^2/D, all above 0.
    sphere : Sphere
        Jump, width, mixing energy, mobility of the front.
    cells : int
        Control volumes between front (or centre) and surface; the error falls as their square.
    growth : float
        Relative change of the shell's thickness (or of the time) in a step; the error falls with
        it.

    Returns
    -------
    Uptake
        Shares of the lithium that the particle holds in the end.

    Notes
    -----
    Control volumes that move with the front after Landau, Q. Appl. Math. 8, 81 (1950),
    doi:10.1090/qam/33441 (unverified), backward Euler. What leaves one cell enters the next, so
    lithium is conserved to round-off; `imbalance` is what is left of it.
    """
    sphere = Sphere(*(float(value) for value in sphere))  # an integer would compile a second time
    mean_factor = mean_thermodynamic_factor(
        sphere.jump, sphere.jump + sphere.width, sphere.mixing_energy
    )
    history = np.zeros((len(times), 3))
    if sphere.jump <= 0.0:
        faces = 1.0 - (1.0 - np.linspace(0.0, 1.0, cells + 1)) ** 2  # fine below the surface
        excess, entered, index, now = np.zeros(cells), 0.0, 0, 0.0
    else:
        grid = np.linspace(0.0, 1.0, cells + 1)
        start = _first_thickness(float(times[0]), sphere)
        index, now, faces, excess, entered = _grow_shell(
            times, grid, sphere, mean_factor, start, growth, history
        )
    excess, entered = _fill_sphere(
        times, faces, excess, sphere, mean_factor, index, now, entered, growth, history
    )
    capacity = sphere.jump + sphere.width
    imbalance = abs(_content(faces, excess, sphere.jump) - entered) * 3.0 / capacity
    fraction = (sphere.jump + excess) / capacity
    return Uptake(history[:, 0], history[:, 1], history[:, 2], faces, fraction, imbalance)


def _first_thickness(first_time: float, sphere: Sphere) -> float:
    """Thickness of the shell long before the first time that is asked for."""
    wanted, low, high = 1e-2 * first_time, 1e-12, 1e-3
    for _ in range(60):
        middle = (low * high) ** 0.5
        time = quasi_steady_time(1.0 - middle, sphere.jump, sphere.width, sphere.front_mobility)
        low, high = (middle, high) if time < wanted else (low, middle)
    return high
