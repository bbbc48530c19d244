"""What PyBaMM calls the numbers of a symmetric cell: words and unit, as in its own sets."""

from __future__ import annotations

from typing import Final

__all__ = ["LAYER", "SIDE", "WHOLE", "parameter_name"]

WHOLE: Final = {
    "electrolyte_resistance": "Electrolyte area resistance [Ohm.m2]",
    "stack_pressure": "Stack pressure [Pa]",
    "fixture_stiffness": "Fixture stiffness [Pa.m-1]",
    "hard_conductance": "Hard short conductance [S.m-2]",
    "overlap_of_hard_short": "Hard short overlap",
}
"""Field of :class:`interlith.physics.parameters.SymmetricCellParameters` -> name."""

SIDE: Final = {
    "charge_per_volume": "charge of lithium metal per volume [C.m-3]",
    "face_exchange": "exchange-current density [A.m-2]",
    "face_capacitance": "double-layer capacitance [F.m-2]",
    "exhaustion": "exhausted metal [C.m-2]",
    "void_scale": "void scale [C.m-2]",
    "smallest_void": "smallest void [C.m-2]",
    "refill_fraction": "void refill fraction",
    "diffusive_replenishment": "replenishment by diffusion [A.m-2]",
    "creep_replenishment": "replenishment by creep [A.m-2]",
    "creep_reference_pressure": "reference pressure of creep [Pa]",
    "creep_exponent": "pressure exponent of creep",
    "contact_reference_pressure": "reference pressure of contact [Pa]",
    "adhesion_pressure": "adhesion pressure [Pa]",
    "contact_exponent": "pressure exponent of contact",
    "hot_spot_smoothing": "hot spot smoothing",
    "pore_mouth_factor": "pore mouth factor",
    "sei_conductivity": "SEI conductivity [S.m-1]",
    "sei_initial": "initial SEI thickness [m]",
    "sei_rate": "SEI growth rate constant [m2.s-1]",
    "sei_charge": "SEI lithium as charge per volume [C.m-3]",
    "critical_overpotential": "critical interphase overpotential [V]",
    "tip_exchange": "filament tip exchange-current density [A.m-2]",
    "filament_charge": "spanning filament charge [C.m-2]",
    "filament_area": "filament area fraction",
    "healing_fraction": "filament healing fraction",
    "initial_metal": "initial metal lithium [C.m-2]",
    "middle": "middle of the interlayers [m]",
}
"""Field of :class:`interlith.physics.parameters.ElectrodeParameters` -> name after "Left"
or "Right"; here ``middle`` is a distance from the metal."""

LAYER: Final = {
    "thickness": "thickness [m]",
    "ionic_conductivity": "ionic conductivity [S.m-1]",
    "ionic_log_ratio": "logarithm of lithiated over pristine ionic conductivity",
    "electronic_conductivity": "electronic conductivity [S.m-1]",
    "electronic_log_ratio": "logarithm of lithiated over pristine electronic conductivity",
    "capacitance": "double-layer capacitance per volume [F.m-3]",
    "pore_exchange": "pore exchange current per volume [A.m-3]",
    "capillary": "capillary overpotential [V]",
    "pore_charge": "pore charge per volume [C.m-3]",
    "host_potential": "host potential [V]",
    "host_exchange": "host exchange current per volume [A.m-3]",
    "host_limit": "host limiting current per volume [A.m-3]",
    "host_charge": "host charge per volume [C.m-3]",
    "swelling": "relative growth when lithiated",
    "initial_filling": "initial pore filling",
    "initial_lithiation": "initial host lithiation",
}
"""Number of an interlayer -> name after "Left interlayer 1"; conductivities are effective and those
of the lithiated layer."""


def parameter_name(words: str, side: str, layer: int | None = None) -> str:
    """Return the full name of a number of one side.

    Parameters
    ----------
    words : str
        From :data:`SIDE` or :data:`LAYER`.
    side : str
        ``left`` or ``right``.
    layer : int, optional
        Number of the interlayer, counted from the metal.

    Returns
    -------
    str
        Such as "Left interlayer 1 thickness [m]".
    """
    place = "electrode" if layer is None else f"interlayer {layer}"
    return f"{side.capitalize()} {place} {words}"
