"""One impedance spectrum: complex impedance against frequency."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Spectrum"]


@dataclass(frozen=True)
class Spectrum:
    """Impedance of one cell at one moment.

    Attributes
    ----------
    frequency : array, shape (n,)
        Frequencies, in the order in which they were measured [Hz].
    impedance : complex array, shape (n,)
        Impedance; a capacitive one has a negative imaginary part [ohm].
    time : float or None
        When the spectrum began, since the start of the test, where the file says so [s].
    label : str
        What tells it from the other spectra of its file.
    times : array, shape (n,), or None
        When each point was measured, since the start of the test [s].
    notes : tuple of str
        What was noticed on reading it, such as how its sign was found.
    """

    frequency: NDArray[np.float64]
    impedance: NDArray[np.complex128]
    time: float | None = None
    label: str = ""
    times: NDArray[np.float64] | None = None
    notes: tuple[str, ...] = ()
