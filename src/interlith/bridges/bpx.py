"""The Battery Parameter eXchange format (BPX): half cells out and in, with a list of what is lost.

BPX describes cells of two porous electrodes in a liquid: a half cell goes out as a *partial* file
with a positive electrode, and the numbers that BPX has no field for (contact, film, start) go under
``User-defined``, where only interlith looks for them. Formulas are read by
:mod:`interlith.materials.expression` before the library of the format sees them, because that
library runs the formulas of both electrodes as Python to check the voltage limits.
"""

from __future__ import annotations

import copy
import json
import sys
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import numpy as np

from interlith.bridges.functions import Formula, Scaled, Table, formula
from interlith.bridges.half_cell import HalfCell, OfStoichiometry, square_root_exchange_current
from interlith.bridges.loading import load_bpx
from interlith.bridges.pybamm_sets import Carried
from interlith.errors import InputError, Problem
from interlith.materials.expression import FUNCTIONS, parse_expression
from interlith.physics.constants import FARADAY, GAS_CONSTANT

if TYPE_CHECKING:
    from interlith.cell.cell import Cell

__all__ = ["BpxFile", "from_bpx", "to_bpx"]

BPX_VERSION = "1.0.0"
IONS = 1000.0
"""Concentration of the ions, which BPX wants though it never changes [mol/m3]."""
SALT_DIFFUSIVITY = 1e-10
"""Diffusivity of a salt that is not there [m2/s]: at a transference number of 1 it does nothing."""
FILLER = 0.5
"""Porosity of the separator that BPX wants; its conductivity is effective already."""
SAMPLES = 501
SQUARE_ROOT = 1e-3
"""Relative deviation of an exchange current from the square-root law above which it is reported."""
LARGEST_FILE = 10_000_000
"""Bytes."""
CONTACT, FILM, START = (
    "Contact fraction",
    "Cathode film resistance [Ohm.m2]",
    "Initial stoichiometry of positive electrode",
)
OWN = (CONTACT, FILM, START)
"""What interlith adds under ``User-defined``."""
_OF_BPX = {"exp", "tanh", "cosh"}
"""Functions that BPX allows in a formula."""


@dataclass(frozen=True)
class BpxFile:
    """A BPX file that the library of the format has found valid.

    Parameters
    ----------
    content : dict
        What the file holds.
    left_behind : tuple of str
        One line for each thing that it does not.
    """

    content: dict[str, Any]
    left_behind: tuple[str, ...]

    def write(self, path: str | Path) -> Path:
        """Write the file as JSON.

        Parameters
        ----------
        path : path
            Where to.

        Returns
        -------
        Path
            The file.
        """
        file = Path(path)
        file.write_text(json.dumps(self.content, indent=2) + "\n", encoding="utf-8")
        return file


def to_bpx(
    subject: HalfCell | Cell,
    voltages: tuple[float, float] = (2.5, 4.3),
    tell: TextIO | None = sys.stderr,
) -> BpxFile:
    """Turn a half cell, the cathode of a full cell, or a symmetric cell into a BPX file.

    Parameters
    ----------
    subject : HalfCell or Cell
        What to write. BPX knows no lithium metal and no interlayers: of a symmetric cell little
        more than the electrolyte is left.
    voltages : tuple of float, optional
        Lower and upper limit of the cell [V]; between them lies the nominal capacity.
    tell : stream, optional
        Where the list of what is lost is printed; None prints nothing.

    Returns
    -------
    BpxFile
        Content and what was left behind.

    Raises
    ------
    MissingExtraError
        If the library ``bpx`` is not installed.
    """
    if not isinstance(subject, HalfCell) and subject.is_full:
        from interlith.bridges.composite import half_cell_of

        subject = half_cell_of(subject)
    if isinstance(subject, HalfCell):
        content, left = _half_cell_content(subject, voltages), _lost_of(subject)
    else:
        content, left = _symmetric_content(subject)
    _validated(content, "")
    _tell(f"{content['Header']['Title']} to BPX", left, tell)
    return BpxFile(content, tuple(left))


