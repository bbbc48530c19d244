"""Broken and hostile files: each ends in a table or in a sentence, soon and in little memory."""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from interlith.cyclerdata import read_all
from interlith.errors import InputError

from . import test_impedance_files, test_text_formats
from .samples import SHARED

HERE = Path(__file__).parent
MANY = int(os.environ.get("INTERLITH_FUZZ", "12"))
TEXTS: dict[str, Callable[[], str]] = {
    name: maker for name, (maker, _) in test_text_formats.FORMATS.items()
} | {"mixed": lambda: test_impedance_files.mpt(2, with_cycling=True)}
BINARIES = {
    "nda": "neware/new_nda_file.nda",
    "ndax": "neware/interp-test.ndax",
    "mpr": "biologic/GCPL-0.mpr",
    "res": "arbin/20160805_test001_45_cc_01.res",
}


# -------------------------------------------------------------------------------------- mutations
def truncated(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data))]


def flipped(data: bytes, chance: random.Random) -> bytes:
    broken = bytearray(data)
    for _ in range(chance.choice((1, 10, 200))):
        broken[chance.randrange(len(broken))] ^= 1 << chance.randrange(8)
    return bytes(broken)


def flipped_at_the_start(data: bytes, chance: random.Random) -> bytes:
    first = min(len(data), 400)
    return flipped(data[:first], chance) + data[first:]


def shuffled(data: bytes, chance: random.Random) -> bytes:
    size = chance.randrange(1, 600)
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    chance.shuffle(pieces)
    return b"".join(pieces)


def holed(data: bytes, chance: random.Random) -> bytes:
    first = chance.randrange(len(data))
    return data[:first] + data[first + chance.randrange(300) :]


def doubled(data: bytes, chance: random.Random) -> bytes:
    first = chance.randrange(len(data))
    return data[:first] + data + data[first:]


def swollen(data: bytes, chance: random.Random) -> bytes:
    """Lengths and counts become as large as they can be."""
    broken = bytearray(data)
    for _ in range(chance.choice((1, 3, 20))):
        first = chance.randrange(max(1, len(broken) - 4))
        broken[first : first + 4] = chance.choice((b"\xff" * 4, b"\x00\x00\x00\x7f", b"\x00" * 4))
    return bytes(broken)


def columns_swapped(data: bytes, chance: random.Random) -> bytes:
    lines = data.split(b"\n")
    sign = max((b",", b"\t", b";"), key=data.count)
    order: dict[int, list[int]] = {}
    swapped = []
    for line in lines:
        cells = line.split(sign)
        places = order.setdefault(len(cells), chance.sample(range(len(cells)), len(cells)))
        swapped.append(sign.join(cells[place] for place in places))
    return b"\n".join(swapped)


def cells_swapped(data: bytes, chance: random.Random) -> bytes:
    odd = [b"", b"1e999", b"-", b"NaN", b'"', b"99999999999999999999", b"\xff", b"1:2:3:4", b"=1+1"]
    lines = data.split(b"\n")
    for _ in range(20):
        at = chance.randrange(len(lines))
        cells = lines[at].split(b",")
        cells[chance.randrange(len(cells))] = chance.choice(odd)
        lines[at] = b",".join(cells)
    return b"\n".join(lines)


MUTATIONS = (truncated, flipped, flipped_at_the_start, shuffled, holed, doubled, swollen)
TEXT_MUTATIONS = (*MUTATIONS, columns_swapped, cells_swapped)


def refused(path: Path) -> str:
    """Return why a file is refused; nothing where it is read, and time does not go back."""
    try:
        found = read_all(path)
    except InputError as error:
        return str(error)
    if found.recording is not None:
        times = found.recording.time
        assert all(times[1:] >= times[:-1])
    return ""


