"""Full cells as a whole: laws that hold whatever the numbers, trends, checkpoints."""

import warnings

import numpy as np
import pytest

import interlith as il
from interlith.numerics.banded import ABOVE, BELOW, WIDTH
from interlith.simulation.full_assembly import Grid, assemble_full
from interlith.simulation.full_kernel import FULL, full_workspace
from interlith.simulation.full_run import FullRun, OutsideValidRange, simulate_full

CYCLES = ["Charge at 0.5C until 4.3 V", "Hold at 4.3 V until 0.1C", "Discharge at 1C until 2.7 V"]


def full_cell(protocol=CYCLES, interphase="uncoated-NMC", interlayer="Mg16Bi84", **more):
    cathode = {
        "material": "NMC811",
        "loading": "10 mg/cm^2",
        "active_mass_fraction": 0.7,
        "electrolyte": "Li6PS5Cl",
        "interphase": interphase,
    }
    cathode |= more.pop("cathode", {})
    layers = [{"material": "Li", "thickness": "50 um"}]
    layers += [{"material": interlayer, "thickness": "20 um"}] if interlayer else []
    layers += [{"material": "Li6PS5Cl", "thickness": "100 um"}, cathode]
    values = {
        "name": "full",
        "temperature": "60 degC",
        "stack_pressure": "5 MPa",
        "area": "1 cm^2",
        "capacity": "2 mAh/cm^2",
        "layers": layers,
        "protocol": list(protocol),
    }
    return il.Cell.read(values | more)


def run(cell, **more):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", OutsideValidRange)
        return simulate_full(cell, **more)


@pytest.mark.parametrize("control", [(0.0, 20.0), (1.0, 3.8), (2.0, 60.0)])
@pytest.mark.parametrize("half", [False, True])
def test_the_jacobian_is_the_derivative_of_the_rates(control, half):
    cell = full_cell(fixture_stiffness="1 MPa/um")
    assembly = assemble_full(cell, grid=Grid(4, 1.1, 4, 1.3, 4), half_cell=half)
    parameters, n = assembly.parameters, len(assembly.start)
    array = np.full(7, np.nan)
    array[0], array[1], array[6] = *control, 0.0
    system = (parameters, assembly.laws, array)
    rng = np.random.default_rng(3)
    y = assembly.start.copy()
    local = n - 5
    first = local - 4 * 5
    particles = y[first:local].reshape(4, 5)
    particles[:, :4] = 0.6 - 0.1 * rng.random((4, 4))
    y[local:-1] = 3.8 + 0.05 * rng.normal(size=4)
    band, links = np.zeros((n, WIDTH)), np.zeros((2, n))
    columns, rows, coupling = np.zeros((3, n)), np.zeros((3, n)), np.zeros((3, 3))
    FULL.jacobian(system, y.copy(), band, links, columns, rows, coupling)
    dense = columns.T @ np.linalg.solve(np.eye(3) - coupling, rows)
    for i in range(n):
        for j in range(max(0, i - BELOW), min(n, i + ABOVE + 1)):
            dense[i, j] += band[i, j - i + BELOW]
    owner = full_workspace(parameters).owner
    for i in range(first, local):
        dense[i, owner[i]] += links[0, i]
        dense[owner[i], i] += links[1, i]
    numeric = np.zeros((local + 5, n))
    for j in range(first, n - 1):
        step = 1e-6 * (abs(y[j]) if abs(y[j]) < 1e-3 else 1.0)
        ends = []
        for sign in (1.0, -1.0):
            moved, rates = y.copy(), np.zeros(n)
            moved[j] += sign * step
            FULL.rates(system, moved, rates)
            ends.append(rates)
        numeric[:, j] = (ends[0] - ends[1]) / (2.0 * step)
    scale = np.abs(numeric[first:-1, first:-1]).max(axis=1, keepdims=True)
    difference = np.abs(dense[first:-1, first:-1] - numeric[first:-1, first:-1])
    assert (difference / scale).max() < 1e-4


def test_lithium_is_conserved_while_the_cathode_wears():
    result = run(full_cell([{"repeat": 6, "steps": CYCLES}], interphase="F-doping"))
    assert result.status == "completed"
    assert result.lithium_imbalance < 1e-10
    assert result.cycles[-1].connected_fraction < result.cycles[0].connected_fraction
    assert result.cycles[-1].fluoride_mol_m3 > 0.0


def test_a_slow_discharge_gives_the_open_circuit_potential():
    cell = full_cell(["Charge at 0.02C until 4.1 V", "Discharge at 0.02C until 3.3 V"])
    result = run(cell)
    curve = il.Library.default()["NMC811"].curves["open_circuit_potential"]
    data = result.dataset
    inside = (data.current_density > 0.0) & (data.mean_stoichiometry < 0.9)
    rest = curve.values(data.mean_stoichiometry.values[inside.values])
    assert np.abs(data.voltage.values[inside.values] - rest).max() < 0.02


def capacity(**more):
    result = run(full_cell(["Charge at 0.1C until 4.2 V", "Discharge at 3C until 2.7 V"], **more))
    return result.cycles[0].discharge_mAh_g


