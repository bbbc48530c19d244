"""The life of an interlayer: cycles of the lithium electrode, and between them its metal migrates.

The electrode is run cycle by cycle with the equations of ``physics/electrode.py``. Along the time
steps of each half-cycle the mobile metal follows ``physics/migration.py`` in the potentials that
the electrode had. After each cycle the layer is what the metal left behind: pores, alloy at the
lithium, interphase. The two are staggered, since metal moves in hours and charge in milliseconds;
lithium and metal are conserved by each.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from interlith.errors import InputError, Problem
from interlith.numerics.status import EVENT, MESSAGES, REACHED_END
from interlith.physics import migration as law
from interlith.physics.constants import FARADAY, GAS_CONSTANT
from interlith.physics.electrode import (
    ETA,
    FACE,
    FILLING,
    LITHIATED,
    METAL,
    THICKNESS,
    lithium_content,
    node_state,
    state_count,
)
from interlith.physics.mobility import surface_diffusivity
from interlith.physics.operation import SHORT_EVENT
from interlith.simulation import kernel
from interlith.simulation.assembly import (
    Assembly,
    assemble,
    cell_library,
    metal_per_host_atom,
    specific_surface,
)
from interlith.simulation.consequences import Consequences, consequences
from interlith.simulation.gather import Gatherer
from interlith.simulation.program import compile_program
from interlith.simulation.provenance import SOURCE as COMPUTED_BY_FORMING
from interlith.simulation.provenance import as_computed, forming_values
from interlith.simulation.record import observed

if TYPE_CHECKING:
    from interlith.cell.cell import Cell, Conversion
    from interlith.materials.library import Library
    from interlith.materials.material import Material
    from interlith.materials.used import UsedValue

__all__ = ["Evolution", "Moment", "SideOutcome", "evolve", "formed_cell"]

FloatArray = NDArray[np.float64]
Progress = Callable[[float, str], None]

SIDES = ("left", "right")
ROWS = 20_000
"""Time steps that a cycle may take."""
MOST_ATTEMPTS = 50_000
CONTACT_MOMENTS = (0.01, 0.04, 0.12, 1.0)
"""Shares of the time on contact at which profiles are kept."""
ALL_LITHIATED = 0.999
"""Lithiated fraction from which on a host counts as used up."""
THINNEST_METAL = 1e-9
"""What a cell file allows [m]."""
WELL_LITHIATED = 0.5
"""Lithiated fraction of a host below which it is said to be what holds up a current."""
LEDGER = ("metal_lithium", "pore_lithium", "host_lithium", "sei_lithium", "filament_lithium")


@dataclass(frozen=True)
class Moment:
    """Profiles of one side at one time, from the metal to the electrolyte."""

    label: str
    cycle: int
    time: float
    """[s]"""
    bound: FloatArray
    """Metal in particles, (k, n) for k metals [mol m-3]."""
    mobile: FloatArray
    """Metal on pore walls, (k, n) [mol m-3]."""
    eta: FloatArray
    """Local potential against lithium, (n,) [V]."""
    ionic_potential: FloatArray
    """Against the electrolyte at its face to the interphase, (n,) [V]."""
    electronic_potential: FloatArray
    """On the same scale, (n,) [V]."""
    lithiated: FloatArray
    """Lithiated fraction of the host, (n,)."""
    filling: FloatArray
    """Share of the pores that holds lithium, (n,)."""
    current: float
    """Current density, positive when this side plates [A m-2]."""
    interphase_drop: float
    """Ohmic fall of the ionic potential across the interphase, towards the layer [V]."""
    electrolyte_drop: float
    """The same across the electrolyte [V]."""


@dataclass(frozen=True)
class SideOutcome:
    """What the interlayers of one side have become."""

    side: str
    metals: tuple[str, ...]
    """Names of the mobile metals; empty without any."""
    depth: FloatArray
    """Distance of the nodes from the metal [m]."""
    host: FloatArray
    """Host atoms, which stay where they are, (n,) [mol m-3]."""
    widths: FloatArray
    total: FloatArray
    """Mobile metal at the start, (k,) [mol m-2]."""
    in_anode: FloatArray
    """Dissolved in the lithium, (k,) [mol m-2]."""
    in_sei: FloatArray
    """Bound in the interphase, (k,) [mol m-2]."""
    alloy_depth: float
    """Depth of lithium that the dissolved metal shares [m]."""
    magnesium_fraction: FloatArray
    """Mole fraction of each metal in that depth, (k,)."""
    sei_thickness: float
    """[m]"""
    porosity: tuple[float, ...]
    """Of each interlayer, from the metal to the electrolyte."""
    swelling_strain: tuple[float, ...]
    """Of each interlayer; above zero it cracks."""
    alloying_fraction: tuple[float, ...]
    """Metal of each interlayer that has dissolved in the lithium, over what a formed layer of the
    same host would have held: the property that the electrode's alloy follows from."""
    reduction_potential: float
    """Below it the electrolyte next to the layers is reduced at equilibrium [V]."""
    sei_reduction_potential: float | None
    """The same of the interphase itself [V]; None where the library does not know it."""
    contact_fraction: float
    """Of the lithium with the layers, at the end of the last half-cycle."""
    host_potential: float
    """At which the two phases of the host next to the electrolyte coexist [V]."""
    lithium_left: float
    """Lithium of metal and pores over that as pressed; what the host took up came from there."""
    moments: tuple[Moment, ...]

    def host_lithiated(self) -> tuple[float, ...]:
        """Lithiated share of the host of each interlayer, from the metal to the electrolyte."""
        parts = len(self.porosity)
        shares = self.moments[-1].lithiated.reshape(parts, -1)
        found = np.average(shares, axis=1, weights=self.widths.reshape(parts, -1))
        return tuple(float(min(max(share, 0.0), 1.0)) for share in found)

    def left_in_host(self) -> FloatArray:
        """Metal that is still in the interlayers, (k,) [mol m-2]."""
        last = self.moments[-1]
        found: FloatArray = (last.bound + last.mobile) @ self.widths
        return found


