"""`interlith ccd` and `compare`: pure JSON, folders, errors that name option and value."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from interlith.cli import app
from interlith.cyclerdata import columns

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "data" / "li_symmetric_softshort_liquid"
CELL = """
name: small
temperature: 25 degC
stack_pressure: 2.5 MPa
area: 1 cm^2
layers:
  - {material: Li, thickness: 100 um}
  - {material: Li6PS5Cl, thickness: 600 um}
  - {material: Li, thickness: 100 um}
protocol:
  - {current: 0.1 mA/cm^2, for: 10 min}
"""


def run(*arguments: str):
    return CliRunner().invoke(app, [str(a) for a in arguments])


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def ramp(name: str = "ramp.csv", when: float = 9.4, factor: float = 0.5) -> Path:
    """A resistor under a ramp that loses voltage from `when` half-cycles on."""
    rng = np.random.default_rng(0)
    rows = np.linspace(0.01, 1.0, 100)
    time = np.concatenate([k + rows for k in range(16)])
    amps = np.concatenate([np.full(100, (1 + k // 2) * 1e-4 * (-1) ** k) for k in range(16)])
    volts = amps * 100.0 * np.where(time >= when, factor, 1.0) + 2e-4 * rng.standard_normal(1600)
    pl.DataFrame(
        {columns.TEST_TIME: 3600.0 * time, columns.VOLTAGE: volts, columns.CURRENT: amps}
    ).write_csv(name)
    return Path(name)


def test_json_is_pure_and_has_the_promised_fields():
    ramp()
    done = run("ccd", "ramp.csv", "--area", "1 cm^2", "--json", "--no-pictures")
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert found["last_passing_mA_cm2"] == pytest.approx(0.4)
    assert found["first_failing_mA_cm2"] == pytest.approx(0.5)
    (event,) = found["events"]
    assert event["kind"] == "irreversible soft short"
    assert event["time_h"] == pytest.approx(9.4, abs=0.03)
    assert event["evidence"][0]["criterion"] == "voltage drop"
    assert json.loads((Path(found["results"]) / "ccd.json").read_text())["status"] == "ok"


def test_a_page_and_pictures_in_three_formats_are_written():
    ramp()
    done = run("ccd", "ramp.csv", "--area", "1 cm^2", "--html", "--out", "out")
    assert done.exit_code == 0, done.output
    page = Path("out/report.html").read_text(encoding="utf-8")
    assert "irreversible soft short" in page
    assert "not recorded" in page
    assert "http://" not in page.split("<body>")[1].replace("http://www.w3.org", "")
    for picture in ("test", "event-1", "polarisation"):
        for form in ("png", "svg", "pdf"):
            assert (Path("out/pictures") / f"{picture}.{form}").stat().st_size > 1000


def test_units_need_no_quotes_and_the_area_may_be_missing():
    ramp()
    assert run("ccd", "ramp.csv", "--area", "1", "cm^2", "--no-pictures").exit_code == 0
    done = run("ccd", "ramp.csv", "--no-pictures", "--out", "bare")
    assert "0.5 mA (area not recorded)" in done.stdout


def test_replicates_have_a_spread():
    ramp("a.csv", when=8.4)
    ramp("b.csv", when=10.4)
    done = run("ccd", "a.csv", "b.csv", "--area", "1 cm^2", "--json", "--no-pictures")
    found = json.loads(done.stdout)
    assert len(found["cells"]) == 2
    assert found["spread"]["mean_mA_cm2"] == pytest.approx(0.45)


def test_replicates_of_one_name_do_not_overwrite_each_other():
    for folder, when in (("one", 8.4), ("two", 10.4)):
        Path(folder).mkdir()
        ramp(f"{folder}/cell.csv", when=when)
    done = run("ccd", "one/cell.csv", "two/cell.csv", "--area", "1 cm^2", "--html", "--out", "out")
    assert done.exit_code == 0, done.output
    first, second = (Path(f"out/cell-{n}/report.html").read_text("utf-8") for n in (1, 2))
    assert "0.5 mA/cm2" in first
    assert "0.6 mA/cm2" in second
    assert all("data:image/svg+xml;base64," in page for page in (first, second))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--area", "1 kg"], "--area"),
        (["--area", "-1 cm^2"], "--area"),
        (["--without", "magic"], "magic"),
        (["--threshold", "magic=3"], "magic=3"),
        (["--threshold", "smallest_depth=-1"], "smallest_depth"),
        (["--voltage-limit", "5 cm"], "--voltage-limit"),
        (["--format", "magic"], "magic"),
    ],
)
def test_bad_options_are_named_and_nothing_is_written(arguments, words):
    ramp()
    done = run("ccd", "ramp.csv", "--out", "out", *arguments)
    assert done.exit_code == 2
    assert words in done.stderr
    assert "Traceback" not in done.output
    assert not Path("out").exists()


def test_a_file_that_is_not_there_is_bad_input():
    done = run("ccd", "nowhere.csv", "--json")
    assert done.exit_code == 2
    assert "nowhere.csv" in json.loads(done.stdout)["problems"][0]["message"]


def test_a_switched_off_sign_is_not_used():
    ramp()
    done = run(
        "ccd", "ramp.csv", "--area", "1 cm^2", "--only", "noise", "--json", "--no-pictures"
    )  # fmt: skip
    assert json.loads(done.stdout)["events"] == []


def test_compare_gives_residuals_and_a_fit():
    Path("cell.yaml").write_text(CELL, encoding="utf-8")
    from interlith.cell import loads
    from interlith.cyclerdata.compare.beside import voltage_at

    times = np.arange(5.0, 600.0, 5.0)
    voltage, _ = voltage_at(loads(CELL), times)
    noise = 1e-4 * np.random.default_rng(0).standard_normal(len(times))
    pl.DataFrame(
        {
            columns.TEST_TIME: times,
            columns.VOLTAGE: voltage + noise,
            columns.CURRENT: np.full(len(times), 1e-4),
        }
    ).write_csv("measured.csv")
    field = "layers.electrolyte.properties.ionic_conductivity"
    done = run(
        "compare", "measured.csv", "cell.yaml", "--fit", f"{field}=1 mS/cm", "--json", "--html"
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert found["comparison"]["rms_residual_mV"] == pytest.approx(0.1, rel=0.2)
    fitted = found["fit"]["parameters"][field]
    assert fitted["low"] < 0.205 < fitted["high"]
    folder = Path(found["results"])
    assert (folder / "pictures" / "overlay.png").exists()
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "ionic_conductivity" in page
    assert "not recorded" in page
    assert pl.read_parquet(folder / "compare.parquet").height == found["comparison"]["rows"]
    assert "ionic_conductivity" in (folder / "fitted-cell.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("fit", ["layers.electrolyte.properties.magic", "nothing", "area=3 kg"])
def test_fields_that_cannot_be_fitted_are_bad_input(fit):
    Path("cell.yaml").write_text(CELL, encoding="utf-8")
    done = run("compare", ramp(), "cell.yaml", "--fit", fit, "--out", "out")
    assert done.exit_code == 2
    assert fit.partition("=")[0] in done.stderr
    assert not Path("out").exists()


@pytest.mark.skipif(not SHARED.exists(), reason="../shared/data is not here")
def test_the_soft_short_of_the_liquid_cell_is_found_by_voltage_and_by_impedance_alone():
    (voltage,) = SHARED.glob("*03_GCPL_C05.txt")
    (spectra,) = SHARED.glob("*02_GEIS_C05.mpr")
    common = ["--columns", "current=0.4 mA", "--json", "--no-pictures"]
    alone = json.loads(run("ccd", voltage, *common).stdout)["events"][0]
    assert alone["time_h"] == pytest.approx(24.0, abs=0.5)
    other = run("ccd", voltage, "--spectra", spectra, "--only", "impedance", *common)
    by_impedance = json.loads(other.stdout)["events"][0]
    assert by_impedance["time_h"] == pytest.approx(24.0, abs=0.5)
    assert "soft" in alone["kind"]
    assert "soft" in by_impedance["kind"]


def test_the_tables_of_the_page_are_those_of_the_benchmarks():
    spec = importlib.util.spec_from_file_location("detection", ROOT / "tools/detection_table.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = script
    spec.loader.exec_module(script)
    text = script.PAGE.read_text(encoding="utf-8")
    results = json.loads(script.RESULTS.read_text(encoding="utf-8"))
    assert script.page_with_tables(text, results) == text, "run tools/detection_table.py"