# ------------------------------------------------------------------------------------------- text
@settings(
    max_examples=settings.default.max_examples * 4,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    name=st.sampled_from(sorted(TEXTS)),
    mutation=st.sampled_from(TEXT_MUTATIONS),
    seed=st.integers(0, 1 << 30),
)
def test_broken_text(
    name: str,
    mutation: Callable[[bytes, random.Random], bytes],
    seed: int,
    tmp_path: Path,
) -> None:
    path = tmp_path / "broken.csv"
    path.write_bytes(mutation(TEXTS[name]().encode(), random.Random(seed)))
    began = time.perf_counter()
    refusal = refused(path)
    assert refusal == "" or str(path) in refusal
    # What a reader did not foresee is caught as well, but none of ours should need it.
    assert "Error:" not in refusal
    assert time.perf_counter() - began < 5.0


@given(data=st.binary(min_size=1, max_size=2000))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "any"
    path.write_bytes(data)
    with pytest.raises(InputError):
        read_all(path)


# ----------------------------------------------------------------------------------------- binary
def _parquet(folder: Path) -> bytes:
    path = folder / "whole.parquet"
    time_, voltage, current, step = (test_text_formats.TIME, test_text_formats.VOLTAGE,
                                     test_text_formats.CURRENT, test_text_formats.STEP)  # fmt: skip
    heads = ("Test Time / s", "Voltage / V", "Current / A", "Step Count / 1")
    pl.DataFrame(dict(zip(heads, (time_, voltage, current, step), strict=True))).write_parquet(path)
    return path.read_bytes()


def _batch(jobs: list[tuple[str, Path]]) -> list[dict[str, object]]:
    """Parse files in one process; where it breaks down, go on behind the file that did it."""
    answers: list[dict[str, object]] = []
    while len(answers) < len(jobs):
        rest = jobs[len(answers) :]
        done = subprocess.run(
            [sys.executable, str(HERE / "hostile_batch.py")],
            input="".join(f"{kind} {path}\n" for kind, path in rest),
            capture_output=True,
            text=True,
            check=False,
            timeout=3600,
        )
        answers += [json.loads(line) for line in done.stdout.splitlines()]
        if done.returncode:
            path = str(jobs[len(answers)][1])
            answers.append({"path": path, "fate": f"broke down: {done.returncode}", "seconds": 0.0})
    return answers


@pytest.mark.parametrize("kind", [*BINARIES, "parquet"])
def test_broken_binaries(kind: str, tmp_path: Path) -> None:
    if kind == "parquet":
        whole = _parquet(tmp_path)
    elif (SHARED / BINARIES[kind]).exists():
        whole = (SHARED / BINARIES[kind]).read_bytes()
    else:
        pytest.skip(f"{BINARIES[kind]} is not in ../shared/data")
    # A database of Access takes two seconds to read.
    count = MANY if kind != "res" else max(3, MANY // 4)
    jobs = []
    for seed in range(count):
        chance = random.Random(seed)
        path = tmp_path / f"{seed}.{kind}"
        path.write_bytes(MUTATIONS[seed % len(MUTATIONS)](whole, chance))
        jobs.append((kind, path))
    answers = _batch(jobs)
    assert len(answers) == count
    fates = [str(answer["fate"]) for answer in answers]
    assert not [fate for fate in fates if fate == "too long"]
    assert any(fate.startswith("damaged") or "archive" in fate for fate in fates) or "read" in fates
    # The worst of them, as users meet them.
    worst = [at for at, fate in enumerate(fates) if fate != "read"][:2]
    for at in worst:
        with pytest.raises(InputError):
            read_all(jobs[at][1])


# ------------------------------------------------------------------------------- made to do harm
def _sparse(path: Path, start: bytes, size: int) -> Path:
    with path.open("wb") as stream:
        stream.write(start)
        stream.truncate(size)
    return path


@pytest.mark.parametrize(
    "start", [b"time/s\tEwe/V\n", b"NEWARE", b"PK\x03\x04.ndc", b"BIO-LOGIC MODULAR FILE", b"PAR1"]
)
def test_ten_gigabytes_are_refused_at_once(start: bytes, tmp_path: Path) -> None:
    path = _sparse(tmp_path / "huge", start, 10 << 30)
    began = time.perf_counter()
    with pytest.raises(InputError, match="at most 4 GiB"):
        read_all(path)
    assert time.perf_counter() - began < 1.0


def test_devices_and_pipes_are_no_files(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (Path("/dev/zero"), pipe):
        with pytest.raises(InputError, match="no such file"):
            read_all(path)


def _archive(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("_ndc", ".ndc").replace("_xml", ".xml"), data)
    return path


def test_a_zip_bomb(tmp_path: Path) -> None:
    path = _archive(tmp_path / "bomb.ndax", data_ndc=bytes(600 << 20))
    assert path.stat().st_size < 1 << 20
    with pytest.raises(InputError, match="unpacks to 600 MiB, more than the 512 MiB"):
        read_all(path)
    # The same with a lie about its size, in both places where it stands.
    data = path.read_bytes().replace(
        (600 << 20).to_bytes(4, "little"), (4096).to_bytes(4, "little")
    )
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"cannot be unpacked|damaged"):
        read_all(path)


def test_an_archive_of_very_many_members(tmp_path: Path) -> None:
    path = _archive(tmp_path / "many.ndax", **{f"m{at}_ndc": b"" for at in range(20_000)})
    with pytest.raises(InputError, match="20000 members"):
        read_all(path)


def test_entities_that_grow_are_not_expanded(tmp_path: Path) -> None:
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    xml = f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a0 "ha">{laughs}]><r>&a11;</r>'
    path = _archive(tmp_path / "laughs.ndax", data_ndc=bytes(4096), TestInfo_xml=xml.encode())
    with pytest.raises(InputError):
        read_all(path)


