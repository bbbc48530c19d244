r"""The symmetric cell of docs/model.md as a PyBaMM model: a second, independent implementation.

PyBaMM's own operators discretise equations (1) and (2); the states and the laws are those of the
page. Signs are PyBaMM's: a positive current is a discharge, which carries lithium from the left
electrode to the right one, and the voltage is that of the right metal against the left one. It is
therefore minus the voltage of :func:`interlith.simulate`, which is given as "Driving voltage [V]".

The charge that the ions carry is an algebraic unknown, because a short takes a share of it that
depends on the voltage. Needs PyBaMM: import it through :mod:`interlith.bridges.pybamm_cell`.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pybamm

from interlith.bridges import pybamm_laws as law
from interlith.bridges.pybamm_names import LAYER, SIDE, WHOLE, parameter_name
from interlith.numerics.grid import graded_widths
from interlith.physics.electrode import MOUTH_ONSET
from interlith.physics.registry import default_laws

__all__ = [
    "GradedSubMesh",
    "LithiumElectrode",
    "SymmetricCell",
    "ccd_parameters",
    "interlayer_depth",
    "interlayer_domain",
    "interlayer_variable",
]

Symbol = Any
"""A PyBaMM expression; the library carries no types."""

SIDES = ("left", "right")
NODES = 12
"""Control volumes of an interlayer by default."""
GRADING = 1.25
"""Ratio of neighbouring widths with so many volumes; finer grids keep the shape."""


OF_A_CYCLE = ("contact fraction", "void capacity [C.m-2]", "filament fraction", "SEI thickness [m]")


class GradedSubMesh(pybamm.SubMesh1D):
    """Control volumes that are narrow at both ends, where lithium plates."""

    def __init__(self, lims: Any, npts: Any) -> None:
        variable, limits, tabs = self.read_lims(lims)
        count = npts[variable.name]
        low, high = limits["min"], limits["max"]
        widths = graded_widths(high - low, count, GRADING ** (NODES / count))
        edges = np.concatenate([[low], low + np.cumsum(widths)])
        edges[-1] = high
        super().__init__(edges, coord_sys=variable.coord_sys, tabs=tabs)


class SymmetricCell(pybamm.BaseModel):
    """Lithium | interlayers | electrolyte | interlayers | lithium.

    Parameters
    ----------
    interlayers : tuple of int, optional
        Number of interlayers on the left and on the right side.
    laws : dict, optional
        Slot -> name of the laws that are not the default.
    stop_at_short : bool, optional
        Whether a filament that spans the electrolyte ends a run.
    name : str, optional
        Shown by PyBaMM.
    """

    def __init__(
        self,
        interlayers: tuple[int, int] = (1, 1),
        laws: dict[str, str] | None = None,
        stop_at_short: bool = True,
        name: str = "interlith symmetric",
    ) -> None:
        super().__init__(name)
        self.options: Any = {}
        names = {**default_laws(), **(laws or {})}
        law.check_laws(names)
        laws_by_slot = {slot: law.CHOICES[slot][names[slot]] for slot in law.CHOICES}
        whole = {key: pybamm.Parameter(name) for key, name in WHOLE.items()}
        self.param = SimpleNamespace(
            Q=pybamm.Parameter("Nominal cell capacity [A.h]"),
            A_cc=pybamm.Parameter("Electrode area [m2]"),
            current_with_time=pybamm.FunctionParameter(
                "Current function [A]", {"Time [s]": pybamm.t}
            ),
        )
        self.interlayers = dict(zip(SIDES, interlayers, strict=True))
        thermal = (
            pybamm.constants.R * pybamm.Parameter("Ambient temperature [K]") / pybamm.constants.F
        )
        sides = [
            LithiumElectrode(self, side, count, laws_by_slot, thermal)
            for side, count in self.interlayers.items()
        ]
        growth = sum(electrode.growth() for electrode in sides)
        pressure = law.positive(whole["stack_pressure"] + whole["fixture_stiffness"] * growth)
        ionic = pybamm.Variable("Ionic current density [A.m-2]")
        for electrode, sign in zip(sides, (-1.0, 1.0), strict=True):
            electrode.close(sign * ionic, pressure)
        self._close(sides, ionic, pressure, whole, stop_at_short)

    def _close(
        self,
        sides: list[LithiumElectrode],
        ionic: Symbol,
        pressure: Symbol,
        whole: dict[str, Symbol],
        stop_at_short: bool,
    ) -> None:
        """Share the current between ions and short; define what can be looked at."""
        current = self.param.current_with_time
        density = current / self.param.A_cc
        left, right = sides
        driving = left.potential - right.potential + whole["electrolyte_resistance"] * ionic
        longest = pybamm.maximum(left.filament, right.filament)
        conductance = law.short_conductance(
            longest, whole["hard_conductance"], whole["overlap_of_hard_short"]
        )
        self.algebraic[ionic] = density - ionic - conductance * driving
        self.initial_conditions[ionic] = pybamm.Scalar(0)
        charges = {"Discharge capacity [A.h]": current, "Throughput capacity [A.h]": abs(current)}
        for name, rate in charges.items():
            charge = pybamm.Variable(name)
            self.rhs[charge] = rate / 3600
            self.initial_conditions[charge] = pybamm.Scalar(0)
            self.variables[name] = charge
        self.variables |= {
            "Time [s]": pybamm.t,
            "Time [h]": pybamm.t / 3600,
            "Current [A]": current,
            "Current variable [A]": current,
            "Current density [A.m-2]": density,
            "Ionic current density [A.m-2]": ionic,
            "Voltage [V]": -driving,
            "Battery voltage [V]": -driving,
            "Voltage expression [V]": -driving,
            "Driving voltage [V]": driving,
            "Power [W]": -driving * current,
            "Stack pressure [Pa]": pressure,
            "Short conductance [S.m-2]": conductance,
            "Total lithium [C.m-2]": left.lithium + right.lithium,
        }
        if stop_at_short:
            self.events.append(pybamm.Event("Short", 1.0 - longest))

    @property
    def default_geometry(self) -> Any:
        """Every interlayer along its own distance from the metal."""
        return pybamm.Geometry(
            {
                interlayer_domain(side, layer): {
                    interlayer_variable(side, layer): {
                        "min": interlayer_depth(side, layer - 1),
                        "max": interlayer_depth(side, layer),
                    }
                }
                for side, layer in self._layers()
            }
        )

    @property
    def default_var_pts(self) -> dict[Any, int]:
        """Control volumes of each interlayer."""
        return {interlayer_variable(side, layer): NODES for side, layer in self._layers()}

    @property
    def default_submesh_types(self) -> dict[str, Any]:
        """Narrow volumes at the faces of each interlayer."""
        return {interlayer_domain(side, layer): GradedSubMesh for side, layer in self._layers()}

    @property
    def default_spatial_methods(self) -> dict[str, Any]:
        """Finite volumes."""
        parabolic = {"extrapolation": {"order": {"gradient": "quadratic", "value": "quadratic"}}}
        volumes = pybamm.FiniteVolume(parabolic)
        return {interlayer_domain(side, layer): volumes for side, layer in self._layers()}

    @property
    def default_parameter_values(self) -> Any:
        """The cell that ``interlith new ccd`` writes."""
        return pybamm.ParameterValues(ccd_parameters())

    @property
    def default_solver(self) -> Any:
        """Variable order and step, sparse."""
        return pybamm.IDAKLUSolver(rtol=1e-6, atol=1e-8)

    @property
    def default_quick_plot_variables(self) -> list[str]:
        """What shows how a test goes."""
        sides = [f"{side.capitalize()} contact fraction" for side in SIDES]
        return ["Current density [A.m-2]", "Driving voltage [V]", *sides]

    @property
    def summary_variables(self) -> list[str]:
        """What a solution keeps of every cycle."""
        sides = [f"{side.capitalize()} {what}" for side in SIDES for what in OF_A_CYCLE]
        return ["Throughput capacity [A.h]", *sides]

    def _layers(self) -> list[tuple[str, int]]:
        """Side and number of each interlayer, counted from the metal."""
        return [
            (side, layer)
            for side, count in self.interlayers.items()
            for layer in range(1, count + 1)
        ]


def ccd_parameters() -> dict[str, Any]:
    """Return the parameters of the cell that ``interlith new ccd`` writes.

    Returns
    -------
    dict
        Name -> value, for ``pybamm.ParameterValues``.
    """
    from interlith.bridges.pybamm_cell import symmetric_parameters
    from interlith.cell import loads
    from interlith.cell.templates import template_text

    return symmetric_parameters(loads(template_text("ccd")))


def interlayer_domain(side: str, layer: int) -> str:
    """Name of the domain of an interlayer.

    Parameters
    ----------
    side : str
        ``left`` or ``right``.
    layer : int
        Number of the interlayer, counted from the metal.

    Returns
    -------
    str
        PyBaMM's name.
    """
    return f"{side} interlayer {layer}"


def _coordinate(side: str, layer: int) -> str:
    return f"x_{side}_{layer}"


def interlayer_variable(side: str, layer: int) -> Any:
    """Distance from the metal within an interlayer.

    Parameters
    ----------
    side : str
        ``left`` or ``right``.
    layer : int
        Number of the interlayer, counted from the metal.

    Returns
    -------
    pybamm.SpatialVariable
        [m].
    """
    return pybamm.SpatialVariable(
        _coordinate(side, layer), domain=interlayer_domain(side, layer), coord_sys="cartesian"
    )


def interlayer_depth(side: str, layers: int) -> Symbol:
    """Distance from the metal after so many layers.

    Parameters
    ----------
    side : str
        ``left`` or ``right``.
    layers : int
        How many.

    Returns
    -------
    pybamm.Symbol
        [m].
    """
    return sum(
        (
            pybamm.Parameter(parameter_name(LAYER["thickness"], side, layer))
            for layer in range(1, layers + 1)
        ),
        pybamm.Scalar(0),
    )


class LithiumElectrode:
    """States and equations of one electrode, added to the model that it is part of."""

    def __init__(
        self, model: Any, side: str, layers: int, laws: dict[str, Any], thermal: Symbol
    ) -> None:
        self.model, self.laws, self.thermal = model, laws, thermal
        self.name, self.layers = side.capitalize(), layers
        self.p = SimpleNamespace(
            **{key: pybamm.Parameter(parameter_name(name, side)) for key, name in SIDE.items()}
        )
        self.domains = [interlayer_domain(side, layer) for layer in range(1, layers + 1)]
        self.thickness = self._state("SEI thickness [m]", self.p.sei_initial, self.p.sei_initial)
        self.metal = self._state(
            "metal lithium [C.m-2]", self.p.initial_metal, self.p.initial_metal
        )
        self.void = self._state("void capacity [C.m-2]", 0.0, self.p.void_scale)
        self.face = self._state("face potential difference [V]", 0.0, self.thermal)
        self.filament = self._state("filament fraction", 0.0)
        self.potential: Symbol = None
        self.lithium: Symbol = None
        if layers:
            self.here = SimpleNamespace(
                **{key: self._of_layers(side, name) for key, name in LAYER.items()}
            )
            self.filling = self._field("pore filling", self.here.initial_filling)
            self.lithiated = self._field("host lithiation", self.here.initial_lithiation)
            self.eta = self._field("potential difference [V]", 0.0 * self.here.capillary)
            self.x = pybamm.SpatialVariable(f"x_{side}", domain=self.domains, coord_sys="cartesian")

    def growth(self) -> Symbol:
        """Growth of the stack; equation (11)."""
        metal = self.metal + self.void - self.p.initial_metal
        height = metal / self.p.charge_per_volume
        if self.layers:
            height += self._integral(self.here.swelling * self.lithiated)
        return height

    def close(self, current: Symbol, pressure: Symbol) -> None:
        """Add the equations (3) to (14) for a plating current and a stack pressure."""
        p, laws = self.p, self.laws
        factor = law.pressure_factor(
            pressure, p.contact_reference_pressure, p.adhesion_pressure, p.contact_exponent
        )
        contact = laws["contact_law"](self.void, p.void_scale)
        left = law.left_share(self.metal, p.exhaustion)
        face = law.face_current(self.face, left, p.face_exchange * contact / factor, self.thermal)
        growth = laws["sei_growth_law"](self.thickness, p.sei_rate) * left
        refill = laws["replenishment_law"](
            pressure,
            p.diffusive_replenishment,
            p.creep_replenishment,
            p.creep_reference_pressure,
            p.creep_exponent,
        )
        film = factor * self.thickness / p.sei_conductivity
        reactions, mouths = self._reactions()
        hot = self._hottest(current, contact, film, mouths)
        critical = p.critical_overpotential * law.barrier_left(self.filament)
        tip = laws["filament_law"](hot, critical, p.tip_exchange, self.thermal)
        filament = law.filament_current(
            tip, p.filament_area, current, self.filament, p.healing_fraction
        )
        rhs = self.model.rhs
        rhs[self.thickness] = growth
        rhs[self.metal] = face - p.sei_charge * growth
        rhs[self.void] = laws["void_model"](
            face, refill, self.void, p.smallest_void, p.refill_fraction
        )
        rhs[self.filament] = filament / p.filament_charge
        arriving, drop = self._conduct(current, current - filament, reactions)
        rhs[self.face] = (face - arriving) / p.face_capacitance
        bare = 1.0 if self.layers else contact
        self.potential = self.face - drop - current * film / bare
        self.lithium = self._lithium()
        self._show(contact, hot, film / bare)

    def _reactions(self) -> tuple[Symbol, Symbol]:
        """What pores and host take up per volume [A/m3]; what plates behind mouths [A/m2]."""
        if not self.layers:
            return 0.0, pybamm.Scalar(0)
        here = self.here
        pores, plating = law.pore_rate(
            self.eta, self.filling, here.pore_exchange, here.capillary, self.thermal
        )
        host = law.host_rate(
            self.eta,
            self.lithiated,
            here.host_potential,
            here.host_exchange,
            here.host_limit,
            self.thermal,
        )
        self.model.rhs[self.filling] = pores / here.pore_charge
        self.model.rhs[self.lithiated] = host / here.host_charge
        behind = self.x > self.p.middle
        return pores + host, self._integral(plating * behind)

    def _hottest(self, current: Symbol, contact: Symbol, film: Symbol, mouths: Symbol) -> Symbol:
        """Overpotential at the hottest spot; equation (12)."""
        edge = pybamm.boundary_value(self.eta, "right") if self.layers else self.face
        plating = law.positive(current)
        focused = plating + self.p.pore_mouth_factor * law.smooth_onset(
            mouths, MOUTH_ONSET * plating
        ) * (current > 0)
        hot = 1.0 + (1.0 / contact - 1.0) * self.p.hot_spot_smoothing
        return -edge + film * (hot * focused + pybamm.minimum(current, 0.0))

    def _conduct(
        self, current: Symbol, entering: Symbol, reactions: Symbol
    ) -> tuple[Symbol, Symbol]:
        """Ohm's laws, equation (1), and charge, (2).

        Returns the ionic current that arrives at the face and the drop of the ionic potential.
        """
        if not self.layers:
            return entering, pybamm.Scalar(0)
        here = self.here
        pristine = 1.0 - self.lithiated
        ionic = here.ionic_conductivity * pybamm.exp(-here.ionic_log_ratio * pristine)
        electronic = here.electronic_conductivity * pybamm.exp(
            -here.electronic_log_ratio * pristine
        )
        both = ionic * electronic / (ionic + electronic)
        share = ionic / (ionic + electronic)
        flow = share * current - both * pybamm.grad(self.eta)
        at_edge = pybamm.boundary_value(share, "right") * current - entering
        self.model.boundary_conditions[self.eta] = {
            "left": (self.face, "Dirichlet"),
            "right": (at_edge / pybamm.boundary_value(both, "right"), "Neumann"),
        }
        gathered = pybamm.div(flow)
        self.model.rhs[self.eta] = (reactions - gathered) / here.capacitance
        inside = pybamm.IndefiniteIntegral(flow / ionic, self.x)
        return entering - self._integral(gathered), pybamm.boundary_value(inside, "right")

    def _lithium(self) -> Symbol:
        """All lithium, the ions of the double layers included [C/m2]."""
        p = self.p
        total = self.metal + p.sei_charge * self.thickness + p.filament_charge * self.filament
        total = total - p.face_capacitance * self.face
        if not self.layers:
            return total
        here = self.here
        stored = here.pore_charge * self.filling + here.host_charge * self.lithiated
        return total + self._integral(stored - here.capacitance * self.eta)

    def _show(self, contact: Symbol, hot: Symbol, film: Symbol) -> None:
        """Offer the states and what follows from them."""
        shown = {
            "contact fraction": contact,
            "interphase overpotential [V]": hot,
            "SEI area resistance [Ohm.m2]": film,
            "total lithium [C.m-2]": self.lithium,
            "SEI thickness [m]": self.thickness,
            "metal lithium [C.m-2]": self.metal,
            "void capacity [C.m-2]": self.void,
            "face potential difference [V]": self.face,
            "filament fraction": self.filament,
        }
        self.model.variables |= {f"{self.name} {key}": value for key, value in shown.items()}

    def _state(self, name: str, start: Symbol, scale: Symbol = 1.0) -> Symbol:
        """A state without extent."""
        state = pybamm.Variable(f"{self.name} {name}", scale=scale)
        self.model.initial_conditions[state] = pybamm.convert_to_symbol(start)
        return state

    def _field(self, name: str, start: Symbol) -> Symbol:
        """A state along the interlayers."""
        parts = [
            pybamm.Variable(f"{domain.capitalize()} {name}", domain=domain)
            for domain in self.domains
        ]
        self.model.variables |= {part.name: part for part in parts}
        field = pybamm.concatenation(*parts)
        self.model.initial_conditions[field] = start
        return field

    def _of_layers(self, side: str, name: str) -> Symbol:
        """A number of each layer, along the interlayers."""
        return pybamm.concatenation(
            *[
                pybamm.PrimaryBroadcast(
                    pybamm.Parameter(parameter_name(name, side, layer)),
                    interlayer_domain(side, layer),
                )
                for layer in range(1, self.layers + 1)
            ]
        )

    def _integral(self, density: Symbol) -> Symbol:
        """Integrate over all interlayers."""
        return pybamm.Integral(density, self.x)
