"""`interlith reproduce`: words of --only, strict JSON, files, the page."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from interlith.cli import app
from interlith.cli.reproducing import repeat_only

ROWS = ("ccd-bare-25", "ccd-mgbi-1h", "neb-mg", "neb-zn", "mobility-order", "f-migration")


def interlith(*arguments: str):
    return CliRunner().invoke(app, list(arguments))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict, Path]:
    folder = tmp_path_factory.mktemp("reproduce") / "r"
    result = interlith(
        "reproduce", "wan2023", "--only", *ROWS, "--samples", "2", "--out", str(folder), "--json"
    )
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout), folder


def test_several_words_follow_one_option() -> None:
    given = ["wan2023", "--only", "ccd", "fig2", "--out", "x", "--json"]
    expected = ["wan2023", "--only", "ccd", "--only", "fig2", "--out", "x", "--json"]
    assert repeat_only(given) == expected
    assert repeat_only(["--only", "ccd", "--only", "fig2"]) == ["--only", "ccd", "--only", "fig2"]


def test_json_has_what_was_promised(written: tuple[dict, Path]) -> None:
    data, folder = written
    assert [row["id"] for row in data["rows"]] == list(ROWS)
    for row in data["rows"]:
        assert {
            "id",
            "role",
            "unit",
            "measured",
            "model",
            "low",
            "high",
            "verdict",
            "reason",
        } <= set(row)
        assert row["reason"]
    assert data["summary"]["rows"] == len(ROWS)
    assert data["results"] == str(folder)


def test_files_hold_the_same_numbers(written: tuple[dict, Path]) -> None:
    data, folder = written
    kept = json.loads((folder / "results.json").read_text())
    assert kept["rows"][0]["model"] == pytest.approx(data["rows"][0]["model"], rel=1e-5)
    table = pl.read_parquet(folder / "rows.parquet")
    assert table["id"].to_list() == list(ROWS)
    draws = pl.read_parquet(folder / "draws.parquet")
    assert draws.filter(pl.col("row") == "ccd-bare-25").height == 2
    assert (folder / "rows.csv").exists()


def test_page_is_one_file_that_says_what_failed(written: tuple[dict, Path]) -> None:
    _data, folder = written
    page = (folder / "report.html").read_text()
    assert 'src="data:image/svg+xml;base64,' in page
    assert "http://" not in page.replace("http://www.w3.org", "")
    for word in ("The rule, stated beforehand", "What was fitted", "which physics is missing",
                 "Do the rows determine it?", "ccd-mgbi-1h", "LiF"):  # fmt: skip
        assert word in page
    assert {"ratios.png", "fig1-barriers.png", "fig4-fluoride.svg", "si-ramps.pdf"} <= {
        path.name for path in (folder / "pictures").iterdir()
    }
    assert (folder / "runs" / "ccd-bare-25" / "result.nc").exists()


def test_tables_for_people(tmp_path: Path) -> None:
    shown = interlith(
        "reproduce", "wan2023", "--only", "ccd-bare-25", "strip-3MPa", "nitride-fluoride",
        "--samples", "0", "--no-report", "--out", str(tmp_path / "r"),
    ).stdout  # fmt: skip
    assert "Measured rows beside the model" in shown
    assert "Measured by others" in shown
    assert "nitride-fluoride" in shown
    assert "not computed" in shown
    assert "1 of 1 rows computed, 1 fitted and 0 predicted" in shown
    assert not (tmp_path / "r" / "report.html").exists()


def test_unknown_words_are_refused_before_anything_is_run(tmp_path: Path) -> None:
    result = interlith("reproduce", "wan2023", "--only", "ccdd", "--out", str(tmp_path / "r"))
    assert result.exit_code == 2
    assert "did you mean" in result.output
    assert not (tmp_path / "r").exists()
    assert interlith("reproduce", "wan2024").exit_code == 2