@dataclass(frozen=True)
class Evolution:
    """The history of a cell's interlayers."""

    cell: Cell
    """As it was given."""
    sides: dict[str, SideOutcome]
    """By side, of those that have interlayers."""
    cycles: int
    """How many ran."""
    status: str
    reason: str
    ledger: FloatArray
    """Lithium by store (LEDGER) as pressed, and at the end of the rest and of each half-cycle,
    (1 + h, 2 sides, 5) [C m-2]."""
    edge_potential: FloatArray
    """Time [s], and eta at the electrolyte side of both interlayers [V], (t, 3)."""
    plan: Conversion
    """How they were formed; what was not given is filled in."""
    consequences: dict[str, Consequences]
    """What the layers mean to the test, by side."""
    used_values: list[UsedValue] = field(repr=False)

    @property
    def formed(self) -> Cell:
        """The cell with its interlayers as they have become."""
        return formed_cell(self.cell, self.sides)

    def largest_imbalance(self) -> float:
        """Largest relative change of the metal of a side."""
        worst = 0.0
        for side in self.sides.values():
            kept = side.left_in_host() + side.in_anode + side.in_sei
            for now, start in zip(kept, side.total, strict=True):
                worst = max(worst, abs(now - start) / start if start else abs(now))
        return worst


def evolve(
    cell: Cell,
    cycles: int | None = None,
    current: float | None = None,
    areal_capacity: float | None = None,
    rest: float | None = None,
    library: Library | None = None,
    progress: Progress | None = None,
    rest_temperature: float | None = None,
) -> Evolution:
    """Form the interlayers of a cell by plating and stripping.

    Parameters
    ----------
    cell : Cell
        What to form; its interlayers start as pressed. Its protocol is not used.
    cycles : int, optional
        Plating on the right and back; by default those of the cell's ``conversion``, or 10.
    current, areal_capacity : float, optional
        Of a half-cycle [A m-2, C m-2]; by default those of ``conversion``, or 1 mA/cm2, 1 mAh/cm2.
    rest : float, optional
        Time on contact before the first cycle [s]; by default that of ``conversion``, or 24 h.
    library : Library, optional
        Materials; the default is the package's with the cell's own files on top.
    progress : callable (fraction, text), optional
        Called after each cycle.
    rest_temperature : float, optional
        Of the time on contact: an annealing [K]; by default that of ``conversion``, or of the cell.

    Returns
    -------
    Evolution
        Always with a status; a cell that shorts or cannot go on keeps what it had become.

    Raises
    ------
    InputError, MaterialError
        If there is no interlayer, or a metal without data.
    """
    cell.require_symmetric()
    plan = _plan(cell, cycles, current, areal_capacity, rest, rest_temperature)
    run = _Forming(
        cell, library or cell_library(cell), plan.current, plan.areal_capacity, plan.temperature
    )
    try:
        going = plan.rest <= 0.0 or run.contact(plan.rest)
        for cycle in range(plan.cycles):
            if not going or not run.cycle(cycle):
                break
            if progress is not None:
                progress((cycle + 1) / plan.cycles, f"forming, cycle {cycle + 1}")
    except KeyboardInterrupt:
        run.status, run.reason = "interrupted", "interrupted from the keyboard"
    return run.outcome(plan)


def _plan(
    cell: Cell,
    cycles: int | None,
    current: float | None,
    areal_capacity: float | None,
    rest: float | None,
    rest_temperature: float | None,
) -> Conversion:
    """What was asked for, else what the cell says, else the default."""
    from interlith.cell.cell import Conversion

    arguments = {
        "cycles": cycles,
        "current": current,
        "areal_capacity": areal_capacity,
        "temperature": rest_temperature,
    }
    given = {name: value for name, value in arguments.items() if value is not None}
    _require_positive(**given)
    if rest is not None:
        _require_duration(rest)
        given["rest"] = rest
    plan = cell.conversion or Conversion()
    plan = plan.model_copy(update=given)
    if plan.temperature is None:
        plan = plan.model_copy(update={"temperature": cell.temperature})
    return plan


def _require_positive(**given: float) -> None:
    """Raise InputError for every argument that is not a positive number."""
    problems = [
        Problem("", name, f"{value:g}", "a number above 0")
        for name, value in given.items()
        if not (value > 0.0 and math.isfinite(value))
    ]
    if problems:
        raise InputError(problems)


