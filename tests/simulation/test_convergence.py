"""Orders of convergence in space and time, and two integrators with nothing in common."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import Phase, given, settings

from interlith.cell.cell import Cell
from interlith.cell.strategies import cells


def smooth_cell(make, **more):
    """Plating into a layer whose pores fill slowly, with the reaction spread over the layer."""
    layer = make.interlayer(
        pore_exchange_current_density="0.05 mA/cm2",
        host_exchange_current_density="1e-6 mA/cm2",
        ionic_conductivity="2e-5 S/cm",
        electronic_conductivity="2e-5 S/cm",
        particle_size="2 um",
        porosity=0.5,
    )
    side = [make.metal(**make.fast), layer]
    more.setdefault("protocol", [{"plate": "0.1 mA/cm2", "for": "20 min"}])
    return make.read(side, **more)


def end_voltage(result):
    assert result.status == "completed", result.reason
    return result.dataset["voltage"].values[-1]


def test_space_converges_with_order_two(make, solve):
    """Differences of successive grids fall by 2^p; the order is theirs and needs no reference."""
    cell = smooth_cell(make, rtol=1e-9)
    voltages = np.array([end_voltage(solve(cell, nodes=n)) for n in (6, 12, 24, 48)])
    steps = np.abs(np.diff(voltages))
    orders = np.log2(steps[:-1] / steps[1:])
    assert orders[-1] == pytest.approx(2.0, abs=0.3), voltages


def test_time_error_falls_with_the_tolerance(make, solve):
    protocol = [{"plate": "1 mA/cm2", "for": "20 min"}, {"strip": "1 mA/cm2", "for": "10 min"}]

    def voltage(rtol):
        side = [make.metal(), make.interlayer()]
        return end_voltage(solve(make.read(side, protocol=protocol, rtol=rtol)))

    exact = voltage(1e-9)
    errors = [abs(voltage(rtol) / exact - 1.0) for rtol in (1e-3, 1e-5, 1e-7)]
    assert errors[1] < errors[0]
    assert errors[2] < errors[1]
    assert errors[0] < 2e-2
    assert errors[2] < 1e-5


RANDOM = cells(most_interlayers=1, most_overrides=2, most_items=1)


@settings(max_examples=5, phases=[Phase.generate])
@given(RANDOM)
def test_the_two_integrators_agree_on_random_cells(solve, cell):
    """Plate and strip for 20 s: the same end within 20 times the tolerance of the fast one.

    CVODE runs at a tenth of that tolerance, since its error after many steps is far above the
    tolerance of one. Short on purpose: near a contact that breaks, time itself is what differs.
    """
    rtol = 1e-6
    short = [{"plate": "0.2 mA/cm2", "for": "20 s"}, {"strip": "0.1 mA/cm2", "for": "20 s"}]
    found = {}
    for integrator, tolerance in (("rodas", rtol), ("cvode", 0.1 * rtol)):
        solver = {"rtol": tolerance, "integrator": integrator}
        again = Cell.read({**cell.to_dict(), "protocol": short, "solver": solver})
        found[integrator] = solve(again)
    fast, reference = found["rodas"], found["cvode"]
    assert fast.status == reference.status, (fast.reason, reference.reason)
    for name in ("voltage", "stack_pressure", "areal_charge"):
        one, other = fast.dataset[name].values, reference.dataset[name].values
        assert one[-1] == pytest.approx(other[-1], abs=20 * rtol * np.abs(other).max()), name


def test_the_two_integrators_agree_on_a_ramp(make, solve):
    side = [make.metal(), make.interlayer()]
    ramp = make.ramp(start="0.5", step="0.5", stop="1", half_cycle_time="5 min")
    ends = []
    for integrator in ("rodas", "cvode"):
        result = solve(make.read(side, protocol=ramp, integrator=integrator, rtol=1e-6))
        assert result.timings["fallbacks"] == 0
        half_cycles = [(h.outcome, h.end_voltage, h.charge) for h in result.half_cycles]
        ends.append(half_cycles)
    assert len(ends[0]) == len(ends[1])
    for one, other in zip(*ends, strict=True):
        assert one[0] == other[0]
        assert one[1:] == pytest.approx(other[1:], rel=1e-4)
