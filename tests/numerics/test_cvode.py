"""The reference integrator behind its wrapper."""

from __future__ import annotations

import numpy as np
import pytest

from interlith.numerics.cvode import integrate_cvode
from interlith.numerics.status import EVENT, REACHED_END, STEP_TOO_SMALL


def robertson(y, dy):
    slow, fast, square = 0.04 * y[0], 1e4 * y[1] * y[2], 3e7 * y[1] ** 2
    dy[0], dy[1], dy[2] = -slow + fast, slow - fast - square, square


ROBERTSON_40 = [0.7158270688, 9.185534765e-6, 0.2841637457]
"""At t = 40: Hairer & Wanner II; the SUNDIALS example cvRoberts_dns prints the same."""


@pytest.mark.parametrize("bandwidth", [None, (2, 2)])
def test_robertson(bandwidth):
    found = integrate_cvode(
        robertson,
        None,
        0,
        np.array([1.0, 0.0, 0.0]),
        40.0,
        1e-8,
        np.array([1e-10, 1e-14, 1e-10]),
        bandwidth,
    )
    assert found.status == REACHED_END
    assert found.event == -1
    assert found.times[0] == 0.0
    assert found.times[-1] == pytest.approx(40.0, rel=1e-12)
    assert found.states[-1] == pytest.approx(ROBERTSON_40, rel=1e-6)
    assert found.states.shape == (len(found.times), 3)


def decay(y, dy):
    dy[:] = -y


def test_event_rising_through_zero_stops():
    def events(y, values):
        values[:2] = 0.25 - y[0], 0.5 - y[0]

    found = integrate_cvode(decay, events, 2, np.ones(1), 5.0, 1e-9, np.full(1, 1e-12))
    assert (found.status, found.event) == (EVENT, 1)
    assert found.times[-1] == pytest.approx(np.log(2.0), abs=1e-6)


def test_event_that_falls_or_began_above_zero_does_not_stop():
    def events(y, values):
        values[:2] = y[0] - 0.5, 1.5 - y[0]

    found = integrate_cvode(decay, events, 2, np.ones(1), 5.0, 1e-9, np.full(1, 1e-12))
    assert found.status == REACHED_END


def test_failure_is_named():
    def blow_up(y, dy):
        dy[:] = y**2

    with np.errstate(all="ignore"):
        found = integrate_cvode(blow_up, None, 0, np.ones(1), 2.0, 1e-6, np.full(1, 1e-9))
    assert found.status not in (REACHED_END, EVENT)
    assert found.status >= STEP_TOO_SMALL
    assert found.message
