"""Text formats from files made here: units, delimiters, decimals, encodings, orders of columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from interlith.cyclerdata import Recording, columns, read
from interlith.errors import InputError

from .samples import ROWS, cycled, table

TIME, VOLTAGE, CURRENT, STEP = cycled()
STATES = np.choose((STEP - 1) % 3, ["C", "R", "D"])
NAMES = np.choose((STEP - 1) % 3, ["CC Chg", "Rest", "CC DChg"])


def clock(seconds: float, days: bool = False) -> str:
    whole = int(seconds)
    hours, rest = divmod(whole, 3600)
    text = f"{hours % 24 if days else hours:02d}:{rest // 60:02d}:{rest % 60:02d}"
    fraction = f".{round((seconds - whole) * 1000):03d}"
    return f"{hours // 24}d {text}{fraction}" if days else text + fraction


def dated(seconds: float) -> str:
    return f"2025-03-04 {clock(seconds)}"


def rows(*parts: Sequence[object]) -> list[tuple[object, ...]]:
    return list(zip(*parts, strict=True))


def scaled(values: np.ndarray, factor: float) -> list[str]:
    return [f"{value * factor:.9g}" for value in values]


NUMBER = list(range(1, ROWS + 1))
ONES = [1] * ROWS
NOTHING = ["0"] * ROWS


def neware() -> str:
    heads = [
        "DataPoint", "Cycle Index", "Step Index", "Step Type", "Time", "Total Time", "Current(µA)",
        "Voltage(mV)", "Chg. Cap.(mAs)", "DChg. Cap.(mAs)", "Date", "",
    ]  # fmt: skip
    within = [clock(float(t) % 100.0) for t in TIME]
    parts = (
        NUMBER, ONES, STEP, NAMES, within, map(clock, TIME), scaled(CURRENT, 1e6),
        scaled(VOLTAGE, 1e3), NOTHING, NOTHING, map(dated, TIME), [""] * ROWS,
    )  # fmt: skip
    return table(heads, rows(*parts))


def neware_old() -> str:
    """Records between the rows of their steps, further right."""
    lines = [
        "Cycle ID,Cap_Chg(mAh),Cap_DChg(mAh),,",
        ",Step ID,Step Name,Step Time(h:min:s.ms),",
        ",,Record ID,Time(h:min:s.ms),Voltage(V),Current(mA),Temperature(¡æ),Realtime",
        "1,0,0,,",
    ]
    last = 0
    for at in range(ROWS):
        if STEP[at] != last:
            last = STEP[at]
            lines.append(f",{last},{NAMES[at]},{clock(100.0)},")
        first = TIME[np.searchsorted(STEP, last)]
        cells = (
            at,
            clock(TIME[at] - first),
            VOLTAGE[at],
            f"{CURRENT[at] * 1e3:.6g}",
            25,
            dated(TIME[at]),
        )
        lines.append(",," + ",".join(map(str, cells)))
    return "\n".join(lines) + "\n"


def arbin() -> str:
    heads = [
        "Data_Point", "Test_Time(s)", "Date_Time", "Step_Time(s)", "Step_Index", "Cycle_Index",
        "Current(A)", "Voltage(V)", "Charge_Capacity(Ah)", "Discharge_Capacity(Ah)",
    ]  # fmt: skip
    return table(
        heads,
        rows(
            NUMBER,
            TIME,
            map(dated, TIME),
            TIME % 100,
            STEP,
            ONES,
            CURRENT,
            VOLTAGE,
            NOTHING,
            NOTHING,
        ),
    )


def arbin_bare() -> str:
    heads = [
        "Test_ID",
        "Data_Point",
        "Test_Time",
        "Step_Index",
        "Cycle_Index",
        "Current",
        "Voltage",
        "Charge_Capacity",
    ]
    return table(heads, rows(ONES, NUMBER, TIME, STEP, ONES, CURRENT, VOLTAGE, NOTHING))


def landt() -> str:
    lines = "cell model: pouch,,\nactive mass: 12 mg,,\n"
    heads = [
        "record_index",
        "cycle_index",
        "step_index",
        "date_time_iso_string",
        "test_time_s",
        "current_mA",
        "voltage_V",
        "step_name",
    ]
    return lines + table(
        heads,
        rows(NUMBER, ONES, STEP, map(dated, TIME), TIME, scaled(CURRENT, 1e3), VOLTAGE, NAMES),
    )


def landt_viewer() -> str:
    heads = ["Record", "TestTime/Sec.", "Voltage/V", "Current/mA", "SCapacity/mAh/g", "SysTime"]
    return table(
        heads, rows(NUMBER, TIME, VOLTAGE, scaled(CURRENT, 1e3), NOTHING, map(dated, TIME)), "\t"
    )


def maccor() -> str:
    heads = [
        "Rec#",
        "Cyc#",
        "Step",
        "Test (Sec)",
        "Step (Sec)",
        "Amp-hr",
        "Watt-hr",
        "Amps",
        "Volts",
        "State",
        "ES",
        "DPt Time",
    ]
    stamps = [f"03/04/2025 {clock(float(t))[:8]}" for t in TIME]
    body = rows(
        NUMBER,
        ONES,
        STEP,
        TIME,
        TIME % 100,
        NOTHING,
        NOTHING,
        np.abs(CURRENT),
        VOLTAGE,
        STATES,
        ONES,
        stamps,
    )
    return "Today's Date\t03/05/2025\tDate of Test:\t03/04/2025\n\n" + table(heads, body, "\t")


def maccor_clock() -> str:
    heads = [
        "Cycle P",
        "Cycle C",
        "Step",
        "TestTime",
        "StepTime",
        "Cap. [Ah]",
        "Current [mA]",
        "Voltage [V]",
        "MD",
        "DPT Time",
    ]
    days = [clock(float(t), days=True) for t in TIME]
    body = rows(
        ONES,
        ONES,
        STEP,
        days,
        days,
        NOTHING,
        scaled(np.abs(CURRENT), 1e3),
        VOLTAGE,
        STATES,
        NOTHING,
    )
    return table(heads, body, "\t")


def novonix() -> str:
    heads = [
        "Date and Time",
        "Cycle Number",
        "Step Type",
        "Run Time (h)",
        "Step Time (h)",
        "Current (mA)",
        "Potential (V)",
        "Capacity (mAh)",
        "Temperature (°C)",
        "Step Number",
    ]
    start = (
        "[Summary]\nNovonix UHPC data file\nMass (g): 0.012\nArea (cm2): 1.000\n[End Summary]\n"
        '[Protocol]\n{"a": 1}\n[End Protocol]\n[Data]\n'
    )
    return start + table(
        heads,
        rows(
            map(dated, TIME),
            ONES,
            ONES,
            scaled(TIME, 1 / 3600),
            NOTHING,
            scaled(CURRENT, 1e3),
            VOLTAGE,
            NOTHING,
            [25] * ROWS,
            STEP,
        ),
    )


def basytec() -> str:
    heads = [
        "~Time[h]",
        "DataSet",
        "t-Step[h]",
        "Line",
        "Command",
        "U[V]",
        "I[mA]",
        "Ah[mAh]",
        "T1[°C]",
    ]
    start = (
        "~Resultfile from Basytec Battery Test System\n~Battery: cell 7\n"
        "~Start of Test: 04.03.2025 08:00:00\n~\n"
    )
    return start + table(
        heads,
        rows(
            scaled(TIME, 1 / 3600),
            NUMBER,
            NOTHING,
            STEP,
            NAMES,
            VOLTAGE,
            scaled(CURRENT, 1e3),
            NOTHING,
            [25] * ROWS,
        ),
        "\t",
    )


def bdf() -> str:
    heads = [
        columns.CURRENT,
        columns.TEST_TIME,
        columns.STEP,
        columns.VOLTAGE,
        "Stack Pressure / MPa",
    ]
    return table(heads, rows(CURRENT, TIME, STEP, VOLTAGE, ONES))


def bdf_machine() -> str:
    return table(
        ["test_time_second", "voltage_volt", "current_ampere", "step_count"],
        rows(TIME, VOLTAGE, CURRENT, STEP),
    )


EC_HEAD = """EC-Lab ASCII FILE
Nb header lines : 8
Galvanostatic Cycling with Potential Limitation

