"""Pages and pictures of full cells: they say what the result says, and stay small and safe."""

from __future__ import annotations

import csv
import itertools
import re
import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.report.reading import Page, drawn, read, unlabelled

import interlith as il
from interlith.calibration.full_cells import full_cell_of
from interlith.calibration.full_fit import full_rows
from interlith.calibration.full_marks import measured_beside
from interlith.calibration.rows import DATA
from interlith.cell.templates import template_text
from interlith.report import draw, figures, write_report
from interlith.report.full import wording
from interlith.report.full.losses import LOSSES, mean_losses
from interlith.report.full.page import full_report_page
from interlith.report.full.pictures import FULL_PICTURES
from interlith.report.full.tables import MOST_ROWS, cycle_rows, shown_cycles
from interlith.report.full.view import FullView
from interlith.report.thinning import thin, thin_stretches
from interlith.report.view import MV
from interlith.simulation.full_run import OutsideValidRange, simulate_full

DOCS = Path(__file__).parents[2] / "docs"
RATES = [
    {"repeat": 2, "steps": ["Charge at 0.2C until 4.35 V", "Discharge at 0.2C until 2.7 V"]},
    {"repeat": 3, "steps": ["Charge at 0.5C until 4.35 V", "Discharge at 3C until 2.7 V"]},
    {"repeat": 30, "steps": ["Charge at 1C until 4.35 V", "Discharge at 1C until 2.7 V"]},
]
HOSTILE = '<script>alert("1")</script> $\\frac{x}$ & {{ 7 * 7 }}'


def cell(protocol=RATES, **more):
    layers = [
        {"material": "Li", "thickness": "50 um"},
        {"material": "Mg16Bi84", "thickness": "20 um"},
        {"material": "Li6PS5Cl", "thickness": "100 um"},
        {
            "material": "NMC811",
            "loading": "10 mg/cm^2",
            "active_mass_fraction": 0.7,
            "electrolyte": "Li6PS5Cl",
            "interphase": "F-doping",
        },
    ]
    values = {
        "name": "full",
        "temperature": "60 degC",
        "stack_pressure": "5 MPa",
        "area": "1 cm^2",
        "capacity": "2 mAh/cm^2",
        "layers": layers,
        "protocol": list(protocol),
    }
    return il.Cell.read(values | more)


def run(of):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", OutsideValidRange)
        return simulate_full(of)


@pytest.fixture(scope="module")
def result():
    return run(cell())


@pytest.fixture(scope="module")
def report(result, tmp_path_factory):
    return write_report(result, tmp_path_factory.mktemp("report"), command="interlith run x.yaml")


@pytest.fixture(scope="module")
def long_result():
    steps = ["Charge at 2C until 4.2 V", "Discharge at 2C until 2.7 V"]
    return run(cell([{"repeat": 160, "steps": steps}]))


def page_of(result, measured=()) -> Page:
    return Page(full_report_page(FullView(result, measured), {}))


# ---------------------------------------------------------------------------------- pictures


def test_every_picture_is_written_in_every_format(report):
    names = {path.stem for path in report[1:]}
    assert names == {picture.name for picture in FULL_PICTURES}
    starts = {".png": b"\x89PNG\r\n\x1a\n", ".svg": b"<?xml", ".pdf": b"%PDF-"}
    assert len(report) == 1 + 3 * len(names)
    for path in report[1:]:
        assert path.read_bytes().startswith(starts[path.suffix]), path


def test_every_axis_names_its_unit(result):
    for name, figure in figures(result).items():
        assert unlabelled(drawn(figure)) == [], name


def test_capacities_are_drawn_per_area_and_per_mass(result):
    axes = draw(result, "capacity").axes[0]
    shown = [line.get_ydata() for line in axes.lines if line.get_marker() == "o"]
    expected = [cycle.discharge_mAh_cm2 for cycle in result.cycles]
    assert np.asarray(shown[0]) == pytest.approx(expected)
    (specific,) = axes.child_axes
    assert "mAh/g" in specific.get_ylabel()
    forward, _back = specific._functions
    assert forward(expected[0]) == pytest.approx(result.cycles[0].discharge_mAh_g, rel=1e-6)