def from_bpx(
    source: str | Path | Mapping[str, Any],
    temperature: float | None = None,
    tell: TextIO | None = sys.stderr,
) -> Carried:
    """Read the positive electrode of a BPX file as a half cell.

    Parameters
    ----------
    source : path or mapping
        A JSON file, or its content.
    temperature : float, optional
        [K] at which to evaluate it; default its reference temperature.
    tell : stream, optional
        Where the list of what is lost is printed; None prints nothing.

    Returns
    -------
    Carried
        The half cell and what was left behind.

    Raises
    ------
    InputError
        If the file is no BPX, holds a formula that is none, or lacks what a half cell needs. No
        part of it is ever executed before every formula has been looked through.
    MissingExtraError
        If the library ``bpx`` is not installed.
    """
    file = "" if isinstance(source, Mapping) else str(source)
    content = dict(source) if isinstance(source, Mapping) else _read(Path(source))
    wrong = list(_foreign_formulas(content.get("Parameterisation"), file, "Parameterisation"))
    if wrong:
        raise InputError(wrong)
    parsed, notes = _validated(content, file)
    found = _Reading(parsed, file, temperature)
    left = [*notes, *found.left_behind()]
    carried = Carried(found.half_cell(), tuple(left))
    _tell(f"{carried.half_cell.name} from BPX", left, tell)
    return carried


# ------------------------------------------------------------------------------------------ out


def _half_cell_content(cell: HalfCell, voltages: tuple[float, float]) -> dict[str, Any]:
    """What a BPX file says of a half cell."""
    lowest, highest = _stoichiometries(cell, voltages)
    middle = float(cell.exchange_current_density(0.5))
    moved = cell.areal_capacity * (highest - lowest) * cell.area / 3600.0
    parameters = {
        "Cell": _cell_section(cell.area, cell.temperature, voltages, moved),
        "Electrolyte": _electrolyte_section(cell.ionic_conductivity),
        "Positive electrode": {
            "Thickness [m]": cell.thickness,
            "Porosity": max(1.0 - cell.active_fraction, 1e-6),
            "Transport efficiency": 1.0,
            "Conductivity [S.m-1]": cell.electronic_conductivity,
            "Minimum stoichiometry": lowest,
            "Maximum stoichiometry": highest,
            "Maximum concentration [mol.m-3]": cell.maximum_concentration,
            "Particle radius [m]": cell.particle_radius,
            "Surface area per unit volume [m-1]": 3.0 * cell.active_fraction / cell.particle_radius,
            "Diffusivity [m2.s-1]": _written(cell.diffusivity),
            "OCP [V]": _written(cell.open_circuit_potential),
            # i_0 = F k sqrt(x (1 - x)) per area of particle, of which BPX lets all react.
            "Reaction rate constant [mol.m-2.s-1]": 2.0 * middle * cell.contact_fraction / FARADAY,
        },
        "Separator": _separator_section(
            max(cell.separator_resistance * cell.ionic_conductivity, 1e-12)
        ),
        "User-defined": {
            CONTACT: cell.contact_fraction,
            FILM: cell.film_resistance,
            START: cell.start_stoichiometry,
        },
    }
    charge = (highest - cell.start_stoichiometry) / (highest - lowest)
    return {
        "Header": _header(cell.name),
        "Parameterisation": parameters,
        "State": {
            "Initial conditions": {
                "Initial state-of-charge": min(max(charge, 0.0), 1.0),
                "Initial temperature [K]": cell.temperature,
                "Initial electrolyte concentration [mol.m-3]": IONS,
            },
            "Thermal environment": {"Ambient temperature [K]": cell.temperature},
        },
    }


def _lost_of(cell: HalfCell) -> list[str]:
    """What BPX has no field for, of a half cell."""
    left = [
        "counter electrode: BPX has no lithium metal; the negative electrode is left out",
        "single-ion electrolyte: the salt that BPX wants has a transference number of 1",
    ]
    if cell.contact_fraction < 1.0:
        left.append(f"{CONTACT}: within the reaction rate constant; itself under User-defined")
    if cell.film_resistance > 0.0:
        left.append(f"{FILM}: under User-defined, which other programs do not act on")
    x = np.linspace(0.05, 0.95, 91)
    law = square_root_exchange_current(float(cell.exchange_current_density(0.5)))(x)
    given = np.broadcast_to(np.asarray(cell.exchange_current_density(x), np.float64), x.shape)
    deviation = float(np.max(np.abs(given / law - 1.0)))
    if deviation > SQUARE_ROOT:
        left.append(
            "exchange current density: BPX knows i_0 ~ sqrt(x (1 - x)) only; it is right at "
            f"x = 0.5 and up to {deviation:.0%} off between 0.05 and 0.95"
        )
    for name, function in (
        ("open-circuit potential", cell.open_circuit_potential),
        ("diffusivity", cell.diffusivity),
    ):
        if callable(function) and _as_text(function) is None and not isinstance(function, Table):
            left.append(f"{name}: as a table of {SAMPLES} points instead of a formula")
    return left


