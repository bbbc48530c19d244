"""Put the results of `interlith reproduce wan2023` into README.md and docs/reproduce.md.

interlith reproduce wan2023 --out results/reproduce
.venv/bin/python tools/reproduce_block.py results/reproduce  # keeps results.json and a picture
.venv/bin/python tools/reproduce_block.py --check            # status 1 if a page is stale
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from pathlib import Path
from typing import Any

from interlith.reproduce.block import summary_block, table_block

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "docs" / "data" / "reproduce-wan2023.json"
PICTURE = ROOT / "docs" / "images" / "reproduce.png"


def blocks(results: dict[str, Any]) -> dict[tuple[str, str], str]:
    """What stands between which markers of which page."""
    return {
        ("README.md", "reproduce"): summary_block(results),
        ("docs/reproduce.md", "summary"): summary_block(results),
        ("docs/reproduce.md", "rows"): table_block(results, "rows"),
        ("docs/reproduce.md", "elsewhere"): table_block(results, "elsewhere"),
    }


def markers(name: str) -> tuple[str, str]:
    """What stands before and after a block."""
    return f"<!-- {name}: begin -->", f"<!-- {name}: end -->"


def inside(text: str, name: str) -> str:
    """What a page has between two markers."""
    opening, closing = markers(name)
    before, begin, rest = text.partition(opening)
    found, end, _after = rest.partition(closing)
    if not begin or not end:
        message = f"no '{opening}' or '{closing}' after {len(before)} characters"
        raise ValueError(message)
    return found.strip("\n")


def stale() -> list[str]:
    """Pages whose blocks are not those of the kept results."""
    results = json.loads(RESULTS.read_text(encoding="utf-8"))
    return [
        f"{page}: {name}"
        for (page, name), fresh in blocks(results).items()
        if inside((ROOT / page).read_text(encoding="utf-8"), name) != fresh
    ]


def rewrite() -> None:
    """Write the blocks of the kept results into their pages."""
    results = json.loads(RESULTS.read_text(encoding="utf-8"))
    for (page, name), fresh in blocks(results).items():
        path = ROOT / page
        text = path.read_text(encoding="utf-8")
        opening, closing = markers(name)
        old = f"{opening}\n{inside(text, name)}\n{closing}"
        if old not in text:
            old = f"{opening}\n{closing}"
        path.write_text(text.replace(old, f"{opening}\n{fresh}\n{closing}"), encoding="utf-8")


def main() -> int:
    """Write or check; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, help="results folder to take over")
    parser.add_argument("--check", action="store_true", help="write nothing, compare")
    asked = parser.parse_args()
    if asked.check:
        found = stale()
        sys.stdout.writelines(f"{line} is stale\n" for line in found)
        return int(bool(found))
    if asked.folder is not None:
        RESULTS.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(asked.folder / "results.json", RESULTS)
        shutil.copyfile(asked.folder / "pictures" / "ratios.png", PICTURE)
    rewrite()
    return 0


if __name__ == "__main__":
    sys.exit(main())
