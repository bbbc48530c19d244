"""The command line as a shell sees it: exit codes, pure JSON, nothing written on bad input."""

from __future__ import annotations

import json
import math
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from interlith.calibration import fit, full_fit
from interlith.calibration.rows import measured_rows
from interlith.cli import app, commands, demonstration, fitting, folder, saving
from interlith.cli.answer import json_ready
from interlith.cli.commands import Template, parse_overrides
from interlith.errors import InputError, SolverError
from interlith.materials.fitted import read_fits

ROLES = ("calibration", "validation")
HEAVY = ["h5netcdf", "matplotlib", "numba", "pandas", "pint", "pydantic", "scipy", "xarray"]


@pytest.fixture(autouse=True)
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run every test in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def interlith(*arguments: str) -> Result:
    """Run a command in this process; an error that is not an exit is a failure of the test."""
    result = CliRunner().invoke(app, list(arguments))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def strict_json(text: str) -> dict[str, Any]:
    """Parse one JSON object; NaN and text around it are errors."""

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is not JSON")

    data = json.loads(text, parse_constant=refuse)
    assert isinstance(data, dict)
    return data


def files_below(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


@pytest.fixture
def cell_file(workplace: Path) -> str:
    interlith("new", "ccd-bare", "cell.yaml")
    return "cell.yaml"


# ------------------------------------------------------------------------------------- start-up
@pytest.mark.parametrize("module", ["interlith", "interlith.cli"])
def test_import_loads_nothing_heavy(module: str) -> None:
    code = f"import sys, {module}; print(sorted(set({HEAVY!r}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_help_names_every_command() -> None:
    result = interlith("--help")
    assert result.exit_code == 0
    for command in ("new", "check", "run", "demo", "materials"):
        assert command in result.stdout


def test_module_and_version() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "interlith", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("interlith ")


@pytest.mark.parametrize("arguments", [["run"], ["run", "a", "b"], ["frobnicate"], ["run", "--no"]])
@pytest.mark.parametrize("as_json", [False, True])
def test_wrong_usage_is_bad_input(
    arguments: list[str],
    as_json: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "argv", ["interlith", *arguments, *(["--json"] if as_json else [])])
    with pytest.raises(SystemExit) as exit_info:
        commands.main()
    captured = capsys.readouterr()
    assert exit_info.value.code == 2
    assert captured.err
    if as_json:
        assert strict_json(captured.out)["status"] == "error"
    else:
        assert captured.out == ""


# ------------------------------------------------------------------------------------------ new
@pytest.mark.parametrize("kind", list(Template))
def test_new_template_passes_check(kind: Template) -> None:
    assert interlith("new", kind.value, "cell.yaml").exit_code == 0
    checked = interlith("check", "cell.yaml")
    assert checked.exit_code == 0, checked.stderr


def test_new_keeps_an_existing_file(workplace: Path) -> None:
    file = workplace / "cell.yaml"
    file.write_text("mine\n")
    refused = interlith("new", "ccd", "cell.yaml")
    assert refused.exit_code == 2
    assert "--force" in refused.stderr
    assert file.read_text() == "mine\n"
    assert interlith("new", "ccd", "cell.yaml", "--force").exit_code == 0
    assert file.read_text() != "mine\n"


@pytest.mark.parametrize("target", [".", "absent/cell.yaml"])
def test_new_refuses_what_is_no_file(workplace: Path, target: str) -> None:
    assert interlith("new", "ccd", target).exit_code == 2
    assert files_below(workplace) == []


# ----------------------------------------------------------------------------- check, bad input
def test_check_warns_of_what_is_unusual(cell_file: str) -> None:
    arguments = ["check", cell_file, "--set", "stack_pressure=0 MPa"]
    data = strict_json(interlith(*arguments, "--json").stdout)
    assert any("stack_pressure is 0 MPa" in warning for warning in data["warnings"])
    assert "warning: stack_pressure is 0 MPa" in interlith(*arguments).stdout


@pytest.mark.parametrize("command", ["check", "run"])
def test_an_unknown_law_is_named_with_those_there_are(cell_file: str, command: str) -> None:
    result = interlith(command, cell_file, "--set", "models.void_model=net_striping", "--json")
    (problem,) = strict_json(result.stdout)["problems"]
    assert result.exit_code == 2
    assert problem["value"] == "net_striping"
    assert "net_stripping" in problem["expected"]
    unknown_slot = interlith(command, cell_file, "--set", "models.no_such_slot=x")
    assert unknown_slot.exit_code == 2
    assert "no_such_slot" in unknown_slot.stderr


def test_check_lists_the_values_doubtful_first(cell_file: str) -> None:
    data = strict_json(interlith("check", cell_file, "--json").stdout)
    kinds = [value["kind"] for value in data["values"]]
    rank = {"assumed": 0, "fitted": 1}
    ranks = [rank.get(kind, 2) for kind in kinds]
    assert data["status"] == "ok"
    assert data["problems"] == []
    assert "assumed" in kinds
    assert ranks == sorted(ranks)
    assert all(value["source"] for value in data["values"])


def test_check_shows_every_problem_with_its_field(cell_file: str) -> None:
    result = interlith(
        "check", cell_file, "--set", "area=-1 cm^2", "--set", "temperature=warm", "--json"
    )
    fields = [problem["field"] for problem in strict_json(result.stdout)["problems"]]
    assert result.exit_code == 2
    assert fields == ["temperature", "area"] or fields == ["area", "temperature"]
    assert "area" in result.stderr
    assert "temperature" in result.stderr


def _absent(path: Path) -> None:
    del path


def _folder(path: Path) -> None:
    path.mkdir()


def _bytes(content: bytes) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        path.write_bytes(content)

    return write


def _unreadable(path: Path) -> None:
    path.symlink_to(path)  # a link to itself: no permission bits needed, so root sees it too


BAD_FILES = {
    "absent": _absent,
    "folder": _folder,
    "unreadable": _unreadable,
    "empty": _bytes(b""),
    "binary": _bytes(bytes(range(256))),
    "list": _bytes(b"- a\n- b\n"),
    "broken": _bytes(b"layers: [\n"),
    "number": _bytes(b"5\n"),
    "tag": _bytes(b"!!python/object/apply:os.system ['touch pwned']\n"),
    "unknown key": _bytes(b"nam: x\n"),
}


@pytest.mark.parametrize("command", ["check", "run"])
@pytest.mark.parametrize("make", BAD_FILES.values(), ids=BAD_FILES)
def test_bad_file(workplace: Path, command: str, make: Callable[[Path], None]) -> None:
    make(workplace / "bad.yaml")
    before = files_below(workplace)
    for arguments in ([command, "bad.yaml"], [command, "bad.yaml", "--json"]):
        result = interlith(*arguments)
        assert result.exit_code == 2
        assert "bad.yaml" in result.stderr
        assert "Traceback" not in result.stderr
    problems = strict_json(result.stdout)["problems"]
    assert problems
    assert set(problems[0]) == {"file", "field", "value", "expected", "line", "message"}
    assert files_below(workplace) == before


BAD_SETS = [
    "nonsense",
    "=5",
    "area=",
    "layers.99.thickness=1 um",
    "layers.1.thicknes=1 um",
    "no_such_field=1",
    "area=1 V",
    "layers.0.material=Kryptonite",
    "temperature=2000 K",
    "void_model=x",
    "models.void_model=no_such_law",
]


@pytest.mark.parametrize("command", ["check", "run"])
@pytest.mark.parametrize("text", BAD_SETS)
def test_bad_set(workplace: Path, cell_file: str, command: str, text: str) -> None:
    result = interlith(command, cell_file, "--set", text, "--json")
    assert result.exit_code == 2
    assert strict_json(result.stdout)["status"] == "error"
    assert files_below(workplace) == [cell_file]


def test_every_malformed_set_is_named() -> None:
    with pytest.raises(InputError) as error_info:
        parse_overrides(["area=1 cm^2", "one", "two"])
    assert [problem.value for problem in error_info.value.problems] == ["one", "two"]


def test_set_keeps_equals_signs_in_the_value() -> None:
    assert parse_overrides(["name = a=b "]) == {"name": "a=b"}


# ------------------------------------------------------------------------------------- materials
def test_materials_list_by_category() -> None:
    everything = strict_json(interlith("materials", "list", "--json").stdout)["materials"]
    hosts = interlith("materials", "list", "--category", "host", "--json")
    names = [entry["name"] for entry in strict_json(hosts.stdout)["materials"]]
    assert "Li3Bi" in names
    assert len(names) < len(everything)
    assert "Li3Bi" in interlith("materials", "list").stdout


def test_a_full_cell_is_checked_and_run() -> None:
    assert interlith("new", "full", "full.yaml").exit_code == 0
    data = strict_json(interlith("check", "full.yaml", "--json").stdout)
    names = {value["property"] for value in data["values"]}
    assert {"loading", "effective_ionic_conductivity", "exchange_current_density"} <= names
    text = Path("full.yaml").read_text()
    start = text.index("protocol:")
    steps = 'protocol: ["Charge at 1C until 4.1 V", "Discharge at 1C until 2.7 V"]'
    Path("full.yaml").write_text(f"{text[:start]}{steps}\n")
    data = strict_json(interlith("run", "full.yaml", "--json").stdout)
    (cycle,) = data["cycles"]
    assert cycle["C_rate"] == pytest.approx(1.0)
    assert 0.0 < cycle["discharge_mAh_cm2"] <= cycle["charge_mAh_cm2"] * 1.01
    assert Path("results/full/cycles.csv").is_file()
    assert "mAh/cm2" in interlith("run", "full.yaml").stdout


def test_materials_list_unknown_category() -> None:
    result = interlith("materials", "list", "--category", "hots")
    assert result.exit_code == 2
    assert "did you mean host" in result.stderr


def test_materials_show_tells_value_unit_kind_and_source() -> None:
    data = strict_json(interlith("materials", "show", "Li3Bi", "--json").stdout)
    entry = data["properties"]["ionic_conductivity"]
    assert entry["value"] > 0
    assert entry["unit"] == "S/m"
    assert entry["kind"] in {"measured", "computed", "fitted", "assumed"}
    shown = interlith("materials", "show", "Li3Bi").stdout
    assert "ionic_conductivity" in shown
    assert "S/m" in shown


def test_materials_show_curves_with_source_and_validity() -> None:
    data = strict_json(interlith("materials", "show", "NMC811", "--json").stdout)
    entry = data["curves"]["open_circuit_potential"]
    assert entry["unit"] == "V"
    assert entry["valid"] == [entry["x"][0], entry["x"][-1]]
    assert entry["values"][0] > entry["values"][-1] > 2.5
    assert entry["doi"] == "10.1149/1945-7111/abdc71"
    shown = interlith("materials", "show", "NMC811").stdout
    assert "open_circuit_potential" in shown
    assert "0.2157 to 1" in shown
    assert "Ghosh" in shown
    assert "curves" not in strict_json(interlith("materials", "show", "Li3Bi", "--json").stdout)


def test_materials_show_at_temperature() -> None:
    def conductivity(*options: str) -> float:
        shown = interlith("materials", "show", "Li6PS5Cl", "--json", *options)
        return float(strict_json(shown.stdout)["properties"]["ionic_conductivity"]["value"])

    assert conductivity("--temperature", "60 degC") > conductivity()


@pytest.mark.parametrize(
    "arguments", [["Li3B"], ["Li3Bi", "--temperature", "60"], ["Li3Bi", "--temperature", "hot"]]
)
def test_materials_show_bad_input(arguments: list[str]) -> None:
    result = interlith("materials", "show", *arguments, "--json")
    assert result.exit_code == 2
    assert strict_json(result.stdout)["problems"]


# --------------------------------------------------------------------------- run, with a stand-in
@dataclass
class StandIn:
    """A result that needs no simulation."""

    status: str = "completed"
    reason: str = ""
    ccd: None = None
    cell: SimpleNamespace = field(default_factory=lambda: SimpleNamespace(name="stand-in"))

    def summary(self) -> dict[str, object]:
        return {"status": self.status, "reason": self.reason, "ccd": None, "loss": math.nan}

    def save(self, folder: Path) -> None:
        (folder / "summary.json").write_text("{}")


Simulation = Callable[[Callable[[], StandIn]], None]


@pytest.fixture
def simulation(monkeypatch: pytest.MonkeyPatch) -> Simulation:
    """Let a test say what the simulation does."""

    def become(behaviour: Callable[[], StandIn]) -> None:
        monkeypatch.setattr("interlith.simulation.simulate_symmetric", lambda *_, **__: behaviour())

    return become


@pytest.mark.parametrize(
    ("status", "code"),
    [("completed", 0), ("stopped", 0), ("failed", 1), ("interrupted", 130)],
)
def test_exit_code_of_a_status(
    workplace: Path, cell_file: str, simulation: Simulation, status: str, code: int
) -> None:
    simulation(lambda: StandIn(status=status, reason="because"))
    result = interlith("run", cell_file, "--json", "--no-report")
    data = strict_json(result.stdout)
    assert result.exit_code == code
    assert data["status"] == status
    assert data["loss"] is None
    assert (workplace / "results" / "cell" / "summary.json").is_file()


@pytest.mark.parametrize(
    ("error", "code", "status"),
    [
        (SolverError("step too small", 3, 10.0, "plate"), 1, "failed"),
        (KeyboardInterrupt(), 130, "interrupted"),
        (OSError(28, "No space left on device"), 1, "failed"),
        (PermissionError(13, "Permission denied", "out/result.nc"), 1, "failed"),
    ],
)
def test_exit_code_of_an_error(
    workplace: Path,
    cell_file: str,
    simulation: Simulation,
    error: BaseException,
    code: int,
    status: str,
) -> None:
    def fail() -> StandIn:
        raise error

    simulation(fail)
    result = interlith("run", cell_file, "--json")
    assert result.exit_code == code
    assert strict_json(result.stdout)["status"] == status
    assert files_below(workplace) == [cell_file]


def test_stray_prints_do_not_reach_json(cell_file: str, simulation: Simulation) -> None:
    def talk() -> StandIn:
        print("compiling, once")
        return StandIn()

    simulation(talk)
    result = interlith("run", cell_file, "--json", "--no-report")
    assert strict_json(result.stdout)["status"] == "completed"
    assert "compiling" in result.stderr


def test_bad_out_is_refused_before_the_run(
    workplace: Path, cell_file: str, simulation: Simulation
) -> None:
    simulation(lambda: pytest.fail("simulated although the folder cannot be written"))
    (workplace / "mine").mkdir()
    (workplace / "mine" / "thesis.txt").write_text("years of work")
    before = files_below(workplace)
    for out in (cell_file, f"{cell_file}/below", "mine"):
        result = interlith("run", cell_file, "--out", out)
        assert result.exit_code == 2
        assert "--out" in result.stderr
    assert files_below(workplace) == before


@pytest.mark.parametrize("where", ["save", "promote"])
def test_a_full_disk_is_not_bad_input(
    workplace: Path,
    cell_file: str,
    simulation: Simulation,
    monkeypatch: pytest.MonkeyPatch,
    where: str,
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    target = {"save": StandIn, "promote": folder}[where]
    monkeypatch.setattr(target, {"save": "save", "promote": "_promote"}[where], full)
    simulation(StandIn)
    result = interlith("run", cell_file, "--no-report", "--json")
    assert result.exit_code == 1
    assert strict_json(result.stdout)["status"] == "failed"
    assert "could not be written: No space left on device" in result.stderr
    assert not (workplace / "results" / "cell").exists()


def test_compilation_is_announced_before_it_starts(
    cell_file: str, simulation: Simulation, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = "Compiling the equations, once; later runs start at once."
    simulation(StandIn)
    for pending in (True, False):
        monkeypatch.setattr(
            "interlith.simulation.freshness.compilation_pending",
            lambda full=False, pending=pending: pending,
        )
        result = interlith("run", cell_file, "--no-report")
        assert (told in result.stderr) == pending


# ------------------------------------------------------------------------ saving beside the run
def _answer_from_a_process(result: object, path: Path, **_: object) -> None:
    path.mkdir(exist_ok=True)
    (path / "pid").write_text(str(os.getpid()))
    if result == "too large":
        raise OSError(28, "No space left on device")


@pytest.fixture
def two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saving, "_cores", lambda: 2)
    monkeypatch.setattr(saving, "save_result", _answer_from_a_process)
    monkeypatch.setattr(
        saving, "_save_in_parallel", lambda *given: _answer_from_a_process(*given[:2])
    )


@pytest.mark.skipif(sys.platform != "linux", reason="only there is a second process used")
@pytest.mark.usefixtures("two_cores")
def test_another_process_saves_and_its_error_arrives(workplace: Path) -> None:
    with saving.result_saver(report=True) as save:
        save("small", workplace / "out")
    assert int((workplace / "out" / "pid").read_text()) != os.getpid()
    with saving.result_saver(report=True) as save, pytest.raises(OSError, match="No space left"):
        save("too large", workplace / "out")


@pytest.mark.skipif(sys.platform != "linux", reason="only there is a second process used")
@pytest.mark.usefixtures("two_cores")
def test_a_lost_process_is_replaced_by_this_one(
    workplace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saving, "_load_libraries", lambda: os._exit(9))
    with saving.result_saver(report=True) as save:
        save("small", workplace / "out")
    assert int((workplace / "out" / "pid").read_text()) == os.getpid()


def test_bad_input_leaves_no_process_behind(workplace: Path) -> None:
    assert interlith("run", "absent.yaml").exit_code == 2
    assert multiprocessing.active_children() == []
    assert files_below(workplace) == []


# ------------------------------------------------------------------------------- run, for real
CCD_FIELDS = {
    "last_passing_mA_cm2",
    "first_failing_mA_cm2",
    "cause",
    "electrode",
    "half_cycle_areal_capacity_mAh_cm2",
    "cumulative_areal_capacity_mAh_cm2",
}


def test_a_short_is_a_result(workplace: Path, cell_file: str) -> None:
    result = interlith("run", cell_file, "--json")
    data = strict_json(result.stdout)
    assert result.exit_code == 0, result.stderr
    assert data["status"] == "stopped"
    assert set(data["ccd"]) >= CCD_FIELDS
    assert data["ccd"]["first_failing_mA_cm2"] > data["ccd"]["last_passing_mA_cm2"]
    written = files_below(workplace / "results" / "cell")
    assert set(written) >= {"cell.yaml", "report.html", "result.nc", "summary.json"}


def test_people_read_the_verdict(workplace: Path, cell_file: str) -> None:
    result = interlith("run", cell_file, "--no-report", "--out", "there")
    assert result.exit_code == 0, result.stderr
    assert "last passing current density, mA/cm2" in result.stdout
    assert "there" in result.stdout
    assert not (workplace / "results").exists()


def test_an_interrupt_keeps_what_was_computed(
    workplace: Path, cell_file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def press_ctrl_c(done: float, doing: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(
        "interlith.cli.progress.progress_bar", lambda _title: nullcontext(press_ctrl_c)
    )
    result = interlith("run", cell_file, "--json", "--no-report")
    assert result.exit_code == 130
    assert strict_json(result.stdout)["status"] == "interrupted"
    assert (workplace / "results" / "cell" / "result.nc").is_file()


# ------------------------------------------------------------------------------------------ demo
def test_the_demo_compares_at_equal_capacity(
    workplace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("interlith.cli.commands.save_result", lambda *_: None)
    result = interlith("demo", "--json")
    cells = strict_json(result.stdout)["cells"]
    assert list(cells) == ["bare-1h", "bare", "interlayer"]
    capacities = [cells[key]["ccd"]["half_cycle_areal_capacity_mAh_cm2"] for key in cells]
    assert capacities[1:] == pytest.approx([1.0, 1.0])
    assert cells["bare"]["measured"] is None
    assert cells["interlayer"]["measured"] == {
        "value_mA_cm2": 2.6,
        "role": "calibration",
        "id": "ccd-mgbi-1.0",
    }
    page = (workplace / "results" / "demo" / "comparison.html").read_text(encoding="utf-8")
    assert "rows that the model was calibrated with" in page
    shown = interlith("demo").stdout
    assert "2.6 (calibration)" in shown
    assert "results/demo/comparison.html" in shown


@pytest.mark.parametrize("case", demonstration.CASES, ids=lambda case: case.key)
def test_a_demo_cell_is_the_measured_one(case: demonstration.Case) -> None:
    row, cell = demonstration.measured_row(case), demonstration.demo_cell(case)
    if row is None:
        assert case.row is None
        return
    (test,) = [item.ccd for item in cell.protocol]
    assert [layer.material for layer in cell.electrodes] == [row.electrode] * 2
    assert {layer.material for layer in cell.left_interlayers} == ({row.interlayer} - {None})
    assert cell.temperature - 273.15 == pytest.approx(row.temperature_C)
    capacity, time_h = row.areal_capacity_mAh_cm2, row.half_cycle_h
    assert test.areal_capacity == (None if capacity is None else pytest.approx(36000.0 * capacity))
    assert test.half_cycle_time == (None if time_h is None else pytest.approx(3600.0 * time_h))


# ------------------------------------------------------------------------------------- calibrate
@pytest.fixture
def calibration(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replace the minutes of a fit by its outcome."""

    def calibrate(report: Callable[[str], None]) -> fit.Fit:
        report("0.7, 0.9, 30 -> 0.4")
        rows = measured_rows("calibration", fit.QUANTITY)
        return fit.Fit(fit.start_values(), 0.01 * numpy.eye(3), rows, [row.value for row in rows])

    monkeypatch.setattr(fit, "calibrate", calibrate)
    monkeypatch.setattr(
        fit, "model_ccd", lambda row, library: math.inf if "znbi" in row.id else 1.0
    )


@pytest.mark.usefixtures("calibration")
def test_calibrate_keeps_predictions_apart(workplace: Path) -> None:
    result = interlith("calibrate", "--json")
    data = strict_json(result.stdout)
    assert result.exit_code == 0
    assert "0.7, 0.9, 30 -> 0.4" in result.stderr
    rows = {role: {row.id for row in measured_rows(role, fit.QUANTITY)} for role in ROLES}
    assert {row["id"] for row in data["calibration"]} == rows["calibration"]
    assert {row["id"] for row in data["predictions"]} == rows["validation"]
    assert {row["ratio"] for row in data["calibration"]} == {1.0}
    (none_failed,) = [row for row in data["predictions"] if not row["failed"]]
    assert none_failed["id"] == "ccd-znbi-1h"
    assert none_failed["model_mA_cm2"] is None
    assert len(read_fits(workplace)) == 3
    shown = interlith("calibrate", "--out", "mine.yaml").stdout
    fitted, predicted = shown.split("Predictions: validation rows, never fitted")
    assert "ccd-mgbi-1.0" in fitted
    assert "ccd-mgbi-2.0" in predicted
    assert "no failure" in predicted


def test_calibrate_of_full_cells_names_units_and_outcomes(
    workplace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = full_fit.full_rows("calibration")
    found = fit.Fit(
        fit.start_values(full_fit.FULL_UNKNOWNS),
        0.01 * numpy.eye(2),
        rows,
        [row.value for row in rows],
        full_fit.FULL_UNKNOWNS,
    )
    monkeypatch.setattr(full_fit, "calibrate_full", lambda report: found)
    monkeypatch.setattr(
        full_fit, "model_values", lambda rows, library, report: {row.id: 1.0 for row in rows}
    )
    data = strict_json(interlith("calibrate", "--rows", "full-cell", "--json").stdout)
    assert [row["measured_mAh_cm2"] for row in data["calibration"][:1]] == [4.3]
    by_id = {row["id"]: row for row in data["predictions"]}
    assert set(by_id) == {row.id for row in full_fit.full_rows("validation")}
    assert by_id["bi-only"]["ratio"] is None
    assert by_id["full-f-7.64-fade"]["model_percent"] == 1.0
    assert len(read_fits(workplace)) == 2
    shown = interlith("calibrate", "--rows", "full-cell", "--out", "mine.yaml").stdout
    assert "outcome only" in shown
    assert "mAh/g" in shown


@pytest.mark.usefixtures("calibration")
def test_calibrate_overwrites_only_its_own_file(workplace: Path) -> None:
    (workplace / "thesis.yaml").write_text("years of work")
    for arguments in (["thesis.yaml"], ["."], ["absent/fit.yaml"], ["fit.yaml", "--install"]):
        assert interlith("calibrate", "--out", *arguments).exit_code == 2
    assert files_below(workplace) == ["thesis.yaml"]
    assert interlith("calibrate", "--out", "fit.yaml").exit_code == 0
    assert interlith("calibrate", "--out", "fit.yaml").exit_code == 0


def test_install_writes_where_the_library_reads() -> None:
    for kind in fitting.RowsOf:
        assert fitting.fit_file(kind, None, install=True).is_file()
        assert fitting.installed_file(kind).parent.name == "fitted"


# ------------------------------------------------------------------------------------------ JSON
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_json_is_strict(value: object) -> None:
    text = json.dumps(json_ready({"value": value}), allow_nan=False)
    strict_json(text)


def test_json_knows_numpy() -> None:
    numpy = pytest.importorskip("numpy")
    value = {"a": numpy.float64(math.inf), "b": numpy.array([1.0, math.nan]), "c": numpy.int64(3)}
    assert json_ready(value) == {"a": None, "b": [1.0, None], "c": 3}