def _require_duration(rest: float) -> None:
    if not (rest >= 0.0 and math.isfinite(rest)):
        raise InputError([Problem("", "rest", f"{rest:g}", "a time in s, not below 0")])


def formed_cell(cell: Cell, sides: dict[str, SideOutcome]) -> Cell:
    """Write what the interlayers have become into the fields of a cell.

    Parameters
    ----------
    cell : Cell
        As it was given.
    sides : dict
        Outcome by side.

    Returns
    -------
    Cell
        With porosity, alloying, interphase and cracks of its interlayers, how far their host is
        lithiated where that is not all of it, and the lithium that is left (pores included, which
        start a test in their default state); without ``conversion``.
    """
    layers = list(cell.layers)
    for name, side in sides.items():
        places = list(_places(cell, name))
        for position, index in enumerate(places):
            layer: Any = layers[index]
            properties = dict(layer.properties)
            properties["alloying_fraction"] = repr(side.alloying_fraction[position])
            properties["alloying_depth"] = f"{side.alloy_depth!r} m"
            strain = side.swelling_strain[position]
            properties["cracked_fraction"] = repr(max(strain, 0.0) / (1.0 + max(strain, 0.0)))
            changes: dict[str, Any] = {
                "porosity": side.porosity[position],
                "properties": properties,
                "state": "formed",
            }
            lithiated = side.host_lithiated()[position] if side.moments else 1.0
            if lithiated < ALL_LITHIATED:
                changes["host_lithiated"] = lithiated
            if index == places[-1]:
                changes["sei"] = _interphase_of(layer, side)
            layers[index] = layer.model_copy(update=changes)
        metal = 0 if name == "left" else -1
        electrode = cell.electrodes[metal]
        thickness = max(electrode.thickness * side.lithium_left, THINNEST_METAL)
        layers[metal] = layers[metal].model_copy(update={"thickness": thickness})
    return cell.model_copy(update={"layers": tuple(layers), "conversion": None})


def _interphase_of(layer: Any, side: SideOutcome) -> Any:
    from interlith.cell.layers import Sei

    own = layer.sei or Sei()
    return own.model_copy(update={"thickness": side.sei_thickness})


def _places(cell: Cell, side: str) -> Iterator[int]:
    """Indices of the interlayers of a side, from the metal to the electrolyte."""
    indices = range(len(cell.layers))
    for index in list(indices if side == "left" else reversed(indices))[1:]:
        if cell.layers[index].kind != "interlayer":
            return
        yield index


@dataclass(frozen=True)
class _MetalNumbers:
    """What the library says of a mobile metal at one temperature."""

    release: FloatArray
    capacity: FloatArray
    diffusivity: float
    charge: float
    plateau: float
    solubility: float
    spreading: float
    """Diffusivity in lithium [m2 s-1]."""


def values_for_forming(cell: Cell, library: Library | None = None) -> list[UsedValue]:
    """List every value that forming the interlayers of a cell would use, before it is done.

    Parameters
    ----------
    cell : Cell
        With a ``conversion``.
    library : Library, optional
        As in :func:`evolve`.

    Returns
    -------
    list of UsedValue
        The doubtful ones first; those that differ in an annealing beside the others.
    """
    plan = _plan(cell, None, None, None, None, None)
    run = _Forming(
        cell, library or cell_library(cell), plan.current, plan.areal_capacity, plan.temperature
    )
    run.heat()
    return [used for used in run.values() if used.source != COMPUTED_BY_FORMING]


@dataclass
class _Metal:
    """One mobile metal of a side: its numbers and where it is."""

    name: str
    numbers: _MetalNumbers
    bound: FloatArray
    mobile: FloatArray
    left: FloatArray
    total: float
    feeds_interphase: bool
    spread: float = 0.0
    """Integral of its diffusivity in lithium over time [m2]."""


