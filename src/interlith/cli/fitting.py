"""What `interlith calibrate` compares and where it writes."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from interlith.errors import InputError, Problem

if TYPE_CHECKING:
    from interlith.calibration.fit import Fit
    from interlith.calibration.rows import MeasuredRow

__all__ = [
    "DEFAULT_FILES",
    "Compared",
    "RowsOf",
    "calibration_rows",
    "fit_file",
    "fit_rows",
    "fitted_values",
    "installed_file",
    "known_values",
    "left_out_rows",
    "predictions",
    "with_rows_left_out",
    "write_ensemble_file",
    "write_whole",
]

FIRST_WORDS = "# Written by `interlith calibrate`"


class RowsOf(StrEnum):
    """Measured rows that are fitted together."""

    CCD = "ccd"
    FULL_CELL = "full-cell"


DEFAULT_FILES = {RowsOf.CCD: "wan2023-ccd.yaml", RowsOf.FULL_CELL: "wan2023-full-cell.yaml"}


@dataclass(frozen=True)
class Compared:
    """A measured row beside what the model gives for it, in the unit of the row."""

    id: str
    measured: float
    """Not a number where only an outcome was reported."""
    model: float
    """Infinite where no step of a ramp failed."""
    unit: str
    locator: str

    @property
    def ratio(self) -> float:
        """Model over measured."""
        return self.model / self.measured

    def entry(self) -> dict[str, object]:
        """Return the row of the JSON answer."""
        unit = self.unit.replace("/", "_").replace("%", "percent")
        return {
            "id": self.id,
            f"measured_{unit}".rstrip("_"): self.measured,
            f"model_{unit}".rstrip("_"): self.model,
            "ratio": self.ratio,
            "failed": math.isfinite(self.model),
            "locator": self.locator,
        }


def calibration_rows(fit: Fit) -> list[Compared]:
    """Return the rows that were fitted."""
    return [_compared(row, model) for row, model in zip(fit.rows, fit.model, strict=True)]


def fit_rows(kind: RowsOf, report: Callable[[str], None]) -> Fit:
    """Fit the unknowns that a kind of rows decides."""
    if kind is RowsOf.CCD:
        from interlith.calibration import fit

        return fit.calibrate(report)
    from interlith.calibration.full_fit import calibrate_full

    return calibrate_full(report)


def with_rows_left_out(kind: RowsOf, fit: Fit, report: Callable[[str], None]) -> Fit:
    """Predict each fitted row by a fit to the others."""
    if kind is RowsOf.CCD:
        from interlith.calibration.fit import leave_one_out

        return leave_one_out(fit, report)
    from interlith.calibration.full_fit import leave_one_out_full

    return leave_one_out_full(fit, report)


def left_out_rows(fit: Fit) -> list[Compared]:
    """Return the rows as fits to the others predict them; empty unless it was asked for."""
    rows = {row.id: row for row in fit.rows}
    return [_compared(rows[entry.id], entry.predicted) for entry in fit.left_out]


def known_values(fit: Fit) -> dict[str, object]:
    """Return which parameters, and which products of them, the rows determine."""
    from interlith.calibration.known import identifiability

    names = [f"{unknown.material}.{unknown.property}" for unknown in fit.unknowns]
    return identifiability(names, fit.covariance_of_logarithms)


def write_ensemble_file(out: Path | None, report: Callable[[str], None]) -> Path:
    """Make the ensemble of all uncertain numbers and write it; into the package without a file."""
    from interlith.calibration import ensemble

    found = ensemble.assimilate(ensemble.model_in_processes(), report=report)
    path = out or ensemble.DATA
    ensemble.write_ensemble(found, path)
    return path


def predictions(kind: RowsOf, fit: Fit, report: Callable[[str], None]) -> list[Compared]:
    """Run the rows that no fit may see with the fitted values."""
    from interlith.calibration.fit import QUANTITY, library_with, model_ccd
    from interlith.calibration.rows import measured_rows

    library = library_with(fit.values, fit.unknowns)
    if kind is RowsOf.FULL_CELL:
        from interlith.calibration.full_fit import full_rows, model_values

        rows = full_rows("validation")
        found = model_values(rows, library, report=report)
        return [_compared(row, found[row.id]) for row in rows]
    compared: list[Compared] = []
    for row in measured_rows("validation", QUANTITY):
        report(f"predicting {row.id}")
        compared.append(_compared(row, model_ccd(row, library)))
    return compared


def _compared(row: MeasuredRow, model: float) -> Compared:
    return Compared(row.id, row.value, model, row.unit, row.locator)


def installed_file(kind: RowsOf) -> Path:
    """Return the file of fitted values that the materials library reads."""
    from interlith import materials

    return Path(materials.__file__).parent / "data" / "fitted" / DEFAULT_FILES[kind]


def fit_file(kind: RowsOf, out: Path | None, install: bool) -> Path:
    """Return where the fit goes; raises InputError when it must not be written there."""
    if out is not None and install:
        raise InputError(Problem("", "--out", str(out), "either --out or --install"))
    path = installed_file(kind) if install else out or Path(DEFAULT_FILES[kind])
    expected = ""
    if path.is_dir():
        expected = "a file name, but this is a folder"
    elif not path.absolute().parent.is_dir():
        expected = f"a file in an existing folder, but {path.parent} is none"
    elif path.exists() and not _is_ours(path):
        expected = "a new file, or one that interlith calibrate wrote"
    if expected:
        raise InputError(Problem("", "--out", str(path), expected))
    return path


def _is_ours(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(len(FIRST_WORDS)) == FIRST_WORDS.encode()


def write_whole(fit: Fit, path: Path) -> None:
    """Write the fit whole or not at all."""
    from interlith.calibration.fit import write_fit

    partial = path.with_name(f".{path.name}.partial")
    try:
        write_fit(fit, partial)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def fitted_values(fit: Fit) -> list[dict[str, object]]:
    """Return the fitted values with the factor within which they are known (one standard error)."""
    variances = [float(row[k]) for k, row in enumerate(fit.covariance_of_logarithms)]
    spreads = [math.sqrt(max(variance, 0.0)) for variance in variances]
    return [
        {
            "material": unknown.material,
            "property": unknown.property,
            "value": fit.values[f"{unknown.material}.{unknown.property}"],
            "unit": unknown.unit,
            "relative_standard_error": spread,
        }
        for unknown, spread in zip(fit.unknowns, spreads, strict=True)
    ]
