"""What a command leaves out because a library is not installed: never silently."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from interlith.extra import MissingExtraError

T = TypeVar("T")


class LeftOut:
    """Tries what may need an extra, and keeps why it could not be done.

    Parameters
    ----------
    allowed
        Whether anything may be left out: not where the user named it or wants it computed.
    """

    def __init__(self, *, allowed: bool) -> None:
        self.allowed = allowed
        self.errors: dict[str, MissingExtraError] = {}

    def attempt(self, what: str, compute: Callable[[], T]) -> T | None:
        """Return what `compute` returns; None where a library for it is missing."""
        try:
            return compute()
        except MissingExtraError as error:
            if not self.allowed:
                raise
            self.errors[what] = error
            return None

    def all_of(self, things: Mapping[str, Callable[[], T]]) -> dict[str, T]:
        """Return by name what can be had."""
        tried = {what: self.attempt(what, compute) for what, compute in things.items()}
        return {what: found for what, found in tried.items() if found is not None}

    def raise_unless(self, found: object) -> None:
        """Raise the first error where nothing was found at all."""
        if self.errors and not found:
            raise next(iter(self.errors.values()))

    @property
    def reasons(self) -> dict[str, str]:
        """Why each thing is missing."""
        return {what: str(error) for what, error in self.errors.items()}


def gathered(
    wanted: Mapping[str, Mapping[str, Callable[[], T]]], *, may_be_missing: bool
) -> tuple[dict[str, dict[str, T]], dict[str, dict[str, str]]]:
    """Return by subject what can be had and why the rest cannot; nothing at all is an error."""
    found, left_out = {}, {}
    for subject, things in wanted.items():
        tried = LeftOut(allowed=may_be_missing)
        found[subject] = tried.all_of(things)
        tried.raise_unless(found[subject])
        left_out[subject] = tried.reasons
    return found, left_out


def left_out_lines(data: Mapping[str, Any]) -> list[str]:
    """Return what is missing for which subjects, and why, from the `left_out` of each."""
    subjects: dict[tuple[str, str], list[str]] = {}
    for subject, row in data.items():
        for what, reason in row["left_out"].items():
            subjects.setdefault((what, reason), []).append(subject)
    return [
        f"left out: {what} for {', '.join(named)}, which does not come with the package; {reason}"
        for (what, reason), named in subjects.items()
    ]
