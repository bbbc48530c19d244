"""The equations of the sphere against what is known in closed form, and what they must keep."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from interlith.physics import particle as physics
from interlith.physics.particle import Sphere, lithiate_sphere

FINE = {"cells": 200, "growth": 0.002}


# --------------------------------------------------------------------------------- analytic limits
def crank_centre(fourier: np.ndarray) -> np.ndarray:
    n = np.arange(1, 60)[:, None]
    return 1.0 + 2.0 * np.sum((-1.0) ** n * np.exp(-((n * np.pi) ** 2) * fourier), axis=0)


def test_solid_solution_follows_crank() -> None:
    times = np.linspace(1e-3, 0.3, 100)
    found = lithiate_sphere(times, Sphere(0.0, 1.0), **FINE)
    exact = np.array([physics.crank_uptake(time) for time in times])
    assert found.uptake == pytest.approx(exact, abs=4e-4)
    late = times > 0.03
    assert found.core[late] == pytest.approx(crank_centre(times[late]), abs=2e-3)


def test_crank_series_meets_its_short_time_form() -> None:
    below, above = (physics.crank_uptake(0.02 * factor) for factor in (0.999999, 1.000001))
    assert below == pytest.approx(above, abs=1e-5)


@pytest.mark.parametrize("width", [1e-3, 1e-2])
def test_narrow_shell_is_a_shrinking_core(width: float) -> None:
    end = 1.0 / (6.0 * width)
    times = np.linspace(end / 100.0, end, 100)
    front = lithiate_sphere(times, Sphere(1.0, width), **FINE).front
    there = front > 0.05
    converted = 1.0 - front[there] ** 3
    law = 1.0 - 3.0 * (1.0 - converted) ** (2.0 / 3.0) + 2.0 * (1.0 - converted)
    assert law == pytest.approx(times[there] / end, abs=1.2 * width + 2e-3)


@pytest.mark.parametrize("ratio", [0.1, 2.0, 20.0])
def test_early_front_follows_stefan_similarity(ratio: float) -> None:
    jump = 1.0 / (1.0 + ratio)
    speed = brentq(
        lambda s: math.sqrt(math.pi) * s * math.exp(s * s) * math.erf(s) - ratio, 1e-6, 5
    )
    time = (1e-3 / (2.0 * speed)) ** 2  # the shell is a thousandth of the radius: flat
    front = lithiate_sphere(np.array([time]), Sphere(jump, 1.0 - jump), **FINE).front[0]
    assert 1.0 - front == pytest.approx(1e-3, rel=5e-3)


def test_resisting_front_moves_at_constant_speed() -> None:
    jump, width, mobility = 0.75, 0.01, 1e-4
    speed = mobility * width / (jump + width)  # all of the shell is as rich as the surface
    times = np.linspace(0.1, 0.9, 9) / speed
    found = lithiate_sphere(times, Sphere(jump, width, 0.0, mobility), **FINE)
    assert 1.0 - found.front == pytest.approx(speed * times, rel=2e-3)


def test_closed_time_joins_both_resistances() -> None:
    whole = physics.quasi_steady_time(0.0, 0.75, 0.01, math.inf)
    assert whole == pytest.approx(75.0 / 6.0 + 1.0 / 6.0)
    resisted = physics.quasi_steady_time(0.0, 0.75, 0.01, 0.5)
    assert resisted - whole == pytest.approx(75.0 / 0.5)


@pytest.mark.parametrize(("ratio", "error"), [(0.01, 0.002), (0.2, 0.012), (2.0, 0.07), (9, 0.12)])
def test_closed_limits_are_as_far_off_as_they_say(ratio: float, error: float) -> None:
    jump = 1.0 / (1.0 + ratio)
    width = 1.0 - jump
    end = physics.quasi_steady_time(0.0, jump, width, math.inf)
    times = np.linspace(end / 50.0, 1.2 * end, 60)
    full = lithiate_sphere(times, Sphere(jump, width)).uptake
    closed = np.array([physics.closed_uptake(t, jump, width, math.inf) for t in times])
    assert closed == pytest.approx(full, abs=error)


# --------------------------------------------------------------------------- thermodynamic factor
def test_ideal_solution_has_a_factor_of_one() -> None:
    assert physics.thermodynamic_factor(0.3, 0.0) == 1.0
    assert physics.thermodynamic_factor(0.5, 2.0) == pytest.approx(0.0)  # the critical point
    assert physics.thermodynamic_factor(0.0, -5.0) == 1.0


@given(st.floats(0.0, 0.9), st.floats(1e-3, 0.1), st.floats(-8.0, 1.9))
def test_mean_factor_is_the_mean(lower: float, width: float, energy: float) -> None:
    x = np.linspace(lower, lower + width, 2001)
    mean = np.trapezoid(1.0 - 2.0 * energy * x * (1.0 - x), x) / width
    assert physics.mean_thermodynamic_factor(lower, lower + width, energy) == pytest.approx(mean)


def test_factor_is_the_slope_of_the_chemical_potential() -> None:
    energy, x, step = -3.0, 0.4, 1e-6

    def potential(y: float) -> float:
        return math.log(y) + energy * (1.0 - y) ** 2

    slope = x * (potential(x + step) - potential(x - step)) / (2.0 * step)
    assert physics.thermodynamic_factor(x, energy) == pytest.approx(slope, rel=1e-6)


@pytest.mark.parametrize("energy", [-4.0, 1.5])
def test_solution_with_mixing_energy_agrees_with_lines(energy: float) -> None:
    """Peer: scipy's BDF on other control volumes and without any of our code."""
    cells, end = 300, 0.05
    faces = np.linspace(0.0, 1.0, cells + 1)
    centres = 0.5 * (faces[1:] + faces[:-1])
    volumes = np.diff(faces**3) / 3.0
    mean = 1.0 - 2.0 * energy / 6.0

    def rate(_time: float, x: np.ndarray) -> np.ndarray:
        ahead = np.append(x[1:], 2.0 - x[-1])
        between = 0.5 * (x + ahead)
        slope = (1.0 - 2.0 * energy * between * (1.0 - between)) / mean
        flux = np.concatenate(([0.0], faces[1:] ** 2 * slope * (ahead - x) * cells))
        return np.diff(flux) / volumes

    lines = solve_ivp(rate, (0.0, end), np.zeros(cells), "BDF", rtol=1e-6, atol=1e-8)
    found = lithiate_sphere(np.array([end]), Sphere(0.0, 1.0, energy), **FINE)
    assert found.uptake[0] == pytest.approx(3.0 * volumes @ lines.y[:, -1], abs=2e-3)
    own = 0.5 * (found.faces[1:] + found.faces[:-1])
    assert np.interp(own, centres, lines.y[:, -1]) == pytest.approx(found.fraction, abs=6e-3)


