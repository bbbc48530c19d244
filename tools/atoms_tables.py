"""Rewrite the tables of docs/atoms.md from the rows that ship.

.venv/bin/python tools/atoms_tables.py          # writes
.venv/bin/python tools/atoms_tables.py --check  # writes nothing; status 1 if they are stale
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from interlith.atomistic.potentials import DEFAULT_POTENTIALS
from interlith.atomistic.shipped import (
    shipped_barrier,
    shipped_charged_cells,
    shipped_check,
)
from interlith.atomistic.summaries import barrier_summary

PAGE = Path(__file__).resolve().parent.parent / "docs" / "atoms.md"

Miller = tuple[int, int, int]
# Metal, host, face, how the face is written, what is published.
BARRIERS: tuple[tuple[str, str, Miller, str, str], ...] = (
    ("Mg", "Li3Bi", (1, 1, 0), "Li3Bi(110)", "0.03 (the reference work)"),
    ("Zn", "Li3Bi", (1, 1, 0), "Li3Bi(110)", "0.12 (the reference work)"),
    *((metal, "Li3Bi", (1, 1, 0), "Li3Bi(110)", "") for metal in ("Ag", "Na", "Sn")),
    *((metal, "Li3Bi", (1, 1, 0), "Li3Bi(110)", "") for metal in ("Al", "Ca", "Bi")),
    *((metal, "Li3Sb", (1, 1, 0), "Li3Sb(110)", "") for metal in ("Mg", "Zn")),
    ("Mg", "Mg", (0, 0, 1), "Mg(0001)", "0.025 (density functional theory)"),
    ("Li", "Li", (0, 0, 1), "Li(001)", "0.14 (recalled, unverified)"),
    ("Al", "Al", (1, 1, 1), "Al(111)", "0.04 (density functional theory)"),
    ("Al", "Al", (1, 0, 0), "Al(100), hop", ""),
)
HEXAGONAL = {"Mg", "Zn", "Bi"}
# Measured work functions [eV], or what stands for it.
WORK_FUNCTIONS = {
    "Li": "2.9 (polycrystal)",
    "Mg": "3.66",
    "Zn": "4.3 (polycrystal)",
    "Bi": "4.2",
    "Al": "4.24",
    "Ag": "4.74",
    "LiF": "valence-band top at 10.9 (gap 13.6, affinity -2.7)",
}


def barriers() -> str:
    """Table of barriers: by each potential, checked, with the interval, published."""
    first, second = DEFAULT_POTENTIALS
    lines = [
        "| metal, host | SevenNet-0 | CHGNet | checked | value (90 % interval) | published |",
        "|---|---|---|---|---|---|",
    ]
    for metal, host, miller, face, published in BARRIERS:
        rows = {
            name: (record, "shipped")
            for name in DEFAULT_POTENTIALS
            if (record := shipped_barrier(metal, host, miller, name)) is not None
        }
        check = shipped_check(metal, host, miller, first)
        found = barrier_summary({metal: rows}, {metal: check} if check else {})[metal]
        own = found["per_potential"]
        lines.append(
            _line(
                f"{metal}, {face}",
                f"{own[first]:.3f}",
                f"{own[second]:.3f}",
                "" if check is None else f"{check.best_eV:.3f}",
                f"{found['barrier_eV']:.2f} ({found['low_eV']:.2f} to {found['high_eV']:.2f})",
                published,
            )
        )
    return "\n".join(lines)


def charged() -> str:
    """Table of ionisation energies of extended crystals."""
    lines = [
        "| crystal, face | charged cells | slab | less that of Li | measured work function |",
        "|---|---|---|---|---|",
    ]
    for host, cell in shipped_charged_cells().items():
        indices = "0001" if host in HEXAGONAL else "".join(str(index) for index in cell.face)
        assumed = ", ordering assumed" if cell.crystal.startswith("assumed") else ""
        lines.append(
            _line(
                f"{host}({indices}){assumed}",
                f"{cell.charged_eV:.2f}",
                f"{cell.slab_eV:.2f}",
                "0" if host == "Li" else f"{cell.against_lithium_eV:+.2f}",
                WORK_FUNCTIONS.get(host, ""),
            )
        )
    return "\n".join(lines)


def _line(*cells: str) -> str:
    return "|" + "|".join(f" {cell} " if cell else " " for cell in cells) + "|"


def page_with_tables(text: str) -> str:
    """The page with its tables as the shipped rows have them."""
    for name, table in (("barriers", barriers()), ("charged", charged())):
        begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
        if not 0 <= text.find(begin) < text.find(end):
            raise SystemExit(f"{PAGE.name} lacks '{begin}' or '{end}'")
        whole = f"{begin}\n{table}\n{end}"
        text = re.sub(f"{begin}.*?{end}", lambda _, new=whole: new, text, flags=re.S)
    return text


def main() -> int:
    """Write the page, or say whether it is stale."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    text = PAGE.read_text(encoding="utf-8")
    new = page_with_tables(text)
    if arguments.check:
        return int(new != text)
    PAGE.write_text(new, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
