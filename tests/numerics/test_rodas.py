"""RODAS runs uncompiled here: `integrate` is a plain function, and the systems are tiny."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlith.numerics import rodas
from interlith.numerics.banded import ABOVE, BELOW
from interlith.numerics.status import (
    BUFFER_FULL,
    EVENT,
    MESSAGES,
    NOT_FINITE,
    REACHED_END,
    STEP_TOO_SMALL,
    TOO_MANY_STEPS,
)


def no_events(system, y, values):
    values[:] = -1.0


def solve(
    rates,
    jacobian,
    start,
    duration,
    *,
    first_step=1e-3,
    rtol=1e-8,
    atol=1e-8,
    events=no_events,
    shared=0,
    lowest=-np.inf,
    highest=np.inf,
    most_steps=100_000,
    rows=20_000,
):
    """Status, event, times, states and counters of one integration."""
    start = np.asarray(start, dtype=float)
    times, states = np.full(rows, np.nan), np.full((rows, start.size), np.nan)
    counters = np.zeros(3, np.int64)
    status, count, event, step = rodas.integrate(
        rates,
        jacobian,
        events,
        None,
        start,
        duration,
        first_step,
        shared,
        rtol,
        np.full(start.size, atol),
        np.full(start.size, lowest),
        np.full(start.size, highest),
        most_steps,
        times,
        states,
        counters,
        rodas.workspace(start.size, shared),
    )
    return status, event, times[:count], states[:count], counters, step


# Prothero & Robinson as an autonomous system: y' = -k (y - cos t) - sin t, t' = 1; y = cos t.
STIFFNESS = 1e4


def stiff_linear(system, y, dy):
    dy[0] = -STIFFNESS * (y[0] - np.cos(y[1])) - np.sin(y[1])
    dy[1] = 1.0


def stiff_linear_jacobian(system, y, band, links, columns, rows, coupling):
    band[0, BELOW] = -STIFFNESS
    band[0, BELOW + 1] = -STIFFNESS * np.sin(y[1]) - np.cos(y[1])


# Kaps: y1 = exp(-2 t), y2 = exp(-t) for every stiffness; nonlinear.
KAPS = 10.0


def kaps(system, y, dy):
    dy[0] = -(KAPS + 2.0) * y[0] + KAPS * y[1] ** 2
    dy[1] = y[0] - y[1] - y[1] ** 2


def kaps_jacobian(system, y, band, links, columns, rows, coupling):
    band[0, BELOW] = -(KAPS + 2.0)
    band[0, BELOW + 1] = 2.0 * KAPS * y[1]
    band[1, BELOW - 1] = 1.0
    band[1, BELOW] = -1.0 - 2.0 * y[1]


def exact_kaps(t):
    return np.array([np.exp(-2.0 * t), np.exp(-t)])


# y' = A y, eigenvalues -1 and -1000: linear, stiff, and the slow part carries the error.
MATRIX = np.array([[-500.5, 499.5], [499.5, -500.5]])


def stiff_pair(system, y, dy):
    dy[:] = MATRIX @ y


def stiff_pair_jacobian(system, y, band, links, columns, rows, coupling):
    band[0, BELOW], band[0, BELOW + 1] = MATRIX[0]
    band[1, BELOW - 1], band[1, BELOW] = MATRIX[1]


def one_step_error(rates, jacobian, start, exact, steps):
    """Error at t = 1 of a fixed number of equal steps, each forced to be accepted."""
    y = np.asarray(start, dtype=float)
    for _ in range(steps):
        status, _e, _t, states, counters, _h = solve(
            rates, jacobian, y, 1.0 / steps, first_step=1.0, rtol=1e9, rows=4
        )
        assert status == REACHED_END
        assert counters[0] == 1
        y = states[-1]
    return np.abs(y - exact(1.0)).max()


@pytest.mark.parametrize(
    ("rates", "jacobian", "start", "exact"),
    [
        (stiff_pair, stiff_pair_jacobian, [1.0, 1.0], lambda t: np.exp(-t) * np.ones(2)),
        (kaps, kaps_jacobian, [1.0, 1.0], exact_kaps),
    ],
    ids=["stiff linear", "nonlinear"],
)
def test_order_is_four(rates, jacobian, start, exact):
    steps = np.array([8, 16, 32, 64])
    errors = [one_step_error(rates, jacobian, start, exact, int(n)) for n in steps]
    slope = -np.polyfit(np.log(steps), np.log(errors), 1)[0]
    assert slope == pytest.approx(4.0, abs=0.15), errors


def test_tolerance_controls_the_error_of_a_very_stiff_problem():
    errors = []
    for rtol in (1e-4, 1e-6, 1e-8):
        status, _e, times, states, counters, _h = solve(
            stiff_linear, stiff_linear_jacobian, [1.0, 0.0], 3.0, rtol=rtol, atol=rtol
        )
        assert status == REACHED_END
        assert times[-1] == 3.0
        assert counters[0] < 3.0 * STIFFNESS / 10.0, "as many steps as an explicit method"
        errors.append(abs(states[-1, 0] - np.cos(3.0)))
    # Order reduction of stiff sources lets the global error exceed the tolerance of a step.
    assert np.all(np.array(errors) < 10.0 * np.array([1e-4, 1e-6, 1e-8]))
    assert errors == sorted(errors, reverse=True)


def test_a_wrong_jacobian_costs_the_order():
    """The order test above can fail: with a Jacobian 20 % off the slope is far from 4."""

    def wrong(system, y, band, links, columns, rows, coupling):
        kaps_jacobian(system, y, band, links, columns, rows, coupling)
        band *= 0.8

    steps = np.array([16, 32, 64])
    errors = [one_step_error(kaps, wrong, [1.0, 1.0], exact_kaps, int(n)) for n in steps]
    assert -np.polyfit(np.log(steps), np.log(errors), 1)[0] < 3.0


def butcher_form():
    """The Rosenbrock coefficients alpha, alpha + gamma and weights behind A, C and gamma."""
    n = rodas.STAGES
    transform = np.linalg.inv(np.eye(n) / rodas.GAMMA - rodas.C)  # Gamma of Hairer & Wanner
    weights = rodas.A[n - 1].copy()
    weights[n - 1] = 1.0  # the new state: the argument of the last stage plus its increment
    return rodas.A @ transform, rodas.A @ transform + transform, weights @ transform, transform


def test_coefficients_satisfy_the_order_conditions():
    """Hairer & Wanner II, table VI.7.1 for autonomous systems, orders 1 to 4."""
    alpha, beta, b, gamma = butcher_form()
    assert np.allclose(np.diag(gamma), rodas.GAMMA, atol=1e-14)
    a, c = alpha.sum(axis=1), beta.sum(axis=1)
    conditions = {
        "1": (b.sum(), 1),
        "2": (b @ c, 1 / 2),
        "3a": (b @ a**2, 1 / 3),
        "3b": (b @ beta @ c, 1 / 6),
        "4a": (b @ a**3, 1 / 4),
        "4b": (b @ (a * (alpha @ c)), 1 / 8),
        "4c": (b @ beta @ a**2, 1 / 12),
        "4d": (b @ beta @ beta @ c, 1 / 24),
    }
    for name, (found, wanted) in conditions.items():
        assert found == pytest.approx(wanted, abs=1e-12), name


def test_method_is_stiffly_accurate_with_an_embedded_order_three():
    alpha, beta, b, _gamma = butcher_form()
    assert np.allclose(b, beta[-1], atol=1e-13), "b = last row of beta: L-stability"
    embedded = alpha[-1]
    a, c = alpha.sum(axis=1), beta.sum(axis=1)
    assert embedded.sum() == pytest.approx(1.0, abs=1e-12)
    assert embedded @ c == pytest.approx(1 / 2, abs=1e-12)
    assert embedded @ a**2 == pytest.approx(1 / 3, abs=1e-12)
    assert embedded @ beta @ c == pytest.approx(1 / 6, abs=1e-12)
    assert abs(embedded @ a**3 - 1 / 4) > 1e-4, "else the error estimate would vanish"


def dense_error(step):
    """Largest error of the interpolant at an event in the middle of one step of Kaps' problem."""
    worst = 0.0
    for fraction in (0.25, 0.5, 0.75):
        target = np.exp(-fraction * step)

        def events(system, y, values, target=target):
            values[:] = -1.0
            values[0] = target - y[1]

        status, event, times, states, _c, _h = solve(
            kaps, kaps_jacobian, [1.0, 1.0], step, first_step=step, rtol=1e9, events=events
        )
        assert (status, event) == (EVENT, 0)
        worst = max(worst, np.abs(states[-1] - exact_kaps(times[-1])).max())
    return worst


