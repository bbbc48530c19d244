"""Quantities against time: the whole test, and beside it a close-up of the steps that decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from interlith.report.style import (
    BLACK,
    DOUBLE_COLUMN_MM,
    FAILING,
    LEFT,
    PASSING,
    RIGHT,
    Margins,
    canvas,
    letter,
    title,
)
from interlith.report.thinning import thin_stretches
from interlith.report.view import H, RunView

__all__ = ["Timeline", "electrode_handles", "mark_steps", "timeline"]

Array = npt.NDArray[np.float64]

ROW_MM = 34.0
LETTERS = "abcdefghijkl"
SHADES = {"last passing": PASSING, "first failing": FAILING}


@dataclass(frozen=True)
class Timeline:
    """A figure with time along x; each row has one panel, or two with the close-up."""

    view: RunView
    figure: Figure
    panels: list[list[Axes]]

    def line(self, row: int, values: Array, **look: Any) -> None:
        """Draw a time series in all panels of a row."""
        for axes, part in zip(self.panels[row], self._parts(), strict=True):
            starts = self.view.breaks - part.start
            inside = starts[(starts > 0) & (starts < part.stop - part.start)]
            axes.plot(*thin_stretches(self.view.hours[part], values[part], inside), **look)

    def _parts(self) -> list[slice]:
        whole = slice(0, len(self.view.hours))
        if self.view.close_up is None:
            return [whole]
        zoom = self.view.during(self.view.close_up)
        return [whole, slice(max(0, zoom.start - 1), zoom.stop)][: len(self.panels[0])]

    def finish(self, handles: Sequence[Artist] = ()) -> Figure:
        """Mark the steps that decide, label the time axes and put one legend above all."""
        marks = mark_steps(self.view, [axes for row in self.panels for axes in row])
        self._limit_time()
        for axes in self.panels[-1]:
            axes.set_xlabel(H.label("Time"))
        for text, axes in zip(LETTERS, [axes for row in self.panels for axes in row], strict=False):
            letter(axes, text)
        _legend_above(self.figure, [*handles, *marks])
        return self.figure

    def _limit_time(self) -> None:
        for row in self.panels:
            row[0].set_xlim(0.0, self.view.duration * 1.01 or 1.0)
            if len(row) > 1 and self.view.close_up is not None:
                row[1].set_xlim(self.view.close_up.start, self._close_up_end())

    def _close_up_end(self) -> float:
        zoom = self.view.close_up
        assert zoom is not None
        return zoom.end + 0.03 * (zoom.end - zoom.start)


def timeline(view: RunView, rows: int, *, same_scale: bool = True) -> Timeline:
    """Return an empty timeline; `same_scale` lets a close-up share its row's axis."""
    columns = 1 if view.close_up is None else 2
    figure, panels = canvas(
        DOUBLE_COLUMN_MM,
        ROW_MM * rows + 24.0,
        rows,
        columns,
        Margins(left=17, top=12.5, across=8 if same_scale else 15, down=7),
        width_ratios=[1.3, 1.0][:columns],
        sharex="col",
        sharey="row" if same_scale else False,
    )
    if columns == 2:
        title(panels[0][0], "whole test")
        title(panels[0][1], "last steps")
    return Timeline(view, figure, panels)


def electrode_handles() -> list[Artist]:
    """Return legend entries for the two electrodes."""
    return [Line2D([], [], label=look.label, **look.line()) for look in (LEFT, RIGHT)]


def mark_steps(view: RunView, panels: Sequence[Axes]) -> list[Artist]:
    """Shade the steps that decide and mark the short; return legend entries."""
    handles: list[Artist] = []
    for highlight in view.highlights:
        look: dict[str, Any] = {"alpha": 0.3, "linewidth": 0.0, **SHADES[highlight.role]}
        for axes in panels:
            axes.axvspan(highlight.span.start, highlight.span.end, zorder=0, **look)
        handles.append(Patch(label=highlight.label, **look))
    return handles + _mark_short(view, panels)


def _mark_short(view: RunView, panels: Sequence[Axes]) -> list[Artist]:
    if view.short_at is None:
        return []
    line: dict[str, Any] = {"color": BLACK, "linewidth": 0.7, "linestyle": (0, (1, 1.5))}
    for axes in panels:
        axes.axvline(view.short_at, **line)
    return [Line2D([], [], label=f"short at {view.short_at:.4g} h", **line)]


def _legend_above(figure: Figure, handles: Sequence[Artist]) -> None:
    if handles:
        figure.legend(
            handles=list(handles), loc="upper center", bbox_to_anchor=(0.5, 1.0),
            ncols=len(handles) if len(handles) <= 5 else 3,
            columnspacing=1.6, handletextpad=0.6, borderaxespad=0.3,
        )  # fmt: skip