class _Side:
    """The interlayers of one side and their metals."""

    def __init__(self, cell: Cell, gather: Gatherer, side: str, parameters: Any) -> None:
        self.name = side
        self.places = list(_places(cell, side))
        self.thermal_voltage = GAS_CONSTANT * cell.temperature / FARADAY
        self.widths = np.ascontiguousarray(parameters.nodes["width"])
        self.per_layer = len(self.widths) // len(self.places)
        self.molar_volume = FARADAY / parameters.charge_per_volume
        self.layers = [_layer_volumes(cell, gather, index) for index in self.places]
        self.sei_metal = _metal_of_interphase(cell, gather, self.places[-1])
        self.metals = self._metals(gather)
        self.sei_thickness = float(parameters.sei_initial)
        self.depth_turned = 0.0
        self.lithium_depth = cell.electrodes[0 if side == "left" else 1].thickness
        self.contact_fraction = 1.0
        self.lithium_left = 1.0
        self.moments: list[Moment] = []
        self.reduction_potential = _reduction_potential(cell, gather, self.places[-1], side)
        self.sei_reduction_potential = _sei_reduction_potential(cell, gather, self.places[-1])
        self.host_potential = float(parameters.nodes["host_potential"][-1])
        self._take_for_interphase(self.sei_thickness)

    def _metals(self, gather: Gatherer) -> list[_Metal]:
        names = {v.metal for v in self.layers if v.metal is not None and v.ratio > 0.0}
        return [self._metal(name, gather) for name in sorted(names)]

    def _metal(self, name: str, gather: Gatherer) -> _Metal:
        bound = np.zeros(len(self.widths))
        for nodes, layer in self.parts():
            if layer.metal == name:
                bound[nodes] = layer.ratio * layer.host_concentration
        return _Metal(
            name=name,
            numbers=self._numbers(name, gather),
            bound=bound,
            mobile=np.zeros(len(self.widths)),
            left=np.zeros(2),
            total=float(bound @ self.widths),
            feeds_interphase=self.layers[-1].metal == name and self.sei_metal > 0.0,
        )

    def _numbers(self, name: str, gather: Gatherer) -> _MetalNumbers:
        material = _mobile_material(gather.library, name, f"layers.{self.places[0]}")
        where = f"mobile metal {name}"

        def of(prop: str) -> float:
            return gather.property(where, material, prop)

        jump = of("jump_length")
        free = surface_diffusivity(
            np.array(of("migration_barrier")),
            np.array(of("attempt_frequency")),
            np.array(jump),
            gather.temperature,
        )
        release, capacity = np.zeros(len(self.widths)), np.empty(len(self.widths))
        for nodes, layer in self.parts():
            capacity[nodes] = law.wall_capacity(layer.surface, jump)
            if layer.metal == name:
                release[nodes] = law.release_rate(
                    0.5 * layer.particle_size,
                    of("lithium_diffusivity"),
                    of("carrier_width"),
                    of("front_jump"),
                )
        ladder = material.ladder
        return _MetalNumbers(
            release=release,
            capacity=capacity,
            diffusivity=float(free),
            charge=of("charge_uptake_factor"),
            plateau=ladder[0].potential.value if ladder else -math.inf,
            solubility=of("solubility_in_lithium"),
            spreading=of("diffusivity_in_lithium"),
        )

    def take_temperature(self, gather: Gatherer) -> None:
        """Let the metals have the numbers of another temperature; where they are stays."""
        self.thermal_voltage = GAS_CONSTANT * gather.temperature / FARADAY
        for metal in self.metals:
            metal.numbers = self._numbers(metal.name, gather)

    def parts(self) -> Iterator[tuple[slice, _LayerVolumes]]:
        """Nodes of each interlayer, from the metal to the electrolyte."""
        for position, layer in enumerate(self.layers):
            yield slice(position * self.per_layer, (position + 1) * self.per_layer), layer

    def _take_for_interphase(self, growth: float) -> None:
        """Take the metal of an interphase that forms by contact from the particles next to it."""
        for metal in self.metals:
            wanted = self.sei_metal * growth if metal.feeds_interphase else 0.0
            for node in range(len(self.widths) - 1, -1, -1):
                taken = min(wanted, metal.bound[node] * self.widths[node])
                metal.bound[node] -= taken / self.widths[node]
                metal.left[law.TO_INTERPHASE] += taken
                wanted -= taken

    def alloy_depth(self, metal: _Metal) -> float:
        """Depth of lithium that a dissolved metal shares: turned over, and reached by diffusion.

        No more than the electrode has; what a half-cycle plates counts, since it is turned over.
        """
        lithium = self.lithium_depth * self.lithium_left
        return min(self.depth_turned + math.sqrt(metal.spread), lithium)

    def advance(self, duration: float, eta: FloatArray, drop: FloatArray, growth: float) -> None:
        """Let the metals migrate over a time step in given potentials."""
        self.sei_thickness += max(growth, 0.0)
        for metal in self.metals:
            numbers = metal.numbers
            metal.spread += numbers.spreading * duration
            lithium = max(self.alloy_depth(metal), 1e-9) / self.molar_volume
            most = numbers.solubility / (1.0 - numbers.solubility) * lithium
            wanted = self.sei_metal * max(growth, 0.0) if metal.feeds_interphase else 0.0
            allowed = _shares(eta, numbers.plateau, self.thermal_voltage)
            before = metal.left[law.TO_INTERPHASE]
            law.migrate(
                self.widths,
                metal.bound,
                metal.mobile,
                metal.left,
                numbers.release * allowed,
                numbers.capacity,
                numbers.diffusivity * self.openness(),
                numbers.charge * drop / self.thermal_voltage,
                np.array([max(most - metal.left[law.TO_METAL], 0.0), wanted]),
                duration,
            )
            missing = wanted - (metal.left[law.TO_INTERPHASE] - before)
            if missing > 0.0 and self.sei_metal > 0.0:
                self._take_for_interphase(missing / self.sei_metal)

    def openness(self) -> float:
        """Effective over free surface diffusivity: Bruggeman's factor of the pore space."""
        return math.sqrt(float(np.mean(self.porosity())))

    def left_share(self, layer: _LayerVolumes, nodes: slice) -> float:
        """Share of the metal of a layer that is still in it."""
        total = layer.ratio * layer.host_concentration * float(self.widths[nodes].sum())
        if total == 0.0:
            return 0.0
        kept = sum(float((m.bound + m.mobile)[nodes] @ self.widths[nodes]) for m in self.metals)
        return min(kept / total, 1.0)

    def _layer_states(self) -> Iterator[tuple[_LayerVolumes, float]]:
        for nodes, layer in self.parts():
            yield layer, self.left_share(layer, nodes)

    def porosity(self) -> tuple[float, ...]:
        """Porosity of each interlayer with the metal that is left."""
        return tuple(layer.porosity(share) for layer, share in self._layer_states())

    def strains(self) -> tuple[float, ...]:
        """Swelling strain of each interlayer."""
        return tuple(layer.strain(share) for layer, share in self._layer_states())

    def _alloying_fractions(self) -> tuple[float, ...]:
        dissolved = {
            metal.name: float(metal.left[law.TO_METAL]) / metal.total for metal in self.metals
        }
        found = []
        for layer, left in self._layer_states():
            host = (1.0 - layer.porosity(left)) / layer.host_lithiated
            share = dissolved.get(layer.metal or "", 0.0)
            found.append(share * layer.host_concentration / host)
        return tuple(found)

    def outcome(self) -> SideOutcome:
        """What the side has become."""
        metals = self.metals
        depth = max((self.alloy_depth(metal) for metal in metals), default=1e-6)
        return SideOutcome(
            side=self.name,
            metals=tuple(metal.name for metal in metals),
            depth=np.cumsum(self.widths) - 0.5 * self.widths,
            host=np.repeat([layer.host_concentration for layer in self.layers], self.per_layer),
            widths=self.widths,
            total=np.array([metal.total for metal in metals]),
            in_anode=np.array([metal.left[law.TO_METAL] for metal in metals]),
            in_sei=np.array([metal.left[law.TO_INTERPHASE] for metal in metals]),
            alloy_depth=max(depth, 1e-9),
            magnesium_fraction=np.array(
                [
                    law.metal_mole_fraction(metal.left[law.TO_METAL], depth, self.molar_volume)
                    for metal in metals
                ]
            ),
            sei_thickness=self.sei_thickness,
            porosity=self.porosity(),
            swelling_strain=self.strains(),
            alloying_fraction=self._alloying_fractions(),
            reduction_potential=self.reduction_potential,
            sei_reduction_potential=self.sei_reduction_potential,
            contact_fraction=self.contact_fraction,
            host_potential=self.host_potential,
            lithium_left=self.lithium_left,
            moments=tuple(self.moments),
        )


