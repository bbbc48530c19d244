"""The report of an evolution: one HTML page that opens offline, pictures, an animation."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from interlith.report.html import data_uri, environment, imprint, life_plates
from interlith.report.life import LIFE_PICTURES, animation
from interlith.report.life_tables import life_tables, outcome_in_words
from interlith.report.style import FORMATS, render
from interlith.report.tables import doubt, sources, value_groups

if TYPE_CHECKING:
    from interlith.simulation.interlayer import Evolution

__all__ = ["ANIMATION", "life_page", "write_life_pictures", "write_life_report"]

PICTURE_FOLDER = "pictures"
ANIMATION = "metal-depth-profiles.gif"


def write_life_report(
    evolution: Evolution,
    directory: str | Path,
    *,
    command: str | None = None,
    warnings: tuple[str, ...] = (),
) -> list[Path]:
    """Write report.html and, in ``pictures/``, every picture and the animation.

    Parameters
    ----------
    evolution
        What `interlayer.evolve` returned.
    directory
        Folder to write to; it is made if it is missing.
    command
        Command line to show; by default that of this process.
    warnings
        Sentences on what is unusual in the cell.

    Returns
    -------
    list of Path
        The written files, report.html first.
    """
    from interlith.simulation.evolution_data import summary

    folder = Path(directory)
    drawn, written = write_life_pictures(evolution, folder / PICTURE_FOLDER)
    moving = animation(evolution)
    written.append(folder / PICTURE_FOLDER / ANIMATION)
    written[-1].write_bytes(moving)
    page = folder / "report.html"
    text = life_page(evolution, summary(evolution), drawn, moving, command, warnings)
    page.write_text(text, encoding="utf-8")
    return [page, *written]


def write_life_pictures(evolution: Evolution, folder: Path) -> tuple[dict[str, bytes], list[Path]]:
    """Write the still pictures as PNG, SVG and PDF; return the SVG files by name, and all paths."""
    folder.mkdir(parents=True, exist_ok=True)
    drawn, written = {}, []
    for picture in LIFE_PICTURES:
        figure = picture.draw(evolution)
        for form in FORMATS:
            path = folder / f"{picture.name}.{form}"
            content = render(figure, form)
            path.write_bytes(content)
            written.append(path)
            if form == "svg":
                drawn[picture.name] = content
    return drawn, written


def life_page(
    evolution: Evolution,
    summary: Mapping[str, Any],
    drawn: Mapping[str, bytes],
    moving: bytes = b"",
    command: str | None = None,
    warnings: tuple[str, ...] = (),
) -> str:
    """Return the page of an evolution; `drawn` holds its pictures as SVG by name."""
    layers = evolution.cell.layers
    return (
        environment()
        .get_template("life.html")
        .render(
            title=evolution.cell.name,
            stack=" | ".join(layer.material for layer in layers),
            status=evolution.status,
            outcome=outcome_in_words(summary),
            life=life_tables(summary),
            doubt=doubt(evolution.used_values),
            warnings=warnings,
            plates=life_plates(evolution, drawn),
            animation=data_uri(moving, "gif") if moving else "",
            value_groups=value_groups(evolution.used_values),
            cell_file=evolution.cell.to_yaml(),
            formed_file=evolution.formed.to_yaml(),
            run=[
                ("Status", evolution.status),
                ("Reason", evolution.reason),
                ("Metal imbalance", f"{summary['metal_imbalance']:.1e}"),
            ],
            sources=sources(evolution.used_values),
            **imprint(command),
        )
    )
