"""Thousands of designs of one full cell: the same protocol, other numbers of the cathode."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from interlith.errors import InputError, Problem
from interlith.numerics.status import EVENT, MESSAGES, REACHED_END
from interlith.physics.constants import FARADAY
from interlith.physics.operation import STOP_ON_SHORT
from interlith.simulation import kernel
from interlith.simulation.cathode_tables import node_table, particle_table
from interlith.simulation.design_kernel import MEASURED, run_designs
from interlith.simulation.full_assembly import FullAssembly, Grid, assemble_full
from interlith.simulation.full_kernel import FULL
from interlith.simulation.program import compile_program

if TYPE_CHECKING:
    import xarray as xr

    from interlith.cell.cell import Cell
    from interlith.materials.library import Library

__all__ = ["VARIED", "simulate_designs"]

FloatArray = NDArray[np.float64]
Progress = Callable[[float, str], None]

VARIED = {
    "thickness": ("m", "thickness of the cathode"),
    "active_fraction": ("1", "volume of active material over that of the cathode"),
    "ionic_conductivity": ("S/m", "effective ionic conductivity of the cathode"),
    "electronic_conductivity": ("S/m", "effective electronic conductivity of the cathode"),
    "particle_radius": ("m", "radius of the particles, all of one size"),
    "lithium_diffusivity": ("m2/s", "diffusivity of lithium in the active material"),
    "exchange_current_density": ("A/m2", "exchange current density at x = 1/2"),
    "separator_resistance": ("Ohm m2", "area resistance of the electrolyte layers"),
    "start_stoichiometry": ("1", "lithium content x of the particles at the start"),
    "rate": ("1", "factor on the currents of the protocol"),
}
"""What can be varied: SI unit and meaning. All else that a design changes needs a cell file."""
_ZERO_ALLOWED = frozenset({"separator_resistance"})
_AT_MOST_ONE = frozenset({"active_fraction", "start_stoichiometry"})
ROWS = 16_384
MOST_ATTEMPTS = 50_000
SECONDS_BETWEEN_LOOKS = 0.1


def simulate_designs(
    cell: Cell,
    vary: Mapping[str, ArrayLike],
    half_cell: bool = False,
    library: Library | None = None,
    grid: Grid | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> xr.Dataset:
    """Run the protocol of a cell on many designs that differ in numbers of the cathode.

    Parameters
    ----------
    cell : Cell
        The full cell that all are variations of.
    vary : mapping of str to array-like
        Some of :data:`VARIED`, in SI units, each one number or one for every design.
    half_cell : bool, optional
        Replace the lithium side by ideal lithium.
    library : Library, optional
        Materials; the default is the package's with the cell's own files on top.
    grid : Grid, optional
        How finely each is resolved.
    workers : int, optional
        Threads; the default is the number of processors.
    progress : callable (fraction, text), optional
        Called now and then.

    Returns
    -------
    xarray.Dataset
        By design and step: ``duration`` [s], ``charge`` [C/m2] and ``energy`` [J/m2] (positive on
        discharge), ``end_voltage`` [V], not a number where a step did not run; by design
        ``steps_run``, ``failed`` and the varied numbers.

    Raises
    ------
    InputError
        If a name or a value in ``vary`` is not allowed, or the cell cannot be assembled.

    Notes
    -----
    The equations are those of :func:`interlith.simulation.simulate_full`, growth of the interphase
    included. Cracking and fluoride, which change a cathode between steps, are left out, and all
    steps run at the temperature of the cell. A design that the integrator gives up on is marked as
    failed and not tried again.
    """
    from interlith.cell.expand import expand

    steps = expand(cell)
    _require_one_temperature(cell, steps)
    assembly = assemble_full(cell, library, grid, None, half_cell)
    designs = _Designs(assembly, _checked(vary, assembly))
    program = compile_program(steps)
    program[:, STOP_ON_SHORT] = 1.0
    crew = workers or os.cpu_count() or 1
    found = _run(assembly, designs, program, cell.solver.rtol, max(1, crew), progress)
    return _dataset(found, designs, [step.label for step in steps])


def _require_one_temperature(cell: Cell, steps: Any) -> None:
    """Refuse steps at other temperatures, whose equations would need other numbers."""
    problems = [
        Problem("", f"protocol step {number}", f"{step.temperature:g} K", "no temperature")
        for number, step in enumerate(steps, 1)
        if step.temperature is not None and step.temperature != cell.temperature
    ]
    if problems:
        raise InputError(problems[:1])


def _checked(vary: Mapping[str, ArrayLike], assembly: FullAssembly) -> dict[str, FloatArray]:
    """Numbers of all designs, of one length; every problem at once."""
    problems: list[Problem] = []
    values: dict[str, FloatArray] = {}
    for name, given in vary.items():
        if name not in VARIED:
            problems.append(Problem("", f"vary.{name}", "given", f"one of {', '.join(VARIED)}"))
            continue
        try:
            values[name] = np.atleast_1d(np.asarray(given, np.float64))
        except (TypeError, ValueError):
            problems.append(Problem("", f"vary.{name}", repr(given)[:60], "numbers"))
            continue
        problems += _out_of_bounds(name, values[name])
    if "particle_radius" in values and len(assembly.fatigue.radii) > 1:
        sizes = f"{len(assembly.fatigue.radii)} sizes"
        problems.append(Problem("", "vary.particle_radius", sizes, "particles of one size"))
    lengths = {len(array) for array in values.values() if array.ndim == 1} - {1}
    if len(lengths) > 1:
        problems.append(
            Problem("", "vary", f"lengths {sorted(lengths)}", "arrays of one length, or numbers")
        )
    if problems:
        raise InputError(problems)
    count = max(lengths, default=1)
    return {name: np.broadcast_to(array, count).copy() for name, array in values.items()}


def _out_of_bounds(name: str, array: FloatArray) -> list[Problem]:
    """What is wrong with the values of one number."""
    if array.ndim != 1 or array.size == 0:
        return [Problem("", f"vary.{name}", f"shape {array.shape}", "a number or a row of numbers")]
    low = array >= 0.0 if name in _ZERO_ALLOWED else array > 0.0
    good = low & np.isfinite(array)
    expected = "at least 0" if name in _ZERO_ALLOWED else "above 0"
    if name in _AT_MOST_ONE:
        good &= array < 1.0
        expected += " and below 1"
    if bool(good.all()):
        return []
    first = int(np.flatnonzero(~good)[0])
    return [Problem("", f"vary.{name}[{first}]", f"{array[first]:g}", f"{expected}, finite")]


class _Designs:
    """Numbers of all designs in the form that the compiled loop takes."""

    def __init__(self, assembly: FullAssembly, values: dict[str, FloatArray]) -> None:
        self.values = values
        self.count = len(next(iter(values.values()))) if values else 1
        base = assembly.parameters
        cathode, widths = base.cathode, base.cathode.nodes["width"]
        thickness = float(widths.sum())
        sizes = cathode.sizes
        first = cathode.particles[:: len(widths)]  # one particle of each size
        fractions, radii = first["solid_fraction"], assembly.fatigue.radii
        active = float(fractions.sum())
        scale = self._of("active_fraction", active) / active
        radius = self._of("particle_radius", float(radii[0]))
        relative = radius / radii[0]
        node = cathode.nodes[0]
        ionic = 0.5 * node["width"] / node["ionic_resistance"]
        electronic = 0.5 * node["width"] / node["electronic_resistance"]
        self.nodes = node_table(
            widths * (self._of("thickness", thickness) / thickness)[:, None],
            self._of("ionic_conductivity", ionic),
            self._of("electronic_conductivity", electronic),
            node["capacitance"] * scale / relative,
        )
        charge = float(first["lithium_charge"][0] / (FARADAY * fractions[0]))
        self.particles = particle_table(
            len(widths),
            radii * np.broadcast_to(relative[:, None], (self.count, sizes)),
            fractions * np.broadcast_to(scale[:, None], (self.count, sizes)),
            self._of("lithium_diffusivity", float(first["diffusion_rate"][0] * radii[0] ** 2)),
            charge,
        )
        self.exchange = self._of("exchange_current_density", cathode.exchange)
        self.resistance = self._of("separator_resistance", base.series_resistance)
        self.rate = self._of("rate", 1.0)
        self.starts = self._starts(assembly)

    def _of(self, name: str, otherwise: float) -> FloatArray:
        """A number of every design."""
        return self.values.get(name, np.full(self.count, float(otherwise)))

    def _starts(self, assembly: FullAssembly) -> FloatArray:
        """States at the start, at rest."""
        from interlith.numerics.table import look_up
        from interlith.physics.full_cell import anode_state_count, backbone_start

        starts = np.tile(assembly.start, (self.count, 1))
        given = self.values.get("start_stoichiometry")
        if given is None:
            return starts
        cell = assembly.parameters
        first, backbone = anode_state_count(cell), backbone_start(cell)
        shells = len(cell.cathode.shell_volumes) * len(cell.cathode.particles)
        starts[:, first : first + shells] = given[:, None]
        rest = [look_up(cell.cathode.open_circuit, float(x))[0] for x in given]
        starts[:, backbone:-1] = np.array(rest)[:, None]
        return starts


@dataclass(frozen=True)
class _Found:
    """What the compiled loop has written."""

    measured: FloatArray
    endings: NDArray[np.int64]


def _run(
    assembly: FullAssembly,
    designs: _Designs,
    program: FloatArray,
    rtol: float,
    workers: int,
    progress: Progress | None,
) -> _Found:
    """Share the designs among threads; each has a workspace and control array of its own."""
    found = _Found(
        np.full((designs.count, len(program), len(MEASURED)), np.nan),
        np.zeros((designs.count, 2), np.int64),
    )
    done = np.zeros((workers, 1), np.int64)
    atol = assembly.absolute_tolerance * rtol

    def work(first: int) -> None:
        control = np.full(kernel.CONTROL_COLUMNS, np.nan)
        system = (assembly.parameters, assembly.laws, control)
        prepared = FULL.prepare(system, atol, *assembly.bounds, assembly.workspace())
        run_designs(
            *prepared.handle,
            designs.nodes,
            designs.particles,
            designs.exchange,
            designs.resistance,
            designs.rate,
            designs.starts,
            program,
            first,
            workers,
            rtol,
            MOST_ATTEMPTS,
            np.empty(ROWS),
            np.empty((ROWS, designs.starts.shape[1])),
            np.full((len(program), 3), -1, np.int64),
            np.zeros(3, np.int64),
            found.measured,
            found.endings,
            done[first],
        )

    with ThreadPoolExecutor(workers) as pool:
        futures = [pool.submit(work, first) for first in range(workers)]
        looked = threading.Event()
        while progress is not None and not all(future.done() for future in futures):
            looked.wait(SECONDS_BETWEEN_LOOKS)
            finished = int(done.sum())
            progress(finished / designs.count, f"{finished} of {designs.count} designs")
        for future in futures:
            future.result()
    return found


def _dataset(found: _Found, designs: _Designs, labels: list[str]) -> xr.Dataset:
    """Name what was found."""
    import xarray as xr

    units = {"duration": "s", "charge": "C/m2", "energy": "J/m2", "end_voltage": "V"}
    status = found.endings[:, 1]
    variables: dict[str, Any] = {
        name: (("design", "step"), found.measured[:, :, column], {"units": units[name]})
        for column, name in enumerate(MEASURED)
    }
    variables["steps_run"] = ("design", found.endings[:, 0] + 1)
    variables["failed"] = ("design", (status != REACHED_END) & (status != EVENT))
    variables["ended"] = ("design", [MESSAGES.get(int(code), "unknown") for code in status])
    for name, values in designs.values.items():
        unit, meaning = VARIED[name]
        variables[name] = ("design", values, {"units": unit, "long_name": meaning})
    return xr.Dataset(variables, coords={"step": labels})
