"""A half cell in PyBaMM: its own model and a lean one, with exactly the numbers of a `HalfCell`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from interlith.bridges.functions import Sampled
from interlith.bridges.half_cell import HalfCell, OfStoichiometry
from interlith.bridges.loading import load_pybamm
from interlith.errors import SolverError

__all__ = [
    "Mesh",
    "Trace",
    "half_cell_model",
    "half_cell_parameters",
    "half_cell_simulation",
    "simulate_half_cell",
    "trace_of",
]

FloatArray = NDArray[np.float64]
ModelName = Literal["single ion", "DFN"]

IDEAL_LITHIUM = 1e10
"""Exchange current density that stands for ideal lithium in PyBaMM [A/m2]: at 100 mA/cm2 its
overpotential is 3 nV."""
IONS = 1000.0
"""Concentration of the ions, which PyBaMM wants though it never changes [mol/m3]."""
TABLE_POINTS = 4001
"""Points at which a function is tabulated that does not take PyBaMM's symbols."""
TABLE_MARGIN = 1e-6
"""Distance of the table from x = 0 and x = 1, where open-circuit potentials diverge."""


@dataclass(frozen=True)
class Mesh:
    """Control volumes of a half cell.

    Parameters
    ----------
    cathode, particle : int
        Number through the cathode and along the radius.
    clustered : bool, optional
        Whether those of the particle are narrow at its surface.
    """

    cathode: int = 20
    particle: int = 20
    clustered: bool = False

    def refined(self, factor: int) -> Mesh:
        """Return the mesh with a multiple of the volumes.

        Parameters
        ----------
        factor : int
            Of both numbers.

        Returns
        -------
        Mesh
            The finer one.
        """
        return Mesh(self.cathode * factor, self.particle * factor, self.clustered)


@dataclass(frozen=True)
class Trace:
    """What a half cell did.

    Parameters
    ----------
    time : ndarray
        [s].
    voltage : ndarray
        [V].
    current_density : ndarray
        [A/m2], positive on discharge.
    capacity : ndarray
        Net charge discharged since the start [C/m2].
    states : int
        Number of unknowns of the model.
    """

    time: FloatArray
    voltage: FloatArray
    current_density: FloatArray
    capacity: FloatArray
    states: int


def half_cell_model(cell: HalfCell, model: ModelName = "single ion") -> Any:
    """Make the PyBaMM model.

    Parameters
    ----------
    cell : HalfCell
        Decides which options PyBaMM's own model needs.
    model : str, optional
        ``single ion``: the lean model of :mod:`interlith.bridges.pybamm_single_ion`; ``DFN``:
        PyBaMM's own half cell.

    Returns
    -------
    pybamm.BaseModel
        The model.
    """
    pybamm = load_pybamm()
    if model == "single ion":
        from interlith.bridges.pybamm_single_ion import SingleIonHalfCell

        sampled = isinstance(cell.open_circuit_potential, Sampled)
        return SingleIonHalfCell(site_limits=not sampled)
    options: dict[str, Any] = {"working electrode": "positive"}
    if cell.film_resistance > 0.0:
        options |= {"SEI": ("none", "constant"), "SEI film resistance": "distributed"}
    return pybamm.lithium_ion.DFN(options)


