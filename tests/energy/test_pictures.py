"""Pictures say what the numbers say, for people who see no colours too."""

from __future__ import annotations

import pytest
from matplotlib.text import Text
from tests.energy.conftest import make

from interlith import energy
from interlith.report.energy import PICTURES, draw, draw_reach, write_energy


def texts(figure):
    return [text.get_text() for text in figure.findobj(Text)]


@pytest.mark.parametrize("design", ["pouch", "stack"])
@pytest.mark.parametrize("name", PICTURES)
def test_pictures_have_units_and_values(cell, measured, design, name):
    found = energy.cell_level(cell, design=design, changes=measured)
    figure = found.plot(name)
    shown = "\n".join(texts(figure))
    assert all("(" in axes.get_xlabel() for axes in figure.axes)
    assert "Wh/kg" in shown
    assert f"{found.Wh_kg:.0f}" in shown
    assert "on paper: 4 mAh/cm², 3.8 V (as given)" in shown


def test_the_bars_of_mass_are_the_masses(cell, measured):
    found = energy.cell_level(cell, changes=measured)
    masses = draw(found, "waterfall").axes[0]
    widths = [patch.get_width() for patch in masses.patches]
    assert widths == pytest.approx([1000.0 * drop.mass for drop in found.waterfall])
    hatches = {patch.get_hatch() for patch in masses.patches}
    assert len(hatches) > 2  # told apart in grey print


def test_an_unknown_picture_is_refused(cell):
    with pytest.raises(ValueError, match="no picture 'pie'; there are waterfall, sensitivity"):
        energy.cell_level(cell).plot("pie")


def test_the_map_marks_target_and_cell():
    thick = make(**{"layers.1.thickness": "300 um"})
    figure = energy.reach(thick, "300 Wh/kg").plot()
    shown = texts(figure)
    assert "now" in shown
    assert any("the target, 300 Wh/kg" in text for text in shown)
    assert figure.axes[0].get_ylabel() == "Loading of active material (mg/cm²)"
    assert "target not in this map" in texts(draw_reach(energy.reach(thick, "5000 Wh/kg")))


def test_pictures_are_written_in_three_forms(cell, tmp_path):
    found = energy.cell_level(cell)
    paths = write_energy(found, tmp_path / "p", energy.reach(cell, "500 Wh/kg"))
    names = {path.name for path in paths}
    assert names == {
        f"energy-{name}.{form}"
        for name in ("waterfall", "sensitivity", "target")
        for form in ("png", "svg", "pdf")
    }
    assert all(path.stat().st_size > 5000 for path in paths)
