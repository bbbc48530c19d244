"""Symmetric cells of the reference: critical currents, cycling, other electrolytes."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from interlith.calibration.cells import ccd_cell, cycling_cell
from interlith.calibration.fit import QUANTITY
from interlith.calibration.rows import measured_rows
from interlith.reproduce.studies import Study, row_of

if TYPE_CHECKING:
    from interlith.calibration.draws import Sample
    from interlith.calibration.rows import MeasuredRow
    from interlith.cell.cell import Cell
    from interlith.materials import Library

__all__ = ["HIGHEST_MA_CM2", "LITHIUM_STUDIES", "critical_current", "hours_without_short"]

HIGHEST_MA_CM2 = 12.0
"""End of the ramps; a draw in which no step fails counts with it."""
SOLID_ELECTROLYTES = ("Li3YCl6", "Li6.5La3Zr1.5Ta0.5O12")
"""Of the row ``generality``; the polymer carries salt, which no equation here follows."""
HOUR = 3600.0


def critical_current(cell: Cell, library: Library) -> float:
    """Return the critical current of a ramp, at most its end [mA cm-2].

    Parameters
    ----------
    cell : Cell
        A critical-current test.
    library : Library
        Materials.
    """
    from interlith.calibration.fit import failing_current

    return min(failing_current(cell, library), HIGHEST_MA_CM2)


def _ramp(row: MeasuredRow) -> Cell:
    """Ramp of a row; one that names the capacity at its last step only is a ramp in time."""
    if row.half_cycle_h is not None:
        row = replace(row, areal_capacity_mAh_cm2=None)
    return ccd_cell(row, stop_mA_cm2=HIGHEST_MA_CM2)


def _run_ramp(name: str, sample: Sample) -> dict[str, float]:
    return {name: critical_current(sample.symmetric(_ramp(row_of(name))), sample.library())}


def hours_without_short(cell: Cell, library: Library) -> float:
    """Return how long a symmetric cell is cycled until its first failure, or its protocol ends [h].

    Parameters
    ----------
    cell : Cell
        A symmetric cell.
    library : Library
        Materials.
    """
    from interlith.simulation import simulate_symmetric

    result = simulate_symmetric(cell, library)
    passed = [half for half in result.half_cycles if half.outcome == "passed"]
    failed = [half for half in result.half_cycles if half.outcome not in ("passed", "incomplete")]
    last = failed[0].end if failed else max((half.end for half in passed), default=0.0)
    return last / HOUR


def _cycled(name: str) -> Cell:
    row = row_of(name)
    assert row.half_cycle_h is not None
    whole = 2.0 * row.half_cycle_h
    return cycling_cell(row, -(-row.value // whole) * whole)


def _run_cycling(name: str, sample: Sample) -> dict[str, float]:
    return {name: hours_without_short(sample.symmetric(_cycled(name)), sample.library())}


def _general(electrolyte: str, interlayer: str | None) -> Cell:
    row = replace(
        row_of("ccd-biocl-mg-1h"), id="generality", electrolyte=electrolyte, interlayer=interlayer
    )
    cell = _ramp(row)
    name = f"generality, {electrolyte}, {interlayer or 'bare'}"
    return cell.model_copy(
        update={"name": name, "reference": f"Wan et al. (2023), {row_of('generality').locator}"}
    )


def _run_generality(sample: Sample) -> dict[str, float]:
    """1 if the interlayer raises the critical current with each solid electrolyte."""
    library = sample.library()

    def current(electrolyte: str, interlayer: str | None) -> float:
        return critical_current(sample.symmetric(_general(electrolyte, interlayer)), library)

    higher = [current(name, "BiOCl-Mg") > current(name, None) for name in SOLID_ELECTROLYTES]
    return {"generality": float(all(higher))}


def _general_cells() -> dict[str, Cell]:
    return {
        f"generality-{short}-{kind}": _general(name, layer)
        for name, short in zip(SOLID_ELECTROLYTES, ("lyc", "llzto"), strict=True)
        for kind, layer in (("biocl-mg", "BiOCl-Mg"), ("bare", None))
    }


def _ramp_study(name: str, topic: str) -> Study:
    return Study(
        name,
        topic,
        (name,),
        partial(_run_ramp, name),
        0.2,
        cells=lambda: {name: _ramp(row_of(name))},
    )


def _cycling_study(name: str, seconds: float) -> Study:
    return Study(
        name,
        "cycling",
        (name,),
        partial(_run_cycling, name),
        seconds,
        cells=lambda: {name: _cycled(name)},
    )


LITHIUM_STUDIES = (
    *(_ramp_study(row.id, "ccd") for row in measured_rows(quantity=QUANTITY)),
    _cycling_study("cyc-mgbi-25", 6.0),
    _cycling_study("cyc-mgbi-80", 2.5),
    _ramp_study("short-bare", "cycling"),
    Study("generality", "interlayer", ("generality",), _run_generality, 0.5, cells=_general_cells),
)
"""Studies of lithium electrodes; 2,700 h are 1,350 cycles."""
