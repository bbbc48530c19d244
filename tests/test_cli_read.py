"""`interlith read` as a shell sees it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner, Result

from interlith.cli import app
from interlith.cli.measured import named_columns
from interlith.errors import InputError

VOLTAGES = [3.0 + 0.01 * at for at in range(10)] + [2.9] * 10
TABLE = "t (h),E (V),I (mA)\n" + "".join(
    f"{at / 10},{voltage},{1 if at < 10 else -1}\n" for at, voltage in enumerate(VOLTAGES)
)
SPECTRUM = "freq/Hz,Re(Z)/Ohm,-Im(Z)/Ohm\n1000,10,1\n100,20,9\n10,30,1\n"


@pytest.fixture(autouse=True)
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cell.csv").write_text(TABLE)
    (tmp_path / "eis.csv").write_text(SPECTRUM)
    (tmp_path / "named.csv").write_text("zeit,spannung\n" + "".join(f"{at},3\n" for at in range(5)))
    return tmp_path


def interlith(*arguments: str) -> Result:
    result = CliRunner().invoke(app, ["read", *arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def answer(result: Result) -> dict[str, Any]:
    data = json.loads(result.stdout)
    assert isinstance(data, dict)
    return data


def test_people_see_the_table_the_sign_and_what_is_not_recorded() -> None:
    result = interlith("cell.csv")
    assert result.exit_code == 0, result.stderr
    for words in (
        "cell.csv: csv",
        "20 rows over 1.9 h",
        "sign: ",
        "Voltage / V",
        "not recorded: area",
    ):
        assert words in result.stdout


def test_json_has_all_of_it() -> None:
    data = answer(interlith("cell.csv", "--json"))
    assert data["status"] == "ok"
    assert data["format"] == "csv"
    assert data["table"]["columns"] == ["Test Time / s", "Voltage / V", "Current / A"]
    assert data["table"]["first_rows"][1] == {
        "Test Time / s": 360.0,
        "Voltage / V": 3.01,
        "Current / A": 1e-3,
    }
    assert data["not_recorded"] == ["area", "mass", "temperature", "started"]


@pytest.mark.parametrize("name", ["out.parquet", "out.csv"])
def test_what_is_written_is_read_again(name: str) -> None:
    assert interlith("cell.csv", "--to", name).exit_code == 0
    data = answer(interlith(name, "--json"))
    assert data["format"] in ("bdf", "bdf-parquet")
    assert data["table"]["rows"] == 20
    assert interlith("cell.csv", "--to", name).exit_code == 2
    assert interlith("cell.csv", "--to", name, "--force").exit_code == 0


def test_spectra_are_shown_and_written(workplace: Path) -> None:
    result = interlith("eis.csv", "--to", "out.csv")
    assert result.exit_code == 0
    assert "spectrum 1 of 1" in result.stdout
    written = pl.read_csv(workplace / "out.csv")
    assert written["Imaginary Impedance / ohm"].to_list() == [-1.0, -9.0, -1.0]
    data = answer(interlith("out.csv", "--json"))
    assert (data["table"], len(data["spectra"])) == (None, 1)


def test_columns_follow_one_option() -> None:
    asked = ["--columns", "time=zeit in min", "voltage=spannung in V", "current=0.4 mA"]
    for arguments in (["named.csv", *asked], [*asked, "--json", "named.csv"]):
        result = interlith(*arguments, "--json")
        assert result.exit_code == 0, result.stderr
        assert answer(result)["table"]["last_rows"][-1]["Current / A"] == 0.4e-3


def test_the_sign_can_be_turned() -> None:
    data = answer(interlith("cell.csv", "--sign", "flip", "--json"))
    assert data["table"]["first_rows"][0]["Current / A"] == -1e-3
    assert "as asked for" in data["table"]["sign"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["none.csv"], "no such file"),
        (["named.csv"], "the headings are: zeit, spannung; name it with --columns"),
        (["cell.csv", "--columns", "time"], "NAME=HEADING"),
        (["cell.csv", "--columns", "time=nothing"], "a heading of the file"),
        (["cell.csv", "--format", "nothing"], "one of neware-nda"),
        (["cell.csv", "--sign", "plus"], "one of as-is, flip"),
        (["cell.csv", "--cell", "7"], "does not tell cells apart"),
        (["cell.csv", "--to", "out.xlsx"], "ends in .parquet or .csv"),
        (["cell.csv", "--to", "nowhere/out.csv"], "existing folder"),
        (["cell.csv", "--format", "neware-ndax"], "damaged"),
    ],
)
def test_bad_input_ends_with_two_and_a_sentence(
    arguments: list[str], words: str, workplace: Path
) -> None:
    before = set(workplace.iterdir())
    result = interlith(*arguments, "--json")
    assert result.exit_code == 2
    assert words in answer(result)["problems"][0]["message"]
    assert "Traceback" not in result.stderr
    assert set(workplace.iterdir()) == before


def test_names_and_headings() -> None:
    assert named_columns(["time=a=b", " voltage = E "]) == {"time": "a=b", "voltage": "E"}
    with pytest.raises(InputError, match="NAME=HEADING"):
        named_columns(["=b"])
