r"""The half cell of :mod:`interlith.bridges.half_cell` as a PyBaMM model without a salt.

PyBaMM's own half cell carries the concentration of a salt that never changes here, two potentials
in the cathode and one in the separator. With one moving ion the sum of both currents is known, and
one potential difference is left, :math:`\delta = \phi_{el} - \phi_{ion}`:

.. math:: \delta = U(x_s) + r_f\,i_n + \frac{2RT}{F}\,\mathrm{asinh}\frac{i_n}{2 i_0(x_s)}, \qquad
          a\,i_n = \frac{\partial i_{ion}}{\partial x}, \quad
          i_{ion} = \frac{\partial\delta/\partial x + I/\sigma}{1/\kappa + 1/\sigma}

.. math:: V = \frac{\kappa\,\delta(L) + \sigma\,\delta(0) - I L}{\kappa + \sigma} - I R_{sep}

That leaves the particles and one algebraic unknown a control volume, the current density i_n of the
reaction. Open-circuit potential, exchange current and diffusivity are what the parameter set has:
PyBaMM's own models round off the square root of the exchange current within 0.1 % of full and empty
particles, which costs 0.2 V there, and add terms to the potential. Needs PyBaMM: import it through
:func:`interlith.bridges.pybamm_half_cell.half_cell_model`.
"""

from __future__ import annotations

from typing import Any

import pybamm

__all__ = ["FILM", "SEPARATOR", "SingleIonHalfCell"]

FILM = "Positive electrode film resistance [Ohm.m2]"
SEPARATOR = "Separator area resistance [Ohm.m2]"
ASYMPTOTE, LEAST = 1e-6, 1e-10
"""Size [V] of the term with poles at empty and full, and how close to them it is followed."""
ELECTRODE, PARTICLE = "positive electrode", "positive particle"


