"""One look for all pictures: colours, lines, type sizes and canvases measured in millimetres.

Colours are those of Okabe and Ito (https://jfly.uni-koeln.de/color/), which people with any kind of
colour vision tell apart; a line style or marker always says the same thing again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import wraps
from io import BytesIO
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator
from matplotlib.transforms import ScaledTranslation, Transform

__all__ = [
    "BLACK",
    "DOUBLE_COLUMN_MM",
    "FAILING",
    "FORMATS",
    "LEFT",
    "PASSING",
    "RIGHT",
    "SINGLE_COLUMN_MM",
    "Look",
    "blank",
    "canvas",
    "drawn_svg",
    "letter",
    "panel",
    "plain_ticks",
    "printable",
    "render",
    "sequence",
    "styled",
    "title",
    "whole_numbers",
    "write_figures",
]

P = ParamSpec("P")
R = TypeVar("R")

SINGLE_COLUMN_MM = 89.0
DOUBLE_COLUMN_MM = 183.0
FORMATS = ("png", "svg", "pdf")
DOTS_PER_INCH = 200
MM_PER_INCH = 25.4

BLACK = "#000000"
GREY = "#666666"
BLUE = "#0072B2"
VERMILLION = "#D55E00"
GREEN = "#009E73"
PURPLE = "#CC79A7"
ORANGE = "#E69F00"
SKY = "#56B4E9"
YELLOW = "#F0E442"

# Shades of the steps that decide; the hatch says in grey print which is which.
PASSING = {"facecolor": GREEN, "edgecolor": GREEN}
FAILING = {"facecolor": PURPLE, "edgecolor": "#6B3A5B", "hatch": "////"}

RC: dict[Any, Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],  # matplotlib ships it: pictures look the same everywhere
    "font.size": 7.0,
    "axes.labelsize": 7.0,
    "axes.titlesize": 7.5,
    "xtick.labelsize": 6.5,
    "ytick.labelsize": 6.5,
    "legend.fontsize": 6.5,
    "legend.frameon": False,
    "legend.handlelength": 2.4,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 2.5,
    "ytick.major.size": 2.5,
    "xtick.direction": "out",
    "lines.linewidth": 1.0,
    "lines.markersize": 3.2,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "text.parse_math": False,  # a dollar sign in a cell's name is a dollar sign
    "axes.unicode_minus": True,
    "svg.fonttype": "path",
    "svg.hashsalt": "interlith",  # the same result gives the same file
    "pdf.fonttype": 3,  # type 42 would take five times as long and makes no visible difference
}


@dataclass(frozen=True)
class Look:
    """How one thing is drawn everywhere: a colour and, for print without colour, a line style."""

    label: str
    color: str
    linestyle: str | tuple[int, tuple[float, ...]] = "-"
    marker: str = "o"

    def line(self) -> dict[str, Any]:
        """Return arguments for `Axes.plot`."""
        return {"color": self.color, "linestyle": self.linestyle}


LEFT = Look("left electrode", BLUE, "-", "o")
RIGHT = Look("right electrode", VERMILLION, (0, (4, 1.5)), "s")
ELECTRODES = {"left": LEFT, "right": RIGHT}

_DASHES: tuple[str | tuple[int, tuple[float, ...]], ...] = (
    "-",
    (0, (5, 1.5)),
    (0, (1.2, 1.2)),
    (0, (6, 1.5, 1.2, 1.5)),
    (0, (3, 1.2)),
    (0, (6, 1.5, 1.2, 1.5, 1.2, 1.5)),
)

# Dark to bright as in cividis (Nunez 2018, doi:10.1371/journal.pone.0199239), without its palest.
_RAMP = ("#00224E", "#213B6E", "#4C556C", "#6C6E72", "#8E8978", "#B2A570", "#D1BB5B")


def sequence(labels: Sequence[str]) -> list[Look]:
    """Return looks for things in order (levels, times): dark first, bright last."""
    places = np.linspace(0, len(_RAMP) - 1, len(labels)) if len(labels) > 1 else [0]
    return [
        Look(label, _RAMP[round(float(place))], _DASHES[k % len(_DASHES)], "osD^vP"[k % 6])
        for k, (label, place) in enumerate(zip(labels, places, strict=True))
    ]


def styled(function: Callable[P, R]) -> Callable[P, R]:
    """Run a drawing function under this style and leave matplotlib's settings as they were."""

    @wraps(function)
    def inner(*args: P.args, **kwargs: P.kwargs) -> R:
        with rc_context(RC):
            return function(*args, **kwargs)

    return inner


@dataclass(frozen=True)
class Margins:
    """White space in millimetres around and between panels."""

    left: float = 14.0
    right: float = 3.0
    top: float = 9.0
    bottom: float = 10.0
    across: float = 14.0
    down: float = 4.0