def test_the_voltage_curves_are_those_of_chosen_cycles(result):
    view = FullView(result)
    assert view.chosen[0] == 1
    assert view.chosen[-1] == 35
    assert [b.rate for b in view.blocks] == ["0.2C", "3C", "1C"]
    assert view.blocks[1].label == "3C, charged at 0.5C"
    _charge, discharge = draw(result, "voltage-curves").axes
    ends = [line.get_xdata()[-1] for line in discharge.lines]
    capacity = {cycle.cycle: cycle.discharge_mAh_cm2 for cycle in result.cycles}
    assert ends == pytest.approx([capacity[cycle] for cycle in view.chosen], rel=1e-3)


def test_profiles_are_those_at_the_ends_of_charge_and_discharge(result):
    figure = draw(result, "cathode-profiles")
    mean = figure.axes[0]
    charged, discharged = (line.get_ydata().mean() for line in mean.lines[:2])
    assert charged < 0.5 < discharged
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert labels[:2] == ["cycle 1, 0.2C, charged", "cycle 1, 0.2C, discharged"]


def test_stacked_bars_add_up_to_the_mean_losses(result):
    view = FullView(result)
    bars = draw(result, "losses").axes[0].patches
    first = sum(bar.get_height() for bar in bars[:: len(view.chosen)])
    losses = mean_losses(view, view.leg(view.chosen[0], discharge=True))
    assert first == pytest.approx(losses.total)


def test_mean_losses_are_what_the_voltage_lacks(result):
    view = FullView(result)
    for discharge, sign in ((True, 1.0), (False, -1.0)):
        leg = view.leg(2, discharge=discharge)
        lacking = view.data["equilibrium_potential"] - view.data["voltage"]
        lacking = sign * lacking.values[leg.rows] / MV.si
        known, weights = np.isfinite(lacking), np.gradient(view.passed(leg))
        expected = np.average(lacking[known], weights=weights[known])
        assert mean_losses(view, leg).total == pytest.approx(expected, rel=1e-9)


def test_looks_of_losses_are_told_apart_without_colour():
    assert len({(loss.color, loss.hatch) for loss in LOSSES}) == len(LOSSES)
    hatches = [loss.hatch for loss in LOSSES]
    assert all(one != other or not one for one, other in itertools.pairwise(hatches))


def test_the_balance_counts_isolated_lithium(result):
    axes = draw(result, "lithium").axes
    assert "lithium" in axes[2].get_ylabel()
    errors = [line.get_ydata() for panel in axes[2:] for line in panel.lines]
    assert max(np.nanmax(values) for values in errors) < 1e-10
    assert result.cycles[-1].isolated_lithium_mAh_cm2 > 1e-4


def test_a_line_with_gaps_keeps_them_when_it_is_thinned():
    x = np.linspace(0.0, 1.0, 10_000)
    y = np.sin(40.0 * x)
    shown, _ = thin_stretches(x, y, np.array([3000, 7000]), 300)
    assert np.isnan(shown).sum() == 2
    assert len(shown) <= 310
    whole, values = thin_stretches(x, y, np.empty(0, np.intp), 300)
    assert (whole.tolist(), values.tolist()) == tuple(part.tolist() for part in thin(x, y, 300))


# -------------------------------------------------------------------------------------- page


