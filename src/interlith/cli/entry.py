"""Where the shell comes in, and how it gets out again."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import Never

from interlith.cli.commands import main


def run_and_leave() -> Never:
    """Run the command line and end the process without taking it apart.

    All files are closed by then; clearing away the compiler's libraries would take a user a third
    of a second more.
    """
    code: object = 0
    try:
        main()
    except SystemExit as leaving:
        code = leaving.code
    if isinstance(code, str):
        sys.stderr.write(code + "\n")
        code = 1
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(BrokenPipeError):
            stream.flush()
    os._exit(code if isinstance(code, int) else 0)
