"""Full cells as a whole: laws that hold whatever the numbers, trends, checkpoints."""

import os
import signal
import warnings
from dataclasses import replace

import numpy as np
import pytest

import interlith as il
from interlith.errors import InputError
from interlith.numerics.banded import ABOVE, BELOW
from interlith.numerics.linked import DIAGONAL, LOWER, OWNER_COLUMN, OWNER_ROW, UPPER
from interlith.physics.electrode import state_count
from interlith.physics.full_cell import backbone_start, full_operate
from interlith.simulation import full_record, simulate_symmetric, used_values
from interlith.simulation.ageing import Ageing
from interlith.simulation.full_assembly import Grid, assemble_full
from interlith.simulation.full_columns import POLARISATION_COLUMNS
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
@pytest.mark.parametrize("sizes", [1, 2])
def test_the_jacobian_is_the_derivative_of_the_rates(control, half, sizes):
    particles = [{"radius": f"{size} um", "share": 1.0 / sizes} for size in range(1, sizes + 1)]
    cell = full_cell(fixture_stiffness="1 MPa/um", cathode={"particle_sizes": particles})
    assembly = assemble_full(cell, grid=Grid(4, 1.1, 4, 1.3, 4), half_cell=half)
    parameters, n = assembly.parameters, len(assembly.start)
    array = np.full(7, np.nan)
    array[0], array[1], array[6] = *control, 0.0
    system = (parameters, assembly.laws, array)
    rng = np.random.default_rng(3)
    y = assembly.start.copy()
    local = n - 5
    first = local - 4 * sizes * 5
    contents = y[first:local].reshape(5, 4 * sizes)
    contents[:4] = 0.6 - 0.1 * rng.random((4, 4 * sizes))
    y[local:-1] = 3.8 + 0.05 * rng.normal(size=4)
    work = full_workspace(parameters)
    band, links, shape = work.band, work.links, work.factors.shape
    columns, rows, coupling = np.zeros((3, n)), np.zeros((3, n)), np.zeros((3, 3))
    FULL.jacobian(system, y.copy(), band, links, columns, rows, coupling)
    dense = columns.T @ np.linalg.solve(np.eye(3) - coupling, rows)
    assert (shape.wide, shape.local) == (first, local)
    for i in range(first):
        for j in range(max(0, i - BELOW), min(first, i + ABOVE + 1)):
            dense[i, j] += band[i, j - i + BELOW]
    for i in range(first, n):
        begin, end, step = (first, local, shape.chains) if i < local else (local, n, 1)
        for row, j in ((LOWER, i - step), (DIAGONAL, i), (UPPER, i + step)):
            if begin <= j < end:
                dense[i, j] += links[row, i]
    for i in range(first, local):
        owner = local + (i - first) % shape.owners
        dense[i, owner] += links[OWNER_COLUMN, i]
        dense[owner, i] += links[OWNER_ROW, i]
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


# ------------------------------------------------------------------------------ which way it goes


def test_a_warm_cathode_has_the_potential_that_its_entropy_says():
    """U(T) = U + (T - 298.15 K) dU/dT, at rest as made and in the table at every x."""
    curve = il.Library.default()["NMC811"].curves["entropic_coefficient"]
    cold, warm = (assemble_full(full_cell(), temperature=kelvin) for kelvin in (298.15, 358.15))
    x = np.linspace(0.3, 0.9, 7)
    index = np.round(x * 2000).astype(int)
    tables = [found.parameters.cathode.open_circuit[index, 0] for found in (cold, warm)]
    assert tables[1] - tables[0] == pytest.approx(60.0 * curve.values(x), abs=1e-9)
    assert np.abs(tables[1] - tables[0]).max() > 1e-3


def test_charging_presses_the_stack_with_lithium_and_relieves_it_by_the_cathode():
    """Plated lithium grows by 13 cm3/mol, the oxide shrinks by a tenth of that."""
    stiff = full_cell(["Charge at 0.2C until 4.3 V"], fixture_stiffness="0.2 MPa/um")
    both, cathode = run(stiff), run(stiff, half_cell=True)
    start = 5e6
    assert both.dataset.stack_pressure.values[-1] > start + 1e5
    assert cathode.dataset.stack_pressure.values[-1] < start - 1e4


