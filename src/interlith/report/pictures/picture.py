"""What a picture is: a name, what it needs, how it is drawn, what to see in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from matplotlib.figure import Figure

from interlith.report.view import RunView

__all__ = ["Picture"]


AnyView = TypeVar("AnyView", bound=RunView)


@dataclass(frozen=True)
class Picture(Generic[AnyView]):
    """A picture of one result, symmetric cell or full cell.

    Parameters
    ----------
    name
        Name of its files.
    title
        Heading in the report.
    needs
        Variables without which there is nothing to draw.
    draw
        Makes the figure.
    caption
        Says what to see, with the numbers of this result.
    absent
        Returns why this result has no such picture, or None if it has one.
    """

    name: str
    title: str
    needs: tuple[str, ...]
    draw: Callable[[AnyView], Figure]
    caption: Callable[[AnyView], str]
    absent: Callable[[AnyView], str | None] = lambda view: None

    def omitted(self, view: AnyView) -> str | None:
        """Return why the picture is left out, as a sentence, or None if it can be drawn."""
        if len(view.hours) < 2:
            return "Left out: the run ended before its first step, so there is no time series."
        reason = self.absent(view)
        if reason:
            return reason
        missing = [name for name in self.needs if not view.has(name)]
        return (
            f"Left out: the result holds no numbers for {', '.join(missing)}." if missing else None
        )
