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
    group: str
    """Kind of test, such as ``ccd`` or ``full cell``."""
    quantity: str
    """What was measured."""
    value: float
    """Value in `unit`; not a number where only an order or an outcome was reported."""
    unit: str
    """Unit of the value."""
    relation: str
    """``eq`` or ``approx``, ``ge`` where the test ended without a failure, ``order`` where an order
    or an outcome was reported."""
    uncertainty: float | None
    """In `unit`; None where it is not stated."""
    half_digit: float
    """Half a unit of the last digit that the value was given with, in `unit`."""
    electrode: str
    """Lithium electrode, a material of the library; empty where there is no cell."""
    interlayer: str | None
    """Interlayer material, None for a bare electrode."""
    particle_size: str | None
    """Particle size of the interlayer where the row states one."""
    electrolyte: str
    """Electrolyte material; several are parted by semicolons."""
    temperature_C: float
    """Temperature [degC]; not a number where none belongs to the row."""
    stack_pressure_MPa: float | None
    """Stack pressure, where it is stated [MPa]."""
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
    note: str
    """What else is known of it."""

    @property
    def plus_minus(self) -> float:
        """Stated uncertainty, else half a unit of the last digit [`unit`]."""
        return self.half_digit if self.uncertainty is None else self.uncertainty


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
    rows = read_rows(DATA)
    return [r for r in rows if role in (None, r.role) and quantity in (None, r.quantity)]


def read_rows(path: Path) -> list[MeasuredRow]:
    """Read a table of measured rows.

    Parameters
    ----------
    path : Path
        CSV with the columns of :data:`DATA`; lines that begin with ``#`` are remarks.

    Returns
    -------
    list of MeasuredRow
        In the order of the file.
    """
    text = [line for line in path.read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
    return [_row(entry) for entry in csv.DictReader(text)]


def _row(entry: dict[str, str]) -> MeasuredRow:
    name, _, size = entry["interlayer"].partition(" ")
    return MeasuredRow(
        id=entry["id"],
        group=entry["group"],
        quantity=entry["quantity"],
        value=float(entry["value"] or "nan"),
        unit=entry["unit"],
        relation=entry["relation"],
        uncertainty=_number(entry["uncertainty"]),
        half_digit=_half_digit(entry["value"]),
        electrode=entry["electrode"],
        interlayer=None if name in ("none", "") else name,
        particle_size=size.removesuffix(" particles") or None,
        electrolyte=entry["electrolyte"],
        temperature_C=float(entry["temperature_C"] or "nan"),
        stack_pressure_MPa=_number(entry["stack_pressure_MPa"]),
        areal_capacity_mAh_cm2=_number(entry["areal_capacity_mAh_cm2"]),
        half_cycle_h=_number(entry["half_cycle_h"]),
        current_mA_cm2=_number(entry["current_mA_cm2"]),
        locator=entry["locator"],
        role=entry["role"],
        note=entry["note"],
    )


def _half_digit(text: str) -> float:
    """Half a unit of the last digit of a number as it is written."""
    return 0.5 * 10.0 ** -len(text.partition(".")[2])


def _number(text: str) -> float | None:
    return float(text) if text else None