def operated(control, filament=0.0):
    assembly = assemble_full(full_cell())
    array = np.full(7, np.nan)
    array[0], array[1], array[6] = *control, 0.0
    y = assembly.start.copy()
    y[state_count(assembly.parameters.anode) - 1] = filament
    pressure = assembly.parameters.stack_pressure
    return full_operate(assembly.parameters, assembly.laws, array, y, pressure)


def test_a_short_discharges_a_resting_cell():
    rest, shorted = operated((0.0, 0.0)), operated((0.0, 0.0), filament=1.5)
    assert rest.ionic_current == 0.0
    assert shorted.current == 0.0
    assert shorted.ionic_current > 0.0
    assert shorted.voltage < rest.voltage
    assert shorted.ionic_current == pytest.approx(shorted.conductance * shorted.voltage)


@pytest.mark.parametrize("filament", [0.0, 1.2])
def test_a_held_power_is_drawn_with_its_sign(filament):
    for power in (10.0, -10.0):
        found = operated((2.0, power), filament)
        assert found.voltage * found.current == pytest.approx(power)
    held = operated((1.0, 3.0), filament)
    assert held.voltage == 3.0


@pytest.mark.parametrize("charge", [-1.0, 1.0])
def test_the_field_pulls_fluoride_with_its_charge(charge):
    """While a particle is charged its surface is at the higher potential, which holds anions."""
    assembly = assemble_full(full_cell(interphase="F-doping"))
    states = np.tile(assembly.start, (2, 1))
    first, backbone = (
        state_count(assembly.parameters.anode),
        backbone_start(assembly.parameters),
    )
    shells = len(assembly.shell_radii)
    particles = states[:, first:backbone].reshape(2, shells + 1, -1)
    particles[:, :shells] = np.linspace(0.6, 0.3, shells)[:, None]
    states[:, backbone:-1] = 4.5

    def taken_up(number):
        fatigue = replace(
            assembly.fatigue,
            fluoride_drift=number * abs(assembly.fatigue.fluoride_drift),
            fluoride_diffusivity=1e-18,
        )
        ageing = Ageing.fresh(assembly)
        ageing.after_step(replace(assembly, fatigue=fatigue), np.array([0.0, 1e4]), states)
        return ageing.outer_fluoride()[0]

    assert (taken_up(charge) - taken_up(0.0)) * charge > 0.0


def test_properties_of_the_composite_count_in_the_cell_file():
    usual = assemble_full(full_cell()).parameters.cathode
    close = full_cell(cathode={"properties": {"contact_fraction": 0.95}})
    assert assemble_full(close).parameters.cathode.gap_odds == pytest.approx(0.05 / 0.95)
    assert usual.gap_odds > 0.1


def test_every_value_is_listed_once_with_what_follows_from_the_recipe():
    values = used_values(full_cell())
    keys = [(used.where, used.property) for used in values]
    assert len(keys) == len(set(keys))
    assert {"thickness", "lithium_capacity", "volume_fraction of NMC811"} <= {k for _w, k in keys}


def test_values_at_another_temperature_stand_beside_the_usual_ones():
    steps = [{"charge": "0.1C", "for": "1 min", "temperature": "30 degC"}]
    found = {used.property: used.value for used in run(full_cell(steps)).used_values}
    warm, cold = found["lithium_diffusivity"], found["lithium_diffusivity (at 30 °C)"]
    assert cold < warm


def test_the_state_of_a_step_is_that_after_its_wear():
    result = run(full_cell(["Charge at 0.1C until 4.3 V"], interphase="LiCl-coating"))
    assert result.steps[-1].connected < 1.0
    assert result.steps[-1].connected == pytest.approx(float(result.recorded.connected.mean()))


