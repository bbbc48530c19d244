"""`interlith fetch-energies`: rows of the Materials Project, with the user's key, into a file."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from interlith.cli.answer import answering
from interlith.cli.commands import JsonFlag, app
from interlith.cli.folder import require_new_file, write_text_file


@app.command("fetch-energies")
def fetch_energies(
    system: Annotated[str, typer.Argument(metavar="SYSTEM", help="Elements, such as Li-P-S-Cl.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="CSV file to write.")],
    force: Annotated[bool, typer.Option("--force", help="Overwrite an existing file.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Fetch energies from the Materials Project, with your key in MP_API_KEY, for --energies."""
    with answering(as_json) as answer:
        from interlith.thermo import materials_project as project

        project.elements_in(system)
        require_new_file(out, overwrite=force, option="--out")
        with project.client_with(project.find_key()) as client:
            found = project.fetch_energies(client, system)
        write_text_file(out, project.as_csv(found, date.today()), overwrite=force)
        answer.show(
            lambda: {
                "file": out,
                "compounds": [one.formula for one in found],
                "scale": project.SCALE_IN_WORDS,
                "doi": project.DOI,
            },
            lambda console: console.print(
                f"Wrote {out}, compounds: {len(found)}; Materials Project, "
                f"{project.SCALE_IN_WORDS}. Next: interlith window FORMULA --energies {out}"
            ),
        )
