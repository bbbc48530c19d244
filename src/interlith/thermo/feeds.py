"""What this room gives to the materials library: entries of kind `computed`, with their range.

`materials.writing` makes a file of them that `Library.load` lays over the library, so that a
simulation can run on computed ladders and solubilities, not assumed ones: `interlith voltage Mg
--material-file`. They hold what is computed and nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from interlith.errors import InputError, Problem
from interlith.materials.writing import particles_of
from interlith.thermo.energies import TEMPERATURE_K
from interlith.thermo.formula import composition
from interlith.thermo.solution import SOLUTIONS, two_phase

if TYPE_CHECKING:
    from interlith.materials import Library, Property
    from interlith.thermo.interphase import Interphase
    from interlith.thermo.phases import Phases
    from interlith.thermo.voltage import Step, VoltageProfile


def solubility_limits(
    metal: str, temperature_K: float = TEMPERATURE_K
) -> tuple[float, float, float] | None:
    """Return where two solution phases of lithium and a metal coexist.

    Parameters
    ----------
    metal
        Symbol.
    temperature_K
        Temperature [K].

    Returns
    -------
    tuple or None
        Lithium fraction in the metal's phase and in lithium's phase, and the potential [V]; None
        where no pair of assessed solutions with a common tangent is known.
    """
    found = {s.name.split()[0]: s for s in SOLUTIONS if s.metal == metal}
    rich = found.pop("bcc", None)
    poor = next(iter(found.values()), None)
    if rich is None or poor is None:
        return None
    return two_phase(poor, rich, temperature_K)


def material_entry(phases: Phases, metal: str) -> dict[str, Any]:
    """Return what is computed of a material of the category `mobile`: ladder and solubilities.

    The library lays it on the material of that name, whose other values stay as they are:
    diffusivities and barriers are not this room's to give.

    Parameters
    ----------
    phases
        The table and its sets.
    metal
        Symbol of an element.

    Raises
    ------
    InputError
        A metal that the library does not have as particles, or that takes up no lithium.
    """
    name = particles_of(metal)
    profile = phases.voltage_profile(metal)
    if not profile.steps:
        raise InputError(Problem("", "metal", metal, "an element that takes up lithium"))
    keys = {step.sources[0] for step in profile.steps if step.sources}
    properties: dict[str, Any] = {}
    limits = solubility_limits(metal)
    if limits is not None:
        poor, rich, _ = limits
        keys.add("cost507")
        properties["lithium_solubility"] = _solubility(poor, "lithium in the metal")
        properties["solubility_in_lithium"] = _solubility(1.0 - rich, "the metal in lithium")
    entry = {
        "name": name,
        "sources": {key: _source(phases, key) for key in sorted(keys)},
        "ladder": _ladder(profile),
        "properties": properties,
    }
    return {key: value for key, value in entry.items() if value}


def interphase_entry(phases: Phases, found: Interphase, library: Library) -> dict[str, Any]:
    """Return what is computed of the material of the category `sei` that an electrolyte forms.

    Composition, the potential down to which it lasts, and, where the library has the density of
    every phase, the lithium that its growth takes. Its conductivities and growth rate are not this
    room's to give: the library lays the entry on its own.

    Parameters
    ----------
    phases
        The table and its sets.
    found
        What lithium makes of the electrolyte.
    library
        Names the interphase (`native_sei` of the electrolyte), and has densities.

    Raises
    ------
    InputError
        An electrolyte that the library does not have, or without an interphase of its own.
    """
    name = _native_interphase(library, found.electrolyte)
    level = found.reduction_V
    properties: dict[str, Any] = {
        "reduction_potential": {
            "value": _volt(level.value),
            "kind": "computed",
            "source": "interphase",
            "range": [_volt(min(level.by_set.values())), _volt(max(level.by_set.values()))],
            "note": "down to which these phases are at equilibrium, over the sets",
        }
    }
    volume = _volume(found, library)
    if volume is not None:
        properties["lithium_concentration"] = _concentration(
            found.lithium / volume, library[name].get("lithium_concentration")
        )
    command = f"interlith interface Li {found.electrolyte} at {found.potential_V:g} V"
    energies = {key: _source(phases, key) for key in found.sources}
    used = f"{command}, docs/thermodynamics.md; energies of {', '.join(found.sources)}"
    return {
        "name": name,
        "formula": found.products,
        "composition": {
            "basis": "formula units",
            "amounts": {phase: round(n, 6) for phase, n in found.phases.items()},
        },
        "notes": (
            f"At equilibrium with lithium at {found.potential_V:g} V: {found.reaction}. The same "
            f"phases on {len(found.agreeing)} of {len(found.sets)} sets. Kinetics may keep others."
        ),
        "sources": {"interphase": {"text": used, "checked": "yes"}, **energies},
        "properties": properties,
    }


def _native_interphase(library: Library, electrolyte: str) -> str:
    known = {
        name: library[name].relations.get("native_sei") for name in library.names("electrolyte")
    }
    name = known.get(electrolyte)
    if name is None:
        able = ", ".join(electrolyte for electrolyte, sei in known.items() if sei)
        expected = f"an electrolyte whose interphase the library has: {able}"
        raise InputError(Problem("", "electrolyte", electrolyte, expected))
    return name


def _volume(found: Interphase, library: Library) -> float | None:
    """Return the volume of the phases per mol of electrolyte [m3/mol]; None without a density."""
    known = {library[name].formula: library[name] for name in library.names("compound")}
    total = 0.0
    for phase, n in found.phases.items():
        density = known[phase].get("density") if phase in known else None
        if density is None:
            return None
        total += n * float(composition(phase).weight) * 1e-3 / density.value
    return total


def _concentration(value: float, before: Property | None) -> dict[str, Any]:
    """Return the lithium per volume; its range stays that of the library if it fits."""
    entry: dict[str, Any] = {
        "value": f"{value:.3g} mol/m3",
        "kind": "computed",
        "source": "interphase",
        "note": "lithium taken up over the volume of the phases, by their densities in the library",
    }
    low, high = (None, None) if before is None else (before.low, before.high)
    if low is not None and high is not None and low <= value <= high:
        entry["range"] = [f"{low:.3g} mol/m3", f"{high:.3g} mol/m3"]
    return entry


def _ladder(profile: VoltageProfile) -> list[dict[str, Any]]:
    """Return the steps as a material file has them; they begin at 0 and join without gaps."""
    steps: list[dict[str, Any]] = []
    start = 0.0
    for step in profile.steps:
        end = round(step.x_to, 4)
        slope = step.start_V != step.end_V
        steps.append(
            {
                "phase": " + ".join(step.phases),
                "lithium_per_atom": [start, end],
                "potential": [_volt(step.start_V), _volt(step.end_V)]
                if slope
                else _volt(step.potential.value),
                "kind": "computed",
                "source": step.sources[0] if step.sources else None,
                "range": _range(step),
                "note": "interlith voltage, at 25 degC",
            }
        )
        start = end
    return [{key: value for key, value in step.items() if value is not None} for step in steps]


def _range(step: Step) -> list[str]:
    low = min(step.potential.low, *step.potential.by_set.values(), step.end_V)
    high = max(step.potential.high, *step.potential.by_set.values(), step.start_V)
    return [_volt(max(low, 0.0)), _volt(high)]


def _volt(value: float) -> str:
    return f"{value:.4f} V"


def _solubility(value: float, note: str) -> dict[str, Any]:
    return {
        "value": f"{value:.3g}",
        "kind": "computed",
        "source": "cost507",
        "range": [float(f"{0.9 * value:.3g}"), float(f"{min(1.1 * value, 1.0):.3g}")],
        "note": f"{note}, common tangent at 25 degC; a tenth of it either way is assumed",
    }


def _source(phases: Phases, key: str) -> dict[str, Any]:
    source = phases.source(key)
    found: dict[str, Any] = {"text": source.text}
    if source.doi:
        found["doi"] = source.doi
    found["checked"] = "yes" if source.checked else "unverified"
    return found
