"""Laws of the composite cathode: limits, derivatives, conservation."""

import math

import numpy as np
import pytest

from interlith.physics.cathode_interphase import interphase_growth
from interlith.physics.conduction import percolating_conductivity
from interlith.physics.fatigue import passed_strain, surviving_share
from interlith.physics.fluoride import advance_fluoride, near_surface_mean, skin_mesh
from interlith.physics.insertion import (
    contact_under_pressure,
    current_through_film,
    insertion_exchange,
)

VT = 0.0257


@pytest.mark.parametrize("drive", [-0.4, -1e-3, 0.0, 1e-3, 0.05, 0.3])
@pytest.mark.parametrize("resistance", [0.0, 1e-4, 1.0])
def test_the_film_and_charge_transfer_share_the_drive(drive, resistance):
    current, per_volt = current_through_film(drive, 2.0, resistance, VT)
    left = drive - resistance * current
    assert current == pytest.approx(4.0 * math.sinh(0.5 * left / VT), rel=1e-9, abs=1e-12)
    step = 1e-6
    above = current_through_film(drive + step, 2.0, resistance, VT)[0]
    below = current_through_film(drive - step, 2.0, resistance, VT)[0]
    assert per_volt == pytest.approx((above - below) / (2.0 * step), rel=1e-5)


def test_a_thick_film_is_an_ohmic_resistance():
    assert current_through_film(0.3, 1e3, 10.0, VT)[0] == pytest.approx(0.03, rel=1e-3)


def test_exchange_current_peaks_half_full():
    assert insertion_exchange(3.0, 0.5) == pytest.approx((3.0, 0.0))
    assert insertion_exchange(3.0, 0.2)[1] > 0.0 > insertion_exchange(3.0, 0.8)[1]


def test_contact_grows_with_pressure_and_stays_a_share():
    shares = [contact_under_pressure(p, 1.5, 1e6, 0.5) for p in (0.0, 1e5, 1e6, 1e9)]
    assert shares == sorted(shares)
    assert shares[0] > 0.0
    assert shares[-1] < 1.0
    assert shares[2] == pytest.approx(0.4)
    assert contact_under_pressure(0.0, 0.0, 1e6, 0.5) == 1.0


def test_interphase_thickens_with_the_root_of_time():
    rate, thickness, dt = 1e-24, 1e-9, 1e3
    for _step in range(20_000):
        thickness += dt * interphase_growth(thickness, 4.0, rate, 4.0, 0.1)[0]
    assert thickness == pytest.approx(math.sqrt(1e-18 + 2.0 * rate * 2e7), rel=1e-3)
    assert interphase_growth(1e-9, 4.3, rate, 4.0, 0.1)[0] == pytest.approx(
        math.exp(3.0) * interphase_growth(1e-9, 4.0, rate, 4.0, 0.1)[0]
    )


# Notes on Yanev et al., J. Electrochem. Soc. 171, 050530 (2024), doi:10.1149/1945-7111/ad47d7:
# NMC811 in Li6PS5Cl, effective over bulk conductivity by volume fraction of electrolyte.
MEASURED = [(0.61, 0.37), (0.42, 0.070), (0.28, 0.016)]


@pytest.mark.parametrize(("fraction", "measured"), MEASURED)
def test_percolation_is_near_measured_composites(fraction, measured):
    law = percolating_conductivity(1.0, fraction, 0.16, 2.0)
    assert measured / 2.0 < law < measured * 2.0


def test_percolation_limits():
    assert percolating_conductivity(5.0, 1.0, 0.16, 2.0) == pytest.approx(5.0)
    assert percolating_conductivity(5.0, 0.1, 0.16, 2.0) == pytest.approx(5e-6)


def amount(concentration, faces):
    return float(np.sum(concentration * np.diff(faces**3)) / 3.0)


def test_fluoride_fills_a_particle_to_its_surface_concentration():
    faces = skin_mesh(1e-6, 24, 1e-9)
    assert faces[-1] - faces[-2] == pytest.approx(1e-9, rel=1e-6)
    full = advance_fluoride(np.zeros(24), faces, 800.0, 1e-6, 0.0)
    assert full == pytest.approx(np.full(24, 800.0), rel=1e-3)


def test_fluoride_diffuses_like_into_a_half_space():
    """Amount taken up: 2 c sqrt(D t / pi) per surface (Crank), shallow against the radius."""
    faces = skin_mesh(1e-6, 200, 1e-10)
    f, tau = np.zeros(200), 1e-16
    for _step in range(400):
        f = advance_fluoride(f, faces, 1.0, tau / 400.0, 0.0)
    assert amount(f, faces) / 1e-12 == pytest.approx(2.0 * math.sqrt(tau / math.pi), rel=0.03)


def test_drift_shifts_the_equilibrium_of_fluoride_by_boltzmann():
    faces = skin_mesh(1e-6, 60, 1e-8)
    f = advance_fluoride(np.zeros(60), faces, 1.0, 1e-3, -2.0)
    centre = 0.5 * (faces[0] + faces[1])
    assert f[0] == pytest.approx(math.exp(-2.0 * (1.0 - centre / 1e-6)), rel=1e-2)
    assert near_surface_mean(f, faces, 0.1) > f[0]


def test_strain_does_not_depend_on_the_time_steps():
    volume = np.linspace(0.9, 1.0, 2001)
    coarse = np.array([[0.5], [0.2], [0.6]])
    fine = np.concatenate([np.linspace(0.5, 0.2, 40), np.linspace(0.2, 0.6, 40)])[:, None]
    found = passed_strain(coarse, 0.3, volume)
    assert found == pytest.approx([2.0 * 0.1 * 0.1])
    assert passed_strain(fine, 0.3, volume) == pytest.approx(found)
    assert passed_strain(coarse, 0.1, volume) == pytest.approx([0.0])


def test_fluoride_at_the_half_value_halves_cracking():
    bare = surviving_share(np.array([0.1]), 2.0, 0.0, 300.0)
    assert surviving_share(np.array([0.1]), 2.0, 300.0, 300.0) ** 2 == pytest.approx(bare)
