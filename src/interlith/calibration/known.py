"""What a fit leaves open: which parameters the rows determine, and what leaving a row out shows."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "Direction",
    "FitInWords",
    "directions",
    "fitted_in_words",
    "identifiability",
    "is_determined",
]

FloatArray = NDArray[np.float64]

LARGEST_ERROR = 0.5
"""Standard error of a logarithm up to which a parameter counts as determined: a factor of 1.65."""
SMALLEST_PART = 0.3
"""Share of a direction below which a parameter is not named."""
TITLES = {
    "wan2023-ccd.yaml": "Critical currents",
    "wan2023-full-cell.yaml": "Full cells",
}


@dataclass(frozen=True)
class Direction:
    """A product of powers of the parameters, and how well the rows know it."""

    powers: Mapping[str, float]
    standard_error: float
    """Of its logarithm."""

    @property
    def determined(self) -> bool:
        """Whether the rows determine it."""
        return is_determined(self.standard_error)


def is_determined(standard_error: float) -> bool:
    """Return whether a standard error of a logarithm counts as known."""
    return standard_error <= LARGEST_ERROR


def directions(names: Sequence[str], covariance: FloatArray) -> list[Direction]:
    """Return the principal directions of a covariance of logarithms, the best known first.

    Parameters
    ----------
    names : sequence of str
        Parameters in the order of the covariance.
    covariance : ndarray
        Of their natural logarithms.
    """
    values, vectors = np.linalg.eigh(0.5 * (covariance + covariance.T))
    found = []
    for value, vector in zip(values, vectors.T, strict=True):
        signed = vector * np.sign(vector[np.argmax(np.abs(vector))])
        powers = {name: float(power) for name, power in zip(names, signed, strict=True)}
        found.append(Direction(powers, math.sqrt(max(float(value), 0.0))))
    return found


def identifiability(names: Sequence[str], covariance: FloatArray) -> dict[str, Any]:
    """Return what the rows determine, as it is written beside a fit.

    Parameters
    ----------
    names : sequence of str
        Parameters in the order of the covariance.
    covariance : ndarray
        Of their natural logarithms.
    """
    errors = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    return {
        "rule": f"determined when the standard error of the logarithm is at most {LARGEST_ERROR}",
        "parameters": {
            name: bool(is_determined(float(error)))
            for name, error in zip(names, errors, strict=True)
        },
        "directions": [
            {
                "powers": {
                    name: float(f"{power:.2f}")
                    for name, power in direction.powers.items()
                    if abs(power) >= SMALLEST_PART
                },
                "standard_error_of_logarithm": float(f"{direction.standard_error:.3g}"),
                "determined": direction.determined,
            }
            for direction in directions(names, covariance)
        ],
    }


@dataclass(frozen=True)
class FitInWords:
    """A fit of the package as a report shows it."""

    title: str
    text: str
    parameters: list[tuple[str, str, str, str]]
    """Name, value, standard error, whether the rows determine it."""
    rows: list[tuple[str, str, str, str]]
    """Id, measured, fitted, predicted when left out."""


def fitted_in_words() -> list[FitInWords]:
    """Return the fits that the materials library reads."""
    from interlith.materials.library import DATA_FOLDER
    from interlith.materials.reading import read_mapping

    return [
        _in_words(file, read_mapping(file, trusted=True))
        for file in sorted((DATA_FOLDER / "fitted").glob("*.yaml"))
    ]


def _in_words(file: Path, data: Mapping[str, Any]) -> FitInWords:
    fits = data["fits"]
    names = [f"{fit['material']}.{fit['property']}" for fit in fits]
    covariance = np.array(data["covariance"]["matrix"], np.float64)
    known = identifiability(names, covariance)
    parameters = [
        (
            name,
            str(fit["value"]),
            str(fit["standard_error"]),
            "yes" if known["parameters"][name] else "no",
        )
        for name, fit in zip(names, fits, strict=True)
    ]
    left_out = {entry["id"]: entry for entry in data.get("leave_one_out", [])}
    rows = [_row(row, left_out.get(row["id"])) for row in data["rows"]]
    return FitInWords(
        TITLES.get(file.name, file.stem),
        f"{len(names)} parameters, {len(rows)} rows. {_best_and_worst(names, covariance)}",
        parameters,
        rows,
    )


def _row(row: Mapping[str, Any], left_out: Mapping[str, Any] | None) -> tuple[str, str, str, str]:
    measured = next(value for name, value in row.items() if name.startswith("measured_"))
    model = next(value for name, value in row.items() if name.startswith("model_"))
    predicted = "–" if left_out is None else f"{left_out['predicted']:.3g}"
    return str(row["id"]), f"{measured:g}", f"{model:.3g}", predicted


def _best_and_worst(names: Sequence[str], covariance: FloatArray) -> str:
    found = directions(names, covariance)
    best, worst = found[0], found[-1]
    return (
        f"Best known is {_product(best)} within a factor of {math.exp(best.standard_error):.2f}, "
        f"least {_product(worst)} within {math.exp(worst.standard_error):.2f} (one standard error)."
    )


def _product(direction: Direction) -> str:
    return " · ".join(
        f"{name}^{power:.2g}"
        for name, power in direction.powers.items()
        if abs(power) >= SMALLEST_PART
    )
