"""`interlith cycling`: capacity, efficiency, retention, polarisation and rates of a recording."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from interlith.cli.answer import answering
from interlith.cli.commands import JsonFlag, NoPictures, OutFolder, app
from interlith.cli.finishing import Page, finish
from interlith.cli.folder import require_usable
from interlith.cli.measured import (
    AreaOption,
    CellOption,
    ColumnsOption,
    FormatOption,
    Html,
    MeasuredCommand,
    SignOption,
    named_columns,
    read_area,
    read_positive,
)
from interlith.errors import InputError, Problem, QuantityError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from interlith.cyclerdata.cycling import Cycle, Cycling
    from interlith.cyclerdata.half_cycles import HalfCycle
    from interlith.cyclerdata.recording import Recording

__all__ = ["Basis", "active_mass"]

COULOMB_PER_MAH = 3.6


class Start(StrEnum):
    """Which half comes first in a cycle."""

    CHARGE = "charge"
    DISCHARGE = "discharge"


@dataclass(frozen=True)
class Basis:
    """What capacities can be told per: area [m²] and mass of active material [kg], if known."""

    area: float | None
    mass: float | None


@app.command("cycling", cls=MeasuredCommand)
def cycling_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="File of a cycler.")],
    area: AreaOption = None,
    mass: Annotated[
        str | None,
        typer.Option(
            "--active-mass",
            metavar="MASS",
            help='Active material, "12 mg", or "25.5 mg/cm^2" with --area.',
        ),
    ] = None,
    starts: Annotated[
        Start | None,
        typer.Option("--starts", help="Which half comes first in a cycle; default: the file's."),
    ] = None,
    reference: Annotated[
        int, typer.Option("--reference", help="Cycle that retention refers to.")
    ] = 1,
    life: Annotated[
        float, typer.Option("--end-of-life", help="Share of its capacity at which life ends.")
    ] = 0.8,
    columns: ColumnsOption = [],  # noqa: B006
    sign: SignOption = None,
    cell: CellOption = None,
    format_name: FormatOption = None,
    html: Html = False,
    out: OutFolder = None,
    as_json: JsonFlag = False,
    no_pictures: NoPictures = False,
) -> None:
    """Show capacity, efficiency, retention, voltages, rates and end of life of a recording."""
    with answering(as_json) as answer:
        folder = out or Path("results") / f"{file.stem}-cycling"
        require_usable(folder)
        square = read_area(area)
        basis = Basis(square, active_mass(mass, square))
        if not 0.0 < life < 1.0:
            raise InputError(Problem("", "--end-of-life", f"{life:g}", "a number between 0 and 1"))
        from interlith.cli.cycling_tables import print_cycling
        from interlith.cyclerdata.cycling import cycling
        from interlith.cyclerdata.half_cycles import Direction
        from interlith.cyclerdata.reading import read

        recording = read(
            file,
            columns=named_columns(columns),
            sign=sign,
            cell=cell,
            format=format_name,
        )
        found = cycling(
            recording,
            starts=None if starts is None else Direction(starts.value),
            reference=reference,
            life_threshold=life,
        )
        data = {"status": "ok", "file": str(file), **summary(recording, found, basis)}
        finish(
            answer,
            folder,
            "cycling",
            data,
            None if no_pictures else lambda: _figures(recording, found, basis),
            lambda console: print_cycling(console, file, data),
            _page(file, recording, data) if html else None,
        )


def _page(file: Path, recording: Recording, data: Mapping[str, Any]) -> Page:
    from interlith.report.measured_page import measured_page

    verdict = f"{len(data['cycles'])} cycles."
    return lambda drawn: measured_page(
        f"Cycling: {file.name}",
        verdict,
        data,
        drawn,
        recorded=recording.recorded,
        notes=data["notes"],
    )


def _figures(recording: Recording, found: Cycling, basis: Basis) -> list[tuple[str, Figure]]:
    from interlith.report.cycling import draw_cycling

    return draw_cycling(recording, found, area=basis.area, mass=basis.mass)


def active_mass(text: str | None, area: float | None) -> float | None:
    """Return the mass of active material [kg] from a mass, or from a loading and the area.

    Raises
    ------
    InputError
        It is neither, or a loading without an area.
    """
    if text is None:
        return None
    from interlith.units import to_si, to_unit

    try:
        loading = to_si(text, "areal_density")
    except QuantityError:
        try:
            kilograms = to_unit(text, "kg")
        except QuantityError:
            expected = "a mass such as '12 mg', or a loading such as '25.5 mg/cm^2'"
            raise InputError(Problem("", "--active-mass", text, expected)) from None
        if not kilograms > 0.0:
            raise InputError(Problem("", "--active-mass", text, "a quantity above zero")) from None
        return kilograms
    if area is None:
        raise InputError(Problem("", "--area", "", "the area that goes with a loading"))
    read_positive(text, "areal_density", "--active-mass")
    return loading * area


# ---------------------------------------------------------------------------------------- numbers
def summary(recording: Recording, found: Cycling, basis: Basis) -> dict[str, Any]:
    """Return all as names and numbers; the unit stands in the name."""
    return {
        "format": recording.format,
        "area_cm2": None if basis.area is None else 1e4 * basis.area,
        "active_mass_mg": None if basis.mass is None else 1e6 * basis.mass,
        "starts": found.starts.value,
        "reference_cycle": found.reference,
        "end_of_life": {"threshold": found.life_threshold, "cycle": found.end_of_life},
        "cycles": [_cycle(cycle, basis) for cycle in found.cycles],
        "rates": [
            {
                "first_cycle": rate.first,
                "last_cycle": rate.last,
                "current_mA": 1e3 * rate.current,
                "current_density_mA_cm2": per_area(rate.current, basis, 0.1),
                "rate_1_h": rate.c_rate,
                **_capacity("discharge", rate.discharge_charge, basis),
                "share_of_slowest": rate.share,
            }
            for rate in found.rates
        ],
        "notes": [*recording.notes, *found.notes],
    }


def _cycle(cycle: Cycle, basis: Basis) -> dict[str, Any]:
    return {
        "cycle": cycle.number,
        **_half("charge", cycle.charge, basis),
        **_half("discharge", cycle.discharge, basis),
        "coulombic_efficiency": cycle.coulombic_efficiency,
        "energy_efficiency": cycle.energy_efficiency,
        "polarisation_V": cycle.polarisation,
        "retention": cycle.retention,
    }


def _half(name: str, half: HalfCycle | None, basis: Basis) -> dict[str, Any]:
    return {
        f"{name}_start_h": None if half is None else half.start / 3600.0,
        **_capacity(name, None if half is None else half.charge, basis),
        f"{name}_recorded_mAh": None
        if half is None or half.recorded_charge is None
        else half.recorded_charge / COULOMB_PER_MAH,
        f"{name}_mean_voltage_V": None if half is None else half.mean_voltage,
        f"{name}_energy_mWh": None if half is None else half.energy / COULOMB_PER_MAH,
        f"{name}_mean_current_mA": None if half is None else 1e3 * half.mean_current,
    }


def _capacity(name: str, charge: float | None, basis: Basis) -> dict[str, Any]:
    if charge is None:
        return dict.fromkeys((f"{name}_mAh", f"{name}_mAh_cm2", f"{name}_mAh_g"))
    specific = None if basis.mass is None else charge / COULOMB_PER_MAH / (1e3 * basis.mass)
    return {
        f"{name}_mAh": charge / COULOMB_PER_MAH,
        f"{name}_mAh_cm2": per_area(charge, basis, 1e-4 / COULOMB_PER_MAH),
        f"{name}_mAh_g": specific,
    }


def per_area(value: float, basis: Basis, factor: float) -> float | None:
    """Return a quantity per area, in the unit that `factor` gives; None without an area."""
    return None if basis.area is None else factor * value / basis.area
