"""The one door for every kind of cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interlith.simulation.run import Progress

if TYPE_CHECKING:
    from interlith.cell.cell import Cell
    from interlith.materials.library import Library
    from interlith.simulation.full_result import FullResult
    from interlith.simulation.result import Result


def simulate(
    cell: Cell, library: Library | None = None, progress: Progress | None = None
) -> Result | FullResult:
    """Simulate the protocol of a cell, symmetric or full.

    Parameters
    ----------
    cell : Cell
        What to simulate; a composite cathode as the last layer makes it a full cell.
    library : Library, optional
        Materials; the default is the package's with the cell's own files on top.
    progress : callable (fraction, text), optional
        Called now and then.

    Returns
    -------
    Result or FullResult
        Always with a status and a reason; a run that fails keeps what it computed, and so does one
        that is interrupted from the keyboard.

    Raises
    ------
    InputError, MaterialError
        If the cell cannot be assembled.

    See Also
    --------
    interlith.simulation.run.simulate_symmetric, interlith.simulation.simulate_full :
        The same with more options.
    """
    if cell.is_full:
        from interlith.simulation.full_run import simulate_full

        return simulate_full(cell, library, progress)
    from interlith.simulation.run import simulate_symmetric

    return simulate_symmetric(cell, library, progress)
