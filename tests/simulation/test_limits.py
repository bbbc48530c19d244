"""Limits that can be solved by hand: Ohm, Newman, the void law."""

from __future__ import annotations

import numpy as np
import pytest

from interlith.physics.constants import FARADAY, GAS_CONSTANT

RTF = GAS_CONSTANT * 298.15 / FARADAY


def quiet_side(make, **layer):
    """A side without voids and growth: fast face, an interphase of 1e-7 m at 1e-5 S/cm."""
    quiet = {"growth_rate_constant": "1e-27 m2/s", "ionic_conductivity": "1e-5 S/cm"}
    sei = {"material": "LiMgSx", "thickness": "100 nm", "properties": quiet}
    if not layer:
        return [{**make.metal(**make.fast), "sei": sei}]
    return [make.metal(**make.fast), make.interlayer(sei=sei, **layer)]


TINY = [{"plate": "1e-4 mA/cm2", "for": "100 s"}]
INTERPHASE = 1e-7 / 1e-3
ELECTROLYTE = 600e-6 / 0.205
FACE = RTF / 2e4


def test_ohms_law_of_a_bare_stack(make, solve):
    data = solve(make.read(quiet_side(make), protocol=TINY), None).dataset
    resistance = data["voltage"].values[-1] / 1e-3
    assert resistance == pytest.approx(ELECTROLYTE + 2.0 * (INTERPHASE + FACE), rel=1e-5)


def test_ohms_law_of_a_stack_with_slow_pores(make, solve):
    """Pores that cannot react: all lithium crosses the layer as ions to the metal."""
    layer = {
        "pore_exchange_current_density": "5e-6 mA/cm2",
        "host_exchange_current_density": "1e-6 mA/cm2",
        "porosity": 0.2,
        "ionic_conductivity": "2e-4 S/cm",
        "electronic_conductivity": "1e-5 S/cm",
    }
    data = solve(make.read(quiet_side(make, **layer), protocol=TINY)).dataset
    layer_resistance = 20e-6 / (2e-2 * 0.8**1.5)
    by_hand = ELECTROLYTE + 2.0 * (INTERPHASE + FACE + layer_resistance)
    assert data["voltage"].values[-1] / 1e-3 == pytest.approx(by_hand, rel=1e-4)


def porous(make, ratio, pore_exchange="500 mA/cm2", **more):
    """A layer of 1e-4 S/cm for ions, `ratio` times as much for electrons; half-filled pores."""
    return quiet_side(
        make,
        pore_exchange_current_density=pore_exchange,
        host_exchange_current_density="1e-6 mA/cm2",
        interface_energy_against_lithium="0 J/m2",
        particle_size="1 um",
        porosity=0.5,
        ionic_conductivity="1e-4 S/cm",
        electronic_conductivity=f"{ratio * 1e-4} S/cm",
        **more,
    )


@pytest.fixture
def half_filled(monkeypatch):
    """Pores that start half full, so that both directions are free."""
    from interlith.simulation import assemble

    module = __import__(assemble.__module__, fromlist=["initial_states"])
    kept = module.initial_states
    monkeypatch.setattr(module, "initial_states", lambda p, _filling, x: kept(p, 0.5, x))


@pytest.mark.parametrize("ratio", [0.1, 1.0, 5.0, 100.0])
def test_newmans_split_between_the_faces(make, solve, half_filled, ratio):
    """Fast kinetics: in the middle both carriers share the current as their conductivities do.

    What reacts on the metal side has come through the middle as ions: kappa / (kappa + sigma).
    """
    data = solve(make.read(porous(make, ratio), protocol=TINY), nodes=24).dataset
    share = data["electrolyte_side_plating_share"].values[-1]
    assert share == pytest.approx(ratio / (1.0 + ratio), abs=0.01)


@pytest.mark.parametrize("ratio", [0.2, 1.0, 5.0])
def test_plating_profile_is_the_analytic_one(make, solve, half_filled, ratio):
    r"""Linear kinetics: eta'' = nu^2 eta with nu^2 = a i0 g F/RT (1/kappa + 1/sigma).

    eta' = -j/kappa... at both ends: at the metal (no face reaction) all current is electronic, at
    the electrolyte all is ionic.
    """
    slow_face = {"exchange_current_density": "1e-4 mA/cm2", "void_depth": "300 um"}
    layers = porous(make, ratio, pore_exchange="0.02 mA/cm2")
    layers[0] = make.metal(**slow_face)
    cell = make.read(layers, protocol=TINY)
    errors = []
    for nodes in (12, 24):
        data = solve(cell, nodes=nodes).dataset
        found = data["plating_rate"].values[-1, 1]
        depth = data["depth"].values[1]
        wanted = analytic_rate(depth, ratio)
        errors.append(np.abs(found - wanted).max() / np.abs(wanted).max())
    assert errors[1] < 0.01
    assert errors[1] < 0.4 * errors[0], "finer volumes do not help"


