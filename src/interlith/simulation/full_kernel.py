"""The integrator compiled for full cells and half cells; see :mod:`interlith.simulation.kernel`."""

from interlith.numerics.rodas import Workspace, workspace
from interlith.physics.composite import cathode_shape
from interlith.physics.full_cell import (
    FULL_SHARED,
    FULL_SYSTEM_TYPE,
    FullCellParameters,
    anode_state_count,
    backbone_start,
    full_events,
    full_jacobian,
    full_rates,
)
from interlith.simulation.kernel import compile_kernel

FULL = compile_kernel(FULL_SYSTEM_TYPE, full_rates, full_jacobian, full_events)


def full_workspace(cell: FullCellParameters) -> Workspace:
    """Make the arrays in which a full cell is integrated.

    Parameters
    ----------
    cell : FullCellParameters
        The cell.

    Returns
    -------
    Workspace
        To be used by one run at a time.
    """
    backbone = backbone_start(cell)
    shape = cathode_shape(cell.cathode, anode_state_count(cell), backbone)
    return workspace(backbone + len(cell.cathode.nodes) + 1, FULL_SHARED, shape)
