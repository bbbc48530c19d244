"""Results folders: whole or not at all, and other people's files stay."""

from __future__ import annotations

from pathlib import Path

import pytest

from interlith.cli.folder import MANIFEST, require_usable, results_folder
from interlith.errors import InputError


def write_results(folder: Path, **texts: str) -> None:
    with results_folder(folder) as partial:
        for name, text in texts.items():
            (partial / name).write_text(text)


def write_half(folder: Path) -> None:
    with results_folder(folder) as partial:
        (partial / "summary").write_text("half")
        raise RuntimeError("halfway")


def contents(folder: Path) -> dict[str, str]:
    files = (path for path in folder.iterdir() if path.name != MANIFEST)
    return {path.name: path.read_text() for path in files}


def test_parents_are_made(tmp_path: Path) -> None:
    write_results(tmp_path / "a" / "b", summary="1")
    assert contents(tmp_path / "a" / "b") == {"summary": "1"}
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["b"]


def test_a_failure_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="halfway"):
        write_half(tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_a_failure_keeps_the_earlier_results(tmp_path: Path) -> None:
    write_results(tmp_path / "out", summary="first")
    with pytest.raises(RuntimeError, match="halfway"):
        write_half(tmp_path / "out")
    assert contents(tmp_path / "out") == {"summary": "first"}


def test_a_second_run_replaces_ours_and_keeps_theirs(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    write_results(folder, summary="first", report="first")
    (folder / "notes.txt").write_text("theirs")
    write_results(folder, summary="second")
    assert contents(folder) == {"summary": "second", "notes.txt": "theirs"}


def test_a_file_of_theirs_with_our_name_is_kept(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    write_results(folder, summary="first")
    (folder / "report").write_text("theirs")
    write_results(folder, summary="second", report="ours")
    assert contents(folder) == {"summary": "second", "report": "ours", "report.kept": "theirs"}


def test_subfolders(tmp_path: Path) -> None:
    for text in ("first", "second"):
        with results_folder(tmp_path / "out") as partial:
            (partial / "bare").mkdir()
            (partial / "bare" / "summary").write_text(text)
    assert (tmp_path / "out" / "bare" / "summary").read_text() == "second"


def test_a_manifest_cannot_point_outside(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    write_results(folder, summary="1")
    (tmp_path / "precious").write_text("theirs")
    (folder / MANIFEST).write_text('{"files": ["../precious", "/etc/passwd"]}')
    write_results(folder, summary="2")
    assert (tmp_path / "precious").read_text() == "theirs"


def test_a_folder_of_someone_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(InputError, match="one that interlith wrote"):
        require_usable(tmp_path)


def test_an_empty_folder_will_do(tmp_path: Path) -> None:
    require_usable(tmp_path)
    write_results(tmp_path, summary="1")
    assert contents(tmp_path) == {"summary": "1"}
