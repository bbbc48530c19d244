"""Keeps what happened: observables of every kept time step, profiles of chosen moments."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from interlith.simulation.observe import (
    CELL_COLUMNS,
    ELECTRODE_COLUMNS,
    PROFILE_COLUMNS,
    observe,
    observe_profiles,
)

FloatArray = NDArray[np.float64]

MOST_PROFILES = 400
"""Beyond this number every other profile is dropped, and the interval between them doubles."""
MOST_ROWS = 200_000
"""Beyond this number of time steps only the ends of protocol steps are kept."""


@dataclass(frozen=True)
class StepRecord:
    """How one protocol step went."""

    index: int
    """Position in the expanded protocol."""
    start: float
    """Time at its start [s]."""
    end: float
    """Time at its end [s]."""
    charge: float
    """Charge that passed, both directions counted [C m-2]."""
    end_voltage: float
    """Voltage at the end [V]."""
    largest_voltage: float
    """Largest absolute voltage [V]."""
    event: int
    """Event that ended it, or -1."""
    longest_filament: tuple[float, float]
    """Largest filament fraction of both electrodes during the step."""
    end_contact: tuple[float, float]
    """Contact fraction of both electrodes at the end."""
    survived_charge: float = 0.0
    """Charge that had passed when the step's event came, or at its end [C m-2]."""


class Recorder:
    """Collects rows during a run.

    Parameters
    ----------
    node_count : int
        Largest number of interlayer nodes of the two electrodes.
    """

    def __init__(self, node_count: int) -> None:
        self._nodes = node_count
        self._times: list[FloatArray] = []
        self._whole: list[FloatArray] = []
        self._electrodes: list[FloatArray] = []
        self._step: list[NDArray[np.int64]] = []
        self._moments: list[tuple[float, str, FloatArray, FloatArray]] = []
        self._profile_stride = 1
        self._profile_calls = 0
        self._rows = 0
        self.steps: list[StepRecord] = []

    def add(
        self,
        step: int,
        start: float,
        times: FloatArray,
        whole: FloatArray,
        electrodes: FloatArray,
    ) -> None:
        """Add the rows of a protocol step, or of its continuation.

        Parameters
        ----------
        step : int
            Position in the expanded protocol.
        start : float
            Time at the start of the step [s].
        times : ndarray, shape (k,)
            Times from the start of the step [s].
        whole, electrodes : ndarray
            Observables of the rows, from :func:`observed`.
        """
        continues = bool(self.steps) and self.steps[-1].index == step
        self._note_step(step, start, times, whole, electrodes, continues)
        keep = slice(None) if self._rows < MOST_ROWS else slice(-1, None)
        self._times.append(start + times[keep])
        self._whole.append(whole[keep])
        self._electrodes.append(electrodes[keep])
        self._step.append(np.full(len(times[keep]), step))
        self._rows += len(times[keep])

    def _note_step(
        self,
        step: int,
        start: float,
        times: FloatArray,
        whole: FloatArray,
        electrodes: FloatArray,
        continues: bool,
    ) -> None:
        filament = electrodes[:, :, 3].max(axis=0)
        largest = float(np.abs(whole[:, 0]).max())
        charge = float(whole[-1, 5] - whole[0, 5])
        event, survived = -1, 0.0
        if continues:
            last = self.steps.pop()
            event, survived = last.event, last.survived_charge
            filament = np.maximum(filament, last.longest_filament)
            largest = max(largest, last.largest_voltage)
            charge += last.charge
        self.steps.append(
            StepRecord(
                index=step,
                start=start,
                end=start + float(times[-1]),
                charge=charge,
                end_voltage=float(whole[-1, 0]),
                largest_voltage=largest,
                event=event,
                survived_charge=survived,
                longest_filament=(float(filament[0]), float(filament[1])),
                end_contact=(float(electrodes[-1, 0, 0]), float(electrodes[-1, 1, 0])),
            )
        )

    def end_step(self, event: int) -> StepRecord:
        """Note which event ended the last step.

        Parameters
        ----------
        event : int
            Index of the event, -1 for none.

        Returns
        -------
        StepRecord
            The completed record.
        """
        last = self.steps[-1]
        survived = last.survived_charge if last.event >= 0 else last.charge
        self.steps[-1] = replace(last, event=event, survived_charge=survived)
        return self.steps[-1]

    def add_profile(
        self, time: float, label: str, control: FloatArray, state: FloatArray, keep: bool
    ) -> None:
        """Note a moment whose profiles are wanted; thinned evenly when there are many.

        Parameters
        ----------
        time : float
            Time [s].
        label : str
            What the moment is.
        control : ndarray, shape (7,)
            Control of the protocol step.
        state : ndarray, shape (n,)
            State.
        keep : bool
            Take this one in any case.
        """
        if self._nodes == 0:
            return
        self._profile_calls += 1
        if self._profile_calls % self._profile_stride and not keep:
            return
        self._moments.append((time, label, control.copy(), state.copy()))
        if len(self._moments) > MOST_PROFILES:
            self._moments = self._moments[::2]
            self._profile_stride *= 2

    def arrays(self) -> tuple[FloatArray, FloatArray, FloatArray, NDArray[np.int64]]:
        """Time [s], whole-cell and electrode observables, and the protocol step of every row.

        Returns
        -------
        tuple of ndarray
            Shapes (k,), (k, 6), (k, 2, 16), (k,).
        """
        if not self._times:
            empty = np.empty((0, 2, len(ELECTRODE_COLUMNS)))
            return np.empty(0), np.empty((0, len(CELL_COLUMNS))), empty, np.empty(0, np.int64)
        return (
            np.concatenate(self._times),
            np.concatenate(self._whole),
            np.concatenate(self._electrodes),
            np.concatenate(self._step),
        )

    def profiles(self, system: Any) -> tuple[FloatArray, list[str], FloatArray]:
        """Times [s], labels and profiles.

        Parameters
        ----------
        system : tuple
            Parameters, laws and a control array.

        Returns
        -------
        tuple
            Shapes (p,), p labels, (p, 5, 2, m).
        """
        profiles = np.empty((len(self._moments), len(PROFILE_COLUMNS), 2, self._nodes))
        if not self._moments:
            return np.empty(0), [], profiles
        times, labels, controls, states = zip(*self._moments, strict=True)
        observe_profiles(system, np.array(controls), np.array(states), profiles)
        return np.array(times), list(labels), profiles


def observed(
    system: Any, controls: FloatArray, states: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Observables of rows of states.

    Parameters
    ----------
    system : tuple
        Parameters, laws and a control array.
    controls : ndarray, shape (k, 7)
        Control of the protocol step of each row.
    states : ndarray, shape (k, n)
        States.

    Returns
    -------
    whole, electrodes : ndarray
        Shapes (k, 6) and (k, 2, 16).
    """
    whole = np.empty((len(states), len(CELL_COLUMNS)))
    electrodes = np.empty((len(states), 2, len(ELECTRODE_COLUMNS)))
    observe(system, np.ascontiguousarray(controls), np.ascontiguousarray(states), whole, electrodes)
    return whole, electrodes
