"""The cell: a pouch of electrode pairs with overhang, collectors to the end, film, seals and tabs.

The stack of `n` pairs begins with a lithium side. Foils coated on both sides make `n + 1` of them,
of which ``n // 2 + 1`` are negative; foils coated on one side make `n` of each sign. The film is
two sheets of the outer size; the volume is that of the box around the sealed pouch, terminals that
stick out left aside.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

from interlith.energy.layers import cathode_parts, collector_part, lithium_side_parts, stack_parts
from interlith.energy.level import Level, Part
from interlith.energy.subject import Subject

__all__ = ["Pouch", "cell_of"]


@dataclass(frozen=True)
class Pouch:
    """Sizes and numbers of a pouch; SI."""

    subject: Subject

    def __getitem__(self, field: str) -> float:
        """Return a field of the design."""
        return self.subject.design[field]

    @property
    def pairs(self) -> int:
        """Electrode pairs."""
        return self.subject.design.count

    @cached_property
    def negative_collectors(self) -> int:
        """Foils of the lithium side."""
        return self.pairs if self["collector_sides"] == 1 else self.pairs // 2 + 1

    @cached_property
    def positive_collectors(self) -> int:
        """Foils of the cathode side."""
        return self.pairs if self["collector_sides"] == 1 else (self.pairs + 1) // 2

    @property
    def cathode_area(self) -> float:
        """Footprint of one cathode (m2)."""
        return self["electrode_width"] * self["electrode_length"]

    @property
    def lithium_side_area(self) -> float:
        """Footprint of one lithium side and of the electrolyte (m2)."""
        return math.prod(self.inner_size)

    @property
    def capacity(self) -> float:
        """Charge of a discharge (C)."""
        return self.pairs * self.cathode_area * self.subject.areal_capacity

    def stack_thickness(self, charged: bool) -> float:
        """Return the thickness of all layers (m) in the charged or the discharged state."""
        parts = (*cathode_parts(self.subject), *lithium_side_parts(self.subject))
        pair = math.fsum(part.charged_volume if charged else part.volume for part in parts)
        foils = self.negative_collectors * self["negative_collector_thickness"]
        foils += self.positive_collectors * self["positive_collector_thickness"]
        return self.pairs * pair + foils

    def thickness(self, charged: bool) -> float:
        """Return the outer thickness (m)."""
        layers = self.stack_thickness(charged) * (1.0 + self["thickness_allowance"])
        return layers + 2.0 * self["film_thickness"]

    @property
    def inner_size(self) -> tuple[float, float]:
        """Width and length of the stack with its overhang (m)."""
        wider = 2.0 * self["overhang"]
        return self["electrode_width"] + wider, self["electrode_length"] + wider

    @property
    def outer_size(self) -> tuple[float, float]:
        """Width and length of the sealed pouch, terminals that stick out left aside (m)."""
        width, length = self.inner_size
        walls = 2.0 * self["film_thickness"]
        ends = self["end_seal_width"] + self["terminal_end_length"]
        return width + 2.0 * self["side_seal_width"] + walls, length + ends + walls

    def outer_volume(self, charged: bool) -> float:
        """Return the box around the sealed pouch (m3)."""
        return math.prod(self.outer_size) * self.thickness(charged)

    def film_area(self, charged: bool) -> float:
        """Return two sheets and the walls around the stack (m2)."""
        walls = 2.0 * self.stack_thickness(charged) * sum(self.inner_size)
        return 2.0 * math.prod(self.outer_size) + walls


def cell_of(subject: Subject) -> Level:
    """Return the whole pouch."""
    pouch = Pouch(subject)
    energy = pouch.capacity * subject.delivered.mean_voltage
    inside = (
        *(part.times(pouch.pairs * pouch.cathode_area) for part in stack_parts(subject)),
        *_overhang(pouch),
        _film(pouch),
        *_tabs(pouch),
    )
    extra = subject.design.get("extra_volume")
    parts = (*inside, _extra(subject, extra), _empty(pouch, inside))
    return Level("pouch", energy, parts)


def _overhang(pouch: Pouch) -> tuple[Part, ...]:
    """Return what the lithium side has beyond the cathode, and the collectors beyond a share."""
    subject, wider = pouch.subject, pouch.lithium_side_area - pouch.cathode_area
    over = [part.times(pouch.pairs * wider) for part in lithium_side_parts(subject)]
    shares = pouch.pairs * pouch.cathode_area / pouch["collector_sides"]
    more = {
        "negative": pouch.negative_collectors * pouch.lithium_side_area - shares,
        "positive": pouch.positive_collectors * pouch.cathode_area - shares,
    }
    foils = [collector_part(subject, sign).times(area) for sign, area in more.items()]
    whole = [*over, *foils]
    return (
        Part(
            "overhang and end collector",
            "overhang",
            math.fsum(part.mass for part in whole),
            math.fsum(part.volume for part in whole),
            math.fsum(part.charged_volume for part in whole),
        ),
    )


def _film(pouch: Pouch) -> Part:
    discharged, charged = (
        pouch.film_area(state) * pouch["film_thickness"] for state in (False, True)
    )
    return Part("pouch film", "film", charged * pouch["film_density"], discharged, charged)


def _tabs(pouch: Pouch) -> tuple[Part, ...]:
    """Return terminals and the bare foils that lead to them; the room they take is the end's."""
    subject, design = pouch.subject, pouch.subject.design
    tab = pouch["tab_width"] * pouch["tab_length"] * pouch["tab_thickness"]
    tail = pouch["tab_width"] * pouch["foil_tail_length"]
    parts = []
    for sign, foils in (
        ("positive", pouch.positive_collectors),
        ("negative", pouch.negative_collectors),
    ):
        material = design.materials[f"{sign}_tab"]
        mass = tab * subject.density(material)
        parts.append(Part(f"{material}, {sign} tab", "tab", mass, 0.0, 0.0))
        tails = collector_part(subject, sign).mass * tail * foils
        parts.append(Part(f"tails of the {sign} collectors", "tab", tails, 0.0, 0.0))
    return tuple(parts)


def _extra(subject: Subject, volume: float) -> Part:
    return Part("extra", "extra", subject.design.get("extra_mass"), volume, volume)


def _empty(pouch: Pouch, inside: tuple[Part, ...]) -> Part:
    """Return the room in the box that no part fills: around the seals, at the terminals."""
    discharged = pouch.outer_volume(charged=False) - math.fsum(part.volume for part in inside)
    charged = pouch.outer_volume(charged=True) - math.fsum(part.charged_volume for part in inside)
    return Part("room around seals and tails", "film", 0.0, discharged, charged)
