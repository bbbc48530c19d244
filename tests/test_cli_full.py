"""`interlith run` of full cells: pictures, checkpoints, a process that is killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from interlith.cli import app
from interlith.simulation import full_run

CELL = """
name: full
temperature: 60 degC
stack_pressure: 5 MPa
area: 1 cm^2
capacity: 2 mAh/cm^2
layers:
  - {material: Li, thickness: 50 um}
  - {material: Mg16Bi84, thickness: 20 um}
  - {material: Li6PS5Cl, thickness: 100 um}
  - material: NMC811
    loading: 10 mg/cm^2
    active_mass_fraction: 0.7
    electrolyte: Li6PS5Cl
    interphase: F-doping
protocol:
  - repeat: CYCLES
    steps: [Charge at 1C until 4.3 V, Discharge at 1C until 2.7 V]
"""
EVERY_STEP = (
    "from interlith.cli.commands import main; from interlith.simulation import full_run;"
    "full_run.SECONDS_BETWEEN_CHECKPOINTS = 0.0; main()"
)
WAIT_S = 300.0


@pytest.fixture(autouse=True)
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run every test in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write_cell(cycles: int, name: str = "full.yaml") -> None:
    Path(name).write_text(CELL.replace("CYCLES", str(cycles)), encoding="utf-8")


def interlith(*arguments: str) -> Result:
    result = CliRunner().invoke(app, list(arguments))
    assert result.exit_code == 0, result.output
    return result


def ran(*arguments: str) -> dict[str, Any]:
    data = json.loads(interlith("run", *arguments, "--json").stdout)
    assert isinstance(data, dict)
    return data


def checkpoint(folder: str = "full") -> Path:
    return Path("results") / f".{folder}.checkpoint.npz"


def killed_in_the_middle(cycles: int) -> None:
    """Start a run that writes a checkpoint after each step, and kill it by SIGKILL."""
    write_cell(cycles)
    command = [sys.executable, "-c", EVERY_STEP, "run", "full.yaml", "--no-report"]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, stdout=quiet, stderr=quiet, env=dict(os.environ))
    deadline = time.monotonic() + WAIT_S
    while not checkpoint().is_file():
        assert process.poll() is None, "the run ended before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.01)
    time.sleep(0.3)  # some cycles more
    process.send_signal(signal.SIGKILL)
    assert process.wait(60.0) == -signal.SIGKILL
    assert not Path("results/full").exists(), "nothing half-written where results belong"


def ran_apart(*arguments: str) -> tuple[dict[str, Any], str]:
    """Answer and messages of a run in a process of its own.

    It loads compiled code from the disk, as the killed one did. This process may have compiled it
    itself at the same time as another worker, with sums in another order.
    """
    command = [sys.executable, "-m", "interlith", "run", *arguments, "--json", "--no-report"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=WAIT_S)
    data = json.loads(done.stdout)
    assert isinstance(data, dict)
    return data, done.stderr


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no SIGKILL")
def test_a_killed_run_goes_on_to_the_same_numbers() -> None:
    killed_in_the_middle(200)
    assert checkpoint().is_file()
    data, messages = ran_apart("full.yaml")
    at = data["resumed_at_cycle"]
    assert 1 <= at < 200
    assert f"Resumed at cycle {at} of 200" in messages
    assert not checkpoint().exists(), "a finished run leaves no checkpoint"
    whole, _messages = ran_apart("full.yaml", "--out", "whole")
    assert whole["resumed_at_cycle"] is None
    assert data["cycles"] == whole["cycles"]
    assert data["end"] == whole["end"]
    assert data["checks"] == whole["checks"]


def leave_a_checkpoint(cycles: int, steps: int) -> None:
    """Write the checkpoint of a run that did some of its steps."""
    from interlith.cell import load

    write_cell(cycles)
    run = full_run.FullRun(load(Path("full.yaml")))
    for _step in range(steps):
        run._run_step(run.steps[run.next])
    run.save(checkpoint())


def test_fresh_starts_over_and_says_so() -> None:
    leave_a_checkpoint(4, 5)
    result = interlith("run", "full.yaml", "--fresh", "--no-report", "--json")
    assert "Starting over" in result.stderr
    assert json.loads(result.stdout)["resumed_at_cycle"] is None
    assert not checkpoint().exists()


def test_the_answer_and_the_page_say_that_a_checkpoint_was_used() -> None:
    leave_a_checkpoint(4, 5)
    result = interlith("run", "full.yaml")
    assert "Resumed at cycle 3 of 4" in result.stderr
    assert "Resumed at cycle 3 of 4." in result.stdout
    page = Path("results/full/report.html").read_text("utf-8")
    assert "resumed at cycle 3" in page
    assert "no checkpoint was used" in interlith("run", "full.yaml", "--no-report").stdout


def test_a_checkpoint_of_another_cell_is_told_and_removed() -> None:
    leave_a_checkpoint(4, 3)
    write_cell(2)
    result = interlith("run", "full.yaml", "--no-report", "--json")
    assert "another cell" in result.stderr
    data = json.loads(result.stdout)
    assert (data["resumed_at_cycle"], data["planned_cycles"]) == (None, 2)
    assert len(data["cycles"]) == 2


def test_run_writes_pictures_and_a_page() -> None:
    write_cell(2)
    data = ran("full.yaml")
    folder = Path("results/full")
    page = (folder / "report.html").read_text("utf-8")
    assert f"{data['cycles'][-1]['discharge_mAh_cm2']:.4g}" in page
    for name in ("capacity", "voltage-curves", "losses", "cathode-profiles", "ageing"):
        for form in ("png", "svg", "pdf"):
            assert (folder / "pictures" / f"{name}.{form}").stat().st_size > 1000
    assert {"result.nc", "cycles.csv", "summary.json", "cell.yaml"} <= {
        path.name for path in folder.iterdir()
    }
    assert interlith("run", "full.yaml", "--no-report").exit_code == 0
    assert not (folder / "report.html").exists(), "no report, no stale report"
