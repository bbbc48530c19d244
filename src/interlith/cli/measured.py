"""`interlith read`: a cycler's file of any known format as one table."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from interlith.cli.answer import answering
from interlith.cli.commands import JsonFlag, app
from interlith.cli.folder import require_new_file
from interlith.cli.quantity_options import join_units
from interlith.errors import InputError, Problem, QuantityError

if TYPE_CHECKING:
    import polars as pl
    from rich.console import Console

    from interlith.cyclerdata.reading import Everything
    from interlith.cyclerdata.spectrum import Spectrum

__all__ = [
    "AreaOption",
    "CellOption",
    "ColumnsCommand",
    "ColumnsOption",
    "FormatOption",
    "Html",
    "MeasuredCommand",
    "MeasuredFile",
    "SignOption",
    "named_columns",
    "read_area",
    "read_positive",
]

ENDINGS = (".parquet", ".csv")
ROWS_SHOWN = 3
FACTS = ("area", "mass", "temperature", "started")

MeasuredFile = Annotated[Path, typer.Argument(metavar="FILE", help="Measured file.")]
ColumnsOption = Annotated[
    list[str],
    typer.Option(
        "--columns",
        metavar="NAME=HEADING...",
        help='Which column is which: "time=t(s)" "current=I in mA" "current=0.4 mA" '
        '"area=1.13 cm^2".',
    ),
]
SignOption = Annotated[
    str | None,
    typer.Option("--sign", metavar="as-is|flip", help="Sign of the current; default: found."),
]
CellOption = Annotated[
    str | None, typer.Option("--cell", metavar="NAME", help="Which cell of a file with several.")
]
FormatOption = Annotated[
    str | None,
    typer.Option("--format", metavar="NAME", help="Format; default: recognised by content."),
]

AreaOption = Annotated[
    str | None,
    typer.Option("--area", metavar="AREA", help='Area of the cell, such as "1.13 cm^2".'),
]
Html = Annotated[bool, typer.Option("--html", help="Write report.html too.")]


class ColumnsCommand(TyperCommand):
    """A command whose `--columns` takes all names and headings that follow it."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Write the option before each of its values, then read the arguments as always."""
        return super().parse_args(ctx, _with_option_repeated(args))


class MeasuredCommand(ColumnsCommand):
    """The same, and the unit after the number of an option is part of its value."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Join numbers and units, then read the arguments as always."""
        return super().parse_args(ctx, join_units(args))


def _with_option_repeated(arguments: list[str]) -> list[str]:
    repeated: list[str] = []
    inside = False
    for argument in arguments:
        if argument.startswith("--"):
            inside = argument == "--columns"
            repeated.append(argument)
            continue
        if inside and repeated[-1] != "--columns":
            # A value has a name before its equals sign; a file name after the option has none.
            inside = argument.partition("=")[0].isidentifier() and "=" in argument
            if inside:
                repeated.append("--columns")
        repeated.append(argument)
    return repeated


def named_columns(texts: list[str]) -> dict[str, str]:
    """Return `--columns` as a mapping.

    Raises
    ------
    InputError
        A text has no equals sign, or nothing on one side of it.
    """
    named: dict[str, str] = {}
    problems = []
    for text in texts:
        name, _, heading = text.partition("=")
        if not name.strip() or not heading.strip():
            problems.append(Problem("", "--columns", text, "NAME=HEADING, such as voltage=E"))
        named[name.strip()] = heading.strip()
    if problems:
        raise InputError(problems)
    return named


def read_area(text: str | None) -> float | None:
    """Return an area [m²]; nothing where none is given.

    Raises
    ------
    InputError
        It is no area, or not above zero.
    """
    return read_positive(text, "area", "--area")


def read_positive(text: str | None, dimension: str, option: str) -> float | None:
    """Return a quantity in SI units; nothing where none is given.

    Raises
    ------
    InputError
        It is of another dimension, or not above zero.
    """
    if text is None:
        return None
    from interlith.units import to_si

    try:
        value = to_si(text, dimension)
    except QuantityError as error:
        raise InputError(error.at("", option)) from None
    if not value > 0.0:
        raise InputError(Problem("", option, text, "a quantity above zero"))
    return value


