"""How a command answers: tables or one JSON object on standard output, all else on standard error.

Exit codes: 0 done, 1 the solver failed or the results could not be written, 2 the input is bad,
130 interrupted.
"""

from __future__ import annotations

import contextlib
import json
import math
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, is_dataclass
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from interlith.errors import InputError, InterlithError, MaterialError, Problem, QuantityError

if TYPE_CHECKING:
    from rich.console import Console

# One problem in a JSON answer.
Entry = dict[str, str | int | None]

# Width of tables when standard output is a file or a pipe: wide enough that no cell is cut.
PIPE_WIDTH = 160


class ExitCode(IntEnum):
    """What the shell sees."""

    DONE = 0
    FAILED = 1
    BAD_INPUT = 2
    INTERRUPTED = 130


class Answer:
    """Where one command writes; knows whether the user asked for JSON."""

    def __init__(self, as_json: bool) -> None:
        self.as_json = as_json
        self._stdout = sys.stdout

    def show(self, data: Callable[[], object], people: Callable[[Console], None]) -> None:
        """Write `data` as one JSON object, or let `people` write to the console."""
        if self.as_json:
            self.write_json(data())
        else:
            people(console())

    def write_json(self, data: object) -> None:
        """Write one strict JSON object and a line break."""
        text = json.dumps(json_ready(data), allow_nan=False, ensure_ascii=False, indent=2)
        self._stdout.write(text + "\n")
        self._stdout.flush()

    def note(self, text: str) -> None:
        """Say something that is not the answer."""
        sys.stderr.write(text + "\n")

    def leave(self, status: str, reason: str) -> None:
        """Leave with the exit code of a run that was interrupted or failed, and say why."""
        codes = {"interrupted": ExitCode.INTERRUPTED, "failed": ExitCode.FAILED}
        code = codes.get(status)
        if code is not None:
            self.note(f"{status}: {reason}")
            raise typer.Exit(int(code))

    def refuse(self, status: str, problems: list[Entry], code: ExitCode) -> typer.Exit:
        """Say every problem, as JSON too where asked; return the exit to raise."""
        for problem in problems:
            self.note(str(problem["message"]))
        if self.as_json:
            self.write_json({"status": status, "problems": problems})
        return typer.Exit(int(code))


@contextlib.contextmanager
def answering(as_json: bool) -> Iterator[Answer]:
    """Turn the package's errors into messages and exit codes; keep standard output pure JSON."""
    answer = Answer(as_json)
    # With --json whatever else is printed on the way goes to standard error.
    pure = contextlib.redirect_stdout(sys.stderr) if as_json else contextlib.nullcontext()
    with pure:
        try:
            yield answer
        except InputError as error:
            problems = [problem_entry(problem) for problem in error.problems]
            raise answer.refuse("error", problems, ExitCode.BAD_INPUT) from None
        except (MaterialError, QuantityError) as error:
            raise answer.refuse("error", [bare_entry(error)], ExitCode.BAD_INPUT) from None
        except InterlithError as error:
            raise answer.refuse("failed", [bare_entry(error)], ExitCode.FAILED) from None
        except OSError as error:
            # Input that cannot be read is an InputError already: this one is about writing.
            problem = file_problem(error)
            raise answer.refuse("failed", [problem], ExitCode.FAILED) from None
        except KeyboardInterrupt:
            problem = bare_entry("interrupted before there was anything to keep")
            raise answer.refuse("interrupted", [problem], ExitCode.INTERRUPTED) from None


def console() -> Console:
    """Return a console on standard output that prints text as it is, without markup."""
    from rich.console import Console

    width = None if sys.stdout.isatty() else PIPE_WIDTH
    return Console(width=width, markup=False, highlight=False, emoji=False)


def problem_entry(problem: Problem) -> Entry:
    """Return a problem as the fields of the JSON answer."""
    return {
        "file": problem.file,
        "field": problem.field,
        "value": problem.value,
        "expected": problem.expected,
        "line": problem.line,
        "message": str(problem),
    }


def bare_entry(error: InterlithError | str) -> Entry:
    """Return an error that belongs to no single field in the same shape."""
    entry: Entry = dict.fromkeys(("file", "field", "value", "expected"), "")
    return {**entry, "line": None, "message": str(error)}


def file_problem(error: OSError) -> Entry:
    """Return what the operating system refused while writing, without its number."""
    name = str(error.filename or "")
    reason = error.strerror or str(error)
    where = f" ({name})" if name else ""
    message = f"The results could not be written: {reason}{where}"
    return {
        **bare_entry(message),
        "file": name,
        "expected": "a folder with space that can be written",
    }


def json_ready(value: object) -> object:
    """Return `value` made of what strict JSON knows; numbers that are not finite become null."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): json_ready(item) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return json_ready(asdict(value))
    if isinstance(value, Path):
        return str(value)
    return _json_ready_container(value)


def _json_ready_container(value: object) -> object:
    """Return arrays, numpy scalars and sequences as lists and numbers."""
    plain = getattr(value, "tolist", None)
    if plain is not None:
        return json_ready(plain())
    if isinstance(value, Iterable):
        return [json_ready(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no JSON form")
