"""Write examples/wan2023 from the cells that `interlith reproduce` runs.

.venv/bin/python tools/example_cells.py
"""

from __future__ import annotations

import sys
from pathlib import Path

from interlith.reproduce.examples import write_examples

FOLDER = Path(__file__).resolve().parent.parent / "examples" / "wan2023"

if __name__ == "__main__":
    sys.stdout.writelines(f"{path}\n" for path in write_examples(FOLDER))
