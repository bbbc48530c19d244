from __future__ import annotations

import base64
import os
import re
import time
from dataclasses import replace

import pytest
from tests.report.reading import Page, read

from interlith.report import comparison_report, verdict, write, write_comparison, write_report
from interlith.report.html import report_page
from interlith.report.tables import value_groups


def page_of(result, **options) -> Page:
    """Return the report of a result without its pictures."""
    return Page(report_page(result, {}, **options))


@pytest.fixture(scope="module")
def report(make, tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    return write_report(make.interlayer_ramp(), folder, command="interlith run my-cell.yaml")


def test_all_files_exist_and_are_valid(report):
    assert report[0].name == "report.html"
    assert len(report) == 1 + 7 * 3
    starts = {".png": b"\x89PNG\r\n\x1a\n", ".svg": b"<?xml", ".pdf": b"%PDF-"}
    for path in report[1:]:
        assert path.read_bytes().startswith(starts[path.suffix]), path


def test_pictures_drawn_in_parallel_are_the_same(report, make, tmp_path):
    again = write_report(make.interlayer_ramp(), tmp_path, processes=3)
    assert [path.name for path in again] == [path.name for path in report]
    for path, other in zip(again[1:], report[1:], strict=True):
        assert path.read_bytes() == other.read_bytes()


def test_a_helper_that_fails_is_replaced(make, tmp_path, monkeypatch):
    parent = os.getpid()
    original = write._draw_share

    def draw(drawings, folder):
        if os.getpid() != parent:
            raise MemoryError
        return original(drawings, folder)

    monkeypatch.setattr(write, "_draw_share", draw)
    assert len(write_report(make.interlayer_ramp(), tmp_path, processes=2)) == 1 + 7 * 3


def test_a_full_disk_is_told_whoever_draws(make, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(write, "_write_picture", full)
    with pytest.raises(OSError, match="No space left"):
        write_report(make.interlayer_ramp(), tmp_path, processes=2)


def test_a_note_stands_below_the_comparison(make, tmp_path):
    write_comparison([make.interlayer_ramp()], tmp_path, note="Values <of> calibration.")
    assert "Values <of> calibration." in read(tmp_path / "comparison.html").words


def test_the_page_opens_offline_and_runs_nothing(report):
    page = read(report[0])
    assert not page.named("script")
    assert not page.named("link")
    assert not page.named("iframe")
    for _, attrs in page.tags:
        assert not [name for name in attrs if name.startswith("on")]
        assert (attrs.get("src") or "data:").startswith("data:")
        assert "href" not in attrs
    assert "url(" not in report[0].read_text(encoding="utf-8")
    assert "@import" not in report[0].read_text(encoding="utf-8")


def test_the_page_holds_its_pictures(report):
    images = read(report[0]).named("img")
    assert len(images) == 7
    for image in images:
        kind, content = image["src"].split(",", 1)
        assert kind == "data:image/svg+xml;base64"
        assert b"<svg" in base64.b64decode(content)[:1000]
        assert len(image["alt"]) > 40


def test_the_verdict_comes_first(report):
    words = read(report[0]).words
    expected = (
        "The critical current density is between 2.5 and 2.6 mA/cm²: the step at 2.5 passed, the "
        "one at 2.6 failed by a dendrite while plating at the right electrode."
    )
    assert expected in words
    assert words.index(expected) < words.index("Criterion") < words.index("Pictures")


@pytest.mark.parametrize(
    "text",
    [
        "Last passing step 2.5 mA/cm²",
        "First failing step 2.6 mA/cm²",
        "Electrode that failed right",
        "Areal capacity of a half-cycle 1 mAh/cm²",
        "Cumulative areal capacity 51.7 mAh/cm²",
        "Temperature 25 °C",
        "Stack pressure at the start 2.5 MPa",
        "Li | Mg16Bi84 | Li6PS5Cl | Mg16Bi84 | Li",
        "Table of 51 half-cycles",
        "void model depleting_contact",
        "Solve (s) 0.043",
        "Steps 5210",
        "Status stopped",
        "Integrator rodas",
        "Command interlith run my-cell.yaml",
        "interlith 0.1.0, numpy",
        "How to cite",
    ],
)
def test_the_page_says(report, text):
    assert text in read(report[0]).words


def test_every_picture_has_a_caption(report):
    captions = re.findall(r"<figcaption>(.*?)</figcaption>", report[0].read_text("utf-8"), re.S)
    assert len(captions) == 7
    assert all(len(caption) > 80 for caption in captions)


def test_values_are_listed_with_the_doubtful_first(make, report):
    page = read(report[0])
    kinds = [tag["class"] for tag in page.named("span")]
    assert kinds == ["kind assumed", "kind fitted", "kind computed", "kind measured"]
    words = page.words
    assert "surface roughness 1 um 0.2 to 5 um assumed a grain" in words
    assert "ionic conductivity 0.00205 S/cm 0.001 to 0.005 S/cm measured Wan 2023" in words
    assert "youngs modulus 22.1 GPa – computed Deng 2016" in words
    assert "porosity 0.35 0.2 to 0.5 measured" in words


def test_values_in_odd_units_fall_back_to_si(make):
    value = make.USED_VALUES[0]
    law = replace(value, property="law", unit="A/m^2", given="see table")
    odd = [
        replace(value, value=300.0, unit="K", given="26.85 degC", low=None, high=310.0),
        replace(law, value=2.0, low=1.0, high=3.0),
        replace(value, property="factor", value=2.0, unit="1", given="2", kind="guessed"),
    ]
    rows = {row.property: row for _, _, group in value_groups(odd) for row in group}
    assert rows["porosity"].value == "26.85 degC"
    assert rows["porosity"].range == "? to 36.85 degC"
    assert (rows["law"].value, rows["law"].range) == ("2 A/m^2", "1 to 3 A/m^2")
    assert rows["factor"].value == "2"


def test_everything_a_user_gives_is_escaped(make, tmp_path):
    nasty = '<script>alert("x")</script><img src=http://evil/ onerror=alert(1)>&'
    result = make.bare_ramp(name=nasty)
    value = replace(make.USED_VALUES[0], where=nasty, given=nasty, source=nasty, property=nasty)
    ccd = replace(result.ccd, explanation=nasty, criterion=nasty, cause=nasty, electrode=nasty)
    result.dataset.attrs["note"] = nasty
    result = replace(result, reason=nasty, used_values=(value,), ccd=ccd, laws={nasty: nasty})
    comparison = tmp_path / "comparison.html"
    measured = [(nasty, 1.0), (nasty + "2", 1.0)]
    comparison_report([result], comparison, nasty, measured, command=nasty)
    for page in (page_of(result, command=nasty), read(comparison)):
        assert not page.named("script")
        assert all(image["src"].startswith("data:") for image in page.named("img"))
        assert nasty in page.text


@pytest.mark.parametrize("status", ["interrupted", "failed"])
def test_an_unfinished_run_states_no_critical_current(make, status):
    done = make.interlayer_ramp()
    ccd = replace(done.ccd, first_failing_mA_cm2=None, cause=None, electrode=None)
    result = replace(done, status=status, reason="step size fell below 1e-12 s", ccd=ccd)
    words = page_of(result).words
    start = "The run was interrupted" if status == "interrupted" else "The calculation failed: step"
    assert start in words
    assert "the last complete step at 2.5 mA/cm²" in words
    assert "Critical current density (CCD) not known: the run did not finish" in words
    assert "The critical current density is" not in words
    assert "above 2.5" not in words


def test_a_run_that_failed_at_once_still_has_a_report(make, tmp_path):
    files = write_report(make.empty(), tmp_path)
    words = read(files[0]).words
    assert [path.name for path in files] == ["report.html"]
    assert "The calculation failed: no step could be made at 0 s. Nothing was computed." in words
    assert words.count("Left out: the run ended before its first step") == 7
    assert "surface roughness" in words


def test_a_bare_cell_says_why_there_are_no_profiles(make, tmp_path):
    files = write_report(make.bare_ramp(), tmp_path)
    assert "there is no interlayer to look into" in read(files[0]).words
    assert len(files) == 1 + 6 * 3


def test_cycling_without_a_critical_current(make):
    words = page_of(make.cycling()).words
    assert "40 half-cycles passed without a short in 40 h." in words
    assert "Criterion" not in words


def case(make, **changes):
    result = make.bare_ramp()
    return replace(result, ccd=replace(result.ccd, **changes))


def test_verdicts_of_open_intervals(make):
    unknown = {"cause": None, "electrode": None}
    above = case(make, first_failing_mA_cm2=None, **unknown)
    assert verdict(above).endswith("is above 0.4 mA/cm².")
    below = case(make, last_passing_mA_cm2=None)
    assert verdict(below).startswith("The critical current density is below 0.5 mA/cm²: the first")
    assert "by contact loss while stripping at the left electrode" in verdict(below)
    assert "not known" in verdict(case(make, last_passing_mA_cm2=None, first_failing_mA_cm2=None))
    limit = case(make, cause="voltage limit", electrode=None)
    assert verdict(limit).endswith("the one at 0.5 failed by reaching the voltage limit.")


def test_the_verdict_of_cycling_that_fails(make):
    result = make.cycling()
    data = result.dataset.copy(deep=True)
    outcomes = data["half_cycle_outcome"].values.astype(object)
    outcomes[6] = "short"
    data["half_cycle_outcome"] = ("half_cycle_index", outcomes)
    expected = "Half-cycle 7 of 40 failed (short) after 7 h, with the right electrode plating."
    assert verdict(replace(result, dataset=data, status="stopped")) == expected


def test_a_comparison_holds_one_table_and_one_picture(make, tmp_path):
    cells = [make.bare_ramp(), make.interlayer_ramp(), make.cycling(), make.empty()]
    measured = [("bare Li", 0.4), ("LiMg alloy", 1.1)]
    files = write_comparison(cells, tmp_path, title="Four cells", measured=measured)
    assert [path.name for path in files] == [
        "comparison.html",
        "comparison.png",
        "comparison.svg",
        "comparison.pdf",
    ]
    page = read(files[0])
    assert len(page.named("img")) == 1
    assert "Four cells" in page.words
    assert "bare Li Li | Li6PS5Cl | Li 0.4 to 0.5 mA/cm² 0.4 mA/cm² contact loss" in page.words
    assert "without a simulated cell of that name: LiMg alloy, 1.1 mA/cm²" in page.words
    assert "Nothing was computed" in page.words


def test_an_unfinished_run_states_no_interval_in_a_comparison(make, tmp_path):
    ramp = make.interlayer_ramp()
    ccd = replace(ramp.ccd, first_failing_mA_cm2=None, cause=None, electrode=None)
    cut = replace(ramp, status="interrupted", ccd=ccd)
    page = read(comparison_report([cut], tmp_path / "page.html", "One", []))
    assert "above 2.5" not in page.words
    assert "not known: the run did not finish" in page.words


def test_a_comparison_of_nothing_is_an_error(tmp_path):
    with pytest.raises(ValueError, match="at least one result"):
        write_comparison([], tmp_path)


@pytest.mark.usefixtures("report")  # by then imports and fonts are loaded
def test_a_report_is_quick(make, tmp_path):
    result = make.interlayer_ramp()
    start = time.process_time()
    write_report(result, tmp_path)
    assert time.process_time() - start < 6.0  # 2 s on the machine it was written on
