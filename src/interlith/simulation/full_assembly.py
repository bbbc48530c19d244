"""From a full cell to the numbers of its equations; see :mod:`interlith.simulation.assembly`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from interlith.materials.used import UsedValue
from interlith.numerics.grid import graded_widths
from interlith.numerics.rodas import Workspace
from interlith.numerics.sphere import shells
from interlith.numerics.table import INTERVALS, integrated, make_table
from interlith.physics.composite import (
    CathodeParameters,
)
from interlith.physics.conduction import percolating_conductivity
from interlith.physics.constants import FARADAY, GAS_CONSTANT
from interlith.physics.full_cell import FullCellParameters
from interlith.physics.open_circuit import with_site_limits
from interlith.physics.parameters import blank_electrode
from interlith.physics.registry import FUNCTIONS, KERNEL_SLOTS
from interlith.simulation.assembly import (
    cell_library,
    electrode_bounds,
    electrode_tolerance,
    electrolyte_of,
    laws_of,
    lithium_electrode,
)
from interlith.simulation.cathode_tables import node_table, particle_table
from interlith.simulation.gather import Gatherer
from interlith.simulation.provenance import of_both

if TYPE_CHECKING:
    from interlith.cell.cathode import CompositeCathode
    from interlith.cell.cell import Cell
    from interlith.materials.curve import Curve
    from interlith.materials.library import Library

FloatArray = NDArray[np.float64]

GRID_OF_X = np.linspace(0.0, 1.0, INTERVALS + 1)
"""Lithium contents at which curves are tabulated."""
REFERENCE_TEMPERATURE = 298.15
"""Temperature of the published open-circuit potentials [K]."""


@dataclass(frozen=True)
class Grid:
    """How finely a full cell is resolved; the tests measure the order of convergence."""

    cathode_nodes: int = 12
    """Control volumes of the cathode, thinner at both faces."""
    cathode_grading: float = 1.1
    """Ratio of neighbouring widths."""
    shells: int = 16
    """Shells of each particle, thinner at the surface."""
    shell_grading: float = 1.2
    """Ratio of neighbouring thicknesses."""
    interlayer_nodes: int | None = None
    """Control volumes of each interlayer."""


@dataclass(frozen=True)
class Fatigue:
    """Numbers of the slow changes that are made between time steps (SI)."""

    cracking_onset: float
    """Stoichiometry below which the lattice collapses."""
    cracking_rate: float
    """Share isolated per volumetric strain passed beyond the onset."""
    relative_volume: FloatArray
    """Relative volume on a uniform grid of x from 0 to 1."""
    radii: FloatArray
    """Radius of each particle size [m]."""
    fluoride_surface: float
    """Concentration that the skin holds at the surface [mol m-3]."""
    fluoride_diffusivity: float
    """When set free [m2 s-1]."""
    fluoride_onset: float
    """[V]."""
    fluoride_scale: float
    """[V]."""
    fluoride_drift: float
    """z F / (R T) [V-1]."""
    fluoride_half_protection: float
    """[mol m-3]."""


@dataclass(frozen=True)
class FullAssembly:
    """A full cell at one temperature, ready to be integrated."""

    parameters: FullCellParameters
    laws: tuple[Any, ...]
    law_names: dict[str, str]
    start: FloatArray
    """Initial state."""
    absolute_tolerance: FloatArray
    """Absolute tolerance of each state per unit of relative tolerance."""
    bounds: tuple[FloatArray, FloatArray]
    """Lowest and highest value of each state."""
    fatigue: Fatigue
    valid: tuple[float, float]
    """Range of x for which the open-circuit potential was published."""
    positions: FloatArray
    """Distance of the cathode's nodes from the separator [m]."""
    shell_radii: FloatArray
    """Radius of the shells of a particle over its own."""
    active_loading: float
    """Mass of active material per area [kg m-2]."""
    used_values: list[UsedValue] = field(repr=False)

    def workspace(self) -> Workspace:
        """Arrays in which the cell is integrated."""
        from interlith.simulation.full_kernel import full_workspace

        return full_workspace(self.parameters)