def test_an_interrupt_waits_for_the_end_of_a_step(tmp_path):
    cell = full_cell([{"repeat": 4, "steps": CYCLES}])
    whole, path = run(cell), tmp_path / "run.npz"
    first = FullRun(cell)
    stepped = first._run_step

    def press_during_the_fifth(step):
        if first.next == 4:
            os.kill(os.getpid(), signal.SIGINT)
        stepped(step)

    first._run_step = press_during_the_fifth
    first.go(checkpoint=path)
    assert (first.status, first.next) == ("interrupted", 5)
    found = run(cell, checkpoint=path)
    assert found.cycles == whole.cycles


def test_what_needs_two_lithium_electrodes_refuses_a_full_cell():
    for needs in (simulate_symmetric, il.interlayer.evolve):
        with pytest.raises(InputError, match=r"layers\.3.*symmetric"):
            needs(full_cell())


# -------------------------------------------------------------------------- where the voltage goes

LOSSES = [name for name in POLARISATION_COLUMNS if name.startswith("loss_")]


@pytest.mark.parametrize("half", [False, True])
def test_the_losses_add_up_to_the_voltage(half):
    sizes = [{"radius": "1 um", "share": 0.4}, {"radius": "3 um", "share": 0.6}]
    cell = full_cell(
        ["Charge at 1C until 4.3 V", "Hold at 4.3 V until 0.1C", "Discharge at 3C until 2.7 V"],
        cathode={"particle_sizes": sizes},
    )
    data = run(cell, half_cell=half).dataset
    known = np.isfinite(data.equilibrium_potential.values)
    assert known.mean() > 0.9
    voltage = data.equilibrium_potential - sum(data[name] for name in LOSSES)
    assert np.abs((voltage - data.voltage).values[known]).max() < 1e-9


def test_every_loss_is_dissipated():
    """Beside the storage of charge all losses lower a discharge and raise a charge."""
    data = run(full_cell(["Charge at 1C until 4.2 V", "Discharge at 1C until 2.7 V"])).dataset
    sign = np.sign(data.current_density.values)
    for name in ("charge_transfer", "cathode_interphase", "cathode_ions", "cathode_electrons"):
        lost = (sign * data[f"loss_{name}"].values)[np.isfinite(data[f"loss_{name}"].values)]
        assert lost.min() > 0.0, name
    assert np.nanmean(sign * data.loss_solid_diffusion.values) > 0.0
    assert np.nanmean(sign * data.loss_lithium.values) > 0.0


def test_an_ohmic_loss_is_the_current_times_the_resistance():
    data = run(full_cell(["Charge at 1C until 4.2 V"])).dataset
    cell = assemble_full(full_cell())
    known = np.isfinite(data.loss_electrolyte.values)
    expected = data.current_density.values * cell.parameters.series_resistance
    assert data.loss_electrolyte.values[known] == pytest.approx(expected[known], rel=1e-9)


def test_the_newest_cycle_is_kept_and_old_ones_are_thinned(monkeypatch):
    monkeypatch.setattr(full_record, "MOST_CYCLES_IN_FULL", 5)
    monkeypatch.setattr(full_record, "FIRST_CYCLES_IN_FULL", 2)
    recorder = full_record.FullRecorder()
    for cycle in range(1, 24):
        recorder.keep_rows(cycle, cycle, np.zeros(3), np.zeros((3, 2)))
        recorder.keep_profile(cycle, (0.0, str(cycle), np.zeros(2), 0.0))
    kept = list(dict.fromkeys(recorder.arrays()[2].tolist()))
    assert kept[:2] == [1, 2]
    assert kept[-1] == 23, "a run may end at any cycle"
    assert len(kept) <= 6
    assert [int(label) for _t, label, _v, _c in recorder.profiles] == kept


def test_steps_belong_to_cycles():
    cell = full_cell(
        ["Rest for 1 min", *CYCLES, "Rest for 1 min", {"charge": "1C", "for": "1 min"}]
    )
    assert FullRun(cell).cycle_of_step == [0, 1, 1, 1, 1, 2]
