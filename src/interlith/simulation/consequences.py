"""What a state of the interlayers means to the test: reserve, replenishment, interphase, CIOP."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from interlith.physics.interphase import sei_area_resistance
from interlith.physics.registry import FUNCTIONS
from interlith.physics.voids import pressure_contact_factor
from interlith.simulation.assembly import assemble

if TYPE_CHECKING:
    from interlith.cell.cell import Cell
    from interlith.materials.library import Library
    from interlith.physics.parameters import ElectrodeParameters
    from interlith.simulation.assembly import Assembly

__all__ = ["Consequences", "State", "consequences"]

SIDES = ("left", "right")
REPLENISHMENT = "replenishment_law"


@dataclass(frozen=True)
class State:
    """What the equations of the test see of one electrode at its stack pressure."""

    replenishment: float
    """Stripping current density that creep and diffusion feed, j_rep [A m-2]."""
    contact_reserve: float
    """Lithium that may be missing at the interface before contact goes: scale of the contact law,
    void depth and pore mouths together [C m-2]."""
    pore_reservoir: float
    """Lithium that the pores of the interlayers hold when full [C m-2]."""
    sei_area_resistance: float
    """At the start, with the factor of the stack pressure [Ohm m2]."""
    critical_overpotential: float
    """Critical interphase overpotential, CIOP [V]."""
    hot_spot_smoothing: float
    """Share of the current's focusing by voids that reaches the electrolyte; 1 without a layer or
    where it is cracked through."""
    magnesium_fraction: float | None
    """Mole fraction of metal in the alloy at the interface; None where there is none."""


@dataclass(frozen=True)
class Consequences:
    """One electrode without its interlayers, with them as the library stores them, as formed."""

    bare: State
    stored: State
    formed: State


def consequences(
    given: Cell, formed: Cell, library: Library | None = None
) -> dict[str, Consequences]:
    """Compare what the test sees of a cell: bare, in the stored state, and as formed.

    Parameters
    ----------
    given : Cell
        As the user gave it.
    formed : Cell
        The same with its interlayers as they have become.
    library : Library, optional
        Materials; the default is the package's with the cell's own files on top.

    Returns
    -------
    dict
        By side.
    """
    stored = given.model_copy(update={"conversion": None})
    without = tuple(layer for layer in given.layers if layer.kind != "interlayer")
    bare = stored.model_copy(update={"layers": without})
    bare_states, stored_states, formed_states = (
        _states(assemble(cell, library)) for cell in (bare, stored, formed)
    )
    return {
        side: Consequences(bare_states[side], stored_states[side], formed_states[side])
        for side in SIDES
    }


def _states(assembly: Assembly) -> dict[str, State]:
    pressure = assembly.parameters.stack_pressure
    fractions = {
        used.where.partition(" ")[0]: used.value
        for used in assembly.used_values
        if used.property == "magnesium_fraction at the interface"
    }
    # The metals are the first and the last layer, so that of the left is listed as layers.0.
    alloyed = {"left" if where == "layers.0" else "right": x for where, x in fractions.items()}
    return {
        side: _state(
            getattr(assembly.parameters, side),
            FUNCTIONS[REPLENISHMENT][assembly.law_names[REPLENISHMENT]],
            pressure,
            alloyed.get(side),
        )
        for side in SIDES
    }


def _state(
    p: ElectrodeParameters, feed: Callable[..., float], pressure: float, fraction: float | None
) -> State:
    # The laws are called one by one: functions of the kernel would be compiled anew for Python.
    interphase = sei_area_resistance(p.sei_initial, p.sei_conductivity)
    factor = pressure_contact_factor(
        pressure, p.contact_reference_pressure, p.adhesion_pressure, p.contact_exponent
    )
    return State(
        replenishment=float(
            feed(
                pressure,
                p.diffusive_replenishment,
                p.creep_replenishment,
                p.creep_reference_pressure,
                p.creep_exponent,
            )
        ),
        contact_reserve=float(p.void_scale),
        pore_reservoir=float((p.nodes["pore_charge"] * p.nodes["width"]).sum()),
        sei_area_resistance=float(interphase * factor),
        critical_overpotential=float(p.critical_overpotential),
        hot_spot_smoothing=float(p.hot_spot_smoothing),
        magnesium_fraction=fraction,
    )
