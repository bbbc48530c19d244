"""A protocol written out into steps, from mappings and from sentences."""

from __future__ import annotations

import math
import time
from itertools import pairwise

import pytest

from interlith.cell import Cell, Step, expand, loads
from interlith.cell.sentence import sentence_to_mapping
from interlith.cell.templates import template_text
from interlith.errors import QuantityError

TEMPLATE = loads(template_text("ccd"))


def steps_of(*items, **head):
    return expand(Cell.read(TEMPLATE.to_dict() | {"protocol": list(items)} | head))


def test_rest():
    (step,) = steps_of({"rest": "10 min"})
    assert step == Step("rest", 0.0, 600.0, label="Rest for 10 min")


def test_plating_is_positive_and_stripping_negative():
    plate, strip, current = steps_of(
        {"plate": "1.2 mA/cm^2", "for": "1 h"},
        {"strip": "1.2 mA/cm2", "for": "1 h"},
        {"current": "-0.5 mA/cm2", "for": "1 h"},
    )
    assert (plate.control, plate.value, plate.duration_s) == ("current", 12.0, 3600.0)
    assert strip.value == -12.0
    assert current.value == -5.0
    assert plate.label == "Plate at 1.2 mA/cm2 for 1 h"
    assert current.label == "Strip at 0.5 mA/cm2 for 1 h"


def test_until_lists_what_ends_a_step():
    until = ["0.5 mAh/cm2", "0.3 V", "short"]
    (step,) = steps_of({"plate": "1 mA/cm2", "until": until})
    assert step.areal_capacity == 18000.0
    assert (step.voltage_upper, step.voltage_lower) == (0.3, -0.3)
    assert step.stop_on_short
    assert not step.stop_on_voltage
    assert math.isinf(step.duration_s)


def test_a_step_that_might_never_end_has_a_longest_time():
    for item in (
        {"plate": "1 mA/cm2", "until": "0.3 V"},
        {"voltage": "0.1 V", "until": "0.01 mA/cm2"},
        {"voltage": "0.1 V", "until": "1 mAh/cm2"},
        {"plate": "1 mA/cm2", "until": "short"},
    ):
        assert steps_of(item)[0].duration_s == 3.6e6


def test_a_time_may_stand_in_until():
    assert steps_of({"plate": "1 mA/cm2", "until": ["2 h", "1 V"]})[0].duration_s == 7200.0


def test_voltage_and_power():
    hold, power = steps_of(
        {"voltage": "-50 mV", "for": "1 h", "until": "0.01 mA/cm2"},
        {"power": "1 mW/cm2", "for": "1 h", "until": ["1 V", "0.01 mA/cm2"]},
    )
    assert (hold.control, hold.value, hold.current_cutoff) == ("voltage", -0.05, 0.1)
    assert (power.control, power.value, power.voltage_upper) == ("power", 10.0, 1.0)


def test_c_rates_refer_to_the_capacity():
    rate, tenth = steps_of(
        {"plate": "0.5C", "for": "1 h"}, {"strip": "C/10", "for": "1 h"}, capacity="2 mAh/cm2"
    )
    assert rate.value == pytest.approx(10.0, rel=1e-15)
    assert tenth.value == pytest.approx(-2.0, rel=1e-15)


def test_repeats_nest():
    inner = {"repeat": 3, "steps": ["Rest for 1 s", "Rest for 2 s"]}
    steps = steps_of({"repeat": 2, "steps": [inner, "Rest for 3 s"]})
    assert [step.duration_s for step in steps] == [1, 2, 1, 2, 1, 2, 3] * 2


def ccd(**fields):
    return {"ccd": {"half_cycle_time": "1 h", **fields}}


def test_a_ccd_alternates_and_climbs():
    steps = steps_of(ccd(start="0.1 mA/cm2", step="0.1 mA/cm2", stop_at="0.3 mA/cm2"))
    assert [step.value for step in steps] == [1.0, -1.0, 2.0, -2.0, 3.0, -3.0]
    assert [step.ccd_level for step in steps] == [1.0, 1.0, 2.0, 2.0, 3.0, 3.0]
    assert [step.half_cycle for step in steps] == list(range(6))
    assert all(step.stop_on_short and step.stop_on_voltage for step in steps)
    assert {step.duration_s for step in steps} == {3600.0}
    assert {step.voltage_upper for step in steps} == {5.0}


def test_the_template_has_forty_levels():
    steps = expand(TEMPLATE)
    assert len(steps) == 80
    assert steps[-1].ccd_level == 40.0
    assert steps[52].ccd_level == 27.0
    assert {step.areal_capacity for step in steps} == {36000.0}