def test_dense_output_is_of_order_three():
    """Inside one step the interpolant's error is O(h^4), the local error of order 3."""
    steps = np.array([0.04, 0.02, 0.01, 0.005])
    slope = np.polyfit(np.log(steps), np.log([dense_error(h) for h in steps]), 1)[0]
    assert slope == pytest.approx(4.0, abs=0.3)


def test_dense_state_meets_the_ends():
    rng = np.random.default_rng(1)
    old, new, dense, out = rng.random(4), rng.random(4), rng.random((2, 4)), np.empty(4)
    rodas.dense_state(0.0, old, new, dense, out)
    assert np.array_equal(out, old)
    rodas.dense_state(1.0, old, new, dense, out)
    assert np.array_equal(out, new)


def test_linear_invariants_are_kept_to_round_off():
    """Three species of a nonlinear exchange: their sum is constant, however coarse the steps."""

    def exchange(system, y, dy):
        forth, on = 40.0 * y[0] * y[1], 1e3 * y[1] ** 2
        dy[0], dy[1], dy[2] = -forth, forth - on, on

    def exchange_jacobian(system, y, band, links, columns, rows, coupling):
        band[0, BELOW], band[0, BELOW + 1] = -40.0 * y[1], -40.0 * y[0]
        band[1, BELOW - 1], band[1, BELOW] = 40.0 * y[1], 40.0 * y[0] - 2e3 * y[1]
        band[2, BELOW - 1] = 2e3 * y[1]

    status, _e, _t, states, _c, _h = solve(
        exchange, exchange_jacobian, [0.7, 0.2, 0.1], 5.0, rtol=1e-3, atol=1e-3
    )
    assert status == REACHED_END
    assert abs(states[-1, 2] - 0.1) > 0.1, "nothing happened"
    assert np.abs(states.sum(axis=1) - 1.0).max() < 1e-14


