"""The command line: each command reads its arguments, makes one call into the package and answers.

`commands`, `particles`, `life`, `energy`, `thermo`, `fetching`, `atoms`, `adhesion`, `measured`,
`ccd`, `compare`, `cycling`, `impedance` and `reproducing` hold the commands, `answer` how results
and errors reach the user, `folder` how a results folder is written, `tables` what people see
instead of JSON.
"""

from __future__ import annotations

from interlith.cli import (  # they register their commands
    adhesion,
    atoms,
    ccd,
    compare,
    cycling,
    energy,
    fetching,
    impedance,
    life,
    measured,
    particles,
    reproducing,
    thermo,
)
from interlith.cli.commands import app, main
from interlith.cli.entry import run_and_leave

__all__ = [
    "adhesion",
    "app",
    "atoms",
    "ccd",
    "compare",
    "cycling",
    "energy",
    "fetching",
    "impedance",
    "life",
    "main",
    "measured",
    "particles",
    "reproducing",
    "run_and_leave",
    "thermo",
]
