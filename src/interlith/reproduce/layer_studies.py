"""What the interlayer turns into: profile of its metal, where lithium plates, its potential."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from interlith.calibration.cells import symmetric_cell
from interlith.reproduce.studies import Study, row_of

if TYPE_CHECKING:
    from interlith.calibration.draws import Sample
    from interlith.cell.cell import Cell
    from interlith.simulation.interlayer import Evolution, SideOutcome

__all__ = ["LAYER_STUDIES", "forming_cell", "judge_life"]

SIDE = "right"
"""Plated first."""
CYCLES = 10
NEAR_ZERO = 0.1
"""Concentration of magnesium inside the layer over that at its two ends, up to which it counts as
near zero."""


def forming_cell() -> Cell:
    """Return the cell whose layers are formed: rest on contact, then ten cycles of plating."""
    row = row_of("profile-mg")
    cycling: dict[str, Any] = {
        "current": f"{row.current_mA_cm2} mA/cm^2",
        "areal_capacity": f"{row.areal_capacity_mAh_cm2} mAh/cm^2",
        "cycles": CYCLES,
    }
    from interlith.cell.cell import Conversion

    cell = symmetric_cell(row, [{"cycling": cycling}])
    return cell.model_copy(update={"name": "formed layers", "conversion": Conversion()})


def _run(sample: Sample) -> dict[str, float]:
    from interlith.simulation import interlayer

    cell = sample.symmetric(forming_cell())
    return judge_life(interlayer.evolve(cell, library=sample.library()))


def judge_life(evolution: Evolution) -> dict[str, float]:
    """Return what the rows ask of the life of a layer.

    Parameters
    ----------
    evolution : Evolution
        Ten cycles of the cell of the reference.

    Returns
    -------
    dict
        ``profile-mg``: 1 if the metal is dense in the interphase and in the lithium next to the
        layer, and near zero between. ``plating-site``: 1 if most lithium plates at the metal and
        the pores next to it are fuller than those next to the electrolyte. ``potential-interface``:
        mean potential at the electrolyte side while this side is plated first [V].
    """
    side = evolution.sides[SIDE]
    return {
        "profile-mg": float(_profile_holds(side)),
        "plating-site": float(_plates_at_the_metal(evolution, side)),
        "potential-interface": _plating_potential(evolution),
    }


def metal_concentrations(side: SideOutcome) -> tuple[float, float, float]:
    """Return the metal in interphase, layer and lithium of a side [mol m-3]."""
    inside = float(side.left_in_host().sum()) / float(side.widths.sum())
    return (
        float(side.in_sei.sum()) / side.sei_thickness if side.sei_thickness else 0.0,
        inside,
        float(side.in_anode.sum()) / side.alloy_depth if side.alloy_depth else 0.0,
    )


def _profile_holds(side: SideOutcome) -> bool:
    interphase, inside, lithium = metal_concentrations(side)
    return inside <= NEAR_ZERO * min(interphase, lithium)


def _plates_at_the_metal(evolution: Evolution, side: SideOutcome) -> bool:
    """Whether the first plating goes to the metal first and fills pores from there."""
    from interlith.simulation.interlayer import LEDGER, SIDES

    plated = [moment for moment in side.moments if moment.current > 0.0]
    if not plated or len(evolution.ledger) < 3:
        return False
    gained = evolution.ledger[2, SIDES.index(SIDE)] - evolution.ledger[1, SIDES.index(SIDE)]
    at_metal, in_pores = (gained[LEDGER.index(name)] for name in ("metal_lithium", "pore_lithium"))
    filling = plated[0].filling
    return bool(at_metal > in_pores and filling[0] > filling[-1])


def _plating_potential(evolution: Evolution) -> float:
    """Mean potential at the electrolyte side over the first plating of this side [V]."""
    times, potential = evolution.edge_potential[:, 0], evolution.edge_potential[:, 2]
    begin = evolution.plan.rest
    end = begin + evolution.plan.areal_capacity / evolution.plan.current
    inside = (times >= begin) & (times <= end)
    if np.count_nonzero(inside) < 2:
        return float("nan")
    spans = times[inside]
    return float(np.trapezoid(potential[inside], spans) / (spans[-1] - spans[0]))


LAYER_STUDIES = (
    Study(
        "formed-layers",
        "migration",
        ("potential-interface", "plating-site", "profile-mg"),
        _run,
        1.0,
        cells=lambda: {"formed-layers": forming_cell()},
    ),
)
"""One run serves the three rows of Figs 1d, 1e and 1h."""
