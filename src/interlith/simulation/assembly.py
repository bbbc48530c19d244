"""From a cell to the numbers of its equations: geometry, temperature, library, chosen laws.

Every number passes through :class:`interlith.simulation.gather.Gatherer`, so that a report can list
it. What a transformed interlayer means for the electrode is decided here, from the relations and
properties of its material alone: no material is known by name.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from interlith.errors import InputError, Problem
from interlith.numerics.grid import graded_widths
from interlith.physics.constants import FARADAY, GAS_CONSTANT
from interlith.physics.electrode import (
    FILLING,
    LITHIATED,
    METAL,
    cracked_smoothing,
    hot_spot_smoothing,
    initial_states,
    node_state,
    state_count,
)
from interlith.physics.host import particle_diffusion_limit
from interlith.physics.parameters import (
    NODE_DTYPE,
    ElectrodeParameters,
    NodeArray,
    SymmetricCellParameters,
)
from interlith.physics.registry import FUNCTIONS, KERNEL_SLOTS, chosen_laws, unknown_laws
from interlith.simulation.gather import Gatherer

if TYPE_CHECKING:
    from interlith.cell.cell import Cell
    from interlith.materials.library import Library
    from interlith.materials.material import Material
    from interlith.materials.used import UsedValue

FloatArray = NDArray[np.float64]

NODES_PER_INTERLAYER = 12
"""Control volumes of an interlayer by default; the tests measure the order of convergence."""
GRADING = 1.25
"""Ratio of neighbouring widths on the default grid; finer grids have the same shape."""
SMALLEST_VOID_SHARE = 0.02
"""Void capacity below which refilling fades, over the scale of the contact law."""
EXHAUSTED_METAL = 36.0
"""Metal inventory below which stripping fades out [C m-2]: 1 uAh/cm2, about 5 nm of lithium."""
SHORTEST_PORE = 1e-9
SMALLEST_RESISTANCE = 1e-10
"""Ohmic resistance of half a control volume, ions and electrons together [Ohm m2]: both are raised
to it alike where they are smaller. It costs 0.1 uV at 100 mA/cm2, and spares conserved sums the
round-off of currents that are differences of far larger ones."""


@dataclass(frozen=True)
class Assembly:
    """A cell ready to be integrated."""

    parameters: SymmetricCellParameters
    """Numbers of the equations."""
    laws: tuple[Any, ...]
    """Compiled laws, in the order of the kernel slots."""
    law_names: dict[str, str]
    """Names of all chosen laws, by slot."""
    start: FloatArray
    """Initial state."""
    absolute_tolerance: FloatArray
    """Absolute tolerance of each state per unit of relative tolerance."""
    bounds: tuple[FloatArray, FloatArray]
    """Lowest and highest value of each state, infinite where there is none."""
    used_values: list[UsedValue] = field(repr=False)
    """Every value with its provenance."""


def assemble(cell: Cell, library: Library | None = None, nodes: int | None = None) -> Assembly:
    """Evaluate all parameters of a cell.

    Parameters
    ----------
    cell : Cell
        The cell.
    library : Library, optional
        Materials; the default is the package's with the cell's own files on top.
    nodes : int, optional
        Control volumes of each interlayer.

    Returns
    -------
    Assembly
        Parameters, laws, initial state, tolerances, used values.

    Raises
    ------
    InputError, MaterialError
        If a law, a material or one of its relations is missing.
    """
    cell.require_symmetric()
    names = laws_of(cell)
    gather = Gatherer(library or cell_library(cell), cell.temperature)
    electrolyte = electrolyte_of(cell, gather)
    left, left_start = lithium_electrode(cell, gather, names, electrolyte, "left", nodes)
    right, right_start = lithium_electrode(cell, gather, names, electrolyte, "right", nodes)
    interface = gather.library["interface"]
    parameters = SymmetricCellParameters(
        left=left,
        right=right,
        electrolyte_resistance=electrolyte.resistance,
        stack_pressure=gather.given(
            "cell", "stack_pressure", cell.stack_pressure, "pressure", "Pa"
        ),
        fixture_stiffness=cell.fixture_stiffness,
        hard_conductance=1.0 / electrolyte.short_resistance,
        overlap_of_hard_short=gather.property("interface", interface, "hard_short_overlap"),
    )
    gather.given("cell", "temperature", cell.temperature, "temperature", "K")
    return Assembly(
        parameters=parameters,
        laws=tuple(FUNCTIONS[slot][names[slot]] for slot in KERNEL_SLOTS),
        law_names=names,
        start=np.concatenate([left_start, right_start, [0.0]]),
        absolute_tolerance=_absolute_tolerance(parameters),
        bounds=_bounds(parameters),
        used_values=gather.used_values(),
    )


def laws_of(cell: Cell) -> dict[str, str]:
    """Return the name of the law in each slot.

    Parameters
    ----------
    cell : Cell
        The cell.

    Returns
    -------
    dict
        By slot.

    Raises
    ------
    InputError
        If the cell names a law that does not exist.
    """
    wrong = [
        Problem("", where, value, f"one of {', '.join(allowed)}")
        for where, value, allowed in unknown_laws(cell.models)
    ]
    if wrong:
        raise InputError(wrong)
    return chosen_laws(cell.models)


def cell_library(cell: Cell) -> Library:
    """Return the package's library with the cell's own material files on top.

    Parameters
    ----------
    cell : Cell
        The cell.

    Returns
    -------
    Library
        Materials by name.
    """
    from interlith.materials.library import Library

    return Library.load(cell.materials)


def used_values(cell: Cell, library: Library | None = None) -> list[UsedValue]:
    """List every value that a simulation of the cell would use.

    Parameters
    ----------
    cell : Cell
        The cell.
    library : Library, optional
        As in :func:`assemble`.

    Returns
    -------
    list of UsedValue
        Assumed values first; those for forming the interlayers too where the cell asks for it.
    """
    if cell.conversion is not None:
        from interlith.simulation.interlayer import values_for_forming

        return values_for_forming(cell, library)
    if cell.is_full:
        from interlith.simulation.full_assembly import assemble_full

        return assemble_full(cell, library).used_values
    return assemble(cell, library).used_values


@dataclass(frozen=True)
class ElectrolyteStack:
    """What the electrodes need to know of the electrolyte on their side, and the sum of layers."""

    resistance: float
    thickness: float
    short_resistance: float
    sides: dict[str, tuple[str, Any, Material]]


def electrolyte_of(cell: Cell, gather: Gatherer) -> ElectrolyteStack:
    """Sum up the electrolyte layers of a cell.

    Parameters
    ----------
    cell : Cell
        The cell.
    gather : Gatherer
        Library.

    Returns
    -------
    ElectrolyteStack
        Its resistance, and what lies on either side.
    """
    resistance = thickness = short_resistance = 0.0
    found: list[tuple[str, Any, Material]] = []
    for index, layer in enumerate(cell.layers):
        if layer.kind != "electrolyte":
            continue
        where = f"layers.{index} {layer.material}"
        material = gather.library[layer.material]
        gather.given(where, "thickness", layer.thickness, "length", "m")
        kappa = gather.property(where, material, "ionic_conductivity", layer)
        resistance += layer.thickness / kappa
        thickness += layer.thickness
        short = gather.property(where, material, "short_area_resistance", layer)
        short_resistance = max(short_resistance, short)
        found.append((where, layer, material))
    return ElectrolyteStack(
        resistance, thickness, short_resistance, {"left": found[0], "right": found[-1]}
    )


def lithium_electrode(
    cell: Cell,
    gather: Gatherer,
    names: dict[str, str],
    electrolyte: ElectrolyteStack,
    side: str,
    nodes: int | None,
) -> tuple[ElectrodeParameters, FloatArray]:
    """Parameters and initial state of one lithium electrode.

    Parameters
    ----------
    cell : Cell
        The cell.
    gather : Gatherer
        Library.
    names : dict
        Name of the law in each slot.
    electrolyte : ElectrolyteStack
        From :func:`electrolyte_of`.
    side : str
        ``left`` or ``right``.
    nodes : int, optional
        Control volumes of each interlayer.

    Returns
    -------
    parameters, states : ElectrodeParameters, ndarray
        Numbers of its equations, and its state at rest.
    """
    index, metal_layer, interlayers = _side(cell, side)
    where = f"layers.{index} {metal_layer.material}"
    thermal_voltage = GAS_CONSTANT * cell.temperature / FARADAY
    metal, fraction = _contact_metal(gather, where, metal_layer, interlayers)

    def of_metal(name: str) -> float:
        prop = metal.get(name)
        depends = prop is not None and prop.composition is not None
        return gather.property(where, metal, name, metal_layer, fraction if depends else None)

    interface = gather.library["interface"]
    capacitance = gather.property("interface", interface, "double_layer_capacitance")
    charge_per_volume = FARADAY / of_metal("molar_volume")
    node_table, lithiated = _nodes(
        gather, names, interlayers, of_metal("molar_volume"), capacitance, nodes
    )
    reservoir, mouths = _pore_mouths(gather, interlayers)
    void_scale = (of_metal("void_depth") + reservoir) * charge_per_volume
    total = float(node_table["width"].sum())
    sei_where, sei_layer, sei = _interphase(
        gather, electrolyte, metal_layer, index, interlayers, side
    )

    def of_sei(name: str) -> float:
        return gather.property(sei_where, sei, name, sei_layer)

    thickness = getattr(sei_layer, "thickness", None)
    if thickness is None:
        thickness = of_sei("initial_thickness")
    else:
        gather.given(sei_where, "initial_thickness", thickness, "length", "m")
    bulk_where, bulk_layer, bulk = electrolyte.sides[side]

    def of_bulk(name: str) -> float:
        return gather.property(bulk_where, bulk, name, bulk_layer)

    roughness = bulk_layer.roughness
    if roughness is None:
        roughness = of_bulk("surface_roughness")
    else:
        gather.given(bulk_where, "surface_roughness", roughness, "length", "m")
    critical = FUNCTIONS["ciop_law"][names["ciop_law"]](
        of_bulk("fracture_toughness"),
        roughness,
        of_bulk("crack_geometry_factor"),
        of_sei("interface_energy_against_lithium"),
        of_sei("flaw_radius"),
        of_metal("molar_volume"),
    )
    area_fraction = of_bulk("filament_area_fraction")
    gather.given(where, "thickness", metal_layer.thickness, "length", "m")
    lithium_share = 1.0 - (metal_layer.magnesium_fraction or 0.0)
    parameters = ElectrodeParameters(
        sign=-1.0 if side == "left" else 1.0,
        thermal_voltage=thermal_voltage,
        charge_per_volume=charge_per_volume,
        face_exchange=of_metal("exchange_current_density"),
        face_capacitance=capacitance,
        exhaustion=EXHAUSTED_METAL,
        void_scale=void_scale,
        smallest_void=SMALLEST_VOID_SHARE * void_scale,
        refill_fraction=of_metal("void_refill_fraction"),
        diffusive_replenishment=of_metal("diffusive_replenishment_current_density"),
        creep_replenishment=of_metal("creep_replenishment_current_density"),
        creep_reference_pressure=of_metal("creep_reference_pressure"),
        creep_exponent=of_metal("creep_pressure_exponent"),
        contact_reference_pressure=gather.property(
            "interface", interface, "contact_reference_pressure"
        ),
        adhesion_pressure=gather.property("interface", interface, "adhesion_pressure"),
        contact_exponent=gather.property("interface", interface, "contact_pressure_exponent"),
        hot_spot_smoothing=cracked_smoothing(
            hot_spot_smoothing(total, of_metal("void_spacing")), _cracked(gather, interlayers)
        ),
        pore_mouth_factor=mouths,
        sei_conductivity=of_sei("ionic_conductivity"),
        sei_initial=float(thickness),
        sei_rate=of_sei("growth_rate_constant"),
        sei_charge=FARADAY * of_sei("lithium_concentration"),
        critical_overpotential=float(critical),
        tip_exchange=of_bulk("filament_tip_exchange_current_density"),
        filament_charge=area_fraction * electrolyte.thickness * charge_per_volume,
        filament_area=area_fraction,
        healing_fraction=of_bulk("filament_healing_fraction"),
        initial_metal=metal_layer.thickness * charge_per_volume * lithium_share,
        middle=len(node_table) // 2,
        nodes=node_table,
    )
    filling = gather.property("interface", interface, "initial_pore_filling")
    return parameters, initial_states(parameters, filling, lithiated)


def _side(cell: Cell, side: str) -> tuple[int, Any, list[tuple[int, Any]]]:
    """Index and layer of the metal of a side, and its interlayers from the metal inwards."""
    numbered = list(enumerate(cell.layers))
    if side == "right":
        numbered.reverse()
    interlayers = []
    for index, layer in numbered[1:]:
        if layer.kind != "interlayer":
            break
        interlayers.append((index, layer))
    return numbered[0][0], numbered[0][1], interlayers


def _mobile_metal_per_area(gather: Gatherer, index: int, layer: Any) -> float:
    """Mobile metal of an interlayer that ends in the anode [mol m-2]."""
    ratio = metal_per_host_atom(gather, index, layer)
    if ratio == 0.0:
        return 0.0
    material = gather.library[layer.material]
    where = f"layers.{index} {layer.material}"
    fraction = gather.property(where, material, "alloying_fraction", layer)
    return float(fraction * ratio * _host_atoms_per_area(gather, index, layer))


def metal_per_host_atom(gather: Gatherer, index: int, layer: Any) -> float:
    """Mobile metal of an interlayer per host atom, from its composition.

    Parameters
    ----------
    gather : Gatherer
        Library.
    index : int
        Of the layer, for messages.
    layer : Interlayer
        The interlayer.

    Returns
    -------
    float
        0 without a mobile metal.
    """
    material = gather.library[layer.material]
    amounts = dict(material.composition.get("amounts", {}))
    mobile = material.relations.get("mobile_metal")
    if mobile is None or not amounts.get(mobile):
        return 0.0
    by_weight = material.composition.get("basis") == "weight"
    moles = {
        name: amount / (_molar_mass(name, index) if by_weight else 1.0)
        for name, amount in amounts.items()
    }
    host_atoms = sum(amount for name, amount in moles.items() if name != mobile)
    return float(moles[mobile] / host_atoms) if host_atoms else 0.0


_MOLAR_MASS = {
    "Mg": 24.305,
    "Bi": 208.980,
    "Zn": 65.38,
    "Al": 26.982,
    "Ag": 107.868,
    "C": 12.011,
    "BiOCl": 260.43,
}
"""Standard atomic weights and sums of them [g mol-1], IUPAC 2021, doi:10.1515/pac-2019-0603.