def test_the_page_holds_the_numbers_of_the_result(report, result):
    words = read(report[0]).words
    first, last = result.cycles[0], result.cycles[-1]
    for text in (
        f"{last.discharge_mAh_cm2:.3g} mAh/cm² in cycle 35",
        f"{first.discharge_mAh_g:.4g}",
        f"conserved to {result.lithium_imbalance:.1e}",
        f"in {result.rows_outside_valid_range} time steps",
        f"{100.0 * last.connected_fraction:.4g} %",
        f"{last.cathode_interphase_nm:.4g} nm",
        "Table of 35 cycles",
        "Checkpoint not used",
        "Cycles 35 of 35",
        "Command interlith run x.yaml",
        "The lithium side did not short",
        "Li | Mg16Bi84 | Li6PS5Cl | NMC811",
    ):
        assert text in words, text
    assert result.rows_outside_valid_range > 0
    for limit in wording.LIMITS:
        assert limit in words


def test_every_assumed_value_is_listed(report, result):
    text = report[0].read_text("utf-8")
    assumed = [used for used in result.used_values if used.kind == "assumed"]
    assert len(assumed) > 20
    assert f"{len(assumed)} values: not measured" in read(report[0]).words
    assert text.count("<td>assumed</td>") == len(assumed)


def test_the_page_opens_offline_and_runs_nothing(report):
    page = read(report[0])
    for tag in ("script", "link", "iframe"):
        assert not page.named(tag)
    for _, attrs in page.tags:
        assert not [name for name in attrs if name.startswith("on")]
        assert (attrs.get("src") or "data:").startswith("data:")
    assert len(page.named("img")) == len(FULL_PICTURES)


def test_a_hostile_name_is_text(result, tmp_path):
    named = replace(result, cell=cell(name=HOSTILE), _dataset=None)
    page = read(write_report(named, tmp_path)[0])
    assert not page.named("script")
    assert HOSTILE in page.words
    assert "49" not in page.words.partition("Temperature")[0]


def test_the_docs_state_the_same_limits():
    text = " ".join((DOCS / "full-cell.md").read_text("utf-8").split())
    for limit in wording.LIMITS:
        assert limit in text


# -------------------------------------------------------------------------------------- words


def test_words_say_what_limits_a_rate(result):
    view = FullView(result)
    slow, fast, _usual = view.blocks
    text = wording.limits_of_rate(view, fast, slow)
    losses = mean_losses(view, view.leg(4, discharge=True))
    name, value = losses.ordered[0]
    assert text.startswith("3C, charged at 0.5C: ")
    assert f"{name} {100.0 * value / losses.total:.0f} %" in text
    ratio = result.cycles[3].discharge_mAh_cm2 / result.cycles[1].discharge_mAh_cm2
    assert f"{100.0 * ratio:.3g} % of that at 0.2C" in text


def test_words_say_what_fades(result):
    view = FullView(result)
    block = view.blocks[-1]
    first, last = block.cycles[1], block.cycles[-1]
    text = wording.fade(view, block)
    fall = 1.0 - last.discharge_mAh_cm2 / first.discharge_mAh_cm2
    isolated = 1.0 - last.connected_fraction / first.connected_fraction
    assert fall > wording.STEADY
    assert f"falls by {100.0 * fall:.3g} %" in text
    assert f"{100.0 * isolated:.2g} % of the active material is isolated" in text


@pytest.mark.parametrize(
    ("status", "reason", "expected"),
    [
        ("completed", "the protocol ran to its end", "35 cycles ran to their end"),
        ("interrupted", "interrupted from the keyboard", "interrupted after 35 cycles of 35"),
        ("failed", "the step was <too> small", "failed: the step was <too> small. 35 cycles"),
        ("stopped", "a lithium filament shorted the cell", "shorted the cell in cycle 35"),
        ("stopped", "the voltage reached 5 V", "ended: the voltage reached 5 V after 35 cycles"),
    ],
)
def test_the_verdict_says_how_it_ended(result, status, reason, expected):
    ended = replace(result, status=status, reason=reason)
    assert expected in wording.outcome(FullView(ended))
    assert expected in page_of(ended).words
    assert ("filament crossed" in wording.short(FullView(ended))) == ("shorted" in reason)


