"""What is recorded of a full cell, with units and long names; reading a result compiles nothing."""

from typing import Final

FULL_COLUMNS: Final = {
    "voltage": ("V", "Cell voltage, cathode against lithium"),
    "current_density": ("A/m2", "Current density, positive on discharge"),
    "ionic_current_density_electrolyte": ("A/m2", "Current density carried by ions"),
    "stack_pressure": ("Pa", "Stack pressure"),
    "short_conductance": ("S/m2", "Electronic conductance of the short"),
    "areal_charge": ("C/m2", "Cumulative areal charge, both directions counted"),
    "cathode_potential": ("V", "Cathode against lithium in the electrolyte at its face"),
    "electrolyte_drop": ("V", "Ohmic drop across the electrolyte"),
    "mean_stoichiometry": ("1", "Lithium content x of the connected active material"),
    "lowest_surface_stoichiometry": ("1", "Lowest x at the surface of a particle"),
    "highest_surface_stoichiometry": ("1", "Highest x at the surface of a particle"),
    "cathode_interphase_thickness": ("m", "Mean thickness of the cathode interphase"),
    "cathode_lithium": ("C/m2", "Lithium of the connected cathode that the current can change"),
    "total_lithium": ("C/m2", "All lithium that the current can move, isolated material left out"),
    "cathode_contact_fraction": ("1", "Share of the particles' surface in contact"),
    "contact_fraction": ("1", "Contact fraction of the lithium"),
    "void_capacity": ("C/m2", "Lithium missing at the interface"),
    "interphase_overpotential": ("V", "Overpotential at the hottest spot of the interphase"),
    "filament_fraction": ("1", "Filament length over electrolyte thickness"),
    "sei_area_resistance": ("Ohm m2", "Area-specific resistance of the interphase at the lithium"),
    "metal_lithium": ("C/m2", "Lithium in the metal"),
    "filament_lithium": ("C/m2", "Lithium in filaments"),
    "filament_current_density": ("A/m2", "Current density taken up by filaments"),
}
POLARISATION_COLUMNS: Final = {
    "equilibrium_potential": ("V", "Open-circuit potential at the mean content of the cathode"),
    "loss_uneven_filling": ("V", "Taken by particles that are fuller than others"),
    "loss_solid_diffusion": ("V", "Taken by diffusion in the particles"),
    "loss_charge_transfer": ("V", "Taken by charge transfer into the particles"),
    "loss_cathode_interphase": ("V", "Taken by the interphase on the particles"),
    "loss_cathode_ions": ("V", "Taken by conduction of ions in the cathode"),
    "loss_cathode_electrons": ("V", "Taken by conduction of electrons in the cathode"),
    "loss_storage": ("V", "Taken by double layers and by growth of the cathode interphase"),
    "loss_electrolyte": ("V", "Taken by the electrolyte between the electrodes"),
    "loss_lithium": ("V", "Taken by the lithium with its interphase and interlayer"),
}
"""The equilibrium less all losses is the voltage; losses are negative on charge."""
FULL_PROFILE_COLUMNS: Final = {
    "potential_difference": ("V", "Electronic minus ionic potential, against lithium"),
    "mean_stoichiometry": ("1", "Lithium content x of the particles"),
    "surface_stoichiometry": ("1", "Lithium content x at their surface"),
    "insertion_rate": ("A/m3", "Rate at which lithium is inserted"),
    "interphase_thickness": ("m", "Thickness of the cathode interphase"),
    "ionic_current_density": ("A/m2", "Ionic current density from the separator"),
}
