"""The inverse question: which changes reach a target, one alone, two together, all together.

Each lever goes from the present value (u = 0) to its limit (u = 1). One alone is a root in u;
several together are the point with the smallest sum of u^2 that reaches the target.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from interlith.cell import Cell, Electrolyte
from interlith.energy.asked import subject_of
from interlith.energy.design import Design
from interlith.energy.levers import Lever, choices
from interlith.energy.sensitivity import headline
from interlith.energy.subject import Subject
from interlith.errors import InputError, Problem, QuantityError
from interlith.materials import Library
from interlith.units import to_unit

__all__ = ["Alone", "Map", "Reach", "Target", "Together", "reach", "reach_of", "read_target"]

FloatArray = NDArray[np.float64]
# Unit of a target, its SI unit, and how many SI units it is.
TARGET_UNITS = {"Wh/kg": ("J/kg", 3600.0), "Wh/L": ("J/m^3", 3.6e6)}
LARGEST_TARGET = 1e5
STARTS = (0.25, 0.75)
REACHED_WITHIN = 1e-6  # relative
MAP_POINTS = 61


@dataclass(frozen=True, slots=True)
class Target:
    """A target in Wh/kg or Wh/L."""

    value: float
    unit: str

    def of(self, subject: Subject) -> float:
        """Return what a subject has, in the unit of the target."""
        level = headline(subject)
        return level.Wh_kg if self.unit == "Wh/kg" else level.Wh_L

    def __str__(self) -> str:
        return f"{self.value:g} {self.unit}"


@dataclass(frozen=True, slots=True)
class Alone:
    """One lever turned by itself.

    Parameters
    ----------
    lever
        Which.
    value
        Value that just reaches the target (SI), None where even the limit does not.
    best
        What the limit gives, in the unit of the target.
    """

    lever: Lever
    value: float | None
    best: float

    def sentence(self, target: Target) -> str:
        """Say what the lever does."""
        lever = self.lever
        assert lever.limit is not None
        if self.value is not None:
            return f"{lever.title}: {lever.text(lever.value)} to {lever.text(self.value)}"
        return (
            f"cannot be reached by {lever.title} alone: even {lever.text(lever.limit)} instead of "
            f"{lever.text(lever.value)} gives {self.best:.3g} {target.unit}"
        )


@dataclass(frozen=True, slots=True)
class Together:
    """The least joint change of several levers; `values` is None where no change reaches it."""

    levers: tuple[Lever, ...]
    values: tuple[float, ...] | None
    effort: float
    """Root of the mean of u^2: 0 is the present, 1 every lever at its limit."""
    best: float

    def sentence(self, target: Target) -> str:
        """Say what the levers do."""
        if self.values is None:
            names = " and ".join(lever.title for lever in self.levers)
            return f"cannot be reached by {names}: at their limits {self.best:.3g} {target.unit}"
        turned = [
            f"{lever.title} {lever.text(lever.value)} to {lever.text(value)}"
            for lever, value in zip(self.levers, self.values, strict=True)
        ]
        return "; ".join(turned)


@dataclass(frozen=True)
class Map:
    """The target's quantity over electrolyte thickness and loading, for some active shares."""

    thicknesses: FloatArray
    """m"""
    loadings: FloatArray
    """kg/m2"""
    shares: tuple[float, ...]
    values: FloatArray
    """Shape (shares, loadings, thicknesses), in the unit of the target."""


@dataclass(frozen=True)
class Reach:
    """What reaches a target.

    Parameters
    ----------
    target
        Asked for.
    present
        What the cell has, in the unit of the target.
    level
        ``stack`` or ``pouch``.
    alone
        Every lever by itself; those that do it first, by how far they turn.
    together
        Pairs of loading, active share and electrolyte thickness, the three, and every lever, by
        effort.
    """

    target: Target
    present: float
    level: str
    alone: tuple[Alone, ...]
    together: tuple[Together, ...]
    subject: Subject = field(repr=False)

    @property
    def reached(self) -> bool:
        """Whether the cell has it already."""
        return self.present >= self.target.value * (1.0 - REACHED_WITHIN)

    @property
    def possible(self) -> bool:
        """Whether any change that was tried reaches it."""
        singles = any(one.value is not None for one in self.alone)
        return self.reached or singles or any(some.values is not None for some in self.together)

    def sentences(self) -> list[str]:
        """Return the answer in sentences."""
        head = f"{self.level}: {self.present:.3g} {self.target.unit} now, target {self.target}"
        if self.reached:
            return [f"{head}: reached already"]
        lines = [head]
        lines += [one.sentence(self.target) for one in self.alone]
        lines += [some.sentence(self.target) for some in self.together]
        if not self.possible:
            lines.append("no change within the limits reaches it, not even all together")
        return lines

    def map(self, points: int = MAP_POINTS) -> Map:
        """Return the target's quantity over electrolyte thickness and loading.

        Parameters
        ----------
        points
            Values along each side.
        """
        return _map(self, points)

    def summary(self) -> dict[str, Any]:
        """Return the answer as plain numbers and text (what ``--json`` prints)."""
        return {
            "target": self.target.value,
            "unit": self.target.unit,
            "level": self.level,
            "present": self.present,
            "reached": self.reached,
            "possible": self.possible,
            "alone": [_alone_entry(one, self.target) for one in self.alone],
            "together": [_together_entry(some, self.target) for some in self.together],
            "note": "at the same charge per active mass and mean voltage; what a thicker cathode "
            "loses in rate is for a simulation to say",
        }

    def plot(self) -> Any:
        """Draw the map: the target over electrolyte thickness and loading.

        Returns
        -------
        matplotlib.figure.Figure
            The picture.
        """
        return import_module("interlith.report.energy").draw_reach(self)


