"""An evolution as plain figures and as a labelled dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from pathlib import Path

    import xarray as xr

    from interlith.simulation.consequences import Consequences
    from interlith.simulation.interlayer import Evolution, SideOutcome

__all__ = ["dataset", "save_evolution", "share_of", "summary", "time_on_plateau"]

FloatArray = NDArray[np.float64]

ROUND_OFF = 1e-12
"""Share of the metal below which an amount is what round-off has left."""


def summary(evolution: Evolution) -> dict[str, Any]:
    """Return what became of the metal, as plain numbers.

    Parameters
    ----------
    evolution : Evolution
        The history.

    Returns
    -------
    dict
        Fractions of all mobile metal in the host, the anode and the interphase (null without any),
        the same and more by side, potentials at the electrolyte, and what the state of the layers
        means to the test: without them, in the stored state, as formed.
    """
    sides = list(evolution.sides.values())
    total = sum(float(side.total.sum()) for side in sides)

    def share(amounts: Any) -> float | None:
        return share_of(float(sum(amounts)), total) if total > 0.0 else None

    return {
        "name": evolution.cell.name,
        "status": evolution.status,
        "reason": evolution.reason,
        "cycles": evolution.cycles,
        "plan": _plan_summary(evolution),
        "metal_left_in_host_fraction": share(side.left_in_host().sum() for side in sides),
        "metal_in_anode_fraction": share(side.in_anode.sum() for side in sides),
        "metal_in_sei_fraction": share(side.in_sei.sum() for side in sides),
        "metal_imbalance": evolution.largest_imbalance(),
        "sides": {side.side: _side_summary(evolution, side) for side in sides},
    }


def _plan_summary(evolution: Evolution) -> dict[str, Any]:
    """Return how the layers were formed, in the units of the field."""
    plan = evolution.plan
    assert plan.temperature is not None
    return {
        "rest_h": plan.rest / 3600.0,
        "rest_temperature_degC": plan.temperature - 273.15,
        "temperature_degC": evolution.cell.temperature - 273.15,
        "cycles_asked_for": plan.cycles,
        "current_density_mA_cm2": plan.current / 10.0,
        "areal_capacity_mAh_cm2": plan.areal_capacity / 36000.0,
    }


def _consequences_summary(found: Consequences) -> dict[str, dict[str, float | None]]:
    """Return the numbers that the test takes from a side, in the units of the field."""
    return {
        name: {
            "replenishment_mA_cm2": state.replenishment / 10.0,
            "contact_reserve_mAh_cm2": state.contact_reserve / 36000.0,
            "pore_reservoir_mAh_cm2": state.pore_reservoir / 36000.0,
            "sei_area_resistance_Ohm_cm2": state.sei_area_resistance * 1e4,
            "critical_interphase_overpotential_mV": state.critical_overpotential * 1e3,
            "hot_spot_share": state.hot_spot_smoothing,
            "mole_fraction_at_interface": state.magnesium_fraction,
        }
        for name, state in (
            ("without_interlayer", found.bare),
            ("stored_state", found.stored),
            ("formed", found.formed),
        )
    }


def _side_summary(evolution: Evolution, side: SideOutcome) -> dict[str, Any]:
    left = side.left_in_host()
    return {
        "metals": {
            name: {
                "start_mol_m2": float(side.total[k]),
                "left_in_host_fraction": share_of(left[k], side.total[k]),
                "in_anode_fraction": share_of(side.in_anode[k], side.total[k]),
                "in_sei_fraction": share_of(side.in_sei[k], side.total[k]),
                "mole_fraction_in_lithium": float(side.magnesium_fraction[k]),
            }
            for k, name in enumerate(side.metals)
        },
        "alloy_depth_um": side.alloy_depth * 1e6,
        "sei_thickness_nm": side.sei_thickness * 1e9,
        "porosity": list(side.porosity),
        "swelling_strain": list(side.swelling_strain),
        "cracked": any(strain > 0.0 for strain in side.swelling_strain),
        "host_lithiated_fraction": float(np.mean(side.moments[-1].lithiated)),
        "host_lithiated_at_electrolyte_fraction": float(side.moments[-1].lithiated[-1]),
        "lithium_left_fraction": side.lithium_left,
        "host_potential_V": side.host_potential,
        "potential_at_electrolyte_V": float(side.moments[-1].eta[-1]),
        "potential_at_electrolyte_while_plating_V": _while_plating(side),
        "contact_fraction": side.contact_fraction,
        "time_on_plateau_h": time_on_plateau(evolution, side) / 3600.0,
        "electrolyte_reduction_potential_V": side.reduction_potential,
        "time_below_reduction_potential_h": time_below(evolution, side) / 3600.0,
        "interphase_reduction_potential_V": side.sei_reduction_potential,
        "time_below_interphase_reduction_potential_h": _time_below_interphase_h(evolution, side),
        "consequences": _consequences_summary(evolution.consequences[side.side]),
    }


def _while_plating(side: SideOutcome) -> float | None:
    """Potential at the electrolyte at the end of the last half-cycle that plated on this side."""
    plated = [moment for moment in side.moments if moment.current > 0.0]
    return float(plated[-1].eta[-1]) if plated else None


def share_of(part: float, whole: float) -> float:
    """Return a share of the metal, without what is left of round-off.

    Parameters
    ----------
    part, whole : float
        Amounts in the same unit.

    Returns
    -------
    float
        Their ratio; 0 where it is round-off.
    """
    found = float(part) / float(whole)
    return 0.0 if abs(found) < ROUND_OFF else found


def _at_electrolyte(evolution: Evolution, side: SideOutcome) -> tuple[FloatArray, FloatArray]:
    """Time, and the potential of a side at its electrolyte [s, V]."""
    column = 1 + ("left", "right").index(side.side)
    return evolution.edge_potential[:, 0], evolution.edge_potential[:, column]


def time_on_plateau(evolution: Evolution, side: SideOutcome) -> float:
    """Time for which the two phases of the host coexist next to the electrolyte.

    Parameters
    ----------
    evolution : Evolution
        The history.
    side : SideOutcome
        One of its sides.

    Returns
    -------
    float
        Time from the first rise of the potential at the electrolyte above half of that of the host
        to its first fall below it, or to the end of what was simulated [s].
    """
    time, eta = _at_electrolyte(evolution, side)
    above = eta > 0.5 * side.host_potential
    if not above.any():
        return 0.0
    first = int(np.argmax(above))
    fallen = np.flatnonzero(~above[first:])
    last = first + int(fallen[0]) if len(fallen) else len(time) - 1
    return float(time[last] - time[first])


def time_below(evolution: Evolution, side: SideOutcome, potential: float | None = None) -> float:
    """Time for which the electrolyte sees a potential at which it is reduced at equilibrium.

    Parameters
    ----------
    evolution : Evolution
        The history.
    side : SideOutcome
        One of its sides.
    potential : float, optional
        Another potential to stay below than the electrolyte's reduction potential [V].

    Returns
    -------
    float
        Time outside the stability window [s]; only the interphase protects the electrolyte then.
    """
    time, eta = _at_electrolyte(evolution, side)
    below = eta[1:] < (side.reduction_potential if potential is None else potential)
    return float(np.diff(time)[below].sum())


def _time_below_interphase_h(evolution: Evolution, side: SideOutcome) -> float | None:
    """Time [h] in which the interphase itself is reduced; None if unknown or stable to lithium."""
    level = side.sei_reduction_potential
    return time_below(evolution, side, level) / 3600.0 if level else None


def dataset(evolution: Evolution) -> xr.Dataset:
    """Return profiles and sums as an xarray Dataset in SI.

    Parameters
    ----------
    evolution : Evolution
        The history.

    Returns
    -------
    xarray.Dataset
        Dimensions side, moment, metal, node, half_cycle, store, time.
    """
    import xarray as xr

    from interlith.simulation.interlayer import LEDGER

    sides = list(evolution.sides.values())
    metals = sorted({name for side in sides for name in side.metals})
    nodes = max(len(side.widths) for side in sides)
    moments = len(sides[0].moments)
    shape = (len(sides), moments, nodes)
    fields = {
        "eta": ("V", "Local potential against lithium"),
        "ionic_potential": ("V", "Ionic potential against the electrolyte at its face"),
        "electronic_potential": ("V", "Electronic potential on the same scale"),
        "lithiated": ("1", "Lithiated fraction of the host"),
        "filling": ("1", "Share of the pores that holds lithium"),
    }
    arrays = {name: np.full(shape, np.nan) for name in fields}
    metal = np.full((*shape[:2], len(metals), nodes), np.nan)
    depth = np.full((len(sides), nodes), np.nan)
    for s, side in enumerate(sides):
        depth[s, : len(side.depth)] = side.depth
        for m, moment in enumerate(side.moments):
            for name in fields:
                arrays[name][s, m, : len(side.depth)] = getattr(moment, name)
            for k, name in enumerate(side.metals):
                amount = moment.bound[k] + moment.mobile[k]
                metal[s, m, metals.index(name), : len(side.depth)] = amount
    data = xr.Dataset(
        {
            name: (("side", "moment", "node"), arrays[name], {"units": unit, "long_name": text})
            for name, (unit, text) in fields.items()
        },
        coords={
            "side": [side.side for side in sides],
            "metal": metals,
            "label": ("moment", [moment.label for moment in sides[0].moments]),
            "moment_time": ("moment", [m.time for m in sides[0].moments], {"units": "s"}),
            "depth": (("side", "node"), depth, {"units": "m", "long_name": "Depth from lithium"}),
        },
        attrs={"name": evolution.cell.name, "status": evolution.status},
    )
    data["metal_concentration"] = (
        ("side", "moment", "metal", "node"),
        metal,
        {"units": "mol/m3", "long_name": "Mobile metal in the layer"},
    )
    data["lithium"] = (
        ("half_cycle", "electrode", "store"),
        evolution.ledger,
        {"units": "C/m2", "long_name": "Lithium by store as pressed, after rest and half-cycles"},
    )
    data["edge_potential"] = (
        ("time", "electrode"),
        evolution.edge_potential[:, 1:],
        {"units": "V", "long_name": "Potential against lithium at the electrolyte"},
    )
    return data.assign_coords(
        store=list(LEDGER),
        electrode=["left", "right"],
        time=("time", evolution.edge_potential[:, 0], {"units": "s"}),
    )


def save_evolution(evolution: Evolution, folder: Path) -> list[Path]:
    """Write ``evolution.nc`` and ``formed-cell.yaml``, a cell file with the layers as formed.

    Parameters
    ----------
    evolution : Evolution
        The history.
    folder : Path
        Where to; it exists.

    Returns
    -------
    list of Path
        The files.
    """
    files = [folder / "evolution.nc", folder / "formed-cell.yaml"]
    dataset(evolution).to_netcdf(files[0], engine="h5netcdf")
    files[1].write_text(evolution.formed.to_yaml(), encoding="utf-8")
    return files
