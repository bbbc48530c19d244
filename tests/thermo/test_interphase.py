"""What lithium makes of an electrolyte, and what of it reaches the library and the interlayer."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from interlith.errors import InputError
from interlith.materials import Library
from interlith.materials.writing import material_file
from interlith.report.life_tables import side_in_words
from interlith.simulation.evolution_data import time_below
from interlith.thermo import Phases
from interlith.thermo.feeds import interphase_entry
from interlith.thermo.formula import amounts

LIBRARY = Library.default()


def test_argyrodite_takes_eight_lithium_at_zero_volt(phases: Phases) -> None:
    found = phases.interphase("Li6PS5Cl")
    assert found.phases == pytest.approx({"Li2S": 5.0, "Li3P": 1.0, "LiCl": 1.0})
    assert found.lithium == pytest.approx(8.0)
    assert found.reaction == "Li6PS5Cl + 8 Li -> 5 Li2S + Li3P + LiCl"
    assert found.agreeing == found.sets


@pytest.mark.parametrize(
    ("electrolyte", "potential"),
    [("Li6PS5Cl", 0.0), ("Li6PS5Cl", 1.2), ("Li3YCl6", 0.3), ("Li6.5La3Zr1.5Ta0.5O12", 0.0)],
)
def test_every_element_is_kept(phases: Phases, electrolyte: str, potential: float) -> None:
    found = phases.interphase(electrolyte, potential)
    whole = dict(amounts(electrolyte))
    whole["Li"] += found.lithium
    made: dict[str, float] = {}
    for name, n in found.phases.items():
        for symbol, k in amounts(name).items():
            made[symbol] = made.get(symbol, 0.0) + n * k
    assert made == pytest.approx(whole)
    assert found.reduction_V.value <= potential


def test_phases_last_down_to_where_lithium_reduces_the_next(phases: Phases) -> None:
    # Above 0.98 V phosphorus is not yet in Li3P, on the set of measured energies.
    found = phases.interphase("Li6PS5Cl", 1.1)
    assert "Li3P" not in found.phases
    assert found.reduction_V.by_set["measured"] == pytest.approx(0.98, abs=0.01)
    edge = found.reduction_V.by_set["measured"]
    assert "Li3P" in phases.interphase("Li6PS5Cl", edge - 1e-3).phases


@pytest.mark.parametrize(
    ("electrolyte", "potential", "said"),
    [
        ("LiCl", 0.0, "lithium reduces LiCl"),
        ("Li6PS5Cl", 2.1, "lithium reduces Li6PS5Cl"),
        ("Li", 0.0, "electrolyte"),
    ],
)
def test_where_nothing_forms_the_error_says_so(
    phases: Phases, electrolyte: str, potential: float, said: str
) -> None:
    with pytest.raises(InputError, match=said):
        phases.interphase(electrolyte, potential)


def test_lithium_may_be_the_first_material_and_only_that(phases: Phases) -> None:
    (point,) = phases.interface("Li", "Li6PS5Cl", 0.0).points
    assert set(point.products) == {"Li2S", "Li3P", "LiCl"}
    assert point.V == 0.0
    assert point.mutual_eV_per_atom.value == 0.0
    # The same reservoir does the same to the electrolyte, whatever stands first.
    other = phases.interface("Bi", "Li6PS5Cl", 0.0).points[0]
    assert point.energy_eV_per_atom.value == pytest.approx(point.alone_eV_per_atom)
    assert point.alone_eV_per_atom == pytest.approx(other.alone_eV_per_atom)
    with pytest.raises(InputError, match="lithium itself comes first"):
        phases.interface("Li6PS5Cl", "Li", 0.0)


def test_the_entry_lies_over_the_library_and_leaves_the_rest(
    phases: Phases, tmp_path: Path
) -> None:
    path = tmp_path / "sei.yaml"
    entry = interphase_entry(phases, phases.interphase("Li6PS5Cl"), LIBRARY)
    path.write_text(material_file([entry]))
    before, after = (found["Li2S-Li3P-LiCl"] for found in (LIBRARY, Library.load([path])))
    assert after.composition["amounts"] == {"Li2S": 5.0, "Li3P": 1.0, "LiCl": 1.0}
    computed = {"reduction_potential", "lithium_concentration"}
    for name in computed:
        assert after[name].kind == "computed"
        # What the library says of its own agrees, so that simulations stay what they were.
        assert after[name].value == pytest.approx(before[name].value, rel=0.01)
        assert (after[name].low, after[name].high) == (before[name].low, before[name].high)
    others = before.properties.keys() - computed
    assert {n: after[n] for n in others} == {n: before[n] for n in others}


def test_without_a_density_no_concentration_is_made_up(phases: Phases) -> None:
    entry = interphase_entry(phases, phases.interphase("Li3YCl6"), LIBRARY)
    assert set(entry["properties"]) == {"reduction_potential"}
    with pytest.raises(InputError, match="whose interphase the library has: "):
        interphase_entry(phases, phases.interphase("Li3PS4"), LIBRARY)


@pytest.mark.parametrize("name", ["Li2S-Li3P-LiCl", "Li3YCl6-SEI"])
def test_the_library_has_the_compositions_of_this_room(phases: Phases, name: str) -> None:
    electrolyte = {"Li2S-Li3P-LiCl": "Li6PS5Cl", "Li3YCl6-SEI": "Li3YCl6"}[name]
    stored = LIBRARY[name].composition
    assert stored["basis"] == "formula units"
    assert stored["amounts"] == pytest.approx(phases.interphase(electrolyte).phases)


def history(potentials: list[float]) -> Any:
    """Return what `time_below` reads of an evolution: an hour a point."""
    eta = np.array(potentials)
    time = 3600.0 * np.arange(len(eta))
    return SimpleNamespace(edge_potential=np.column_stack([time, eta, eta]))


def test_time_below_the_reduction_potential_of_the_interphase() -> None:
    side: Any = SimpleNamespace(side="left", reduction_potential=1.72)
    life = history([2.0, 0.8, 0.8, 0.4, 0.0])
    assert time_below(life, side) == 4 * 3600.0
    assert time_below(life, side, LIBRARY["LiMgSx"]["reduction_potential"].value) == 2 * 3600.0
    assert time_below(life, side, 0.0) == 0.0


@pytest.mark.parametrize(("level", "said"), [(0.51, True), (0.0, False), (None, False)])
def test_the_report_says_when_the_interphase_itself_is_reduced(
    level: float | None, said: bool
) -> None:
    words = side_in_words(
        {
            "cracked": False,
            "host_lithiated_at_electrolyte_fraction": 1.0,
            "host_potential_V": 0.8,
            "time_on_plateau_h": 4.0,
            "time_below_reduction_potential_h": 26.0,
            "electrolyte_reduction_potential_V": 1.72,
            "interphase_reduction_potential_V": level,
            "time_below_interphase_reduction_potential_h": 22.0 if level else None,
        }
    )
    assert ("for 22 h it was below 0.51 V" in words) == said
    assert words.endswith(".")
