r"""The energy of a cathode is accounted for: what is delivered, stored and turned into heat.

At every moment the power at the terminals is what the active material gives (the open-circuit
potential times what each shell takes up), less what the double layers take, less heat: in diffusion
between shells and to the surface, in charge transfer and interphase, in both conductors. Each kind
of heat must be positive, and the sum must close to round-off: for the equations on any mesh, not in
the limit of fine ones.
"""

import warnings

import numpy as np
import pytest

import interlith as il
from interlith.numerics.table import look_up
from interlith.physics.composite import (
    contact_of,
    film_state,
    ionic_current_after,
    particle_current,
    surface_stoichiometry,
)
from interlith.physics.full_cell import anode_state_count, backbone_start
from interlith.simulation.full_assembly import Grid
from interlith.simulation.full_kernel import FULL
from interlith.simulation.full_run import FullRun, OutsideValidRange

CATHODE = {
    "material": "NMC811",
    "loading": "15 mg/cm^2",
    "active_mass_fraction": 0.7,
    "electrolyte": "Li6PS5Cl",
    "additive": "C",
    "additive_mass_fraction": 0.03,
    "particle_sizes": [{"radius": "1 um", "share": 0.4}, {"radius": "3 um", "share": 0.6}],
}
PROTOCOL = ["Charge at 1C until 4.25 V", "Hold at 4.25 V until 0.1C", "Discharge at 2C until 2.5 V"]


def cell():
    return il.Cell.read(
        {
            "name": "energy",
            "temperature": "60 degC",
            "stack_pressure": "5 MPa",
            "area": "1 cm^2",
            "capacity": "3 mAh/cm^2",
            "layers": [
                {"material": "Li", "thickness": "50 um"},
                {"material": "Mg16Bi84", "thickness": "20 um"},
                {"material": "Li6PS5Cl", "thickness": "100 um"},
                CATHODE,
            ],
            "protocol": PROTOCOL,
        }
    )


def powers(assembly, y, current):
    """Power by kind [W/m2]: given by the active material, taken by double layers, heats."""
    full, p = assembly.parameters, assembly.parameters.cathode
    first, backbone = anode_state_count(full), backbone_start(full)
    control = np.array([0.0, current, np.nan, np.nan, np.nan, np.nan, 0.0])
    dy = np.zeros_like(y)
    FULL.rates((full, assembly.laws, control), y, dy)
    nodes, particles, shells = len(p.nodes), len(p.particles), len(p.shell_volumes)
    contact = contact_of(p, full.stack_pressure)
    given = stored = diffusion = surface = 0.0
    for particle in range(particles):
        here, node = p.particles[particle], p.nodes[particle % nodes]
        held = node["width"] * here["lithium_charge"]
        base, eta = first + particle, y[backbone + particle % nodes]
        states = base + particles * np.arange(shells)
        open_circuit = [look_up(p.open_circuit, float(y[state]))[0] for state in states]
        integral = [look_up(p.diffusivity, float(y[state]))[0] for state in states]
        given += held * np.sum(p.shell_volumes * open_circuit * dy[states])
        flux = here["diffusion_rate"] * p.shell_conductances[:-1] * np.diff(integral)
        # Lithium that moves inwards, from U of the outer shell to the higher U of the inner one.
        diffusion += held * np.sum(flux * -np.diff(open_circuit))
        taken, *_slopes = particle_current(p, y, base, eta)
        uptake = here["uptake_rate"] * contact * taken
        at_surface = look_up(p.open_circuit, surface_stoichiometry(p, y, base))[0]
        diffusion += held * uptake * (open_circuit[-1] - at_surface)
        surface += held * uptake * (at_surface - eta)
        # Growth of the interphase takes electrons at the potential of its node.
        growth = here["uptake_rate"] * p.film_charge * dy[film_state(p, base)]
        surface += held * growth * eta
    ohmic, incoming = 0.0, current
    for node in range(nodes):
        outgoing = ionic_current_after(p, y, backbone, node, current)
        row = p.nodes[node]
        capacity = row["width"] * row["capacitance"]
        stored += capacity * y[backbone + node] * dy[backbone + node]
        for ionic in (incoming, outgoing):
            ohmic += row["ionic_resistance"] * ionic**2
            ohmic += row["electronic_resistance"] * (current - ionic) ** 2
        incoming = outgoing
    return given, stored, diffusion, surface, ohmic


@pytest.mark.parametrize("half", [True, False])
def test_power_closes_at_every_moment(half):
    """Along a charge, a hold and a discharge of two sizes of particles on a coarse mesh."""
    grid = Grid(5, 1.2, 6, 1.3, 4)
    run = FullRun(cell(), grid=grid, half_cell=half)
    checked = 0
    kept = run._record

    def look(step, ready, times, states, rows, event):
        nonlocal checked
        for row in range(1, len(times), 7):
            y, current = states[row].copy(), float(rows[row, 2])
            given, stored, *heats = powers(ready.assembly, y, current)
            delivered = float(rows[row, 6]) * current
            scale = abs(given) + abs(delivered) + 1e-9
            assert abs(delivered + stored + sum(heats) - given) < 1e-9 * scale
            assert min(heats) > -1e-9 * scale, "heat flows out, never in"
            checked += 1
        kept(step, ready, times, states, rows, event)

    run._record = look
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", OutsideValidRange)
        run.go()
    assert run.status == "completed"
    assert checked > 20


def test_a_half_cell_conserves_lithium():
    """What the cathode gains, cracked material included, is what the current brings."""
    repeated = cell().changed({"protocol": [{"repeat": 5, "steps": PROTOCOL}]})
    run = FullRun(repeated, half_cell=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", OutsideValidRange)
        run.go()
    assert run.status == "completed"
    assert run.ageing.isolated > 0.0
    assert 0.0 < run.imbalance < 1e-10
    brought = sum(step.charge for step in run.recorder.steps)
    assert run.brought == pytest.approx(brought, rel=1e-12)
