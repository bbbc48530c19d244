"""The composite cathode of a cell file as a half cell that other programs can be handed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interlith.bridges.functions import LevelledSquareRoot, Sampled
from interlith.bridges.half_cell import HalfCell
from interlith.errors import InputError, Problem
from interlith.physics.composite import contact_of
from interlith.physics.constants import FARADAY, GAS_CONSTANT
from interlith.simulation.full_assembly import FullAssembly, assemble_full

if TYPE_CHECKING:
    from interlith.cell.cell import Cell
    from interlith.materials.library import Library

__all__ = ["LEFT_BEHIND", "half_cell_of", "half_cell_of_assembly"]

LEFT_BEHIND = (
    "double layers: PyBaMM's half cell has none; they matter for milliseconds",
    "growth of the cathode interphase, cracking, fluoride: the half cell is as made",
    "lithium electrode with its interlayers: ideal lithium instead",
    "stack pressure: the contact is that at the pressure of the cell file",
)
"""What a full cell has and its half cell does not."""


def half_cell_of(
    cell: Cell, library: Library | None = None, temperature: float | None = None
) -> HalfCell:
    """Return the numbers of the composite cathode of a full cell, against ideal lithium.

    Parameters
    ----------
    cell : Cell
        A cell whose last layer is a composite cathode.
    library : Library, optional
        Materials.
    temperature : float, optional
        [K]; the default is that of the cell.

    Returns
    -------
    HalfCell
        Exactly the numbers that :func:`interlith.simulation.simulate_full` integrates.

    Raises
    ------
    InputError
        If the cell is not a full cell, or has particles of several sizes.
    """
    if not cell.is_full:
        last = f"layers.{len(cell.layers) - 1}"
        raise InputError(Problem("", last, cell.layers[-1].material, "a composite cathode"))
    return half_cell_of_assembly(cell, assemble_full(cell, library, None, temperature, True))


def half_cell_of_assembly(cell: Cell, assembly: FullAssembly) -> HalfCell:
    """Return the half cell of numbers that are assembled already.

    Parameters
    ----------
    cell : Cell
        The full cell.
    assembly : FullAssembly
        Its numbers, at the temperature wanted.

    Returns
    -------
    HalfCell
        As :func:`half_cell_of`.
    """
    p = assembly.parameters.cathode
    if p.sizes > 1:
        field = f"layers.{len(cell.layers) - 1}.particle_sizes"
        raise InputError(Problem("", field, f"{p.sizes} sizes", "particles of one size"))
    node, particle = p.nodes[0], p.particles[0]
    radius = float(assembly.fatigue.radii[0])
    fraction = float(particle["solid_fraction"])
    diffusivity = float(particle["diffusion_rate"]) * radius**2
    shells = len(p.shell_volumes)
    film = float(assembly.start[shells * len(p.particles)])
    return HalfCell(
        area=cell.area,
        temperature=float(p.thermal_voltage * FARADAY / GAS_CONSTANT),
        thickness=float(p.nodes["width"].sum()),
        ionic_conductivity=float(0.5 * node["width"] / node["ionic_resistance"]),
        electronic_conductivity=float(0.5 * node["width"] / node["electronic_resistance"]),
        active_fraction=fraction,
        particle_radius=radius,
        maximum_concentration=float(particle["lithium_charge"]) / (FARADAY * fraction),
        diffusivity=Sampled.of_slopes(p.diffusivity, diffusivity),
        open_circuit_potential=Sampled.of_values(p.open_circuit),
        exchange_current_density=LevelledSquareRoot(float(p.exchange)),
        start_stoichiometry=float(assembly.start[0]),
        contact_fraction=float(contact_of(p, assembly.parameters.stack_pressure)),
        film_resistance=film / float(p.film_conductivity),
        separator_resistance=float(assembly.parameters.series_resistance),
        name=cell.name,
    )
