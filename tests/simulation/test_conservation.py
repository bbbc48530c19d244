"""What holds in every cell: lithium is kept, everything is finite, every end has a name."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import Phase, given, settings

from interlith.cell.strategies import cells

RANDOM = cells(most_interlayers=2, most_overrides=2, most_items=2)


def lithium_error(result):
    """Largest change of each electrode's lithium against the charge that ions carried to it."""
    data = result.dataset
    total = data["total_lithium"].values
    return np.abs(total.sum(axis=1) - total[0].sum()).max() / total[0].sum()


@settings(max_examples=25, phases=[Phase.generate])
@given(RANDOM)
def test_lithium_is_conserved_in_random_cells(solve, cell):
    cell = cell.model_copy(update={"solver": cell.solver.model_copy(update={"rtol": 1e-4})})
    result = solve(cell)
    assert result.status in ("completed", "stopped"), result.reason
    assert result.reason
    data = result.dataset
    for name in data.data_vars:
        if data[name].dims in (("time",), ("time", "electrode")) and name != "level":
            assert np.isfinite(data[name].values).all(), name
    # An electrode that is stripped empty without a voltage limit goes to kilovolts; there the
    # round-off of a potential of 1e3 V is what is left of the balance.
    sane = np.abs(data["voltage"].values).max() < 100.0
    assert lithium_error(result) < (1e-10 if sane else 1e-8)
    contact = data["contact_fraction"].values
    assert (contact > 0.0).all()
    assert (contact <= 1.0).all()
    assert (data["stack_pressure"].values >= 0.0).all()
    assert (np.diff(data["time"].values) >= 0.0).all()


def test_each_electrode_gains_what_the_current_brings(make, solve):
    side = [make.metal(), make.interlayer()]
    cell = make.read(side, protocol=[{"plate": "1 mA/cm2", "for": "30 min"}, {"rest": "5 min"}])
    data = solve(cell).dataset
    total = data["total_lithium"].values
    charge = 10.0 * 1800.0
    assert total[-1, 1] - total[0, 1] == pytest.approx(charge, rel=1e-9)
    assert total[-1, 0] - total[0, 0] == pytest.approx(-charge, rel=1e-9)
    assert data["areal_charge"].values[-1] == pytest.approx(charge, rel=1e-9)


def test_conservation_would_show_a_leak(make, solve):
    """Sum of the stores without the double layers misses the balance by more than the tolerance."""
    side = [make.metal(), make.interlayer()]
    cell = make.read(side, protocol=[{"plate": "1 mA/cm2", "for": "10 min"}])
    data = solve(cell).dataset
    stores = ["metal", "pore", "host", "filament"]
    total = sum(data[f"{name}_lithium"].values.sum(axis=1) for name in stores)
    assert np.abs(total - total[0]).max() / total[0] > 1e-10