def _shares(eta: FloatArray, plateau: float, thermal_voltage: float) -> FloatArray:
    return np.array([law.lithiated_share(float(e), plateau, thermal_voltage) for e in eta])


@dataclass(frozen=True)
class _LayerVolumes:
    """Volumes of one interlayer, per mol of host atoms."""

    metal: str | None
    ratio: float
    """Mobile metal per host atom."""
    host_lithiated: float
    host_delithiated: float
    metal_volume: float
    left_over: float
    """Porosity beside the host when all metal has left and freed no volume."""
    host_concentration: float
    """Host atoms per volume of layer [mol m-3]."""
    particle_size: float
    surface: float
    """Pore wall per volume [m-1]."""

    def porosity(self, left: float) -> float:
        """Porosity when a share of the metal is still in the layer, whose volume stays."""
        solid = self.host_lithiated + left * self.ratio * self.metal_volume
        return max(1.0 - solid * self.host_concentration, 1e-3)

    def strain(self, left: float) -> float:
        """Swelling strain when a share of the metal is still in the layer."""
        return law.swelling_strain(
            self.host_lithiated,
            self.host_delithiated,
            self.ratio,
            self.metal_volume,
            left,
            self.left_over,
        )


def _layer_volumes(cell: Cell, gather: Gatherer, index: int) -> _LayerVolumes:
    layer: Any = cell.layers[index]
    material = gather.library[layer.material]
    where = f"layers.{index} {layer.material}"
    host = gather.material(material.relations.get("host"), f"layers.{index}", "a host material")
    host_where = f"{where} host {host.name}"
    lithiated = gather.property(host_where, host, "molar_volume_lithiated", layer)
    delithiated = gather.property(host_where, host, "molar_volume_delithiated", layer)
    metal = material.relations.get("mobile_metal")
    ratio = metal_per_host_atom(gather, index, layer)
    volume = 0.0
    if metal is not None and ratio > 0.0:
        mobile = _mobile_material(gather.library, metal, f"layers.{index}")
        volume = gather.property(f"mobile metal {metal}", mobile, "molar_volume_delithiated")
    left_over = gather.property(where, material, "pressed_porosity", layer)
    if material.relations.get("alloy") is not None:
        # The porosity of such a layer is the one that it has once its metal has left.
        open_share = layer.porosity or gather.property(where, material, "porosity", layer)
        whole = lithiated / (1.0 - float(open_share))
    else:
        whole = lithiated / (1.0 - left_over) + ratio * volume
    size = layer.particle_size or gather.property(where, material, "particle_size", layer)
    return _LayerVolumes(
        metal=metal,
        ratio=ratio,
        host_lithiated=lithiated,
        host_delithiated=delithiated,
        metal_volume=volume,
        left_over=left_over,
        host_concentration=1.0 / whole,
        particle_size=float(size),
        surface=specific_surface(lithiated / whole, float(size)),
    )


