"""The pictures of a full cell in their order; a new one is named here."""

from __future__ import annotations

from interlith.report.full.ageing import AGEING
from interlith.report.full.anode import ANODE
from interlith.report.full.balance import BALANCE
from interlith.report.full.capacity import CAPACITY
from interlith.report.full.cathode import CATHODE
from interlith.report.full.course import COURSE
from interlith.report.full.curves import CURVES
from interlith.report.full.polarisation import WHERE_VOLTAGE_GOES
from interlith.report.full.view import FullView
from interlith.report.pictures.picture import Picture

__all__ = ["FULL_PICTURES"]

FULL_PICTURES: tuple[Picture[FullView], ...] = (
    CAPACITY,
    CURVES,
    WHERE_VOLTAGE_GOES,
    CATHODE,
    AGEING,
    ANODE,
    BALANCE,
    COURSE,
)
