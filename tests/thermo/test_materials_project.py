"""Energies of the Materials Project: scale, polymorphs, format, and what a failure says.

The client is pymatgen's own, whose one function that talks to the network (`request`) is replaced
by a recorded answer in the form that pymatgen decodes: energies are made up, the structure is not.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pymatgen.core import SETTINGS, Composition
from pymatgen.entries.computed_entries import ComputedEntry, ConstantEnergyAdjustment
from pymatgen.ext.matproj import MPRester, MPRestError

from interlith.errors import InputError, ServiceError
from interlith.thermo import Phases
from interlith.thermo.energies import read_energies
from interlith.thermo.materials_project import (
    KEY_VARIABLES,
    as_csv,
    client_with,
    fetch_energies,
    find_key,
)

KEY = "k" * 16 + "y" * 16
POTENTIALS = {"Li": "Li_sv", "Cl": "Cl", "S": "S"}


def entry(formula: str, energy: float, material: str, run_type: str = "GGA") -> ComputedEntry:
    symbols = [f"PAW_PBE {POTENTIALS[str(element)]} today" for element in Composition(formula)]
    return ComputedEntry(
        formula,
        energy,
        entry_id=f"{material}-{run_type}",
        parameters={"run_type": run_type, "hubbards": {}, "potcar_symbols": symbols},
        data={"oxidation_states": {}, "material_id": material},
    )


def recorded() -> list[ComputedEntry]:
    """Return new entries each time: pymatgen writes its corrections into them."""
    return [
        entry("Li2", -3.8, "mp-1"),
        entry("Cl2", -3.6, "mp-2"),
        entry("LiCl", -6.5, "mp-3"),
        entry("Li2Cl2", -13.4, "mp-4"),
        entry("LiCl", -15.0, "mp-4", "R2SCAN"),
        entry("LiCl3", -9.0, "mp-5"),
    ]


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Any:
    made = client_with(KEY)
    asked: list[str] = []

    def request(sub_url: str, *_: Any, **__: Any) -> list[dict[str, Any]]:
        asked.append(sub_url)
        return [{"entries": {str(one.parameters["run_type"]): one}} for one in recorded()]

    monkeypatch.setattr(made, "request", request)
    made.asked = asked
    return made


def test_the_lowest_polymorph_on_one_scale_per_formula_unit(client: MPRester) -> None:
    found = {one.formula: one for one in fetch_energies(client, "Li-Cl")}
    assert set(found) == {"LiCl", "LiCl3"}
    assert found["LiCl"].material_id == "mp-4"
    # By hand: -6.7 - (-1.9 - 1.8), and -0.614 eV per chloride in the corrections of 2020. The
    # r2SCAN entry, far below, does not count.
    assert found["LiCl"].energy_eV == pytest.approx(-3.0 - 0.614)
    assert "chemsys=" in client.asked[0]
    assert "Cl-Li" in client.asked[0]


def test_entries_of_another_scale_do_not_count_even_from_another_client() -> None:
    class Unfiltered:
        def get_entries_in_chemsys(self, elements: list[str]) -> list[ComputedEntry]:
            return recorded()

    found = {one.formula: one for one in fetch_energies(Unfiltered(), "Li-Cl")}
    assert found["LiCl"].energy_eV == pytest.approx(-3.0)


def test_an_entry_moved_onto_the_hull_of_r2scan_does_not_count() -> None:
    class Mixing:
        def get_entries_in_chemsys(self, elements: list[str]) -> list[ComputedEntry]:
            moved = entry("LiCl", -6.6, "mp-6")
            # The name that pymatgen's mixing scheme gives.
            shift = ConstantEnergyAdjustment(-5.0, name="MP GGA(+U)/R2SCAN mixing adjustment")
            moved.energy_adjustments = [shift]
            return [*recorded(), moved]

    found = {one.formula: one for one in fetch_energies(Mixing(), "Li-Cl")}
    assert found["LiCl"].material_id == "mp-4"
    assert found["LiCl"].energy_eV == pytest.approx(-3.0)


def test_what_is_written_is_what_energies_reads(client: MPRester, tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text(as_csv(fetch_energies(client, "Li-Cl"), date(2026, 11, 25)))
    chloride = next(row for row in read_energies(path, "user") if row.formula == "LiCl")
    assert (chloride.kind, chloride.quantity, chloride.temperature_K) == ("DFT", "energy", 0.0)
    assert chloride.value_eV == pytest.approx(-3.614)
    for said in ("mp-4", "GGA+U", "10.1063/1.4812323", "2026-11-25"):
        assert said in chloride.note
    # It is a set beside the measured ones, which still decide.
    window = Phases("default", energies=path).window("LiCl")
    assert window.high.measured
    assert window.high.by_set["user-computed"] == pytest.approx(-chloride.gibbs_eV)
    assert window.high.value == pytest.approx(3.98, abs=0.02)


def test_a_missing_key_is_told_with_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in KEY_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delitem(SETTINGS, "PMG_MAPI_KEY", raising=False)
    with pytest.raises(InputError, match="MP_API_KEY or PMG_MAPI_KEY"):
        find_key()
    monkeypatch.setenv("PMG_MAPI_KEY", f"{KEY}\n")
    assert find_key() == KEY


@pytest.mark.parametrize(
    "key", ["secret", f"secret\n{'k' * 25}", f"secret\r{'k' * 25}", f"secreté{'k' * 25}"]
)
def test_a_key_of_another_form_is_refused_without_being_shown(key: str) -> None:
    # A line break in a key of the right length came through, and the refused header quoted it.
    with pytest.raises(InputError, match="32 characters") as caught:
        client_with(key)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "error",
    [
        MPRestError(f"REST query returned with error status code 401 {KEY}"),
        ConnectionError("no route"),
        KeyError("entries"),
    ],
)
def test_a_failure_names_itself_and_hides_the_key(
    client: MPRester, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr(client, "request", fail)
    with pytest.raises(ServiceError, match=type(error).__name__) as caught:
        fetch_energies(client, "Li-Cl")
    assert KEY not in str(caught.value)


def test_the_cause_behind_a_long_address_is_told(client: Any, monkeypatch: Any) -> None:
    address = "&".join(f"chemsys={k}" for k in range(500))

    def fail(*_: Any, **__: Any) -> None:
        raise MPRestError(f"Max retries exceeded with {address}\n(Connection refused)")

    monkeypatch.setattr(client, "request", fail)
    with pytest.raises(ServiceError, match=r"Max retries.* \(Connection refused\)") as caught:
        fetch_energies(client, "Li-Cl")
    assert len(str(caught.value)) < 600


def test_an_answer_without_an_element_is_told(client: MPRester) -> None:
    with pytest.raises(ServiceError, match="no energy of S"):
        fetch_energies(client, "Li-Cl-S")


@pytest.mark.parametrize("system", ["", "Li", "Li-Fe", "LiCl", "Li-P-S-Cl-Br-I-O-F-N"])
def test_a_bad_system_is_refused_before_anybody_is_asked(client: Any, system: str) -> None:
    with pytest.raises(InputError, match="such as Li-P-S-Cl"):
        fetch_energies(client, system)
    assert not client.asked
