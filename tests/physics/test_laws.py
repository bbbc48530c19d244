"""Each law by itself: a value worked out by hand, sign, limits, monotonicity, derivatives."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from interlith.physics import conduction, filament, host, interphase, kinetics, pores, voids
from interlith.physics.constants import FARADAY, GAS_CONSTANT

VOLTS = st.floats(-0.3, 0.3)
FRACTIONS = st.floats(0.001, 0.999)
RTF = GAS_CONSTANT * 298.15 / FARADAY
V_LI = 12.97e-6


def slope(function, at, step):
    return (function(at + step) - function(at - step)) / (2.0 * step)


# ----------------------------------------------------------------------------------- kinetics


def test_thermal_voltage_is_the_textbook_number():
    assert pytest.approx(0.025693, abs=1e-6) == RTF


@given(st.floats(-kinetics.LARGEST_EXPONENT, kinetics.LARGEST_EXPONENT))
def test_bounded_sinh_is_sinh_inside(argument):
    sine, cosine = kinetics.bounded_sinh_and_cosh(argument)
    assert sine == pytest.approx(math.sinh(argument), rel=1e-12, abs=1e-15)
    assert cosine == pytest.approx(math.cosh(argument), rel=1e-12)


@given(st.floats(-1e4, 1e4))
def test_bounded_sinh_is_finite_odd_and_has_the_slope_it_says(argument):
    sine, cosine = kinetics.bounded_sinh_and_cosh(argument)
    assert np.isfinite(sine)
    assert np.isfinite(cosine)
    assert kinetics.bounded_sinh_and_cosh(-argument)[0] == pytest.approx(-sine, rel=1e-12)
    assume(abs(abs(argument) - kinetics.LARGEST_EXPONENT) > 1e-3)
    step = 1e-4 * max(1.0, abs(argument) * 1e-3)
    numeric = slope(lambda a: kinetics.bounded_sinh_and_cosh(a)[0], argument, step)
    assert numeric == pytest.approx(cosine, rel=1e-5)


def test_butler_volmer_by_hand():
    """i0 = 10 A/m2 and eta = -2 RT/F ln 3: i = i0 (3 - 1/3)."""
    eta = -2.0 * RTF * math.log(3.0)
    assert kinetics.butler_volmer_plating_current(eta, 10.0, RTF) == pytest.approx(80.0 / 3.0)


def test_butler_volmer_is_ohmic_at_small_overpotential_and_zero_at_none():
    assert kinetics.butler_volmer_plating_current(0.0, 10.0, RTF) == 0.0
    current = kinetics.butler_volmer_plating_current(-1e-6, 10.0, RTF)
    assert current == pytest.approx(10.0 * 1e-6 / RTF, rel=1e-6)
    assert kinetics.butler_volmer_plating_conductance(0.0, 10.0, RTF) == pytest.approx(10.0 / RTF)


@given(VOLTS, st.floats(1e-7, 1e-2))
def test_butler_volmer_falls_with_overpotential(eta, step):
    here = kinetics.butler_volmer_plating_current(eta, 3.0, RTF)
    assert kinetics.butler_volmer_plating_current(eta + step, 3.0, RTF) < here


@given(VOLTS)
def test_butler_volmer_conductance_is_minus_the_slope(eta):
    numeric = slope(lambda e: kinetics.butler_volmer_plating_current(e, 3.0, RTF), eta, 1e-6)
    found = kinetics.butler_volmer_plating_conductance(eta, 3.0, RTF)
    assert found == pytest.approx(-numeric, rel=1e-6)


def test_bounded_sinh_goes_on_as_its_tangent():
    """Twice as far beyond the end the sine has risen by twice the slope there."""
    end = kinetics.LARGEST_EXPONENT
    assert 2.0 * RTF * end > 0.3, "overpotentials of a cell stay below the end"
    here, cosine = kinetics.bounded_sinh_and_cosh(end)
    for beyond in (1.0, 10.0, 1e3):
        sine, same = kinetics.bounded_sinh_and_cosh(end + beyond)
        assert same == cosine == pytest.approx(math.cosh(end), rel=1e-12)
        assert sine - here == pytest.approx(beyond * cosine, rel=1e-12)


@given(VOLTS)
def test_plenty_of_metal_leaves_butler_volmer(eta):
    current, per_volt, _per_left = kinetics.exhaustible_butler_volmer(eta, 1.0, 3.0, RTF)
    plain = kinetics.butler_volmer_plating_current(eta, 3.0, RTF)
    # Two roundings of order TURNING_WIDTH cancel.
    assert current == pytest.approx(plain, rel=1e-12, abs=1e-14)
    conductance = kinetics.butler_volmer_plating_conductance(eta, 3.0, RTF)
    assert per_volt == pytest.approx(-conductance, rel=1e-12)


@given(VOLTS, st.floats(-0.5, 1.0))
def test_exhaustible_butler_volmer_derivatives(eta, left):
    assume(abs(eta) > 1e-6)  # the second derivative jumps at rest: see the next test
    arguments = (3.0, RTF)
    _i, per_volt, per_left = kinetics.exhaustible_butler_volmer(eta, left, *arguments)
    volt = slope(lambda e: kinetics.exhaustible_butler_volmer(e, left, *arguments)[0], eta, 1e-8)
    part = slope(lambda g: kinetics.exhaustible_butler_volmer(eta, g, *arguments)[0], left, 1e-3)
    # Scaled by the conductance and the current of a face that has all its metal.
    conductance = kinetics.butler_volmer_plating_conductance(eta, *arguments)
    current = abs(kinetics.butler_volmer_plating_current(eta, *arguments)) + 6e-3
    assert per_volt == pytest.approx(volt, rel=1e-6, abs=1e-5 * conductance)
    assert per_left == pytest.approx(part, rel=1e-9, abs=1e-9 * current)
    # More metal strips more; plating differs by less than the width of the turn.
    assert np.sign(per_left) == -np.sign(eta)
    if eta < 0.0:
        assert per_left < 2.0 * 3.0 * kinetics.TURNING_WIDTH


@given(st.floats(-0.5, 1.0))
def test_exhaustible_butler_volmer_at_rest(left):
    """Nothing flows, the slope is one from both sides, the curvature only from that of plating."""
    current, here, per_left = kinetics.exhaustible_butler_volmer(0.0, left, 3.0, RTF)
    assert current == per_left == 0.0
    assert here == pytest.approx(-left * 3.0 / RTF, rel=1e-12)
    step, width = 1e-8, kinetics.TURNING_WIDTH
    for side in (-1.0, 1.0):
        there = kinetics.exhaustible_butler_volmer(side * step, left, 3.0, RTF)
        one_sided = there[0] / (side * step)
        # Over w the slope turns by i0 F / RT; the step is 1e-4 of w.
        assert one_sided == pytest.approx(here, abs=2e-4 * (1.0 - left + 1e-3) * 3.0 / RTF)
        bend = (there[1] - here) / (side * step)
        wanted = 3.0 / RTF**2 * (1.0 - left) / width if side < 0.0 else 0.0
        assert bend == pytest.approx(wanted, rel=1e-3, abs=1e-6 * 3.0 / RTF**2 / width)


@given(VOLTS, st.floats(1e-6, 1e-2), st.floats(0.0, 1.0))
def test_exhaustible_butler_volmer_never_rises_with_overpotential(eta, step, left):
    here, per_volt, _g = kinetics.exhaustible_butler_volmer(eta, left, 3.0, RTF)
    assert per_volt <= 0.0
    there = kinetics.exhaustible_butler_volmer(eta + step, left, 3.0, RTF)[0]
    # Without metal what is left of stripping is the difference of two numbers of its own size.
    assert there <= here + 1e-14 * (1.0 + abs(kinetics.bounded_sinh_and_cosh(eta / RTF)[0]))


def test_an_exhausted_face_plates_and_does_not_strip():
    """i0 = 10 A/m2 and eta = -+ 2 RT/F ln 3, h = +- 4/3: nothing strips, or a half of 80/3."""
    eta = 2.0 * RTF * math.log(3.0)
    turned = 20.0 * (16.0 / 9.0) / (4.0 / 3.0 + 2e-3)

    def current(eta, left):
        return kinetics.exhaustible_butler_volmer(eta, left, 10.0, RTF)[0]

    assert kinetics.TURNING_WIDTH == 2e-3
    assert current(-eta, 0.0) == pytest.approx(turned, rel=1e-12)
    assert current(-eta, 0.5) == pytest.approx(0.5 * (80.0 / 3.0 + turned), rel=1e-12)
    assert current(eta, 0.0) == 0.0
    assert current(eta, 0.5) == pytest.approx(-40.0 / 3.0, rel=1e-12)
    assert current(eta, -0.1) > 0.0, "an overdrawn metal fills up again"


# -------------------------------------------------------------------------------------- pores


def test_capillary_overpotential_by_hand():
    """2 * 0.3 J/m2 * 12.97 cm3/mol / (0.5 um * F) = 0.161 mV."""
    assert pores.capillary_overpotential(0.3, 0.5e-6, V_LI) == pytest.approx(1.613e-4, rel=1e-3)
    assert pores.capillary_overpotential(-0.2, 0.5e-6, V_LI) < 0.0
    assert pores.capillary_overpotential(0.0, 0.5e-6, V_LI) == 0.0
    assert pores.no_capillarity(0.3, 0.5e-6, V_LI) == 0.0


@given(VOLTS, FRACTIONS, st.floats(-5e-3, 5e-3))
def test_pore_plating_derivatives(eta, filling, capillary):
    assume(abs(eta + capillary) > 1e-5)
    arguments = (1e7, capillary, RTF)
    _rate, per_volt, per_filling, _p, _v = pores.pore_plating_rate(eta, filling, *arguments)
    # The turn is 0.1 mV wide: with a step of 1 uV the quotient itself is off by 1e-5.
    volt = slope(lambda e: pores.pore_plating_rate(e, filling, *arguments)[0], eta, 1e-7)
    fill = slope(lambda s: pores.pore_plating_rate(eta, s, *arguments)[0], filling, 1e-6)
    assert per_volt == pytest.approx(volt, rel=1e-5)
    assert per_filling == pytest.approx(fill, rel=1e-4)
    assert per_volt <= 0.0


@given(st.floats(-0.05, 0.05), FRACTIONS, st.floats(-5e-3, 5e-3))
def test_pores_say_whether_they_plate(eta, filling, capillary):
    """The switch by its definition (1 + h / sqrt(h^2 + w^2)) / 2, whatever the pores hold."""
    _r, _v, _s, plates, per_volt = pores.pore_plating_rate(eta, filling, 1e7, capillary, RTF)
    sine = math.sinh(-0.5 * (eta + capillary) / RTF)
    turned = sine / math.hypot(sine, kinetics.TURNING_WIDTH)
    assert plates == pytest.approx(0.5 * (1.0 + turned), abs=1e-12)
    numeric = slope(
        lambda e: pores.pore_plating_rate(e, filling, 1e7, capillary, RTF)[3], eta, 1e-8
    )
    assert per_volt == pytest.approx(numeric, rel=1e-4, abs=1e-6)
    assert per_volt <= 0.0


def test_pores_plate_deep_in_plating_and_not_in_stripping():
    for filling in (0.0, 0.5, 1.0):
        assert pores.pore_plating_rate(-0.05, filling, 1e6, 0.0, RTF)[3] == pytest.approx(1.0)
        assert pores.pore_plating_rate(0.05, filling, 1e6, 0.0, RTF)[3] < 1e-5
        assert pores.pore_plating_rate(-2e-3, filling, 1e6, 2e-3, RTF)[3] == 0.5
    steepest = pores.pore_plating_rate(0.0, 0.5, 1e6, 0.0, RTF)[4]
    assert steepest == pytest.approx(-0.25 / (kinetics.TURNING_WIDTH * RTF))


def test_pores_plate_below_minus_the_capillary_shift_only():
    assert pores.pore_plating_rate(-2e-3, 0.5, 1e6, 2e-3, RTF)[0] == pytest.approx(0.0, abs=1e-9)
    assert pores.pore_plating_rate(-2.1e-3, 0.5, 1e6, 2e-3, RTF)[0] > 0.0
    assert pores.pore_plating_rate(-1.9e-3, 0.5, 1e6, 2e-3, RTF)[0] < 0.0


def test_full_pores_take_nothing_and_empty_ones_give_nothing():
    """Up to the rounding of the turning point, a millionth of the rate."""
    free = pores.pore_plating_rate(-0.05, 0.5, 1e6, 0.0, RTF)[0]
    assert abs(pores.pore_plating_rate(-0.05, 1.0, 1e6, 0.0, RTF)[0]) < 2e-6 * free
    assert abs(pores.pore_plating_rate(0.05, 0.0, 1e6, 0.0, RTF)[0]) < 2e-6 * free
    assert pores.pore_plating_rate(0.05, 1.0, 1e6, 0.0, RTF)[0] < -0.9 * free
    assert pores.pore_plating_rate(-0.05, 0.0, 1e6, 0.0, RTF)[0] > 0.9 * free


@given(st.booleans(), FRACTIONS)
def test_room_and_its_slope(forward, filling):
    numeric = slope(lambda s: pores.room_for(forward, s), filling, 1e-7)
    assert pores.room_slope(forward, filling) == pytest.approx(numeric, rel=1e-5)
    assert 0.0 < pores.room_for(forward, filling) < 1.0


@given(st.booleans(), st.floats(-1.0, 2.0))
def test_room_goes_on_oddly_beyond_both_ends(forward, filling):
    """g(-z) = -g(z) about the end, with one slope on both sides of it."""
    end = 1.0 if forward else 0.0
    there, mirrored = pores.room_for(forward, filling), pores.room_for(forward, 2.0 * end - filling)
    assert mirrored == pytest.approx(-there, abs=1e-14)
    assert np.sign(there) == np.sign(end - filling if forward else filling)
    numeric = slope(lambda s: pores.room_for(forward, s), filling, 1e-8)
    assert pores.room_slope(forward, filling) == pytest.approx(numeric, rel=1e-5)
    assert abs(there) < 1.0


def test_room_by_hand():
    assert pores.room_for(True, 0.5) == pytest.approx(0.5 / (0.5 + pores.SATURATION_WIDTH))
    assert pores.room_for(True, 1.0) == pores.room_for(False, 0.0) == 0.0
    beyond = -0.01 / (0.01 + pores.SATURATION_WIDTH)
    assert pores.room_for(True, 1.01) == pytest.approx(beyond)
    assert pores.room_for(False, -0.01) == pytest.approx(beyond)


def test_an_overdrawn_store_fills_up_again_and_an_overfull_one_empties():
    for eta in (-0.05, 0.05):
        assert pores.pore_plating_rate(eta, -0.01, 1e6, 0.0, RTF)[0] > 0.0
        assert pores.pore_plating_rate(eta, 1.01, 1e6, 0.0, RTF)[0] < 0.0


# --------------------------------------------------------------------------------------- host


@given(st.floats(0.0, 1.5), FRACTIONS)
def test_host_lithiation_derivatives(eta, fraction):
    assume(abs(eta - 0.8) > 1e-3)
    arguments = (0.8, 2e6, 5e6, RTF)
    _rate, per_volt, per_fraction = host.host_lithiation_rate(eta, fraction, *arguments)
    volt = slope(lambda e: host.host_lithiation_rate(e, fraction, *arguments)[0], eta, 1e-6)
    part = slope(lambda x: host.host_lithiation_rate(eta, x, *arguments)[0], fraction, 1e-6)
    # Far from the plateau the diffusion limit leaves a slope of round-off size.
    assert per_volt == pytest.approx(volt, rel=1e-4, abs=1e-2)
    assert per_fraction == pytest.approx(part, rel=1e-4, abs=1e-3)


def test_host_lithiation_sign_zero_and_limit():
    assert abs(host.host_lithiation_rate(0.8, 0.5, 0.8, 2e6, 5e6, RTF)[0]) < 1e-6
    assert host.host_lithiation_rate(0.7, 0.5, 0.8, 2e6, 5e6, RTF)[0] > 0.0
    assert host.host_lithiation_rate(0.9, 0.5, 0.8, 2e6, 5e6, RTF)[0] < 0.0
    deep = host.host_lithiation_rate(-0.5, 0.0, 0.8, 2e6, 5e6, RTF)[0]
    assert deep == pytest.approx(5e6 / (1.0 + pores.SATURATION_WIDTH), rel=1e-6)
    free = host.host_lithiation_rate(0.7, 0.5, 0.8, 2e6, 5e6, RTF)[0]
    assert abs(host.host_lithiation_rate(0.7, 1.0, 0.8, 2e6, 5e6, RTF)[0]) < 1e-4 * free


def test_particle_diffusion_limit_by_hand():
    """F * 6.6e4 mol/m3 * 1e-13 m2/s / (3 * 10 um) = 21.2 A/m2."""
    found = host.particle_diffusion_limit(6.6e4, 1e-13, 1e-5, FARADAY)
    assert found == pytest.approx(21.23, rel=1e-3)
    assert host.particle_diffusion_limit(6.6e4, 1e-13, 2e-5, FARADAY) == pytest.approx(found / 2)


# --------------------------------------------------------------------------------- conduction


def test_all_current_is_ionic_or_electronic_in_the_limits():
    assert conduction.ionic_current_between(0.0, 10.0, 0.0, 1e-3) == 10.0
    assert conduction.ionic_current_between(0.0, 10.0, 1e-3, 0.0) == 0.0
    assert conduction.ionic_current_between(0.0, 10.0, 1e-3, 3e-3) == pytest.approx(7.5)


@given(st.floats(-0.1, 0.1), st.floats(-50.0, 50.0))
def test_both_ohms_laws_hold(step, current):
    """phi_el - phi_ion changes by the difference of both drops."""
    ionic, electronic = 2e-3, 5e-3
    flow = conduction.ionic_current_between(step, current, ionic, electronic)
    assert (current - flow) * electronic - flow * ionic == pytest.approx(step, abs=1e-15)


@given(st.floats(0.0, 1.0))
def test_resistance_while_lithiating_lies_between_and_is_logarithmic(fraction):
    """Resistances of 10 um of conductivities 1e-6 and 1e-1 S/m; both follow the same rule."""
    pristine, lithiated = 1e-5 / 1e-6, 1e-5 / 1e-1
    found = conduction.resistance_while_lithiating(
        lithiated, math.log(pristine / lithiated), fraction
    )
    conductivity = 1e-5 / found
    assert math.log10(conductivity) == pytest.approx(-6.0 * (1.0 - fraction) - fraction, abs=1e-12)


@given(st.floats(-1e-7, 1e-7), st.floats(-20.0, 20.0))
def test_resistance_of_a_nearly_lithiated_host_has_no_step(away, logarithm):
    """Across the switch between the exponential and the two terms of its series."""
    found = conduction.resistance_while_lithiating(2.0, logarithm, 1.0 - away)
    assert found == pytest.approx(2.0 * math.exp(away * logarithm), rel=1e-14)
    assert conduction.resistance_while_lithiating(2.0, logarithm, 1.0) == 2.0


def test_effective_conductivities_by_hand():
    assert conduction.bruggeman(2.0, 0.64, 1.5) == pytest.approx(1.024)
    assert conduction.parallel_slabs(2.0, 0.64, 1.5) == pytest.approx(1.28)
    assert conduction.bruggeman(2.0, 1.0, 1.5) == 2.0


@given(st.floats(0.01, 1.0), st.floats(1.0, 3.0))
def test_no_conduction_law_beats_the_upper_bound(solid, exponent):
    upper = conduction.parallel_slabs(1.0, solid, exponent)
    assert conduction.bruggeman(1.0, solid, exponent) <= upper * (1.0 + 1e-12)


# --------------------------------------------------------------------------------- interphase


def test_parabolic_growth_follows_the_square_root_of_time():
    k, start = 1e-20, 1e-9
    thickness, step = start, 50.0
    for _ in range(2000):
        middle = thickness + 0.5 * step * interphase.parabolic_growth(thickness, start, k)
        thickness += step * interphase.parabolic_growth(middle, start, k)
    assert thickness == pytest.approx(math.sqrt(start**2 + 2.0 * k * 2000 * step), rel=1e-4)
    assert interphase.no_growth(1e-9, 1e-9, k) == 0.0


def test_sei_resistance_by_hand():
    """20 nm at 2e-6 S/m: 100 Ohm cm2."""
    assert interphase.sei_area_resistance(20e-9, 2e-6) * 1e4 == pytest.approx(100.0)


CRITICAL = {
    "fracture_toughness": 0.3e6,
    "flaw_depth": 1e-6,
    "geometry_factor": 1.12,
    "interface_energy": 0.5,
    "tip_radius": 20e-9,
    "molar_volume": V_LI,
}


def test_critical_overpotential_by_hand():
    """Fracture 0.3 MPa m0.5 / (1.12 sqrt(pi um)) = 151 MPa, capillary 50 MPa: 27.0 mV."""
    found = interphase.critical_interphase_overpotential(**CRITICAL)
    assert found == pytest.approx(V_LI / FARADAY * (151.1e6 + 50e6), rel=1e-3)
    assert found == pytest.approx(27.03e-3, rel=1e-3)
    assert interphase.fracture_only(**CRITICAL) == pytest.approx(20.31e-3, rel=1e-3)


@pytest.mark.parametrize(
    ("name", "rises"),
    [
        ("fracture_toughness", True),
        ("flaw_depth", False),
        ("geometry_factor", False),
        ("interface_energy", True),
        ("tip_radius", False),
        ("molar_volume", True),
    ],
)
def test_critical_overpotential_trends(name, rises):
    here = interphase.critical_interphase_overpotential(**CRITICAL)
    more = interphase.critical_interphase_overpotential(**{**CRITICAL, name: 1.3 * CRITICAL[name]})
    assert (more > here) is rises
    assert more != here


def test_critical_overpotential_is_never_negative():
    wetting = {**CRITICAL, "interface_energy": -5.0}
    assert interphase.critical_interphase_overpotential(**wetting) == 0.0
    assert interphase.fracture_only(**wetting) > 0.0


def test_hot_spot_of_a_bare_electrode_is_the_inverse_contact():
    assert interphase.void_hot_spot_factor(0.25, 0.0, 40e-6) == pytest.approx(4.0)
    assert interphase.void_hot_spot_factor(1.0, 5e-6, 40e-6) == 1.0
    assert interphase.void_hot_spot_factor(0.25, 40e-6, 40e-6) == pytest.approx(1.0056, abs=1e-4)


@given(st.floats(0.01, 0.99), st.floats(0.0, 5e-5), st.floats(1e-6, 1e-4))
def test_hot_spot_lies_between_one_and_the_bare_value(contact, thickness, spacing):
    found = interphase.void_hot_spot_factor(contact, thickness, spacing)
    assert 1.0 <= found <= 1.0 / contact + 1e-9


# -------------------------------------------------------------------------------------- voids


def test_replenishment_meets_both_published_points():
    """Kasemchainan 2019: 0.2 mA/cm2 at 3 MPa, 1.0 mA/cm2 at 7 MPa; half of the first diffuses."""
    at = {p: voids.creep_and_diffusion(p * 1e6, 1.0, 1.0, 3e6, 2.6) for p in (0.0, 3.0, 7.0)}
    assert at[0.0] == 1.0
    assert at[3.0] == pytest.approx(2.0)
    assert at[7.0] == pytest.approx(10.0, rel=0.02)
    assert voids.creep_and_diffusion(-1e5, 1.0, 1.0, 3e6, 2.6) == 1.0
    assert voids.diffusion_only(7e6, 1.0, 1.0, 3e6, 2.6) == 1.0


def test_void_growth_by_hand():
    """12 A/m2 stripped against 4 A/m2 replenished; presence of voids 3 / sqrt(3^2 + 4^2)."""
    assert voids.net_stripping(-12.0, 4.0, 3.0, 4.0, 0.8) == pytest.approx(12.0 - 2.4)
    assert voids.net_stripping(12.0, 4.0, 3.0, 4.0, 0.8) == pytest.approx(-(9.6 + 4.0) * 0.6)
    assert voids.reversible_stripping(12.0, 4.0, 3.0, 4.0, 0.8) == pytest.approx(-16.0 * 0.6)


@pytest.mark.parametrize("law", [voids.net_stripping, voids.reversible_stripping])
def test_nothing_is_refilled_where_no_void_is(law):
    assert law(5.0, 4.0, 0.0, 1.0, 0.8) == 0.0
    assert law(0.0, 4.0, 0.0, 1.0, 0.8) == 0.0
    assert law(-5.0, 4.0, 0.0, 1.0, 0.8) == 5.0
    assert law(0.0, 4.0, 3.0, 1.0, 0.8) < 0.0, "creep closes voids at rest"


@given(st.floats(-20.0, 20.0), st.floats(0.0, 50.0))
def test_full_refill_is_the_limit_of_the_default_law(current, capacity):
    assert voids.net_stripping(current, 2.0, capacity, 1.0, 1.0) == pytest.approx(
        voids.reversible_stripping(current, 2.0, capacity, 1.0, 0.3)
    )


def test_contact_laws_by_hand():
    assert voids.exponential_contact(7.0, 7.0) == pytest.approx(math.exp(-1.0))
    assert voids.linear_contact(3.5, 7.0) == pytest.approx(0.5)
    for law in (voids.exponential_contact, voids.linear_contact):
        assert law(0.0, 7.0) == 1.0
        assert law(-1.0, 7.0) == 1.0
        assert law(1e6, 7.0) == voids.CONTACT_FLOOR


@given(st.floats(0.0, 6.0), st.floats(1e-3, 0.9))
def test_contact_falls_with_voids(capacity, more):
    for law in (voids.exponential_contact, voids.linear_contact):
        assert law(capacity + more, 7.0) < law(capacity, 7.0)


def test_pressure_factor_by_hand():
    """At four times the pressure (adhesion counted) the resistance is half."""
    assert voids.pressure_contact_factor(2.5e6, 2.5e6, 1e5, 0.5) == pytest.approx(1.0)
    assert voids.pressure_contact_factor(10.3e6, 2.5e6, 1e5, 0.5) == pytest.approx(0.5)
    assert voids.pressure_contact_factor(0.0, 2.5e6, 1e5, 0.5) == pytest.approx(26.0**0.5)
    assert voids.pressure_contact_factor(-1e6, 2.5e6, 1e5, 0.5) == pytest.approx(26.0**0.5)


# ----------------------------------------------------------------------------------- filament


@pytest.mark.parametrize("law", [filament.tip_kinetics, filament.transport_limited])
def test_filaments_grow_above_the_critical_overpotential_only(law):
    assert law(0.0, 0.02, 1e4, RTF) == pytest.approx(0.0, abs=1e-12)
    assert law(0.04, 0.02, 1e4, RTF) > 1e3
    assert law(0.015, 0.02, 1e4, RTF) < 0.02 * law(0.04, 0.02, 1e4, RTF)
    assert law(-0.01, 0.02, 1e4, RTF) < 0.0, "stripping dissolves without a threshold"


def test_smooth_onset_by_hand():
    """x^2 / (x + w): half of x at w; 0 up to 0; x - w far above."""
    assert filament.smooth_onset(3.0, 3.0) == pytest.approx(1.5)
    assert filament.smooth_onset(1.0, 3.0) == pytest.approx(0.25)
    assert filament.smooth_onset(0.0, 3.0) == filament.smooth_onset(-1.0, 3.0) == 0.0
    assert filament.smooth_onset(-3.0, 3.0) == 0.0, "where the fraction has its pole"
    assert filament.smooth_onset(3e4, 3.0) == pytest.approx(3e4 - 3.0, abs=1e-3)


@given(st.floats(1e-6, 1e3), st.floats(-2.0, 1e3))
def test_smooth_onset_begins_without_a_kink(width, multiple):
    """Rising, below x, and with a slope that is Lipschitz: 2 / w at most."""
    value = multiple * width
    found = filament.smooth_onset(value, width)
    assert 0.0 <= found <= max(value, 0.0)
    step = 1e-4 * width
    tilt = slope(lambda x: filament.smooth_onset(x, width), value, step)
    next_tilt = slope(lambda x: filament.smooth_onset(x, width), value + step, step)
    assert -1e-9 <= tilt <= next_tilt + 1e-8
    assert next_tilt - tilt <= 2.1 * step / width
    assert abs(slope(lambda x: filament.smooth_onset(x, width), 0.0, step)) < 1e-4


def test_tip_kinetics_by_hand():
    """Where the smooth onset has reached 2 RT/F asinh(1) = 45.29 mV the tip draws 2 i0.

    x^2 / (x + 1 mV) = 45.29 mV at x = 46.27 mV above the threshold.
    """
    drive = 2.0 * RTF * math.asinh(1.0)
    excess = 0.5 * (drive + math.sqrt(drive * drive + 4.0 * drive * 1e-3))
    assert excess == pytest.approx(46.27e-3, abs=1e-5)
    assert filament.tip_kinetics(0.02 + excess, 0.02, 1e4, RTF) == pytest.approx(2e4, rel=1e-9)
    # One width above the threshold half of it drives: i0 F/RT * 0.5 mV.
    found = filament.tip_kinetics(0.021, 0.02, 1e4, RTF)
    assert found == pytest.approx(1e4 * 0.5e-3 / RTF, rel=1e-4)
    assert filament.tip_kinetics(0.02, 0.02, 1e4, RTF) == 0.0
    assert filament.tip_kinetics(0.0199, 0.02, 1e4, RTF) == 0.0, "nothing below the threshold"
    assert filament.transport_limited(0.02 + RTF, 0.02, 1e4, RTF) == pytest.approx(1e4)


def test_transport_limited_is_the_ohmic_limit():
    small = filament.tip_kinetics(-1e-5, 0.02, 1e4, RTF)
    assert small == pytest.approx(filament.transport_limited(-1e-5, 0.02, 1e4, RTF), rel=1e-4)


@given(st.floats(-0.1, 0.1), st.floats(1e-4, 1e-2), st.floats(1e-3, 0.05))
def test_tip_current_rises_with_overpotential(eta, more, critical):
    assert filament.tip_kinetics(eta + more, critical, 1e4, RTF) >= filament.tip_kinetics(
        eta, critical, 1e4, RTF
    )


@given(st.floats(-1.0, 1e9), st.floats(-1.0, 1e9))
def test_limited_share_stays_below_both(demand, available):
    found = filament.limited_share(demand, available)
    assert 0.0 <= found <= max(min(demand, available), 0.0)


def test_limited_share_limits():
    assert filament.limited_share(1e-3, 1e6) == pytest.approx(1e-3)
    assert filament.limited_share(10.0, 10.0) == 5.0
    assert filament.limited_share(0.0, 10.0) == filament.limited_share(10.0, 0.0) == 0.0


def test_short_conductance_by_hand():
    assert filament.short_conductance(1.0, 2e4, 0.2) == 0.0
    assert filament.short_conductance(0.5, 2e4, 0.2) == 0.0
    # The spot of an overlap of 0.2 is 0.2^2 / 0.201 = 0.19900.
    assert filament.short_conductance(1.2, 2e4, 0.2) == pytest.approx(
        2e4 * (1.0 - math.exp(-0.2 / 0.201))
    )
    # At an overlap of 1e-3 the spot is half as large: 2e4 * 5e-4 / 0.2.
    assert filament.short_conductance(1.001, 2e4, 0.2) == pytest.approx(50.0, rel=2e-3)
    assert filament.short_conductance(9.0, 2e4, 0.2) == pytest.approx(2e4)
