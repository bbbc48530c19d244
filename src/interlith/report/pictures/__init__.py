"""The pictures of a result, one file a family; a new one is named in `PICTURES`."""

from __future__ import annotations

from matplotlib.figure import Figure

from interlith.report.life import LIFE_PICTURES
from interlith.report.pictures.contact import CONTACT
from interlith.report.pictures.interphase import INTERPHASE
from interlith.report.pictures.inventory import INVENTORY
from interlith.report.pictures.picture import Picture
from interlith.report.pictures.polarisation import POLARISATION
from interlith.report.pictures.pressure import PRESSURE
from interlith.report.pictures.profiles import PROFILES
from interlith.report.pictures.ramp import RAMP
from interlith.report.reported import ResultLike
from interlith.report.style import styled
from interlith.report.view import View

__all__ = ["PICTURES", "Picture", "draw", "figures"]

PICTURES: tuple[Picture, ...] = (
    RAMP,
    POLARISATION,
    CONTACT,
    INTERPHASE,
    PROFILES,
    PRESSURE,
    INVENTORY,
)


@styled
def draw_picture(picture: Picture, view: View) -> Figure:
    """Return a picture of a result under the package's style."""
    return picture.draw(view)


def draw(result: ResultLike, name: str = "ramp") -> Figure:
    """Return one picture of a result.

    Parameters
    ----------
    result
        What `simulate` returned.
    name
        ramp, polarisation, contact, interphase, profiles, pressure or inventory; where the
        interlayers were formed first, also metal-depth-profiles, potentials, potential-landscape
        or lithium-ledger.

    Raises
    ------
    KeyError
        There is no picture of this name.
    ValueError
        This result has no such picture; the message says why.
    """
    found = {picture.name: picture for picture in PICTURES}
    view = View(result)
    life = {picture.name: picture for picture in LIFE_PICTURES}
    if view.evolution is not None and name in life:
        return life[name].draw(view.evolution)
    if name not in found:
        there = [*found, *(life if view.evolution is not None else ())]
        raise KeyError(f"no picture named {name!r}; there are {', '.join(there)}")
    reason = found[name].omitted(view)
    if reason:
        raise ValueError(f"{name}: {reason}")
    return draw_picture(found[name], view)


def figures(result: ResultLike) -> dict[str, Figure]:
    """Return all pictures of a result by name; those that do not apply to it are left out."""
    view = View(result)
    found = {p.name: draw_picture(p, view) for p in PICTURES if p.omitted(view) is None}
    if view.evolution is not None:
        found |= {p.name: p.draw(view.evolution) for p in LIFE_PICTURES}
    return found
