from __future__ import annotations

import itertools
import subprocess
import sys

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.text import Text
from tests.report.reading import drawn, unlabelled

from interlith.report import draw, figures
from interlith.report.pictures import PICTURES
from interlith.report.pictures.comparison import comparison
from interlith.report.pictures.polarisation import chosen_half_cycles
from interlith.report.style import DOUBLE_COLUMN_MM, MM_PER_INCH, printable, render, sequence
from interlith.report.view import View


@pytest.fixture(scope="module")
def pictures(result):
    """All pictures of a result, drawn once."""
    return {name: drawn(figure) for name, figure in figures(result).items()}


def test_every_axis_that_shows_numbers_names_its_unit(pictures):
    for name, figure in pictures.items():
        assert unlabelled(figure) == [], name


def test_the_unit_test_sees_a_missing_unit(make):
    figure = drawn(draw(make.bare_ramp(), "ramp"))
    figure.axes[0].set_ylabel("Current density")
    assert len(unlabelled(figure)) == 1


def test_every_axis_of_the_comparison_names_its_unit(make):
    views = [View(make.bare_ramp()), View(make.interlayer_ramp()), View(make.cycling())]
    assert unlabelled(drawn(comparison(views, [("bare Li", 0.4), ("another", 1.0)]))) == []


def test_a_result_with_interlayers_has_all_pictures(make):
    assert list(figures(make.interlayer_ramp())) == [p.name for p in PICTURES]


def test_a_bare_cell_has_no_profiles_and_says_why(make):
    bare = make.bare_ramp()
    assert "profiles" not in figures(bare)
    with pytest.raises(ValueError, match="both electrodes are bare"):
        draw(bare, "profiles")


def test_one_bare_electrode_gets_profiles_of_the_other(make):
    half = make.interlayer_ramp()
    data = half.dataset.copy(deep=True)
    data["depth"][1] = np.nan
    figure = draw(make.SyntheticResult(half.cell, data, ccd=half.ccd), "profiles")
    assert sum(axes.axison for axes in figure.axes) == 5
    assert unlabelled(drawn(figure)) == []


def test_an_unknown_picture_is_named_with_those_there_are(make):
    with pytest.raises(KeyError, match="no picture named 'ramps'; there are ramp, polarisation"):
        draw(make.bare_ramp(), "ramps")


def test_drawing_leaves_the_settings_of_matplotlib_alone(make):
    before = dict(mpl.rcParams)
    for form in ("png", "svg", "pdf"):
        render(draw(make.bare_ramp()), form)
    assert dict(mpl.rcParams) == before


def test_drawing_needs_no_pyplot(make):
    code = "import sys, interlith.report.write; sys.exit('matplotlib.pyplot' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_pictures_fit_a_printed_page(pictures):
    for name, figure in pictures.items():
        width, height = figure.get_size_inches() * MM_PER_INCH
        assert width == pytest.approx(DOUBLE_COLUMN_MM), name
        assert height < 240.0, name


def test_no_text_is_smaller_than_six_points(pictures):
    for name, figure in pictures.items():
        texts = [t for t in figure.findobj(Text) if t.get_text() and t.get_visible()]
        assert min(t.get_fontsize() for t in texts) >= 6.0, name


def texts_outside_of_scales(figure):
    """Return labels, titles, notes and legends; tick labels beyond the limits are not drawn."""
    for axes in figure.axes:
        yield from (axes.xaxis.label, axes.yaxis.label, axes.title, *axes.texts)
        yield from axes.get_legend().get_texts() if axes.get_legend() else ()
    for legend in figure.legends:
        yield from legend.get_texts()


def test_no_text_leaves_the_canvas(pictures):
    for name, figure in pictures.items():
        for text in texts_outside_of_scales(figure):
            box = text.get_window_extent()
            if text.get_text() and text.get_visible():
                assert box.x0 >= 0.0, (name, text)
                assert box.y0 >= 0.0, (name, text)
                assert box.x1 <= figure.bbox.x1, (name, text)
                assert box.y1 <= figure.bbox.y1, (name, text)


def test_labels_are_not_longer_than_their_panels(pictures):
    for name, figure in pictures.items():
        for axes in figure.axes:
            panel, label = axes.bbox, axes.yaxis.label.get_window_extent()
            assert label.height <= 1.05 * panel.height, (name, axes.get_ylabel())
            assert axes.xaxis.label.get_window_extent().width <= panel.width, name


def voltage_panels(figure):
    return [axes for axes in figure.axes if axes.get_ylabel().startswith("Cell voltage")]


def test_a_spike_to_volts_does_not_hide_the_polarisation(make):
    whole, close_up = voltage_panels(draw(make.interlayer_ramp(spike=4.9), "ramp"))
    polarisation = View(make.interlayer_ramp()).polarisation_scale * 1e3
    assert polarisation < whole.get_ylim()[1] < 2.0 * polarisation
    assert any("V ↑" in text.get_text() for text in whole.texts)
    assert close_up.get_yscale() == "asinh"
    assert close_up.get_ylim()[1] > 4000.0


def test_without_a_spike_the_voltage_axis_is_linear_and_whole(make):
    whole, close_up = voltage_panels(draw(make.interlayer_ramp(), "ramp"))
    peak = np.abs(make.interlayer_ramp().dataset["voltage"].values).max() * 1e3
    assert whole.get_ylim()[1] > peak
    assert close_up.get_yscale() == "linear"
    assert not whole.texts[1:]