Each constituent but the mobile metal brings one host atom a formula unit.
"""


def _molar_mass(name: str, index: int) -> float:
    """Molar mass of a constituent of an interlayer [g mol-1]."""
    if name not in _MOLAR_MASS:
        known = ", ".join(_MOLAR_MASS)
        field = f"layers.{index}.material"
        raise InputError([Problem("", field, name, f"constituents with a known mass: {known}")])
    return _MOLAR_MASS[name]


def _host_atoms_per_area(gather: Gatherer, index: int, layer: Any) -> float:
    """Host atoms of an interlayer [mol m-2]."""
    material = gather.library[layer.material]
    where = f"layers.{index} {layer.material}"
    host = gather.material(material.relations.get("host"), f"layers.{index}", "a host material")
    volume = gather.property(f"{where} host {host.name}", host, "molar_volume_lithiated", layer)
    return (1.0 - _porosity(gather, where, material, layer)) * float(layer.thickness) / volume


def _porosity(gather: Gatherer, where: str, material: Material, layer: Any) -> float:
    if layer.porosity is not None:
        return gather.given(where, "porosity", float(layer.porosity), "fraction", "1")
    return gather.property(where, material, "porosity", layer)


def _contact_metal(
    gather: Gatherer, where: str, layer: Any, interlayers: list[tuple[int, Any]]
) -> tuple[Material, float | None]:
    """The metal that the interface sees, and its magnesium fraction.

    An interlayer that has formed and whose mobile metal dissolves in lithium turns the surface of
    the electrode into its alloy; how rich it is follows from the amount of mobile metal.
    """
    metal = gather.library[layer.material]
    moles = depth = 0.0
    alloy: str | None = None
    for index, interlayer in interlayers:
        material = gather.library[interlayer.material]
        name = material.relations.get("alloy")
        if name is None or interlayer.state != "formed":
            continue
        alloy = name
        moles += _mobile_metal_per_area(gather, index, interlayer)
        spot = f"layers.{index} {interlayer.material}"
        depth = max(depth, gather.property(spot, material, "alloying_depth", interlayer))
    own = layer.magnesium_fraction
    if alloy is None or moles == 0.0:
        return metal, own
    volume = gather.property(where, metal, "molar_volume", layer)
    lithium = min(depth, layer.thickness) / volume
    fraction = (own or 0.0) + moles / (moles + lithium)
    fraction = min(fraction, _richest(gather.library[alloy]))
    gather.given(where, "magnesium_fraction at the interface", fraction, "fraction", "1")
    return gather.library[alloy], fraction


def _richest(alloy: Material) -> float:
    """Largest composition that the tables of an alloy cover."""
    tables = [p.composition for p in alloy.properties.values() if p.composition is not None]
    return min((table.points[-1] for table in tables), default=1.0)


def _cracked(gather: Gatherer, interlayers: list[tuple[int, Any]]) -> float:
    """Share of the interlayers of a side that is cracked open: that of the worst."""
    return max(
        (
            gather.property(
                f"layers.{index} {layer.material}",
                gather.library[layer.material],
                "cracked_fraction",
                layer,
            )
            for index, layer in interlayers
        ),
        default=0.0,
    )


def _pore_mouths(gather: Gatherer, interlayers: list[tuple[int, Any]]) -> tuple[float, float]:
    """Depth of lithium in pore mouths at the metal, and pore-mouth factor at the electrolyte."""
    if not interlayers:
        return 0.0, 0.0
    index, first = interlayers[0]
    material = gather.library[first.material]
    where = f"layers.{index} {first.material}"
    depth = gather.property(where, material, "reservoir_depth", first)
    reservoir = _porosity(gather, where, material, first) * min(depth, first.thickness)
    index, last = interlayers[-1]
    material = gather.library[last.material]
    where = f"layers.{index} {last.material}"
    return reservoir, 1.0 / _porosity(gather, where, material, last) - 1.0


def _interphase(
    gather: Gatherer,
    electrolyte: ElectrolyteStack,
    metal_layer: Any,
    metal_index: int,
    interlayers: list[tuple[int, Any]],
    side: str,
) -> tuple[str, Any, Material]:
    """Where the interphase is listed, the part of the cell that overrides it, and its material."""
    index, layer = interlayers[-1] if interlayers else (metal_index, metal_layer)
    own = layer.sei
    name = None if own is None else own.material
    if name is None and interlayers:
        name = gather.library[layer.material].relations.get("sei")
    if name is None:
        name = electrolyte.sides[side][2].relations.get("native_sei")
    sei = gather.material(name, f"layers.{index}.sei", "an SEI, since the library names none")
    return f"layers.{index} sei {sei.name}", own, sei


def _nodes(
    gather: Gatherer,
    names: dict[str, str],
    interlayers: list[tuple[int, Any]],
    molar_volume: float,
    capacitance: float,
    nodes: int | None,
) -> tuple[NodeArray, FloatArray]:
    """Control volumes of all interlayers of a side and their initial lithiation."""
    count = NODES_PER_INTERLAYER if nodes is None else nodes
    tables, states = [np.zeros(0, NODE_DTYPE)], [np.zeros(0)]
    for index, layer in interlayers:
        tables.append(_layer_nodes(gather, names, index, layer, molar_volume, capacitance, count))
        lithiated = layer.host_lithiated
        if lithiated is None:
            lithiated = 1.0 if layer.state == "formed" else 0.0
        else:
            where = f"layers.{index} {layer.material}"
            gather.given(where, "host_lithiated", lithiated, "fraction", "1")
        states.append(np.full(count, lithiated))
    return np.concatenate(tables), np.concatenate(states)


def _layer_nodes(
    gather: Gatherer,
    names: dict[str, str],
    index: int,
    layer: Any,
    molar_volume: float,
    capacitance: float,
    count: int,
) -> NodeArray:
    """Control volumes of one interlayer."""
    material = gather.library[layer.material]
    where = f"layers.{index} {layer.material}"
    host = gather.material(material.relations.get("host"), f"layers.{index}", "a host material")
    host_where = f"{where} host {host.name}"

    def own(name: str) -> float:
        return gather.property(where, material, name, layer)

    def of_host(name: str) -> float:
        return gather.property(host_where, host, name, layer)

    gather.given(where, "thickness", layer.thickness, "length", "m")
    porosity = _porosity(gather, where, material, layer)
    size = layer.particle_size
    if size is None:
        size = own("particle_size")
    else:
        gather.given(where, "particle_size", size, "length", "m")
    solid, exponent = 1.0 - porosity, own("bruggeman_exponent")
    conduct = FUNCTIONS["conduction_law"][names["conduction_law"]]
    area = specific_surface(solid, float(size))
    lithium = of_host("lithium_per_host_atom") / of_host("molar_volume_lithiated")
    limit = particle_diffusion_limit(
        lithium, of_host("lithium_diffusivity"), 0.5 * float(size), FARADAY
    )
    swelling = 1.0 - of_host("molar_volume_delithiated") / of_host("molar_volume_lithiated")
    table = np.zeros(count, NODE_DTYPE)
    table["width"] = graded_widths(
        layer.thickness, count, GRADING ** (NODES_PER_INTERLAYER / count)
    )
    for carrier in ("ionic", "electronic"):
        lithiated = conduct(of_host(f"{carrier}_conductivity"), solid, exponent)
        pristine = conduct(own(f"pristine_{carrier}_conductivity"), solid, exponent)
        table[f"{carrier}_resistance"] = 0.5 * table["width"] / lithiated
        table[f"{carrier}_log_ratio"] = math.log(lithiated / pristine)
    _raise_resistances(table)
    table["capacitance"] = area * capacitance
    table["eta_per_charge"] = 1.0 / (table["width"] * table["capacitance"])
    table["pore_exchange"] = area * own("pore_exchange_current_density")
    table["capillary"] = FUNCTIONS["capillary_law"][names["capillary_law"]](
        of_host("interface_energy_against_lithium"),
        max(own("pore_radius"), SHORTEST_PORE),
        molar_volume,
    )
    table["pore_charge"] = porosity * FARADAY / molar_volume
    table["filling_per_charge"] = 1.0 / table["pore_charge"]
    table["host_potential"] = of_host("lithiation_potential")
    table["host_exchange"] = area * own("host_exchange_current_density")
    table["host_limit"] = area * limit
    table["host_charge"] = solid * lithium * FARADAY
    table["lithiation_per_charge"] = 1.0 / table["host_charge"]
    table["height_per_host"] = table["width"] * solid * swelling
    return table


def _raise_resistances(table: NodeArray) -> None:
    """Scale the resistances of volumes that conduct all too well; their ratio stays."""
    carriers = ("ionic", "electronic")
    lithiated = sum(table[f"{c}_resistance"] for c in carriers)
    pristine = sum(table[f"{c}_resistance"] * np.exp(table[f"{c}_log_ratio"]) for c in carriers)
    factor = np.maximum(SMALLEST_RESISTANCE / np.minimum(lithiated, pristine), 1.0)
    for carrier in carriers:
        table[f"{carrier}_resistance"] *= factor


def specific_surface(solid_fraction: float, particle_size: float) -> float:
    r"""Surface of spherical particles per volume of layer, a = 6 (1 - porosity) / d.

    Parameters
    ----------
    solid_fraction : float
        1 minus the porosity.
    particle_size : float
        Diameter d [m].

    Returns
    -------
    float
        a [m-1]. Newman & Tobias, J. Electrochem. Soc. 109, 1183 (1962), doi:10.1149/1.2425269.
    """
    return 6.0 * solid_fraction / particle_size


def _absolute_tolerance(cell: SymmetricCellParameters) -> FloatArray:
    """What counts as small in each state: a tolerance of 1 allows an error of this size."""
    return np.concatenate(
        [electrode_tolerance(cell.left), electrode_tolerance(cell.right), [100.0]]
    )


def electrode_tolerance(p: ElectrodeParameters) -> FloatArray:
    """What counts as small in each state of a lithium electrode.

    Parameters
    ----------
    p : ElectrodeParameters
        The electrode.

    Returns
    -------
    ndarray
        A relative tolerance of 1 allows an error of this size.
    """
    scale = np.zeros(state_count(p))
    scale[0] = p.sei_initial
    scale[1] = min(0.01 * p.exhaustion, 0.1 * p.initial_metal)
    scale[2] = 0.1 * p.void_scale
    scale[3] = 0.05
    for node in range(len(p.nodes)):
        scale[4 + 3 * node : 7 + 3 * node] = 0.1, 0.1, 0.05
    scale[-1] = 0.1
    return scale


SLACK = 0.1
"""How far a store may be overdrawn by truncation: by the charge that moves the double layer by this
many thermal voltages. Beyond it, filling up again would drive the potential it feeds on."""


def _bounds(cell: SymmetricCellParameters) -> tuple[FloatArray, FloatArray]:
    """Lowest and highest value of each state."""
    left, right = electrode_bounds(cell.left), electrode_bounds(cell.right)
    return (
        np.concatenate([left[0], right[0], [-np.inf]]),
        np.concatenate([left[1], right[1], [np.inf]]),
    )


def electrode_bounds(p: ElectrodeParameters) -> tuple[FloatArray, FloatArray]:
    """Lowest and highest value of each state of a lithium electrode.

    Parameters
    ----------
    p : ElectrodeParameters
        The electrode.

    Returns
    -------
    lowest, highest : ndarray
        No store holds less than nothing or more than all.
    """
    low, high = np.full(state_count(p), -np.inf), np.full(state_count(p), np.inf)
    low[METAL] = -SLACK * p.thermal_voltage * p.face_capacitance
    for node in range(len(p.nodes)):
        charge = SLACK * p.thermal_voltage * p.nodes[node]["capacitance"]
        for store, full in ((FILLING, "pore_charge"), (LITHIATED, "host_charge")):
            low[node_state(node, store)] = -charge / p.nodes[node][full]
            high[node_state(node, store)] = 1.0 + charge / p.nodes[node][full]
    return low, high