def test_trends():
    usual = capacity()
    assert capacity(cathode={"loading": "30 mg/cm^2"}, capacity="6 mAh/cm^2") < usual
    assert capacity(temperature="80 degC") > usual > capacity(temperature="40 degC")
    assert capacity(stack_pressure="100 MPa") > usual
    assert capacity(cathode={"particle_radius": "0.5 um"}) > usual
    assert usual > capacity(cathode={"particle_radius": "4 um"})


def test_fluoride_saves_the_cathode_at_high_voltage_only():
    def kept(upper, interphase):
        steps = [f"Charge at 1C until {upper}", "Discharge at 1C until 2.7 V"]
        return run(full_cell([{"repeat": 30, "steps": steps}], interphase)).cycles[-1]

    lost = {
        (upper, name): 1.0 - kept(upper, name).connected_fraction
        for upper in ("4.1 V", "4.3 V")
        for name in ("LiCl-coating", "F-doping")
    }
    assert lost["4.3 V", "F-doping"] < lost["4.3 V", "LiCl-coating"]
    assert lost["4.1 V", "LiCl-coating"] < 0.01 * lost["4.3 V", "LiCl-coating"]


def test_the_capacity_converges_with_the_grid():
    protocol = ["Charge at 1C until 4.2 V", "Discharge at 1C until 2.7 V"]
    cell = full_cell(protocol, interlayer=None, solver={"rtol": 1e-7})
    grids = [Grid(n, 1.1 ** (12 / n), s, 1.35 ** (10 / s)) for n, s in ((6, 5), (12, 10), (48, 40))]
    coarse, usual, fine = (run(cell, grid=g, half_cell=True).cycles[0] for g in grids)
    error = abs(usual.discharge_mAh_cm2 - fine.discharge_mAh_cm2)
    assert error < 2e-3 * fine.discharge_mAh_cm2
    assert error < 0.5 * abs(coarse.discharge_mAh_cm2 - fine.discharge_mAh_cm2)


def test_rodas_agrees_with_the_reference_integrator():
    fast = run(full_cell(CYCLES, interlayer=None, solver={"rtol": 1e-6}), half_cell=True)
    solver = {"rtol": 1e-8, "integrator": "cvode"}
    slow = run(full_cell(CYCLES, interlayer=None, solver=solver), half_cell=True)
    expected = slow.cycles[0].discharge_mAh_cm2
    assert fast.cycles[0].discharge_mAh_cm2 == pytest.approx(expected, rel=1e-4)


def test_a_checkpoint_goes_on_as_if_nothing_had_happened(tmp_path):
    cell = full_cell([{"repeat": 4, "steps": CYCLES}], interphase="F-doping")
    whole = run(cell)
    path = tmp_path / "run.npz"
    first = FullRun(cell)
    for _step in range(5):
        first._run_step(first.steps[first.next])
    first.save(path)
    second = FullRun(cell)
    assert second.resume(path)
    assert second.next == 5
    second.go(checkpoint=path)
    assert not path.exists(), "a finished run leaves no checkpoint"
    found = second.result(0.0)
    assert [c.discharge_mAh_cm2 for c in found.cycles] == [
        c.discharge_mAh_cm2 for c in whole.cycles
    ]
    assert len(found.dataset.time) == len(whole.dataset.time)
    assert not FullRun(full_cell(CYCLES)).resume(path)


@pytest.mark.parametrize("content", [b"", b"PK rubbish", b"x" * 1000])
def test_a_broken_checkpoint_is_not_used(tmp_path, content):
    path = tmp_path / "run.npz"
    path.write_bytes(content)
    assert not FullRun(full_cell()).resume(path)


def test_a_step_has_its_own_temperature():
    hot = {"discharge": "3C", "until": "2.7 V", "temperature": "80 degC"}
    cold = {"discharge": "3C", "until": "2.7 V", "temperature": "30 degC"}
    charge = "Charge at 0.1C until 4.2 V"
    found = run(full_cell([charge, hot, charge, cold]))
    assert [cycle.temperature_C for cycle in found.cycles] == pytest.approx([80.0, 30.0])
    assert found.cycles[0].discharge_mAh_g > found.cycles[1].discharge_mAh_g
    assert found.lithium_imbalance < 1e-10


def test_beyond_the_published_potential_a_run_warns_once():
    cell = full_cell(["Charge at 0.1C until 4.6 V", "Discharge at 0.1C until 2.7 V"])
    with pytest.warns(OutsideValidRange) as caught:
        result = simulate_full(cell)
    assert [w.category for w in caught].count(OutsideValidRange) == 1
    assert result.rows_outside_valid_range > 0
    assert result.summary()["checks"]["rows_outside_valid_ocv_range"] > 0


def test_results_are_written(tmp_path):
    import xarray as xr

    result = run(full_cell())
    result.save(tmp_path)
    with xr.open_dataset(tmp_path / "result.nc", engine="h5netcdf") as data:
        assert float(data.cycle_discharge_mAh_cm2[0]) > 1.0
    assert (tmp_path / "cycles.csv").read_text().startswith("cycle,")