def assemble_full(
    cell: Cell,
    library: Library | None = None,
    grid: Grid | None = None,
    temperature: float | None = None,
    half_cell: bool = False,
) -> FullAssembly:
    """Evaluate all parameters of a full cell.

    Parameters
    ----------
    cell : Cell
        A cell whose last layer is a composite cathode.
    library : Library, optional
        Materials; the default is the package's with the cell's own files on top.
    grid : Grid, optional
        How finely it is resolved.
    temperature : float, optional
        Of the step [K]; the default is that of the cell.
    half_cell : bool, optional
        Replace the lithium side by ideal lithium: only the cathode and the electrolyte count.

    Returns
    -------
    FullAssembly
        Parameters, laws, initial state, tolerances, used values.

    Raises
    ------
    InputError, MaterialError
        If a law, a material or one of its relations is missing.
    """
    grid = grid or Grid()
    names = laws_of(cell)
    kelvin = cell.temperature if temperature is None else temperature
    gather = Gatherer(library or cell_library(cell), kelvin)
    electrolyte = electrolyte_of(cell, gather)
    if half_cell:
        anode, anode_start = blank_electrode(), np.zeros(0)
    else:
        anode, anode_start = lithium_electrode(
            cell, gather, names, electrolyte, "left", grid.interlayer_nodes
        )
    built = _Cathode(cell, gather, grid, kelvin)
    interface = gather.library["interface"]
    pressure = gather.given("cell", "stack_pressure", cell.stack_pressure, "pressure", "Pa")
    gather.given("cell", "temperature", kelvin, "temperature", "K")
    parameters = FullCellParameters(
        anode=anode,
        cathode=built.parameters,
        has_anode=not half_cell,
        series_resistance=electrolyte.resistance,
        stack_pressure=pressure,
        fixture_stiffness=cell.fixture_stiffness,
        hard_conductance=1.0 / electrolyte.short_resistance,
        overlap_of_hard_short=gather.property("interface", interface, "hard_short_overlap"),
    )
    endless = np.full(1, np.inf)
    tolerances = [] if half_cell else [electrode_tolerance(anode)]
    lowest, highest = ([], []) if half_cell else ([x] for x in electrode_bounds(anode))
    return FullAssembly(
        parameters=parameters,
        laws=tuple(FUNCTIONS[slot][names[slot]] for slot in KERNEL_SLOTS),
        law_names=names,
        start=np.concatenate([anode_start, built.start(), [0.0]]),
        absolute_tolerance=np.concatenate([*tolerances, built.tolerance(), [100.0]]),
        bounds=(
            np.concatenate([*lowest, built.bound(0.0), -endless]),
            np.concatenate([*highest, built.bound(1.0), endless]),
        ),
        fatigue=built.fatigue,
        valid=built.open_circuit.valid,
        positions=built.positions,
        shell_radii=built.shells.centres,
        active_loading=built.composition.active.areal_mass,
        used_values=of_both(gather.used_values(), built.notes),
    )


