"""Every file of others beside the repository is read, or refused with what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from interlith.cyclerdata import columns, read, read_all, read_spectra
from interlith.errors import InputError

from .samples import SHARED, shared

LITHIUM = "li_symmetric_softshort_liquid/jr862_11_08_23_insitu-impedance-LiLi_1MLiTFSI_TEGDME-1mA"

# File -> format, rows, spectra.
READ = {
    "arbin/20160805_test001_45_cc_01.res": ("arbin-res", 10261, 0),
    "arbin/sample_data_arbin.csv": ("arbin-text", 13, 0),
    "bdf/sample.bdf.csv": ("bdf", 3, 0),
    "biologic/GCPL-0.mpr": ("eclab-mpr", 4, 0),
    "biologic/aurora_LNMO-SiGr_250116_kigr_gen6_01_02_GCPL_CD8.mpr": ("eclab-mpr", 3791, 0),
    "csv_generic/SINTEF__LiGrR2032__2024-04-30__25degC__Landt.csv": ("landt", 25162, 0),
    "csv_generic/pyprobe_maccor.csv": ("maccor", 15, 0),
    "csv_generic/pyprobe_novonix.csv": ("novonix", 207, 0),
    "eis/PEIS-0.mpr": ("eclab-mpr", 0, 1),
    "eis/impedancepy_exampleData.csv": ("impedance-text", 0, 1),
    "eis/impedancepy_exampleDataBioLogic.mpt": ("eclab-text", 0, 1),
    "eis/impedancepy_exampleDataZPlot.z": ("zplot", 0, 1),
    f"{LITHIUM}-prerun_C05.mpr": ("eclab-mpr", 0, 1),
    f"{LITHIUM}_01_GCPL_C05.mpr": ("eclab-mpr", 109, 0),
    f"{LITHIUM}_02_GEIS_C05.mpr": ("eclab-mpr", 0, 45),
    "neware/21_10_7_85.ndax": ("neware-ndax", 141, 0),
    "neware/interp-test.btsda-export.csv": ("neware-text", 333, 0),
    "neware/interp-test.ndax": ("neware-ndax", 333, 0),
    "neware/new_nda_file.nda": ("neware-nda", 439, 0),
    "neware/nw4-120-1-6-53.ndax": ("neware-ndax", 18700, 0),
    "nmc811/aurora_NMC811-graphite_PEIS.mpr": ("eclab-mpr", 0, 4),
}
# File -> words of the message.
REFUSED = {
    "README.md": "headings",
    "SHA256SUMS": "headings",
    "bdf/arbin_example.bdf.csv": "Test_ID, Test_Time, .*full cycle.*--format bdf",
    f"{LITHIUM}-prerun.mps": r"EC-Lab settings \(\.mps\), no data",
    f"{LITHIUM}.mps": r"EC-Lab settings \(\.mps\), no data",
    f"{LITHIUM}_01_GCPL_C05_LOOP.txt": "index of loops",
    f"{LITHIUM}_02_GEIS_C05_LOOP.txt": "index of loops",
    f"{LITHIUM}_03_GCPL_C05_LOOP.txt": "index of loops",
    f"{LITHIUM}_03_GCPL_C05.txt": r"current: missing.*time/s, Ewe/V.*current=0\.4 mA",
    "neware/Unit27_Example_Corrupt.ndax": r"TestInfo\.xml is damaged: byte 702.*--format",
    "neware/empty.ndax": "records: got 'none'",
    # An export that was converted by hand: its times have lost their units.
    "neware/nw4-120-1-6-53.reference.parquet": 'time=Total Time in s"',
    "nmc811/aurora_NMC811-graphite_PEIS.mpl": r"EC-Lab's log \(\.mpl\), no data",
}


def test_no_file_is_left_out() -> None:
    if not SHARED.exists():
        pytest.skip("../shared/data is not there")
    files = {str(path.relative_to(SHARED)) for path in SHARED.rglob("*") if path.is_file()}
    assert files == {*READ, *REFUSED}


@pytest.mark.parametrize("name", READ)
def test_a_file_is_read(name: str) -> None:
    found = read_all(shared(name))
    rows = 0 if found.recording is None else len(found.recording.table)
    assert (found.format, rows, len(found.spectra)) == READ[name]
    if found.recording is not None:
        assert not np.any(np.diff(found.recording.time) < 0.0)
        assert found.recording.sign


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_is_refused_for_a_reason(name: str) -> None:
    path = shared(name)
    with pytest.raises(InputError, match=REFUSED[name]) as caught:
        read(path)
    assert str(path) in str(caught.value)


# ------------------------------------------------------------------- against independent exports
def test_ndax_agrees_with_the_export_of_its_own_program() -> None:
    reference = pl.read_parquet(shared("neware/nw4-120-1-6-53.reference.parquet"))
    table = read(shared("neware/nw4-120-1-6-53.ndax")).table
    assert len(table) == len(reference)
    # The export has milliseconds, 0.1 mV and 0.1 uA.
    _agree(table[columns.TEST_TIME], reference["Total Time"], 0.6e-3)
    _agree(table[columns.VOLTAGE], reference["Voltage(mV)"].cast(pl.Float64) / 1e3, 0.51e-4)
    _agree(table[columns.CURRENT], reference["Current(uA)"].cast(pl.Float64) / 1e6, 0.51e-6)
    assert table[columns.STEP].cast(int).to_list() == reference["Step Count"].to_list()


def test_ndax_agrees_with_the_text_export() -> None:
    table = read(shared("neware/interp-test.ndax")).table
    export = read(shared("neware/interp-test.btsda-export.csv")).table
    assert len(table) == len(export)
    _agree(table[columns.TEST_TIME], export[columns.TEST_TIME], 0.6e-3)
    _agree(table[columns.VOLTAGE], export[columns.VOLTAGE], 0.51e-4)
    _agree(table[columns.CURRENT], export[columns.CURRENT], 0.51e-6)
    apart = table[columns.UNIX_TIME] - export[columns.UNIX_TIME]
    # One of the two counts in the time zone of the laboratory.
    assert abs(np.asarray(apart - apart[0])).max() < 2e-3


def _agree(first: pl.Series, second: pl.Series, within: float) -> None:
    apart = np.abs(first.cast(pl.Float64).to_numpy() - second.cast(pl.Float64).to_numpy())
    assert apart.max() <= within, int(apart.argmax())


def test_headings_of_a_parquet_file_take_units_from_the_user() -> None:
    path = shared("neware/nw4-120-1-6-53.reference.parquet")
    table = read(path, columns={"time": "Total Time in s"}).table
    assert table[columns.VOLTAGE].max() == pytest.approx(4.9, abs=0.1)


# ------------------------------------------------------------------------------ what stands inside
def test_the_current_of_an_mpr_without_one_is_its_charge_per_time() -> None:
    recording = read(shared(f"{LITHIUM}_01_GCPL_C05.mpr"))
    # .mps beside it: 0.4 mA, after a rest of 15 minutes.
    assert recording.current[-1] == pytest.approx(0.4e-3)
    assert recording.current[0] == 0.0
    assert any("charge per time" in note for note in recording.notes)


def test_a_constant_current_is_taken_from_the_user() -> None:
    recording = read(shared(f"{LITHIUM}_03_GCPL_C05.txt"), columns={"current": "0.4 mA"})
    assert len(recording.table) == 76807
    assert set(recording.current) == {0.4e-3}


def test_spectra_of_a_loop_have_their_times() -> None:
    spectra = read_spectra(shared(f"{LITHIUM}_02_GEIS_C05.mpr"))
    hours = np.array([spectrum.time for spectrum in spectra], dtype=float) / 3600.0
    assert np.all(np.diff(hours) > 0.9)
    assert spectra[0].frequency[[0, -1]] == pytest.approx([500.0, 0.8], rel=1e-2)
    assert all(len(spectrum.frequency) == 9 for spectrum in spectra)
    # Capacitive: the imaginary part is negative.
    assert spectra[0].impedance[0] == pytest.approx(203.13 - 34.99j, abs=0.01)


def test_one_impedance_from_three_formats_has_one_sign() -> None:
    for name in ("exampleData.csv", "exampleDataZPlot.z", "exampleDataBioLogic.mpt"):
        (spectrum,) = read_spectra(shared(f"eis/impedancepy_{name}"))
        assert np.median(spectrum.impedance.imag) < 0.0, name


def test_placeholders_are_not_taken_for_records() -> None:
    found = read_all(shared("eis/impedancepy_exampleDataBioLogic.mpt"))
    assert "area" not in found.recorded
    assert any("area 0.001" in note and "placeholder" in note for note in found.notes)


def test_a_misnamed_and_a_damaged_file_are_read_when_asked_for() -> None:
    misnamed = read(shared("bdf/arbin_example.bdf.csv"), format="bdf")
    assert any("23 columns" in note for note in misnamed.notes)
    damaged = read(shared("neware/Unit27_Example_Corrupt.ndax"), format="neware-ndax")
    assert len(damaged.table) == 301
    assert any("TestInfo.xml is damaged" in note for note in damaged.notes)


def test_content_counts_and_not_the_name(tmp_path: Path) -> None:
    copy = tmp_path / "cell.xyz"
    copy.write_bytes(shared("neware/interp-test.ndax").read_bytes())
    assert read(copy).format == "neware-ndax"
