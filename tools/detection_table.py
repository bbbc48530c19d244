"""Rewrite the tables of docs/measured-ccd.md from benchmarks/results.json.

.venv/bin/python tools/detection_table.py          # writes
.venv/bin/python tools/detection_table.py --check  # writes nothing; status 1 if they are stale
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "measured-ccd.md"
RESULTS = ROOT / "benchmarks" / "results.json"


def detection_table(found: dict[str, Any]) -> str:
    """Table of confusion of each set of trials, with its shares above."""
    parts = []
    for name, words in (("circuits", "Circuits"), ("simulated", "Simulator")):
        one = found[name]
        parts.append(
            f"**{words}**, {one['trials']:,} records: failing step right in "
            f"{100 * one['step_right']:.1f} %, kind right in {100 * one['kind_right']:.1f} %, "
            f"false alarms in {100 * one['false_alarms']:.2f} % of the healthy ones, "
            f"{100 * one['missed']:.1f} % of the others missed."
        )
        kinds = one["kinds"]
        rows = [f"| truth | {' | '.join(kinds)} |", "|---" * (len(kinds) + 1) + "|"]
        rows += [
            f"| {kind} | {' | '.join(str(n) for n in line)} |"
            for kind, line in zip(kinds, one["confusion"], strict=True)
            if any(line)
        ]
        parts.append("\n".join(rows))
    return "\n\n".join(parts)


def coverage_table(found: dict[str, Any]) -> str:
    """Share of trials whose interval holds the truth, by parameter."""
    rows = ["| parameter | intervals that hold the truth |", "|---|---|"]
    rows += [
        f"| `{path.rpartition('.')[2]}` | {100 * share:.0f} % of {found['trials']} |"
        for path, share in found["coverage"].items()
    ]
    return "\n".join(rows)


def page_with_tables(text: str, results: dict[str, Any]) -> str:
    """The page with both tables as the results have them."""
    tables = {
        "detection": detection_table(results["ccd_detection"]["figures"]),
        "coverage": coverage_table(results["compare_coverage"]["figures"]),
    }
    for name, table in tables.items():
        begin, end = f"<!-- {name} table: begin -->", f"<!-- {name} table: end -->"
        text = re.sub(
            f"{begin}.*?{end}",
            lambda _, t=table, b=begin, e=end: f"{b}\n{t}\n{e}",
            text,
            flags=re.S,
        )
    return text


def main() -> int:
    """Write the page, or say whether it is stale."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    text = PAGE.read_text(encoding="utf-8")
    new = page_with_tables(text, json.loads(RESULTS.read_text(encoding="utf-8")))
    if arguments.check:
        return int(new != text)
    PAGE.write_text(new, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