@pytest.mark.parametrize(
    ("start", "step", "stop", "count"),
    [
        (0.01, 0.01, 0.03, 3),
        (0.1, 0.1, 0.35, 3),
        (0.1, 0.1, 0.3, 3),
        (0.1, 0.2, 0.1, 1),
        (0.05, 0.05, 4.0, 80),
    ],
)
def test_the_last_level_is_not_above_the_end(start, step, stop, count):
    fields = {"start": start, "step": step, "stop_at": stop}
    texts = {name: f"{value} mA/cm2" for name, value in fields.items()}
    levels = Cell.read(TEMPLATE.to_dict() | {"protocol": [ccd(**texts)]}).protocol[0].ccd.levels()
    assert len(levels) == count
    assert levels[-1] <= stop * 10.0 * (1.0 + 1e-9)


def test_rests_stand_between_half_cycles_only():
    steps = steps_of(ccd(currents=["1 mA/cm2", "2 mA/cm2"], rest="1 min", half_cycles_per_step=1))
    assert [step.control for step in steps] == ["current", "rest", "current"]
    assert [step.ccd_level for step in steps] == [10.0, 10.0, 20.0]
    assert [step.half_cycle for step in steps] == [0, None, 1]
    assert steps[2].value == -20.0


def test_a_ccd_may_go_on_after_a_short():
    steps = steps_of(ccd(currents=["1 mA/cm2"], continue_after_short=True, voltage_limit="1 V"))
    assert not any(step.stop_on_short for step in steps)
    assert steps[0].voltage_lower == -1.0


def test_cycling_numbers_its_half_cycles_on_from_the_steps_before():
    cycling = {"cycling": {"current": "1 mA/cm2", "areal_capacity": "1 mAh/cm2", "cycles": 2}}
    steps = steps_of(ccd(currents=["1 mA/cm2"]), cycling)
    assert [step.value for step in steps] == [10.0, -10.0] * 3
    assert [step.half_cycle for step in steps] == list(range(6))
    assert [step.ccd_level for step in steps] == [10.0, 10.0, None, None, None, None]


@pytest.mark.parametrize(
    ("sentence", "mapping"),
    [
        ("Plate at 1.2 mA/cm2 for 1 hour", {"plate": "1.2 mA/cm2", "for": "1 hour"}),
        ("strip AT 1 mA/cm^2 UNTIL 0.5 mAh/cm2", {"strip": "1 mA/cm^2", "until": ["0.5 mAh/cm2"]}),
        ("Rest  for 10 minutes.", {"rest": "10 minutes"}),
        (
            "Hold at 50 mV for 10 minutes or until 0.01 mA/cm2",
            {"voltage": "50 mV", "for": "10 minutes", "until": ["0.01 mA/cm2"]},
        ),
        (
            "Plate at 0.5C for 2 hours or until 1 mAh/cm2 or 0.3 V or until short",
            {"plate": "0.5C", "for": "2 hours", "until": ["1 mAh/cm2", "0.3 V", "short"]},
        ),
        ("Plate at C/2 for 1 h or 0.3 V", {"plate": "C/2", "for": "1 h", "until": ["0.3 V"]}),
        ("Plate at 1 mW/cm2 for 1 h", {"power": "1 mW/cm2", "for": "1 h"}),
        ("Strip at 1 mW/cm2 for 1 h", {"power": "-1 mW/cm2", "for": "1 h"}),
    ],
)
def test_a_sentence_is_the_mapping_it_stands_for(sentence, mapping):
    assert sentence_to_mapping(sentence) == mapping
    steps_of(sentence, capacity="1 mAh/cm2")


@pytest.mark.parametrize(
    "sentence",
    ["", "Plate", "Rest at 1 V for 1 h", "Melt at 200 degC", "for 1 hour", "Hold for 1 h"],
)
def test_no_sentence(sentence):
    with pytest.raises(QuantityError, match="such as"):
        sentence_to_mapping(sentence)


def test_a_long_protocol_is_written_out_quickly():
    changes = {"protocol.1.cycling.cycles": "200000", "protocol.1.cycling.rest": "10 min"}
    cell = loads(template_text("cycling"), overrides=changes)
    began = time.process_time()
    steps = expand(cell)
    assert time.process_time() - began < 8.0  # about 1.5 s on an idle machine, once 12 s
    assert len(steps) == 800_000
    assert steps[-1].label.endswith("half-cycle 400000")


def test_rests_of_a_ccd_belong_to_the_level_before_them():
    steps = expand(loads(template_text("ccd"), overrides={"protocol.0.ccd.rest": "10 min"}))
    for before, rest in pairwise(steps):
        if rest.control == "rest":
            assert rest.ccd_level == before.ccd_level
            assert rest.label == "Rest for 10 min"