def _mobile_material(library: Library, metal: str, where: str) -> Material:
    """Find the data of a metal that may move."""
    known = {library[name].formula: library[name] for name in library.names("mobile")}
    if metal not in known:
        expected = f"a mobile metal with data: {', '.join(known) or 'none'}"
        raise InputError([Problem("", f"{where}.material", metal, expected)])
    return known[metal]


def _reduction_potential(cell: Cell, gather: Gatherer, last: int, side: str) -> float:
    """Potential below which the electrolyte next to a side is reduced [V]."""
    index = last + (1 if side == "left" else -1)
    layer: Any = cell.layers[index]
    material = gather.library[layer.material]
    return gather.property(
        f"layers.{index} {layer.material}", material, "reduction_potential", layer
    )


def _metal_of_interphase(cell: Cell, gather: Gatherer, index: int) -> float:
    """Mobile metal per volume of interphase [mol m-3]; 0 if it takes none."""
    found = _optional_of_interphase(cell, gather, index, "metal_concentration")
    return 0.0 if found is None else found


def _sei_reduction_potential(cell: Cell, gather: Gatherer, index: int) -> float | None:
    """Potential below which the interphase is reduced itself [V]; None where it is not known."""
    return _optional_of_interphase(cell, gather, index, "reduction_potential")


def _optional_of_interphase(
    cell: Cell, gather: Gatherer, index: int, property_name: str
) -> float | None:
    """Property of the interphase of a layer; None without an interphase or without the property."""
    layer: Any = cell.layers[index]
    own = layer.sei
    name = own.material if own is not None else None
    name = name or gather.library[layer.material].relations.get("sei")
    if name is None:
        return None
    material = gather.library[name]
    if material.get(property_name) is None:
        return None
    return gather.property(f"layers.{index} sei {name}", material, property_name, own)


