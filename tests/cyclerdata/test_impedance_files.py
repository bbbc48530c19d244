"""Impedance in every format: frequencies, signs, sweeps."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from interlith.cyclerdata import read, read_all, read_spectra
from interlith.errors import InputError

FREQUENCY = np.logspace(5, 0, 26)
# A resistance and an arc: capacitive at all frequencies.
IMPEDANCE = 10.0 + 100.0 / (1.0 + 2j * np.pi * FREQUENCY * 1e-3)
REAL, IMAGINARY = IMPEDANCE.real, IMPEDANCE.imag


def check(path: Path, count: int = 1) -> None:
    spectra = read_spectra(path)
    assert len(spectra) == count
    for spectrum in spectra:
        assert spectrum.frequency == pytest.approx(FREQUENCY, rel=1e-6)
        assert spectrum.impedance == pytest.approx(IMPEDANCE, rel=1e-6)


def lines(*parts: np.ndarray, delimiter: str = ",") -> str:
    rows = zip(*parts, strict=True)
    return "".join(delimiter.join(f"{value:.10g}" for value in row) + "\n" for row in rows)


@pytest.mark.parametrize(
    ("heads", "factor"),
    [
        ("freq/Hz,Re(Z)/Ohm,-Im(Z)/Ohm", -1.0),
        ("Frequency (Hz),Z' (Ω),-Z'' (Ω)", -1.0),
        ("Frequency (Hz),Z' (Ω),Z'' (Ω)", 1.0),
        ("frequency_hertz,real_impedance_ohm,imaginary_impedance_ohm", 1.0),
        ("f [Hz],Zreal [ohm],Zimag [ohm]", 1.0),
        # Not said, and positive: taken as the negative.
        ("f [Hz],Zreal [ohm],Zimag [ohm]", -1.0),
        ("Freq(Hz),Z'(a),Z''(b)", 1.0),
        ("Freq/Hz,Z'/ohm,Z\"/ohm", 1.0),
        ("Frequency / Hz,Real Impedance / ohm,Imaginary Impedance / ohm", 1.0),
    ],
)
def test_csv_with_headings(heads: str, factor: float, tmp_path: Path) -> None:
    path = tmp_path / "eis.csv"
    path.write_text(heads + "\n" + lines(FREQUENCY, REAL, factor * IMAGINARY), encoding="utf-8")
    check(path)


def test_units_of_csv(tmp_path: Path) -> None:
    path = tmp_path / "eis.csv"
    heads = "f (kHz);|Z| (kOhm);Phase (deg)\n"
    body = lines(
        FREQUENCY / 1e3, abs(IMPEDANCE) / 1e3, np.rad2deg(np.angle(IMPEDANCE)), delimiter=";"
    )
    path.write_text(heads + body.replace(".", ","))
    check(path)


@pytest.mark.parametrize("delimiter", [",", "\t", ";", " ", "   "])
@pytest.mark.parametrize("factor", [1.0, -1.0])
def test_numbers_alone(delimiter: str, factor: float, tmp_path: Path) -> None:
    path = tmp_path / "eis.txt"
    path.write_text(lines(FREQUENCY, REAL, factor * IMAGINARY, delimiter=delimiter))
    check(path)
    notes = read_spectra(path)[0].notes
    assert any("taken as -Im(Z)" in note for note in notes) is (factor < 0.0)


@pytest.mark.parametrize("comma", [False, True])
def test_zplot(comma: bool, tmp_path: Path) -> None:
    path = tmp_path / "eis.z"
    nothing = np.zeros_like(FREQUENCY)
    body = lines(
        FREQUENCY, nothing, nothing, np.arange(26.0), REAL, IMAGINARY, nothing, delimiter="\t"
    )
    head = "ZPLOT2 ASCII\n  Date:   10-12-2018\n  Time:   11:04:34\nEnd Comments\n"
    path.write_text(head + (body.replace(".", ",") if comma else body))
    check(path)
    assert read_spectra(path)[0].time == 0.0
    assert read_all(path).recorded["started"] == "10-12-2018 11:04:34"


@pytest.mark.parametrize("comma", [False, True])
def test_gamry(comma: bool, tmp_path: Path) -> None:
    path = tmp_path / "eis.dta"
    number = np.arange(26.0)
    heads = "\tPt\tTime\tFreq\tZreal\tZimag\tZsig\tZmod\tZphz\tIdc\tVdc\tIERange\n"
    units = "\t#\ts\tHz\tohm\tohm\tV\tohm\t°\tA\tV\t#\n"
    parts = (number, number, FREQUENCY, REAL, IMAGINARY, number * 0 + 1, abs(IMPEDANCE))
    body = "".join("\t" + line + "\n" for line in lines(*parts, delimiter="\t").splitlines())
    before = "OCVCURVE\tTABLE\t2\n\tPt\tT\tVf\tVm\tAch\n\t#\ts\tV\tV\tV\n\t0\t1\t2\t3\t0\n"
    text = "EXPLAIN\nTAG\tEISPOT\nAREA\tQUANT\t2.5\tArea (cm^2)\n" + before + "ZCURVE\tTABLE\n"
    path.write_text(
        text + heads + units + (body.replace(".", ",") if comma else body), encoding="latin-1"
    )
    check(path)
    assert read_all(path).recorded["area"] == "2.5 cm^2"


def test_zplot_of_its_first_versions(tmp_path: Path) -> None:
    path = tmp_path / "eis.z"
    nothing = np.zeros_like(FREQUENCY)
    parts = (FREQUENCY, nothing, nothing, np.arange(26.0), REAL, IMAGINARY, nothing, nothing)
    head = '"ZPlotW Data File: Version 3.2c"\n"Raw Data"\n0,3,0,1\n'
    heads = "\"  Freq(Hz)    Ampl     Bias   Time(Sec)   Z'(a)    Z''(b)    GD   Err\"\n"
    path.write_text(head + heads + lines(*parts))
    check(path)


def test_units_that_were_taken_are_told(tmp_path: Path) -> None:
    path = tmp_path / "eis.csv"
    path.write_text("Frequency\tZre\tZimg\n" + lines(FREQUENCY, REAL, IMAGINARY, delimiter="\t"))
    check(path)
    assert "Zre has no unit; ohm was taken" in read_all(path).notes


def mpt(loops: int, with_cycling: bool) -> str:
    heads = "freq/Hz\tRe(Z)/Ohm\t-Im(Z)/Ohm\ttime/s\t<Ewe>/V\t<I>/mA\tcycle number\t\n"
    body = ""
    for loop in range(loops):
        start = loop * 1000.0
        ones = np.ones_like(FREQUENCY)
        if with_cycling:
            time = start + np.arange(20.0)
            zero = time * 0
            body += lines(zero, zero, zero, time, zero + 3, zero + 0.5, zero + loop, delimiter="\t")
        parts = (FREQUENCY, REAL, -IMAGINARY, start + 50 + np.arange(26.0), ones, ones, ones * loop)
        body += lines(*parts, delimiter="\t")
    return "EC-Lab ASCII FILE\nNb header lines : 4\n\n" + heads + body


def test_loops_of_ec_lab(tmp_path: Path) -> None:
    path = tmp_path / "eis.mpt"
    path.write_text(mpt(3, with_cycling=False), encoding="latin-1")
    check(path, 3)
    assert [spectrum.time for spectrum in read_spectra(path)] == [50.0, 1050.0, 2050.0]
    with pytest.raises(InputError, match="3 impedance spectra and no table"):
        read(path)


def test_impedance_among_cycling(tmp_path: Path) -> None:
    path = tmp_path / "mixed.mpt"
    path.write_text(mpt(2, with_cycling=True), encoding="latin-1")
    check(path, 2)
    recording = read(path)
    assert len(recording.table) == 40
    assert set(recording.current) == {0.5e-3}


def test_sweeps_that_turn_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "eis.csv"
    down, up = (
        lines(FREQUENCY, REAL, -IMAGINARY),
        lines(FREQUENCY[::-1], REAL[::-1], -IMAGINARY[::-1]),
    )
    path.write_text("freq/Hz,Re(Z)/Ohm,-Im(Z)/Ohm\n" + down + down + up)
    spectra = read_spectra(path)
    # The first frequency of the way up is the last of the way down, and stays with it.
    assert [len(spectrum.frequency) for spectrum in spectra] == [26, 27, 25]


def test_a_table_without_impedance_is_told(tmp_path: Path) -> None:
    path = tmp_path / "cycling.csv"
    path.write_text("t/s,U/V,I/A\n1,2,3\n2,2,3\n")
    with pytest.raises(InputError, match="a table without impedance"):
        read_spectra(path)