def analytic_rate(x, ratio, length=20e-6, current=1e-3):
    """Plating rate of Newman & Tobias' linear porous electrode; x from the metal [A/m3]."""
    from interlith.physics.pores import room_for

    kappa = 1e-2 * 0.5**1.5
    sigma = ratio * kappa
    surface = 6.0 * 0.5 / 1e-6
    conductance = surface * 0.2 * room_for(True, 0.5) / RTF
    nu = np.sqrt(conductance * (1.0 / kappa + 1.0 / sigma))
    # i_ion = (j/sigma - eta') / (1/kappa + 1/sigma): 0 at the metal, j at the electrolyte.
    at_metal, at_electrolyte = current / sigma, -current / kappa
    b = at_metal / nu
    a = (at_electrolyte / nu - b * np.cosh(nu * length)) / np.sinh(nu * length)
    eta = a * np.cosh(nu * x) + b * np.sinh(nu * x)
    return -conductance * eta


REPLENISHED = [(0.1, 0.5), (0.1, 1.0), (0.6, 0.5), (0.6, 1.0), (1.2, 2.0)]


@pytest.fixture
def sharp_voids(monkeypatch):
    """Replenishment that fades out below a thousandth of the critical void capacity only."""
    from interlith.simulation import assemble

    module = __import__(assemble.__module__, fromlist=["SMALLEST_VOID_SHARE"])
    monkeypatch.setattr(module, "SMALLEST_VOID_SHARE", 1e-3)


@pytest.mark.parametrize(("replenished", "capacity"), REPLENISHED)
def test_void_law_of_a_half_cycle(make, solve, sharp_voids, replenished, capacity):
    """With voids alone contact goes at (j - j_rep) Q / j = q_crit.

    Linear contact; a half-cycle at the critical j loses contact exactly at its end. Slightly
    below it passes, slightly above it does not.
    """
    depth = 1e-6
    critical = depth * FARADAY / 12.97e-6 / 36000.0  # 0.207 mAh/cm2 for 1 um
    j = replenished / (1.0 - critical / capacity)
    for factor, passes in ((0.985, True), (1.015, False)):
        lost = half_cycle_loses_contact(make, solve, replenished, factor * j, capacity)
        assert lost is not passes, f"at {factor} of {j:.4g} mA/cm2"


def half_cycle_loses_contact(make, solve, replenished, current, capacity):
    """Whether the stripped electrode is at the floor of its contact law at the end."""
    void = {
        "void_depth": "1 um",
        "diffusive_replenishment_current_density": f"{replenished} mA/cm2",
        "creep_replenishment_current_density": "1e-9 mA/cm2",
        "exchange_current_density": "1e5 mA/cm2",
        "void_spacing": "40 um",
    }
    sei = {"material": "LiMgSx", "thickness": "1 nm", "properties": {}}
    sei["properties"] = {
        "growth_rate_constant": "1e-27 m2/s",
        "ionic_conductivity": "1e-2 S/cm",
    }
    tough = {"fracture_toughness": "300 MPa m0.5"}
    cell = make.read(
        [{**make.metal(**void), "sei": sei}],
        electrolyte=make.electrolyte(**tough),
        models={"contact_law": "linear"},
        protocol=[{"plate": f"{current:.8g} mA/cm2", "until": f"{capacity} mAh/cm2"}],
        rtol=1e-5,
    )
    data = solve(cell).dataset
    return bool(data["contact_fraction"].values[-1, 0] < 1e-4)


def test_thin_layers_are_given_a_least_resistance_and_keep_the_ratio_of_both():
    from interlith.physics.parameters import NODE_DTYPE
    from interlith.simulation.assembly import SMALLEST_RESISTANCE, _raise_resistances

    table = np.zeros(2, NODE_DTYPE)
    table["ionic_resistance"] = 3e-14, 3e-4
    table["electronic_resistance"] = 1e-14, 1e-4
    _raise_resistances(table)
    both = table["ionic_resistance"] + table["electronic_resistance"]
    assert both == pytest.approx([SMALLEST_RESISTANCE, 4e-4])
    assert table["ionic_resistance"] / table["electronic_resistance"] == pytest.approx([3.0, 3.0])
