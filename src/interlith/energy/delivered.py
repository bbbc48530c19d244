"""What a discharge delivers: charge and mean voltage, from a result, from the user or at rest.

At rest means along the open-circuit potential, where nothing is lost: an upper limit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from interlith.cell import Cell, loads
from interlith.cell.composition import composition_of
from interlith.cell.protocol import Charge, Current, Discharge, Hold, Item, Repeat
from interlith.cell.quantity import CRate
from interlith.errors import InputError, Problem

if TYPE_CHECKING:
    from interlith.cell import CompositeCathode
    from interlith.energy.design import Design
    from interlith.materials import Library, Material

__all__ = ["Delivered", "delivered_at_rest", "delivered_by_result", "voltage_limits"]

FloatArray = NDArray[np.float64]
MAH_CM2 = 36000.0  # C/m2
MAH_G = 3600.0  # C/kg
REFERENCE_TEMPERATURE = 298.15
"""Temperature of the published open-circuit potentials (K)."""
POINTS = 4001
AT_REST = "mean open-circuit potential without any overpotential, so an upper limit"


@dataclass(frozen=True)
class Delivered:
    """One discharge, per mass of active material.

    Parameters
    ----------
    specific_capacity
        Charge per mass of active material (C/kg).
    mean_voltage
        Energy over charge (V).
    charged_stoichiometry
        Lithium content x of the active material in the charged state, for its volume.
    basis
        Where the two come from, in a sentence.
    source
        ``result``, ``open circuit`` or ``given``.
    cycle
        Cycle of the result, or None.
    """

    specific_capacity: float
    mean_voltage: float
    charged_stoichiometry: float
    basis: str
    source: str
    cycle: int | None = None


def voltage_limits(items: Iterable[Item]) -> tuple[float | None, float | None]:
    """Return the highest voltage (V) that a protocol charges to, the lowest it discharges to."""
    voltages = list(_voltages(items))
    upper = [value for charging, value in voltages if charging]
    lower = [value for charging, value in voltages if not charging]
    return max(upper, default=None), min(lower, default=None)


def _voltages(items: Iterable[Item]) -> Iterator[tuple[bool, float]]:
    """Yield whether each limit is one of a charge, and the voltage."""
    for item in items:
        if isinstance(item, Repeat):
            yield from _voltages(item.steps)
        elif isinstance(item, Hold):
            yield True, item.voltage
        elif isinstance(item, Charge | Discharge | Current):
            limit = item.until.voltage if item.until is not None else None
            if limit is not None:
                yield _charges(item), limit


def _charges(item: Charge | Discharge | Current) -> bool:
    if not isinstance(item, Current):
        return isinstance(item, Charge)
    value = item.current.multiple if isinstance(item.current, CRate) else item.current
    return value < 0.0


@dataclass(frozen=True)
class _OpenCircuit:
    """The open-circuit potential of a cathode at a temperature, over its usable x, rising x."""

    x: FloatArray
    potential: FloatArray
    full_capacity: float
    """C/m2 from x = 0 to x = 1."""

    def at(self, potential: float) -> float:
        """Return x at a potential; an end of the curve where it is outside."""
        return float(np.interp(-potential, -self.potential, self.x))

    def mean(self, low: float, high: float) -> float:
        """Return the mean potential between two x."""
        x = np.linspace(low, high, POINTS)
        return float(np.trapezoid(np.interp(x, self.x, self.potential), x) / (high - low))


def _open_circuit(cell: Cell, library: Library) -> _OpenCircuit:
    cathode = cell.cathode
    assert cathode is not None
    material = library[cathode.material]
    curve = material.curves["open_circuit_potential"]
    made = _property(cathode, material, "as_made_stoichiometry")
    x = np.linspace(curve.valid[0], max(min(made, curve.valid[1]), curve.valid[0] + 1e-6), POINTS)
    potential = np.asarray(curve.values(x))
    entropic = material.curves.get("entropic_coefficient")
    if entropic is not None:
        slope = np.asarray(entropic.values(np.clip(x, *entropic.valid)))
        potential = potential + (cell.temperature - REFERENCE_TEMPERATURE) * slope
    falling = np.minimum.accumulate(potential)  # a published fit may rise by some microvolts
    capacity = composition_of(cathode, library).lithium_capacity
    return _OpenCircuit(x, falling, capacity)


def _property(cathode: CompositeCathode, material: Material, name: str) -> float:
    found = material[name]
    own = cathode.override(name, found.unit)
    return found.value if own is None else own


def delivered_at_rest(cell: Cell, library: Library, design: Design) -> Delivered:
    """Return what the open-circuit potential gives between the voltage limits of the protocol.

    A smaller ``capacity`` of the cell file, or the design's ``areal_capacity``, replaces the
    charge; the design's ``mean_voltage`` replaces the voltage.

    Raises
    ------
    InputError
        The protocol has no voltage to charge to, and no capacity is given.
    """
    curve = _open_circuit(cell, library)
    low, high, said = _window(cell, curve, design.get("areal_capacity"))
    charge = (high - low) * curve.full_capacity
    made = composition_of(_cathode(cell), library)
    basis = f"{said}; {AT_REST}"
    found = Delivered(
        charge / made.active.areal_mass, curve.mean(low, high), low, basis, "open circuit"
    )
    if "mean_voltage" not in design.values:
        return found
    voltage = design["mean_voltage"]
    basis = f"{said}; mean voltage {voltage:g} V as the design gives it"
    return replace(found, mean_voltage=voltage, basis=basis, source="given")


def _window(cell: Cell, curve: _OpenCircuit, measured: float) -> tuple[float, float, str]:
    """Return the lowest and the highest x of the discharge, and why these, in words."""
    upper, lower = voltage_limits(cell.protocol)
    capacity = measured or cell.capacity
    owner = "the design's areal_capacity" if measured else "the cell file's capacity"
    share = (capacity or 0.0) / curve.full_capacity
    shown = f"{owner} of {(capacity or 0.0) / MAH_CM2:.4g} mAh/cm2"
    end = float(curve.x[-1]) if lower is None else curve.at(lower)
    if upper is None:
        if not capacity:
            raise InputError(_nothing_to_charge_to())
        _require_room(end - share, end, curve, capacity)
        return end - share, end, f"{shown}, charged from x = {end:.3f} as made"
    start = curve.at(upper)
    if start >= end:
        raise InputError(_nothing_in_between(upper, lower, curve))
    at = f"{upper:g} V (x = {start:.3f})"
    if upper > curve.potential[0] + 1e-3:
        at = f"x = {start:.3f}, where the published curve ends below {upper:g} V"
    if capacity and (measured or share < end - start):
        _require_room(start, start + share, curve, capacity)
        return start, start + share, f"{shown}, discharged from {at}"
    charge = (end - start) * curve.full_capacity / MAH_CM2
    return start, end, f"open-circuit potential from {at} to x = {end:.3f}, {charge:.4g} mAh/cm2"


def _nothing_in_between(upper: float, lower: float | None, curve: _OpenCircuit) -> Problem:
    """Say that the limits leave no charge between them."""
    found = f"a charge to {upper:g} V"
    found += "" if lower is None else f" and a discharge to {lower:g} V"
    ends = f"{curve.potential[-1]:.3g} V as made and {curve.potential[0]:.3g} V"
    expected = f"limits with charge between them; the open-circuit potential lies between {ends}"
    return Problem("", "protocol", found, expected)


def _nothing_to_charge_to() -> Problem:
    expected = (
        "a charge 'until' a voltage, or the field 'capacity' of the cell, or areal_capacity of the "
        "design, or a result: without one of them the energy of the cell is not known"
    )
    return Problem("", "protocol", "no charge to a voltage", expected)


def _require_room(low: float, high: float, curve: _OpenCircuit, capacity: float | None) -> None:
    """Refuse more charge than the active material holds."""
    most = (float(curve.x[-1]) - max(low, float(curve.x[0]))) * curve.full_capacity
    if low >= float(curve.x[0]) - 1e-9 and low < high <= float(curve.x[-1]) + 1e-9:
        return
    expected = (
        f"more than 0 and at most {most / MAH_CM2:.4g} mAh/cm2, what the loading can give "
        "along the published part of the open-circuit potential"
    )
    raise InputError(
        Problem("", "capacity", f"{(capacity or 0.0) / MAH_CM2:.4g} mAh/cm2", expected)
    )


def _cathode(cell: Cell) -> CompositeCathode:
    assert cell.cathode is not None  # the caller has refused cells without one
    return cell.cathode


def delivered_by_result(
    result: Any, cell: Cell, library: Library, cycle: int | None = None
) -> Delivered:
    """Return what one discharge of a simulation delivered.

    Parameters
    ----------
    result
        What `simulate_full` returned, its folder, or its ``result.nc``.
    cell
        The cell asked about; its cathode must be the simulated one.
    library
        Materials.
    cycle
        Number of the cycle; None for the one whose discharge gave most energy.

    Raises
    ------
    InputError
        No such result, cycle or cathode.
    """
    data = _dataset(result)
    label = str(result) if isinstance(result, str | Path) else "the result"
    if "cycle_discharge_mAh_cm2" not in data:
        raise _bad(label, "no cycles of a full cell", "the result of a run of a full cell")
    _require_same_cathode(cell, str(data.attrs.get("cell_yaml", "")), label)
    charges = np.asarray(data["cycle_discharge_mAh_cm2"], dtype=np.float64)
    voltages = np.asarray(data["cycle_mean_discharge_voltage_V"], dtype=np.float64)
    numbers = [int(number) for number in np.asarray(data["cycle"])]
    energies = np.where(np.isfinite(charges * voltages), charges * voltages, 0.0)
    at = _chosen(numbers, energies, cycle, label)
    made = composition_of(_cathode(cell), library)
    charge = float(charges[at]) * MAH_CM2
    last = max(k for k, energy in enumerate(energies) if energy > 0.0)
    which = "as asked" if cycle is not None else "the one with most energy"
    basis = (
        f"simulated discharge of cycle {numbers[at]} of {len(numbers)} ({which}): "
        f"{charges[at]:.3g} mAh/cm2 at {voltages[at]:.3g} V; the last, cycle {numbers[last]}, gave "
        f"{100.0 * energies[last] / energies[at]:.3g} % of its energy"
    )
    made_x = _property(_cathode(cell), library[_cathode(cell).material], "as_made_stoichiometry")
    return Delivered(
        charge / made.active.areal_mass,
        float(voltages[at]),
        made_x - charge / made.lithium_capacity,
        basis,
        "result",
        numbers[at],
    )


def _chosen(numbers: list[int], energies: FloatArray, cycle: int | None, label: str) -> int:
    """Return the place of the cycle to take."""
    if not (energies > 0.0).any():
        raise _bad(label, "no finished discharge", "a result with a discharge")
    if cycle is None:
        return int(np.argmax(energies))
    if cycle not in numbers or energies[numbers.index(cycle)] <= 0.0:
        whole = [n for n, energy in zip(numbers, energies, strict=True) if energy > 0.0]
        expected = f"a cycle with a discharge, {whole[0]} to {whole[-1]} in this result"
        raise InputError(Problem("", "--cycle", str(cycle), expected))
    return numbers.index(cycle)


def _dataset(result: Any) -> Any:
    """Return the labelled arrays of a result that is in memory or on disk."""
    if not isinstance(result, str | Path):
        found = getattr(result, "dataset", result)
        if not hasattr(found, "attrs"):
            raise _bad(type(result).__name__, "no dataset", "a result, its folder or result.nc")
        return found
    path = Path(result)
    file = path / "result.nc" if path.is_dir() else path
    if not file.is_file():
        raise _bad(str(path), "no such file", "a results folder of interlith run, or result.nc")
    import xarray as xr

    try:
        with xr.open_dataset(file, engine="h5netcdf") as data:
            return data.load()
    except (OSError, ValueError, KeyError):
        raise _bad(str(file), "unreadable", "the result.nc that interlith run wrote") from None


def _bad(where: str, found: str, expected: str) -> InputError:
    return InputError(Problem(where, "--result", found, expected))


def _require_same_cathode(cell: Cell, text: str, label: str) -> None:
    """Refuse a result whose cathode is not that of the cell asked about."""
    if not text:
        raise _bad(label, "no cell in it", "a result that says which cell was simulated")
    simulated = loads(text, file=label).cathode
    if simulated == cell.cathode:
        return
    fields = type(_cathode(cell)).model_fields
    different = [
        name for name in fields if getattr(simulated, name, None) != getattr(cell.cathode, name)
    ]
    where = f"layers.{len(cell.layers) - 1}.{different[0]}"
    found = f"a cathode that differs in {', '.join(different)}"
    raise _bad(label, found, f"that of the cell file ({where})")
