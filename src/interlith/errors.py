"""What can go wrong, sorted by whose fault it is: input, materials library, solver, network."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

__all__ = [
    "InputError",
    "InterlithError",
    "MaterialError",
    "Problem",
    "QuantityError",
    "ServiceError",
    "SolverError",
    "near_matches",
    "shorten",
]

LONGEST_QUOTED_VALUE = 80


class InterlithError(Exception):
    """Base class of every error that interlith raises on purpose."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong in an input file: where it is, what was found and what was expected."""

    file: str
    field: str
    value: str
    expected: str
    line: int | None = None

    def __str__(self) -> str:
        """Return one line, such as ``cell.yaml: area: got '1', expected an area``."""
        where = ": ".join(part for part in (self.file, self.field) if part)
        found = f"got '{shorten(self.value)}'" if self.value else "missing"
        place = f" (line {self.line})" if self.line is not None else ""
        return f"{where}: {found}, expected {self.expected}{place}"


class InputError(InterlithError):
    """The user's input cannot be used; holds every problem found, never only the first."""

    def __init__(self, problems: Iterable[Problem] | Problem) -> None:
        found = [problems] if isinstance(problems, Problem) else list(problems)
        self.problems: list[Problem] = found
        super().__init__("\n".join(str(problem) for problem in found))


class QuantityError(InterlithError, ValueError):
    """A text is not the physical quantity that was asked for; knows no file or field yet."""

    def __init__(self, value: str, expected: str) -> None:
        self.value = value
        self.expected = expected
        super().__init__(f"got '{shorten(value)}', expected {expected}")

    def at(self, file: str, field: str) -> Problem:
        """Return the problem that this error is once file and field are known."""
        return Problem(file, field, self.value, self.expected)


class MaterialError(InterlithError):
    """A material or one of its properties is not in the library; ``near`` lists similar names."""

    def __init__(self, message: str, near: Sequence[str] = ()) -> None:
        self.near = list(near)
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        super().__init__(message + hint)


class ServiceError(InterlithError):
    """A service on the network did not answer, or not with what was asked for."""


class SolverError(InterlithError):
    """The equations could not be solved; says the status code, the time and the protocol step."""

    def __init__(
        self,
        message: str,
        status: int | str | None = None,
        time: float | None = None,
        step: str | int | None = None,
    ) -> None:
        self.status = status
        self.time = time
        self.step = step
        details = [
            f"status {status}" if status is not None else "",
            f"time {time:.6g} s" if time is not None else "",
            f"step {step}" if step is not None else "",
        ]
        known = ", ".join(part for part in details if part)
        super().__init__(f"{message} ({known})" if known else message)


def shorten(text: str, limit: int = LONGEST_QUOTED_VALUE) -> str:
    """Return the text on one line of printable characters and at most `limit` of them."""
    line = "".join(char if char.isprintable() else " " for char in str(text))
    return line if len(line) <= limit else line[: limit - 3] + "..."


def near_matches(name: str, known: Iterable[str], count: int = 3) -> list[str]:
    """Return the known names most like `name`, whatever the case of the letters."""
    by_lower = {candidate.lower(): candidate for candidate in known}
    close = get_close_matches(name.lower(), list(by_lower), n=count, cutoff=0.55)
    return [by_lower[lower] for lower in close]
