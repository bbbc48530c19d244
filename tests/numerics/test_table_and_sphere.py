"""Tables of curves, and shells of a sphere, against exact functions."""

import numpy as np
import pytest

from interlith.numerics.sphere import shells
from interlith.numerics.table import INTERVALS, look_up, make_table


def test_a_table_follows_a_smooth_function_and_its_slope():
    x = np.linspace(0.0, 1.0, INTERVALS + 1)
    table = make_table(np.tanh(8.0 * (x - 0.4)) + x**2)
    for where in np.linspace(0.01, 0.99, 57):
        value, slope = look_up(table, where)
        assert value == pytest.approx(np.tanh(8.0 * (where - 0.4)) + where**2, abs=1e-6)
        exact = 8.0 / np.cosh(8.0 * (where - 0.4)) ** 2 + 2.0 * where
        assert slope == pytest.approx(exact, abs=1e-3)


def test_beyond_its_ends_a_table_goes_on_straight():
    table = make_table(np.linspace(1.0, 3.0, INTERVALS + 1))
    assert look_up(table, -0.5)[0] == pytest.approx(0.0)
    assert look_up(table, 1.5) == pytest.approx((4.0, 2.0))


@pytest.mark.parametrize(("count", "grading"), [(2, 1.0), (10, 1.35), (40, 1.05)])
def test_shells_give_a_parabola_exactly(count, grading):
    """c = r^2: the flux through a face of radius f is 2 f, the surface value 1."""
    mesh = shells(count, grading)
    assert mesh.volumes.sum() == pytest.approx(1.0)
    squares = mesh.centres**2
    faces = np.cumsum(mesh.volumes) ** (1.0 / 3.0)
    flux = mesh.conductances[:-1] * np.diff(squares)
    assert flux == pytest.approx(3.0 * faces[:-1] ** 2 * 2.0 * faces[:-1])
    assert mesh.surface_weights @ squares[-2:] == pytest.approx(1.0)
