"""Numbers of one electrode and of the whole cell, evaluated at the temperature of the cell (SI)."""

from typing import Any, Final, NamedTuple, get_type_hints

import numpy as np
from numba import typeof
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
NodeArray = NDArray[np.void]


NODE_FIELDS: Final = {
    "width": "Width of the control volume [m].",
    "ionic_resistance": "Ionic resistance of half the volume when lithiated [Ohm m2].",
    "ionic_log_ratio": "Logarithm of ionic resistance before over after lithiation.",
    "electronic_resistance": "Electronic resistance of half the volume when lithiated [Ohm m2].",
    "electronic_log_ratio": "Logarithm of electronic resistance before over after lithiation.",
    "capacitance": "Double-layer capacitance per volume [F m-3].",
    "eta_per_charge": "Change of eta per charge on the double layer [V m2 C-1].",
    "pore_exchange": "Specific area times exchange current density of plating in pores [A m-3].",
    "capillary": "Capillary overpotential [V].",
    "pore_charge": "Lithium that full pores hold, as charge per volume of layer [C m-3].",
    "filling_per_charge": "Reciprocal of the same: divisions are slow [m3 C-1].",
    "host_potential": "Plateau potential of the host [V].",
    "host_exchange": "Specific area times exchange current density of host lithiation [A m-3].",
    "host_limit": "Specific area times diffusion-limited current of host lithiation [A m-3].",
    "host_charge": "Lithium that the lithiated host holds, as charge per volume of layer [C m-3].",
    "lithiation_per_charge": "Reciprocal of the same [m3 C-1].",
    "height_per_host": "Growth of the stack when the host of a node is fully lithiated [m].",
}
"""What each control volume of the interlayers knows, from the metal to the electrolyte."""

NODE_DTYPE = np.dtype([(name, np.float64) for name in NODE_FIELDS])


class ElectrodeParameters(NamedTuple):
    """One lithium electrode: metal, face, interlayer nodes, interphase, filaments."""

    sign: float
    """Current through this electrode over that through the cell: -1 left, +1 right."""
    thermal_voltage: float
    """R T / F [V]."""
    charge_per_volume: float
    """F / V_Li of lithium metal [C m-3]."""
    face_exchange: float
    """Exchange current density at the lithium|next-layer face at reference pressure [A m-2]."""
    face_capacitance: float
    """Double-layer capacitance of the face [F m-2]."""
    exhaustion: float
    """Metal inventory below which stripping fades out [C m-2]; keeps the inventory positive."""
    void_scale: float
    """q_c: void capacity at which the contact fraction of exponential contact is 1/e [C m-2]."""
    smallest_void: float
    """Void capacity below which refilling fades out [C m-2]."""
    refill_fraction: float
    """Share of plated lithium that fills voids."""
    diffusive_replenishment: float
    """Replenishment by diffusion [A m-2]."""
    creep_replenishment: float
    """Replenishment by creep at the reference pressure [A m-2]."""
    creep_reference_pressure: float
    """[Pa]."""
    creep_exponent: float
    """Exponent of pressure in creep."""
    contact_reference_pressure: float
    """Pressure at which interface resistances are given [Pa]."""
    adhesion_pressure: float
    """[Pa]."""
    contact_exponent: float
    """Exponent of pressure in interface resistances."""
    hot_spot_smoothing: float
    """exp(-2 pi L / lambda): how much of a void's current focusing reaches the electrolyte."""
    pore_mouth_factor: float
    """1 / porosity - 1 of the interlayer at the electrolyte; 0 for a bare electrode."""
    sei_conductivity: float
    """Ionic conductivity of the interphase [S m-1]."""
    sei_initial: float
    """Initial thickness of the interphase [m]."""
    sei_rate: float
    """Parabolic rate constant [m2 s-1]."""
    sei_charge: float
    """Lithium bound per volume of interphase, as charge [C m-3]."""
    critical_overpotential: float
    """CIOP [V]."""
    tip_exchange: float
    """Exchange current density at a filament tip [A m-2]."""
    filament_charge: float
    """Lithium in filaments that just span the electrolyte, as charge [C m-2]."""
    filament_area: float
    """Area fraction of the filaments."""
    healing_fraction: float
    """Share of the stripping kinetics that dissolves filaments."""
    initial_metal: float
    """Lithium in the metal at the start [C m-2]."""
    middle: int
    """Index of the face between nodes that halves the interlayers."""
    nodes: NodeArray
    """Control volumes of the interlayers, a structured array of :data:`NODE_FIELDS`."""


class SymmetricCellParameters(NamedTuple):
    """Two lithium electrodes and the electrolyte between them."""

    left: ElectrodeParameters
    right: ElectrodeParameters
    electrolyte_resistance: float
    """Area-specific resistance of the electrolyte [Ohm m2]."""
    stack_pressure: float
    """Stack pressure at the start [Pa]."""
    fixture_stiffness: float
    """Rise of the stack pressure with the height of the stack [Pa m-1]."""
    hard_conductance: float
    """Conductance of a hard short [S m-2]."""
    overlap_of_hard_short: float
    """Overlap of the filament, over electrolyte thickness, at which a short is hard."""


CONTROL_CURRENT, CONTROL_VOLTAGE, CONTROL_POWER = 0.0, 1.0, 2.0

CONTROL_FIELDS = (
    "mode",
    "value",
    "voltage_upper",
    "voltage_lower",
    "throughput_limit",
    "cutoff",
    "stop_on_short",
)
"""Meaning of the entries of a control array: what is held, and where the step stops (NaN: not)."""


def blank_electrode() -> ElectrodeParameters:
    """Make an electrode of zeros, where only its type matters.

    Returns
    -------
    ElectrodeParameters
        Without meaning.
    """
    blanks: dict[Any, Any] = {float: 0.0, int: 0, NodeArray: np.zeros(1, NODE_DTYPE)}
    fields = get_type_hints(ElectrodeParameters)
    return ElectrodeParameters(**{name: blanks[kind] for name, kind in fields.items()})


ELECTRODE_TYPE = typeof(blank_electrode())
CELL_TYPE = typeof(
    SymmetricCellParameters(blank_electrode(), blank_electrode(), 0.0, 0.0, 0.0, 0.0, 0.0)
)
