"""`interlith voltage`, `interface`, `window` and `screen-metals`: what forms at which potential."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from interlith.cli.answer import answering
from interlith.cli.commands import JsonFlag, NoPictures, OutFolder, app
from interlith.cli.finishing import finish, folder_named
from interlith.cli.folder import write_text_file
from interlith.cli.quantity_options import QuantityCommand
from interlith.errors import InputError, Problem

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from interlith.thermo import Phases

Without = Annotated[
    list[str],
    typer.Option("--without", metavar="SOURCE", help="Leave a source out. May be repeated."),
]
Energies = Annotated[
    Path | None,
    typer.Option("--energies", metavar="FILE", help="Own energies (CSV: formula, value_eV)."),
]
MOST_POINTS = 201
DEFAULT_POINTS = 41


@app.command()
def voltage(
    hosts: Annotated[list[str], typer.Argument(metavar="HOST...", help="Elements or compounds.")],
    without: Without = [],  # noqa: B006
    energies: Energies = None,
    material_file: Annotated[
        Path | None,
        typer.Option("--material-file", metavar="FILE", help="Write the ladder for the library."),
    ] = None,
    out: OutFolder = None,
    as_json: JsonFlag = False,
    no_pictures: NoPictures = False,
) -> None:
    """Lithiation ladders: at which potential a host takes up how much lithium, with the spread."""
    with answering(as_json) as answer:
        folder = folder_named(out, "voltage", hosts)
        phases = _phases(energies, without)
        profiles = {host: phases.voltage_profile(host) for host in dict.fromkeys(hosts)}
        from interlith.cli.thermo_tables import print_ladders
        from interlith.thermo.summaries import voltage_summary

        def figures() -> list[tuple[str, Figure]]:
            from interlith.report.thermo import draw_ladders

            return [("voltage", draw_ladders(profiles))]

        if material_file is not None:
            from interlith.materials.writing import material_file as text_of
            from interlith.thermo.feeds import material_entry

            entries = [material_entry(phases, host) for host in profiles]
            write_text_file(material_file, text_of(entries), overwrite=False)

        data = {host: voltage_summary(profile, phases) for host, profile in profiles.items()}
        finish(
            answer,
            folder,
            "voltage",
            data,
            None if no_pictures else figures,
            lambda console: print_ladders(console, data),
        )


@app.command(cls=QuantityCommand)
def interface(
    metal: Annotated[str, typer.Argument(help="First material, such as Mg.")],
    electrolyte: Annotated[str, typer.Argument(help="Second material, such as Li6PS5Cl.")],
    potential: Annotated[
        str,
        typer.Option("--potential", help='Against lithium: "0.7 V" or a range "0..2 V".'),
    ] = "0..2 V",
    points: Annotated[
        int, typer.Option("--points", min=2, max=MOST_POINTS, help="Of a range.")
    ] = DEFAULT_POINTS,
    without: Without = [],  # noqa: B006
    energies: Energies = None,
    material_file: Annotated[
        Path | None,
        typer.Option(
            "--material-file",
            metavar="FILE",
            help="Write the interphase of lithium (METAL is Li) for the library.",
        ),
    ] = None,
    out: OutFolder = None,
    as_json: JsonFlag = False,
    no_pictures: NoPictures = False,
) -> None:
    """What forms where two materials meet, how strongly, and whether it can passivate."""
    with answering(as_json) as answer:
        folder = folder_named(out, "interface", [metal, electrolyte])
        wanted = potentials(potential, points)
        phases = _phases(energies, without)
        from interlith.cli.thermo_tables import print_interface
        from interlith.thermo.summaries import interface_summary

        found = phases.interface(metal, electrolyte, wanted)
        if material_file is not None:
            text = _interphase_file(phases, metal, electrolyte, wanted)
            write_text_file(material_file, text, overwrite=False)

        def figures() -> list[tuple[str, Figure]]:
            from interlith.report.thermo import draw_interface

            return [("interface", draw_interface(found))]

        data = interface_summary(found, phases)
        finish(
            answer,
            folder,
            "interface",
            data,
            None if no_pictures else figures,
            lambda console: print_interface(console, data),
        )


@app.command()
def window(
    electrolytes: Annotated[list[str], typer.Argument(metavar="FORMULA...")],
    without: Without = [],  # noqa: B006
    energies: Energies = None,
    out: OutFolder = None,
    as_json: JsonFlag = False,
    no_pictures: NoPictures = False,
) -> None:
    """Stability windows against lithium, with the decomposition products at both edges."""
    with answering(as_json) as answer:
        folder = folder_named(out, "window", electrolytes)
        phases = _phases(energies, without)
        windows = {name: phases.window(name) for name in dict.fromkeys(electrolytes)}
        from interlith.cli.thermo_tables import print_windows
        from interlith.thermo.summaries import window_summary

        def figures() -> list[tuple[str, Figure]]:
            from interlith.report.thermo import draw_windows

            return [("window", draw_windows(windows))]

        data = {name: window_summary(found, phases) for name, found in windows.items()}
        finish(
            answer,
            folder,
            "window",
            data,
            None if no_pictures else figures,
            lambda console: print_windows(console, data),
        )


@app.command("screen-metals", cls=QuantityCommand)
def screen_metals(
    electrolyte: Annotated[str, typer.Option("--electrolyte", help="Formula.")] = "Li6PS5Cl",
    candidates: Annotated[
        list[str] | None,
        typer.Option("--candidate", help="Instead of the usual list. May be repeated."),
    ] = None,
    potential: Annotated[
        str, typer.Option("--potential", help="Of the reaction, against lithium.")
    ] = "0.8 V",
    without: Without = [],  # noqa: B006
    energies: Energies = None,
    out: OutFolder = None,
    as_json: JsonFlag = False,
    no_pictures: NoPictures = False,
) -> None:
    """Candidates for an interlayer beside one another, with the Pareto set."""
    with answering(as_json) as answer:
        folder = folder_named(out, "screen", [electrolyte])
        level = potentials(potential, 2)
        phases = _phases(energies, without)
        from interlith.cli.progress import progress_bar
        from interlith.cli.thermo_tables import print_screening
        from interlith.materials import Library
        from interlith.thermo.screen import COMPOUNDS, METALS, screen
        from interlith.thermo.summaries import screening_summary

        names = list(dict.fromkeys(candidates or (*METALS, *COMPOUNDS)))
        with progress_bar("candidates") as progress:

            def tell(name: str) -> None:
                if progress is not None:
                    progress(names.index(name) / len(names), name)

            found = screen(phases, electrolyte, names, level[0], Library.default(), tell)

        def figures() -> list[tuple[str, Figure]]:
            from interlith.report.thermo import draw_screening

            return [("candidates", draw_screening(found))]

        data = screening_summary(found)
        finish(
            answer,
            folder,
            "screening",
            data,
            None if no_pictures else figures,
            lambda console: print_screening(console, data),
        )


def potentials(text: str, points: int) -> list[float]:
    """Return the potentials [V] that an option names: one, or evenly spaced ones of a range.

    Raises
    ------
    InputError
        Not a potential or a range of two, or outside 0 to 6 V.
    """
    from interlith.errors import QuantityError
    from interlith.thermo.interface import HIGHEST_V
    from interlith.units import to_unit

    expected = f'0 to {HIGHEST_V:g} V, such as "0.7 V" or "0..2 V"'
    problem = InputError(Problem("", "--potential", text, expected))
    parts = text.split("..")
    if len(parts) not in (1, 2):
        raise problem
    unit = parts[-1].strip().lstrip("+-0123456789.eE").strip()
    try:
        ends = [
            to_unit(p if unit and p.strip().endswith(unit) else f"{p} {unit}", "V") for p in parts
        ]
    except QuantityError:
        raise problem from None
    if not all(0.0 <= end <= HIGHEST_V for end in ends) or ends != sorted(ends):
        raise problem
    if len(ends) == 1 or ends[0] == ends[1]:
        return ends[:1]
    step = (ends[1] - ends[0]) / (points - 1)
    return [ends[0] + k * step for k in range(points)]


def _interphase_file(phases: Phases, metal: str, electrolyte: str, wanted: list[float]) -> str:
    """Return the material file of what lithium makes of an electrolyte at one potential."""
    from interlith.materials import Library
    from interlith.materials.writing import material_file
    from interlith.thermo.feeds import interphase_entry

    if metal != "Li" or len(wanted) != 1:
        given = f"{metal}, {len(wanted)} potentials"
        expected = 'Li as the first material and one potential, such as --potential "0 V"'
        raise InputError(Problem("", "--material-file", given, expected))
    found = phases.interphase(electrolyte, wanted[0])
    return material_file([interphase_entry(phases, found, Library.default())])


def _phases(energies: Path | None, without: list[str]) -> Phases:
    from interlith.thermo import Phases

    return Phases("default", energies, without)
