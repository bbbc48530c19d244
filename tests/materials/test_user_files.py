"""User files: override, add, and every kind of mistake with its own message."""

from __future__ import annotations

from pathlib import Path

import pytest

from interlith.errors import InputError
from interlith.materials import Library
from interlith.materials.fitted import read_fits

GOOD = "{value: 0.6 g/cm3, kind: measured, source: {text: my scale}}"


def write(folder: Path, text: str, name: str = "mine.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def property_file(folder: Path, body: str, key: str = "density", head: str = "name: Li") -> Path:
    return write(folder, f"{head}\nproperties:\n  {key}: {body}\n")


def test_single_property_is_overridden_and_the_rest_stays(tmp_path: Path) -> None:
    library = Library.load([property_file(tmp_path, GOOD)])
    assert library["Li"]["density"].value == pytest.approx(600.0)
    assert library["Li"]["density"].source_line() == "my scale [unverified]"
    assert library["Li"]["void_depth"] == Library.default()["Li"]["void_depth"]
    assert Library.default()["Li"]["density"].value == pytest.approx(534.0)


def test_family_and_member_can_be_overridden(tmp_path: Path) -> None:
    body = "{value: 0.5, kind: assumed, range: [0.4, 0.6], note: a guess}"
    family = Library.load([property_file(tmp_path, body, "porosity", "name: MgxBi84")])
    assert family["Mg8Bi84"]["porosity"].value == 0.5
    member = Library.load([property_file(tmp_path, body, "porosity", "name: Mg8Bi84")])
    assert member["Mg8Bi84"]["porosity"].value == 0.5
    assert member["Mg16Bi84"]["porosity"].value != 0.5


def test_new_material_from_another(tmp_path: Path) -> None:
    path = property_file(tmp_path, GOOD, head="name: my-lithium\nbased_on: Li")
    library = Library.load([path])
    assert library["my-lithium"].category == "metal"
    assert library["my-lithium"]["density"].value == pytest.approx(600.0)
    assert "my-lithium" in library.names("metal")


def test_folder_with_a_list_of_materials(tmp_path: Path) -> None:
    write(tmp_path, f"materials:\n  - {{name: Li, properties: {{density: {GOOD}}}}}\n", "a.yaml")
    write(tmp_path, "name: other\nbased_on: LiF\n", "b.yml")
    library = Library.load([tmp_path])
    assert library["Li"]["density"].value == pytest.approx(600.0)
    assert library["other"].category == "compound"


def test_last_file_wins(tmp_path: Path) -> None:
    first = property_file(tmp_path, GOOD)
    second = write(
        tmp_path, f"name: Li\nproperties:\n  density: {GOOD.replace('0.6', '0.7')}\n", "second.yaml"
    )
    assert Library.load([first, second])["Li"]["density"].value == pytest.approx(700.0)


BROKEN_PROPERTIES = {
    "wrong dimension": ("{value: 1 S/cm, kind: measured, source: {text: a}}", "value", "kg/m3"),
    "no unit": ("{value: 1, kind: measured, source: {text: a}}", "value", "kg/m3"),
    "negative": ("{value: -1 g/cm3, kind: measured, source: {text: a}}", "value", "10 to 30000"),
    "nan": ("{value: .nan, kind: measured, source: {text: a}}", "value", "finite"),
    "infinite": ("{value: 1e999 g/cm3, kind: measured, source: {text: a}}", "value", "finite"),
    "missing value": ("{kind: measured, source: {text: a}}", "value", "kg/m3"),
    "missing kind": ("{value: 1 g/cm3, source: {text: a}}", "kind", "one of measured"),
    "unknown kind": ("{value: 1 g/cm3, kind: guessed}", "kind", "one of measured"),
    "no source": ("{value: 1 g/cm3, kind: measured}", "source", "a source"),
    "unknown source": ("{value: 1 g/cm3, kind: measured, source: x}", "source", "a key under"),
    "assumed without range": ("{value: 1 g/cm3, kind: assumed, note: a}", "range", "a range"),
    "assumed without note": (
        "{value: 1 g/cm3, kind: assumed, range: [1 g/cm3, 2 g/cm3]}", "note", "a note"),
    "outside own range": (
        "{value: 3 g/cm3, kind: assumed, note: a, range: [1 g/cm3, 2 g/cm3]}", "value",
        "own range"),
    "range reversed": (
        "{value: 1 g/cm3, kind: assumed, note: a, range: [2 g/cm3, 1 g/cm3]}", "range", "low end"),
    "unknown key": (
        "{value: 1 g/cm3, kind: measured, source: {text: a}, colour: red}", "colour",
        "no such key"),
    "bad DOI": (
        "{value: 1 g/cm3, kind: measured, source: {text: a, doi: here}}", "source.doi", "a DOI"),
    "bad law": (
        "{value: 1 g/cm3, kind: measured, source: {text: a}, law: fast}", "law", "constant"),
    "bad energy": (
        "{value: 1 g/cm3, kind: measured, source: {text: a}, law: {arrhenius: 40 eV}}",
        "law.arrhenius", "at most"),
    "table falling": (
        "{value: 1 g/cm3, kind: measured, source: {text: a}, "
        "law: {table: [[300 K, 1 g/cm3], [200 K, 1 g/cm3]]}}", "law.table", "rising"),
    "not a mapping": ("0.534 g/cm3", "density", "a mapping"),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN_PROPERTIES)
def test_broken_property_names_file_field_and_expectation(tmp_path: Path, case: str) -> None:
    body, field, expected = BROKEN_PROPERTIES[case]
    path = property_file(tmp_path, body)
    with pytest.raises(InputError) as caught:
        Library.load([path])
    matching = [problem for problem in caught.value.problems if field in problem.field]
    assert matching, caught.value.problems
    assert any(expected in problem.expected for problem in matching), matching
    assert all(problem.file == str(path) for problem in matching)


BROKEN_FILES = {
    "broken YAML": ("name: [Li\nproperties: 3", "valid YAML"),
    "duplicate key": ("name: Li\nname: Li\n", "valid YAML"),
    "python tag": ("name: !!python/object:os.system Li\n", "valid YAML"),
    "alias": ("a: &a [1]\nb: *a\n", "aliases"),
    "too deep": ("a: " + "[" * 50 + "]" * 50, "levels"),
    "a list": ("- 1\n- 2\n", "a mapping"),
    "empty": ("", "a mapping"),
    "too large": ("#" * 1_000_001, "at most"),
    "unknown top key": ("name: Li\ncolour: red\n", "no such key"),
    "unknown property": ("name: Li\nproperties: {densty: {value: 1 g/cm3}}\n", "did you mean"),
    "no name": ("category: metal\n", "a name"),
    "name with path": ("name: ../../etc\ncategory: metal\n", "a name"),
    "unknown category": ("name: my\ncategory: gas\n", "one of metal"),
    "new without category": ("name: my\n", "one of metal"),
    "new and incomplete": ("name: my\ncategory: metal\n", "based_on"),
    "based on nothing": ("name: my\nbased_on: nothing\n", "unknown material 'nothing'"),
    "in a circle": ("name: a1\nbased_on: a1\n", "circle"),
    "properties a list": ("name: Li\nproperties: [1]\n", "a mapping"),
    "own family": ("name: Li\nfamily: {zero: Bi}\n", "no family"),
    "basis": ("name: Bi\ncomposition: {basis: volume, amounts: {Bi: 1}}\n", "weight or atomic"),
    "materials no list": ("materials: 3\n", "a list of materials"),
}


@pytest.mark.parametrize("case", BROKEN_FILES)
def test_broken_file(tmp_path: Path, case: str) -> None:
    text, expected = BROKEN_FILES[case]
    path = write(tmp_path, text)
    with pytest.raises(InputError) as caught:
        Library.load([path])
    assert any(expected in problem.expected for problem in caught.value.problems), str(caught.value)
    assert all(problem.file == str(path) for problem in caught.value.problems)


def test_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        Library.load([tmp_path / "nothing.yaml"])


def test_file_that_is_not_text(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_bytes(b"name: \xff\xfe")
    with pytest.raises(InputError, match="UTF-8"):
        Library.load([path])


def test_all_problems_of_all_files_come_at_once(tmp_path: Path) -> None:
    write(tmp_path, "name: Li\nproperties: {density: {value: 1 S/cm}}\n", "a.yaml")
    write(tmp_path, "name: Li\ncolour: red\n", "b.yaml")
    with pytest.raises(InputError) as caught:
        Library.load([tmp_path])
    assert {Path(problem.file).name for problem in caught.value.problems} == {"a.yaml", "b.yaml"}


FIT = """
script: python -m interlith.calibration.wan2023
fits:
  - {material: Li, property: void_depth, value: 0.9 um, standard_error: 0.1 um}
"""


def test_fits_are_read(tmp_path: Path) -> None:
    write(tmp_path, FIT)
    (fit,) = read_fits(tmp_path)
    fitted = fit.apply(Library.default()["Li"]["void_depth"])
    assert fitted.kind == "fitted"
    assert fitted.value == pytest.approx(0.9e-6)
    assert fitted.low == pytest.approx(0.9e-6 - 0.196e-6)
    assert "interlith.calibration" in fitted.note


def test_no_fits_without_a_folder(tmp_path: Path) -> None:
    assert read_fits(tmp_path / "none") == []


def test_broken_fit_is_named(tmp_path: Path) -> None:
    write(tmp_path, FIT.replace("0.9 um", "0.9 S"))
    with pytest.raises(InputError, match=r"fits\[0\].value"):
        read_fits(tmp_path)


def test_formula_units_are_a_basis_of_phases_only(tmp_path: Path) -> None:
    amounts = "composition:\n  basis: formula units\n  amounts: {Li2S: 5, LiCl: 1}\n"
    sei = Library.load([write(tmp_path, f"name: Li2S-Li3P-LiCl\n{amounts}", "sei.yaml")])
    assert sei["Li2S-Li3P-LiCl"].composition["amounts"] == {"Li2S": 5.0, "LiCl": 1.0}
    layer = write(tmp_path, f"name: my-layer\nbased_on: Mg16Bi84\n{amounts}", "layer.yaml")
    with pytest.raises(InputError, match=r"composition.basis: got 'formula units'"):
        Library.load([layer])["my-layer"]
