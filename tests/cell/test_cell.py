"""Good cells: templates, extremes that are allowed, and what a cell tells about itself."""

from __future__ import annotations

import subprocess
import sys

import pydantic
import pytest

from interlith.cell import Cell, Electrode, Electrolyte, Interlayer, expand, load, loads
from interlith.cell.protocol import Rest
from interlith.cell.templates import TEMPLATES, template_text
from interlith.errors import InputError


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_is_a_cell_and_every_line_is_commented(name):
    text = template_text(name)
    assert expand(loads(text))
    bare = [line for line in text.splitlines() if line and "#" not in line and line[-1] != ":"]
    assert bare == []


def test_an_unknown_template_is_named():
    with pytest.raises(InputError, match="did you mean ccd"):
        template_text("cdc")


def test_the_reference_cell():
    cell = loads(template_text("ccd"))
    assert (cell.temperature, cell.stack_pressure, cell.area) == (298.15, 2.5e6, 7.85e-5)
    assert [layer.thickness for layer in cell.layers] == [1e-4, 2e-5, 6e-4, 2e-5, 1e-4]
    assert [layer.kind for layer in cell.layers] == [
        "electrode",
        "interlayer",
        "electrolyte",
        "interlayer",
        "electrode",
    ]
    assert cell.fixture_stiffness == 0.0


EXTREMES = {
    "temperature": ["200 K", "500 K", "-73.15 degC", "226.85 degC"],
    "stack_pressure": ["0 MPa", "500 MPa"],
    "area": ["1e-8 m^2", "1 m^2"],
    "fixture_stiffness": ["0 MPa/um", "1000 MPa/um"],
    "layers.0.thickness": ["1 nm", "1 cm"],
    "layers.1.thickness": ["1 nm", "1 cm", "10 mm"],
    "layers.2.thickness": ["1 nm", "1 cm"],
    "layers.2.properties.ionic_conductivity": ["1e-9 S/cm", "1e3 S/cm"],
    "layers.2.properties.electronic_conductivity": ["1e-9 S/cm", "1e-15 S/cm", "1e3 S/cm"],
    "layers.1.properties.ionic_conductivity": ["1e-9 S/cm", "1e3 S/cm"],
    "layers.1.properties.electronic_conductivity": ["1e-9 S/cm", "1e3 S/cm"],
    "layers.1.sei.material": ["LiMgSx"],
    "layers.1.sei.thickness": ["1 nm"],
    "layers.1.porosity": ["0.001", "0.999"],
    "layers.2.roughness": ["0.1 nm", "1 mm"],
    "solver.rtol": ["1e-12"],
}


@pytest.mark.parametrize(
    ("path", "value"), [(path, value) for path, values in EXTREMES.items() for value in values]
)
def test_extremes_load(path, value):
    cell = loads(template_text("ccd"), {path: value})
    assert loads(cell.to_yaml()) == cell


def test_an_insulating_sei_loads():
    values = loads(template_text("ccd")).to_dict()
    values["layers"][1]["sei"] = {
        "material": "LiMgSx",
        "properties": {"ionic_conductivity": "1e-15 S/cm"},
    }
    assert Cell.read(values).left_interlayers[0].sei.override("ionic_conductivity", "S/m") == 1e-13


def asymmetric():
    layers = [("Li", 100), ("Bi", 1), ("Mg16Bi84", 20), ("Li6PS5Cl", 300), ("Li3YCl6", 300)]
    layers += [("AlBi", 1), ("ZnBi", 5), ("LiMg", 100)]
    values = loads(template_text("ccd")).to_dict()
    values["layers"] = [{"material": name, "thickness": f"{size} um"} for name, size in layers]
    return Cell.read(values)


def test_sides_are_listed_from_the_metal_to_the_electrolyte():
    cell = asymmetric()
    assert [layer.material for layer in cell.left_interlayers] == ["Bi", "Mg16Bi84"]
    assert [layer.material for layer in cell.right_interlayers] == ["ZnBi", "AlBi"]
    assert [layer.material for layer in cell.electrolytes] == ["Li6PS5Cl", "Li3YCl6"]
    assert [layer.material for layer in cell.electrodes] == ["Li", "LiMg"]


def test_a_cell_of_python_objects_equals_the_one_of_a_file():
    cell = Cell(
        name="bare",
        temperature="25 degC",
        stack_pressure="5 MPa",
        area="1 cm2",
        layers=(
            Electrode(material="Li", thickness="50 um"),
            Electrolyte(material="Li6PS5Cl", thickness="0.5 mm"),
            Interlayer(material="Bi", thickness="50 nm", porosity=0.3),
            Electrode(material="Li", thickness="50 um"),
        ),
        protocol=(Rest(rest="1 h"), {"plate": "1 mA/cm2", "for": "1 h", "until": "0.3 V"}),
    )
    assert loads(cell.to_yaml()) == cell
    assert expand(cell)[1].voltage_upper == 0.3


def test_a_cell_cannot_be_changed_in_place():
    cell = loads(template_text("ccd"))
    with pytest.raises(pydantic.ValidationError, match="frozen"):
        cell.temperature = 300.0


def test_user_materials_are_found_beside_the_cell_file(tmp_path):
    (tmp_path / "mine.yaml").write_text(
        "name: MyElectrolyte\nbased_on: Li6PS5Cl\ncategory: electrolyte\n", encoding="utf-8"
    )
    text = template_text("ccd").replace("material: Li6PS5Cl", "material: MyElectrolyte")
    file = tmp_path / "cell.yaml"
    file.write_text(text + "\nmaterials: [mine.yaml]\n", encoding="utf-8")
    cell = load(file)
    assert cell.materials == (str(tmp_path / "mine.yaml"),)
    assert loads(cell.to_yaml()) == cell


def test_importing_units_and_errors_is_light():
    code = (
        "import sys, interlith.units, interlith.errors;"
        "print([name for name in ('pint', 'pydantic', 'ruamel', 'numpy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