class SingleIonHalfCell(pybamm.lithium_ion.BaseModel):
    """Composite cathode with one moving ion against ideal lithium.

    Parameters
    ----------
    name : str, optional
        Shown by PyBaMM.
    site_limits : bool, optional
        Add what PyBaMM's own models add to an open-circuit potential, so that a formula without
        limits at empty and full particles has some. A sampled potential has its own.
    """

    def __init__(self, name: str = "single-ion half cell", site_limits: bool = True) -> None:
        super().__init__({"working electrode": "positive"}, name)
        self.site_limits = site_limits
        stoichiometry = pybamm.Variable(
            "Positive particle stoichiometry",
            domain=PARTICLE,
            auxiliary_domains={"secondary": ELECTRODE},
        )
        reaction = pybamm.Variable(
            "Positive electrode interfacial current density [A.m-2]", ELECTRODE
        )
        density = self.param.current_with_time / self.param.A_cc
        surface = pybamm.surf(stoichiometry)
        difference = self._potential_difference(surface, reaction)
        self._conserve_charge(difference, reaction, density)
        self._diffuse(stoichiometry, reaction)
        self.variables = {
            "Positive particle stoichiometry": stoichiometry,
            "Positive particle surface stoichiometry": surface,
            "Positive electrode interfacial current density [A.m-2]": reaction,
            "Positive electrode surface potential difference [V]": difference,
        }
        self._count_charge()
        self._measure_voltage(difference, density)

    @property
    def default_spatial_methods(self) -> dict[str, Any]:
        """Finite volumes that reach boundaries by parabolas; straight lines cost accuracy."""
        parabolic = {"extrapolation": {"order": {"gradient": "quadratic", "value": "quadratic"}}}
        volumes = pybamm.FiniteVolume(parabolic)
        names = ("macroscale", PARTICLE)
        methods: dict[str, Any] = super().default_spatial_methods
        return methods | dict.fromkeys(names, volumes)

    @property
    def default_parameter_values(self) -> Any:
        """The positive electrode of Chen et al. (2020) without its salt."""
        from interlith.bridges.pybamm_half_cell import half_cell_parameters
        from interlith.bridges.pybamm_sets import from_pybamm

        return half_cell_parameters(from_pybamm("Chen2020").half_cell, (2.5, 4.4))

    @property
    def default_var_pts(self) -> dict[str, int]:
        """Fine in the particles: a coarse parabola at their surface stops at steps of current."""
        return {"x_n": 1, "x_s": 2, "x_p": 12, "r_p": 60}

    @property
    def default_submesh_types(self) -> dict[str, Any]:
        """Particles divided finely at their surface."""
        types: dict[str, Any] = super().default_submesh_types
        clustered = pybamm.MeshGenerator(
            pybamm.Exponential1DSubMesh, submesh_params={"side": "right", "stretch": 2.0}
        )
        return types | {PARTICLE: clustered}

    @property
    def default_solver(self) -> Any:
        """Variable order and step, sparse."""
        return pybamm.IDAKLUSolver(rtol=1e-5, atol=1e-7)

    @property
    def default_quick_plot_variables(self) -> list[str]:
        """What shows how a run goes."""
        return ["Current [A]", "Voltage [V]", "Positive particle surface stoichiometry"]

    def _potential_difference(
        self, surface: pybamm.Symbol, reaction: pybamm.Symbol
    ) -> pybamm.Symbol:
        """Sum of open-circuit potential, film and activation."""
        temperature, maximum = self.param.T_init, self.param.p.prim.c_max
        exchange = pybamm.FunctionParameter(
            "Positive electrode exchange-current density [A.m-2]",
            {
                "Electrolyte concentration [mol.m-3]": self.param.c_e_init,
                "Positive particle surface concentration [mol.m-3]": surface * maximum,
                "Maximum positive particle surface concentration [mol.m-3]": maximum,
                "Temperature [K]": temperature,
            },
        )
        open_circuit = pybamm.FunctionParameter(
            "Positive electrode OCP [V]", {"Positive particle stoichiometry": surface}
        )
        if self.site_limits:
            inside = pybamm.minimum(pybamm.maximum(surface, LEAST), 1 - LEAST)
            open_circuit += ASYMPTOTE * (1 / inside + 1 / (inside - 1))
        thermal = self.param.R * temperature / self.param.F
        activation = 2 * thermal * pybamm.arcsinh(reaction / (2 * exchange))
        film = pybamm.Parameter(FILM) * reaction
        return open_circuit + film + activation

    def _conserve_charge(
        self, difference: pybamm.Symbol, reaction: pybamm.Symbol, density: pybamm.Symbol
    ) -> None:
        """Let what the ionic current loses react."""
        ionic, electronic = self._conductivities()
        both = ionic * electronic / (ionic + electronic)
        self.boundary_conditions[difference] = {
            "left": (density / ionic, "Neumann"),
            "right": (-density / electronic, "Neumann"),
        }
        # The share I kappa / (kappa + sigma) of the current has no divergence.
        gained = pybamm.div(both * pybamm.grad(difference)) / self._surface()
        self.algebraic[reaction] = gained - reaction
        self.initial_conditions[reaction] = pybamm.PrimaryBroadcast(0, ELECTRODE)

    def _diffuse(self, stoichiometry: pybamm.Symbol, reaction: pybamm.Symbol) -> None:
        """Let lithium diffuse in the particles."""
        positive = self.param.p.prim
        diffusivity = pybamm.FunctionParameter(
            "Positive particle diffusivity [m2.s-1]",
            {
                "Positive particle stoichiometry": stoichiometry,
                "Temperature [K]": self.param.T_init,
            },
        )
        self.rhs[stoichiometry] = pybamm.div(diffusivity * pybamm.grad(stoichiometry))
        outflow = reaction / self.param.F / positive.c_max
        self.boundary_conditions[stoichiometry] = {
            "left": (pybamm.Scalar(0), "Neumann"),
            "right": (-outflow / pybamm.surf(diffusivity), "Neumann"),
        }
        self.initial_conditions[stoichiometry] = positive.c_init / positive.c_max

    def _count_charge(self) -> None:
        """Integrate the current."""
        current = self.param.current_with_time
        for name, rate in (("Discharge", current), ("Throughput", abs(current))):
            charge = pybamm.Variable(f"{name} capacity [A.h]")
            self.rhs[charge] = rate / 3600
            self.initial_conditions[charge] = pybamm.Scalar(0)
            self.variables[charge.name] = charge

    def _measure_voltage(self, difference: pybamm.Symbol, density: pybamm.Symbol) -> None:
        """Define the voltage, its limits, and the names that PyBaMM's Experiment looks for."""
        ionic, electronic = self._conductivities()
        first = pybamm.boundary_value(difference, "left")
        last = pybamm.boundary_value(difference, "right")
        voltage = (ionic * last + electronic * first - density * self.param.p.L) / (
            ionic + electronic
        ) - density * pybamm.Parameter(SEPARATOR)
        limits = {
            "Minimum voltage [V]": voltage - self.param.voltage_low_cut,
            "Maximum voltage [V]": self.param.voltage_high_cut - voltage,
        }
        self.events += [pybamm.Event(name, value) for name, value in limits.items()]
        current = self.param.current_with_time
        self.variables |= {
            "Time [s]": pybamm.t,
            "Time [h]": pybamm.t / 3600,
            "Current [A]": current,
            "Current variable [A]": current,
            "Current density [A.m-2]": density,
            "Voltage [V]": voltage,
            "Battery voltage [V]": voltage,
            "Voltage expression [V]": voltage,
            "Power [W]": voltage * current,
        }

    def _conductivities(self) -> tuple[pybamm.Symbol, pybamm.Symbol]:
        """Effective ionic and electronic conductivity."""
        ions, temperature = self.param.c_e_init, self.param.T_init
        return (
            self.param.kappa_e(ions, temperature),
            pybamm.Parameter("Positive electrode conductivity [S.m-1]"),
        )

    def _surface(self) -> pybamm.Symbol:
        """Reacting surface per volume."""
        fraction = pybamm.Parameter("Positive electrode active material volume fraction")
        return 3 * fraction / self.param.p.prim.R_typ
