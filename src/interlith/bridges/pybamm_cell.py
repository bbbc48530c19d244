"""A cell of interlith as model, numbers and protocol of PyBaMM."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from interlith.bridges.loading import load_pybamm
from interlith.bridges.pybamm_names import LAYER, SIDE, WHOLE, parameter_name
from interlith.errors import InputError, Problem
from interlith.physics.electrode import FILLING, LITHIATED, node_state, state_count
from interlith.physics.parameters import ElectrodeParameters, NodeArray
from interlith.simulation.assembly import Assembly, assemble

if TYPE_CHECKING:
    from interlith.cell.cell import Cell
    from interlith.cell.step import Step
    from interlith.materials.library import Library

__all__ = [
    "PybammCell",
    "full_parameters",
    "symmetric_parameters",
    "to_pybamm",
]

INTENSIVE = (
    "ionic_log_ratio",
    "electronic_log_ratio",
    "capacitance",
    "pore_exchange",
    "capillary",
    "pore_charge",
    "host_potential",
    "host_exchange",
    "host_limit",
    "host_charge",
)
"""Fields of a control volume that are the same in a whole interlayer."""


FAR_VOLTAGES = (0.0, 10.0)
"""Limits of the whole cell [V] that no step of a half cell reaches; steps have their own."""


LONGEST_SHARE = 1.05
LEFT_BEHIND_OF_FULL = (
    "double layers of the cathode",
    "growth of the cathode interphase, cracking, fluoride: the cathode is as made",
    "the current of a short: a filament that spans the electrolyte ends the run",
    "stiffness of the fixture: the stack pressure is that of the cell file",
)
"""What the PyBaMM model of a full cell does not have."""


@dataclass(frozen=True)
class PybammCell:
    """A cell as PyBaMM takes it.

    Parameters
    ----------
    model : SymmetricCell
        The equations.
    parameter_values : pybamm.ParameterValues
        The numbers.
    steps : tuple of pybamm.step.BaseStep
        The protocol.
    """

    model: Any
    parameter_values: Any
    steps: tuple[Any, ...]

    def simulation(
        self,
        experiment: Sequence[Any] | None = None,
        nodes: int | None = None,
        solver: Any = None,
    ) -> Any:
        """Put all parts together.

        Parameters
        ----------
        experiment : sequence of str or pybamm.step, optional
            Steps; the default is the protocol of the cell.
        nodes : int, optional
            Control volumes of each interlayer.
        solver : pybamm.BaseSolver, optional
            The default is IDAKLU with relative tolerance 1e-6.

        Returns
        -------
        pybamm.Simulation
            Ready to be solved.
        """
        pybamm = load_pybamm()
        points = self.model.default_var_pts
        return pybamm.Simulation(
            self.model,
            parameter_values=self.parameter_values,
            experiment=pybamm.Experiment(list(self.steps if experiment is None else experiment)),
            var_pts=points if nodes is None else dict.fromkeys(points, nodes),
            solver=solver or self.model.default_solver,
        )


def to_pybamm(cell: Cell, library: Library | None = None, half_cell: bool = False) -> PybammCell:
    """Translate a cell with its protocol, symmetric or full.

    Parameters
    ----------
    cell : Cell
        The cell. What of a full cell is left behind is printed on standard error.
    library : Library, optional
        Materials.
    half_cell : bool, optional
        Of a full cell take the composite cathode against ideal lithium only.

    Returns
    -------
    PybammCell
        Model, parameter values and steps. Currents are PyBaMM's: a discharge carries lithium from
        left to right.

    Raises
    ------
    InputError
        If the cell uses a law that was not written for PyBaMM.
    MissingExtraError
        If PyBaMM is not installed.
    """
    pybamm = load_pybamm()
    if cell.is_full:
        translate = _half_cell_to_pybamm if half_cell else _full_cell_to_pybamm
        return translate(cell, library)
    from interlith.bridges.pybamm_symmetric import SymmetricCell
    from interlith.cell.expand import expand

    assembly = assemble(cell, library)
    sides = (assembly.parameters.left, assembly.parameters.right)
    model = SymmetricCell(
        interlayers=(len(_layers(sides[0].nodes)), len(_layers(sides[1].nodes))),
        laws=assembly.law_names,
    )
    values = pybamm.ParameterValues(_numbers(cell, assembly))
    # PyBaMM's voltage is that of the right metal, ours of the left.
    return PybammCell(model, values, tuple(_step(step, cell.area, -1.0) for step in expand(cell)))


def full_parameters(cell: Cell, library: Library | None = None) -> Any:
    """Return the numbers of a full cell for its PyBaMM model.

    Parameters
    ----------
    cell : Cell
        A full cell.
    library : Library, optional
        Materials.

    Returns
    -------
    pybamm.ParameterValues
        Those of the cathode, of the lithium electrode, and the stack pressure.
    """
    from interlith.bridges.composite import half_cell_of
    from interlith.bridges.pybamm_half_cell import half_cell_parameters
    from interlith.simulation.full_assembly import assemble_full

    assembly = assemble_full(cell, library)
    one_c = None if cell.capacity is None else cell.capacity / 3600.0
    values = half_cell_parameters(half_cell_of(cell, library), FAR_VOLTAGES, one_c)
    anode = assembly.parameters.anode
    lithium = _electrode_numbers("left", anode, assembly.start[: state_count(anode)])
    pressure = {WHOLE["stack_pressure"]: assembly.parameters.stack_pressure}
    values.update(lithium | pressure, check_already_exists=False)
    return values


def _full_cell_to_pybamm(cell: Cell, library: Library | None) -> PybammCell:
    """Translate a full cell with its lithium side."""
    from interlith.bridges.composite import half_cell_of
    from interlith.bridges.pybamm_full import FullCell
    from interlith.cell.expand import expand
    from interlith.simulation.full_assembly import assemble_full

    held = half_cell_of(cell, library).areal_capacity
    assembly = assemble_full(cell, library)
    layers = len(_layers(assembly.parameters.anode.nodes))
    steps = tuple(_step(_not_longer(step, held), cell.area, 1.0) for step in expand(cell))
    model = FullCell(layers, assembly.law_names)
    _tell(cell, LEFT_BEHIND_OF_FULL)
    return PybammCell(model, full_parameters(cell, library), steps)


def _half_cell_to_pybamm(cell: Cell, library: Library | None) -> PybammCell:
    """Translate the composite cathode of a full cell, against ideal lithium."""
    from interlith.bridges.composite import LEFT_BEHIND, half_cell_of
    from interlith.bridges.pybamm_half_cell import half_cell_model, half_cell_parameters
    from interlith.cell.expand import expand

    half_cell = half_cell_of(cell, library)
    one_c = None if cell.capacity is None else cell.capacity / 3600.0
    values = half_cell_parameters(half_cell, FAR_VOLTAGES, one_c)
    _tell(cell, LEFT_BEHIND)
    steps = tuple(
        _step(_not_longer(step, half_cell.areal_capacity), cell.area, 1.0) for step in expand(cell)
    )
    return PybammCell(half_cell_model(half_cell), values, steps)


def _tell(cell: Cell, left_behind: Sequence[str]) -> None:
    """Print what a translation leaves behind."""
    lines = [f"{cell.name} to PyBaMM: not carried over", *(f"  - {why}" for why in left_behind)]
    sys.stderr.write("\n".join(lines) + "\n")


def _not_longer(step: Step, areal_capacity: float) -> Step:
    """Let no step at constant current go on beyond all charge that the cathode can hold."""
    if step.control != "current":
        return step
    longest = LONGEST_SHARE * areal_capacity / abs(step.value)
    return replace(step, duration_s=min(step.duration_s, longest))


def symmetric_parameters(cell: Cell, library: Library | None = None) -> dict[str, Any]:
    """Return the numbers of a symmetric cell under the names that its PyBaMM model asks for.

    Parameters
    ----------
    cell : Cell
        The cell.
    library : Library, optional
        Materials.

    Returns
    -------
    dict
        Name -> SI value, at the temperature of the cell.
    """
    return _numbers(cell, assemble(cell, library))


def _numbers(cell: Cell, assembly: Assembly) -> dict[str, Any]:
    """All numbers by name."""
    parameters, start = assembly.parameters, assembly.start
    values: dict[str, Any] = {name: getattr(parameters, key) for key, name in WHOLE.items()}
    begin = 0
    for side, p in (("left", parameters.left), ("right", parameters.right)):
        values |= _electrode_numbers(side, p, start[begin : begin + state_count(p)])
        begin += state_count(p)
    one_c = cell.capacity if cell.capacity is not None else 36000.0
    return {
        **values,
        "Electrode area [m2]": cell.area,
        "Nominal cell capacity [A.h]": one_c * cell.area / 3600.0,
        "Current function [A]": 0.0,
        "Ambient temperature [K]": cell.temperature,
        "Number of cells connected in series to make a battery": 1,
        "Number of electrodes connected in parallel to make a cell": 1,
    }


def _electrode_numbers(side: str, p: ElectrodeParameters, start: Any) -> dict[str, Any]:
    """Numbers of one lithium electrode by name."""
    edges = np.concatenate([[0.0], np.cumsum(p.nodes["width"])])
    values: dict[str, Any] = {}
    for key, name in SIDE.items():
        value = edges[p.middle] if key == "middle" else getattr(p, key)
        values[parameter_name(name, side)] = float(value)
    return values | _layer_numbers(side, p, start)


def _layer_numbers(side: str, p: ElectrodeParameters, start: Any) -> dict[str, float]:
    """Numbers of each interlayer of a side by name."""
    values: dict[str, float] = {}
    for layer, (first, stop) in enumerate(_layers(p.nodes), start=1):
        nodes = p.nodes[first:stop]
        # A regularisation raises the resistance of volumes that are too narrow: take the widest.
        widest = nodes[int(np.argmax(nodes["width"]))]
        found = {key: float(nodes[0][key]) for key in INTENSIVE}
        found["thickness"] = float(nodes["width"].sum())
        found["swelling"] = float(nodes[0]["height_per_host"] / nodes[0]["width"])
        found["initial_filling"] = float(start[node_state(first, FILLING)])
        found["initial_lithiation"] = float(start[node_state(first, LITHIATED)])
        for carrier in ("ionic", "electronic"):
            resistance = widest[f"{carrier}_resistance"]
            found[f"{carrier}_conductivity"] = float(0.5 * widest["width"] / resistance)
        values |= {parameter_name(name, side, layer): found[key] for key, name in LAYER.items()}
    return values


def _layers(nodes: NodeArray) -> list[tuple[int, int]]:
    """First control volume, and one past the last, of each stretch of one material."""
    if not len(nodes):
        return []
    table = np.column_stack([nodes[key] for key in INTENSIVE])
    changes = np.flatnonzero(np.any(table[1:] != table[:-1], axis=1)) + 1
    return list(pairwise([0, *(int(change) for change in changes), len(nodes)]))


def _step(step: Step, area: float, sign: float) -> Any:
    """One step of the protocol; the sign is that of PyBaMM's voltage over ours."""
    pybamm = load_pybamm()
    duration = step.duration_s
    if step.areal_capacity is not None:
        if step.control != "current":
            field = f"protocol ({step.label})"
            raise InputError(
                Problem("", field, "an areal capacity", "a duration, as far as PyBaMM goes")
            )
        duration = min(duration, step.areal_capacity / abs(step.value))
    termination: list[Any] = []
    above, below = (">", "<") if sign > 0.0 else ("<", ">")
    if step.voltage_upper is not None:
        termination.append(pybamm.step.VoltageTermination(sign * step.voltage_upper, above))
    if step.voltage_lower is not None:
        termination.append(pybamm.step.VoltageTermination(sign * step.voltage_lower, below))
    if step.current_cutoff is not None:
        termination.append(pybamm.step.CurrentTermination(step.current_cutoff * area))
    given = {
        "duration": duration if math.isfinite(duration) else None,
        "termination": termination,
        "description": step.label or None,
    }
    if step.control == "voltage":
        return pybamm.step.voltage(sign * step.value, **given)
    if step.control == "power":
        return pybamm.step.power(sign * step.value * area, **given)
    return pybamm.step.current(step.value * area, **given)
