"""The table of readers: names, other packages, what no reader knows."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from interlith import extra
from interlith.cyclerdata import columns, read, readers
from interlith.cyclerdata.contents import Contents, Reader, Wishes
from interlith.cyclerdata.source import Source
from interlith.errors import InputError
from interlith.extra import MissingExtraError


def test_names_are_unlike_and_explained() -> None:
    names = [reader.name for reader in readers.readers()]
    assert len(set(names)) == len(names)
    assert all(reader.reads for reader in readers.readers())


def _foreign() -> Reader:
    def recognises(source: Source) -> bool:
        return source.head.startswith(b"MY CYCLER")

    def load(source: Source, wishes: Wishes) -> Contents:
        if b"broken" in source.head:
            raise ZeroDivisionError("by a reader of another package")
        table = {
            columns.TEST_TIME: [0.0, 1.0],
            columns.VOLTAGE: [1.0, 2.0],
            columns.CURRENT: [1.0, 1.0],
        }
        return Contents(pl.DataFrame(table), convention="charge")

    return Reader("my-cycler", "files of my cycler", recognises, load)


class _Point:
    name = "my-cycler"

    def load(self) -> object:
        return _foreign


@pytest.fixture
def foreign(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "entry_points", lambda group: [_Point()])
    readers.readers.cache_clear()
    yield
    readers.readers.cache_clear()


@pytest.mark.usefixtures("foreign")
def test_other_packages_bring_readers(tmp_path: Path) -> None:
    path = tmp_path / "cell.my"
    path.write_text("MY CYCLER\n")
    assert read(path).format == "my-cycler"
    path.write_text("MY CYCLER broken\n")
    with pytest.raises(InputError, match=r"ZeroDivisionError.*whole file of the format my-cycler"):
        read(path)


def test_an_unknown_format_is_named_and_so_are_the_known(tmp_path: Path) -> None:
    path = tmp_path / "cell.bin"
    path.write_bytes(bytes(range(256)) * 10)
    with pytest.raises(InputError, match=r"no known format.*Neware \.ndax.*Arbin \.res"):
        read(path)
    with pytest.raises(InputError, match="did you mean neware-ndax"):
        read(path, format="neware-ndx")


def test_a_missing_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "cell.mpr"
    path.write_bytes(b"BIO-LOGIC MODULAR FILE\x1a" + bytes(200))
    monkeypatch.setattr(extra, "find_spec", lambda module: None)
    with pytest.raises(MissingExtraError, match=r'"interlith\[biologic\]".*make setup'):
        read(path)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "0 bytes"),
        (b" \n\n", "all blank"),
        (b"PK\x03\x04 xl/workbook.xml", "Excel workbook"),
        (b"\x1f\x8b\x08\x00abc", "gzip"),
        (b"%PDF-1.7", "PDF"),
        (b"<!DOCTYPE html><html></html>", "web page"),
        (b"\x89HDF\r\n\x1a\n\x00\x00", "HDF5"),
    ],
)
def test_other_files_are_told_what_they_are(content: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "cell.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=words):
        read(path)


def test_a_folder_and_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a folder"):
        read(tmp_path)
    with pytest.raises(InputError, match="no such file"):
        read(tmp_path / "none.csv")
