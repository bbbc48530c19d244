"""What a property may be: SI unit, meaning, and bounds beyond which a value is a mistake."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PropertySchema:
    """SI unit, meaning and outer bounds (SI, inclusive) of one property name."""

    unit: str
    meaning: str
    lowest: float
    highest: float


def _rows(table: dict[str, tuple[str, str, float, float]]) -> dict[str, PropertySchema]:
    return {name: PropertySchema(*row) for name, row in table.items()}


# The bounds are wider than any known material: they catch slips of a unit, not unusual choices.
PROPERTIES: dict[str, PropertySchema] = _rows(
    {
        "density": ("kg/m3", "mass per volume without pores", 10.0, 3e4),
        "molar_mass": ("kg/mol", "mass per mol of atoms or formula units", 1e-3, 1.0),
        "molar_volume": (
            "m3/mol",
            "volume per mol of lithium (metals) or of formula units",
            1e-6,
            1e-3,
        ),
        "ionic_conductivity": ("S/m", "conductivity for lithium ions", 1e-16, 1e5),
        "electronic_conductivity": ("S/m", "conductivity for electrons", 1e-20, 1e9),
        "transference_number": ("1", "share of the current that lithium ions carry", 0.0, 1.0),
        "youngs_modulus": ("Pa", "Young's modulus", 1e3, 1.5e12),
        "poisson_ratio": ("1", "Poisson's ratio", -0.5, 0.5),
        "yield_strength": ("Pa", "stress at which plastic flow sets in", 1e3, 1e11),
        "fracture_toughness": ("Pa m^0.5", "stress intensity at which a crack runs", 1e2, 1e8),
        "lithium_self_diffusivity": ("m2/s", "tracer diffusivity of lithium", 1e-30, 1e-6),
        "magnesium_diffusivity": ("m2/s", "diffusivity of magnesium", 1e-40, 1e-6),
        "diffusive_replenishment_current_density": (
            "A/m2",
            "stripping current that solid diffusion to the interface can feed",
            0.0,
            1e5,
        ),
        "creep_replenishment_current_density": (
            "A/m2",
            "stripping current that creep feeds at creep_reference_pressure",
            0.0,
            1e5,
        ),
        "creep_reference_pressure": (
            "Pa",
            "pressure at which the creep current is given",
            1e3,
            1e9,
        ),
        "creep_pressure_exponent": ("1", "exponent of pressure in the creep current", 0.0, 20.0),
        "void_depth": (
            "m",
            "depth of missing lithium at which contact has fallen to 1/e",
            1e-9,
            1e-2,
        ),
        "void_refill_fraction": ("1", "share of plating that fills voids", 0.0, 1.0),
        "void_spacing": ("m", "lateral distance between voids", 1e-9, 1e-2),
        "exchange_current_density": (
            "A/m2",
            "exchange current of the face with the electrolyte (active materials: half full)",
            1e-6,
            1e8,
        ),
        "porosity": ("1", "pore volume over layer volume after transformation", 0.0, 0.99),
        "pressed_porosity": ("1", "pore volume over layer volume as pressed", 0.0, 0.9),
        "cracked_fraction": (
            "1",
            "share of the layer that its swelling has cracked open",
            0.0,
            1.0,
        ),
        "pore_radius": ("m", "mean radius of the pores", 1e-9, 1e-3),
        "particle_size": ("m", "diameter of the mobile-metal particles", 1e-9, 1e-3),
        "bruggeman_exponent": (
            "1",
            "effective conductivity = dense one times (1 - porosity)^exponent",
            0.0,
            10.0,
        ),
        "alloying_fraction": ("1", "share of the mobile metal that ends in the lithium", 0.0, 1.0),
        "alloying_depth": ("m", "depth of lithium over which the mobile metal spreads", 1e-9, 1e-2),
        "reservoir_depth": (
            "m",
            "depth of pore mouths that keep contact when lithium retreats",
            0.0,
            1e-2,
        ),
        "pore_exchange_current_density": (
            "A/m2",
            "exchange current of plating in pores",
            1e-9,
            1e8,
        ),
        "host_exchange_current_density": ("A/m2", "exchange current of host lithiation", 1e-9, 1e8),
        "pristine_ionic_conductivity": (
            "S/m",
            "ionic conductivity of the layer as pressed",
            1e-20,
            1e5,
        ),
        "pristine_electronic_conductivity": (
            "S/m",
            "electronic conductivity of the layer as pressed",
            1e-20,
            1e9,
        ),
        "lithiation_potential": ("V", "potential of lithiation against Li/Li+", -1.0, 5.0),
        "reduction_potential": (
            "V",
            "potential against lithium below which the material is reduced at equilibrium",
            0.0,
            5.0,
        ),
        "lithium_per_host_atom": ("1", "lithium taken up per host atom", 0.0, 10.0),
        "molar_volume_delithiated": (
            "m3/mol",
            "volume per mol of host atoms before lithiation",
            1e-7,
            1e-3,
        ),
        "molar_volume_lithiated": (
            "m3/mol",
            "volume per mol of host atoms after lithiation",
            1e-7,
            1e-3,
        ),
        "interface_energy_against_lithium": (
            "J/m2",
            "energy of the interface with Li; positive is lithiophobic",
            -20.0,
            20.0,
        ),
        "initial_thickness": ("m", "thickness after formation", 1e-10, 1e-3),
        "growth_rate_constant": ("m2/s", "k in d(thickness)/dt = k/thickness", 0.0, 1e-10),
        "lithium_concentration": (
            "mol/m3",
            "lithium that growth takes from the electrode per SEI volume",
            0.0,
            3e5,
        ),
        "metal_concentration": (
            "mol/m3",
            "metal of the interlayer bound per volume of interphase",
            0.0,
            2e5,
        ),
        "flaw_radius": (
            "m",
            "radius of pores and boundaries that a lithium tip must open",
            1e-10,
            1e-4,
        ),
        "surface_roughness": ("m", "rms roughness of the electrolyte face", 1e-10, 1e-3),
        "filament_tip_exchange_current_density": (
            "A/m2",
            "exchange current at the tip of a filament",
            1e-6,
            1e8,
        ),
        "filament_area_fraction": ("1", "area of filaments over cell area", 1e-9, 1.0),
        "filament_healing_fraction": (
            "1",
            "share of a filament that dissolves when the current is reversed",
            0.0,
            1.0,
        ),
        "short_area_resistance": ("Ohm m2", "area resistance of a hard short", 1e-9, 1.0),
        "crack_geometry_factor": ("1", "geometry factor of a surface crack", 0.1, 10.0),
        "lithium_diffusivity": (
            "m2/s",
            "chemical diffusivity of lithium in the host, active material or carrier of the shell",
            1e-30,
            1e-6,
        ),
        "lithium_diffusivity_in_metal": (
            "m2/s",
            "chemical diffusivity of lithium in the metal before it is lithiated",
            0.0,
            1e-6,
        ),
        "lithium_solubility": ("1", "mole fraction of lithium that the metal dissolves", 0.0, 1.0),
        "carrier_width": (
            "1",
            "homogeneity range, in mole fraction of lithium, of the phase that carries the shell",
            0.0,
            1.0,
        ),
        "front_jump": (
            "1",
            "mole fraction of lithium that the shell has more than the core at their boundary",
            0.0,
            1.0,
        ),
        "regular_solution_energy": (
            "eV",
            "Omega of the mixing energy Omega x (1 - x) in the phase that carries the shell",
            -5.0,
            5.0,
        ),
        "solubility_in_lithium": (
            "1",
            "mole fraction of the metal that lithium metal dissolves",
            0.0,
            1.0,
        ),
        "diffusivity_in_lithium": ("m2/s", "diffusivity of the metal in lithium", 1e-40, 1e-6),
        "migration_barrier": ("eV", "barrier of an atom of the metal on the host", 0.0, 10.0),
        "attempt_frequency": ("1/s", "attempts of an atom to jump per time", 1e9, 1e15),
        "jump_length": ("m", "length of a jump of an atom on the host", 5e-11, 2e-9),
        "charge_uptake_factor": (
            "1",
            "share of the lithium taken up that counts as implanted charge; 0 if lithiophobic",
            0.0,
            1.0,
        ),
        "contact_reference_pressure": (
            "Pa",
            "pressure at which interface resistances are given",
            1e3,
            1e9,
        ),
        "contact_pressure_exponent": (
            "1",
            "interface resistances fall as pressure to minus this power",
            0.0,
            5.0,
        ),
        "adhesion_pressure": (
            "Pa",
            "pressure that adhesion is worth at zero stack pressure",
            1.0,
            1e9,
        ),
        "double_layer_capacitance": (
            "F/m2",
            "capacitance of lithium | solid electrolyte per contact area",
            1e-4,
            1e3,
        ),
        "hard_short_overlap": (
            "1",
            "filament overlap, over electrolyte thickness, of a hard short",
            1e-6,
            100.0,
        ),
        "initial_pore_filling": (
            "1",
            "share of the pores that holds lithium at the start",
            0.0,
            0.9,
        ),
        # active materials of the cathode, LixMO2
        "maximum_lithium_concentration": (
            "mol/m3",
            "lithium per volume of the full active material, x = 1",
            1e3,
            1e5,
        ),
        "particle_radius": ("m", "radius of the particles", 1e-9, 1e-3),
        "as_made_stoichiometry": ("1", "x of the active material as it was made", 0.05, 1.0),
        "cracking_potential": (
            "V",
            "open-circuit potential against lithium above which the particles crack",
            2.0,
            6.0,
        ),
        "cracking_rate": (
            "1",
            "share of the active material cut off per volumetric strain beyond the onset",
            0.0,
            1e3,
        ),
        # interphase between active material and electrolyte
        "growth_onset_potential": (
            "V",
            "potential against lithium at which growth_rate_constant holds",
            0.0,
            6.0,
        ),
        "growth_potential_scale": (
            "V",
            "rise of the potential that makes growth e times faster",
            1e-3,
            10.0,
        ),
        "oxidation_charge_concentration": (
            "mol/m3",
            "electrons that growth gives off per volume of interphase",
            0.0,
            1e6,
        ),
        "charge_transfer_factor": (
            "1",
            "exchange current density over that of the uncoated material",
            1e-6,
            1e6,
        ),
        "fluoride_surface_concentration": (
            "mol/m3",
            "fluoride in the skin of the particles as coated; 0 if there is none",
            0.0,
            1e5,
        ),
        "fluoride_diffusivity": (
            "m2/s",
            "diffusivity of fluoride in the particles",
            0.0,
            1e-8,
        ),
        "fluoride_onset_potential": (
            "V",
            "potential against lithium around which fluoride is set free to move",
            2.0,
            6.0,
        ),
        "fluoride_potential_scale": (
            "V",
            "width in potential over which fluoride is set free",
            1e-3,
            10.0,
        ),
        "fluoride_charge_number": ("1", "charge number that the field pulls on", -3.0, 3.0),
        "fluoride_protection_concentration": (
            "mol/m3",
            "fluoride in the bulk that halves cracking",
            1e-3,
            1e5,
        ),
        # the composite of active material, electrolyte, additive and pores
        "percolation_threshold": (
            "1",
            "volume fraction below which a conductor does not connect",
            0.0,
            0.9,
        ),
        "percolation_exponent": ("1", "exponent t of the conductivity above it", 1.0, 5.0),
        "additive_percolation_threshold": (
            "1",
            "volume fraction of the conductive additive below which it does not connect",
            0.0,
            0.9,
        ),
        "contact_fraction": (
            "1",
            "share of the active surface that touches electrolyte at contact_reference_pressure",
            0.0,
            1.0,
        ),
    }
)


@dataclass(frozen=True, slots=True)
class CurveSchema:
    """SI unit, meaning and outer bounds (SI, inclusive) of one curve name."""

    unit: str
    meaning: str
    lowest: float
    highest: float


CURVES: dict[str, CurveSchema] = {
    "open_circuit_potential": CurveSchema("V", "potential against lithium at rest", 0.0, 6.0),
    "relative_volume": CurveSchema("1", "volume of the crystal over that at x = 1", 0.5, 1.5),
    "diffusivity_factor": CurveSchema(
        "1", "lithium diffusivity over lithium_diffusivity", 1e-9, 1e9
    ),
    "entropic_coefficient": CurveSchema(
        "V/K", "change of the open-circuit potential with temperature", -0.01, 0.01
    ),
}
CURVES_OF: dict[str, tuple[str, ...]] = {"active": tuple(CURVES)}
REQUIRED_CURVES: dict[str, tuple[str, ...]] = {
    "active": ("open_circuit_potential", "relative_volume")
}

_SOLID = ("density", "ionic_conductivity", "electronic_conductivity", "youngs_modulus")
REQUIRED: dict[str, tuple[str, ...]] = {
    "metal": (
        "density",
        "molar_mass",
        "molar_volume",
        "electronic_conductivity",
        "youngs_modulus",
        "poisson_ratio",
        "yield_strength",
        "lithium_self_diffusivity",
        "diffusive_replenishment_current_density",
        "creep_replenishment_current_density",
        "creep_reference_pressure",
        "creep_pressure_exponent",
        "void_depth",
        "void_refill_fraction",
        "void_spacing",
        "exchange_current_density",
    ),
    "interlayer": (
        "porosity",
        "pressed_porosity",
        "cracked_fraction",
        "pore_radius",
        "particle_size",
        "bruggeman_exponent",
        "density",
        "alloying_fraction",
        "reservoir_depth",
        "pore_exchange_current_density",
        "host_exchange_current_density",
        "pristine_ionic_conductivity",
        "pristine_electronic_conductivity",
    ),
    "host": (
        *_SOLID,
        "lithiation_potential",
        "lithium_per_host_atom",
        "molar_volume_delithiated",
        "molar_volume_lithiated",
        "interface_energy_against_lithium",
        "lithium_diffusivity",
    ),
    "sei": (
        "ionic_conductivity",
        "electronic_conductivity",
        "initial_thickness",
        "growth_rate_constant",
        "interface_energy_against_lithium",
        "lithium_concentration",
        "flaw_radius",
    ),
    "electrolyte": (
        *_SOLID,
        "transference_number",
        "poisson_ratio",
        "fracture_toughness",
        "surface_roughness",
        "filament_tip_exchange_current_density",
        "filament_area_fraction",
        "filament_healing_fraction",
        "short_area_resistance",
        "crack_geometry_factor",
        "reduction_potential",
    ),
    "compound": ("density", "electronic_conductivity", "youngs_modulus"),
    "mobile": (
        "molar_volume_delithiated",
        "molar_volume_lithiated",
        "lithium_solubility",
        "lithium_diffusivity_in_metal",
        "lithium_diffusivity",
        "carrier_width",
        "front_jump",
        "regular_solution_energy",
        "solubility_in_lithium",
        "migration_barrier",
        "attempt_frequency",
        "jump_length",
        "charge_uptake_factor",
        "diffusivity_in_lithium",
    ),
    "mechanism": (
        "contact_reference_pressure",
        "contact_pressure_exponent",
        "adhesion_pressure",
        "double_layer_capacitance",
        "hard_short_overlap",
        "initial_pore_filling",
    ),
    "active": (
        "density",
        "maximum_lithium_concentration",
        "lithium_diffusivity",
        "exchange_current_density",
        "electronic_conductivity",
        "particle_radius",
        "as_made_stoichiometry",
        "cracking_potential",
        "cracking_rate",
    ),
    "cathode_interphase": (
        "ionic_conductivity",
        "initial_thickness",
        "growth_rate_constant",
        "growth_onset_potential",
        "growth_potential_scale",
        "oxidation_charge_concentration",
        "charge_transfer_factor",
        "fluoride_surface_concentration",
        "fluoride_diffusivity",
        "fluoride_onset_potential",
        "fluoride_potential_scale",
        "fluoride_charge_number",
        "fluoride_protection_concentration",
    ),
    "composite": (
        "porosity",
        "percolation_threshold",
        "percolation_exponent",
        "additive_percolation_threshold",
        "contact_fraction",
        "contact_reference_pressure",
        "contact_pressure_exponent",
        "double_layer_capacitance",
    ),
}
OPTIONAL_RELATIONS: dict[str, tuple[str, ...]] = {"sei": ("electrolyte",)}
"""What a material may say besides: the electrolyte beside which an SEI is known."""

RELATIONS: dict[str, tuple[str, ...]] = {
    "metal": (),
    "interlayer": ("host", "mobile_metal", "sei", "alloy"),
    "host": (),
    "sei": (),
    "electrolyte": ("native_sei",),
    "compound": (),
    "mobile": (),
    "mechanism": (),
    "active": ("interphase",),
    "cathode_interphase": (),
    "composite": (),
}
