"""A half cell is plain numbers; wrong ones are refused all at once, and nothing needs PyBaMM."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from interlith.bridges.half_cell import square_root_exchange_current
from interlith.errors import InputError
from interlith.physics.constants import FARADAY


def test_areal_capacity_is_that_of_the_lithium_it_holds(nmc811: Any) -> None:
    lithium = nmc811.maximum_concentration * nmc811.active_fraction * nmc811.thickness
    assert nmc811.areal_capacity == pytest.approx(FARADAY * lithium, rel=1e-14)


def test_spheres_in_contact_have_the_surface_of_spheres_times_the_contact(nmc811: Any) -> None:
    number = nmc811.active_fraction / (4.0 / 3.0 * np.pi * nmc811.particle_radius**3)
    surface = number * 4.0 * np.pi * nmc811.particle_radius**2
    assert nmc811.reacting_surface == pytest.approx(0.8 * surface, rel=1e-14)


def test_a_diffusivity_may_be_a_number_or_a_function(nmc811: Any) -> None:
    assert nmc811.diffusivity_at(0.5) == 4e-15
    changing = replace(nmc811, diffusivity=lambda x: 1e-14 * x)
    assert changing.diffusivity_at(0.5) == 5e-15


def test_the_exchange_current_has_its_reference_in_the_middle_and_levels_at_the_ends() -> None:
    exchange = square_root_exchange_current(3.0)
    assert exchange(0.5) == pytest.approx(3.0)
    assert exchange(np.array([0.01, 0.99])) == pytest.approx(6.0 * np.sqrt(0.0099))
    assert exchange(np.array([0.0, 1.0, 1.01])) == pytest.approx([0.06] * 3, rel=1e-3)


def test_every_wrong_number_is_named(nmc811: Any) -> None:
    with pytest.raises(InputError) as caught:
        replace(nmc811, thickness=-1e-6, contact_fraction=1.5, film_resistance=float("nan"))
    assert [problem.field for problem in caught.value.problems] == [
        "thickness",
        "contact_fraction",
        "film_resistance",
    ]


def test_no_film_and_no_separator_are_allowed(nmc811: Any) -> None:
    assert replace(nmc811, film_resistance=0.0, separator_resistance=0.0).film_resistance == 0.0


def test_neither_the_package_nor_a_half_cell_loads_pybamm() -> None:
    code = (
        "import sys, interlith as il; il.bridges.HalfCell; il.bridges.to_pybamm;"
        "sys.exit(any(name in sys.modules for name in ('pybamm', 'bpx', 'casadi')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_missing_extra_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from interlith.bridges import loading

    def absent(name: str) -> None:
        raise ModuleNotFoundError(name, name=name)

    monkeypatch.setattr(loading, "import_module", absent)
    with pytest.raises(loading.MissingExtraError, match=r"pip install 'interlith\[pybamm\]'"):
        loading.load_pybamm()
