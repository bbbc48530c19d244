"""Lithiation ladders: read whole, in order, with provenance, and broken ones refused by name."""

from __future__ import annotations

from typing import Any

import pytest

from interlith.materials import Library
from interlith.materials.building import Findings, build_draft
from interlith.materials.ladder import ROUND_OFF

LIBRARY = Library.default()
NAMES = LIBRARY.names("mobile")
STEP = {"phase": "AB", "lithium_per_atom": [0, 1], "potential": "0.5 V", "kind": "assumed",
        "range": ["0.4 V", "0.6 V"], "note": "test"}  # fmt: skip


def read(*steps: Any) -> tuple[Any, list[str]]:
    findings = Findings("test.yaml")
    draft = build_draft({"name": "X", "ladder": list(steps)}, findings)
    return draft.ladder, [str(problem) for problem in findings.problems]


@pytest.mark.parametrize("name", NAMES)
def test_ladders_fall_and_join(name: str) -> None:
    ladder = LIBRARY[name].ladder
    lithium, potential = 0.0, float("inf")
    for step in ladder:
        assert step.start == lithium < step.end
        assert step.potential.value <= potential + ROUND_OFF
        assert step.drop >= 0.0
        lithium, potential = step.end, step.potential.value - step.drop
    assert potential >= 0.0


@pytest.mark.parametrize("name", NAMES)
def test_each_potential_has_its_provenance(name: str) -> None:
    for step in LIBRARY[name].ladder:
        assert step.phase
        assert step.potential.low is not None
        assert step.potential.source is not None or step.potential.kind == "assumed"


@pytest.mark.parametrize("name", NAMES)
def test_carrier_fits_into_the_whole(name: str) -> None:
    material = LIBRARY[name]
    assert material["front_jump"].value + material["carrier_width"].value <= 1.0


@pytest.mark.parametrize("name", NAMES)
def test_assumed_diffusivities_are_logarithmic_middles(name: str) -> None:
    """The rule that keeps a value from being chosen for its picture."""
    for key in ("lithium_diffusivity", "migration_barrier", "carrier_width"):
        entry = LIBRARY[name][key]
        if entry.kind == "assumed" and entry.low:
            assert entry.high is not None
            middle = (entry.low * entry.high) ** 0.5
            assert entry.value == pytest.approx(middle, rel=0.04), key


def test_a_slope_has_two_potentials() -> None:
    (step,), problems = read({**STEP, "potential": ["0.5 V", "0.4 V"]})
    assert not problems
    assert step.drop == pytest.approx(0.1)
    assert not step.is_plateau


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        ([{**STEP, "lithium_per_atom": [1, 0]}], "ladder[0].lithium_per_atom"),
        ([{**STEP, "lithium_per_atom": 1}], "two rising numbers"),
        ([{**STEP, "potential": "0.5 m"}], "ladder[0].potential"),
        ([{**STEP, "potential": ["0.4 V", "0.5 V"]}], "a potential that falls"),
        ([{**STEP, "range": ["0.6 V", "0.7 V"]}], "inside its own range"),
        ([{**STEP, "kind": "guessed"}], "ladder[0].kind"),
        ([{**STEP, "phase": ""}], "ladder[0].phase"),
        ([{**STEP, "colour": "red"}], "ladder[0].colour"),
        ([{**STEP, "lithium_per_atom": [0.5, 1]}], "a start at 0"),
        ([STEP, {**STEP, "lithium_per_atom": [2, 3]}], "1 first"),
        ([STEP, {**STEP, "lithium_per_atom": [1, 2], "potential": "0.6 V"}], "not above"),
        (["LiX"], "a mapping"),
    ],
)
def test_broken_ladders_are_refused(steps: list[Any], told: str) -> None:
    _, problems = read(*steps)
    assert any(told in problem for problem in problems), problems


def test_a_ladder_is_a_list() -> None:
    findings = Findings("test.yaml")
    build_draft({"name": "X", "ladder": {"phase": "AB"}}, findings)
    assert "a list of steps" in str(findings.problems[0])
