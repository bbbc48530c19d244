"""What is recorded, with units and long names; apart, so that reading a result compiles nothing."""

from typing import Final

CELL_COLUMNS: Final = {
    "voltage": ("V", "Cell voltage, left against right metal"),
    "current_density": ("A/m2", "Current density, positive strips the left electrode"),
    "ionic_current_density_electrolyte": ("A/m2", "Current density carried by ions"),
    "stack_pressure": ("Pa", "Stack pressure"),
    "short_conductance": ("S/m2", "Electronic conductance of the short"),
    "areal_charge": ("C/m2", "Cumulative areal charge, both directions counted"),
}
ELECTRODE_COLUMNS: Final = {
    "contact_fraction": ("1", "Contact fraction of the lithium"),
    "void_capacity": ("C/m2", "Lithium missing at the interface"),
    "interphase_overpotential": ("V", "Overpotential at the hottest spot of the interphase"),
    "filament_fraction": ("1", "Filament length over electrolyte thickness"),
    "sei_thickness": ("m", "Thickness of the interphase"),
    "sei_area_resistance": ("Ohm m2", "Area-specific resistance of the interphase"),
    "metal_lithium": ("C/m2", "Lithium in the metal"),
    "pore_lithium": ("C/m2", "Lithium in the pores of the interlayers"),
    "host_lithium": ("C/m2", "Lithium in the host of the interlayers"),
    "filament_lithium": ("C/m2", "Lithium in filaments"),
    "sei_lithium": ("C/m2", "Lithium bound in the interphase"),
    "total_lithium": ("C/m2", "All lithium of the electrode, double layers included"),
    "replenishment_current_density": ("A/m2", "Stripping current that creep and diffusion feed"),
    "face_overpotential": ("V", "Overpotential at the face of the metal"),
    "electrolyte_side_plating_share": (
        "1",
        "Share of the current that reacts in the half of the interlayers next to the electrolyte",
    ),
    "filament_current_density": ("A/m2", "Current density taken up by filaments"),
}
PROFILE_COLUMNS: Final = {
    "potential_difference": ("V", "Electronic minus ionic potential, against lithium"),
    "pore_filling": ("1", "Share of the pores filled with lithium"),
    "host_lithiation": ("1", "Lithiated fraction of the host"),
    "plating_rate": ("A/m3", "Rate of lithium plating in the pores"),
    "ionic_current_density": ("A/m2", "Ionic current density towards the metal"),
}
