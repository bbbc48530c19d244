"""Results are kept one by one, found again, and dropped when what decides them changes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from interlith.calibration.draws import Sample, nominal
from interlith.calibration.limited import TookTooLong, within
from interlith.errors import SolverError
from interlith.reproduce import work
from interlith.reproduce.asked import reproduce
from interlith.reproduce.studies import Study
from interlith.reproduce.work import Kept, Task, run_tasks, tasks_of


def study(run, name: str = "s", drawn: bool = True) -> Study:
    return Study(name, "topic", ("row",), run, 1.0, drawn=drawn)


def test_what_is_kept_is_not_run_again(tmp_path: Path) -> None:
    runs = []

    def run(sample):
        runs.append(sample.number)
        return {"row": 2.0 + sample.number}

    tasks = tasks_of([study(run)], [nominal(), Sample(1)])
    told = []
    first = run_tasks(tasks, Kept(tmp_path), 1, lambda share, text: told.append((share, text)))
    second = run_tasks(tasks, Kept(tmp_path), 1)
    assert runs == [0, 1]
    assert [values["row"].value for values in first] == [2.0, 3.0]
    assert [values["row"].value for values in second] == [2.0, 3.0]
    assert [share for share, _ in told] == [0.5, 1.0]
    Kept(tmp_path).forget()
    run_tasks(tasks, Kept(tmp_path), 1)
    assert runs == [0, 1, 0, 1]


def test_a_result_is_named_after_all_that_decides_it(monkeypatch: pytest.MonkeyPatch) -> None:
    one = study(lambda sample: {}, "one")
    keys = {
        Task(one, nominal()).key(),
        Task(one, Sample(1, {("Li", "density"): 1.0})).key(),
        Task(one, Sample(1, {("Li", "density"): 2.0})).key(),
        Task(study(lambda sample: {}, "two"), nominal()).key(),
    }
    monkeypatch.setattr(work, "sources_digest", lambda: "another version")
    keys.add(Task(one, nominal()).key())
    assert len(keys) == 5


def test_a_draw_that_fails_is_no_number_and_a_failure_of_the_library_is_an_error() -> None:
    def run(sample):
        raise SolverError("no")

    broken = study(run)
    (values,) = run_tasks([Task(broken, Sample(1))], Kept(None), 1)
    assert values["row"].value != values["row"].value
    with pytest.raises(SolverError):
        run_tasks([Task(broken, nominal())], Kept(None), 1)


def test_a_look_up_is_made_once() -> None:
    tasks = tasks_of([study(lambda s: {}, drawn=False)], [nominal(), Sample(1)])
    assert [task.sample.number for task in tasks] == [0]


def test_a_cut_off_file_is_run_again(tmp_path: Path) -> None:
    task = Task(study(lambda sample: {"row": 1.0}), nominal())
    (tmp_path / f"{task.key()}.json").write_text('{"row": {"val')
    assert run_tasks([task], Kept(tmp_path), 1)[0]["row"].value == 1.0


def test_time_limit_counts_processor_time() -> None:
    with pytest.raises(TookTooLong, match=r"0\.05 s"), within(0.05):
        busy_for_ever()
    with within(0.05):
        time.sleep(0.2)
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)


def busy_for_ever() -> None:
    while True:
        sum(range(1000))


def test_bad_requests_are_refused() -> None:
    from interlith.errors import InputError

    with pytest.raises(InputError, match="wan2023"):
        reproduce("other")
    with pytest.raises(InputError, match="members of the ensemble"):
        reproduce(samples=100_000)


SCRIPT = """
import sys
from pathlib import Path
from interlith.reproduce import reproduce
if __name__ == "__main__":
    reproduce(only=["ccd"], samples=6, kept=Path(sys.argv[1]), workers=1)
"""


def test_a_killed_run_goes_on_where_it_stopped(tmp_path: Path) -> None:
    """Kill -9 in the middle; what was kept is whole, and the second run only adds to it."""
    script, kept = tmp_path / "script.py", tmp_path / "kept"
    script.write_text(SCRIPT)
    process = subprocess.Popen([sys.executable, script, kept], env={**os.environ})
    deadline = time.monotonic() + 60.0
    while len(list(kept.glob("*.json"))) < 4 and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    before = {path.name: path.stat().st_mtime_ns for path in kept.glob("*.json")}
    assert len(before) >= 4
    for name in before:
        json.loads((kept / name).read_text())
    found = reproduce(only=["ccd-bare-25", "ccd-limg-0.5"], samples=1, kept=kept)
    assert [outcome.id for outcome in found.outcomes] == ["ccd-bare-25", "ccd-limg-0.5"]
    assert all((kept / name).stat().st_mtime_ns == when for name, when in before.items())
