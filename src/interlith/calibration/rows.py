"""The measured rows of the reference system, with their role: calibration or validation."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).with_name("data") / "wan2023.csv"


@dataclass(frozen=True)
class MeasuredRow:
    """One measured value of the reference work and the conditions it was measured under."""

    id: str
    """Name of the row."""
    quantity: str
    """What was measured."""
    value: float
    """Value in `unit`; not a number where only an order or an outcome was reported."""
    unit: str
    """Unit of the value."""
    relation: str
    """``eq``, or ``ge`` where the test ended without a failure."""
    electrode: str
    """Lithium electrode, a material of the library."""
    interlayer: str | None
    """Interlayer material, None for a bare electrode."""
    particle_size: str | None
    """Particle size of the interlayer where the row states one."""
    electrolyte: str
    """Electrolyte material."""
    temperature_C: float
    """Temperature [degC]."""
    areal_capacity_mAh_cm2: float | None
    """Areal capacity of a half-cycle, where it is fixed [mAh cm-2]."""
    half_cycle_h: float | None
    """Time of a half-cycle, where it is fixed [h]."""
    current_mA_cm2: float | None
    """Current density, where it is fixed [mA cm-2]."""
    locator: str
    """Where it stands in the paper."""
    role: str
    """``calibration`` or ``validation``."""


def measured_rows(role: str | None = None, quantity: str | None = None) -> list[MeasuredRow]:
    """Read the measured rows.

    Parameters
    ----------
    role : str, optional
        Only rows with this role.
    quantity : str, optional
        Only rows of this quantity, such as ``critical current density``.

    Returns
    -------
    list of MeasuredRow
        In the order of the file.
    """
    text = [line for line in DATA.read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
    rows = [_row(entry) for entry in csv.DictReader(text)]
    return [r for r in rows if role in (None, r.role) and quantity in (None, r.quantity)]


def _row(entry: dict[str, str]) -> MeasuredRow:
    name, _, size = entry["interlayer"].partition(" ")
    return MeasuredRow(
        id=entry["id"],
        quantity=entry["quantity"],
        value=float(entry["value"] or "nan"),
        unit=entry["unit"],
        relation=entry["relation"],
        electrode=entry["electrode"],
        interlayer=None if name == "none" else name,
        particle_size=size.removesuffix(" particles") or None,
        electrolyte=entry["electrolyte"],
        temperature_C=float(entry["temperature_C"]),
        areal_capacity_mAh_cm2=_number(entry["areal_capacity_mAh_cm2"]),
        half_cycle_h=_number(entry["half_cycle_h"]),
        current_mA_cm2=_number(entry["current_mA_cm2"]),
        locator=entry["locator"],
        role=entry["role"],
    )


def _number(text: str) -> float | None:
    return float(text) if text else None
