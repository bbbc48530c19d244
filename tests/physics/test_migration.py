"""The mobile metal by itself: laws by hand and by identity, and one step of the migration."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlith.physics import migration as law
from interlith.physics import mobility
from interlith.physics.constants import AVOGADRO, FARADAY, GAS_CONSTANT

RTF = GAS_CONSTANT * 298.15 / FARADAY
ENDLESS = 1e12
"""A sink that nothing fills [mol m-2]."""

# ----------------------------------------------------------------------------------- the laws


def kelvin(thermal_voltage):
    return thermal_voltage * FARADAY / GAS_CONSTANT


def surface_diffusivity(attempts, jump, barrier, thermal_voltage):
    return mobility.surface_diffusivity(barrier, attempts, jump, kelvin(thermal_voltage)).item()


def charge_mobility(charge, diffusivity, thermal_voltage):
    return mobility.nernst_einstein_mobility(charge, diffusivity, kelvin(thermal_voltage)).item()


def test_surface_diffusivity_by_hand():
    """1/4 * 1e13 / s * (0.3 nm)^2 = 2.25e-7 m2/s without a barrier; e times less for one of kT."""
    assert surface_diffusivity(1e13, 3e-10, 0.0, RTF) == pytest.approx(2.25e-7, rel=1e-12)
    assert surface_diffusivity(1e13, 3e-10, RTF, RTF) == pytest.approx(2.25e-7 / math.e, rel=1e-12)


@given(st.floats(0.02, 0.04))
def test_surface_diffusivity_is_arrhenius_in_the_barrier(thermal_voltage):
    """Two barriers that differ by 0.09 eV: the ratio is that of their Boltzmann factors."""
    low = surface_diffusivity(1e13, 3e-10, 0.03, thermal_voltage)
    high = surface_diffusivity(1e13, 3e-10, 0.12, thermal_voltage)
    assert low / high == pytest.approx(math.exp(0.09 / thermal_voltage), rel=1e-12)


def test_wall_capacity_is_one_atom_a_site():
    """1e7 m2/m3 with sites of (0.3 nm)^2: 1.111e26 atoms in 1 m3, which is 184.5 mol."""
    assert law.wall_capacity(1e7, 3e-10) == pytest.approx(184.5, rel=1e-3)
    assert law.wall_capacity(2e7, 3e-10) * AVOGADRO * 9e-20 == pytest.approx(2e7, rel=1e-12)


def test_release_rate_by_hand():
    """6 * 1e-14 / (1 um)^2 = 0.06 / s for a solid solution, and a tenth at w / jump = 0.1."""
    assert law.release_rate(1e-6, 1e-14, 0.7, 0.5) == pytest.approx(0.06, rel=1e-12)
    assert law.release_rate(1e-6, 1e-14, 0.05, 0.5) == pytest.approx(0.006, rel=1e-12)
    assert law.release_rate(1e-6, 1e-14, 0.0, 0.5) == 0.0


@given(st.floats(1e-8, 1e-4), st.floats(1e-3, 1e3), st.floats(1e-4, 10.0))
def test_release_rate_falls_with_the_square_of_the_radius(radius, factor, ratio):
    here = law.release_rate(radius, 1e-14, ratio, 1.0)
    there = law.release_rate(factor * radius, 1e-14, ratio, 1.0)
    assert here / there == pytest.approx(factor**2, rel=1e-12)
    assert here == pytest.approx(min(ratio, 1.0) * law.release_rate(radius, 1e-14, 1.0, 1.0))


def test_lithiated_share_far_away_and_at_the_plateau():
    assert law.lithiated_share(0.1, 0.1, RTF) == 0.5
    assert law.lithiated_share(2.0, 0.1, RTF) == pytest.approx(0.0, abs=1e-15)
    assert law.lithiated_share(-2.0, 0.1, RTF) == pytest.approx(1.0, abs=1e-15)
    assert law.lithiated_share(0.0, -math.inf, RTF) == 0.0, "a metal that takes up no lithium"
    assert law.lithiated_share(0.1 + RTF * math.log(3.0), 0.1, RTF) == pytest.approx(0.25)


@given(st.floats(-0.5, 0.5), st.floats(1e-6, 1e-2))
def test_lithiated_share_is_antisymmetric_and_falls(distance, step):
    def share(x):
        return law.lithiated_share(0.1 + x, 0.1, RTF)

    assert share(distance) + share(-distance) == pytest.approx(1.0, abs=1e-14)
    assert share(distance + step) <= share(distance)
    assert share(step) < 0.5 < share(-step)


@given(st.floats(-500.0, 500.0))
def test_bernoulli_of_both_signs(argument):
    """u / (e^u - 1) at -u is e^u times that at u, and u more; it is positive and falls."""
    here, mirrored = law.bernoulli(argument), law.bernoulli(-argument)
    assert mirrored - here == pytest.approx(argument, rel=1e-9, abs=1e-12)
    assert mirrored == pytest.approx(here * math.exp(argument), rel=2e-11)
    assert here > 0.0
    assert law.bernoulli(argument + 1e-3) < here


def test_bernoulli_by_hand_and_where_its_series_begins():
    assert law.bernoulli(0.0) == 1.0
    assert law.bernoulli(math.log(2.0)) == pytest.approx(math.log(2.0), rel=1e-14)
    assert law.bernoulli(1e4) == 0.0
    assert law.bernoulli(-1e4) == 1e4
    for end in (-1e-5, 1e-5):
        inside, outside = law.bernoulli(end * (1.0 - 1e-9)), law.bernoulli(end * (1.0 + 1e-9))
        # What the series leaves out is u^2 / 12 = 8e-12.
        assert inside == pytest.approx(outside, abs=2e-11)
        assert law.bernoulli(0.5 * end) == pytest.approx(1.0 - 0.25 * end, abs=1e-12)


def test_swelling_strain_of_magnesium_and_bismuth_by_weight():
    """16 g Mg and 84 g Bi; Bi 21.3, Mg 14.0, Li3Bi 45.7 cm3/mol; 20 % pores pressed.

    r = (16 / 24.305) / (84 / 208.98) = 1.638; pressed 44.2 / 0.8 = 55.3 cm3 a mol of Bi.
    """
    ratio = (16.0 / 24.305) / (84.0 / 208.98)

    def strain(left, pores=0.2):
        return law.swelling_strain(45.7e-6, 21.3e-6, ratio, 14.0e-6, left, pores)

    assert strain(0.0) == pytest.approx(45.7 / 55.29 - 1.0, abs=1e-3)
    assert strain(1.0) == pytest.approx((45.7 + 22.93) / 55.29 - 1.0, abs=1e-3)
    assert strain(0.0) < 0.0 < strain(1.0), "only what leaves makes room"
    assert strain(0.5) == pytest.approx(0.5 * (strain(0.0) + strain(1.0)), rel=1e-12)
    assert 1.0 + strain(0.3, 0.4) == pytest.approx((1.0 + strain(0.3)) * 0.6 / 0.8, rel=1e-12)
    # A solid that does not change fills its pressed volume but for the pores.
    assert law.swelling_strain(2e-5, 2e-5, 1.0, 1e-5, 1.0, 0.25) == pytest.approx(-0.25)


def test_metal_mole_fraction_by_hand_and_limits():
    """10 um of lithium at 12.97 cm3/mol are 0.771 mol/m2."""
    assert law.metal_mole_fraction(0.1, 10e-6, 12.97e-6) == pytest.approx(0.1 / 0.871, rel=1e-3)
    assert law.metal_mole_fraction(0.0, 10e-6, 12.97e-6) == 0.0
    assert law.metal_mole_fraction(0.1, 0.0, 12.97e-6) == 1.0
    assert law.metal_mole_fraction(-1e-20, 10e-6, 12.97e-6) == 0.0


def test_charge_mobility_is_nernst_einstein():
    """1e-10 m2/s and one charge at 25 degC: 3.892e-9 m2/(V s); it turns round with the charge."""
    assert charge_mobility(1.0, 1e-10, RTF) == pytest.approx(3.892e-9, rel=1e-3)
    assert charge_mobility(-2.0, 1e-10, RTF) == -2.0 * charge_mobility(1.0, 1e-10, RTF)


# -------------------------------------------------------------------------------- the migration


class Layer:
    """A layer that `migrate` advances; closed, empty and even unless told otherwise."""

    def __init__(self, nodes=8, length=20e-6, **given):
        self.widths = np.full(nodes, length / nodes)
        self.bound, self.mobile = np.zeros(nodes), np.zeros(nodes)
        self.left = np.zeros(2)
        self.release, self.capacity = np.zeros(nodes), np.full(nodes, 1e30)
        self.diffusivity = 1e-12
        self.drift = np.zeros(nodes - 1)
        self.sinks = np.zeros(2)
        for name, value in given.items():
            old = getattr(self, name)
            whole = np.ndim(old) and not np.ndim(value)
            setattr(self, name, np.full_like(old, value) if whole else value)

    def advance(self, duration, steps=1):
        for _step in range(steps):
            law.migrate(
                self.widths,
                self.bound,
                self.mobile,
                self.left,
                self.release,
                self.capacity,
                self.diffusivity,
                self.drift,
                self.sinks,
                duration,
            )
        return self

    @property
    def total(self):
        return float((self.bound + self.mobile) @ self.widths + self.left.sum())


def logarithmic(low, high):
    return st.floats(math.log10(low), math.log10(high)).map(lambda x: 10.0**x)


def some_or_none(low, high):
    return st.one_of(st.just(0.0), logarithmic(low, high))


@st.composite
def layers(draw):
    n = draw(st.integers(1, 8))

    def row(strategy, length=n):
        return np.array(draw(st.lists(strategy, min_size=length, max_size=length)), dtype=float)

    capacity = row(logarithmic(1.0, 1e4))
    layer = Layer(
        nodes=n,
        widths=row(logarithmic(1e-7, 1e-5)),
        bound=row(some_or_none(1e-3, 5e4)),
        mobile=capacity * row(st.floats(0.0, 1.0)),
        release=row(some_or_none(1e-8, 1e2)),
        capacity=capacity,
        diffusivity=draw(logarithmic(1e-18, 1e-10)),
        drift=row(st.floats(-20.0, 20.0), n - 1),
        sinks=row(some_or_none(1e-12, 10.0), 2),
    )
    return layer, draw(logarithmic(1e-6, 1e4))


@given(layers())
def test_metal_is_kept_and_nothing_turns_negative(drawn):
    layer, duration = drawn
    before, sinks = layer.total, layer.sinks.copy()
    layer.advance(duration)
    assert layer.total == pytest.approx(before, rel=1e-12, abs=1e-300)
    # A flow is the difference of two numbers that may be larger than what it moves.
    pull = 1.0 + np.abs(layer.drift).max(initial=0.0)
    stiffness = layer.diffusivity * duration * pull / layer.widths.min() ** 2
    round_off = 1e-15 * (1.0 + stiffness) * before / layer.widths.min()
    assert (layer.bound >= 0.0).all()
    assert layer.mobile.min() >= -round_off
    assert (layer.left >= 0.0).all()
    assert (layer.left <= sinks * (1.0 + 1e-3)).all(), "sinks take what they can hold"


@given(layers(), st.integers(2, 20))
def test_metal_is_kept_over_many_steps(drawn, steps):
    layer, duration = drawn
    before = layer.total
    layer.advance(duration, steps)
    assert layer.total == pytest.approx(before, rel=1e-12, abs=1e-300)


def test_the_balance_would_show_a_leak():
    layer = Layer(mobile=1.0)
    before = layer.total
    layer.mobile[3] *= 1.0 + 1e-10
    assert layer.total != pytest.approx(before, rel=1e-12, abs=1e-300)


@given(
    st.lists(st.floats(-5.0, 5.0), min_size=1, max_size=7),
    st.lists(st.floats(1.0, 5.0), min_size=8, max_size=8),
)
def test_a_closed_layer_comes_to_rest_as_boltzmann_has_it(drift, widths):
    n = len(drift) + 1
    layer = Layer(nodes=n, widths=1e-6 * np.array(widths[:n]), drift=np.array(drift), mobile=1.0)
    # Uphill by 5 kT a node the slowest mode takes far longer than diffusion alone.
    layer.advance(1e4, 50)
    before = layer.total
    assert layer.mobile[1:] / layer.mobile[:-1] == pytest.approx(np.exp(-layer.drift), rel=1e-6)
    assert layer.total == pytest.approx(before, rel=1e-12)
    assert (layer.left == 0.0).all()


def test_a_boltzmann_distribution_stays_at_any_step():
    drift = np.array([3.0, -2.0, 1e-7, 0.5, -4.0, 1.0, 2.0])
    rest = 100.0 * np.exp(-np.concatenate([[0.0], np.cumsum(drift)]))
    for duration in (1e-3, 1.0, 1e3):
        layer = Layer(drift=drift, mobile=rest.copy()).advance(duration)
        assert layer.mobile == pytest.approx(rest, rel=1e-9)


def test_without_drift_a_closed_layer_becomes_uniform():
    start = np.array([5.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 2.0])
    layer = Layer(mobile=start.copy()).advance(1e3, 20)
    assert layer.mobile == pytest.approx(np.full(8, 1.0), rel=1e-9)


def test_a_positive_charge_drifts_down_the_potential():
    """At first, from a uniform start, nothing but the field moves it."""
    layer = Layer(mobile=1.0, drift=0.1).advance(1e-3)
    assert layer.mobile[0] > 1.0 > layer.mobile[-1]


def slab(nodes, steps, time=0.2):
    """Share left in a slab of 20 um that one side drains, at D t / L^2 = time."""
    layer = Layer(nodes=nodes, mobile=1.0, sinks=np.array([ENDLESS, 0.0]))
    before = layer.total
    layer.advance(time * 4e-10 / layer.diffusivity / steps, steps)
    assert layer.left[law.TO_INTERPHASE] == 0.0
    return 1.0 - layer.left[law.TO_METAL] / before


def fourier(time):
    """Crank, The Mathematics of Diffusion (1975), eq. 4.18 for one half of a sheet."""
    odd = (2.0 * np.arange(200) + 1.0) * math.pi / 2.0
    return float((2.0 / odd**2 * np.exp(-(odd**2) * time)).sum())


def test_drained_slab_agrees_with_its_fourier_series():
    for time in (0.05, 0.2, 1.0):
        assert slab(60, 2000, time) == pytest.approx(fourier(time), rel=2e-3)


def test_order_in_time_is_one_and_in_space_two():
    fine = slab(20, 20_000)
    errors = [abs(slab(20, steps) - fine) for steps in (50, 100, 200)]
    assert np.log2(errors[:-1]) - np.log2(errors[1:]) == pytest.approx([1.0, 1.0], abs=0.1)
    # In space one time step after another; Richardson takes out the error of time.
    found = [2.0 * slab(nodes, 4000) - slab(nodes, 2000) for nodes in (5, 10, 20)]
    errors = [abs(share - fourier(0.2)) for share in found]
    assert np.log2(errors[:-1]) - np.log2(errors[1:]) == pytest.approx([2.0, 2.0], abs=0.15)


def test_both_sides_drain_alike():
    layer = Layer(mobile=1.0, sinks=ENDLESS).advance(5.0, 10)
    assert layer.left[0] == pytest.approx(layer.left[1], rel=1e-10)
    assert layer.mobile == pytest.approx(layer.mobile[::-1], rel=1e-10)
    assert 0.1 < layer.left.sum() / layer.total < 0.9


@pytest.mark.parametrize("share", [0.9, 0.5, 0.1, 1e-3])
@pytest.mark.parametrize("side", [law.TO_METAL, law.TO_INTERPHASE])
def test_a_sink_is_filled_and_not_exceeded(side, share):
    sinks = np.zeros(2)
    sinks[side] = ENDLESS
    free = Layer(mobile=1.0, sinks=sinks).advance(10.0).left[side]
    sinks[side] = share * free
    layer = Layer(mobile=1.0, sinks=sinks).advance(10.0)
    assert layer.left[side] == pytest.approx(share * free, rel=1e-3)
    assert layer.left[1 - side] == 0.0


@pytest.mark.parametrize("share", [0.9, 0.5, 0.1, 0.01])
def test_walls_next_to_a_sink_that_fills_up_hold_no_more_than_a_layer(share):
    """Without drift nothing lifts the metal on the walls above what stops its release."""

    def run(most):
        layer = Layer(bound=2e4, release=1e-2, capacity=50.0, diffusivity=1e-9)
        layer.sinks = np.array([most, 0.0])
        return layer.advance(100.0)

    layer = run(share * run(ENDLESS).left[law.TO_METAL])
    assert (layer.mobile <= layer.capacity * (1.0 + 1e-3)).all()


def test_onto_empty_walls_bound_metal_decays_as_backward_euler_does():
    """b = b0 / (1 + k dt)^n: first order towards exp(-k t)."""
    release = np.array([0.1, 1.0, 3.0])
    errors = []
    for steps in (100, 200):
        layer = Layer(nodes=3, bound=5.0, release=release).advance(1.0 / steps, steps)
        assert layer.bound == pytest.approx(5.0 / (1.0 + release / steps) ** steps, rel=1e-12)
        errors.append(np.abs(layer.bound / (5.0 * np.exp(-release)) - 1.0))
    assert np.log2(errors[0] / errors[1]) == pytest.approx(np.ones(3), abs=0.1)
    assert layer.mobile.mean() == pytest.approx(5.0 - layer.bound.mean(), rel=1e-12)


def test_full_walls_stop_the_release():
    layer = Layer(bound=5.0, release=1.0, capacity=2.0, mobile=2.0).advance(1e3, 5)
    assert layer.bound == pytest.approx(np.full(8, 5.0), rel=1e-12)
    filled = Layer(bound=5.0, release=1.0, capacity=2.0).advance(1.0, 200)
    assert filled.mobile == pytest.approx(np.full(8, 2.0), rel=1e-9)
    assert filled.bound == pytest.approx(np.full(8, 3.0), rel=1e-9)


def test_nothing_is_released_where_the_potential_forbids_it():
    layer = Layer(bound=5.0, sinks=ENDLESS).advance(1e4, 3)
    assert (layer.bound == 5.0).all()
    assert (layer.left == 0.0).all()
