"""Values fitted by the calibration script: they override the placeholders of the data files.

The files under data/fitted are written by that script alone. Without them the placeholders hold.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from interlith.errors import InputError
from interlith.materials.building import Findings
from interlith.materials.property import Property, Source
from interlith.materials.reading import read_mapping
from interlith.materials.schema import PROPERTIES

# Half-width of a 95 % interval of a normal distribution, in standard errors.
_NORMAL_95 = 1.96


@dataclass(frozen=True, slots=True)
class Fit:
    """One fitted value in SI, its standard error and the file it stands in."""

    material: str
    property: str
    value: float
    standard_error: float | None
    given: str
    file: str
    script: str

    def apply(self, placeholder: Property) -> Property:
        """Return the property with the fitted value; its range is the 95 % interval of the fit."""
        note = f"fitted by {self.script} ({self.file}); placeholder was {placeholder.given}"
        fitted = placeholder.with_value(self.value, self.given, "fitted", note)
        low, high = self._interval()
        source = Source(f"fitted, see data/fitted/{self.file}", None, True)
        return replace(fitted, source=source, low=low, high=high)

    def _interval(self) -> tuple[float | None, float | None]:
        if self.standard_error is None:
            return None, None
        schema = PROPERTIES[self.property]
        half = _NORMAL_95 * self.standard_error
        return max(schema.lowest, self.value - half), min(schema.highest, self.value + half)


def read_fits(folder: Path) -> list[Fit]:
    """Return all fits of the files in a folder; a missing folder has none.

    Raises
    ------
    InputError
        A file is broken; all problems of that file.
    """
    files = sorted(folder.glob("*.yaml")) if folder.is_dir() else []
    return [fit for file in files for fit in _read_file(file)]


def _read_file(file: Path) -> list[Fit]:
    data = read_mapping(file, trusted=True)
    findings = Findings(str(file))
    entries = data.get("fits")
    if not isinstance(entries, list):
        findings.add("fits", entries, "a list of fitted values")
        entries = []
    script = str(data.get("script", "a calibration script"))
    fits = [
        _build(index, entry, file.name, script, findings) for index, entry in enumerate(entries)
    ]
    if findings.problems:
        raise InputError(findings.problems)
    return [fit for fit in fits if fit is not None]


def _build(index: int, entry: Any, file: str, script: str, findings: Findings) -> Fit | None:
    where = f"fits[{index}]"
    if not isinstance(entry, dict) or entry.get("property") not in PROPERTIES:
        findings.add(
            where, entry, "a mapping with material, a known property, value and standard_error"
        )
        return None
    name = str(entry["property"])
    schema = PROPERTIES[name]
    value = findings.quantity(f"{where}.value", entry.get("value"), schema.unit)
    error = entry.get("standard_error")
    spread = (
        None if error is None else findings.quantity(f"{where}.standard_error", error, schema.unit)
    )
    if value is None:
        return None
    if not schema.lowest <= value <= schema.highest:
        findings.add(
            f"{where}.value",
            entry["value"],
            f"{schema.lowest:g} to {schema.highest:g} {schema.unit}",
        )
        return None
    return Fit(str(entry.get("material")), name, value, spread, str(entry["value"]), file, script)