class _Cathode:
    """Numbers of the composite cathode."""

    def __init__(self, cell: Cell, gather: Gatherer, grid: Grid, temperature: float) -> None:
        from interlith.cell.composition import composition_of, composition_values

        layer = cell.cathode
        assert layer is not None
        self.layer: CompositeCathode = layer
        self.gather, self.grid, self.temperature = gather, grid, temperature
        self.where = f"layers.{len(cell.layers) - 1} {layer.material}"
        self.material = gather.library[layer.material]
        self.mixture = gather.library["composite"]
        name = layer.interphase or self.material.relations.get("interphase")
        self.film = gather.material(name, f"{self.where} interphase", "a cathode interphase")
        self.composition = composition_of(layer, gather.library)
        self.notes = list(composition_values(layer, gather.library, self.where))
        self.open_circuit = self.material.curves["open_circuit_potential"]
        self.shells = shells(grid.shells, grid.shell_grading)
        self.widths = graded_widths(
            self.composition.thickness, grid.cathode_nodes, grid.cathode_grading
        )
        self.positions = np.cumsum(self.widths) - 0.5 * self.widths
        self._note_make_up()
        self.parameters = self._parameters()
        self.fatigue = self._fatigue()

    def _of_active(self, name: str) -> float:
        return self.gather.property(self.where, self.material, name, self.layer)

    def _of_film(self, name: str) -> float:
        return self.gather.property(f"{self.where} interphase {self.film.name}", self.film, name)

    def _of_mixture(self, name: str) -> float:
        return self.gather.property("composite", self.mixture, name, self.layer)

    def _note_make_up(self) -> None:
        """Remember what the user gave, or what stands in for it."""
        layer, note = self.layer, self.gather.given
        for name, value, dimension, unit in (
            ("thickness", layer.thickness, "length", "m"),
            ("loading", layer.loading, "areal_density", "kg/m2"),
            ("active_mass_fraction", layer.active_mass_fraction, "fraction", "1"),
            ("additive_mass_fraction", layer.additive_mass_fraction, "fraction", "1"),
        ):
            if value is not None:
                note(self.where, name, value, dimension, unit)
        if layer.porosity is None:
            self._of_mixture("porosity")
        else:
            note(self.where, "porosity", layer.porosity, "fraction", "1")

    def _table(self, name: str, otherwise: float) -> FloatArray:
        """Values of a curve on a fine uniform grid of x, and the note that it was used."""
        curve = self.material.curves.get(name)
        if curve is None:
            return np.full(len(GRID_OF_X), otherwise)
        self.notes.append(_used_curve(self.where, curve))
        if name == "open_circuit_potential":
            return np.asarray(curve.values(GRID_OF_X))
        # A straight line beyond the range could make a diffusivity negative: its end holds.
        return np.asarray(curve.values(np.clip(GRID_OF_X, *curve.valid)))

    def _potential(self) -> FloatArray:
        """Open-circuit potential at the temperature of the cell."""
        entropic = self._table("entropic_coefficient", 0.0)
        there = self._table("open_circuit_potential", 0.0)
        thermal = GAS_CONSTANT * self.temperature / FARADAY
        there = with_site_limits(GRID_OF_X, there, self.open_circuit.valid, thermal)
        return there + (self.temperature - REFERENCE_TEMPERATURE) * entropic

    def _note_sizes(self) -> None:
        """Remember the sizes of the particles."""
        layer = self.layer
        if layer.particle_radius is None and not layer.particle_sizes:
            self._of_active("particle_radius")
            return
        for number, (radius, _share) in enumerate(self.sizes):
            name = f"particle_sizes.{number}.radius" if layer.particle_sizes else "particle_radius"
            self.gather.given(self.where, name, radius, "length", "m")

    def _parameters(self) -> CathodeParameters:
        contact = self._of_mixture("contact_fraction")
        self.sizes = self.composition.particle_sizes
        self._note_sizes()
        self.made = self._of_active("as_made_stoichiometry")
        self.thickness = self._of_film("initial_thickness")
        self.potential = self._potential()
        self.volume = self._table("relative_volume", 1.0)
        factor = self._of_film("charge_transfer_factor")
        return CathodeParameters(
            thermal_voltage=GAS_CONSTANT * self.temperature / FARADAY,
            exchange=self._of_active("exchange_current_density") * factor,
            gap_odds=(1.0 - contact) / contact,
            contact_reference_pressure=self._of_mixture("contact_reference_pressure"),
            contact_exponent=self._of_mixture("contact_pressure_exponent"),
            film_conductivity=self._of_film("ionic_conductivity"),
            film_rate=self._of_film("growth_rate_constant"),
            film_onset=self._of_film("growth_onset_potential"),
            film_scale=self._of_film("growth_potential_scale"),
            film_charge=FARADAY * self._of_film("oxidation_charge_concentration"),
            volume_at_start=float(np.interp(self.made, GRID_OF_X, self.volume)),
            shell_volumes=self.shells.volumes,
            shell_conductances=self.shells.conductances,
            surface_weights=self.shells.surface_weights,
            open_circuit=make_table(self.potential),
            diffusivity=make_table(integrated(self._table("diffusivity_factor", 1.0))),
            volume=make_table(self.volume),
            nodes=self._nodes(),
            particles=self._particles(),
            sizes=len(self.sizes),
        )

    def _nodes(self) -> NDArray[np.void]:
        """Table of the control volumes."""
        made = self.composition
        active = made.active.volume_fraction
        additive = made.additive.volume_fraction if made.additive else 0.0
        capacitance = self._of_mixture("double_layer_capacitance")
        area = sum(3.0 * active * share / radius for radius, share in self.sizes)
        return node_table(
            self.widths, self._ionic(), self._electronic(active, additive), area * capacitance
        )

    def _percolating(self, dense: float, fraction: float) -> float:
        return percolating_conductivity(
            dense,
            fraction,
            self._of_mixture("percolation_threshold"),
            self._of_mixture("percolation_exponent"),
        )

    def _ionic(self) -> float:
        """Effective ionic conductivity: the electrolytes form one phase, side by side in it."""
        phase = self.composition.electrolyte_volume_fraction
        dense = 0.0
        for part in self.composition.electrolytes:
            material = self.gather.library[part.material]
            where = f"{self.where} electrolyte {part.material}"
            kappa = self.gather.property(where, material, "ionic_conductivity")
            dense += part.volume_fraction / phase * kappa
        return self._note_effective("ionic", self._percolating(dense, phase))

    def _electronic(self, active: float, additive: float) -> float:
        """Effective electronic conductivity: active material and additive are parallel networks."""
        sigma = self._percolating(self._of_active("electronic_conductivity"), active)
        if self.layer.additive is not None:
            material = self.gather.library[self.layer.additive]
            where = f"{self.where} additive {material.name}"
            dense = self.gather.property(where, material, "electronic_conductivity")
            sigma += percolating_conductivity(
                dense,
                additive,
                self._of_mixture("additive_percolation_threshold"),
                self._of_mixture("percolation_exponent"),
            )
        return self._note_effective("electronic", sigma)

    def _note_effective(self, carrier: str, value: float) -> float:
        note = "percolation law (physics/conduction.py) of the values listed here"
        self.notes.append(
            UsedValue(
                self.where,
                f"effective_{carrier}_conductivity",
                value,
                "S/m",
                f"{value / 100.0:.3g} S/cm",
                "computed",
                note,
            )
        )
        return value

    def _particles(self) -> NDArray[np.void]:
        """Table of the particles of each size in each control volume."""
        active = self.composition.active.volume_fraction
        most = self._of_active("maximum_lithium_concentration")
        diffusivity = self._of_active("lithium_diffusivity")
        return particle_table(
            len(self.widths),
            [radius for radius, _share in self.sizes],
            [active * share for _radius, share in self.sizes],
            diffusivity,
            most,
        )

    def _fatigue(self) -> Fatigue:
        onset = self._of_active("cracking_potential")
        above = np.flatnonzero(self.potential >= onset)
        charge = self._of_film("fluoride_charge_number")
        return Fatigue(
            cracking_onset=float(GRID_OF_X[above[-1]]) if len(above) else 0.0,
            cracking_rate=self._of_active("cracking_rate"),
            relative_volume=self.volume,
            radii=np.array([radius for radius, _share in self.sizes]),
            fluoride_surface=self._of_film("fluoride_surface_concentration"),
            fluoride_diffusivity=self._of_film("fluoride_diffusivity"),
            fluoride_onset=self._of_film("fluoride_onset_potential"),
            fluoride_scale=self._of_film("fluoride_potential_scale"),
            fluoride_drift=charge * FARADAY / (GAS_CONSTANT * self.temperature),
            fluoride_half_protection=self._of_film("fluoride_protection_concentration"),
        )

    def start(self) -> FloatArray:
        """State as made: uniform, at rest."""
        particles = len(self.widths) * len(self.sizes)
        one = np.append(np.full(self.grid.shells, self.made), self.thickness)
        rest = float(np.interp(self.made, GRID_OF_X, self.potential))
        return np.concatenate([np.repeat(one, particles), np.full(len(self.widths), rest)])

    def tolerance(self) -> FloatArray:
        """What counts as small in each state."""
        particles = len(self.widths) * len(self.sizes)
        one = np.append(np.full(self.grid.shells, 0.1), self.thickness)
        return np.concatenate([np.repeat(one, particles), np.full(len(self.widths), 0.05)])

    def bound(self, end: float) -> FloatArray:
        """Lowest (end 0) or highest (end 1) value of each state."""
        particles = len(self.widths) * len(self.sizes)
        outside = np.inf if end else -np.inf
        slack = SLACK_IN_X if end else -SLACK_IN_X
        one = np.append(np.full(self.grid.shells, end + slack), outside if end else 0.0)
        return np.concatenate([np.repeat(one, particles), np.full(len(self.widths), outside)])


SLACK_IN_X = 1e-2
"""How far beyond empty or full a shell may go: the open-circuit potential holds it, steeply; the
bound only keeps a time step from jumping over that. A tighter one would stop the integrator where
truncation leaves x a little above 1."""


def _used_curve(where: str, curve: Curve) -> UsedValue:
    """A curve as a line of a report: its value at x = 1/2 and where it holds."""
    low, high = curve.valid
    middle = float(curve.values(np.array([0.5]))[0])
    return UsedValue(
        where,
        f"{curve.name} (curve, here at x = 0.5)",
        middle,
        curve.unit,
        f"{curve.law.describe()}; valid for x = {low:g} to {high:g}"[:160],
        curve.kind,
        str(curve.source) if curve.source else curve.note,
        None if curve.low is None else middle + curve.low,
        None if curve.high is None else middle + curve.high,
    )