class _Forming:
    """A cell being formed: its electrode states and its metals, cycle by cycle."""

    def __init__(
        self,
        cell: Cell,
        library: Library,
        current: float,
        areal_capacity: float,
        rest_temperature: float | None = None,
    ) -> None:
        self.cell = cell
        self.library = library
        self.temperature = cell.temperature
        self.rest_temperature = rest_temperature or cell.temperature
        self.rest_values: list[UsedValue] = []
        self.gather = Gatherer(library, cell.temperature)
        self.current, self.capacity = current, areal_capacity
        assembly = assemble(cell.model_copy(update={"conversion": None}), library)
        sides = (assembly.parameters.left, assembly.parameters.right)
        with_layers = [n for n, p in zip(SIDES, sides, strict=True) if len(p.nodes)]
        if not with_layers:
            expected = "at least one interlayer: nothing else transforms"
            raise InputError([Problem("", "layers", "no interlayer", expected)])
        self.sides = {
            name: _Side(cell, self.gather, name, getattr(assembly.parameters, name))
            for name in with_layers
        }
        self.assembly = self._assembled()
        self.state = self.assembly.start.copy()
        self._delithiate()
        self.status, self.reason = "completed", "all cycles ran"
        self.done = 0
        self.ledger = [self._stores()]
        self.edges: list[FloatArray] = []
        self.clock = 0.0
        self._note("as pressed", 0, 0.0)

    def _assembled(self) -> Assembly:
        """Assemble the cell with the interlayers as they are now; the amount of host stays."""
        now = formed_cell(self.cell, {name: side.outcome() for name, side in self.sides.items()})
        # The metal is counted by the states; the stack grows from where it was as pressed.
        layers = (self.cell.layers[0], *now.layers[1:-1], self.cell.layers[-1])
        now = now.model_copy(update={"temperature": self.temperature, "layers": layers})
        assembly = assemble(now, self.library)
        for name, side in self.sides.items():
            nodes = getattr(assembly.parameters, name).nodes
            for part, layer in side.parts():
                solid = 1.0 - layer.porosity(side.left_share(layer, part))
                scale = layer.host_concentration * layer.host_lithiated / solid
                nodes["host_charge"][part] *= scale
                nodes["lithiation_per_charge"][part] /= scale
        return assembly

    def _delithiate(self) -> None:
        for _name, offset, p in self._electrodes():
            for node in range(len(p.nodes)):
                self.state[offset + node_state(node, LITHIATED)] = 0.0
                self.state[offset + node_state(node, FILLING)] = 0.0

    def _stores(self) -> FloatArray:
        """Lithium by store of both electrodes as they are, without a current."""
        control = np.full((1, kernel.CONTROL_COLUMNS), np.nan)
        control[0, :2] = 0.0
        system: Any = (self.assembly.parameters, self.assembly.laws, control[0])
        _whole, electrodes = observed(system, control, self.state[None, :])
        return _ledger(electrodes[0])

    def _electrodes(self) -> Iterator[tuple[str, int, Any]]:
        left, right = self.assembly.parameters.left, self.assembly.parameters.right
        yield "left", 0, left
        yield "right", state_count(left), right

    def contact(self, duration: float) -> bool:
        """Leave the pressed layers on the lithium: their host takes it up without a current."""
        self.heat()
        ends = [share * duration for share in CONTACT_MOMENTS]
        going = True
        for start, end in zip([0.0, *ends[:-1]], ends, strict=True):
            label = f"on contact for {end / 3600.0:.3g} h"
            going = going and self._hold(0.0, end - start, label, 0)
        # One entry of the ledger stands for the whole of the rest.
        del self.ledger[1:-1]
        self._bring_to(self.cell.temperature)
        self._rebuild()
        return going

    def heat(self) -> None:
        """Bring the cell to the temperature of the rest on contact."""
        self._bring_to(self.rest_temperature)

    def _bring_to(self, temperature: float) -> None:
        """Heat or cool the cell at once: every property is that of the library there."""
        if temperature == self.temperature:
            return
        self.temperature = temperature
        gather = Gatherer(self.library, temperature)
        for side in self.sides.values():
            side.take_temperature(gather)
        self._rebuild()
        if temperature != self.cell.temperature:
            self.rest_values = [*gather.used_values(), *self.assembly.used_values]

    def cycle(self, number: int) -> bool:
        """Run one cycle; False if the cell cannot go on."""
        for sign, label in ((1.0, "plating right"), (-1.0, "stripping right")):
            duration = self.capacity / self.current
            name = f"cycle {number + 1}, {label}"
            if not self._hold(sign * self.current, duration, name, number + 1):
                return False
        self._rebuild()
        self.done = number + 1
        return True

    def _hold(self, current: float, duration: float, label: str, cycle: int) -> bool:
        """Run the electrodes at a current and let the metals follow; False if that is the end."""
        from interlith.cell.protocol import DEFAULT_VOLTAGE_LIMIT
        from interlith.cell.step import Step

        step = Step(
            control="current" if current else "rest",
            value=current,
            duration_s=duration,
            stop_on_short=True,
            voltage_upper=DEFAULT_VOLTAGE_LIMIT,
            voltage_lower=-DEFAULT_VOLTAGE_LIMIT,
            stop_on_voltage=True,
            label=label,
        )
        program = compile_program([step])
        times, states = np.empty(ROWS), np.empty((ROWS, len(self.state)))
        outcomes = np.full((1, 3), -1, np.int64)
        control = np.full(kernel.CONTROL_COLUMNS, np.nan)
        system: Any = (self.assembly.parameters, self.assembly.laws, control)
        rtol = self.cell.solver.rtol
        kernel.run_program(
            system, self.state, program, 0, 1, 0.0,
            rtol, self.assembly.absolute_tolerance * rtol, *self.assembly.bounds, MOST_ATTEMPTS,
            times, states, outcomes, np.zeros(3, np.int64), kernel.workspace_for(len(self.state)),
        )  # fmt: skip
        status, event, count = (int(value) for value in outcomes[0])
        times, states = times[:count], states[:count]
        self._migrate(times, states, current)
        self.clock += float(times[-1])
        _whole, electrodes = observed(system, program[:, : kernel.CONTROL_COLUMNS], states[-1:])
        self.ledger.append(_ledger(electrodes[0]))
        for name, side in self.sides.items():
            row = SIDES.index(name)
            side.contact_fraction = float(electrodes[0, row, _column("contact_fraction")])
            # What lies in pores counts as metal: a test starts with pores in their default state.
            places = [LEDGER.index("metal_lithium"), LEDGER.index("pore_lithium")]
            metal = [stores[row, places].sum() for stores in (self.ledger[0], self.ledger[-1])]
            side.lithium_left = max(float(metal[1] / metal[0]), 0.0)
        self._note(label, cycle, current)
        return self._goes_on(status, event, label, electrodes[0])

    def _goes_on(self, status: int, event: int, where: str, electrodes: FloatArray) -> bool:
        if status not in (REACHED_END, EVENT):
            self.status, self.reason = "failed", f"{where}: {MESSAGES[status]}"
        elif event == SHORT_EVENT:
            self.status, self.reason = "stopped", f"{where}: a lithium filament shorted the cell"
        elif event >= 0:
            self.status = "stopped"
            self.reason = f"{where}: the voltage passed 5 V; {self._why(electrodes)}"
        else:
            return True
        return False

    def _why(self, electrodes: FloatArray) -> str:
        """Say what kept the current from passing: no lithium, no contact or a host without ions."""
        from interlith.simulation.critical import LOST_CONTACT

        metal, contact = (
            electrodes[:, _column(name)] for name in ("metal_lithium", "contact_fraction")
        )
        for row, (name, _offset, p) in enumerate(self._electrodes()):
            if metal[row] < p.exhaustion:
                return f"the {name} electrode has no lithium left to strip"
        for name, side in self.sides.items():
            now, before = (float(side.moments[k].lithiated.min()) for k in (-1, -2))
            if now >= WELL_LITHIATED:
                continue
            share = f"{100.0 * now:.2g}" if now > 1e-4 else "less than 0.01"
            where = f"at its worst place the host on the {name} is lithiated to {share} %"
            if before >= WELL_LITHIATED:
                return f"{where}, since it gave off its lithium, and lets few ions through"
            return f"{where} and lets few ions through; a longer or a warmer rest lithiates it"
        for row, name in enumerate(SIDES):
            if contact[row] < LOST_CONTACT:
                return f"the {name} electrode lost its contact"
        return "the current is more than the cell carries"

    def _migrate(self, times: FloatArray, states: FloatArray, current: float) -> None:
        """Let the metals follow the electrode along its time steps."""
        edges = np.full((len(times), 3), np.nan)
        edges[:, 0] = self.clock + times
        for name, offset, p in self._electrodes():
            if name not in self.sides:
                continue
            side = self.sides[name]
            plating = p.sign * current
            side.depth_turned = max(side.depth_turned, self.capacity / p.charge_per_volume)
            potentials = [_potentials(p, row, offset, plating) for row in states]
            edges[:, 1 + SIDES.index(name)] = [eta[-1] for eta, _ion, _el in potentials]
            for k in range(1, len(times)):
                eta, _ionic, electronic = potentials[k]
                growth = states[k, offset + THICKNESS] - states[k - 1, offset + THICKNESS]
                side.advance(times[k] - times[k - 1], eta, np.diff(electronic), growth)
        self.edges.append(edges)

    def _note(self, label: str, cycle: int, current: float) -> None:
        """Keep the profiles of this moment."""
        for name, offset, p in self._electrodes():
            if name not in self.sides:
                continue
            side = self.sides[name]
            row = self.state
            eta, ionic, electronic = _potentials(p, row, offset, p.sign * current)
            nodes = range(len(p.nodes))
            count = len(side.metals)
            side.moments.append(
                Moment(
                    label=label,
                    cycle=cycle,
                    time=self.clock,
                    bound=np.array([m.bound for m in side.metals]).reshape(count, len(eta)),
                    mobile=np.array([m.mobile for m in side.metals]).reshape(count, len(eta)),
                    eta=eta,
                    ionic_potential=ionic,
                    electronic_potential=electronic,
                    lithiated=np.array([row[offset + node_state(k, LITHIATED)] for k in nodes]),
                    filling=np.array([row[offset + node_state(k, FILLING)] for k in nodes]),
                    current=p.sign * current,
                    interphase_drop=p.sign * current * row[offset + THICKNESS] / p.sei_conductivity,
                    electrolyte_drop=p.sign
                    * current
                    * self.assembly.parameters.electrolyte_resistance,
                )
            )

    def _rebuild(self) -> None:
        """Assemble the changed layers and carry the lithium over, to round-off."""
        old = self.assembly
        before = [lithium_content(p, self.state, offset) for _n, offset, p in self._electrodes()]
        self.assembly = self._assembled()
        olds = {"left": old.parameters.left, "right": old.parameters.right}
        for (name, offset, p), content in zip(self._electrodes(), before, strict=True):
            for node in range(len(p.nodes)):
                place = offset + node_state(node, FILLING)
                self.state[place] *= (
                    olds[name].nodes["pore_charge"][node] / p.nodes["pore_charge"][node]
                )
            # Double layers whose area has changed give their charge to the metal or take it.
            self.state[offset + METAL] += content - lithium_content(p, self.state, offset)

    def outcome(self, plan: Conversion) -> Evolution:
        """Return the history."""
        sides = {name: side.outcome() for name, side in self.sides.items()}
        return Evolution(
            cell=self.cell,
            sides=sides,
            cycles=self.done,
            status=self.status,
            reason=self.reason,
            ledger=np.array(self.ledger).reshape(-1, 2, len(LEDGER)),
            edge_potential=np.concatenate(self.edges) if self.edges else np.empty((0, 3)),
            plan=plan,
            consequences=consequences(self.cell, formed_cell(self.cell, sides), self.library),
            used_values=self.values(),
        )

    def values(self) -> list[UsedValue]:
        """Every value used so far, with its provenance."""
        now = as_computed(self.assembly.used_values, self.cell)
        return forming_values(
            [*self.gather.used_values(), *now], self.rest_values, self.rest_temperature
        )


