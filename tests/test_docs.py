"""Every example of README.md and docs/ runs.

Python blocks of a page share one namespace and one empty folder with its console blocks and cell
files, in the order of the page. A YAML block is a cell file: it is saved under the name that its
first comment gives (``# my-cell.yaml``), else checked as ``example.yaml``; one that is called
``...-design.yaml`` is the design of `interlith energy`. What cannot run stands behind
``<!-- no-run: reason -->``.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from interlith.energy import load_design

ROOT = Path(__file__).resolve().parent.parent
PAGES = [
    page for page in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))] if page.exists()
]
BLOCK = re.compile(
    r"(?:^<!--\s*no-run:\s*(?P<reason>.*?)\s*-->\s*\n)?"
    r"^(?P<fence>`{3,})(?P<language>\w*)[^\n]*\n(?P<code>.*?)^(?P=fence)\s*$",
    re.M | re.S,
)
FILE_NAME = re.compile(r"\A#\s*(?P<name>[\w.-]+\.ya?ml)\s*$", re.M)
SECONDS = 120


@dataclass(frozen=True)
class Block:
    """A fenced block of a page."""

    language: str
    code: str
    line: int
    reason: str | None


def blocks(text: str) -> list[Block]:
    """Return the fenced blocks of a page in order."""
    return [
        Block(
            found["language"],
            found["code"],
            text.count("\n", 0, found.start("fence")) + 1,
            found["reason"],
        )
        for found in BLOCK.finditer(text)
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_examples_run(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    namespace: dict[str, object] = {"__name__": "__main__"}
    for block in blocks(page.read_text(encoding="utf-8")):
        if block.reason is None:
            run_block(block, page.name, namespace)


def run_block(block: Block, page: str, namespace: dict[str, object]) -> None:
    """Run one block; blocks of other languages are only text."""
    where = f"{page}:{block.line}"
    if block.language == "python":
        exec(compile(block.code, where, "exec"), namespace)
    elif block.language in {"bash", "console", "sh"}:
        for command in console_commands(block):
            run_command(command, where)
    elif block.language == "yaml":
        check_cell_file(block.code, where)


def console_commands(block: Block) -> list[str]:
    """Return the commands of a block: all lines, or those after ``$`` in a console block."""
    joined = block.code.replace("\\\n", " ")
    lines = [line.strip() for line in joined.splitlines()]
    if block.language == "console":
        lines = [line[1:].strip() for line in lines if line.startswith("$")]
    return [line for line in lines if line and not line.startswith("#")]


def run_command(command: str, where: str) -> None:
    """Run one command with this environment's interlith; only interlith commands may be shown."""
    words = shlex.split(command, comments=True)
    assert words[0] == "interlith", f"{where}: mark '{command}' with <!-- no-run: reason -->"
    done = subprocess.run(
        [sys.executable, "-m", "interlith", *words[1:]],
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
        env={**os.environ, "MPLBACKEND": "Agg"},
    )
    assert done.returncode == 0, f"{where}: {command}\n{done.stdout}{done.stderr}"


def check_cell_file(text: str, where: str) -> None:
    """Save a YAML block and let `interlith check`, or the reader of designs, judge it."""
    named = FILE_NAME.search(text)
    file = Path(named["name"] if named else "example.yaml")
    file.write_text(text, encoding="utf-8")
    if file.stem.endswith("-design"):
        load_design(file)
    else:
        run_command(f"interlith check {file}", where)


def test_blocks_are_found() -> None:
    text = "# a\n```python\n1\n```\n<!-- no-run: needs make -->\n```bash\nmake demo\n```\n"
    assert [(block.language, block.reason) for block in blocks(text)] == [
        ("python", None),
        ("bash", "needs make"),
    ]


def test_a_failing_example_fails() -> None:
    with pytest.raises(AssertionError, match="page:1"):
        run_command("interlith check no-such-file.yaml", "page:1")
    with pytest.raises(AssertionError, match="no-run"):
        run_command("rm x", "page:1")