def test_a_polarisation_above_one_volt_is_shown_in_volts(make):
    high = make.interlayer_ramp()
    data = high.dataset.copy(deep=True)
    for name in ("voltage", "half_cycle_end_voltage", "half_cycle_max_abs_voltage"):
        data[name] = data[name] * 100.0
    figure = draw(make.SyntheticResult(high.cell, data, ccd=high.ccd), "ramp")
    assert {axes.get_ylabel() for axes in voltage_panels(figure)} == {"Cell voltage (V)"}


def test_the_deciding_steps_are_marked_where_they_are(make):
    result = make.interlayer_ramp()
    view = View(result)
    table = result.dataset
    failing = np.isclose(table["half_cycle_level"].values, 26.0)
    span = view.level_span(view.first_failing)
    assert span.start == pytest.approx(table["half_cycle_start"].values[failing][0] / 3600.0)
    assert span.end == pytest.approx(table["half_cycle_end"].values[failing][-1] / 3600.0)
    legend = draw(result, "ramp").legends[0]
    words = [text.get_text() for text in legend.get_texts()]
    assert words[:2] == ["last passing step, 2.5 mA/cm²", "first failing step, 2.6 mA/cm²"]
    assert words[2].startswith("short at 76.5")


def test_the_close_up_shows_the_last_four_levels(make):
    view = View(make.interlayer_ramp())
    first = view.at_level(view.levels[-4])[0]
    assert view.close_up.start == first.start_h
    assert view.close_up.end == view.duration


def test_a_short_test_has_no_close_up(make):
    assert View(make.bare_ramp()).close_up is None


def test_the_overlay_holds_the_deciding_levels(make):
    chosen = chosen_half_cycles(View(make.interlayer_ramp()))
    assert len(chosen) == 6
    assert {"0.1 mA/cm²", "2.5 mA/cm²", "2.6 mA/cm²"} <= set(chosen)
    assert all(len(cycles) in {1, 2} for cycles in chosen.values())


def test_half_cycles_do_not_take_points_of_their_neighbours(make):
    view = View(make.interlayer_ramp())
    charge = view.data["areal_charge"].values
    for cycle in view.half_cycles:
        points = view.points_of(cycle)
        current = view.data["current_density"].values[points]
        assert np.all(np.sign(current) == np.sign(cycle.current_mA_cm2))
        passed = (charge[points[-1]] - charge[points[0]]) / 36000.0
        assert passed == pytest.approx(cycle.areal_capacity_mAh_cm2, rel=1e-6)


def test_constant_pressure_is_drawn_flat_and_said(make):
    steady = make.bare_ramp()
    data = steady.dataset.copy(deep=True)
    data["stack_pressure"][:] = 2.5e6 * (1.0 + 1e-12 * np.arange(data.sizes["time"]))
    result = make.SyntheticResult(steady.cell, data, ccd=steady.ccd)
    low, high = draw(result, "pressure").axes[0].get_ylim()
    assert low == 0.0
    assert high == pytest.approx(3.75)
    caption = next(p for p in PICTURES if p.name == "pressure").caption(View(result))
    assert "stays at 2.5 MPa" in caption


def test_formats_are_what_they_say(make):
    figure = draw(make.bare_ramp(), "contact")
    assert render(figure, "png").startswith(b"\x89PNG\r\n\x1a\n")
    assert b"<svg" in render(figure, "svg")[:1000]
    assert render(figure, "pdf").startswith(b"%PDF-")


def test_a_png_has_200_dots_per_inch(make):
    content = render(draw(make.bare_ramp(), "contact"), "png")
    width = int.from_bytes(content[16:20], "big")
    assert width == pytest.approx(DOUBLE_COLUMN_MM / MM_PER_INCH * 200, abs=1)


def test_the_same_result_gives_the_same_file(make):
    pictures = [draw(make.bare_ramp(), "ramp") for _ in range(2)]
    for form in ("svg", "pdf", "png"):
        assert render(pictures[0], form) == render(pictures[1], form)


def test_ordered_things_differ_in_more_than_colour():
    looks = sequence([str(k) for k in range(6)])
    for one, other in itertools.combinations(looks, 2):
        assert one.color != other.color
        assert one.marker != other.marker


@pytest.mark.parametrize("name", ["$\\bad{$", "<b>x</b>", "a" * 300, "new\nline\x07", "金属"])
@pytest.mark.filterwarnings("ignore:Glyph")
def test_any_cell_name_can_be_drawn(make, name):
    views = [View(make.bare_ramp(name=name)), View(make.interlayer_ramp())]
    assert b"<svg" in render(comparison(views), "svg")
    assert len(printable(name)) <= 48


def test_many_cells_fit_below_each_other(make):
    views = [View(make.bare_ramp(name=f"cell {k}")) for k in range(7)]
    figure = comparison(views)
    assert len(figure.axes) == 2 * 7 + 1


@pytest.mark.parametrize("ends", [(None, None), (None, 0.1), (2.6, None), (0.0, 0.1)])
def test_open_intervals_can_be_drawn(make, ends):
    result = make.bare_ramp()
    ccd = make.SyntheticCriticalCurrent(*ends, None, None, 1.0, 2.0)
    open_ended = make.SyntheticResult(result.cell, result.dataset, ccd=ccd)
    assert figures(open_ended)
    assert comparison([View(open_ended)], [("bare Li", 0.4)])


def test_missing_and_empty_variables_leave_a_picture_out(make):
    result = make.bare_ramp()
    data = result.dataset.drop_vars("stack_pressure")
    data["void_capacity"] = data["void_capacity"] * np.nan
    found = figures(make.SyntheticResult(result.cell, data, ccd=result.ccd))
    assert set(found) == {"ramp", "polarisation", "interphase", "inventory"}
