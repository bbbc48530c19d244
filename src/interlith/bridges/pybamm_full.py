r"""The full cell as a PyBaMM model: lithium with interlayers on the left, composite cathode right.

The left electrode is that of :mod:`interlith.bridges.pybamm_symmetric`, the cathode that of
:mod:`interlith.bridges.pybamm_single_ion`; all current is ionic, and a filament that spans the
electrolyte ends the run instead of conducting. The voltage is that of the cathode less that of the
metal. Growth of the cathode interphase, cracking, fluoride and double layers of the cathode are not
in it. Needs PyBaMM: import it through :func:`interlith.bridges.to_pybamm`.
"""

from __future__ import annotations

from typing import Any

import pybamm

from interlith.bridges import pybamm_laws as law
from interlith.bridges.pybamm_names import WHOLE
from interlith.bridges.pybamm_single_ion import SingleIonHalfCell
from interlith.bridges.pybamm_symmetric import (
    NODES,
    GradedSubMesh,
    LithiumElectrode,
    interlayer_depth,
    interlayer_domain,
    interlayer_variable,
)
from interlith.physics.registry import default_laws

__all__ = ["FullCell"]

LEFT = "left"


class FullCell(SingleIonHalfCell):
    """Lithium | interlayers | electrolyte | composite cathode.

    Parameters
    ----------
    interlayers : int, optional
        Number of interlayers on the lithium.
    laws : dict, optional
        Slot -> name of the laws of the lithium electrode that are not the default.
    name : str, optional
        Shown by PyBaMM.
    """

    def __init__(
        self, interlayers: int = 1, laws: dict[str, str] | None = None, name: str = "interlith full"
    ) -> None:
        super().__init__(name, site_limits=False)
        self.layer_count = interlayers
        names = {**default_laws(), **(laws or {})}
        law.check_laws(names)
        chosen = {slot: law.CHOICES[slot][names[slot]] for slot in law.CHOICES}
        thermal = self.param.R * self.param.T_init / self.param.F
        lithium = LithiumElectrode(self, LEFT, interlayers, chosen, thermal)
        density = self.variables["Current density [A.m-2]"]
        lithium.close(-density, pybamm.Parameter(WHOLE["stack_pressure"]))
        self._join(lithium)

    def _join(self, lithium: LithiumElectrode) -> None:
        """Take the metal's potential off the voltage, and count all lithium."""
        voltage = self.variables["Voltage [V]"] - lithium.potential
        current = self.variables["Current [A]"]
        for name in ("Voltage [V]", "Battery voltage [V]", "Voltage expression [V]"):
            self.variables[name] = voltage
        self.variables["Power [W]"] = voltage * current
        positive = self.param.p.prim
        fraction = pybamm.Parameter("Positive electrode active material volume fraction")
        held = self.param.F * positive.c_max * fraction * self.param.p.L
        content = pybamm.x_average(
            pybamm.r_average(self.variables["Positive particle stoichiometry"])
        )
        self.variables["Total lithium [C.m-2]"] = lithium.lithium + held * content
        limits = {
            "Minimum voltage [V]": voltage - self.param.voltage_low_cut,
            "Maximum voltage [V]": self.param.voltage_high_cut - voltage,
            "Short": 1.0 - lithium.filament,
        }
        self.events = [pybamm.Event(name, value) for name, value in limits.items()]

    def _layers(self) -> range:
        return range(1, self.layer_count + 1)

    @property
    def default_geometry(self) -> Any:
        """The cathode's, and every interlayer along its own distance from the metal."""
        geometry = super().default_geometry
        for layer in self._layers():
            limits = {
                "min": interlayer_depth(LEFT, layer - 1),
                "max": interlayer_depth(LEFT, layer),
            }
            geometry[interlayer_domain(LEFT, layer)] = {interlayer_variable(LEFT, layer): limits}
        return geometry

    @property
    def default_var_pts(self) -> dict[Any, int]:
        """The cathode's, and control volumes of each interlayer."""
        points: dict[Any, int] = dict(super().default_var_pts)
        return points | {interlayer_variable(LEFT, layer): NODES for layer in self._layers()}

    @property
    def default_submesh_types(self) -> dict[str, Any]:
        """The cathode's, and narrow volumes at the faces of each interlayer."""
        types: dict[str, Any] = super().default_submesh_types
        return types | {interlayer_domain(LEFT, layer): GradedSubMesh for layer in self._layers()}

    @property
    def default_spatial_methods(self) -> dict[str, Any]:
        """Finite volumes everywhere."""
        methods: dict[str, Any] = super().default_spatial_methods
        volumes = methods["macroscale"]
        return methods | {interlayer_domain(LEFT, layer): volumes for layer in self._layers()}

    @property
    def default_parameter_values(self) -> Any:
        """The cell that ``interlith new full`` writes."""
        from interlith.bridges.pybamm_cell import full_parameters
        from interlith.cell import loads
        from interlith.cell.templates import template_text

        return full_parameters(loads(template_text("full")))