def test_bordered_jacobian_gives_the_same_steps_as_the_full_one():
    """y_i' = -i y_i + g with g the mean of all y: every state acts on every other one."""
    size = ABOVE + 1
    decay = np.arange(1.0, size + 1)

    def rates(system, y, dy):
        dy[:] = -decay * y + y.mean()

    def bordered(system, y, band, links, columns, rows, coupling):
        band[:, BELOW] = -decay
        columns[0, :], rows[0, :] = 1.0, 1.0 / size

    def full(system, y, band, links, columns, rows, coupling):
        for i, j in itertools.product(range(size), repeat=2):
            band[i, j - i + BELOW] = 1.0 / size - (decay[i] if i == j else 0.0)

    start = np.linspace(0.0, 1.0, size)
    _s, _e, times, states, _c, _h = solve(rates, bordered, start, 2.0, shared=1)
    _s, _e, others, full_states, _c, _h = solve(rates, full, start, 2.0)
    assert len(times) == len(others)
    assert np.allclose(states, full_states, rtol=1e-8, atol=1e-10)


def decay(system, y, dy):
    dy[0] = -y[0]


def decay_jacobian(system, y, band, links, columns, rows, coupling):
    band[0, BELOW] = -1.0


def test_event_is_located_and_the_earlier_of_two_wins():
    def events(system, y, values):
        values[:] = -1.0
        values[2] = 0.25 - y[0]
        values[5] = 0.5 - y[0]

    status, event, times, states, _c, _h = solve(
        decay, decay_jacobian, [1.0], 10.0, rtol=1e-10, atol=1e-10, events=events
    )
    assert (status, event) == (EVENT, 5)
    assert times[-1] == pytest.approx(np.log(2.0), abs=1e-8)
    assert states[-1, 0] == pytest.approx(0.5, abs=1e-9)


