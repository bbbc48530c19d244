"""What a cycler recorded of one cell: a table, and what was noticed on reading it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from interlith.cyclerdata import columns

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

__all__ = ["Recording"]


@dataclass(frozen=True)
class Recording:
    """Voltage and current of one cell against time.

    Attributes
    ----------
    table : polars.DataFrame
        One row a record, ordered in time; columns named as in `columns`, the required ones without
        missing values.
    source : str
        The file, as the user named it.
    format : str
        Name of the reader, such as ``neware-ndax``.
    notes : tuple of str
        What was mended or is missing, one sentence each, for the user to see.
    recorded : mapping of str to str
        What the file itself says of the cell and the test: "area", "mass", "started" and the like,
        as written there. Nothing that the file does not say.
    sign : str
        Which way current is positive, and how that was found.
    """

    table: pl.DataFrame
    source: str
    format: str
    notes: tuple[str, ...] = ()
    recorded: Mapping[str, str] = field(default_factory=dict)
    sign: str = ""

    @property
    def time(self) -> NDArray[np.float64]:
        """Time since the start of the test [s]."""
        return self._column(columns.TEST_TIME)

    @property
    def voltage(self) -> NDArray[np.float64]:
        """Voltage of the cell [V]."""
        return self._column(columns.VOLTAGE)

    @property
    def current(self) -> NDArray[np.float64]:
        """Current, positive while the cell is charged [A]."""
        return self._column(columns.CURRENT)

    def _column(self, name: str) -> NDArray[np.float64]:
        return np.asarray(self.table.get_column(name).to_numpy(), dtype=float)
