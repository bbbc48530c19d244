"""The pictures of a result, one file a family; a new one is named in `PICTURES`."""

from __future__ import annotations

from interlith.report.pictures.contact import CONTACT
from interlith.report.pictures.interphase import INTERPHASE
from interlith.report.pictures.inventory import INVENTORY
from interlith.report.pictures.picture import Picture
from interlith.report.pictures.polarisation import POLARISATION
from interlith.report.pictures.pressure import PRESSURE
from interlith.report.pictures.profiles import PROFILES
from interlith.report.pictures.ramp import RAMP
from interlith.report.view import View

__all__ = ["PICTURES", "Picture"]

PICTURES: tuple[Picture[View], ...] = (
    RAMP,
    POLARISATION,
    CONTACT,
    INTERPHASE,
    PROFILES,
    PRESSURE,
    INVENTORY,
)