def half_cell_parameters(
    cell: HalfCell, voltages: tuple[float, float], one_c: float | None = None
) -> Any:
    """Hand the numbers of a half cell to PyBaMM; both models take the same set.

    Parameters
    ----------
    cell : HalfCell
        The numbers.
    voltages : tuple of float
        Lower and upper limit of every run [V].
    one_c : float, optional
        Current density of 1C [A/m2]; the default moves the areal capacity in an hour.

    Returns
    -------
    pybamm.ParameterValues
        Effective numbers: porosities are 1 and Bruggeman exponents 0 wherever PyBaMM would correct.
        PyBaMM lets the whole surface react, so that the contact fraction goes into the exchange
        current density and into the resistance of the film.
    """
    pybamm = load_pybamm()
    from interlith.bridges import pybamm_single_ion

    one_c = cell.areal_capacity / 3600.0 if one_c is None else one_c
    side = cell.area**0.5
    film = cell.film_resistance / cell.contact_fraction
    exchange = symbolic(cell.exchange_current_density, "exchange_current_density")
    diffusivity = symbolic(cell.diffusivity_at, "diffusivity")

    def exchange_current(c_e: Any, c_surface: Any, c_maximum: Any, temperature: Any) -> Any:
        del c_e, temperature
        return cell.contact_fraction * exchange(c_surface / c_maximum)

    def particle_diffusivity(stoichiometry: Any, temperature: Any) -> Any:
        del temperature
        return diffusivity(stoichiometry)

    lower, upper = voltages
    return pybamm.ParameterValues(
        {
            **_lithium(),
            **_electrolyte(cell),
            "Electrode height [m]": side,
            "Electrode width [m]": side,
            "Nominal cell capacity [A.h]": one_c * cell.area,
            "Current function [A]": one_c * cell.area,
            "Contact resistance [Ohm]": 0.0,
            "Number of electrodes connected in parallel to make a cell": 1,
            "Number of cells connected in series to make a battery": 1,
            "Lower voltage cut-off [V]": lower,
            "Upper voltage cut-off [V]": upper,
            "Open-circuit voltage at 0% SOC [V]": lower,
            "Open-circuit voltage at 100% SOC [V]": upper,
            "Reference temperature [K]": cell.temperature,
            "Ambient temperature [K]": cell.temperature,
            "Initial temperature [K]": cell.temperature,
            "Positive electrode thickness [m]": cell.thickness,
            "Positive electrode conductivity [S.m-1]": cell.electronic_conductivity,
            "Positive electrode porosity": 1.0,
            "Positive electrode Bruggeman coefficient (electrolyte)": 0.0,
            "Positive electrode Bruggeman coefficient (electrode)": 0.0,
            "Positive electrode active material volume fraction": cell.active_fraction,
            "Positive particle radius [m]": cell.particle_radius,
            "Maximum concentration in positive electrode [mol.m-3]": cell.maximum_concentration,
            "Initial concentration in positive electrode [mol.m-3]": cell.start_stoichiometry
            * cell.maximum_concentration,
            "Positive particle diffusivity [m2.s-1]": particle_diffusivity,
            "Positive electrode OCP [V]": symbolic(
                cell.open_circuit_potential, "open_circuit_potential"
            ),
            "Positive electrode OCP entropic change [V.K-1]": 0.0,
            "Positive electrode exchange-current density [A.m-2]": exchange_current,
            "Positive electrode charge transfer coefficient": 0.5,
            "Positive electrode double-layer capacity [F.m-2]": 0.0,
            # Of the cathode interphase: PyBaMM calls a film on either electrode an SEI.
            "SEI resistivity [Ohm.m]": film,
            "Initial SEI thickness [m]": 1.0,
            "SEI partial molar volume [m3.mol-1]": 1.0,
            pybamm_single_ion.FILM: film,
            pybamm_single_ion.SEPARATOR: cell.separator_resistance,
        },
    )


def _lithium() -> dict[str, float]:
    """Lithium without overpotential, resistance or interphase."""
    return {
        "Negative electrode thickness [m]": 1e-6,
        "Negative electrode conductivity [S.m-1]": 1e12,
        "Negative current collector thickness [m]": 0.0,
        "Positive current collector thickness [m]": 0.0,
        "Exchange-current density for lithium metal electrode [A.m-2]": IDEAL_LITHIUM,
        "Lithium metal partial molar volume [m3.mol-1]": 1.3e-05,
        "Negative electrode OCP [V]": 0.0,
        "Negative electrode charge transfer coefficient": 0.5,
    }


def _electrolyte(cell: HalfCell) -> dict[str, float]:
    """A single-ion electrolyte; the separator is as thick as its resistance makes it."""
    thickness = max(cell.separator_resistance * cell.ionic_conductivity, 1e-12)
    return {
        "Separator thickness [m]": thickness,
        "Separator porosity": 1.0,
        "Separator Bruggeman coefficient (electrolyte)": 0.0,
        "Initial concentration in electrolyte [mol.m-3]": IONS,
        "Cation transference number": 1.0,
        "Thermodynamic factor": 1.0,
        "Electrolyte diffusivity [m2.s-1]": 1e-9,
        "Electrolyte conductivity [S.m-1]": cell.ionic_conductivity,
    }


def symbolic(function: OfStoichiometry, name: str) -> OfStoichiometry:
    """Make a function of numbers take PyBaMM's symbols.

    Parameters
    ----------
    function : callable
        Of a stoichiometry.
    name : str
        Of what it gives, an identifier.

    Returns
    -------
    callable
        The function itself where it works on symbols as a formula of numpy's functions does; else
        a cubic spline through 4001 of its values.
    """
    pybamm = load_pybamm()
    try:
        formula = function(pybamm.StateVector(slice(0, 1)))
    except (TypeError, ValueError, AttributeError, NotImplementedError):
        formula = None
    if isinstance(formula, pybamm.Symbol | int | float):
        return function
    points = np.linspace(TABLE_MARGIN, 1.0 - TABLE_MARGIN, TABLE_POINTS)
    values = np.asarray(function(points), np.float64)

    def table(stoichiometry: Any) -> Any:
        return pybamm.Interpolant(points, values, stoichiometry, name, interpolator="cubic")

    return table