def test_a_real_short_is_told_and_marked():
    steps = ["Charge at 30 mA/cm2 until 4.8 V", "Discharge at 2 mA/cm2 until 2.7 V"]
    values = raw(cell(steps))
    values["layers"] = [
        values["layers"][0],
        {**values["layers"][2], "thickness": "30 um"},
        *values["layers"][3:],
    ]
    values["layers"][-1] |= {"loading": "20 mg/cm^2", "particle_radius": "0.5 um"}
    values |= {"temperature": "80 degC", "stack_pressure": "2.5 MPa"}
    result = run(il.Cell.read(values))
    assert result.ended_in_short
    words = page_of(result).words
    assert "shorted the cell in cycle 1" in words
    assert "charging at 30 mA/cm²; the overpotential of the interphase had reached" in words
    figure = draw(result, "lithium-side")
    assert any("short at" in text.get_text() for text in figure.legends[0].get_texts())


def test_a_cell_that_no_longer_passes_charge_is_not_said_to_cycle(result):
    dead = [replace(c, discharge_mAh_cm2=0.0) for c in result.cycles[9:]]
    ended = replace(result, cycles=[*result.cycles[:9], *dead])
    assert "From cycle 10 on hardly any charge passed" in wording.outcome(FullView(ended))
    assert "hardly any" not in wording.outcome(FullView(result))


@pytest.mark.parametrize("steps", [["Rest for 1 min"], ["Charge at 1C until 4.0 V"]])
def test_a_test_without_a_whole_cycle_has_a_page(steps, tmp_path):
    written = write_report(run(cell(steps)), tmp_path)
    page = read(written[0])
    assert "Left out" in page.words
    assert "course" in {path.stem for path in written}


# ------------------------------------------------------------------------------------ long runs


def test_a_long_run_is_thinned(long_result, tmp_path):
    rows = cycle_rows(FullView(long_result))
    assert len(rows) <= MOST_ROWS < 160
    assert (rows[0]["number"], rows[-1]["number"]) == ("1", "160")
    written = write_report(long_result, tmp_path)
    words = read(written[0]).words
    assert f"Table of {len(rows)} of 160 cycles; cycles.csv has all" in words
    assert re.search(r"time series of \d\d of 160 cycles were kept", words)
    assert written[0].stat().st_size < 4_000_000


def test_thousands_of_cycles_at_many_rates_still_fit_the_table(long_result):
    cycles = [replace(long_result.cycles[0], cycle=n) for n in range(1, 5001)]
    steps = [
        replace(step, cycle=n, current=(1.0 + 0.1 * (n % 7)) * step.current)
        for n in range(1, 5001)
        for step in long_result.steps[:2]
    ]
    view = FullView(replace(long_result, cycles=cycles, steps=steps))
    shown = shown_cycles(view.blocks)
    assert len(view.blocks) == 5000
    assert len(shown) <= MOST_ROWS
    assert shown[-1].cycle == 5000


# -------------------------------------------------------------------------- measured beside it


def short_protocol(of, steps):
    return of.model_copy(update={"protocol": il.Cell.read({**raw(of), "protocol": steps}).protocol})


def raw(of):
    from ruamel.yaml import YAML

    return YAML(typ="safe").load(of.to_yaml())


@pytest.fixture(scope="module")
def published():
    lines = [line for line in DATA.read_text("utf-8").splitlines() if not line.startswith("#")]
    return {row["id"]: row for row in csv.DictReader(lines)}


def at(rate, upper="4.1 V"):
    return [f"Charge at {rate} mA/cm2 until {upper}", f"Discharge at {rate} mA/cm2 until 2.7 V"]


