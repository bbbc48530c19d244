"""Composition families: `Mg8Bi84` for any number, by weight or by atoms, from one data file.

The pressed layer is a mixture of two metals, so its density follows from theirs. In use bismuth
turns into its lithium compound and the mobile metal leaves, so what it occupied becomes pores:
porosity = (p V_host + r V_mobile) / ((1 + p) V_host + r V_mobile), with p the ratio of pores to
solid that the layer has without mobile metal, r mol of mobile metal per mol of host atoms and V
molar volumes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from interlith.errors import MaterialError
from interlith.materials.material import Material
from interlith.materials.property import Property, Source

BASES = ("weight", "atomic")
_COMPUTED = Source("computed by interlith (materials/family.py) from the parents' data", None, True)


class Materials(Protocol):
    """Where a family finds its parents."""

    def __getitem__(self, name: str) -> Material:
        """Return a material by name."""
        ...


@dataclass(frozen=True, slots=True)
class Family:
    """The naming rule of a composition family and the names of its parents.

    `mobile` is the element whose amount varies, `rest` the other one with its fixed amount;
    `parents` names the compounds that give density and molar mass; `zero` is the material without
    the mobile element.
    """

    name: str
    mobile: str
    rest: str
    rest_amount: float
    default_amount: float
    largest_amount: float
    default_basis: str
    parents: Mapping[str, str]
    zero: str

    def match(self, name: str) -> tuple[float, str] | None:
        """Return amount and basis of a member's name, or None for another name."""
        if name == self.name:
            return self.default_amount, self.default_basis
        pattern = (
            rf"{self.mobile}(\d{{1,3}}(?:\.\d{{1,6}})?){self.rest}{self.rest_amount:g}(?:@(\w+))?"
        )
        found = re.fullmatch(pattern, name)
        return (float(found[1]), found[2] or self.default_basis) if found else None

    def member_name(self) -> str:
        """Return the name of the default member."""
        return f"{self.mobile}{self.default_amount:g}{self.rest}{self.rest_amount:g}"


def family_of(name: str, data: Mapping[str, Any]) -> Family:
    """Return the family that a data file of the package declares."""
    raw, composition = data["family"], data["composition"]
    (mobile, default), (rest, amount) = composition["amounts"].items()
    return Family(
        name=name,
        mobile=mobile,
        rest=rest,
        rest_amount=float(amount),
        default_amount=float(default),
        largest_amount=float(raw["largest_amount"]),
        default_basis=composition["basis"],
        parents=raw["parents"],
        zero=raw["zero"],
    )


def derive(family: Family, template: Material, name: str, library: Materials) -> Material:
    """Return a member of the family.

    Raises
    ------
    MaterialError
        The amount is outside the family's range or the basis is unknown.
    """
    found = family.match(name)
    if found is None:
        raise MaterialError(f"'{name}' is not a member of {family.name}")
    amount, basis = found
    if basis not in BASES:
        raise MaterialError(
            f"'{name}': basis '{basis}' is unknown; write {name.split('@')[0]}@weight or @atomic"
        )
    if amount > family.largest_amount:
        raise MaterialError(f"'{name}': {family.mobile} must be 0 to {family.largest_amount:g}")
    composition = {
        "basis": basis,
        "amounts": {family.mobile: amount, family.rest: family.rest_amount},
    }
    if amount == 0.0:
        return replace(library[family.zero], name=name, composition=composition)
    shown = family.member_name() if name == family.name else name
    computed = _computed_properties(family, template, composition, library)
    properties = {**template.properties, **{made.name: made for made in computed}}
    return replace(template, name=shown, composition=composition, properties=properties)


def weight_fractions(
    amounts: Mapping[str, float], basis: str, molar_masses: Mapping[str, float]
) -> dict[str, float]:
    """Return weight fractions of a composition on either basis."""
    weights = {
        name: part * (molar_masses[name] if basis == "atomic" else 1.0)
        for name, part in amounts.items()
    }
    total = sum(weights.values())
    return {name: weight / total for name, weight in weights.items()}


def mobile_per_rest(family: Family, composition: Mapping[str, Any], library: Materials) -> float:
    """Return mol of mobile metal per mol of the other element."""
    mobile, rest = composition["amounts"][family.mobile], composition["amounts"][family.rest]
    if composition["basis"] == "atomic":
        return float(mobile / rest)
    masses = {name: library[parent]["molar_mass"].value for name, parent in family.parents.items()}
    return float(mobile / masses[family.mobile] / (rest / masses[family.rest]))


def mixture_density(weights: Mapping[str, float], densities: Mapping[str, float]) -> float:
    """Return the density of a mixture whose volumes add: 1 / sum(w / density)."""
    return 1.0 / sum(weight / densities[name] for name, weight in weights.items())


def porosity_after_transformation(
    left_over: float, ratio: float, host_volume: float, mobile_volume: float
) -> float:
    """Return the porosity after the mobile metal left; `left_over` is the one without it."""
    pores = left_over / (1.0 - left_over) * host_volume + ratio * mobile_volume
    return pores / (pores + host_volume)


def _computed_properties(
    family: Family, template: Material, composition: Mapping[str, Any], library: Materials
) -> list[Property]:
    parents = {element: library[parent] for element, parent in family.parents.items()}
    masses = {element: parent["molar_mass"].value for element, parent in parents.items()}
    densities = {element: parent["density"].value for element, parent in parents.items()}
    weights = weight_fractions(composition["amounts"], composition["basis"], masses)
    density = mixture_density(weights, densities)
    host = library[template.relations["host"] or ""]
    ratio = mobile_per_rest(family, composition, library)
    volumes = host["molar_volume_lithiated"].value, masses[family.mobile] / densities[family.mobile]
    cracked = cracked_by_swelling(
        host["molar_volume_delithiated"].value,
        *volumes,
        ratio,
        template.properties["pressed_porosity"].value,
    )
    return [
        _computed(
            "density", density, "kg/m3", None, "volumes of the two metals add; without pores"
        ),
        _porosity(library[family.zero]["porosity"], ratio, *volumes),
        _computed(
            "cracked_fraction",
            cracked,
            "1",
            (0.0, 0.7),
            "swelling that finds no room once the metal left",
        ),
    ]


def cracked_by_swelling(
    delithiated: float, lithiated: float, mobile_volume: float, ratio: float, pressed: float
) -> float:
    """Return the cracked share e / (1 + e) of a layer whose host swells by the strain e.

    Volumes are per mol of host atoms; the mobile metal, `ratio` per host atom, has left. As
    ``physics.migration.swelling_strain``, which this room may not import.
    """
    strain = lithiated / ((delithiated + ratio * mobile_volume) / (1.0 - pressed)) - 1.0
    return max(strain, 0.0) / (1.0 + max(strain, 0.0))


def _porosity(zero: Property, ratio: float, host_volume: float, mobile_volume: float) -> Property:
    """Return the member's porosity with the range that the assumed left-over porosity brings."""
    ends = (
        zero.low if zero.low is not None else zero.value,
        zero.high if zero.high is not None else zero.value,
    )
    low, value, high = (
        porosity_after_transformation(left, ratio, host_volume, mobile_volume)
        for left in (ends[0], zero.value, ends[1])
    )
    note = "pores that the mobile metal leaves plus the porosity assumed for the layer without it"
    return _computed("porosity", value, "1", (low, high), note)


def _computed(
    name: str, value: float, unit: str, ends: tuple[float, float] | None, note: str
) -> Property:
    low, high = ends or (None, None)
    return Property(
        name, value, unit, f"{value:.6g} {unit}", "computed", _COMPUTED, low, high, note=note
    )
