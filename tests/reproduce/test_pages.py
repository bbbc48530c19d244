"""README.md and docs/reproduce.md show the kept results; cheap rows are run again."""

from __future__ import annotations

import importlib.util
import json
import math
import sys
from pathlib import Path
from types import ModuleType

import pytest

from interlith.reproduce.asked import reproduce
from interlith.reproduce.block import outcomes_of, summary_block
from interlith.reproduce.outcome import judge, summary_of
from interlith.reproduce.studies import Given, measured_by_id, others_by_id, row_of
from interlith.reproduce.verdict import judge_outcome, judge_value
from interlith.reproduce.written import plain

ROOT = Path(__file__).resolve().parents[2]


def load_script() -> ModuleType:
    """Import tools/reproduce_block.py, which is not part of the package."""
    path = ROOT / "tools" / "reproduce_block.py"
    spec = importlib.util.spec_from_file_location("reproduce_block", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


script = load_script()
RESULTS = json.loads(script.RESULTS.read_text(encoding="utf-8"))
ROWS = {entry["id"]: entry for entry in (*RESULTS["rows"], *RESULTS["elsewhere"])}
CHEAP = (
    "ccd-bare-25", "ccd-limg-1.0", "ccd-mgbi-1h", "ccd-biocl-mg-1h", "short-bare", "neb-mg",
    "lno-capacity", "energy-lno", "full-cl-2C", "profile-mg", "plating-site", "garnet-crystal",
)  # fmt: skip


def test_pages_show_the_kept_results() -> None:
    assert script.stale() == [], "run tools/reproduce_block.py"


def test_a_changed_number_makes_a_page_stale() -> None:
    other = json.loads(json.dumps(RESULTS))
    entry = next(e for e in other["rows"] if e["id"] == "ccd-mgbi-2.0")
    entry["error"] = 9.0
    assert summary_block(other) != summary_block(RESULTS)


def test_kept_results_hold_every_row_in_order() -> None:
    assert [entry["id"] for entry in RESULTS["rows"]] == list(measured_by_id())
    assert [entry["id"] for entry in RESULTS["elsewhere"]] == list(others_by_id())
    assert RESULTS["summary"]["computed"] >= 30


def test_kept_results_are_those_of_the_table_of_measured_rows() -> None:
    for name, entry in ROWS.items():
        row = row_of(name)
        assert (entry["unit"], entry["role"], entry["group"]) == (row.unit, row.role, row.group)
        assert entry["measured"] == (None if math.isnan(row.value) else row.value)


def test_kept_verdicts_follow_the_rule() -> None:
    for outcome in outcomes_of(list(ROWS.values())):
        if outcome.verdict == "not computed":
            continue
        row = row_of(outcome.id)
        if outcome.has_value:
            expected = judge_value(row, outcome.model, outcome.low, outcome.high)
        else:
            limit = row.value if row.relation == "ge" else 1.0
            expected = judge_outcome(outcome.model >= limit, outcome.probability)
        assert outcome.verdict == expected, outcome.id


def test_the_kept_sum_is_that_of_the_kept_rows() -> None:
    assert plain(summary_of(outcomes_of(RESULTS["rows"]))) == RESULTS["summary"]


def test_fitted_rows_are_marked() -> None:
    fitted = {name for name, entry in ROWS.items() if entry["role"] == "calibration"}
    assert fitted == {n for n, row in measured_by_id().items() if row.role == "calibration"}


@pytest.fixture(scope="module")
def again() -> dict[str, float]:
    found = reproduce(only=CHEAP, samples=0)
    return {outcome.id: outcome.model for outcome in (*found.outcomes, *found.elsewhere)}


@pytest.mark.parametrize("name", CHEAP)
def test_cheap_row_is_what_the_model_gives(name: str, again: dict[str, float]) -> None:
    assert again[name] == pytest.approx(ROWS[name]["model"], rel=2e-3, abs=1e-9), (
        "run interlith reproduce wan2023 and tools/reproduce_block.py"
    )


def test_interval_of_a_cheap_row_comes_from_the_draws() -> None:
    from interlith.calibration.ensemble import shipped_samples
    from interlith.reproduce.studies import studies_for

    (study,) = studies_for(("ccd-limg-0.5",))
    draws = [study.run(sample) for sample in shipped_samples()]
    given = [Given(float(values["ccd-limg-0.5"])) for values in draws]
    entry = ROWS["ccd-limg-0.5"]
    outcome = judge(row_of("ccd-limg-0.5"), Given(entry["model"]), given)
    assert outcome.low == pytest.approx(entry["low"], rel=2e-3)
    assert outcome.high == pytest.approx(entry["high"], rel=2e-3)
