"""Write requirements.lock and requirements-dev.lock from what is installed beside this Python.

Run by ``make lock``. The first file holds what the package needs to run, the second what its
developers need on top, and one file an extra (pybamm, thermo, biologic, atomistic, clusters, dft)
what it adds to both; each is left alone where its extra is not installed. All hold exact versions.
"""

from __future__ import annotations

import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

PROJECT = "interlith"
ROOT = Path(__file__).resolve().parent.parent


def needed_by(dist: Distribution, extra: str = "") -> set[str]:
    """Names of the distributions that `dist` requires on this platform."""
    requirements = [Requirement(text) for text in dist.requires or []]
    return {
        canonicalize_name(requirement.name)
        for requirement in requirements
        if requirement.marker is None or requirement.marker.evaluate({"extra": extra})
    }


def closure(names: set[str]) -> set[str]:
    """All distributions reached from `names`, themselves included."""
    found: set[str] = set()
    open_names = set(names)
    while open_names:
        name = open_names.pop()
        found.add(name)
        open_names |= needed_by(distribution(name)) - found
    return found


def write(path: Path, heading: str, names: set[str]) -> None:
    """Write one exact version a line."""
    # Without the local part: torch's "+cpu" names the build at hand, which no registry offers.
    versions = {name: Version(distribution(name).version).public for name in sorted(names)}
    lines = [f"{name}=={version}" for name, version in versions.items()]
    path.write_text("\n".join([heading, *lines]) + "\n", encoding="utf-8")


def main() -> int:
    """Write both files."""
    project = distribution(PROJECT)
    runtime = closure(needed_by(project))
    dev = closure(needed_by(project, "dev")) - runtime
    heading = "# Written by `make lock`; exact versions, Python 3.11."
    write(ROOT / "requirements.lock", heading, runtime)
    write(ROOT / "requirements-dev.lock", heading + "\n-r requirements.lock", dev)
    for extra in ("pybamm", "thermo", "biologic", "atomistic", "clusters", "dft"):
        path = ROOT / f"requirements-{extra}.lock"
        try:
            names = closure(needed_by(project, extra)) - runtime - dev
        except PackageNotFoundError as missing:
            print(f"{path.name} is left as it is: {missing.name} is not installed")
            continue
        write(path, heading + "\n-r requirements-dev.lock", names)
    return 0


if __name__ == "__main__":
    sys.exit(main())