def _symmetric_content(cell: Cell) -> tuple[dict[str, Any], list[str]]:
    """What a BPX file says of a symmetric cell, and all that it does not."""
    from interlith.cell.layers import Electrolyte
    from interlith.simulation.assembly import assemble

    resistance = assemble(cell).parameters.electrolyte_resistance
    layers = [layer for layer in cell.layers if isinstance(layer, Electrolyte)]
    thickness = float(sum(layer.thickness for layer in layers))
    limit = 5.0
    capacity = cell.capacity if cell.capacity is not None else 36000.0
    parameters = {
        "Cell": _cell_section(
            cell.area, cell.temperature, (-limit, limit), capacity * cell.area / 3600.0
        ),
        "Electrolyte": _electrolyte_section(thickness / resistance),
        "Separator": _separator_section(thickness),
    }
    others = [layer for layer in cell.layers if not isinstance(layer, Electrolyte)]
    left = [
        f"{layer.kind} {layer.material}: BPX knows porous insertion electrodes only"
        for layer in others
    ]
    left += [
        "interphase, voids, filaments, stack pressure: BPX has no fields for them",
        "protocol: BPX describes cells, not tests",
    ]
    if len(layers) > 1:
        left.append("electrolyte layers: as one of the same thickness and resistance")
    if cell.capacity is None:
        left.append("nominal capacity: the cell has none; 1 mAh/cm2 is written")
    return {"Header": _header(cell.name), "Parameterisation": parameters}, left


def _header(title: str) -> dict[str, str]:
    return {
        "BPX": BPX_VERSION,
        "Title": title,
        "Description": "Written by interlith. Conductivities are effective: transport efficiencies "
        "are 1 and the porosities are fillers. No negative electrode: lithium metal.",
        "Model": "Partial",
    }


def _cell_section(
    area: float, temperature: float, voltages: tuple[float, float], capacity: float
) -> dict[str, float]:
    return {
        "Electrode area [m2]": area,
        "Number of electrode pairs connected in parallel to make a cell": 1,
        "Lower voltage cut-off [V]": voltages[0],
        "Upper voltage cut-off [V]": voltages[1],
        "Nominal cell capacity [A.h]": capacity,
        "Reference temperature [K]": temperature,
    }


def _electrolyte_section(conductivity: float) -> dict[str, float]:
    return {
        "Cation transference number": 1.0,
        "Diffusivity [m2.s-1]": SALT_DIFFUSIVITY,
        "Conductivity [S.m-1]": conductivity,
    }


def _separator_section(thickness: float) -> dict[str, float]:
    return {"Thickness [m]": thickness, "Porosity": FILLER, "Transport efficiency": 1.0}


def _stoichiometries(cell: HalfCell, voltages: tuple[float, float]) -> tuple[float, float]:
    """Lowest and highest stoichiometry between two open-circuit voltages."""
    x = np.linspace(1e-3, 1.0 - 1e-3, 9981)
    potential = np.asarray(cell.open_circuit_potential(x), np.float64)
    inside = x[(potential <= voltages[1]) & (potential >= voltages[0])]
    if len(inside) < 2:
        wanted = f"limits that its open-circuit potential passes ({potential.min():.3g} to "
        raise InputError(
            Problem("", "voltages", str(voltages), f"{wanted}{potential.max():.3g} V)")
        )
    return float(inside[0]), float(inside[-1])


def _written(function: float | OfStoichiometry) -> Any:
    """A number, a formula or a table."""
    if not callable(function):
        return function
    text = _as_text(function)
    if text is not None:
        return text
    if isinstance(function, Table):
        return {"x": list(function.x), "y": list(function.y)}
    x = np.linspace(1e-3, 1.0 - 1e-3, SAMPLES)
    y = np.broadcast_to(np.asarray(function(x), np.float64), x.shape)
    return {"x": x.tolist(), "y": y.tolist()}


def _as_text(function: OfStoichiometry) -> str | None:
    """The formula behind a function, where it is one that BPX allows."""
    if not isinstance(function, Formula):
        return None
    text = function.expression.text
    return None if any(f"{name}(" in text for name in set(FUNCTIONS) - _OF_BPX) else text


# ------------------------------------------------------------------------------------------- in


