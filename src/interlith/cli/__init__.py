"""The command line: each command reads its arguments, makes one call into the package and answers.

`commands` holds the commands, `answer` how results and errors reach the user, `folder` how a
results folder is written, `tables` what people see instead of JSON. `life` adds the command of its
own room.
"""

from __future__ import annotations

from interlith.cli import life
from interlith.cli.commands import app, main

__all__ = ["app", "life", "main"]