def test_parquet_of_very_many_rows(tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    many = pl.repeat(0, 12_000_000, dtype=pl.UInt8, eager=True)
    heads = ("Test Time / s", "Voltage / V", "Current / A")
    pl.DataFrame(dict.fromkeys(heads, many)).write_parquet(path)
    assert path.stat().st_size < 1 << 20
    with pytest.raises(InputError, match="12000000 rows, more than"):
        read_all(path)


@pytest.mark.parametrize(
    "text",
    [
        "a" * (60 << 20),
        "a," * (4 << 20) + "\n1,2\n",
        "\n" * (4 << 20),
        "(" * 100_000 + "\n",
        "t/s,U/V,I/A\n" + '"' + "1,2,3\n" * 100_000,
        "t/s,U/V,I/A" + ",x" * 1900 + "\n" + "1,2,3\n" * 1000,
        ";".join("h" * 300 for _ in range(300)) + "\n" + "1;2\n" * 100,
    ],
    ids=["one line", "a million columns", "blank lines", "brackets", "open quote", "wide", "long"],
)
def test_text_made_to_do_harm(text: str, tmp_path: Path) -> None:
    path = tmp_path / "harm.csv"
    path.write_text(text)
    began = time.perf_counter()
    assert len(refused(path)) < 2000
    assert time.perf_counter() - began < 10.0


def test_nothing_beside_the_data_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("polars", "galvani", "fastnda", "json"):
        (tmp_path / f"{name}.py").write_text("open('run', 'w').close()\nraise SystemExit\n")
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "cell.parquet"
    path.write_bytes(_parquet(tmp_path))
    assert read_all(path).recording is not None
    assert not (tmp_path / "run").exists()


def test_memory_stays_below_two_gigabytes(tmp_path: Path) -> None:
    """A text of the largest size that is read at once, and with it all that is picked from it."""
    if os.environ.get("INTERLITH_FUZZ") is None:
        pytest.skip("half a minute; set INTERLITH_FUZZ to run it")
    path = tmp_path / "large.csv"
    row = "1234567.125,3.2345678,0.0012345,12,3\n"
    with path.open("w") as stream:
        stream.write("t/s,U/V,I/A,Cycle Index,Step Index\n")
        piece = row * 100_000
        while stream.tell() + len(piece) < 400 << 20:
            stream.write(piece)
    code = (
        "import resource, sys\n"
        "from interlith.cyclerdata import read_all\n"
        "from interlith.errors import InputError\n"
        "try:\n    read_all(sys.argv[1])\nexcept InputError as error:\n    pass\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) < 2 << 20
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 2 << 20