Acquisition started on : 03/04/2025 08:00:00
Electrode surface area : 1.130 cm²
Characteristic mass : 0.001 g
"""


def eclab() -> str:
    heads = ["mode", "ox/red", "Ns", "time/s", "control/V/mA", "Ewe/V", "<I>/mA", "(Q-Qo)/mA.h", ""]
    return EC_HEAD + table(
        heads,
        rows(ONES, ONES, STEP, TIME, NOTHING, VOLTAGE, scaled(CURRENT, 1e3), NOTHING, [""] * ROWS),
        "\t",
    )


def eclab_charges() -> str:
    """As EC-Lab stores it: no current, but the charge since the record before."""
    mode = np.where(CURRENT == 0.0, 3, 1)
    passed = np.diff(TIME, prepend=TIME[0])
    charge = CURRENT * passed / 3.6
    heads = ["mode", "Ns", "time/s", "control/V/mA", "Ecell/V", "dq/mA.h"]
    return EC_HEAD + table(
        heads,
        rows(mode, STEP, TIME, scaled(CURRENT, 1e3), VOLTAGE, [f"{q:.12g}" for q in charge]),
        "\t",
    )


def eclab_dates() -> str:
    heads = ["time/s", "Ecell/mV", "I/µA", "Ns"]
    stamps = [f"03/04/2025 {clock(float(t))}" for t in TIME]
    return table(heads, rows(stamps, scaled(VOLTAGE, 1e3), scaled(CURRENT, 1e6), STEP), "\t")


def gamry() -> str:
    heads = "CURVE\tTABLE\t60\n\tPt\tT\tVf\tIm\tOver\n\t#\ts\tV vs. Ref.\tA\tbits\n"
    body = "".join(
        f"\t{n}\t{t}\t{v}\t{i}\t...\n" for n, t, v, i in rows(NUMBER, TIME, VOLTAGE, CURRENT)
    )
    return "EXPLAIN\nTAG\tCHRONOP\nAREA\tQUANT\t1.13\tSample Area (cm^2)\n" + heads + body


def plain() -> str:
    return table(
        ["U (mV)", "t / min", "I [uA]"],
        rows(scaled(VOLTAGE, 1e3), scaled(TIME, 1 / 60), scaled(CURRENT, 1e6)),
    )


def plain_units_below() -> str:
    return table(
        ["time", "voltage", "current"],
        [("min", "V", "mA"), *rows(scaled(TIME, 1 / 60), VOLTAGE, scaled(CURRENT, 1e3))],
        ";",
    )


FORMATS: dict[str, tuple[Callable[[], str], str]] = {
    maker.__name__: (maker, name)
    for maker, name in (
        (neware, "neware-text"),
        (neware_old, "neware-text"),
        (arbin, "arbin-text"),
        (arbin_bare, "arbin-text"),
        (landt, "landt"),
        (landt_viewer, "landt"),
        (maccor, "maccor"),
        (maccor_clock, "maccor"),
        (novonix, "novonix"),
        (basytec, "basytec"),
        (bdf, "bdf"),
        (bdf_machine, "bdf"),
        (eclab, "eclab-text"),
        (eclab_charges, "eclab-text"),
        (eclab_dates, "eclab-text"),
        (gamry, "gamry"),
        (plain, "csv"),
        (plain_units_below, "csv"),
    )
}
CHANGES: dict[str, Callable[[str], bytes]] = {
    "utf-8": lambda text: text.encode(),
    "utf-8 with mark": lambda text: text.encode("utf-8-sig"),
    "utf-16": lambda text: text.encode("utf-16"),
    "utf-16 without mark": lambda text: text.encode("utf-16-le"),
    "latin-1": lambda text: text.encode("latin-1", "replace"),
    "windows lines": lambda text: text.replace("\n", "\r\n").encode(),
    "mac lines": lambda text: text.replace("\n", "\r").encode(),
    "blank lines at the end": lambda text: (text + "\n\n").encode(),
}


def check(recording: Recording) -> None:
    """The table is the one that every format of this page holds."""
    assert len(recording.table) == ROWS
    time = recording.time - recording.time[0]
    assert time == pytest.approx(TIME - TIME[0], abs=2e-3)
    assert recording.voltage == pytest.approx(VOLTAGE, abs=2e-6)
    assert recording.current == pytest.approx(CURRENT, abs=1e-9)


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("name", FORMATS)
def test_a_format_in_any_encoding(name: str, change: str, tmp_path: Path) -> None:
    maker, form = FORMATS[name]
    path = tmp_path / "measured.dat"
    path.write_bytes(CHANGES[change](maker()))
    recording = read(path)
    assert recording.format == form
    check(recording)


@pytest.mark.parametrize(
    "name", [name for name, (maker, _) in FORMATS.items() if "\t" in maker() or ";" in maker()]
)
def test_decimal_commas(name: str, tmp_path: Path) -> None:
    maker, form = FORMATS[name]
    path = tmp_path / "measured.txt"
    lines = maker().split("\n")
    # Headings keep their points.
    body = [
        line.replace(".", ",") if line[:1].isdigit() or line[:1] == "\t" else line for line in lines
    ]
    path.write_text("\n".join(body), encoding="utf-8")
    recording = read(path)
    assert recording.format == form
    check(recording)


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
@pytest.mark.parametrize("name", ["arbin", "neware", "landt", "plain", "bdf"])
def test_other_delimiters(name: str, delimiter: str, tmp_path: Path) -> None:
    maker, form = FORMATS[name]
    path = tmp_path / "measured.csv"
    path.write_text(maker().replace(",", delimiter), encoding="utf-8")
    recording = read(path)
    assert recording.format == form
    check(recording)


@pytest.mark.parametrize(
    "name", ["arbin", "neware", "maccor", "basytec", "eclab", "bdf", "novonix"]
)
def test_columns_in_reverse_order(name: str, tmp_path: Path) -> None:
    maker, form = FORMATS[name]
    delimiter = "\t" if "\t" in maker() else ","
    heading = max(
        range(20), key=lambda at: maker().split("\n")[at].count(delimiter) if at < 12 else 0
    )
    lines = maker().rstrip("\n").split("\n")
    turned = [
        delimiter.join(reversed(line.split(delimiter))) if at >= heading else line
        for at, line in enumerate(lines)
    ]
    if name == "basytec":
        turned[heading] = "~" + turned[heading].replace("~", "")
    path = tmp_path / "measured.csv"
    path.write_text("\n".join(turned), encoding="utf-8")
    recording = read(path)
    assert recording.format == form
    check(recording)


def test_quoted_cells_and_spaces(tmp_path: Path) -> None:
    text = "\n".join(
        ",".join(f'" {cell} "' for cell in line.split(","))
        for line in arbin().rstrip("\n").split("\n")
    )
    path = tmp_path / "measured.csv"
    path.write_text(text, encoding="utf-8")
    check(read(path))


def test_quoted_decimal_commas(tmp_path: Path) -> None:
    heads = "time (s),voltage (V),current (mA)\n"
    body = "".join(
        f'"{t}","{v}","{i * 1e3:.3f}"\n'.replace(".", ",")
        for t, v, i in rows(TIME, VOLTAGE, CURRENT)
    )
    path = tmp_path / "measured.csv"
    path.write_text(heads + body, encoding="utf-8")
    check(read(path))


def test_thousands(tmp_path: Path) -> None:
    body = "".join(
        f"{t:,.1f};{v * 1e3:,.3f};{i * 1e3}\n" for t, v, i in rows(TIME, VOLTAGE, CURRENT)
    )
    path = tmp_path / "measured.csv"
    path.write_text("t (s);U (mV);I (mA)\n" + body, encoding="utf-8")
    check(read(path))


def test_rows_quoted_whole(tmp_path: Path) -> None:
    path = tmp_path / "measured.csv"
    start, sign, body = novonix().partition("[Data]\n")
    quoted = "".join(f'"{line}"\n' for line in body.splitlines())
    path.write_text(start + sign + quoted, encoding="utf-8")
    check(read(path))


def test_stray_bytes_in_a_remark_are_no_binary_file(tmp_path: Path) -> None:
    path = tmp_path / "measured.txt"
    path.write_bytes(b"Description\ta\x04b\x03\x01\xff\xff\n" + maccor().encode())
    check(read(path))


def test_layered_rows_of_the_newer_program(tmp_path: Path) -> None:
    heads = ",,DataPoint,Time,Total Time,Current(A),Voltage(V),Date"
    lines = [
        "Cycle Index,Chg. Cap.(Ah),,,,",
        ",Step Index,Step Number,Step Type,,",
        heads,
        "1,0,0,,,",
    ]
    for at in range(ROWS):
        if at % 10 == 0:
            lines.append(f",{STEP[at]},{STEP[at]},{NAMES[at]},00:01:40,,")
        cells = (
            at,
            clock(TIME[at] % 100),
            clock(TIME[at]),
            CURRENT[at],
            VOLTAGE[at],
            dated(TIME[at]),
        )
        lines.append(",," + ",".join(map(str, cells)))
    path = tmp_path / "measured.csv"
    path.write_text("\n".join(lines))
    assert read(path).format == "neware-text"
    check(read(path))


def test_open_circuit_of_ec_lab_has_no_current(tmp_path: Path) -> None:
    heads = ["mode", "error", "time/s", "Ewe/V"]
    path = tmp_path / "measured.mpt"
    path.write_text(EC_HEAD + table(heads, rows([3] * ROWS, ONES, TIME, VOLTAGE), "\t"), "latin-1")
    assert set(read(path).current) == {0.0}


# ------------------------------------------------------------------------------ what files say
def test_what_is_recorded_and_what_is_a_placeholder(tmp_path: Path) -> None:
    path = tmp_path / "measured.mpt"
    path.write_text(eclab(), encoding="latin-1")
    recording = read(path)
    assert recording.recorded["area"] == "1.130 cm²"
    assert "mass" not in recording.recorded
    assert any("mass 0.001 g" in note for note in recording.notes)
    path.write_text(novonix(), encoding="utf-8")
    recording = read(path)
    assert recording.recorded["mass"] == "0.012 g"
    assert any("area 1.000" in note for note in recording.notes)


def test_dates_become_unix_time(tmp_path: Path) -> None:
    for maker in (neware, arbin, landt, maccor):
        path = tmp_path / "measured.csv"
        path.write_text(maker(), encoding="utf-8")
        stamps = read(path).table[columns.UNIX_TIME]
        # 2025-03-04 00:00:00
        assert stamps[0] == pytest.approx(1741046400.0, abs=1.0), maker.__name__


def test_a_clock_without_days_passes_midnight(tmp_path: Path) -> None:
    hours = np.arange(0.0, 60.0, 0.5)
    stamps = [f"{int(h % 24):02d}:{int(h * 60 % 60):02d}:00" for h in hours]
    path = tmp_path / "measured.csv"
    path.write_text(table(["time", "U/V", "I/A"], rows(stamps, hours, hours * 0 + 1.0)))
    recording = read(path)
    assert recording.time == pytest.approx(hours * 3600.0)
    assert any("midnight" in note for note in recording.notes)


# ------------------------------------------------------------------------------------- the user
def test_columns_by_the_user(tmp_path: Path) -> None:
    path = tmp_path / "measured.csv"
    path.write_text(
        table(
            ["zeit", "spannung", "strom"],
            rows(scaled(TIME, 1 / 60), VOLTAGE, scaled(-CURRENT, 1e3)),
        )
    )
    asked = {"time": "zeit in min", "voltage": "spannung in V", "current": "-strom in mA"}
    check(read(path, columns=asked))
    with pytest.raises(InputError, match=r"time=zeit in s"):
        read(path, columns={**asked, "time": "zeit"})
    with pytest.raises(InputError, match="did you mean spannung"):
        read(path, columns={**asked, "voltage": "Spannug in V"})
    with pytest.raises(InputError, match="a unit of voltage"):
        read(path, columns={**asked, "voltage": "spannung in mA"})
    with pytest.raises(InputError, match="one of time, voltage"):
        read(path, columns={**asked, "strom": "strom"})


def test_a_current_per_area_needs_the_area(tmp_path: Path) -> None:
    path = tmp_path / "measured.csv"
    per_area = scaled(CURRENT / 2e-4, 0.1)
    path.write_text(
        table(["t (s)", "E (V vs. Li+/Li)", "j (mA/cm^2)"], rows(TIME, VOLTAGE, per_area))
    )
    with pytest.raises(InputError, match=r"area=1\.13 cm\^2"):
        read(path)
    check(read(path, columns={"area": "2 cm^2"}))


def test_every_missing_column_is_named(tmp_path: Path) -> None:
    path = tmp_path / "measured.csv"
    path.write_text("a,voltage (V),b\n1,2,3\n2,3,4\n")
    with pytest.raises(InputError) as caught:
        read(path)
    assert [problem.field for problem in caught.value.problems] == ["time", "current"]
    assert "a, voltage (V), b" in str(caught.value)


def test_units_are_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "measured.csv"
    path.write_text("time,voltage,current\n1,2,3\n2,3,4\n")
    with pytest.raises(InputError) as caught:
        read(path)
    assert len(caught.value.problems) == 3
