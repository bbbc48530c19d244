"""The cathode of a full cell by both programs: the second one is an independent implementation."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import interlith as il
from interlith.errors import InputError

pytest.importorskip("pybamm")
pytest.importorskip("bpx")

from interlith.bridges.beside import beside_pybamm, rates_of
from interlith.bridges.composite import half_cell_of
from interlith.bridges.pybamm_half_cell import Mesh
from interlith.simulation.full_assembly import Grid
from interlith.simulation.half_cell import NO_DOUBLE_LAYER, HalfCellRuns, constant_current


def cell(temperature: str = "25 degC", **cathode: object) -> il.Cell:
    return il.Cell.read(
        {
            "name": "beside",
            "temperature": temperature,
            "stack_pressure": "5 MPa",
            "area": "1 cm^2",
            "capacity": "2 mAh/cm^2",
            "layers": [
                {"material": "Li", "thickness": "20 um"},
                {"material": "Li6PS5Cl", "thickness": "50 um"},
                {
                    "material": "NMC811",
                    "loading": "10 mg/cm^2",
                    "active_mass_fraction": 0.75,
                    "electrolyte": "Li6PS5Cl",
                    "additive": "C",
                    "additive_mass_fraction": 0.03,
                    "interphase": "LiCl-coating",
                }
                | cathode,
            ],
            "protocol": ["Charge at 0.1C until 4.2 V", "Discharge at 2C until 2.7 V"],
        }
    )


@pytest.mark.parametrize(
    ("temperature", "rate"), [("25 degC", 0.1), ("25 degC", 1.0), ("80 degC", 2.0)]
)
def test_both_programs_agree(temperature: str, rate: float) -> None:
    """Root mean square below 1 mV and capacities within 0.1 %, charge and discharge."""
    for compared in beside_pybamm(cell(temperature), [rate]):
        assert compared.rms_voltage_difference < 1e-3, compared.direction
        assert abs(compared.capacity_difference) < 1e-3, compared.direction
        assert compared.capacity > 0.2 * 72000.0


def test_the_comparison_would_see_a_wrong_number() -> None:
    """A contact fraction 5 % off shifts the voltage by far more than both programs differ."""
    right = beside_pybamm(cell(), [1.0], grid=Grid(12), mesh=Mesh(12, 60, clustered=True))[0]
    other = cell(properties={"contact_fraction": 0.735})
    wrong = HalfCellRuns(other, grid=Grid(12), rtol=1e-6, double_layer=NO_DOUBLE_LAYER)
    current = right.capacity / right.time[-1]
    content = half_cell_of(cell()).open_circuit_potential
    start = np.linspace(0.2, 0.9, 7001)
    charged = float(start[np.argmin(np.abs(content(start) - 4.2))])
    run = wrong.run(constant_current(current, 2.7), wrong.at_rest(charged))
    middle = 0.5 * right.time[-1]
    shift = abs(
        np.interp(middle, run.time, run.voltage) - np.interp(middle, right.time, right.voltage)
    )
    assert shift > 1e-3


def test_double_layers_delay_the_end_by_their_charge() -> None:
    """Why they are left out: what they take at the knee the particles do not get."""
    ends = [
        HalfCellRuns(cell(), grid=Grid(6), rtol=1e-6, double_layer=factor)
        for factor in (NO_DOUBLE_LAYER, 1.0)
    ]
    none, whole = (runs.run(constant_current(20.0, 2.7), runs.at_rest(0.3)) for runs in ends)
    assert 1e-4 < whole.time[-1] / none.time[-1] - 1.0 < 5e-3


def test_rates_come_from_the_protocol() -> None:
    assert rates_of(cell()) == [0.1, 2.0]


def test_a_half_cell_becomes_a_pybamm_experiment(capsys: pytest.CaptureFixture[str]) -> None:
    translated = il.bridges.to_pybamm(cell(), half_cell=True)
    assert "lithium electrode with its interlayers" in capsys.readouterr().err
    solution = translated.simulation().solve()
    voltage = solution["Voltage [V]"].entries
    assert voltage.max() == pytest.approx(4.2, abs=1e-3)
    assert voltage[-1] == pytest.approx(2.7, abs=1e-3)
    charge = solution["Discharge capacity [A.h]"].entries
    moved = charge[-1] - charge.min()
    assert 0.5e-3 < moved < 2.5e-3


def test_bpx_carries_the_cathode_and_says_what_is_lost() -> None:
    written = il.bridges.to_bpx(cell(), tell=None)
    assert any("counter electrode" in line for line in written.left_behind)
    back = il.bridges.from_bpx(json.loads(json.dumps(written.content)), tell=None).half_cell
    sent = half_cell_of(cell())
    for name in ("thickness", "ionic_conductivity", "particle_radius", "maximum_concentration"):
        assert getattr(back, name) == pytest.approx(getattr(sent, name), rel=1e-9), name
    x = np.linspace(0.3, 0.95, 14)
    assert back.open_circuit_potential(x) == pytest.approx(sent.open_circuit_potential(x), abs=2e-3)


@pytest.mark.parametrize("formula", ["__import__('os').system('true')", "exit(1)", "x.__class__"])
def test_a_formula_of_a_stranger_is_never_executed(formula: str) -> None:
    content = json.loads(json.dumps(il.bridges.to_bpx(cell(), tell=None).content))
    content["Parameterisation"]["Positive electrode"]["OCP [V]"] = formula
    with pytest.raises(InputError) as caught:
        il.bridges.from_bpx(content, tell=None)
    assert "OCP" in caught.value.problems[0].field


def test_sizes_of_particles_are_refused_by_name() -> None:
    sizes = [{"radius": "1 um", "share": 0.5}, {"radius": "2 um", "share": 0.5}]
    with pytest.raises(InputError, match="particle_sizes"):
        half_cell_of(cell(particle_sizes=sizes))


def test_the_command_names_what_it_cannot_compare(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from typer.testing import CliRunner

    from interlith.cli import app

    monkeypatch.chdir(tmp_path)
    runner = CliRunner()
    assert runner.invoke(app, ["new", "ccd", "cell.yaml"]).exit_code == 0
    refused = runner.invoke(app, ["run", "cell.yaml", "--with", "pybamm", "--json"])
    assert refused.exit_code == 2
    (problem,) = json.loads(refused.stdout)["problems"]
    assert (problem["file"], problem["field"]) == ("cell.yaml", "layers.4")
    assert not (tmp_path / "results").exists()


def test_the_command_gives_curves_and_their_difference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from typer.testing import CliRunner

    from interlith.cli import app

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(
        "interlith.bridges.beside.beside_pybamm",
        lambda cell, progress=None: beside_pybamm(
            cell, [1.0], grid=Grid(12, 1.1, 80, 1.05), mesh=Mesh(12, 160, clustered=True)
        ),
    )
    (tmp_path / "cell.yaml").write_text(cell().to_yaml())
    ran = CliRunner().invoke(app, ["run", "cell.yaml", "--with", "pybamm", "--json"])
    assert ran.exit_code == 0, ran.stderr
    data = json.loads(ran.stdout)
    assert [row["direction"] for row in data["comparison"]] == ["discharge", "charge"]
    assert all(row["rms_voltage_difference_mV"] < 2.0 for row in data["comparison"])
    folder = tmp_path / "results" / "cell-with-pybamm"
    assert (folder / "pictures" / "beside-pybamm.svg").stat().st_size > 0
    header, *rows = (folder / "curves.csv").read_text().splitlines()
    assert header.startswith("program,C_rate")
    assert {row.split(",")[0] for row in rows} == {"interlith", "pybamm"}


@pytest.mark.parametrize("interlayer", [None, "Mg16Bi84"])
def test_the_full_cell_again_in_pybamm(interlayer: str | None) -> None:
    """Lithium side, electrolyte and cathode by both programs: one charge and one discharge."""
    values = cell("60 degC").to_dict()
    values["protocol"] = ["Charge at 0.5C until 4.1 V", "Discharge at 1C until 2.7 V"]
    if interlayer is not None:
        values["layers"].insert(1, {"material": interlayer, "thickness": "20 um"})
    full = il.Cell.read(values)
    ours = il.simulate(full)
    theirs = il.bridges.to_pybamm(full).simulation().solve()
    charge = theirs["Discharge capacity [A.h]"].entries * 1000.0 / (full.area * 1e4)
    charges = [-float(charge.min()), float(charge[-1] - charge.min())]
    assert charges == pytest.approx([abs(step.charge) / 36000.0 for step in ours.steps], rel=2e-3)
    end = 0.98 * min(float(ours.dataset.time[-1]), float(theirs["Time [s]"].entries[-1]))
    at = np.linspace(5.0, end, 500)
    known = np.interp(at, theirs["Time [s]"].entries, theirs["Voltage [V]"].entries)
    difference = np.interp(at, ours.dataset.time, ours.dataset.voltage) - known
    assert np.sqrt(np.mean(difference**2)) < 2e-3
    lithium = theirs["Total lithium [C.m-2]"].entries
    assert np.ptp(lithium) < 1e-5 * lithium[0]


def test_the_full_cell_is_an_entry_point() -> None:
    import pybamm

    model = pybamm.Model("interlith full")
    assert "Total lithium [C.m-2]" in model.variables
    assert "Stack pressure [Pa]" in model.default_parameter_values
