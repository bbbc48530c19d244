"""Pictures and page of an evolution."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from interlith.cell.reader import loads
from interlith.report import draw, figures, write_life_report, write_report
from interlith.report.life import LIFE_PICTURES, animation
from interlith.report.style import DOUBLE_COLUMN_MM, MM_PER_INCH

CELL = """
name: "<b>small & $quick$</b>"
temperature: 25 degC
stack_pressure: 2.5 MPa
area: 1 cm^2
conversion: {{cycles: 2, rest: 4 h, temperature: {rest}}}
layers:
- {{material: Li, thickness: 50 um}}
{left}- {{material: Li6PS5Cl, thickness: 600 um}}
- {{material: {material}, thickness: 20 um}}
- {{material: Li, thickness: 50 um}}
protocol:
- ccd: {{start: 0.5 mA/cm2, step: 0.5 mA/cm2, stop_at: 1 mA/cm2, areal_capacity: 0.5 mAh/cm2}}
"""
UNIT = re.compile(r"\((mAh/cm²|mol/L|h|mV|V|–|µm[^)]*)\)")


def cell_of(material="Mg16Bi84", rest="60 degC", both=True):
    left = f"- {{material: {material}, thickness: 20 um}}\n" if both else ""
    return loads(CELL.format(material=material, rest=rest, left=left))


@pytest.fixture(scope="module", params=["Mg16Bi84", "Bi", "cold", "one side"])
def evolution(request):
    """One that migrates, one without metal, one that does not get far, one with a bare side."""
    from interlith.simulation.interlayer import evolve

    cells = {
        "Mg16Bi84": lambda: cell_of(),
        "Bi": lambda: cell_of("Bi"),
        "cold": lambda: cell_of(rest="-40 degC"),
        "one side": lambda: cell_of(both=False),
    }
    return evolve(cells[request.param]())


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    from interlith.simulation.interlayer import evolve

    folder = tmp_path_factory.mktemp("life")
    written = write_life_report(evolve(cell_of()), folder, command="interlith migrate x.yaml")
    return written, (folder / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("picture", LIFE_PICTURES, ids=lambda p: p.name)
def test_pictures_name_their_units_and_keep_to_the_canvas(evolution, picture):
    figure = picture.draw(evolution)
    FigureCanvasAgg(figure).draw()
    assert figure.get_size_inches()[0] * MM_PER_INCH == pytest.approx(DOUBLE_COLUMN_MM)
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            shared = not any(t.get_text() and t.get_visible() for t in axis.get_ticklabels())
            later = axis is axes.yaxis and picture.name == "metal-depth-profiles"
            assert shared or later or UNIT.search(axis.label.get_text()), axis.label
        for text in (axes.xaxis.label, axes.yaxis.label, axes.title, *axes.texts):
            box = text.get_window_extent()
            if text.get_text():
                assert box.x0 >= 0.0, text
                assert box.x1 <= figure.bbox.x1, text
                assert box.y0 >= 0.0, text
                assert box.y1 <= figure.bbox.y1, text
    for legend in figure.legends:
        for text in legend.get_texts():
            box = text.get_window_extent()
            assert box.x0 >= 0.0
            assert box.x1 <= figure.bbox.x1


@pytest.mark.parametrize("picture", LIFE_PICTURES, ids=lambda p: p.name)
def test_captions_are_sentences_with_numbers_of_this_cell(evolution, picture):
    text = picture.caption(evolution)
    assert text.endswith(".")
    assert "nan" not in text
    assert not re.search(r"e-\d{2,}", text), "round-off is no result"


def test_everything_drawn_lies_on_the_axes(evolution):
    """A layer without mobile metal once had an axis that ended below its host."""
    figure = LIFE_PICTURES[0].draw(evolution)
    for axes in figure.axes:
        low, high = axes.get_ylim()
        for line in axes.lines:
            values = line.get_ydata()
            if len(values) > 2:
                assert low <= min(values) <= max(values) <= high


def test_the_animation_has_a_frame_for_each_moment_and_they_differ(evolution):
    from io import BytesIO

    from PIL import Image

    side = list(evolution.sides.values())[-1]
    moving = Image.open(BytesIO(animation(evolution)))
    assert moving.format == "GIF"
    # Frames that do not differ are merged into one that lasts longer.
    assert 2 <= moving.n_frames <= len(side.moments)


def test_the_page_is_whole_and_opens_offline(page):
    written, text = page
    assert written[0].name == "report.html"
    assert all(path.stat().st_size > 0 for path in written)
    assert text.count("data:image/svg+xml;base64,") == len(LIFE_PICTURES)
    assert text.count("data:image/gif;base64,") == 1
    assert "http" not in re.sub(r"https?://(www\.)?(doi\.org|jfly)[^<]*", "", text.split("<h2>")[0])
    assert "<script" not in text
    assert "<b>small" not in text


@pytest.mark.parametrize(
    "said",
    [
        "4 h at 60 °C (annealing; the cycles at 25 °C)",
        "2 of 2",
        "Left in the host",
        "In the interphase (SEI)",
        "In the lithium (anode)",
        "Potential at the electrolyte, end of last plating, V",
        "Time below the reduction potential, h",
        "Time below the reduction potential of the interphase, h",
        "Replenishment, mA/cm²",
        "Reservoir in the pores, mAh/cm²",
        "Resistance of the interphase (SEI), Ohm cm²",
        "Critical interphase overpotential (CIOP), mV",
        "lithium diffusivity (rest at 60 °C)",
        "interlith migrate x.yaml",
    ],
)
def test_the_page_says(page, said):
    assert said in page[1]


def test_doubtful_values_come_first(page):
    kinds = re.findall(r'<span class="kind (\w+)">', page[1])
    assert kinds[0] == "assumed"
    assert kinds.index("fitted") < kinds.index("measured") < kinds.index("given")


@pytest.fixture(scope="module")
def tested():
    from interlith.simulation import simulate

    return simulate(cell_of())


def test_a_test_of_formed_layers_has_the_pictures_of_their_life(tested, tmp_path: Path):
    names = [picture.name for picture in LIFE_PICTURES]
    assert list(figures(tested))[-len(names) :] == names
    assert draw(tested, names[0]).axes
    written = {path.name for path in write_report(tested, tmp_path, processes=2)}
    assert {f"{name}.png" for name in names} <= written
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    for said in ("How the interlayers were formed", "Where the mobile metal is", "annealing"):
        assert said in text
    for name in names:
        assert f'id="{name}"' in text
    files = {path.name for path in tested.save(tmp_path)}
    assert {"evolution.nc", "formed-cell.yaml"} <= files


def test_an_interrupted_forming_still_has_a_report(monkeypatch, tmp_path: Path):
    from interlith.simulation import interlayer, simulate

    def interrupt(*_arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(interlayer._Forming, "cycle", interrupt)
    result = simulate(cell_of())
    write_report(result, tmp_path)
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "Forming interrupted after 0 cycles" in text
    assert 'id="metal-depth-profiles"' in text


def test_other_results_have_no_life(make, tmp_path: Path):
    write_report(make.bare_ramp(), tmp_path)
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "How the interlayers were formed" not in text
    with pytest.raises(KeyError, match="no picture named"):
        draw(make.bare_ramp(), "metal-depth-profiles")
