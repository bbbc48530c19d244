"""Files that cannot be read as YAML at all: one clear problem each, and no harm done."""

from __future__ import annotations

import time

import pytest

from interlith.cell import load, loads
from interlith.cell.templates import template_text
from interlith.errors import InputError

TEMPLATE = template_text("ccd").encode()

BROKEN = {
    "broken YAML": (b"name: [a, b\nlayers: 3\n", "valid YAML"),
    "unclosed quote": (b"name: 'abc\n", "valid YAML"),
    "tabs": (b"name: x\nlayers:\n\t- material: Li\n", "spaces, not with tabs"),
    "duplicate key": (TEMPLATE + b"\ntemperature: 60 degC\n", "each field once"),
    "duplicate key below": (b"layers:\n  - {material: Li, material: Bi}\n", "each field once"),
    "alias": (b"a: &x 1\nb: *x\n", "no & or \\*"),
    "bomb": (
        b"a: &a [1,1,1,1]\nb: &b [*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b]\nd: [*c,*c,*c,*c]\n",
        "no & or \\*",
    ),
    "huge file": (b"# " + b"x" * 1_100_000, "at most 1 MB"),
    "many values": (b"a: [" + b"1," * 60_000 + b"]", "at most 50,000 values"),
    "deep nesting": (b"a: " + b"[" * 5000 + b"]" * 5000, "levels of nesting"),
    "binary": (bytes(range(256)) * 4, "UTF-8"),
    "null bytes": (b"name: a\x00b\n", "not text"),
    "latin-1": ("name: Zelle f\u00fcr Tests\n".encode("latin-1"), "UTF-8"),
    "utf-16": (TEMPLATE.decode().encode("utf-16"), "UTF-8"),
    "empty": (b"", "name, temperature"),
    "only comments": (b"# nothing\n", "name, temperature"),
    "list at top": (b"- a\n- b\n", "a mapping with the fields"),
    "text at top": (b"hello\n", "a mapping with the fields"),
    "number at top": (b"42\n", "a mapping with the fields"),
    "second document": (b"a: 1\n---\nb: 2\n", "one document"),
    "Python object": (b"a: !!python/object/apply:os.system ['true']\n", "without a tag"),
    "field name is a number": (b"1: 2\n", "a field name that is text"),
    "field name is a list": (b"? [1]\n: 2\n", "a field name that is text"),
    "bad escape": (b'name: "\\UFFFFFFFF"\n', "valid YAML"),
    "reserved character": (b"name: @home\n", "valid YAML"),
}


@pytest.mark.parametrize(("content", "expected"), BROKEN.values(), ids=BROKEN)
def test_one_clear_problem(tmp_path, content, expected):
    file = tmp_path / "cell.yaml"
    file.write_bytes(content)
    start = time.perf_counter()
    with pytest.raises(InputError, match=expected) as caught:
        load(file)
    assert len(caught.value.problems) == 1
    assert caught.value.problems[0].file == str(file)
    assert "\n" not in str(caught.value)
    assert time.perf_counter() - start < 30.0


def test_a_syntax_error_names_its_line(tmp_path):
    file = tmp_path / "cell.yaml"
    file.write_text("name: x\ntemperature: 25 degC\nlayers: [1, 2\nprotocol: 3\n")
    with pytest.raises(InputError) as caught:
        load(file)
    assert caught.value.problems[0].line in (3, 4)
    assert "(line" in str(caught.value)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(InputError, match="a file that exists") as caught:
        load(tmp_path / "none.yaml")
    assert caught.value.problems[0].file.endswith("none.yaml")


def test_a_folder(tmp_path):
    with pytest.raises(InputError, match="got 'a folder', expected a YAML file"):
        load(tmp_path)


@pytest.mark.parametrize("path", ["a\0b.yaml", "x" * 5000])
def test_a_path_that_no_system_accepts(path):
    with pytest.raises(InputError, match="a file that exists"):
        load(path)


def test_a_byte_order_mark_and_windows_line_ends_are_fine(tmp_path):
    file = tmp_path / "cell.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + TEMPLATE.replace(b"\n", b"\r\n"))
    assert load(file) == loads(TEMPLATE.decode())
