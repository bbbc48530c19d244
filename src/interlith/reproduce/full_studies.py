"""Full cells of the reference: capacities, a short, energy, and where fluoride goes."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING

import numpy as np

from interlith.calibration.full_cells import FULL_ROWS, full_cell_of
from interlith.calibration.full_fit import full_rows
from interlith.reproduce.studies import Study, row_of

if TYPE_CHECKING:
    from interlith.calibration.draws import Sample
    from interlith.cell.cell import Cell
    from interlith.simulation.full_result import FullResult

__all__ = ["FULL_STUDIES", "fluoride_cell", "fluoride_holds"]

ENERGY_ROWS = {"full-f-7.64-initial": "energy-nmc", "lno-capacity": "energy-lno"}
"""Row of the specific energy by the row of the same cell."""
SECONDS = {
    "full-cl-3C": 2.0,
    "full-f-0.51-80": 3.5,
    "full-f-0.51-60": 6.0,
    "full-f-1.27-60": 3.0,
    "bi-only": 1.5,
    "nca-lyc": 2.0,
}
"""About how long a run takes; the others take less than half a second."""
FLUORIDE_ROW = "full-f-7.64-initial"
FLUORIDE_CYCLES = 10
UPPER = ("4.1 V", "4.3 V")
FALLEN_TO = 0.10
"""Share of the surface's concentration that marks how deep fluoride is."""
STAYS, ENTERS = 0.05, 0.10
"""That depth over the radius: at most, and at least, to count as at the surface and in the bulk."""
WHOLE = 0.95
"""Connected share of the material from which on a particle counts as not cracked."""


def _key(cell: Cell) -> str:
    return cell.model_copy(update={"name": "", "reference": ""}).to_yaml()


@cache
def _alike() -> tuple[tuple[str, ...], ...]:
    """Rows that one run serves together."""
    groups: dict[str, list[str]] = {}
    for row in full_rows():
        groups.setdefault(_key(full_cell_of(row)), []).append(row.id)
    return tuple(tuple(group) for group in groups.values())


def _run(rows: tuple[str, ...], sample: Sample) -> dict[str, float]:
    from interlith.simulation.full_run import simulate_full

    cell = sample.full(full_cell_of(row_of(rows[0]), sample.conditions["carbon"]))
    result = simulate_full(cell, sample.library())
    found = {name: FULL_ROWS[name].measure(result) for name in rows}
    weighed = {
        ENERGY_ROWS[name]: _specific_energy(cell, result, sample)
        for name in rows
        if name in ENERGY_ROWS
    }
    return found | weighed


def _specific_energy(cell: Cell, result: FullResult, sample: Sample) -> float:
    """Wh/kg of the package's pouch with the simulated discharge of most energy."""
    from interlith.energy.asked import cell_level
    from interlith.errors import InputError

    try:
        level = cell_level(cell, result, library=sample.library()).cell
    except InputError:
        return 0.0  # no discharge that could be weighed
    return 0.0 if level is None else level.Wh_kg


def fluoride_cell(upper: str) -> Cell:
    """Return the fluorinated thick cathode, charged to a voltage.

    Parameters
    ----------
    upper : str
        Where each charge ends, such as ``4.1 V``.
    """
    from interlith.cell.cell import Cell

    data = full_cell_of(row_of(FLUORIDE_ROW)).model_copy(
        update={
            "name": f"fluoride, charged to {upper}",
            "reference": f"Wan et al. (2023), {row_of('f-migration').locator}",
        }
    )
    cycle = {
        "repeat": FLUORIDE_CYCLES,
        "steps": [
            f"Charge at 2.55 mA/cm2 until {upper}",
            "Discharge at 2.55 mA/cm2 until 2.7 V",
        ],
    }
    protocol = Cell.read({**_plain(data), "protocol": [cycle]}).protocol
    return data.model_copy(update={"protocol": protocol})


def _plain(cell: Cell) -> dict[str, object]:
    """Return a cell as the mapping that its file is."""
    from io import StringIO

    from ruamel.yaml import YAML

    found: dict[str, object] = YAML(typ="safe").load(StringIO(cell.to_yaml()))
    return found


def _run_fluoride(sample: Sample) -> dict[str, float]:
    from interlith.simulation.full_run import simulate_full

    library = sample.library()
    low, high = (simulate_full(sample.full(fluoride_cell(upper)), library) for upper in UPPER)
    return {"f-migration": float(fluoride_holds(low, high))}


def fluoride_holds(low: FullResult, high: FullResult) -> bool:
    """Return whether fluoride stays at the surface at the lower voltage and enters at the higher.

    Parameters
    ----------
    low, high : FullResult
        The same cell, charged to 4.1 and 4.3 V.
    """
    return (
        fluoride_depth(low) <= STAYS
        and fluoride_depth(high) >= ENTERS
        and high.cycles[-1].connected_fraction >= WHOLE
    )


def fluoride_depth(result: FullResult) -> float:
    """Return how deep fluoride is in the largest particle, over its radius."""
    radius = result.dataset["fluoride_radius"].to_numpy()[-1]
    profile = result.dataset["fluoride"].to_numpy()[-1]
    inside = np.flatnonzero(profile >= FALLEN_TO * profile[-1])
    return float(1.0 - radius[inside[0]] / radius[-1]) if profile[-1] > 0.0 else 0.0


def _cells(name: str) -> dict[str, Cell]:
    return {name: full_cell_of(row_of(name))}


def _study(rows: tuple[str, ...]) -> Study:
    weighed = tuple(ENERGY_ROWS[name] for name in rows if name in ENERGY_ROWS)
    return Study(
        rows[0],
        "full-cell",
        (*rows, *weighed),
        partial(_run, rows),
        SECONDS.get(rows[0], 0.4),
        cells=partial(_cells, rows[0]),
    )


FULL_STUDIES = (
    *(_study(rows) for rows in _alike()),
    Study(
        "f-migration",
        "cathode",
        ("f-migration",),
        _run_fluoride,
        0.4,
        cells=lambda: {f"f-migration-{upper.split()[0]}V": fluoride_cell(upper) for upper in UPPER},
    ),
)
"""Runs of full cells; rows that are run alike share one."""
