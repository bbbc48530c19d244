"""`interlith energy`: Wh/kg and Wh/L of a cell, what would raise them, what reaches a target."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from interlith.cli.answer import Answer, answering, json_ready
from interlith.cli.commands import (
    CellFile,
    JsonFlag,
    OutFolder,
    Overrides,
    app,
    load_cell,
    parse_overrides,
)
from interlith.cli.folder import require_usable, results_folder, write_text_file
from interlith.cli.quantity_options import QuantityCommand

if TYPE_CHECKING:
    from interlith.energy import Energy, Reach

DesignOption = Annotated[
    str,
    typer.Option("--design", metavar="stack|pouch|FILE", help="Format, or a design file (YAML)."),
]
DesignSets = Annotated[
    list[str],
    typer.Option(
        "--set-design",
        metavar="FIELD=VALUE",
        help="Set a field of the design, such as electrode_pairs=30. May be repeated.",
    ),
]


@app.command(cls=QuantityCommand)
def energy(
    file: CellFile,
    design: DesignOption = "pouch",
    design_sets: DesignSets = [],  # noqa: B006
    result: Annotated[
        Path | None,
        typer.Option("--result", metavar="PATH", help="Results folder or result.nc of a run."),
    ] = None,
    cycle: Annotated[
        int | None, typer.Option("--cycle", help="Its cycle; default that with most energy.")
    ] = None,
    target: Annotated[
        str | None, typer.Option("--target", help='What to reach, such as "400 Wh/kg".')
    ] = None,
    sets: Overrides = [],  # noqa: B006
    out: OutFolder = None,
    save_design: Annotated[
        Path | None,
        typer.Option("--save-design", metavar="FILE", help="Write the design to start from."),
    ] = None,
    as_json: JsonFlag = False,
    no_pictures: Annotated[bool, typer.Option("--no-pictures", help="Only the data.")] = False,
) -> None:
    """Weigh a full cell: Wh/kg and Wh/L, every assumption, and what would raise them most."""
    with answering(as_json) as answer:
        folder = out or Path("results") / f"{file.stem}-energy"
        cell = load_cell(file, sets)
        require_usable(folder)
        from interlith.energy.asked import subject_of
        from interlith.energy.design import design_file
        from interlith.energy.found import Energy
        from interlith.energy.reach import reach_of, read_target

        aim = None if target is None else read_target(target)
        changes = {
            name: plain_number(text)
            for name, text in parse_overrides(design_sets, "--set-design").items()
        }
        found = Energy(subject_of(cell, result, design, changes, cycle))
        reached = None if aim is None else reach_of(found.subject, aim)
        if save_design is not None:
            write_text_file(save_design, design_file(found.subject.design), overwrite=False)
        with results_folder(folder) as partial:
            _write(found, reached, partial, pictures=not no_pictures)
        _show(answer, found, reached, folder)


def plain_number(text: str) -> str | float:
    """Return a number without unit as such; the rest as it is written."""
    try:
        return float(text)
    except ValueError:
        return text


def _entries(found: Energy, reached: Reach | None) -> dict[str, Any]:
    more = {} if reached is None else {"target": reached.summary()}
    return {"status": "ok", **found.summary(), **more}


def _write(found: Energy, reached: Reach | None, folder: Path, pictures: bool) -> None:
    """Write the numbers, the table of parts, the design and the pictures."""
    import csv

    from interlith.energy.design import design_file

    entries = json_ready(_entries(found, reached))
    text = json.dumps(entries, indent=2, allow_nan=False, ensure_ascii=False)
    (folder / "energy.json").write_text(text + "\n", encoding="utf-8")
    (folder / "design.yaml").write_text(design_file(found.subject.design), encoding="utf-8")
    summary = found.summary()
    for level in ("stack", "cell"):
        if summary[level] is None:
            continue
        with (folder / f"parts-{level}.csv").open("w", newline="", encoding="utf-8") as stream:
            writer = csv.DictWriter(stream, fieldnames=list(summary[level]["parts"][0]))
            writer.writeheader()
            writer.writerows(summary[level]["parts"])
    if pictures:
        from interlith.report.energy import write_energy

        write_energy(found, folder / "pictures", reached)


def _show(answer: Answer, found: Energy, reached: Reach | None, folder: Path) -> None:
    from interlith.cli.energy_tables import print_energy

    answer.show(
        lambda: {**_entries(found, reached), "results": folder},
        lambda console: print_energy(console, found, reached, folder),
    )
