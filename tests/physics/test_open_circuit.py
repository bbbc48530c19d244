"""What limits the lithium content where no potential was published."""

import warnings

import numpy as np
import pytest

import interlith as il
from interlith.physics.open_circuit import with_site_limits
from interlith.simulation.full_run import OutsideValidRange

X = np.linspace(0.0, 1.0, 2001)
THERMAL = 0.0257


def test_the_published_range_is_untouched():
    line = 4.0 - X
    found = with_site_limits(X, line, (0.2, 0.9), THERMAL)
    inside = (X >= 0.2) & (X <= 0.9)
    assert np.array_equal(found[inside], line[inside])
    assert np.all(np.diff(found) < 0.0)


def test_beyond_it_the_slope_is_that_of_ideal_mixing():
    """dU/dx gains -RT/F / (1 - x) towards full and -RT/F / x towards empty."""
    found = with_site_limits(X, np.zeros_like(X), (0.2, 0.9), THERMAL)
    slope = np.gradient(found, X)
    full, empty = (X > 0.905) & (X < 0.99), (X < 0.195) & (X > 0.01)
    assert slope[full] == pytest.approx(-THERMAL / (1.0 - X[full]), rel=1e-2)
    assert slope[empty] == pytest.approx(-THERMAL / X[empty], rel=1e-2)


@pytest.mark.parametrize("material", ["LiNiO2", "NCA", "LCO", "NMC811"])
def test_no_particle_takes_more_lithium_than_it_has_places_for(material):
    """Deep discharge of each material: x stays below 1 within what truncation leaves."""
    cell = il.Cell.read(
        {
            "name": material,
            "temperature": "80 degC",
            "stack_pressure": "5 MPa",
            "area": "1 cm^2",
            "capacity": "2 mAh/cm^2",
            "layers": [
                {"material": "Li", "thickness": "50 um"},
                {"material": "Mg16Bi84", "thickness": "20 um"},
                {"material": "Li6PS5Cl", "thickness": "50 um"},
                {
                    "material": material,
                    "loading": "10 mg/cm^2",
                    "active_mass_fraction": 0.7,
                    "electrolyte": "Li6PS5Cl",
                },
            ],
            "protocol": ["Charge at 0.2C until 4.1 V", "Discharge at 0.2C until 2 V"],
        }
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", OutsideValidRange)
        result = il.simulate(cell)
    assert result.status == "completed"
    assert result.timings["reference_fallbacks"] == 0
    assert float(result.dataset["highest_surface_stoichiometry"].max()) < 1.01
