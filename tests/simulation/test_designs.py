"""Many designs in one call against one cell at a time."""

import numpy as np
import pytest

import interlith as il
from interlith.errors import InputError
from interlith.simulation.full_run import simulate_full

CATHODE = {
    "material": "NMC811",
    "loading": "10 mg/cm^2",
    "active_mass_fraction": 0.75,
    "electrolyte": "Li6PS5Cl",
    "additive": "C",
    "additive_mass_fraction": 0.03,
}
PROTOCOL = [
    "Charge at 0.5C until 4.1 V",
    "Hold at 4.1 V until 0.1C",
    "Discharge at 1C until 2.7 V",
]


def cell(interlayer=False, protocol=PROTOCOL, **cathode):
    layers = [
        {"material": "Li", "thickness": "20 um"},
        {"material": "Li6PS5Cl", "thickness": "50 um"},
        CATHODE | cathode,
    ]
    if interlayer:
        layers.insert(1, {"material": "Mg16Bi84", "thickness": "20 um"})
    return il.Cell.read(
        {
            "name": "design",
            "temperature": "60 degC",
            "stack_pressure": "5 MPa",
            "area": "1 cm^2",
            "capacity": "2 mAh/cm^2",
            "layers": layers,
            "protocol": protocol,
        }
    )


@pytest.mark.parametrize("half", [False, True])
def test_a_design_is_what_its_own_cell_file_gives(half):
    """Radius, diffusivity and loading changed in the cell file against the same numbers varied."""
    own = cell(
        interlayer=not half,
        particle_radius="3 um",
        properties={"lithium_diffusivity": "2e-15 m^2/s", "exchange_current_density": "0.5 A/m^2"},
        loading="12 mg/cm^2",
    )
    alone = simulate_full(own, half_cell=half)
    base = cell(interlayer=not half)
    wanted = {v.property: v.value for v in alone.used_values if v.where.endswith("NMC811")}
    found = il.simulate_designs(
        base,
        {
            "particle_radius": [2e-6, 3e-6, 4e-6],
            "lithium_diffusivity": wanted["lithium_diffusivity"],
            "exchange_current_density": wanted["exchange_current_density"],
            "thickness": wanted["thickness"],
        },
        half_cell=half,
        workers=2,
    )
    charges = [step.charge for step in alone.steps]
    assert found.charge.values[1] == pytest.approx(charges, rel=1e-4)
    assert found.energy.values[1] == pytest.approx([step.energy for step in alone.steps], rel=1e-4)
    assert found.end_voltage.values[1] == pytest.approx(
        [step.end_voltage for step in alone.steps], abs=1e-6
    )
    assert not found.failed.any()


def test_threads_do_not_change_the_numbers():
    radii = np.linspace(1e-6, 4e-6, 7)
    one, three = (
        il.simulate_designs(cell(), {"particle_radius": radii}, workers=n) for n in (1, 3)
    )
    assert np.array_equal(one.charge.values, three.charge.values)
    assert len(np.unique(one.charge.values[:, -1])) == 7


def test_smaller_particles_thinner_cathodes_and_lower_rates_give_more():
    start = {"start_stoichiometry": 0.35}
    discharge = cell(protocol=["Discharge at 2C until 2.7 V"])

    def reached(**vary):
        found = il.simulate_designs(discharge, start | vary, half_cell=True)
        return found.charge.values[:, 0]

    assert np.all(np.diff(reached(particle_radius=[1e-6, 2e-6, 4e-6])) < 0.0)
    assert np.all(np.diff(reached(rate=[0.5, 1.0, 2.0])) < 0.0)
    assert np.all(np.diff(reached(ionic_conductivity=[1e-3, 1e-2, 1e-1])) > 0.0)
    times = np.array([0.5, 1.0, 2.0])  # at the same rate per mass
    per_thickness = reached(thickness=45e-6 * times, rate=times) / times
    assert np.all(np.diff(per_thickness) < 0.0)


def test_what_does_not_run_is_not_a_number():
    """A short ends a design: bare lithium at a rate far beyond what it can carry."""
    found = il.simulate_designs(
        cell(protocol=["Charge at 1C until 4.1 V", "Discharge at 1C until 2.7 V"]),
        {"rate": [0.05, 40.0]},
    )
    assert found.steps_run.values[0] == 2
    assert np.isfinite(found.charge.values[0]).all()
    late = found.charge.values[1, int(found.steps_run[1]) :]
    assert np.isnan(late).all()


@pytest.mark.parametrize(
    ("vary", "field"),
    [
        ({"porosity": 0.1}, "vary.porosity"),
        ({"particle_radius": [1e-6, -1e-6]}, "vary.particle_radius[1]"),
        ({"particle_radius": "small"}, "vary.particle_radius"),
        ({"active_fraction": 1.0}, "vary.active_fraction[0]"),
        ({"rate": [np.nan]}, "vary.rate[0]"),
        ({"rate": [[1.0]]}, "vary.rate"),
        ({"rate": []}, "vary.rate"),
        ({"rate": [1.0, 2.0], "thickness": [1e-5, 2e-5, 3e-5]}, "vary"),
    ],
)
def test_what_cannot_be_varied_is_named(vary, field):
    with pytest.raises(InputError) as caught:
        il.simulate_designs(cell(), vary)
    assert field in [problem.field for problem in caught.value.problems]


def test_one_door_for_every_cell():
    assert isinstance(il.simulate(cell(protocol=["Rest for 1 s"])), il.FullResult)