def _alone_entry(one: Alone, target: Target) -> dict[str, Any]:
    lever = one.lever
    assert lever.limit is not None
    return {
        "lever": lever.title,
        "path": lever.path,
        "present": lever.text(lever.value),
        "needed": None if one.value is None else lever.text(one.value),
        "needed_SI": one.value,
        "limit": lever.text(lever.limit),
        "at_limit": one.best,
        "reason_of_limit": lever.reason,
        "sentence": one.sentence(target),
    }


def _together_entry(some: Together, target: Target) -> dict[str, Any]:
    needed = some.values or (None,) * len(some.levers)
    return {
        "levers": {
            lever.path: None if value is None else lever.text(value)
            for lever, value in zip(some.levers, needed, strict=True)
        },
        "needed_SI": None if some.values is None else list(some.values),
        "effort": some.effort,
        "at_limits": some.best,
        "sentence": some.sentence(target),
    }


def read_target(text: str) -> Target:
    """Return the target that a text such as ``400 Wh/kg`` or ``900 Wh/L`` means.

    Raises
    ------
    InputError
        It is neither an energy per mass nor one per volume, or not above 0.
    """
    for unit, (si, factor) in TARGET_UNITS.items():
        try:
            value = to_unit(str(text), si) / factor
        except QuantityError:
            continue
        if 0.0 < value <= LARGEST_TARGET:
            return Target(float(f"{value:.12g}"), unit)
    expected = "a specific energy such as '400 Wh/kg' or an energy density such as '900 Wh/L'"
    raise InputError(Problem("", "--target", str(text), f"{expected}, above 0"))


def reach(
    cell: Cell,
    target: str,
    result: Any = None,
    design: str | Path | Design = "pouch",
    changes: Mapping[str, Any] | None = None,
    cycle: int | None = None,
    library: Library | None = None,
) -> Reach:
    """Return which changes of a cell reach a target.

    Parameters
    ----------
    cell
        A cell with a composite cathode.
    target
        ``400 Wh/kg`` or ``900 Wh/L``, of the level that the design asks for.
    result, design, changes, cycle, library
        As in `cell_level`.

    Returns
    -------
    Reach
        Each lever alone, pairs, all together, and a map.

    Raises
    ------
    InputError
        As in `cell_level`, or the target is none.
    """
    aim = read_target(target)
    return reach_of(subject_of(cell, result, design, changes, cycle, library), aim)


def reach_of(subject: Subject, aim: Target) -> Reach:
    """Return which changes of a subject reach a target; see `reach`."""
    levers = [lever for lever in choices(subject) if lever.limit is not None]
    present = aim.of(subject)
    level = "stack" if subject.design.format == "stack" else "pouch"
    if present >= aim.value * (1.0 - REACHED_WITHIN):
        return Reach(aim, present, level, (), (), subject)
    alone = [_alone(subject, lever, aim) for lever in levers if _has_room(lever)]
    alone.sort(key=lambda one: (one.value is None, _turn(one.lever, one.value), -one.best))
    together = sorted(
        (_together(subject, group, aim) for group in _groups(subject, alone)),
        key=lambda some: (some.values is None, some.effort),
    )
    return Reach(aim, present, level, tuple(alone), tuple(together), subject)


def _groups(subject: Subject, alone: Sequence[Alone]) -> list[tuple[Lever, ...]]:
    """Return the levers to turn together: pairs of the three main ones, these three, all."""
    main = ("cathode.loading", "cathode.active_mass_fraction", _thickest(subject))
    levers = [one.lever for one in alone]
    three = [lever for lever in levers if lever.path in main]
    groups: list[tuple[Lever, ...]] = list(combinations(three, 2))
    groups += [tuple(group) for group in (three, levers) if len(group) > 2]
    return list(dict.fromkeys(groups))


