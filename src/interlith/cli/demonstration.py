"""What `interlith demo` runs: the bare cell as it was measured, and beside the interlayer's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from interlith.calibration.rows import MeasuredRow
    from interlith.cell import Cell
    from interlith.simulation import Result

__all__ = ["CASES", "TITLE", "Case", "demo_cell", "measured_note", "measured_row"]

TITLE = "Critical current density without and with an interlayer of Mg16Bi84"


@dataclass(frozen=True)
class Case:
    """One cell of the demonstration."""

    key: str
    """Name of its folder."""
    stack: str
    half_cycle: str
    """How long a half-cycle is, in words."""
    template: str
    """Template that gives the cell."""
    ramp: str
    """Template that gives the protocol."""
    row: str | None
    """Measured row of the same cell and test."""

    @property
    def name(self) -> str:
        """What the reports call it."""
        return f"{self.stack}, half-cycles of {self.half_cycle}"


# The two cells were measured with different half-cycles; the middle case compares like with like.
CASES = (
    Case("bare-1h", "Li|Li6PS5Cl|Li", "1 h", "ccd-bare", "ccd-bare", "ccd-bare-25"),
    Case("bare", "Li|Li6PS5Cl|Li", "1.0 mAh/cm2", "ccd-bare", "ccd", None),
    Case(
        "interlayer",
        "Li|Mg16Bi84|Li6PS5Cl|Mg16Bi84|Li",
        "1.0 mAh/cm2",
        "ccd",
        "ccd",
        "ccd-mgbi-1.0",
    ),
)


def demo_cell(case: Case) -> Cell:
    """Return the cell of a case, put together from the templates that users get."""
    from interlith.cell import Cell, loads
    from interlith.cell.templates import template_text

    cell = loads(template_text(case.template))
    ramp = loads(template_text(case.ramp))
    protocol = ramp.to_dict()["protocol"]
    return Cell.read({**cell.to_dict(), "name": case.name, "protocol": protocol})


def measured_row(case: Case) -> MeasuredRow | None:
    """Return the measured critical current density of a case, None where there is none."""
    from interlith.calibration.rows import measured_rows

    return next((row for row in measured_rows() if row.id == case.row), None)


def measured_note(results: dict[Case, Result]) -> str:
    """Say for the report what part the measured values had in the model."""
    roles = sorted({row.role for case in results if (row := measured_row(case)) is not None})
    words = {
        "calibration": "The measured values shown are rows that the model was calibrated with.",
        "validation": "The measured values shown are rows that the model was not fitted to.",
    }
    if len(roles) == 1:
        return words[roles[0]]
    return "Some of the measured values shown were used to calibrate the model, others were not."
