"""``python -m benchmarks [names] [--full]``: run, print a table, write results.json beside it."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

NAMES = (
    "startup",
    "ramp",
    "ramps_threads",
    "integrators",
    "evolution",
    "half_cell",
    "reading",
    "sweep",
    "ccd_detection",
    "compare_coverage",
)
RESULTS = Path(__file__).with_name("results.json")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"of {', '.join(NAMES)}")
    parser.add_argument("--full", action="store_true", help="10,000 cells; more cells compared")
    arguments = parser.parse_args()
    unknown = set(arguments.names) - set(NAMES)
    if unknown:
        parser.error(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    machine = machine_facts()
    print(f"{machine['processor']}, {machine['cores']} cores, {machine['date']}\n")
    for name in arguments.names or NAMES:
        _run(name, arguments.full, machine)


def _run(name: str, full: bool, machine: dict[str, Any]) -> None:
    module = importlib.import_module(f"benchmarks.{name}")
    began = time.perf_counter()
    load = os.getloadavg()[0]
    found = module.measure(full=full)
    print(f"{module.TITLE}  [{time.perf_counter() - began:.0f} s]")
    for what, value, target in module.lines(found):
        print(f"  {what:<46} {value}{f'   (target: {target})' if target else ''}")
    print(flush=True)
    _keep(name, {"machine": machine, "load_before": load, "full": full, "figures": found})


def _keep(name: str, row: dict[str, Any]) -> None:
    """Replace the figures of one benchmark in the file of results."""
    kept = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    kept[name] = row
    ordered = {key: kept[key] for key in NAMES if key in kept}
    RESULTS.write_text(json.dumps(ordered, indent=1) + "\n", encoding="utf-8")


def machine_facts() -> dict[str, Any]:
    import numba
    import numpy

    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "system": platform.system(),
        "python": platform.python_version(),
        "numpy": numpy.__version__,
        "numba": numba.__version__,
        "commit": _commit(),
    }


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor()
    names = [line.partition(":")[2].strip() for line in text.splitlines() if "model name" in line]
    return names[0] if names else platform.machine()


def _commit() -> str:
    command = ["git", "describe", "--always", "--dirty"]
    folder = Path(__file__).parent
    found = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return found.stdout.strip()


if __name__ == "__main__":
    main()
