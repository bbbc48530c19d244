"""The default library: whole, sourced, consistent, fast to load."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from interlith.errors import MaterialError
from interlith.materials import Library
from interlith.materials.library import DATA_FOLDER
from interlith.materials.material import CATEGORIES
from interlith.materials.rows import list_rows, show_rows
from interlith.materials.schema import PROPERTIES, RELATIONS, REQUIRED

LIBRARY = Library.default()
NAMES = LIBRARY.names()
WANTED = [
    "Li", "LiMg", "Mg16Bi84", "Bi", "ZnBi", "AlBi", "Ag-C", "BiOCl-Mg", "Li3Bi", "LiMgSx",
    "Li2S-Li3P-LiCl", "Li2O-LiCl-LiMgSx", "LiF", "Li2O", "LiCl", "Li2S", "Li3P", "Li6PS5Cl",
    "Li3YCl6", "Li6.5La3Zr1.5Ta0.5O12", "LiFSI-PMMA-PVDF-HFP", "Mg", "Zn", "Al", "Ag", "C",
    "NMC811", "LiNiO2", "NCA", "LCO", "uncoated-NMC", "LiCl-coating", "F-doping", "composite",
]  # fmt: skip


@pytest.mark.parametrize("name", WANTED)
def test_every_promised_material_is_there(name: str) -> None:
    assert name in NAMES
    assert name in LIBRARY


@pytest.mark.parametrize("name", NAMES)
def test_material_has_all_that_the_physics_reads(name: str) -> None:
    material = LIBRARY[name]
    assert material.category in CATEGORIES
    assert not [key for key in REQUIRED[material.category] if key not in material.properties]
    assert set(RELATIONS[material.category]) <= set(material.relations)


@pytest.mark.parametrize("name", NAMES)
def test_relations_lead_to_materials(name: str) -> None:
    related = [other for other in LIBRARY[name].relations.values() if other is not None]
    assert not [other for other in related if other not in LIBRARY]


@pytest.mark.parametrize("name", NAMES)
def test_every_value_has_unit_kind_and_provenance(name: str) -> None:
    for key, entry in LIBRARY[name].properties.items():
        assert entry.name == key
        assert entry.unit == PROPERTIES[key].unit
        assert entry.kind in ("measured", "computed", "fitted", "assumed")
        if entry.kind == "assumed":
            assert None not in (entry.low, entry.high), key
            assert entry.note, key
        else:
            assert entry.source is not None, key
        if entry.low is not None and entry.high is not None:
            assert entry.low <= entry.value <= entry.high, key


@pytest.mark.parametrize("path", sorted(DATA_FOLDER.glob("*/*.yaml")), ids=lambda path: path.stem)
def test_file_name_and_folder_are_name_and_category(path: Path) -> None:
    if path.parent.name == "fitted":
        return
    text = path.read_text(encoding="utf-8")
    assert f"name: {path.stem}\n" in text
    assert f"category: {path.parent.name}\n" in text


def test_lithium_mg_tables_start_at_lithium() -> None:
    lithium, alloy = LIBRARY["Li"], LIBRARY["LiMg"]
    for key, entry in alloy.properties.items():
        if entry.composition is not None:
            assert entry.at(298.15, 0.0) == pytest.approx(lithium[key].value), key
            assert entry.at(298.15, 0.1) == pytest.approx(entry.value), key


def test_bare_interface_resistance_is_of_the_measured_order() -> None:
    sei, lithium = LIBRARY["Li2S-Li3P-LiCl"], LIBRARY["Li"]
    layer = sei["initial_thickness"].value / sei["ionic_conductivity"].value
    transfer = 8.314 * 298.15 / 96485.0 / lithium["exchange_current_density"].value
    assert 5e-4 < layer + transfer < 20e-4  # Ohm m2


def test_creep_current_passes_both_published_points() -> None:
    lithium = LIBRARY["Li"]
    diffusive = lithium["diffusive_replenishment_current_density"].value
    creep = lithium["creep_replenishment_current_density"].value
    exponent = lithium["creep_pressure_exponent"].value
    reference = lithium["creep_reference_pressure"].value
    assert diffusive + creep * (3e6 / reference) ** exponent == pytest.approx(2.0, rel=0.02)
    assert diffusive + creep * (7e6 / reference) ** exponent == pytest.approx(10.0, rel=0.02)


def test_li3bi_swells_about_twofold() -> None:
    host = LIBRARY["Li3Bi"]
    swelling = host["molar_volume_lithiated"].value / host["molar_volume_delithiated"].value
    assert swelling == pytest.approx(2.15, abs=0.02)


def test_unknown_names_say_what_is_near() -> None:
    with pytest.raises(MaterialError, match="Li6PS5Cl"):
        LIBRARY["Li6PS5CI"]
    with pytest.raises(MaterialError, match="did you mean density"):
        LIBRARY["Li"]["densty"]
    assert LIBRARY["Li"].get("porosity") is None


def test_same_as_is_shown_as_an_assumption() -> None:
    entry, original = (LIBRARY[name]["creep_reference_pressure"] for name in ("LiMg", "Li"))
    assert (original.kind, entry.kind) == ("measured", "assumed")
    assert entry.value == original.value
    assert "as in Li (measured there)" in entry.note
    assert LIBRARY["AlBi"]["reservoir_depth"].value == LIBRARY["Mg16Bi84"]["reservoir_depth"].value


def test_rows_are_plain() -> None:
    import json

    rows = list_rows(LIBRARY)
    assert {row["name"] for row in rows} == set(NAMES)
    shown = {row["property"]: row for row in show_rows(LIBRARY, "Li3Bi")}
    assert shown["ionic_conductivity"]["temperature_law"].startswith("Arrhenius")
    assert shown["ionic_conductivity"]["unit"] == "S/m"
    json.dumps([rows, list(shown.values())], allow_nan=False)


def test_one_material_reads_few_files() -> None:
    start = time.perf_counter()
    Library()["Li6PS5Cl"]
    assert time.perf_counter() - start < 0.3