@app.command("read", cls=ColumnsCommand)
def read_file(
    file: MeasuredFile,
    to: Annotated[
        Path | None,
        typer.Option(
            "--to", metavar="FILE", help="Write the table: .parquet or .csv, BDF columns."
        ),
    ] = None,
    columns: ColumnsOption = [],  # noqa: B006
    sign: SignOption = None,
    cell: CellOption = None,
    format_name: FormatOption = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite an existing file.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Read a cycler's file of any known format; show what it holds, and write it as one table."""
    with answering(as_json) as answer:
        named = named_columns(columns)
        if to is not None:
            _require_ending(to)
            require_new_file(to, overwrite=force, option="--to")
        from interlith.cyclerdata.reading import read_all

        found = read_all(file, columns=named, sign=sign, cell=cell, format=format_name)
        written = [] if to is None else _write(found, to, force)
        answer.show(
            lambda: {"status": "ok", "file": file, **_entries(found), "written": written},
            lambda console: _print(console, file, found, written),
        )


# ---------------------------------------------------------------------------------------- writing
def _require_ending(to: Path) -> None:
    if to.suffix.lower() not in ENDINGS:
        raise InputError(
            Problem("", "--to", str(to), f"a name that ends in {' or '.join(ENDINGS)}")
        )


def _write(found: Everything, to: Path, force: bool) -> list[Path]:
    """Write the table, the spectra, or both; spectra beside a table get a name of their own."""
    recording, written = found.recording, []
    beside = to
    if recording is not None:
        _write_table(recording.table, to)
        written.append(to)
        beside = to.with_name(f"{to.stem}-spectra{to.suffix}")
    if found.spectra:
        require_new_file(beside, overwrite=force, option="--to")
        _write_table(_spectra_table(found), beside)
        written.append(beside)
    return written


def _write_table(table: pl.DataFrame, to: Path) -> None:
    """Write a table whole or not at all."""
    partial = to.with_name(f".{to.name}.partial-{os.getpid()}")
    write: Callable[[Path], object] = (
        table.write_parquet if to.suffix.lower() == ".parquet" else table.write_csv
    )
    try:
        write(partial)
        partial.replace(to)
    finally:
        partial.unlink(missing_ok=True)


def _spectra_table(found: Everything) -> pl.DataFrame:
    import polars as pl

    from interlith.cyclerdata import columns

    frames = [
        pl.DataFrame(
            {
                columns.CYCLE: [float(number)] * len(spectrum.frequency),
                columns.TEST_TIME: [None] * len(spectrum.frequency)
                if spectrum.times is None
                else spectrum.times,
                columns.FREQUENCY: spectrum.frequency,
                columns.REAL: spectrum.impedance.real,
                columns.IMAGINARY: spectrum.impedance.imag,
            },
            schema_overrides={columns.TEST_TIME: pl.Float64},
        )
        for number, spectrum in enumerate(found.spectra, start=1)
    ]
    return pl.concat(frames)


# ----------------------------------------------------------------------------------------- showing
def _entries(found: Everything) -> dict[str, Any]:
    return {
        "format": found.format,
        "table": _table_entry(found),
        "spectra": [_spectrum_entry(spectrum) for spectrum in found.spectra],
        "notes": found.notes,
        "recorded": found.recorded,
        "not_recorded": _not_recorded(found),
    }


def _table_entry(found: Everything) -> dict[str, Any] | None:
    recording = found.recording
    if recording is None:
        return None
    table = recording.table
    first, last = table.head(ROWS_SHOWN), table.tail(ROWS_SHOWN)
    return {
        "rows": len(table),
        "columns": table.columns,
        "sign": recording.sign,
        "duration_s": float(recording.time[-1] - recording.time[0]),
        "first_rows": first.to_dicts(),
        "last_rows": last.to_dicts(),
    }


def _spectrum_entry(spectrum: Spectrum) -> dict[str, Any]:
    return {
        "label": spectrum.label,
        "points": len(spectrum.frequency),
        "time_s": spectrum.time,
        "highest_Hz": float(spectrum.frequency.max()),
        "lowest_Hz": float(spectrum.frequency.min()),
        "notes": spectrum.notes,
    }


def _not_recorded(found: Everything) -> list[str]:
    have = {fact.removeprefix("active ") for fact in found.recorded}
    table = None if found.recording is None else found.recording.table
    if table is not None:
        if any("Temperature" in name for name in table.columns):
            have.add("temperature")
        if any(name.startswith("Unix Time") for name in table.columns):
            have.add("started")
    return [fact for fact in FACTS if fact not in have]


def _print(console: Console, file: Path, found: Everything, written: list[Path]) -> None:
    console.print(f"{file}: {found.format}")
    if found.recording is not None:
        _print_table(console, found)
    if found.spectra:
        _print_spectra(console, found)
    for note in found.notes:
        console.print(f"note: {note}")
    _print_facts(console, found.recorded)
    missing = _not_recorded(found)
    if missing:
        console.print(f"not recorded: {', '.join(missing)}")
    for path in written:
        console.print(f"wrote {path}")


def _print_table(console: Console, found: Everything) -> None:
    from interlith.cli.tables import plain_table

    recording = found.recording
    assert recording is not None
    rows = recording.table
    hours = (recording.time[-1] - recording.time[0]) / 3600.0
    console.print(f"{len(rows)} rows over {hours:.4g} h")
    console.print(f"sign: {recording.sign}")
    shown = [*rows.head(ROWS_SHOWN).rows(), None, *rows.tail(ROWS_SHOWN).rows()]
    if len(rows) <= 2 * ROWS_SHOWN:
        shown = [*rows.rows()]
    table = plain_table("column", *("" for _ in shown))
    for at, name in enumerate(rows.columns):
        table.add_row(name, *("..." if row is None else _cell(row[at]) for row in shown))
    console.print(table)


def _cell(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:.7g}" if isinstance(value, float) else str(value)


def _print_spectra(console: Console, found: Everything) -> None:
    from interlith.cli.tables import plain_table

    table = plain_table("spectrum", "time / h", "points", "from / Hz", "to / Hz", "Re(Z) / ohm")
    for spectrum in found.spectra:
        real = spectrum.impedance.real
        table.add_row(
            spectrum.label,
            "-" if spectrum.time is None else f"{spectrum.time / 3600.0:.4g}",
            str(len(spectrum.frequency)),
            f"{spectrum.frequency[0]:.4g}",
            f"{spectrum.frequency[-1]:.4g}",
            f"{real[0]:.4g} to {real[-1]:.4g}",
        )
    console.print(table)
    for note in dict.fromkeys(note for spectrum in found.spectra for note in spectrum.notes):
        if note not in found.notes:
            console.print(f"note: {note}")


def _print_facts(console: Console, recorded: Mapping[str, str]) -> None:
    for name, text in recorded.items():
        console.print(f"recorded {name}: {text}")