def test_event_that_began_above_zero_does_not_stop_the_step():
    def events(system, y, values):
        values[:] = -1.0
        values[0] = y[0] - 0.5

    status, _e, times, _y, _c, _h = solve(decay, decay_jacobian, [1.0], 2.0, events=events)
    assert status == REACHED_END
    assert times[-1] == 2.0


def test_rates_that_turn_not_finite_are_reported():
    def blow_up(system, y, dy):
        dy[0] = 1.0 if y[0] < 0.5 else np.nan

    def flat(system, y, band, links, columns, rows, coupling):
        pass

    status, _e, times, states, counters, _h = solve(blow_up, flat, [0.0], 1.0)
    assert status == NOT_FINITE
    assert times[-1] == pytest.approx(0.5, abs=1e-3)
    assert np.isfinite(states).all()
    assert counters[1] > 0


def test_finite_time_blow_up_ends_with_a_status():
    def rates(system, y, dy):
        dy[0] = y[0] ** 2

    def jacobian(system, y, band, links, columns, rows, coupling):
        band[0, BELOW] = 2.0 * y[0]

    with np.errstate(all="ignore"):
        status, _e, times, _y, _c, _h = solve(rates, jacobian, [1.0], 2.0, rtol=1e-6)
    assert status in (STEP_TOO_SMALL, NOT_FINITE)
    assert times[-1] == pytest.approx(1.0, abs=1e-4)


def test_too_many_steps_and_full_buffer_are_reported():
    status, _e, times, _y, _c, _h = solve(decay, decay_jacobian, [1.0], 10.0, most_steps=5)
    assert status == TOO_MANY_STEPS
    assert times[-1] < 10.0
    status, _e, times, _y, _c, _h = solve(decay, decay_jacobian, [1.0], 10.0, rows=6)
    assert status == BUFFER_FULL
    assert len(times) == 6


def test_an_integration_goes_on_after_a_full_buffer():
    y, elapsed, status = np.array([1.0]), 0.0, BUFFER_FULL
    while status == BUFFER_FULL:
        status, _e, times, states, _c, _h = solve(decay, decay_jacobian, y, 3.0 - elapsed, rows=8)
        elapsed, y = elapsed + times[-1], states[-1]
    assert status == REACHED_END
    assert y[0] == pytest.approx(np.exp(-3.0), rel=1e-6)


def test_every_status_has_a_message():
    codes = [REACHED_END, EVENT, STEP_TOO_SMALL, TOO_MANY_STEPS, NOT_FINITE, BUFFER_FULL]
    assert sorted(MESSAGES) == sorted(codes)
    assert all(MESSAGES.values())


def test_counters_add_up():
    _s, _e, times, _y, counters, _h = solve(kaps, kaps_jacobian, [1.0, 1.0], 1.0)
    accepted, rejected, evaluations = counters
    assert accepted == len(times) - 1
    stages = rodas.STAGES - 1
    assert evaluations <= (accepted + 1) + stages * (accepted + rejected)
    assert evaluations >= accepted * (stages + 1)