# ----------------------------------------------------------------------------------- conservation
SPHERES = st.builds(
    Sphere,
    jump=st.one_of(st.just(0.0), st.floats(1e-3, 0.9)),
    width=st.floats(1e-4, 0.1) | st.floats(0.1, 0.9),
    mixing_energy=st.floats(-6.0, 1.0),
    front_mobility=st.just(math.inf) | st.floats(1e-3, 1e3),
)


@given(SPHERES, st.floats(-8.0, 5.0), st.integers(1, 40))
def test_lithium_is_conserved(sphere: Sphere, exponent: float, count: int) -> None:
    end = 10.0**exponent
    found = lithiate_sphere(np.linspace(end / count, end, count), sphere, cells=30, growth=0.05)
    assert found.imbalance < 1e-10
    assert np.all(np.diff(found.uptake) >= -1e-12)
    assert np.all(np.diff(found.front) <= 1e-12)
    assert 0.0 <= found.uptake[-1] <= 1.0 + 1e-9
    assert np.all(found.fraction <= 1.0 + 1e-9)
    held = (found.faces[1:] ** 3 - found.faces[:-1] ** 3) @ found.fraction
    assert held == pytest.approx(found.uptake[-1], abs=1e-10)


@pytest.mark.parametrize("jump", [0.0, 0.3])
def test_a_particle_ends_full(jump: float) -> None:
    found = lithiate_sphere(np.array([1.0, 50.0, 1e6]), Sphere(jump, 0.4, -2.0))
    assert found.uptake[-1] == pytest.approx(1.0, abs=1e-9)
    assert found.core[-1] == pytest.approx(1.0, abs=1e-9)


# ----------------------------------------------------------------------------- order of convergence
def observed_order(values: list[float]) -> float:
    """Return the order from three values on grids that are halved."""
    return math.log2(abs((values[0] - values[1]) / (values[1] - values[2])))


@pytest.mark.parametrize("jump", [0.0, 0.33])
def test_first_order_in_time(jump: float) -> None:
    sphere, times = Sphere(jump, 0.66, -1.0), np.array([0.05])
    found = [lithiate_sphere(times, sphere, 60, 0.02 / 2**k).uptake[0] for k in range(3)]
    assert observed_order(found) == pytest.approx(1.0, abs=0.15)


@pytest.mark.parametrize("jump", [0.0, 0.33])
def test_second_order_in_space(jump: float) -> None:
    sphere, times = Sphere(jump, 0.66, -1.0), np.array([0.05])
    found = [lithiate_sphere(times, sphere, 20 * 2**k, 0.02).uptake[0] for k in range(3)]
    assert observed_order(found) == pytest.approx(2.0, abs=0.25)
