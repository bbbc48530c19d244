"""What the reference work shows of particles: data, kept apart from the code."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from interlith.materials.reading import read_mapping


@dataclass(frozen=True)
class Reference:
    """Metals, step and outcome of the reference work.

    Parameters
    ----------
    metals
        Those of its concentration maps.
    steps, time_step
        Length of a simulation; what a step is, is our choice.
    maps
        Metal -> how its map looks.
    mobility
        Ranking, fastest first.
    potentials
        Potentials at which the dependence is shown [V].
    """

    metals: tuple[str, ...]
    steps: int
    time_step: str
    maps: dict[str, str]
    mobility: tuple[str, ...]
    potentials: tuple[float, ...]


@lru_cache(maxsize=1)
def reference() -> Reference:
    """Return the data file of this room."""
    data = read_mapping(Path(__file__).with_name("published.yaml"), trusted=True)
    return Reference(
        metals=tuple(data["metals"]),
        steps=int(data["steps"]),
        time_step=str(data["time_step"]),
        maps=dict(data["maps"]),
        mobility=tuple(data["mobility"]),
        potentials=tuple(float(value) for value in data["potentials"]),
    )