def canvas(
    width: float,
    height: float,
    rows: int,
    columns: int,
    margins: Margins,
    *,
    width_ratios: Sequence[float] | None = None,
    height_ratios: Sequence[float] | None = None,
    sharex: bool | str = False,
    sharey: bool | str = False,
) -> tuple[Figure, list[list[Axes]]]:
    """Return a figure of `width` by `height` millimetres with its panels.

    Margins are given, not computed from the labels: matplotlib's layout engines draw everything
    twice.
    """
    figure = blank(width, height)
    panel_width = (width - margins.left - margins.right - (columns - 1) * margins.across) / columns
    panel_height = (height - margins.top - margins.bottom - (rows - 1) * margins.down) / rows
    grid = {
        "left": margins.left / width,
        "right": 1.0 - margins.right / width,
        "top": 1.0 - margins.top / height,
        "bottom": margins.bottom / height,
        "wspace": margins.across / panel_width,
        "hspace": margins.down / panel_height,
    }
    axes = figure.subplots(
        rows,
        columns,
        squeeze=False,
        sharex=sharex,  # type: ignore[arg-type]
        sharey=sharey,  # type: ignore[arg-type]
        width_ratios=width_ratios,
        height_ratios=height_ratios,
        gridspec_kw=grid,
    )
    for one in axes.flat:
        _prepare(one)
    return figure, [list(row) for row in axes]


def _prepare(axes: Axes) -> None:
    """Place ticks, labels and title of a panel where they always are.

    Few ticks are what a small panel needs; fixed places line labels up between panels and spare
    matplotlib the measuring of every tick, which is a third of the work of a picture.
    """
    axes.xaxis.set_major_locator(MaxNLocator(7, steps=[1, 2, 2.5, 5, 10]))
    axes.yaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]))
    axes.xaxis.set_label_coords(0.5, 0.0, _shifted(axes, 0.0, -15.0))
    axes.yaxis.set_label_coords(0.0, 0.5, _shifted(axes, -29.0, 0.0))
    title(axes, "")


def _shifted(axes: Axes, right: float, up: float) -> Transform:
    """Return coordinates of a panel (0 to 1), shifted by points of 1/72 inch."""
    figure = axes.get_figure(root=True)
    assert figure is not None
    return axes.transAxes + ScaledTranslation(right / 72.0, up / 72.0, figure.dpi_scale_trans)


def title(axes: Axes, text: str) -> None:
    """Write a title just above a panel."""
    axes.set_title(text, y=1.0, pad=5)


def letter(axes: Axes, text: str) -> None:
    """Write the panel's letter above its upper left corner, as journals do."""
    axes.annotate(
        text, (0, 1), xycoords="axes fraction", xytext=(-30, 4), textcoords="offset points",
        fontsize=8, fontweight="bold", annotation_clip=False,
    )  # fmt: skip


def plain_ticks(axis: Any) -> None:
    """Write the ticks of a logarithmic axis as plain numbers."""
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}".replace("-", "−")))
    axis.set_minor_formatter(FuncFormatter(lambda value, _: ""))


def whole_numbers(axis: Any) -> None:
    """Put ticks at whole numbers only."""
    axis.set_major_locator(MaxNLocator(7, integer=True, min_n_ticks=1))


def printable(text: str, longest: int = 48) -> str:
    """Return a user's text without control characters, cut to what fits in a picture."""
    clean = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return clean if len(clean) <= longest else clean[: longest - 1] + "…"


@styled
def render(figure: Figure, form: str) -> bytes:
    """Return a figure as the bytes of a PNG, SVG or PDF file."""
    buffer = BytesIO()
    extra: dict[str, Any] = {}
    if form == "png":
        # Run lengths (zlib strategy 3) are quick and small enough for line drawings.
        extra["pil_kwargs"] = {"compress_level": 1, "compress_type": 3}
    if form in {"svg", "pdf"}:
        extra["metadata"] = {"Date" if form == "svg" else "CreationDate": None}
    figure.savefig(buffer, format=form, dpi=DOTS_PER_INCH, **extra)
    return buffer.getvalue()


def write_figures(figures: Iterable[tuple[str, Figure]], folder: Path) -> list[Path]:
    """Write named pictures as PNG, SVG and PDF; return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, figure in figures:
        for form in FORMATS:
            path = folder / f"{name}.{form}"
            path.write_bytes(render(figure, form))
            written.append(path)
    return written


def drawn_svg(written: Iterable[Path]) -> dict[str, bytes]:
    """Return the SVG files among written pictures by name, for a page to hold."""
    return {path.stem: path.read_bytes() for path in written if path.suffix == ".svg"}


def blank(width: float, height: float) -> Figure:
    """Return an empty figure of `width` by `height` millimetres."""
    return Figure(figsize=(width / MM_PER_INCH, height / MM_PER_INCH))


def panel(figure: Figure, left: float, top: float, width: float, height: float) -> Axes:
    """Return a new panel, placed in millimetres from the upper left corner of the figure."""
    inches = figure.get_size_inches()
    across, down = float(inches[0]) * MM_PER_INCH, float(inches[1]) * MM_PER_INCH
    place = (left / across, 1.0 - (top + height) / down, width / across, height / down)
    axes = figure.add_axes(place)
    _prepare(axes)
    return axes