def test_measured_rows_stand_beside_the_cell_they_were_measured_on(published):
    (row,) = (row for row in full_rows() if row.id == "full-cl-2C")
    steps = [*at(2.55), *at(2.55), *at(10.2), *at(2.55)]
    same = run(short_protocol(full_cell_of(row), steps))
    marks = measured_beside(same)
    expected = {"full-cl-0.5C": (1, 2), "full-cl-2C": (3, 3), "full-cl-return": (4, 4)}
    assert {(m.mAh_cm2, m.first_cycle, m.last_cycle) for m in marks} == {
        (float(published[name]["value"]), *cycles) for name, cycles in expected.items()
    }
    fitted = {mark.mAh_cm2 for mark in marks if mark.fitted}
    assert fitted == {
        float(published[name]["value"])
        for name in expected
        if published[name]["role"] == "calibration"
    }
    words = page_of(same, marks).words
    assert "Beside measured capacities of this cell" in words
    assert "Fig 3a" in words
    figure = drawn(FULL_PICTURES[0].draw(FullView(same, marks)))
    black = [line.get_ydata()[0] for line in figure.axes[0].lines if line.get_color() == "#000000"]
    assert sorted(black) == sorted(mark.mAh_cm2 for mark in marks)


@pytest.mark.parametrize(
    "change",
    [
        {"temperature": "70 degC"},
        {"loading": "20 mg/cm^2"},
        {"interphase": "F-doping"},
        {"upper": "4.2 V"},
        {"current": 2.0},
    ],
    ids=lambda change: next(iter(change)),
)
def test_another_cell_has_no_measured_rows(change):
    (row,) = (row for row in full_rows() if row.id == "full-cl-2C")
    values = raw(full_cell_of(row))
    steps = at(change.get("current", 2.55), change.get("upper", "4.1 V"))
    values["protocol"] = steps
    values["temperature"] = change.get("temperature", values["temperature"])
    for name in ("loading", "interphase"):
        values["layers"][-1][name] = change.get(name, values["layers"][-1][name])
    result = run(il.Cell.read(values))
    assert measured_beside(result) == []
    assert "Beside measured" not in page_of(result).words


def test_the_template_is_the_cell_of_the_reference():
    """The picture of `interlith new full` is the one that stands beside Fig. 3a."""
    from ruamel.yaml import YAML

    values = YAML(typ="safe").load(template_text("full"))
    values["protocol"] = at(2.55)
    marks = measured_beside(run(il.Cell.read(values)))
    assert [mark.locator for mark in marks] == ["Wan et al. (2023), Fig 3a"]


def test_a_result_plots_itself(result):
    assert result.plot().axes
    assert len(result.plot("losses").axes) == 3
    with pytest.raises(KeyError, match="no picture named 'ramp'; there are capacity"):
        result.plot("ramp")


def test_losses_are_compared_between_cycles_at_the_same_rate():
    """A page once held the loss of a fast cycle against that of slow ones before and after it."""
    back = [
        {"repeat": 4, "steps": ["Charge at 0.2C until 4.1 V", "Discharge at 0.2C until 2.7 V"]},
        {"repeat": 8, "steps": ["Charge at 0.2C until 4.1 V", "Discharge at 2C until 2.7 V"]},
        {"repeat": 5, "steps": ["Charge at 0.2C until 4.1 V", "Discharge at 0.2C until 2.7 V"]},
        {"repeat": 120, "steps": ["Charge at 1C until 4.1 V", "Discharge at 1C until 2.7 V"]},
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", OutsideValidRange)
        view = FullView(simulate_full(cell(back)))
    assert 14 not in view.kept, "what comes back is not kept, the fast cycles are"
    assert 6 in view.kept
    (text,) = wording.returned(view)
    assert text.startswith("Back at 0.2C")
    first = mean_losses(view, view.leg(2, discharge=True)).total
    fast = mean_losses(view, view.leg(6, discharge=True)).total
    assert fast > 3.0 * first
    stated = re.search(r"(?:to|at) ([\d.]+) mV", text)
    assert stated is not None
    assert float(stated[1]) < 2.0 * first
