"""Critical currents respond as the field knows it, with the same laws and no switch."""

from __future__ import annotations

import pytest

from interlith.calibration.fit import failing_current


@pytest.fixture(scope="module")
def critical(make):
    """Critical current of a bare cell or one with interlayers, as a continuous number."""

    def find(bare=True, electrolyte=None, sei=None, metal=None, layer=None, step="0.1", **more):
        ramp = {k: more.pop(k) for k in ("areal_capacity", "half_cycle_time") if k in more}
        face = {"sei": sei} if sei else {}
        side = [{**make.metal(**(metal or {})), **(face if bare else {})}]
        if not bare:
            side.append(make.interlayer(**(layer or {}), **face))
        cell = make.read(
            side,
            electrolyte=make.electrolyte(**(electrolyte or {})),
            protocol=make.ramp(start=step, step=step, stop="8", **ramp),
            rtol=1e-3,
            **more,
        )
        return failing_current(cell)

    return find


def native(**properties):
    return {"material": "Li2S-Li3P-LiCl", "properties": properties}


MORE = 1.05
"""A trend counts from 5 % on: less could be the height of a step."""


@pytest.mark.parametrize("bare", [True, False], ids=["bare", "interlayer"])
def test_rises_with_temperature(critical, bare):
    cold, warm = (critical(bare, temperature=t, step="0.2") for t in ("15 degC", "45 degC"))
    assert warm > MORE * cold


@pytest.mark.parametrize("bare", [True, False], ids=["bare", "interlayer"])
def test_rises_with_stack_pressure(critical, bare):
    low, high = (critical(bare, stack_pressure=p, step="0.2") for p in ("1 MPa", "8 MPa"))
    assert high > MORE * low


@pytest.mark.parametrize("bare", [True, False], ids=["bare", "interlayer"])
def test_falls_with_areal_capacity(critical, bare):
    small, large = (critical(bare, areal_capacity=q) for q in ("0.3 mAh/cm2", "1.5 mAh/cm2"))
    assert small > MORE * large


def test_falls_with_sei_resistance(critical):
    good = critical(sei=native(ionic_conductivity="4e-6 S/cm"))
    poor = critical(sei=native(ionic_conductivity="2e-7 S/cm"))
    assert good > MORE * poor


def test_falls_with_roughness(critical):
    smooth, rough = (critical(electrolyte={"surface_roughness": r}) for r in ("0.1 um", "5 um"))
    assert smooth > MORE * rough


@pytest.mark.parametrize("bare", [True, False], ids=["bare", "interlayer"])
def test_rises_with_interface_energy(critical, bare):
    """Short half-cycles: in long ones of a bare cell voids decide, whatever the interphase."""
    name = "Li2S-Li3P-LiCl" if bare else "LiMgSx"
    limits = {"half_cycle_time": "10 min"} if bare else {"areal_capacity": "1 mAh/cm2"}
    found = []
    for energy in ("0.05 J/m2", "1.2 J/m2"):
        sei = {"material": name, "properties": {"interface_energy_against_lithium": energy}}
        found.append(critical(bare, sei=sei, **limits))
    assert found[1] > MORE * found[0]


def test_an_electronic_conductor_shorts_earlier_than_an_ionic_one(critical):
    electronic = {"ionic_conductivity": "2e-5 S/cm", "electronic_conductivity": "1e-1 S/cm"}
    ionic = {"ionic_conductivity": "1e-3 S/cm", "electronic_conductivity": "2e-5 S/cm"}
    assert critical(False, layer=ionic, step="0.2") > 1.5 * critical(False, layer=electronic)


def test_conductivities_decide_at_which_side_lithium_plates(make, solve):
    share = {}
    for name, ionic, electronic in (("el", "2e-5", "1e-1"), ("ion", "1e-3", "2e-5")):
        layer = make.interlayer(
            ionic_conductivity=f"{ionic} S/cm", electronic_conductivity=f"{electronic} S/cm"
        )
        protocol = [{"plate": "0.5 mA/cm2", "for": "5 min"}]
        data = solve(make.read([make.metal(), layer], protocol=protocol, rtol=1e-4)).dataset
        share[name] = data["electrolyte_side_plating_share"].values[-1, 1]
    assert share["el"] > 0.8
    assert share["ion"] < 0.2


def test_bismuth_alone_is_worse_than_with_magnesium(critical):
    bismuth = critical(False, layer={"material": "Bi"}, areal_capacity="1 mAh/cm2", step="0.2")
    both = critical(False, areal_capacity="1 mAh/cm2", step="0.2")
    assert both > 1.3 * bismuth


def test_an_interlayer_beats_a_bare_electrode(critical):
    assert critical(False, step="0.2") > 1.3 * critical(True)