def _read(path: Path) -> dict[str, Any]:
    """Content of a JSON file."""
    expected = "a BPX file: JSON with Header and Parameterisation"
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise InputError(
                Problem(str(path), "", f"{path.stat().st_size} bytes", "at most 10 MB")
            )
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(Problem(str(path), "", str(error), expected)) from None
    except (json.JSONDecodeError, RecursionError) as error:
        raise InputError(Problem(str(path), "", str(error), expected)) from None
    if not isinstance(content, dict):
        raise InputError(Problem(str(path), "", type(content).__name__, expected))
    return content


def _foreign_formulas(part: Any, file: str, where: str) -> Iterator[Problem]:
    """Find every text of a parameterisation that is not a plain formula."""
    if isinstance(part, str) and not where.endswith(".description"):
        try:
            parse_expression(part)
        except ValueError as error:
            yield Problem(file, where, part, str(error))
    elif isinstance(part, Mapping):
        for key, inner in part.items():
            yield from _foreign_formulas(inner, file, f"{where}.{key}")
    elif isinstance(part, list | tuple):
        for index, inner in enumerate(part):
            yield from _foreign_formulas(inner, file, f"{where}[{index}]")


def _validated(content: Mapping[str, Any], file: str) -> tuple[Any, list[str]]:
    """Let the library of the format judge; return what it read, and its remarks."""
    bpx = load_bpx()
    from pydantic import ValidationError

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            parsed = bpx.parse_bpx_obj(copy.deepcopy(dict(content)))
        except ValidationError as error:
            raise InputError([_problem(file, fault) for fault in error.errors()]) from None
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise InputError(Problem(file, "", str(error), "a valid BPX file")) from None
    return parsed, [f"remark of the BPX library: {remark.message}" for remark in caught]


def _problem(file: str, fault: Any) -> Problem:
    """One fault in our words for it."""
    where = ".".join(str(part) for part in fault["loc"])
    found = "" if fault["type"] == "missing" else str(fault["input"])
    return Problem(file, where, found, f"something else: {fault['msg']}")