def _thickest(subject: Subject) -> str:
    """Return the path of the thickness of the thickest electrolyte layer."""
    thicknesses = {
        index: layer.thickness
        for index, layer in enumerate(subject.cell.layers)
        if isinstance(layer, Electrolyte)
    }
    return f"layers.{max(thicknesses, key=lambda index: thicknesses[index])}.thickness"


def _has_room(lever: Lever) -> bool:
    """Return whether the limit lies ahead, in the direction that the lever helps."""
    assert lever.limit is not None
    ahead = lever.limit - lever.value
    helps = -1.0 if lever.path.endswith("thickness") else 1.0
    return ahead * helps > 0.0


def _at(lever: Lever, u: float) -> float:
    """Return the value at u: on a logarithmic way for what has a scale, straight for shares."""
    assert lever.limit is not None
    if lever.unit == "1":
        return lever.value + u * (lever.limit - lever.value)
    return float(lever.value * (lever.limit / lever.value) ** u)


def _turn(lever: Lever, value: float | None) -> float:
    """Return the u of a value."""
    assert lever.limit is not None
    if value is None:
        return 1.0
    if lever.unit == "1":
        return (value - lever.value) / (lever.limit - lever.value)
    return float(np.log(value / lever.value) / np.log(lever.limit / lever.value))


def _value(subject: Subject, levers: Sequence[Lever], us: Sequence[float], aim: Target) -> float:
    for lever, u in zip(levers, us, strict=True):
        subject = subject.changed(lever.path, _at(lever, float(u)))
    return aim.of(subject)


def _alone(subject: Subject, lever: Lever, aim: Target) -> Alone:
    from scipy.optimize import brentq

    def missing(u: float) -> float:
        return _value(subject, (lever,), (u,), aim) / aim.value - 1.0

    best = aim.value * (1.0 + missing(1.0))
    if best < aim.value:
        return Alone(lever, None, best)
    return Alone(lever, _at(lever, float(brentq(missing, 0.0, 1.0, xtol=1e-12))), best)


def _together(subject: Subject, levers: tuple[Lever, ...], aim: Target) -> Together:
    """Return the smallest joint change; several starts, since the ways bend."""
    from scipy.optimize import minimize

    best = _value(subject, levers, [1.0] * len(levers), aim)
    if best < aim.value:
        return Together(levers, None, 1.0, best)
    constraint = {
        "type": "ineq",
        "fun": lambda us: _value(subject, levers, us, aim) / aim.value - 1.0,
    }
    tries = [
        minimize(
            lambda us: float(np.dot(us, us)),
            np.full(len(levers), start),
            jac=lambda us: 2.0 * us,
            bounds=[(0.0, 1.0)] * len(levers),
            constraints=[constraint],
            method="SLSQP",
            options={"ftol": 1e-10, "maxiter": 200},
        )
        for start in STARTS
    ]
    good = [one for one in tries if constraint["fun"](one.x) >= -REACHED_WITHIN]  # type: ignore[operator]
    us = min((one.x for one in good), key=lambda x: float(np.dot(x, x)), default=None)
    if us is None:  # a way is known: every lever at its limit
        us = np.ones(len(levers))
    values = tuple(_at(lever, float(u)) for lever, u in zip(levers, us, strict=True))
    return Together(levers, values, float(np.sqrt(np.mean(us**2))), best)


def _map(found: Reach, points: int) -> Map:
    subject = found.subject
    levers = {lever.path: lever for lever in choices(subject)}
    loading, share = levers["cathode.loading"], levers["cathode.active_mass_fraction"]
    electrolyte = levers[_thickest(subject)]
    assert loading.limit is not None
    assert share.limit is not None
    assert electrolyte.limit is not None
    thicknesses = np.geomspace(
        electrolyte.limit, max(electrolyte.value, 2.0 * electrolyte.limit), points
    )
    loadings = np.linspace(0.3 * loading.value, max(loading.limit, loading.value), points)
    middle = 0.5 * (share.value + share.limit)
    shares = (share.value, middle, share.limit) if share.value < share.limit else (share.value,)
    values = np.empty((len(shares), points, points))
    for a, active in enumerate(shares):
        base = subject.changed(share.path, active)
        for b, mass in enumerate(loadings):
            loaded = base.changed(loading.path, float(mass))
            for c, thickness in enumerate(thicknesses):
                values[a, b, c] = found.target.of(
                    loaded.changed(electrolyte.path, float(thickness))
                )
    return Map(thicknesses, loadings, shares, values)
