"""Charge and voltage: along the open-circuit potential, as given, and from a result."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from tests.energy.conftest import make

from interlith import energy
from interlith.energy.asked import subject_of
from interlith.energy.delivered import voltage_limits
from interlith.errors import InputError
from interlith.materials import Library

# 96485 C/mol x 49340 mol/m3 / 4800 kg/m3, in mAh/g
ONE_LITHIUM = 96485.33212 * 49340.0 / 4800.0 / 3600.0


def test_a_charge_to_4_3_V_takes_what_the_published_table_says(cell):
    """The table of NMC811 has 4.2999 V at x = 0.2157; it is made with x = 0.995."""
    delivered = subject_of(cell).delivered
    assert delivered.specific_capacity / 3600.0 == pytest.approx(
        (0.995 - 0.2157) * ONE_LITHIUM, rel=1e-4
    )
    assert delivered.charged_stoichiometry == pytest.approx(0.2157, abs=1e-4)
    assert "upper limit" in delivered.basis


def test_the_mean_voltage_is_the_area_under_the_curve(cell):
    curve = Library.default()["NMC811"].curves["open_circuit_potential"]
    x = np.linspace(0.2157, 0.995, 20001)
    mean = np.trapezoid(curve.values(x), x) / (x[-1] - x[0])
    assert subject_of(cell).delivered.mean_voltage == pytest.approx(mean, abs=2e-5)


def test_a_lower_upper_limit_gives_less_charge_and_less_voltage(cell_of):
    to_41 = cell_of(protocol=["Charge at 1 mA/cm2 until 4.1 V", "Discharge at 1 mA/cm2 until 3 V"])
    low, high = subject_of(to_41).delivered, subject_of(make()).delivered
    # 4.1058 V at x = 0.3707 and 4.0905 V at 0.3807 in the published table
    assert 0.3707 < low.charged_stoichiometry < 0.3807
    assert low.specific_capacity < high.specific_capacity
    assert low.mean_voltage < high.mean_voltage


def test_a_smaller_capacity_of_the_cell_file_counts(cell_of):
    delivered = subject_of(cell_of(capacity="3 mAh/cm^2")).delivered
    assert delivered.specific_capacity / 3600.0 == pytest.approx(150.0)
    assert "cell file's capacity of 3 mAh/cm2" in delivered.basis
    # from the charged end on, so at a higher voltage than the whole discharge
    assert delivered.mean_voltage > subject_of(make()).delivered.mean_voltage


def test_a_larger_capacity_of_the_cell_file_does_not(cell_of):
    whole = subject_of(make()).delivered
    assert subject_of(cell_of(capacity="9 mAh/cm^2")).delivered == whole


def test_without_a_voltage_limit_the_capacity_is_counted_from_the_cathode_as_made(cell_of):
    timed = cell_of(capacity="3 mAh/cm^2", protocol=["Charge at 1 mA/cm2 for 3 h"])
    delivered = subject_of(timed).delivered
    assert delivered.charged_stoichiometry == pytest.approx(0.995 - 150.0 / ONE_LITHIUM)


def test_without_limit_and_capacity_there_is_no_answer(cell_of):
    timed = cell_of(protocol=["Charge at 1 mA/cm2 for 3 h"])
    with pytest.raises(InputError, match=r"protocol: .*'capacity' of the cell"):
        energy.cell_level(timed)


@pytest.mark.parametrize(("upper", "lower"), [("2", "1.5"), ("3.6", "3.9"), ("4.3", "4.9")])
def test_limits_without_charge_between_them_are_refused(cell_of, upper, lower):
    limits = [f"Charge at 1 mA/cm2 until {upper} V", f"Discharge at 1 mA/cm2 until {lower} V"]
    with pytest.raises(InputError, match=rf"protocol: got 'a charge to {upper} V and .*{lower} V'"):
        energy.cell_level(cell_of(protocol=limits))


def test_more_than_the_material_holds_is_refused(cell):
    with pytest.raises(InputError, match=r"capacity: got '8 mAh/cm2', expected .* at most 4\.29"):
        energy.cell_level(cell, changes={"areal_capacity": "8 mAh/cm2"})


def test_measured_values_replace_those_at_rest(cell, measured):
    found = energy.cell_level(cell, changes=measured).summary()["delivered"]
    assert found["areal_capacity_mAh_cm2"] == pytest.approx(4.0)
    assert found["mean_voltage_V"] == 3.8
    assert "as the design gives it" in found["basis"]
    assert found["source"] == "given"


def test_the_temperature_moves_the_potential_as_the_entropic_coefficient_says(cell_of):
    material = Library.default()["NMC811"]
    cold, warm = (subject_of(cell_of(temperature=t)).delivered for t in ("25 degC", "75 degC"))
    x = np.linspace(cold.charged_stoichiometry, 0.995, 20001)
    slope = material.curves["entropic_coefficient"]
    mean = np.trapezoid(slope.values(np.clip(x, *slope.valid)), x) / (x[-1] - x[0])
    assert warm.mean_voltage - cold.mean_voltage == pytest.approx(50.0 * mean, abs=3e-3)


@pytest.mark.parametrize(
    ("protocol", "expected"),
    [
        (["Charge at 0.1C until 4.1 V", "Discharge at 0.1C until 2.7 V"], (4.1, 2.7)),
        (
            [{"repeat": 3, "steps": ["Charge at 1C until 4.2 V", "Discharge at 1C until 3 V"]}],
            (4.2, 3.0),
        ),
        (["Charge at 0.1C until 4.1 V", "Hold at 4.15 V until 0.05C"], (4.15, None)),
        (
            [
                {"current": "-1 mA/cm2", "until": "4 V"},
                {"current": "1 mA/cm2", "until": "3 V"},
            ],
            (4.0, 3.0),
        ),
        (["Rest for 1 h"], (None, None)),
    ],
)  # fmt: skip
def test_voltage_limits_are_those_of_the_protocol(cell_of, protocol, expected):
    assert voltage_limits(cell_of(protocol=protocol, capacity="4 mAh/cm^2").protocol) == expected


# ----------------------------------------------------------------------------------------- results
def result_of(cell, charges=(3.6, 4.0, 3.2, np.nan), voltages=(3.6, 3.7, 3.75, np.nan)):
    """Return what a run leaves behind, as far as the energy asks for it."""
    columns = {
        "cycle_discharge_mAh_cm2": ("cycle", np.array(charges)),
        "cycle_mean_discharge_voltage_V": ("cycle", np.array(voltages)),
    }
    numbers = np.arange(1, len(charges) + 1)
    return xr.Dataset(columns, {"cycle": numbers}, {"cell_yaml": cell.to_yaml()})


def test_a_result_gives_the_cycle_with_most_energy(cell):
    found = energy.cell_level(cell, result_of(cell))
    assert found.summary()["delivered"]["cycle"] == 2
    assert found.stack.energy == pytest.approx(4.0 * 36000.0 * 3.7)
    assert "cycle 2 of 4" in found.subject.delivered.basis
    assert "cycle 3, gave 81.1 %" in found.subject.delivered.basis


def test_another_cycle_can_be_asked_for(cell):
    found = energy.cell_level(cell, result_of(cell), cycle=3)
    assert found.stack.energy == pytest.approx(3.2 * 36000.0 * 3.75)


def test_a_result_is_read_from_its_folder_or_file(cell, tmp_path):
    result_of(cell).to_netcdf(tmp_path / "result.nc", engine="h5netcdf")
    here = energy.stack_level(cell, tmp_path).Wh_kg
    assert energy.stack_level(cell, str(tmp_path / "result.nc")).Wh_kg == here
    assert here == pytest.approx(energy.stack_level(cell, result_of(cell)).Wh_kg)


def test_other_layers_may_differ_from_those_simulated(cell, cell_of):
    thin = cell_of(**{"layers.1.thickness": "50 um"})
    assert (
        energy.stack_level(thin, result_of(cell)).Wh_kg
        > energy.stack_level(cell, result_of(cell)).Wh_kg
    )


def test_another_cathode_than_the_simulated_one_is_refused(cell, cell_of):
    other = cell_of(**{"layers.2.loading": "30 mg/cm^2"})
    with pytest.raises(InputError, match=r"--result: got 'a cathode that differs in loading'"):
        energy.cell_level(other, result_of(cell))


@pytest.mark.parametrize(
    ("cycle", "expected"), [(4, "1 to 3"), (9, "1 to 3"), (-1, "1 to 3")]
)  # fmt: skip
def test_a_cycle_that_is_not_there_is_refused(cell, cycle, expected):
    with pytest.raises(InputError, match=rf"--cycle: got '{cycle}', expected .*{expected}"):
        energy.cell_level(cell, result_of(cell), cycle=cycle)


def test_a_cycle_needs_a_result(cell):
    with pytest.raises(InputError, match="--cycle: got '2', expected a cycle only beside --result"):
        energy.cell_level(cell, cycle=2)


def test_a_result_and_a_measured_capacity_contradict_each_other(cell, measured):
    with pytest.raises(InputError, match=r"areal_capacity: .*not both"):
        energy.cell_level(cell, result_of(cell), changes=measured)


@pytest.mark.parametrize(
    "bad",
    [
        "nowhere",
        xr.Dataset(),
        object(),
        result_of(make(), charges=(np.nan,), voltages=(np.nan,)),
        result_of(make()).assign_attrs(cell_yaml=""),
    ],
    ids=["no folder", "no cycles", "no result", "no discharge", "no cell"],
)
def test_what_is_no_result_is_refused(cell, bad):
    with pytest.raises(InputError, match="--result"):
        energy.cell_level(cell, bad)


def test_an_unreadable_result_is_refused(cell, tmp_path):
    (tmp_path / "result.nc").write_text("not netcdf")
    with pytest.raises(InputError, match="--result: got 'unreadable'"):
        energy.cell_level(cell, tmp_path)