def half_cell_simulation(
    cell: HalfCell,
    model: ModelName = "single ion",
    voltages: tuple[float, float] = (2.5, 4.4),
    one_c: float | None = None,
    mesh: Mesh | None = None,
    experiment: Sequence[Any] | None = None,
    tolerances: tuple[float, float] = (1e-6, 1e-8),
    inputs: Mapping[str, Any] | None = None,
    solver_options: Mapping[str, Any] | None = None,
    output_variables: Sequence[str] | None = None,
) -> Any:
    """Put model, numbers, mesh and solver together.

    Parameters
    ----------
    cell : HalfCell
        The numbers.
    model : str, optional
        As in :func:`half_cell_model`.
    voltages : tuple of float, optional
        Lower and upper limit of every run [V].
    one_c : float, optional
        Current density of 1C [A/m2].
    mesh : Mesh, optional
        Control volumes.
    experiment : sequence of str or pybamm.step, optional
        Steps, as PyBaMM's Experiment takes them; without it the current is held.
    tolerances : tuple of float, optional
        Relative and absolute.
    inputs : mapping, optional
        Parameters to replace: by ``"[input]"`` where their number is only given to ``solve``.
    solver_options : mapping, optional
        For IDAKLU.
    output_variables : sequence of str, optional
        The only variables to keep.

    Returns
    -------
    pybamm.Simulation
        Ready to be solved.
    """
    pybamm = load_pybamm()
    mesh = mesh or Mesh()
    built = half_cell_model(cell, model)
    parameters = half_cell_parameters(cell, voltages, one_c)
    if inputs:
        parameters.update(dict(inputs))
    submeshes = built.default_submesh_types
    if not mesh.clustered:
        submeshes["positive particle"] = pybamm.Uniform1DSubMesh
    else:
        submeshes["positive particle"] = pybamm.MeshGenerator(
            pybamm.Exponential1DSubMesh, submesh_params={"side": "right", "stretch": 2.0}
        )
    relative, absolute = tolerances
    return pybamm.Simulation(
        built,
        parameter_values=parameters,
        experiment=None if experiment is None else pybamm.Experiment(list(experiment)),
        var_pts={"x_n": 1, "x_s": 2, "x_p": mesh.cathode, "r_p": mesh.particle},
        submesh_types=submeshes,
        solver=pybamm.IDAKLUSolver(
            rtol=relative,
            atol=absolute,
            options=dict(solver_options or {}),
            output_variables=list(output_variables or []),
        ),
    )


def simulate_half_cell(
    cell: HalfCell,
    current_density: float,
    until: float,
    model: ModelName = "single ion",
    mesh: Mesh | None = None,
    tolerances: tuple[float, float] = (1e-6, 1e-8),
) -> Trace:
    """Hold a current until the voltage reaches a limit.

    Parameters
    ----------
    cell : HalfCell
        The numbers.
    current_density : float
        [A/m2]; positive discharges.
    until : float
        Voltage that ends the run [V].
    model : str, optional
        As in :func:`half_cell_model`.
    mesh : Mesh, optional
        Control volumes.
    tolerances : tuple of float, optional
        Relative and absolute.

    Returns
    -------
    Trace
        Time, voltage, current density, capacity.

    Raises
    ------
    SolverError
        If PyBaMM gives up.
    """
    pybamm = load_pybamm()
    far = 100.0
    voltages = (until, far) if current_density > 0.0 else (-far, until)
    simulation = half_cell_simulation(
        cell,
        model,
        voltages,
        mesh=mesh,
        tolerances=tolerances,
        inputs={"Current function [A]": current_density * cell.area},
    )
    longest = 1.2 * cell.areal_capacity / abs(current_density)
    try:
        solution = simulation.solve([0.0, longest])
    except pybamm.SolverError as error:
        raise SolverError(f"PyBaMM gave up on {cell.name}: {error}") from error
    return trace_of(solution, cell)


def trace_of(solution: Any, cell: HalfCell) -> Trace:
    """Read a solution of either model.

    Parameters
    ----------
    solution : pybamm.Solution
        Solved.
    cell : HalfCell
        Its area.

    Returns
    -------
    Trace
        At the time steps of the solver.
    """
    names = ("Time [s]", "Voltage [V]", "Current [A]", "Discharge capacity [A.h]")
    time, voltage, current, charge = (solution[name].entries for name in names)
    return Trace(
        time=time,
        voltage=voltage,
        current_density=current / cell.area,
        capacity=charge * 3600.0 / cell.area,
        states=int(solution.all_models[0].len_rhs_and_alg),
    )