class _Reading:
    """Takes a half cell out of a validated BPX file."""

    def __init__(self, parsed: Any, file: str, temperature: float | None) -> None:
        self.file, self.parsed = file, parsed
        self.parts = parsed.parameterisation
        self.cell = self._part("cell", "Cell")
        self.positive = self._part("positive_electrode", "Positive electrode")
        self.separator = self._part("separator", "Separator")
        self.electrolyte = self._part("electrolyte", "Electrolyte")
        if hasattr(self.positive, "particle"):
            where = "Parameterisation.Positive electrode.Particle"
            names = ", ".join(self.positive.particle)
            raise InputError(Problem(file, where, names, "one active material"))
        reference = self.cell.reference_temperature
        wanted = temperature if temperature is not None else reference
        if wanted is None:
            raise self._missing("Cell", "Reference temperature [K]")
        self.temperature = float(wanted)
        self.reference = float(self.temperature if reference is None else reference)
        own = getattr(self.parts, "user_defined", None)
        self.own: dict[str, Any] = {} if own is None else dict(own.model_extra or {})

    def half_cell(self) -> HalfCell:
        """Put the numbers together."""
        positive, separator = self.positive, self.separator
        conductivity = self._of_electrolyte()
        radius = float(positive.particle_radius)
        contact = float(self.own.get(CONTACT, 1.0))
        rate = float(positive.reaction_rate_constant) * self._arrhenius(
            positive.reaction_rate_constant_activation_energy
        )
        diffusivity = self._function(positive.diffusivity)
        factor = self._arrhenius(positive.diffusivity_activation_energy)
        return HalfCell(
            area=float(self.cell.electrode_area) * float(self.cell.number_of_electrodes),
            temperature=self.temperature,
            thickness=float(positive.thickness),
            ionic_conductivity=conductivity * float(positive.transport_efficiency),
            electronic_conductivity=float(positive.conductivity),
            active_fraction=float(positive.surface_area_per_unit_volume) * radius / 3.0,
            particle_radius=radius,
            maximum_concentration=float(positive.maximum_concentration),
            diffusivity=_times(diffusivity, factor),
            open_circuit_potential=self._open_circuit_potential(),
            exchange_current_density=square_root_exchange_current(0.5 * FARADAY * rate / contact),
            start_stoichiometry=self._start(),
            contact_fraction=contact,
            film_resistance=float(self.own.get(FILM, 0.0)),
            separator_resistance=float(separator.thickness)
            / (conductivity * float(separator.transport_efficiency)),
            name=self.parsed.header.title or "BPX",
        )

    def left_behind(self) -> list[str]:
        """What a half cell has no place for."""
        left = []
        if getattr(self.parts, "negative_electrode", None) is not None:
            left.append("Negative electrode: it becomes ideal lithium")
        if float(self.electrolyte.cation_transference_number) != 1.0:
            left.append("Electrolyte: transference number and salt; the half cell has one ion")
        left += [
            f"Positive electrode, {field.alias}: the half cell has one curve without hysteresis"
            for name, field in type(self.positive).model_fields.items()
            if name in ("ocp_delith", "ocp_lith", "gamma_hys")
            and getattr(self.positive, name) is not None
        ]
        left += [
            f"Cell, {field.alias}: the half cell is isothermal"
            for name, field in type(self.cell).model_fields.items()
            if name in ("density", "specific_heat_capacity", "external_surface_area", "volume")
            and getattr(self.cell, name) is not None
        ]
        left += [f"User-defined, {name}: not known" for name in self.own if name not in OWN]
        if self.parsed.validation is not None:
            left.append("Validation: measured curves")
        state = self.parsed.state
        if state is not None and state.degradation is not None:
            left.append("State, Degradation: the half cell is fresh")
        return left

    def _part(self, name: str, title: str) -> Any:
        part = getattr(self.parts, name, None)
        if part is None:
            raise self._missing(title)
        if name == "positive_electrode" and not hasattr(part, "conductivity"):
            raise self._missing(title, "Conductivity [S.m-1]")
        return part

    def _missing(self, *where: str) -> InputError:
        field = ".".join(("Parameterisation", *where))
        return InputError(Problem(self.file, field, "", "what a half cell needs"))

    def _arrhenius(self, activation_energy: float | None) -> float:
        """Factor from the reference temperature to the wanted one."""
        energy = float(activation_energy or 0.0) / GAS_CONSTANT
        return float(np.exp(energy * (1.0 / self.reference - 1.0 / self.temperature)))

    def _function(self, value: Any) -> float | OfStoichiometry:
        """A number, formula or table of BPX."""
        if isinstance(value, str):
            return formula(value)
        if isinstance(value, int | float):
            return float(value)
        order = np.argsort(value.x)
        x, y = (np.asarray(column, np.float64)[order] for column in (value.x, value.y))
        if len(x) < 2 or np.any(np.diff(x) <= 0.0):
            expected = "two or more points of different x"
            raise InputError(Problem(self.file, "table", f"{len(x)} points", expected))
        return Table(tuple(x.tolist()), tuple(y.tolist()))

    def _of_electrolyte(self) -> float:
        """Conductivity at the initial concentration [S/m]."""
        state = self.parsed.state
        initial = None if state is None else state.initial_conditions
        ions = None if initial is None else initial.initial_electrolyte_concentration
        value = self._function(self.electrolyte.conductivity)
        bulk = float(value(IONS if ions is None else float(ions))) if callable(value) else value
        return bulk * self._arrhenius(self.electrolyte.conductivity_activation_energy)

    def _open_circuit_potential(self) -> OfStoichiometry:
        """At the wanted temperature."""
        curve = self._function(self.positive.ocp)
        if not callable(curve):
            where = "Parameterisation.Positive electrode.OCP [V]"
            raise InputError(Problem(self.file, where, str(curve), "a formula or a table"))
        warmer = self.temperature - self.reference
        if self.positive.dudt is None or warmer == 0.0:
            return curve
        slope = self._function(self.positive.dudt)
        return Scaled(curve, 1.0, slope if callable(slope) else Formula(_constant(slope)), warmer)

    def _start(self) -> float:
        """Stoichiometry at the start; charged, unless the file says otherwise."""
        if START in self.own:
            return float(self.own[START])
        state = self.parsed.state
        initial = None if state is None else state.initial_conditions
        charge = None if initial is None else initial.initial_soc
        low, high = self.positive.minimum_stoichiometry, self.positive.maximum_stoichiometry
        return float(high - (1.0 if charge is None else charge) * (high - low))


def _times(function: float | OfStoichiometry, factor: float) -> float | OfStoichiometry:
    """A number or function, scaled."""
    if not callable(function):
        return function * factor
    return function if factor == 1.0 else Scaled(function, factor)


def _constant(value: float) -> Any:
    """A formula of one number."""
    return parse_expression(repr(value))


def _tell(heading: str, left: list[str], tell: TextIO | None) -> None:
    """Print what could not be carried."""
    if tell is None or not left:
        return
    tell.write(
        "\n".join([f"{heading}: not carried over", *(f"  - {line}" for line in left)]) + "\n"
    )