def test_weighted_norm_is_one_at_the_tolerance():
    """The smaller of both ends counts, whichever it is."""
    y = np.array([1.0, -2.0, 0.0])
    atol = np.array([1e-3, 1e-3, 1e-3])
    tolerance = atol + 1e-2 * np.abs(y)
    for ends in ((y, 1.5 * y), (1.5 * y, y), (y, -1.5 * y)):
        assert rodas.weighted_norm(tolerance, *ends, 1e-2, atol) == pytest.approx(1.0)
    assert rodas.weighted_norm(atol, y, 0.0 * y, 1e-2, atol) == pytest.approx(1.0)


def share(old, new, lowest, highest):
    return rodas.share_within_bounds(
        *(np.array(v, dtype=float) for v in (old, new, lowest, highest))
    )


def test_share_within_bounds_by_hand():
    """From 1 to -3 past 0 is a quarter of the way; from 2 to 6 past 4 is half of it."""
    free = [-np.inf, -np.inf], [np.inf, np.inf]
    assert share([1.0, 2.0], [-3.0, 6.0], *free) == 1.0
    assert share([1.0, 2.0], [-3.0, 6.0], [0.0, -np.inf], free[1]) == 0.25
    assert share([1.0, 2.0], [-3.0, 6.0], free[0], [np.inf, 4.0]) == 0.5
    assert share([1.0, 2.0], [-3.0, 6.0], [0.0, 0.0], [4.0, 4.0]) == 0.25
    assert share([1.0, 2.0], [0.0, 4.0], [0.0, 0.0], [4.0, 4.0]) == 1.0, "a bound is inside"


def test_share_of_a_state_that_was_out_of_bounds_counts_only_if_it_goes_further():
    assert share([-1.0], [-0.5], [0.0], [1.0]) == 1.0
    assert share([-1.0], [-1.0], [0.0], [1.0]) == 1.0
    assert share([-1.0], [-2.0], [0.0], [1.0]) == 0.0
    assert share([2.0], [1.5], [0.0], [1.0]) == 1.0
    assert share([2.0], [3.0], [0.0], [1.0]) == 0.0
    assert share([-1.0], [5.0], [0.0], [1.0]) < 1.0, "out on the other side"


NUMBERS = st.lists(st.floats(-1e6, 1e6), min_size=4, max_size=4)


@given(NUMBERS, NUMBERS)
def test_the_share_is_where_the_first_bound_is_met(old, new):
    lowest, highest = [-10.0] * 4, [5.0] * 4
    old = np.clip(old, -10.0, 5.0)
    found = share(old, new, lowest, highest)
    assert 0.0 <= found <= 1.0
    there = old + found * (np.array(new) - old)
    assert (there >= -10.0 - 1e-8).all()
    assert (there <= 5.0 + 1e-8).all()
    beyond = old + (found + 1e-3) * (np.array(new) - old)
    assert (found == 1.0) is bool((np.array(new) >= -10.0).all() and (np.array(new) <= 5.0).all())
    if 0.0 < found < 1.0:
        assert (beyond < -10.0).any() or (beyond > 5.0).any()
    assert share(old, new, [-np.inf] * 4, [np.inf] * 4) == 1.0


def drain(system, y, dy):
    dy[0] = -1.0


def drain_jacobian(system, y, band, links, columns, rows, coupling):
    pass


EXHAUSTION = 1e-3


def saturating(system, y, dy):
    dy[0] = -y[0] / (abs(y[0]) + EXHAUSTION)


def saturating_jacobian(system, y, band, links, columns, rows, coupling):
    band[0, BELOW] = -EXHAUSTION / (abs(y[0]) + EXHAUSTION) ** 2


