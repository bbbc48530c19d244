"""Rows of impedance, put together to spectra: one a sweep."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from interlith.cyclerdata.spectrum import Spectrum

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["checked_sign", "split_sweeps", "sweep_bounds"]

# Fewer points are no spectrum.
FEWEST_POINTS = 3


def sweep_bounds(frequency: Floats, loop: Floats | None = None) -> list[tuple[int, int]]:
    """Return where each sweep begins and ends.

    A sweep ends where the number of the loop changes, and where frequencies that fell rise again
    or the other way round.
    """
    breaks = [0]
    direction = 0.0
    steps = np.sign(np.diff(frequency))
    for row, step in enumerate(steps, start=1):
        looped = loop is not None and loop[row] != loop[row - 1]
        turned = step != 0.0 and direction != 0.0 and step != direction
        if looped or turned:
            breaks.append(row)
            direction = 0.0
        elif step != 0.0:
            direction = step
    ends = [*breaks[1:], len(frequency)]
    return list(zip(breaks, ends, strict=True))


def split_sweeps(
    frequency: Floats,
    impedance: NDArray[np.complex128],
    times: Floats | None = None,
    loop: Floats | None = None,
    notes: tuple[str, ...] = (),
) -> list[Spectrum]:
    """Return the spectra in rows of impedance.

    Parameters
    ----------
    frequency
        [Hz]
    impedance
        [ohm]
    times
        Since the start of the test [s].
    loop
        Number of the loop or cycle of each row.
    notes
        What every spectrum is to carry.
    """
    good = np.isfinite(frequency) & (frequency > 0.0) & np.isfinite(impedance)
    if times is not None and not np.all(np.isfinite(times[good])):
        times = None
    lost = int(len(good) - good.sum())
    if lost:
        notes = (*notes, f"{lost} rows without a frequency and an impedance were left out")
    frequency, impedance = frequency[good], impedance[good]
    times = None if times is None else times[good]
    loop = None if loop is None else loop[good]
    if not len(frequency):
        return []
    bounds = [
        bound for bound in sweep_bounds(frequency, loop) if bound[1] - bound[0] >= FEWEST_POINTS
    ]
    return [
        Spectrum(
            frequency=frequency[first:last],
            impedance=impedance[first:last],
            time=None if times is None else float(times[first]),
            label=f"spectrum {number} of {len(bounds)}",
            times=None if times is None else times[first:last],
            notes=notes,
        )
        for number, (first, last) in enumerate(bounds, start=1)
    ]


def checked_sign(imaginary: Floats, real: Floats, stated: bool) -> tuple[Floats, str]:
    """Return the imaginary part with its sign, and a note on how that was found.

    Parameters
    ----------
    imaginary, real
        Parts of impedance [ohm].
    stated
        Whether the heading says which sign it has; then it is only checked.
    """
    weight = np.abs(imaginary[np.isfinite(imaginary)])
    total = float(weight.sum())
    positive = float(weight[imaginary[np.isfinite(imaginary)] > 0.0].sum())
    inductive = total > 0.0 and positive > 0.5 * total
    if not inductive:
        return imaginary, ""
    if stated:
        return imaginary, "most of the imaginary part is positive (inductive), as its heading says"
    note = (
        "the heading does not say the sign of the imaginary part; most of it is positive, so it was"
        " taken as -Im(Z)"
    )
    return -imaginary, note