def _ledger(electrodes: FloatArray) -> FloatArray:
    """Lithium by store of both electrodes, from a row of observables."""
    return np.ascontiguousarray(electrodes[:, [_column(name) for name in LEDGER]])


def _column(name: str) -> int:
    """Place of an observable of an electrode in a row of them."""
    from interlith.simulation.observe import ELECTRODE_COLUMNS

    return list(ELECTRODE_COLUMNS).index(name)


def _potentials(
    p: Any, y: FloatArray, offset: int, current: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Local potential against lithium, ionic and electronic potential of the nodes [V].

    Potentials are counted from the electrolyte at its face to the interphase.
    """
    nodes = p.nodes
    count = len(nodes)
    fraction = y[offset + FACE + 2 : offset + FACE + 2 + 3 * count : 3]
    eta = y[offset + node_state(0, ETA) : offset + node_state(0, ETA) + 3 * count : 3].copy()
    ionic_half = nodes["ionic_resistance"] * np.exp((1.0 - fraction) * nodes["ionic_log_ratio"])
    electronic_half = nodes["electronic_resistance"] * np.exp(
        (1.0 - fraction) * nodes["electronic_log_ratio"]
    )
    ionic = ionic_half[1:] + ionic_half[:-1]
    electronic = electronic_half[1:] + electronic_half[:-1]
    flow = (current * electronic - np.diff(eta)) / (ionic + electronic)
    steps = flow * ionic
    potential = np.empty(count)
    potential[-1] = -current * (ionic_half[-1] + y[offset + THICKNESS] / p.sei_conductivity)
    for k in range(count - 2, -1, -1):
        potential[k] = potential[k + 1] - steps[k]
    return eta, potential, eta + potential