@pytest.mark.parametrize("sign", [1.0, -1.0], ids=["lowest", "highest"])
@pytest.mark.parametrize("first_step", [1e-3, 0.3, 10.0])
def test_a_store_that_runs_out_linearly_ends_at_its_bound(first_step, sign):
    """Its law goes on below nothing, so that the integration ends where the store does."""

    def rates(system, y, dy):
        dy[0] = -sign

    bound = {"lowest": -0.01} if sign > 0.0 else {"highest": 0.01}
    status, _e, times, states, _c, _h = solve(
        rates, drain_jacobian, [sign], 10.0, first_step=first_step, **bound
    )
    assert status == STEP_TOO_SMALL
    assert (sign * states >= -0.01).all()
    assert times[-1] == pytest.approx(1.01, abs=1e-9)
    assert sign * states[-1, 0] == pytest.approx(-0.01, abs=1e-9)
    status, _e, _t, states, _c, _h = solve(rates, drain_jacobian, [sign], 10.0)
    assert status == REACHED_END, "without a bound"
    assert states[-1, 0] == pytest.approx(-9.0 * sign)


LOOSE = {"rtol": 1e-2, "atol": 1e-2, "first_step": 1.0, "most_steps": 1000}


@pytest.mark.parametrize("lowest", [0.0, -1e-9, -1e-6, -1e-4])
@pytest.mark.parametrize("start", [0.1, 1.0, 3.0])
def test_a_store_that_saturates_never_ends_below_its_bound(start, lowest):
    status, _e, times, states, _c, _h = solve(
        saturating, saturating_jacobian, [start], 2.0 * start + 1.0, lowest=lowest, **LOOSE
    )
    assert status == REACHED_END
    assert (states >= lowest).all()
    assert abs(states[-1, 0]) < EXHAUSTION
    assert times[-1] == 2.0 * start + 1.0


def test_without_a_bound_the_store_that_saturates_is_overdrawn():
    """The test above can fail: the error estimate does not see how the store runs out."""
    _s, _e, _t, states, _c, _h = solve(saturating, saturating_jacobian, [1.0], 3.0, **LOOSE)
    assert states.min() < -1e-4


@pytest.mark.parametrize("rtol", [1e-2, 1e-4, 1e-8])
def test_bounds_that_are_not_met_change_nothing(rtol):
    """Infinite ones, and far ones."""
    runs = [
        solve(kaps, kaps_jacobian, [1.0, 1.0], 2.0, rtol=rtol, atol=rtol, **bounds)
        for bounds in ({}, {"lowest": -1e-9, "highest": 1.0 + 1e-9}, {"highest": 1e9})
    ]
    for _s, _e, times, states, counters, _h in runs[1:]:
        assert np.array_equal(times, runs[0][2])
        assert np.array_equal(states, runs[0][3])
        assert np.array_equal(counters, runs[0][4])


def arrays_of(work):
    factors = work.factors
    plain = [part for part in work if isinstance(part, np.ndarray)]
    return [*plain, factors.band, factors.links, factors.solved_links]


def test_what_a_workspace_holds_does_not_matter():
    found = []
    for rubbish in (0.0, np.nan, 7.0):
        work = rodas.workspace(2, 0)
        for array in arrays_of(work):
            array[...] = rubbish
        times, states = np.zeros(1000), np.zeros((1000, 2))
        ends = np.full(2, np.inf)
        _status, count, _event, _step = rodas.integrate(
            kaps,
            kaps_jacobian,
            no_events,
            None,
            np.ones(2),
            1.0,
            1e-3,
            0,
            1e-6,
            np.full(2, 1e-6),
            -ends,
            ends,
            1000,
            times,
            states,
            np.zeros(3, np.int64),
            work,
        )
        found.append(states[:count])
    assert len(found[0]) > 5
    assert np.array_equal(found[0], found[1])
    assert np.array_equal(found[0], found[2])


def test_a_workspace_has_an_array_for_every_purpose():
    work = rodas.workspace(7, 3)
    assert work.events.shape == work.new_events.shape == (rodas.EVENTS,)
    assert work.stages.shape == (rodas.STAGES, 7)
    assert work.columns.shape == work.rows.shape == (3, 7)
    places = {array.ctypes.data for array in arrays_of(work)}
    assert len(places) == len(work) + 2, "none shares its memory"
