"""Which pictures a result has, and each of them as a figure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, cast

from matplotlib.figure import Figure

from interlith.report.full.pictures import FULL_PICTURES
from interlith.report.full.view import FullView, MeasuredCapacity
from interlith.report.life import LIFE_PICTURES
from interlith.report.pictures import PICTURES, Picture
from interlith.report.reported import FullResultLike, ResultLike, RunLike
from interlith.report.style import styled
from interlith.report.view import RunView, View

__all__ = ["draw", "figures", "is_full", "pictures_of", "ways_to_draw"]


def is_full(result: RunLike) -> bool:
    """Return whether a result is one of a full cell."""
    return bool(getattr(result.cell, "is_full", False))


def pictures_of(
    result: RunLike, measured: Sequence[MeasuredCapacity] = ()
) -> tuple[tuple[Picture[Any], ...], RunView]:
    """Return the pictures for this kind of result, and the result as they read it."""
    if is_full(result):
        return FULL_PICTURES, FullView(cast("FullResultLike", result), measured)
    return PICTURES, View(cast("ResultLike", result))


def ways_to_draw(
    pictures: Sequence[Picture[Any]], view: RunView
) -> dict[str, Callable[[], Figure]]:
    """Return what draws each picture that a result has, by name."""
    found: dict[str, Callable[[], Figure]] = {
        p.name: partial(_draw_picture, p, view) for p in pictures if p.omitted(view) is None
    }
    evolution = view.evolution if isinstance(view, View) else None
    if evolution is not None:
        found |= {p.name: partial(p.draw, evolution) for p in LIFE_PICTURES}
    return found


@styled
def _draw_picture(picture: Picture[Any], view: RunView) -> Figure:
    """Return a picture of a result under the package's style."""
    return picture.draw(view)


def draw(result: RunLike, name: str = "") -> Figure:
    """Return one picture of a result.

    Parameters
    ----------
    result
        What `simulate` returned.
    name
        Of a symmetric cell: ramp (the default), polarisation, contact, interphase, profiles,
        pressure or inventory; where the interlayers were formed first, also metal-depth-profiles,
        potentials, potential-landscape or lithium-ledger. Of a full cell: capacity (the default),
        voltage-curves, losses, cathode-profiles, ageing, lithium-side, lithium or course.

    Raises
    ------
    KeyError
        There is no picture of this name.
    ValueError
        This result has no such picture; the message says why.
    """
    pictures, view = pictures_of(result)
    name = name or pictures[0].name
    ways = ways_to_draw(pictures, view)
    if name in ways:
        return ways[name]()
    found = {picture.name: picture for picture in pictures}
    if name not in found:
        raise KeyError(f"no picture named {name!r}; there are {', '.join({**found, **ways})}")
    raise ValueError(f"{name}: {found[name].omitted(view)}")


def figures(result: RunLike) -> dict[str, Figure]:
    """Return all pictures of a result by name; those that do not apply to it are left out."""
    return {name: way() for name, way in ways_to_draw(*pictures_of(result)).items()}
