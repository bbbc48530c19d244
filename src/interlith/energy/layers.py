"""The stack: what lies over one another per area of cathode, as put together and when charged.

Mass never changes between the states; charging moves lithium from the cathode, which was weighed
there, to the other side. So only the lithium that the cell file puts there weighs anything, and the
plated lithium has volume only.
"""

from __future__ import annotations

import numpy as np

from interlith.cell.layers import Electrode, Electrolyte, Interlayer
from interlith.energy.level import Level, Part
from interlith.energy.subject import Subject

__all__ = ["collector_part", "lithium_side_parts", "stack_of", "stack_parts"]

FARADAY = 96485.33212  # C/mol, exact since 2019 to these digits


def stack_of(subject: Subject) -> Level:
    """Return the stack, per m2 of cathode."""
    return Level("stack", subject.areal_energy, stack_parts(subject))


def stack_parts(subject: Subject) -> tuple[Part, ...]:
    """Return every part of the stack from cathode to lithium, then the collectors."""
    sides = subject.design["collector_sides"]
    collectors = tuple(
        collector_part(subject, sign).times(1.0 / sides) for sign in ("positive", "negative")
    )
    return (*cathode_parts(subject), *lithium_side_parts(subject), *collectors)


def cathode_parts(subject: Subject) -> tuple[Part, ...]:
    """Return the solids of the cathode and its pores; the active material shrinks when charged."""
    made = subject.composition
    shrunk = 1.0 - subject.design["cathode_breathing"] * (1.0 - _active_volume_ratio(subject))
    parts = []
    for solid in made.components:
        active = solid is made.active
        thickness = solid.volume_fraction * made.thickness
        name = f"{solid.material} in the cathode"
        group = "active" if active else "cathode"
        charged = thickness * (shrunk if active else 1.0)
        parts.append(Part(name, group, solid.areal_mass, thickness, charged))
    pores = made.porosity * made.thickness
    return (*parts, Part("pores of the cathode", "cathode", 0.0, pores, pores))


def _active_volume_ratio(subject: Subject) -> float:
    """Return the volume of the charged active material over that as made."""
    material = subject.library[subject.cathode.material]
    made = subject.property(material.name, "as_made_stoichiometry", subject.cathode)
    x = np.array([subject.delivered.charged_stoichiometry, made])
    curve = material.curves["relative_volume"]
    charged, full = curve.values(np.clip(x, *curve.valid))
    return float(charged / full)


def lithium_side_parts(subject: Subject) -> tuple[Part, ...]:
    """Return electrolyte layers, interlayers and lithium, from the cathode on."""
    parts = []
    for layer in reversed(subject.cell.layers[:-1]):
        if isinstance(layer, Electrolyte):
            parts.append(_porous(subject, layer, subject.design["electrolyte_porosity"]))
        elif isinstance(layer, Interlayer):
            parts.append(_porous(subject, layer, pressed_porosity(subject, layer)))
        elif isinstance(layer, Electrode):
            parts.append(_lithium(subject, layer))
    return tuple(parts)


def _porous(subject: Subject, layer: Electrolyte | Interlayer, porosity: float) -> Part:
    """Return a layer whose pores weigh nothing."""
    mass = layer.thickness * (1.0 - porosity) * subject.density(layer.material, layer)
    return Part(layer.material, layer.kind, mass, layer.thickness, layer.thickness)


def pressed_porosity(subject: Subject, layer: Interlayer) -> float:
    """Return the pores of an interlayer as pressed.

    Forming turns it into something lighter and more porous, but neither its thickness, held by the
    stack, nor the metal in it changes; the lithium it takes up was weighed where it comes from.
    """
    return subject.property(layer.material, "pressed_porosity", layer)


def _lithium(subject: Subject, layer: Electrode) -> Part:
    """Return the lithium put there; charging plates as much on it as the discharge takes back."""
    plated = (
        subject.areal_capacity / FARADAY * subject.library[layer.material]["molar_volume"].value
    )
    mass = layer.thickness * subject.density(layer.material, layer)
    name = f"{layer.material}, in excess of the cathode's"
    return Part(name, "lithium", mass, layer.thickness, layer.thickness + plated)


def collector_part(subject: Subject, sign: str) -> Part:
    """Return a whole collector of the ``positive`` or the ``negative`` side per area."""
    thickness = subject.design[f"{sign}_collector_thickness"]
    material = subject.design.materials[f"{sign}_collector"]
    mass = thickness * subject.density(material)
    return Part(f"{material}, {sign} collector", "collector", mass, thickness, thickness)
